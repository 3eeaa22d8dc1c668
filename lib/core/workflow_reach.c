/*
 * Whom answers must reach: what a file says of that must have an audience, words with names, and senders that are
 * vouched for, since the register will say that everybody has got an answer.
 */
#include "core/reach.h"
#include "core/workflow.h"

#include <string.h>

static const struct workflow_tag *find_tag(const struct workflow *workflow, const char *name)
{
	for (size_t i = 0; name && i < workflow->tags_count; i++)
		if (workflow->tags[i].name && strcmp(workflow->tags[i].name, name) == 0)
			return &workflow->tags[i];
	return NULL;
}

static bool tells_chair(const struct workflow_rule *rule)
{
	for (size_t i = 0; i < rule->mails_count; i++)
		if (message_strings_have(&rule->mails[i].to, WORKFLOW_ROLE_CHAIR))
			return true;
	return false;
}

static void check_rule(const struct workflow *workflow, const struct workflow_rule *rule,
	struct workflow_faults *faults)
{
	const struct workflow_tag *tag = find_tag(workflow, rule->when.tag);
	bool lists = tag && tag->argument == WORKFLOW_ARGUMENT_LIST, named = rule->audience == WORKFLOW_AUDIENCE_NAMED;
	bool asks = rule->when.reaches != WORKFLOW_ANY || rule->reached || rule->audience != WORKFLOW_AUDIENCE_SAME;
	const char *cite = rule->cite ? rule->cite : "?";

	if (asks && !workflow->audience)
		workflow_fault_add(faults, rule->source, "rule \"%s\" asks whom the answer reaches, and the workflow has no "
			"\"audience\" that must have it", cite);
	if (asks && rule->when.trusted != WORKFLOW_YES)
		workflow_fault_add(faults, rule->source, "rule \"%s\" notes whom the answer has reached, and anybody can send "
			"that: say trusted = true", cite);
	if (rule->reached && (rule->when.reaches != WORKFLOW_ANY || named))
		workflow_fault_add(faults, rule->source, "rule \"%s\" counts as having reached everybody: it need not ask", cite);
	if (named && !lists)
		workflow_fault_add(faults, rule->source, "rule \"%s\" restricts the answer to whom its tag names, and the tag "
			"has no argument = \"list\"", cite);
	if (lists && !named && !tells_chair(rule))
		workflow_fault_add(faults, rule->source, "[%s] names a list, and rule \"%s\" does nothing with it: say "
			"audience = \"named\", or tell its \"" WORKFLOW_ROLE_CHAIR "\" by \"mails\"", rule->when.tag, cite);
}

static void check_size(const struct workflow *workflow, const struct directory *directory,
	struct workflow_faults *faults)
{
	const struct directory_role *role = directory ? directory_role(directory, workflow->audience) : NULL;

	if (role && role->count > REACH_PEOPLE_MAX)
		workflow_fault_add(faults, workflow->source, "the audience \"%s\" has %zu people: at most %d can be followed",
			workflow->audience, role->count, REACH_PEOPLE_MAX);
}

void workflow_check_reach(const struct workflow *workflow, const struct directory *directory,
	struct workflow_faults *faults)
{
	if (workflow->audience && workflow->roles.count && !message_strings_have(&workflow->roles, workflow->audience))
		workflow_fault_add(faults, workflow->source, "there is no role \"%s\"%s", workflow->audience,
			workflow_did_you_mean(faults->arena, &workflow->roles, workflow->audience));
	else if (workflow->audience && workflow_role_is_reserved(workflow->audience))
		workflow_fault_add(faults, workflow->source, "\"%s\" is no group of people whom an answer must reach",
			workflow->audience);
	for (size_t i = 0; i < workflow->rules_count; i++)
		check_rule(workflow, &workflow->rules[i], faults);
	check_size(workflow, directory, faults);
}
