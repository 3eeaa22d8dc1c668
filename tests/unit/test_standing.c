/* Clocks that stand: what is left is kept and said in the register; whatever happens meanwhile comes out right. */
#include "core/change.h"
#include "core/ladder.h"
#include "core/register.h"

#include "tests/rows.h"

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

enum { ASKED, WAITS, WAITS_LONGER, ANSWERED, SENT, STEPS };

static const struct workflow_step steps[STEPS] = {
	{ .id = "stillet", .holder = "vagt" },
	{ .id = "afventer", .holder = "vagt", .has_review = true, .review = { 20, CALENDAR_WORKING_DAYS } },
	{ .id = "afventer-mere", .holder = "vagt", .has_review = true, .review = { 20, CALENDAR_WORKING_DAYS } },
	{ .id = "svaret", .holder = "vagt" },
	{ .id = "sendt", .final = true },
};

static const struct directory_person people[] = { { .id = "vagt", .name = "Vagt", .address = "vagt@example.dk" } };
static const struct directory_person *const guards[] = { &people[0] };
static const struct directory_role roles[] = { { .name = "vagt", .members = guards, .count = 1 } };
static const struct directory directory = { .people = people, .people_count = 1, .roles = roles, .roles_count = 1 };

static const struct workflow_rung ladder = { .at = { 0, CALENDAR_WORKING_DAYS }, .to = STRINGS("vagt"),
	.template = "rykker" };

enum what { NOTHING, ENTER, COME_AGAIN, BY_HAND, CLOSE, UNDO };

struct act {
	enum what what;
	const char *on;			/* the day; of BY_HAND: the new date */
	int step;
};

enum { ACTS_MAX = 6 };

/* All in 2026; Easter is 2-6 April. Five days from 20 March end on Friday the 27th, seven calendar days too. */
static const struct row {
	const char *name;
	enum calendar_unit unit;
	bool restart;
	struct act acts[ACTS_MAX];
	const char *today;
	const char *standing;		/* what the register says of it; NULL: it does not stand */
	const char *due;		/* NULL: no date is shown */
	enum register_state state;
	bool called;			/* is anybody reminded of it on that day? */
} rows[] = {
	{ "it stands", CALENDAR_WORKING_DAYS, false, { { ENTER, "23-03-2026", WAITS } }, "25-06-2026",
	  "4 arbejdsdage tilbage", NULL, REGISTER_OPEN, false },
	{ "in calendar days", CALENDAR_DAYS, false, { { ENTER, "21-03-2026", WAITS } }, "25-06-2026",
	  "6 dage tilbage", NULL, REGISTER_OPEN, false },
	{ "with one day left", CALENDAR_WORKING_DAYS, false, { { ENTER, "26-03-2026", WAITS } }, "25-06-2026",
	  "1 arbejdsdag tilbage", NULL, REGISTER_OPEN, false },
	{ "on its last day", CALENDAR_WORKING_DAYS, false, { { ENTER, "27-03-2026", WAITS } }, "25-06-2026",
	  "udløber den dag, den går videre", NULL, REGISTER_OPEN, false },
	{ "and goes on from the day of the mail", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { ENTER, "01-04-2026", ASKED } }, "01-04-2026",
	  NULL, "10-04-2026", REGISTER_OPEN, false },
	{ "and goes on in calendar days", CALENDAR_DAYS, false,
	  { { ENTER, "21-03-2026", WAITS }, { ENTER, "01-04-2026", ASKED } }, "02-04-2026",
	  NULL, "07-04-2026", REGISTER_OPEN, false },
	{ "from one such step to another it stands on", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { ENTER, "01-04-2026", WAITS_LONGER }, { ENTER, "20-04-2026", ASKED } },
	  "21-04-2026", NULL, "24-04-2026", REGISTER_OPEN, false },
	{ "a mail that changes no step changes nothing", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { ENTER, "01-04-2026", WAITS } }, "25-06-2026",
	  "4 arbejdsdage tilbage", NULL, REGISTER_OPEN, false },
	{ "twice", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { ENTER, "08-04-2026", ASKED }, { ENTER, "09-04-2026", WAITS },
	    { ENTER, "20-04-2026", ASKED } }, "21-04-2026", NULL, "23-04-2026", REGISTER_OPEN, false },
	{ "overdue it stays overdue", CALENDAR_WORKING_DAYS, false, { { ENTER, "30-03-2026", WAITS } }, "25-06-2026",
	  "overskredet med 1 arbejdsdag", "27-03-2026", REGISTER_OVERDUE, false },
	{ "overdue since a day off", CALENDAR_WORKING_DAYS, false, { { ENTER, "28-03-2026", WAITS } }, "25-06-2026",
	  "overskredet med 1 dag", "27-03-2026", REGISTER_OVERDUE, false },
	{ "overdue it keeps its date", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "31-03-2026", WAITS }, { ENTER, "20-04-2026", ASKED } }, "20-04-2026",
	  NULL, "27-03-2026", REGISTER_OVERDUE, true },
	{ "undone it never stood", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { UNDO, "25-03-2026", 0 } }, "25-03-2026",
	  NULL, "27-03-2026", REGISTER_OPEN, false },
	{ "going on undone it stands since the first day", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { ENTER, "01-04-2026", ASKED }, { UNDO, "08-04-2026", 0 } }, "08-04-2026",
	  "4 arbejdsdage tilbage", NULL, REGISTER_OPEN, false },
	{ "a date by hand sets it going", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { BY_HAND, "20-04-2026", 0 } }, "20-04-2026",
	  NULL, "20-04-2026", REGISTER_OPEN, true },
	{ "a date by hand undone lets it stand", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { BY_HAND, "20-04-2026", 0 }, { UNDO, "08-04-2026", 0 } }, "08-04-2026",
	  "4 arbejdsdage tilbage", NULL, REGISTER_OPEN, false },
	{ "a date by hand does not stand", CALENDAR_WORKING_DAYS, false,
	  { { BY_HAND, "20-04-2026", 0 }, { ENTER, "23-03-2026", WAITS } }, "20-04-2026",
	  NULL, "20-04-2026", REGISTER_OPEN, true },
	{ "nor is it moved by going on", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { BY_HAND, "20-04-2026", 0 }, { ENTER, "15-04-2026", ASKED } }, "16-04-2026",
	  NULL, "20-04-2026", REGISTER_OPEN, false },
	{ "a new round has a clock of its own", CALENDAR_WORKING_DAYS, true,
	  { { ENTER, "23-03-2026", WAITS }, { COME_AGAIN, "08-04-2026", ASKED } }, "08-04-2026",
	  NULL, "15-04-2026", REGISTER_OPEN, false },
	{ "a new round that begins standing", CALENDAR_WORKING_DAYS, true,
	  { { ENTER, "23-03-2026", WAITS }, { COME_AGAIN, "08-04-2026", WAITS } }, "25-06-2026",
	  "5 arbejdsdage tilbage", NULL, REGISTER_OPEN, false },
	{ "a new round that goes on", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { COME_AGAIN, "08-04-2026", ASKED } }, "08-04-2026",
	  NULL, "14-04-2026", REGISTER_OPEN, false },
	{ "a new round that goes on standing", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { COME_AGAIN, "08-04-2026", WAITS } }, "25-06-2026",
	  "4 arbejdsdage tilbage", NULL, REGISTER_OPEN, false },
	{ "stopped and then standing", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", ANSWERED }, { ENTER, "08-04-2026", WAITS } }, "25-06-2026",
	  "4 arbejdsdage tilbage", NULL, REGISTER_OPEN, false },
	{ "standing and then stopped", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { ENTER, "08-04-2026", ANSWERED } }, "09-04-2026",
	  NULL, "27-03-2026", REGISTER_OPEN, false },
	{ "closed while it stands", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { CLOSE, "08-04-2026", 0 } }, "09-04-2026",
	  NULL, "27-03-2026", REGISTER_FINAL, false },
	{ "sent while it stands", CALENDAR_WORKING_DAYS, false,
	  { { ENTER, "23-03-2026", WAITS }, { ENTER, "08-04-2026", SENT } }, "09-04-2026",
	  NULL, "27-03-2026", REGISTER_FINAL, false },
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

/* before: the image that [FORTRYD] brings back, that of before the last act. */
static void perform(const struct workflow *workflow, const struct act *act, struct inquiry *before,
	struct inquiry *inquiry)
{
	const struct inquiry now = *inquiry;

	switch (act->what) {
	case ENTER:
	case COME_AGAIN:
		change_enter_step(inquiry, workflow, NULL, act->step, act->what == COME_AGAIN, morning_of(act->on));
		break;
	case BY_HAND:
		assert_true(change_set_deadline(inquiry, workflow, date_of(act->on)));
		break;
	case CLOSE:
		change_close(inquiry, "afsluttet", morning_of(act->on));
		break;
	case UNDO:
		*inquiry = *before;
		break;
	case NOTHING:
		break;
	}
	*before = now;
}

/* Of two clocks of the ladder the review's is none of the deadline's. */
static bool calls_deadline(const struct workflow *workflow, const struct inquiry *inquiry, const char *today)
{
	struct ladder_call calls[LADDER_CALLS_MAX];
	size_t count = ladder_calls(workflow, &directory, NULL, inquiry, morning_of(today), calls);

	for (size_t i = 0; i < count; i++)
		if (strcmp(calls[i].clock, "svar") == 0)
			return true;
	return false;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const struct workflow_deadline deadline = { .name = "svar", .start = STRINGS("stillet"),
		.stop = STRINGS("svaret"), .stands = STRINGS("afventer", "afventer-mere"),
		.length = { row->unit == CALENDAR_DAYS ? 7 : 5, row->unit }, .restart = row->restart, .ladder = &ladder,
		.ladder_count = 1 };
	const struct workflow workflow = { .steps = steps, .steps_count = STEPS, .deadlines = &deadline,
		.deadlines_count = 1, .owners = STRINGS("vagt") };
	struct inquiry inquiry = { .round = 1 }, before;
	struct register_row shown;
	const struct register_clock *standing;

	change_enter_step(&inquiry, &workflow, NULL, ASKED, false, morning_of("20-03-2026"));
	before = inquiry;
	for (size_t i = 0; i < ACTS_MAX; i++)
		if (row->acts[i].what != NOTHING)
			perform(&workflow, &row->acts[i], &before, &inquiry);
	register_fill(&arena, &workflow, &directory, NULL, &inquiry, morning_of(row->today), &shown);
	standing = register_standing(&shown);
	assert_int_equal(standing != NULL, row->standing != NULL);
	if (standing)
		assert_string_equal(register_standing_words(&arena, standing), row->standing);
	assert_int_equal(shown.due, row->due ? date_of(row->due) : REGISTER_NO_DATE);
	assert_int_equal(shown.state, row->state);
	assert_int_equal(calls_deadline(&workflow, &inquiry, row->today), row->called);
}

int main(void)
{
	return RUN_ROWS(rows, test_row);
}
