#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <utf8proc.h>

/* Room for so much more and the NUL behind it. */
static void reserve(struct text *text, size_t more)
{
	size_t needed, capacity = text->capacity ? text->capacity : 64;
	char *data;

	if (more > SIZE_MAX / 4 || text->length > SIZE_MAX / 4)
		abort();
	needed = text->length + more + 1;
	if (needed <= text->capacity)
		return;
	while (capacity < needed)
		capacity *= 2;
	data = realloc(text->data, capacity);
	if (!data)
		abort();
	text->data = data;
	text->capacity = capacity;
}

void text_add_bytes(struct text *text, const void *bytes, size_t length)
{
	reserve(text, length);
	if (length)
		memcpy(text->data + text->length, bytes, length);
	text->length += length;
	text->data[text->length] = '\0';
}

void text_add(struct text *text, const char *more)
{
	text_add_bytes(text, more, strlen(more));
}

void text_addf(struct text *text, const char *format, ...)
{
	va_list args, again;
	int length;

	reserve(text, 0);
	va_start(args, format);
	va_copy(again, args);
	length = vsnprintf(text->data + text->length, text->capacity - text->length, format, args);
	va_end(args);
	if (length < 0)
		abort();
	if ((size_t)length >= text->capacity - text->length) {	/* it was only measured */
		reserve(text, (size_t)length);
		vsnprintf(text->data + text->length, (size_t)length + 1, format, again);
	}
	text->length += (size_t)length;
	va_end(again);
}

/* NUL and what is no character become U+FFFD. */
void text_add_character(struct text *text, uint32_t codepoint)
{
	utf8proc_int32_t character = codepoint > 0x10FFFF ? -1 : (utf8proc_int32_t)codepoint;
	utf8proc_uint8_t bytes[4];

	if (!character || !utf8proc_codepoint_valid(character))
		character = 0xFFFD;
	text_add_bytes(text, bytes, (size_t)utf8proc_encode_char(character, bytes));
}

const char *text_string(const struct text *text)
{
	return text->data ? text->data : "";
}

void text_done(struct text *text)
{
	free(text->data);
	*text = (struct text)TEXT_NULL;
}

bool text_is_utf8(const char *bytes, size_t length)
{
	const utf8proc_uint8_t *at = (const utf8proc_uint8_t *)bytes;
	utf8proc_int32_t codepoint;

	while (length > 0) {
		utf8proc_ssize_t used = *at < 0x80 ? 1 : utf8proc_iterate(at, (utf8proc_ssize_t)length, &codepoint);

		if (used <= 0)
			return false;
		at += used;
		length -= (size_t)used;
	}
	return true;
}

/* Nothing below U+0300 composes with anything else that is below it: most mail need not be normalised at all. */
static bool is_below_combining(const char *utf8)
{
	while (*utf8 && (unsigned char)*utf8 < 0xCC)
		utf8++;
	return !*utf8;
}

/* NFC and not NFKC: that would make a tag of letters that only look like it. */
char *text_nfc(struct arena *arena, const char *utf8)
{
	utf8proc_uint8_t *composed = NULL;
	utf8proc_ssize_t length;
	char *copy;

	if (is_below_combining(utf8))
		return arena_strdup(arena, utf8);
	length = utf8proc_map((const utf8proc_uint8_t *)utf8, 0, &composed,
		UTF8PROC_NULLTERM | UTF8PROC_STABLE | UTF8PROC_COMPOSE);
	if (length < 0)
		return arena_strdup(arena, utf8);
	copy = arena_strndup(arena, (const char *)composed, (size_t)length);
	free(composed);
	return copy;
}

/* Decodes one character at *at and steps over it; a broken byte counts as one character. */
static utf8proc_int32_t next_character(const char **at)
{
	utf8proc_int32_t codepoint;
	utf8proc_ssize_t used;

	if ((unsigned char)**at < 0x80)
		return *(*at)++;
	used = utf8proc_iterate((const utf8proc_uint8_t *)*at, -1, &codepoint);
	if (used <= 0) {
		codepoint = (unsigned char)**at;
		used = 1;
	}
	*at += used;
	return codepoint;
}

/* Is it ASCII, where a letter and its other case are one byte each? */
static bool is_ascii(const char *utf8)
{
	while (*utf8 && (unsigned char)*utf8 < 0x80)
		utf8++;
	return !*utf8;
}

/* Turns the letters from `first` on into their other case. */
static char *flip_ascii(struct arena *arena, const char *ascii, char first)
{
	char *copy = arena_strdup(arena, ascii);

	for (char *at = copy; *at; at++)
		if (*at >= first && *at < first + 26)
			*at ^= 0x20;
	return copy;
}

static char *map_letters(struct arena *arena, const char *utf8, utf8proc_int32_t (*letter)(utf8proc_int32_t))
{
	/* A letter and its other case may differ in length by a byte or two, never beyond four in all. */
	char *copy = arena_array(arena, strlen(utf8) + 1, 4), *to = copy;

	while (*utf8)
		to += utf8proc_encode_char(letter(next_character(&utf8)), (utf8proc_uint8_t *)to);
	return copy;
}

char *text_upper(struct arena *arena, const char *utf8)
{
	return is_ascii(utf8) ? flip_ascii(arena, utf8, 'a') : map_letters(arena, utf8, utf8proc_toupper);
}

char *text_lower(struct arena *arena, const char *utf8)
{
	return is_ascii(utf8) ? flip_ascii(arena, utf8, 'A') : map_letters(arena, utf8, utf8proc_tolower);
}

static char ascii_upper(char letter)
{
	return letter >= 'a' && letter <= 'z' ? (char)(letter & ~0x20) : letter;
}

bool text_equal_fold(const char *a, const char *b)
{
	while (*a && *b) {
		if ((*a | *b) & 0x80) {
			if (utf8proc_toupper(next_character(&a)) != utf8proc_toupper(next_character(&b)))
				return false;
		} else if (ascii_upper(*a++) != ascii_upper(*b++)) {	/* most of all text */
			return false;
		}
	}
	return *a == *b;
}

/* Controls, format characters (zero width, right-to-left) and line separators. */
bool text_has_hidden(const char *utf8)
{
	while (*utf8) {
		if (*utf8 >= 0x20 && *utf8 < 0x7F) {	/* most of all text */
			utf8++;
			continue;
		}
		switch (utf8proc_category(next_character(&utf8))) {
		case UTF8PROC_CATEGORY_CC:
		case UTF8PROC_CATEGORY_CF:
		case UTF8PROC_CATEGORY_ZL:
		case UTF8PROC_CATEGORY_ZP:
			return true;
		default:
			break;
		}
	}
	return false;
}

/* Letters, marks and digits of any script, and the underscore. */
bool text_begins_word(const char *utf8)
{
	utf8proc_category_t category = utf8proc_category(next_character(&utf8));

	return *(utf8 - 1) == '_' || (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO);
}

size_t text_columns(const char *utf8)
{
	size_t columns = 0;

	while (*utf8) {
		int width = utf8proc_charwidth(next_character(&utf8));

		columns += width > 0 ? (size_t)width : 0;
	}
	return columns;
}

/* Between characters: at most three bytes of one are behind its first. */
bool text_cut(char *text, size_t max)
{
	size_t at = max;

	if (strlen(text) <= max)
		return false;
	while (at > 0 && max - at < 3 && ((unsigned char)text[at] & 0xc0) == 0x80)
		at--;
	text[at] = '\0';
	return true;
}

size_t text_character_length(const char *text)
{
	size_t length = 1;

	while (length < 4 && ((unsigned char)text[length] & 0xc0) == 0x80)
		length++;
	return length;
}

bool text_is_digit(char byte)
{
	return byte >= '0' && byte <= '9';
}

bool text_starts_with(const char *text, const char *prefix)
{
	return strncmp(text, prefix, strlen(prefix)) == 0;
}
