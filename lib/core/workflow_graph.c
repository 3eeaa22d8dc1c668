/*
 * Steps and rules as a graph. Proved: every step can be reached, an end can be reached from every step, each deadline
 * runs somewhere, and can stand where it is said to; and at every step that is not final somebody would notice an
 * inquiry that stays there: a running clock or a review.
 */
#include "core/workflow.h"

#include <string.h>

/* Sets of steps are sets of bits. */
typedef unsigned long step_set;

_Static_assert(WORKFLOW_STEPS_MAX <= sizeof(step_set) * 8, "a step set has a bit a step");

static step_set bit(int step)
{
	return step < 0 ? 0 : (step_set)1 << step;
}

static step_set find_steps(const struct workflow *workflow, const struct message_strings *ids)
{
	step_set set = 0;

	for (size_t i = 0; i < ids->count; i++)
		set |= bit(workflow_step_index(workflow, ids->items[i]));
	return set;
}

static step_set final_steps(const struct workflow *workflow)
{
	step_set set = 0;

	for (size_t i = 0; i < workflow->steps_count; i++)
		if (workflow->steps[i].final)
			set |= bit((int)i);
	return set;
}

/* The steps that a rule leaves and the one that it enters; it enters none when the matter is new or stays. */
static step_set rule_from(const struct workflow *workflow, const struct workflow_rule *rule)
{
	step_set set = 0;

	for (size_t i = 0; rule->when.known != WORKFLOW_NO && i < workflow->steps_count; i++)
		if (workflow_rule_is_for(workflow, rule, (int)i))
			set |= bit((int)i);
	return set;
}

static step_set rule_to(const struct workflow *workflow, const struct workflow_rule *rule)
{
	return rule->to ? bit(workflow_step_index(workflow, rule->to)) : 0;
}

/* All steps to which rules lead from these, without going on from any of `ends`. */
static step_set follow(const struct workflow *workflow, step_set set, step_set ends)
{
	step_set before;

	do {
		before = set;
		for (size_t i = 0; i < workflow->rules_count; i++)
			if (rule_from(workflow, &workflow->rules[i]) & set & ~ends)
				set |= rule_to(workflow, &workflow->rules[i]);
	} while (set != before);
	return set;
}

/* Where inquiries begin. */
static step_set find_first(const struct workflow *workflow)
{
	step_set set = 0;

	for (size_t i = 0; i < workflow->rules_count; i++)
		if (workflow->rules[i].when.known == WORKFLOW_NO)
			set |= rule_to(workflow, &workflow->rules[i]);
	return set;
}

/* Where an inquiry is after a rule: the step that it enters, else any at which it holds. */
static step_set rule_leaves_at(const struct workflow *workflow, const struct workflow_rule *rule)
{
	return rule->to ? rule_to(workflow, rule) : rule_from(workflow, rule);
}

static bool names(const char *said, const struct workflow_deadline *deadline)
{
	return said && deadline->name && strcmp(said, deadline->name) == 0;
}

/* The steps at which the clock starts without a rule that says so: it always does there. */
static step_set find_starts(const struct workflow *workflow, const struct workflow_deadline *deadline)
{
	step_set start = find_steps(workflow, &deadline->start);

	for (size_t i = 0; deadline->start.count > 0 && deadline->restart && i < workflow->rules_count; i++)
		if (workflow->rules[i].next_round)
			start |= rule_to(workflow, &workflow->rules[i]);
	return start;
}

static step_set find_rule_starts(const struct workflow *workflow, const struct workflow_deadline *deadline)
{
	step_set start = 0;

	for (size_t i = 0; i < workflow->rules_count; i++)
		if (names(workflow->rules[i].starts, deadline))
			start |= rule_leaves_at(workflow, &workflow->rules[i]);
	return start;
}

/* The steps at which a clock that began at one of these runs, or stands. */
static step_set find_running(const struct workflow *workflow, const struct workflow_deadline *deadline, step_set start)
{
	step_set stop = find_steps(workflow, &deadline->stop) | final_steps(workflow);

	return follow(workflow, start & ~stop, stop) & ~stop;
}

/* The steps at which a rule may have ended the clock. */
static step_set find_ended(const struct workflow *workflow, const struct workflow_deadline *deadline)
{
	step_set ended = 0, final = final_steps(workflow);

	for (size_t i = 0; i < workflow->rules_count; i++)
		if (names(workflow->rules[i].stops, deadline))
			ended |= rule_leaves_at(workflow, &workflow->rules[i]);
	return follow(workflow, ended, final);
}

/* Can every step be reached from where inquiries begin, and an end from every step? */
static void check_ways(const struct workflow *workflow, struct workflow_faults *faults)
{
	step_set first = find_first(workflow), reached = follow(workflow, first, 0), ends = final_steps(workflow);

	if (!first)
		workflow_fault_add(faults, workflow->source, "no rule opens a matter (thread = \"new\")");
	if (!ends)
		workflow_fault_add(faults, workflow->source, "no step is final: nothing ever ends");
	for (size_t i = 0; first && ends && i < workflow->steps_count; i++) {
		const struct workflow_step *step = &workflow->steps[i];

		if (!(reached & bit((int)i)))
			workflow_fault_add(faults, step->source, "no rules lead to step \"%s\"", step->id);
		if (!(follow(workflow, bit((int)i), 0) & ends))
			workflow_fault_add(faults, step->source, "no rules lead from step \"%s\" to a final one",
				step->id);
	}
}

/* A clock that cannot come to a step does not stand there. */
static void check_stands(const struct workflow *workflow, const struct workflow_deadline *deadline, step_set running,
	struct workflow_faults *faults)
{
	for (size_t i = 0; i < deadline->stands.count; i++)
		if (!(running & bit(workflow_step_index(workflow, deadline->stands.items[i]))))
			workflow_fault_add(faults, deadline->source,
				"the deadline \"%s\" never comes to step \"%s\": leave it out of stands", deadline->name,
				deadline->stands.items[i]);
}

/* Somebody must hear of an inquiry wherever it stays. */
static void check_watched(const struct workflow *workflow, step_set watched, step_set stood,
	struct workflow_faults *faults)
{
	for (size_t i = 0; i < workflow->steps_count; i++) {
		const struct workflow_step *step = &workflow->steps[i];

		if (step->has_review || (watched & bit((int)i)))
			continue;
		if (stood & bit((int)i))
			workflow_fault_add(faults, step->source,
				"nobody would notice a matter that stays at \"%s\": every deadline stands there; give it a review",
				step->id);
		else
			workflow_fault_add(faults, step->source,
				"nobody would notice a matter that stays at \"%s\": it has no deadline and no review",
				step->id);
	}
}

/*
 * watched: steps at which a clock runs, or that are final; any other needs a review. A clock that only rules start may
 * never have been started, and one that a rule stops may have been: neither watches.
 */
void workflow_check_graph(const struct workflow *workflow, struct workflow_faults *faults)
{
	step_set watched = final_steps(workflow), stood = 0;

	check_ways(workflow, faults);
	for (size_t i = 0; i < workflow->deadlines_count; i++) {
		const struct workflow_deadline *deadline = &workflow->deadlines[i];
		step_set always = find_starts(workflow, deadline), sometimes = find_rule_starts(workflow, deadline);
		step_set stands = find_steps(workflow, &deadline->stands);
		step_set running = find_running(workflow, deadline, always | sometimes);

		watched |= find_running(workflow, deadline, always) & ~stands & ~find_ended(workflow, deadline);
		stood |= running & stands;
		if (!(running & (find_steps(workflow, &deadline->start) | sometimes)))
			workflow_fault_add(faults, deadline->source, "the deadline \"%s\" never runs", deadline->name);
		else
			check_stands(workflow, deadline, running, faults);
	}
	check_watched(workflow, watched, stood, faults);
}
