#include "core/calendar.h"

#include "base/text.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

enum {
	SATURDAY = 6,
	SECONDS_AN_HOUR = 60 * 60,
	SECONDS_A_DAY = 24 * SECONDS_AN_HOUR,
	WINTER_SECONDS = SECONDS_AN_HOUR,	/* east of UTC */
	SUMMER_SECONDS = 2 * SECONDS_AN_HOUR,
	SEARCH_DAYS_MAX = 15000,	/* forty years: a calendar may be closed altogether */
	FIRST_YEAR = 1900,
	LAST_YEAR = 2399,
};

static const struct {
	int after_easter;
	int last_year;
	const char *name;
} movable_holidays[] = {
	{ -3, INT_MAX, "skærtorsdag" },
	{ -2, INT_MAX, "langfredag" },
	{ 0, INT_MAX, "påskedag" },
	{ 1, INT_MAX, "2. påskedag" },
	{ 26, 2023, "store bededag" },	/* abolished by act no. 214 of 6 March 2023, from 2024 */
	{ 39, INT_MAX, "Kristi himmelfartsdag" },
	{ 49, INT_MAX, "pinsedag" },
	{ 50, INT_MAX, "2. pinsedag" },
};

static const struct {
	int month, day;
	const char *name;
} fixed_holidays[] = {
	{ 1, 1, "nytårsdag" },
	{ 12, 25, "juledag" },
	{ 12, 26, "2. juledag" },
};

static const struct {
	const char *name, *abbreviation;
} weekdays[] = {
	{ "mandag", "man." },
	{ "tirsdag", "tirs." },
	{ "onsdag", "ons." },
	{ "torsdag", "tors." },
	{ "fredag", "fre." },
	{ "lørdag", "lør." },
	{ "søndag", "søn." },
};

static const char *const months[] = {
	"januar", "februar", "marts", "april", "maj", "juni",
	"juli", "august", "september", "oktober", "november", "december",
};

static const struct {
	const char *word;
	enum calendar_unit unit;
} units[] = {
	{ "arbejdsdag", CALENDAR_WORKING_DAYS },
	{ "arbejdsdage", CALENDAR_WORKING_DAYS },
	{ "dag", CALENDAR_DAYS },
	{ "dage", CALENDAR_DAYS },
	{ "kalenderdag", CALENDAR_DAYS },
	{ "kalenderdage", CALENDAR_DAYS },
};

/* Dates */

static int days_in_month(int year, int month)
{
	static const int days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };
	bool leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);

	return days[month - 1] + (month == 2 && leap);
}

bool calendar_exists(int year, int month, int day)
{
	return month >= 1 && month <= 12 && day >= 1 && day <= days_in_month(year, month);
}

/* In both directions years begin in March, so that the leap day is the last one, and 719468 is 1 March of year 0. */
int calendar_join(int year, int month, int day)
{
	int era_year = month > 2 ? year : year - 1;
	int era = era_year / 400;
	int day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;

	era_year -= era * 400;
	return era * 146097 + era_year * 365 + era_year / 4 - era_year / 100 + day_of_year - 719468;
}

struct calendar_parts calendar_split(int date)
{
	int era = (date + 719468) / 146097;
	int day_of_era = date + 719468 - era * 146097;
	int year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
	int day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int march_month = (5 * day_of_year + 2) / 153;
	int month = march_month < 10 ? march_month + 3 : march_month - 9;

	return (struct calendar_parts){
		.year = year_of_era + era * 400 + (month <= 2),
		.month = month,
		.day = day_of_year - (153 * march_month + 2) / 5 + 1,
	};
}

int calendar_weekday(int date)
{
	int from_thursday = date % 7;	/* 1970-01-01 was one */

	return (from_thursday + 7 + 3) % 7 + 1;
}

/* Days off */

/* Meeus, Astronomical Algorithms (1991), chapter 8. */
static int easter(int year)
{
	int a = year % 19, b = year / 100, c = year % 100;
	int h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
	int l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
	int m = (a + 11 * h + 22 * l) / 451;
	int from_march = h + l - 7 * m + 114;

	return calendar_join(year, from_march / 31, from_march % 31 + 1);
}

const char *calendar_holiday(int date)
{
	struct calendar_parts parts = calendar_split(date);
	int after_easter = date - easter(parts.year);

	for (size_t i = 0; i < COUNT_OF(fixed_holidays); i++)
		if (fixed_holidays[i].month == parts.month && fixed_holidays[i].day == parts.day)
			return fixed_holidays[i].name;
	for (size_t i = 0; i < COUNT_OF(movable_holidays); i++)
		if (movable_holidays[i].after_easter == after_easter && parts.year <= movable_holidays[i].last_year)
			return movable_holidays[i].name;
	return NULL;
}

const char *calendar_closing(const struct calendar *calendar, int date)
{
	struct calendar_parts parts = calendar_split(date);

	for (size_t i = 0; calendar && i < calendar->closing_count; i++) {
		const struct calendar_closing *closing = &calendar->closings[i];

		if (closing->month == parts.month && closing->day == parts.day
				&& (closing->year == 0 || closing->year == parts.year))
			return closing->name;
	}
	return NULL;
}

const char *calendar_why_off(const struct calendar *calendar, int date, bool use_closing_days)
{
	const char *name = calendar_holiday(date);
	int weekday = calendar_weekday(date);

	if (!name && use_closing_days)
		name = calendar_closing(calendar, date);
	if (!name && weekday >= SATURDAY)
		name = weekdays[weekday - 1].name;
	return name;
}

bool calendar_is_working_day(const struct calendar *calendar, int date, bool use_closing_days)
{
	return !calendar_why_off(calendar, date, use_closing_days);
}

/* Deadlines */

int calendar_add_working_days(const struct calendar *calendar, int date, int count, bool use_closing_days)
{
	int step = count < 0 ? -1 : 1, left = abs(count);

	for (int days = 0; left > 0 && days < SEARCH_DAYS_MAX; days++) {
		date += step;
		left -= calendar_is_working_day(calendar, date, use_closing_days);
	}
	return date;
}

int calendar_add(const struct calendar *calendar, int date, struct calendar_length length, bool use_closing_days)
{
	if (length.unit == CALENDAR_DAYS)
		return date + length.count;
	return calendar_add_working_days(calendar, date, length.count, use_closing_days);
}

int calendar_add_months(int date, int count)
{
	struct calendar_parts parts = calendar_split(date);
	int month = parts.year * 12 + parts.month - 1 + count, last = days_in_month(month / 12, month % 12 + 1);

	return calendar_join(month / 12, month % 12 + 1, parts.day < last ? parts.day : last);
}

/* A0: the day of arrival does not count, whatever the hour. */
int calendar_due(const struct calendar *calendar, int64_t arrival_utc, struct calendar_length length,
	bool use_closing_days)
{
	return calendar_add(calendar, calendar_local(arrival_utc).date, length, use_closing_days);
}

int calendar_count_working_days(const struct calendar *calendar, int after, int until, bool use_closing_days)
{
	bool backwards = until < after;
	int last = backwards ? after : until, count = 0;

	for (int date = (backwards ? until : after) + 1; date <= last; date++)
		count += calendar_is_working_day(calendar, date, use_closing_days);
	return backwards ? -count : count;
}

int calendar_day_number(const struct calendar *calendar, int64_t arrival_utc, int date, bool use_closing_days)
{
	int arrival = calendar_local(arrival_utc).date;

	return date > arrival ? calendar_count_working_days(calendar, arrival, date, use_closing_days) : 0;
}

/* Local time */

/* ISO weekdays: 7 is Sunday, and 7 % 7 is none to go back. */
static int last_sunday(int year, int month)
{
	int last = calendar_join(year, month, days_in_month(year, month));

	return last - calendar_weekday(last) % 7;
}

/* Directive 2000/84/EC: from 01:00 UTC to 01:00 UTC. Until 1995 summer time ended in September. */
static int seconds_east(int64_t utc)
{
	int year = calendar_split((int)(utc / SECONDS_A_DAY)).year;
	int64_t from = (int64_t)last_sunday(year, 3) * SECONDS_A_DAY + SECONDS_AN_HOUR;
	int64_t until = (int64_t)last_sunday(year, year < 1996 ? 9 : 10) * SECONDS_A_DAY + SECONDS_AN_HOUR;

	return utc >= from && utc < until ? SUMMER_SECONDS : WINTER_SECONDS;
}

/* Instants beyond the years that we know are shown as the first or last of them. */
struct calendar_local calendar_local(int64_t utc)
{
	int64_t first = (int64_t)calendar_join(FIRST_YEAR, 1, 1) * SECONDS_A_DAY;
	int64_t last = (int64_t)calendar_join(LAST_YEAR, 12, 31) * SECONDS_A_DAY;
	int64_t shown = utc < first ? first : utc > last ? last : utc;
	int64_t second_of_day;

	shown += seconds_east(shown);
	second_of_day = (shown % SECONDS_A_DAY + SECONDS_A_DAY) % SECONDS_A_DAY;
	return (struct calendar_local){
		.date = (int)((shown - second_of_day) / SECONDS_A_DAY),
		.minutes = (int)(second_of_day / 60),
	};
}

int64_t calendar_utc(int date, int minutes)
{
	int64_t shown = (int64_t)date * SECONDS_A_DAY + (int64_t)minutes * 60;

	/* Summer time comes first where the clock shows a time twice; where it skips one, neither offset fits. */
	if (seconds_east(shown - SUMMER_SECONDS) == SUMMER_SECONDS)
		return shown - SUMMER_SECONDS;
	return shown - WINTER_SECONDS;
}

int64_t calendar_end(int date)
{
	return calendar_utc(date + 1, 0);
}

int calendar_end_date(int64_t end_utc)
{
	return calendar_local(end_utc).date - 1;
}

/* Sending hours */

/* The first minute of the day at or after `minutes` that is in a window; INT_MAX when there is none. */
static int next_open_minute(const struct calendar_window *windows, size_t count, int minutes)
{
	int open = INT_MAX;

	for (size_t i = 0; i < count; i++) {
		int from = windows[i].from_minutes > minutes ? windows[i].from_minutes : minutes;

		if (from < windows[i].until_minutes && from < open)
			open = from;
	}
	return open;
}

/* Sending is for working days of this house: closing days count here, whatever a deadline says of them. */
int64_t calendar_next_sending(const struct calendar *calendar, const struct calendar_window *windows, size_t count,
	int64_t utc)
{
	static const struct calendar_window all_day = { 0, CALENDAR_MINUTES_A_DAY };
	struct calendar_local local = calendar_local(utc);
	int minutes = local.minutes;

	if (count == 0) {
		windows = &all_day;
		count = 1;
	}
	for (int days = 0; days < SEARCH_DAYS_MAX; days++, minutes = 0) {
		int open = INT_MAX;

		if (calendar_is_working_day(calendar, local.date + days, true))
			open = next_open_minute(windows, count, minutes);
		if (open == INT_MAX)
			continue;
		return days == 0 && open == local.minutes ? utc : calendar_utc(local.date + days, open);
	}
	return utc;
}

/* Reading */

static bool is_letter(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static void skip_spaces(const char **at)
{
	while (**at == ' ')
		(*at)++;
}

/* Reads the digits at *at, at most four of them. Returns how many; 0 also when there are more. */
static size_t scan_number(const char **at, int *ret_number)
{
	const char *from = *at;
	int number = 0;

	for (; text_is_digit(**at) && *at - from < 4; (*at)++)
		number = number * 10 + (**at - '0');
	if (text_is_digit(**at))
		return 0;
	*ret_number = number;
	return (size_t)(*at - from);
}

int calendar_parse_length(const char *text, struct calendar_length *ret_length, struct err *err)
{
	const char *at = text;
	bool before;
	int count;

	skip_spaces(&at);
	before = *at == '-';
	if (*at == '-' || *at == '+')
		at++;
	if (!scan_number(&at, &count) || *at != ' ')
		return err_set(err, "\"%.60s\" is no length: write it as \"5 arbejdsdage\" or \"7 dage\", at most %d",
			text, CALENDAR_LENGTH_MAX);
	skip_spaces(&at);
	if (count > CALENDAR_LENGTH_MAX)
		return err_set(err, "\"%.60s\" is longer than %d days", text, CALENDAR_LENGTH_MAX);
	for (size_t i = 0; i < COUNT_OF(units); i++) {
		const char *end = at + strlen(units[i].word);

		if (strncasecmp(at, units[i].word, strlen(units[i].word)) != 0)
			continue;
		skip_spaces(&end);
		if (*end)
			continue;
		*ret_length = (struct calendar_length){ before ? -count : count, units[i].unit };
		return 0;
	}
	return err_set(err, "\"%.60s\" is no length: the unit is \"arbejdsdage\" or \"dage\"", text);
}

/* Steps over spaces with at most one of . / - among them. Returns that one, ' ' for spaces alone, 0 for nothing. */
static char skip_separator(const char **at)
{
	char separator = **at == ' ' ? ' ' : '\0';

	skip_spaces(at);
	if (**at && strchr("./-", **at))
		separator = *(*at)++;
	skip_spaces(at);
	return separator;
}

/* Reads "4", "04", "april" or "apr" after the day and the separator. */
static bool scan_month(const char **at, char separator, int *ret_month)
{
	size_t length = 0;

	if (text_is_digit(**at))
		return strchr("./-", separator) && scan_number(at, ret_month) <= 2;
	while (is_letter((*at)[length]))
		length++;
	for (int i = 0; length >= 3 && i < (int)COUNT_OF(months); i++) {
		if (strncasecmp(*at, months[i], length) == 0) {
			*at += length;
			*ret_month = i + 1;
			return true;
		}
	}
	return false;
}

/* Reads what follows the month: nothing, or a year of two or four digits. */
static bool scan_year(const char **at, int *ret_year)
{
	char separator = skip_separator(at);
	size_t digits;
	int year = 0;

	if (!**at) {
		*ret_year = 0;
		return separator != '/' && separator != '-';
	}
	digits = scan_number(at, &year);
	if (!separator || (digits != 2 && digits != 4))
		return false;
	*ret_year = digits == 2 ? 2000 + year : year;
	return *ret_year > 0;
}

/* Behind the year: "-04-14". */
static bool scan_iso(const char **at, struct calendar_parts *parts)
{
	return *(*at)++ == '-' && scan_number(at, &parts->month) == 2
		&& *(*at)++ == '-' && scan_number(at, &parts->day) == 2;
}

/* The parts as written, year 0 without one; false when this is not the form of a date. */
static bool scan_date(const char *at, struct calendar_parts *ret_parts)
{
	struct calendar_parts parts = { .year = 0 };
	size_t digits;
	char separator;
	int first = 0;

	skip_spaces(&at);
	digits = scan_number(&at, &first);
	if (digits == 4) {
		parts.year = first;
		if (parts.year == 0 || !scan_iso(&at, &parts))
			return false;
	} else {
		parts.day = first;
		separator = skip_separator(&at);
		if (digits < 1 || digits > 2 || !separator || !scan_month(&at, separator, &parts.month)
				|| !scan_year(&at, &parts.year))
			return false;
	}
	skip_spaces(&at);
	*ret_parts = parts;
	return *at == '\0';
}

/* The next existing day of that name not before reference; the widest gap is 29 February around 2100. */
static int next_date(const struct calendar_parts *parts, int reference, int *ret_date)
{
	int first = calendar_split(reference).year;

	for (int year = first; year <= first + 8; year++) {
		if (!calendar_exists(year, parts->month, parts->day))
			continue;
		if (calendar_join(year, parts->month, parts->day) < reference)
			continue;
		if (year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
			return CALENDAR_OUT_OF_RANGE;
		*ret_date = calendar_join(year, parts->month, parts->day);
		return 0;
	}
	return CALENDAR_NOT_A_DATE;
}

int calendar_parse_date(const char *text, int reference, int *ret_date)
{
	struct calendar_parts parts;

	if (!scan_date(text, &parts))
		return CALENDAR_NOT_A_DATE;
	if (parts.year == 0 && reference != CALENDAR_NO_REFERENCE)
		return next_date(&parts, reference, ret_date);
	if (parts.year == 0 || !calendar_exists(parts.year, parts.month, parts.day))
		return CALENDAR_NOT_A_DATE;
	if (parts.year < CALENDAR_YEAR_MIN || parts.year > CALENDAR_YEAR_MAX)
		return CALENDAR_OUT_OF_RANGE;
	*ret_date = calendar_join(parts.year, parts.month, parts.day);
	return 0;
}

int calendar_parse_closing(const char *text, const char *name, struct calendar_closing *ret_closing, struct err *err)
{
	enum { LEAP_YEAR = 2000 };
	struct calendar_parts parts;

	if (!scan_date(text, &parts) || !calendar_exists(parts.year ? parts.year : LEAP_YEAR, parts.month, parts.day))
		return err_set(err, "\"%.60s\" is no day: write it as \"24-12\" or \"15-05-2026\"", text);
	*ret_closing = (struct calendar_closing){ parts.year, parts.month, parts.day, name };
	return 0;
}

/* Writing */

char *calendar_format_date(struct arena *arena, int date, enum calendar_form form)
{
	struct calendar_parts parts = calendar_split(date);
	int weekday = calendar_weekday(date) - 1;

	switch (form) {
	case CALENDAR_SHORT:
		return arena_printf(arena, "%s %d/%d", weekdays[weekday].abbreviation, parts.day, parts.month);
	case CALENDAR_LONG:
		return arena_printf(arena, "%d. %s %d", parts.day, months[parts.month - 1], parts.year);
	case CALENDAR_SPOKEN:
		return arena_printf(arena, "%s den %d. %s", weekdays[weekday].name, parts.day, months[parts.month - 1]);
	case CALENDAR_NUMERIC:
		return arena_printf(arena, "%02d-%02d-%04d", parts.day, parts.month, parts.year);
	case CALENDAR_WEEKDAY:
		return arena_strdup(arena, weekdays[weekday].name);
	case CALENDAR_ISO:
		break;
	}
	return arena_printf(arena, "%04d-%02d-%02d", parts.year, parts.month, parts.day);
}

/* "skærtorsdag, langfredag og 2. påskedag tæller ikke med · ", or nothing. The last name is known one name later. */
static void add_days_off(struct text *row, const struct calendar *calendar, int after, int until,
	bool use_closing_days)
{
	const char *last = NULL;
	size_t names = 0;

	for (int date = after + 1; date <= until; date++) {
		const char *name = calendar_why_off(calendar, date, use_closing_days);

		if (!name || calendar_weekday(date) >= SATURDAY || (last && strcmp(last, name) == 0))
			continue;
		if (last)
			text_addf(row, "%s%s", names++ ? ", " : "", last);
		last = name;
	}
	if (last)
		text_addf(row, "%s%s tæller ikke med · ", names ? " og " : "", last);
}

/*
 * "modtaget fre. 27/3 · dag 1 man. 30/3 · … · frist …": people count along, and find the day that they had forgotten.
 */
char *calendar_explain(struct arena *arena, const struct calendar *calendar, int64_t arrival_utc,
	struct calendar_length length, bool use_closing_days)
{
	return calendar_explain_from(arena, calendar, "modtaget", arrival_utc, length, use_closing_days);
}

char *calendar_explain_from(struct arena *arena, const struct calendar *calendar, const char *what, int64_t arrival_utc,
	struct calendar_length length, bool use_closing_days)
{
	struct calendar_length one = { 1, length.unit };
	int arrival = calendar_local(arrival_utc).date;
	int due = calendar_add(calendar, arrival, length, use_closing_days);
	struct text row = TEXT_NULL;
	char *copy;

	text_addf(&row, "%s %s · ", what, calendar_format_date(arena, arrival, CALENDAR_SHORT));
	if (length.count > 0)
		text_addf(&row, "dag 1 %s · ", calendar_format_date(arena,
			calendar_add(calendar, arrival, one, use_closing_days), CALENDAR_SHORT));
	if (length.unit == CALENDAR_WORKING_DAYS)
		add_days_off(&row, calendar, arrival, due, use_closing_days);
	text_addf(&row, "frist %s", calendar_format_date(arena, due, CALENDAR_SHORT));
	copy = arena_strdup(arena, text_string(&row));
	text_done(&row);
	return copy;
}
