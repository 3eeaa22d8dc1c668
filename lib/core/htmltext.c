/*
 * Not a parser of HTML, but enough of one to read the text that a mail program wrote: tags are stepped over, block
 * elements become line ends, links keep their address, and reading stops where the program began to quote (unless the
 * whole is wanted).
 */
#include "core/htmltext.h"

#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

struct tag {
	const char *name;	/* "br", "/p" */
	size_t name_length;
	const char *start, *end;	/* of everything between the brackets */
};

static bool is_space(char byte)
{
	return byte == ' ' || byte == '\t' || byte == '\n' || byte == '\r' || byte == '\f';
}

static bool tag_is(const struct tag *tag, const char *name)
{
	return tag->name_length == strlen(name) && strncasecmp(tag->name, name, tag->name_length) == 0;
}

static bool tag_is_one_of(const struct tag *tag, const char *const *names)
{
	for (; *names; names++)
		if (tag_is(tag, *names))
			return true;
	return false;
}

/* Reads the tag that begins after '<' at `at`; false for a '<' that is text. */
static bool read_tag(const char *at, struct tag *ret_tag)
{
	const char *end = at;

	if (*at != '/' && *at != '!' && *at != '?' && !((*at | 32) >= 'a' && (*at | 32) <= 'z'))
		return false;
	if (strncmp(at, "!--", 3) == 0) {
		const char *close = strstr(at, "-->");

		end = close ? close + 2 : at + strlen(at);
	} else {
		char quote = 0;

		/* A '>' inside a quoted attribute does not end the tag; a quote that never closes ends with the text. */
		for (; *end && (quote || *end != '>'); end++) {
			if (quote && *end == quote)
				quote = 0;
			else if (!quote && (*end == '"' || *end == '\'') && end > at && end[-1] == '=')
				quote = *end;
		}
	}
	*ret_tag = (struct tag){ .name = at, .name_length = strcspn(at, " \t\r\n\f>"), .start = at, .end = end };
	if (ret_tag->name_length > 1 && at[ret_tag->name_length - 1] == '/')
		ret_tag->name_length--;
	return true;
}

/* Is this where a mail program begins to quote? */
static bool begins_quote(const struct tag *tag)
{
	static const char *const marks[] = {
		"gmail_quote", "divRplyFwdMsg", "appendonsend", "moz-cite-prefix", "yahoo_quoted", "ms-outlook-mobile-reference",
		"border-top:solid #E1E1E1", "border-top:solid #B5C4DF", "mail-editor-reference-message-container"
	};

	if (tag_is(tag, "blockquote"))
		return true;
	if (!tag_is(tag, "div") && !tag_is(tag, "hr"))
		return false;
	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (memmem(tag->start, (size_t)(tag->end - tag->start), marks[i], strlen(marks[i])))
			return true;
	return false;
}

/* Where reading goes on after an element whose content is not text; the tag's own end for any other. */
static const char *skip_content(const struct tag *tag)
{
	static const char *const silent[] = { "style", "script", "head", "title", "template", NULL };

	if (!tag_is_one_of(tag, silent))
		return tag->end;
	for (const char *at = tag->end; (at = strstr(at, "</")) != NULL; at += 2)
		if (strncasecmp(at + 2, tag->name, tag->name_length) == 0)
			return at + strcspn(at, ">");
	return tag->end + strlen(tag->end);
}

/* Adds what the entity after '&' stands for and returns its length, 0 when it is none. */
static size_t add_entity(struct text *text, const char *at)
{
	static const struct { const char *name, *meaning; } entities[] = {
		{ "nbsp;", " " }, { "amp;", "&" }, { "lt;", "<" }, { "gt;", ">" }, { "quot;", "\"" }, { "apos;", "'" },
		{ "aelig;", "æ" }, { "oslash;", "ø" }, { "aring;", "å" }, { "AElig;", "Æ" }, { "Oslash;", "Ø" },
		{ "Aring;", "Å" }, { "eacute;", "é" }, { "ouml;", "ö" }, { "auml;", "ä" }, { "uuml;", "ü" },
		{ "ndash;", "–" }, { "mdash;", "—" }, { "rsquo;", "’" }, { "ldquo;", "“" }, { "rdquo;", "”" },
	};
	unsigned long codepoint;
	char *end;

	for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++)
		if (text_starts_with(at, entities[i].name)) {
			text_add(text, entities[i].meaning);
			return strlen(entities[i].name);
		}
	if (*at != '#')
		return 0;
	codepoint = at[1] == 'x' || at[1] == 'X' ? strtoul(at + 2, &end, 16) : strtoul(at + 1, &end, 10);
	if (*end != ';' || end - at > 10)
		return 0;
	text_add_character(text, codepoint == 160 ? ' ' : codepoint > 0x10FFFF ? 0 : (uint32_t)codepoint);
	return (size_t)(end + 1 - at);
}

/* Adds the value of an attribute. */
static void add_value(struct text *text, const char *value, size_t length)
{
	const char *end = value + length;

	while (value < end) {
		size_t entity = *value == '&' ? add_entity(text, value + 1) : 0;

		if (!entity)
			text_add_bytes(text, value, 1);
		value += entity + 1;
	}
}

/* The address of a link, for the case link may be behind a word: only one with "://" leads anywhere. */
static void add_link(struct text *text, const struct tag *tag)
{
	const char *at = tag->start;

	while ((at = memmem(at, (size_t)(tag->end - at), "href=", 5)) != NULL) {
		const char *value = at += 5;
		size_t length;

		if (*value == '"' || *value == '\'')
			length = strcspn(value + 1, *value == '"' ? "\"" : "'"), value++;
		else
			length = strcspn(value, " \t\r\n>");
		if (value + length > tag->end || memmem(value, length, "://", 3) == NULL)
			continue;
		text_add(text, " <");
		add_value(text, value, length);
		text_add(text, "> ");
		return;
	}
}

/* What a tag means for text: a line end, a blank, a link, or nothing. */
static void add_tag(struct text *text, const struct tag *tag)
{
	static const char *const blocks[] = {
		"br", "p", "/p", "div", "/div", "tr", "/tr", "li", "h1", "/h1", "h2", "/h2", "h3", "/h3", "hr", "ul", "/ul",
		"table", "/table", "pre", "/pre", NULL
	};

	if (tag_is(tag, "a"))
		add_link(text, tag);
	else if (tag_is_one_of(tag, blocks))
		text_add(text, "\n");
	else if (tag_is(tag, "/td"))
		text_add(text, " ");
}

/* White space is one blank, and none at the start of a line. */
static void add_word(struct text *text, char byte)
{
	bool at_line_start = !text->length || text->data[text->length - 1] == '\n';

	if (!is_space(byte))
		text_add_bytes(text, &byte, 1);
	else if (!at_line_start && text->data[text->length - 1] != ' ')
		text_add(text, " ");
}

/* An '<' that begins no tag and an '&' that begins no entity are text, as in any browser. */
static char *read_html(struct arena *arena, const char *html, bool whole)
{
	struct text text CLEANUP(text_done) = TEXT_NULL;

	while (*html) {
		struct tag tag;
		size_t entity;

		if (*html == '<' && read_tag(html + 1, &tag)) {
			if (!whole && begins_quote(&tag))
				break;
			add_tag(&text, &tag);
			html = skip_content(&tag);
			html += *html ? 1 : 0;
		} else if (*html == '&' && (entity = add_entity(&text, html + 1)) > 0) {
			html += entity + 1;
		} else {
			add_word(&text, *html++);
		}
	}
	return arena_strdup(arena, text_string(&text));
}

char *htmltext_from(struct arena *arena, const char *html)
{
	return read_html(arena, html, false);
}

char *htmltext_whole(struct arena *arena, const char *html)
{
	return read_html(arena, html, true);
}
