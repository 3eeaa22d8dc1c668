/*
 * Any octets, as a template and, behind a NUL, as a value: what is accepted renders within its caps, the value stays
 * a value, and wrapping changes nothing but white space.
 */
#include "core/template.h"

#include "base/text.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct template_variable variables_list[] = {
	{ .name = "a" }, { .name = "b" }, { .name = "l", .list = true }, { .name = "c", .within = "l" },
	{ .name = "m", .within = "l", .list = true },
};
static const struct template_variables variables = {
	variables_list, sizeof(variables_list) / sizeof(variables_list[0])
};

static struct template_data *fill(struct arena *arena, const char *value)
{
	struct template_data *data = template_data_new(arena);

	template_set(data, "a", value);
	for (int i = 0; i < 3; i++) {
		struct template_data *item = template_append(data, "l");

		template_set(item, "c", i == 1 ? NULL : value);
		for (int j = 0; j < i; j++)
			template_append(item, "m");
	}
	return data;
}

static size_t count_marks(const char *html)
{
	size_t count = 0;

	for (; *html; html++)
		count += strchr("<>\"'", *html) != NULL;
	return count;
}

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n';
}

static void check_wrapped(const char *text, const char *wrapped)
{
	for (;; text++, wrapped++) {
		while (is_space(*text))
			text++;
		while (is_space(*wrapped))
			wrapped++;
		if (*text != *wrapped)
			abort();
		if (!*text)
			return;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const char *source = arena_strndup(&arena, (const char *)data, size), *text, *plain;
	const char *value = strlen(source) < size ? source + strlen(source) + 1 : "<";
	const struct template *html = template_parse(&arena, TEMPLATE_HTML, "x", 1, source, &faults);

	if (!html)
		return faults.count > 0 ? 0 : (abort(), 0);
	template_check(html, &variables, &faults);
	if (faults.count > 0)
		return 0;
	if (template_render(&arena, html, fill(&arena, *value ? value : "<"), &text, NULL) < 0 ||
	    template_render(&arena, html, fill(&arena, "x"), &plain, NULL) < 0)
		return 0;
	if (count_marks(text) != count_marks(plain))
		abort();
	check_wrapped(text, template_wrap(&arena, text, 20));
	if (template_render_line(&arena, html, fill(&arena, value), &text, NULL) == 0 &&
	    (strlen(text) > TEMPLATE_SUBJECT_MAX || text_has_hidden(text)))
		abort();
	return 0;
}
