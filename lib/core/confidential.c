#include "core/confidential.h"

#include "base/text.h"
#include "core/subject.h"

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

static const char *skip_blanks(const char *text)
{
	return text + strspn(text, " ");
}

/* The word behind a forward that was answered is another's, and makes the mail as confidential. */
static void read_forwards_as_replies(struct arena *arena, struct subject_grammar *ret_grammar)
{
	const struct message_strings *const lists[] = { &subject_grammar_default.replies, &subject_grammar_default.forwards };
	const char **items = arena_array(arena, lists[0]->count + lists[1]->count, sizeof(*items));
	size_t count = 0;

	for (size_t i = 0; i < COUNT_OF(lists); i++)
		for (size_t j = 0; j < lists[i]->count; j++)
			items[count++] = lists[i]->items[j];
	*ret_grammar = (struct subject_grammar){ .replies = { items, count }, .marks = subject_grammar_default.marks };
}

/* What nobody sees must not undo what he reads. */
static const char *without_hidden(struct arena *arena, const char *text)
{
	char *copy = arena_alloc(arena, strlen(text) + 1), *to = copy;

	while (*text) {
		size_t length = text_character_length(text);
		const char *character = arena_strndup(arena, text, length);

		text += length;
		if (!text_has_hidden(character)) {
			memcpy(to, character, length);
			to += length;
		}
	}
	*to = '\0';
	return copy;
}

bool confidential_says(struct arena *arena, const struct workflow *workflow, const struct message *message)
{
	const char *text = message->subject;
	struct subject_grammar grammar;
	struct subject subject;

	if (workflow->confidential.words.count == 0 || !text || !strchr(text, '['))
		return false;
	read_forwards_as_replies(arena, &grammar);
	subject_parse(arena, &grammar, text_has_hidden(text) ? without_hidden(arena, text) : text, &subject);
	for (size_t i = 0; i < subject.tags.count; i++)
		if (is_any(workflow, subject.tags.items[i]))
			return true;
	/* the bracket was never closed */
	return *subject.bare == '[' && is_any(workflow, skip_blanks(text_upper(arena, subject.bare) + 1));
}

bool confidential_mentions(struct arena *arena, const struct workflow *workflow, const struct message *message)
{
	const char *upper;

	if (workflow->confidential.words.count == 0 || !message->subject)
		return false;
	upper = text_upper(arena, message->subject);
	for (const char *at = strchr(upper, '['); at; at = strchr(at + 1, '['))
		if (is_any(workflow, skip_blanks(at + 1)))
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
