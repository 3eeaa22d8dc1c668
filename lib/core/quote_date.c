/*
 * The day in a quoted head's "Sendt:" or "Date:" line, of programs in Danish, English and German: "20. marts 2026
 * 10:00", "Friday, March 20, 2026 10:00 AM", "fre. 20. mar. 2026 kl. 10.00", "2026-03-20 10:00", "20/03-2026 10:00".
 * What could be read in two ways is read as Danes write it, the day first.
 */
#include "core/quote.h"

#include "base/text.h"
#include "core/calendar.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

enum { NUMBERS_MAX = 3 };

/* What the line says, from left to right. */
struct date_line {
	int month;			/* by name, 1 to 12; 0: none */
	int numbers[NUMBERS_MAX], digits[NUMBERS_MAX];
	size_t count;
};

/* Names of months differ in their first three letters, in each language and between them. */
static int month_of(const char *word, size_t length)
{
	static const struct { const char *begin; int month; } months[] = {
		{ "jan", 1 }, { "feb", 2 }, { "mar", 3 }, { "mär", 3 }, { "apr", 4 }, { "maj", 5 }, { "may", 5 }, { "mai", 5 },
		{ "jun", 6 }, { "jul", 7 }, { "aug", 8 }, { "sep", 9 }, { "okt", 10 }, { "oct", 10 }, { "nov", 11 },
		{ "dec", 12 }, { "dez", 12 },
	};

	for (size_t i = 0; i < COUNT_OF(months); i++) {
		size_t begin = strlen(months[i].begin);

		if (length >= begin && strncasecmp(word, months[i].begin, begin) == 0)
			return months[i].month;
	}
	return 0;
}

static size_t read_number(const char *at, struct date_line *line)
{
	size_t length = strspn(at, "0123456789");

	if (line->count < NUMBERS_MAX) {
		int value = 0;

		for (size_t i = 0; i < length && i < 5; i++)
			value = value * 10 + (at[i] - '0');
		line->numbers[line->count] = value;
		line->digits[line->count++] = (int)length;
	}
	return length;
}

static void read_line(const char *at, struct date_line *ret_line)
{
	*ret_line = (struct date_line){ .month = 0 };
	while (*at && *at != '\n') {
		size_t length = 0;

		if (text_is_digit(*at)) {
			at += read_number(at, ret_line);
			continue;
		}
		while (text_begins_word(at + length) && !text_is_digit(at[length]))
			length += text_character_length(at + length);
		if (length && !ret_line->month)
			ret_line->month = month_of(at, length);
		at += length ? length : text_character_length(at);
	}
}

/* The year has four digits; where the month has a name it is the next number, else the one before or behind two. */
static bool find_parts(const struct date_line *line, int *ret_year, int *ret_month, int *ret_day)
{
	const int *numbers = line->numbers;
	bool year_first = line->digits[0] == 4;
	size_t last = line->month ? 1 : 2;

	if (line->count <= last || (!year_first && line->digits[last] != 4))
		return false;
	*ret_year = year_first ? numbers[0] : numbers[last];
	*ret_month = line->month ? line->month : numbers[1];
	*ret_day = year_first ? numbers[last] : numbers[0];
	return true;
}

int quote_read_date(const char *text)
{
	struct date_line line;
	int year, month, day, date;
	char written[40];

	read_line(text, &line);
	if (!find_parts(&line, &year, &month, &day))
		return 0;
	snprintf(written, sizeof(written), "%04d-%02d-%02d", year, month, day);
	return calendar_parse_date(written, CALENDAR_NO_REFERENCE, &date) == 0 ? date : 0;
}
