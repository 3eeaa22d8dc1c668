/*
 * letters - a small house to write letters from: people, the shipped workflow of the mayor's letters, and inquiries
 * around Easter 2026. Shared by the tests of register and digest, which load it first and free it last.
 */
#ifndef TESTS_UNIT_LETTERS_H
#define TESTS_UNIT_LETTERS_H

#include "core/digest.h"
#include "core/ladder.h"
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

static inline char *read_file(struct arena *arena, const char *path)
{
	FILE *file = fopen(path, "rb");
	char *content = arena_alloc(arena, TEMPLATE_SOURCE_MAX + 1);

	if (!file)
		return NULL;
	content[fread(content, 1, TEMPLATE_SOURCE_MAX, file)] = '\0';
	fclose(file);
	return content;
}

static const struct digest_mailbox boxes[] = {
	{ .title = "MT Borgmesterhenvendelser", .address = "mt@example.dk", .owner_name = "Grethe Gram",
	  .owner_address = "grethe@example.dk", .addresses = STRINGS("mt@example.dk") },
	{ .title = "Hovedpostkassen", .address = "post@example.dk", .owner_name = "Vibe Vang",
	  .owner_address = "vibe@example.dk", .addresses = STRINGS("post@example.dk") },
};

static inline struct digest_house house_of(int64_t now)
{
	return (struct digest_house){
		.directory = &directory, .templates = letters_setup->templates.items,
		.templates_count = letters_setup->templates.count, .now = now, .mailbox = &boxes[0],
	};
}

static inline struct register_row row_of(struct arena *arena, const struct inquiry *inquiry, int64_t now)
{
	struct register_row row;

	register_fill(arena, workflow, &directory, NULL, inquiry, now, &row);
	return row;
}

/* The inquiries of a story: the first five are those of Eva's unit. */
enum { HOLE, TREES, NOISE, LAMP, DOGS, BUS, SENT, ALL };

struct story {
	int64_t now;
	struct inquiry inquiries[ALL];
	struct register_row rows[ALL];
	struct digest_row items[ALL];
};

static inline void pass_over(struct inquiry *inquiry, const char *step)
{
	inquiry->unseen[inquiry->unseen_count++] = step;
}

static inline void begin_story(struct inquiry *inquiries)
{
	inquiries[HOLE] = open_inquiry("MT-2026-0042", "hos-sagsbehandler", "Hul i vejen ved skolen", 3, 27);
	inquiries[TREES] = open_inquiry("MT-2026-0043", "hos-afdelingschef",
		"Fældning af træer langs stien ved Ådalen – hvem har besluttet det?", 3, 25);
	inquiries[NOISE] = open_inquiry("MT-2026-0044", "hos-enhedsleder", "Støj fra varmepumpe", 4, 1);
	inquiries[LAMP] = open_inquiry("MT-2026-0046", "godkendt", "Gadelampe er slukket", 3, 30);
	inquiries[DOGS] = open_inquiry("MT-2026-0047", "klar-til-afdelingschef", "Hegn om hundeskoven", 3, 31);
	inquiries[BUS] = open_inquiry("MT-2026-0045", "modtaget", "Bus 141 kører for stærkt", 4, 6);
	inquiries[SENT] = open_inquiry("MT-2026-0040", "hos-spl", "Lys på cykelstien", 3, 16);
	for (size_t i = HOLE; i <= SENT; i++) {
		if (i == BUS)
			continue;
		assign(&inquiries[i], "sagsbehandler", i == TREES ? SIDSEL : BO);
		assign(&inquiries[i], "enhedsleder", EVA);
	}
	inquiries[TREES].round = 2;
	inquiries[TREES].received_at = at(3, 10, 9);
	pass_over(&inquiries[TREES], "hos-enhedsleder");
	pass_over(&inquiries[TREES], "klar-til-afdelingschef");
	inquiries[SENT].clocks[0].stopped_at = at(3, 20, 14);
	inquiries[SENT].step_at = at(3, 23, 9);
	inquiries[SENT].case_link = "https://sbsys.example.dk/sag/2026-1234";
}

static inline void look_at(struct arena *arena, struct story *story)
{
	for (size_t i = 0; i < ALL; i++) {
		story->rows[i] = row_of(arena, &story->inquiries[i], story->now);
		story->items[i] = (struct digest_row){ .row = &story->rows[i], .mailbox = &boxes[0],
			.opening_id = arena_printf(arena, "a%zu@spl.example.dk", i + 1) };
	}
}

static inline void tell(struct arena *arena, int64_t now, struct story *story)
{
	story->now = now;
	begin_story(story->inquiries);
	look_at(arena, story);
}

/* The reminder that this person really gets of it on this day; there must be one. */
static inline struct digest_row remind(const struct story *story, int which, int person)
{
	struct digest_row row = story->items[which];
	struct ladder_call calls[LADDER_CALLS_MAX];
	size_t count = ladder_calls(workflow, &directory, NULL, row.row->inquiry, story->now, calls);

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < calls[i].people_count; j++)
			if (calls[i].people[j] == &people[person] && calls[i].date == calendar_local(story->now).date) {
				row.template = calls[i].template;
				row.copy = j >= calls[i].to_count;
			}
	assert_non_null(row.template);
	return row;
}

#endif
