/*
 * A walk over the parts with a stack of its own: no recursion, a fixed depth, a fixed number of parts. Of all text only
 * the first plain and the first HTML part are decoded, and kept is what stands above a quotation, and from whom to whom
 * the quoted letter went. In a multipart/report the parts for machines are read instead.
 */
#include "io/mime_parts.h"

#include "base/text.h"
#include "core/htmltext.h"
#include "core/privacy.h"
#include "core/quote.h"
#include "io/mime_address.h"

#include <string.h>
#include <strings.h>

enum { FILE_NAME_MAX = 255, PART_HEADER_MAX = 16 * 1024, BOUNDARY_MAX = 200 };

/* A multipart whose parts are being visited. */
struct level {
	const char *boundary, *at, *end;
	bool digest;
};

struct visit {
	struct arena *arena;
	struct message *message;
	struct mime_defects *defects;
	struct level levels[MIME_PARTS_LEVELS];
	size_t depth, parts;
	struct mime_type *type;			/* the message's own */
	bool report;				/* it is a multipart/report (RFC 6522) */
	const char *plain, *html;		/* the first of each, decoded */
	const char *attachments[MIME_ATTACHMENTS_MAX];
	size_t attachment_count;
	struct message_bounce bounces[MIME_BOUNCES_MAX];
	size_t bounce_count;
};

void mime_parts_type(struct arena *arena, const struct mime_fields *fields, struct mime_type *ret_type,
	struct mime_defects *defects)
{
	const char *value = mime_field_raw(arena, mime_field_find(fields, "Content-Type"), defects);

	if (value)
		mime_decode_type(arena, value, ret_type);
	if (!value || !*ret_type->type || !*ret_type->subtype)
		*ret_type = (struct mime_type){ .type = "text", .subtype = "plain" };
}

const char *mime_parts_first_id(struct arena *arena, const char *raw)
{
	const char *open = raw ? strchr(raw, '<') : NULL;
	size_t length = open ? strcspn(open + 1, "<>") : 0;
	char *id, *to;

	if (!length || length > MESSAGE_ID_MAX || open[1 + length] != '>')
		return NULL;
	/* Long ids get folded on the way; white space inside one has no meaning (RFC 5322, 4.5.4). */
	id = to = arena_alloc(arena, length + 1);
	for (size_t i = 1; i <= length; i++)
		if (open[i] != ' ')
			*to++ = open[i];
	return to > id ? id : NULL;
}

static bool type_is(const struct mime_type *type, const char *top, const char *sub)
{
	return strcmp(type->type, top) == 0 && (!sub || strcmp(type->subtype, sub) == 0);
}

/* Is the line a delimiter of this boundary (RFC 2046, 5.1.1)? The last one has two more hyphens. */
static bool is_delimiter(const char *line, const char *end, const char *boundary, bool *ret_last)
{
	size_t length = strlen(boundary);
	const char *at = line + 2 + length;

	if (end - line < (ptrdiff_t)length + 2 || memcmp(line, "--", 2) != 0 || memcmp(line + 2, boundary, length) != 0)
		return false;
	*ret_last = end - at >= 2 && memcmp(at, "--", 2) == 0;
	at += *ret_last ? 2 : 0;
	while (at < end && (*at == ' ' || *at == '\t' || *at == '\r'))
		at++;
	return at == end || *at == '\n';
}

static const char *next_line(const char *at, const char *end)
{
	const char *feed = memchr(at, '\n', (size_t)(end - at));

	return feed ? feed + 1 : end;
}

/* Steps to the next part of the level: its octets from header to delimiter. False when there is none. */
/* A part ends at the next delimiter, or with what was fetched of the message. */
static bool next_part(struct level *level, const char **ret_part, size_t *ret_length)
{
	const char *part = NULL;

	for (const char *at = level->at; at < level->end; at = next_line(at, level->end)) {
		bool last;

		if (!is_delimiter(at, level->end, level->boundary, &last))
			continue;
		if (part) {
			level->at = at;
			*ret_part = part;
			*ret_length = (size_t)(at - part);
			return true;
		}
		if (last)
			break;
		part = next_line(at, level->end);
	}
	level->at = level->end;
	if (!part || part == level->end)
		return false;
	*ret_part = part;
	*ret_length = (size_t)(level->end - part);
	return true;
}

/* A file name that can be shown and stored: the last component, nothing hidden in it, no personal number. */
static const char *file_name(struct visit *visit, const char *name)
{
	char *clean = mime_text_clean(visit->arena,
		mime_text_body(visit->arena, "utf-8", name, strlen(name), visit->defects), false, visit->defects);
	const char *base = clean;

	for (const char *at = clean; *at; at++)
		if (*at == '/' || *at == '\\')
			base = at + 1;
	clean = arena_strdup(visit->arena, base);
	text_cut(clean, FILE_NAME_MAX);
	if (text_has_hidden(clean))
		mime_defect(visit->defects, "hidden-characters");
	privacy_mask_cpr(clean);
	return clean;
}

static void add_attachment(struct visit *visit, const char *name)
{
	name = file_name(visit, name);
	if (*name && visit->attachment_count < MIME_ATTACHMENTS_MAX)
		visit->attachments[visit->attachment_count++] = name;
}

/* The content of a part, decoded and in UTF-8. */
static char *part_text(struct visit *visit, const struct mime_fields *fields, const char *charset)
{
	const char *encoding = mime_field_raw(visit->arena, mime_field_find(fields, "Content-Transfer-Encoding"),
		visit->defects);
	size_t length;
	const char *bytes = mime_decode_transfer(visit->arena, encoding, fields->body, fields->body_length, &length);

	return mime_text_body(visit->arena, charset, bytes, length, visit->defects);
}

/* The address of "rfc822; anne@example.dk", masked, or NULL. */
static const char *report_address(struct visit *visit, const char *raw)
{
	const char *address = raw ? strchr(raw, ';') : NULL;
	char *lower;

	if (!address)
		return NULL;
	address += 1 + strspn(address + 1, " <");
	lower = text_lower(visit->arena, arena_strndup(visit->arena, address, strcspn(address, " >")));
	if (!mime_address_is_valid(lower))
		return NULL;
	privacy_mask_cpr(lower);
	return lower;
}

static const char *first_word(struct visit *visit, const char *raw)
{
	return raw ? text_lower(visit->arena, arena_strndup(visit->arena, raw, strcspn(raw, " ;(\t"))) : NULL;
}

/* One recipient's block of a status notification (RFC 3464, 2.3); blocks without an action are about the message. */
static void add_bounce(struct visit *visit, const struct mime_fields *fields)
{
	struct arena *arena = visit->arena;
	const char *final, *original, *action;

	action = first_word(visit, mime_field_raw(arena, mime_field_find(fields, "Action"), visit->defects));
	if (!action || visit->bounce_count == MIME_BOUNCES_MAX)
		return;
	final = report_address(visit, mime_field_raw(arena, mime_field_find(fields, "Final-Recipient"), visit->defects));
	original = report_address(visit,
		mime_field_raw(arena, mime_field_find(fields, "Original-Recipient"), visit->defects));
	visit->bounces[visit->bounce_count++] = (struct message_bounce){
		.address = final ? final : original, .action = action,
		.status = first_word(visit, mime_field_raw(arena, mime_field_find(fields, "Status"), visit->defects)),
	};
}

/* Blocks of fields with empty lines between them, the first about the message itself (RFC 3464, 2.1). */
static void read_delivery_status(struct visit *visit, const char *text)
{
	const char *at = text, *end = text + strlen(text);

	while (at < end && visit->bounce_count < MIME_BOUNCES_MAX) {
		struct mime_fields block;

		mime_field_split(visit->arena, at, (size_t)(end - at), PART_HEADER_MAX, &block, visit->defects);
		add_bounce(visit, &block);
		at = block.body;
	}
}

/* The id of the mail that a report is about: from the field of that name in text. */
static void read_reported_id(struct visit *visit, const char *text, const char *name)
{
	struct mime_fields fields;

	if (visit->message->bounced_id)
		return;
	mime_field_split(visit->arena, text, strlen(text), MESSAGE_HEADER_MAX, &fields, &(struct mime_defects){ .count = 0 });
	visit->message->bounced_id = mime_parts_first_id(visit->arena,
		mime_field_raw(visit->arena, mime_field_find(&fields, name), visit->defects));
}

/* RFC 6522 wants a report to name its type; where it does not, its part for machines tells. */
static void name_report(struct visit *visit, const char *report_type)
{
	if (!visit->type->report_type)
		visit->type->report_type = report_type;
}

/* The parts of a report that machines read. */
static bool read_report_part(struct visit *visit, const struct mime_fields *fields, const struct mime_type *type)
{
	if (type_is(type, "message", "delivery-status") || type_is(type, "message", "global-delivery-status")) {
		name_report(visit, "delivery-status");
		read_delivery_status(visit, part_text(visit, fields, NULL));
	} else if (type_is(type, "message", "disposition-notification")) {
		name_report(visit, "disposition-notification");
		read_reported_id(visit, part_text(visit, fields, NULL), "Original-Message-ID");
	} else if (type_is(type, "message", "rfc822") || type_is(type, "text", "rfc822-headers")) {
		read_reported_id(visit, part_text(visit, fields, NULL), "Message-ID");
	} else {
		return false;
	}
	return true;
}

static void read_leaf(struct visit *visit, const struct mime_fields *fields, const struct mime_type *type)
{
	const char *value = mime_field_raw(visit->arena, mime_field_find(fields, "Content-Disposition"), visit->defects);
	const char *name = NULL;
	bool attachment = false;

	if (visit->report && read_report_part(visit, fields, type))
		return;
	if (value)
		mime_decode_disposition(visit->arena, value, &attachment, &name);
	name = name ? name : type->name;
	if (name)
		add_attachment(visit, name);
	/* Text with a file's name is an attachment, whatever its disposition says: Outlook and Apple send notes so. */
	if (attachment || name)
		return;
	if (!visit->plain && type_is(type, "text", "plain"))
		visit->plain = part_text(visit, fields, type->charset);
	else if (!visit->html && type_is(type, "text", "html"))
		visit->html = part_text(visit, fields, type->charset);
}

/* Goes into a multipart, or reads a leaf. */
/* A multipart that cannot be taken apart is passed over; the header has been read all the same. */
static void enter(struct visit *visit, const struct mime_fields *fields, const struct mime_type *type)
{
	if (!type_is(type, "multipart", NULL)) {
		read_leaf(visit, fields, type);
		return;
	}
	if (!type->boundary || !*type->boundary || strlen(type->boundary) > BOUNDARY_MAX) {
		mime_defect(visit->defects, "no-boundary");
		return;
	}
	if (visit->depth == MIME_PARTS_LEVELS) {
		mime_defect(visit->defects, "nested-too-deep");
		return;
	}
	visit->levels[visit->depth++] = (struct level){
		.boundary = type->boundary, .at = fields->body, .end = fields->body + fields->body_length,
		.digest = type_is(type, "multipart", "digest"),
	};
}

/* In the order of the message, down into each multipart as it comes. */
static void walk(struct visit *visit)
{
	while (visit->depth > 0) {
		struct level *level = &visit->levels[visit->depth - 1];
		struct mime_fields fields;
		struct mime_type type;
		const char *part;
		size_t length;

		if (!next_part(level, &part, &length)) {
			visit->depth--;
			continue;
		}
		if (++visit->parts > MIME_PARTS_MAX) {
			mime_defect(visit->defects, "too-many-parts");
			return;
		}
		mime_field_split(visit->arena, part, length, PART_HEADER_MAX, &fields, visit->defects);
		mime_parts_type(visit->arena, &fields, &type, visit->defects);
		if (level->digest && !mime_field_find(&fields, "Content-Type"))
			type = (struct mime_type){ .type = "message", .subtype = "rfc822" };
		enter(visit, &fields, &type);
	}
}

static bool has_words(const char *text)
{
	return text && text[strspn(text, " \t\r\n")];
}

/* Whose letter it is that a colleague sends on, for the register. */
static void keep_head(struct visit *visit, const char *text)
{
	struct quote_head head;

	quote_head(visit->arena, text, &head);
	if (head.from && mime_address_is_valid(head.from))
		visit->message->quoted_from = head.from;
	visit->message->quoted_date = head.date;
	if (head.to) {
		char *cut = arena_strdup(visit->arena, head.to);

		text_cut(cut, MESSAGE_QUOTED_TO_MAX);
		visit->message->quoted_to = cut;
	}
}

static const char *html_text(struct visit *visit, char *(*read)(struct arena *arena, const char *html))
{
	return mime_text_clean(visit->arena, read(visit->arena, visit->html), true, visit->defects);
}

/* Plain text where it says anything; else what HTML comes to. */
static void keep_text(struct visit *visit)
{
	struct message *message = visit->message;
	bool plain = has_words(visit->plain) || !visit->html;
	const char *text = plain ? visit->plain : html_text(visit, htmltext_from), *whole;
	char *top;

	if (!text)
		return;
	message->has_text = true;
	top = quote_top(visit->arena, text);
	message->first_line = quote_first_line(visit->arena, top);
	message->goes_on = quote_goes_on(top);
	quote_links(visit->arena, top, &message->links);
	text_cut(top, MIME_TOP_TEXT_MAX);
	message->top_text = top;
	whole = plain ? text : html_text(visit, htmltext_whole);
	message->has_cpr = privacy_tells_cpr(whole);
	keep_head(visit, whole);
}

static const void *kept(struct arena *arena, const void *items, size_t count, size_t size)
{
	void *copy = arena_array(arena, count, size);

	if (count)
		memcpy(copy, items, count * size);
	return copy;
}

void mime_parts_read(struct arena *arena, const struct mime_fields *fields, struct mime_type *type,
	struct message *ret_message, struct mime_defects *defects)
{
	struct visit visit = {
		.arena = arena, .message = ret_message, .defects = defects, .type = type,
		.report = type_is(type, "multipart", "report"),
	};

	if (!fields->body_length)
		return;
	enter(&visit, fields, type);
	walk(&visit);
	keep_text(&visit);
	ret_message->attachments.items = kept(arena, visit.attachments, visit.attachment_count,
		sizeof(visit.attachments[0]));
	ret_message->attachments.count = visit.attachment_count;
	ret_message->bounces.items = kept(arena, visit.bounces, visit.bounce_count, sizeof(visit.bounces[0]));
	ret_message->bounces.count = visit.bounce_count;
}
