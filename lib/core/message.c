#include "core/message.h"

#include <string.h>
#include <strings.h>

const char *message_kind_name(enum message_kind kind)
{
	static const char *const names[] = {
		[MESSAGE_ABSENCE] = "absence", [MESSAGE_BOUNCE] = "bounce", [MESSAGE_RECEIPT] = "receipt",
		[MESSAGE_LIST] = "list", [MESSAGE_AUTOMATIC] = "automatic", [MESSAGE_HUMAN] = "human",
	};

	return names[kind];
}

bool message_strings_have(const struct message_strings *strings, const char *word)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcmp(strings->items[i], word) == 0)
			return true;
	return false;
}

bool message_strings_have_fold(const struct message_strings *strings, const char *word)
{
	for (size_t i = 0; i < strings->count; i++)
		if (strcasecmp(strings->items[i], word) == 0)
			return true;
	return false;
}
