/*
 * Our own letters; the same letter always gives the same octets. Each field is written through field_add(), which lets
 * nothing but printable ASCII pass, so no value from a mail or a template can begin a field of its own.
 */
#include "io/mime_write.h"

#include "base/text.h"
#include "io/mime_address.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

enum {
	LINE_MAX_COLUMNS = 76,
	WORD_MAX = 75,			/* an encoded word (RFC 2047, 2) */
	TOKEN_MAX = 900,		/* what cannot be folded must fit a line of 998 (RFC 5322, 2.1.1) */
	FRIST_ID_LENGTH = 32,
	DISPLAY_NAME_MAX = 1000,
	SUBJECT_MAX = 4000,
};

#define WORD_BEGIN "=?UTF-8?Q?"
#define WORD_END "?="

/* A header field while it is written. */
struct field {
	struct text *out;
	size_t column;
	struct err *err;
};

static struct field field_begin(struct text *out, const char *name, struct err *err)
{
	text_addf(out, "%s:", name);
	return (struct field){ out, strlen(name) + 1, err };
}

/* The one way into the header block: printable ASCII, folded where the line is full. */
static int field_add(struct field *field, const char *token)
{
	size_t length = strlen(token);

	if (!length || length > TOKEN_MAX)
		return err_set(field->err, "a header value of %zu bytes cannot be written", length);
	for (size_t i = 0; i < length; i++)
		if (token[i] < 0x20 || token[i] > 0x7e)
			return err_set(field->err, "a header value has the byte 0x%02x", (unsigned char)token[i]);
	if (field->column + 1 + length > LINE_MAX_COLUMNS) {
		text_add(field->out, "\r\n");
		field->column = 0;
	}
	text_addf(field->out, " %s", token);
	field->column += 1 + length;
	return 0;
}

static void field_end(struct field *field)
{
	text_add(field->out, "\r\n");
}

static int add_line(struct text *out, const char *name, const char *token, struct err *err)
{
	struct field field = field_begin(out, name, err);

	if (field_add(&field, token) < 0)
		return err_wrap(err, "%s", name);
	field_end(&field);
	return 0;
}

/* C0, DEL, and C1 as UTF-8 writes it. */
static bool has_control(const char *utf8)
{
	for (; *utf8; utf8++) {
		unsigned char byte = (unsigned char)utf8[0], next = (unsigned char)utf8[1];

		if (byte < 0x20 || byte == 0x7f || (byte == 0xc2 && next >= 0x80 && next <= 0x9f))
			return true;
	}
	return false;
}

static bool is_plain_word_byte(unsigned char byte)
{
	return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'Z') || (byte >= 'a' && byte <= 'z') ||
		(byte && strchr("!*+-/", byte));
}

/* Encodes one character of length bytes as an encoded word may write it inside a phrase (RFC 2047, 5 (3)). */
static void encode_character(const char *character, size_t length, char *ret_code)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)character[i];

		if (byte == ' ')
			ret_code += snprintf(ret_code, 4, "_");
		else if (is_plain_word_byte(byte))
			ret_code += snprintf(ret_code, 4, "%c", byte);
		else
			ret_code += snprintf(ret_code, 4, "=%02X", byte);
	}
}

/* Spaces between encoded words are not shown: so all of the text is in them. No character is split. */
static int add_encoded(struct field *field, const char *utf8)
{
	char inside[WORD_MAX] = "", word[WORD_MAX + 1], code[13];
	size_t used = 0;
	const size_t limit = WORD_MAX - sizeof("Subject:") - strlen(WORD_BEGIN WORD_END);

	while (*utf8) {
		size_t length = text_character_length(utf8);

		encode_character(utf8, length, code);
		if (used + strlen(code) > limit) {
			snprintf(word, sizeof(word), WORD_BEGIN "%.*s" WORD_END, (int)limit, inside);
			if (field_add(field, word) < 0)
				return -1;
			used = 0;
		}
		used += (size_t)snprintf(inside + used, sizeof(inside) - used, "%s", code);
		utf8 += length;
	}
	snprintf(word, sizeof(word), WORD_BEGIN "%.*s" WORD_END, (int)limit, inside);
	return field_add(field, word);
}

/* May the text be written as it is: words of ASCII with single spaces between them, nothing that looks encoded? */
static bool is_plain(const char *text)
{
	size_t word = 0;

	if (strstr(text, "=?"))
		return false;
	for (; *text; text++) {
		if (*text == ' ' && (!word || text[1] == '\0'))
			return false;
		if (*text < ' ' || *text > '~' || ++word > LINE_MAX_COLUMNS - sizeof("Subject:"))
			return false;
		word = *text == ' ' ? 0 : word;
	}
	return true;
}

/* Word by word, so that a line can be folded between any two. */
static int add_words(struct field *field, const char *text)
{
	char word[LINE_MAX_COLUMNS];

	while (*text) {
		size_t length = strcspn(text, " ");

		snprintf(word, sizeof(word), "%.*s", (int)length, text);
		if (field_add(field, word) < 0)
			return -1;
		text += length + (text[length] == ' ');
	}
	return 0;
}

/* Text of a header, whatever its letters. */
static int add_text(struct field *field, const char *text, size_t max)
{
	if (!text_is_utf8(text, strlen(text)))
		return err_set(field->err, "a header value is no UTF-8");
	if (has_control(text))
		return err_set(field->err, "a header value has a control character");
	if (strlen(text) > max)
		return err_set(field->err, "a header value is longer than %zu bytes", max);
	return is_plain(text) ? add_words(field, text) : add_encoded(field, text);
}

static int add_subject(struct text *out, const char *subject, struct err *err)
{
	struct field field = field_begin(out, "Subject", err);

	if (add_text(&field, subject ? subject : "", SUBJECT_MAX) < 0)
		return err_wrap(err, "Subject");
	field_end(&field);
	return 0;
}

/* A display name: atoms as they are; anything else is an encoded word, which needs no quoting. */
static int add_name(struct field *field, const char *name)
{
	for (const char *at = name; *at; at++)
		if (!is_plain_word_byte((unsigned char)*at) && *at != ' ')
			return has_control(name) || !text_is_utf8(name, strlen(name)) || strlen(name) > DISPLAY_NAME_MAX ?
				err_set(field->err, "a display name has what it must not have") : add_encoded(field, name);
	return add_text(field, name, DISPLAY_NAME_MAX);
}

/* The address stands in angles, so that no name can be read as one. */
static int add_addresses(struct text *out, const char *name, const struct message_address *items, size_t count,
	struct err *err)
{
	struct field field = field_begin(out, name, err);
	char token[400];

	for (size_t i = 0; i < count; i++) {
		const struct message_address *item = &items[i];

		if (!mime_address_is_valid(item->address))
			return err_set(err, "%s: not an address: %s", name, item->address);
		if (item->name && *item->name && add_name(&field, item->name) < 0)
			return err_wrap(err, "%s", name);
		snprintf(token, sizeof(token), "<%s>%s", item->address, i + 1 < count ? "," : "");
		if (field_add(&field, token) < 0)
			return err_wrap(err, "%s", name);
	}
	field_end(&field);
	return 0;
}

/* An id that may stand between < and > (RFC 5322, 3.6.4, without its rarer forms). */
static bool is_id(const char *id)
{
	size_t length = strlen(id), at = strcspn(id, "@");

	for (size_t i = 0; i < length; i++)
		if (id[i] <= ' ' || id[i] > '~' || strchr("<>,;:\\\"()[]", id[i]))
			return false;
	return at > 0 && at + 1 < length && length <= TOKEN_MAX - 2;
}

static int add_id(struct field *field, const char *id)
{
	char token[TOKEN_MAX + 1];

	snprintf(token, sizeof(token), "<%s>", id);
	return field_add(field, token);
}

/* An id that is none is left out: it came from somebody else's mail. */
static int add_in_reply_to(struct text *out, const char *id, struct err *err)
{
	struct field field;

	if (!id || !is_id(id))
		return 0;
	field = field_begin(out, "In-Reply-To", err);
	if (add_id(&field, id) < 0)
		return err_wrap(err, "In-Reply-To");
	field_end(&field);
	return 0;
}

/* RFC 5322, 3.6.4. Of too many the first, which began the thread, and the newest stay. */
static int add_references(struct text *out, const struct message_strings *ids, struct err *err)
{
	struct field field = { .out = NULL };
	size_t skipped = ids->count > MIME_WRITE_REFERENCES_MAX ? ids->count - MIME_WRITE_REFERENCES_MAX : 0;

	for (size_t i = 0; i < ids->count; i++) {
		if (!is_id(ids->items[i]) || (i > 0 && i <= skipped))
			continue;
		if (!field.out)
			field = field_begin(out, "References", err);
		if (add_id(&field, ids->items[i]) < 0)
			return err_wrap(err, "References");
	}
	if (field.out)
		field_end(&field);
	return 0;
}

/* In UTC: that is right all the year round, and every program shows its reader's time. */
static int add_date(struct text *out, int64_t date, struct err *err)
{
	static const char days[7][4] = { "Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat" };
	static const char months[12][4] =
		{ "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec" };
	time_t seconds = (time_t)date;
	char token[64];
	struct tm tm;

	if (date < 0 || !gmtime_r(&seconds, &tm) || tm.tm_year > 8099)
		return err_set(err, "Date: out of range");
	snprintf(token, sizeof(token), "%s, %d %s %d %02d:%02d:%02d +0000", days[tm.tm_wday], tm.tm_mday,
		months[tm.tm_mon], tm.tm_year + 1900, tm.tm_hour, tm.tm_min, tm.tm_sec);
	return add_line(out, "Date", token, err);
}

static int add_own_ids(struct text *out, const struct letter *letter, struct err *err)
{
	struct field field = field_begin(out, "Message-ID", err);

	if (!letter->message_id || !is_id(letter->message_id))
		return err_set(err, "Message-ID: malformed");
	if (add_id(&field, letter->message_id) < 0)
		return err_wrap(err, "Message-ID");
	field_end(&field);
	if (!letter->frist_id || strlen(letter->frist_id) != FRIST_ID_LENGTH ||
			strspn(letter->frist_id, "0123456789abcdef") != FRIST_ID_LENGTH)
		return err_set(err, "X-Frist-Id: malformed");
	return add_line(out, "X-Frist-Id", letter->frist_id, err);
}

static int add_header(struct text *out, const struct letter *letter, struct err *err)
{
	if (letter->to.count == 0)
		return err_set(err, "To: nobody");
	if (add_addresses(out, "From", &letter->from, 1, err) < 0 ||
			add_addresses(out, "To", letter->to.items, letter->to.count, err) < 0 ||
			(letter->cc.count && add_addresses(out, "Cc", letter->cc.items, letter->cc.count, err) < 0) ||
			add_subject(out, letter->subject, err) < 0 || add_date(out, letter->date, err) < 0 ||
			add_own_ids(out, letter, err) < 0 || add_in_reply_to(out, letter->in_reply_to, err) < 0 ||
			add_references(out, &letter->references, err) < 0)
		return -1;
	/* RFC 3834, 5; the second is Exchange's: nobody's absence notice shall answer us. */
	text_add(out, "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\nMIME-Version: 1.0\r\n");
	return 0;
}

/* Quoted-printable (RFC 2045, 6.7). Blanks at the end of a line are encoded, since servers on the way strip them. */
static void add_quoted_printable(struct text *out, const char *text)
{
	size_t column = 0;

	for (; *text; text++) {
		unsigned char byte = (unsigned char)*text;
		bool at_end = text[1] == '\0' || text[1] == '\n' || (text[1] == '\r' && text[2] == '\n');
		bool plain = (byte > ' ' && byte <= '~' && byte != '=') || ((byte == ' ' || byte == '\t') && !at_end);

		if (byte == '\r' && text[1] == '\n')
			continue;
		if (byte == '\n') {
			text_add(out, "\r\n");
			column = 0;
			continue;
		}
		if (column + (plain ? 1 : 3) > LINE_MAX_COLUMNS - 1) {
			text_add(out, "=\r\n");
			column = 0;
		}
		text_addf(out, plain ? "%c" : "=%02X", byte);
		column += plain ? 1 : 3;
	}
	if (column)
		text_add(out, "\r\n");
}

static void add_part(struct text *out, const char *type, const char *text)
{
	text_addf(out, "Content-Type: text/%s; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n", type);
	add_quoted_printable(out, text);
}

/* "=_" stands in no quoted-printable text, so no text can end a part. */
static void add_alternatives(struct text *out, const struct letter *letter)
{
	text_addf(out, "Content-Type: multipart/alternative;\r\n boundary=\"=_%s\"\r\n\r\n--=_%s\r\n",
		letter->frist_id, letter->frist_id);
	add_part(out, "plain", letter->text);
	text_addf(out, "\r\n--=_%s\r\n", letter->frist_id);
	add_part(out, "html", letter->html);
	text_addf(out, "\r\n--=_%s--\r\n", letter->frist_id);
}

/* Plain text always; HTML beside it where the template has some (RFC 2046, 5.1.4: the best comes last). */
int mime_write_letter(const struct letter *letter, struct text *ret_bytes, struct err *err)
{
	struct text out = TEXT_NULL;

	if (!letter->text || !text_is_utf8(letter->text, strlen(letter->text)) ||
			(letter->html && !text_is_utf8(letter->html, strlen(letter->html))))
		return err_set(err, "the text of a mail is no UTF-8");
	if (add_header(&out, letter, err) < 0) {
		text_done(&out);
		return -1;
	}
	if (letter->html)
		add_alternatives(&out, letter);
	else
		add_part(&out, "plain", letter->text);
	*ret_bytes = out;
	return 0;
}
