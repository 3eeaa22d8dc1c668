/*
 * Rules are tried in the order of the file, and the first that matches is followed; workflow_check_rules() has proved
 * that the order decides nothing, since no two rules that lead apart can match one mail. A rule matches by tag, shape,
 * step, sender and trust; the last three are asked apart, so that a refusal can say which of them failed.
 */
#include "core/decide_pass.h"

#include "base/text.h"
#include "core/change.h"
#include "core/classify.h"
#include "core/ladder.h"
#include "core/reach.h"
#include "core/subject.h"

#include <string.h>

/* Does the distribution list stand for somebody of the role's group? */
static bool list_reaches(const struct decide_pass *pass, const struct directory_list *list, const char *role)
{
	const struct directory *directory = pass->facts->directory;
	size_t count;
	const struct directory_person *const *people = directory_list_people(directory, list, &count);

	for (size_t i = 0; i < count; i++)
		if (directory_is_member(directory, people[i], role))
			return true;
	return false;
}

static bool reaches_role(const struct decide_pass *pass, const char *address, const char *role)
{
	const struct directory_list *list = directory_list_at(pass->facts->directory, address);

	return roles_is_reached(&pass->roles, address, role) || (list && list_reaches(pass, list, role));
}

/* Does one of the addresses reach somebody of one of the roles? */
static bool reaches_any(const struct decide_pass *pass, const struct message_addresses *addresses,
	const struct message_strings *wanted)
{
	for (size_t i = 0; wanted->count > 0 && i < addresses->count; i++)
		for (size_t j = 0; j < wanted->count; j++)
			if (reaches_role(pass, addresses->items[i].address, wanted->items[j]))
				return true;
	return false;
}

/* Of those who get it, wherever they stand. */
static bool copies_any(const struct decide_pass *pass, const struct message_strings *wanted)
{
	return reaches_any(pass, &pass->message->to, wanted) || reaches_any(pass, &pass->message->cc, wanted);
}

/* Only To counts: a copy to somebody outside sends the answer to nobody. */
static bool has_outsider(const struct decide_pass *pass)
{
	for (size_t i = 0; i < pass->message->to.count; i++)
		if (!directory_is_internal(pass->facts->directory, pass->message->to.items[i].address))
			return true;
	return false;
}

static bool lists_mailbox(const struct decide_pass *pass, const struct message_addresses *addresses)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (message_strings_have(&pass->home->addresses, addresses->items[i].address))
			return true;
	return false;
}

enum workflow_place decide_mailbox_place(const struct decide_pass *pass)
{
	if (lists_mailbox(pass, &pass->message->to))
		return WORKFLOW_PLACE_TO;
	return lists_mailbox(pass, &pass->message->cc) ? WORKFLOW_PLACE_CC : WORKFLOW_PLACE_BCC;
}

/* By the newest known message that this one answers, if it came since the step began: what was said before is old. */
static bool parent_is(const struct decide_pass *pass, const struct message_strings *wanted)
{
	const struct decide_ancestor *parent = pass->facts->ancestors_count ? pass->facts->ancestors : NULL;
	bool fresh = parent && (!pass->facts->inquiry || parent->arrived_at >= pass->facts->inquiry->step_at);
	const char *from = fresh ? parent->from : NULL;

	for (size_t i = 0; from && i < wanted->count; i++)
		if (roles_is_reached(&pass->roles, from, wanted->items[i]))
			return true;
	return false;
}

static bool is_wanted(enum workflow_want want, bool fact)
{
	return want == WORKFLOW_ANY || (want == WORKFLOW_YES) == fact;
}

/*
 * One that opens has no step yet. Of what has ended only those speak that name its final step: they move nothing.
 */
static bool step_matches(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	int step;

	if (!inquiry)
		return rule->from.count == 0 && rule->to;
	step = workflow_step_index(pass->facts->workflow, inquiry->step);
	if (step < 0 || (!inquiry_is_open(inquiry) && !pass->facts->workflow->steps[step].final))
		return false;	/* a step that is no longer configured, or closed there by a verb: only a verb helps */
	if (!inquiry_is_open(inquiry))
		return message_strings_have(&rule->from, inquiry->step);
	return workflow_rule_is_for(pass->facts->workflow, rule, step);
}

static bool sender_matches(const struct decide_pass *pass, const struct workflow_when *when)
{
	return when->sender.count == 0 ||
		(pass->decision->acting_role && message_strings_have(&when->sender, pass->decision->acting_role));
}

/* Has the sender one of the roles, in whichever he acts? */
static bool sender_is_any(const struct decide_pass *pass, const struct message_strings *wanted)
{
	for (size_t i = 0; pass->sender && i < wanted->count; i++)
		if (roles_may_act(&pass->roles, pass->sender, wanted->items[i]))
			return true;
	return false;
}

/* Has the sender one of the roles that the rule asks for? Where it asks for none: any role at all. */
static bool has_role_of(const struct decide_pass *pass, const struct workflow_when *when)
{
	return when->sender.count == 0 ? pass->decision->acting_role != NULL : sender_is_any(pass, &when->sender);
}

static bool may_open(const struct decide_pass *pass, const struct workflow_when *when)
{
	return when->known == WORKFLOW_NO && !when->tag && has_role_of(pass, when);
}

bool decide_is_opener(const struct decide_pass *pass)
{
	const struct workflow *workflow = pass->facts->workflow;

	if (!pass->sender || roles_may_act(&pass->roles, pass->sender, WORKFLOW_ROLE_OUTSIDER))
		return false;
	for (size_t i = 0; i < workflow->rules_count; i++)
		if (may_open(pass, &workflow->rules[i].when))
			return true;
	return false;
}

bool decide_opens_to_strangers(const struct decide_pass *pass)
{
	const struct workflow *workflow = pass->facts->workflow;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_when *when = &workflow->rules[i].when;

		if (when->known == WORKFLOW_NO && !when->tag && message_strings_have(&when->sender, WORKFLOW_ROLE_OUTSIDER))
			return true;
	}
	return false;
}

bool decide_is_messenger(const struct decide_pass *pass)
{
	const struct workflow *workflow = pass->facts->workflow;

	for (size_t i = 0; i < workflow->rules_count; i++)
		if (workflow->rules[i].when.automatic && workflow->rules[i].when.sender.count > 0 &&
		    has_role_of(pass, &workflow->rules[i].when))
			return true;
	return false;
}

/* News of failure, the inquiry's own subject set aside: a citizen may write about "fejl" himself. */
static bool tells_failure(const struct decide_pass *pass, const char *text)
{
	const char *topic = pass->facts->inquiry ? pass->facts->inquiry->subject : NULL;
	const char *found = text && topic && *topic ? strcasestr(text, topic) : NULL;

	if (!found)
		return classify_tells_failure(text);
	return classify_tells_failure(arena_strndup(pass->arena, text, (size_t)(found - text))) ||
		classify_tells_failure(found + strlen(topic));
}

static bool has_delivery_word(const struct decide_pass *pass, const char *text)
{
	const struct message_strings *words = &pass->facts->workflow->delivery_words;

	for (size_t i = 0; i < words->count; i++)
		if (strstr(text_lower(pass->arena, text), text_lower(pass->arena, words->items[i])))
			return true;
	return false;
}

/* In the workflow's words, the inquiry's own subject set aside here as well. */
static bool tells_delivery(const struct decide_pass *pass, const char *text)
{
	const char *topic = pass->facts->inquiry ? pass->facts->inquiry->subject : NULL;
	const char *found = text && topic && *topic ? strcasestr(text, topic) : NULL;

	if (!text)
		return false;
	if (!found)
		return has_delivery_word(pass, text);
	return has_delivery_word(pass, arena_strndup(pass->arena, text, (size_t)(found - text))) ||
		has_delivery_word(pass, found + strlen(topic));
}

static bool tells_absence(const struct message *message)
{
	return classify_tells_absence(message->subject) || classify_tells_absence(message->bare_subject);
}

bool decide_is_receipt(const struct decide_pass *pass)
{
	const struct message *message = pass->message;

	/* A machine answers by itself (Auto-Submitted: auto-replied) without being away. */
	if (message->kind == MESSAGE_BOUNCE || message->kind == MESSAGE_LIST ||
	    (message->kind == MESSAGE_ABSENCE && tells_absence(message)))
		return false;
	for (size_t i = 0; i < message->bounces.count; i++)
		if (!classify_is_delivered(message->bounces.items[i].action))
			return false;
	if (tells_failure(pass, message->subject) || tells_failure(pass, message->first_line))
		return false;
	/* A report says by its form what it is; what is written like a letter must say it. */
	return message->kind == MESSAGE_RECEIPT || tells_delivery(pass, message->subject) ||
		tells_delivery(pass, message->first_line);
}

static bool is_receipt_subject(const struct decide_pass *pass, const char *subject)
{
	struct subject parsed;

	subject_parse(pass->arena, &subject_grammar_default, subject, &parsed);
	return subject_of_receipt(pass->arena, &pass->facts->workflow->receipt_words, parsed.bare) != NULL;
}

/* What answers a receipt has its subject and is none. */
static bool has_receipt_subject(const struct decide_pass *pass)
{
	for (size_t i = 0; i < pass->facts->ancestors_count; i++)
		if (is_receipt_subject(pass, pass->facts->ancestors[i].subject))
			return false;
	return is_receipt_subject(pass, pass->message->subject);
}

/*
 * Is it a letter of who asked, written by him or passed on (A1)? Not the one that was passed on before: that the mail
 * which it answers was not seen here, and has been named by another.
 */
static bool is_askers_letter(const struct decide_pass *pass)
{
	const char *quoted = pass->message->quoted_from;

	if (pass->sender && roles_may_act(&pass->roles, pass->sender, WORKFLOW_ROLE_ASKER))
		return true;
	return quoted && roles_may_act(&pass->roles, quoted, WORKFLOW_ROLE_ASKER) && !pass->facts->passed_on_before;
}

/* The shape of the mail: everything but tag, step, sender and trust. */
static bool shape_matches(const struct decide_pass *pass, const struct workflow_when *when)
{
	return is_wanted(when->known, pass->facts->inquiry != NULL) &&
		when->copy == (pass->facts->thread.rung == THREAD_COPY) &&
		(when->also.count == 0 || sender_is_any(pass, &when->also)) && !sender_is_any(pass, &when->not_also) &&
		(when->to.count == 0 || reaches_any(pass, &pass->message->to, &when->to)) &&
		!reaches_any(pass, &pass->message->to, &when->not_to) &&
		!copies_any(pass, &when->not_cc) &&
		(when->parent.count == 0 || parent_is(pass, &when->parent)) &&
		is_wanted(when->link, pass->decision->case_link != NULL) &&
		is_wanted(when->outside, has_outsider(pass)) &&
		is_wanted(when->forward, pass->message->forward) &&
		/* asked only where it matters: it reads subjects */
		(when->receipt == WORKFLOW_ANY || is_wanted(when->receipt, has_receipt_subject(pass))) &&
		is_wanted(when->encrypted, pass->message->encrypted) &&
		is_wanted(when->asker, is_askers_letter(pass)) &&
		(when->mailbox == WORKFLOW_PLACE_ANY || when->mailbox == decide_mailbox_place(pass)) &&
		(when->automatic ? decide_is_receipt(pass) : pass->message->kind == MESSAGE_HUMAN);
}

bool decide_would_open(const struct decide_pass *pass)
{
	const struct workflow *workflow = pass->facts->workflow;
	struct decide_facts facts = *pass->facts;
	struct decide_pass alone = *pass;

	facts.inquiry = NULL;
	alone.facts = &facts;
	alone.home = facts.mailbox;
	for (size_t i = 0; i < workflow->rules_count; i++)
		if (may_open(&alone, &workflow->rules[i].when) && shape_matches(&alone, &workflow->rules[i].when) &&
		    (workflow->rules[i].when.cc.count == 0 || copies_any(&alone, &workflow->rules[i].when.cc)))
			return true;
	return false;
}

static bool tag_matches(const struct workflow_when *when, const struct tag *tag)
{
	if (!when->tag || !tag)
		return !when->tag && !tag;
	return strcmp(when->tag, tag->word) == 0;
}

bool decide_is_heard(const struct decide_pass *pass, const struct tag *tag)
{
	const struct workflow *workflow = pass->facts->workflow;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_when *when = &workflow->rules[i].when;

		if (when->tag && tag_matches(when, tag) && sender_matches(pass, when))
			return true;
	}
	return false;
}

/*
 * The last two questions. That somebody who must take part stands on no copy is the sender's to mend, and told him; how
 * far an answer has come is asked last of all, since whoever it must reach has to be looked up.
 */
static bool company_matches(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	return rule->when.cc.count == 0 || copies_any(pass, &rule->when.cc);
}

static bool reach_matches(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	return rule->when.reaches == WORKFLOW_ANY || is_wanted(rule->when.reaches, decide_reaches_all(pass, rule));
}

const struct workflow_rule *decide_find_rule(const struct decide_pass *pass, const struct tag *tag,
	enum decide_reason *ret_reason)
{
	const struct workflow *workflow = pass->facts->workflow;
	enum decide_reason reason = DECIDE_BY_NO_RULE;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];
		bool step = step_matches(pass, rule), sender = sender_matches(pass, &rule->when);
		bool trusted = is_wanted(rule->when.trusted, pass->event->trust.trusted);

		if (!tag_matches(&rule->when, tag) || !shape_matches(pass, &rule->when))
			continue;
		if (step && sender && trusted && !company_matches(pass, rule)) {
			reason = tag && reason != DECIDE_BY_UNTRUSTED ? DECIDE_BY_NOT_TOGETHER : reason;
			continue;
		}
		if (step && sender && trusted && reach_matches(pass, rule))
			return rule;
		if (step && sender && trusted)
			continue;
		/* What the sender can mend most easily is what he hears: trust before step before role. */
		if (step && sender)
			reason = DECIDE_BY_UNTRUSTED;
		else if (tag && sender && reason != DECIDE_BY_UNTRUSTED && reason != DECIDE_BY_NOT_TOGETHER)
			reason = DECIDE_BY_WRONG_STEP;
		else if (tag && reason == DECIDE_BY_NO_RULE)
			reason = DECIDE_BY_WRONG_ROLE;
	}
	*ret_reason = reason;
	return NULL;
}

bool decide_is_done(const struct decide_pass *pass, const struct tag *tag)
{
	const struct workflow *workflow = pass->facts->workflow;
	const struct inquiry *inquiry = pass->facts->inquiry;
	int step = workflow_step_index(workflow, inquiry->step);

	if (step < 0 || !workflow->steps[step].final)
		return false;	/* closed by a verb: it never came there */
	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];

		if (rule->to && strcmp(rule->to, inquiry->step) == 0 && rule->when.tag && tag_matches(&rule->when, tag) &&
		    sender_matches(pass, &rule->when))
			return true;
	}
	return false;
}

static const struct directory_person *who_answers(const struct decide_pass *pass, const char *role)
{
	const struct decide_facts *facts = pass->facts;

	return directory_present(facts->directory,
		ladder_person(facts->workflow, facts->directory, &pass->decision->after, role));
}

/* Who asked gets a mail of ours only where people.conf knows him, and himself: nobody stands in for him. */
static const struct directory_person *known_asker(const struct decide_pass *pass)
{
	return directory_person_at(pass->facts->directory, pass->decision->after.asker);
}

/* The chair of the list that the tag names; where nobody is known to chair it, the owner sees to it. */
static const struct directory_person *find_chair(const struct decide_pass *pass)
{
	const struct directory *directory = pass->facts->directory;
	const struct directory_person *chair = reach_find_chair(directory, pass->named_list);

	return directory_present(directory, chair ? chair : ladder_owner(pass->facts->workflow, directory));
}

static const struct directory_person *find_recipient(const struct decide_pass *pass, const char *role)
{
	if (strcmp(role, WORKFLOW_ROLE_ASKER) == 0)
		return known_asker(pass);
	return strcmp(role, WORKFLOW_ROLE_CHAIR) == 0 ? find_chair(pass) : who_answers(pass, role);
}

/* To whoever has the role after the change, the new caseworker and not the old one, or who is there for him today. */
static void send_mails(struct decide_pass *pass, const struct workflow_rule *rule)
{
	for (size_t i = 0; i < rule->mails_count; i++) {
		for (size_t j = 0; j < rule->mails[i].to.count; j++) {
			const char *role = rule->mails[i].to.items[j];
			bool asker = strcmp(role, WORKFLOW_ROLE_ASKER) == 0;
			const struct directory_person *person = find_recipient(pass, role);

			if (person)
				decide_add_mail(pass->decision, person->address, rule->mails[i].template, asker);
		}
	}
}

static bool is_same_text(const char *a, const char *b)
{
	return a == b || (a && b && strcmp(a, b) == 0);
}

/* Who has got an answer has got it: lists only grow, or are emptied. */
static bool is_same_reach(const struct inquiry_reach *before, const struct inquiry_reach *after)
{
	return before->short_of == after->short_of && before->people.count == after->people.count &&
		before->corrected.count == after->corrected.count && is_same_text(before->audience, after->audience) &&
		is_same_text(before->decided_by, after->decided_by) && is_same_text(before->decided_with, after->decided_with);
}

static bool has_clock(const struct inquiry *inquiry, const struct inquiry_clock *clock)
{
	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		const struct inquiry_clock *other = &inquiry->clocks[i];

		if (strcmp(other->deadline, clock->deadline) == 0)
			return other->due_at == clock->due_at && other->stopped_at == clock->stopped_at &&
				other->standing == clock->standing && other->ended == clock->ended;
	}
	return false;
}

/* Did the rule leave everything as it was: the same step, round, people and clocks? */
static bool is_unchanged(const struct inquiry *before, const struct inquiry *after)
{
	/* case_link by its pointer: an image that was not touched shares its texts with the one before. */
	if (before->round != after->round || strcmp(before->step, after->step) != 0 ||
	    before->assignments_count != after->assignments_count || before->case_link != after->case_link ||
	    !is_same_reach(&before->reach, &after->reach))
		return false;
	for (size_t i = 0; i < after->assignments_count; i++)
		if (!inquiry_is_assigned(before, after->assignments[i].role, after->assignments[i].person))
			return false;
	for (size_t i = 0; i < after->clocks_count; i++)
		if (!has_clock(before, &after->clocks[i]))
			return false;
	return true;
}

bool decide_is_overtaken(const struct decide_pass *pass, bool by_word)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	int64_t said_at = pass->facts->said_at;

	return said_at && inquiry && (said_at < inquiry->round_at || said_at < inquiry->step_at ||
		(by_word && said_at < pass->facts->latest_at));
}

/*
 * Each folder is read by itself, so after a standstill a mail may be read before an older one. What answers the mail by
 * which the step began is newer all the same, whatever the clock says of the program that put it into the sent items.
 */
static bool is_read_late(const struct decide_pass *pass)
{
	const struct inquiry *inquiry = pass->facts->inquiry;

	if (!inquiry || pass->facts->said_at || pass->event->arrived_at >= inquiry->step_at)
		return false;
	for (size_t i = 0; i < pass->facts->ancestors_count; i++)
		if (pass->facts->ancestors[i].arrived_at >= inquiry->step_at)
			return false;
	return true;
}

/* To whom a matter was passed on: the first in To who is not the mailbox. */
static const char *name_recipient(const struct decide_pass *pass)
{
	const struct message_addresses *to = &pass->message->to;

	for (size_t i = 0; i < to->count; i++) {
		const char *address = to->items[i].address;
		const struct directory_person *person = directory_person_at(pass->facts->directory, address);

		if (!message_strings_have(&pass->home->addresses, address))
			return person ? person->name : address;
	}
	return "";
}

void decide_apply_rule(struct decide_pass *pass, const struct workflow_rule *rule)
{
	const struct workflow *workflow = pass->facts->workflow;
	bool opens = !pass->facts->inquiry, moved;
	struct inquiry *inquiry;
	int step;

	if ((rule->to || rule->assign_count) && (is_read_late(pass) || decide_is_overtaken(pass, rule->when.tag != NULL))) {
		decide_conclude(pass, is_read_late(pass) ? DECIDE_NOTED : DECIDE_REFUSED, DECIDE_BY_OVERTAKEN);
		return;
	}
	if (rule->audience != WORKFLOW_AUDIENCE_SAME && !decide_has_audience(pass, rule)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_NO_AUDIENCE);
		return;
	}
	inquiry = opens ? decide_open_inquiry(pass) : decide_begin_change(pass);
	step = workflow_step_index(workflow, rule->to ? rule->to : inquiry->step);
	pass->decision->rule = rule->cite;
	pass->roles.inquiry = inquiry;	/* who is named for one role may depend on who has just got another */
	for (size_t i = 0; i < rule->assign_count; i++)
		change_assign(inquiry, &pass->roles, &rule->assign[i], pass->message);
	if (pass->decision->case_link && rule->when.link == WORKFLOW_YES)
		inquiry->case_link = pass->decision->case_link;
	if (inquiry->ended_at == 0)	/* what has ended stays so */
		change_enter_step(inquiry, workflow, pass->facts->calendar, step, rule->next_round, pass->event->arrived_at);
	change_rule_clocks(inquiry, workflow, pass->facts->calendar, rule, pass->event->arrived_at);
	decide_record_reach(pass, rule, inquiry);
	if (rule->note) {
		inquiry->noted = rule->note;
		inquiry->noted_at = pass->event->arrived_at;
	}
	if ((opens || (rule->to && pass->facts->inquiry->ended_at == 0)) && workflow->steps[step].names_recipient)
		inquiry->closed = arena_printf(pass->arena, "%s til %s", workflow->steps[step].title, name_recipient(pass));
	moved = !opens && !is_unchanged(pass->facts->inquiry, inquiry);
	pass->decision->changed = opens || moved || rule->note;
	decide_conclude(pass, opens ? DECIDE_OPENED : moved ? DECIDE_MOVED : DECIDE_NOTED, DECIDE_BY_RULE);
	if (pass->decision->changed)
		send_mails(pass, rule);
}
