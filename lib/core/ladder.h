/*
 * ladder - which reminders an inquiry calls for on a given day. Pure.
 *
 * Reminders leave with the morning mail, so the question is asked once a day. Of each clock only the highest rung that
 * has come is called: after a week of silence, or a jump of the clock, one reminder goes and not five. Whether a rung
 * was called before is the caller's to know (the table `intent`). Whoever is away is not called, his stand-in is.
 */
#ifndef CORE_LADDER_H
#define CORE_LADDER_H

#include "core/calendar.h"
#include "core/directory.h"
#include "core/inquiry.h"
#include "core/workflow.h"

#include <stddef.h>
#include <stdint.h>

enum { LADDER_CALLS_MAX = WORKFLOW_DEADLINES_MAX + 1, LADDER_PEOPLE_MAX = 8 };

/* Names of the two clocks that are no deadline of the workflow file. */
#define LADDER_UNASSIGNED "ikke-fordelt"
#define LADDER_REVIEW "gennemsyn"

struct ladder_call {
	const char *clock;		/* the deadline's name, LADDER_UNASSIGNED or LADDER_REVIEW */
	int rung;			/* 0 for the first; of a review: how often the interval has passed, from 1 */
	int date;			/* the day on which it came (calendar.h) */
	int64_t due_at;			/* what the rung counts from: a moved deadline calls its rungs anew */
	const char *template;
	const struct directory_person *people[LADDER_PEOPLE_MAX];	/* to, then cc; nobody twice */
	size_t people_count, to_count;	/* the first to_count are To */
};

/*
 * The calls of an open inquiry on the local day of now: of each deadline in the order of the file, then the review.
 * Returns how many.
 */
size_t ladder_calls(const struct workflow *workflow, const struct directory *directory, const struct calendar *calendar,
	const struct inquiry *inquiry, int64_t now, struct ladder_call ret_calls[LADDER_CALLS_MAX]);

/*
 * The first person of the owner roles, in their order, who is there, or for whom somebody stands in; if none is, the
 * first of the first role that somebody has. NULL: nobody keeps the mailbox.
 */
const struct directory_person *ladder_owner(const struct workflow *workflow, const struct directory *directory);

/*
 * Of a digest that one of the role's group gets (any view but WORKFLOW_VIEW_OWN): who reads it today, the stand-in of
 * whoever is away. The owner's goes to another owner when nobody stands in for him. NULL: nobody has the role.
 */
const struct directory_person *ladder_reader(const struct workflow *workflow, const struct directory *directory,
	const struct workflow_digest *digest);

/*
 * Who answers for a role in this inquiry. Of a role that is assigned: whom it was given to, as long as he is in its
 * group, if it has one; else the leader of the caseworker's unit, if he is. Of any other: the first of its group who is
 * there or for whom somebody stands in, and the first of all if nobody is. For WORKFLOW_ROLE_HOLDER it is asked of the
 * role that holds the step. A role that nobody has falls to the owner. NULL when not even that is filled.
 */
const struct directory_person *ladder_person(const struct workflow *workflow, const struct directory *directory,
	const struct inquiry *inquiry, const char *role);

#endif
