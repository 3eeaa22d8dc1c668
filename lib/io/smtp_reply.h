/*
 * smtp_reply - what a server answers to one command (RFC 5321, 4.2), read strictly as it arrives.
 *
 * Stands between the wire and libetpan, whose own reader takes any number for a code, grows without bound, spins for
 * ever on a tab behind AUTH in an answer to EHLO, and reads before its buffer on an empty line. What is not a reply by
 * the RFC never gets that far.
 */
#ifndef IO_SMTP_REPLY_H
#define IO_SMTP_REPLY_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	SMTP_REPLY_LINE_MAX = 1000,	/* bytes; the RFC's 512 are exceeded in practice */
	SMTP_REPLY_LINES_MAX = 100,
	SMTP_REPLY_TEXT_MAX = 400,	/* bytes that are kept of all lines together */
	SMTP_REPLY_STATUS_MAX = 12,
};

struct smtp_reply {
	int code;				/* 200–599; 0 until the first line is there */
	bool complete;				/* the last line is there */
	char status[SMTP_REPLY_STATUS_MAX];	/* enhanced status (RFC 3463) of the first line that has one, or "" */
	char text[SMTP_REPLY_TEXT_MAX];		/* behind the codes, lines joined by a space; ASCII, CPR masked */

	bool hello;				/* set by the caller: the answer to EHLO, which has no tab */

	char line[SMTP_REPLY_LINE_MAX];		/* the line that is being read */
	size_t line_length, lines;
};

/*
 * Takes the next bytes. What comes behind a complete reply is left alone: the server was asked only one thing, and who
 * asks the next must look whether something is left. -1 with err when this is no reply; it stays so.
 */
NODISCARD int smtp_reply_feed(struct smtp_reply *reply, const char *bytes, size_t length, struct err *err);

#endif
