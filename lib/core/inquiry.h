/*
 * inquiry - one matter and where it stands, as plain data.
 *
 * The database keeps it as a cache of its transitions; core/decide turns one such image and an event into the next.
 * Strings are NULL when unknown. All memory belongs to the arena of the pass.
 */
#ifndef CORE_INQUIRY_H
#define CORE_INQUIRY_H

#include "base/arena.h"
#include "core/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { INQUIRY_ASSIGNMENTS_MAX = 16, INQUIRY_CLOCKS_MAX = 8, INQUIRY_UNSEEN_MAX = 32 };

#define INQUIRY_NOT_ONE "ikke en henvendelse"	/* how one ended that turned out to be none */

struct inquiry_assignment {
	const char *role;
	const char *person;		/* id in the directory */
};

struct inquiry_clock {
	const char *deadline;		/* name in the workflow */
	int64_t started_at;		/* arrival of the message that started it, seconds UTC */
	int64_t due_at;			/* the first second after the last day, seconds UTC */
	int64_t stopped_at;		/* 0 while it runs */
	bool standing;			/* stopped_at: since when it stands, to go on with what was left then */
	bool ended;			/* a rule stopped it: no step sets it going again */
	bool set_by_hand;		/* [NY FRIST …] */
};

/* Whom an answer must reach, and who has got it (core/reach). People by their ids. */
struct inquiry_reach {
	const char *audience;		/* who alone is to have it: a role, a list, WORKFLOW_ROLE_ASKER; NULL: the workflow's */
	const char *decided_by, *decided_with;	/* who restricted it, and together with whom; NULL: nobody has */
	bool short_of;			/* a mail has gone, and somebody who must have it has not got it */
	struct message_strings people;		/* who has got it */
	struct message_strings corrected;	/* after the end: who has got the correction that is under way */
};

struct inquiry {
	int64_t id;			/* row in the database; 0 before it is stored */
	const char *key;		/* "MT-2026-0042" */
	const char *workflow;		/* id of its workflow: the one of its mailbox */
	const char *mailbox;		/* name of the shared mailbox that it belongs to */
	const char *step;		/* id of its step */
	int round;			/* 1; one more each time the matter comes back (A9) */
	const char *subject;		/* bare subject of the message that opened it, CPR masked */
	const char *asker;		/* address of the citizen, where it is known */
	const char *addressed_to;	/* whom the citizen wrote to (A1), where it is known */
	const char *case_link;		/* URL or case number, as it stood in the message */
	const char *closed;		/* NULL, or how it ended other than by its final step: "afsluttet", INQUIRY_NOT_ONE … */
	const char *same_as;		/* key of the inquiry that it turned out to be the same matter as; NULL */
	const char *part_of;		/* of each part of a letter that was split: the first part's key; NULL */
	const char *part;		/* which it is: "2 af 3" */
	int64_t split_at;		/* when; what was said before is about all parts */
	const char *noted;		/* what a rule noted last: "rykket"; NULL: nothing */
	int64_t promised_at;		/* [MELLEMSVAR …]: end of the day by which the citizen has been promised an answer; 0 */
	int64_t noted_at;		/* when */
	int64_t received_at;		/* arrival of the message that opened it */
	int64_t letter_at;		/* the day on which the letter came that was passed on, as it begins; 0: not known */
	int64_t round_at;		/* arrival of the message that opened this round */
	int64_t step_at;		/* when the step was entered */
	int64_t ended_at;		/* when a final step was entered or it was closed; 0 while open */
	struct inquiry_assignment assignments[INQUIRY_ASSIGNMENTS_MAX];
	size_t assignments_count;
	struct inquiry_clock clocks[INQUIRY_CLOCKS_MAX];
	size_t clocks_count;
	const char *unseen[INQUIRY_UNSEEN_MAX];	/* steps that a later rule passed over */
	size_t unseen_count;
	struct inquiry_reach reach;
};

/* Is it open: neither closed nor in a final step? */
static inline bool inquiry_is_open(const struct inquiry *inquiry)
{
	return inquiry->ended_at == 0;
}

/* The id of the first person assigned to the role, or NULL. */
const char *inquiry_assigned(const struct inquiry *inquiry, const char *role);

/* Is this person assigned to the role? */
bool inquiry_is_assigned(const struct inquiry *inquiry, const char *role, const char *person);

/* Its subject, and which part it is: "Hul i vejen (2 af 3)". NULL where there is neither. */
const char *inquiry_title(struct arena *arena, const struct inquiry *inquiry);

/* The key so many places after this one: 2 after "MT-2026-0042" is "MT-2026-0044". */
const char *inquiry_key_after(struct arena *arena, const char *key, size_t places);

/* The running clock that is due first, or NULL. */
const struct inquiry_clock *inquiry_next_clock(const struct inquiry *inquiry);

/* Has its clock come to an end? One that stands has not: what it was for is still to be done. */
static inline bool inquiry_clock_is_done(const struct inquiry_clock *clock)
{
	return clock->stopped_at && !clock->standing;
}

#endif
