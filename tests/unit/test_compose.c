/* A letter that cannot be written must not hold up those that can. */
#include "tests/unit/store_fixture.h"

#include "engine/compose.h"

enum { NOW = FIXTURE_AT };

static int64_t now(struct clock *clock)
{
	(void)clock;
	return NOW;
}

/* Composes the one row that waits; what compose_letter says, and where the letter would go. */
static int compose(struct fixture *f, const char **ret_to)
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
	OK(f, outbox_next(f->store, &f->arena, NOW, &row, &f->err));
	result = compose_letter(&clerk, &f->arena, &row, composed, &f->err);
	*ret_to = result == 0 ? row.address : NULL;
	clerk_done(&clerk);
	setup_free(setup);
	return result;
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

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_letter), FIXTURE_TEST(test_template_is_gone), FIXTURE_TEST(test_workflow_is_gone),
		FIXTURE_TEST(test_morning_of_an_inquiry_whose_workflow_is_gone),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
