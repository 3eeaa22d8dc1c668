/* What is to be sent, and why: each wish once, each rung once, and called again when it told nobody. */
#include "tests/unit/outbox_fixture.h"

/* ---- wishes ---- */

static void test_single_is_wanted_once(void **state)
{
	struct fixture *f = *state;
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "a@x");
	int64_t mail = fixture_add(f, (struct fixture_mail){ .id = "m@x" });
	struct outbox_row row;

	assert_int_equal(wish(f, "ikke-talt", mail, inquiry), 1);
	assert_int_equal(wish(f, "ikke-talt", mail, inquiry), 1);
	assert_int_equal(wish(f, "hjaelp", mail, inquiry), 2);
	assert_int_equal(wish(f, "rykker", 0, inquiry), 3);
	assert_int_equal(wish(f, "rykker", 0, inquiry), 3);
	assert_int_equal(wish(f, "alarm", 0, 0), 4);
	assert_int_equal(wish(f, "alarm", 0, 0), 4);

	assert_int_equal(next(f, LATER - 1, &row), 1);
	assert_int_equal(next(f, LATER, &row), 0);
	assert_false(row.morning);
	assert_string_equal(row.template, "ikke-talt");
	assert_string_equal(row.address, "a@example.dk");
	assert_string_equal(row.mailbox, "mt");
	assert_string_equal(row.state, "pending");
	assert_null(row.person);
	assert_int_equal(row.mail, mail);
	assert_int_equal(row.inquiry, inquiry);
	assert_int_equal(row.created_at, NOW);
	assert_int_equal(row.next_at, LATER);
	assert_int_equal(row.tries, 0);
}

/* A mail about an inquiry alone may be wanted again once the first has left; about a mail never. */
static void test_single_again(void **state)
{
	struct fixture *f = *state;
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "a@x");
	int64_t mail = fixture_add(f, (struct fixture_mail){ .id = "m@x" });

	wish(f, "rykker", 0, inquiry);
	wish(f, "ikke-talt", mail, inquiry);
	for (int64_t outbox = 1; outbox <= 2; outbox++)
		claim(f, outbox);
	assert_int_equal(wish(f, "rykker", 0, inquiry), 3);
	assert_int_equal(wish(f, "ikke-talt", mail, inquiry), 3);
}

static void test_ids(void **state)
{
	struct fixture *f = *state;
	struct outbox_row first, second;

	wish(f, "a", 0, 0);
	wish(f, "b", 0, 0);
	assert_int_equal(next(f, LATER, &first), 0);
	OK(f, outbox_withdraw(f->store, first.id, NOW, &f->err));
	assert_int_equal(next(f, LATER, &second), 0);
	assert_int_equal(strlen(first.frist_id), 32);
	assert_int_equal(strspn(first.frist_id, "0123456789abcdef"), 32);
	assert_string_equal(first.message_id, arena_printf(&f->arena, "%s.frist@example.dk", first.frist_id));
	assert_string_not_equal(first.frist_id, second.frist_id);
}

static void test_morning_once_a_day(void **state)
{
	struct fixture *f = *state;
	int64_t monday = add_morning(f, "2026-03-30", NOW), tuesday;
	struct outbox_row row;
	bool done;

	assert_int_not_equal(monday, 0);
	assert_int_equal(add_morning(f, "2026-03-30", NOW), monday);	/* for a second reminder */
	OK(f, outbox_add_morning(f->store, "kb", "olga", "olga@example.dk", "2026-03-30", "example.dk", NOW, &tuesday,
		&f->err));
	assert_int_equal(tuesday, monday);				/* of another mailbox */
	tuesday = add_morning(f, "2026-03-31", NOW);
	assert_string_equal(state_of(f, monday), "withdrawn");
	assert_int_equal(next(f, NOW, &row), 0);
	assert_int_equal(row.id, tuesday);
	assert_true(row.morning);
	assert_string_equal(row.person, "olga");
	assert_string_equal(row.local_date, "2026-03-31");
	claim(f, tuesday);
	assert_int_equal(add_morning(f, "2026-03-31", NOW), 0);

	OK(f, outbox_morning_done(f->store, "2026-03-31", &done, &f->err));
	assert_false(done);
	OK(f, outbox_set_morning_done(f->store, "2026-03-31", &f->err));
	OK(f, outbox_set_morning_done(f->store, "2026-03-31", &f->err));
	OK(f, outbox_morning_done(f->store, "2026-03-31", &done, &f->err));
	assert_true(done);
	OK(f, outbox_morning_done(f->store, "2026-04-01", &done, &f->err));
	assert_false(done);
}

/* Yesterday's that did leave, or may have, stays as it is. */
static void test_morning_that_left_is_not_withdrawn(void **state)
{
	struct fixture *f = *state;
	int64_t sent = add_morning(f, "2026-03-30", NOW), doubt;

	claim(f, sent);
	settle(f, sent, OUTBOX_DONE, OUTBOX_DONE);
	doubt = add_morning(f, "2026-03-31", NOW);
	claim(f, doubt);
	settle(f, doubt, OUTBOX_UNSURE, OUTBOX_UNSURE);
	add_morning(f, "2026-04-01", NOW);
	assert_string_equal(state_of(f, sent), "sent");
	assert_string_equal(state_of(f, doubt), "uncertain");
}

/* ---- rungs ---- */

static bool was_called(struct fixture *f, const struct inquiry *inquiry, const char *person, int rung, int64_t due_at)
{
	const struct ladder_call call = { .clock = "svar", .rung = rung, .due_at = due_at, .template = "rykker" };
	bool called;

	OK(f, outbox_was_called(f->store, inquiry, person, &call, &called, &f->err));
	return called;
}

static void call_rung(struct fixture *f, int64_t outbox, const struct inquiry *inquiry, int rung)
{
	const struct ladder_call call = { .clock = "svar", .rung = rung, .due_at = 77, .template = "rykker" };

	OK(f, outbox_add_intent(f->store, outbox, inquiry, "olga", &call, true, &f->err));
}

/* Called is called: this rung and those below; not for another person, round or due time. */
static void test_rungs(void **state)
{
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");
	struct outbox_intent *intents;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);
	size_t count;

	inquiry.id = fixture_open(f, "MT-2026-0001", "a@x");
	assert_false(was_called(f, &inquiry, "olga", 1, 77));
	call_rung(f, outbox, &inquiry, 1);
	call_rung(f, outbox, &inquiry, 1);
	OK(f, outbox_intents(f->store, &f->arena, outbox, &intents, &count, &f->err));
	assert_int_equal(count, 1);
	assert_int_equal(intents[0].inquiry, inquiry.id);
	assert_string_equal(intents[0].clock, "svar");
	assert_string_equal(intents[0].step, "modtaget");
	assert_string_equal(intents[0].template, "rykker");
	assert_int_equal(intents[0].rung, 1);
	assert_int_equal(intents[0].round, 1);
	assert_int_equal(intents[0].due_at, 77);
	assert_true(intents[0].copy);
	assert_true(was_called(f, &inquiry, "olga", 1, 77));
	assert_true(was_called(f, &inquiry, "olga", 0, 77));
	assert_false(was_called(f, &inquiry, "olga", 2, 77));
	assert_false(was_called(f, &inquiry, "per", 1, 77));
	assert_false(was_called(f, &inquiry, "olga", 1, 78));
	inquiry.round = 2;
	assert_false(was_called(f, &inquiry, "olga", 1, 77));
	inquiry.round = 1;

	OK(f, outbox_withdraw_intent(f->store, intents[0].id, &f->err));
	OK(f, outbox_intents(f->store, &f->arena, outbox, &intents, &count, &f->err));
	assert_int_equal(count, 0);
	assert_false(was_called(f, &inquiry, "olga", 1, 77));
	call_rung(f, outbox, &inquiry, 1);
	assert_true(was_called(f, &inquiry, "olga", 1, 77));
}

/* A morning mail that never left is replaced by the next day's: its rungs are called again, and only then. */
static void test_withdrawn_rungs_are_called_again(void **state)
{
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	inquiry.id = fixture_open(f, "MT-2026-0001", "a@x");
	call_rung(f, outbox, &inquiry, 1);
	outbox = add_morning(f, "2026-03-31", NOW);
	assert_false(was_called(f, &inquiry, "olga", 1, 77));

	/* the addressee has it, the copy waits: he was told */
	call_rung(f, outbox, &inquiry, 1);
	claim(f, outbox);
	settle(f, outbox, OUTBOX_DONE, OUTBOX_RETRY);
	assert_string_equal(state_of(f, outbox), "pending");
	add_morning(f, "2026-04-01", NOW);
	assert_string_equal(state_of(f, outbox), "withdrawn");
	assert_true(was_called(f, &inquiry, "olga", 1, 77));
}

/* Yesterday's mails never left: whatever is called first today, all that they would have told is called again. */
static void test_mornings_begin_anew(void **state)
{
	struct fixture *f = *state;
	struct inquiry first = fixture_inquiry("MT-2026-0001"), second = fixture_inquiry("MT-2026-0002");
	int64_t outbox = add_morning(f, "2026-03-30", NOW), other;

	first.id = fixture_open(f, "MT-2026-0001", "a@x");
	second.id = fixture_open(f, "MT-2026-0002", "b@x");
	call_rung(f, outbox, &first, 1);
	call_rung(f, outbox, &second, 1);
	OK(f, outbox_begin_morning(f->store, "2026-03-30", NOW, &f->err));
	assert_true(was_called(f, &first, "olga", 1, 77));
	OK(f, outbox_begin_morning(f->store, "2026-03-31", NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "withdrawn");
	assert_false(was_called(f, &first, "olga", 1, 77));
	assert_false(was_called(f, &second, "olga", 1, 77));
	other = add_morning(f, "2026-03-31", NOW);
	call_rung(f, other, &first, 2);
	OK(f, outbox_begin_morning(f->store, "2026-03-31", NOW, &f->err));
	assert_true(was_called(f, &first, "olga", 2, 77));
}

/* Whom the server refuses, by mistake or for good, was told nothing: tomorrow is another attempt. */
static void test_refused_rungs_are_called_again(void **state)
{
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	inquiry.id = fixture_open(f, "MT-2026-0001", "a@x");
	call_rung(f, outbox, &inquiry, 1);
	claim(f, outbox);
	settle(f, outbox, OUTBOX_REJECTED, OUTBOX_DONE);
	assert_false(was_called(f, &inquiry, "olga", 1, 77));

	outbox = add_morning(f, "2026-03-31", NOW);
	call_rung(f, outbox, &inquiry, 1);
	claim(f, outbox);
	settle(f, outbox, OUTBOX_DONE, OUTBOX_REJECTED);
	assert_true(was_called(f, &inquiry, "olga", 1, 77));
	OK(f, outbox_bounced(f->store, outbox, "kopi@example.dk", "5.1.1", NOW, &f->err));
	assert_true(was_called(f, &inquiry, "olga", 1, 77));
	OK(f, outbox_bounced(f->store, outbox, "olga@example.dk", "5.1.1", NOW, &f->err));
	assert_false(was_called(f, &inquiry, "olga", 1, 77));
}

/* A server, or somebody who says he is one, refuses for ever: three reminders are enough, and the owner knows. */
static void test_refused_for_ever(void **state)
{
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");
	static const char *const days[] = { "2026-03-30", "2026-03-31", "2026-04-01" };

	inquiry.id = fixture_open(f, "MT-2026-0001", "a@x");
	for (size_t i = 0; i < sizeof(days) / sizeof(days[0]); i++) {
		int64_t outbox = add_morning(f, days[i], NOW);

		assert_false(was_called(f, &inquiry, "olga", 1, 77));
		call_rung(f, outbox, &inquiry, 1);
		claim(f, outbox);
		settle(f, outbox, i == 1 ? OUTBOX_REJECTED : OUTBOX_DONE, OUTBOX_DONE);
		OK(f, outbox_bounced(f->store, outbox, "olga@example.dk", "5.1.1", NOW, &f->err));
		assert_string_equal(state_of(f, outbox), "refused");
	}
	assert_true(was_called(f, &inquiry, "olga", 1, 77));
	assert_false(was_called(f, &inquiry, "olga", 2, 77));	/* what becomes due later is another matter */
	assert_false(was_called(f, &inquiry, "olga", 1, 88));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_single_is_wanted_once), FIXTURE_TEST(test_single_again), FIXTURE_TEST(test_ids),
		FIXTURE_TEST(test_morning_once_a_day), FIXTURE_TEST(test_morning_that_left_is_not_withdrawn),
		FIXTURE_TEST(test_rungs), FIXTURE_TEST(test_withdrawn_rungs_are_called_again),
		FIXTURE_TEST(test_mornings_begin_anew), FIXTURE_TEST(test_refused_rungs_are_called_again),
		FIXTURE_TEST(test_refused_for_ever),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
