/*
 * Why somebody's word did not count, and what would. Most reasons have one answer (digest_words.c). Whose word it is
 * instead depends on the inquiry: of a verb the owner's, of the workflow's words the one's from whom a rule takes it.
 */
#include "core/digest_row.h"

#include "core/ladder.h"
#include "core/reach.h"
#include "core/roles.h"
#include "core/tag.h"

#include <string.h>

enum { NAMES_MAX = 4 };

/* Names of people, nobody twice. */
struct names {
	const char *items[NAMES_MAX];
	size_t count;
};

/* Whoever answers for the roles today and may act in them; to an owner a role falls that he may not act in. */
static void add_names(const struct roles *roles, const struct message_strings *wanted, struct names *names)
{
	for (size_t i = 0; i < wanted->count; i++) {
		const struct directory_person *person = directory_present(roles->directory,
			ladder_person(roles->workflow, roles->directory, roles->inquiry, wanted->items[i]));
		bool known = !person || !roles_may_act(roles, person->address, wanted->items[i]);

		for (size_t j = 0; !known && j < names->count; j++)
			known = strcmp(names->items[j], person->name) == 0;
		if (!known && names->count < NAMES_MAX)
			names->items[names->count++] = person->name;
	}
}

/* "Eva", "Eva eller Erik", "Eva, Erik eller Anne" */
static const char *either(struct arena *arena, const struct names *names)
{
	const char *list = names->items[0];

	for (size_t i = 1; i < names->count; i++)
		list = arena_printf(arena, "%s%s %s", list, i + 1 < names->count ? "," : " eller", names->items[i]);
	return list;
}

/* Does the word lead on from where the inquiry is, by this rule? */
static bool takes(const struct workflow_rule *rule, const struct inquiry *inquiry, const char *tag)
{
	return (rule->to || rule->starts || rule->stops) && rule->when.tag && strcmp(rule->when.tag, tag) == 0 &&
		(rule->from.count == 0 || message_strings_have(&rule->from, inquiry->step));
}

/* A word of the workflow: who may say it there or, when the reader may, to whom the mail must go. */
static bool fill_step_word(struct arena *arena, const struct digest_house *house, const struct digest_single *single,
	struct template_data *data)
{
	const struct workflow *workflow = single->row->row->workflow;
	const struct roles roles = {
		.workflow = workflow, .directory = house->directory, .mailbox = &single->row->mailbox->addresses,
		.inquiry = single->row->row->inquiry,
	};
	const char *role = roles_acting(&roles, single->address);
	struct names senders = { .count = 0 }, recipients = { .count = 0 };
	bool his = false;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_when *when = &workflow->rules[i].when;

		if (!takes(&workflow->rules[i], roles.inquiry, single->tag))
			continue;
		add_names(&roles, &when->sender, &senders);
		if (role && message_strings_have(&when->sender, role)) {
			his = true;
			add_names(&roles, &when->to, &recipients);
		}
	}
	if (his ? recipients.count == 0 : senders.count == 0)
		return false;
	if (his)
		template_set(data, "aarsag", "Mailen er ikke sendt til en, der skal tage stilling til det.");
	template_set(data, "raad", his ?
		arena_printf(arena, "Med »%s« skal mailen være til %s.", single->tag, either(arena, &recipients)) :
		arena_printf(arena, "»%s« skal komme fra %s.", single->tag, either(arena, &senders)));
	return true;
}

/* D3b: those of whom one must be on the mail, for the word to count from its sender. */
static void fill_company(struct arena *arena, const struct digest_house *house, const struct digest_single *single,
	struct template_data *data)
{
	const struct workflow *workflow = single->row->row->workflow;
	const struct roles roles = {
		.workflow = workflow, .directory = house->directory, .mailbox = &single->row->mailbox->addresses,
		.inquiry = single->row->row->inquiry,
	};
	struct names names = { .count = 0 };

	for (size_t i = 0; i < workflow->rules_count; i++)
		if (workflow->rules[i].when.tag && strcmp(workflow->rules[i].when.tag, single->tag) == 0)
			add_names(&roles, &workflow->rules[i].when.cc, &names);
	if (names.count > 0)
		template_set(data, "raad", arena_printf(arena, "Send mailen igen med %s på cc.", either(arena, &names)));
}

/* A list that there is not: those that there are, the likeliest first. */
static void fill_lists(struct arena *arena, const struct digest_house *house, const struct digest_single *single,
	struct template_data *data)
{
	struct names names = { .count = 0 };
	struct message_strings near;
	struct tag tag;

	if (!single->workflow || tag_parse(single->workflow, single->tag, &tag) != 0 || !tag.argument)
		return;
	near = reach_near_lists(arena, house->directory, tag.argument, NAMES_MAX);
	for (size_t i = 0; i < near.count; i++)
		names.items[names.count++] = near.items[i];
	template_set(data, "aarsag", "Listen findes ikke.");
	if (names.count > 0)
		template_set(data, "raad", arena_printf(arena, "Skriv navnet, som det står i listerne, for eksempel %s.",
			either(arena, &names)));
}

static bool is_verb(const struct digest_single *single)
{
	struct tag tag;

	return !single->row || (tag_parse(single->row->row->workflow, single->tag, &tag) != TAG_UNKNOWN && tag.verb);
}

void digest_fill_refusal(struct arena *arena, const struct digest_house *house, const struct digest_single *single,
	struct template_data *data)
{
	const char *owner = house->mailbox->owner_name;

	template_set(data, "maerke", digest_clean(arena, single->tag));
	template_set(data, "aarsag", digest_reason_why(single->reason));
	template_set(data, "raad", digest_reason_remedy(single->reason));
	if (single->row && single->tag && single->reason == DECIDE_BY_NOT_TOGETHER)
		fill_company(arena, house, single, data);
	if (single->tag && single->reason == DECIDE_BY_UNKNOWN_LIST)
		fill_lists(arena, house, single, data);
	if (single->reason != DECIDE_BY_WRONG_ROLE || !single->tag ||
	    (!is_verb(single) && fill_step_word(arena, house, single, data)))
		return;
	if (owner)
		template_set(data, "raad", arena_printf(arena, "Skriv til %s, som er ansvarlig for postkassen.", owner));
}
