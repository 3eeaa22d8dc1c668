/*
 * conf_workflow - the tables of a workflow file. Only conf*.c and the list of all keys include this.
 */
#ifndef IO_CONF_WORKFLOW_H
#define IO_CONF_WORKFLOW_H

#include "core/compliance.h"
#include "io/conf_read.h"

/* What a file in the folder of workflows holds as a whole, one of them: workflow = { … }; or course = { … }; */
struct conf_workflow_file {
	struct workflow workflow;
	struct compliance_course course;
	bool has_workflow, has_course;
};

extern const struct conf_table conf_workflow_table;

#endif
