/*
 * imap_guard - looks at what an IMAP server sends before libetpan's parser does.
 *
 * libetpan recurses on parentheses, reserves whatever size a literal announces, wraps numbers above 2³² silently and
 * crashes on two response codes that lack what they should have. The guard follows the grammar just closely enough
 * (RFC 3501 section 9: lines, quoted strings, literals) to refuse all that, and to stay in step with the parser: what
 * the parser would read differently is refused too. On the way it keeps the server's own words about a failure.
 *
 * It is a plain state machine over bytes, and does no I/O.
 */
#ifndef IO_IMAP_GUARD_H
#define IO_IMAP_GUARD_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IMAP_GUARD_DEPTH_MAX = 100,			/* parentheses */
	IMAP_GUARD_LITERAL_MAX = 2 * 1024 * 1024,	/* bytes */
	IMAP_GUARD_LINE_MAX = 2 * 1024 * 1024,		/* bytes of a response, its literals not counted */
	IMAP_GUARD_LINES_MAX = 200 * 1000,		/* responses to a command */
	IMAP_GUARD_TEXT_MAX = 320,
};

enum imap_guard_place { IMAP_GUARD_PLAIN, IMAP_GUARD_QUOTED, IMAP_GUARD_ESCAPED, IMAP_GUARD_SIZE, IMAP_GUARD_SIZE_CR,
	IMAP_GUARD_SIZE_LF, IMAP_GUARD_LITERAL };

/* Zeroed to start a connection with. Only status, bye and news are for others to read. */
struct imap_guard {
	enum imap_guard_place place;
	bool is_text;				/* OK, NO, BAD, BYE, PREAUTH or "+": what follows is for people */
	unsigned int depth, words, lines;
	size_t line_length;
	uint64_t literal;			/* its size while that is read, then what is left of it */
	unsigned int literal_digits;
	char head[IMAP_GUARD_TEXT_MAX];		/* how the response begins */
	size_t head_length;
	char word[16], previous[16], kind[16];	/* the word at hand, the one before, the second of the response */
	size_t word_length;

	unsigned long exists;			/* messages in the open folder, as far as was told */
	bool news;				/* there are more than before: set in any answer, cleared by others */
	char status[IMAP_GUARD_TEXT_MAX];	/* the last NO or BAD since imap_guard_begin(), or "" */
	char bye[IMAP_GUARD_TEXT_MAX];		/* what came with BYE, or "" */
};

/* A new command: counts and status start anew. */
void imap_guard_begin(struct imap_guard *guard);

/* Takes the next length bytes. Negative with err set: the connection must not be parsed any further. */
int imap_guard_feed(struct imap_guard *guard, const char *bytes, size_t length, struct err *err) NODISCARD;

#endif
