/*
 * text - UTF-8 strings: a growing buffer, and what Unicode needs.
 *
 * Normalisation is NFC only: NFKC would turn look-alike letters into the letters of a tag. This file owns utf8proc.
 */
#ifndef BASE_TEXT_H
#define BASE_TEXT_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A growing byte buffer, NUL-terminated whenever data is not NULL. Aborts when memory is out (see arena.h). */
struct text {
	char *data;
	size_t length, capacity;
};

#define TEXT_NULL { .data = NULL }

void text_add(struct text *text, const char *more);
void text_add_bytes(struct text *text, const void *bytes, size_t length);
void text_addf(struct text *text, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds one character; what is none (a surrogate, beyond U+10FFFF, NUL) becomes U+FFFD. */
void text_add_character(struct text *text, uint32_t codepoint);

/* The content, "" when nothing was added. Owned by the buffer, valid until the next add. */
const char *text_string(const struct text *text);

/* Empties the buffer and frees its memory. Accepts a zeroed buffer. */
void text_done(struct text *text);

/* Is this well-formed UTF-8 (RFC 3629: no surrogates, no overlong forms)? */
bool text_is_utf8(const char *bytes, size_t length);

/* The NFC form of valid UTF-8. A string that utf8proc refuses comes back as it is. */
char *text_nfc(struct arena *arena, const char *utf8);

/* Every letter upper-cased one to one (æ becomes Æ; ß stays). */
char *text_upper(struct arena *arena, const char *utf8);

/* Every letter lower-cased one to one. */
char *text_lower(struct arena *arena, const char *utf8);

/* Are both the same but for the case of letters? */
bool text_equal_fold(const char *a, const char *b);

/*
 * Does the text carry a character that a reader cannot see or that reorders what he sees: C0 or C1 controls,
 * DEL, zero-width characters, bidi embeddings, overrides and isolates, soft hyphen, BOM, other format characters?
 */
bool text_has_hidden(const char *utf8);

/* Does text begin with a letter, mark or digit of any script, or an underscore? */
bool text_begins_word(const char *utf8);

/* The number of columns that the text takes on a terminal. */
size_t text_columns(const char *utf8);

/* Shortens text to at most max bytes, between two characters where it is UTF-8. Was anything cut off? */
bool text_cut(char *text, size_t max);

/* The bytes of the character that text begins with; text is not empty. */
size_t text_character_length(const char *text);

/* 0 to 9, of no other script. */
bool text_is_digit(char byte);

/* Does text begin with prefix? */
bool text_starts_with(const char *text, const char *prefix);

#endif
