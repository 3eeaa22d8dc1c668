/*
 * Bytes of any charset to text that can be shown, compared and stored: UTF-8, NFC, no control characters. What cannot
 * be converted is repaired rather than lost, and noted as a defect.
 */
#include "io/mime_text.h"

#include "base/err.h"
#include "base/text.h"
#include "io/mime_decode.h"

#include <errno.h>
#include <iconv.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

#define REPLACEMENT "\xEF\xBF\xBD"
#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

enum { CHARSET_MAX = 40 };

void mime_defect(struct mime_defects *defects, const char *word)
{
	for (size_t i = 0; i < defects->count; i++)
		if (strcmp(defects->words[i], word) == 0)
			return;
	if (defects->count < MIME_DEFECTS_MAX)
		defects->words[defects->count++] = word;
}

/*
 * The charsets that iconv is asked for. Its converters are loaded by name and were exploited before; a sender shall
 * not choose among two hundred of them.
 */
static bool is_known_charset(const char *charset)
{
	static const char *const families[] = {
		"iso-8859-", "iso8859-", "windows-125", "cp125", "cp1252", "cp850", "cp437", "ibm850", "koi8-", "macintosh",
		"utf-16", "gb2312", "gbk", "gb18030", "big5", "shift_jis", "iso-2022-jp", "euc-kr", "euc-jp"
	};

	for (size_t i = 0; i < sizeof(families) / sizeof(families[0]); i++)
		if (strncasecmp(charset, families[i], strlen(families[i])) == 0)
			return strspn(charset, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_") ==
				strlen(charset);
	return false;
}

/* What is labelled Latin 1 is windows-1252 in practice, and a superset of it where it matters. */
static const char *real_charset(const char *charset)
{
	static const char *const latin[] = { "iso-8859-1", "iso8859-1", "latin1", "iso_8859-1", "cp1252", "x-ansi" };

	for (size_t i = 0; i < sizeof(latin) / sizeof(latin[0]); i++)
		if (strcasecmp(charset, latin[i]) == 0)
			return "windows-1252";
	return charset;
}

static bool is_one_of(const char *charset, const char *const *names)
{
	for (; *names; names++)
		if (strcasecmp(charset, *names) == 0)
			return true;
	return false;
}

/* Converts to UTF-8; false when the charset is not to be had. Bytes it does not have set *ret_broken. */
static bool convert(const char *charset, const char *bytes, size_t length, struct text *ret_text, bool *ret_broken)
{
	iconv_t converter = is_known_charset(charset) ? iconv_open("UTF-8", charset) : (iconv_t)-1;
	char chunk[4096], *in = (char *)(uintptr_t)bytes, *out;
	size_t left = length, room;

	if (converter == (iconv_t)-1)
		return false;
	while (left > 0) {
		bool failed;

		out = chunk;
		room = sizeof(chunk);
		failed = iconv(converter, &in, &left, &out, &room) == (size_t)-1 && errno != E2BIG;
		text_add_bytes(ret_text, chunk, sizeof(chunk) - room);
		if (!failed)
			continue;
		*ret_broken = true;
		text_add(ret_text, REPLACEMENT);
		in++;
		left--;
	}
	iconv_close(converter);
	return true;
}

/* The bytes of the well-formed character that begins at bytes, 0 when there is none. */
static size_t character_length(const char *bytes, size_t length)
{
	for (size_t i = 1; i <= 4 && i <= length; i++)
		if (text_is_utf8(bytes, i))
			return i;
	return 0;
}

/* What claims to be UTF-8 and is not: the bytes that are none are read as windows-1252. */
static void add_repaired(struct text *text, const char *bytes, size_t length)
{
	/* 0x80-0x9F; from 0xA0 on the byte is the character */
	static const uint16_t windows_1252[] = {
		0x20AC, 0xFFFD, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160, 0x2039, 0x0152,
		0xFFFD, 0x017D, 0xFFFD, 0xFFFD, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2013, 0x2014, 0x02DC, 0x2122,
		0x0161, 0x203A, 0x0153, 0xFFFD, 0x017E, 0x0178,
	};

	while (length > 0) {
		size_t step = character_length(bytes, length);
		unsigned char byte = (unsigned char)*bytes;

		if (step)
			text_add_bytes(text, bytes, step);
		else
			text_add_character(text, byte < 0xA0 ? windows_1252[byte - 0x80] : byte);
		step = step ? step : 1;
		bytes += step;
		length -= step;
	}
}

static bool is_ascii(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] >= 0x80)
			return false;
	return true;
}

static bool is_utf8_name(const char *charset)
{
	static const char *const names[] = { "utf-8", "utf8", "unicode-1-1-utf-8", NULL };

	return is_one_of(charset, names);
}

/* Adds bytes of a charset as UTF-8. */
static void add_converted(struct text *text, const char *charset, const char *bytes, size_t length,
	struct mime_defects *defects)
{
	static const char *const ascii[] = { "us-ascii", "ascii", "ansi_x3.4-1968", "", NULL };
	bool is_utf8 = is_utf8_name(charset), undeclared = is_one_of(charset, ascii), broken = false;
	size_t before = text->length;

	if (!is_utf8 && !undeclared) {
		if (convert(real_charset(charset), bytes, length, text, &broken)) {
			if (broken)
				mime_defect(defects, "bad-encoding");
			return;
		}
		mime_defect(defects, "unknown-charset");
		text->length = before;
	}
	if (undeclared && !is_ascii(bytes, length))
		mime_defect(defects, "raw-8bit");
	if (text_is_utf8(bytes, length)) {
		text_add_bytes(text, bytes, length);
		return;
	}
	mime_defect(defects, "bad-encoding");
	add_repaired(text, bytes, length);
}

/* The bytes of the control character that text begins with, 0 for any other. */
static size_t control_length(const char *text)
{
	unsigned char first = (unsigned char)text[0], second = first ? (unsigned char)text[1] : 0;

	if ((first && first < 0x20) || first == 0x7F)
		return 1;
	return first == 0xC2 && second >= 0x80 && second < 0xA0 ? 2 : 0;
}

char *mime_text_clean(struct arena *arena, const char *utf8, bool lines, struct mime_defects *defects)
{
	struct text clean CLEANUP(text_done) = TEXT_NULL;
	const char *kept = utf8;
	bool found = false;

	while (*utf8) {
		size_t length = control_length(utf8);

		if (!length || (lines && (*utf8 == '\n' || *utf8 == '\t'))) {
			utf8++;
			continue;
		}
		text_add_bytes(&clean, kept, (size_t)(utf8 - kept));
		text_add(&clean, REPLACEMENT);
		kept = utf8 += length;
		found = true;
	}
	if (!found)
		return text_nfc(arena, kept);
	mime_defect(defects, "control-characters");
	text_add(&clean, kept);
	return text_nfc(arena, text_string(&clean));
}

/* NUL bytes would end a string early: they become what any other control character becomes. */
static char *without_nul(struct arena *arena, const char *bytes, size_t length)
{
	char *copy = arena_strndup(arena, bytes, length);

	for (size_t i = 0; i < length; i++)
		if (!copy[i])
			copy[i] = '\x1A';
	return copy;
}

/* CR LF becomes LF, in place. */
static void fold_line_ends(char *text)
{
	char *to = text;

	for (; *text; text++)
		if (text[0] != '\r' || text[1] != '\n')
			*to++ = *text;
	*to = '\0';
}

/* The bytes of a character that the end of a fetched prefix cut through. */
static size_t cut_character_length(const char *bytes, size_t length)
{
	for (size_t cut = 1; cut <= 3 && cut <= length; cut++) {
		unsigned char first = (unsigned char)bytes[length - cut];

		if (first >= 0xC2 && first < 0xF5)
			return cut < (first < 0xE0 ? 2U : first < 0xF0 ? 3U : 4U) && length > cut &&
				text_is_utf8(bytes, length - cut) ? cut : 0;
		if (first < 0x80 || first >= 0xC0)
			return 0;
	}
	return 0;
}

static bool has_utf16_mark(const char *bytes, size_t length)
{
	return length >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
}

char *mime_text_body(struct arena *arena, const char *charset, const char *bytes, size_t length,
	struct mime_defects *defects)
{
	struct text text CLEANUP(text_done) = TEXT_NULL;
	char *whole;

	charset = charset ? charset : has_utf16_mark(bytes, length) ? "utf-16" : "";
	length -= is_utf8_name(charset) ? cut_character_length(bytes, length) : 0;
	add_converted(&text, charset, bytes, length, defects);
	whole = without_nul(arena, text_string(&text), text.length);
	fold_line_ends(whole);
	return mime_text_clean(arena, whole + (text_starts_with(whole, BYTE_ORDER_MARK) ? strlen(BYTE_ORDER_MARK) : 0),
		true, defects);
}

/* Most values are printable ASCII with folds: one copy does. NULL when this one is not. */
static char *raw_ascii(struct arena *arena, const char *bytes, size_t length)
{
	char *copy, *to;

	for (; length > 0 && (*bytes == ' ' || *bytes == '\t'); length--)
		bytes++;
	copy = to = arena_alloc(arena, length + 1);
	for (size_t i = 0; i < length; i++) {
		if (bytes[i] >= 0x20 && bytes[i] < 0x7F)
			*to++ = bytes[i];
		else if (bytes[i] == '\t')
			*to++ = ' ';
		else if (bytes[i] != '\n' && (bytes[i] != '\r' || i + 1 == length || bytes[i + 1] != '\n'))
			return NULL;
	}
	while (to > copy && to[-1] == ' ')
		*--to = '\0';
	return copy + strspn(copy, " ");
}

char *mime_text_raw(struct arena *arena, const char *bytes, size_t length, struct mime_defects *defects)
{
	struct text text CLEANUP(text_done) = TEXT_NULL;
	char *whole = raw_ascii(arena, bytes, length), *to, *start;

	if (whole)
		return whole;
	whole = to = without_nul(arena, bytes, length);
	/* Line ends inside a value are folds: the white space behind them stays (RFC 5322, 2.2.3). */
	for (const char *at = whole; *at; at++)
		if (*at != '\n' && (at[0] != '\r' || at[1] != '\n'))
			*to++ = *at == '\t' ? ' ' : *at;
	while (to > whole && to[-1] == ' ')
		to--;
	*to = '\0';
	start = whole + strspn(whole, " ");
	add_converted(&text, "", start, strlen(start), defects);
	return mime_text_clean(arena, text_string(&text), false, defects);
}

/* One encoded word: =?charset*language?B?text?= */
struct word {
	char charset[CHARSET_MAX + 1];
	bool base64;
	const char *text, *end;
	size_t length;
};

/* RFC 2047, 2; with the language of RFC 2231, 5. */
static bool read_word(const char *at, struct word *ret_word)
{
	size_t charset, text;

	if (at[0] != '=' || at[1] != '?')
		return false;
	at += 2;
	charset = strcspn(at, "?* ");
	if (!charset || charset > CHARSET_MAX)
		return false;
	snprintf(ret_word->charset, sizeof(ret_word->charset), "%.*s", (int)charset, at);
	at += charset;
	at += *at == '*' ? strcspn(at, "? ") : 0;
	if (at[0] != '?' || !at[1] || !strchr("BbQq", at[1]) || at[2] != '?')
		return false;
	ret_word->base64 = at[1] == 'B' || at[1] == 'b';
	text = strcspn(at + 3, "?");
	if (at[3 + text] != '?' || at[4 + text] != '=')
		return false;
	ret_word->text = at + 3;
	ret_word->length = text;
	ret_word->end = at + 5 + text;
	return true;
}

static int hex_digit(char byte)
{
	if (byte >= '0' && byte <= '9')
		return byte - '0';
	byte |= 32;
	return byte >= 'a' && byte <= 'f' ? byte - 'a' + 10 : -1;
}

/* "Q" is quoted-printable with _ for a space (RFC 2047, 4.2); what is no code stays as it stands. */
static void add_word(struct arena *arena, struct text *bytes, const struct word *word)
{
	if (word->base64) {
		size_t length;
		const char *decoded = mime_decode_transfer(arena, "base64", word->text, word->length, &length);

		text_add_bytes(bytes, decoded, length);
		return;
	}
	for (size_t i = 0; i < word->length; i++) {
		const char *at = word->text + i;
		int high = *at == '=' && i + 2 < word->length ? hex_digit(at[1]) : -1;
		int low = high >= 0 ? hex_digit(at[2]) : -1;
		char byte = *at == '_' ? ' ' : *at;

		if (low >= 0) {
			byte = (char)(high * 16 + low);
			i += 2;
		}
		text_add_bytes(bytes, &byte, 1);
	}
}

/*
 * Decodes the run of encoded words that begins at `at`. Programs cut characters of several bytes between two words,
 * so neighbours of one charset are joined before they are converted. White space between words does not count.
 */
static const char *add_words(struct arena *arena, struct text *text, const char *at, struct mime_defects *defects)
{
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct word word, next;
	bool more = read_word(at, &word);

	while (more) {
		add_word(arena, &bytes, &word);
		more = read_word(word.end + strspn(word.end, " "), &next);
		if (!more || strcasecmp(next.charset, word.charset) != 0) {
			add_converted(text, word.charset, text_string(&bytes), bytes.length, defects);
			bytes.length = 0;
		}
		at = word.end;
		word = next;
	}
	return at;
}

/* "=?" is rare: text without it is only cleaned. */
char *mime_text_decoded(struct arena *arena, const char *raw, struct mime_defects *defects)
{
	struct text text CLEANUP(text_done) = TEXT_NULL;
	struct word word;

	if (!strstr(raw, "=?"))
		return mime_text_clean(arena, raw, false, defects);
	while (*raw) {
		size_t length = 1 + strcspn(raw + 1, "=");

		if (read_word(raw, &word)) {
			raw = add_words(arena, &text, raw, defects);
		} else {
			text_add_bytes(&text, raw, length);
			raw += length;
		}
	}
	return mime_text_clean(arena, without_nul(arena, text_string(&text), text.length), false, defects);
}
