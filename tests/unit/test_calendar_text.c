#include "tests/unit/calendar_rows.h"

/* Lengths */

struct length_row {
	const char *name;	/* what is parsed */
	int count;
	enum calendar_unit unit;
	const char *error;	/* part of it, or NULL */
};

static const struct length_row length_rows[] = {
	{ "5 arbejdsdage", 5, CALENDAR_WORKING_DAYS, NULL },
	{ "1 arbejdsdag", 1, CALENDAR_WORKING_DAYS, NULL },
	{ "-2 arbejdsdage", -2, CALENDAR_WORKING_DAYS, NULL },
	{ "-1 arbejdsdag", -1, CALENDAR_WORKING_DAYS, NULL },
	{ "+1 arbejdsdag", 1, CALENDAR_WORKING_DAYS, NULL },
	{ "0 arbejdsdage", 0, CALENDAR_WORKING_DAYS, NULL },
	{ "7 dage", 7, CALENDAR_DAYS, NULL },
	{ "1 dag", 1, CALENDAR_DAYS, NULL },
	{ "7 kalenderdage", 7, CALENDAR_DAYS, NULL },
	{ "-1 kalenderdag", -1, CALENDAR_DAYS, NULL },
	{ "  10   Arbejdsdage ", 10, CALENDAR_WORKING_DAYS, NULL },
	{ "3650 dage", 3650, CALENDAR_DAYS, NULL },
	{ "-3650 dage", -3650, CALENDAR_DAYS, NULL },
	{ "3651 dage", 0, 0, "longer than 3650 days" },
	{ "-3651 dage", 0, 0, "longer than 3650 days" },
	{ "99999999999999999999 dage", 0, 0, "is no length" },
	{ "", 0, 0, "is no length" },
	{ "-", 0, 0, "is no length" },
	{ "5", 0, 0, "is no length" },
	{ "5 ", 0, 0, "the unit is" },
	{ "fem dage", 0, 0, "is no length" },
	{ "5arbejdsdage", 0, 0, "is no length" },
	{ "+-5 dage", 0, 0, "is no length" },
	{ "- 5 dage", 0, 0, "is no length" },
	{ "5 uger", 0, 0, "\"5 uger\" is no length: the unit is \"arbejdsdage\" or \"dage\"" },
	{ "5 dagen", 0, 0, "the unit is" },
	{ "5 dage siden", 0, 0, "the unit is" },
	{ "5.5 dage", 0, 0, "is no length" },
};

static void test_length(void **state)
{
	const struct length_row *row = *state;
	struct calendar_length length = DAYS(-77);
	struct err err = ERR_NULL;
	int rc = calendar_parse_length(row->name, &length, &err);

	if (row->error) {
		assert_int_equal(rc, -1);
		assert_non_null(strstr(err.text, row->error));
		assert_int_equal(length.count, -77);
		return;
	}
	assert_int_equal(rc, 0);
	assert_int_equal(length.count, row->count);
	assert_int_equal(length.unit, row->unit);
}

/* Dates as people write them; the day of reference is 2026-04-08. */

struct parse_row {
	const char *name;	/* what is parsed */
	const char *date;	/* or NULL */
	int condition;
};

static const struct parse_row parse_rows[] = {
	{ "14-04-2026", "2026-04-14", 0 },
	{ "14/4", "2026-04-14", 0 },
	{ "14/4-2026", "2026-04-14", 0 },
	{ "14.4.2026", "2026-04-14", 0 },
	{ "14. 4. 2026", "2026-04-14", 0 },
	{ "14/04/26", "2026-04-14", 0 },
	{ "14/4 2026", "2026-04-14", 0 },
	{ "  14-4  ", "2026-04-14", 0 },
	{ "14.4.", "2026-04-14", 0 },
	{ "14. april", "2026-04-14", 0 },
	{ "14. APRIL 2027", "2027-04-14", 0 },
	{ "1 maj", "2026-05-01", 0 },
	{ "1. okt. 2026", "2026-10-01", 0 },
	{ "2026-04-14", "2026-04-14", 0 },
	{ "8/4", "2026-04-08", 0 },
	{ "7/4", "2027-04-07", 0 },
	{ "1/1", "2027-01-01", 0 },
	{ "29/2", "2028-02-29", 0 },
	{ "29-02-2028", "2028-02-29", 0 },
	{ "31/12-99", "2099-12-31", 0 },
	{ "01-01-1990", "1990-01-01", 0 },
	{ "31-12-2200", "2200-12-31", 0 },
	{ "31-12-1989", NULL, CALENDAR_OUT_OF_RANGE },
	{ "01-01-2201", NULL, CALENDAR_OUT_OF_RANGE },
	{ "9999-01-01", NULL, CALENDAR_OUT_OF_RANGE },
	{ "29-02-2026", NULL, CALENDAR_NOT_A_DATE },
	{ "30/2", NULL, CALENDAR_NOT_A_DATE },
	{ "31/4", NULL, CALENDAR_NOT_A_DATE },
	{ "0/4", NULL, CALENDAR_NOT_A_DATE },
	{ "14/13", NULL, CALENDAR_NOT_A_DATE },
	{ "14/0", NULL, CALENDAR_NOT_A_DATE },
	{ "4-14-2026", NULL, CALENDAR_NOT_A_DATE },
	{ "14-04-0000", NULL, CALENDAR_NOT_A_DATE },
	{ "0000-04-14", NULL, CALENDAR_NOT_A_DATE },
	{ "14-04-226", NULL, CALENDAR_NOT_A_DATE },
	{ "14-04-20266", NULL, CALENDAR_NOT_A_DATE },
	{ "014-04-2026", NULL, CALENDAR_NOT_A_DATE },
	{ "14-004-2026", NULL, CALENDAR_NOT_A_DATE },
	{ "14-04-", NULL, CALENDAR_NOT_A_DATE },
	{ "14//4", NULL, CALENDAR_NOT_A_DATE },
	{ "14 4", NULL, CALENDAR_NOT_A_DATE },
	{ "144", NULL, CALENDAR_NOT_A_DATE },
	{ "14", NULL, CALENDAR_NOT_A_DATE },
	{ "14.", NULL, CALENDAR_NOT_A_DATE },
	{ "2026", NULL, CALENDAR_NOT_A_DATE },
	{ "2026-4-14", NULL, CALENDAR_NOT_A_DATE },
	{ "2026-04-14T10:00", NULL, CALENDAR_NOT_A_DATE },
	{ "14april", NULL, CALENDAR_NOT_A_DATE },
	{ "14. ma", NULL, CALENDAR_NOT_A_DATE },
	{ "14. aprilis", NULL, CALENDAR_NOT_A_DATE },
	{ "14. april2026", NULL, CALENDAR_NOT_A_DATE },
	{ "14/4 tak", NULL, CALENDAR_NOT_A_DATE },
	{ "-14/4", NULL, CALENDAR_NOT_A_DATE },
	{ "i morgen", NULL, CALENDAR_NOT_A_DATE },
	{ "", NULL, CALENDAR_NOT_A_DATE },
	{ " ", NULL, CALENDAR_NOT_A_DATE },
};

static void test_parse_date(void **state)
{
	const struct parse_row *row = *state;
	struct arena arena = ARENA_NULL;
	int date = -77;

	assert_int_equal(calendar_parse_date(row->name, date_of("2026-04-08"), &date), row->condition);
	if (row->date)
		assert_string_equal(iso_of(&arena, date), row->date);
	else
		assert_int_equal(date, -77);
	arena_done(&arena);
}

static void test_reference_of_a_date(void **state)
{
	int date;

	(void)state;
	assert_int_equal(calendar_parse_date("14/4", CALENDAR_NO_REFERENCE, &date), CALENDAR_NOT_A_DATE);
	assert_int_equal(calendar_parse_date("14/4-26", CALENDAR_NO_REFERENCE, &date), 0);
	assert_int_equal(calendar_parse_date("29/2", date_of("2096-03-01"), &date), 0);
	assert_int_equal(date, date_of("2104-02-29"));
	assert_int_equal(calendar_parse_date("1/1", date_of("2200-12-31"), &date), CALENDAR_OUT_OF_RANGE);
}

struct closing_row {
	const char *name;	/* what is parsed */
	int year, month, day;	/* month 0: refused */
};

static const struct closing_row closing_rows[] = {
	{ "24-12", 0, 12, 24 },
	{ "5/6", 0, 6, 5 },
	{ "29-02", 0, 2, 29 },
	{ "15-05-2026", 2026, 5, 15 },
	{ "29-02-2026", 0, 0, 0 },
	{ "30-02", 0, 0, 0 },
	{ "24-12-0000", 0, 0, 0 },
	{ "jul", 0, 0, 0 },
};

static void test_parse_closing(void **state)
{
	const struct closing_row *row = *state;
	struct calendar_closing closing = { .month = 0 };
	struct err err = ERR_NULL;
	int rc = calendar_parse_closing(row->name, "lukket", &closing, &err);

	assert_int_equal(rc, row->month ? 0 : -1);
	assert_int_equal(closing.year, row->year);
	assert_int_equal(closing.month, row->month);
	assert_int_equal(closing.day, row->day);
	if (rc == 0)
		assert_string_equal(closing.name, "lukket");
	else
		assert_non_null(strstr(err.text, row->name));
}

/* What people read */

struct format_row {
	const char *name;	/* the date */
	const char *shortly, *longly, *spoken, *numeric, *weekday;
};

static const struct format_row format_rows[] = {
	{ "2026-04-08", "ons. 8/4", "8. april 2026", "onsdag den 8. april", "08-04-2026", "onsdag" },
	{ "2026-03-30", "man. 30/3", "30. marts 2026", "mandag den 30. marts", "30-03-2026", "mandag" },
	{ "2026-12-01", "tirs. 1/12", "1. december 2026", "tirsdag den 1. december", "01-12-2026", "tirsdag" },
	{ "2026-05-14", "tors. 14/5", "14. maj 2026", "torsdag den 14. maj", "14-05-2026", "torsdag" },
	{ "2026-08-07", "fre. 7/8", "7. august 2026", "fredag den 7. august", "07-08-2026", "fredag" },
	{ "2026-02-28", "lør. 28/2", "28. februar 2026", "lørdag den 28. februar", "28-02-2026", "lørdag" },
	{ "2026-11-01", "søn. 1/11", "1. november 2026", "søndag den 1. november", "01-11-2026", "søndag" },
};

static void test_format(void **state)
{
	const struct format_row *row = *state;
	int date = date_of(row->name);
	struct arena arena = ARENA_NULL;

	assert_string_equal(calendar_format_date(&arena, date, CALENDAR_SHORT), row->shortly);
	assert_string_equal(calendar_format_date(&arena, date, CALENDAR_LONG), row->longly);
	assert_string_equal(calendar_format_date(&arena, date, CALENDAR_SPOKEN), row->spoken);
	assert_string_equal(calendar_format_date(&arena, date, CALENDAR_NUMERIC), row->numeric);
	assert_string_equal(calendar_format_date(&arena, date, CALENDAR_ISO), row->name);
	assert_string_equal(calendar_format_date(&arena, date, CALENDAR_WEEKDAY), row->weekday);
	arena_done(&arena);
}

struct explain_row {
	const char *name;
	const char *arrival;
	struct calendar_length length;
	bool use_closing_days;
	const char *text;
};

static const struct explain_row explain_rows[] = {
	{ "three days off", "2026-03-27 14:05", WORKING(5), false, "modtaget fre. 27/3 · dag 1 man. 30/3 · "
		"skærtorsdag, langfredag og 2. påskedag tæller ikke med · frist ons. 8/4" },
	{ "none", "2026-02-02 10:00", WORKING(5), false, "modtaget man. 2/2 · dag 1 tirs. 3/2 · frist man. 9/2" },
	{ "one", "2026-05-11 10:00", WORKING(5), false,
		"modtaget man. 11/5 · dag 1 tirs. 12/5 · Kristi himmelfartsdag tæller ikke med · frist tirs. 19/5" },
	{ "two", "2026-05-11 10:00", WORKING(5), true, "modtaget man. 11/5 · dag 1 tirs. 12/5 · Kristi himmelfartsdag "
		"og dagen efter Kristi himmelfartsdag tæller ikke med · frist ons. 20/5" },
	{ "day 1 comes after a day off", "2026-04-01 10:00", WORKING(1), false, "modtaget ons. 1/4 · dag 1 tirs. 7/4 · "
		"skærtorsdag, langfredag og 2. påskedag tæller ikke med · frist tirs. 7/4" },
	{ "arrived on a day off, which is not named", "2026-04-06 10:00", WORKING(1), false,
		"modtaget man. 6/4 · dag 1 tirs. 7/4 · frist tirs. 7/4" },
	{ "a holiday on a Saturday is not named", "2026-12-22 10:00", WORKING(3), false,
		"modtaget tirs. 22/12 · dag 1 ons. 23/12 · juledag tæller ikke med · frist man. 28/12" },
	{ "days on end of one name are named once", "2026-12-22 10:00", WORKING(2), true,
		"modtaget tirs. 22/12 · dag 1 ons. 23/12 · juleaftensdag, juledag, mellem jul og nytår, "
		"nytårsaftensdag og nytårsdag tæller ikke med · frist man. 4/1" },
	{ "the day after the deadline is not named", "2026-03-27 10:00", WORKING(3), false,
		"modtaget fre. 27/3 · dag 1 man. 30/3 · frist ons. 1/4" },
	{ "calendar days all count", "2026-03-27 14:05", DAYS(7), true,
		"modtaget fre. 27/3 · dag 1 lør. 28/3 · frist fre. 3/4" },
	{ "no length", "2026-03-27 14:05", WORKING(0), false, "modtaget fre. 27/3 · frist fre. 27/3" },
};

static void test_explain(void **state)
{
	const struct explain_row *row = *state;
	struct arena arena = ARENA_NULL;

	assert_string_equal(calendar_explain(&arena, &house, instant_of(row->arrival), row->length,
		row->use_closing_days), row->text);
	arena_done(&arena);
}

int main(void)
{
	static const struct CMUnitTest tests[] = { cmocka_unit_test(test_reference_of_a_date) };
	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	failed += RUN_ROWS(length_rows, test_length);
	failed += RUN_ROWS(parse_rows, test_parse_date);
	failed += RUN_ROWS(closing_rows, test_parse_closing);
	failed += RUN_ROWS(format_rows, test_format);
	failed += RUN_ROWS(explain_rows, test_explain);
	return failed;
}
