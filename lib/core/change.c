/* How an image changes; its clocks have a file of their own (core/change_clock.c). */
#include "core/change.h"

#include "core/change_clock.h"

#include <string.h>

/*
 * Forwards all steps between are noted as not seen; backwards what lies at or after the new step is forgotten. A step
 * that is configured no more (-1) stays on record.
 */
static void note_unseen(struct inquiry *inquiry, const struct workflow *workflow, int before, int after)
{
	size_t kept = 0;

	for (size_t i = 0; i < inquiry->unseen_count; i++)
		if (workflow_step_index(workflow, inquiry->unseen[i]) < after)
			inquiry->unseen[kept++] = inquiry->unseen[i];
	inquiry->unseen_count = kept;
	for (int step = before + 1; before >= 0 && step < after; step++)
		if (!workflow->steps[step].optional && inquiry->unseen_count < INQUIRY_UNSEEN_MAX)
			inquiry->unseen[inquiry->unseen_count++] = workflow->steps[step].id;
}

void change_enter_step(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	int step, bool next_round, int64_t at)
{
	int before = inquiry->step ? workflow_step_index(workflow, inquiry->step) : -1;

	if (next_round) {
		inquiry->round++;
		inquiry->round_at = at;
		inquiry->unseen_count = 0;
	}
	/* A rule may assign or count a round without a step: then the time at the step goes on. */
	if (step != before) {
		note_unseen(inquiry, workflow, before, step);
		inquiry->step = workflow->steps[step].id;
		inquiry->step_at = at;
		inquiry->reach.short_of = false;
		if (!workflow->steps[step].final)	/* who got the answer has not got the one that follows */
			inquiry->reach.people.count = 0;
	}
	change_clocks(inquiry, workflow, calendar, step, next_round, at);
	/* what a rule started must still be met: until then it stands at its last step and is reminded of */
	if (workflow->steps[step].final && !change_is_promised(inquiry, workflow))
		change_close(inquiry, step == before ? inquiry->closed : NULL, at);
}

void change_close(struct inquiry *inquiry, const char *why, int64_t at)
{
	change_stop_clocks(inquiry, at);
	inquiry->closed = why;
	inquiry->ended_at = at;
}

void change_rule_clocks(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	const struct workflow_rule *rule, int64_t at)
{
	int step = workflow_step_index(workflow, inquiry->step);

	change_clocks_by_rule(inquiry, workflow, calendar, rule, at);
	if (step >= 0 && workflow->steps[step].final && inquiry_is_open(inquiry) && !change_is_promised(inquiry, workflow))
		change_close(inquiry, inquiry->closed, at);
}

static void drop_role(struct inquiry *inquiry, const char *role)
{
	size_t kept = 0;

	for (size_t i = 0; i < inquiry->assignments_count; i++)
		if (strcmp(inquiry->assignments[i].role, role) != 0)
			inquiry->assignments[kept++] = inquiry->assignments[i];
	inquiry->assignments_count = kept;
}

/* The people whom the message names for the role, at most max. */
static size_t people_named(const struct roles *roles, const struct workflow_assign *assign,
	const struct message *message, const struct directory_person **ret_people, size_t max)
{
	const struct message_addresses *lists[] = { &message->to, &message->cc };
	size_t count = 0;

	if (assign->from == WORKFLOW_FROM_SENDER) {
		const struct directory_person *person = message->from ?
			directory_person_at(roles->directory, message->from->address) : NULL;

		if (person)
			ret_people[count++] = person;
		return count;
	}
	for (size_t i = 0; i < (assign->from == WORKFLOW_FROM_TO ? 1u : 2u); i++) {
		for (size_t j = 0; j < lists[i]->count && count < max; j++) {
			const char *address = lists[i]->items[j].address;
			bool group = directory_role(roles->directory, assign->role) != NULL;

			/* A role with a group is given to a member of it, any other to an ordinary employee. */
			if (roles_is_reached(roles, address, group ? assign->role : WORKFLOW_ROLE_EMPLOYEE))
				ret_people[count++] = directory_person_at(roles->directory, address);
		}
	}
	return count;
}

/*
 * One caseworker has an inquiry, the first that is named. Of several unit leaders on cc it is the one whose unit the
 * caseworker belongs to; where that is none of them, any of them may act.
 */
void change_assign(struct inquiry *inquiry, const struct roles *roles, const struct workflow_assign *assign,
	const struct message *message)
{
	const struct directory_person *people[INQUIRY_ASSIGNMENTS_MAX], *leader;
	size_t count;

	if (strcmp(assign->role, WORKFLOW_ROLE_ASKER) == 0) {	/* no citizen, of whom the letter tells, but one of us */
		inquiry->asker = message->from ? message->from->address : NULL;
		return;
	}
	count = people_named(roles, assign, message, people, INQUIRY_ASSIGNMENTS_MAX);
	if (count == 0)
		return;
	if (!directory_role(roles->directory, assign->role))
		count = 1;
	/* By convention the first of the workflow's `assigned` is the caseworker. */
	leader = directory_leader_of(roles->directory, directory_person(roles->directory,
		inquiry_assigned(inquiry, roles->workflow->assigned.count ? roles->workflow->assigned.items[0] : NULL)));
	for (size_t i = 0; count > 1 && i < count; i++) {
		if (people[i] == leader) {
			people[0] = leader;
			count = 1;
		}
	}
	drop_role(inquiry, assign->role);
	for (size_t i = 0; i < count && inquiry->assignments_count < INQUIRY_ASSIGNMENTS_MAX; i++)
		if (!inquiry_is_assigned(inquiry, assign->role, people[i]->id))
			inquiry->assignments[inquiry->assignments_count++] =
				(struct inquiry_assignment){ assign->role, people[i]->id };
}
