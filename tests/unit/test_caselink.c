/* A7: what counts as a link to the case, by the patterns of the shipped workflow. */
#include "core/caselink.h"

#include "tests/rows.h"

#define SAFE "https://eur02.safelinks.protection.outlook.com/?url="

struct row {
	const char *name;
	const char *text, *subject, *attachment;
	const char *link, *in_subject;	/* NULL: none */
};

static const struct row rows[] = {
	{ .name = "URL of the records system", .text = "Svaret: https://sbsys.example.dk/sag/4711 Hilsen",
	  .link = "https://sbsys.example.dk/sag/4711" },
	{ .name = "the sentence ends behind it", .text = "Se https://sbsys.example.dk/sag/4711.",
	  .link = "https://sbsys.example.dk/sag/4711" },
	{ .name = "in pointed brackets", .text = "<https://sbsys.example.dk/sag/4711>",
	  .link = "https://sbsys.example.dk/sag/4711" },
	{ .name = "in a parenthesis", .text = "(https://sbsys.example.dk/sag/4711)",
	  .link = "https://sbsys.example.dk/sag/4711" },
	{ .name = "any other URL is none", .text = "Besøg https://www.example.dk/borger", .link = NULL },
	{ .name = "a host that only begins alike", .text = "https://sbsys.example.dk.evil.example/sag", .link = NULL },
	{ .name = "case number", .text = "Sag 00.15.00-A26-2-21 er afsluttet", .link = "00.15.00-A26-2-21" },
	{ .name = "case number at the end of a sentence", .text = "Sagen er 00.15.00-A26-2-21.", .link = "00.15.00-A26-2-21" },
	{ .name = "case number in the subject", .subject = "SV: Hul i vejen (00.15.00-A26-2-21)",
		.link = NULL, .in_subject = "00.15.00-A26-2-21" },
	{ .name = "inside a longer number", .text = "100.15.00-A26-2-21", .link = NULL },
	{ .name = "too short", .text = "00.15.00-A2", .link = NULL },
	{ .name = "in small letters", .text = "Sag 00.15.00-a26-2-21", .link = "00.15.00-a26-2-21" },
	{ .name = "another letter is none", .text = "00.15.00-\xC3\x86" "26-2", .link = NULL },
	{ .name = "rewritten by Safe Links",
	  .text = "Se <" SAFE "https%3A%2F%2Fsbsys.example.dk%2Fsag%2F4711%3Fa%3D1&data=05%7C>.",
	  .link = "https://sbsys.example.dk/sag/4711?a=1" },
	{ .name = "rewritten, behind other arguments",
	  .text = "https://nam.safelinks.protection.outlook.com/GetUrl?v=2&url=https%3a%2f%2fsbsys.example.dk%2fsag%2f4711",
	  .link = "https://sbsys.example.dk/sag/4711" },
	{ .name = "rewritten, another host", .text = SAFE "https%3A%2F%2Fwww.example.dk%2Fhttps://sbsys.example.dk/sag",
	  .link = NULL },
	{ .name = "rewritten, with a line break", .text = SAFE "https%3A%2F%2Fsbsys.example.dk%2Fsag%2F47%0A11",
	  .link = "https://sbsys.example.dk/sag/47" },
	{ .name = "rewritten, cut", .text = SAFE "https%3A%2F%2Fsbsys.example.dk%2Fsag%2F47%2", .link =
	  "https://sbsys.example.dk/sag/47" },
	{ .name = "rewritten, a null", .text = SAFE "https%3A%2F%2Fsbsys.example.dk%2Fsag%2F47%0011", .link =
	  "https://sbsys.example.dk/sag/47" },
	{ .name = "not by Safe Links", .text = "https://safelinks.example/?url=https%3A%2F%2Fsbsys.example.dk%2Fsag", .link =
	  NULL },
	{ .name = "attached shortcut", .attachment = "Sag 4711.URL", .link = "Sag 4711.URL" },
	{ .name = "attached letter", .attachment = "svar.pdf", .link = NULL },
	{ .name = "a name that is all ending", .attachment = ".url", .link = NULL },
	{ .name = "nothing at all", .link = NULL },
};

static void test_link(void **state)
{
	static const char *const items[] = { "https://sbsys.example.dk/*", "99.99.99-A99-*" };
	static const struct message_strings patterns = { items, 2 };
	struct arena arena = ARENA_NULL;
	const struct row *row = *state;
	const struct message message = {
		.top_text = row->text, .subject = row->subject,
		.attachments = { &row->attachment, row->attachment != NULL },
	};
	const char *link = caselink_find(&arena, &patterns, &message);

	if (row->link)
		assert_string_equal(link, row->link);
	else
		assert_null(link);
	link = caselink_in_subject(&arena, &patterns, row->subject);
	if (row->in_subject)
		assert_string_equal(link, row->in_subject);
	else
		assert_null(link);
	arena_done(&arena);
}

int main(void)
{
	return RUN_ROWS(rows, test_link);
}
