#include "core/ladder.h"

#include <string.h>

/* The first of the group who is there, or for whom somebody stands in; NULL: nobody. */
static const struct directory_person *first_there(const struct directory *directory, const struct directory_role *group)
{
	for (size_t i = 0; group && i < group->count; i++)
		if (directory_is_there(directory, group->members[i]))
			return group->members[i];
	return NULL;
}

/* The first, if none of them is there: then it waits for him. */
static const struct directory_person *who_of(const struct directory *directory, const struct directory_role *group)
{
	const struct directory_person *there = first_there(directory, group);

	return there || !group || group->count == 0 ? there : group->members[0];
}

const struct directory_person *ladder_owner(const struct workflow *workflow, const struct directory *directory)
{
	const struct directory_person *first = NULL;

	for (size_t i = 0; i < workflow->owners.count; i++) {
		const struct directory_role *role = directory_role(directory, workflow->owners.items[i]);
		const struct directory_person *there = first_there(directory, role);

		if (there)
			return there;
		first = first ? first : who_of(directory, role);
	}
	return first;
}

const struct directory_person *ladder_reader(const struct workflow *workflow, const struct directory *directory,
	const struct workflow_digest *digest)
{
	const struct directory_person *person = who_of(directory, directory_role(directory, digest->role));

	/* What could not be placed must not lie unread because its reader is away. */
	if (person && digest->view == WORKFLOW_VIEW_OWNER && !directory_is_there(directory, person))
		person = ladder_owner(workflow, directory);
	return directory_present(directory, person);
}

/*
 * Of a role that is given for one inquiry: who has it still. Where that is nobody, it is the leader of the caseworker's
 * unit, if it is a role of his; which other of a group it should be, nobody can know.
 */
static const struct directory_person *find_assigned(const struct workflow *workflow, const struct directory *directory,
	const struct inquiry *inquiry, const char *role)
{
	bool group = directory_role(directory, role) != NULL;
	const struct directory_person *person;

	for (size_t i = 0; i < inquiry->assignments_count; i++) {
		person = directory_person(directory, inquiry->assignments[i].person);
		if (strcmp(inquiry->assignments[i].role, role) == 0 && person &&
		    (!group || directory_is_member(directory, person, role)))
			return person;
	}
	/* By convention the first of `assigned` is the caseworker. */
	person = directory_leader_of(directory, directory_person(directory, inquiry_assigned(inquiry,
		workflow->assigned.items[0])));
	return group && directory_is_member(directory, person, role) ? person : NULL;
}

const struct directory_person *ladder_person(const struct workflow *workflow, const struct directory *directory,
	const struct inquiry *inquiry, const char *role)
{
	const struct directory_person *person;

	if (strcmp(role, WORKFLOW_ROLE_HOLDER) == 0) {
		int step = workflow_step_index(workflow, inquiry->step);

		role = step >= 0 ? workflow->steps[step].holder : NULL;
	}
	if (!role)
		return ladder_owner(workflow, directory);
	if (message_strings_have(&workflow->assigned, role))
		person = find_assigned(workflow, directory, inquiry, role);
	else
		person = who_of(directory, directory_role(directory, role));
	return person ? person : ladder_owner(workflow, directory);
}

/* Present people: who is away is not called, his stand-in is. */
static void add_people(struct ladder_call *call, const struct message_strings *roles,
	const struct workflow *workflow, const struct directory *directory, const struct inquiry *inquiry)
{
	for (size_t i = 0; i < roles->count; i++) {
		const struct directory_person *person = directory_present(directory,
			ladder_person(workflow, directory, inquiry, roles->items[i]));
		bool known = !person;

		for (size_t j = 0; !known && j < call->people_count; j++)
			known = call->people[j] == person;
		if (!known && call->people_count < LADDER_PEOPLE_MAX)
			call->people[call->people_count++] = person;
	}
}

/* The highest rung that has come on `today`, counted from `base`; -1: none has. */
static int highest_rung(const struct calendar *calendar, const struct workflow_rung *rungs, size_t count,
	int base, bool closing_days, int today, int *ret_date)
{
	int highest = -1;

	/* In the order of the file, which rises (workflow_check): the last that has come is the highest. */
	for (size_t i = 0; i < count; i++) {
		int date = calendar_add(calendar, base, rungs[i].at, closing_days);

		if (date <= today) {
			highest = (int)i;
			*ret_date = date;
		}
	}
	return highest;
}

/* Nobody is the caseworker: by convention the first of `assigned`. */
static bool is_unassigned(const struct workflow *workflow, const struct inquiry *inquiry)
{
	return workflow->assigned.count > 0 && !inquiry_assigned(inquiry, workflow->assigned.items[0]);
}

/* A step that may last as long as it likes is looked at again and again, by whoever holds it. */
static size_t call_review(const struct workflow *workflow, const struct directory *directory,
	const struct calendar *calendar, const struct inquiry *inquiry, int today, struct ladder_call *ret_call)
{
	static const char *const holder_items[] = { WORKFLOW_ROLE_HOLDER };
	static const struct message_strings holder = { holder_items, 1 };
	int index = workflow_step_index(workflow, inquiry->step), times = 0, date;
	const struct workflow_step *step = index >= 0 ? &workflow->steps[index] : NULL;

	if (!step || !step->has_review || step->review.count <= 0)
		return 0;
	date = calendar_local(inquiry->step_at).date;
	/* A thousand intervals: a step_at that a broken clock wrote must not be counted for hours. */
	for (int next = calendar_add(calendar, date, step->review, false); next <= today && times < 1000; times++) {
		date = next;
		next = calendar_add(calendar, date, step->review, false);
	}
	if (times == 0)
		return 0;
	*ret_call = (struct ladder_call){
		.clock = LADDER_REVIEW, .rung = times, .date = date, .due_at = inquiry->step_at,
		.template = step->template ? step->template : WORKFLOW_REVIEW_TEMPLATE,
	};
	add_people(ret_call, &holder, workflow, directory, inquiry);
	ret_call->to_count = ret_call->people_count;
	return ret_call->people_count > 0;
}

/*
 * One clock calls for one thing: the highest rung of the ladder, or, while nobody has the inquiry and the ladder has
 * not begun, of the ladder for what nobody was given.
 */
static size_t call_ladder(const struct workflow *workflow, const struct directory *directory,
	const struct calendar *calendar, const struct inquiry *inquiry, const struct workflow_deadline *deadline,
	const struct inquiry_clock *clock, int today, struct ladder_call *ret_call)
{
	struct ladder_call call = { .clock = deadline->name, .due_at = clock->due_at };
	const struct workflow_rung *rungs = deadline->ladder;
	int rung = highest_rung(calendar, rungs, deadline->ladder_count, calendar_end_date(clock->due_at),
		deadline->closing_days, today, &call.date);

	if (rung < 0 && is_unassigned(workflow, inquiry)) {
		rungs = deadline->unassigned;
		rung = highest_rung(calendar, rungs, deadline->unassigned_count,
			calendar_local(clock->started_at).date, deadline->closing_days, today, &call.date);
		call.clock = LADDER_UNASSIGNED;
		call.due_at = clock->started_at;
	}
	if (rung < 0)
		return 0;
	call.rung = rung;
	call.template = rungs[rung].template;
	add_people(&call, &rungs[rung].to, workflow, directory, inquiry);
	call.to_count = call.people_count;
	add_people(&call, &rungs[rung].cc, workflow, directory, inquiry);
	*ret_call = call;
	return call.people_count > 0;
}

/* Each running clock may call once, in the order of the file's deadlines; the review of the step comes last. */
size_t ladder_calls(const struct workflow *workflow, const struct directory *directory, const struct calendar *calendar,
	const struct inquiry *inquiry, int64_t now, struct ladder_call ret_calls[LADDER_CALLS_MAX])
{
	int today = calendar_local(now).date;
	size_t count = 0;

	if (!inquiry_is_open(inquiry))
		return 0;
	for (size_t i = 0; i < workflow->deadlines_count; i++) {
		const struct workflow_deadline *deadline = &workflow->deadlines[i];

		for (size_t j = 0; j < inquiry->clocks_count; j++) {
			const struct inquiry_clock *clock = &inquiry->clocks[j];

			if (clock->stopped_at || strcmp(clock->deadline, deadline->name) != 0)
				continue;
			count += call_ladder(workflow, directory, calendar, inquiry, deadline, clock, today,
				&ret_calls[count]);
		}
	}
	count += call_review(workflow, directory, calendar, inquiry, today, &ret_calls[count]);
	return count;
}
