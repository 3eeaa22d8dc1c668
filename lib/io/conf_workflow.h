/*
 * conf_workflow - the tables of a workflow file. Only conf*.c and the list of all keys include this.
 */
#ifndef IO_CONF_WORKFLOW_H
#define IO_CONF_WORKFLOW_H

#include "io/conf_read.h"

/* What a workflow file holds as a whole: workflow = { … }; */
struct conf_workflow_file {
	struct workflow workflow;
};

extern const struct conf_table conf_workflow_table;

#endif
