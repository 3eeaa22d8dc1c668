/*
 * A message goes through clerk_receive() in this order: trust_judge(), recognise() (seen before? our own?),
 * gather_facts() (which inquiry, what it answers), decide_message(), and the store. Only then follow the effects on
 * others: the mails that are wanted, bounces that it reports, and the waiting mail that a verb places or settles. The
 * caller holds lock and transaction.
 */
#include "engine/clerk.h"

#include "base/text.h"
#include "core/digest.h"
#include "core/privacy.h"
#include "engine/discretion.h"
#include "engine/gather.h"
#include "io/mime.h"
#include "io/outbox.h"

#include <string.h>

enum {
	COPIES_S = 7 * 24 * 60 * 60,	/* a server tries for five days: so far apart may the copies of a mail be */
	TOLD_A_DAY = 5,		/* so often somebody hears that a word did not count: who writes on after that is a program */
};

void clerk_set(struct clerk *clerk, const struct setup *setup)
{
	clerk->conf = &setup->conf;
	clerk->templates = &setup->templates;
}

void clerk_init(struct clerk *clerk, struct store *store, struct clock *clock, const struct setup *setup)
{
	*clerk = (struct clerk){ .store = store, .clock = clock };
	clerk_set(clerk, setup);
	pthread_mutex_init(&clerk->lock, NULL);
	pthread_cond_init(&clerk->changed, NULL);
}

void clerk_done(struct clerk *clerk)
{
	pthread_cond_destroy(&clerk->changed);
	pthread_mutex_destroy(&clerk->lock);
}

void clerk_committed(struct clerk *clerk)
{
	pthread_cond_broadcast(&clerk->changed);
	if (clerk->on_commit)
		clerk->on_commit(clerk->on_commit_arg);
}

const struct conf_mailbox *clerk_mailbox(const struct clerk *clerk, const char *name)
{
	for (size_t i = 0; i < clerk->conf->mailboxes_count; i++)
		if (strcmp(clerk->conf->mailboxes[i].name, name) == 0)
			return &clerk->conf->mailboxes[i];
	return NULL;
}

const struct workflow *clerk_workflow(const struct clerk *clerk, const char *id)
{
	for (size_t i = 0; i < clerk->conf->workflows_count; i++)
		if (strcmp(clerk->conf->workflows[i].id, id) == 0)
			return &clerk->conf->workflows[i];
	return NULL;
}

const struct directory *clerk_directory(const struct clerk *clerk, struct arena *arena, int64_t at)
{
	struct directory *day = arena_alloc(arena, sizeof(*day));

	directory_on(arena, &clerk->conf->directory, calendar_local(at).date, day);
	return day;
}

/* ---- parse ---- */

static bool opens_to_insiders(const struct workflow *workflow)
{
	for (size_t i = 0; i < workflow->rules_count; i++)
		if (workflow->rules[i].when.known == WORKFLOW_NO &&
		    message_strings_have(&workflow->rules[i].when.sender, WORKFLOW_ROLE_INSIDER))
			return true;
	return false;
}

bool clerk_warns_of_cpr(const struct conf_mailbox *mailbox)
{
	const struct workflow *workflow;

	for (size_t i = 0; (workflow = conf_mailbox_workflow(mailbox, i)); i++)
		if (workflow->warns_of_cpr)
			return true;
	return false;
}

/* I5: does one of us send it to somebody outside, where that is looked at? */
static bool is_looked_through(const struct clerk *clerk, const struct conf_mailbox *mailbox,
	const struct message *message)
{
	const struct directory *directory = &clerk->conf->directory;
	const struct message_addresses *const lists[] = { &message->to, &message->cc };

	if (!clerk_warns_of_cpr(mailbox) || !message->from ||
	    !directory_is_internal(directory, message->from->address))
		return false;
	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			if (directory_is_stranger(directory, lists[i]->items[j].address))
				return true;
	return false;
}

bool clerk_wants_text(const struct clerk *clerk, const struct conf_mailbox *mailbox, const struct message *message)
{
	const char *from = message->from ? message->from->address : NULL;

	/* whoever passes a citizen's letter on: who asked stands in it */
	if (message->forward && opens_to_insiders(mailbox->workflow) && directory_is_internal(&clerk->conf->directory, from))
		return true;
	return message->kind == MESSAGE_BOUNCE || message->kind == MESSAGE_RECEIPT || !message->message_id ||
		is_looked_through(clerk, mailbox, message) ||
		(from && (directory_person_at(&clerk->conf->directory, from) ||
			message_strings_have(&mailbox->addresses, from)));
}

/* The bytes up to and with the first empty line: what a server calls the header. */
static size_t header_length(const char *bytes, size_t length)
{
	const char *end = bytes + length;

	for (const char *at = bytes; at < end;) {
		const char *feed = memchr(at, '\n', (size_t)(end - at));

		if (!feed)
			break;
		if (feed == at || (feed == at + 1 && *at == '\r'))
			return (size_t)(feed + 1 - bytes);
		at = feed + 1;
	}
	return length;
}

void clerk_parse(const struct clerk *clerk, struct arena *arena, const struct conf_mailbox *mailbox, const char *bytes,
	size_t length, struct message *ret_message)
{
	mime_parse(arena, &subject_grammar_default, bytes, header_length(bytes, length), ret_message);
	if (clerk_wants_text(clerk, mailbox, ret_message))
		mime_parse(arena, &subject_grammar_default, bytes, length, ret_message);
}

/* ---- store ---- */

/*
 * Has he heard often enough today that his words do not count, or what he sent outside? Kept in the outbox, so a
 * restart changes nothing.
 */
static int is_told_enough(struct clerk *clerk, const struct decide_mail *mail, int64_t now, bool *ret_enough,
	struct err *err)
{
	int today = calendar_local(now).date;
	size_t count = 0;

	if ((mail->aside || strcmp(mail->template, DIGEST_REFUSED) == 0) &&
	    outbox_count_singles(clerk->store, mail->to, mail->template, calendar_utc(today, 0), calendar_end(today),
			&count, err) < 0)
		return -1;
	*ret_enough = count >= TOLD_A_DAY;
	return 0;
}

/*
 * Would he hear too often? That his words do not count, or, of an inquiry in which nothing moves, the same twice on one
 * day.
 */
static int is_noise(struct clerk *clerk, const struct clerk_result *result, const struct decide_mail *mail,
	int64_t inquiry, int64_t not_before, bool *ret_noise, struct err *err)
{
	if (result->decision.outcome == DECIDE_NOTED && !mail->aside)
		return outbox_is_told_today(clerk->store, inquiry, mail->template, mail->to, not_before, ret_noise, err);
	return is_told_enough(clerk, mail, clerk->clock->now(clerk->clock), ret_noise, err);
}

/* The mails that the decision asks for, from the start of the next sending hours on. */
static int want_mails(struct clerk *clerk, const struct conf_mailbox *mailbox, const struct clerk_input *input,
	const struct clerk_result *result, int64_t inquiry, struct err *err)
{
	const struct conf *conf = clerk->conf;
	int64_t now = clerk->clock->now(clerk->clock);
	const char *domain = strchr(mailbox->addresses.items[0], '@') + 1;

	for (size_t i = 0; !input->quiet && i < result->decision.mails_count; i++) {
		const struct decide_mail *mail = &result->decision.mails[i];
		int64_t not_before = conf_next_sending(conf, now);
		bool noise;

		if (is_noise(clerk, result, mail, inquiry, not_before, &noise, err) < 0)
			return -1;
		if (!noise && outbox_add_single(clerk->store, mailbox->name, mail->to, mail->template, result->mail,
				mail->aside ? 0 : inquiry, !mail->once, domain, now, not_before, err) < 0)
			return -1;
	}
	return 0;
}

/* A scanner is nobody's, a colleague no citizen; of two masked addresses nobody knows whether they are one. */
static bool is_citizen(const struct conf *conf, const char *asker)
{
	for (size_t i = 0; asker && i < conf->mailboxes_count; i++)
		if (message_strings_have(&conf->mailboxes[i].channels, asker))
			return false;
	return asker && conf->asker_days > 0 && directory_is_stranger(&conf->directory, asker) && !privacy_has_mask(asker);
}

static void fill_decision(struct store_decision *stored, const struct clerk *clerk, const struct gathering *gathering,
	const struct clerk_result *result)
{
	*stored = (struct store_decision){
		.mailbox = gathering->mailbox->name, .message = gathering->message,
		.case_link = result->decision.case_link, .trust = gathering->trust,
		.thread = &gathering->facts.thread, .decision = &result->decision,
		.arrived_at = gathering->arrived_at,
		.now = clerk->clock->now(clerk->clock), .conf_hash = clerk->conf->hash,
		.is_citizen = result->decision.changed && is_citizen(clerk->conf, result->decision.after.asker),
		.again = gathering->again,
	};
}

/* Decides a stored mail anew, from what is kept of it. thread: where a person has put it; else it is looked for. */
static int decide_again(struct clerk *clerk, struct arena *arena, const struct conf_mailbox *mailbox,
	const struct clerk_input *input, int64_t mail, struct thread_result thread, struct err *err)
{
	struct message message;
	struct trust trust;
	struct clerk_result result = { .has_before = false };
	struct gathering gathering = { .clerk = clerk, .arena = arena, .mailbox = mailbox, .message = &message,
		.trust = &trust, .again = mail, .facts.thread = thread };
	struct store_decision stored;
	const char *case_link;
	int64_t inquiry;

	if (store_load_mail(clerk->store, arena, mail, &message, &trust, &gathering.arrived_at,
			&case_link, err) < 0)
		return -1;
	if (thread.rung == THREAD_PLACED)
		gathering.facts.said_at = gathering.arrived_at;
	message.links = (struct message_strings){ &case_link, case_link != NULL };	/* all that is kept of its text */
	if (gather_facts(&gathering, err) < 0)
		return -1;
	decide_message(arena, &gathering.facts, &(struct decide_event){ &message, trust, gathering.arrived_at },
		&result.decision);
	fill_decision(&stored, clerk, &gathering, &result);
	if (store_add_decision(clerk->store, &stored, &result.mail, &inquiry, err) < 0)
		return -1;
	return want_mails(clerk, mailbox, input, &result, inquiry, err);
}

/*
 * A letter has opened an inquiry, and what answers or forwards it was seen before: each folder is read by itself, and
 * after a standstill the sent items may be faster than the inbox.
 */
static int follow_early(struct clerk *clerk, struct arena *arena, const struct conf_mailbox *mailbox,
	const struct clerk_input *input, struct err *err)
{
	const struct thread_result unknown = { .rung = THREAD_NONE };
	int64_t mails[STORE_EARLY_MAX];
	size_t count;

	if (!input->message->message_id)
		return 0;
	if (store_find_early(clerk->store, input->message->message_id, input->arrived_at, mails, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (decide_again(clerk, arena, mailbox, input, mails[i], unknown, err) < 0)
			return -1;
	return 0;
}

/*
 * A verb settles the waiting message that it is about; inquiry: the one that [NY HENVENDELSE] opened. What
 * [HØRER TIL KEY] places is decided as what it is, a message of that inquiry.
 */
static int settle_waiting(const struct gathering *gathering, const struct clerk_input *input,
	const struct decision *decision, int64_t inquiry, struct err *err)
{
	struct clerk *clerk = gathering->clerk;

	if (!decision->waiting)
		return 0;
	if (decision->place)
		return decide_again(clerk, gathering->arena, gathering->mailbox, input, decision->waiting,
			(struct thread_result){ .rung = THREAD_PLACED, .inquiry = gathering->facts.named->id }, err);
	return decision->adopt ? store_adopt(clerk->store, decision->waiting, inquiry, err) :
		store_dismiss(clerk->store, decision->waiting, err);
}

/*
 * Our own mail, come back as a copy or as a recipient's: it has left, and its row is settled. The id that a server gave
 * it is learnt only from a copy that is vouched for: whoever got the mail knows ours, and could teach us any.
 */
static int receive_own(const struct gathering *gathering, int64_t outbox, struct err *err)
{
	struct clerk *clerk = gathering->clerk;

	return outbox_seen(clerk->store, outbox, gathering->trust->trusted ? gathering->message->message_id : NULL,
		clerk->clock->now(clerk->clock), err);
}

/* Redirected mail keeps our ids; only what one of our mailboxes sent can be our own. */
static bool is_from_us(const struct clerk *clerk, const struct message *message)
{
	for (size_t i = 0; message->from && i < clerk->conf->mailboxes_count; i++)
		if (message_strings_have(&clerk->conf->mailboxes[i].addresses, message->from->address))
			return true;
	return false;
}

static struct clerk_result seen_before(int64_t mail)
{
	return (struct clerk_result){ .mail = mail, .outcome = DECIDE_DUPLICATE, .reason = DECIDE_BY_SEEN_BEFORE };
}

/*
 * A mail is decided once, in the mailbox that sees it first. Addressed to another mailbox as well it may be a matter of
 * that one, too: its owner is told.
 */
static bool is_shared(const struct gathering *gathering, const struct store_seen *seen)
{
	const struct message *message = gathering->message;
	const struct message_strings *here = &gathering->mailbox->addresses;
	bool shared = false;

	if (!seen->elsewhere || gathering->facts.past || message->kind != MESSAGE_HUMAN)
		return false;
	for (size_t i = 0; i < message->to.count; i++)
		shared = shared || message_strings_have(here, message->to.items[i].address);
	/* copies of what goes on in the other mailbox are no news here, but a new letter is */
	for (size_t i = 0; seen->outcome == DECIDE_OPENED && i < message->cc.count; i++)
		shared = shared || message_strings_have(here, message->cc.items[i].address);
	return shared;
}

/* Was the copy before a list's or a robot's, of what comes now from the hand that wrote it? */
static bool is_first_by_hand(const struct store_seen *seen, const struct message *message)
{
	return seen->reason == DECIDE_BY_NOT_HUMAN && message->kind == MESSAGE_HUMAN && !message->automatic;
}

/*
 * Does a copy that is vouched for come too late? When the one before was vouched for or counted, when a person has
 * decided on it, and when it is old mail: dragged to another folder, perhaps after the configuration has learnt whom to
 * believe, it must not act on what stands otherwise by now. What was merely opened unvouched may still move another
 * inquiry: the forged copy of an answer names none.
 */
static bool is_settled(const struct store_seen *seen, const struct message *message, int64_t now)
{
	return now - seen->decided_at >= COPIES_S || (seen->trusted && !is_first_by_hand(seen, message)) ||
		seen->reason == DECIDE_BY_VERB || seen->outcome == DECIDE_MOVED || seen->outcome == DECIDE_COMMANDED ||
		seen->outcome == DECIDE_PAST;
}

/* Seen before, or our own: known, and settled here. gathering->again: seen before, yet to be decided by this copy. */
static int recognise(struct gathering *gathering, struct clerk_result *result, struct store_seen *ret_seen,
	bool *ret_known, struct err *err)
{
	struct clerk *clerk = gathering->clerk;
	const struct message *message = gathering->message;
	int64_t now = clerk->clock->now(clerk->clock), outbox;

	*ret_known = false;
	if (store_find_mail(clerk->store, gathering->mailbox->name, message->identity, ret_seen, err) < 0)
		return -1;
	if (ret_seen->mail && (!gathering->trust->trusted || gathering->facts.past || is_settled(ret_seen, message, now))) {
		*result = seen_before(ret_seen->mail);
		if (is_shared(gathering, ret_seen)) {
			result->outcome = DECIDE_WAITING;
			result->reason = DECIDE_BY_ELSEWHERE;
		}
		*ret_known = true;
		return 0;
	}
	/* Known, but only by a copy that nobody vouched for or wrote: this one is decided, in its place. */
	gathering->again = ret_seen->mail;
	gathering->facts.said_at = ret_seen->mail ? ret_seen->decided_at : 0;
	if (ret_seen->placed)
		gathering->facts.thread = (struct thread_result){ .rung = THREAD_PLACED, .inquiry = ret_seen->placed };
	if (!is_from_us(clerk, message))
		return 0;
	if (store_find_own(clerk->store, message, &outbox, err) < 0)
		return -1;
	if (outbox) {
		result->outcome = DECIDE_OWN;
		result->reason = DECIDE_BY_OWN_ID;
		*ret_known = true;
		return receive_own(gathering, outbox, err);
	}
	return 0;
}

/* RFC 3464, 2.3.3: of the actions in a delivery report only "failed" is the end; "delayed" is no news. */
static int settle_bounces(struct clerk *clerk, const struct message *message, struct err *err)
{
	struct message about = { .message_id = message->bounced_id };
	int64_t now = clerk->clock->now(clerk->clock), outbox;

	if (message->kind != MESSAGE_BOUNCE || !message->bounced_id)
		return 0;
	if (store_find_own(clerk->store, &about, &outbox, err) < 0)
		return -1;
	for (size_t i = 0; outbox && i < message->bounces.count; i++) {
		const struct message_bounce *bounce = &message->bounces.items[i];

		if (bounce->address && bounce->action && strcmp(bounce->action, "failed") == 0 &&
		    outbox_bounced(clerk->store, outbox, bounce->address, bounce->status, now, err) < 0)
			return -1;
	}
	return 0;
}

/* Did the mail lead an inquiry that was there on? Then it is more than a second copy of what opened one. */
static bool is_followed(const struct decision *decision)
{
	return decision->outcome == DECIDE_MOVED || decision->outcome == DECIDE_COMMANDED;
}

/* A scanner or a gateway marks its mails as a robot's; what they bring are people's letters. */
static void hear_channel(const struct conf_mailbox *mailbox, struct message *message)
{
	bool marked = message->kind == MESSAGE_AUTOMATIC || message->kind == MESSAGE_LIST || message->kind == MESSAGE_ABSENCE;

	if (!marked || !message->from || message->frist_id ||
	    !message_strings_have(&mailbox->channels, message->from->address))
		return;
	message->kind = MESSAGE_HUMAN;
	message->automatic = message->newsletter = false;
}

static int receive(struct clerk *clerk, struct arena *arena, const struct conf_mailbox *mailbox,
	const struct clerk_input *input, struct clerk_result *ret_result, struct err *err)
{
	struct clerk_result result = { .mail = 0 };
	const struct trust_mailbox own = { mailbox->addresses, mailbox->logins, input->sent_items };
	struct gathering gathering = { .clerk = clerk, .arena = arena, .mailbox = mailbox,
		.message = input->message, .trust = &result.trust, .arrived_at = input->arrived_at };
	struct store_decision stored;
	struct store_seen seen;
	int64_t inquiry;
	bool known;

	gathering.facts.past = input->arrived_at < mailbox->open_since;
	trust_judge(arena, &mailbox->trust, &clerk->conf->directory, &own, input->message, &result.trust);
	/* By content and before anything else: a mail that goes from folder to folder is never decided twice. */
	if (recognise(&gathering, &result, &seen, &known, err) < 0)
		return -1;
	if (known) {
		*ret_result = result;
		return 0;
	}
	/* What was registered before the word was known stays so. */
	if (!gathering.again && discretion_take(&gathering, input, &known, err) < 0)
		return -1;
	if (known) {
		*ret_result = (struct clerk_result){ .outcome = DECIDE_CONFIDENTIAL, .reason = DECIDE_BY_CONFIDENTIAL };
		return 0;
	}
	if (gather_facts(&gathering, err) < 0)
		return -1;
	decide_message(arena, &gathering.facts,
		&(struct decide_event){ input->message, result.trust, input->arrived_at }, &result.decision);
	if (seen.outcome == DECIDE_OPENED && seen.mail && !is_followed(&result.decision)) {
		*ret_result = seen_before(seen.mail);	/* the same letter, that has its inquiry */
		return 0;
	}
	result.outcome = result.decision.outcome;
	result.reason = result.decision.reason;
	result.thread = gathering.facts.thread;
	result.workflow = gathering.facts.workflow;
	if (gathering.facts.inquiry) {
		result.before = *gathering.facts.inquiry;
		result.has_before = true;
	}
	fill_decision(&stored, clerk, &gathering, &result);
	if (store_add_decision(clerk->store, &stored, &result.mail, &inquiry, err) < 0)
		return -1;
	if (inquiry)
		result.key = result.decision.changed ? result.decision.after.key : result.before.key;
	/* Bounces are settled whatever was decided: they are about our outbox, not about the inquiry. */
	if (want_mails(clerk, mailbox, input, &result, inquiry, err) < 0 ||
	    settle_bounces(clerk, input->message, err) < 0)
		return -1;
	/* Now that the verb's own mail is stored: the one it places is decided on the inquiry as it is by now. */
	if (settle_waiting(&gathering, input, &result.decision, inquiry, err) < 0)
		return -1;
	if (result.outcome == DECIDE_OPENED && follow_early(clerk, arena, mailbox, input, err) < 0)
		return -1;
	*ret_result = result;
	return 0;
}

int clerk_receive(struct clerk *clerk, struct arena *arena, const struct conf_mailbox *mailbox,
	const struct clerk_input *input, struct clerk_result *ret_result, struct err *err)
{
	struct message message = *input->message;
	struct clerk_input heard = *input;

	hear_channel(mailbox, &message);
	heard.message = &message;
	return receive(clerk, arena, mailbox, &heard, ret_result, err);
}

int clerk_is_read(struct clerk *clerk, const struct conf_mailbox *mailbox, const char *folder, uint32_t uidvalidity,
	uint32_t uidnext, bool *ret_read, struct err *err)
{
	int result;

	pthread_mutex_lock(&clerk->lock);
	result = store_is_read(clerk->store, mailbox->name, folder, uidvalidity, uidnext, ret_read, err);
	pthread_mutex_unlock(&clerk->lock);
	return result;
}
