#include "core/template.h"

#include "base/text.h"
#include "tests/rows.h"

static const struct template_variable variables_list[] = {
	{ .name = "navn" }, { .name = "sag" }, { .name = "tom" }, { .name = "farlig" },
	{ .name = "liste", .list = true }, { .name = "punkt", .within = "liste" },
	{ .name = "under", .within = "liste", .list = true }, { .name = "blad", .within = "under" },
	{ .name = "ingen", .list = true },
};
static const struct template_variables variables = {
	variables_list, sizeof(variables_list) / sizeof(variables_list[0])
};

static struct template_data *sample(struct arena *arena)
{
	struct template_data *data = template_data_new(arena), *item;

	template_set(data, "navn", "Bo Bentzen");
	template_set(data, "sag", NULL);
	template_set(data, "tom", "");
	template_set(data, "farlig", "<b title=\"x\" lang='y'>{{navn}} & {{#liste}}æ</b>");
	for (int i = 1; i <= 2; i++) {
		item = template_append(data, "liste");
		template_set(item, "punkt", i == 1 ? "et" : "to");
		for (int j = 0; j < i; j++)
			template_set(template_append(item, "under"), "blad", j ? "b" : "a");
	}
	return data;
}

struct render_row {
	const char *name;
	enum template_format format;
	const char *source, *expected;
};

static const struct render_row render_rows[] = {
	{ "nothing", TEMPLATE_TEXT, "", "" },
	{ "plain text", TEMPLATE_TEXT, "Kære alle { } }} æøå\n", "Kære alle { } }} æøå\n" },
	{ "a value", TEMPLATE_TEXT, "Kære {{navn}}.", "Kære Bo Bentzen." },
	{ "a value with spaces in the mark", TEMPLATE_TEXT, "Kære {{ navn }}.", "Kære Bo Bentzen." },
	{ "an unset value is nothing", TEMPLATE_TEXT, "[{{sag}}{{tom}}]", "[]" },
	{ "a remark is left out", TEMPLATE_TEXT, "a{{! husk at rette }}b", "ab" },
	{ "shown when set", TEMPLATE_TEXT, "{{#navn}}til {{navn}}{{/navn}}{{#sag}}sag{{/sag}}{{#tom}}tom{{/tom}}",
	  "til Bo Bentzen" },
	{ "shown when not set", TEMPLATE_TEXT, "{{^navn}}ingen{{/navn}}{{^sag}}uden sag{{/sag}}{{^ingen}}!{{/ingen}}",
	  "uden sag!" },
	{ "a list", TEMPLATE_TEXT, "{{#liste}}({{punkt}}){{/liste}}", "(et)(to)" },
	{ "an outer value in a list", TEMPLATE_TEXT, "{{#liste}}{{punkt}}:{{navn}} {{/liste}}",
	  "et:Bo Bentzen to:Bo Bentzen " },
	{ "a list in a list", TEMPLATE_TEXT, "{{#liste}}{{punkt}}{{#under}}{{blad}}{{punkt}}{{/under}};{{/liste}}",
	  "etaet;toatobto;" },
	{ "lone marks take their line along", TEMPLATE_TEXT, "før\n{{#liste}}\n- {{punkt}}\n  {{/liste}}  \nefter\n",
	  "før\n- et\n- to\nefter\n" },
	{ "a lone mark on the first and the last line", TEMPLATE_TEXT, "{{#navn}}\nx\n{{/navn}}", "x\n" },
	{ "two marks on a line keep it", TEMPLATE_TEXT, "{{#navn}}{{/navn}}\nx", "\nx" },
	{ "a lone value keeps its line", TEMPLATE_TEXT, "{{sag}}\nx", "\nx" },
	{ "CR LF is a line end", TEMPLATE_TEXT, "{{#navn}}\r\nx\r\n{{/navn}}\r\ny", "x\ny" },
	{ "values are not read as template, text", TEMPLATE_TEXT, "{{farlig}}",
	  "<b title=\"x\" lang='y'>{{navn}} & {{#liste}}æ</b>" },
	{ "values are escaped in HTML", TEMPLATE_HTML, "<p>{{farlig}}</p>",
	  "<p>&lt;b title=&quot;x&quot; lang=&#39;y&#39;&gt;{{navn}} &amp; {{#liste}}æ&lt;/b&gt;</p>" },
	{ "the template's own HTML is not", TEMPLATE_HTML, "<a href=\"{{navn}}\">&amp;</a>",
	  "<a href=\"Bo Bentzen\">&amp;</a>" },
};

static void test_render(void **state)
{
	const struct render_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const struct template *template = template_parse(&arena, row->format, "x.txt", 1, row->source, &faults);
	const char *text = NULL;
	struct err err = ERR_NULL;

	assert_non_null(template);
	template_check(template, &variables, &faults);
	assert_int_equal(faults.count, 0);
	assert_int_equal(template_render(&arena, template, sample(&arena), &text, &err), 0);
	assert_string_equal(text, row->expected);
}

struct fault_row {
	const char *name, *source, *where, *what;
};

static const struct fault_row fault_rows[] = {
	{ "a mark that is not closed", "a\nb {{navn\n}}", "t.txt:2", "{{ without }} on the same line" },
	{ "a mark closed by one brace", "{{navn} x", "t.txt:1", "{{ without }} on the same line" },
	{ "a mark at the end", "x {{", "t.txt:1", "{{ without }} on the same line" },
	{ "no name", "{{}}", "t.txt:1", "no name (small letters a-z, digits and _) between the braces" },
	{ "a name with capitals", "\n\n{{Navn}}", "t.txt:3",
	  "no name (small letters a-z, digits and _) between the braces: Navn" },
	{ "raw output is not offered", "{{{navn}}}", "t.txt:1",
	  "no name (small letters a-z, digits and _) between the braces: {navn" },
	{ "nor its other spelling", "{{&navn}}", "t.txt:1",
	  "no name (small letters a-z, digits and _) between the braces: &navn" },
	{ "nor partials", "{{>navn}}", "t.txt:1",
	  "no name (small letters a-z, digits and _) between the braces: >navn" },
	{ "a section that is not closed", "x\n{{#liste}}\ny\n", "t.txt:2", "the section is never closed: liste" },
	{ "a section that is not open", "x\n\n{{/liste}}", "t.txt:3", "closes a section that is not open: liste" },
	{ "closed by another name", "{{#liste}}\n{{#navn}}\n{{/liste}}\n{{/navn}}", "t.txt:3",
	  "the section open here is navn (line 2), not: liste" },
	{ "too deep", "{{#navn}}{{#navn}}{{#navn}}{{#navn}}{{#navn}}{{#navn}}{{#navn}}{{#navn}}\n{{#navn}}", "t.txt:2",
	  "too many sections in each other: navn" },
	{ "not UTF-8", "K\xe6re", "t.txt:1", "not UTF-8; save the file as UTF-8" },
	{ "an unknown name", "a\n{{nvan}}", "t.txt:2", "no such name here: nvan" },
	{ "an unknown section", "{{#nvan}}{{/nvan}}", "t.txt:1", "no such name here: nvan" },
	{ "a name of an item outside its list", "{{punkt}}", "t.txt:1", "no such name here: punkt" },
	{ "a name of an item where its list is empty", "{{^liste}}{{punkt}}{{/liste}}", "t.txt:1",
	  "no such name here: punkt" },
	{ "a list as a value", "{{liste}}", "t.txt:1", "is a list, write {{#liste}} … {{/liste}}: liste" },
};

static void test_fault(void **state)
{
	const struct fault_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const struct template *template = template_parse(&arena, TEMPLATE_TEXT, "t.txt", 1, row->source, &faults);

	if (template)
		template_check(template, &variables, &faults);
	assert_true(faults.count > 0);
	assert_string_equal(faults.items[0].source, row->where);
	assert_string_equal(faults.items[0].text, row->what);
}

static void test_all_faults_at_once(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct template_file file = { .name = "untouched" };

	(void)state;
	assert_false(template_load(&arena, "skabeloner", "rykker", "Emne: {{nvan}}\n\n{{navn}}\n{{sga}}\n", "<p>\n{{#liste}}",
		&variables, &faults, &file));
	assert_int_equal(faults.count, 3);
	assert_string_equal(faults.items[0].source, "skabeloner/rykker.txt:1");
	assert_string_equal(faults.items[1].source, "skabeloner/rykker.txt:4");
	assert_string_equal(faults.items[2].source, "skabeloner/rykker.html:2");
	assert_string_equal(file.name, "untouched");
}

struct load_row {
	const char *name, *source;
	bool good;
};

static const struct load_row load_rows[] = {
	{ "subject, empty line, text", "Emne: Svar\n\nKære\n", true },
	{ "no text at all", "Emne: Svar\n\n", true },
	{ "written by Windows", "Emne: Svar\r\n\r\nKære\r\n", true },
	{ "no subject", "Kære\n", false },
	{ "no empty line", "Emne: Svar\nKære\n", false },
	{ "nothing", "", false },
	{ "a byte order mark", "\xef\xbb\xbf" "Emne: Svar\n\nKære\n", false },
};

static void test_load(void **state)
{
	const struct load_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct template_file file = { .name = NULL };
	const char *subject = NULL;

	assert_int_equal(template_load(&arena, "t", "x", row->source, NULL, &variables, &faults, &file), row->good);
	if (!row->good) {
		assert_string_equal(faults.items[0].source, "t/x.txt:1");
		return;
	}
	assert_int_equal(template_render_line(&arena, file.subject, sample(&arena), &subject, NULL), 0);
	assert_string_equal(subject, "Svar");
	assert_null(file.html);
}

/* What a subject makes of a value; NULL: it is refused. */
struct line_row {
	const char *name, *value, *expected;
};

static const struct line_row line_rows[] = {
	{ "plain", "Hul i vejen", "Om: Hul i vejen" },
	{ "a line end", "Hul\nBcc: ond@example.org", NULL },
	{ "CR", "Hul\rx", NULL },
	{ "a control character of two bytes", "Hul\xc2\x85x", NULL },
	{ "letters that run backwards", "Hul \xe2\x80\xae i vejen", NULL },
	{ "a mark", "{{navn}}", "Om: {{navn}}" },
};

static void test_line(void **state)
{
	const struct line_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const struct template *template = template_parse(&arena, TEMPLATE_TEXT, "x.txt", 1, "Om: {{sag}}", &faults);
	struct template_data *data = template_data_new(&arena);
	const char *line = NULL;
	struct err err = ERR_NULL;

	template_set(data, "sag", row->value);
	assert_int_equal(template_render_line(&arena, template, data, &line, &err), row->expected ? 0 : -1);
	if (row->expected)
		assert_string_equal(line, row->expected);
	else
		assert_non_null(strstr(err.text, "x.txt"));
}

static void test_long_subject(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const struct template *template = template_parse(&arena, TEMPLATE_TEXT, "x.txt", 1, "{{sag}}", &faults);
	struct template_data *data = template_data_new(&arena);
	char value[402];
	const char *line = NULL;

	(void)state;
	for (size_t i = 0; i < 200; i++)
		memcpy(value + 1 + 2 * i, "ø", 2);
	value[0] = 'x';
	value[401] = '\0';
	template_set(data, "sag", value);
	assert_int_equal(template_render_line(&arena, template, data, &line, NULL), 0);
	assert_true(strlen(line) <= TEMPLATE_SUBJECT_MAX);
	assert_true(text_is_utf8(line, strlen(line)));
	assert_string_equal(line + strlen(line) - strlen("øø…"), "øø…");
}

/* A list in a list multiplies: the result has an end, and so has the source. */
static void test_too_large(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const struct template *template = template_parse(&arena, TEMPLATE_TEXT, "x.txt", 1,
		"{{#liste}}{{navn}}{{/liste}}", &faults);
	struct template_data *data = template_data_new(&arena);
	char *large = arena_alloc(&arena, 10001), *source = arena_alloc(&arena, TEMPLATE_SOURCE_MAX + 2);
	const char *text = "untouched";
	struct err err = ERR_NULL;

	(void)state;
	memset(large, 'x', 10000);
	template_set(data, "navn", large);
	for (int i = 0; i < 200; i++)
		template_append(data, "liste");
	assert_int_equal(template_render(&arena, template, data, &text, &err), -1);
	assert_string_equal(text, "untouched");
	memset(source, 'x', TEMPLATE_SOURCE_MAX + 1);
	assert_null(template_parse(&arena, TEMPLATE_TEXT, "x.txt", 1, source, &faults));
	assert_string_equal(faults.items[0].text, "larger than 64 KiB");
}

struct wrap_row {
	const char *name, *text, *expected;
};

/* At 20 columns. */
static const struct wrap_row wrap_rows[] = {
	{ "short", "Kære Bo", "Kære Bo\n" },
	{ "just fits", "12345678901234567890", "12345678901234567890\n" },
	{ "columns, not bytes", "æøåæøåæøå æøåæøåæøå\n", "æøåæøåæøå æøåæøåæøå\n" },
	{ "broken at a space", "Svaret skal være her senest i dag", "Svaret skal være her\nsenest i dag\n" },
	{ "a long word is not broken", "se mailto:mt@example.dk?subject=x nu",
	  "se\nmailto:mt@example.dk?subject=x\nnu\n" },
	{ "keeps its indent", "  Frist: onsdag den 8. april", "  Frist: onsdag den\n  8. april\n" },
	{ "hangs behind a dash", "- Frist: onsdag den 8. april", "- Frist: onsdag den\n  8. april\n" },
	{ "one empty line is enough", "\n\na\n \n\n\nb\n\n", "a\n\nb\n" },
	{ "spaces at the end go", "a   \nb  ", "a\nb\n" },
	{ "a space that holds together", "Svaret er fra 8.\xc2\xa0""april", "Svaret er fra\n8.\xc2\xa0""april\n" },
	{ "nothing", "\n \n", "" },
};

static void test_wrap(void **state)
{
	const struct wrap_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;

	assert_string_equal(template_wrap(&arena, row->text, 20), row->expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_faults_at_once),
		cmocka_unit_test(test_long_subject),
		cmocka_unit_test(test_too_large),
	};

	return RUN_ROWS(render_rows, test_render) + RUN_ROWS(fault_rows, test_fault) + RUN_ROWS(load_rows, test_load) +
		RUN_ROWS(line_rows, test_line) + RUN_ROWS(wrap_rows, test_wrap) + cmocka_run_group_tests(tests, NULL, NULL);
}
