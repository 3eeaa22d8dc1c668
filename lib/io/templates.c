#include "io/templates.h"

#include "core/digest.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { TEMPLATES_MAX = 100 };

/* A file's content, NUL-terminated; NULL with errno when it cannot be had. */
static const char *read_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "re");
	char *text = arena_alloc(arena, TEMPLATE_SOURCE_MAX + 2);
	size_t length;

	if (!file)
		return NULL;
	/* one byte more than allowed: the parser then says that it is too large */
	length = fread(text, 1, TEMPLATE_SOURCE_MAX + 1, file);
	text[length] = '\0';
	if (ferror(file)) {
		fclose(file);
		errno = EIO;
		return NULL;
	}
	fclose(file);
	return text;
}

static bool load_one(struct arena *arena, const char *folder, const char *name, struct workflow_faults *faults,
	struct template_file *ret_file)
{
	const char *path = arena_printf(arena, "%s/%s.txt", folder, name);
	const char *text = read_file(arena, path), *html;

	if (!text) {
		workflow_fault_add(faults, path, "cannot be read: %s", strerror(errno));
		return false;
	}
	html = read_file(arena, arena_printf(arena, "%s/%s.html", folder, name));
	return template_load(arena, folder, name, text, html, digest_variables(name), faults, ret_file);
}

static bool is_text_template(const char *file_name)
{
	size_t length = strlen(file_name);

	return file_name[0] != '.' && length > strlen(".txt") && strcmp(file_name + length - strlen(".txt"), ".txt") == 0;
}

int templates_load(struct arena *arena, const char *folder, struct workflow_faults *faults,
	struct templates *ret_templates)
{
	struct template_file *items = arena_array(arena, TEMPLATES_MAX, sizeof(*items));
	DIR *directory = opendir(folder);
	struct dirent *entry;
	size_t count = 0, faults_before = faults->count;

	if (!directory) {
		workflow_fault_add(faults, folder, "the folder of templates cannot be read: %s", strerror(errno));
		return 1;
	}
	while ((entry = readdir(directory)) && count < TEMPLATES_MAX) {
		const char *name;

		if (!is_text_template(entry->d_name))
			continue;
		name = arena_strndup(arena, entry->d_name, strlen(entry->d_name) - strlen(".txt"));
		if (load_one(arena, folder, name, faults, &items[count]))
			count++;
	}
	closedir(directory);
	if (faults->count > faults_before)
		return 1;
	*ret_templates = (struct templates){ items, count };
	return 0;
}
