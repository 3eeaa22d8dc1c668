#include "tests/rows.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <string.h>

static const struct case_row {
	const char *name, *text, *upper, *lower;
} case_rows[] = {
	{ "nothing", "", "", "" },
	{ "ASCII", "Godkendt @[`{ 09", "GODKENDT @[`{ 09", "godkendt @[`{ 09" },
	{ "Danish", "Æblegrød på Ålevej", "ÆBLEGRØD PÅ ÅLEVEJ", "æblegrød på ålevej" },
	{ "broken", "a\xFFz", NULL, NULL },
};

static void test_case(void **state)
{
	const struct case_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	if (!row->upper) {	/* whatever becomes of the byte, the letters around it are read */
		assert_int_equal(text_upper(&arena, row->text)[0], 'A');
		return;
	}
	assert_string_equal(text_upper(&arena, row->text), row->upper);
	assert_string_equal(text_lower(&arena, row->text), row->lower);
	assert_true(text_equal_fold(row->upper, row->lower));
}

static const struct hidden_row {
	const char *name, *text;
	bool hidden;
} hidden_rows[] = {
	{ "plain", "Svar: \"ja\" ~", false }, { "Danish", "Ålevej – 2", false }, { "tab", "a\tb", true },
	{ "delete", "a\x7F", true }, { "zero width", "GOD\u200BKENDT", true }, { "turned", "a\xE2\x80\xAE" "b", true },
};

static void test_hidden(void **state)
{
	const struct hidden_row *row = *state;

	assert_int_equal(text_has_hidden(row->text), row->hidden);
}

/* Whatever is there already, the next piece follows it whole, at every length around the room that is left. */
static void test_addf(void **state)
{
	char piece[200];

	(void)state;
	for (size_t length = 0; length < sizeof(piece); length++) {
		struct text text CLEANUP(text_done) = TEXT_NULL;

		memset(piece, 'x', length);
		piece[length] = '\0';
		text_addf(&text, "%s", "abc");
		text_addf(&text, "%s|%d", piece, 7);
		assert_int_equal(text.length, length + 5);
		assert_string_equal(text_string(&text) + length + 3, "|7");
	}
}

/* An arena that is emptied gives zeroed memory again, in the same place while one block is enough. */
static void test_arena_reset(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	char *first, *second;

	(void)state;
	arena_reset(&arena);
	first = arena_alloc(&arena, 100);
	memset(first, 'x', 100);
	arena_reset(&arena);
	second = arena_alloc(&arena, 100);
	assert_ptr_equal(first, second);
	for (size_t i = 0; i < 100; i++)
		assert_int_equal(second[i], 0);
	for (int i = 0; i < 100; i++)
		memset(arena_alloc(&arena, 5000), 'x', 5000);
	arena_reset(&arena);
	first = arena_alloc(&arena, 5000);
	for (size_t i = 0; i < 5000; i++)
		assert_int_equal(first[i], 0);
}

/* What is too long ends between two characters, wherever the end falls. */
static void test_cut(void **state)
{
	static const char *const characters[] = { "x", "æ", "–", "\xF0\x9F\x98\x80" };

	(void)state;
	for (size_t i = 0; i < sizeof(characters) / sizeof(characters[0]); i++) {
		for (size_t before = 0; before < 4; before++) {
			struct text text CLEANUP(text_done) = TEXT_NULL;
			struct err err = ERR_NULL;

			text_add_bytes(&text, "abc", before);
			while (text.length < ERR_TEXT_MAX + 10)
				text_add(&text, characters[i]);
			err_set(&err, "%s", text_string(&text));
			assert_true(text_is_utf8(err.text, strlen(err.text)));
			assert_in_range(strlen(err.text), ERR_TEXT_MAX - strlen(characters[i]), ERR_TEXT_MAX - 1);
			err_wrap(&err, "%s", text_string(&text));
			assert_true(text_is_utf8(err.text, strlen(err.text)));
			text_cut(text.data, 10);
			assert_in_range(strlen(text.data), 11 - strlen(characters[i]), 10);
			assert_true(text_is_utf8(text.data, strlen(text.data)));
		}
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_addf), cmocka_unit_test(test_arena_reset), cmocka_unit_test(test_cut),
	};

	return RUN_ROWS(case_rows, test_case) + RUN_ROWS(hidden_rows, test_hidden) +
		cmocka_run_group_tests(tests, NULL, NULL);
}
