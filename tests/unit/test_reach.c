/* Whom an answer must reach, by which names lists go, and who is missing. */
#include "core/reach.h"

#include "core/digest_row.h"

#include "tests/rows.h"

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

static const struct directory_person people[] = {
	{ .id = "anne", .name = "Anne", .address = "anne@example.dk", .aliases = STRINGS("a@parti.example"),
	  .stand_in = "bo" },
	{ .id = "bo", .name = "Bo", .address = "bo@example.dk" },
	{ .id = "carl", .name = "Carl", .address = "carl@example.dk" },
	{ .id = "ude", .name = "Ude", .address = "ude@example.dk" },
};
static const struct directory_person *const members[] = { &people[0], &people[1], &people[2] };
static const struct directory_person *const some[] = { &people[1], &people[3] };
static const struct directory_role roles[] = { { .name = "byrådsmedlem", .members = members, .count = 3 },
	{ .name = "social-udvalg", .members = some, .count = 2 } };
static const struct directory_list lists[] = {
	{ .address = "alle@example.dk", .role = "byrådsmedlem" },
	{ .name = "Teknik- og Miljøudvalget", .address = "tmu@example.dk", .members = some, .count = 2 },
	{ .name = "Kulturudvalget", .members = some, .count = 1 },
};
static const struct directory directory = { .people = people, .people_count = 4, .roles = roles, .roles_count = 2,
	.lists = lists, .lists_count = 3 };
static const struct workflow workflow = { .audience = "byrådsmedlem" };

struct name_row {
	const char *name, *word, *found;	/* NULL: none */
};

static const struct name_row name_rows[] = {
	{ "a name", "TEKNIK- OG MILJØUDVALGET", "Teknik- og Miljøudvalget" },
	{ "an address", "TMU@EXAMPLE.DK", "Teknik- og Miljøudvalget" },
	{ "before the @", "TMU", "Teknik- og Miljøudvalget" },
	{ "an address without a name", "ALLE", "alle@example.dk" },
	{ "a role", "BYRÅDSMEDLEM", "byrådsmedlem" },
	{ "a role with a hyphen", "SOCIAL UDVALG", "social-udvalg" },
	{ "half a name", "TEKNIK", NULL },
	{ "part of an address", "TM", NULL },
	{ "nothing", "", NULL },
	{ "somebody", "ANNE", NULL },
};

static void test_name(void **state)
{
	const struct name_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *found = reach_find_list(&arena, &directory, row->word);

	if (row->found)
		assert_string_equal(found, row->found);
	else
		assert_null(found);
}

static void test_near(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message_strings near = reach_near_lists(&arena, &directory, "KULTUR OG FRITID", 2);

	(void)state;
	assert_int_equal(near.count, 2);
	assert_string_equal(near.items[0], "Kulturudvalget");
	assert_string_equal(near.items[1], "alle@example.dk");
}

struct reach_row {
	const char *name;
	const char *to[3];
	const char *had[2];
	const char *audience, *asker;
	bool ended;			/* then those who had it are whom a correction must reach */
	const char *missing;		/* "" where nobody is */
};

static const struct reach_row reach_rows[] = {
	{ .name = "nobody", .missing = "anne bo carl" },
	{ .name = "all by a list", .to = { "alle@example.dk" }, .missing = "" },
	{ .name = "an alias", .to = { "a@parti.example", "bo@example.dk" }, .missing = "carl" },
	{ .name = "with those before", .to = { "carl@example.dk" }, .had = { "anne", "bo" }, .missing = "" },
	{ .name = "a list that misses some", .to = { "tmu@example.dk" }, .missing = "anne carl" },
	{ .name = "a stranger", .to = { "x@parti.example" }, .missing = "anne bo carl" },
	{ .name = "restricted to a list", .to = { "bo@example.dk" }, .audience = "Teknik- og Miljøudvalget",
	  .missing = "ude" },
	{ .name = "restricted to a role", .to = { "tmu@example.dk" }, .audience = "social-udvalg", .missing = "" },
	{ .name = "restricted to who asked", .to = { "alle@example.dk" }, .audience = "spørger", .asker = "a@parti.example",
	  .missing = "" },
	{ .name = "and not to him", .to = { "bo@example.dk" }, .audience = "spørger", .asker = "anne@example.dk",
	  .missing = "anne" },
	{ .name = "a correction, to the same", .to = { "anne@example.dk" }, .had = { "anne", "ude" }, .ended = true,
	  .missing = "ude" },
	{ .name = "a correction, whoever has left", .to = { "ude@example.dk" }, .had = { "ude", "væk" }, .ended = true,
	  .missing = "" },
};

static void test_reach(void **state)
{
	const struct reach_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message_address to[3];
	struct message message = { .to = { to, 0 } };
	struct inquiry inquiry = { .asker = row->asker, .ended_at = row->ended,
		.reach = { .audience = row->audience, .short_of = true, .people = { row->had, 0 } } };
	struct message_strings wanted, had = { .count = 0 };
	const struct directory_person *const *missing;
	const char *names = "";
	size_t count;

	for (; message.to.count < 3 && row->to[message.to.count]; message.to.count++)
		to[message.to.count] = (struct message_address){ .address = row->to[message.to.count] };
	while (inquiry.reach.people.count < 2 && row->had[inquiry.reach.people.count])
		inquiry.reach.people.count++;
	wanted = reach_wanted(&arena, &workflow, &directory, &inquiry, row->audience);
	had = reach_add(&arena, &directory, &message, row->ended ? &had : &inquiry.reach.people, &wanted);
	if (row->ended)
		inquiry.reach.corrected = had;
	else
		inquiry.reach.people = had;
	missing = reach_missing(&arena, &workflow, &directory, &inquiry, &count);
	for (size_t i = 0; i < count; i++)
		names = arena_printf(&arena, "%s%s%s", names, i ? " " : "", missing[i]->id);
	assert_string_equal(names, row->missing);
	assert_int_equal(reach_is_all(&had, &wanted), !*row->missing);
}

/* Nobody is everybody only where somebody must have it. */
static void test_nobody_is_not_all(void **state)
{
	const struct message_strings none = { .count = 0 };

	(void)state;
	assert_false(reach_is_all(&none, &none));
}

enum { MANY = 80 };

/* What a letter is told of so many who miss the answer. */
static const char *link_to(struct arena *arena, size_t count)
{
	static struct directory_person all[MANY];
	static const struct directory_person *missing[MANY];
	const struct inquiry inquiry = { .key = "KB-2026-0001", .subject = "Æbler & pærer, [hvor mange]?" };
	const struct digest_mailbox mailbox = { .address = "kb@example.dk" };
	const struct register_row row = { .inquiry = &inquiry, .missing = missing, .missing_count = count };
	const struct digest_row digest = { .row = &row, .mailbox = &mailbox };
	struct template_data *data = template_data_new(arena);
	struct workflow_faults faults = { .arena = arena };
	const char *text;
	struct err err = ERR_NULL;

	for (size_t i = 0; i < count; i++) {
		all[i] = (struct directory_person){ .name = arena_printf(arena, "Medlem %zu", i),
			.address = arena_printf(arena, "medlem.nummer.%zu@example.dk", i) };
		missing[i] = &all[i];
	}
	digest_fill_reach(arena, &digest, data);
	assert_int_equal(template_render(arena, template_parse(arena, TEMPLATE_TEXT, "t", 1, "{{mangler}}|{{mangler_link}}",
		&faults), data, &text, &err), 0);
	return text;
}

/* Longer than mail programs take it would lose its last addresses: then there is none, and the names stay. */
static void test_link(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	assert_string_equal(link_to(&arena, 0), "|");
	assert_string_equal(link_to(&arena, 1), "Medlem 0|mailto:medlem.nummer.0@example.dk?subject=KB-2026-0001%3A%20"
		"%C3%86bler%20%26%20p%C3%A6rer%2C%20%5Bhvor%20mange%5D%3F&cc=kb%40example.dk");
	assert_non_null(strstr(link_to(&arena, 3), "Medlem 0, Medlem 1 og Medlem 2|mailto:medlem.nummer.0@example.dk,"));
	assert_non_null(strstr(link_to(&arena, 55), "|mailto:"));
	assert_string_equal(strstr(link_to(&arena, MANY), " og "), " og Medlem 79|");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_link),
		cmocka_unit_test(test_near),
		cmocka_unit_test(test_nobody_is_not_all),
	};

	return RUN_ROWS(name_rows, test_name) + RUN_ROWS(reach_rows, test_reach) +
		cmocka_run_group_tests(tests, NULL, NULL);
}
