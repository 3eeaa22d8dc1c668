#include "core/reach.h"

#include "base/text.h"

#include <string.h>

/* ---- lists by name ---- */

static bool is_before_at(const char *address, const char *word)
{
	size_t length = strcspn(address, "@");

	return strlen(word) == length && strncmp(address, word, length) == 0;
}

/* Roles are names of files: people write a blank where those have a hyphen. */
static const char *with_blanks(struct arena *arena, const char *name)
{
	char *copy = arena_strdup(arena, name);

	for (char *at = copy; (at = strchr(at, '-'));)
		*at = ' ';
	return copy;
}

static const char *list_title(const struct directory_list *list)
{
	return list->name ? list->name : list->address;
}

const char *reach_find_list(struct arena *arena, const struct directory *directory, const char *word)
{
	const char *lower = text_lower(arena, word);

	for (size_t i = 0; i < directory->lists_count; i++) {
		const struct directory_list *list = &directory->lists[i];

		if ((list->name && text_equal_fold(list->name, word)) || (list->address &&
		    (strcmp(list->address, lower) == 0 || is_before_at(list->address, lower))))
			return list_title(list);
	}
	for (size_t i = 0; i < directory->roles_count; i++)
		if (strcmp(with_blanks(arena, directory->roles[i].name), with_blanks(arena, lower)) == 0)
			return directory->roles[i].name;
	return NULL;
}

/* How many of its first letters two words have in common. */
static size_t count_alike(const char *a, const char *b)
{
	size_t count = 0;

	while (a[count] && a[count] == b[count])
		count++;
	return count;
}

/* Lists only: which groups the program knows is nothing that people know. */
struct message_strings reach_near_lists(struct arena *arena, const struct directory *directory, const char *word,
	size_t max)
{
	const char **names = arena_array(arena, directory->lists_count, sizeof(*names)), *lower = text_lower(arena, word);
	size_t count = 0;

	for (size_t i = 0; i < directory->lists_count; i++) {
		const char *name = list_title(&directory->lists[i]);
		size_t alike = count_alike(text_lower(arena, name), lower), at = count++;

		/* those that begin alike come first, the others in the order of the file */
		for (; at > 0 && count_alike(text_lower(arena, names[at - 1]), lower) < alike; at--)
			names[at] = names[at - 1];
		names[at] = name;
	}
	return (struct message_strings){ names, count < max ? count : max };
}

/* ---- people ---- */

/* Ids, nobody twice. */
struct people {
	const char **ids;
	size_t count;
};

static struct people no_people(struct arena *arena)
{
	return (struct people){ arena_array(arena, REACH_PEOPLE_MAX, sizeof(const char *)), 0 };
}

static struct message_strings strings_of(const struct people *people)
{
	return (struct message_strings){ people->ids, people->count };
}

static void add_id(struct people *people, const char *id)
{
	const struct message_strings known = strings_of(people);

	if (people->count < REACH_PEOPLE_MAX && !message_strings_have(&known, id))
		people->ids[people->count++] = id;
}

/* wanted: only those of them; NULL: all. */
static void add_people(struct people *people, const struct directory_person *const *more, size_t count,
	const struct message_strings *wanted)
{
	for (size_t i = 0; i < count; i++)
		if (!wanted || message_strings_have(wanted, more[i]->id))
			add_id(people, more[i]->id);
}

static const struct directory_list *find_list(const struct directory *directory, const char *title)
{
	for (size_t i = 0; title && i < directory->lists_count; i++)
		if (strcmp(list_title(&directory->lists[i]), title) == 0)
			return &directory->lists[i];
	return NULL;
}

const struct directory_person *reach_find_chair(const struct directory *directory, const char *title)
{
	const struct directory_list *list = find_list(directory, title);

	for (size_t i = 0; title && !list && i < directory->lists_count; i++)
		if (directory->lists[i].chair && directory->lists[i].role && strcmp(directory->lists[i].role, title) == 0)
			list = &directory->lists[i];
	return list ? list->chair : NULL;
}

/* A committee may end while the answer to it is written: the decision was about its people. */
static const struct directory_list *find_list_of_any_day(const struct directory *directory, const char *title)
{
	const struct directory_list *list = find_list(directory, title);

	return list || !directory->book ? list : find_list(directory->book, title);
}

/* Those of a role, of a list, or who asked. */
static void add_audience(const struct directory *directory, const struct inquiry *inquiry, const char *name,
	struct people *people)
{
	const struct directory_role *role = directory_role(directory, name);
	const struct directory_list *list = find_list_of_any_day(directory, name);

	if (name && strcmp(name, WORKFLOW_ROLE_ASKER) == 0) {
		const struct directory_person *asker = inquiry ? directory_person_at(directory, inquiry->asker) : NULL;

		add_people(people, &asker, asker != NULL, NULL);
	} else if (list) {
		size_t count;
		const struct directory_person *const *members = directory_list_people(directory, list, &count);

		add_people(people, members, count, NULL);
	} else if (role) {
		add_people(people, role->members, role->count, NULL);
	}
}

struct message_strings reach_wanted(struct arena *arena, const struct workflow *workflow,
	const struct directory *directory, const struct inquiry *inquiry, const char *audience)
{
	struct people wanted = no_people(arena);

	if (!inquiry || inquiry_is_open(inquiry))
		add_audience(directory, inquiry, audience ? audience : workflow->audience, &wanted);
	for (size_t i = 0; inquiry && !inquiry_is_open(inquiry) && i < inquiry->reach.people.count; i++)
		if (directory_person(directory, inquiry->reach.people.items[i]))	/* else nobody can write to him */
			add_id(&wanted, inquiry->reach.people.items[i]);
	return strings_of(&wanted);
}

struct message_strings reach_add(struct arena *arena, const struct directory *directory, const struct message *message,
	const struct message_strings *had, const struct message_strings *wanted)
{
	const struct message_addresses *const lists[] = { &message->to, &message->cc };
	struct people have = no_people(arena);

	for (size_t i = 0; i < had->count; i++)
		add_id(&have, had->items[i]);
	for (size_t i = 0; i < COUNT_OF(lists); i++) {
		for (size_t j = 0; j < lists[i]->count; j++) {
			const char *address = lists[i]->items[j].address;
			const struct directory_person *person = directory_person_at(directory, address);
			const struct directory_list *list = directory_list_at(directory, address);
			size_t count = 0;
			const struct directory_person *const *people =
				list ? directory_list_people(directory, list, &count) : NULL;

			add_people(&have, &person, person != NULL, wanted);
			add_people(&have, people, count, wanted);
		}
	}
	return strings_of(&have);
}

bool reach_is_all(const struct message_strings *had, const struct message_strings *wanted)
{
	for (size_t i = 0; i < wanted->count; i++)
		if (!message_strings_have(had, wanted->items[i]))
			return false;
	return wanted->count > 0;
}

const struct directory_person *const *reach_missing(struct arena *arena, const struct workflow *workflow,
	const struct directory *directory, const struct inquiry *inquiry, size_t *ret_count)
{
	bool open = inquiry_is_open(inquiry);
	const struct message_strings *had = open ? &inquiry->reach.people : &inquiry->reach.corrected;
	const struct directory_person **missing;
	struct message_strings wanted;

	*ret_count = 0;
	if (!inquiry->reach.short_of)
		return NULL;
	wanted = reach_wanted(arena, workflow, directory, inquiry, inquiry->reach.audience);
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	missing = arena_array(arena, wanted.count, sizeof(*missing));
	for (size_t i = 0; i < wanted.count; i++) {
		const struct directory_person *person = directory_person(directory, wanted.items[i]);

		if (person && !message_strings_have(had, wanted.items[i]))
			missing[(*ret_count)++] = person;
	}
	return missing;
}
