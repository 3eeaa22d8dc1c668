/* Which of a mailbox's workflows a new matter begins in. */
#include "core/decide_pass.h"

/*
 * Would the workflow take it: by a rule that opens a matter, or by a word of its own that its sender may say, though it
 * cannot be followed? Asked by deciding it, and throwing that away.
 */
static bool takes(struct arena *arena, const struct decide_facts *facts, const struct decide_event *event,
	const struct workflow *workflow)
{
	struct decide_facts trial = *facts;
	struct decision decision;

	trial.workflow = trial.opening = workflow;
	trial.next_key = workflow->key;		/* stands for one: nothing is kept */
	decide_message(arena, &trial, event, &decision);
	if (decision.outcome == DECIDE_OPENED)
		return decision.reason == DECIDE_BY_RULE;
	return decision.reason == DECIDE_BY_UNKNOWN_LIST ||
		(decision.outcome == DECIDE_REFUSED && decision.reason == DECIDE_BY_NO_INQUIRY && !decision.rule);
}

const struct workflow *decide_choose_workflow(struct arena *arena, const struct decide_facts *facts,
	const struct decide_event *event)
{
	const struct decide_mailbox *mailbox = facts->mailbox;

	for (size_t i = 0; i < mailbox->others_count; i++)
		if (takes(arena, facts, event, mailbox->others[i]))
			return mailbox->others[i];
	return mailbox->workflow;
}
