#include "core/caselink.h"

#include "base/text.h"

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
		return (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z');
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

static int hex_digit(char byte)
{
	static const char digits[] = "0123456789abcdef";
	const char *found = byte ? strchr(digits, byte >= 'A' && byte <= 'F' ? byte - 'A' + 'a' : byte) : NULL;

	return found ? (int)(found - digits) : -1;
}

/* One argument of a URL, decoded up to what no URL holds. */
static const char *decode_argument(struct arena *arena, const char *at)
{
	char *decoded = arena_alloc(arena, LINK_MAX + 1);
	size_t length = 0;

	while (length < LINK_MAX && *at && *at != '&') {
		int high = *at == '%' ? hex_digit(at[1]) : -1, low = high >= 0 ? hex_digit(at[2]) : -1;
		int byte = *at != '%' ? (unsigned char)*at : low >= 0 ? high * 16 + low : 0;

		if (byte <= ' ' || byte >= 0x7F)
			break;
		decoded[length++] = (char)byte;
		at += *at == '%' ? 3 : 1;
	}
	decoded[length] = '\0';
	return decoded;
}

/* Where a link that Outlook's Safe Links rewrote leads to; NULL: it is none of those. */
static const char *unwrap(struct arena *arena, const char *link)
{
	static const char scheme[] = "https://", wrapper[] = ".safelinks.protection.outlook.com/";
	static const char marks[] = "?& \t\r\n<>\"";
	const char *at = text_starts_with(link, scheme) ? link + strlen(scheme) : "";
	size_t region = strspn(at, "abcdefghijklmnopqrstuvwxyz0123456789");

	if (!region || !text_starts_with(at + region, wrapper))
		return NULL;
	for (at = strpbrk(at, marks); at && (*at == '?' || *at == '&'); at = strpbrk(at + 1, marks))
		if (text_starts_with(at + 1, "url="))
			return decode_argument(arena, at + strlen("?url="));
	return NULL;
}

/* The first match of any pattern, at the beginning of a word. */
static const char *find_in(struct arena *arena, const struct message_strings *patterns, const char *text)
{
	bool inside_word = false;

	for (const char *at = text; at && *at; at++) {
		const char *inner = inside_word ? NULL : unwrap(arena, at), *link = inner ? inner : at;

		for (size_t i = 0; !inside_word && i < patterns->count; i++) {
			size_t length = match_length(patterns->items[i], link);

			if (length)
				return arena_strndup(arena, link, length < LINK_MAX ? length : LINK_MAX);
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

/* What was written now, above any quoted mail; then links, and what is attached. */
const char *caselink_find(struct arena *arena, const struct message_strings *patterns, const struct message *message)
{
	const char *link = find_in(arena, patterns, message->top_text);

	for (size_t i = 0; !link && i < message->links.count; i++)
		link = find_in(arena, patterns, message->links.items[i]);
	for (size_t i = 0; !link && i < message->attachments.count; i++)
		if (is_shortcut(message->attachments.items[i]))
			link = message->attachments.items[i];
	return link;
}

const char *caselink_in_subject(struct arena *arena, const struct message_strings *patterns, const char *subject)
{
	return find_in(arena, patterns, subject);
}
