/*
 * Dates as mail has them: the words of RFC 5322, in almost any order. Each word is offered to the takers in turn; one
 * that no taker wants makes the date unreadable, which is better than a wrong one.
 */
#include "io/mime_date.h"

#include "io/mime_field.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { WORD_MAX = 20, UNKNOWN = -1 };

#define DIGITS "0123456789"

/* A clock that is that wrong says nothing. */
static const int64_t year_2200 = INT64_C(7258118400);

/* What is known of a date while its words are read; UNKNOWN: nothing yet. */
struct date {
	int day, month, year, hour, minute, second;
	int zone;		/* minutes east of Greenwich */
	bool offset;		/* the zone was a number */
	bool zone_known;
};

/* The next word, whatever white space, commas and comments are before it. 1: there is none; -1: one too long. */
static int next_word(const char **at, char *ret_word)
{
	size_t length;

	while (**at && strchr(" \t,(", **at))
		*at = **at == '(' ? mime_field_comment(*at, NULL) : *at + 1;
	length = strcspn(*at, " \t,(");
	if (length > WORD_MAX)
		return -1;
	memcpy(ret_word, *at, length);
	ret_word[length] = '\0';
	*at += length;
	return length ? 0 : 1;
}

/* Reads a number of `length` digits and steps behind it. */
static bool read_digits(const char **at, size_t length, int *ret_number)
{
	*ret_number = 0;
	for (size_t i = 0; i < length; i++, ++*at) {
		if (**at < '0' || **at > '9')
			return false;
		*ret_number = *ret_number * 10 + **at - '0';
	}
	return true;
}

static bool is_of_letters(const char *word)
{
	while ((*word >= 'A' && *word <= 'Z') || (*word >= 'a' && *word <= 'z'))
		word++;
	return !*word;
}

/* 0 for the first of the names, of three letters each; UNKNOWN: none. The word may go on: "Tuesday". */
static int find_name(const char *names, const char *word)
{
	if (strlen(word) < 3 || !is_of_letters(word))
		return UNKNOWN;
	for (int i = 0; *names; i++, names += 3)
		if (((*names ^ *word) & ~0x20) == 0 && strncasecmp(names, word, 3) == 0)	/* most differ at once */
			return i;
	return UNKNOWN;
}

static bool take_weekday(struct date *date, const char *word)
{
	(void)date;
	return find_name("MonTueWedThuFriSatSun", word) != UNKNOWN;
}

static bool take_month(struct date *date, const char *word)
{
	int month = find_name("JanFebMarAprMayJunJulAugSepOctNovDec", word);

	if (month == UNKNOWN || date->month != UNKNOWN)
		return false;
	date->month = month;
	return true;
}

/* The first number is the day, the second the year (RFC 5322, 4.3: one of two digits lies in 1950-2049). */
static bool take_number(struct date *date, const char *word)
{
	size_t digits = strspn(word, DIGITS);
	int number = (int)strtol(word, NULL, 10);

	if (!digits || word[digits])
		return false;
	if (date->day == UNKNOWN && digits <= 2)
		date->day = number;
	else if (date->year == UNKNOWN && (digits == 2 || digits == 4))
		date->year = digits == 4 ? number : number + (number < 50 ? 2000 : 1900);
	else
		return false;
	return true;
}

/* "10:12" or "10:12:30"; the hour may have one digit. */
static bool take_time(struct date *date, const char *word)
{
	size_t digits = strspn(word, DIGITS);

	if (date->hour != UNKNOWN || digits < 1 || digits > 2 || word[digits] != ':')
		return false;
	read_digits(&word, digits, &date->hour);
	word++;
	if (!read_digits(&word, 2, &date->minute))
		return false;
	date->second = 0;
	return !*word || (*word++ == ':' && read_digits(&word, 2, &date->second) && !*word);
}

static bool take_offset(struct date *date, const char *word)
{
	int sign = *word == '-' ? -1 : 1, hours, minutes;

	if ((*word != '+' && *word != '-') || date->zone_known)
		return false;
	word++;
	if (!read_digits(&word, 2, &hours))
		return false;
	word += *word == ':';
	if (!read_digits(&word, 2, &minutes) || *word || hours > 23 || minutes > 59)
		return false;
	date->zone = sign * (hours * 60 + minutes);
	date->zone_known = date->offset = true;
	return true;
}

/* Behind an offset the name says nothing new; one that is not known stands for UTC (RFC 5322, 4.3). */
static bool take_zone_name(struct date *date, const char *word)
{
	static const struct { const char *name; int hours; } zones[] = {
		{ "EST", -5 }, { "EDT", -4 }, { "CST", -6 }, { "CDT", -5 }, { "MST", -7 }, { "MDT", -6 }, { "PST", -8 },
		{ "PDT", -7 },
	};

	if (!is_of_letters(word) || date->hour == UNKNOWN || (date->zone_known && !date->offset))
		return false;
	for (size_t i = 0; !date->offset && i < sizeof(zones) / sizeof(zones[0]); i++)
		if (strcasecmp(word, zones[i].name) == 0)
			date->zone = zones[i].hours * 60;
	date->zone_known = true;
	return true;
}

static bool take_word(struct date *date, const char *word)
{
	static bool (*const takers[])(struct date *, const char *) = {
		take_weekday, take_month, take_number, take_time, take_offset, take_zone_name
	};

	for (size_t i = 0; i < sizeof(takers) / sizeof(takers[0]); i++)
		if (takers[i](date, word))
			return true;
	return false;
}

/* A second of 60 is a leap second: the next minute begins with it, as everywhere in POSIX. */
static int64_t seconds_of(const struct date *date)
{
	struct tm midnight = { .tm_year = date->year - 1900, .tm_mon = date->month, .tm_mday = date->day };
	int64_t seconds;

	if (date->day == UNKNOWN || date->month == UNKNOWN || date->year == UNKNOWN || date->hour == UNKNOWN ||
	    date->hour > 23 || date->minute > 59 || date->second > 60)
		return 0;
	seconds = ((int64_t)date->hour * 60 + date->minute - date->zone) * 60 + date->second + timegm(&midnight);
	/* timegm() takes 30 February for 2 March */
	return midnight.tm_mday == date->day && seconds > 0 && seconds < year_2200 ? seconds : 0;
}

int64_t mime_date_read(const char *value)
{
	struct date date = {
		.day = UNKNOWN, .month = UNKNOWN, .year = UNKNOWN, .hour = UNKNOWN, .minute = UNKNOWN, .second = UNKNOWN,
	};
	char word[WORD_MAX + 1];
	int result;

	while ((result = next_word(&value, word)) == 0)
		if (!take_word(&date, word))
			return 0;
	return result < 0 ? 0 : seconds_of(&date);
}

/* Behind the last semicolon that stands in no comment (RFC 5321, 4.4). */
int64_t mime_date_of_received(const char *value)
{
	const char *date = NULL;

	while (*value) {
		if (*value == ';')
			date = value + 1;
		value = *value == '(' ? mime_field_comment(value, NULL) : value + 1;
	}
	return date ? mime_date_read(date) : 0;
}
