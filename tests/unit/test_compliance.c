/* Who has the course, from when on it is asked of him, how long it holds, and what that makes of a unit. */
#include "core/compliance.h"

#include "tests/unit/calendar_rows.h"

static const struct compliance_course course = {
	.name = "God sagsbehandling", .also = { (const char *const[]){ "Genopfriskning" }, 1 },
	.new_months = 3, .experienced_months = 12, .refresher_months = 24, .fulfils_percent = 90, .partly_percent = 60,
	.deadline = "svar",
};

static int maybe_date(const char *iso, int otherwise)
{
	return iso ? date_of(iso) : otherwise;
}

/* ---- one person ---- */

struct person_row {
	const char *name;
	const char *from, *until;	/* employment; NULL: not known, no end */
	const char *started, *completed;/* of the course; NULL: not */
	const char *on;			/* the day of the question */
	enum compliance_state state;
	bool experienced;
	const char *due;		/* NULL: no date */
};

static const struct person_row person_rows[] = {
	/* the time that a new employee has */
	{ "first day", "2026-01-31", NULL, NULL, NULL, "2026-01-31", COMPLIANCE_NEW, false, "2026-04-30" },
	{ "last day of a new one", "2026-01-31", NULL, NULL, NULL, "2026-04-30", COMPLIANCE_NEW, false, "2026-04-30" },
	{ "a day late", "2026-01-31", NULL, NULL, NULL, "2026-05-01", COMPLIANCE_MISSING, false, "2026-04-30" },
	{ "hired at the end of November", "2027-11-30", NULL, NULL, NULL, "2028-02-29", COMPLIANCE_NEW, false,
	  "2028-02-29" },
	{ "no leap year", "2026-11-30", NULL, NULL, NULL, "2027-03-01", COMPLIANCE_MISSING, false, "2027-02-28" },
	{ "begun only", "2025-01-01", NULL, "2026-01-02", NULL, "2026-03-31", COMPLIANCE_MISSING, true, "2025-04-01" },

	/* experienced or not */
	{ "a day before", "2025-03-31", NULL, NULL, NULL, "2026-03-30", COMPLIANCE_MISSING, false, "2025-06-30" },
	{ "experienced from the day on", "2025-03-31", NULL, NULL, NULL, "2026-03-31", COMPLIANCE_MISSING, true,
	  "2025-06-30" },
	{ "hired on a leap day", "2024-02-29", NULL, NULL, NULL, "2025-02-28", COMPLIANCE_MISSING, true, "2024-05-29" },
	{ "since nobody knows when", NULL, NULL, NULL, NULL, "2026-03-31", COMPLIANCE_MISSING, true, NULL },

	/* how long it holds */
	{ "completed today", "2020-01-01", NULL, "2026-03-30", "2026-03-31", "2026-03-31", COMPLIANCE_VALID, true,
	  "2028-03-31" },
	{ "completed tomorrow", "2020-01-01", NULL, "2026-03-30", "2026-04-01", "2026-03-31", COMPLIANCE_MISSING, true,
	  "2020-04-01" },
	{ "the last day that it holds", "2020-01-01", NULL, "2024-04-01", "2024-04-30", "2026-04-30", COMPLIANCE_VALID,
	  true, "2026-04-30" },
	{ "the day after", "2020-01-01", NULL, "2024-04-01", "2024-04-30", "2026-05-01", COMPLIANCE_OVERDUE, true,
	  "2026-04-30" },
	{ "from a leap day", "2020-01-01", NULL, "2024-02-29", "2024-02-29", "2026-02-28", COMPLIANCE_VALID, true,
	  "2026-02-28" },
	{ "from a leap day, the day after", "2020-01-01", NULL, "2024-02-29", "2024-02-29", "2026-03-01",
	  COMPLIANCE_OVERDUE, true, "2026-02-28" },
	{ "until he is experienced", "2025-12-01", NULL, "2023-01-01", "2023-01-02", "2026-11-30", COMPLIANCE_VALID,
	  false, "2026-12-01" },
	{ "and no longer", "2025-12-01", NULL, "2023-01-01", "2023-01-02", "2026-12-02", COMPLIANCE_OVERDUE, true,
	  "2026-12-01" },
	{ "by whom nobody knows since when", NULL, NULL, "2024-04-01", "2024-04-30", "2026-05-01", COMPLIANCE_OVERDUE,
	  true, "2026-04-30" },

	/* who is here */
	{ "begins tomorrow", "2026-04-01", NULL, NULL, NULL, "2026-03-31", COMPLIANCE_ABSENT, false, NULL },
	{ "his last day", "2020-01-01", "2026-03-31", NULL, NULL, "2026-03-31", COMPLIANCE_MISSING, true, "2020-04-01" },
	{ "left yesterday", "2020-01-01", "2026-03-30", "2026-01-01", "2026-01-02", "2026-03-31", COMPLIANCE_ABSENT,
	  false, NULL },
};

static void test_person(void **state)
{
	const struct person_row *row = *state;
	const struct directory_person person = { .id = "bo", .unit = "vej", .employed_from = maybe_date(row->from, 0),
		.employed_until = maybe_date(row->until, 0) };
	const struct compliance_record records[] = {
		{ .person = "anne", .course = "God sagsbehandling", .started = date_of("2020-01-01"),
		  .completed = date_of("2026-01-01") },
		{ .person = "bo", .course = "God sagsbehandling",
		  .started = maybe_date(row->started, date_of("2199-01-01")),
		  .completed = maybe_date(row->completed, COMPLIANCE_NO_DATE) },
		{ .person = "bodil", .course = "God sagsbehandling", .started = date_of("2020-01-01"),
		  .completed = date_of("2026-01-01") },
	};
	struct compliance_standing standing;

	compliance_judge(&course, records, COUNT_OF(records), &person, date_of(row->on), &standing);
	assert_string_equal(compliance_state_word(standing.state), compliance_state_word(row->state));
	assert_int_equal(standing.experienced, row->experienced);
	assert_int_equal(standing.due, maybe_date(row->due, COMPLIANCE_NO_DATE));
}

/* The last completion counts, of whichever course that counts; another course does not. What was begun is told. */
static void test_several_records(void **state)
{
	static const struct directory_person person = { .id = "bo", .unit = "vej" };
	const struct compliance_record records[] = {
		{ "bo", "GENOPFRISKNING", "park", COMPLIANCE_E_LEARNING, date_of("2025-02-01"), date_of("2025-02-02") },
		{ "bo", "God sagsbehandling", "vej", COMPLIANCE_ATTENDANCE, date_of("2021-01-01"), date_of("2021-01-02") },
		{ "bo", "God sagsbehandling", "vej", COMPLIANCE_E_LEARNING, date_of("2026-03-01"), COMPLIANCE_NO_DATE },
		{ "bo", "Førstehjælp", "vej", COMPLIANCE_ATTENDANCE, date_of("2026-03-02"), date_of("2026-03-02") },
	};
	struct compliance_standing standing;

	(void)state;
	compliance_judge(&course, records, COUNT_OF(records), &person, date_of("2026-03-31"), &standing);
	assert_int_equal(standing.state, COMPLIANCE_VALID);
	assert_int_equal(standing.completed, date_of("2025-02-02"));
	assert_int_equal(standing.started, date_of("2026-03-01"));
	/* a report about an earlier day knows nothing of what came later */
	compliance_judge(&course, records, COUNT_OF(records), &person, date_of("2025-02-01"), &standing);
	assert_int_equal(standing.state, COMPLIANCE_OVERDUE);
	assert_int_equal(standing.completed, date_of("2021-01-02"));
	assert_int_equal(standing.started, date_of("2025-02-01"));
}

static void test_no_unit(void **state)
{
	static const struct directory_person person = { .id = "digital-post" };
	struct compliance_standing standing;

	(void)state;
	compliance_judge(&course, NULL, 0, &person, date_of("2026-03-31"), &standing);
	assert_int_equal(standing.state, COMPLIANCE_ABSENT);
}

/* ---- units ---- */

enum { PEOPLE_MAX = 20 };

struct unit_row {
	const char *name;
	size_t has, lacks, new;
	enum compliance_verdict verdict;
	int percent;
};

static const struct unit_row unit_rows[] = {
	{ "all", 10, 0, 0, COMPLIANCE_FULFILS, 100 },
	{ "exactly enough", 9, 1, 0, COMPLIANCE_FULFILS, 90 },
	{ "one too few", 8, 1, 0, COMPLIANCE_PARTLY, 88 },
	{ "exactly partly", 6, 4, 0, COMPLIANCE_PARTLY, 60 },
	{ "just not", 10, 7, 0, COMPLIANCE_FAILS, 58 },
	{ "nobody has it", 0, 3, 0, COMPLIANCE_FAILS, 0 },
	{ "new ones are not asked yet", 9, 1, 5, COMPLIANCE_FULFILS, 90 },
	{ "only new ones", 0, 0, 2, COMPLIANCE_NOT_ASKED, -1 },
	{ "nobody", 0, 0, 0, COMPLIANCE_NOT_ASKED, -1 },
};

static const struct directory_unit units[] = { { .name = "vej" }, { .name = "park" } };

static void test_unit(void **state)
{
	const struct unit_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct directory_person people[PEOPLE_MAX] = { { .id = NULL } };
	struct compliance_record records[PEOPLE_MAX];
	struct directory directory = { .people = people, .people_count = row->has + row->lacks + row->new,
		.units = units, .units_count = COUNT_OF(units) };
	struct compliance_units result;

	for (size_t i = 0; i < directory.people_count; i++) {
		people[i] = (struct directory_person){ .id = arena_printf(&arena, "p%02zu", i), .unit = "park",
			.employed_from = i < row->has + row->lacks ? 0 : date_of("2026-03-01") };
		records[i] = (struct compliance_record){ .person = people[i].id, .course = course.name, .unit = "vej",
			.started = date_of("2026-01-01"), .completed = date_of("2026-01-02") };
	}
	compliance_count_people(&arena, &course, &directory, records, row->has, date_of("2026-03-31"), &result);
	assert_int_equal(result.count, 3);
	/* taken in another unit: they have moved, and it counts where they are */
	assert_string_equal(result.items[1].name, "park");
	assert_int_equal(result.items[1].asked, row->has + row->lacks);
	assert_int_equal(result.items[1].valid, row->has);
	assert_int_equal(result.items[1].new, row->new);
	assert_int_equal(result.items[1].verdict, row->verdict);
	assert_int_equal(compliance_percent(result.items[1].valid, result.items[1].asked), row->percent);
	assert_int_equal(result.items[0].asked, 0);
	assert_null(result.items[2].name);
}

/* ---- inquiries ---- */

struct inquiry_row {
	const char *name;
	const char *due, *stopped;	/* the last day; when the clock stopped, NULL: not */
	const char *now;
	const char *assigned, *closed;
	size_t unit, counted, in_time;
};

static const struct inquiry_row inquiry_rows[] = {
	{ "in time", "2026-09-10", "2026-09-10 23:59", "2026-10-01 07:00", "bo", NULL, 0, 1, 1 },
	{ "the first instant that is too late", "2026-09-10", "2026-09-11 00:00", "2026-10-01 07:00", "bo", NULL, 0, 1, 0 },
	{ "not answered", "2026-09-10", NULL, "2026-10-01 07:00", "bo", NULL, 0, 1, 0 },
	{ "the first day of the quarter", "2026-07-01", "2026-06-29 12:00", "2026-10-01 07:00", "bo", NULL, 0, 1, 1 },
	{ "the day before it", "2026-06-30", "2026-06-30 12:00", "2026-10-01 07:00", "bo", NULL, 0, 0, 0 },
	{ "the last day", "2026-09-30", "2026-10-02 12:00", "2026-10-05 07:00", "bo", NULL, 0, 1, 0 },
	{ "the day after it", "2026-10-01", "2026-09-30 12:00", "2026-10-05 07:00", "bo", NULL, 0, 0, 0 },
	{ "not due yet", "2026-09-10", "2026-09-08 12:00", "2026-09-10 07:00", "bo", NULL, 0, 0, 0 },
	{ "closed by a word", "2026-09-10", "2026-09-08 12:00", "2026-10-01 07:00", "bo", "afsluttet", 0, 1, 1 },
	{ "turned out to be none", "2026-09-10", "2026-09-08 12:00", "2026-10-01 07:00", "bo", INQUIRY_NOT_ONE, 0, 0, 0 },
	{ "of another unit", "2026-09-10", "2026-09-08 12:00", "2026-10-01 07:00", "eva", NULL, 1, 1, 1 },
	{ "of somebody without a unit", "2026-09-10", NULL, "2026-10-01 07:00", "spl", NULL, 2, 1, 0 },
	{ "of somebody who is there no more", "2026-09-10", NULL, "2026-10-01 07:00", "ole", NULL, 2, 1, 0 },
	{ "of nobody", "2026-09-10", NULL, "2026-10-01 07:00", NULL, NULL, 2, 1, 0 },
};

static const struct directory_person staff[] = {
	{ .id = "bo", .unit = "vej" }, { .id = "eva", .unit = "park" }, { .id = "spl" },
};
static const struct directory house_book = { .people = staff, .people_count = COUNT_OF(staff), .units = units,
	.units_count = COUNT_OF(units) };
static const struct workflow workflow = { .assigned = { (const char *const[]){ "sagsbehandler" }, 1 } };

static void test_inquiry(void **state)
{
	const struct inquiry_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct inquiry inquiry = { .closed = row->closed, .clocks_count = 2, .clocks = {
		{ .deadline = "kvittering", .due_at = calendar_end(date_of("2026-08-01")) },
		{ .deadline = "svar", .due_at = calendar_end(date_of(row->due)),
		  .stopped_at = row->stopped ? instant_of(row->stopped) : 0 } } };
	struct compliance_period period = { .year = 0 };
	struct compliance_units result;

	if (row->assigned)
		inquiry.assignments[inquiry.assignments_count++] = (struct inquiry_assignment){ "sagsbehandler", row->assigned };
	assert_int_equal(compliance_parse_period("2026Q3", &period, NULL), 0);
	compliance_count_people(&arena, &course, &house_book, NULL, 0, period.until, &result);
	compliance_count_inquiry(&course, &house_book, &workflow, &inquiry, &period, instant_of(row->now), &result);
	for (size_t i = 0; i < result.count; i++) {
		assert_int_equal(result.items[i].due, i == row->unit ? row->counted : 0);
		assert_int_equal(result.items[i].in_time, i == row->unit ? row->in_time : 0);
	}
}

static void test_workflow_that_is_no_more(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct inquiry inquiry = { .clocks_count = 1, .assignments_count = 1, .assignments = { { "sagsbehandler", "bo" } },
		.clocks = { { .deadline = "svar", .due_at = calendar_end(date_of("2026-08-01")) } } };
	struct compliance_period period = { .year = 0 };
	struct compliance_units result;

	(void)state;
	assert_int_equal(compliance_parse_period("2026q3", &period, NULL), 0);
	compliance_count_people(&arena, &course, &house_book, NULL, 0, period.until, &result);
	compliance_count_inquiry(&course, &house_book, NULL, &inquiry, &period, calendar_utc(period.until, 0), &result);
	assert_int_equal(result.items[2].due, 1);
}

/* ---- periods ---- */

struct period_row {
	const char *name, *text;
	const char *from, *until;	/* NULL: refused */
};

static const struct period_row period_rows[] = {
	{ "first", "2026Q1", "2026-01-01", "2026-03-31" },
	{ "second", "2026Q2", "2026-04-01", "2026-06-30" },
	{ "third", "2026q3", "2026-07-01", "2026-09-30" },
	{ "fourth", "2026Q4", "2026-10-01", "2026-12-31" },
	{ "no fifth", "2026Q5", NULL, NULL },
	{ "none before the first", "2026Q0", NULL, NULL },
	{ "nothing", "", NULL, NULL },
	{ "a year", "2026", NULL, NULL },
	{ "a short year", "26Q3", NULL, NULL },
	{ "more behind it", "2026Q33", NULL, NULL },
	{ "a month", "2026-03", NULL, NULL },
	{ "too long ago", "1989Q4", NULL, NULL },
	{ "too far", "2201Q1", NULL, NULL },
};

static void test_period(void **state)
{
	const struct period_row *row = *state;
	struct compliance_period period = { .year = 0 };
	struct err err = ERR_NULL;

	assert_int_equal(compliance_parse_period(row->text, &period, &err), row->from ? 0 : -1);
	if (row->from) {
		assert_int_equal(period.from, date_of(row->from));
		assert_int_equal(period.until, date_of(row->until));
	} else {
		assert_string_not_equal(err.text, "");
	}
}

struct last_row {
	const char *name, *date, *period;
};

static const struct last_row last_rows[] = {
	{ "the first day of a quarter", "2026-10-01", "2026Q3" }, { "the last", "2026-12-31", "2026Q3" },
	{ "over the year", "2026-01-02", "2025Q4" }, { "from the end of May", "2026-05-31", "2026Q1" },
	{ "in a leap year", "2028-05-29", "2028Q1" },
};

static void test_last_period(void **state)
{
	const struct last_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct compliance_period period = compliance_last_period(date_of(row->date));

	assert_string_equal(compliance_period_word(&arena, &period), row->period);
}

static void test_titles(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct compliance_period period = compliance_last_period(date_of("2026-10-01"));

	(void)state;
	assert_string_equal(compliance_period_title(&arena, &period), "3. kvartal 2026");
	assert_string_equal(compliance_verdict_title(COMPLIANCE_FULFILS), "opfylder");
	assert_string_equal(compliance_verdict_title(COMPLIANCE_PARTLY), "opfylder delvist");
	assert_string_equal(compliance_verdict_title(COMPLIANCE_FAILS), "opfylder ikke");
	assert_null(compliance_find_course(&course, "God sagsbehandlin"));
	assert_string_equal(compliance_find_course(&course, "god SAGSBEHANDLING"), "God sagsbehandling");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_several_records), cmocka_unit_test(test_no_unit),
		cmocka_unit_test(test_workflow_that_is_no_more), cmocka_unit_test(test_titles),
	};

	return RUN_ROWS(person_rows, test_person) + RUN_ROWS(unit_rows, test_unit) +
		RUN_ROWS(inquiry_rows, test_inquiry) + RUN_ROWS(period_rows, test_period) +
		RUN_ROWS(last_rows, test_last_period) + cmocka_run_group_tests(tests, NULL, NULL);
}
