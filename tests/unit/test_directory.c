/* Who has a role and who is there, on which day. */
#include "core/directory.h"

#include "core/calendar.h"
#include "tests/rows.h"

#define MAY(day) (20260500 + (day))

/* 20260511 as a date. */
static int date_of(int digits)
{
	return digits ? calendar_join(digits / 10000, digits / 100 % 100, digits % 100) : 0;
}

enum { ANNE, BO, CARL, DORTE, PEOPLE };

/* ---- terms ---- */

struct term {
	int member, from, until;		/* 0: since ever, no end */
};

struct term_row {
	const char *name;
	struct term terms[2];			/* of the role "chef" */
	size_t count;
	int day;
	int expected;				/* who has it; -1: nobody */
};

static const struct term_row term_rows[] = {
	{ "for ever", { { ANNE, 0, 0 } }, 1, MAY(11), ANNE },
	{ "the day before", { { ANNE, MAY(11), MAY(13) } }, 1, MAY(10), -1 },
	{ "the first day", { { ANNE, MAY(11), MAY(13) } }, 1, MAY(11), ANNE },
	{ "the last day", { { ANNE, MAY(11), MAY(13) } }, 1, MAY(13), ANNE },
	{ "the day after", { { ANNE, MAY(11), MAY(13) } }, 1, MAY(14), -1 },
	{ "the first of two", { { ANNE, 0, MAY(13) }, { BO, MAY(14), 0 } }, 2, MAY(13), ANNE },
	{ "the second of two", { { ANNE, 0, MAY(13) }, { BO, MAY(14), 0 } }, 2, MAY(14), BO },
	{ "between two", { { ANNE, 0, MAY(11) }, { BO, MAY(14), 0 } }, 2, MAY(12), -1 },
};

/* Also when nobody has it the role is one of a group: it cannot be given to just anybody. */
static void test_term(void **state)
{
	const struct term_row *row = *state;
	struct arena arena = ARENA_NULL;
	struct directory_person people[PEOPLE] = { { .id = "anne" }, { .id = "bo" } };
	const struct directory_person *members[2];
	struct directory_role roles[2];
	struct directory book = { .people = people, .people_count = PEOPLE, .roles = roles, .roles_count = row->count }, day;

	for (size_t i = 0; i < row->count; i++) {
		members[i] = &people[row->terms[i].member];
		roles[i] = (struct directory_role){ .name = "chef", .members = &members[i], .count = 1,
			.from = date_of(row->terms[i].from), .until = date_of(row->terms[i].until) };
	}
	directory_on(&arena, &book, date_of(row->day), &day);
	assert_non_null(directory_role(&day, "chef"));
	assert_int_equal(directory_role(&day, "chef")->count, row->expected >= 0);
	for (int i = 0; i < 2; i++)
		assert_int_equal(directory_is_member(&day, &people[i], "chef"), i == row->expected);
	assert_null(directory_role(&day, "leder"));
	arena_done(&arena);
}

/* ---- absences ---- */

struct away {
	int from, until;			/* 0, 0: never away */
	int stand_in;				/* for this absence; 0: the usual one */
};

struct present_row {
	const char *name;
	int stand_in[PEOPLE];			/* the usual ones; 0: nobody (Anne stands in for nobody) */
	struct away away[PEOPLE];
	int day;
	int expected;				/* who answers for Anne */
};

static const struct present_row present_rows[] = {
	{ "is there", { BO }, { { 0, 0, 0 } }, MAY(11), ANNE },
	{ "the day before", { BO }, { { MAY(11), MAY(13), 0 } }, MAY(10), ANNE },
	{ "the first day", { BO }, { { MAY(11), MAY(13), 0 } }, MAY(11), BO },
	{ "the last day", { BO }, { { MAY(11), MAY(13), 0 } }, MAY(13), BO },
	{ "the day after", { BO }, { { MAY(11), MAY(13), 0 } }, MAY(14), ANNE },
	{ "another stand-in this time", { BO }, { { MAY(11), MAY(13), CARL } }, MAY(12), CARL },
	{ "nobody stands in", { 0 }, { { MAY(11), MAY(13), 0 } }, MAY(12), ANNE },
	{ "the stand-in is away, too", { BO, CARL }, { { MAY(11), MAY(13), 0 }, { MAY(12), MAY(12), 0 } }, MAY(12), CARL },
	{ "all are away", { BO, CARL, DORTE }, { { MAY(11), MAY(13), 0 }, { MAY(11), MAY(13), 0 }, { MAY(11), MAY(13), 0 },
		{ MAY(11), MAY(13), 0 } }, MAY(12), ANNE },
	{ "two stand in for each other, both away", { BO, CARL, BO }, { { MAY(11), MAY(13), 0 }, { MAY(11), MAY(13), 0 },
		{ MAY(11), MAY(13), 0 } }, MAY(12), ANNE },
};

static void test_present(void **state)
{
	static const char *const ids[PEOPLE] = { "anne", "bo", "carl", "dorte" };
	const struct present_row *row = *state;
	struct arena arena = ARENA_NULL;
	struct directory_absence absences[PEOPLE];
	struct directory_person people[PEOPLE];
	struct directory book = { .people = people, .people_count = PEOPLE }, day;

	for (int i = 0; i < PEOPLE; i++) {
		const struct away *away = &row->away[i];

		absences[i] = (struct directory_absence){ .from = date_of(away->from), .until = date_of(away->until),
			.stand_in = away->stand_in ? ids[away->stand_in] : NULL };
		people[i] = (struct directory_person){ .id = ids[i], .absences = &absences[i], .absences_count = away->from != 0,
			.stand_in = row->stand_in[i] ? ids[row->stand_in[i]] : NULL };
	}
	directory_on(&arena, &book, date_of(row->day), &day);
	assert_ptr_equal(directory_present(&day, &people[ANNE]), &people[row->expected]);
	assert_ptr_equal(directory_present(&book, &people[ANNE]), &people[ANNE]);	/* a book knows of no day */
	arena_done(&arena);
}

int main(void)
{
	return RUN_ROWS(term_rows, test_term) + RUN_ROWS(present_rows, test_present);
}
