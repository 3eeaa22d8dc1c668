/* Whom the citizen wrote to, by the words of the shipped workflow's kind. */
#include "core/addressee.h"

#include "base/err.h"
#include "tests/rows.h"

#define WORDS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

static const struct workflow_addressee addressees[] = {
	{ .title = "borgmesteren", .words = WORDS("borgmester", "borgmesteren") },
	{ .title = "kommunaldirektøren", .words = WORDS("Kommunaldirektør", "adm. direktør") },
	{ .title = "direktøren", .words = WORDS("direktør", "direktoer") },
	{ .title = "chefen", .words = WORDS("chef@example.dk") },
};
static const struct workflow workflow = { .addressees = addressees, .addressees_count = 4 };

struct row {
	const char *name, *to, *top, *subject, *title;
};

static const struct row rows[] = {
	{ "nowhere", "x@example.dk", "Hermed", "Hul i vejen", NULL },
	{ "nothing at all", NULL, NULL, NULL, NULL },
	{ "empty", "", "", "", NULL },
	{ "a name", "Borgmesteren <x@example.dk>", NULL, "Hul", "borgmesteren" },
	{ "an address", "<direktoer@example.dk>", NULL, "Hul", "direktøren" },
	{ "letters of any case", "KOMMUNALDIREKTØR", NULL, "Hul", "kommunaldirektøren" },
	{ "the secretariat is not the mayor", "Borgmestersekretariatet <borgmestersekretariatet@example.dk>", NULL,
		"Hul", NULL },
	{ "nor with a hyphen", "Borgmester-sekretariatet; Vice-borgmester", NULL, "Hul", NULL },
	{ "nor with letters beyond ASCII", "borgmesterønsker åborgmester", NULL, "Hul", NULL },
	{ "nor an underscore or digit", "borgmester_post@example.dk, borgmester2@example.dk", NULL, "Hul", NULL },
	{ "a form that is not listed", "borgmesterens@example.dk", NULL, "Hul", NULL },
	{ "inside a longer word and then alone", "Kommunaldirektion; kommunaldirektøren, direktør", NULL, "Hul",
		"direktøren" },
	{ "the chief executive is not the director", "kommunaldirektør@example.dk", NULL, "Hul", "kommunaldirektøren" },
	{ "nothing but a title, though it is none of its words", "Chefen", NULL, "direktør", "chefen" },
	{ "a title among others is no word", "Chefen for vejene", NULL, NULL, NULL },
	{ "several words", "Adm. direktør Anne", NULL, "Hul", "kommunaldirektøren" },
	{ "an address as a word", "Chef Teknik <chef@example.dk>", NULL, "Hul", "chefen" },
	{ "not of another domain that begins alike", "chef@example.dkx", NULL, "Hul", NULL },
	{ "the most important of several", "direktoer@example.dk; borgmester@example.dk", NULL, "Hul", "borgmesteren" },
	{ "To before the text", "direktoer@example.dk", "Borgmesteren er orienteret.", "Til borgmesteren", "direktøren" },
	{ "the text before the subject", "mt@example.dk", "Til direktør Anne.", "Til borgmesteren", "direktøren" },
	{ "the subject", "mt@example.dk", "Hermed.", "VS: Til borgmesteren: hul", "borgmesteren" },
	{ "next to other characters", NULL, "»Borgmester«", NULL, "borgmesteren" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const struct message message = { .quoted_to = row->to, .top_text = row->top, .subject = row->subject };
	const char *title = addressee_title(&arena, &workflow, &message);

	assert_string_equal(title ? title : "(nobody)", row->title ? row->title : "(nobody)");
}

static void test_no_words(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const struct message message = { .quoted_to = "borgmester@example.dk" };

	(void)state;
	assert_null(addressee_title(&arena, &(struct workflow){ .id = "x" }, &message));
}

static void test_asker(void **state)
{
	static const struct directory_person people[] = { { .id = "gateway", .address = "noreply@post.example" } };
	const struct directory directory = { .people = people, .people_count = 1, .domains = WORDS("example.dk") };
	static const struct { const char *from; bool asker; } cases[] = {
		{ NULL, false }, { "borger@example.org", true }, { "borgmester@example.dk", false },
		{ "x@sub.example.dk", true }, { "noreply@post.example", false },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct message message = { .quoted_from = cases[i].from };

		assert_ptr_equal(addressee_asker(&directory, &message), cases[i].asker ? cases[i].from : NULL);
	}
}

static void test_fill(void **state)
{
	const struct directory directory = { .domains = WORDS("example.dk") };
	static const struct message message = { .quoted_from = "b@example.org", .quoted_to = "borgmester@example.dk" };
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct inquiry inquiry = { .asker = "a@example.org" };

	(void)state;
	assert_true(addressee_fill(&arena, &workflow, &directory, &message, &inquiry));
	assert_string_equal(inquiry.asker, "a@example.org");
	assert_string_equal(inquiry.addressed_to, "borgmesteren");
	assert_false(addressee_fill(&arena, &workflow, &directory, &message, &inquiry));
	inquiry.asker = NULL;
	assert_true(addressee_fill(&arena, &workflow, &directory, &message, &inquiry));
	assert_string_equal(inquiry.asker, "b@example.org");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_no_words),
		cmocka_unit_test(test_asker),
		cmocka_unit_test(test_fill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL) + RUN_ROWS(rows, test_row);
}
