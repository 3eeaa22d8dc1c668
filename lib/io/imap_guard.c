/*
 * What libetpan's parser would stumble over is refused here, before it sees it. The guard follows the bytes as a small
 * machine: plain, in a quoted string, in the size of a literal, in a literal; it counts depth, length and lines, looks
 * at numbers where libetpan takes 32 bits, and remembers what the server says in words, because libetpan does not keep
 * that.
 */
#include "io/imap_guard.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

static const char *const text_words[] = { "OK", "NO", "BAD", "BYE", "PREAUTH" };
/* Behind these libetpan reads a number into 32 bits without looking. */
static const char *const number_words[] = { "UID", "UIDNEXT", "UIDVALIDITY", "MESSAGES", "RECENT", "UNSEEN",
	"RFC822.SIZE" };

static bool is_one_of(const char *word, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcasecmp(word, words[i]) == 0)
			return true;
	return false;
}

#define IS_ONE_OF(word, words) is_one_of(word, words, sizeof(words) / sizeof((words)[0]))

void imap_guard_begin(struct imap_guard *guard)
{
	guard->lines = 0;
	guard->status[0] = '\0';
}

/* Digits only, and more than 32 bits of them? A word that was cut is too long for any number. */
static bool is_too_large(const char *word, bool cut)
{
	uint64_t number = 0;

	if (word[strspn(word, "0123456789")] != '\0')
		return false;
	for (; *word; word++)
		number = number * 10 + (uint64_t)(*word - '0');
	return cut || number > UINT32_MAX;
}

/* The first word is the tag or *, the second the kind of answer; behind that only numbers are of interest. */
static int end_word(struct imap_guard *guard, struct err *err)
{
	bool cut = guard->word_length >= sizeof(guard->word);

	if (guard->word_length == 0)
		return 0;
	guard->word[cut ? sizeof(guard->word) - 1 : guard->word_length] = '\0';
	guard->word_length = 0;
	guard->words++;
	if (guard->words == 2) {
		memcpy(guard->kind, guard->word, sizeof(guard->kind));
		guard->is_text = guard->is_text || IS_ONE_OF(guard->word, text_words);
	}
	if (guard->words == 1)
		guard->is_text = strcmp(guard->word, "+") == 0;
	else if ((guard->words == 2 || IS_ONE_OF(guard->previous, number_words) ||
		strcasecmp(guard->kind, "SEARCH") == 0) && is_too_large(guard->word, cut))
		return err_set(err, "the server sent a number that is too large (%s %s)", guard->previous, guard->word);
	memcpy(guard->previous, guard->word, sizeof(guard->previous));
	return 0;
}

/* What libetpan copies without looking whether it is there. */
static int check_code(const char *code, struct err *err)
{
	const char *after = strchr(code, ']');

	if (strncasecmp(code, "[BADCHARSET", 11) == 0)
		return err_set(err, "the server complains of a character set that nobody named");
	if (strncasecmp(code, "[ALERT", 6) != 0 && strncasecmp(code, "[PARSE", 6) != 0)
		return 0;
	if (!after || after[1 + strspn(after + 1, " \r\n")] == '\0')
		return err_set(err, "the server sent %.6s] without a text", code);
	return 0;
}

/* "* 23 EXISTS" comes along with any answer, and is told once: whoever waits for news must not miss it. */
static void count_messages(struct imap_guard *guard)
{
	unsigned long number;
	char *end;

	if (strncmp(guard->head, "* ", 2) != 0 || !isdigit((unsigned char)guard->head[2]))
		return;
	number = strtoul(guard->head + 2, &end, 10);
	if (strcasecmp(end, " EXISTS") == 0) {
		guard->news = guard->news || number != guard->exists;
		guard->exists = number;
	} else if (strcasecmp(end, " EXPUNGE") == 0 && guard->exists > 0) {
		guard->exists--;
	}
}

/* The end of one response: what it said in words is kept, and all that counts within a line begins anew. */
static int end_line(struct imap_guard *guard, struct err *err)
{
	const char *text;

	guard->head[guard->head_length < sizeof(guard->head) ? guard->head_length : sizeof(guard->head) - 1] = '\0';
	guard->head[strcspn(guard->head, "\r\n")] = '\0';
	text = strchr(guard->head, ' ');
	count_messages(guard);
	if (guard->is_text && text && guard->words >= 2) {
		const char *code = strchr(text + 1, ' ');

		if (strcasecmp(guard->kind, "BYE") == 0)
			snprintf(guard->bye, sizeof(guard->bye), "%s", text + 1);
		else if (strcasecmp(guard->kind, "NO") == 0 || strcasecmp(guard->kind, "BAD") == 0)
			snprintf(guard->status, sizeof(guard->status), "%s", text + 1);
		if (code && check_code(code + strspn(code, " "), err) < 0)
			return -1;
	}
	if (++guard->lines > IMAP_GUARD_LINES_MAX)
		return err_set(err, "the server sent more than %d responses to one command", IMAP_GUARD_LINES_MAX);
	guard->is_text = false;
	guard->depth = guard->words = 0;
	guard->line_length = guard->head_length = 0;
	guard->kind[0] = guard->previous[0] = '\0';
	return 0;
}

/* What ends a word outside of quoted strings and literals. */
static bool is_separator(char byte)
{
	return byte == ' ' || byte == '(' || byte == ')' || byte == '[' || byte == ']' || byte == '\r' || byte == '\n';
}

/*
 * Outside of strings: words, parentheses, and where a string or a literal begins. In text for people those mean
 * nothing.
 */
static int take_plain(struct imap_guard *guard, char byte, struct err *err)
{
	bool separator = is_separator(byte);

	if (separator && end_word(guard, err) < 0)
		return -1;
	if (byte == '(' && ++guard->depth > IMAP_GUARD_DEPTH_MAX)
		return err_set(err, "the server nests more than %d parentheses", IMAP_GUARD_DEPTH_MAX);
	if (byte == ')' && guard->depth > 0)
		guard->depth--;
	if (byte == '\n')
		return end_line(guard, err);
	if (byte == '"' && !guard->is_text) {
		guard->place = IMAP_GUARD_QUOTED;
	} else if (byte == '{' && !guard->is_text) {
		guard->place = IMAP_GUARD_SIZE;
		guard->literal = guard->literal_digits = 0;
	} else if (!separator) {
		if (guard->word_length < sizeof(guard->word))
			guard->word[guard->word_length] = byte;
		guard->word_length++;
	}
	return 0;
}

/* {number} CR LF and nothing else: libetpan would take blanks and signs, and then read another size than we do. */
static int take_size(struct imap_guard *guard, char byte, struct err *err)
{
	if (guard->place == IMAP_GUARD_SIZE && isdigit((unsigned char)byte)) {
		guard->literal = guard->literal * 10 + (uint64_t)(byte - '0');
		guard->literal_digits++;
		if (guard->literal > IMAP_GUARD_LITERAL_MAX)
			return err_set(err, "the server announces a literal of more than %d bytes",
				IMAP_GUARD_LITERAL_MAX);
	} else if (guard->place == IMAP_GUARD_SIZE && byte == '}' && guard->literal_digits > 0) {
		guard->place = IMAP_GUARD_SIZE_CR;
	} else if (guard->place == IMAP_GUARD_SIZE_CR && byte == '\r') {
		guard->place = IMAP_GUARD_SIZE_LF;
	} else if (guard->place == IMAP_GUARD_SIZE_LF && byte == '\n') {
		guard->place = guard->literal > 0 ? IMAP_GUARD_LITERAL : IMAP_GUARD_PLAIN;
	} else {
		return err_set(err, "the server sent a malformed literal");
	}
	return 0;
}

static int take_quoted(struct imap_guard *guard, char byte, struct err *err)
{
	if (byte == '\r' || byte == '\n')
		return err_set(err, "the server sent a quoted string that runs over the end of the line");
	if (guard->place == IMAP_GUARD_ESCAPED)
		guard->place = IMAP_GUARD_QUOTED;
	else if (byte == '\\')
		guard->place = IMAP_GUARD_ESCAPED;
	else if (byte == '"')
		guard->place = IMAP_GUARD_PLAIN;
	return 0;
}

static int take(struct imap_guard *guard, char byte, struct err *err)
{
	if (byte == '\0')
		return err_set(err, "the server sent a zero byte");
	if (guard->head_length < sizeof(guard->head))
		guard->head[guard->head_length++] = byte;
	if (++guard->line_length > IMAP_GUARD_LINE_MAX)
		return err_set(err, "the server sent a response of more than %d bytes", IMAP_GUARD_LINE_MAX);
	switch (guard->place) {
	case IMAP_GUARD_QUOTED:
	case IMAP_GUARD_ESCAPED:
		return take_quoted(guard, byte, err);
	case IMAP_GUARD_SIZE:
	case IMAP_GUARD_SIZE_CR:
	case IMAP_GUARD_SIZE_LF:
		return take_size(guard, byte, err);
	default:
		return take_plain(guard, byte, err);
	}
}

/* Literals are skipped as they come: their bytes are mail, and mean nothing to the protocol. */
int imap_guard_feed(struct imap_guard *guard, const char *bytes, size_t length, struct err *err)
{
	for (size_t i = 0; i < length; i++) {
		if (guard->place == IMAP_GUARD_LITERAL) {
			size_t left = length - i;
			size_t skip = guard->literal < left ? (size_t)guard->literal : left;

			guard->literal -= skip;
			if (guard->literal == 0)
				guard->place = IMAP_GUARD_PLAIN;
			i += skip - 1;
			continue;
		}
		if (take(guard, bytes[i], err) < 0)
			return -1;
	}
	return 0;
}
