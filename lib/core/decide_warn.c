/*
 * I5: what looks like a personal number must not go to an ordinary address outside. Whoever sent it is told, quietly,
 * and nobody else; the mail is decided as if nothing had been seen.
 */
#include "core/decide_pass.h"

#include "core/privacy.h"

#include <string.h>

/* A gateway's address names the citizen by his number, and is no ordinary mail: that goes to Digital Post. */
static bool is_ordinary_outside(const struct decide_pass *pass, const char *address)
{
	return directory_is_stranger(pass->facts->directory, address) && !privacy_has_mask(address);
}

static bool goes_outside(const struct decide_pass *pass)
{
	const struct message_addresses *const lists[] = { &pass->message->to, &pass->message->cc };

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			if (is_ordinary_outside(pass, lists[i]->items[j].address))
				return true;
	return false;
}

/* Who sent it himself, also in another's name; as the shared mailbox that is nobody by name. */
static const char *find_sender(const struct decide_pass *pass)
{
	const struct decide_facts *facts = pass->facts;
	const char *sender = pass->event->trust.sent_by ? pass->event->trust.sent_by : pass->sender;

	for (size_t i = 0; sender && i < facts->mailboxes_count; i++)
		if (message_strings_have(&facts->mailboxes[i].addresses, sender))
			return NULL;
	return directory_is_internal(facts->directory, sender) ? sender : NULL;
}

void decide_warn(struct decide_pass *pass)
{
	const struct message *message = pass->message;
	const char *sender = pass->event->trust.trusted ? find_sender(pass) : NULL;
	struct decision *decision = pass->decision;
	size_t before = decision->mails_count;

	if (!pass->facts->mailbox->warns_of_cpr || !sender || pass->facts->past || message->kind != MESSAGE_HUMAN ||
	    message->automatic || !(message->has_cpr || (message->subject && privacy_has_mask(message->subject))) ||
	    !goes_outside(pass))
		return;
	decide_add_mail(decision, sender, DECIDE_WARNING_TEMPLATE, false);
	if (decision->mails_count > before)
		decision->mails[before].aside = true;
}
