/* What io/mime reads in real-looking mail, and that no mail can make it crash, recurse or give up. */
#include "io/mime.h"

#include "base/err.h"
#include "base/text.h"
#include "tests/rows.h"

#include <pthread.h>
#include <unistd.h>

/* Lists are joined by '|'; what is left out is absent. */
struct row {
	const char *name;	/* of the file in tests/data/mail */
	enum message_kind kind;
	const char *from, *sender, *to, *subject, *prefix, *tags, *first_line, *links, *attachments, *bounces, *bounced_id,
		*quoted_from, *quoted_to, *defects;
	bool newsletter;
};

static const struct row rows[] = {
	{ .name = "outlook-reply", .kind = MESSAGE_HUMAN, .from = "Afdelingschef Teknik <afdelingschef@example.dk>",
		.to = "Sagsbehandler <sagsbehandler@example.dk>", .prefix = "reply", .tags = "GODKENDT",
		.subject = "SV: [MT-2026-0042] [GODKENDT] Svar om cykelsti ved Østergård",
		.first_line = "Godkendt - send det endelig.", .quoted_from = "sagsbehandler@example.dk",
		.quoted_to = "Afdelingschef Teknik <afdelingschef@example.dk>",
		.links = "https://sag.example.dk/sager/2026-1234?vis=alt" },
	{ .name = "iphone-reply", .kind = MESSAGE_HUMAN, .from = "Afdelingschef <afdelingschef@example.dk>",
		.to = "Sagsbehandler <sagsbehandler@example.dk>", .subject = "Re: Udkast til svar", .prefix = "reply",
		.first_line = "Godkendt" },
	{ .name = "gmail-reply", .kind = MESSAGE_HUMAN, .from = "Søren Borger <soeren.borger@example.com>",
		.to = "mt@example.dk", .subject = "Re: Kvittering", .prefix = "reply",
		.first_line = "Tak for svaret. Hvornår hører jeg mere?" },
	{ .name = "thunderbird-latin1", .kind = MESSAGE_HUMAN, .from = "Kære Enhedsleder <enhedsleder@example.dk>",
		.to = "Borgmesterens postkasse <mt@example.dk>", .subject = "[HØRER TIL MT-2026-0007] Bilag om støj",
		.tags = "HØRER TIL MT-2026-0007",
		.first_line = "Hermed målingerne fra Ågade - se sbsys:sag/2026-77.", .links = "sbsys:sag/2026-77",
		.attachments = "Støjmåling Ågade.pdf|xxxxxx-xxxx partsindlæg.docx",
		.defects = "raw-8bit|bad-encoding" },
	{ .name = "windows-1252", .kind = MESSAGE_HUMAN, .from = "Borger <borger@example.com>", .to = "mt@example.dk",
		.subject = "Spørgsmål – “hastesag”", .first_line = "“Hvornår” – spørger jeg igen." },
	{ .name = "raw-8bit", .kind = MESSAGE_HUMAN, .from = "Bodil Borger <bodil@example.com>", .to = "mt@example.dk",
		.subject = "Klage over støj på Ågade", .first_line = "Støjen er værst om natten.",
		.defects = "raw-8bit|bad-encoding" },
	{ .name = "broken-encodings", .kind = MESSAGE_HUMAN, .from = "Bjørn <bjoern@example.com>",
		.to = "mt@example.dk",
		.subject = "[GOD\uFFFD\uFFFDBcc: a@example.org] Søren æ ende", .first_line = "Goddag !!!",
		.defects = "bad-header-line|bad-message-id|unknown-charset|bad-encoding|control-characters|"
			"hidden-characters|raw-8bit|bad-date" },
	{ .name = "split-character", .kind = MESSAGE_HUMAN, .from = "a@example.dk", .to = "mt@example.dk",
		.subject = "Blåbær og rødgrød" },
	{ .name = "dsn-exim", .kind = MESSAGE_BOUNCE, .from = "Mail Delivery System <mailer-daemon@mx.example.dk>",
		.to = "mt@example.dk", .subject = "Mail delivery failed: returning message to sender",
		.first_line = "This message was created automatically by mail delivery software.",
		.bounces = "findes-ikke@example.com failed 5.1.1", .bounced_id = "frist.0123@example.dk" },
	{ .name = "dsn-postfix", .kind = MESSAGE_BOUNCE, .from = "Mail Delivery System <mailer-daemon@mx.example.dk>",
		.to = "mt@example.dk", .subject = "Undelivered Mail Returned to Sender",
		.first_line = "This is the mail system at host mx.example.dk.",
		.bounces = "en@example.com delayed 4.4.1|to@example.com delivered 2.0.0",
		.bounced_id = "frist.4567@example.dk" },
	{ .name = "dsn-exchange", .kind = MESSAGE_BOUNCE, .prefix = "reply",
		.from = "Microsoft Outlook <microsoftexchange329e71ec88ae4615bbc36ab6ce41109e@example.dk>",
		.to = "mt@example.dk", .subject = "Kan ikke leveres: Paamindelse",
		.first_line = "Levering mislykkedes.",
		.bounces = "fratraadt@example.dk failed 5.1.10", .bounced_id = "frist.89ab@example.dk" },
	{ .name = "delivery-receipt", .kind = MESSAGE_RECEIPT, .from = "Postmaster <postmaster@example.dk>",
		.to = "mt@example.dk", .subject = "Relayed: Svar", .bounces = "borger@example.com relayed 2.0.0" },
	{ .name = "read-receipt", .kind = MESSAGE_RECEIPT, .from = "Sagsbehandler <sagsbehandler@example.dk>",
		.to = "mt@example.dk", .subject = "Læst: Påmindelse", .prefix = "reply",
		.first_line = "Din meddelelse er blevet læst.", .bounced_id = "frist.cdef-original@example.dk" },
	{ .name = "absence-outlook", .kind = MESSAGE_ABSENCE, .from = "Sagsbehandler <sagsbehandler@example.dk>",
		.to = "MT-postkassen <mt@example.dk>", .prefix = "reply",
		.subject = "Automatisk svar: Påmindelse: [MT-2026-0042] [GODKENDT]",
		.first_line = "Jeg holder ferie til 27. juli. Kontakt stedfortræder.",
		.bounced_id = "frist.1111@example.dk" },
	{ .name = "absence-gmail", .kind = MESSAGE_ABSENCE, .from = "Bjørn Borger <bjoern@example.com>",
		.to = "mt@example.dk", .subject = "På ferie Re: Kvittering", .prefix = "reply",
		.first_line = "Jeg er tilbage i uge 31.", .bounced_id = "kvittering.1@example.dk" },
	{ .name = "absence-postmaster", .kind = MESSAGE_ABSENCE, .from = "postmaster@example.com",
		.to = "mt@example.dk",
		.subject = "Autosvar: Medarbejderen er fratraadt", .first_line = "Skriv til info@example.com." },
	{ .name = "newsletter", .kind = MESSAGE_LIST, .from = "Nyt fra foreningen <nyhedsbrev@example.org>",
		.to = "mt@example.dk", .subject = "Nyt i april", .first_line = "Kære læser & ven",
		.links = "https://example.org/nyt?a=1&b=2", .newsletter = true },
	{ .name = "distribution-list", .kind = MESSAGE_LIST, .from = "Bodil Borger <bodil@example.com>",
		.to = "borgmester@lister.example.dk", .subject = "[Borgmester] Hul i vejen",
		.tags = "BORGMESTER", .first_line = "Der er hul i vejen." },
	{ .name = "on-behalf", .kind = MESSAGE_HUMAN, .from = "Borgmester <borgmester@example.dk>",
		.sender = "Sekretær <sekretaer@example.dk>", .subject = "FW: Henvendelse fra xxxxxx-xxxx",
		.prefix = "forward", .defects = "raw-8bit" },
	{ .name = "digital-post", .kind = MESSAGE_HUMAN, .to = "mt@example.dk",
		.from = "xxxxxx-xxxx via Digital Post <xxxxxxxxxx@digitalpost.example.dk>",
		.subject = "[EKSTERN] Svar til xxxxxxxxxx", .first_line = "Se vedlagte." },
	{ .name = "two-from", .kind = MESSAGE_HUMAN, .to = "mt@example.dk", .subject = "[GODKENDT] Svar",
		.tags = "GODKENDT", .first_line = "Godkendt", .defects = "two-from|two-message-id|bad-from" },
	{ .name = "attached-mail", .kind = MESSAGE_HUMAN, .from = "Sagsbehandler <sagsbehandler@example.dk>",
		.to = "mt@example.dk", .subject = "Til orientering", .first_line = "Se den vedhæftede godkendelse.",
		.attachments = "Godkendt.eml" },
	{ .name = "forward-outlook-html", .kind = MESSAGE_HUMAN, .from = "SPL <spl@example.dk>", .to = "mt@example.dk",
		.subject = "VS: Hul i cykelstien", .prefix = "forward", .first_line = "Hermed en henvendelse.",
		.quoted_from = "bodil@example.com", .quoted_to = "Borgmesteren <borgmester@example.dk>; Bilag xxxxxx-xxxx" },
	{ .name = "forward-attached", .kind = MESSAGE_HUMAN, .from = "SPL <spl@example.dk>", .to = "mt@example.dk",
		.subject = "VS: Hul i cykelstien", .prefix = "forward", .first_line = "Hermed en henvendelse.",
		.attachments = "Hul i cykelstien.eml" },
	{ .name = "mbox-line", .kind = MESSAGE_HUMAN, .from = "Sagsbehandler <sagsbehandler@example.dk>",
		.to = "mt@example.dk", .subject = "[AFSLUT]", .tags = "AFSLUT" },
	{ .name = "cut-in-base64", .kind = MESSAGE_HUMAN, .from = "Sagsbehandler <sagsbehandler@example.dk>",
		.to = "mt@example.dk", .subject = "Svar", .first_line = "Godkendt" },
	{ .name = "empty", .kind = MESSAGE_AUTOMATIC, .defects = "unreadable" },
	{ .name = "noise", .kind = MESSAGE_AUTOMATIC, .defects = "unreadable" },
};

static void assert_text(const char *got, const char *expected)
{
	assert_string_equal(got ? got : "", expected ? expected : "");
}

static const char *address(struct arena *arena, const struct message_address *one)
{
	if (!one)
		return NULL;
	return one->name ? arena_printf(arena, "%s <%s>", one->name, one->address) : one->address;
}

static const char *joined(struct arena *arena, const struct message_strings *strings)
{
	const char *all = "";

	for (size_t i = 0; i < strings->count; i++)
		all = arena_printf(arena, "%s%s%s", all, i ? "|" : "", strings->items[i]);
	return all;
}

static const char *joined_addresses(struct arena *arena, const struct message_addresses *addresses)
{
	const char *all = "";

	for (size_t i = 0; i < addresses->count; i++)
		all = arena_printf(arena, "%s%s%s", all, i ? "|" : "", address(arena, &addresses->items[i]));
	return all;
}

static const char *joined_bounces(struct arena *arena, const struct message *message)
{
	const char *all = "";

	for (size_t i = 0; i < message->bounces.count; i++)
		all = arena_printf(arena, "%s%s%s %s %s", all, i ? "|" : "", message->bounces.items[i].address,
			message->bounces.items[i].action, message->bounces.items[i].status);
	return all;
}

static void read_mail(const char *name, struct text *ret_bytes)
{
	char path[512], chunk[4096];
	size_t got;
	FILE *file;

	snprintf(path, sizeof(path), "%s/mail/%s.eml", TEST_DATA, name);
	file = fopen(path, "rb");
	assert_non_null(file);
	while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
		text_add_bytes(ret_bytes, chunk, got);
	fclose(file);
}

static void parse(struct arena *arena, const struct text *bytes, struct message *ret_message)
{
	mime_parse(arena, &subject_grammar_default, text_string(bytes), bytes->length, ret_message);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	read_mail(row->name, &bytes);
	parse(&arena, &bytes, &message);
	assert_string_equal(message_kind_name(message.kind), message_kind_name(row->kind));
	assert_int_equal(message.automatic, row->kind != MESSAGE_HUMAN);
	assert_int_equal(message.newsletter, row->newsletter);
	assert_text(address(&arena, message.from), row->from);
	assert_text(address(&arena, message.sender), row->sender);
	assert_text(joined_addresses(&arena, &message.to), row->to);
	assert_text(message.subject, row->subject);
	assert_text(message.reply ? "reply" : message.forward ? "forward" : "", row->prefix);
	assert_text(joined(&arena, &message.tags), row->tags);
	assert_text(message.first_line, row->first_line);
	assert_text(joined(&arena, &message.links), row->links);
	assert_text(joined(&arena, &message.attachments), row->attachments);
	assert_text(joined_bounces(&arena, &message), row->bounces);
	assert_text(message.bounced_id, row->bounced_id);
	assert_text(message.quoted_from, row->quoted_from);
	assert_text(message.quoted_to, row->quoted_to);
	assert_text(joined(&arena, &message.defects), row->defects);
}

/* A prefix cut anywhere must be read without complaint from the sanitizers, and never as something it is not. */
static void test_cut_anywhere(void **state)
{
	const struct row *row = *state;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;

	read_mail(row->name, &bytes);
	for (size_t length = 0; length < bytes.length; length++) {
		struct arena arena CLEANUP(arena_done) = ARENA_NULL;
		struct message message;
		char *exact = malloc(length + 1);

		memcpy(exact, text_string(&bytes), length);
		mime_parse(&arena, &subject_grammar_default, exact, length, &message);
		free(exact);
		assert_non_null(message.bare_subject);
		assert_true(message.bounces.count <= 2);
	}
}

static void test_outlook_details(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	(void)state;
	read_mail("outlook-reply", &bytes);
	parse(&arena, &bytes, &message);
	assert_string_equal(message.message_id, "3f0c2e7d9a@example.dk");
	assert_string_equal(joined(&arena, &message.references), "a1@example.dk|a2@example.dk");
	assert_string_equal(joined(&arena, &message.in_reply_to), "a2@example.dk");
	assert_string_equal(joined_addresses(&arena, &message.cc),
		"MT-postkassen <mt@example.dk>|Enhedsleder, Teknik <enhedsleder@example.dk>");
	assert_string_equal(joined(&arena, &message.keys), "MT-2026-0042");
	assert_string_equal(joined(&arena, &message.lead_keys), "MT-2026-0042");
	assert_string_equal(message.bare_subject, "Svar om cykelsti ved Østergård");
	assert_int_equal(message.date, 1776154350);
	assert_int_equal(message.received_at, 1776154351);
	assert_int_equal(message.traces.count, 3);
	assert_int_equal(message.traces.items[0].field, MESSAGE_TRACE_RECEIVED);
	assert_non_null(strstr(message.traces.items[1].value, "mapi id 15.02.1118.040; Tue, 14 Apr 2026 10:12:30 +0200"));
	assert_int_equal(message.traces.items[2].field, MESSAGE_TRACE_AUTH_AS);
	assert_string_equal(message.traces.items[2].value, "Internal");
}

/* Header fields behind From, To and Subject, and what they come to. */
struct field_row {
	const char *name, *header;
	const char *from, *references, *frist_id, *defects;
};

#define FIELDS "To: mt@example.dk\nDate: Wed, 1 Apr 2026 06:00:00 +0200\nMessage-ID: <m@example.dk>\n"
#define FROM_A "From: a@example.dk\n"

static const struct field_row field_rows[] = {
	{ "plain", FROM_A, "a@example.dk", "", NULL, "" },
	{ "angle", "From: <A@Example.DK>\n", "a@example.dk", "", NULL, "" },
	{ "name in a comment", "From: a@example.dk (Anne (A) Ager)\n", "Anne (A) Ager <a@example.dk>", "", NULL, "" },
	{ "quoted name", "From: \"Ager, \\\"Anne\\\"\" <a@example.dk>\n", "Ager, \"Anne\" <a@example.dk>", "",
		NULL, "" },
	{ "encoded name that looks like an address",
		"From: =?utf-8?Q?b=40example.org_=3Cb=40example.org=3E?= <a@example.dk>\n",
		"b@example.org <b@example.org> <a@example.dk>", "", NULL, "" },
	{ "folded", "From: Anne\n\tAger\n <a@example.dk>\n", "Anne Ager <a@example.dk>", "", NULL, "" },
	{ "white space in a name", "From: Anne  \n  Ager (x) \"B  \" C <a@example.dk>\n", "Anne Ager B  C <a@example.dk>", "",
		NULL, "" },
	{ "punycode", "From: a@xn--kbenhavn-54a.example\n", "a@xn--kbenhavn-54a.example", "", NULL, "" },
	{ "two addresses", "From: a@example.dk, b@example.dk\n", NULL, "", NULL, "bad-from" },
	{ "a name with a bare comma", "From: Ager, Anne <a@example.dk>\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "group", "From: Alle: a@example.dk;\n", NULL, "", NULL, "bad-from" },
	{ "empty group", "From: Alle:;\n", NULL, "", NULL, "bad-from" },
	{ "route", "From: <@x.example,@y.example:a@example.dk>\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "encoded address", "From: =?utf-8?Q?a=40example.dk?=\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "encoded local part", "From: <=?utf-8?Q?a?=@example.dk>\n", NULL, "", NULL, "encoded-address|bad-from" },
	{ "two angles", "From: A <a@example.dk> <b@example.dk>\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "something behind the angle", "From: <a@example.dk> b\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "quoted local part", "From: \"a b\"@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "quoted local part of an atom", "From: \"A.b\"@example.dk\n", "a.b@example.dk", "", NULL, "" },
	{ "quoted word of a local part", "From: Anne <a.\"b\".c@example.dk>\n", "Anne <a.b.c@example.dk>", "", NULL, "" },
	{ "spaces around the signs", "From: a . b @ example . dk\n", "a.b@example.dk", "", NULL, "" },
	{ "comments around the signs", "From: a (d) @example.dk\n", "d <a@example.dk>", "", NULL, "" },
	{ "comment in the angle", "From: A <a(d)@(e)example.dk>\n", "A <a@example.dk>", "", NULL, "" },
	{ "quoted at sign", "From: \"a@example.org\"@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "quoted address", "From: \"a@example.dk\"\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "quote in the middle of a word", "From: a\"b\"@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "quoted domain", "From: a@\"example.dk\"\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "quote that does not end", "From: \"a@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "name without an angle", "From: Anne a@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "quoted name without an angle", "From: \"Anne\" a@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "two words in the angle", "From: <a b@example.dk>\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "comment between two words", "From: a(b)c@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "space in the angle", "From: < a @example.dk >\n", "a@example.dk", "", NULL, "" },
	{ "literal domain", "From: a@[192.0.2.1]\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "double dot", "From: a..b@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "letters beyond ASCII", "From: a@ex\u0430mple.dk\n", NULL, "", NULL, "raw-8bit|bad-address|bad-from" },
	{ "unclosed", "From: A <a@example.dk\n", NULL, "", NULL, "bad-address|bad-from" },
	{ "control character", "From: <a\x01@example.dk>\n", NULL, "", NULL,
		"control-characters|bad-address|bad-from" },
	{ "none", "Subject: x\n", NULL, "", NULL, "no-from" },
	{ "space before the colon", "From : a@example.dk\n", "a@example.dk", "", NULL, "" },
	{ "letter case of the name", "FROM: a@example.dk\n", "a@example.dk", "", NULL, "" },
	{ "references with commas and twice", FROM_A "References: <1@x>,<2@x>\n\t<1@x>;<3@x> (text)\n", "a@example.dk",
		"1@x|2@x|3@x", NULL, "" },
	{ "references that are none", FROM_A "References: <> < > 2@x <3@x\n", "a@example.dk", "", NULL, "" },
	{ "folded inside", FROM_A "References: <a\n b@x> <3@x <c@x>\n", "a@example.dk", "ab@x|c@x", NULL, "" },
	{ "two fields of references", FROM_A "References: <1@x>\nReferences: <2@x>\n", "a@example.dk",
		"1@x|2@x", NULL, "" },
	{ "our id", FROM_A "X-Frist-Id: 0123456789abcdef0123456789abcdef\n", "a@example.dk", "",
		"0123456789abcdef0123456789abcdef", "" },
	{ "our id in capitals", FROM_A "X-Frist-Id: 0123456789ABCDEF0123456789ABCDEF\n", "a@example.dk", "", NULL, "" },
	{ "our id too long", FROM_A "X-Frist-Id: 0123456789abcdef0123456789abcdef0\n", "a@example.dk", "", NULL, "" },
	{ "our id twice", FROM_A "X-Frist-Id: 0123456789abcdef0123456789abcdef\nX-Frist-Id: 1\n",
		"a@example.dk", "", NULL, "" },
	{ "two dates, two subjects", FROM_A "Subject: a\nSubject: b\nDate: Thu, 2 Apr 2026 06:00:00 +0200\n",
		"a@example.dk",
		"", NULL, "two-subject|two-date" },
	{ "CR LF in an encoded word", FROM_A "Subject: =?utf-8?Q?a=0D=0ABcc:_b@example.org?=\n", "a@example.dk",
		"", NULL,
		"control-characters" },
};

static void test_field_row(void **state)
{
	const struct field_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	text_addf(&bytes, "%s%s\n", row->header, FIELDS);
	parse(&arena, &bytes, &message);
	assert_text(address(&arena, message.from), row->from);
	assert_text(joined(&arena, &message.references), row->references);
	assert_text(message.frist_id, row->frist_id);
	assert_text(joined(&arena, &message.defects), row->defects);
	assert_string_equal(message.message_id, "m@example.dk");
	if (message.subject)
		assert_false(strpbrk(message.subject, "\r\n"));
}

/* Whole mails behind a From: what kind they are, and the first line of what somebody wrote. */
struct kind_row {
	const char *name, *mail;
	enum message_kind kind;
	const char *first_line;
};

#define REPORT "Content-Type: multipart/report; boundary=b\n\n--b\n\nx\n--b\n"

static const struct kind_row kind_rows[] = {
	{ "absence behind a mark", "Subject: [EKSTERN] Automatisk svar: x\n\n", MESSAGE_ABSENCE, NULL },
	{ "absence behind two marks", "Subject: #sikker [EXT]Autosvar: x\n\n", MESSAGE_ABSENCE, NULL },
	{ "Autosvar alone behind a mark", "Subject: [EKSTERN] Autosvar\n\n", MESSAGE_ABSENCE, NULL },
	{ "answer to an absence behind a mark", "Subject: [EKSTERN] SV: Automatisk svar: x\n\n", MESSAGE_HUMAN, NULL },
	{ "absence behind a tag", "Subject: [GODKENDT] Automatisk svar: x\n\n", MESSAGE_HUMAN, NULL },
	{ "failure without a report type",
		REPORT "Content-Type: message/delivery-status\n\nAction: failed\n--b--\n", MESSAGE_BOUNCE, "x" },
	{ "delivery without a report type",
		REPORT "Content-Type: message/delivery-status\n\nAction: delivered\n--b--\n", MESSAGE_RECEIPT, "x" },
	{ "read receipt without a report type",
		REPORT "Content-Type: message/disposition-notification\n\nDisposition: x\n--b--\n", MESSAGE_RECEIPT, "x" },
	{ "a report of nothing known", REPORT "Content-Type: text/plain\n\nAction: failed\n--b--\n",
		MESSAGE_AUTOMATIC, "x" },
	{ "byte order mark", "Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n"
		"77u/R29ka2VuZHQ=\n", MESSAGE_HUMAN, "Godkendt" },
	{ "UTF-16 with a byte order mark", "Content-Type: text/plain; charset=utf-16\n"
		"Content-Transfer-Encoding: base64\n\n//5HAG8AZABrAGUAbgBkAHQA\n", MESSAGE_HUMAN, "Godkendt" },
	{ "UTF-16LE with a byte order mark", "Content-Type: text/plain; charset=utf-16le\n"
		"Content-Transfer-Encoding: base64\n\n//5HAG8AZABrAGUAbgBkAHQA\n", MESSAGE_HUMAN, "Godkendt" },
	{ "UTF-16 without a byte order mark", "Content-Type: text/plain; charset=utf-16le\n"
		"Content-Transfer-Encoding: base64\n\nRwBvAGQAawBlAG4AZAB0AA==\n", MESSAGE_HUMAN, "Godkendt" },
	{ "UTF-16 without a charset", "Content-Transfer-Encoding: base64\n\n//5HAG8AZABrAGUAbgBkAHQA\n",
		MESSAGE_HUMAN, "Godkendt" },
};

static void test_kind_row(void **state)
{
	const struct kind_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	text_addf(&bytes, "%s%s", FROM_A, row->mail);
	parse(&arena, &bytes, &message);
	assert_string_equal(message_kind_name(message.kind), message_kind_name(row->kind));
	assert_text(message.first_line, row->first_line);
}

struct mark_row {
	const char *name, *mail;
	bool spam, encrypted;
};

static const struct mark_row mark_rows[] = {
	{ "none", "Subject: x\n\n", false, false },
	{ "SpamAssassin's flag", "X-Spam-Flag: YES\n\n", true, false },
	{ "its status", "X-Spam-Status: Yes, score=9.1 required=5.0\n\n", true, false },
	{ "its status of what is none", "X-Spam-Status: No, score=0.1 required=5.0\n\n", false, false },
	{ "Rspamd's", "X-Spam: Yes\n\n", true, false },
	{ "Exchange's level", "X-MS-Exchange-Organization-SCL: 6\n\n", true, false },
	{ "the lowest that is", "X-MS-Exchange-Organization-SCL: 5\n\n", true, false },
	{ "a level that is none", "X-MS-Exchange-Organization-SCL: 1\n\n", false, false },
	{ "from within", "X-MS-Exchange-Organization-SCL: -1\n\n", false, false },
	{ "S/MIME", "Content-Type: application/pkcs7-mime; smime-type=enveloped-data\n\n", false, true },
	{ "S/MIME by its old name, not saying which", "Content-Type: application/x-pkcs7-mime; name=smime.p7m\n\n", false,
		true },
	{ "S/MIME, only signed", "Content-Type: application/pkcs7-mime; smime-type=signed-data\n\n", false, false },
	{ "signed beside the text", "Content-Type: multipart/signed; protocol=\"application/pkcs7-signature\"; boundary=b\n\n",
		false, false },
	{ "PGP", "Content-Type: multipart/encrypted; protocol=\"application/pgp-encrypted\"; boundary=b\n\n", false, true },
};

static void test_mark(void **state)
{
	const struct mark_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	text_addf(&bytes, "%s%s", FROM_A, row->mail);
	parse(&arena, &bytes, &message);
	assert_int_equal(message.spam, row->spam);
	assert_int_equal(message.encrypted, row->encrypted);
}

static void test_nul_bytes(void **state)
{
	static const char mail[] = "From: a@example.dk\nSubject: [GOD\0KENDT] =?utf-8?Q?a=00b?=\nDate: x\n\nGod\0kendt";
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message message;

	(void)state;
	mime_parse(&arena, &subject_grammar_default, mail, sizeof(mail) - 1, &message);
	assert_string_equal(message.subject, "[GOD\uFFFDKENDT] a\uFFFDb");
	assert_int_equal(message.tags.count, 0);
	assert_string_equal(message.first_line, "God\uFFFDkendt");
	assert_true(message_strings_have(&message.defects, "control-characters"));
}

/* Two deliveries of one mail differ in what the servers wrote, not in identity. */
static void test_identity(void **state)
{
	static const char *const mails[] = {
		"Received: by a\nFrom: Anne <a@example.dk>\nSubject: Et langt\n emne\nMessage-ID: <1@x>\nTo: b@example.dk\n\nx",
		("Received: by b\nX-Other: y\nTo: b@example.dk\r\nFrom: Anne\n\t<a@example.dk>\nMessage-Id: <1@x>\n"
		"Subject: Et langt emne\n\ny"),
		"Received: by a\nFrom: Anne <a@example.dk>\nSubject: Et andet\n emne\nMessage-ID: <1@x>\nTo: b@example.dk\n\nx",
		"Received: by a\nFrom: Anne <a@example.dk>\nSubject: Et langt\n emne\nMessage-ID: <1@x>\nCc: b@example.dk\n\nx",
		"From: Anne <a@example.dk>\nSubject: [EKSTERN] Et langt emne\nMessage-ID: <1@x>\nTo: b@example.dk\n\nx",
	};
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message messages[5];

	(void)state;
	for (size_t i = 0; i < 5; i++)
		mime_parse(&arena, &subject_grammar_default, mails[i], strlen(mails[i]), &messages[i]);
	assert_memory_equal(messages[0].identity, messages[1].identity, 32);
	assert_memory_not_equal(messages[0].identity, messages[2].identity, 32);
	assert_memory_not_equal(messages[0].identity, messages[3].identity, 32);
	assert_memory_equal(messages[0].identity, messages[4].identity, 32);
}

/* Without an id the text tells them apart; with one it may have got a footer on the way. */
static void test_identity_without_an_id(void **state)
{
	static const char *const mails[] = {
		"From: a@example.dk\nSubject: Henvendelse\nDate: Mon, 23 Mar 2026 10:00:00 +0100\n\nDer er et hul\n",
		"From: a@example.dk\r\nSubject: Henvendelse\r\nDate: Mon, 23 Mar 2026 10:00:00 +0100\r\n\r\nDer er et\r\nhul",
		"From: a@example.dk\nSubject: Henvendelse\nDate: Mon, 23 Mar 2026 10:00:00 +0100\n\nLyset er ude\n",
	};
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message messages[3];

	(void)state;
	for (size_t i = 0; i < 3; i++)
		mime_parse(&arena, &subject_grammar_default, mails[i], strlen(mails[i]), &messages[i]);
	assert_memory_equal(messages[0].identity, messages[1].identity, 32);
	assert_memory_not_equal(messages[0].identity, messages[2].identity, 32);
}

/* What cannot be read is told apart all the same: else the second such mail would pass for the first seen again. */
static void test_identity_of_the_unreadable(void **state)
{
	static const char *const mails[] = { "%PDF-1.4 one", "%PDF-1.4 two", "%PDF-1.4 one" };
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message messages[3];

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		mime_parse(&arena, &subject_grammar_default, mails[i], strlen(mails[i]), &messages[i]);
		assert_true(message_strings_have(&messages[i].defects, "unreadable"));
	}
	assert_memory_not_equal(messages[0].identity, messages[1].identity, 32);
	assert_memory_equal(messages[0].identity, messages[2].identity, 32);
}

/* Mail that was made to break parsers. Each is built by repeating `piece` between `head` and `tail`. */
struct bomb {
	const char *name, *head, *piece, *tail;
	size_t times;
	const char *defect;	/* that must be noted */
};

#define HEADER "From: a@example.dk\nTo: b@example.dk\nSubject: x\nDate: x\nMessage-ID: <m@x>\n"

static const struct bomb bombs[] = {
	{ "nested comments", "Subject: x\nFrom: ", "(", "\n\n", 128 * 1024, "header-too-long" },
	{ "nested comments below the cap", "Subject: x\nFrom: ", "(", "\n\n", 60 * 1024, "bad-from" },
	{ "nested groups", "Subject: x\nFrom: ", "g:", "\n\n", 64000, "header-too-long" },
	{ "nested groups below the cap", "Subject: x\nFrom: ", "g:", "\n\n", 32000, "bad-from" },
	{ "angles", "Subject: x\nFrom: ", "<", "\n\n", 60000, "bad-from" },
	{ "quotes", "Subject: x\nFrom: ", "\"\\", "\n\n", 30000, "bad-from" },
	{ "commas", "Subject: x\nFrom: a@b.dk\nTo: ", "a@b.dk,", "\n\n", 9000, "too-many-recipients" },
	{ "headers", HEADER, "A: b\n", "\n", 200000, "header-too-long" },
	{ "empty names", HEADER, ":\n", "\n", 20000, "bad-header-line" },
	{ "one endless line", "Subject: ", "x", "", 10 * 1024 * 1024, "unreadable" },
	{ "an endless subject", HEADER "Subject: ", "y", "\n\n", 50000, "two-subject" },
	{ "references", HEADER "References:", "<1@x>", "\n\n", 12000, "bad-date" },
	{ "folds", HEADER "X:", "\n ", "\n\n", 30000, "bad-date" },
	{ "encoded words", "From: a@example.dk\nSubject: ", "=?utf-8?Q?=F8?= ", "\n\n", 3500, "bad-encoding" },
	{ "half encoded words", "From: a@example.dk\nSubject: ", "=?a?Q?", "\n\n", 10000, "subject-too-long" },
	{ "CR LF in encoded words", "From: a@example.dk\nSubject: ", "=?utf-8?B?DQo=?=", "\n\n", 3000,
		"control-characters" },
	{ "tags", "From: a@example.dk\nSubject: ", "[A]", "\n\n", 600, "too-many-tags" },
	{ "nested messages", HEADER "Content-Type: message/rfc822\n\n", "Content-Type: message/rfc822\n\n", "x",
		100000, "bad-date" },
	{ "multiparts of one boundary", HEADER, "Content-Type: multipart/mixed; boundary=b\n\n--b\n", "x",
		10000, "too-many-parts" },
	{ "parts", HEADER "Content-Type: multipart/mixed; boundary=b\n\n", "--b\n\nx\n", "--b--", 5000,
		"too-many-parts" },
	{ "parameters", HEADER "Content-Type: text/plain", "; a*0*=x", "\n\nx", 7000, "bad-date" },
	{ "recipients of a report",
		HEADER "Content-Type: multipart/report; report-type=delivery-status; boundary=b\n\n--b\n"
		"Content-Type: message/delivery-status\n\n", "Action: failed\n\n", "--b--", 4000, "bad-date" },
	{ "tags of HTML", HEADER "Content-Type: text/html\n\n", "<div <!-- <style>&#", "", 3000, "bad-date" },
	{ "links", HEADER "\n", "https://x.dk/ ", "", 5000, "bad-date" },
	{ "heads of quotes", HEADER "\n", "Fra:\n\n", "", 10000, "bad-date" },
	{ "bytes of no encoding", HEADER "Content-Type: text/plain; charset=utf-8\n\n", "\xC3", "", 60000,
		"bad-encoding" },
};

static void *defuse(void *argument)
{
	const struct bomb *bomb = argument;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	text_add(&bytes, bomb->head);
	for (size_t i = 0; i < bomb->times; i++)
		text_add(&bytes, bomb->piece);
	text_add(&bytes, bomb->tail);
	parse(&arena, &bytes, &message);
	return message_strings_have(&message.defects, bomb->defect) && message.to.count <= MESSAGE_RECIPIENTS_MAX &&
		message.references.count <= MESSAGE_REFERENCES_MAX && message.tags.count <= MESSAGE_TAGS_MAX &&
		message.links.count <= MESSAGE_LINKS_MAX && message.bounces.count <= 100 ? NULL : argument;
}

/* On a stack of 512 KiB: nothing may recurse on what a sender chooses. */
static void test_bomb(void **state)
{
	pthread_attr_t attributes;
	pthread_t thread;
	void *failed;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, 512 * 1024);
	assert_int_equal(pthread_create(&thread, &attributes, defuse, *state), 0);
	pthread_attr_destroy(&attributes);
	pthread_join(thread, &failed);
	assert_null(failed);
}

static void test_nested_multiparts(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	(void)state;
	text_add(&bytes, HEADER);
	for (int i = 0; i < 10000; i++)
		text_addf(&bytes, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	text_add(&bytes, "\nGodkendt");
	parse(&arena, &bytes, &message);
	assert_true(message_strings_have(&message.defects, "nested-too-deep"));
	assert_null(message.first_line);
}

static void test_eight_levels_are_read(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	(void)state;
	text_add(&bytes, HEADER);
	for (int i = 0; i < 8; i++)
		text_addf(&bytes, "Content-Type: multipart/mixed; boundary=b%d\n\n--b%d\n", i, i);
	text_add(&bytes, "\nGodkendt");
	parse(&arena, &bytes, &message);
	assert_false(message_strings_have(&message.defects, "nested-too-deep"));
	assert_string_equal(message.first_line, "Godkendt");
}

static void test_newest_references_are_kept(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;

	(void)state;
	text_add(&bytes, HEADER "References:");
	for (int i = 0; i < 3000; i++)
		text_addf(&bytes, " <%d@x>\n", i);
	text_add(&bytes, "\n");
	parse(&arena, &bytes, &message);
	assert_int_equal(message.references.count, MESSAGE_REFERENCES_MAX);
	assert_string_equal(message.references.items[0], "2800@x");
	assert_string_equal(message.references.items[MESSAGE_REFERENCES_MAX - 1], "2999@x");
	assert_true(message_strings_have(&message.defects, "too-many-references"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_outlook_details), cmocka_unit_test(test_nul_bytes), cmocka_unit_test(test_identity),
		cmocka_unit_test(test_identity_without_an_id),
		cmocka_unit_test(test_identity_of_the_unreadable),
		cmocka_unit_test(test_newest_references_are_kept), cmocka_unit_test(test_nested_multiparts),
		cmocka_unit_test(test_eight_levels_are_read),
	};

	mime_init();
	return RUN_ROWS(rows, test_row) + RUN_ROWS(rows, test_cut_anywhere) + RUN_ROWS(field_rows, test_field_row) +
		RUN_ROWS(kind_rows, test_kind_row) + RUN_ROWS(mark_rows, test_mark) +
		RUN_ROWS(bombs, test_bomb) + cmocka_run_group_tests(tests, NULL, NULL);
}
