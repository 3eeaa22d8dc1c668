#include "tests/rows.h"

#include "io/mime_date.h"

static const struct date_row {
	const char *name, *value;
	int64_t seconds;
} date_rows[] = {
	{ "common", "Thu, 01 Jan 2026 08:00:00 +0100", 1767250800 },
	{ "one digit", "Thu, 1 Jan 2026 08:00:00 +0100", 1767250800 },
	{ "no day of the week", "1 Jan 2026 08:00:00 +0100", 1767250800 },
	{ "blank before", " Thu, 1 Jan 2026 08:00:00 +0100", 1767250800 },
	{ "west, half an hour", "Wed, 31 Dec 2025 23:30:00 -0730", 1767250800 },
	{ "UTC", "Thu, 1 Jan 2026 07:00:00 +0000", 1767250800 },
	{ "comment", "Thu, 1 Jan 2026 08:00:00 +0100 (CET)", 1767250800 },
	{ "GMT", "Thu, 1 Jan 2026 07:00:00 GMT", 1767250800 },
	{ "no seconds", "Thu, 1 Jan 2026 08:00 +0100", 1767250800 },
	{ "zone with a colon", "Tue, 14 Apr 2026 10:12:30 +02:00", 1776154350 },
	{ "leap second", "Tue, 14 Apr 2026 10:12:60 +0200", 1776154380 },
	{ "dots are no time", "Tue, 14 Apr 2026 10.12.30 +0200", 0 },
	{ "no time", "Tue, 14 Apr 2026", 0 },
	{ "no zone", "Tue, 14 Apr 2026 10:12:30", 1776161550 },
	{ "unknown zone", "Tue, 14 Apr 2026 10:12:30 CEST", 1776161550 },
	{ "zone of RFC 822", "Tue, 14 Apr 2026 10:12:30 EDT", 1776175950 },
	{ "small letters", "tue, 14 apr 2026 10:12:30 gmt", 1776161550 },
	{ "two digits of a year", "14 Apr 26 10:12:30 +0200", 1776154350 },
	{ "two digits of a year gone by", "1 Jan 99 00:00:00 +0000", 915148800 },
	{ "comments and blanks", "Tue(x (y)),14(;) Apr  2026 10:12:30(\\)) +0200", 1776154350 },
	{ "asctime", "Tue Apr 14 10:12:30 2026", 1776161550 },
	{ "RFC 3339", "2026-04-14T10:12:30+02:00", 0 },
	{ "no such day", "Mon, 30 Feb 2026 10:12:30 +0200", 0 },
	{ "no such month", "14 Apx 2026 10:12:30 +0200", 0 },
	{ "no such hour", "14 Apr 2026 24:12:30 +0200", 0 },
	{ "no such minute", "14 Apr 2026 10:60:30 +0200", 0 },
	{ "no such second", "14 Apr 2026 10:12:61 +0200", 0 },
	{ "no such zone", "14 Apr 2026 10:12:30 +0299", 0 },
	{ "two times", "14 Apr 2026 10:12:30 11:12:30 +0200", 0 },
	{ "two zones", "14 Apr 2026 10:12:30 +0200 +0100", 0 },
	{ "name of the zone behind it", "14 Apr 2026 10:12:30 +0200 CEST", 1776154350 },
	{ "a comment that does not end", "14 Apr 2026 10:12:30 (+0200", 1776161550 },
	{ "leap day", "Thu, 29 Feb 2024 12:00:00 +0000", 1709208000 },
	{ "last day of the year", "Thu, 31 Dec 2026 23:59:59 +0100", 1798757999 },
	{ "before 1970", "Wed, 31 Dec 1969 12:00:00 +0000", 0 },
	{ "after 2200", "Wed, 1 Jan 2201 12:00:00 +0000", 0 },
	{ "nothing", "", 0 },
	{ "words", "i morgen", 0 },
};

static void test_date(void **state)
{
	const struct date_row *row = *state;

	assert_int_equal(mime_date_read(row->value), row->seconds);
}

int main(void)
{
	return RUN_ROWS(date_rows, test_date);
}
