#include "core/directory.h"

#include <string.h>

const struct directory_person *directory_person(const struct directory *directory, const char *id)
{
	for (size_t i = 0; id && i < directory->people_count; i++)
		if (strcmp(directory->people[i].id, id) == 0)
			return &directory->people[i];
	return NULL;
}

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

static bool is_member(const struct directory_role *role, const struct directory_person *person)
{
	for (size_t i = 0; i < role->count; i++)
		if (role->members[i] == person)
			return true;
	return false;
}

bool directory_has_role(const struct directory *directory, const struct directory_person *person, const char *role)
{
	const struct directory_role *group = directory_role(directory, role);

	return group && person && is_member(group, person);
}

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

	return at && message_strings_have(&directory->domains, at + 1);
}

bool directory_is_stranger(const struct directory *directory, const char *address)
{
	return !directory_is_internal(directory, address) && !directory_person_at(directory, address);
}
