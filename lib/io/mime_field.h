/*
 * mime_field - a block of octets cut into header fields (RFC 5322, 2.2), and the body behind them.
 */
#ifndef IO_MIME_FIELD_H
#define IO_MIME_FIELD_H

#include "base/text.h"
#include "io/mime_text.h"

struct mime_field {
	const char *name, *value;	/* into the block; the value still folded */
	size_t name_length, value_length;
};

struct mime_fields {
	const struct mime_field *items;
	size_t count;
	const char *body;		/* what follows the empty line; the end of the block when there is none */
	size_t body_length;
};

/*
 * Cuts a block that begins with a header. Of the header at most max bytes are read, whole fields only. Lines that
 * are no field are passed over; both are defects.
 */
void mime_field_split(struct arena *arena, const char *bytes, size_t length, size_t max, struct mime_fields *ret_fields,
	struct mime_defects *defects);

/* The first field of that name, letter case ignored, or NULL. */
const struct mime_field *mime_field_find(const struct mime_fields *fields, const char *name);

/* Is it a field of that name? */
bool mime_field_is(const struct mime_field *field, const char *name);

/* How many fields of that name there are. */
size_t mime_field_count(const struct mime_fields *fields, const char *name);

/* The value unfolded, see mime_text_raw(); NULL for a NULL field. */
char *mime_field_raw(struct arena *arena, const struct mime_field *field, struct mime_defects *defects);

/*
 * What follows the comment that begins at `at` (RFC 5322, 3.2.2: they nest, and a backslash quotes); what stands in it
 * is added to text, unless that is NULL.
 */
const char *mime_field_comment(const char *at, struct text *text);

#endif
