#include "core/privacy.h"

#include "tests/rows.h"

struct row {
	const char *name, *text, *masked;
};

static const struct row rows[] = {
	{ "hyphen", "Ang. 010180-1234, byggesag", "Ang. xxxxxx-xxxx, byggesag" },
	{ "space", "010180 1234", "xxxxxx xxxx" },
	{ "bare", "0101801234", "xxxxxxxxxx" },
	{ "leap day", "290200-0000", "xxxxxx-xxxx" },
	{ "no such day", "310180 nej 310480-1234", "310180 nej 310480-1234" },
	{ "no such month", "011380-1234", "011380-1234" },
	{ "part of a longer number", "10101801234 og 01018012345", "10101801234 og 01018012345" },
	{ "two of them", "010180-1234 020280-1234", "xxxxxx-xxxx xxxxxx-xxxx" },
	{ "inside an address", "010180-1234@digitalpost.example.dk", "xxxxxx-xxxx@digitalpost.example.dk" },
	{ "a key is none", "MT-2026-0042", "MT-2026-0042" },
	{ "what is no mask", "xxxxxx-xxx xxxxx-xxxx xxxxxxxxxxx xxxxxx-xxxxx",
		"xxxxxx-xxx xxxxx-xxxx xxxxxxxxxxx xxxxxx-xxxxx" },
	{ "empty", "", "" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	char text[200];

	snprintf(text, sizeof(text), "%s", row->text);
	assert_int_equal(privacy_has_cpr(text), strcmp(row->text, row->masked) != 0);
	privacy_mask_cpr(text);
	assert_string_equal(text, row->masked);
	assert_false(privacy_has_cpr(text));
	assert_int_equal(privacy_has_mask(text), strcmp(row->text, row->masked) != 0);
}

struct told_row {
	const char *name;		/* the text */
	bool tells;
};

static const struct told_row told_rows[] = {
	{ "Ang. 010180-1234, byggesag", true },
	{ "0101801234", true },
	{ "(010180 1234)", true },
	{ "CPR0101801234", true },
	{ "cpr.nr.: 010180-1234", true },
	{ "Personnummer\n010180-1234\n", true },
	{ "Født 010180-1234. Tlf. 12345678", true },
	{ "Tlf. 12345678, 010180-1234", true },
	{ "tlf. 0101801234", false },
	{ "Telefon: 0101801234", false },
	{ "+46 010180 1234", false },
	{ "+46 (0) 010180-1234", false },
	{ "mobil 0101801234 og konto 1234-0101801234", false },
	{ "https://example.dk/sag/0101801234", false },
	{ "?id=0101801234&x", false },
	{ "<image001.png@0101801234AB>", false },
	{ "b0101801234", false },
	{ "20260108-12345678", false },
	{ "12345678", false },
	{ "", false },
};

static void test_told(void **state)
{
	const struct told_row *row = *state;

	assert_int_equal(privacy_tells_cpr(row->name), row->tells);
}

int main(void)
{
	return RUN_ROWS(rows, test_row) + RUN_ROWS(told_rows, test_told);
}
