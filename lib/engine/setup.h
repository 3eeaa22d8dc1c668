/*
 * setup - everything that IT and the mailbox owner can edit, read and validated as one: configuration and templates.
 */
#ifndef ENGINE_SETUP_H
#define ENGINE_SETUP_H

#include "base/arena.h"
#include "base/err.h"
#include "io/conf.h"
#include "io/templates.h"

struct setup {
	struct arena arena;		/* owns all of it */
	struct conf conf;
	struct templates templates;
};

/*
 * Reads everything that the file names. NULL when anything is wrong: every fault is in faults, whose arena is the
 * caller's. Free with setup_free().
 */
struct setup *setup_load(const char *path, struct workflow_faults *faults);

/* NULL is fine. */
void setup_free(struct setup *setup);

#endif
