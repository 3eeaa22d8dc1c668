#include "core/addressee.h"

#include "base/text.h"

#include <string.h>

/* Is the word still going on here? A hyphen makes one word of two: "borgmester-kandidat" is no mayor. */
static bool joins(const char *at)
{
	return *at == '-' || text_begins_word(at);
}

/* The character before at. */
static const char *step_back(const char *at)
{
	do
		at--;
	while (((unsigned char)*at & 0xc0) == 0x80);
	return at;
}

/* Both in small letters. */
static bool has_word(const char *text, const char *word)
{
	for (const char *at = text; (at = strstr(at, word)) != NULL; at++)
		if ((at == text || !joins(step_back(at))) && !joins(at + strlen(word)))
			return true;
	return false;
}

/* In the order of the file, the most important first: a letter to mayor and director is one to the mayor. */
static const char *find_title(struct arena *arena, const struct workflow *workflow, const char *text)
{
	const char *lower = text ? text_lower(arena, text) : "";

	for (size_t i = 0; *lower && i < workflow->addressees_count; i++) {
		const struct workflow_addressee *addressee = &workflow->addressees[i];

		if (strcmp(lower, text_lower(arena, addressee->title)) == 0)
			return addressee->title;
		for (size_t j = 0; j < addressee->words.count; j++)
			if (has_word(lower, text_lower(arena, addressee->words.items[j])))
				return addressee->title;
	}
	return NULL;
}

/* The quoted letter knows best whom it was to; then what was written above it, then the subject. */
const char *addressee_title(struct arena *arena, const struct workflow *workflow, const struct message *message)
{
	const char *const texts[] = { message->quoted_to, message->top_text, message->subject };
	const char *title = NULL;

	for (size_t i = 0; !title && i < sizeof(texts) / sizeof(texts[0]); i++)
		title = find_title(arena, workflow, texts[i]);
	return title;
}

const char *addressee_asker(const struct directory *directory, const struct message *message)
{
	const char *const writers[] = { message->from ? message->from->address : NULL, message->quoted_from };

	for (size_t i = 0; i < sizeof(writers) / sizeof(writers[0]); i++)
		if (writers[i] && directory_is_stranger(directory, writers[i]))
			return writers[i];
	return NULL;
}

/* What is known stays: the first letter of a matter names them, later ones quote others. */
bool addressee_fill(struct arena *arena, const struct workflow *workflow, const struct directory *directory,
	const struct message *message, struct inquiry *inquiry)
{
	const char *had_title = inquiry->addressed_to, *had_asker = inquiry->asker;

	if (!had_title)
		inquiry->addressed_to = addressee_title(arena, workflow, message);
	if (!had_asker)
		inquiry->asker = addressee_asker(directory, message);
	return inquiry->addressed_to != had_title || inquiry->asker != had_asker;
}
