/*
 * conf_people - the tables of people.conf, and the directory made of it. Only conf*.c and the list of all keys
 * include this.
 */
#ifndef IO_CONF_PEOPLE_H
#define IO_CONF_PEOPLE_H

#include "core/directory.h"
#include "io/conf_read.h"

enum { CONF_PEOPLE_MAX = 5000 };

struct conf_people_role {
	const char *name;
	struct message_strings members;		/* ids */
	int from, until;			/* dates; 0: always */
	const char *source;
};

struct conf_people_unit {
	const char *name, *leader;
	const char *source;
};

struct conf_people_list {
	const char *name, *address, *role;
	struct message_strings members;		/* ids */
	const char *chair;			/* id */
	int from, until;			/* dates; 0: always */
	const char *source;
};

/* The file as it stands: people by their ids. */
struct conf_people {
	struct message_strings domains;
	const struct directory_person *people;
	size_t people_count;
	const char *csv, *csv_source;		/* path of more people; NULL */
	const struct conf_people_role *roles;
	size_t roles_count;
	const struct conf_people_unit *units;
	size_t units_count;
	const struct conf_people_list *lists;
	size_t lists_count;
};

extern const struct conf_table conf_people_table;

/*
 * Ties roles, units and lists to people. Faults: a name or an address that is there twice, somebody who does not exist,
 * a role that has a meaning of its own.
 */
void conf_people_resolve(struct conf_reader *reader, const struct conf_people *people, struct directory *ret_directory);

#endif
