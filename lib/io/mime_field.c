#include "io/mime_field.h"

#include <string.h>
#include <strings.h>

enum { FIELD_BYTES_MIN = 3 };	/* "a:\n" */

/* The length of the line at `at`, its LF included. */
static size_t line_length(const char *at, const char *end)
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed ? (size_t)(feed + 1 - at) : (size_t)(end - at);
}

static bool is_empty_line(const char *at, const char *end)
{
	return at < end && (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

/* Where the header ends: at an empty line, or at the end of the block. Counts the lines that may be fields. */
static const char *header_end(const char *at, const char *end, size_t *ret_lines)
{
	size_t lines = 0;

	while (at < end && !is_empty_line(at, end)) {
		lines += *at != ' ' && *at != '\t';
		at += line_length(at, end);
	}
	*ret_lines = lines;
	return at;
}

/* Reads the name of a field; false when the line is none. Space before the colon is tolerated (RFC 5322, 4.5). */
static bool read_name(const char *line, size_t length, struct mime_field *ret_field)
{
	size_t name = 0, colon;

	while (name < length && line[name] > ' ' && line[name] < 0x7F && line[name] != ':')
		name++;
	for (colon = name; colon < length && (line[colon] == ' ' || line[colon] == '\t');)
		colon++;
	if (!name || colon == length || line[colon] != ':')
		return false;
	*ret_field = (struct mime_field){
		.name = line, .name_length = name, .value = line + colon + 1, .value_length = length - colon - 1,
	};
	return true;
}

/* A line that is no field is passed over, not the end of the header: who injects one must not hide what follows. */
void mime_field_split(struct arena *arena, const char *bytes, size_t length, size_t max, struct mime_fields *ret_fields,
	struct mime_defects *defects)
{
	size_t lines, count = 0;
	const char *end = bytes + length, *stop = header_end(bytes, end, &lines), *at = bytes;
	const char *body = stop + (stop < end ? line_length(stop, end) : 0);
	/* a first line that begins with a blank is tried as a field, too */
	struct mime_field *fields = arena_array(arena, (lines < max / FIELD_BYTES_MIN ? lines : max / FIELD_BYTES_MIN) + 1,
		sizeof(*fields));

	/* a header that fills the cap without its empty line was cut by whoever fetched it */
	bool cut = stop - bytes > (ptrdiff_t)max || (stop - bytes == (ptrdiff_t)max && stop == end);

	*ret_fields = (struct mime_fields){ .items = fields, .body = body, .body_length = (size_t)(end - body) };
	if (cut) {
		mime_defect(defects, "header-too-long");
		stop = bytes + max;
	}
	while (at < stop) {
		size_t line = line_length(at, stop);

		/* Behind the cap a field may be cut: it is not read at all. */
		if (at + line == stop && cut && stop[-1] != '\n')
			break;
		if ((*at == ' ' || *at == '\t') && count > 0)
			fields[count - 1].value_length = (size_t)(at + line - fields[count - 1].value);
		else if (read_name(at, line, &fields[count]))
			count++;
		else
			mime_defect(defects, "bad-header-line");
		at += line;
	}
	ret_fields->count = count;
}

bool mime_field_is(const struct mime_field *field, const char *name)
{
	/* a message is asked for some forty names, and most differ in the first letter or in length */
	return ((field->name[0] ^ name[0]) & ~0x20) == 0 && strlen(name) == field->name_length &&
		strncasecmp(field->name, name, field->name_length) == 0;
}

/* The first of that name; whether there may be a second is the caller's question. */
const struct mime_field *mime_field_find(const struct mime_fields *fields, const char *name)
{
	for (size_t i = 0; i < fields->count; i++)
		if (mime_field_is(&fields->items[i], name))
			return &fields->items[i];
	return NULL;
}

size_t mime_field_count(const struct mime_fields *fields, const char *name)
{
	size_t count = 0;

	for (size_t i = 0; i < fields->count; i++)
		count += mime_field_is(&fields->items[i], name);
	return count;
}

char *mime_field_raw(struct arena *arena, const struct mime_field *field, struct mime_defects *defects)
{
	return field ? mime_text_raw(arena, field->value, field->value_length, defects) : NULL;
}

const char *mime_field_comment(const char *at, struct text *text)
{
	size_t depth = 1;

	for (at++; *at; at++) {
		if (*at == '\\' && at[1])
			at++;
		else if (*at == '(')
			depth++;
		else if (*at == ')' && --depth == 0)
			return at + 1;
		if (text)
			text_add_bytes(text, at, 1);
	}
	return at;
}
