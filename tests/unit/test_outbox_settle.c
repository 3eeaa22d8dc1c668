/* From the claim of a mail to its end: nothing twice, nothing lost, whatever servers and accidents do in between. */
#include "tests/unit/outbox_fixture.h"

#include "base/text.h"

/* ---- claim ---- */

static void test_claim(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW), inquiry = fixture_open(f, "MT-2026-0001", "a@x");
	const int64_t inquiries[] = { inquiry, inquiry };
	struct outbox_row row;
	const char **addresses;
	size_t count;

	OK(f, outbox_claim(f->store, outbox, "S", "kopi@example.dk", inquiries, 2, &f->err));
	assert_string_equal(state_of(f, outbox), "sending");
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM outbox_inquiry WHERE outbox = ?1", outbox), 1);
	OK(f, outbox_recipients(f->store, &f->arena, outbox, &addresses, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(addresses[0], "olga@example.dk");
	assert_string_equal(addresses[1], "kopi@example.dk");
	assert_int_equal(next(f, LATER, &row), 1);
	assert_int_equal(outbox_claim(f->store, outbox, "S", NULL, NULL, 0, &f->err), -1);
	assert_non_null(strstr(f->err.text, "not pending"));
}

/* Without a copy, or when the addressee is where copies go, there is one recipient. */
static void test_claim_without_copy(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	OK(f, outbox_claim(f->store, outbox, "S", "olga@example.dk", NULL, 0, &f->err));
	assert_int_equal(count_recipients(f, outbox), 1);
	outbox = add_morning(f, "2026-03-31", NOW);
	OK(f, outbox_claim(f->store, outbox, "S", NULL, NULL, 0, &f->err));
	assert_int_equal(count_recipients(f, outbox), 1);
}

/* ---- settle ---- */

/* Each row: the addressee's outcome, the copy's; what becomes of the mail, how many are to be asked again. */
static const struct settle_row {
	const char *name;
	enum outbox_outcome addressee, copy;
	const char *state;
	size_t again;
} settle_rows[] = {
	{ "done done", OUTBOX_DONE, OUTBOX_DONE, "sent", 0 },
	{ "done retry", OUTBOX_DONE, OUTBOX_RETRY, "pending", 1 },
	{ "done rejected", OUTBOX_DONE, OUTBOX_REJECTED, "sent", 0 },
	{ "done unsure", OUTBOX_DONE, OUTBOX_UNSURE, "uncertain", 0 },
	{ "retry done", OUTBOX_RETRY, OUTBOX_DONE, "pending", 1 },
	{ "retry retry", OUTBOX_RETRY, OUTBOX_RETRY, "pending", 2 },
	{ "retry rejected", OUTBOX_RETRY, OUTBOX_REJECTED, "pending", 1 },
	{ "retry unsure", OUTBOX_RETRY, OUTBOX_UNSURE, "uncertain", 1 },
	{ "rejected done", OUTBOX_REJECTED, OUTBOX_DONE, "refused", 0 },
	{ "rejected retry", OUTBOX_REJECTED, OUTBOX_RETRY, "pending", 1 },
	{ "rejected rejected", OUTBOX_REJECTED, OUTBOX_REJECTED, "refused", 0 },
	{ "rejected unsure", OUTBOX_REJECTED, OUTBOX_UNSURE, "uncertain", 0 },
	{ "unsure done", OUTBOX_UNSURE, OUTBOX_DONE, "uncertain", 0 },
	{ "unsure retry", OUTBOX_UNSURE, OUTBOX_RETRY, "uncertain", 1 },
	{ "unsure rejected", OUTBOX_UNSURE, OUTBOX_REJECTED, "uncertain", 0 },
	{ "unsure unsure", OUTBOX_UNSURE, OUTBOX_UNSURE, "uncertain", 0 },
};

static void test_settle(void **state)
{
	const struct settle_row *row = *state;
	struct fixture fixture = { .store = NULL }, *f = &fixture;
	bool open = strcmp(row->state, "pending") == 0 || strcmp(row->state, "uncertain") == 0;
	int64_t outbox, at;

	OK(f, store_open_memory(&f->store, &f->err));
	OK(f, store_begin(f->store, &f->err));
	outbox = add_morning(f, "2026-03-30", NOW);
	claim(f, outbox);
	settle(f, outbox, row->addressee, row->copy);
	assert_string_equal(state_of(f, outbox), row->state);
	assert_int_equal(count_recipients(f, outbox), row->again);
	assert_int_equal(fixture_number(f, "SELECT settled_at FROM outbox WHERE id = ?1", outbox), open ? 0 : NOW);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM attempt WHERE outbox = ?1", outbox), 2);
	OK(f, outbox_next_at(f->store, &at, &f->err));
	assert_int_equal(at, strcmp(row->state, "pending") == 0 ? RETRY : 0);
	store_close(f->store);
	arena_done(&f->arena);
}

/* Who has taken it is not asked again, and the ids stay. */
static void test_second_try(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);
	static const char *const address = "kopi@example.dk", *const reply = "250 ok";
	static const enum outbox_outcome done = OUTBOX_DONE;
	struct outbox_row first, second;
	const char **addresses;
	size_t count;

	assert_int_equal(next(f, NOW, &first), 0);
	claim(f, outbox);
	settle(f, outbox, OUTBOX_DONE, OUTBOX_RETRY);
	assert_int_equal(next(f, RETRY - 1, &second), 1);
	assert_int_equal(next(f, RETRY, &second), 0);
	assert_string_equal(first.frist_id, second.frist_id);
	assert_string_equal(first.message_id, second.message_id);
	assert_int_equal(second.tries, 1);
	claim(f, outbox);
	OK(f, outbox_recipients(f->store, &f->arena, outbox, &addresses, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(addresses[0], "kopi@example.dk");
	OK(f, outbox_settle(f->store, outbox, &address, &done, &reply, 1, LATER, RETRY, &f->err));
	assert_string_equal(state_of(f, outbox), "sent");
	assert_int_equal(fixture_number(f, "SELECT tries FROM outbox WHERE id = ?1", outbox), 2);
	assert_string_equal(fixture_string(f, "SELECT reply FROM attempt WHERE outbox = ?1 ORDER BY id DESC", outbox),
		"250 ok");
}

static void test_settle_what_was_not_sent(void **state)
{
	struct fixture *f = *state;
	static const char *const stranger = "x@example.dk", *const reply = "250";
	static const enum outbox_outcome done = OUTBOX_DONE;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	assert_int_equal(outbox_settle(f->store, outbox, &stranger, &done, &reply, 1, NOW, RETRY, &f->err), -1);
	assert_non_null(strstr(f->err.text, "not claimed"));
	claim(f, outbox);
	assert_int_equal(outbox_settle(f->store, outbox, &stranger, &done, &reply, 1, NOW, RETRY, &f->err), -1);
	assert_non_null(strstr(f->err.text, "no recipient"));
}

/* ---- doubt ---- */

static void test_seen_settles_doubt(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW), found;

	claim(f, outbox);
	settle(f, outbox, OUTBOX_UNSURE, OUTBOX_UNSURE);
	OK(f, outbox_seen(f->store, outbox, "rewritten@server", LATER, &f->err));
	assert_string_equal(state_of(f, outbox), "sent");
	OK(f, outbox_find(f->store, "rewritten@server", &found, &f->err));
	assert_int_equal(found, outbox);
	OK(f, outbox_find(f->store, "other@server", &found, &f->err));
	assert_int_equal(found, 0);
	OK(f, outbox_seen(f->store, outbox, "rewritten@server", LATER, &f->err));
	OK(f, outbox_seen(f->store, outbox, NULL, LATER, &f->err));
}

/* The copy may be there before the courier has stored the outcome, or the lack of one. */
static void test_seen_before_it_is_settled(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	claim(f, outbox);
	OK(f, outbox_seen(f->store, outbox, NULL, NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "sending");
	settle(f, outbox, OUTBOX_UNSURE, OUTBOX_UNSURE);
	assert_string_equal(state_of(f, outbox), "sent");
}

static void test_killed_while_sending(void **state)
{
	struct fixture *f = *state;
	int64_t unseen = add_morning(f, "2026-03-30", NOW), seen;
	struct outbox_row row;
	size_t count;

	wish(f, "besked", 0, 0);
	assert_int_equal(next(f, LATER, &row), 0);
	claim(f, unseen);
	seen = row.id == unseen ? unseen + 1 : row.id;
	claim(f, seen);
	OK(f, outbox_seen(f->store, seen, NULL, NOW, &f->err));
	OK(f, outbox_recover(f->store, LATER, &count, &f->err));
	assert_int_equal(count, 2);
	assert_string_equal(state_of(f, unseen), "uncertain");
	assert_string_equal(state_of(f, seen), "sent");
	OK(f, outbox_recover(f->store, LATER, &count, &f->err));
	assert_int_equal(count, 0);
}

/* After ten quiet minutes it goes again; what is not to go twice waits for a person; a late copy still stops it. */
static void test_resend(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW), citizen = outbox + 1;
	struct outbox_row row;
	size_t count;

	OK(f, outbox_add_single(f->store, "mt", "borger@example.com", "kvittering", 0, 0, false, "example.dk", NOW, NOW,
		&f->err));
	claim(f, outbox);
	claim(f, citizen);
	OK(f, outbox_recover(f->store, NOW, &count, &f->err));
	OK(f, outbox_resend_uncertain(f->store, NOW, LATER, &count, &f->err));
	assert_int_equal(count, 0);
	OK(f, outbox_resend_uncertain(f->store, NOW + 1, LATER, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(state_of(f, citizen), "uncertain");
	assert_int_equal(next(f, LATER, &row), 0);
	assert_int_equal(row.id, outbox);
	assert_int_equal(count_recipients(f, outbox), 2);

	OK(f, outbox_seen(f->store, outbox, NULL, LATER, &f->err));
	assert_string_equal(state_of(f, outbox), "sent");
	assert_int_equal(next(f, LATER, &row), 1);
	OK(f, outbox_seen(f->store, citizen, NULL, LATER, &f->err));
	assert_string_equal(state_of(f, citizen), "sent");
}

/* The copy of the first attempt says nothing about the second, which asked only the addressee. */
static void test_copy_of_an_earlier_attempt(void **state)
{
	static const char *const address = "olga@example.dk", *const reply = NULL;
	static const enum outbox_outcome unsure = OUTBOX_UNSURE;
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);
	size_t count;

	claim(f, outbox);
	settle(f, outbox, OUTBOX_RETRY, OUTBOX_DONE);
	OK(f, outbox_seen(f->store, outbox, NULL, NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "pending");
	claim(f, outbox);
	OK(f, outbox_settle(f->store, outbox, &address, &unsure, &reply, 1, LATER, RETRY, &f->err));
	assert_string_equal(state_of(f, outbox), "uncertain");
	OK(f, outbox_seen(f->store, outbox, NULL, LATER, &f->err));
	assert_string_equal(state_of(f, outbox), "uncertain");
	OK(f, outbox_resend_uncertain(f->store, LATER + 1, RETRY, &count, &f->err));
	assert_int_equal(count, 1);
	assert_int_equal(count_recipients(f, outbox), 1);
}

/* A mail in doubt goes again; then the server takes the copy and puts the addressee off: he still waits for it. */
static void test_seen_after_the_second_attempt(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);
	size_t count;

	claim(f, outbox);
	settle(f, outbox, OUTBOX_UNSURE, OUTBOX_UNSURE);
	OK(f, outbox_resend_uncertain(f->store, NOW + 1, LATER, &count, &f->err));
	claim(f, outbox);
	settle(f, outbox, OUTBOX_RETRY, OUTBOX_DONE);
	OK(f, outbox_seen(f->store, outbox, NULL, LATER, &f->err));
	assert_string_equal(state_of(f, outbox), "pending");
}

/* Set back, the clock leaves nothing lying until the wrong time has come true. */
static void test_clock_set_back(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", LATER);
	struct outbox_row row;
	size_t count;

	assert_int_equal(next(f, NOW, &row), 0);
	assert_int_equal(row.id, outbox);
	claim(f, outbox);
	OK(f, outbox_recover(f->store, LATER, &count, &f->err));
	OK(f, outbox_resend_uncertain(f->store, 0, NOW, &count, &f->err));
	assert_int_equal(count, 1);
	assert_string_equal(state_of(f, outbox), "pending");
}

/* A mail that was not yet sent and is seen all the same (somebody guessed its id) is sent as it was meant to be. */
static void test_seen_before_it_was_sent(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	OK(f, outbox_seen(f->store, outbox, NULL, NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "pending");
}

/* ---- bounces and withdrawal ---- */

static void test_bounced(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	claim(f, outbox);
	settle(f, outbox, OUTBOX_DONE, OUTBOX_DONE);
	OK(f, outbox_bounced(f->store, outbox, "fremmed@example.com", "5.1.1", NOW, &f->err));
	OK(f, outbox_bounced(f->store, outbox, "kopi@example.dk", "5.1.1", NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "sent");
	OK(f, outbox_bounced(f->store, outbox, "olga@example.dk", "5.1.1", NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "refused");
	assert_string_equal(fixture_string(f, "SELECT reply FROM recipient WHERE outbox = ?1 AND copy = 0", outbox),
		"5.1.1");
}

/* Nobody bounces what was never sent, nor after all servers have given up trying. */
static void test_bounce_that_cannot_be(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);
	const char **addresses;
	size_t count;

	claim(f, outbox);
	settle(f, outbox, OUTBOX_RETRY, OUTBOX_DONE);
	OK(f, outbox_bounced(f->store, outbox, "olga@example.dk", "5.1.1", NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "pending");
	OK(f, outbox_recipients(f->store, &f->arena, outbox, &addresses, &count, &f->err));
	assert_int_equal(count, 1);
	claim(f, outbox);
	settle(f, outbox, OUTBOX_DONE, OUTBOX_DONE);
	OK(f, outbox_bounced(f->store, outbox, "olga@example.dk", "5.1.1", NOW + 11 * 24 * 3600, &f->err));
	assert_string_equal(state_of(f, outbox), "sent");
	OK(f, outbox_bounced(f->store, outbox, "olga@example.dk", "5.1.1", NOW + 9 * 24 * 3600, &f->err));
	assert_string_equal(state_of(f, outbox), "refused");
}

/* Only what has not left can be withdrawn. */
static void test_withdraw(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);
	struct outbox_row row;

	OK(f, outbox_withdraw(f->store, outbox, NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "withdrawn");
	assert_int_equal(next(f, LATER, &row), 1);
	outbox = add_morning(f, "2026-03-31", NOW);
	claim(f, outbox);
	OK(f, outbox_withdraw(f->store, outbox, NOW, &f->err));
	assert_string_equal(state_of(f, outbox), "sending");
}

/* ---- telling the owner ---- */

/* A single mail that was sent with this outcome; its row. */
static int64_t send_single(struct fixture *f, const char *address, const char *subject, enum outbox_outcome outcome,
	int64_t at)
{
	static const char *const reply = "550 5.1.1 no such user";
	int64_t outbox;

	OK(f, outbox_add_single(f->store, "mt", address, "besked", 0, 0, true, "example.dk", NOW, NOW, &f->err));
	outbox = fixture_number(f, "SELECT max(id) FROM outbox WHERE ?1 = ?1", 0);
	OK(f, outbox_claim(f->store, outbox, subject, "kopi@example.dk", NULL, 0, &f->err));
	OK(f, outbox_settle(f->store, outbox, (const char *const[]){ address, "kopi@example.dk" },
		(const enum outbox_outcome[]){ outcome, OUTBOX_DONE }, (const char *const[]){ reply, "250 ok" }, 2, at,
		RETRY, &f->err));
	return outbox;
}

/* The subjects that the row is to tell of, in order. */
static const char *told(struct fixture *f, int64_t outbox)
{
	struct outbox_refused *refused;
	const char *subjects = "";
	size_t count;

	OK(f, outbox_tell_refused(f->store, &f->arena, "mt", outbox, &refused, &count, &f->err));
	for (size_t i = 0; i < count; i++)
		subjects = arena_printf(&f->arena, "%s%s ", subjects, refused[i].subject);
	return subjects;
}

static void test_refused_is_told(void **state)
{
	struct fixture *f = *state;
	struct outbox_refused *refused;
	size_t count;

	send_single(f, "b@example.dk", "S2", OUTBOX_REJECTED, LATER);
	send_single(f, "a@example.dk", "S1", OUTBOX_REJECTED, NOW);
	send_single(f, "c@example.dk", "sent", OUTBOX_DONE, NOW);
	send_single(f, "d@example.dk", "waits", OUTBOX_RETRY, NOW);
	OK(f, outbox_tell_refused(f->store, &f->arena, "mt", add_morning(f, "2026-03-30", LATER), &refused, &count,
		&f->err));
	assert_int_equal(count, 2);
	assert_string_equal(refused[0].address, "a@example.dk");
	assert_string_equal(refused[0].subject, "S1");
	assert_string_equal(refused[0].reply, "550 5.1.1 no such user");
	assert_int_equal(refused[0].settled_at, NOW);
	assert_string_equal(refused[1].address, "b@example.dk");
	OK(f, outbox_tell_refused(f->store, &f->arena, "other", 1, &refused, &count, &f->err));
	assert_int_equal(count, 0);
}

/* Once the owner has the mail, tomorrow's does not repeat it; what was refused or bounced since is new. */
static void test_refused_is_told_once(void **state)
{
	struct fixture *f = *state;
	int64_t bounces = send_single(f, "b@example.dk", "bounces", OUTBOX_DONE, NOW), outbox;

	send_single(f, "a@example.dk", "refused", OUTBOX_REJECTED, NOW);
	outbox = add_morning(f, "2026-03-30", NOW);
	assert_string_equal(told(f, outbox), "refused ");
	claim(f, outbox);
	OK(f, outbox_bounced(f->store, bounces, "b@example.dk", "5.1.1", NOW, &f->err));
	settle(f, outbox, OUTBOX_DONE, OUTBOX_DONE);

	outbox = add_morning(f, "2026-03-31", LATER);
	assert_string_equal(told(f, outbox), "bounces ");
	claim(f, outbox);
	settle(f, outbox, OUTBOX_DONE, OUTBOX_DONE);
	assert_string_equal(told(f, add_morning(f, "2026-04-01", LATER)), "");
}

/* A mail that goes again tells the same again; one that never reaches the owner leaves it to the next. */
static void test_refused_is_told_until_it_arrives(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);

	send_single(f, "a@example.dk", "refused", OUTBOX_REJECTED, NOW);
	assert_string_equal(told(f, outbox), "refused ");
	claim(f, outbox);
	settle(f, outbox, OUTBOX_RETRY, OUTBOX_RETRY);
	assert_string_equal(told(f, outbox), "refused ");
	OK(f, outbox_withdraw(f->store, outbox, NOW, &f->err));

	outbox = add_morning(f, "2026-03-31", NOW);
	assert_string_equal(told(f, outbox), "refused ");
	claim(f, outbox);
	settle(f, outbox, OUTBOX_REJECTED, OUTBOX_DONE);
	outbox = add_morning(f, "2026-04-01", NOW);
	assert_string_equal(told(f, outbox), "refused Dagens frister ");
	claim(f, outbox);
	settle(f, outbox, OUTBOX_UNSURE, OUTBOX_UNSURE);
	assert_string_equal(told(f, add_morning(f, "2026-04-02", NOW)), "");
}

/* What one mail has no room for waits for the next, and an older one that comes late takes no place from the told. */
static void test_many_refused(void **state)
{
	struct fixture *f = *state;
	int64_t outbox = add_morning(f, "2026-03-30", NOW);
	struct outbox_refused *refused;
	size_t count;

	for (size_t i = 0; i < OUTBOX_REFUSED_MAX; i++)
		send_single(f, "a@example.dk", "many", OUTBOX_REJECTED, LATER);
	assert_null(strstr(told(f, outbox), "late"));
	send_single(f, "b@example.dk", "late", OUTBOX_REJECTED, NOW);
	OK(f, outbox_tell_refused(f->store, &f->arena, "mt", outbox, &refused, &count, &f->err));
	assert_int_equal(count, OUTBOX_REFUSED_MAX);
	assert_string_equal(refused[0].subject, "many");
	claim(f, outbox);
	settle(f, outbox, OUTBOX_DONE, OUTBOX_DONE);
	assert_string_equal(told(f, add_morning(f, "2026-03-31", LATER)), "late ");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_claim), FIXTURE_TEST(test_claim_without_copy), FIXTURE_TEST(test_second_try),
		FIXTURE_TEST(test_settle_what_was_not_sent), FIXTURE_TEST(test_seen_settles_doubt),
		FIXTURE_TEST(test_seen_before_it_is_settled), FIXTURE_TEST(test_killed_while_sending),
		FIXTURE_TEST(test_resend), FIXTURE_TEST(test_copy_of_an_earlier_attempt),
		FIXTURE_TEST(test_seen_after_the_second_attempt), FIXTURE_TEST(test_clock_set_back),
		FIXTURE_TEST(test_seen_before_it_was_sent), FIXTURE_TEST(test_bounced),
		FIXTURE_TEST(test_bounce_that_cannot_be), FIXTURE_TEST(test_withdraw),
		FIXTURE_TEST(test_refused_is_told), FIXTURE_TEST(test_refused_is_told_once),
		FIXTURE_TEST(test_refused_is_told_until_it_arrives), FIXTURE_TEST(test_many_refused),
	};

	return RUN_ROWS(settle_rows, test_settle) + cmocka_run_group_tests(tests, NULL, NULL);
}
