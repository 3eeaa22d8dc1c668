/*
 * directory - who the people are: addresses, logins, roles, units, and who is there today.
 *
 * Plain data read from people.conf by io/conf; immutable while in use. A person is known by one id in all files and
 * in the database. Roles are words of the workflow files (sagsbehandler, enhedsleder, spl …); membership is a group,
 * which may have a term (a council's). A distribution list is an address that stands for several of them. Being able to
 * name a person proves nothing about a message: that is core/trust's question.
 *
 * What depends on the day is asked of the directory of a day (directory_on()): which groups there are, who is away and
 * who stands in for him. The directory as it was read has all groups of all times and nobody away.
 */
#ifndef CORE_DIRECTORY_H
#define CORE_DIRECTORY_H

#include "base/arena.h"
#include "core/message.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	DIRECTORY_NO_DAY = 0,			/* of all times */
	DIRECTORY_STAND_INS_MAX = 5,		/* of a stand-in who is away himself */
};

/* Somebody is away. Dates as in calendar.h, both included. */
struct directory_absence {
	int from, until;
	const char *stand_in;			/* id; NULL: his usual one */
	const char *source;
};

struct directory_person {
	const char *id;
	const char *name;
	const char *address;			/* lower case; mail to this person goes here */
	struct message_strings aliases;		/* other addresses that are this person's, lower case */
	struct message_strings logins;		/* names under which our own mail server knows him (smtp.auth) */
	const char *unit;			/* NULL: none */
	const char *stand_in;			/* id of whoever stands in while he is away; NULL: nobody */
	struct message_strings on_behalf_of;	/* ids of those in whose name he may send */
	unsigned weekdays_off;			/* a bit (1 << day) for each ISO weekday on which he never works */
	const struct directory_absence *absences;
	size_t absences_count;
	int employed_from, employed_until;	/* dates, both included; 0: not known, no end. Only core/compliance asks */
	const char *source;			/* "people.conf:12", for messages about the configuration */
};

struct directory_role {
	const char *name;
	const struct directory_person *const *members;	/* the first is the one who is written to */
	size_t count;
	int from, until;			/* dates, both included; until 0: no end */
	const char *source;
};

/* A distribution list: an address, or only a name, that stands for people. One role's group of the day, or these. */
struct directory_list {
	const char *name;			/* what people call it; NULL: its address says enough */
	const char *address;			/* lower case; NULL: nobody can write to it */
	const char *role;			/* whose group it stands for; NULL: `members` */
	const struct directory_person *const *members;
	size_t count;
	const struct directory_person *chair;	/* of a committee; NULL: nobody, or not known */
	int from, until;			/* dates, both included; until 0: no end */
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
	const struct directory_list *lists;
	size_t lists_count;
	struct message_strings domains;		/* our own mail domains: internal addresses; lower case */
	int day;				/* DIRECTORY_NO_DAY, or the date that it is about */
	const struct directory *book;		/* whose day it is; NULL: it is the book itself */
};

/*
 * The directory of a day, of that book's people: the groups and lists of the day; a role between two terms has an empty
 * group. The arrays of both live in the arena, the book must outlive the day.
 */
void directory_on(struct arena *arena, const struct directory *book, int date, struct directory *ret_day);

/* The person with this id, or NULL. */
const struct directory_person *directory_person(const struct directory *directory, const char *id);

/* The person with this address (his own or an alias), or NULL. The address is lower case. */
const struct directory_person *directory_person_at(const struct directory *directory, const char *address);

/* The role of this name, or NULL. */
const struct directory_role *directory_role(const struct directory *directory, const char *name);

/* The distribution list with this address, or NULL. */
const struct directory_list *directory_list_at(const struct directory *directory, const char *address);

/* Whom the list stands for: its own people, or the group of its role; *ret_count of them. */
const struct directory_person *const *directory_list_people(const struct directory *directory,
	const struct directory_list *list, size_t *ret_count);

/*
 * Who answers for the person on the directory's day: himself, or while he is away his stand-in, or that one's. Himself
 * when nobody is there. NULL for NULL.
 */
const struct directory_person *directory_present(const struct directory *directory,
	const struct directory_person *person);

/* Is he there on the directory's day, or anybody who stands in for him? */
bool directory_is_there(const struct directory *directory, const struct directory_person *person);

/* Does the person work on that weekday? Holidays are everybody's (calendar.h). */
bool directory_works(const struct directory_person *person, int date);

/* May the sender write in the other's name (directory_person.on_behalf_of)? */
bool directory_sends_for(const struct directory_person *sender, const struct directory_person *other);

/* Does the person chair one of the lists? */
bool directory_is_chair(const struct directory *directory, const struct directory_person *person);

/* Is the person himself a member of the role's group? */
bool directory_is_member(const struct directory *directory, const struct directory_person *person, const char *role);

/* Is the person a member of any of the role's groups, whatever its term: was he, is he or will he be? */
bool directory_is_ever_member(const struct directory *directory, const struct directory_person *person,
	const char *role);

/* Is the person a member of the role's group, or does he answer for one on the directory's day? */
bool directory_has_role(const struct directory *directory, const struct directory_person *person, const char *role);

/* Does any role's group list the person? Who is in none is an ordinary employee, also while he stands in. */
bool directory_has_any_role(const struct directory *directory, const struct directory_person *person);

/* The leader of the person's unit, or NULL. */
const struct directory_person *directory_leader_of(const struct directory *directory,
	const struct directory_person *person);

/*
 * Is the address in one of our own mail domains (exactly, not a sub-domain)? One that names a CPR number is not one of
 * ours: a gateway turns it into Digital Post to a citizen (A10).
 */
bool directory_is_internal(const struct directory *directory, const char *address);

/* Is the address neither in our own mail domains nor of anybody in the directory, nor one of its lists? */
bool directory_is_stranger(const struct directory *directory, const char *address);

#endif
