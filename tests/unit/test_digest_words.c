/* What letters say and offer, row by row: buttons, words about approval, whose word counts, the names of templates. */
#include "core/digest.h"

#include "tests/unit/letters.h"

struct mailto_row {
	const char *name, *address, *subject, *link, *copy;
};

static const struct mailto_row mailto_rows[] = {
	{ "a tag", "mt@example.dk", "MT-2026-0042/2 [GODKENDT]",
	  "mailto:mt@example.dk?subject=MT-2026-0042%2F2%20%5BGODKENDT%5D", NULL },
	{ "Danish letters", "mt@example.dk", "[NY HØRING] æ",
	  "mailto:mt@example.dk?subject=%5BNY%20H%C3%98RING%5D%20%C3%A6", NULL },
	{ "what would begin another field", "mt@example.dk", "a&bcc=x@example.org?b=c+d%0d",
	  "mailto:mt@example.dk?subject=a%26bcc%3Dx%40example.org%3Fb%3Dc%2Bd%250d", NULL },
	{ "two addresses", "a@example.dk,b@example.dk", "KB-2026-0001: svar", "mailto:a@example.dk,b@example.dk"
	  "?subject=KB-2026-0001%3A%20svar", NULL },
	{ "a strange address", "m+t?x%y\"@example.dk", "a", "mailto:m%2Bt%3Fx%25y%22@example.dk?subject=a", NULL },
	{ "line ends", "mt@example.dk", "a\r\nb", "mailto:mt@example.dk?subject=a%0D%0Ab", NULL },
	{ "a copy", "mt@example.dk", "a", "mailto:mt@example.dk?subject=a&cc=bo%40example.dk", "bo@example.dk" },
	{ "a copy to a strange address", "mt@example.dk", "a", "mailto:mt@example.dk?subject=a&cc=b%26bcc%3Dx%40example.dk",
	  "b&bcc=x@example.dk" },
};

static void test_mailto(void **state)
{
	const struct mailto_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;

	assert_string_equal(digest_mailto(&arena, row->address, row->subject, row->copy), row->link);
}

/* Who is offered which buttons: (step, reader) -> the subjects that the mail links to, and who gets a copy. */
struct answer_row {
	const char *name, *step;
	int reader;
	const char *first, *second;
};

#define TO_BO "&amp;cc=bo%40example.dk\""

static const struct answer_row answer_rows[] = {
	{ "the head decides, and the caseworker hears of it", "hos-afdelingschef", ANNE,
	  "MT-2026-0042%2F1%20%5BGODKENDT%5D" TO_BO, "MT-2026-0042%2F1%20%5BRETUR%5D" TO_BO },
	{ "a unit leader does not decide for the head", "hos-afdelingschef", EVA, NULL, NULL },
	{ "the assigned unit leader decides", "hos-enhedsleder", EVA, "MT-2026-0042%2F1%20%5BGODKENDT%5D" TO_BO,
	  "MT-2026-0042%2F1%20%5BRETUR%5D" TO_BO },
	{ "another unit leader may not", "hos-enhedsleder", ERIK, NULL, NULL },
	{ "the head does not decide for the unit leader", "hos-enhedsleder", ANNE, NULL, NULL },
	{ "the secretariat returns it or says that it is sent: then the rule tells the caseworker", "hos-spl", SPL,
	  "MT-2026-0042%2F1%20%5BRETUR%5D" TO_BO, "MT-2026-0042%2F1%20%5BAFSENDT%5D\"" },
	{ "an answer needs its link", "godkendt", BO, NULL, NULL },
	{ "nothing is left to say", "afsendt", SPL, NULL, NULL },
};

static void test_answers(void **state)
{
	const struct answer_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	struct inquiry inquiry = open_inquiry("MT-2026-0042", row->step, "Hul", 4, 1);
	struct register_row standing;
	const struct digest_row item = { .row = &standing, .mailbox = &boxes[0] };
	const struct digest_overview overview = { WORKFLOW_VIEW_OWN, &item, 1 };
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1 };
	const struct digest_morning morning = {
		.person = &people[row->reader], .sections = &section, .sections_count = 1,
	};
	struct letter letter;
	size_t links = 0;

	assign(&inquiry, "sagsbehandler", BO);
	assign(&inquiry, "enhedsleder", EVA);
	if (strcmp(row->step, "afsendt") == 0)
		inquiry.ended_at = at(4, 2, 8);
	standing = row_of(&arena, &inquiry, house.now);
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	for (const char *found = letter.html; (found = strstr(found, "mailto:mt@example.dk?subject=")); found++)
		links++;
	assert_int_equal(links, (row->first != NULL) + (row->second != NULL));
	if (row->first)
		assert_non_null(strstr(letter.html, row->first));
	if (row->second)
		assert_non_null(strstr(letter.html, row->second));
}

/* While the caseworker is away the copy goes to who answers for him. */
static void test_copy_to_stand_in(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	const struct directory_absence away = { calendar_join(2026, 4, 7), calendar_join(2026, 4, 10), "sidsel", NULL };
	struct directory_person staff[COUNT_OF(people)];
	const struct directory_person *const leaders[] = { &staff[EVA] };
	const struct directory_role leading = { .name = "enhedsleder", .members = leaders, .count = 1 };
	const struct directory today = {
		.people = staff, .people_count = COUNT_OF(staff), .roles = &leading, .roles_count = 1,
		.day = calendar_join(2026, 4, 9),
	};
	struct digest_house house = house_of(at(4, 9, 7));
	struct story story;
	const struct digest_overview overview = { WORKFLOW_VIEW_OWN, &story.items[NOISE], 1 };
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1 };
	struct digest_morning morning = { .person = &staff[EVA], .sections = &section, .sections_count = 1 };
	struct letter letter;

	(void)state;
	memcpy(staff, people, sizeof(people));
	staff[BO].absences = &away;
	staff[BO].absences_count = 1;
	house.directory = &today;
	tell(&arena, house.now, &story);
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_non_null(strstr(letter.html, "MT-2026-0044%2F1%20%5BGODKENDT%5D&amp;cc=sidsel%40example.dk\""));
}

/* What is said of the approval: (matter, reader, day) -> these words, and not those. */
struct words_row {
	const char *name;
	int which, reader, month, day;
	const char *says, *not;
};

#define YOURS "Udkastet venter på din godkendelse."
#define WHEN "Når svaret er godkendt"

static const struct words_row words_rows[] = {
	{ "to the caseworker before", HOLE, BO, 4, 1, WHEN, YOURS },
	{ "to the caseworker after the first approval", DOGS, BO, 4, 8, WHEN, YOURS },
	{ "to the caseworker after the last", LAMP, BO, 4, 8, "Svaret er godkendt og skal sendes", WHEN },
	{ "to the unit leader with the draft", NOISE, EVA, 4, 9, YOURS, WHEN },
	{ "to the unit leader on the last day", NOISE, EVA, 4, 13, YOURS, WHEN },
	{ "to the unit leader without it", HOLE, EVA, 4, 8, "Vil du hjælpe med, at svaret bliver godkendt", YOURS },
	{ "to the unit leader of what is approved", LAMP, EVA, 4, 9, "Vil du hjælpe med, at svaret bliver sendt", YOURS },
	{ "to the head with the draft", TREES, ANNE, 3, 31, YOURS, WHEN },
	{ "to the head with the draft, as a copy", TREES, ANNE, 4, 1, YOURS, WHEN },
	{ "to the head too late, with the draft", TREES, ANNE, 4, 7, YOURS, "Vil du tage stilling" },
	{ "to the head too late, without it", HOLE, ANNE, 4, 9, "Vil du tage stilling", YOURS },
};

static void test_words(void **state)
{
	const struct words_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(row->month, row->day, 7));
	struct story story;
	struct letter letter;

	tell(&arena, house.now, &story);
	const struct digest_row reminders[] = { remind(&story, row->which, row->reader) };
	const struct digest_morning morning = {
		.person = &people[row->reader], .reminders = reminders, .reminders_count = 1,
	};

	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_non_null(strstr(letter.html, row->says));
	assert_null(strstr(letter.html, row->not));
}

/* A word that is not its writer's: whose it is, or to whom the mail must go. */
struct refusal_row {
	const char *name, *step, *tag;
	int reader;
	const char *says;
};

static const struct refusal_row refusal_rows[] = {
	{ "the head's, said by the caseworker", "hos-afdelingschef", "GODKENDT", BO,
	  "»GODKENDT« skal komme fra Anne Andersen." },
	{ "either's", "hos-enhedsleder", "GODKENDT", BO, "»GODKENDT« skal komme fra Eva Enevoldsen eller Anne Andersen." },
	{ "said by another unit leader", "hos-enhedsleder", "RETUR", ERIK,
	  "»RETUR« skal komme fra Eva Enevoldsen eller Anne Andersen." },
	{ "his own, to the wrong people", "hos-sagsbehandler", "TIL GODKENDELSE", BO,
	  "Med »TIL GODKENDELSE« skal mailen være til Eva Enevoldsen eller Anne Andersen." },
	{ "nobody's there", "modtaget", "AFSENDT", BO, "Skriv til Grethe Gram, som er ansvarlig for postkassen." },
	{ "a verb, said by who has the step", "hos-afdelingschef", "AFSLUT", ANNE,
	  "Skriv til Grethe Gram, som er ansvarlig for postkassen." },
	{ "a verb of no inquiry", NULL, "NY HENVENDELSE", ANNE,
	  "Skriv til Grethe Gram, som er ansvarlig for postkassen." },
};

static void test_refusal(void **state)
{
	const struct refusal_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 9));
	struct inquiry inquiry = open_inquiry("MT-2026-0042", row->step, "Hul", 4, 1);
	struct register_row standing;
	const struct digest_row item = { .row = &standing, .mailbox = &boxes[0] };
	const struct digest_single single = {
		.template = DIGEST_REFUSED, .address = people[row->reader].address, .row = row->step ? &item : NULL,
		.tag = row->tag, .reason = DECIDE_BY_WRONG_ROLE,
	};
	struct letter letter;

	assign(&inquiry, "sagsbehandler", BO);
	assign(&inquiry, "enhedsleder", EVA);
	if (row->step)
		standing = row_of(&arena, &inquiry, house.now);
	assert_int_equal(digest_compose_single(&arena, &house, &single, &letter, NULL), 0);
	if (!strstr(letter.html, row->says))
		fail_msg("%s", letter.text);
}

static const char *const names[] = {
	"morgenmail", "paamindelse", "rykker", "svarfrist-udloeber", "overskredet", "ikke-fordelt", "gennemsyn",
	"send-videre", "afsendt",
	"ikke-talt", "post-paamindelse", "post-rykker", "post-svar",
	"mellemsvar", "mellemsvar-borger", "aktindsigt", "aktindsigt-overskredet",
};

/* The names that templates may use are those that conf/templates/README explains. */
static void test_names_are_explained(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	const char *readme = read_file(&arena, SOURCE_ROOT "/conf/templates/README");

	(void)state;
	assert_non_null(readme);
	for (size_t i = 0; i < COUNT_OF(names); i++) {
		const struct template_variables *variables = digest_variables(names[i]);

		assert_non_null(strstr(readme, names[i]));
		for (size_t j = 0; j < variables->count; j++)
			if (!strstr(readme, variables->items[j].name))
				fail_msg("README does not explain %s", variables->items[j].name);
	}
}

/* Every reason has words, and they are sentences. */
static void test_reasons(void **state)
{
	static const enum decide_reason reasons[] = {
#define X(name, word, sentence) DECIDE_BY_##name,
		DECIDE_REASONS(X)
#undef X
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(reasons); i++) {
		const char *why = digest_reason_why(reasons[i]), *remedy = digest_reason_remedy(reasons[i]);

		assert_non_null(why);
		assert_non_null(remedy);
		assert_int_equal(why[strlen(why) - 1], '.');
		assert_int_equal(remedy[strlen(remedy) - 1], '.');
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_copy_to_stand_in), cmocka_unit_test(test_reasons),
		cmocka_unit_test(test_names_are_explained),
	};
	int failed;

	if (letters_load() != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL) + RUN_ROWS(mailto_rows, test_mailto) +
		RUN_ROWS(answer_rows, test_answers) + RUN_ROWS(words_rows, test_words) +
		RUN_ROWS(refusal_rows, test_refusal);
	letters_free();
	return failed;
}
