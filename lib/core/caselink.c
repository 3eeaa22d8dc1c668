#include "core/caselink.h"

#include <string.h>

enum { LINK_MAX = 500 };

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r';
}

/* All of UTF-8 beyond ASCII counts as letters: a number must not begin or end inside a word. */
static bool is_word(char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
		(unsigned char)byte >= 0x80;
}

static bool matches_one(char pattern, char byte)
{
	switch (pattern) {
	case '9':
		return byte >= '0' && byte <= '9';
	case 'A':
		return byte >= 'A' && byte <= 'Z';
	default:
		return pattern == byte;
	}
}

/* How long the match of the pattern at `at` is; 0: none. */
static size_t match_length(const char *pattern, const char *at)
{
	size_t length = 0;

	for (; *pattern && !(pattern[0] == '*' && pattern[1] == '\0'); pattern++, length++)
		if (!at[length] || !matches_one(*pattern, at[length]))
			return 0;
	if (*pattern == '*')
		while (at[length] && !is_space(at[length]) && !strchr("<>\"", at[length]))
			length++;
	else if (is_word(at[length]))
		return 0;
	while (length > 0 && strchr(".,;:)", at[length - 1]))
		length--;	/* the sentence goes on, the link does not */
	return length;
}

/* The first match of any pattern, at the beginning of a word. */
static const char *find_in(struct arena *arena, const struct message_strings *patterns, const char *text)
{
	bool inside_word = false;

	for (const char *at = text; at && *at; at++) {
		for (size_t i = 0; !inside_word && i < patterns->count; i++) {
			size_t length = match_length(patterns->items[i], at);

			if (length)
				return arena_strndup(arena, at, length < LINK_MAX ? length : LINK_MAX);
		}
		inside_word = is_word(*at);
	}
	return NULL;
}

/* A7: the link may be attached as Windows or the records system saves one. */
static bool is_shortcut(const char *file_name)
{
	static const char *const endings[] = { ".url", ".lnk", ".sbsys" };
	size_t length = strlen(file_name);

	for (size_t i = 0; i < sizeof(endings) / sizeof(endings[0]); i++)
		if (length > strlen(endings[i]) && strcasecmp(file_name + length - strlen(endings[i]), endings[i]) == 0)
			return true;
	return false;
}

/* What was written now, above any quoted mail; then links, the subject, and what is attached. */
const char *caselink_find(struct arena *arena, const struct message_strings *patterns, const struct message *message)
{
	const char *link = find_in(arena, patterns, message->top_text);

	for (size_t i = 0; !link && i < message->links.count; i++)
		link = find_in(arena, patterns, message->links.items[i]);
	if (!link)
		link = find_in(arena, patterns, message->subject);
	for (size_t i = 0; !link && i < message->attachments.count; i++)
		if (is_shortcut(message->attachments.items[i]))
			link = message->attachments.items[i];
	return link;
}
