#include "core/decide.h"

#include "base/text.h"
#include "core/addressee.h"
#include "core/caselink.h"
#include "core/change.h"
#include "core/ladder.h"
#include "core/roles.h"
#include "core/tag.h"

#include <string.h>

/* One message on its way through the decision. */
struct pass {
	struct arena *arena;
	const struct decide_facts *facts;
	const struct decide_event *event;
	const struct message *message;
	struct roles roles;
	const char *sender;		/* address; NULL: not exactly one valid */
	struct decision *decision;
};

static void conclude(struct pass *pass, enum decide_outcome outcome, enum decide_reason reason)
{
	pass->decision->outcome = outcome;
	pass->decision->reason = reason;
}

/* Starts the new image from the old one. */
static struct inquiry *begin_change(struct pass *pass)
{
	struct decision *decision = pass->decision;

	if (!decision->changed && pass->facts->inquiry)
		decision->after = *pass->facts->inquiry;
	decision->changed = true;
	return &decision->after;
}

static bool is_owner(const struct pass *pass)
{
	const struct workflow *workflow = pass->facts->workflow;

	for (size_t i = 0; i < workflow->owners.count; i++)
		if (roles_may_act(&pass->roles, pass->sender, workflow->owners.items[i]))
			return true;
	return false;
}

/* Does it come, vouched for, from those who keep the mailbox? */
static bool is_ours(const struct pass *pass)
{
	return pass->event->trust.trusted &&
		(message_strings_have(&pass->facts->mailbox, pass->sender) || is_owner(pass));
}

static void add_mail(struct decision *decision, const char *to, const char *template)
{
	for (size_t i = 0; i < decision->mails_count; i++)
		if (strcmp(decision->mails[i].to, to) == 0 && strcmp(decision->mails[i].template, template) == 0)
			return;
	if (decision->mails_count < sizeof(decision->mails) / sizeof(decision->mails[0]))
		decision->mails[decision->mails_count++] = (struct decide_mail){ to, template };
}

/* ---- a new inquiry ---- */

static struct inquiry *open_inquiry(struct pass *pass)
{
	struct inquiry *inquiry = &pass->decision->after;

	pass->decision->changed = true;
	*inquiry = (struct inquiry){
		.key = pass->facts->next_key,
		.workflow = pass->facts->workflow->id,
		.round = 1,
		.subject = pass->message->bare_subject,
		.received_at = pass->event->arrived_at, .round_at = pass->event->arrived_at,
	};
	addressee_fill(pass->arena, pass->facts->workflow, pass->facts->directory, pass->message, inquiry);
	return inquiry;
}

/* ---- rules ---- */

static bool reaches_any(const struct pass *pass, const struct message_addresses *addresses,
	const struct message_strings *wanted)
{
	for (size_t i = 0; i < addresses->count; i++)
		for (size_t j = 0; j < wanted->count; j++)
			if (roles_is_reached(&pass->roles, addresses->items[i].address, wanted->items[j]))
				return true;
	return false;
}

static bool has_outsider(const struct pass *pass)
{
	for (size_t i = 0; i < pass->message->to.count; i++)
		if (!directory_is_internal(pass->facts->directory, pass->message->to.items[i].address))
			return true;
	return false;
}

static bool lists_mailbox(const struct pass *pass, const struct message_addresses *addresses)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (message_strings_have(&pass->facts->mailbox, addresses->items[i].address))
			return true;
	return false;
}

static enum workflow_place mailbox_place(const struct pass *pass)
{
	if (lists_mailbox(pass, &pass->message->to))
		return WORKFLOW_PLACE_TO;
	return lists_mailbox(pass, &pass->message->cc) ? WORKFLOW_PLACE_CC : WORKFLOW_PLACE_BCC;
}

static bool parent_is(const struct pass *pass, const struct message_strings *wanted)
{
	const char *from = pass->facts->ancestors_count ? pass->facts->ancestors[0].from : NULL;

	for (size_t i = 0; from && i < wanted->count; i++)
		if (roles_is_reached(&pass->roles, from, wanted->items[i]))
			return true;
	return false;
}

static bool is_wanted(enum workflow_want want, bool fact)
{
	return want == WORKFLOW_ANY || (want == WORKFLOW_YES) == fact;
}

static bool step_matches(const struct pass *pass, const struct workflow_rule *rule)
{
	const struct inquiry *inquiry = pass->facts->inquiry;

	if (!inquiry)
		return rule->from.count == 0 && rule->to;
	if (!inquiry_is_open(inquiry) || workflow_step_index(pass->facts->workflow, inquiry->step) < 0)
		return false;	/* a step that is no longer configured: only a verb helps */
	return rule->from.count == 0 || message_strings_have(&rule->from, inquiry->step);
}

static bool sender_matches(const struct pass *pass, const struct workflow_when *when)
{
	return when->sender.count == 0 ||
		(pass->decision->acting_role && message_strings_have(&when->sender, pass->decision->acting_role));
}

/* The shape of the mail: everything but tag, step, sender and trust. */
static bool shape_matches(const struct pass *pass, const struct workflow_when *when)
{
	return is_wanted(when->known, pass->facts->inquiry != NULL) &&
		(when->to.count == 0 || reaches_any(pass, &pass->message->to, &when->to)) &&
		!reaches_any(pass, &pass->message->to, &when->not_to) &&
		(when->parent.count == 0 || parent_is(pass, &when->parent)) &&
		is_wanted(when->link, pass->decision->case_link != NULL) &&
		is_wanted(when->outside, has_outsider(pass)) &&
		is_wanted(when->forward, pass->message->forward) &&
		(when->mailbox == WORKFLOW_PLACE_ANY || when->mailbox == mailbox_place(pass)) &&
		(when->automatic || pass->message->kind == MESSAGE_HUMAN);
}

static bool tag_matches(const struct workflow_when *when, const struct tag *tag)
{
	if (!when->tag || !tag)
		return !when->tag && !tag;
	return strcmp(when->tag, tag->word) == 0;
}

/*
 * The rule for this tag (NULL: by shape). None: what stood nearest in the way, of a rule that would have matched but
 * for that; trust before step before role, for the sender can do something about the first.
 */
static const struct workflow_rule *find_rule(const struct pass *pass, const struct tag *tag,
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
		if (step && sender && trusted)
			return rule;
		if (step && sender)
			reason = DECIDE_BY_UNTRUSTED;
		else if (tag && sender && reason != DECIDE_BY_UNTRUSTED)
			reason = DECIDE_BY_WRONG_STEP;
		else if (tag && reason == DECIDE_BY_NO_RULE)
			reason = DECIDE_BY_WRONG_ROLE;
	}
	*ret_reason = reason;
	return NULL;
}

static void send_mails(struct pass *pass, const struct workflow_rule *rule)
{
	const struct decide_facts *facts = pass->facts;

	for (size_t i = 0; i < rule->mails_count; i++) {
		for (size_t j = 0; j < rule->mails[i].to.count; j++) {
			const struct directory_person *person = ladder_person(facts->workflow, facts->directory,
				&pass->decision->after, rule->mails[i].to.items[j]);

			if (person)
				add_mail(pass->decision, person->address, rule->mails[i].template);
		}
	}
}

/* Did the rule leave everything as it was: the same step, round and people? */
static bool is_unchanged(const struct inquiry *before, const struct inquiry *after)
{
	if (before->round != after->round || strcmp(before->step, after->step) != 0 ||
	    before->assignments_count != after->assignments_count || before->case_link != after->case_link)
		return false;
	for (size_t i = 0; i < after->assignments_count; i++)
		if (!inquiry_is_assigned(before, after->assignments[i].role, after->assignments[i].person))
			return false;
	return true;
}

static void apply_rule(struct pass *pass, const struct workflow_rule *rule)
{
	const struct workflow *workflow = pass->facts->workflow;
	bool opens = !pass->facts->inquiry;
	struct inquiry *inquiry = opens ? open_inquiry(pass) : begin_change(pass);
	int step = workflow_step_index(workflow, rule->to ? rule->to : inquiry->step);

	pass->decision->rule = rule->cite;
	pass->roles.inquiry = inquiry;	/* who is named for one role may depend on who has just got another */
	for (size_t i = 0; i < rule->assign_count; i++)
		change_assign(inquiry, &pass->roles, &rule->assign[i], pass->message);
	if (pass->decision->case_link && rule->when.link == WORKFLOW_YES)
		inquiry->case_link = pass->decision->case_link;
	change_enter_step(inquiry, workflow, pass->facts->calendar, step, rule->next_round, pass->event->arrived_at);
	pass->decision->changed = opens || !is_unchanged(pass->facts->inquiry, inquiry);
	conclude(pass, opens ? DECIDE_OPENED : pass->decision->changed ? DECIDE_MOVED : DECIDE_NOTED, DECIDE_BY_RULE);
	if (pass->decision->changed)
		send_mails(pass, rule);
}

/* ---- verbs that every workflow has ---- */

static void close_inquiry(struct pass *pass, const char *why)
{
	change_close(begin_change(pass), why, pass->event->arrived_at);
	conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

static void verb_close(struct pass *pass, const struct tag *tag)
{
	(void)tag;
	close_inquiry(pass, "afsluttet");
}

static void verb_not_inquiry(struct pass *pass, const struct tag *tag)
{
	const struct decide_facts *facts = pass->facts;
	bool waits = facts->ancestors_count > 0 && facts->ancestors[0].waiting;

	(void)tag;
	if (facts->inquiry && inquiry_is_open(facts->inquiry)) {
		close_inquiry(pass, "ikke en henvendelse");
	} else if (facts->inquiry && !waits) {
		conclude(pass, DECIDE_REFUSED, DECIDE_BY_CLOSED);
	} else {
		pass->decision->dismiss = true;
		conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
	}
}

static void verb_new_deadline(struct pass *pass, const struct tag *tag)
{
	int today = calendar_local(pass->event->arrived_at).date, date;

	if (calendar_parse_date(tag->argument, today, &date) != 0 || date < today ||
	    !change_set_deadline(begin_change(pass), date)) {
		pass->decision->changed = false;
		conclude(pass, DECIDE_REFUSED, DECIDE_BY_BAD_ARGUMENT);
		return;
	}
	conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

static void verb_undo(struct pass *pass, const struct tag *tag)
{
	struct inquiry *after;
	int64_t id = pass->facts->inquiry->id;

	(void)tag;
	if (!pass->facts->before) {
		conclude(pass, DECIDE_REFUSED, DECIDE_BY_NOTHING_TO_UNDO);
		return;
	}
	after = begin_change(pass);
	*after = *pass->facts->before;
	after->id = id;
	conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

/* Does the message answer the very one that opened the inquiry? */
static bool answers_opening(const struct pass *pass)
{
	return pass->facts->ancestors_count > 0 &&
		pass->facts->ancestors[0].arrived_at == pass->facts->inquiry->received_at;
}

/*
 * The waiting message that this one answers belongs to the inquiry named. If it answers one that has opened an inquiry
 * of its own, that was the same matter: it ends, pointing at the other.
 */
static void verb_belongs_to(struct pass *pass, const struct tag *tag)
{
	const struct inquiry *named = pass->facts->named;
	/* The key that the verb itself names is no evidence of where the message belonged before. */
	bool elsewhere = named && pass->facts->inquiry && pass->facts->inquiry->id != named->id;

	(void)tag;
	if (!named)
		conclude(pass, DECIDE_REFUSED, DECIDE_BY_NO_INQUIRY);
	else if (elsewhere && !inquiry_is_open(pass->facts->inquiry))
		conclude(pass, DECIDE_REFUSED, DECIDE_BY_CLOSED);
	else if (elsewhere && !answers_opening(pass))
		conclude(pass, DECIDE_REFUSED, DECIDE_BY_NOT_OPENING);
	else if (elsewhere)
		close_inquiry(pass, arena_printf(pass->arena, "hører til %s", named->key));
	else {
		pass->decision->place = true;
		conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
	}
}

/* What waited for the owner's word counts from the day on which it arrived. */
static void verb_new_inquiry(struct pass *pass, const struct tag *tag)
{
	const struct decide_facts *facts = pass->facts;
	struct inquiry *inquiry = open_inquiry(pass);

	(void)tag;
	if (facts->ancestors_count > 0 && facts->ancestors[0].waiting)
		inquiry->received_at = inquiry->round_at = facts->ancestors[0].arrived_at;
	change_enter_step(inquiry, facts->workflow, facts->calendar, 0, false, inquiry->received_at);
	pass->decision->adopt = true;
	conclude(pass, DECIDE_OPENED, DECIDE_BY_VERB);
}

/* The inquiry goes to another workflow's first step; its key, which people know by now, and its arrival stay. */
static void verb_move_to(struct pass *pass, const struct tag *tag)
{
	const struct workflow *target = NULL;
	struct inquiry *inquiry;

	for (size_t i = 0; i < pass->facts->workflows_count; i++) {
		const struct workflow *workflow = &pass->facts->workflows[i];

		if (text_equal_fold(tag->argument, workflow->key) || text_equal_fold(tag->argument, workflow->name) ||
		    text_equal_fold(tag->argument, workflow->id))
			target = workflow;
	}
	if (!target || target == pass->facts->workflow) {
		conclude(pass, DECIDE_REFUSED, DECIDE_BY_BAD_ARGUMENT);
		return;
	}
	inquiry = begin_change(pass);
	inquiry->workflow = target->id;
	inquiry->step = NULL;
	inquiry->assignments_count = inquiry->clocks_count = inquiry->unseen_count = 0;
	change_enter_step(inquiry, target, pass->facts->calendar, 0, false, inquiry->received_at);
	inquiry->step_at = pass->event->arrived_at;
	conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

/* Which inquiry a verb wants to find. */
enum verb_needs { NEEDS_NOTHING, NEEDS_OPEN, NEEDS_ANY };

static const struct verb {
	enum verb_needs needs;
	void (*carry_out)(struct pass *pass, const struct tag *tag);
} verbs[] = {
	[TAG_NEW_INQUIRY] = { NEEDS_NOTHING, verb_new_inquiry },
	[TAG_BELONGS_TO] = { NEEDS_NOTHING, verb_belongs_to },
	[TAG_MOVE_TO] = { NEEDS_OPEN, verb_move_to },
	[TAG_NEW_DEADLINE] = { NEEDS_OPEN, verb_new_deadline },
	[TAG_CLOSE] = { NEEDS_OPEN, verb_close },
	[TAG_UNDO] = { NEEDS_ANY, verb_undo },
	[TAG_NOT_INQUIRY] = { NEEDS_NOTHING, verb_not_inquiry },
};

/* The owner may use every verb; whoever made a change may take that one back. */
static bool may_use(const struct pass *pass, const struct tag *tag)
{
	const char *actor = pass->decision->actor;

	if (is_owner(pass))
		return true;
	return tag->which == TAG_UNDO && actor && pass->facts->before_by &&
		strcmp(actor, pass->facts->before_by) == 0;
}

/* ---- the order of questions ---- */

/* A tag that stands in the subject and does not count, and why. */
struct heard {
	struct tag tag;
	enum decide_reason reason;
};

/*
 * Did somebody mean it all the same, so that he must hear that it did not count? A word of ours in answer to a mail
 * that was never seen here may be his own; so may a verb in an owner's forward, an unknown word from whoever holds the
 * step, and a word that the subject held before, put there once more.
 */
static bool is_misheard(const struct pass *pass, const struct heard *heard)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	int step = inquiry && inquiry_is_open(inquiry) ? workflow_step_index(pass->facts->workflow, inquiry->step) : -1;
	const char *holder = step >= 0 ? pass->facts->workflow->steps[step].holder : NULL;

	if (!pass->event->trust.trusted || !pass->decision->actor)
		return false;
	switch (heard->reason) {
	case DECIDE_BY_PARENT_UNKNOWN:
		return inquiry || is_owner(pass);
	case DECIDE_BY_FORWARD:
		return heard->tag.verb && is_owner(pass);
	case DECIDE_BY_NOT_FRESH:
		return heard->tag.again;
	case DECIDE_BY_UNKNOWN_TAG:
		return holder && pass->decision->acting_role && strcmp(holder, pass->decision->acting_role) == 0;
	default:
		return false;
	}
}

/* Does the sender act as one whose mail opens inquiries? */
static bool is_opener(const struct pass *pass)
{
	const struct workflow *workflow = pass->facts->workflow;

	for (size_t i = 0; pass->decision->acting_role && i < workflow->rules_count; i++)
		if (workflow->rules[i].when.known == WORKFLOW_NO && !workflow->rules[i].when.tag &&
		    sender_matches(pass, &workflow->rules[i].when))
			return true;
	return false;
}

/*
 * Thanks for what is closed are only noted; but a forward from somebody whose mail opens inquiries may be a new matter
 * in an old thread, and a person must look at it.
 */
static bool brings_news(const struct pass *pass)
{
	return pass->message->forward && is_opener(pass);
}

/*
 * What fits no rule: nothing for a closed or known inquiry; what belongs to none must not get lost. heard: why tags
 * that the message carries do not count.
 */
static void decide_unmatched(struct pass *pass, enum decide_reason reason, const struct heard *heard)
{
	const struct inquiry *inquiry = pass->facts->inquiry;

	if (heard && is_misheard(pass, heard))
		conclude(pass, DECIDE_REFUSED, heard->reason);
	else if (inquiry && reason == DECIDE_BY_UNTRUSTED)
		conclude(pass, DECIDE_REFUSED, reason);
	else if (inquiry && !inquiry_is_open(inquiry))
		conclude(pass, brings_news(pass) ? DECIDE_WAITING : DECIDE_NOTED, DECIDE_BY_CLOSED);
	else if (inquiry)
		conclude(pass, DECIDE_NOTED, heard ? heard->reason : reason);
	else if (is_ours(pass))
		conclude(pass, DECIDE_UNRELATED, DECIDE_BY_NO_RULE);
	else
		conclude(pass, DECIDE_WAITING, DECIDE_BY_NO_INQUIRY);
}

static void decide_shape(struct pass *pass, const struct heard *heard)
{
	enum decide_reason reason = DECIDE_BY_NO_RULE;
	const struct workflow_rule *rule = find_rule(pass, NULL, &reason);

	if (rule && !pass->facts->stray_receipt)
		apply_rule(pass, rule);
	else
		decide_unmatched(pass, reason, heard);
}

/*
 * A word that cannot be followed. Where it belongs to no inquiry it may be a citizen's, copied into the subject: the
 * mail is then what its shape says, and is not lost for the word.
 */
static void refuse(struct pass *pass, enum decide_reason reason)
{
	conclude(pass, DECIDE_REFUSED, reason);
	if (pass->facts->inquiry || is_ours(pass))
		return;
	decide_shape(pass, NULL);
	if (pass->decision->outcome == DECIDE_WAITING && pass->event->trust.trusted && pass->decision->actor)
		conclude(pass, DECIDE_REFUSED, reason);
}

static void decide_verb(struct pass *pass, const struct tag *tag)
{
	const struct verb *verb = &verbs[tag->which];
	const struct inquiry *inquiry = pass->facts->inquiry;

	if (!may_use(pass, tag))
		refuse(pass, DECIDE_BY_WRONG_ROLE);
	else if (!pass->event->trust.trusted)
		refuse(pass, DECIDE_BY_UNTRUSTED);
	else if (verb->needs != NEEDS_NOTHING && !inquiry)
		refuse(pass, DECIDE_BY_NO_INQUIRY);
	else if (verb->needs == NEEDS_OPEN && !inquiry_is_open(inquiry))
		refuse(pass, DECIDE_BY_CLOSED);
	else {
		pass->decision->rule = tag->word;
		verb->carry_out(pass, tag);
	}
}

static void decide_step_tag(struct pass *pass, const struct tag *tag)
{
	enum decide_reason reason;
	const struct workflow_rule *rule = find_rule(pass, tag, &reason);

	if (rule)
		apply_rule(pass, rule);
	else if (!pass->facts->inquiry)
		refuse(pass, DECIDE_BY_NO_INQUIRY);
	else if (!inquiry_is_open(pass->facts->inquiry))
		refuse(pass, DECIDE_BY_CLOSED);
	else
		refuse(pass, reason == DECIDE_BY_NO_RULE ? DECIDE_BY_WRONG_ROLE : reason);
}

/* Between two candidates only the owner's word helps, and only a verb that asks for no inquiry. */
static bool settles_candidates(const struct pass *pass, enum tag_finding finding, const struct tag *tag)
{
	return finding == TAG_COUNTS && tag->verb && verbs[tag->which].needs == NEEDS_NOTHING && is_owner(pass) &&
		pass->event->trust.trusted;
}

static void decide_human(struct pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	const struct tag_context context = {
		.workflow = facts->workflow, .message = pass->message, .ancestors = facts->ancestors,
		.ancestors_count = facts->ancestors_count, .parent_unknown = facts->parent_unknown,
		.round = facts->inquiry ? facts->inquiry->round : 0,
		.round_at = facts->inquiry ? facts->inquiry->round_at : 0,
	};
	struct heard heard = { .tag = { .word = NULL }, .reason = DECIDE_BY_NO_RULE };
	enum tag_finding finding = tag_find_fresh(pass->arena, &context, &heard.tag, &heard.reason);

	pass->decision->tag = heard.tag.word;
	if (facts->thread.candidates_count > 1 && !settles_candidates(pass, finding, &heard.tag))
		conclude(pass, DECIDE_WAITING, DECIDE_BY_TWO_CANDIDATES);
	else if (finding == TAG_COUNTS && heard.tag.verb)
		decide_verb(pass, &heard.tag);
	else if (finding == TAG_COUNTS)
		decide_step_tag(pass, &heard.tag);
	else if (finding == TAG_VOID)
		refuse(pass, heard.reason);
	else
		decide_shape(pass, finding == TAG_CARRIED ? &heard : NULL);
}

/* A trusted colleague whose word did not count is told so, once, shortly. */
static void tell_refused(struct pass *pass)
{
	if (pass->decision->outcome == DECIDE_REFUSED && pass->event->trust.trusted && !pass->message->automatic &&
	    directory_person_at(pass->facts->directory, pass->sender))
		add_mail(pass->decision, pass->sender, "ikke-talt");
}

/* An inquiry may come through a distribution list or a form: a person must see what those send who open inquiries. */
static bool might_open(const struct pass *pass)
{
	enum message_kind kind = pass->message->kind;

	return !pass->facts->inquiry && !pass->facts->stray_receipt &&
		(kind == MESSAGE_LIST || kind == MESSAGE_AUTOMATIC) && is_opener(pass);
}

/* A1: inquiry and receipt may come as two mails. The second may be the one with the citizen's letter. */
static void complete_inquiry(struct pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	const struct inquiry *inquiry = facts->inquiry;

	if (inquiry && inquiry_is_open(inquiry) && inquiry->round == 1 &&
	    workflow_step_index(facts->workflow, inquiry->step) == 0 && pass->event->trust.trusted && is_opener(pass) &&
	    addressee_asker(facts->directory, pass->message))
		pass->decision->changed = addressee_fill(pass->arena, facts->workflow, facts->directory, pass->message,
			begin_change(pass));
}

static void decide_automatic(struct pass *pass)
{
	enum decide_reason reason;
	const struct workflow_rule *rule = pass->facts->inquiry && pass->sender ?
		find_rule(pass, NULL, &reason) : NULL;

	if (rule && rule->when.automatic)
		apply_rule(pass, rule);
	else if (might_open(pass))
		conclude(pass, DECIDE_WAITING, DECIDE_BY_NOT_HUMAN);
	else
		conclude(pass, DECIDE_AUTOMATIC, DECIDE_BY_NOT_HUMAN);
}

void decide_message(struct arena *arena, const struct decide_facts *facts, const struct decide_event *event,
	struct decision *ret_decision)
{
	const struct message *message = event->message;
	struct pass pass = {
		.arena = arena, .facts = facts, .event = event, .message = message,
		.roles = { facts->workflow, facts->directory, &facts->mailbox, facts->inquiry },
		.sender = message->from ? message->from->address : NULL, .decision = ret_decision,
	};
	const struct directory_person *person = directory_person_at(facts->directory, pass.sender);

	*ret_decision = (struct decision){ .actor = person ? person->id : NULL };
	ret_decision->case_link = caselink_find(arena, &facts->workflow->case_numbers, message);
	if (pass.sender)
		ret_decision->acting_role = roles_acting(&pass.roles, pass.sender);

	if (facts->past)
		conclude(&pass, DECIDE_PAST, DECIDE_BY_BEFORE_START);
	else if (message_strings_have(&message->defects, "unreadable"))
		conclude(&pass, DECIDE_SET_ASIDE, DECIDE_BY_UNREADABLE);
	else if (message->kind != MESSAGE_HUMAN || message->automatic)
		decide_automatic(&pass);
	else if (!pass.sender)
		conclude(&pass, DECIDE_WAITING, DECIDE_BY_NO_SENDER);
	else
		decide_human(&pass);
	if (ret_decision->outcome == DECIDE_NOTED && !ret_decision->changed)
		complete_inquiry(&pass);
	if (ret_decision->outcome == DECIDE_REFUSED)
		tell_refused(&pass);
}
