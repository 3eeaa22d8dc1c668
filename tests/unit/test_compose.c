/* A letter that cannot be written must not hold up those that can. */
#include "tests/unit/store_fixture.h"

#include "engine/compose.h"

enum { NOW = FIXTURE_AT };

static int64_t now(struct clock *clock)
{
	(void)clock;
	return NOW;
}

/* Composes the row that is next; what compose_letter says, where the letter would go, and what it says. */
static int compose_text(struct fixture *f, const char **ret_to, const char **ret_text)
{
	struct workflow_faults faults = { .arena = &f->arena };
	struct setup *setup = setup_load(SOURCE_ROOT "/conf/fristd.conf", &faults);
	struct clock clock = { .now = now };
	struct clerk clerk;
	struct composed *composed = arena_alloc(&f->arena, sizeof(*composed));
	struct outbox_row row;
	int result;

	assert_non_null(setup);
	clerk_init(&clerk, f->store, &clock, setup);
	OK(f, outbox_next(f->store, &f->arena, NOW, true, &row, &f->err));
	result = compose_letter(&clerk, &f->arena, &row, composed, &f->err);
	*ret_to = result == 0 ? row.address : NULL;
	*ret_text = result == 0 ? composed->letter.text : "";
	clerk_done(&clerk);
	setup_free(setup);
	return result;
}

static int compose(struct fixture *f, const char **ret_to)
{
	const char *text;

	return compose_text(f, ret_to, &text);
}

static void want(struct fixture *f, const char *template, int64_t inquiry)
{
	OK(f, outbox_add_single(f->store, "mt", "chef@example.dk", template, 0, inquiry, true, "example.dk", NOW, NOW,
		&f->err));
}

static int64_t open_inquiry(struct fixture *f, const char *workflow)
{
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");

	inquiry.workflow = workflow;
	fixture_add(f, (struct fixture_mail){ .id = "a@x", .changes = &inquiry, .outcome = DECIDE_OPENED });
	return inquiry.id;
}

static void test_letter(void **state)
{
	const char *to;

	want(*state, "afsendt", open_inquiry(*state, "borgmester"));
	assert_int_equal(compose(*state, &to), 0);
	assert_string_equal(to, "chef@example.dk");
}

static void test_template_is_gone(void **state)
{
	struct fixture *f = *state;
	const char *to;

	want(f, "findes-ikke", open_inquiry(f, "borgmester"));
	assert_int_equal(compose(f, &to), COMPOSE_BROKEN);
	assert_non_null(strstr(f->err.text, "findes-ikke"));
}

static void test_workflow_is_gone(void **state)
{
	struct fixture *f = *state;
	const char *to;

	want(f, "afsendt", open_inquiry(f, "nedlagt"));
	assert_int_equal(compose(f, &to), COMPOSE_BROKEN);
	assert_non_null(strstr(f->err.text, "nedlagt"));
}

/* IT hears of a mail that goes to nobody because its mailbox was taken away. */
static void test_mailbox_is_gone(void **state)
{
	struct fixture *f = *state;
	const char *to;

	OK(f, outbox_add_single(f->store, "nedlagt", "chef@example.dk", "ikke-talt", 0, 0, true, "example.dk", NOW, NOW,
		&f->err));
	assert_int_equal(compose(f, &to), COMPOSE_BROKEN);
	assert_non_null(strstr(f->err.text, "mailbox nedlagt is no longer configured"));
}

/* The reminder is dropped; with nothing else to say no mail is left. */
static void test_morning_of_an_inquiry_whose_workflow_is_gone(void **state)
{
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");
	const struct ladder_call call = { .clock = LADDER_REVIEW, .rung = 1, .due_at = inquiry.step_at, .template = "rykker" };
	int64_t outbox;
	const char *to;

	inquiry.id = open_inquiry(f, "nedlagt");
	OK(f, outbox_add_morning(f->store, "mt", "chef", "chef@example.dk", "2026-03-27", "example.dk", NOW, &outbox,
		&f->err));
	OK(f, outbox_add_intent(f->store, outbox, &inquiry, "chef", &call, false, &f->err));
	assert_int_equal(compose(f, &to), COMPOSE_EMPTY);
}

/* The owner of the mailbox reads of a mail that was refused; whoever else has a morning mail does not. */
static void test_owner_is_told_what_was_refused(void **state)
{
	static const char *const address = "leder.vej@example.dk", *const reply = "550 5.1.1 no such user";
	static const enum outbox_outcome rejected = OUTBOX_REJECTED;
	static const char *const people[] = { "chef", "postkasseansvarlig" };
	struct fixture *f = *state;
	const char *to, *text;
	int64_t outbox;

	OK(f, outbox_add_single(f->store, "mt", address, "afsendt", 0, 0, true, "example.dk", NOW, NOW, &f->err));
	OK(f, outbox_claim(f->store, 1, "Svaret er sendt", NULL, NULL, 0, &f->err));
	OK(f, outbox_settle(f->store, 1, &address, &rejected, &reply, 1, NOW, NOW, &f->err));
	for (size_t i = 0; i < 2; i++) {
		OK(f, outbox_add_morning(f->store, "mt", people[i], arena_printf(&f->arena, "%s@example.dk", people[i]),
			"2026-03-27", "example.dk", NOW, &outbox, &f->err));
		assert_int_equal(compose_text(f, &to, &text), i == 0 ? COMPOSE_EMPTY : 0);
		OK(f, outbox_withdraw(f->store, outbox, NOW, &f->err));
	}
	assert_string_equal(to, "postkasseansvarlig@example.dk");
	assert_non_null(strstr(text, "MAILS, DER IKKE KOM FREM"));
	assert_non_null(strstr(text, "- Til leder.vej@example.dk: »Svaret er sendt«"));
	assert_non_null(strstr(text, "  Forsøgt sendt fredag den 27. marts kl. 10.00. Serverens svar: 550"));
}

/* ---- the quarter's mail ---- */

static void complete(struct fixture *f, const char *person, int started)
{
	const struct compliance_record record = { .person = person, .course = "God sagsbehandling", .unit = "vej",
		.started = started, .completed = started };
	enum store_change change;

	OK(f, store_put_course(f->store, &record, NOW, &change, &f->err));
}

static void want_courses(struct fixture *f, const char *address)
{
	OK(f, outbox_add_single(f->store, "mt", address, "kurser", 0, 0, true, "example.dk", NOW, NOW, &f->err));
}

/* A leader reads of his own unit, and by name of nobody else's people. */
static void test_quarter_of_a_leader(void **state)
{
	struct fixture *f = *state;
	const char *to, *text;

	complete(f, "medarbejder-vej", calendar_join(2025, 11, 3));
	complete(f, "leder-vej", calendar_join(2022, 1, 31));
	complete(f, "medarbejder-park", calendar_join(2026, 1, 2));	/* after that quarter, the last of 2025 */
	want_courses(f, "leder.vej@example.dk");
	assert_int_equal(compose_text(f, &to, &text), 0);
	assert_string_equal(to, "leder.vej@example.dk");
	assert_non_null(strstr(text, "Kære Enhedsleder Vej"));
	assert_non_null(strstr(text, "ved udgangen af 4. kvartal\n2025."));
	assert_non_null(strstr(text, "vej: 1 af 2, der skal have kurset, har det (50 %). Enheden opfylder ikke\nkravet."));
	assert_non_null(strstr(text, "- Enhedsleder Vej: mangler genopfriskning, sidst gennemført den 31.\n"
		"  januar 2022, frist den 31. januar 2025."));
	assert_null(strstr(text, "Medarbejder Vej"));
	assert_null(strstr(text, "park"));
	assert_null(strstr(text, "Henvendelser"));
}

/* Whoever leads nothing by now gets none; nor a stranger. */
static void test_quarter_of_no_leader(void **state)
{
	static const char *const others[] = { "chef@example.dk", "medarbejder.vej@example.dk", "ukendt@example.dk" };
	struct fixture *f = *state;
	const char *to;

	complete(f, "medarbejder-vej", calendar_join(2025, 11, 3));
	for (size_t i = 0; i < COUNT_OF(others); i++) {
		want_courses(f, others[i]);
		assert_int_equal(compose(f, &to), COMPOSE_EMPTY);
		OK(f, outbox_withdraw(f->store, (int64_t)i + 1, NOW, &f->err));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_letter), FIXTURE_TEST(test_template_is_gone), FIXTURE_TEST(test_workflow_is_gone),
		FIXTURE_TEST(test_mailbox_is_gone),
		FIXTURE_TEST(test_morning_of_an_inquiry_whose_workflow_is_gone),
		FIXTURE_TEST(test_owner_is_told_what_was_refused), FIXTURE_TEST(test_quarter_of_a_leader),
		FIXTURE_TEST(test_quarter_of_no_leader),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
