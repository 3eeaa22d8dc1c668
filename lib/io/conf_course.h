/*
 * conf_course - the table of a course file. Only conf*.c and the list of all keys include this.
 */
#ifndef IO_CONF_COURSE_H
#define IO_CONF_COURSE_H

#include "core/compliance.h"
#include "io/conf_read.h"

/* Of a struct compliance_course. */
extern const struct conf_table conf_course_table;

/* What the keys say together. The workflows are those of the configuration; one that was not read knows no deadline. */
void conf_course_check(struct conf_reader *reader, const struct compliance_course *course,
	const struct workflow *workflows, size_t count);

#endif
