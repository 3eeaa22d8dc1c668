/*
 * mime_address - the addresses of a header field, read strictly.
 *
 * One pass, no recursion. An address is an addr-spec of plain atoms and dots (RFC 5321, 4.1.2, no quoted local part,
 * no literal), in letters of ASCII: an internationalised domain only as punycode. Whatever else stands there is
 * dropped and noted.
 */
#ifndef IO_MIME_ADDRESS_H
#define IO_MIME_ADDRESS_H

#include "core/message.h"
#include "io/mime_text.h"

struct mime_address_list {
	struct message_address items[MESSAGE_RECIPIENTS_MAX];
	size_t count;
	size_t refused;		/* things that stood where an address should and were none */
	bool group, route;	/* RFC 5322 group syntax; an obsolete route */
};

/* Adds the addresses of one raw header value. */
void mime_address_read(struct arena *arena, const char *raw, struct mime_address_list *list,
	struct mime_defects *defects);

/* Is it an address as above? */
bool mime_address_is_valid(const char *address);

#endif
