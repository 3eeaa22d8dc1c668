#include "engine/setup.h"

#include <stdlib.h>

struct setup *setup_load(const char *path, struct workflow_faults *faults)
{
	struct setup *setup = calloc(1, sizeof(*setup));

	if (!setup)
		abort();
	if (conf_load(&setup->arena, path, faults, &setup->conf) != 0 ||
	    templates_load(&setup->arena, setup->conf.templates, faults, &setup->templates) != 0) {
		setup_free(setup);
		return NULL;
	}
	return setup;
}

void setup_free(struct setup *setup)
{
	if (!setup)
		return;
	arena_done(&setup->arena);
	free(setup);
}
