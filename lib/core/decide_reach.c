/*
 * How far an answer has come (D3b, D5). What is gathered belongs to a step: who got a text that went back to be written
 * anew has not got the answer. After the end the same is gathered of a correction, until it has reached all.
 */
#include "core/decide_pass.h"

#include "core/reach.h"

#include <string.h>

/* To whom the answer is restricted, if the rule is followed; NULL: as the workflow says. */
static const char *find_audience(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	const struct inquiry *inquiry = pass->facts->inquiry;

	switch (rule->audience) {
	case WORKFLOW_AUDIENCE_ASKER:
		return WORKFLOW_ROLE_ASKER;
	case WORKFLOW_AUDIENCE_NAMED:
		return pass->named_list;
	case WORKFLOW_AUDIENCE_SAME:
		break;
	}
	return inquiry ? inquiry->reach.audience : NULL;
}

static const struct message_strings *find_had(const struct inquiry *inquiry)
{
	static const struct message_strings none = { .count = 0 };

	if (!inquiry)
		return &none;
	return inquiry_is_open(inquiry) ? &inquiry->reach.people : &inquiry->reach.corrected;
}

static struct message_strings find_wanted(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	return reach_wanted(pass->arena, pass->facts->workflow, pass->facts->directory, pass->facts->inquiry,
		find_audience(pass, rule));
}

bool decide_reaches_all(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	struct message_strings wanted = find_wanted(pass, rule);
	struct message_strings had = reach_add(pass->arena, pass->facts->directory, pass->message,
		find_had(pass->facts->inquiry), &wanted);

	return reach_is_all(&had, &wanted);
}

/* A committee has members: a list or group of officials alone is none, whatever else goes by its name. */
bool decide_has_audience(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	const struct directory *directory = pass->facts->directory;
	struct message_strings wanted = find_wanted(pass, rule);

	if (rule->audience != WORKFLOW_AUDIENCE_NAMED)
		return wanted.count > 0;
	for (size_t i = 0; i < wanted.count; i++)
		if (directory_is_member(directory, directory_person(directory, wanted.items[i]), pass->facts->workflow->audience))
			return true;
	return false;
}

/* D3b: who took the decision, and the first of those with whom it is taken. */
static void restrict_answer(struct decide_pass *pass, const struct workflow_rule *rule, struct inquiry *inquiry)
{
	const struct message_addresses *const lists[] = { &pass->message->to, &pass->message->cc };

	inquiry->reach.audience = find_audience(pass, rule);
	inquiry->reach.decided_by = inquiry->reach.decided_with = pass->decision->actor;
	for (size_t i = COUNT_OF(lists); i-- > 0;) {
		for (size_t j = lists[i]->count; j-- > 0;) {
			const char *address = lists[i]->items[j].address;
			const struct directory_person *person = directory_person_at(pass->facts->directory, address);

			for (size_t k = 0; person && k < rule->when.cc.count; k++)
				if (roles_is_reached(&pass->roles, address, rule->when.cc.items[k]))
					inquiry->reach.decided_with = person->id;
		}
	}
}

/* A correction that has reached all is done: what comes next is another. */
static void record_correction(struct inquiry *inquiry, const struct message_strings *have, bool all)
{
	inquiry->reach.short_of = !all;
	inquiry->reach.corrected = *have;
	if (all)
		inquiry->reach.corrected.count = 0;
}

void decide_record_reach(struct decide_pass *pass, const struct workflow_rule *rule, struct inquiry *inquiry)
{
	bool ended = pass->facts->inquiry && !inquiry_is_open(pass->facts->inquiry);
	struct message_strings wanted, have;

	if (rule->audience == WORKFLOW_AUDIENCE_SAME && !rule->reached && rule->when.reaches == WORKFLOW_ANY)
		return;
	wanted = find_wanted(pass, rule);
	if (rule->audience != WORKFLOW_AUDIENCE_SAME)
		restrict_answer(pass, rule, inquiry);
	if (rule->reached)
		have = wanted;
	else
		have = reach_add(pass->arena, pass->facts->directory, pass->message, find_had(pass->facts->inquiry), &wanted);
	if (rule->when.reaches == WORKFLOW_ANY && !rule->reached) {
		/* only restricted: who has got it already counts on, and may be all by now */
		inquiry->reach.short_of = inquiry->reach.short_of && !reach_is_all(&inquiry->reach.people, &wanted);
	} else if (ended) {
		record_correction(inquiry, &have, reach_is_all(&have, &wanted));
	} else {
		inquiry->reach.people = have;
		inquiry->reach.short_of = !rule->reached && !reach_is_all(&have, &wanted);
	}
}
