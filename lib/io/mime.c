/*
 * Whatever comes in becomes a struct message; nothing that a sender writes is an error. The header is split into fields
 * without GMime (mime_field), each kind of field has a reader here, and what cannot be read as it should be leaves a
 * word in `defects`. The body is walked by mime_parts. classify() comes last, for reports say in their parts what they
 * are.
 */
#include "io/mime.h"

#include "base/err.h"
#include "base/text.h"
#include "core/classify.h"
#include "core/privacy.h"
#include "io/crypto.h"
#include "io/mime_address.h"
#include "io/mime_date.h"
#include "io/mime_decode.h"
#include "io/mime_field.h"
#include "io/mime_parts.h"

#include <string.h>
#include <strings.h>

enum {
	FRIST_ID_LENGTH = 32,
	RECEIVED_APART_MAX = 14 * 24 * 3600,	/* seconds; the longest that servers try to pass on a mail is some days */
};

/* One message while it is read. */
struct reading {
	struct arena *arena;
	struct mime_fields fields;
	struct mime_type type;
	struct message *message;
	const char *unmarked_subject;
	struct mime_defects defects;
};

void mime_init(void)
{
	mime_decode_init();
}

/* The raw value of the first field of that name, NULL when there is none. */
static const char *raw_field(struct reading *reading, const char *name)
{
	return mime_field_raw(reading->arena, mime_field_find(&reading->fields, name), &reading->defects);
}

static bool has_field(const struct reading *reading, const char *name)
{
	return mime_field_find(&reading->fields, name) != NULL;
}

static bool has_one_of(const struct reading *reading, const char *const *names)
{
	for (; *names; names++)
		if (has_field(reading, *names))
			return true;
	return false;
}

/* Fields that may stand once; the first is read where a second does not spoil it. */
static void note_repeated(struct reading *reading)
{
	static const struct { const char *name, *defect; } once[] = {
		{ "From", "two-from" }, { "Sender", "two-sender" }, { "Subject", "two-subject" }, { "Date", "two-date" },
		{ "Message-ID", "two-message-id" }, { "Content-Type", "two-content-type" },
	};

	for (size_t i = 0; i < sizeof(once) / sizeof(once[0]); i++)
		if (mime_field_count(&reading->fields, once[i].name) > 1)
			mime_defect(&reading->defects, once[i].defect);
}

/* The newest ids are at the end (RFC 5322, 3.6.4): of more than the buffer holds the older half is forgotten. */
enum { IDS_WINDOW = 4 * MESSAGE_REFERENCES_MAX };

struct ids {
	const char *items[IDS_WINDOW];
	size_t count;
	bool forgotten;
};

/* A field may name any number of ids; only the newest are of use. */
static void add_ids(struct reading *reading, const char *raw, struct ids *ids)
{
	for (const char *open = strchr(raw, '<'); open; open = strchr(open + 1, '<')) {
		const char *id = mime_parts_first_id(reading->arena, open);

		if (!id)
			continue;
		if (ids->count == IDS_WINDOW) {
			ids->count = IDS_WINDOW / 2;
			memmove(ids->items, ids->items + IDS_WINDOW / 2, ids->count * sizeof(ids->items[0]));
			ids->forgotten = true;
		}
		ids->items[ids->count++] = id;
	}
}

/* Every id in angle brackets in the fields of that name, each once; commas and other text between them is no matter. */
static struct message_strings read_ids(struct reading *reading, const char *name)
{
	struct ids ids = { .count = 0 };
	const char **kept;
	struct message_strings found;

	for (size_t i = 0; i < reading->fields.count; i++)
		if (mime_field_is(&reading->fields.items[i], name))
			add_ids(reading, mime_field_raw(reading->arena, &reading->fields.items[i], &reading->defects), &ids);
	kept = arena_array(reading->arena, ids.count, sizeof(*kept));
	found = (struct message_strings){ .items = kept };
	for (size_t i = 0; i < ids.count; i++)
		if (!message_strings_have(&found, ids.items[i]))
			kept[found.count++] = ids.items[i];
	if (ids.forgotten || found.count > MESSAGE_REFERENCES_MAX)
		mime_defect(&reading->defects, "too-many-references");
	if (found.count > MESSAGE_REFERENCES_MAX) {
		found.items += found.count - MESSAGE_REFERENCES_MAX;
		found.count = MESSAGE_REFERENCES_MAX;
	}
	return found;
}

static void read_message_id(struct reading *reading)
{
	const char *raw = raw_field(reading, "Message-ID");

	reading->message->message_id = mime_parts_first_id(reading->arena, raw);
	if (!reading->message->message_id)
		mime_defect(&reading->defects, raw ? "bad-message-id" : "no-message-id");
}

/* An id of our own: 32 lower-case hexadecimal digits in the only field of that name. */
static void read_frist_id(struct reading *reading)
{
	const char *raw = raw_field(reading, "X-Frist-Id");

	if (raw && strlen(raw) == FRIST_ID_LENGTH && strspn(raw, "0123456789abcdef") == FRIST_ID_LENGTH &&
			mime_field_count(&reading->fields, "X-Frist-Id") == 1)
		reading->message->frist_id = raw;
}

static void read_address_fields(struct reading *reading, const char *name, struct mime_address_list *list)
{
	for (size_t i = 0; i < reading->fields.count; i++)
		if (mime_field_is(&reading->fields.items[i], name))
			mime_address_read(reading->arena,
				mime_field_raw(reading->arena, &reading->fields.items[i], &reading->defects), list,
				&reading->defects);
}

/* The address of a field that must stand once with one address: no group, no route (RFC 5322, 3.6.2). */
static const struct message_address *read_one_address(struct reading *reading, const char *name)
{
	struct mime_address_list list = { .count = 0 };
	struct message_address *address;

	read_address_fields(reading, name, &list);
	if (mime_field_count(&reading->fields, name) != 1 || list.count != 1 || list.refused || list.group || list.route)
		return NULL;
	address = arena_alloc(reading->arena, sizeof(*address));
	*address = list.items[0];
	return address;
}

static struct message_addresses read_addresses(struct reading *reading, const char *name)
{
	struct mime_address_list list = { .count = 0 };
	struct message_address *items;

	read_address_fields(reading, name, &list);
	items = arena_array(reading->arena, list.count, sizeof(*items));
	if (list.count)
		memcpy(items, list.items, list.count * sizeof(*items));
	return (struct message_addresses){ .items = items, .count = list.count };
}

/* From must be one person: who writes as two is nobody (core/trust). Of To and Cc whatever can be read is kept. */
static void read_people(struct reading *reading)
{
	struct message *message = reading->message;

	message->from = read_one_address(reading, "From");
	message->sender = read_one_address(reading, "Sender");
	message->to = read_addresses(reading, "To");
	message->cc = read_addresses(reading, "Cc");
	if (!message->from)
		mime_defect(&reading->defects, has_field(reading, "From") ? "bad-from" : "no-from");
	if (!message->sender && has_field(reading, "Sender"))
		mime_defect(&reading->defects, "bad-sender");
}

/* The CPR number goes first: whatever else is made of the subject is made of what may be kept. */
static void read_subject(struct reading *reading, const struct subject_grammar *grammar)
{
	struct message *message = reading->message;
	const char *raw = raw_field(reading, "Subject"), *answered = raw_field(reading, "In-Reply-To");
	struct subject subject;
	char *text = raw ? mime_text_decoded(reading->arena, raw, &reading->defects) : NULL;

	if (text) {
		if (text_cut(text, MESSAGE_SUBJECT_MAX))
			mime_defect(&reading->defects, "subject-too-long");
		privacy_mask_cpr(text);
	}
	subject_parse(reading->arena, grammar, text, &subject);
	message->subject = text;
	message->forward = subject.forward;
	message->reply = subject.reply || (!subject.forward && answered && *answered);
	message->tags = subject.tags;
	message->own_tags = subject.own_tags;
	message->keys = subject.keys;
	message->lead_keys = subject.lead_keys;
	message->lead_round = subject.lead_round;
	message->bare_subject = subject.bare;
	reading->unmarked_subject = subject.unmarked;
	if (subject.hidden)
		mime_defect(&reading->defects, "hidden-characters");
	if (subject.too_many_tags)
		mime_defect(&reading->defects, "too-many-tags");
}

static void read_date(struct reading *reading)
{
	const char *raw = raw_field(reading, "Date");

	reading->message->date = raw ? mime_date_read(raw) : 0;
	if (!reading->message->date)
		mime_defect(&reading->defects, raw ? "bad-date" : "no-date");
}

/* In the order of the header, the newest on top: core/trust reads them downwards, as far as they are ours. */
static void read_traces(struct reading *reading)
{
	static const struct { const char *name; enum message_trace_field field; } wanted[] = {
		{ "Received", MESSAGE_TRACE_RECEIVED },
		{ "Authentication-Results", MESSAGE_TRACE_AUTHENTICATION_RESULTS },
		{ "X-MS-Exchange-Organization-AuthAs", MESSAGE_TRACE_AUTH_AS },
	};
	struct message_trace *traces = arena_array(reading->arena, MESSAGE_TRACES_MAX, sizeof(*traces));
	size_t count = 0;

	for (size_t i = 0; i < reading->fields.count; i++) {
		const struct mime_field *field = &reading->fields.items[i];

		for (size_t j = 0; j < sizeof(wanted) / sizeof(wanted[0]); j++) {
			if (!mime_field_is(field, wanted[j].name))
				continue;
			if (count == MESSAGE_TRACES_MAX)
				mime_defect(&reading->defects, "too-many-traces");
			else
				traces[count++] = (struct message_trace){
					.field = wanted[j].field,
					.value = mime_field_raw(reading->arena, field, &reading->defects),
				};
		}
	}
	reading->message->traces.items = traces;
	reading->message->traces.count = count;
}

/* The newest by its date, but not what the clock of some server wrote that runs weeks ahead of the last one's. */
static int64_t newest_received(const struct message *message)
{
	int64_t newest = 0, limit = 0;

	for (size_t i = 0; i < message->traces.count; i++) {
		const struct message_trace *trace = &message->traces.items[i];
		int64_t at = trace->field == MESSAGE_TRACE_RECEIVED ? mime_date_of_received(trace->value) : 0;

		if (!limit && at)
			limit = at + RECEIVED_APART_MAX;
		if (at > newest && at <= limit)
			newest = at;
	}
	return newest;
}

/* Exim's bounces without a report name the recipients in a field of their own. */
static void read_failed_recipients(struct reading *reading)
{
	struct mime_address_list list = { .count = 0 };
	struct message_bounce *bounces;

	if (reading->message->bounces.count || !has_field(reading, "X-Failed-Recipients"))
		return;
	read_address_fields(reading, "X-Failed-Recipients", &list);
	bounces = arena_array(reading->arena, list.count, sizeof(*bounces));
	for (size_t i = 0; i < list.count; i++)
		bounces[i] = (struct message_bounce){ .address = list.items[i].address, .action = "failed" };
	reading->message->bounces.items = bounces;
	reading->message->bounces.count = list.count;
}

static void classify(struct reading *reading)
{
	static const char *const autoreply[] = {
		"X-Autoreply", "X-Autorespond", "X-Auto-Reply-From", "X-Autoreply-From", "X-Mail-Autoreply", NULL
	};
	/* Not List-Unsubscribe alone: systems that write to one person have that, too. */
	static const char *const list[] = { "List-Id", "List-Post", "List-Unsubscribe-Post", NULL };
	static const char *const leave[] = { "List-Unsubscribe", "List-Unsubscribe-Post", NULL };
	struct message *message = reading->message;
	bool report = strcmp(reading->type.type, "multipart") == 0 && strcmp(reading->type.subtype, "report") == 0;
	struct classify_facts facts = {
		.subject = reading->unmarked_subject, .from = message->from ? message->from->address : NULL,
		.return_path = raw_field(reading, "Return-Path"), .precedence = raw_field(reading, "Precedence"),
		.report_type = !report ? NULL : reading->type.report_type ? reading->type.report_type : "",
		.auto_submitted = raw_field(reading, "Auto-Submitted"),
		.suppress = raw_field(reading, "X-Auto-Response-Suppress"),
		.inbox_rules_loop = has_field(reading, "X-MS-Exchange-Inbox-Rules-Loop"),
		.autoreply = has_one_of(reading, autoreply), .list = has_one_of(reading, list),
		.failed_recipients = has_field(reading, "X-Failed-Recipients"), .ours = message->frist_id != NULL,
		.received_count = mime_field_count(&reading->fields, "Received"),
	};

	for (size_t i = 0; i < message->bounces.count; i++)
		*(classify_is_delivered(message->bounces.items[i].action) ? &facts.delivered_count :
			&facts.undelivered_count) += 1;
	message->kind = classify_kind(&facts);
	message->automatic = message->kind != MESSAGE_HUMAN;
	/* A list that one may leave and not write to: nobody's question comes by it. */
	message->newsletter = message->kind == MESSAGE_LIST && has_one_of(reading, leave) &&
		!has_field(reading, "List-Post");
}

/* Absence notices, and Exchange's bounces and receipts, say by reference which mail they are about. */
static void read_bounced_id(struct message *message)
{
	bool about_another = message->kind == MESSAGE_ABSENCE || message->kind == MESSAGE_BOUNCE ||
		message->kind == MESSAGE_RECEIPT;

	if (!about_another)
		message->bounced_id = NULL;
	else if (!message->bounced_id && message->in_reply_to.count)
		message->bounced_id = message->in_reply_to.items[0];
	else if (!message->bounced_id && message->references.count)
		message->bounced_id = message->references.items[message->references.count - 1];
}

static void add_without_space(struct text *text, const char *bytes, size_t length)
{
	size_t begin = 0;

	for (size_t i = 0; i <= length; i++) {
		if (i < length && bytes[i] != ' ' && bytes[i] != '\t' && bytes[i] != '\r' && bytes[i] != '\n')
			continue;
		text_add_bytes(text, bytes + begin, i - begin);
		begin = i + 1;
	}
}

/*
 * What makes two deliveries the same mail: the fields its author wrote, white space aside. Servers add to bodies (a
 * banner, a list's footer), so those count only where no Message-ID does: else two letters of one minute with the same
 * subject would be one.
 */
static void read_identity(struct reading *reading)
{
	static const char *const names[] = { "Message-ID", "From", "Date", "Subject", "To", "Cc" };
	struct text text CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		text_addf(&text, "\n%s:", names[i]);
		/* A server puts its mark before the subject of one copy and not of another. */
		if (strcmp(names[i], "Subject") == 0 && mime_field_count(&reading->fields, "Subject") == 1) {
			add_without_space(&text, reading->unmarked_subject, strlen(reading->unmarked_subject));
			continue;
		}
		for (size_t j = 0; j < reading->fields.count; j++) {
			const struct mime_field *field = &reading->fields.items[j];

			if (!mime_field_is(field, names[i]))
				continue;
			add_without_space(&text, field->value, field->value_length);
			text_add(&text, "\n");
		}
	}
	if (!reading->message->message_id)
		add_without_space(&text, reading->fields.body, reading->fields.body_length < MESSAGE_PREFIX_MAX ?
			reading->fields.body_length : MESSAGE_PREFIX_MAX);
	crypto_sha256(text_string(&text), text.length, reading->message->identity);
}

/* Is there anything by which this could be told to be a mail? */
static bool is_mail(const struct reading *reading)
{
	static const char *const names[] = {
		"From", "Sender", "To", "Cc", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Received",
		"Return-Path", NULL
	};

	return has_one_of(reading, names);
}

static void keep_defects(struct reading *reading)
{
	size_t count = reading->defects.count;
	const char **words = arena_array(reading->arena, count, sizeof(*words));

	if (count)
		memcpy(words, reading->defects.words, count * sizeof(*words));
	reading->message->defects = (struct message_strings){ .items = words, .count = count };
}

/* Filters say yes in their own words; Exchange gives a level, from 5 on it is spam. */
static bool is_spam(struct reading *reading)
{
	static const char *const fields[] = { "X-Spam-Flag", "X-Spam-Status", "X-Spam", NULL };
	const char *level = raw_field(reading, "X-MS-Exchange-Organization-SCL");

	for (size_t i = 0; fields[i]; i++) {
		const char *value = raw_field(reading, fields[i]);

		if (value && strncasecmp(value, "yes", 3) == 0)
			return true;
	}
	return level && *level >= '5' && *level <= '9';
}

/* RFC 8551, 3.2.2: what is only signed can be read. RFC 1847, 2.2: multipart/encrypted. */
static bool is_encrypted(const char *type)
{
	return type && (strcasestr(type, "multipart/encrypted") ||
		(strcasestr(type, "pkcs7-mime") && !strcasestr(type, "signed-data")));
}

/* Of a header alone the type says only whether it was a report; GMime is not troubled where it was none. */
static void read_type(struct reading *reading)
{
	const char *raw = reading->fields.body_length ? NULL : raw_field(reading, "Content-Type");

	if (raw && !strcasestr(raw, "report"))
		reading->type = (struct mime_type){ .type = "text", .subtype = "plain" };
	else
		mime_parts_type(reading->arena, &reading->fields, &reading->type, &reading->defects);
}

static void read_header(struct reading *reading, const struct subject_grammar *grammar)
{
	note_repeated(reading);
	read_message_id(reading);
	reading->message->in_reply_to = read_ids(reading, "In-Reply-To");
	reading->message->references = read_ids(reading, "References");
	read_frist_id(reading);
	read_people(reading);
	read_subject(reading, grammar);
	read_date(reading);
	read_traces(reading);
	reading->message->received_at = newest_received(reading->message);
	read_identity(reading);
}

/* "From somebody …", but not "From : somebody", which is a field. */
static bool is_mbox_line(const char *at, const char *end)
{
	if (end - at < 5 || memcmp(at, "From ", 5) != 0)
		return false;
	for (at += 5; at < end && (*at == ' ' || *at == '\t');)
		at++;
	return at == end || *at != ':';
}

/* Passes over a mbox "From " line and a byte order mark. */
static void skip_envelope(const char **bytes, size_t *length)
{
	const char *at = *bytes, *end = at + *length;

	if (*length >= 3 && memcmp(at, "\xEF\xBB\xBF", 3) == 0)
		at += 3;
	if (is_mbox_line(at, end)) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));

		at = feed ? feed + 1 : end;
	}
	*length = (size_t)(end - at);
	*bytes = at;
}

void mime_parse(struct arena *arena, const struct subject_grammar *grammar, const void *bytes, size_t length,
	struct message *ret_message)
{
	struct reading reading = { .arena = arena, .message = ret_message };
	const char *at = bytes;

	*ret_message = (struct message){ .kind = MESSAGE_AUTOMATIC, .automatic = true, .bare_subject = "" };
	skip_envelope(&at, &length);
	mime_field_split(arena, at, length, MESSAGE_HEADER_MAX, &reading.fields, &reading.defects);
	/* Identity is then that of the bytes: the same broken thing is set aside once. */
	if (!is_mail(&reading)) {
		reading.defects = (struct mime_defects){ .words = { "unreadable" }, .count = 1 };
		keep_defects(&reading);
		crypto_sha256(at, length < MESSAGE_HEADER_MAX ? length : MESSAGE_HEADER_MAX, ret_message->identity);
		return;
	}
	if (reading.fields.body_length > MESSAGE_PREFIX_MAX)
		reading.fields.body_length = MESSAGE_PREFIX_MAX;
	read_header(&reading, grammar);
	read_type(&reading);
	mime_parts_read(arena, &reading.fields, &reading.type, ret_message, &reading.defects);
	read_failed_recipients(&reading);
	classify(&reading);
	ret_message->spam = is_spam(&reading);
	ret_message->encrypted = is_encrypted(raw_field(&reading, "Content-Type"));
	read_bounced_id(ret_message);
	keep_defects(&reading);
}
