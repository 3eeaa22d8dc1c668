/*
 * digest_course - what the template of the quarter's mail to a leader is told. Part of core/digest.
 */
#ifndef CORE_DIGEST_COURSE_H
#define CORE_DIGEST_COURSE_H

#include "core/digest.h"

/* Does the person lead a unit of the directory? */
bool digest_leads(const struct directory *directory, const struct directory_person *person);

/* Sets the names of COURSE_NAMES: of the units that the reader leads, and by name of nobody else's people. */
void digest_fill_courses(struct arena *arena, const struct directory *directory, const struct compliance_report *report,
	const struct directory_person *reader, struct template_data *data);

#endif
