/*
 * letters - a small house to write letters from: people, the shipped workflow of the mayor's letters, and inquiries
 * around Easter 2026. Shared by the tests of register and digest, which load it first and free it last.
 */
#ifndef TESTS_UNIT_LETTERS_H
#define TESTS_UNIT_LETTERS_H

#include "core/digest.h"
#include "engine/setup.h"
#include "tests/rows.h"

#define STRINGS(...) { (const char *const[]){ __VA_ARGS__ }, COUNT_OF(((const char *const[]){ __VA_ARGS__ })) }

enum { GRETHE, VIBE, BO, SIDSEL, EVA, ERIK, ANNE, SPL };

static const struct directory_person people[] = {
	[GRETHE] = { .id = "grethe", .name = "Grethe Gram", .address = "grethe@example.dk" },
	[VIBE] = { .id = "vibe", .name = "Vibe Vang", .address = "vibe@example.dk" },
	[BO] = { .id = "bo", .name = "Bo Bentzen", .address = "bo@example.dk" },
	[SIDSEL] = { .id = "sidsel", .name = "Sidsel Østergård", .address = "sidsel@example.dk" },
	[EVA] = { .id = "eva", .name = "Eva Enevoldsen", .address = "eva@example.dk" },
	[ERIK] = { .id = "erik", .name = "Erik Egelund", .address = "erik@example.dk" },
	[ANNE] = { .id = "anne", .name = "Anne Andersen", .address = "anne@example.dk" },
	[SPL] = { .id = "spl", .name = "Sekretariatet", .address = "spl@example.dk" },
};

#define MEMBERS(...) .members = (const struct directory_person *const[]){ __VA_ARGS__ }, \
	.count = COUNT_OF(((const struct directory_person *const[]){ __VA_ARGS__ }))

static const struct directory_role roles[] = {
	{ .name = "postkasseansvarlig", MEMBERS(&people[GRETHE]) },
	{ .name = "stedfortræder", MEMBERS(&people[VIBE]) },
	{ .name = "enhedsleder", MEMBERS(&people[EVA], &people[ERIK]) },
	{ .name = "afdelingschef", MEMBERS(&people[ANNE]) },
	{ .name = "spl", MEMBERS(&people[SPL]) },
};

static const struct directory directory = {
	.people = people, .people_count = COUNT_OF(people), .roles = roles, .roles_count = COUNT_OF(roles),
	.domains = STRINGS("example.dk"),
};

static struct setup *letters_setup;
static const struct workflow *workflow;

static inline int letters_load(void)
{
	struct arena arena = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };

	letters_setup = setup_load(SOURCE_ROOT "/conf/fristd.conf", &faults);
	for (size_t i = 0; letters_setup && i < letters_setup->conf.workflows_count; i++)
		if (strcmp(letters_setup->conf.workflows[i].id, "borgmester") == 0)
			workflow = &letters_setup->conf.workflows[i];
	arena_done(&arena);
	return workflow ? 0 : -1;
}

static inline void letters_free(void)
{
	setup_free(letters_setup);
}

/* An instant on the wall clock of a day in 2026. */
static inline int64_t at(int month, int day, int hour)
{
	return calendar_utc(calendar_join(2026, month, day), hour * 60);
}

/* An open inquiry as it arrived, with its clock running for five working days. */
static inline struct inquiry open_inquiry(const char *key, const char *step, const char *subject, int month, int day)
{
	int64_t arrived = at(month, day, 10);

	return (struct inquiry){
		.id = 1, .key = key, .workflow = "borgmester", .step = step, .round = 1, .subject = subject,
		.addressed_to = "borgmesteren", .received_at = arrived, .round_at = arrived, .step_at = arrived,
		.clocks = { { .deadline = "svar", .started_at = arrived,
			.due_at = calendar_end(calendar_due(NULL, arrived, workflow->deadlines[0].length, false)) } },
		.clocks_count = 1,
	};
}

static inline void assign(struct inquiry *inquiry, const char *role, int person)
{
	inquiry->assignments[inquiry->assignments_count++] = (struct inquiry_assignment){ role, people[person].id };
}

#endif
