/* A11: who is reminded of what on which day, by the shipped workflow. */
#include "core/ladder.h"

#include "engine/setup.h"
#include "tests/rows.h"

/* An inquiry that came on Friday 27 March 2026: over Easter its five working days end on Wednesday 8 April. */
struct row {
	const char *name;
	const char *today;			/* 2026-04-01 */
	const char *step, *caseworker, *leader;	/* NULL: nobody was given it */
	const char *stopped;			/* the clock has stood since; NULL: it runs */
	const char *calls;			/* "clock/rung template to+cc …", "" for none */
};

static const struct row rows[] = {
	{ "quiet at first", "2026-03-30", "hos-sagsbehandler", "medarbejder-vej", "leder-vej", NULL, "" },
	{ "two working days before", "2026-03-31", "hos-sagsbehandler", "medarbejder-vej", "leder-vej", NULL, "" },
	{ "two working days before, over Easter", "2026-04-01", "hos-sagsbehandler", "medarbejder-vej", "leder-vej", NULL,
	  "svar/0 paamindelse medarbejder-vej" },
	{ "one before", "2026-04-07", "hos-sagsbehandler", "medarbejder-vej", "leder-vej", NULL,
	  "svar/1 rykker medarbejder-vej" },
	{ "on the day it goes to the unit leader", "2026-04-08", "hos-sagsbehandler", "medarbejder-vej", "leder-vej", NULL,
	  "svar/2 svarfrist-udloeber leder-vej+medarbejder-vej" },
	{ "a day late to the head", "2026-04-09", "hos-sagsbehandler", "medarbejder-vej", "leder-vej", NULL,
	  "svar/3 overskredet chef+leder-vej+medarbejder-vej" },
	{ "weeks late: the highest rung alone", "2026-05-01", "hos-sagsbehandler", "medarbejder-vej", "leder-vej", NULL,
	  "svar/3 overskredet chef+leder-vej+medarbejder-vej" },
	{ "whoever has the step is reminded", "2026-04-07", "hos-afdelingschef", "medarbejder-vej", "leder-vej", NULL,
	  "svar/1 rykker chef" },
	{ "the same person twice is once", "2026-04-08", "hos-enhedsleder", "medarbejder-vej", "leder-vej", NULL,
	  "svar/2 svarfrist-udloeber leder-vej" },
	{ "nobody was given it: the owner", "2026-03-30", "modtaget", NULL, NULL, NULL,
	  "ikke-fordelt/0 ikke-fordelt postkasseansvarlig" },
	{ "nobody was given it: then the deputy", "2026-03-31", "modtaget", NULL, NULL, NULL,
	  "ikke-fordelt/1 ikke-fordelt stedfortraeder" },
	{ "nobody was given it and the end is near", "2026-04-01", "modtaget", NULL, NULL, NULL,
	  "svar/0 paamindelse postkasseansvarlig" },
	{ "no unit leader was on cc", "2026-04-08", "hos-sagsbehandler", "medarbejder-vej", NULL, NULL,
	  "svar/2 svarfrist-udloeber leder-vej+medarbejder-vej" },
	{ "the caseworker has left", "2026-04-07", "hos-sagsbehandler", "fratrådt", "leder-vej", NULL,
	  "svar/1 rykker postkasseansvarlig" },
	{ "a clock that stands calls nobody", "2026-04-07", "hos-spl", "medarbejder-vej", "leder-vej", "2026-04-01", "" },
	{ "a step may not last for ever", "2026-04-13", "hos-spl", "medarbejder-vej", "leder-vej", "2026-03-27",
	  "gennemsyn/1 gennemsyn spl" },
	{ "… nor for ever and ever", "2026-04-20", "hos-spl", "medarbejder-vej", "leder-vej", "2026-03-27",
	  "gennemsyn/2 gennemsyn spl" },
	{ "an answer that lies", "2026-03-30", "svar-modtaget", "medarbejder-vej", "leder-vej", "2026-03-27",
	  "gennemsyn/1 send-videre postkasseansvarlig" },
};

static int64_t instant(const char *date, int hour)
{
	int day;

	assert_int_equal(calendar_parse_date(date, CALENDAR_NO_REFERENCE, &day), 0);
	return calendar_utc(day, hour * 60);
}

static void assign(struct inquiry *inquiry, const char *role, const char *person)
{
	if (person)
		inquiry->assignments[inquiry->assignments_count++] = (struct inquiry_assignment){ role, person };
}

static const char *said(struct arena *arena, const struct ladder_call *calls, size_t count)
{
	const char *text = "";

	for (size_t i = 0; i < count; i++) {
		text = arena_printf(arena, "%s%s%s/%d %s ", text, i ? " " : "", calls[i].clock, calls[i].rung,
			calls[i].template);
		for (size_t j = 0; j < calls[i].people_count; j++)
			text = arena_printf(arena, "%s%s%s", text, j ? "+" : "", calls[i].people[j]->id);
	}
	return text;
}

static void test_calls(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct setup *setup = setup_load(SOURCE_ROOT "/conf/fristd.conf", &faults);
	struct inquiry inquiry = {
		.key = "MT-2026-0001", .step = row->step, .round = 1, .step_at = instant("2026-03-27", 10),
	};
	struct ladder_call calls[LADDER_CALLS_MAX];
	size_t count;

	assert_non_null(setup);
	inquiry.clocks[inquiry.clocks_count++] = (struct inquiry_clock){
		.deadline = "svar", .started_at = instant("2026-03-27", 10), .due_at = instant("2026-04-09", 0),
		.stopped_at = row->stopped ? instant(row->stopped, 12) : 0,
	};
	assign(&inquiry, "sagsbehandler", row->caseworker);
	assign(&inquiry, "enhedsleder", row->leader);
	count = ladder_calls(&setup->conf.workflows[0], &setup->conf.directory, &setup->conf.calendar, &inquiry,
		instant(row->today, 7), calls);
	assert_string_equal(said(&arena, calls, count), row->calls);
	inquiry.ended_at = instant("2026-03-28", 9);
	assert_int_equal(ladder_calls(&setup->conf.workflows[0], &setup->conf.directory, &setup->conf.calendar, &inquiry,
		instant(row->today, 7), calls), 0);
	setup_free(setup);
	arena_done(&arena);
}

/* ---- a group, some of whom are away ---- */

struct group_row {
	const char *name;
	bool away[3];
	bool stands_in;				/* the third for the first */
	const char *id;				/* who answers, and reads what the group gets */
};

static const struct group_row group_rows[] = {
	{ "the first is written to", { false, true, true }, false, "anne" },
	{ "the first is away: the second", { true, false, false }, false, "bo" },
	{ "two are away: the third", { true, true, false }, false, "carl" },
	{ "somebody stands in for the first", { true, false, false }, true, "anne" },
	{ "all are away: it waits for the first", { true, true, true }, false, "anne" },
};

static void test_group(void **state)
{
	const struct group_row *row = *state;
	static const char *const ids[] = { "anne", "bo", "carl" }, *const owners[] = { "sekretariat" };
	static const struct workflow workflow = { .owners = { owners, 1 } };
	const struct workflow_digest digest = { .role = "sekretariat", .view = WORKFLOW_VIEW_ALL };
	const struct directory_absence absence = { .from = 1, .until = 3 };
	const struct inquiry inquiry = { .key = "KB-2026-0001" };
	struct directory_person people[3];
	const struct directory_person *members[] = { &people[0], &people[1], &people[2] };
	const struct directory_role role = { .name = "sekretariat", .members = members, .count = 3 };
	const struct directory directory = { .people = people, .people_count = 3, .roles = &role, .roles_count = 1, .day = 2 };

	for (int i = 0; i < 3; i++)
		people[i] = (struct directory_person){ .id = ids[i], .absences = &absence, .absences_count = row->away[i],
			.stand_in = i == 0 && row->stands_in ? "carl" : NULL };
	assert_string_equal(ladder_owner(&workflow, &directory)->id, row->id);
	assert_string_equal(ladder_person(&workflow, &directory, &inquiry, "sekretariat")->id, row->id);
	assert_string_equal(ladder_reader(&workflow, &directory, &digest)->id, row->stands_in ? "carl" : row->id);
}

int main(void)
{
	return RUN_ROWS(rows, test_calls) + RUN_ROWS(group_rows, test_group);
}
