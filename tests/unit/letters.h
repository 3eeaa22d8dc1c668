/*
 * letters - a small house to write letters from: people, the workflow of the mayor's letters, and inquiries around
 * Easter 2026. Shared by the tests of register and digest.
 */
#ifndef TESTS_UNIT_LETTERS_H
#define TESTS_UNIT_LETTERS_H

#include "core/digest.h"
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

static const struct workflow_step steps[] = {
	{ .id = "modtaget", .title = "modtaget", .holder = "postkasseansvarlig" },
	{ .id = "hos-sagsbehandler", .title = "hos sagsbehandler", .holder = "sagsbehandler" },
	{ .id = "hos-enhedsleder", .title = "hos enhedsleder", .holder = "enhedsleder" },
	{ .id = "hos-afdelingschef", .title = "hos afdelingschef", .holder = "afdelingschef" },
	{ .id = "godkendt", .title = "godkendt, svar og link mangler", .holder = "sagsbehandler" },
	{ .id = "svar-modtaget", .title = "svar modtaget", .holder = "postkasseansvarlig" },
	{ .id = "hos-spl", .title = "hos sekretariatet", .holder = "spl" },
	{ .id = "afsendt", .title = "afsendt", .final = true },
};

static const struct workflow_rule rules[] = {
	{ .cite = "A5", .from = STRINGS("hos-sagsbehandler"), .to = "hos-afdelingschef",
	  .when = { .known = WORKFLOW_YES, .sender = STRINGS("sagsbehandler"), .to = STRINGS("afdelingschef") } },
	{ .cite = "A5u", .from = STRINGS("hos-enhedsleder"), .to = "hos-sagsbehandler",
	  .when = { .known = WORKFLOW_YES, .tag = "RETUR", .sender = STRINGS("enhedsleder") } },
	{ .cite = "A6", .from = STRINGS("hos-afdelingschef"), .to = "godkendt",
	  .when = { .known = WORKFLOW_YES, .tag = "GODKENDT", .sender = STRINGS("afdelingschef"), .trusted = WORKFLOW_YES } },
	{ .cite = "A6r", .from = STRINGS("hos-afdelingschef"), .to = "hos-sagsbehandler",
	  .when = { .known = WORKFLOW_YES, .tag = "RETUR", .sender = STRINGS("afdelingschef"), .trusted = WORKFLOW_YES } },
	{ .cite = "A7", .from = STRINGS("godkendt"), .to = "svar-modtaget",
	  .when = { .known = WORKFLOW_YES, .tag = "AFSENDT", .sender = STRINGS("sagsbehandler"), .link = WORKFLOW_YES } },
	{ .cite = "A10", .from = STRINGS("hos-spl"), .to = "afsendt",
	  .when = { .known = WORKFLOW_YES, .tag = "AFSENDT", .sender = STRINGS("spl") } },
};

static const struct workflow_deadline deadlines[] = {
	{ .name = "svar", .start = STRINGS("modtaget"), .stop = STRINGS("svar-modtaget"),
	  .length = { 5, CALENDAR_WORKING_DAYS }, .restart = true },
};

static const struct workflow workflow = {
	.id = "mt", .name = "Borgmesterhenvendelse", .key = "MT",
	.roles = STRINGS("postkasseansvarlig", "stedfortræder", "spl", "afdelingschef", "enhedsleder", "sagsbehandler"),
	.owners = STRINGS("postkasseansvarlig", "stedfortræder"), .assigned = STRINGS("sagsbehandler", "enhedsleder"),
	.steps = steps, .steps_count = COUNT_OF(steps), .rules = rules, .rules_count = COUNT_OF(rules),
	.deadlines = deadlines, .deadlines_count = COUNT_OF(deadlines),
};

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
		.id = 1, .key = key, .workflow = "mt", .step = step, .round = 1, .subject = subject,
		.addressed_to = "borgmesteren", .received_at = arrived, .round_at = arrived, .step_at = arrived,
		.clocks = { { .deadline = "svar", .started_at = arrived,
			.due_at = calendar_end(calendar_due(NULL, arrived, deadlines[0].length, false)) } },
		.clocks_count = 1,
	};
}

static inline void assign(struct inquiry *inquiry, const char *role, int person)
{
	inquiry->assignments[inquiry->assignments_count++] = (struct inquiry_assignment){ role, people[person].id };
}

#endif
