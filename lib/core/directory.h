/*
 * directory - who the people are: addresses, logins, roles, units.
 *
 * Plain data read from people.conf by io/conf; immutable while in use. A person is known by one id in all files and
 * in the database. Roles are words of the workflow files (sagsbehandler, enhedsleder, spl …); membership is a group.
 * Being able to name a person proves nothing about a message: that is core/trust's question.
 */
#ifndef CORE_DIRECTORY_H
#define CORE_DIRECTORY_H

#include "core/message.h"

#include <stdbool.h>
#include <stddef.h>

struct directory_person {
	const char *id;
	const char *name;
	const char *address;			/* lower case; mail to this person goes here */
	struct message_strings aliases;		/* other addresses that are this person's, lower case */
	struct message_strings logins;		/* names under which our own mail server knows him (smtp.auth) */
	const char *unit;			/* NULL: none */
	const char *source;			/* "people.conf:12", for messages about the configuration */
};

struct directory_role {
	const char *name;
	const struct directory_person *const *members;	/* the first is the one who is written to */
	size_t count;
	const char *source;
};

struct directory_unit {
	const char *name;
	const struct directory_person *leader;
	const char *source;
};

struct directory {
	const struct directory_person *people;
	size_t people_count;
	const struct directory_role *roles;
	size_t roles_count;
	const struct directory_unit *units;
	size_t units_count;
	struct message_strings domains;		/* our own mail domains: internal addresses; lower case */
};

/* The person with this id, or NULL. */
const struct directory_person *directory_person(const struct directory *directory, const char *id);

/* The person with this address (his own or an alias), or NULL. The address is lower case. */
const struct directory_person *directory_person_at(const struct directory *directory, const char *address);

/* The role of this name, or NULL. */
const struct directory_role *directory_role(const struct directory *directory, const char *name);

/* Is the person a member of the role's group? */
bool directory_has_role(const struct directory *directory, const struct directory_person *person, const char *role);

/* Does any role's group list the person? Who is in none is an ordinary employee. */
bool directory_has_any_role(const struct directory *directory, const struct directory_person *person);

/* The leader of the person's unit, or NULL. */
const struct directory_person *directory_leader_of(const struct directory *directory,
	const struct directory_person *person);

/* Is the address in one of our own mail domains (exactly, not a sub-domain)? */
bool directory_is_internal(const struct directory *directory, const char *address);

/* Is the address neither in our own mail domains nor of anybody in the directory? */
bool directory_is_stranger(const struct directory *directory, const char *address);

#endif
