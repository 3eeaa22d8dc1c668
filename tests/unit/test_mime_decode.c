#include "tests/rows.h"

#include "base/err.h"
#include "io/mime_decode.h"

#include <string.h>

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

	assert_int_equal(mime_decode_date(row->value), row->seconds);
}

/* With a comment behind it a date is read by GMime: both ways come to the same, also for what is not quite a date. */
static void test_both_ways(void **state)
{
	static const char *const values[] = {
		"Fri, 17 Apr 2026 10:12:30 +0200", "17 Apr 2026 10:12:30 -0400", "Sat, 30 May 2026 00:00:00 +1400",
		"Mon, 31 Aug 2026 23:59:59 -1200", "Tue, 28 Feb 2023 01:02:03 +0530",
	};
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(values) / sizeof(values[0]); i++)
		assert_int_equal(mime_decode_date(values[i]), mime_decode_date(arena_printf(&arena, "%s (x)", values[i])));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_both_ways) };

	mime_decode_init();
	return RUN_ROWS(date_rows, test_date) + cmocka_run_group_tests(tests, NULL, NULL);
}
