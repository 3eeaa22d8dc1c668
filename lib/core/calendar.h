/*
 * calendar - Danish working days, deadlines and dates, in Europe/Copenhagen.
 *
 * A date is an int: days since 1970-01-01, so that dates compare and subtract as they are. An instant is UTC in seconds
 * since 1970. Arithmetic holds for 1900-2399; public holidays and summer time are right for 1990-2200.
 *
 * A deadline of N days (docs/guidelines.md, A0) that arrives at an instant has day 1 after the local date of arrival,
 * whatever the hour, and is due at the end of day N. The due date is that day; the due instant is the first instant
 * that is too late, 00:00 local time of the next day (calendar_end()).
 *
 * Working days are Monday to Friday that are no public holiday; closing days are working days unless the caller says
 * use_closing_days. Wherever a calendar is asked for, NULL means one without closing days.
 */
#ifndef CORE_CALENDAR_H
#define CORE_CALENDAR_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	CALENDAR_YEAR_MIN = 1990,
	CALENDAR_YEAR_MAX = 2200,
	CALENDAR_LENGTH_MAX = 3650,	/* days, either way */
	CALENDAR_MINUTES_A_DAY = 1440,
};

/* A day on which the house is closed although it is no public holiday. */
struct calendar_closing {
	int year;		/* 0: every year */
	int month, day;
	const char *name;	/* Danish, as people read it */
};

/* The configured part of the calendar. The list belongs to whoever made it. */
struct calendar {
	const struct calendar_closing *closings;
	size_t closing_count;
};

struct calendar_parts {
	int year, month, day;
};

/* A date and the whole minutes since its beginning as the wall clock shows them. */
struct calendar_local {
	int date, minutes;
};

enum calendar_unit {
	CALENDAR_WORKING_DAYS,
	CALENDAR_DAYS,
};

struct calendar_length {
	int count;		/* negative: before */
	enum calendar_unit unit;
};

/* Sending hours on one day: from (included) to until (not included), minutes of the local day. */
struct calendar_window {
	int from_minutes, until_minutes;
};

enum calendar_form {
	CALENDAR_SHORT,		/* ons. 8/4 */
	CALENDAR_LONG,		/* 8. april 2026 */
	CALENDAR_SPOKEN,	/* onsdag den 8. april */
	CALENDAR_NUMERIC,	/* 08-04-2026 */
	CALENDAR_ISO,		/* 2026-04-08 */
	CALENDAR_WEEKDAY,	/* onsdag */
};

/* Positive conditions of calendar_parse_date(). */
enum {
	CALENDAR_NOT_A_DATE = 1,
	CALENDAR_OUT_OF_RANGE = 2,	/* a date, but not in 1990-2200 */
};

/* Is there such a day in the Gregorian calendar? */
bool calendar_exists(int year, int month, int day);

/* The date of an existing day, and back. */
int calendar_join(int year, int month, int day);
struct calendar_parts calendar_split(int date);

/* ISO 8601: Monday is 1, Sunday 7. */
int calendar_weekday(int date);

/* The Danish name of the public holiday (store bededag up to 2023 only), or NULL. */
const char *calendar_holiday(int date);

/* The name of the first configured closing day on that date, or NULL. */
const char *calendar_closing(const struct calendar *calendar, int date);

/* NULL on a working day, else why it is none: a holiday, a closing day (if they are used), "lørdag" or "søndag". */
const char *calendar_why_off(const struct calendar *calendar, int date, bool use_closing_days);

bool calendar_is_working_day(const struct calendar *calendar, int date, bool use_closing_days);

/* The count-th working day after date; before it, when count is negative; date itself, working day or not, for 0.
 * A configuration that closes all days ends the search after some forty years. */
int calendar_add_working_days(const struct calendar *calendar, int date, int count, bool use_closing_days);

/* The date at that length from date: for rungs of a ladder, relative to the due date. Calendar days skip nothing. */
int calendar_add(const struct calendar *calendar, int date, struct calendar_length length, bool use_closing_days);

/* The same day of the month, count months later (negative: earlier); where it has no such day, its last one. */
int calendar_add_months(int date, int count);

/* The due date of a deadline that arrived then. */
int calendar_due(const struct calendar *calendar, int64_t arrival_utc, struct calendar_length length,
	bool use_closing_days);

/* The working days after `after` up to and with `until`; negative, counted the other way, when until is earlier. */
int calendar_count_working_days(const struct calendar *calendar, int after, int until, bool use_closing_days);

/* Which working day (dag N) of what arrived then date is; a day off has the number of the working day before it;
 * 0 up to day 1. */
int calendar_day_number(const struct calendar *calendar, int64_t arrival_utc, int date, bool use_closing_days);

/* What the wall clock shows at an instant. An instant outside 1900-2399 is taken as the nearest one inside. */
struct calendar_local calendar_local(int64_t utc);

/*
 * The instant at which the wall clock shows date and minutes (0-1440). What it shows twice, on the last Sunday of
 * October, is the first of the two; what it skips, on the last Sunday of March, is moved forward by the hour skipped.
 */
int64_t calendar_utc(int date, int minutes);

/* The first instant after the local date: the due instant of a due date. */
int64_t calendar_end(int date);

/* The due date of a due instant. */
int calendar_end_date(int64_t end_utc);

/*
 * The earliest instant at or after utc that lies in a window on a working day that is no closing day either. No
 * windows: all hours of such a day. Nothing open within some forty years: utc itself.
 */
int64_t calendar_next_sending(const struct calendar *calendar, const struct calendar_window *windows, size_t count,
	int64_t utc);

/* "5 arbejdsdage", "-1 arbejdsdag", "+2 arbejdsdage", "7 dage", "7 kalenderdage". -1: not that, or beyond ±3650. */
NODISCARD int calendar_parse_length(const char *text, struct calendar_length *ret_length, struct err *err);

/* reference of calendar_parse_date() when a date without a year is no date */
#define CALENDAR_NO_REFERENCE INT32_MIN

/*
 * A date as people write it: 14-04-2026, 14/4, 14/4-2026, 14.4.2026, 14/04/26 (20yy), 14. april, 14. apr. 2026,
 * 2026-04-14. Without a year it is the next such date not before reference. Spaces around it are ignored, anything
 * else makes it CALENDAR_NOT_A_DATE.
 */
NODISCARD int calendar_parse_date(const char *text, int reference, int *ret_date);

/* A closing day, "24-12" (every year) or "15-05-2026", called name, which is kept, not copied. */
NODISCARD int calendar_parse_closing(const char *text, const char *name, struct calendar_closing *ret_closing,
	struct err *err);

/* The date in Danish. */
char *calendar_format_date(struct arena *arena, int date, enum calendar_form form);

/*
 * How the count was made, as mails show it:
 * "modtaget fre. 27/3 · dag 1 man. 30/3 · skærtorsdag, langfredag og 2. påskedag tæller ikke med · frist ons. 8/4".
 * Days off from Monday to Friday are named, days on end with the same name once; the part is left out without any,
 * and so is day 1 when the length is not positive.
 */
char *calendar_explain(struct arena *arena, const struct calendar *calendar, int64_t arrival_utc,
	struct calendar_length length, bool use_closing_days);

/* The same with another word for the first day than "modtaget". */
char *calendar_explain_from(struct arena *arena, const struct calendar *calendar, const char *what, int64_t arrival_utc,
	struct calendar_length length, bool use_closing_days);

#endif
