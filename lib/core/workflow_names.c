/*
 * Names: whatever a part of the file names must be declared once, and mean what it is used for. A name that the reader
 * could not read is NULL, and of those that has been said already: every check passes over them.
 */
#include "base/text.h"
#include "core/confidential.h"
#include "core/ladder.h"
#include "core/tag.h"
#include "core/workflow.h"

#include <string.h>

struct check {
	const struct workflow *workflow;
	const struct directory *directory;
	const struct message_strings *templates;
	struct workflow_faults *faults;
	struct message_strings steps, tags, deadlines;	/* the names that are declared */
	bool assigned_sound;			/* else a slip of the pen in `assigned` would be told of each rule */
};

#define fault(check, source, ...) workflow_fault_add((check)->faults, source, __VA_ARGS__)

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

/* Where nothing at all is declared, or known, that is said once elsewhere, and not again of every name. */
static void want(const struct check *check, const struct message_strings *known, const char *what, const char *name,
	const char *source)
{
	if (known && known->count && name && !message_strings_have(known, name))
		fault(check, source, "there is no %s \"%s\"%s", what, name,
			workflow_did_you_mean(check->faults->arena, known, name));
}

static void want_all(const struct check *check, const struct message_strings *known, const char *what,
	const struct message_strings *names, const char *source)
{
	for (size_t i = 0; i < names->count; i++)
		want(check, known, what, names->items[i], source);
}

/*
 * Roles that are reminded or told; they may be named by what they hold just now. asker: who asked may be told, too;
 * chair: and who chairs the list that is named.
 */
static void want_recipients(const struct check *check, const struct message_strings *roles, bool asker, bool chair,
	const char *source)
{
	for (size_t i = 0; i < roles->count; i++) {
		const char *role = roles->items[i];

		if (strcmp(role, WORKFLOW_ROLE_HOLDER) == 0 || (asker && strcmp(role, WORKFLOW_ROLE_ASKER) == 0) ||
		    (chair && strcmp(role, WORKFLOW_ROLE_CHAIR) == 0))
			continue;
		if (asker && strcmp(role, WORKFLOW_ROLE_CHAIR) == 0)
			fault(check, source, "\"%s\" is told by a rule whose tag names a list (argument = \"list\")", role);
		else if (workflow_role_is_reserved(role))
			fault(check, source, "\"%s\" is nobody to write to", role);
		else
			want(check, &check->workflow->roles, "role", role, source);
	}
}

static void check_list_twice(const struct check *check, const struct message_strings *names, const char *what,
	const char *source)
{
	for (size_t i = 0; i < names->count; i++)
		for (size_t j = 0; j < i; j++)
			if (strcmp(names->items[i], names->items[j]) == 0)
				fault(check, source, "%s names \"%s\" twice", what, names->items[i]);
}

static bool is_given_by_rule(const struct workflow *workflow, const char *role)
{
	for (size_t i = 0; i < workflow->rules_count; i++)
		for (size_t j = 0; j < workflow->rules[i].assign_count; j++)
			if (same(workflow->rules[i].assign[j].role, role))
				return true;
	return false;
}

/* By a group of people.conf, by a rule that assigns it, or by what it is. */
static bool can_be_held(const struct check *check, const char *role)
{
	const struct directory_role *group;

	if (!check->directory || workflow_role_is_reserved(role))
		return true;
	group = directory_role(check->directory, role);
	return (group && group->count > 0) || is_given_by_rule(check->workflow, role);
}

/* What cannot be placed belongs to no inquiry: whoever is assigned, or only passing by, could not be asked. */
static void check_owners(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	want_all(check, &workflow->roles, "role", &workflow->owners, workflow->owners_source);
	for (size_t i = 0; i < workflow->owners.count; i++) {
		const char *role = workflow->owners.items[i];
		bool assigned = check->directory && !directory_role(check->directory, role) &&
			is_given_by_rule(workflow, role);

		if (workflow_role_is_reserved(role) || assigned)
			fault(check, workflow->owners_source,
				"\"%s\" cannot keep the register: an owner must be a group of people", role);
	}
}

static void check_roles(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	check_list_twice(check, &workflow->roles, "roles", workflow->roles_source);
	for (size_t i = 0; i < workflow->roles.count; i++) {
		const char *role = workflow->roles.items[i];

		if (strcmp(role, WORKFLOW_ROLE_HOLDER) == 0)
			fault(check, workflow->roles_source, "the role \"%s\" has a meaning of its own: leave it out",
				role);
		else if (!can_be_held(check, role))
			fault(check, workflow->roles_source,
				"nobody can have the role \"%s\": no group of people, no rule that assigns it", role);
	}
	check_owners(check);
	want_all(check, &workflow->roles, "role", &workflow->assigned, workflow->assigned_source);
	if (workflow->warns_of_cpr)
		want(check, check->templates, "template", DECIDE_WARNING_TEMPLATE, workflow->source);
	if (workflow->interim_to) {
		const struct message_strings interim = { &workflow->interim_to, 1 };

		want_recipients(check, &interim, false, false, workflow->source);
	}
}

static void check_digests(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	for (size_t i = 0; i < workflow->digests_count; i++) {
		const struct workflow_digest *digest = &workflow->digests[i];

		want(check, &workflow->roles, "role", digest->role, digest->source);
		for (size_t j = 0; j < i; j++)
			if (same(workflow->digests[j].role, digest->role) && workflow->digests[j].view == digest->view)
				fault(check, digest->source, "\"%s\" has a digest with this view already, at %s", digest->role,
					workflow->digests[j].source);
	}
}

/* The verb that tag_parse() would read in this word; NULL: none. */
static const char *find_verb(const char *word)
{
#define X(name, verb, argument) \
	if (word && text_starts_with(word, verb) && (!word[strlen(verb)] || word[strlen(verb)] == ' ')) \
		return verb;
	TAG_VERBS(X)
#undef X
	return NULL;
}

/* Whoever writes in confidence is told of people: there must be some, and a letter that says so. */
static void check_confidential(const struct check *check)
{
	const struct workflow_confidential *confidential = &check->workflow->confidential;

	if (!confidential->source)
		return;
	want_all(check, &check->workflow->roles, "role", &confidential->refer_to, confidential->source);
	want(check, check->templates, "template", CONFIDENTIAL_TEMPLATE, confidential->source);
	for (size_t i = 0; i < confidential->refer_to.count; i++)
		if (workflow_role_is_reserved(confidential->refer_to.items[i]))
			fault(check, confidential->source, "\"%s\" is nobody to write to", confidential->refer_to.items[i]);
	for (size_t i = 0; i < confidential->words.count; i++) {
		const char *word = confidential->words.items[i];

		if (workflow_tag_name(check->workflow, word) || find_verb(word))
			fault(check, confidential->source, "[%s] has a meaning already", word);
	}
}

static void check_word(const struct check *check, const char *word, size_t index)
{
	const struct workflow_tag *tag = &check->workflow->tags[index];
	const char *verb = find_verb(word);

	if (verb)
		fault(check, tag->source, "[%s] is built in: no tag of this workflow can be it or begin with it", verb);
	for (size_t i = 0; word && i < index; i++) {
		const struct workflow_tag *other = &check->workflow->tags[i];

		if (same(other->name, word) || message_strings_have(&other->aliases, word))
			fault(check, tag->source, "[%s] is declared already, at %s", word, other->source);
	}
}

/* A word must mean one thing, names and aliases alike. */
static void check_tags(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	for (size_t i = 0; i < workflow->tags_count; i++) {
		check_word(check, workflow->tags[i].name, i);
		for (size_t j = 0; j < workflow->tags[i].aliases.count; j++)
			check_word(check, workflow->tags[i].aliases.items[j], i);
	}
}

/* A word that an earlier addressee has, or this one before it, would never be asked for. */
static void check_addressee_word(const struct check *check, size_t index, size_t word)
{
	const struct workflow_addressee *addressee = &check->workflow->addressees[index];
	const char *text = addressee->words.items[word];

	for (size_t i = 0; text && i <= index; i++) {
		const struct workflow_addressee *other = &check->workflow->addressees[i];

		for (size_t j = 0; j < (i < index ? other->words.count : word); j++)
			if (other->words.items[j] && text_equal_fold(other->words.items[j], text))
				fault(check, addressee->source, "the word \"%s\" stands already at %s", text, other->source);
	}
}

static void check_addressees(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	for (size_t i = 0; i < workflow->addressees_count; i++) {
		const struct workflow_addressee *addressee = &workflow->addressees[i];

		for (size_t j = 0; j < i; j++)
			if (same(workflow->addressees[j].title, addressee->title))
				fault(check, addressee->source, "there is an addressee \"%s\" already, at %s",
					addressee->title, workflow->addressees[j].source);
		for (size_t j = 0; j < addressee->words.count; j++)
			check_addressee_word(check, i, j);
	}
}

/* Somebody must hold every step that is not final: whom else would a reminder go to? */
static void check_steps(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	for (size_t i = 0; i < workflow->steps_count; i++) {
		const struct workflow_step *step = &workflow->steps[i];

		for (size_t j = 0; j < i; j++)
			if (same(workflow->steps[j].id, step->id))
				fault(check, step->source, "there is a step \"%s\" already, at %s", step->id,
					workflow->steps[j].source);
		want(check, &workflow->roles, "role", step->holder, step->source);
		want(check, check->templates, "template", step->template, step->source);
		if (step->template && !step->has_review)
			fault(check, step->source, "step \"%s\" has a template for a reminder but no review",
				step->id ? step->id : "?");
		if (step->holder && workflow_role_is_reserved(step->holder))
			fault(check, step->source, "\"%s\" is nobody who could hold step \"%s\"", step->holder,
				step->id ? step->id : "?");
		if (!step->final && !step->holder)
			fault(check, step->source, "nobody holds step \"%s\": give it a holder, or make it final",
				step->id ? step->id : "?");
	}
}

/* A word stands for a decision: it must be known who may say it, and that it was he. */
static void check_said(const struct check *check, const struct workflow_rule *rule)
{
	const struct workflow_when *when = &rule->when;

	if (!when->tag)
		return;
	if (message_strings_have(&when->sender, WORKFLOW_ROLE_MAILBOX))
		fault(check, rule->source, "[%s] cannot be said by \"%s\": nobody knows who wrote as it", when->tag,
			WORKFLOW_ROLE_MAILBOX);
	if (when->sender.count == 0)
		fault(check, rule->source, "whoever writes may say [%s]: name the roles as sender", when->tag);
	if (when->trusted != WORKFLOW_YES)
		fault(check, rule->source, "anybody can forge [%s]: say trusted = true", when->tag);
}

/* Conditions name roles and tags; where the mailbox stands has a condition of its own. */
static void check_when(const struct check *check, const struct workflow_rule *rule)
{
	const struct workflow_when *when = &rule->when;
	const struct message_strings *lists[] = { &when->sender, &when->also, &when->not_also, &when->to, &when->not_to,
		&when->cc, &when->not_cc, &when->parent };
	const char *name = when->tag ? workflow_tag_name(check->workflow, when->tag) : NULL;

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		want_all(check, &check->workflow->roles, "role", lists[i], rule->source);
	if (message_strings_have(&when->to, WORKFLOW_ROLE_MAILBOX) ||
	    message_strings_have(&when->not_to, WORKFLOW_ROLE_MAILBOX) ||
	    message_strings_have(&when->cc, WORKFLOW_ROLE_MAILBOX) ||
	    message_strings_have(&when->not_cc, WORKFLOW_ROLE_MAILBOX))
		fault(check, rule->source, "where the mailbox stands is said by mailbox = \"to\", \"cc\" or \"bcc\"");
	if (when->tag && name && strcmp(name, when->tag) != 0)
		fault(check, rule->source, "[%s] is an alias: rules say \"%s\"", when->tag, name);
	else
		want(check, &check->tags, "tag", when->tag, rule->source);
}

static bool names_list(const struct check *check, const char *word)
{
	for (size_t i = 0; i < check->workflow->tags_count; i++)
		if (same(check->workflow->tags[i].name, word))
			return check->workflow->tags[i].argument == WORKFLOW_ARGUMENT_LIST;
	return false;
}

/* Only roles of `assigned` can be given to somebody, each by one place in the mail. */
static void check_effects(const struct check *check, const struct workflow_rule *rule)
{
	for (size_t i = 0; i < rule->assign_count; i++) {
		bool asker = same(rule->assign[i].role, WORKFLOW_ROLE_ASKER);

		if (asker && rule->assign[i].from != WORKFLOW_FROM_SENDER)
			fault(check, rule->source, "\"%s\" is whoever writes: from = \"sender\"", WORKFLOW_ROLE_ASKER);
		else if (check->assigned_sound && !asker)
			want(check, &check->workflow->assigned, "assigned role", rule->assign[i].role, rule->source);
		for (size_t j = 0; j < i; j++)
			if (same(rule->assign[j].role, rule->assign[i].role))
				fault(check, rule->source, "the role \"%s\" is assigned twice", rule->assign[i].role);
	}
	if (rule->when.copy && (rule->to || rule->assign_count > 0 || rule->next_round || rule->starts || rule->stops ||
	    rule->when.tag || rule->when.known == WORKFLOW_NO || rule->when.trusted != WORKFLOW_YES))
		fault(check, rule->source, "rule \"%s\" is about a mail that only may belong there: it may note it and tell "
			"somebody, of a known inquiry, by no tag, with trusted = true", rule->cite ? rule->cite : "?");
	if (rule->mails_count > 0 && !rule->to && !rule->assign_count && !rule->next_round && !rule->note &&
	    !rule->starts && !rule->stops && rule->when.reaches == WORKFLOW_ANY && rule->audience == WORKFLOW_AUDIENCE_SAME)
		fault(check, rule->source, "rule \"%s\" changes nothing, so its mails would never be sent: "
			"give it a step \"to\", or a \"note\"", rule->cite ? rule->cite : "?");
	for (size_t i = 0; i < rule->mails_count; i++) {
		want_recipients(check, &rule->mails[i].to, true, names_list(check, rule->when.tag), rule->source);
		want(check, check->templates, "template", rule->mails[i].template, rule->source);
	}
}

/* Does the rule do more than note what a mail was and whom it has reached? */
static bool moves(const struct workflow_rule *rule)
{
	return rule->to || rule->assign_count > 0 || rule->next_round || rule->starts || rule->stops ||
		rule->audience != WORKFLOW_AUDIENCE_SAME || rule->reached;
}

/* Apart from the other checks of rules: only when all steps are known is it worth following the graph. */
static void check_rule_steps(const struct check *check, const struct workflow_rule *rule)
{
	want_all(check, &check->steps, "step", &rule->from, rule->source);
	want(check, &check->steps, "step", rule->to, rule->source);
	for (size_t i = 0; i < rule->from.count; i++) {
		int index = workflow_step_index(check->workflow, rule->from.items[i]);

		if (index >= 0 && check->workflow->steps[index].final && moves(rule))
			fault(check, rule->source, "step \"%s\" is final: nothing leads on from it",
				rule->from.items[i]);
	}
	if (rule->when.known == WORKFLOW_NO && (rule->from.count > 0 || !rule->to))
		fault(check, rule->source, "a rule for a new matter has a step \"to\" and none \"from\"");
}

/* Both keys may be left out, but not by rules that need them: the first that does stands for all. */
static void check_left_out(const struct check *check)
{
	const struct workflow *workflow = check->workflow;
	const struct workflow_rule *assigns = NULL, *asks = NULL;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];

		if (!assigns && rule->assign_count > 0 && rule->assign[0].role &&
		    strcmp(rule->assign[0].role, WORKFLOW_ROLE_ASKER) != 0)
			assigns = rule;
		if (!asks && rule->when.tag)
			asks = rule;
	}
	if (assigns && workflow->assigned.count == 0 && check->assigned_sound)
		fault(check, assigns->source, "\"%s\" is assigned, and the workflow has no \"assigned\" that names it",
			assigns->assign[0].role);
	if (asks && workflow->tags_count == 0)
		fault(check, asks->source, "[%s] is asked for, and the workflow has no \"tags\" that declare it",
			asks->when.tag);
}

/* A cite names one rule: register and log quote it. */
static void check_rules(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];

		for (size_t j = 0; j < i; j++)
			if (same(workflow->rules[j].cite, rule->cite))
				fault(check, rule->source, "there is a rule \"%s\" already, at %s", rule->cite,
					workflow->rules[j].source);
		check_when(check, rule);
		check_said(check, rule);
		check_effects(check, rule);
	}
}

static void check_rungs(const struct check *check, const struct workflow_rung *rungs, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		want_recipients(check, &rungs[i].to, false, false, rungs[i].source);
		want_recipients(check, &rungs[i].cc, false, false, rungs[i].source);
		want(check, check->templates, "template", rungs[i].template, rungs[i].source);
	}
}

static void check_deadlines(const struct check *check)
{
	const struct workflow *workflow = check->workflow;

	for (size_t i = 0; i < workflow->deadlines_count; i++) {
		const struct workflow_deadline *deadline = &workflow->deadlines[i];

		for (size_t j = 0; j < i; j++)
			if (same(workflow->deadlines[j].name, deadline->name))
				fault(check, deadline->source, "there is a deadline \"%s\" already, at %s",
					deadline->name,
					workflow->deadlines[j].source);
		if (same(deadline->name, LADDER_REVIEW) || same(deadline->name, LADDER_UNASSIGNED))
			fault(check, deadline->source, "the deadline \"%s\" has a meaning of its own: name it otherwise",
				deadline->name);
		check_rungs(check, deadline->ladder, deadline->ladder_count);
		check_rungs(check, deadline->unassigned, deadline->unassigned_count);
	}
}

/* What a rule does to clocks; where the inquiry ends, all of them stop. */
static void check_rule_clocks(const struct check *check, const struct workflow_rule *rule)
{
	int to = rule->to ? workflow_step_index(check->workflow, rule->to) : -1;

	want(check, &check->deadlines, "deadline", rule->starts, rule->source);
	want(check, &check->deadlines, "deadline", rule->stops, rule->source);
	if ((rule->starts || rule->stops) && check->workflow->deadlines_count == 0)
		fault(check, rule->source, "the rule starts or stops a deadline, and the workflow has no \"deadlines\"");
	if (same(rule->starts, rule->stops))
		fault(check, rule->source, "the rule both starts and stops the deadline \"%s\"", rule->starts);
	if (rule->starts && to >= 0 && check->workflow->steps[to].final)
		fault(check, rule->source, "the rule starts the deadline \"%s\" where the matter ends", rule->starts);
}

static bool is_started_by_rule(const struct workflow *workflow, const char *name)
{
	for (size_t i = 0; i < workflow->rules_count; i++)
		if (same(workflow->rules[i].starts, name))
			return true;
	return false;
}

/* A clock that a step stops cannot stand there; all of them stop where the inquiry ends. */
static void check_standing(const struct check *check, const struct workflow_deadline *deadline)
{
	want_all(check, &check->steps, "step", &deadline->stands, deadline->source);
	check_list_twice(check, &deadline->stands, "stands", deadline->source);
	for (size_t i = 0; i < deadline->stands.count; i++) {
		const char *id = deadline->stands.items[i];
		int index = workflow_step_index(check->workflow, id);

		if (message_strings_have(&deadline->stop, id) || (index >= 0 && check->workflow->steps[index].final))
			fault(check, deadline->source,
				"the deadline cannot stand at step \"%s\", which stops it: leave it out of stands", id);
	}
}

/* A step that started and stopped a clock would do neither. */
static void check_deadline_steps(const struct check *check)
{
	for (size_t i = 0; i < check->workflow->deadlines_count; i++) {
		const struct workflow_deadline *deadline = &check->workflow->deadlines[i];

		if (deadline->start.count == 0 && deadline->name && !is_started_by_rule(check->workflow, deadline->name))
			fault(check, deadline->source,
				"nothing starts the deadline \"%s\": give it start steps, or a rule that starts it",
				deadline->name);
		want_all(check, &check->steps, "step", &deadline->start, deadline->source);
		want_all(check, &check->steps, "step", &deadline->stop, deadline->source);
		check_standing(check, deadline);
		for (size_t j = 0; j < deadline->start.count; j++)
			if (message_strings_have(&deadline->stop, deadline->start.items[j]))
				fault(check, deadline->source, "step \"%s\" both starts and stops the deadline",
					deadline->start.items[j]);
	}
}

/* Has whoever read this line found nothing wrong with it? What it could not read is not there. */
static bool is_sound_so_far(const struct check *check, const char *source)
{
	for (size_t i = 0; source && i < check->faults->count; i++)
		if (same(check->faults->items[i].source, source))
			return false;
	return true;
}

/* What is declared, for all that only refers to it. */
static void collect_names(struct check *check)
{
	const struct workflow *workflow = check->workflow;
	const char **steps = arena_array(check->faults->arena, workflow->steps_count, sizeof(*steps));
	const char **tags = arena_array(check->faults->arena, workflow->tags_count, sizeof(*tags));
	const char **deadlines = arena_array(check->faults->arena, workflow->deadlines_count, sizeof(*deadlines));

	for (size_t i = 0; i < workflow->steps_count; i++)
		if (workflow->steps[i].id)
			steps[check->steps.count++] = workflow->steps[i].id;
	for (size_t i = 0; i < workflow->tags_count; i++)
		if (workflow->tags[i].name)
			tags[check->tags.count++] = workflow->tags[i].name;
	for (size_t i = 0; i < workflow->deadlines_count; i++)
		if (workflow->deadlines[i].name)
			deadlines[check->deadlines.count++] = workflow->deadlines[i].name;
	check->deadlines.items = deadlines;
	check->steps.items = steps;
	check->tags.items = tags;
	check->assigned_sound = is_sound_so_far(check, workflow->assigned_source);
	for (size_t i = 0; i < workflow->assigned.count; i++)
		if (!message_strings_have(&workflow->roles, workflow->assigned.items[i]))
			check->assigned_sound = false;
}

/* Returns whether steps and what names them are sound: then the graph can be followed. */
bool workflow_check_names(const struct workflow *workflow, const struct directory *directory,
	const struct message_strings *templates, struct workflow_faults *faults)
{
	struct check check = { .workflow = workflow, .directory = directory, .templates = templates, .faults = faults };
	size_t before;
	bool sound;

	collect_names(&check);
	check_roles(&check);
	check_digests(&check);
	check_tags(&check);
	check_addressees(&check);
	check_confidential(&check);
	before = faults->count;
	check_steps(&check);
	for (size_t i = 0; i < workflow->rules_count; i++) {
		check_rule_steps(&check, &workflow->rules[i]);
		check_rule_clocks(&check, &workflow->rules[i]);
	}
	check_deadline_steps(&check);
	sound = faults->count == before;
	check_rules(&check);
	check_left_out(&check);
	check_deadlines(&check);
	return sound;
}
