/*
 * templates - reads the templates (conf/templates): NAME.txt, with NAME.html where there is one.
 */
#ifndef IO_TEMPLATES_H
#define IO_TEMPLATES_H

#include "base/arena.h"
#include "core/template.h"
#include "core/workflow.h"

struct templates {
	const struct template_file *items;
	size_t count;
};

/*
 * Reads and checks the templates of these names and adds what is wrong with them. Returns 0, or a positive value when
 * something is. Everything lives in the arena.
 */
NODISCARD int templates_load(struct arena *arena, const char *folder, const struct message_strings *names,
	struct workflow_faults *faults, struct templates *ret_templates);

#endif
