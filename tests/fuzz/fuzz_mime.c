/* Any octets, as a mail: io/mime must read them within its caps and leave text that is what core/message.h promises. */
#include "io/mime.h"

#include "base/err.h"
#include "base/text.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check(const char *text, bool lines)
{
	if (!text)
		return;
	if (!text_is_utf8(text, strlen(text)))
		abort();
	for (; *text; text++)
		if (((unsigned char)*text < 0x20 && !(lines && (*text == '\n' || *text == '\t'))) || *text == 0x7F)
			abort();
}

static void check_strings(const struct message_strings *strings, size_t max)
{
	if (strings->count > max)
		abort();
	for (size_t i = 0; i < strings->count; i++)
		check(strings->items[i], false);
}

static void check_addresses(const struct message_addresses *addresses)
{
	if (addresses->count > MESSAGE_RECIPIENTS_MAX)
		abort();
	for (size_t i = 0; i < addresses->count; i++) {
		check(addresses->items[i].name, false);
		if (strpbrk(addresses->items[i].address, " \r\n<>,;:\"()[]\\") || !strchr(addresses->items[i].address, '@'))
			abort();
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message message;

	mime_init();
	mime_parse(&arena, &subject_grammar_default, data, size, &message);
	check(message.message_id, false);
	check(message.subject, false);
	check(message.bare_subject, false);
	check(message.first_line, false);
	check(message.top_text, true);
	check(message.quoted_from, false);
	check(message.quoted_to, false);
	check_strings(&message.references, MESSAGE_REFERENCES_MAX);
	check_strings(&message.in_reply_to, MESSAGE_REFERENCES_MAX);
	check_strings(&message.tags, MESSAGE_TAGS_MAX);
	check_strings(&message.keys, MESSAGE_KEYS_MAX);
	check_strings(&message.links, MESSAGE_LINKS_MAX);
	check_strings(&message.attachments, 100);
	check_addresses(&message.to);
	check_addresses(&message.cc);
	for (size_t i = 0; i < message.tags.count; i++)
		if (text_has_hidden(message.tags.items[i]))
			abort();
	return 0;
}
