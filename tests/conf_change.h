/*
 * conf_change - a table of small changes to a configuration that is right, and the fault that each of them makes.
 * The line of a fault is never counted by hand: it is the line on which some text of the file stands.
 */
#ifndef TESTS_CONF_CHANGE_H
#define TESTS_CONF_CHANGE_H

#include "base/arena.h"
#include "core/workflow.h"

#include "tests/rows.h"

struct conf_change {
	const char *name;
	const char *file;		/* "people.conf"; where there is one file only, NULL */
	const char *old, *new;		/* the first old becomes new */
	const char *at;			/* the fault is on the line of this text; NULL: where old began */
	const char *fault;		/* stands in its text */
	size_t more;			/* faults that follow from it */
};

/* text with the first old replaced by new; the test fails when there is none. */
static inline const char *conf_change_apply(struct arena *arena, const char *text, const char *old, const char *new)
{
	const char *found = strstr(text, old);

	if (!found)
		fail_msg("the text has no \"%s\"", old);
	return arena_printf(arena, "%.*s%s%s", (int)(found - text), text, new, found + strlen(old));
}

/* "file:line" of the fault; before and after are the text of the file without and with the change. */
static inline const char *conf_change_source(struct arena *arena, const struct conf_change *change, const char *file,
	const char *before, const char *after)
{
	const char *text = change->at ? after : before, *found = strstr(text, change->at ? change->at : change->old);
	int line = 1;

	if (!found)
		fail_msg("the text has no \"%s\"", change->at);
	for (const char *c = text; c < found; c++)
		line += *c == '\n';
	return arena_printf(arena, "%s:%d", file, line);
}

static inline void conf_change_print(const struct workflow_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		print_message("%s: %s\n", faults->items[i].source, faults->items[i].text);
}

/* Is there this fault, and besides it no more than the change explains? */
static inline void conf_change_expect(const struct workflow_faults *faults, const struct conf_change *change,
	const char *source)
{
	bool found = false;

	for (size_t i = 0; i < faults->count; i++)
		found = found || (strcmp(faults->items[i].source, source) == 0 &&
			strstr(faults->items[i].text, change->fault));
	if (found && faults->count == 1 + change->more)
		return;
	conf_change_print(faults);
	fail_msg("expected %s: … %s …, and %zu more", source, change->fault, change->more);
}

#endif
