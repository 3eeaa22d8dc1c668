#include "io/templates.h"

#include "base/text.h"
#include "core/digest.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

/* A file's content, NUL-terminated and without a byte order mark; NULL with errno when it cannot be had. */
static const char *read_file(struct arena *arena, const char *path)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(arena, TEMPLATE_SOURCE_MAX + 2);
	size_t length;
	int fault;

	if (!file)
		return NULL;
	/* one byte more than allowed: the parser then says that it is too large */
	errno = 0;
	length = fread(text, 1, TEMPLATE_SOURCE_MAX + 1, file);
	fault = ferror(file) ? errno : 0;
	fclose(file);
	text[length] = '\0';
	errno = fault;
	if (text_starts_with(text, byte_order_mark))
		text += strlen(byte_order_mark);
	return fault ? NULL : text;
}

/* NAME.txt must be there; NAME.html may be, but not be unreadable. */
static bool load_one(struct arena *arena, const char *folder, const char *name, struct workflow_faults *faults,
	struct template_file *ret_file)
{
	const char *path = arena_printf(arena, "%s/%s.txt", folder, name);
	const char *text = read_file(arena, path), *html;

	if (!text) {
		workflow_fault_add(faults, path, "cannot be read: %s", strerror(errno));
		return false;
	}
	path = arena_printf(arena, "%s/%s.html", folder, name);
	html = read_file(arena, path);
	if (!html && errno != ENOENT) {
		workflow_fault_add(faults, path, "cannot be read: %s", strerror(errno));
		return false;
	}
	return template_load(arena, folder, name, text, html, digest_variables(name), faults, ret_file);
}

int templates_load(struct arena *arena, const char *folder, const struct message_strings *names,
	struct workflow_faults *faults, struct templates *ret_templates)
{
	struct template_file *items = arena_array(arena, names->count, sizeof(*items));
	size_t count = 0;

	for (size_t i = 0; i < names->count; i++)
		if (load_one(arena, folder, names->items[i], faults, &items[count]))
			count++;
	if (count < names->count)
		return 1;
	*ret_templates = (struct templates){ items, count };
	return 0;
}
