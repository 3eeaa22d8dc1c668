/*
 * The order of questions: is it of the past, unreadable, a report of failure, a robot's? Only then what a person says.
 * Of that the tag comes first, a verb or a word of the workflow; without one that counts, the mail's shape. Each
 * question ends in decide_conclude(); what follows from an outcome (completing, keeping, telling) stands at the end of
 * decide_message().
 */
#include "core/decide.h"

#include "base/text.h"
#include "core/addressee.h"
#include "core/caselink.h"
#include "core/decide_pass.h"
#include "core/ladder.h"
#include "core/privacy.h"
#include "core/reach.h"
#include "core/subject.h"

#include <string.h>

void decide_conclude(struct decide_pass *pass, enum decide_outcome outcome, enum decide_reason reason)
{
	pass->decision->outcome = outcome;
	pass->decision->reason = reason;
}

struct inquiry *decide_begin_change(struct decide_pass *pass)
{
	struct decision *decision = pass->decision;

	if (!decision->changed && pass->facts->inquiry)
		decision->after = *pass->facts->inquiry;
	decision->changed = true;
	return &decision->after;
}

bool decide_is_owner(const struct decide_pass *pass)
{
	const struct workflow *workflow = pass->facts->workflow;

	for (size_t i = 0; i < workflow->owners.count; i++)
		if (roles_may_act(&pass->roles, pass->sender, workflow->owners.items[i]))
			return true;
	return false;
}

void decide_add_mail(struct decision *decision, const char *to, const char *template, bool once)
{
	for (size_t i = 0; i < decision->mails_count; i++)
		if (strcmp(decision->mails[i].to, to) == 0 && strcmp(decision->mails[i].template, template) == 0)
			return;
	if (decision->mails_count < sizeof(decision->mails) / sizeof(decision->mails[0]))
		decision->mails[decision->mails_count++] = (struct decide_mail){ to, template, .once = once };
}

enum { LETTER_DAYS = 30 };	/* what is older was quoted for another reason than that it must be answered */

/*
 * When the citizen's letter came to whom passes it on, as the head says that is quoted: of a colleague who is vouched
 * for, and a day that can be. Else it is not known.
 */
static int64_t find_letter_at(const struct decide_pass *pass, const char *asker)
{
	const struct message *message = pass->message;
	int today = calendar_local(pass->event->arrived_at).date, date = message->quoted_date;

	if (!message->forward || !pass->event->trust.trusted || !asker || !message->quoted_from ||
	    strcmp(asker, message->quoted_from) != 0 || !date || date > today || date < today - LETTER_DAYS)
		return 0;
	return calendar_utc(date, 0);
}

const struct workflow *decide_opening(const struct decide_pass *pass)
{
	return pass->facts->opening ? pass->facts->opening : pass->facts->mailbox->workflow;
}

/* Round 1 begins with the message, on its day; who may say otherwise is verb_new_inquiry(). */
struct inquiry *decide_open_inquiry(struct decide_pass *pass)
{
	const struct decide_mailbox *mailbox = pass->facts->mailbox;
	struct inquiry *inquiry = &pass->decision->after;

	pass->decision->changed = true;
	*inquiry = (struct inquiry){
		.key = pass->facts->next_key,
		.workflow = decide_opening(pass)->id,
		.mailbox = mailbox->name,
		.round = 1,
		.subject = pass->message->bare_subject,
		.received_at = pass->event->arrived_at, .round_at = pass->event->arrived_at,
	};
	addressee_fill(pass->arena, decide_opening(pass), pass->facts->directory, pass->message, inquiry);
	if (message_strings_have(&mailbox->channels, pass->sender))
		inquiry->asker = NULL;	/* a scanner's address is nobody's who asked */
	inquiry->letter_at = find_letter_at(pass, inquiry->asker);
	return inquiry;
}

/* Does it come, vouched for, from those who keep the mailbox, and not from one who opens inquiries as well? */
static bool is_ours(const struct decide_pass *pass)
{
	return pass->event->trust.trusted && !decide_is_opener(pass) &&
		(message_strings_have(&pass->facts->mailbox->addresses, pass->sender) || decide_is_owner(pass));
}

static bool reaches_outside(const struct decide_pass *pass)
{
	const struct message_addresses *const lists[] = { &pass->message->to, &pass->message->cc };

	for (size_t i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			if (directory_is_stranger(pass->facts->directory, lists[i]->items[j].address))
				return true;
	return false;
}

/* A citizen's letter may reach an owner, who passes it on to the mailbox and says nothing. */
static bool passes_letter_on(const struct decide_pass *pass)
{
	const struct message *message = pass->message;

	return decide_mailbox_place(pass) == WORKFLOW_PLACE_TO && !reaches_outside(pass) &&
		(message->forward || addressee_asker(pass->facts->directory, message));
}

/* A tag that stands in the subject and does not count, and why. */
struct heard {
	struct tag tag;
	enum decide_reason reason;
};

/* Is it his turn? */
static bool holds_step(const struct decide_pass *pass)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	int step = inquiry && inquiry_is_open(inquiry) ? workflow_step_index(pass->facts->workflow, inquiry->step) : -1;
	const char *holder = step >= 0 ? pass->facts->workflow->steps[step].holder : NULL;
	const char *role = pass->decision->acting_role;

	return holder && role && strcmp(holder, role) == 0;
}

/*
 * Did somebody mean it all the same, so that he must hear that it did not count? A word of ours in answer to a mail
 * that was never seen here may be his own; so may a verb in an owner's forward, an unknown word from whoever holds the
 * step, and a word that the subject held before, put there once more.
 */
static bool is_misheard(const struct decide_pass *pass, const struct heard *heard)
{
	const struct inquiry *inquiry = pass->facts->inquiry;

	if (!pass->event->trust.trusted || !pass->decision->actor)
		return false;
	switch (heard->reason) {
	case DECIDE_BY_PARENT_UNKNOWN:
		return inquiry || decide_is_owner(pass);
	case DECIDE_BY_NO_DRAFT:
	case DECIDE_BY_NOT_ALONE:
		return inquiry && inquiry_is_open(inquiry);
	case DECIDE_BY_FORWARD:
		return heard->tag.verb && decide_is_owner(pass);
	case DECIDE_BY_NOT_FRESH:
		return heard->tag.again;
	case DECIDE_BY_UNKNOWN_TAG:
		return holds_step(pass);
	default:
		return false;
	}
}

/*
 * What fits no rule: nothing for a closed or known inquiry; what belongs to none must not get lost. heard: why tags
 * that the message carries do not count.
 */
static void decide_unmatched(struct decide_pass *pass, enum decide_reason reason, const struct heard *heard)
{
	const struct inquiry *inquiry = pass->facts->inquiry;

	if (heard && is_misheard(pass, heard))
		decide_conclude(pass, DECIDE_REFUSED, heard->reason);
	else if (inquiry && decide_brings_news(pass))
		decide_conclude(pass, DECIDE_WAITING, inquiry_is_open(inquiry) ? DECIDE_BY_PERHAPS_NEW : DECIDE_BY_CLOSED);
	else if (inquiry && reason == DECIDE_BY_UNTRUSTED)
		decide_conclude(pass, DECIDE_REFUSED, reason);
	else if (inquiry && !inquiry_is_open(inquiry))
		decide_conclude(pass, DECIDE_NOTED, DECIDE_BY_CLOSED);
	else if (inquiry && decide_may_be_answer(pass))
		decide_conclude(pass, DECIDE_WAITING, DECIDE_BY_PERHAPS_ANSWER);
	else if (inquiry)
		decide_conclude(pass, DECIDE_NOTED, heard ? heard->reason : reason);
	else if (is_ours(pass) && !passes_letter_on(pass))
		decide_conclude(pass, DECIDE_UNRELATED, DECIDE_BY_NO_RULE);
	else
		decide_conclude(pass, DECIDE_WAITING, DECIDE_BY_NO_INQUIRY);
}

/* Does the rule only note the mail and tell of it? What may be a new matter comes first: that must not get lost. */
static bool is_overruled(const struct decide_pass *pass, const struct workflow_rule *rule)
{
	return rule->note && !rule->when.copy && !rule->to && !rule->assign_count && !rule->next_round &&
		decide_has_other_topic(pass);
}

/* By what the mail is and whom it goes to, as people write who know nothing of tags. */
static void decide_shape(struct decide_pass *pass, const struct heard *heard)
{
	enum decide_reason reason = DECIDE_BY_NO_RULE;
	const struct workflow_rule *rule = decide_find_rule(pass, NULL, &reason);

	if (rule && !pass->facts->stray_receipt && !is_overruled(pass, rule))
		decide_apply_rule(pass, rule);
	else
		decide_unmatched(pass, reason, heard);
}

/*
 * A word that cannot be followed. Where it belongs to no inquiry, or a stranger says it, it may be a citizen's, copied
 * into the subject: the mail is then what its shape says, and is not lost for the word.
 */
static void refuse(struct decide_pass *pass, enum decide_reason reason)
{
	bool strangers = pass->facts->thread.rung != THREAD_PLACED && decide_is_from_outside(pass);

	decide_conclude(pass, DECIDE_REFUSED, reason);
	if (pass->facts->inquiry ? !strangers : is_ours(pass))
		return;
	decide_shape(pass, NULL);
	if (pass->decision->outcome == DECIDE_WAITING && pass->event->trust.trusted && pass->decision->actor)
		decide_conclude(pass, DECIDE_REFUSED, reason);
}

/* One of the words that every workflow has. */
static void decide_verb(struct decide_pass *pass, const struct tag *tag)
{
	enum decide_reason reason;

	if (decide_is_overtaken(pass, true))
		refuse(pass, DECIDE_BY_OVERTAKEN);
	else if (decide_may_use_verb(pass, tag, &reason))
		decide_carry_out_verb(pass, tag);
	else
		refuse(pass, reason);
}

/* The list or group that follows the word, where one does. A name that nobody has is told with those like it. */
static bool find_named_list(struct decide_pass *pass, const struct tag *tag)
{
	if (!tag->argument)
		return true;
	pass->named_list = reach_find_list(pass->arena, pass->facts->directory, tag->argument);
	if (!pass->named_list)
		pass->decision->tag = arena_printf(pass->arena, "%s %s", tag->word, tag->argument);
	return pass->named_list != NULL;
}

/*
 * He meant it, and is told. With the name of a list that there is not, what he sends may be a new matter all the same:
 * it waits for the owner, and is not lost if he does not write again.
 */
static void refuse_new(struct decide_pass *pass, bool named)
{
	if (!named)
		decide_conclude(pass, DECIDE_WAITING, DECIDE_BY_UNKNOWN_LIST);
	else if (pass->message->forward)
		refuse(pass, DECIDE_BY_NO_INQUIRY);
	else
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_NO_INQUIRY);
}

/* A word of the workflow's file: only a rule that asks for it can follow. */
static void decide_step_tag(struct decide_pass *pass, const struct tag *tag)
{
	enum decide_reason reason = DECIDE_BY_UNKNOWN_LIST;
	bool named = find_named_list(pass, tag);
	const struct workflow_rule *rule = named ? decide_find_rule(pass, tag, &reason) : NULL;

	if (rule)
		decide_apply_rule(pass, rule);
	else if (!pass->facts->inquiry && pass->event->trust.trusted && pass->decision->actor && decide_is_heard(pass, tag))
		refuse_new(pass, named);
	else if (!pass->facts->inquiry)
		refuse(pass, DECIDE_BY_NO_INQUIRY);
	else if (!inquiry_is_open(pass->facts->inquiry) && decide_is_done(pass, tag))
		decide_conclude(pass, DECIDE_NOTED, DECIDE_BY_CLOSED);
	else if (!inquiry_is_open(pass->facts->inquiry))
		refuse(pass, DECIDE_BY_CLOSED);
	else
		refuse(pass, reason == DECIDE_BY_NO_RULE ? DECIDE_BY_WRONG_ROLE : reason);
}

/* Between two candidates only the owner's word helps, and only a verb that asks for no inquiry. */
static bool settles_candidates(const struct decide_pass *pass, enum tag_finding finding, const struct tag *tag)
{
	return finding == TAG_COUNTS && tag->verb && decide_verb_stands_alone(tag) && decide_is_owner(pass) &&
		pass->event->trust.trusted;
}

/* A stranger put in a word: those who work on the matter go on with it, whatever becomes of his mail. */
static bool works_on(const struct decide_pass *pass)
{
	const char *before = pass->facts->ancestors[0].from;

	return before && directory_is_stranger(pass->facts->directory, before) && pass->decision->actor &&
		!decide_is_owner(pass) && !decide_is_opener(pass);
}

/*
 * Does it answer or forward what waits for the owner's word in a known thread? Of which matter that is nobody has said,
 * so nor is it known of which this is; only what says it, or asks for no inquiry, counts.
 */
static bool follows_waiting(const struct decide_pass *pass, enum tag_finding finding, const struct tag *tag)
{
	const struct decide_facts *facts = pass->facts;

	return facts->inquiry && facts->thread.rung != THREAD_PLACED && facts->ancestors_count > 0 &&
		facts->ancestors[0].waiting && !facts->ancestors[0].answer && !works_on(pass) &&
		!(finding == TAG_COUNTS && tag->verb && decide_verb_stands_alone(tag));
}

/* Does a rule hear the approval from the role? */
static bool is_approver(const struct decide_pass *pass, const char *address)
{
	const struct workflow *workflow = pass->facts->workflow;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_when *when = &workflow->rules[i].when;

		for (size_t j = 0; when->tag && strcmp(when->tag, TAG_APPROVED) == 0 && j < when->sender.count; j++)
			if (roles_may_act(&pass->roles, address, when->sender.items[j]))
				return true;
	}
	return false;
}

/* By who writes the answer; or by another who approves it and passes it on. */
static bool answers_draft(const struct decide_pass *pass)
{
	const char *from = pass->facts->ancestors_count ? pass->facts->ancestors[0].from : NULL;

	return from && (roles_is_writer(&pass->roles, from) ||
		(is_approver(pass, from) && (!pass->sender || strcmp(from, pass->sender) != 0)));
}

static bool goes_to_writer(const struct decide_pass *pass)
{
	for (size_t i = 0; i < pass->message->to.count; i++)
		if (roles_is_writer(&pass->roles, pass->message->to.items[i].address))
			return true;
	return false;
}

/* What a person wrote. Two candidates come before all else: whatever it says, it is not known of what. */
static void decide_human(struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	const struct tag_context context = {
		.workflow = facts->workflow, .message = pass->message, .ancestors = facts->ancestors,
		.ancestors_count = facts->ancestors_count, .parent_unknown = facts->parent_unknown,
		.key = facts->inquiry ? facts->inquiry->key : NULL, .merged = facts->merged,
		.round = facts->inquiry ? facts->inquiry->round : 0,
		.round_at = facts->inquiry ? facts->inquiry->round_at : 0,
		.to_writer = goes_to_writer(pass), .draft_at = facts->said_at ? 0 : facts->draft_at,
		.answers_draft = answers_draft(pass), .holds_step = holds_step(pass),
		.threaded = facts->thread.rung == THREAD_OWN_ID || facts->thread.rung == THREAD_REFERENCE,
		.acting_role = pass->decision->acting_role,
	};
	struct heard heard = { .tag = { .word = NULL }, .reason = DECIDE_BY_NO_RULE };
	enum tag_finding finding = tag_find_fresh(pass->arena, &context, &heard.tag, &heard.reason);

	pass->decision->tag = heard.tag.word;
	if (facts->thread.candidates_count > 1 && !settles_candidates(pass, finding, &heard.tag))
		decide_conclude(pass, DECIDE_WAITING, DECIDE_BY_TWO_CANDIDATES);
	else if (facts->thread.rung == THREAD_COPY)
		decide_shape(pass, NULL);	/* a guess: what it says by a word is not known of what */
	else if (follows_waiting(pass, finding, &heard.tag))
		decide_conclude(pass, DECIDE_WAITING, DECIDE_BY_PERHAPS_NEW);
	else if (finding == TAG_COUNTS && heard.tag.verb)
		decide_verb(pass, &heard.tag);
	else if (finding == TAG_COUNTS)
		decide_step_tag(pass, &heard.tag);
	else if (finding == TAG_VOID)
		refuse(pass, heard.reason);
	else
		decide_shape(pass, finding == TAG_CARRIED ? &heard : NULL);
}

static bool is_mailbox(const struct decide_facts *facts, const char *address)
{
	for (size_t i = 0; i < facts->mailboxes_count; i++)
		if (message_strings_have(&facts->mailboxes[i].addresses, address))
			return true;
	return false;
}

/*
 * A trusted colleague whose word did not count is told so, once, shortly. Who sent in another's name is told in his
 * place. The owner is told when nobody knows who wrote as the mailbox, and of what the owner placed too late.
 */
static void tell_refused(struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	bool placed = pass->decision->reason == DECIDE_BY_OVERTAKEN;
	const struct directory_person *owner = directory_present(facts->directory,
		ladder_owner(facts->workflow, facts->directory));
	const char *said_by = pass->event->trust.trusted ? pass->sender : pass->event->trust.sent_by;
	const char *to = directory_person_at(facts->directory, said_by) ? said_by : NULL;

	if (placed || is_mailbox(facts, pass->sender))
		to = owner ? owner->address : NULL;
	if (to && (placed || (said_by && !pass->message->automatic)))
		decide_add_mail(pass->decision, to, "ikke-talt", false);
}

/* Does it answer a mail of ours? Then it is about that and no new matter. */
static bool answers_ours(const struct decide_pass *pass)
{
	for (size_t i = 0; i < pass->facts->ancestors_count; i++)
		if (pass->facts->ancestors[i].own)
			return true;
	return false;
}

/*
 * An inquiry may come through a distribution list, a form or a rule of an inbox, whose marks are those of a robot: a
 * person must see what those send who open inquiries, whatever it is classed as, and what comes from outside; and the
 * receipt of a gateway that names no inquiry. Noise stays noise: newsletters, the mails of another fristd, robots of
 * the house, read receipts, strangers' absences and bounces, and those that answer a mail of ours.
 */
static bool might_open(const struct decide_pass *pass)
{
	const struct message *message = pass->message;
	bool gateway = decide_is_messenger(pass) && pass->event->trust.trusted;
	bool known = decide_is_opener(pass) || gateway;

	if (pass->facts->inquiry || message->newsletter || message->frist_id)
		return false;
	switch (message->kind) {
	case MESSAGE_ABSENCE:
	case MESSAGE_BOUNCE:
		return decide_is_opener(pass) && !answers_ours(pass);
	case MESSAGE_RECEIPT:
		return gateway;
	default:
		/* where a stranger's own mail opens an inquiry, what his programs send is only counted */
		return known || (decide_is_from_outside(pass) && !decide_opens_to_strangers(pass));
	}
}

/* A1: inquiry and receipt may come as two mails. The second may be the one with the citizen's letter. */
static void complete_inquiry(struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;

	if (facts->inquiry && decide_may_complete(pass) && addressee_asker(facts->directory, pass->message))
		pass->decision->changed = addressee_fill(pass->arena, facts->workflow, facts->directory, pass->message,
			decide_begin_change(pass));
}

/*
 * A10: a gateway says that the answer did not arrive: somebody must see to it, wherever the inquiry is by then. What a
 * person has placed he has seen.
 */
static bool tells_failure(const struct decide_pass *pass)
{
	return pass->facts->thread.rung != THREAD_PLACED && decide_is_messenger(pass) && !decide_is_opener(pass) &&
		!decide_is_receipt(pass);
}

/*
 * A mail of the inquiry, perhaps the answer, has not reached whom it was sent to: what was counted as sent was not. Of
 * our own mails the outbox keeps account.
 */
static bool tells_undelivered(const struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	const struct message *message = pass->message;
	bool failed = message->bounces.count == 0;	/* a report that says nothing of its recipients */

	for (size_t i = 0; i < message->bounces.count; i++)
		failed = failed || (message->bounces.items[i].action && strcmp(message->bounces.items[i].action, "failed") == 0);
	return failed && message->kind == MESSAGE_BOUNCE && facts->inquiry && facts->thread.rung != THREAD_PLACED &&
		facts->ancestors_count > 0 && !facts->ancestors[0].own;
}

/* A filter's word counts of strangers' mail that belongs to nothing. */
static bool is_spam(const struct decide_pass *pass)
{
	return pass->message->spam && !pass->facts->inquiry && !pass->event->trust.trusted && decide_is_from_outside(pass);
}

/* A robot moves only by a rule that says so (A10, a gateway's receipt); never by a tag. */
static void decide_automatic(struct decide_pass *pass, enum decide_reason why)
{
	enum decide_reason reason;
	const struct workflow_rule *rule = pass->facts->inquiry && pass->sender ?
		decide_find_rule(pass, NULL, &reason) : NULL;

	if (rule && rule->when.automatic)
		decide_apply_rule(pass, rule);
	else if (might_open(pass) || (pass->facts->inquiry && decide_brings_news(pass)))
		decide_conclude(pass, DECIDE_WAITING, why);
	else
		decide_conclude(pass, DECIDE_AUTOMATIC, why);
}

/* Who wrote to whom is asked once more when a person says where the message belongs; its text is gone by then. */
static void keep_letter(struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;

	pass->decision->asker = addressee_asker(facts->directory, pass->message);
	pass->decision->addressed_to = addressee_title(pass->arena, facts->workflow, pass->message);
}

/* A link in the subject is said now only where it stands in none that the subject may have been taken from. */
static const char *find_case_link(const struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	const struct message_strings *patterns = &facts->workflow->case_numbers;
	const char *link = caselink_find(pass->arena, patterns, pass->message);

	if (link)
		return link;
	link = caselink_in_subject(pass->arena, patterns, pass->message->subject);
	if (!link || (facts->inquiry && facts->inquiry->subject && strstr(facts->inquiry->subject, link)))
		return NULL;
	for (size_t i = 0; i < facts->ancestors_count; i++)
		if (facts->ancestors[i].subject && strstr(facts->ancestors[i].subject, link))
			return NULL;
	return link;
}

static enum decide_way find_way(const struct decide_pass *pass)
{
	if (decide_is_from_outside(pass) || message_strings_have(&pass->facts->mailbox->channels, pass->sender))
		return DECIDE_IN;
	return reaches_outside(pass) ? DECIDE_OUT : DECIDE_WITHIN;
}

/* An inquiry is its own mailbox's, wherever a mail about it is read first. */
static const struct decide_mailbox *find_home(const struct decide_facts *facts)
{
	for (size_t i = 0; facts->inquiry && i < facts->mailboxes_count; i++)
		if (strcmp(facts->mailboxes[i].name, facts->inquiry->mailbox) == 0)
			return &facts->mailboxes[i];
	return facts->mailbox;
}

void decide_message(struct arena *arena, const struct decide_facts *facts, const struct decide_event *event,
	struct decision *ret_decision)
{
	const struct message *message = event->message;
	const struct decide_mailbox *home = find_home(facts);
	struct decide_pass pass = {
		.arena = arena, .facts = facts, .home = home, .event = event, .message = message,
		.roles = { facts->workflow, facts->directory, &home->addresses, &facts->mailbox->channels,
			facts->inquiry },
		.sender = message->from ? message->from->address : NULL, .decision = ret_decision,
	};
	const struct directory_person *person = directory_person_at(facts->directory, pass.sender);

	/* Known by his address; whether it was really he is trust's question, and the rule's. */
	*ret_decision = (struct decision){ .actor = person ? person->id : NULL };
	ret_decision->case_link = find_case_link(&pass);
	ret_decision->way = find_way(&pass);
	if (pass.sender)
		ret_decision->acting_role = roles_acting(&pass.roles, pass.sender);

	if (facts->past)
		decide_conclude(&pass, DECIDE_PAST, DECIDE_BY_BEFORE_START);
	else if (message_strings_have(&message->defects, "unreadable"))
		decide_conclude(&pass, DECIDE_SET_ASIDE, DECIDE_BY_UNREADABLE);
	else if (tells_failure(&pass) || tells_undelivered(&pass))
		decide_conclude(&pass, DECIDE_WAITING, DECIDE_BY_FAILURE);
	else if (message->kind != MESSAGE_HUMAN || message->automatic)
		decide_automatic(&pass, DECIDE_BY_NOT_HUMAN);
	else if (is_spam(&pass))
		decide_automatic(&pass, DECIDE_BY_SPAM);
	else if (!pass.sender)
		decide_conclude(&pass, DECIDE_WAITING, DECIDE_BY_NO_SENDER);
	else
		decide_human(&pass);
	/* Who passes on an answer that waits, or returns it, has said what it is. */
	if (ret_decision->outcome == DECIDE_MOVED && facts->ancestors_count > 0 && facts->ancestors[0].answer) {
		ret_decision->waiting = facts->ancestors[0].mail;
		ret_decision->adopt = true;
	}
	if (ret_decision->outcome == DECIDE_NOTED && !ret_decision->changed)
		complete_inquiry(&pass);
	if (ret_decision->outcome == DECIDE_WAITING)
		keep_letter(&pass);
	if (ret_decision->outcome == DECIDE_REFUSED || ret_decision->reason == DECIDE_BY_UNKNOWN_LIST)
		tell_refused(&pass);
	decide_warn(&pass);
}
