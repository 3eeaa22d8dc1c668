/*
 * letter - one mail that we send, as plain data.
 *
 * core/digest writes it, io/mime turns it into bytes. Everything that comes from outside has been made harmless
 * before it gets here; io/mime refuses control characters in header values all the same. All memory belongs to the
 * arena of the pass. Strings are NULL, lists empty, when absent.
 */
#ifndef CORE_LETTER_H
#define CORE_LETTER_H

#include "core/message.h"

#include <stdint.h>

struct letter {
	struct message_address from;
	struct message_addresses to, cc;
	const char *subject;			/* UTF-8, one line */
	const char *text;			/* UTF-8, lines of at most 72 columns where words allow it, ending in LF */
	const char *html;			/* NULL: a text part only */
	const char *message_id;			/* without brackets */
	const char *frist_id;			/* X-Frist-Id */
	const char *in_reply_to;		/* without brackets */
	struct message_strings references;	/* oldest first, without brackets */
	int64_t date;				/* seconds UTC */
};

#endif
