#include "core/roles.h"

#include "core/privacy.h"

#include <string.h>

static bool is_mailbox(const struct roles *roles, const char *address)
{
	return message_strings_have(roles->mailbox, address);
}

static bool is_channel(const struct roles *roles, const char *address)
{
	return roles->channels && message_strings_have(roles->channels, address);
}

/* Who writes as the mailbox or comes by a channel is nobody by name: he acts as that, or as nothing. */
static bool is_somebody(const struct roles *roles, const char *address)
{
	return !is_mailbox(roles, address) && !is_channel(roles, address);
}

static bool is_insider(const struct roles *roles, const char *address)
{
	return is_somebody(roles, address) && !directory_is_stranger(roles->directory, address);
}

static bool is_chair(const struct roles *roles, const char *address)
{
	return is_somebody(roles, address) && directory_is_chair(roles->directory, directory_person_at(roles->directory,
		address));
}

static bool is_outsider(const struct roles *roles, const char *address)
{
	return is_somebody(roles, address) && directory_is_stranger(roles->directory, address);
}

/* Two addresses with a personal number masked look the same, and need not be one citizen's. */
static bool is_asker(const struct roles *roles, const char *address)
{
	const char *asker = roles->inquiry ? roles->inquiry->asker : NULL;

	if (!asker || !is_somebody(roles, address))
		return false;
	if (strcmp(asker, address) == 0)
		return !privacy_has_mask(asker);
	/* one of us may be written to at another address than he wrote from */
	return directory_person_at(roles->directory, asker) &&
		directory_person_at(roles->directory, asker) == directory_person_at(roles->directory, address);
}

/*
 * An ordinary employee: in no role's group, or the one whom the inquiry was given to. Whoever is elected, now or for
 * another term, is none: between his terms he is in no group, either.
 */
static bool is_employee(const struct roles *roles, const struct directory_person *person)
{
	if (!directory_has_any_role(roles->directory, person) &&
	    !directory_is_ever_member(roles->directory, person, roles->workflow->audience))
		return true;
	for (size_t i = 0; roles->inquiry && i < roles->inquiry->assignments_count; i++) {
		const struct inquiry_assignment *assignment = &roles->inquiry->assignments[i];

		/* a role without a group, such as sagsbehandler, is had by assignment alone */
		if (strcmp(assignment->person, person->id) == 0 &&
		    !directory_role(roles->directory, assignment->role))
			return true;
	}
	return false;
}

static bool is_group(const struct roles *roles, const char *role)
{
	return directory_role(roles->directory, role) != NULL;
}

/* Does the person write the answer, or stand in for who does: who has a role that no group has (sagsbehandler)? */
static bool is_writer(const struct roles *roles, const struct directory_person *person)
{
	for (size_t i = 0; roles->inquiry && i < roles->inquiry->assignments_count; i++) {
		const struct inquiry_assignment *assignment = &roles->inquiry->assignments[i];
		const struct directory_person *writer = directory_person(roles->directory, assignment->person);

		if (!is_group(roles, assignment->role) && writer &&
		    (writer == person || directory_present(roles->directory, writer) == person))
			return true;
	}
	return false;
}

/* Does the assignment still hold? A group's role ends with the term of the group. */
static bool is_in_force(const struct roles *roles, const struct inquiry_assignment *assignment)
{
	const struct directory_person *person = directory_person(roles->directory, assignment->person);

	return person && (!is_group(roles, assignment->role) ||
		directory_is_member(roles->directory, person, assignment->role));
}

/* Was the role given to anybody for this inquiry, who has it still? */
static bool is_given(const struct roles *roles, const char *role)
{
	for (size_t i = 0; roles->inquiry && i < roles->inquiry->assignments_count; i++)
		if (strcmp(roles->inquiry->assignments[i].role, role) == 0 &&
		    is_in_force(roles, &roles->inquiry->assignments[i]))
			return true;
	return false;
}

/* Was it given to the person, or to somebody for whom he stands in? Then he approves no answer of his own. */
static bool is_assigned(const struct roles *roles, const struct directory_person *person, const char *role)
{
	for (size_t i = 0; i < roles->inquiry->assignments_count; i++) {
		const struct inquiry_assignment *assignment = &roles->inquiry->assignments[i];
		const struct directory_person *assigned = directory_person(roles->directory, assignment->person);

		if (strcmp(assignment->role, role) == 0 && is_in_force(roles, assignment) &&
		    (assigned == person || (directory_present(roles->directory, assigned) == person &&
		    (!is_group(roles, role) || !is_writer(roles, person)))))
			return true;
	}
	return false;
}

bool roles_may_act(const struct roles *roles, const char *address, const char *role)
{
	/* roles that an address has by itself, whoever it belongs to */
	static const struct { const char *role; bool (*has)(const struct roles *roles, const char *address); } kinds[] = {
		{ WORKFLOW_ROLE_MAILBOX, is_mailbox }, { WORKFLOW_ROLE_CHANNEL, is_channel },
		{ WORKFLOW_ROLE_INSIDER, is_insider }, { WORKFLOW_ROLE_OUTSIDER, is_outsider },
		{ WORKFLOW_ROLE_ASKER, is_asker }, { WORKFLOW_ROLE_CHAIR, is_chair },
	};
	const struct directory_person *person = directory_person_at(roles->directory, address);

	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		if (strcmp(kinds[i].role, role) == 0)
			return kinds[i].has(roles, address);
	if (!person || !is_somebody(roles, address))
		return false;
	if (strcmp(role, WORKFLOW_ROLE_EMPLOYEE) == 0)
		return is_employee(roles, person);
	/* Given to somebody, a role is his alone: the others of the group have no say in this inquiry. */
	if (message_strings_have(&roles->workflow->assigned, role) && is_given(roles, role))
		return is_assigned(roles, person, role);
	/* Who stands in for another approves no answer of his own. */
	return directory_is_member(roles->directory, person, role) ||
		(directory_has_role(roles->directory, person, role) && !is_writer(roles, person));
}

/* To be written to one need not be the one who has it: a draft to any unit leader is a draft to a unit leader. */
bool roles_is_reached(const struct roles *roles, const char *address, const char *role)
{
	return roles_may_act(roles, address, role) || (is_somebody(roles, address) &&
		directory_has_role(roles->directory, directory_person_at(roles->directory, address), role));
}

bool roles_is_writer(const struct roles *roles, const char *address)
{
	const struct directory_person *person = directory_person_at(roles->directory, address);

	return person && is_writer(roles, person);
}

/* One role a mail: that of the step if it is his, so that whose turn it is acts as such; else the first of the file. */
const char *roles_acting(const struct roles *roles, const char *address)
{
	const struct workflow *workflow = roles->workflow;
	int step = roles->inquiry ? workflow_step_index(workflow, roles->inquiry->step) : -1;
	const char *holder = step >= 0 ? workflow->steps[step].holder : NULL;

	if (holder && inquiry_is_open(roles->inquiry) && roles_may_act(roles, address, holder))
		return holder;
	for (size_t i = 0; i < workflow->roles.count; i++)
		if (roles_may_act(roles, address, workflow->roles.items[i]))
			return workflow->roles.items[i];
	return NULL;
}
