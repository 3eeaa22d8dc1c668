#include "engine/gather_pair.h"

#include "core/privacy.h"

#include <string.h>

enum { ASKERS_MAX = 8 };	/* citizens of one mail that are looked for: an answer goes to few */

static bool wants_copies(const struct workflow *workflow)
{
	for (size_t i = 0; workflow && i < workflow->rules_count; i++)
		if (workflow->rules[i].when.copy)
			return true;
	return false;
}

static bool asks_for_copies(const struct conf_mailbox *mailbox)
{
	const struct workflow *workflow;

	for (size_t i = 0; (workflow = conf_mailbox_workflow(mailbox, i)); i++)
		if (wants_copies(workflow))
			return true;
	return false;
}

static bool is_given_to(const struct inquiry *inquiry, const char *person)
{
	for (size_t i = 0; i < inquiry->assignments_count; i++)
		if (strcmp(inquiry->assignments[i].person, person) == 0)
			return true;
	return false;
}

static size_t add_asker(const struct gathering *gathering, const char **askers, size_t count, const char *address)
{
	if (count == ASKERS_MAX || !address || privacy_has_mask(address) ||
	    !directory_is_stranger(gathering->facts.directory, address))
		return count;
	for (size_t i = 0; i < count; i++)
		if (strcmp(askers[i], address) == 0)
			return count;
	askers[count] = address;
	return count + 1;
}

static size_t list_askers(const struct gathering *gathering, const char *askers[ASKERS_MAX])
{
	const struct message *message = gathering->message;
	const struct message_addresses *const lists[] = { &message->to, &message->cc };
	size_t count = add_asker(gathering, askers, 0, message->quoted_from);

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			count = add_asker(gathering, askers, count, lists[i]->items[j].address);
	return count;
}

int pair_find(const struct gathering *gathering, struct thread_hit *ret_hits, size_t max, size_t *ret_count,
	struct err *err)
{
	const struct message *message = gathering->message;
	const struct directory_person *sender = message->from ?
		directory_person_at(gathering->facts.directory, message->from->address) : NULL;
	const char *askers[ASKERS_MAX];
	size_t askers_count;

	*ret_count = 0;
	if (!sender || !gathering->trust->trusted || message->forward || message->kind != MESSAGE_HUMAN ||
	    !asks_for_copies(gathering->mailbox))
		return 0;
	askers_count = list_askers(gathering, askers);
	for (size_t i = 0; i < askers_count; i++) {
		struct inquiry *found;
		size_t count;

		if (store_list_asker(gathering->clerk->store, gathering->arena, askers[i], max, &found, &count, err) < 0)
			return -1;
		for (size_t j = 0; j < count && *ret_count < max; j++)
			if (inquiry_is_open(&found[j]) && is_given_to(&found[j], sender->id) &&
			    wants_copies(clerk_workflow(gathering->clerk, found[j].workflow)))
				ret_hits[(*ret_count)++] = (struct thread_hit){ .rung = THREAD_COPY, .inquiry = found[j].id };
	}
	return 0;
}
