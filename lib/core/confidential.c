#include "core/confidential.h"

#include "base/text.h"

#include <string.h>

enum { REFER_MAX = 6 };

/* Alone, or with something after it. */
static bool is_word(const char *text, const char *word)
{
	const char *rest = text + strlen(word);

	return text_starts_with(text, word) && !text_begins_word(rest);
}

static bool is_any(const struct workflow *workflow, const char *text)
{
	for (size_t i = 0; i < workflow->confidential.words.count; i++)
		if (is_word(text, workflow->confidential.words.items[i]))
			return true;
	return false;
}

bool confidential_says(const struct workflow *workflow, const struct message *message)
{
	for (size_t i = 0; workflow->confidential.words.count > 0 && i < message->tags.count; i++)
		if (is_any(workflow, message->tags.items[i]))
			return true;
	return false;
}

bool confidential_mentions(struct arena *arena, const struct workflow *workflow, const struct message *message)
{
	const char *upper;

	if (workflow->confidential.words.count == 0 || !message->subject)
		return false;
	upper = text_upper(arena, message->subject);
	for (const char *at = strchr(upper, '['); at; at = strchr(at + 1, '['))
		if (is_any(workflow, at + 1 + strspn(at + 1, " ")))
			return true;
	return false;
}

/* Each once: the chief of staff may be among the directors. */
static size_t list_people(const struct workflow *workflow, const struct directory *directory,
	const struct directory_person *ret_people[REFER_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < workflow->confidential.refer_to.count; i++) {
		const struct directory_role *role = directory_role(directory, workflow->confidential.refer_to.items[i]);

		for (size_t j = 0; role && j < role->count; j++) {
			bool known = false;

			for (size_t k = 0; k < count; k++)
				known = known || ret_people[k] == role->members[j];
			if (!known && count < REFER_MAX)
				ret_people[count++] = role->members[j];
		}
	}
	return count;
}

const char *confidential_refer(struct arena *arena, const struct workflow *workflow, const struct directory *directory)
{
	const struct directory_person *people[REFER_MAX];
	size_t count = list_people(workflow, directory, people);
	const char *list = NULL;

	for (size_t i = 0; i < count; i++)
		list = arena_printf(arena, "%s%s%s (%s)", list ? list : "", i == 0 ? "" : i + 1 < count ? ", " : " eller ",
			people[i]->name, people[i]->address);
	return list;
}
