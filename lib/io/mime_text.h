/*
 * mime_text - from the octets of a header or body to clean UTF-8, noting what was wrong.
 *
 * The results are valid UTF-8 in NFC, without control characters: what was one becomes U+FFFD and a defect.
 */
#ifndef IO_MIME_TEXT_H
#define IO_MIME_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>

enum { MIME_DEFECTS_MAX = 48 };

/* Each word once, in the order in which they were found. */
struct mime_defects {
	const char *words[MIME_DEFECTS_MAX];
	size_t count;
};

/* word: a string literal. */
void mime_defect(struct mime_defects *defects, const char *word);

/*
 * Text of length bytes in a charset, for a body: lines ended by LF. With NULL or an unknown charset bytes are read as
 * UTF-8, and those that are not that as windows-1252: defects. Of UTF-8 a last character that was cut through is
 * left out, and of any charset a byte order mark at the beginning.
 */
char *mime_text_body(struct arena *arena, const char *charset, const char *bytes, size_t length,
	struct mime_defects *defects);

/* A header value as received, but unfolded, trimmed and valid UTF-8: encoded words stay. */
char *mime_text_raw(struct arena *arena, const char *bytes, size_t length, struct mime_defects *defects);

/* The encoded words of a raw value decoded (RFC 2047, with the tolerance that real mail needs). */
char *mime_text_decoded(struct arena *arena, const char *raw, struct mime_defects *defects);

/* Every control character replaced by U+FFFD and noted, but for LF and tab where there may be lines; then NFC. */
char *mime_text_clean(struct arena *arena, const char *utf8, bool lines, struct mime_defects *defects);

#endif
