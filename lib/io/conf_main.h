/*
 * conf_main - the tables of fristd.conf. Only conf*.c and the list of all keys include this.
 */
#ifndef IO_CONF_MAIN_H
#define IO_CONF_MAIN_H

#include "io/conf.h"
#include "io/conf_read.h"

/* A mailbox as it stands in the file: its workflows by name. */
struct conf_main_mailbox {
	struct conf_mailbox mailbox;
	struct message_strings workflows;
	const char *source;
};

struct conf_main {
	struct conf conf;			/* what needs no looking up */
	const char *people;			/* path */
	const char *workflows;			/* folder */
	const char *people_source, *workflows_source, *templates_source, *sending_source;
	const struct conf_main_mailbox *mailboxes;
	size_t mailboxes_count;
	const struct calendar_closing *closings;
	size_t closings_count;
};

extern const struct conf_table conf_main_table;

#endif
