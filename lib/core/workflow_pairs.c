#include "core/workflow.h"

#include "base/text.h"

#include <string.h>

/*
 * Conditions are atoms over finite sets, each about another thing, so two rules meet exactly when they meet in every
 * single one. Where something could be either way, it is: a fault too many is a word to the author of the file, a
 * fault too few is an inquiry that goes the wrong way.
 */

/* One message that two rules, or one, can match. NULL: whatever. */
struct example {
	const char *step;			/* NULL: none yet */
	const char *sender;
	const char *parent[2], *also[2], *to[2], *cc[2];	/* what each of the rules asks for */
	enum workflow_want trusted, link, outside, forward, receipt, encrypted, asker, reaches;
	enum workflow_place mailbox;
};

/* Do both lists allow one word? An empty list allows all. */
static bool meet_words(const struct message_strings *a, const struct message_strings *b, const char **ret_word)
{
	const struct message_strings *all = a->count ? a : b, *other = a->count ? b : a;

	*ret_word = all->count ? all->items[0] : NULL;
	if (!all->count || !other->count)
		return true;
	for (size_t i = 0; i < all->count; i++) {
		*ret_word = all->items[i];
		if (message_strings_have(other, all->items[i]))
			return true;
	}
	return false;
}

static const char *first_of(const struct message_strings *words)
{
	return words->count ? words->items[0] : NULL;
}

static bool meet_wants(enum workflow_want a, enum workflow_want b, enum workflow_want *ret_want)
{
	*ret_want = a == WORKFLOW_ANY ? b : a;
	return a == WORKFLOW_ANY || b == WORKFLOW_ANY || a == b;
}

static bool meet_places(enum workflow_place a, enum workflow_place b, enum workflow_place *ret_place)
{
	*ret_place = a == WORKFLOW_PLACE_ANY ? b : a;
	return a == WORKFLOW_PLACE_ANY || b == WORKFLOW_PLACE_ANY || a == b;
}

/* A role that a must see in To and that neither forbids; who stands in To is also among those that not_cc is about. */
static bool find_recipient(const struct workflow_when *a, const struct workflow_when *b, const char **ret_role)
{
	*ret_role = NULL;
	if (a->to.count == 0)
		return true;
	for (size_t i = 0; i < a->to.count; i++) {
		*ret_role = a->to.items[i];
		if (!message_strings_have(&a->not_to, *ret_role) && !message_strings_have(&b->not_to, *ret_role) &&
		    !message_strings_have(&a->not_cc, *ret_role) && !message_strings_have(&b->not_cc, *ret_role))
			return true;
	}
	return false;
}

/* Likewise in To or Cc: who may not stand in To may stand in Cc. */
static bool find_copied(const struct workflow_when *a, const struct workflow_when *b, const char **ret_role)
{
	*ret_role = NULL;
	if (a->cc.count == 0)
		return true;
	for (size_t i = 0; i < a->cc.count; i++) {
		*ret_role = a->cc.items[i];
		if (!message_strings_have(&a->not_cc, *ret_role) && !message_strings_have(&b->not_cc, *ret_role))
			return true;
	}
	return false;
}

/* Likewise of what the sender is besides. */
static bool find_also(const struct workflow_when *a, const struct workflow_when *b, const char **ret_role)
{
	*ret_role = NULL;
	if (a->also.count == 0)
		return true;
	for (size_t i = 0; i < a->also.count; i++) {
		*ret_role = a->also.items[i];
		if (!message_strings_have(&a->not_also, *ret_role) && !message_strings_have(&b->not_also, *ret_role))
			return true;
	}
	return false;
}

static bool meet_steps(const struct workflow *workflow, const struct workflow_rule *a, const struct workflow_rule *b,
	const char **ret_step)
{
	if (a->when.known != b->when.known)
		return false;
	*ret_step = NULL;
	for (size_t i = 0; a->when.known != WORKFLOW_NO && i < workflow->steps_count; i++)
		if (workflow_rule_is_for(workflow, a, (int)i) && workflow_rule_is_for(workflow, b, (int)i)) {
			*ret_step = workflow->steps[i].id;
			return true;
		}
	return a->when.known == WORKFLOW_NO;
}

static bool meet_tags(const struct workflow *workflow, const char *a, const char *b)
{
	const char *name_a = a ? workflow_tag_name(workflow, a) : NULL, *name_b = b ? workflow_tag_name(workflow,
		b) : NULL;

	return (!a && !b) || (name_a && name_b && strcmp(name_a, name_b) == 0);
}

/* Is there a message that both rules match? Who wrote the parent may have several roles: that keeps no rules apart. */
static bool meet(const struct workflow *workflow, const struct workflow_rule *a, const struct workflow_rule *b,
	struct example *ret_example)
{
	const struct workflow_when *x = &a->when, *y = &b->when;

	*ret_example = (struct example){ .parent = { first_of(&x->parent), first_of(&y->parent) } };
	return x->copy == y->copy && meet_tags(workflow, x->tag, y->tag) &&
		meet_steps(workflow, a, b, &ret_example->step) &&
		meet_words(&x->sender, &y->sender, &ret_example->sender) &&
		find_also(x, y, &ret_example->also[0]) &&
		find_also(y, x, &ret_example->also[1]) &&
		find_recipient(x, y, &ret_example->to[0]) &&
		find_recipient(y, x, &ret_example->to[1]) &&
		find_copied(x, y, &ret_example->cc[0]) &&
		find_copied(y, x, &ret_example->cc[1]) &&
		meet_wants(x->reaches, y->reaches, &ret_example->reaches) &&
		meet_wants(x->trusted, y->trusted, &ret_example->trusted) &&
		meet_wants(x->link, y->link, &ret_example->link) &&
		meet_wants(x->outside, y->outside, &ret_example->outside) &&
		meet_wants(x->forward, y->forward, &ret_example->forward) &&
		meet_wants(x->receipt, y->receipt, &ret_example->receipt) &&
		meet_wants(x->encrypted, y->encrypted, &ret_example->encrypted) &&
		meet_wants(x->asker, y->asker, &ret_example->asker) &&
		meet_places(x->mailbox, y->mailbox, &ret_example->mailbox);
}

static bool same(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

static bool same_words(const struct message_strings *a, const struct message_strings *b)
{
	for (size_t i = 0; i < a->count && i < b->count; i++)
		if (strcmp(a->items[i], b->items[i]) != 0)
			return false;
	return a->count == b->count;
}

/* Two rules that do the same may both match: it is no matter which is followed. */
static bool same_outcome(const struct workflow_rule *a, const struct workflow_rule *b)
{
	if (!same(a->to, b->to) || a->next_round != b->next_round || !same(a->note, b->note) ||
	    !same(a->starts, b->starts) || !same(a->stops, b->stops) || a->audience != b->audience ||
	    a->reached != b->reached || a->assign_count != b->assign_count || a->mails_count != b->mails_count)
		return false;
	for (size_t i = 0; i < a->assign_count; i++)
		if (!same(a->assign[i].role, b->assign[i].role) || a->assign[i].from != b->assign[i].from)
			return false;
	for (size_t i = 0; i < a->mails_count; i++)
		if (!same(a->mails[i].template, b->mails[i].template) ||
		    !same_words(&a->mails[i].to, &b->mails[i].to))
			return false;
	return true;
}

/* What follows puts the example into words for whoever wrote the file. */
static void say_want(struct text *words, enum workflow_want want, const char *yes, const char *no)
{
	if (want != WORKFLOW_ANY)
		text_addf(words, ", %s", want == WORKFLOW_YES ? yes : no);
}

static void say_both(struct text *words, const char *before, const char *const roles[2])
{
	const char *first = roles[0] ? roles[0] : roles[1];

	if (first)
		text_addf(words, "%s%s", before, first);
	if (first && roles[1] && strcmp(first, roles[1]) != 0)
		text_addf(words, " and %s", roles[1]);
}

static void say_recipients(struct text *words, const struct example *example)
{
	static const char *const places[] = {
		[WORKFLOW_PLACE_TO] = "the mailbox in To", [WORKFLOW_PLACE_CC] = "the mailbox in Cc",
		[WORKFLOW_PLACE_BCC] = "the mailbox in Bcc",
	};

	say_both(words, ", to ", example->to);
	say_both(words, ", to or with a copy to ", example->cc);
	if (example->mailbox != WORKFLOW_PLACE_ANY)
		text_addf(words, ", %s", places[example->mailbox]);
}

/* "from sagsbehandler, to enhedsleder and afdelingschef, without a tag, at step hos-sagsbehandler" */
static const char *say(struct arena *arena, const struct example *example, const char *tag)
{
	struct text words CLEANUP(text_done) = TEXT_NULL;

	text_addf(&words, "from %s", example->sender ? example->sender : "anybody");
	say_both(&words, ", who is also ", example->also);
	say_recipients(&words, example);
	say_both(&words, ", answering ", example->parent);
	say_want(&words, example->link, "with a case link", "without a case link");
	say_want(&words, example->outside, "to somebody outside", "to nobody outside");
	say_want(&words, example->forward, "as a forward", "no forward");
	say_want(&words, example->receipt, "with a receipt's subject", "no receipt");
	say_want(&words, example->encrypted, "encrypted", "not encrypted");
	say_want(&words, example->asker, "a letter of who asked", "no letter of who asked");
	say_want(&words, example->reaches, "after which all have it", "after which not all have it");
	say_want(&words, example->trusted, "trusted", "not trusted");
	if (tag)
		text_addf(&words, ", tagged [%s]", tag);
	else
		text_add(&words, ", without a tag");
	if (example->step)
		text_addf(&words, ", at step %s", example->step);
	else
		text_add(&words, ", belonging to no inquiry");
	return arena_strdup(arena, text_string(&words));
}

/* Can anybody act in one of these roles before an inquiry exists, when nobody is assigned yet? */
static bool has_group(const struct directory *directory, const struct message_strings *roles)
{
	for (size_t i = 0; i < roles->count; i++) {
		const char *role = roles->items[i];

		/* who asked is known once somebody has */
		if (!directory || directory_role(directory, role) ||
		    (workflow_role_is_reserved(role) && strcmp(role, WORKFLOW_ROLE_ASKER) != 0))
			return true;
	}
	return roles->count == 0;
}

/* A rule that cannot match is a mistake of whoever wrote it, and nobody would ever notice. */
static void check_possible(const struct directory *directory, const struct workflow_rule *rule,
	struct workflow_faults *faults)
{
	const char *cite = rule->cite ? rule->cite : "?", *role;
	bool new = rule->when.known == WORKFLOW_NO;

	if (!find_recipient(&rule->when, &rule->when, &role))
		workflow_fault_add(faults, rule->source,
			"rule \"%s\" can never match: \"not_to\" forbids all that \"to\" asks for",
			cite);
	else if (!find_also(&rule->when, &rule->when, &role))
		workflow_fault_add(faults, rule->source,
			"rule \"%s\" can never match: \"not_also\" forbids all that \"also\" asks for",
			cite);
	else if (new && rule->when.asker == WORKFLOW_YES)
		workflow_fault_add(faults, rule->source,
			"rule \"%s\" can never match: in a new matter nobody has asked before, so leave out asker = true", cite);
	else if (!find_copied(&rule->when, &rule->when, &role))
		workflow_fault_add(faults, rule->source,
			"rule \"%s\" can never match: \"not_cc\" forbids all that \"cc\" asks for",
			cite);
	else if (new && !has_group(directory, &rule->when.sender))
		workflow_fault_add(faults, rule->source,
			"rule \"%s\" can never match: in a new matter nobody is assigned, "
			"so nobody acts as \"%s\"", cite, rule->when.sender.items[0]);
	else if (new && !has_group(directory, &rule->when.to))
		workflow_fault_add(faults, rule->source,
			"rule \"%s\" can never match: in a new matter nobody is assigned, "
			"so nobody is \"%s\"", cite, rule->when.to.items[0]);
}

/* Every pair: a file has a few dozen rules. */
void workflow_check_rules(const struct workflow *workflow, const struct directory *directory,
	struct workflow_faults *faults)
{
	struct example example;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];

		check_possible(directory, rule, faults);
		for (size_t j = 0; j < i; j++) {
			const struct workflow_rule *other = &workflow->rules[j];

			if (!same_outcome(rule, other) && meet(workflow, other, rule, &example))
				workflow_fault_add(faults, rule->source,
					"rule \"%s\" and rule \"%s\" at %s can both match, for example a mail %s",
					rule->cite ? rule->cite : "?", other->cite ? other->cite : "?", other->source,
					say(faults->arena, &example, rule->when.tag));
		}
	}
}

static bool share_a_person(const struct directory *directory, const char *a, const char *b)
{
	for (size_t i = 0; i < directory->people_count; i++)
		if (directory_is_member(directory, &directory->people[i], a) &&
		    directory_is_member(directory, &directory->people[i], b))
			return true;
	return false;
}

/*
 * May one and the same sender act as a in the first workflow and as b in the second, without the first being the closer
 * word for him? Whoever is in a group is also somebody of the house: that order is meant.
 */
static bool meet_senders(const struct directory *directory, const char *a, const char *b)
{
	static const char *const wide[] = { WORKFLOW_ROLE_INSIDER, WORKFLOW_ROLE_EMPLOYEE, WORKFLOW_ROLE_CHAIR };
	static const struct message_strings wide_words = { wide, sizeof(wide) / sizeof(wide[0]) };

	if (strcmp(a, b) == 0)
		return true;
	if (!workflow_role_is_reserved(a) && !workflow_role_is_reserved(b))
		return share_a_person(directory, a, b);
	if (strcmp(b, WORKFLOW_ROLE_INSIDER) == 0)
		return false;	/* the closer word comes first; nobody outside, and no channel, is an insider */
	if (strcmp(a, WORKFLOW_ROLE_INSIDER) == 0 || strcmp(a, WORKFLOW_ROLE_CHAIR) == 0)
		return !workflow_role_is_reserved(b) || message_strings_have(&wide_words, b);
	return strcmp(b, WORKFLOW_ROLE_CHAIR) == 0 && strcmp(a, WORKFLOW_ROLE_EMPLOYEE) == 0;
}

/* Who may open by both; NULL: nobody. A rule that asks for no sender is for anybody. */
static const char *find_opener(const struct directory *directory, const struct workflow_when *a,
	const struct workflow_when *b)
{
	if (a->sender.count == 0)
		return b->sender.count ? b->sender.items[0] : "anybody";
	for (size_t i = 0; i < a->sender.count; i++)
		for (size_t j = 0; j < b->sender.count; j++)
			if (meet_senders(directory, a->sender.items[i], b->sender.items[j]))
				return b->sender.items[j];
	return NULL;
}

/* A word of one workflow says nothing in the other, where the mail is then judged by its shape. */
static bool meet_openings(const struct workflow *workflow, const struct workflow_rule *a, const struct workflow_rule *b,
	struct example *ret_example)
{
	struct workflow_rule shape_a = *a, shape_b = *b;

	if (a->when.known != WORKFLOW_NO || b->when.known != WORKFLOW_NO ||
	    (a->when.tag && b->when.tag && strcmp(a->when.tag, b->when.tag) != 0))
		return false;
	shape_a.when.tag = shape_b.when.tag = NULL;
	shape_a.when.sender.count = shape_b.when.sender.count = 0;
	return meet(workflow, &shape_a, &shape_b, ret_example);
}

void workflow_check_together(const struct workflow *first, const struct workflow *second,
	const struct directory *directory, const char *source, struct workflow_faults *faults)
{
	for (size_t i = 0; i < first->rules_count; i++) {
		for (size_t j = 0; j < second->rules_count; j++) {
			const struct workflow_rule *a = &first->rules[i], *b = &second->rules[j];
			struct example example;

			if (!meet_openings(first, a, b, &example))
				continue;
			example.sender = find_opener(directory, &a->when, &b->when);
			if (example.sender)
				workflow_fault_add(faults, source,
					"workflow \"%s\" by its rule \"%s\" and \"%s\" by \"%s\" can both open a matter here, for example "
					"by a mail %s: name the wider one first, or let one of them leave such mail out",
					first->id, a->cite ? a->cite : "?", second->id, b->cite ? b->cite : "?",
					say(faults->arena, &example, a->when.tag ? a->when.tag : b->when.tag));
		}
	}
}
