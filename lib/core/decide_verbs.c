/*
 * Each verb is a row of `verbs`: what it needs and what carries it out. A verb that cannot be carried out concludes
 * REFUSED with a reason that its sender is told. What it does to another mail, the one that waits, is only asked for
 * here (waiting, and place, adopt or dismiss): the caller stores it.
 */
#include "core/decide_pass.h"

#include "base/text.h"
#include "core/change.h"
#include "core/ladder.h"
#include "core/subject.h"

#include <string.h>

static void close_inquiry(struct decide_pass *pass, const char *why)
{
	change_close(decide_begin_change(pass), why, pass->event->arrived_at);
	decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

/* [AFSLUT] */
static void verb_close(struct decide_pass *pass, const struct tag *tag)
{
	(void)tag;
	close_inquiry(pass, "afsluttet");
}

/*
 * The message that waits for the owner and that this one is about, also when that has been answered before: then it is
 * no matter what else they refer to. But what answers a message of an inquiry is about that one.
 */
static const struct decide_ancestor *waiting_parent(const struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;

	for (size_t i = 0; i < facts->ancestors_count; i++) {
		if (facts->ancestors[i].waiting)
			return &facts->ancestors[i];
		if (facts->ancestors[i].inquiry)
			break;
	}
	return NULL;
}

/* Does the message answer the very one that opened the inquiry? */
static bool answers_opening(const struct decide_pass *pass)
{
	return pass->facts->ancestors_count > 0 &&
		pass->facts->ancestors[0].arrived_at == pass->facts->inquiry->received_at;
}

/* Has the sender put the inquiry's key in front? What a colleague's subject said before he has not said himself. */
static bool says_key(const struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	const char *key = facts->inquiry->key;
	size_t carried = 0;

	for (size_t i = 0; i < facts->ancestors_count; i++) {
		size_t count = facts->ancestors[i].own ? 0 : subject_count_key(facts->ancestors[i].subject, key);

		carried = count > carried ? count : carried;
	}
	return message_strings_have(&pass->message->lead_keys, key) &&
		subject_count_key(pass->message->subject, key) > carried;
}

/*
 * [IKKE HENVENDELSE]: in answer to a mail that waits, of that one; in answer to what opened an inquiry, or by its key,
 * of that.
 */
static void verb_not_inquiry(struct decide_pass *pass, const struct tag *tag)
{
	const struct decide_ancestor *parent = waiting_parent(pass);
	const struct inquiry *inquiry = pass->facts->inquiry;

	(void)tag;
	if (parent) {
		pass->decision->waiting = parent->mail;
		pass->decision->dismiss = true;
		decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
	} else if (!inquiry) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_NO_INQUIRY);
	} else if (strcmp(inquiry->mailbox, pass->facts->mailbox->name) != 0) {
		/* A letter that came here as well as there: what it is not here, it may be there. */
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_ELSEWHERE);
	} else if (!inquiry_is_open(inquiry)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_CLOSED);
	} else if (!answers_opening(pass) && !says_key(pass)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_NOT_OPENING);
	} else {
		close_inquiry(pass, INQUIRY_NOT_ONE);
	}
}

enum { NEAREST_DAYS = 182 };

/* [NY FRIST 14/4]: of the main deadline; a day of the past is a slip of the pen. */
static void verb_new_deadline(struct decide_pass *pass, const struct tag *tag)
{
	int today = calendar_local(pass->event->arrived_at).date, date;

	/* Without a year the nearest is meant: what has just passed is no date in a year's time. */
	if (calendar_parse_date(tag->argument, today - NEAREST_DAYS, &date) != 0 || date < today ||
	    !change_set_deadline(decide_begin_change(pass), pass->facts->workflow, date)) {
		pass->decision->changed = false;
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_BAD_ARGUMENT);
		return;
	}
	decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

enum { PROMISE_MONTHS = 12 };

/* The text for the citizen goes to one person: who has the role that the workflow names, else the owner. */
static void mail_interim(struct decide_pass *pass, const struct inquiry *inquiry)
{
	const struct decide_facts *facts = pass->facts;
	const struct directory_person *person = directory_present(facts->directory, facts->workflow->interim_to ?
		ladder_person(facts->workflow, facts->directory, inquiry, facts->workflow->interim_to) :
		ladder_owner(facts->workflow, facts->directory));

	if (person)
		decide_add_mail(pass->decision, person->address, DECIDE_INTERIM_TEMPLATE, false);
}

/* [MELLEMSVAR 14/4]: the citizen is told of a later date, which is the one that counts from now on. */
static void verb_interim(struct decide_pass *pass, const struct tag *tag)
{
	int today = calendar_local(pass->event->arrived_at).date, date;
	struct inquiry *inquiry;

	if (calendar_parse_date(tag->argument, today - NEAREST_DAYS, &date) != 0 || date < today ||
	    date > calendar_add_months(today, PROMISE_MONTHS)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_BAD_ARGUMENT);
		return;
	}
	inquiry = decide_begin_change(pass);
	change_promise(inquiry, pass->facts->workflow, date);
	decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
	mail_interim(pass, inquiry);
}

/* Does it answer a mail of the inquiry that came before the change? Then it does not mean that one. */
static bool answers_older(const struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;

	for (size_t i = 0; i < facts->ancestors_count; i++) {
		const struct decide_ancestor *ancestor = &facts->ancestors[i];

		if (ancestor->parent && !ancestor->own && ancestor->inquiry == facts->inquiry->id &&
		    ancestor->arrived_at < facts->before_at)
			return true;
	}
	return false;
}

/*
 * [FORTRYD]: the image before the last change that stands; mails that were sent stay sent, and what has been learnt
 * since of the letter stays known.
 */
static void verb_undo(struct decide_pass *pass, const struct tag *tag)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	struct inquiry *after;

	(void)tag;
	if (!pass->facts->before || answers_older(pass)) {
		decide_conclude(pass, DECIDE_REFUSED, pass->facts->before ? DECIDE_BY_NOT_LATEST :
			DECIDE_BY_NOTHING_TO_UNDO);
		return;
	}
	if (inquiry->part_of && !pass->facts->before->part_of && !decide_may_join_parts(pass)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_PARTS_MOVED);
		return;
	}
	after = decide_begin_change(pass);
	*after = *pass->facts->before;
	after->id = inquiry->id;
	after->asker = after->asker ? after->asker : inquiry->asker;
	after->addressed_to = after->addressed_to ? after->addressed_to : inquiry->addressed_to;
	after->noted = inquiry->noted;
	after->noted_at = inquiry->noted_at;
	if (inquiry->part_of && !after->part_of)
		decide_join_parts(pass);
	decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

/*
 * The inquiry ends as the one that is named. Whoever asked for access to documents in the one has asked for it in the
 * other: no deadline of a word ends with it.
 */
static void end_as_named(struct decide_pass *pass, const char *how)
{
	const struct decide_facts *facts = pass->facts;
	struct inquiry *other = arena_alloc(pass->arena, sizeof(*other));
	const struct inquiry *named = facts->named;

	if (inquiry_is_open(named) && !change_may_carry_clocks(facts->inquiry, facts->workflow, facts->named_workflow)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_DEADLINE_LOST);
		return;
	}
	*other = *named;
	close_inquiry(pass, arena_printf(pass->arena, "%s %s", how, named->key));
	if (!inquiry_is_open(named))
		return;
	pass->decision->after.same_as = named->key;
	if (change_carry_clocks(other, facts->named_workflow, facts->calendar, facts->inquiry, pass->event->arrived_at)) {
		pass->decision->others = other;
		pass->decision->others_count = 1;
	}
}

/*
 * The waiting message that this one answers belongs to the inquiry named. If it answers one that has opened an inquiry
 * of its own, that was the same matter: it ends, pointing at the other.
 */
static void verb_belongs_to(struct decide_pass *pass, const struct tag *tag)
{
	const struct inquiry *named = pass->facts->named;
	const struct decide_ancestor *parent = waiting_parent(pass);
	/*
	 * The key that the verb itself names is no evidence of where the message belonged before; nor is what a message
	 * that still waits refers to.
	 */
	bool elsewhere = named && pass->facts->inquiry && pass->facts->inquiry->id != named->id && !parent;

	(void)tag;
	if (!named || (!parent && !pass->facts->inquiry))
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_NO_INQUIRY);
	else if (elsewhere && !inquiry_is_open(pass->facts->inquiry))
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_CLOSED);
	else if (elsewhere && !answers_opening(pass))
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_NOT_OPENING);
	else if (elsewhere)
		end_as_named(pass, "hører til");
	else {
		pass->decision->waiting = parent ? parent->mail : 0;
		pass->decision->place = true;
		decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
	}
}

/* What stands open at its last step, for a deadline of a word, is answered. */
static bool awaits_answer(const struct workflow *workflow, const struct inquiry *inquiry)
{
	int step = workflow_step_index(workflow, inquiry->step);

	return inquiry_is_open(inquiry) && step >= 0 && !workflow->steps[step].final;
}

/*
 * [SAMME SOM KEY]: the inquiry ends, and what comes in its thread or by its key belongs to the other from then on
 * (engine/gather_kin). Of a mail that waits it says that it belongs to the other.
 */
static void verb_same_as(struct decide_pass *pass, const struct tag *tag)
{
	const struct inquiry *inquiry = pass->facts->inquiry, *named = pass->facts->named;

	if (waiting_parent(pass))
		verb_belongs_to(pass, tag);
	else if (!inquiry || !named)
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_NO_INQUIRY);
	else if (inquiry->id == named->id)
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_SAME_ALREADY);
	else if (pass->facts->merged || !inquiry_is_open(inquiry))
		decide_conclude(pass, DECIDE_REFUSED, pass->facts->merged ? DECIDE_BY_MERGED : DECIDE_BY_CLOSED);
	else if (!awaits_answer(pass->facts->named_workflow, named))
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_OTHER_CLOSED);
	else
		end_as_named(pass, "samme som");
}

/* What waited for the owner's word counts from the day on which it arrived, and says best who wrote to whom. */
static void verb_new_inquiry(struct decide_pass *pass, const struct tag *tag)
{
	const struct decide_facts *facts = pass->facts;
	const struct decide_ancestor *parent = waiting_parent(pass);
	struct inquiry *inquiry = decide_open_inquiry(pass);

	(void)tag;
	if (parent) {
		inquiry->received_at = inquiry->round_at = parent->arrived_at;
		inquiry->asker = parent->asker ? parent->asker : inquiry->asker;
		inquiry->addressed_to = parent->addressed_to ? parent->addressed_to : inquiry->addressed_to;
		pass->decision->waiting = parent->mail;
	}
	change_enter_step(inquiry, decide_opening(pass), facts->calendar, 0, false, inquiry->received_at);
	pass->decision->adopt = true;
	decide_conclude(pass, DECIDE_OPENED, DECIDE_BY_VERB);
}

/* What a person may call a mailbox after FLYT TIL. */
static bool is_mailbox(const struct decide_mailbox *mailbox, const char *word)
{
	for (size_t i = 0; i < mailbox->addresses.count; i++)
		if (text_equal_fold(word, mailbox->addresses.items[i]))
			return true;
	return text_equal_fold(word, mailbox->name) || text_equal_fold(word, mailbox->title);
}

static bool is_workflow(const struct workflow *workflow, const char *word)
{
	return text_equal_fold(word, workflow->key) || text_equal_fold(word, workflow->name) ||
		text_equal_fold(word, workflow->id);
}

/* The one of the mailbox's that the word names; its own where the word names the mailbox. */
static const struct workflow *find_workflow(const struct decide_mailbox *mailbox, const char *word)
{
	for (size_t i = 0; i < mailbox->others_count; i++)
		if (is_workflow(mailbox->others[i], word))
			return mailbox->others[i];
	return mailbox->workflow;
}

static bool has_workflow(const struct decide_mailbox *mailbox, const char *word)
{
	return is_workflow(find_workflow(mailbox, word), word);
}

/* The one mailbox that the word means by this test; NULL: there is none, or more than one. */
static const struct decide_mailbox *find_one(const struct decide_facts *facts, const char *word,
	bool (*is_meant)(const struct decide_mailbox *mailbox, const char *word), size_t *ret_count)
{
	const struct decide_mailbox *found = NULL;
	size_t count = 0;

	for (size_t i = 0; i < facts->mailboxes_count; i++)
		if (is_meant(&facts->mailboxes[i], word)) {
			found = &facts->mailboxes[i];
			count++;
		}
	*ret_count = count;
	return count == 1 ? found : NULL;
}

/* A mailbox goes by its own names; by those of its workflow where no other mailbox has that. */
static const struct decide_mailbox *find_mailbox(const struct decide_facts *facts, const char *word)
{
	size_t count;
	const struct decide_mailbox *found = find_one(facts, word, is_mailbox, &count);

	return count > 0 ? found : find_one(facts, word, has_workflow, &count);
}

/*
 * The inquiry goes to another mailbox or workflow, to the first step of that workflow; its key, which people know by
 * now, and its arrival stay.
 */
static void verb_move_to(struct decide_pass *pass, const struct tag *tag)
{
	const struct decide_mailbox *target = find_mailbox(pass->facts, tag->argument);
	const struct workflow *workflow = target ? find_workflow(target, tag->argument) : NULL;
	struct inquiry *inquiry;

	if (!target || (strcmp(target->name, pass->facts->inquiry->mailbox) == 0 &&
	    strcmp(workflow->id, pass->facts->inquiry->workflow) == 0)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_BAD_ARGUMENT);
		return;
	}
	if (!change_may_carry_clocks(pass->facts->inquiry, pass->facts->workflow, workflow)) {
		decide_conclude(pass, DECIDE_REFUSED, DECIDE_BY_DEADLINE_LOST);
		return;
	}
	inquiry = decide_begin_change(pass);
	inquiry->mailbox = target->name;
	inquiry->workflow = workflow->id;
	inquiry->step = NULL;
	/* The other workflow has roles, deadlines and steps of its own. */
	inquiry->assignments_count = inquiry->clocks_count = inquiry->unseen_count = 0;
	change_enter_step(inquiry, workflow, pass->facts->calendar, 0, false, inquiry->received_at);
	(void)change_carry_clocks(inquiry, workflow, pass->facts->calendar, pass->facts->inquiry, pass->event->arrived_at);
	/* Its clocks count from the first arrival, but it stands at this step only since now. */
	inquiry->step_at = pass->event->arrived_at;
	decide_conclude(pass, DECIDE_COMMANDED, DECIDE_BY_VERB);
}

/* Which inquiry a verb wants to find. */
enum verb_needs { NEEDS_NOTHING, NEEDS_OPEN, NEEDS_ANY };

static const struct verb {
	enum verb_needs needs;
	void (*carry_out)(struct decide_pass *pass, const struct tag *tag);
} verbs[] = {
	[TAG_NEW_INQUIRY] = { NEEDS_NOTHING, verb_new_inquiry },
	[TAG_BELONGS_TO] = { NEEDS_NOTHING, verb_belongs_to },
	[TAG_SAME_AS] = { NEEDS_NOTHING, verb_same_as },
	[TAG_SPLIT] = { NEEDS_OPEN, decide_split },
	[TAG_MOVE_TO] = { NEEDS_OPEN, verb_move_to },
	[TAG_NEW_DEADLINE] = { NEEDS_OPEN, verb_new_deadline },
	[TAG_INTERIM] = { NEEDS_OPEN, verb_interim },
	[TAG_CLOSE] = { NEEDS_OPEN, verb_close },
	[TAG_UNDO] = { NEEDS_ANY, verb_undo },
	[TAG_NOT_INQUIRY] = { NEEDS_NOTHING, verb_not_inquiry },
};

/* The owner may use every verb; whoever made a change may take that one back. */
static bool may_use(const struct decide_pass *pass, const struct tag *tag)
{
	const char *actor = pass->decision->actor;

	if (decide_is_owner(pass))
		return true;
	return tag->which == TAG_UNDO && actor && pass->facts->before_by &&
		strcmp(actor, pass->facts->before_by) == 0;
}

/*
 * Does it answer a mail of ours that shows more than one thing, and not say which? The key says which inquiry, but not
 * which of the letters that wait.
 */
static bool is_of_several(const struct decide_pass *pass, const struct tag *tag)
{
	const struct decide_facts *facts = pass->facts;
	bool about_letter = tag->which == TAG_NEW_INQUIRY || tag->which == TAG_BELONGS_TO;	/* which waits */

	if (!about_letter && facts->inquiry && says_key(pass))
		return false;
	for (size_t i = 0; i < facts->ancestors_count; i++)
		if (facts->ancestors[i].parent && facts->ancestors[i].overview)
			return true;
	return false;
}

/* Role before trust: who may not use the verb anyway need not hear how to be believed. */
bool decide_may_use_verb(const struct decide_pass *pass, const struct tag *tag, enum decide_reason *ret_reason)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	enum verb_needs needs = verbs[tag->which].needs;

	if (!may_use(pass, tag))
		*ret_reason = DECIDE_BY_WRONG_ROLE;
	else if (!pass->event->trust.trusted)
		*ret_reason = DECIDE_BY_UNTRUSTED;
	else if (is_of_several(pass, tag))
		*ret_reason = DECIDE_BY_OVERVIEW;
	else if (needs != NEEDS_NOTHING && pass->facts->merged)
		*ret_reason = DECIDE_BY_MERGED;
	else if (needs != NEEDS_NOTHING && !inquiry)
		*ret_reason = DECIDE_BY_NO_INQUIRY;
	else if (needs == NEEDS_OPEN && !inquiry_is_open(inquiry))
		*ret_reason = DECIDE_BY_CLOSED;
	else
		return true;
	return false;
}

bool decide_verb_stands_alone(const struct tag *tag)
{
	return verbs[tag->which].needs == NEEDS_NOTHING;
}

void decide_carry_out_verb(struct decide_pass *pass, const struct tag *tag)
{
	pass->decision->rule = tag->word;
	verbs[tag->which].carry_out(pass, tag);
}
