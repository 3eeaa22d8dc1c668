/*
 * What a forger writes into a header, as octets: whatever he hides behind a cap or says so that it cannot be read, the
 * mail is not trusted. Each row is vouched for but for what it adds.
 */
#include "core/trust.h"
#include "io/mime.h"

#include "base/err.h"
#include "base/text.h"
#include "tests/rows.h"

#define HEAD "chef@example.dk"
#define WORKER "medarbejder@example.dk"
#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

struct row {
	const char *name;
	const char *before;		/* below From and what vouches for it */
	const char *repeated;		/* so many times */
	size_t count;
	const char *after;		/* at the bottom of the header */
	bool cut;			/* a server gives no more than the first 64 KiB of the header */
	bool trusted;
};

#define ANONYMOUS "X-MS-Exchange-Organization-AuthAs: Anonymous\n"

static const struct row rows[] = {
	{ .name = "nothing added", .trusted = true },
	{ .name = "some traces", .repeated = "Authentication-Results: x; none\n", .count = 100, .trusted = true },
	{ .name = "the server's own word behind many traces", .repeated = "Authentication-Results: x; none\n", .count = 130,
		.after = ANONYMOUS },
	{ .name = "the server's own word behind a long field", .before = "X-P: ", .repeated = "aaaaaaaaaa", .count = 7000,
		.after = "\n" ANONYMOUS },
	{ .name = "the server's own word behind many fields", .repeated = "X-P: a\n", .count = 10000, .after = ANONYMOUS },
	{ .name = "a second From behind a long field", .before = "X-P: ", .repeated = "aaaaaaaaaa", .count = 7000,
		.after = "\nFrom: " WORKER "\n" },
	{ .name = "Auto-Submitted behind a long field", .before = "X-P: ", .repeated = "aaaaaaaaaa", .count = 7000,
		.after = "\nAuto-Submitted: auto-replied\n" },
	{ .name = "the same, of which a server gave the beginning", .before = "X-P: ", .repeated = "aaaaaaaaaa",
		.count = 7000, .after = "\n" ANONYMOUS, .cut = true },
	{ .name = "many fields, of which a server gave the beginning", .repeated = "X-P: a\n", .count = 10000,
		.after = ANONYMOUS, .cut = true },

	{ .name = "Sender is From", .before = "Sender: Chefen <" HEAD ">\n", .trusted = true },
	{ .name = "Sender is another", .before = "Sender: " WORKER "\n" },
	{ .name = "two in Sender", .before = "Sender: " WORKER ", " HEAD "\n" },
	{ .name = "a group in Sender", .before = "Sender: G: " WORKER ";\n" },
	{ .name = "Sender breaks off", .before = "Sender: \"W\" <" WORKER "\n" },
	{ .name = "Sender in quotes", .before = "Sender: \"medarbejder\"@example.dk\n" },
	{ .name = "Sender is empty", .before = "Sender:\n" },
	{ .name = "two Sender fields", .before = "Sender: " HEAD "\nSender: " WORKER "\n" },
	{ .name = "two Sender fields that agree", .before = "Sender: " HEAD "\nSender: " HEAD "\n" },
};

static const struct directory_person people[] = {
	{ .id = "chef", .address = HEAD, .logins = STRINGS("chef") }, { .id = "medarbejder", .address = WORKER },
};
static const struct directory directory = { .people = people, .people_count = 2, .domains = STRINGS("example.dk") };
static const struct trust_mailbox mailbox = { .addresses = STRINGS("mt@example.dk") };
static const struct trust_profile profiles[] = {
	{ .kind = TRUST_PROFILE_EXCHANGE }, { .kind = TRUST_PROFILE_EXCHANGE_ONLINE },
	{ .kind = TRUST_PROFILE_AUTHSERV, .authserv_id = "mail.example.dk", .border = STRINGS("mail.example.dk") },
};

static void write_mail(const struct row *row, struct text *text)
{
	text_add(text, "X-MS-Exchange-Organization-AuthAs: Internal\n"
		"Authentication-Results: mail.example.dk; auth=pass smtp.auth=chef\n"
		"Received: from client by mail.example.dk; Mon, 23 Mar 2026 09:00:00 +0100\n"
		"From: " HEAD "\n");
	text_add(text, row->before ? row->before : "");
	for (size_t i = 0; i < row->count; i++)
		text_add(text, row->repeated);
	text_add(text, row->after ? row->after : "");
	text_add(text, "\nGodkendt\n");
}

static void test_row(void **state)
{
	const struct row *row = *state;

	for (size_t i = 0; i < sizeof(profiles) / sizeof(profiles[0]); i++) {
		struct text text CLEANUP(text_done) = TEXT_NULL;
		struct arena arena = ARENA_NULL;
		struct message message;
		struct trust trust;

		write_mail(row, &text);
		mime_parse(&arena, &subject_grammar_default, text_string(&text), row->cut ? MESSAGE_HEADER_MAX : text.length,
			&message);
		assert_non_null(message.from);
		assert_string_equal(message.from->address, HEAD);
		trust_judge(&arena, &profiles[i], &directory, &mailbox, &message, &trust);
		assert_int_equal(trust.trusted, row->trusted);
		arena_done(&arena);
	}
}

int main(void)
{
	mime_init();
	return RUN_ROWS(rows, test_row);
}
