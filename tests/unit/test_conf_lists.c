/* Distribution lists in people.conf: whom each stands for must be certain. */
#include "io/conf_people.h"

#include "tests/conf_change.h"

static const char base[] =
	"domains = [ \"example.dk\" ];\n"
	"people = (\n"
	"  { id = \"anne\"; name = \"Anne\"; address = \"anne@example.dk\"; aliases = [ \"a@example.dk\" ]; },\n"
	"  { id = \"bo\"; name = \"Bo\"; address = \"bo@example.dk\"; } );\n"
	"roles = ( { role = \"medlem\"; members = [ \"anne\", \"bo\" ]; } );\n"
	"lists = (\n"
	"  { address = \"alle@example.dk\"; group = \"medlem\"; },\n"
	"  { name = \"Teknik\"; members = [ \"bo\" ]; until = \"31-12-2026\"; } );\n";

#define LIST(what) NULL, "{ address = \"alle@example.dk\"; group = \"medlem\"; }", "{ " what " }", NULL

static const struct conf_change changes[] = {
	{ .name = "of nothing", LIST("group = \"medlem\";"), "a list needs an \"address\" or a \"name\"" },
	{ .name = "of nobody", LIST("name = \"Alle\";"), "a list stands either for a \"group\" or for \"members\"" },
	{ .name = "of both", LIST("name = \"Alle\"; group = \"medlem\"; members = \"bo\";"),
	  "a list stands either for a \"group\" or for \"members\"" },
	{ .name = "of no group", LIST("name = \"Alle\"; group = \"medlm\";"), "no group of people has the role \"medlm\"" },
	{ .name = "a word for who asked", LIST("name = \"spørger\"; group = \"medlem\";"),
	  "the word \"spørger\" has a meaning of its own" },
	{ .name = "of somebody who does not exist", LIST("name = \"Alle\"; members = \"boo\";"),
	  "there is no person \"boo\"; did you mean \"bo\"?" },
	{ .name = "a person's address", LIST("address = \"Anne@example.dk\"; group = \"medlem\";"),
	  "anne@example.dk is already an address of \"anne\" at p:3: a list is nobody's own" },
	{ .name = "a person's other address", LIST("address = \"a@example.dk\"; group = \"medlem\";"),
	  "a list is nobody's own" },
	{ .name = "the same name", NULL, "{ name = \"Teknik\";",
	  "{ name = \"TEKNIK\"; group = \"medlem\"; },\n  { name = \"Teknik\";",
	  "  { name = \"Teknik\"", "there is a list \"Teknik\" already, at p:8" },
	{ .name = "the same address", NULL, "{ name = \"Teknik\";",
	  "{ name = \"Teknik\"; address = \"alle@example.dk\";", NULL,
	  "there is a list \"alle@example.dk\" already, at p:7" },
	{ .name = "ends before it begins", NULL, "until = \"31-12-2026\"",
	  "from = \"02-01-2026\"; until = \"01-01-2026\"", NULL,
	  "\"until\" lies before \"from\"" },
};

static void load(struct arena *arena, const char *text, struct workflow_faults *faults, struct directory *ret_directory)
{
	struct conf_reader reader = { .arena = arena, .faults = faults, .folder = "" };
	struct conf_people people = { .people_count = 0 };

	assert_int_equal(conf_read_bytes(&reader, "p", text, strlen(text), &conf_people_table, &people), 0);
	conf_people_resolve(&reader, &people, ret_directory);
}

static void test_change(void **state)
{
	const struct conf_change *change = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const char *text = conf_change_apply(&arena, base, change->old, change->new);
	struct directory directory;

	load(&arena, text, &faults, &directory);
	conf_change_expect(&faults, change, conf_change_source(&arena, change, "p", base, text));
}

/* A later list may have the name of an earlier one; which there is depends on the day. */
static void test_terms(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct directory book, day;
	size_t count;

	(void)state;
	load(&arena, conf_change_apply(&arena, base, "{ name = \"Teknik\";",
		"{ name = \"Teknik\"; address = \"t@example.dk\"; members = [ \"anne\", \"bo\" ]; from = \"01-01-2027\"; },\n"
		"  { name = \"Teknik\";"), &faults, &book);
	conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
	assert_int_equal(book.lists_count, 3);
	directory_on(&arena, &book, calendar_join(2026, 12, 31), &day);
	assert_null(directory_list_at(&day, "t@example.dk"));
	assert_int_equal(day.lists_count, 2);
	directory_on(&arena, &book, calendar_join(2027, 1, 1), &day);
	directory_list_people(&day, directory_list_at(&day, "t@example.dk"), &count);
	assert_int_equal(count, 2);
	assert_ptr_equal(directory_list_people(&day, directory_list_at(&day, "alle@example.dk"), &count)[1],
		directory_person(&day, "bo"));
	assert_false(directory_is_stranger(&day, "t@example.dk"));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_terms) };

	return RUN_ROWS(changes, test_change) + cmocka_run_group_tests(tests, NULL, NULL);
}
