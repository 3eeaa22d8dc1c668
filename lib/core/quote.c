/*
 * Where the words of this mail end and those that it quotes begin. No standard says it: programs of every language draw
 * lines, write heads or introduce what they quote, and any of these ends the top. It errs towards cutting too much: a
 * first line that is not seen costs a tag, one that somebody else wrote would be an approval of his.
 */
#include "core/quote.h"

#include "base/text.h"
#include "core/privacy.h"

#include <string.h>
#include <strings.h>

enum {
	HEAD_LINES = 5,		/* lines after "Fra:" within which a "Sendt:" makes it the head of a quoted mail */
	HEAD_LINES_MAX = 24,	/* lines of a head that are read */
	INTRO_LINES = 3,	/* lines over which "Den … skrev …:" may be wrapped */
	LINK_MAX = 2000,	/* bytes */
	NAME_WORDS_MAX = 3,	/* of a name below a greeting */
	NAME_MAX_BYTES = 40,
};

/* The lines of a quoted head, as mail programs name them. */
enum head_field { HEAD_FROM, HEAD_DATE, HEAD_TO, HEAD_OTHER, HEAD_NONE };

static const char *const head_words[HEAD_NONE][16] = {
	[HEAD_FROM] = { "Fra:", "From:", "Von:" },
	[HEAD_DATE] = { "Sendt:", "Sent:", "Dato:", "Date:", "Gesendet:" },
	[HEAD_TO] = { "Til:", "To:", "An:" },
	[HEAD_OTHER] = { "Cc:", "Kopi:", "Bcc:", "Emne:", "Subject:", "Betreff:", "Svar til:", "Reply-To:", "Prioritet:",
		"Importance:", "Vedhæftede filer:", "Vedhæftet fil:", "Attachments:" },
};

static size_t line_length(const char *line)
{
	return strcspn(line, "\n");
}

static const char *next_line(const char *line)
{
	line += line_length(line);
	return *line ? line + 1 : NULL;
}

/* White space at the start of a line, no-break spaces included. */
static const char *skip_space(const char *at)
{
	for (;;) {
		if (*at == ' ' || *at == '\t' || *at == '\r')
			at++;
		else if (text_starts_with(at, "\xC2\xA0"))
			at += 2;
		else
			return at;
	}
}

static bool is_blank(const char *line)
{
	line = skip_space(line);
	return !*line || *line == '\n';
}

/* The length of a line without the white space at its end. */
static size_t trimmed_length(const char *line, size_t length)
{
	for (;;) {
		if (length > 0 && strchr(" \t\r", line[length - 1]))
			length--;
		else if (length >= 2 && memcmp(line + length - 2, "\xC2\xA0", 2) == 0)
			length -= 2;
		else
			return length;
	}
}

static bool begins_with_one_of(const char *line, const char *const *words)
{
	for (; *words; words++)
		if (strncasecmp(line, *words, strlen(*words)) == 0)
			return true;
	return false;
}

/* "________________" and "-----Oprindelig meddelelse-----". */
static bool is_separator(const char *line)
{
	static const char *const titles[] = {
		"original", "oprindelig", "videresendt", "forwarded", "begin forwarded", "start på videresendt", NULL
	};
	size_t underscores = strspn(line, "_"), dashes = strspn(line, "-");

	if (underscores >= 10 && is_blank(line + underscores))
		return true;
	return dashes >= 2 && begins_with_one_of(skip_space(line + dashes), titles);
}

/* "-- " (RFC 3676, 4.3), and what phones and Outlook put below. */
static bool is_signature(const char *line)
{
	static const char *const phones[] = {
		"Sendt fra min ", "Sendt fra Outlook", "Sendt fra Samsung", "Sendt via ", "Sendt med ", "Sent from my ",
		"Sent from Outlook", "Hent Outlook til", "Hentet Outlook til", "Få Outlook til", "Get Outlook for", NULL
	};

	return (text_starts_with(line, "--") && is_blank(line + 2)) || begins_with_one_of(line, phones);
}

/* A line that begins with one of the words, which programs may wrap in asterisks for bold. */
static bool is_head_line(const char *line, const char *const *words)
{
	line = skip_space(line);
	while (*line == '*')
		line++;
	return begins_with_one_of(line, words);
}

/* The head that Outlook puts above what it quotes: Fra:, Sendt:, Til:, Emne:. */
static bool is_quoted_head(const char *line)
{
	if (!is_head_line(line, head_words[HEAD_FROM]))
		return false;
	for (int i = 0; i < HEAD_LINES && (line = next_line(line)) != NULL; i++)
		if (is_head_line(line, head_words[HEAD_DATE]))
			return true;
	return false;
}

static bool has_word(const char *text, size_t length, const char *word)
{
	return memmem(text, length, word, strlen(word)) != NULL;
}

/* "Den 14. apr. 2026 kl. 10.12 skrev Anne Jensen <anne@example.dk>:", wrapped over up to three lines. */
static bool is_introduction(const char *line)
{
	/* The last are days of the week, as Gmail and phones begin: "man. 13. apr. 2026 kl. 10.12 skrev". */
	static const char *const starts[] = { "Den ", "On ", "Am ", "man", "tir", "ons", "tor", "fre", "lør", "søn", NULL };
	const char *start = line;

	if (!begins_with_one_of(line, starts))
		return false;
	for (int i = 0; line && i < INTRO_LINES && !is_blank(line); i++, line = next_line(line)) {
		const char *end = line + line_length(line);

		while (end > line && (end[-1] == ' ' || end[-1] == '\r'))
			end--;
		if (end > line && end[-1] == ':' && strcspn(start, "0123456789") < (size_t)(end - start))
			return has_word(start, (size_t)(end - start), "skrev") ||
				has_word(start, (size_t)(end - start), "wrote") ||
				has_word(start, (size_t)(end - start), "schrieb");
	}
	return false;
}

/* "Anne Jensen skrev den 23-03-2026 10:00:" and "Anne Jensen <anne@example.dk> skrev:" */
static bool is_short_introduction(const char *line)
{
	size_t length = trimmed_length(line, line_length(line));

	if (length == 0 || line[length - 1] != ':')
		return false;
	return has_word(line, length, " skrev den ") || has_word(line, length, " wrote on ") ||
		has_word(line, length, " skrev:") || has_word(line, length, " wrote:");
}

/* Any line that begins a quotation or a signature. */
static bool ends_top(const char *line)
{
	static bool (*const tests[])(const char *) = {
		is_separator, is_signature, is_quoted_head, is_introduction, is_short_introduction,
	};

	line = skip_space(line);
	if (*line == '>')
		return true;
	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (tests[i](line))
			return true;
	return false;
}

char *quote_top(struct arena *arena, const char *text)
{
	const char *line = text, *end = text + strlen(text);

	for (; line; line = next_line(line)) {
		if (!ends_top(line))
			continue;
		end = line;
		break;
	}
	return arena_strndup(arena, text, (size_t)(end - text));
}

/* The line, trimmed, tabs as spaces. */
static char *copy_line(struct arena *arena, const char *line)
{
	char *copy;

	line = skip_space(line);
	copy = arena_strndup(arena, line, trimmed_length(line, line_length(line)));
	for (char *at = copy; *at; at++)
		if (*at == '\t')
			*at = ' ';
	return copy;
}

static const char *skip_blank(const char *text)
{
	while (text && is_blank(text))
		text = next_line(text);
	return text;
}

/* Does it begin with one of the words, whole? */
static bool begins_with_word(const char *line, const char *const *words)
{
	for (; *words; words++)
		if (strncasecmp(line, *words, strlen(*words)) == 0 && !text_begins_word(line + strlen(*words)))
			return true;
	return false;
}

/* Does it begin as what takes something back does? */
static bool begins_with_reservation(const char *line)
{
	static const char *const words[] = {
		"ikke", "nej", "ret", "men", "dog", "hvis", "når", "NÅR", "undtagen", "vent", "stop", NULL
	};

	return begins_with_word(line, words);
}

/* The same of any word in the line: "Tak, men ret afsnit 2". */
static bool has_reservation(const char *line)
{
	const char *end = line + line_length(line);

	for (const char *at = line; at < end; at += text_character_length(at))
		if ((at == line || strchr(" ,.;", at[-1])) && begins_with_reservation(at))
			return true;
	return false;
}

/* "Anne", "Anne Jensen", "pj": a few words and nothing else. */
static bool is_name(const char *line)
{
	size_t length = trimmed_length(line, line_length(line)), words = 1;

	if (length == 0 || length > NAME_MAX_BYTES)
		return false;
	for (size_t i = 0; i < length; i++) {
		if (strchr("0123456789!?,:;()-*\"/", line[i]))
			return false;
		words += line[i] == ' ';
	}
	return words <= NAME_WORDS_MAX;
}

/* Is the line no more than what ends a mail: a greeting or a name? Anything else may take back what stands above it. */
static bool is_ending(const char *line)
{
	static const char *const greetings[] = {
		"mvh", "vh", "m.v.h", "hilsen", "hilsner", "kh", "venlig", "venlige", "med venlig", "med venlige", "kærlig",
		"kærlige", "bedste", "de bedste", "mange", "tak", "mange tak", "på forhånd tak", "god weekend",
		"og god weekend", "god dag", "best regards", "regards", NULL
	};

	line = skip_space(line);
	return !has_reservation(line) && (begins_with_word(line, greetings) || is_name(line));
}

char *quote_first_line(struct arena *arena, const char *text)
{
	const char *first = skip_blank(text);

	return first ? copy_line(arena, first) : NULL;
}

bool quote_goes_on(const char *text)
{
	const char *first = skip_blank(text), *next = first ? skip_blank(next_line(first)) : NULL;

	if (next && !is_ending(next))
		return true;
	/* A signature has lines of every kind, but none that begins so. */
	for (; next; next = skip_blank(next_line(next)))
		if (begins_with_reservation(skip_space(next)))
			return true;
	return false;
}

/* Past the marks that some programs put before every line they quote. */
static const char *skip_marks(const char *line)
{
	line = skip_space(line);
	while (*line == '>')
		line = skip_space(line + 1);
	return line;
}

static enum head_field head_field(const char *line)
{
	int field = HEAD_FROM;

	while (field < HEAD_NONE && !is_head_line(line, head_words[field]))
		field++;
	return (enum head_field)field;
}

/* The value so far and what one more line adds to it. */
static const char *join_line(struct arena *arena, const char *value, const char *line)
{
	const char *more = copy_line(arena, line);

	return value && *value ? arena_printf(arena, "%s %s", value, more) : more;
}

/*
 * Reads the head that begins at line, up to the first line that is neither one of its fields nor the rest of one. What
 * was HTML may have blank lines between the fields. A field that comes again belongs to the text, or to the next head.
 */
static bool read_head(struct arena *arena, const char *line, const char *values[HEAD_NONE])
{
	enum head_field field = HEAD_NONE;

	for (int i = 0; line && i < HEAD_LINES_MAX; i++, line = next_line(line)) {
		const char *at = skip_marks(line);
		enum head_field found = head_field(at);

		if (found != HEAD_NONE) {
			if (values[found])
				break;
			field = found;
			at = strchr(at, ':') + 1;
			at += strspn(at, " \t*");
		} else if (is_blank(at)) {
			field = HEAD_NONE;
			continue;
		} else if (field == HEAD_NONE) {
			break;
		}
		if (field != HEAD_OTHER)
			values[field] = join_line(arena, values[field], at);
	}
	return values[HEAD_FROM] && (values[HEAD_DATE] || values[HEAD_TO]);
}

/* The last address in "Borger <borger@example.org>" or "Borger [mailto:…]": a name may look like one, too. */
static const char *last_address(struct arena *arena, const char *value)
{
	static const char ends[] = " \t<>[]():;,\"";
	const char *start = strrchr(value, '@'), *end = start;

	if (!start)
		return NULL;
	while (start > value && !strchr(ends, start[-1]))
		start--;
	end += strcspn(end, ends);
	start += strspn(start, "'*");
	while (end > start && strchr("'*", end[-1]))
		end--;
	return text_lower(arena, arena_strndup(arena, start, (size_t)(end - start)));
}

/* The first quoted head that can be read: the innermost letter's is further down, and is not looked for. */
void quote_head(struct arena *arena, const char *text, struct quote_head *ret_head)
{
	*ret_head = (struct quote_head){ .from = NULL };
	for (const char *line = text; line; line = next_line(line)) {
		const char *values[HEAD_NONE] = { NULL }, *from;

		if (!is_head_line(skip_marks(line), head_words[HEAD_FROM]) || !read_head(arena, line, values))
			continue;
		from = last_address(arena, values[HEAD_FROM]);
		/* Masked, an address would be nobody's; so it is not kept at all. */
		ret_head->from = from && !privacy_has_cpr(from) ? from : NULL;
		ret_head->date = values[HEAD_DATE] ? quote_read_date(values[HEAD_DATE]) : 0;
		if (values[HEAD_TO]) {
			char *to = arena_strdup(arena, values[HEAD_TO]);

			privacy_mask_cpr(to);
			ret_head->to = to;
		}
		return;
	}
}

static bool is_scheme_byte(char byte)
{
	return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
		byte == '+' || byte == '-' || byte == '.';
}

/* Where the link of this colon begins, or NULL: a scheme before it, "//" behind it, or a scheme of SBSYS. */
static const char *link_start(const char *text, const char *colon)
{
	const char *start = colon;

	while (start > text && colon - start < 32 && is_scheme_byte(start[-1]))
		start--;
	if (start == colon)
		return NULL;
	if (text_starts_with(colon, "://"))
		return colon[3] ? start : NULL;
	return strncasecmp(start, "sbsys", 5) == 0 && !strchr(" \t\r\n", colon[1]) ? start : NULL;
}

/* A link ends at white space or a bracket; full stops and the like at its end belong to the sentence. */
static size_t link_length(const char *start)
{
	size_t length = 0;

	while (start[length] && (unsigned char)start[length] > ' ' && !strchr("<>\"", start[length]))
		length++;
	while (length > 0 && strchr(".,;:!?)]'", start[length - 1]))
		length--;
	return length;
}

/* Each link once, as far as there is room; a longer one cannot be cut and still lead anywhere. */
void quote_links(struct arena *arena, const char *text, struct message_strings *ret_links)
{
	const char **links = arena_array(arena, MESSAGE_LINKS_MAX, sizeof(*links));
	struct message_strings found = { .items = links };
	const char *at = text;

	while (found.count < MESSAGE_LINKS_MAX && (at = strchr(at, ':')) != NULL) {
		const char *start = link_start(text, at);
		size_t length = start ? link_length(start) : 0;

		at++;
		if (start && start + length > at) {
			const char *link = length <= LINK_MAX ? arena_strndup(arena, start, length) : NULL;

			if (link && !message_strings_have(&found, link))
				links[found.count++] = link;
			at = start + length;
		}
	}
	*ret_links = found;
}
