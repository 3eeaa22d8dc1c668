/* calendar_rows - what the tables about the calendar are written in, and the closing days of their house. */
#ifndef TESTS_UNIT_CALENDAR_ROWS_H
#define TESTS_UNIT_CALENDAR_ROWS_H

#include "core/calendar.h"
#include "tests/rows.h"

#define WORKING(count) { count, CALENDAR_WORKING_DAYS }
#define DAYS(count) { count, CALENDAR_DAYS }

/* "2026-04-08", or "2026-04-08 23:59" local time, of a test row. */
static inline int date_of(const char *iso)
{
	int year, month, day;

	assert_int_equal(sscanf(iso, "%4d-%2d-%2d", &year, &month, &day), 3);
	assert_true(calendar_exists(year, month, day));
	return calendar_join(year, month, day);
}

static inline int64_t instant_of(const char *local)
{
	int hour, minute;

	assert_int_equal(sscanf(local, "%*d-%*d-%*d %2d:%2d", &hour, &minute), 2);
	return calendar_utc(date_of(local), hour * 60 + minute);
}

static inline const char *iso_of(struct arena *arena, int date)
{
	return calendar_format_date(arena, date, CALENDAR_ISO);
}

static const struct calendar_closing closings[] = {
	{ 0, 5, 1, "1. maj" },
	{ 2026, 5, 15, "dagen efter Kristi himmelfartsdag" },
	{ 0, 6, 5, "grundlovsdag" },
	{ 0, 12, 24, "juleaftensdag" },
	{ 2026, 12, 28, "mellem jul og nytår" },
	{ 2026, 12, 29, "mellem jul og nytår" },
	{ 2026, 12, 30, "mellem jul og nytår" },
	{ 0, 12, 31, "nytårsaftensdag" },
};

static const struct calendar house = { closings, COUNT_OF(closings) };

#endif
