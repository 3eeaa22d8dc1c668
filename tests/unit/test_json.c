#include "io/json.h"

#include "base/err.h"
#include "tests/rows.h"

struct row {
	const char *name, *text, *line;
};

static const struct row rows[] = {
	{ "text", "Høring", "{\"k\":\"Høring\"}\n" },
	{ "none", NULL, "{\"k\":null}\n" },
	{ "empty", "", "{\"k\":\"\"}\n" },
	{ "escapes", "a\"b\\c\n\x01", "{\"k\":\"a\\\"b\\\\c\\n\\u0001\"}\n" },
	{ "broken bytes", "S\xF8ren \xC3", "{\"k\":\"S\uFFFDren \uFFFD\"}\n" },
};

static void print(const struct json *json, void (*printer)(const struct json *, FILE *), char *ret_text, size_t size)
{
	FILE *file = fmemopen(ret_text, size, "w");

	printer(json, file);
	fclose(file);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct json *object CLEANUP(json_freep) = json_new_object();
	char text[200];

	json_put_string(object, "k", row->text);
	print(object, json_print, text, sizeof(text));
	assert_string_equal(text, row->line);
}

static void test_tree(void **state)
{
	static const char *const words[] = { "a", "b" };
	const struct message_strings strings = { words, 2 };
	struct json *root CLEANUP(json_freep) = json_new_object(), *list = json_new_array();
	char text[400];

	(void)state;
	json_put(root, "z", list);
	json_add_string(list, "x");
	json_add(list, NULL);
	json_add(list, json_new_object());
	json_put_integer(root, "n", INT64_MIN);
	json_put_bool(root, "b", true);
	json_put(root, "c", NULL);
	json_put_strings(root, "s", &strings);
	print(root, json_print, text, sizeof(text));
	assert_string_equal(text,
		"{\"z\":[\"x\",null,{}],\"n\":-9223372036854775808,\"b\":true,\"c\":null,\"s\":[\"a\",\"b\"]}\n");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_tree) };

	return RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
