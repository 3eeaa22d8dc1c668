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

enum { SETUP_UNFIT = 1 };

/*
 * Can every open inquiry go on under this setup: has its mailbox its workflow, has the workflow its step and the
 * deadlines of its running clocks? SETUP_UNFIT: one cannot, err names it and the remedy; it would be reminded of by
 * nobody. A database that does not exist yet holds none. Reads the database beside whoever writes it.
 */
NODISCARD int setup_check_inquiries(const struct setup *setup, struct err *err);

/* NULL is fine. */
void setup_free(struct setup *setup);

#endif
