#include "tests/unit/calendar_rows.h"

#include <time.h>

/* Dates: every day of five centuries against gmtime_r(). */

static void test_dates(void **state)
{
	int date = calendar_join(1900, 1, 1), last = calendar_join(2399, 12, 31);

	(void)state;
	assert_int_equal(date, -25567);
	for (; date <= last; date++) {
		struct calendar_parts parts = calendar_split(date);
		time_t seconds = (time_t)date * 86400;
		struct tm tm;

		gmtime_r(&seconds, &tm);
		assert_int_equal(parts.year, tm.tm_year + 1900);
		assert_int_equal(parts.month, tm.tm_mon + 1);
		assert_int_equal(parts.day, tm.tm_mday);
		assert_int_equal(calendar_weekday(date), tm.tm_wday ? tm.tm_wday : 7);
		assert_true(calendar_exists(parts.year, parts.month, parts.day));
		assert_int_equal(calendar_join(parts.year, parts.month, parts.day), date);
	}
}

static void test_days_that_do_not_exist(void **state)
{
	(void)state;
	assert_false(calendar_exists(2026, 2, 29));
	assert_false(calendar_exists(2100, 2, 29));
	assert_true(calendar_exists(2000, 2, 29));
	assert_false(calendar_exists(2026, 4, 31));
	assert_false(calendar_exists(2026, 0, 1));
	assert_false(calendar_exists(2026, 13, 1));
	assert_false(calendar_exists(2026, 1, 0));
}

/* Easter: known Sundays, and every year by the method of Knuth (The Art of Computer Programming 1.3.2, exercise 14). */

static int knuth_easter(int year)
{
	int golden = year % 19 + 1, century = year / 100 + 1;
	int skipped = 3 * century / 4 - 12, moon = (8 * century + 5) / 25 - 5;
	int sunday = 5 * year / 4 - skipped - 10;
	int epact = ((11 * golden + 20 + moon - skipped) % 30 + 30) % 30;
	int full;

	if ((epact == 25 && golden > 11) || epact == 24)
		epact++;
	full = 44 - epact;
	if (full < 21)
		full += 30;
	full += 7 - (sunday + full) % 7;
	return calendar_join(year, 3, 1) + full - 1;
}

static void test_easter(void **state)
{
	static const char *const known[] = {
		"1990-04-15", "1991-03-31", "1995-04-16", "1999-04-04", "2000-04-23", "2005-03-27", "2008-03-23",
		"2010-04-04", "2011-04-24", "2016-03-27", "2019-04-21", "2020-04-12", "2021-04-04", "2022-04-17",
		"2023-04-09", "2024-03-31", "2025-04-20", "2026-04-05", "2027-03-28", "2028-04-16", "2029-04-01",
		"2030-04-21", "2035-03-25", "2038-04-25", "2049-04-18", "2076-04-19", "2099-04-12", "2100-03-28",
		"2160-03-23", "2190-04-25", "2200-04-06",
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(known); i++) {
		const char *name = calendar_holiday(date_of(known[i]));

		if (!name || strcmp(name, "påskedag") != 0)
			fail_msg("%s is Easter, but the calendar says %s", known[i], name ? name : "nothing");
	}
	for (int year = CALENDAR_YEAR_MIN; year <= CALENDAR_YEAR_MAX; year++)
		assert_string_equal(calendar_holiday(knuth_easter(year)), "påskedag");
}

static void test_number_of_holidays(void **state)
{
	(void)state;
	for (int year = CALENDAR_YEAR_MIN; year <= CALENDAR_YEAR_MAX; year++) {
		int count = 0;

		for (int date = calendar_join(year, 1, 1); date < calendar_join(year + 1, 1, 1); date++)
			count += calendar_holiday(date) != NULL;
		assert_int_equal(count, year <= 2023 ? 11 : 10);
	}
}

struct holidays_row {
	const char *name, *days;	/* the year, all its holidays */
};

static const struct holidays_row holidays_rows[] = {
	{ "1990", "01-01 nytårsdag;04-12 skærtorsdag;04-13 langfredag;04-15 påskedag;04-16 2. påskedag;"
		"05-11 store bededag;05-24 Kristi himmelfartsdag;06-03 pinsedag;06-04 2. pinsedag;"
		"12-25 juledag;12-26 2. juledag;" },
	{ "2008", "01-01 nytårsdag;03-20 skærtorsdag;03-21 langfredag;03-23 påskedag;03-24 2. påskedag;"
		"04-18 store bededag;05-01 Kristi himmelfartsdag;05-11 pinsedag;05-12 2. pinsedag;"
		"12-25 juledag;12-26 2. juledag;" },
	{ "2023", "01-01 nytårsdag;04-06 skærtorsdag;04-07 langfredag;04-09 påskedag;04-10 2. påskedag;"
		"05-05 store bededag;05-18 Kristi himmelfartsdag;05-28 pinsedag;05-29 2. pinsedag;"
		"12-25 juledag;12-26 2. juledag;" },
	{ "2024", "01-01 nytårsdag;03-28 skærtorsdag;03-29 langfredag;03-31 påskedag;04-01 2. påskedag;"
		"05-09 Kristi himmelfartsdag;05-19 pinsedag;05-20 2. pinsedag;12-25 juledag;12-26 2. juledag;" },
	{ "2026", "01-01 nytårsdag;04-02 skærtorsdag;04-03 langfredag;04-05 påskedag;04-06 2. påskedag;"
		"05-14 Kristi himmelfartsdag;05-24 pinsedag;05-25 2. pinsedag;12-25 juledag;12-26 2. juledag;" },
	{ "2038", "01-01 nytårsdag;04-22 skærtorsdag;04-23 langfredag;04-25 påskedag;04-26 2. påskedag;"
		"06-03 Kristi himmelfartsdag;06-13 pinsedag;06-14 2. pinsedag;12-25 juledag;12-26 2. juledag;" },
};

static void test_holidays(void **state)
{
	const struct holidays_row *row = *state;
	int year = atoi(row->name);
	char days[1000] = "";
	size_t length = 0;

	for (int date = calendar_join(year, 1, 1); date < calendar_join(year + 1, 1, 1); date++) {
		struct calendar_parts parts = calendar_split(date);

		if (calendar_holiday(date))
			length += (size_t)snprintf(days + length, sizeof(days) - length, "%02d-%02d %s;", parts.month,
				parts.day, calendar_holiday(date));
	}
	assert_string_equal(days, row->days);
}

/* Summer time against the system's tzdata. */

static void assert_shown_as_tzdata(int64_t utc)
{
	struct calendar_local local = calendar_local(utc);
	struct calendar_parts parts = calendar_split(local.date);
	time_t seconds = (time_t)utc;
	struct tm tm;

	localtime_r(&seconds, &tm);
	assert_int_equal(parts.year, tm.tm_year + 1900);
	assert_int_equal(parts.month, tm.tm_mon + 1);
	assert_int_equal(parts.day, tm.tm_mday);
	assert_int_equal(local.minutes, tm.tm_hour * 60 + tm.tm_min);
}

/* A time zone database that is missing makes localtime_r() show UTC without a word. */
static void use_copenhagen(void)
{
	time_t noon = 1782907200;	/* 2026-07-01 12:00 UTC */
	struct tm tm;

	setenv("TZ", "Europe/Copenhagen", 1);
	tzset();
	localtime_r(&noon, &tm);
	if (tm.tm_gmtoff != 7200)
		fail_msg("no time zone database on this machine: install tzdata");
}

static void test_every_hour_is_tzdatas(void **state)
{
	int64_t until = (int64_t)calendar_join(2041, 1, 1) * 86400;

	(void)state;
	use_copenhagen();
	for (int64_t utc = (int64_t)calendar_join(1990, 1, 1) * 86400; utc < until; utc += 3600)
		assert_shown_as_tzdata(utc);
}

/* The edges are looked for in tzdata, not computed: the second before, the second itself, and the way back. */
static void test_every_edge_is_tzdatas(void **state)
{
	int64_t until = (int64_t)calendar_join(2041, 1, 1) * 86400;
	long offset = 3600;
	int edges = 0;

	(void)state;
	use_copenhagen();
	for (int64_t utc = (int64_t)calendar_join(1990, 1, 1) * 86400; utc < until; utc += 900) {
		time_t seconds = (time_t)utc;
		struct calendar_local local;
		struct tm tm;

		localtime_r(&seconds, &tm);
		if (tm.tm_gmtoff == offset)
			continue;
		edges++;
		assert_shown_as_tzdata(utc - 1);
		assert_shown_as_tzdata(utc);
		local = calendar_local(utc);
		assert_int_equal(local.minutes, tm.tm_gmtoff > offset ? 180 : 120);
		for (int64_t near = utc - 2 * 3600; near < utc + 2 * 3600; near += 60) {
			/* an instant of the second pass through a doubled hour comes back as the first */
			int64_t moved = tm.tm_gmtoff < offset && near >= utc && near < utc + 3600 ? 3600 : 0;

			local = calendar_local(near);
			assert_int_equal(calendar_utc(local.date, local.minutes), near - moved);
		}
		offset = tm.tm_gmtoff;
	}
	assert_int_equal(edges, 2 * 51);
}

struct utc_row {
	const char *name;
	const char *local;
	int64_t utc;
};

static const struct utc_row utc_rows[] = {
	{ "winter", "2026-01-15 08:00", 1768460400 },
	{ "summer", "2026-07-15 08:00", 1784095200 },
	{ "last minute before the gap", "2026-03-29 01:59", 1774745940 },
	{ "the gap moves forward to 03:00", "2026-03-29 02:00", 1774746000 },
	{ "in the gap, to 03:30", "2026-03-29 02:30", 1774747800 },
	{ "after the gap", "2026-03-29 03:00", 1774746000 },
	{ "before the doubled hour", "2026-10-25 01:59", 1792886340 },
	{ "the first of two", "2026-10-25 02:30", 1792888200 },
	{ "after the doubled hour", "2026-10-25 03:00", 1792893600 },
	{ "24:00 is the next day", "2026-07-15 24:00", 1784152800 },
	{ "September still ended it in 1995", "1995-10-01 00:00", 812502000 },
	{ "October ended it in 1996", "1996-10-01 00:00", 844120800 },
	{ "before 1970", "1969-12-31 23:00", -7200 },
};

static void test_utc(void **state)
{
	const struct utc_row *row = *state;

	assert_int_equal(instant_of(row->local), row->utc);
}

static void test_wild_instants_stay_in_range(void **state)
{
	struct arena arena = ARENA_NULL;

	(void)state;
	assert_string_equal(iso_of(&arena, calendar_local(INT64_MAX).date), "2399-12-31");
	assert_string_equal(iso_of(&arena, calendar_local(INT64_MIN).date), "1900-01-01");
	arena_done(&arena);
}

/* Working days and deadlines */

struct off_row {
	const char *name;	/* the date */
	const char *why, *why_closed;
};

static const struct off_row off_rows[] = {
	{ "2026-04-01", NULL, NULL },
	{ "2026-04-02", "skærtorsdag", "skærtorsdag" },
	{ "2026-04-04", "lørdag", "lørdag" },
	{ "2026-04-05", "påskedag", "påskedag" },
	{ "2026-04-12", "søndag", "søndag" },
	{ "2026-05-01", NULL, "1. maj" },
	{ "2025-05-01", NULL, "1. maj" },
	{ "2026-05-15", NULL, "dagen efter Kristi himmelfartsdag" },
	{ "2025-05-15", NULL, NULL },
	{ "2026-06-05", NULL, "grundlovsdag" },
	{ "2026-12-24", NULL, "juleaftensdag" },
	{ "2026-12-25", "juledag", "juledag" },
	{ "2026-12-31", NULL, "nytårsaftensdag" },
	{ "2023-05-05", "store bededag", "store bededag" },
	{ "2024-04-26", NULL, NULL },
};

static void assert_text(const char *is, const char *expected)
{
	assert_string_equal(is ? is : "(none)", expected ? expected : "(none)");
}

static void test_why_off(void **state)
{
	const struct off_row *row = *state;
	int date = date_of(row->name);

	assert_text(calendar_why_off(&house, date, false), row->why);
	assert_text(calendar_why_off(&house, date, true), row->why_closed);
	assert_text(calendar_why_off(NULL, date, true), row->why);
	assert_int_equal(calendar_is_working_day(&house, date, true), !row->why_closed);
}

struct due_row {
	const char *name;
	const char *arrival;	/* local time */
	struct calendar_length length;
	bool use_closing_days;
	const char *due;
};

static const struct due_row due_rows[] = {
	{ "an ordinary week", "2026-02-02 10:00", WORKING(5), false, "2026-02-09" },
	{ "over Easter", "2026-03-27 14:05", WORKING(5), false, "2026-04-08" },
	{ "on the Saturday before", "2026-03-28 14:05", WORKING(5), false, "2026-04-08" },
	{ "on Easter Sunday", "2026-04-05 12:00", WORKING(5), false, "2026-04-13" },
	{ "on skærtorsdag", "2026-04-02 09:00", WORKING(1), false, "2026-04-07" },
	{ "a minute before midnight", "2026-02-02 23:59", WORKING(1), false, "2026-02-03" },
	{ "at midnight it is the next day", "2026-02-03 00:00", WORKING(1), false, "2026-02-04" },
	{ "23:59 on a Sunday", "2026-02-01 23:59", WORKING(1), false, "2026-02-02" },
	{ "00:00 on a Monday", "2026-02-02 00:00", WORKING(1), false, "2026-02-03" },
	{ "23:59 in summer, when UTC has the same date", "2026-07-01 23:59", WORKING(1), false, "2026-07-02" },
	{ "00:30 in summer, when UTC is a day behind", "2026-07-02 00:30", WORKING(1), false, "2026-07-03" },
	{ "over Christmas", "2026-12-21 08:00", WORKING(5), false, "2026-12-29" },
	{ "over Christmas, the house closed", "2026-12-21 08:00", WORKING(5), true, "2027-01-06" },
	{ "over the end of the year", "2025-12-29 08:00", WORKING(5), false, "2026-01-06" },
	{ "store bededag in 2023", "2023-05-04 08:00", WORKING(1), false, "2023-05-08" },
	{ "none in 2024", "2024-04-25 08:00", WORKING(1), false, "2024-04-26" },
	{ "1 May is a working day", "2026-04-30 08:00", WORKING(1), false, "2026-05-01" },
	{ "1 May, the house closed", "2026-04-30 08:00", WORKING(1), true, "2026-05-04" },
	{ "calendar days skip nothing", "2026-03-27 14:05", DAYS(7), false, "2026-04-03" },
	{ "calendar days may end on a Sunday", "2026-02-01 14:05", DAYS(7), true, "2026-02-08" },
	{ "across 29 February", "2028-02-28 14:05", DAYS(2), false, "2028-03-01" },
	{ "on the day the clock goes forward", "2026-03-29 03:00", WORKING(1), false, "2026-03-30" },
	{ "nothing: the day itself", "2026-02-02 10:00", WORKING(0), false, "2026-02-02" },
};

static void test_due(void **state)
{
	const struct due_row *row = *state;
	struct arena arena = ARENA_NULL;
	int64_t arrival = instant_of(row->arrival);
	int due = calendar_due(&house, arrival, row->length, row->use_closing_days);

	assert_string_equal(iso_of(&arena, due), row->due);
	if (row->length.unit == CALENDAR_WORKING_DAYS) {
		int count = row->length.count;

		assert_int_equal(calendar_day_number(&house, arrival, due, row->use_closing_days), count);
		assert_int_equal(calendar_count_working_days(&house, calendar_local(arrival).date, due,
			row->use_closing_days), count);
	}
	arena_done(&arena);
}

struct rung_row {
	const char *name;
	const char *due;
	struct calendar_length length;
	bool use_closing_days;
	const char *at;
};

static const struct rung_row rung_rows[] = {
	{ "two before, over Easter", "2026-04-08", WORKING(-2), false, "2026-04-01" },
	{ "one before", "2026-04-08", WORKING(-1), false, "2026-04-07" },
	{ "on the day", "2026-04-08", WORKING(0), false, "2026-04-08" },
	{ "one after, over a weekend", "2026-04-10", WORKING(1), false, "2026-04-13" },
	{ "one after, over the new year", "2026-12-31", WORKING(1), false, "2027-01-04" },
	{ "one before, the house closed", "2027-01-04", WORKING(-1), true, "2026-12-23" },
	{ "calendar days before", "2026-04-08", DAYS(-7), false, "2026-04-01" },
	{ "a year of working days", "2026-01-02", WORKING(250), false, "2026-12-28" },
	{ "and back", "2026-12-28", WORKING(-250), false, "2026-01-02" },
};

static void test_rung(void **state)
{
	const struct rung_row *row = *state;
	struct arena arena = ARENA_NULL;
	int at = calendar_add(&house, date_of(row->due), row->length, row->use_closing_days);

	assert_string_equal(iso_of(&arena, at), row->at);
	arena_done(&arena);
}

static void test_due_instant_is_midnight(void **state)
{
	int due = date_of("2026-04-08");

	(void)state;
	assert_int_equal(calendar_end(due), instant_of("2026-04-09 00:00"));
	assert_int_equal(calendar_end_date(calendar_end(due)), due);
	assert_int_equal(calendar_local(calendar_end(due) - 1).date, due);
	/* the days on which the clock is put have 23 and 25 hours */
	assert_int_equal(calendar_end(date_of("2026-03-29")) - calendar_end(date_of("2026-03-28")), 23 * 3600);
	assert_int_equal(calendar_end(date_of("2026-10-25")) - calendar_end(date_of("2026-10-24")), 25 * 3600);
}

struct number_row {
	const char *name;	/* the date */
	int number;
};

static const struct number_row number_rows[] = {
	{ "2026-03-26", 0 }, { "2026-03-27", 0 }, { "2026-03-28", 0 }, { "2026-03-29", 0 }, { "2026-03-30", 1 },
	{ "2026-04-01", 3 }, { "2026-04-02", 3 }, { "2026-04-06", 3 }, { "2026-04-07", 4 }, { "2026-04-08", 5 },
	{ "2026-04-09", 6 },
};

static void test_day_number(void **state)
{
	const struct number_row *row = *state;

	assert_int_equal(calendar_day_number(NULL, instant_of("2026-03-27 14:05"), date_of(row->name), false),
		row->number);
}

static void test_remaining_days(void **state)
{
	int due = date_of("2026-04-08");

	(void)state;
	assert_int_equal(calendar_count_working_days(NULL, date_of("2026-03-31"), due, false), 3);
	assert_int_equal(calendar_count_working_days(NULL, due, due, false), 0);
	assert_int_equal(calendar_count_working_days(NULL, date_of("2026-04-10"), due, false), -2);
	assert_int_equal(calendar_count_working_days(&house, date_of("2026-04-30"), date_of("2026-05-04"), true), 1);
}

static void test_a_house_that_never_opens(void **state)
{
	struct calendar_closing all[366];
	struct calendar never = { all, COUNT_OF(all) };
	int first = date_of("2028-01-01"), from = date_of("2026-01-01");
	int64_t now = instant_of("2026-01-01 10:00");

	(void)state;
	for (size_t i = 0; i < COUNT_OF(all); i++) {
		struct calendar_parts parts = calendar_split(first + (int)i);

		all[i] = (struct calendar_closing){ 0, parts.month, parts.day, "lukket" };
	}
	assert_true(calendar_add_working_days(&never, from, 1, true) > from + 365 * 40);
	assert_true(calendar_add_working_days(&never, from, -1, true) < from - 365 * 40);
	assert_int_equal(calendar_next_sending(&never, NULL, 0, now), now);
}

/* Sending hours: 07:00-12:00 and 13:00-17:00, in either order. */

static const struct calendar_window windows[] = { { 13 * 60, 17 * 60 }, { 7 * 60, 12 * 60 } };

struct sending_row {
	const char *name;
	const char *now, *next;
};

static const struct sending_row sending_rows[] = {
	{ "inside", "2026-02-02 10:00", "2026-02-02 10:00" },
	{ "the first minute", "2026-02-02 07:00", "2026-02-02 07:00" },
	{ "at night", "2026-02-02 03:00", "2026-02-02 07:00" },
	{ "at lunch", "2026-02-02 12:00", "2026-02-02 13:00" },
	{ "the last minute", "2026-02-02 16:59", "2026-02-02 16:59" },
	{ "in the evening", "2026-02-02 17:00", "2026-02-03 07:00" },
	{ "on Friday evening", "2026-02-06 18:00", "2026-02-09 07:00" },
	{ "on Saturday", "2026-02-07 10:00", "2026-02-09 07:00" },
	{ "over Easter", "2026-04-02 10:00", "2026-04-07 07:00" },
	{ "on a closing day", "2026-05-01 10:00", "2026-05-04 07:00" },
	{ "over the end of the year", "2026-12-23 17:30", "2027-01-04 07:00" },
	{ "over the night the clock goes forward", "2026-03-27 18:00", "2026-03-30 07:00" },
	{ "over the night the clock goes back", "2026-10-23 18:00", "2026-10-26 07:00" },
};

static void test_sending(void **state)
{
	const struct sending_row *row = *state;
	const struct calendar_window in_order[] = { windows[1], windows[0] };
	int64_t now = instant_of(row->now), next = instant_of(row->next);

	assert_int_equal(calendar_next_sending(&house, windows, COUNT_OF(windows), now), next);
	assert_int_equal(calendar_next_sending(&house, in_order, COUNT_OF(in_order), now), next);
}

static void test_sending_odd_windows(void **state)
{
	static const struct calendar_window never[] = { { 600, 600 }, { 900, 300 } };
	int64_t sunday = instant_of("2026-02-01 10:00"), monday = instant_of("2026-02-02 10:00");

	(void)state;
	assert_int_equal(calendar_next_sending(NULL, never, COUNT_OF(never), sunday), sunday);
	assert_int_equal(calendar_next_sending(NULL, NULL, 0, monday + 17), monday + 17);
	assert_int_equal(calendar_next_sending(NULL, NULL, 0, sunday), instant_of("2026-02-02 00:00"));
	/* seconds count: the last one of a window is inside */
	assert_int_equal(calendar_next_sending(NULL, windows, COUNT_OF(windows), instant_of("2026-02-02 17:00") - 1),
		instant_of("2026-02-02 17:00") - 1);
}

struct months_row {
	const char *name, *from;
	int months;
	const char *to;
};

static const struct months_row months_rows[] = {
	{ "the same day", "2026-04-14", 3, "2026-07-14" },
	{ "no months", "2026-04-14", 0, "2026-04-14" },
	{ "into the next year", "2026-11-30", 1, "2026-12-30" },
	{ "from December", "2026-12-31", 2, "2027-02-28" },
	{ "a month without a 31st", "2026-08-31", 1, "2026-09-30" },
	{ "the end of February", "2026-01-31", 1, "2026-02-28" },
	{ "in a leap year", "2028-01-31", 1, "2028-02-29" },
	{ "from a leap day", "2024-02-29", 12, "2025-02-28" },
	{ "from a leap day to the next", "2024-02-29", 48, "2028-02-29" },
	{ "no leap year", "2096-02-29", 48, "2100-02-28" },
	{ "from the last of February", "2026-02-28", 1, "2026-03-28" },
	{ "years", "2023-09-30", 36, "2026-09-30" },
	{ "back", "2026-03-31", -1, "2026-02-28" },
	{ "back over a year", "2026-01-15", -1, "2025-12-15" },
	{ "back a year", "2026-12-31", -12, "2025-12-31" },
};

static void test_months(void **state)
{
	const struct months_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	assert_string_equal(iso_of(&arena, calendar_add_months(date_of(row->from), row->months)), row->to);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_dates),
		cmocka_unit_test(test_days_that_do_not_exist),
		cmocka_unit_test(test_easter),
		cmocka_unit_test(test_number_of_holidays),
		cmocka_unit_test(test_every_hour_is_tzdatas),
		cmocka_unit_test(test_every_edge_is_tzdatas),
		cmocka_unit_test(test_wild_instants_stay_in_range),
		cmocka_unit_test(test_due_instant_is_midnight),
		cmocka_unit_test(test_remaining_days),
		cmocka_unit_test(test_a_house_that_never_opens),
		cmocka_unit_test(test_sending_odd_windows),
	};
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	failed += RUN_ROWS(holidays_rows, test_holidays);
	failed += RUN_ROWS(utc_rows, test_utc);
	failed += RUN_ROWS(off_rows, test_why_off);
	failed += RUN_ROWS(due_rows, test_due);
	failed += RUN_ROWS(rung_rows, test_rung);
	failed += RUN_ROWS(number_rows, test_day_number);
	failed += RUN_ROWS(sending_rows, test_sending);
	failed += RUN_ROWS(months_rows, test_months);
	return failed;
}
