/* The criteria of a course, told as a workflow whose steps are how somebody stands, and whose senders are events. */
#include "core/flow.h"

#include <string.h>

enum { STEPS = 4, RULES = 6 };

#define WORDS(arena, ...) words((arena), (const char *const[]){ __VA_ARGS__ }, \
	sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *))

static struct message_strings words(struct arena *arena, const char *const *items, size_t count)
{
	const char **kept = arena_array(arena, count, sizeof(*kept));

	memcpy(kept, items, count * sizeof(*kept));
	return (struct message_strings){ kept, count };
}

static const char *months(struct arena *arena, int count)
{
	return arena_printf(arena, "%d %s", count, count == 1 ? "måned" : "måneder");
}

static void fill_steps(struct arena *arena, const struct compliance_course *course, struct workflow_step *steps)
{
	steps[0] = (struct workflow_step){ .id = "ny", .title = arena_printf(arena, "ny: har tid i %s",
		months(arena, course->new_months)) };
	steps[1] = (struct workflow_step){ .id = "mangler", .title = "mangler kurset" };
	steps[2] = (struct workflow_step){ .id = "har", .title = "har kurset", .final = true };
	steps[3] = (struct workflow_step){ .id = "genopfriskes", .title = "skal genopfriske kurset" };
	for (size_t i = 0; i < STEPS; i++)
		steps[i].optional = true;	/* nobody goes through them all */
}

static void fill_rules(struct arena *arena, const struct compliance_course *course, struct workflow_rule *rules)
{
	const char *late = arena_printf(arena, "%s er gået", months(arena, course->new_months));
	const char *old = arena_printf(arena, "erfaren, og %s er gået", months(arena, course->refresher_months));
	/* rules of one cite to one step would share an arrow */
	const struct { const char *cite, *from, *to, *event; } told[RULES] = {
		{ "B1", NULL, "ny", "første dag" }, { "B1", "ny", "har", "gennemfører" }, { "B2", "ny", "mangler", late },
		{ "B1 for sent", "mangler", "har", "gennemfører" }, { "B2", "har", "genopfriskes", old },
		{ "B2", "genopfriskes", "har", "gennemfører igen" },
	};

	for (size_t i = 0; i < RULES; i++) {
		rules[i] = (struct workflow_rule){ .cite = told[i].cite, .to = told[i].to };
		rules[i].when.known = told[i].from ? WORKFLOW_YES : WORKFLOW_NO;
		rules[i].when.sender = WORDS(arena, told[i].event);
		if (told[i].from)
			rules[i].from = WORDS(arena, told[i].from);
	}
}

const struct workflow *flow_of_course(struct arena *arena, const struct compliance_course *course)
{
	struct workflow_step *steps = arena_array(arena, STEPS, sizeof(*steps));
	struct workflow_rule *rules = arena_array(arena, RULES, sizeof(*rules));
	struct workflow *workflow = arena_alloc(arena, sizeof(*workflow));

	fill_steps(arena, course, steps);
	fill_rules(arena, course, rules);
	*workflow = (struct workflow){
		.name = arena_printf(arena, "%s: erfaren efter %s. B3: en enhed opfylder kravet, når %d af 100 har kurset, "
			"delvist ved %d", course->name, months(arena, course->experienced_months), course->fulfils_percent,
			course->partly_percent),
		.steps = steps, .steps_count = STEPS, .rules = rules, .rules_count = RULES,
	};
	return workflow;
}
