#include "core/register.h"

#include "tests/unit/letters.h"

/* Where an inquiry stands, who has it and what its clock says, on a day at seven o'clock. */
struct standing_row {
	const char *name, *step;
	int month, day;			/* today; it arrived on Friday 27 March */
	bool assigned;			/* Bo is its caseworker, Eva its unit leader */
	const char *role;		/* NULL: nobody holds it */
	int holder;
	enum register_state state;
	int count, left;		/* day of five, working days left */
};

static const struct standing_row standing_rows[] = {
	{ "on the day of arrival", "modtaget", 3, 27, false, "postkasseansvarlig", GRETHE, REGISTER_OPEN, 0, 5 },
	{ "day 1", "modtaget", 3, 30, false, "postkasseansvarlig", GRETHE, REGISTER_OPEN, 1, 4 },
	{ "with its caseworker", "hos-sagsbehandler", 4, 1, true, "sagsbehandler", BO, REGISTER_OPEN, 3, 2 },
	{ "on a holiday the count stands", "hos-sagsbehandler", 4, 3, true, "sagsbehandler", BO, REGISTER_OPEN, 3, 2 },
	{ "with its unit leader", "hos-enhedsleder", 4, 7, true, "enhedsleder", EVA, REGISTER_OPEN, 4, 1 },
	{ "with the head, on the last day", "hos-afdelingschef", 4, 8, true, "afdelingschef", ANNE, REGISTER_OPEN, 5, 0 },
	{ "the day after", "hos-afdelingschef", 4, 9, true, "afdelingschef", ANNE, REGISTER_OVERDUE, 6, -1 },
	{ "nobody assigned: the owner has it", "hos-sagsbehandler", 4, 1, false, "postkasseansvarlig", GRETHE,
	  REGISTER_OPEN, 3, 2 },
	{ "a step that the workflow lost", "hos-ingen", 4, 1, true, "postkasseansvarlig", GRETHE, REGISTER_OPEN, 3, 2 },
};

static void test_standing(void **state)
{
	const struct standing_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", row->step, "Hul", 3, 27);
	struct register_row result;

	if (row->assigned) {
		assign(&inquiry, "sagsbehandler", BO);
		assign(&inquiry, "enhedsleder", EVA);
	}
	register_fill(&arena, workflow, &directory, NULL, &inquiry, at(row->month, row->day, 7), &result);
	assert_string_equal(result.holder_role, row->role);
	assert_string_equal(result.holder->id, people[row->holder].id);
	assert_int_equal(result.state, row->state);
	assert_int_equal(result.due, calendar_join(2026, 4, 8));
	assert_int_equal(result.due_at, at(4, 9, 0));
	assert_int_equal(result.expected, row->state == REGISTER_OPEN ? result.due : REGISTER_NO_DATE);
	assert_int_equal(result.day, row->count);
	assert_int_equal(result.days, 5);
	assert_int_equal(result.left, row->left);
	assert_string_equal(result.explanation, "modtaget fre. 27/3 · dag 1 man. 30/3 · "
		"skærtorsdag, langfredag og 2. påskedag tæller ikke med · frist ons. 8/4");
}

static struct register_row fill(struct arena *arena, const struct inquiry *inquiry, int month, int day)
{
	struct register_row row;

	register_fill(arena, workflow, &directory, NULL, inquiry, at(month, day, 7), &row);
	return row;
}

/* The last second of the due day is in time, the first of the next is not. */
static void test_due_edge(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "hos-sagsbehandler", "Hul", 3, 27);
	struct register_row row;

	(void)state;
	register_fill(&arena, workflow, &directory, NULL, &inquiry, at(4, 9, 0) - 1, &row);
	assert_int_equal(row.state, REGISTER_OPEN);
	register_fill(&arena, workflow, &directory, NULL, &inquiry, at(4, 9, 0), &row);
	assert_int_equal(row.state, REGISTER_OVERDUE);
}

static void test_stopped_clock(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "hos-spl", "Hul", 3, 27);
	struct register_row row;

	(void)state;
	inquiry.clocks[0].stopped_at = at(4, 1, 9);
	row = fill(&arena, &inquiry, 4, 20);
	assert_int_equal(row.state, REGISTER_OPEN);
	assert_int_equal(row.due, calendar_join(2026, 4, 8));
	assert_int_equal(row.expected, REGISTER_NO_DATE);
	assert_null(row.explanation);
	assert_string_equal(row.holder_role, "spl");
}

static void test_final(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "afsendt", "Hul", 3, 27);
	struct register_row row;

	(void)state;
	inquiry.ended_at = at(4, 20, 9);
	row = fill(&arena, &inquiry, 4, 21);
	assert_int_equal(row.state, REGISTER_FINAL);
	assert_null(row.holder);
	assert_null(row.holder_role);
	assert_null(row.explanation);
}

static void test_deadline_set_by_hand(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "hos-sagsbehandler", "Hul", 3, 27);
	struct register_row row;

	(void)state;
	inquiry.clocks[0].due_at = calendar_end(calendar_join(2026, 4, 14));
	inquiry.clocks[0].set_by_hand = true;
	row = fill(&arena, &inquiry, 4, 8);
	assert_int_equal(row.state, REGISTER_OPEN);
	assert_int_equal(row.days, 0);
	assert_int_equal(row.left, 4);
	assert_string_equal(row.explanation, "modtaget fre. 27/3 · fristen er siden ændret til tirs. 14/4");
}

static void test_no_clock(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "hos-spl", "Hul", 3, 27);
	struct register_row row;

	(void)state;
	inquiry.clocks_count = 0;
	row = fill(&arena, &inquiry, 4, 8);
	assert_int_equal(row.due, REGISTER_NO_DATE);
	assert_int_equal(row.due_at, 0);
	assert_int_equal(row.state, REGISTER_OPEN);
}

/* Titles for people; what has no title any more keeps its id. */
static void test_unseen(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "godkendt", "Hul", 3, 27);
	struct register_row row;

	(void)state;
	inquiry.unseen[0] = "hos-enhedsleder";
	inquiry.unseen[1] = "forsvundet";
	inquiry.unseen_count = 2;
	row = fill(&arena, &inquiry, 4, 8);
	assert_int_equal(row.unseen_count, 2);
	assert_string_equal(row.unseen[0], "hos enhedsleder");
	assert_string_equal(row.unseen[1], "forsvundet");
}

/* Most urgent first, then what waits without a clock, then what is done. */
static void test_order(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct inquiry inquiries[] = {
		open_inquiry("MT-2026-0001", "afsendt", "a", 3, 2), open_inquiry("MT-2026-0002", "hos-spl", "b", 3, 3),
		open_inquiry("MT-2026-0004", "modtaget", "c", 4, 1), open_inquiry("MT-2026-0003", "modtaget", "d", 4, 1),
		open_inquiry("MT-2026-0005", "modtaget", "e", 3, 27),
	};
	struct register_row rows[COUNT_OF(inquiries)];
	const char *const order[] = { "MT-2026-0005", "MT-2026-0003", "MT-2026-0004", "MT-2026-0002", "MT-2026-0001" };

	(void)state;
	inquiries[0].ended_at = at(3, 20, 9);
	inquiries[1].clocks[0].stopped_at = at(3, 5, 9);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i] = fill(&arena, &inquiries[i], 4, 8);
	qsort(rows, COUNT_OF(rows), sizeof(rows[0]), register_compare);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		assert_string_equal(rows[i].inquiry->key, order[i]);
}

static void test_table(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	CLEANUP(text_done) struct text out = TEXT_NULL;
	struct inquiry inquiries[] = {
		open_inquiry("MT-2026-0042", "hos-sagsbehandler", "Hul", 3, 27),
		open_inquiry("MT-2026-0043", "godkendt", "Træer", 3, 25),
		open_inquiry("MT-2026-0044", "afsendt", "Bus", 3, 16),
	};
	struct register_row rows[COUNT_OF(inquiries)];

	(void)state;
	assign(&inquiries[0], "sagsbehandler", SIDSEL);
	inquiries[1].round = 2;
	inquiries[1].unseen[0] = "hos-enhedsleder";
	inquiries[1].unseen_count = 1;
	inquiries[2].ended_at = at(3, 20, 9);
	for (size_t i = 0; i < COUNT_OF(rows); i++)
		rows[i] = fill(&arena, &inquiries[i], 4, 7);
	register_write_table(&arena, rows, COUNT_OF(rows), &out);
	assert_string_equal(text_string(&out),
		"Nummer          Trin                  Hos               Frist       Står\n"
		"MT-2026-0042    hos sagsbehandler     Sidsel Østergård  08-04-2026  dag 4 af 5\n"
		"MT-2026-0043/2  godkendt af afdelin…  Grethe Gram       01-04-2026  over fristen\n"
		"    ikke set: hos enhedsleder\n"
		"MT-2026-0044    afsendt                                 23-03-2026  færdig\n");
}

/* What nobody saw is why somebody must ask: all of it is told, on as many lines as it takes. */
static void test_unseen_lines(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	CLEANUP(text_done) struct text out = TEXT_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "svar-modtaget", "Hul", 3, 27);
	struct register_row row;

	(void)state;
	for (size_t i = 1; i <= 5; i++)
		inquiry.unseen[inquiry.unseen_count++] = workflow->steps[i].id;
	row = fill(&arena, &inquiry, 4, 7);
	register_write_table(&arena, &row, 1, &out);
	assert_non_null(strstr(text_string(&out), "\n"
		"    ikke set: hos sagsbehandler, hos enhedsleder, godkendt af enhedsleder, hos\n"
		"    afdelingschef, godkendt af afdelingschef\n"));
}

/* However long the words are, the table keeps to 80 columns. */
static void test_wide_table(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	CLEANUP(text_done) struct text out = TEXT_NULL;
	static const char longest[] = "æøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøå"
		"æøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøåæøå";
	struct inquiry inquiry = open_inquiry("BORGMEST-2026-123456789", longest, "Hul", 3, 27);
	struct register_row row;

	(void)state;
	inquiry.closed = longest;
	inquiry.ended_at = at(4, 1, 9);
	inquiry.unseen[0] = longest;
	inquiry.unseen_count = 1;
	row = fill(&arena, &inquiry, 4, 7);
	register_write_table(&arena, &row, 1, &out);
	for (const char *line = text_string(&out); *line; line += strcspn(line, "\n") + 1) {
		char *copy = arena_strndup(&arena, line, strcspn(line, "\n"));

		assert_true(text_columns(copy) <= 80);
		assert_true(text_is_utf8(copy, strlen(copy)));
	}
}

static void test_empty_table(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	CLEANUP(text_done) struct text out = TEXT_NULL;

	(void)state;
	register_write_table(&arena, NULL, 0, &out);
	assert_string_equal(text_string(&out), "Nummer  Trin  Hos  Frist  Står\n");
}

#define CSV_HEAD "key,workflow,round,step,holder_role,holder_name,holder_address,addressed_to,received,due,state," \
	"unseen,case_link,note,also,subject\r\n"

static void test_csv(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	CLEANUP(text_done) struct text out = TEXT_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "godkendt", "Hul, \"dybt\"", 3, 27);
	struct register_row row;

	(void)state;
	assign(&inquiry, "sagsbehandler", BO);
	inquiry.unseen[0] = "hos-enhedsleder";
	inquiry.unseen[1] = "hos-afdelingschef";
	inquiry.unseen_count = 2;
	row = fill(&arena, &inquiry, 4, 7);
	register_write_csv(&arena, &row, 1, &out);
	assert_string_equal(text_string(&out), CSV_HEAD
		"\"MT-2026-0042\",\"borgmester\",\"1\",\"godkendt\",\"sagsbehandler\",\"Bo Bentzen\",\"bo@example.dk\","
		"\"borgmesteren\",\"2026-03-27\",\"2026-04-08\",\"open\",\"hos-enhedsleder hos-afdelingschef\",\"\",\"\",\"\","
		"\"Hul, \"\"dybt\"\"\"\r\n");
}

struct cell_row {
	const char *name, *subject, *cell;
};

static const struct cell_row cell_rows[] = {
	{ "a formula", "=HYPERLINK(\"http://example.org\")", "\"'=HYPERLINK(\"\"http://example.org\"\")\"" },
	{ "plus", "+45 12 34", "\"'+45 12 34\"" },
	{ "minus", "-2+3", "\"'-2+3\"" },
	{ "at", "@SUM(A1)", "\"'@SUM(A1)\"" },
	{ "tab", "\t=1", "\"'\t=1\"" },
	{ "carriage return", "\r=1", "\"'\r=1\"" },
	{ "a line end stays in its cell", "a\r\n=1", "\"a\r\n=1\"" },
	{ "a sign further on", "a=1", "\"a=1\"" },
	{ "unknown", NULL, "\"\"" },
};

static void test_cell(void **state)
{
	const struct cell_row *row = *state;
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	CLEANUP(text_done) struct text out = TEXT_NULL;
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "modtaget", row->subject, 3, 27);
	struct register_row result = fill(&arena, &inquiry, 4, 7);
	const char *end = arena_printf(&arena, ",%s\r\n", row->cell);
	size_t length;

	register_write_csv(&arena, &result, 1, &out);
	length = strlen(text_string(&out));
	assert_true(length > strlen(end));
	assert_string_equal(text_string(&out) + length - strlen(end), end);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_due_edge), cmocka_unit_test(test_stopped_clock), cmocka_unit_test(test_final),
		cmocka_unit_test(test_deadline_set_by_hand), cmocka_unit_test(test_no_clock),
		cmocka_unit_test(test_unseen), cmocka_unit_test(test_order), cmocka_unit_test(test_table),
		cmocka_unit_test(test_unseen_lines),
		cmocka_unit_test(test_wide_table), cmocka_unit_test(test_empty_table), cmocka_unit_test(test_csv),
	};

	int failed;

	if (letters_load() != 0)
		return 1;
	failed = RUN_ROWS(standing_rows, test_standing) + RUN_ROWS(cell_rows, test_cell) +
		cmocka_run_group_tests(tests, NULL, NULL);
	letters_free();
	return failed;
}
