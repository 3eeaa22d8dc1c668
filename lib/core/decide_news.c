/*
 * What a person must look at although it fits no rule: a second letter in the thread of a known inquiry, and what may
 * be the answer. Thanks and questions are none of these; a letter that is passed over is lost, so it errs towards
 * asking.
 */
#include "core/decide_pass.h"

#include "base/text.h"
#include "core/addressee.h"
#include "core/privacy.h"
#include "core/subject.h"

#include <string.h>

/* May it come from outside? Who has no valid address may be anybody. */
bool decide_is_from_outside(const struct decide_pass *pass)
{
	return !pass->sender || directory_is_stranger(pass->facts->directory, pass->sender);
}

/* Does the mail itself say that it is about the inquiry: by the key in front, by the subject, as its receipt (A1)? */
static bool follows_up(const struct decide_pass *pass)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	const char *subject = pass->message->bare_subject;
	const char *receipt = subject_of_receipt(pass->arena, &pass->facts->workflow->receipt_words, subject);

	return message_strings_have(&pass->message->lead_keys, inquiry->key) ||
		(pass->facts->merged && message_strings_have(&pass->message->lead_keys, pass->facts->merged)) ||
		pass->facts->thread.rung == THREAD_RECEIPT || (receipt && !*receipt) ||
		text_equal_fold(receipt ? receipt : subject, inquiry->subject);
}

/* May what comes say who asked (A1)? Inquiry and receipt may come as two mails, before anybody is given it. */
bool decide_may_complete(const struct decide_pass *pass)
{
	const struct inquiry *inquiry = pass->facts->inquiry;

	return inquiry_is_open(inquiry) && inquiry->round == 1 &&
		workflow_step_index(pass->facts->workflow, inquiry->step) == 0 && pass->event->trust.trusted &&
		decide_is_opener(pass);
}

/* Does the mail hold a letter that is not the one of the inquiry? Of what is closed, he who asked may ask again. */
static bool holds_other_letter(const struct decide_pass *pass)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	const char *writer = addressee_asker(pass->facts->directory, pass->message);

	if (!writer || !decide_is_opener(pass))
		return false;
	if (!inquiry_is_open(inquiry))
		return true;
	return inquiry->asker && (strcmp(writer, inquiry->asker) != 0 || privacy_has_mask(writer));
}

/* Where strangers open nothing themselves, what one writes in a known thread may be anything. */
bool decide_is_strangers_letter(const struct decide_pass *pass)
{
	return pass->facts->inquiry && pass->facts->thread.rung != THREAD_PLACED && pass->message->kind == MESSAGE_HUMAN &&
		decide_is_from_outside(pass) && !decide_opens_to_strangers(pass);
}

bool decide_has_other_topic(const struct decide_pass *pass)
{
	struct subject subject;

	if (pass->facts->thread.rung == THREAD_PLACED)
		return false;
	subject_parse(pass->arena, &subject_grammar_default, pass->message->subject, &subject);
	return !subject.reply && !follows_up(pass);
}

/*
 * Thanks and questions are only noted. But a forward, or a mail with a new subject or another letter in it, from
 * somebody whose mail opens inquiries may be a new matter in an old thread, and a person must look at it, as at what
 * strangers write themselves; of what is closed any forward may. What a person has placed he has seen.
 */
bool decide_brings_news(const struct decide_pass *pass)
{
	const struct message *message = pass->message;

	if (pass->facts->thread.rung == THREAD_PLACED)
		return false;
	if (decide_is_strangers_letter(pass))
		return true;
	if (message->kind == MESSAGE_HUMAN ? !decide_would_open(pass) : !message->forward || !decide_is_opener(pass))
		return false;
	if ((message->forward && !inquiry_is_open(pass->facts->inquiry)) || holds_other_letter(pass))
		return true;
	return decide_has_other_topic(pass);
}

/* One that stands goes on: its answer is waited for as well. */
static bool runs_a_clock(const struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->clocks_count; i++)
		if (!inquiry_clock_is_done(&inquiry->clocks[i]))
			return true;
	return false;
}

/*
 * May it be the answer that everybody waits for (A7), from somebody whose answer no rule expects or to people whom none
 * expects to get it? A colleague's mail with a link to the case that was not known, while the deadline runs.
 */
bool decide_may_be_answer(const struct decide_pass *pass)
{
	const struct inquiry *inquiry = pass->facts->inquiry;
	const char *link = pass->decision->case_link;
	bool known = link && ((inquiry->subject && strstr(inquiry->subject, link)) ||
		(inquiry->case_link && strcmp(inquiry->case_link, link) == 0));

	return link && !known && runs_a_clock(inquiry) && pass->facts->thread.rung != THREAD_PLACED &&
		pass->event->trust.trusted && !decide_is_from_outside(pass) && !decide_is_opener(pass) && !decide_is_owner(pass) &&
		!message_strings_have(&pass->home->addresses, pass->sender);
}
