#include "core/directory.h"

#include "core/calendar.h"
#include "core/privacy.h"

#include <string.h>

const struct directory_person *directory_person(const struct directory *directory, const char *id)
{
	for (size_t i = 0; id && i < directory->people_count; i++)
		if (strcmp(directory->people[i].id, id) == 0)
			return &directory->people[i];
	return NULL;
}

/* Addresses are in small letters everywhere: the configuration's and those of mails are made so when they are read. */
const struct directory_person *directory_person_at(const struct directory *directory, const char *address)
{
	for (size_t i = 0; address && i < directory->people_count; i++) {
		const struct directory_person *person = &directory->people[i];

		if (strcmp(person->address, address) == 0 || message_strings_have(&person->aliases, address))
			return person;
	}
	return NULL;
}

const struct directory_role *directory_role(const struct directory *directory, const char *name)
{
	for (size_t i = 0; name && i < directory->roles_count; i++)
		if (strcmp(directory->roles[i].name, name) == 0)
			return &directory->roles[i];
	return NULL;
}

static bool is_in_term(int from, int until, int date)
{
	return from <= date && (!until || date <= until);
}

static void find_lists(struct arena *arena, const struct directory *book, struct directory *day)
{
	struct directory_list *lists = arena_array(arena, book->lists_count, sizeof(*lists));

	day->lists = lists;
	day->lists_count = 0;
	for (size_t i = 0; i < book->lists_count; i++)
		if (is_in_term(book->lists[i].from, book->lists[i].until, day->day))
			lists[day->lists_count++] = book->lists[i];
}

/* A role between two terms is still one that only a group has. */
void directory_on(struct arena *arena, const struct directory *book, int date, struct directory *ret_day)
{
	struct directory_role *roles = arena_array(arena, book->roles_count, sizeof(*roles));
	struct directory day = *book;

	day.day = date;
	day.book = book;
	day.roles = roles;
	day.roles_count = 0;
	for (size_t i = 0; i < book->roles_count; i++)
		if (is_in_term(book->roles[i].from, book->roles[i].until, date))
			roles[day.roles_count++] = book->roles[i];
	for (size_t i = 0; i < book->roles_count; i++) {
		if (!directory_role(&day, book->roles[i].name)) {
			roles[day.roles_count] = book->roles[i];
			roles[day.roles_count++].count = 0;
		}
	}
	if (book->lists_count > 0)
		find_lists(arena, book, &day);
	*ret_day = day;
}

const struct directory_list *directory_list_at(const struct directory *directory, const char *address)
{
	for (size_t i = 0; address && i < directory->lists_count; i++)
		if (directory->lists[i].address && strcmp(directory->lists[i].address, address) == 0)
			return &directory->lists[i];
	return NULL;
}

const struct directory_person *const *directory_list_people(const struct directory *directory,
	const struct directory_list *list, size_t *ret_count)
{
	const struct directory_role *role = directory_role(directory, list->role);

	*ret_count = role ? role->count : list->count;
	return role ? role->members : list->members;
}

/* A book without a day (directory_on) knows of no absence. */
static const struct directory_absence *absence_of(const struct directory *directory,
	const struct directory_person *person)
{
	for (size_t i = 0; directory->day != DIRECTORY_NO_DAY && i < person->absences_count; i++)
		if (person->absences[i].from <= directory->day && directory->day <= person->absences[i].until)
			return &person->absences[i];
	return NULL;
}

const struct directory_person *directory_present(const struct directory *directory,
	const struct directory_person *person)
{
	const struct directory_person *present = person;
	const struct directory_absence *absence;

	/* Bounded: two who stand in for each other may both be away. */
	for (int i = 0; i <= DIRECTORY_STAND_INS_MAX; i++) {
		if (!present || !(absence = absence_of(directory, present)))
			break;
		present = directory_person(directory, absence->stand_in ? absence->stand_in : present->stand_in);
	}
	return present && !absence_of(directory, present) ? present : person;	/* nobody is there: then himself */
}

bool directory_is_there(const struct directory *directory, const struct directory_person *person)
{
	return !absence_of(directory, directory_present(directory, person));
}

bool directory_works(const struct directory_person *person, int date)
{
	return !(person->weekdays_off & 1U << calendar_weekday(date));
}

bool directory_sends_for(const struct directory_person *sender, const struct directory_person *other)
{
	return sender && other && message_strings_have(&sender->on_behalf_of, other->id);
}

static bool is_member(const struct directory_role *role, const struct directory_person *person)
{
	for (size_t i = 0; i < role->count; i++)
		if (role->members[i] == person)
			return true;
	return false;
}

bool directory_is_member(const struct directory *directory, const struct directory_person *person, const char *role)
{
	const struct directory_role *group = directory_role(directory, role);

	return group && person && is_member(group, person);
}

bool directory_is_ever_member(const struct directory *directory, const struct directory_person *person,
	const char *role)
{
	const struct directory *book = directory->book ? directory->book : directory;

	for (size_t i = 0; role && i < book->roles_count; i++)
		if (strcmp(book->roles[i].name, role) == 0 && is_member(&book->roles[i], person))
			return true;
	return false;
}

bool directory_has_role(const struct directory *directory, const struct directory_person *person, const char *role)
{
	const struct directory_role *group = directory_role(directory, role);

	if (!group || !person)
		return false;
	for (size_t i = 0; i < group->count; i++)
		if (group->members[i] == person || directory_present(directory, group->members[i]) == person)
			return true;
	return false;
}

/* By name only: who stands in for a leader is still an ordinary employee himself. */
bool directory_has_any_role(const struct directory *directory, const struct directory_person *person)
{
	for (size_t i = 0; i < directory->roles_count; i++)
		if (is_member(&directory->roles[i], person))
			return true;
	return false;
}

const struct directory_person *directory_leader_of(const struct directory *directory,
	const struct directory_person *person)
{
	for (size_t i = 0; person && person->unit && i < directory->units_count; i++)
		if (strcmp(directory->units[i].name, person->unit) == 0)
			return directory->units[i].leader;
	return NULL;
}

bool directory_is_internal(const struct directory *directory, const char *address)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	return at && message_strings_have(&directory->domains, at + 1) && !privacy_has_cpr(address) &&
		!privacy_has_mask(address);
}

bool directory_is_stranger(const struct directory *directory, const char *address)
{
	return !directory_is_internal(directory, address) && !directory_person_at(directory, address) &&
		!directory_list_at(directory, address);
}

bool directory_is_chair(const struct directory *directory, const struct directory_person *person)
{
	for (size_t i = 0; person && i < directory->lists_count; i++)
		if (directory->lists[i].chair == person)
			return true;
	return false;
}
