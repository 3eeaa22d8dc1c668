#include "engine/discretion.h"

#include "core/confidential.h"
#include "io/outbox.h"

#include <string.h>

/* Does it answer or forward a confidential mail? The newest ids say what it is about. */
static int answers_confidential(const struct gathering *gathering, bool *ret_answers, struct err *err)
{
	enum { NEWEST = 5 };
	const struct message *message = gathering->message;
	const struct message_strings *const lists[] = { &message->in_reply_to, &message->references };

	*ret_answers = false;
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		size_t first = lists[i]->count > NEWEST ? lists[i]->count - NEWEST : 0;

		for (size_t j = first; !*ret_answers && j < lists[i]->count; j++)
			if (store_is_confidential(gathering->clerk->store, lists[i]->items[j], ret_answers, err) < 0)
				return -1;
	}
	return 0;
}

/* Absences, bounces and receipts, and whatever else a program writes; what comes by a list is a person's letter. */
static bool is_programs(const struct message *message)
{
	return message->kind != MESSAGE_HUMAN && message->kind != MESSAGE_LIST;
}

static bool goes_to(const struct message_addresses *list, const struct conf_mailbox *mailbox)
{
	for (size_t i = 0; i < list->count; i++)
		if (message_strings_have(&mailbox->addresses, list->items[i].address))
			return true;
	return false;
}

/* Whichever of the mailbox's workflows says so: which of them would follow the mail is not asked before. */
static void ask_workflows(const struct gathering *gathering, const struct conf_mailbox *mailbox, bool *ret_says,
	bool *ret_mentions)
{
	const struct workflow *workflow;

	for (size_t i = 0; !*ret_says && (workflow = conf_mailbox_workflow(mailbox, i)); i++) {
		*ret_says = confidential_says(gathering->arena, workflow, gathering->message);
		*ret_mentions = *ret_mentions || confidential_mentions(gathering->arena, workflow, gathering->message);
	}
}

/* What is a secret in one of the mailboxes that it is addressed to, is one in the others. */
static int is_confidential(const struct gathering *gathering, bool *ret_is, struct err *err)
{
	const struct conf *conf = gathering->clerk->conf;
	const struct message *message = gathering->message;
	bool mentions = false;

	*ret_is = false;
	for (size_t i = 0; i < conf->mailboxes_count; i++) {
		const struct conf_mailbox *mailbox = &conf->mailboxes[i];

		if (strcmp(mailbox->name, gathering->mailbox->name) == 0 || goes_to(&message->to, mailbox) ||
		    goes_to(&message->cc, mailbox))
			ask_workflows(gathering, mailbox, ret_is, &mentions);
	}
	if (*ret_is || !mentions)
		return 0;
	if (is_programs(message)) {
		*ret_is = true;
		return 0;
	}
	return answers_confidential(gathering, ret_is, err);
}

static bool is_mailbox(const struct clerk *clerk, const char *address)
{
	for (size_t i = 0; i < clerk->conf->mailboxes_count; i++)
		if (message_strings_have(&clerk->conf->mailboxes[i].addresses, address))
			return true;
	return false;
}

/* The sender's address, if he may be written to: what is not vouched for may be anybody's, and robots read nothing. */
static const char *find_sender(const struct gathering *gathering)
{
	const struct message *message = gathering->message;
	const struct directory *directory = &gathering->clerk->conf->directory;
	const char *from = message->from ? message->from->address : NULL;

	if (!from || !gathering->trust->trusted || message->kind != MESSAGE_HUMAN || message->automatic ||
	    is_mailbox(gathering->clerk, from) || directory_is_stranger(directory, from))
		return NULL;
	return from;
}

int discretion_take(const struct gathering *gathering, const struct clerk_input *input, bool *ret_taken,
	struct err *err)
{
	struct clerk *clerk = gathering->clerk;
	const struct conf_mailbox *mailbox = gathering->mailbox;
	const char *to = find_sender(gathering), *domain = strchr(mailbox->addresses.items[0], '@') + 1;
	int64_t now = clerk->clock->now(clerk->clock);
	bool new;

	if (is_confidential(gathering, ret_taken, err) < 0)
		return -1;
	if (!*ret_taken)
		return 0;
	if (store_add_confidential(clerk->store, mailbox->name, gathering->message, gathering->arrived_at, &new, err) < 0)
		return -1;
	if (!new || !to || input->quiet || gathering->facts.past)
		return 0;
	return outbox_add_secret(clerk->store, mailbox->name, to, CONFIDENTIAL_TEMPLATE, domain, now,
		conf_next_sending(clerk->conf, now), err);
}
