/* What becomes of a clock when the matter comes back: for comments in the same round, and in a new round (A9). */
#include "core/change.h"

#include "tests/rows.h"

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

enum { GIVEN, ANSWERED };

static const struct workflow_step steps[] = { { .id = "hos-sagsbehandler" }, { .id = "svar-modtaget" } };

/* All in 2026; Easter is 2-6 April, so day 5 after 27 March is 8 April. */
static const struct row {
	const char *name;
	bool restart;
	const char *by_hand;		/* [NY FRIST] in round 1; NULL: none */
	const char *answered;		/* when the clock stopped; NULL: it runs all the time */
	const char *returned;
	bool next_round;
	const char *due;
	bool set_by_hand;
} rows[] = {
	{ "comments: what was left", false, NULL, "2026-03-30", "2026-04-08", false, "2026-04-14", false },
	{ "comments: a promised date stays", false, "2026-04-20", "2026-03-30", "2026-04-08", false, "2026-04-20", true },
	{ "continue: what was left goes on", false, NULL, "2026-03-30", "2026-04-08", true, "2026-04-14", false },
	{ "continue: of a promised date, too, what was left", false, "2026-04-13", "2026-04-09", "2026-04-22", true,
	  "2026-04-24", false },
	{ "continue: a promised date that has passed since is no deadline of the new round", false, "2026-04-10",
	  "2026-04-09", "2026-04-22", true, "2026-04-23", false },
	{ "continue: a clock that never stopped goes on, no longer by hand", false, "2026-04-20", NULL, "2026-04-08", true,
	  "2026-04-20", false },
	{ "restart: a new clock", true, NULL, "2026-03-30", "2026-04-08", true, "2026-04-15", false },
	{ "restart: whatever was promised", true, "2026-04-20", "2026-03-30", "2026-04-08", true, "2026-04-15", false },
};

static int date_of(const char *text)
{
	int date;

	assert_int_equal(calendar_parse_date(text, 0, &date), 0);
	return date;
}

static int64_t morning_of(const char *text)
{
	return calendar_utc(date_of(text), 9 * 60);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	const struct workflow_deadline deadline = { .name = "svar", .start = STRINGS("hos-sagsbehandler"),
		.stop = STRINGS("svar-modtaget"), .length = { 5, CALENDAR_WORKING_DAYS }, .restart = row->restart };
	const struct workflow workflow = { .steps = steps, .steps_count = 2, .deadlines = &deadline,
		.deadlines_count = 1 };
	const struct calendar calendar = { 0 };
	struct inquiry inquiry = { .round = 1 };

	change_enter_step(&inquiry, &workflow, &calendar, GIVEN, false, morning_of("2026-03-27"));
	if (row->by_hand)
		assert_true(change_set_deadline(&inquiry, &workflow, date_of(row->by_hand)));
	if (row->answered)
		change_enter_step(&inquiry, &workflow, &calendar, ANSWERED, false, morning_of(row->answered));
	change_enter_step(&inquiry, &workflow, &calendar, GIVEN, row->next_round, morning_of(row->returned));
	assert_int_equal(inquiry.round, row->next_round ? 2 : 1);
	assert_int_equal(inquiry.clocks[0].stopped_at, 0);
	assert_int_equal(calendar_end_date(inquiry.clocks[0].due_at), date_of(row->due));
	assert_int_equal(inquiry.clocks[0].set_by_hand, row->set_by_hand);
}

int main(void)
{
	return RUN_ROWS(rows, test_row);
}
