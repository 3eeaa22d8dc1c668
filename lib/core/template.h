/*
 * template - texts with gaps, as officials edit them: a small mustache.
 *
 *   {{name}}                        the value; in HTML through the one escaper, in text as it is
 *   {{#name}} … {{/name}}           once for each item of a list; once, when a plain value is set and not empty
 *   {{^name}} … {{/name}}           when it is not set, or the list is empty
 *   {{! … }}                        a remark, left out
 *
 * A line that holds nothing but one section mark or remark leaves no line behind. Inside a list a name is looked up in
 * the item first, then outward. Values are never read as template again. Everything that can be wrong with a template
 * is found when it is loaded; rendering fails only on size, or on a control character in a header line.
 *
 * A NAME.txt template begins with "Emne: " and the subject, then an empty line, then the text.
 */
#ifndef CORE_TEMPLATE_H
#define CORE_TEMPLATE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/workflow.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	TEMPLATE_SOURCE_MAX = 64 * 1024,	/* bytes of one template */
	TEMPLATE_OUTPUT_MAX = 1024 * 1024,	/* bytes of one rendered text */
	TEMPLATE_DEPTH_MAX = 8,			/* sections in sections */
	TEMPLATE_SUBJECT_MAX = 200,		/* bytes of a rendered subject; cut at a whole character */
};

enum template_format { TEMPLATE_TEXT, TEMPLATE_HTML };

/* A name that a template may use. */
struct template_variable {
	const char *name;
	const char *within;		/* the list whose items have it; NULL: everywhere */
	bool list;			/* a list of items with names of their own */
};

struct template_variables {
	const struct template_variable *items;
	size_t count;
};

/* One parsed text; immutable. */
struct template;

/* What NAME.txt and NAME.html give. */
struct template_file {
	const char *name;		/* "paamindelse" */
	const struct template *subject, *text;
	const struct template *html;	/* NULL: there is none */
};

/* The values: a tree of names. Opaque; belongs to the arena it was made in. */
struct template_data;

/*
 * Parses one text. first_line is the number of its first line in the file. Adds every fault (a mark that is not
 * closed, a section that is not closed or closed by another name, too deep, too large, not UTF-8) and then returns
 * NULL. The template belongs to the arena.
 */
const struct template *template_parse(struct arena *arena, enum template_format format, const char *file,
	int first_line, const char *source, struct workflow_faults *faults);

/* Adds a fault for every name that is not offered where it stands, or is used as what it is not. */
void template_check(const struct template *template, const struct template_variables *variables,
	struct workflow_faults *faults);

/*
 * Parses and checks NAME.txt and, unless html is NULL, NAME.html; folder is for the faults' file names.
 * Returns false when there were faults; ret_file is then untouched.
 */
bool template_load(struct arena *arena, const char *folder, const char *name, const char *text, const char *html,
	const struct template_variables *variables, struct workflow_faults *faults, struct template_file *ret_file);

/* An empty tree. */
struct template_data *template_data_new(struct arena *arena);

/* Sets a plain value; NULL leaves it unset. Name and value are kept, not copied. */
void template_set(struct template_data *data, const char *name, const char *value);

/* Sets a number. */
void template_set_count(struct template_data *data, const char *name, size_t value);

/* Appends an item to a list, made when new, and gives it for its values. */
struct template_data *template_append(struct template_data *data, const char *list);

/* Renders. -1: larger than TEMPLATE_OUTPUT_MAX. */
NODISCARD int template_render(struct arena *arena, const struct template *template, const struct template_data *data,
	const char **ret_text, struct err *err);

/* Renders one header line, cut at TEMPLATE_SUBJECT_MAX. -1: too large, or a control character would stand in it. */
NODISCARD int template_render_line(struct arena *arena, const struct template *template,
	const struct template_data *data, const char **ret_line, struct err *err);

/*
 * Breaks lines longer than width columns at spaces, never in a word; continuation lines are indented like the line, or
 * like the text behind "- ". Spaces at line ends go; more than one empty line becomes one; ends with one line end.
 */
char *template_wrap(struct arena *arena, const char *text, size_t width);

#endif
