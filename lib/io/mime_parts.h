/*
 * mime_parts - the body of a message: its text, the names of what is attached, and what a report says.
 *
 * The parts are visited one after the other, at most MIME_PARTS_LEVELS deep and MIME_PARTS_MAX of them. The body may
 * be cut anywhere. Nothing inside an attached message counts, but for the id of the mail that a report returns.
 */
#ifndef IO_MIME_PARTS_H
#define IO_MIME_PARTS_H

#include "core/message.h"
#include "io/mime_decode.h"
#include "io/mime_field.h"

enum {
	MIME_PARTS_LEVELS = 8,
	MIME_PARTS_MAX = 500,
	MIME_TOP_TEXT_MAX = 4096,	/* bytes of top_text */
	MIME_ATTACHMENTS_MAX = 100,
	MIME_BOUNCES_MAX = 100,
};

/*
 * Reads the body behind a message's header fields into ret_message: has_text, first_line, links, attachments,
 * top_text, quoted_from, quoted_to, bounces, bounced_id. type: the message's own, as mime_parts_type() tells it; a
 * report that does not name its type gets it from its parts.
 */
void mime_parts_read(struct arena *arena, const struct mime_fields *fields, struct mime_type *type,
	struct message *ret_message, struct mime_defects *defects);

/* The Content-Type of a message or part; text/plain when it has none that can be read (RFC 2045, 5.2). */
void mime_parts_type(struct arena *arena, const struct mime_fields *fields, struct mime_type *ret_type,
	struct mime_defects *defects);

/* The first id in angle brackets, without them and without white space, or NULL. */
const char *mime_parts_first_id(struct arena *arena, const char *raw);

#endif
