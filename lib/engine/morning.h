/*
 * morning - the daily round: which reminders are called for, and who gets a morning mail.
 *
 * It wants mails; it does not write them. Each is written when it is sent (engine/dispatch), from what is true then.
 * One mail a person, whatever mailboxes it tells of, on working days, from the beginning of the sending hours.
 */
#ifndef ENGINE_MORNING_H
#define ENGINE_MORNING_H

#include "core/ladder.h"
#include "engine/clerk.h"

#include <stdint.h>

enum { MORNING_AHEAD_MAX = 5, MORNING_CALLS_MAX = MORNING_AHEAD_MAX * LADDER_CALLS_MAX };

/*
 * A morning as its mails see it. Mail leaves on working days only, so a morning speaks for all days up to the next one
 * on which mail leaves: a rung that falls on a closing day is called before it, not after. To somebody who is off on
 * the next one, or more, it speaks for those as well; on his days off he gets no mail.
 */
struct morning {
	const struct directory *directory;	/* of the day */
	int today;				/* dates, here and below */
	int until[MORNING_AHEAD_MAX];		/* the last day before the next one with mail, before the one after, … */
};

/* The morning of an instant, in the arena. Under the clerk's lock, as the next. */
void morning_begin(const struct clerk *clerk, struct arena *arena, int64_t now, struct morning *ret_morning);

/* Whom the inquiry calls for this morning; nobody twice about one clock. Returns how many calls. */
size_t morning_calls(const struct morning *morning, const struct clerk *clerk, const struct inquiry *inquiry,
	struct ladder_call ret_calls[MORNING_CALLS_MAX]);

/*
 * Today's round over all mailboxes, unless it is done. Does nothing outside sending hours, so it may be called at any
 * time. Takes the clerk's lock; one transaction.
 */
NODISCARD int morning_round(struct clerk *clerk, struct err *err);

/* Is it sending hours, and today's round not done? Takes the clerk's lock. */
NODISCARD int morning_is_due(struct clerk *clerk, bool *ret_due, struct err *err);

/* When the next round is due, seconds UTC, later than now. Takes the clerk's lock. */
int64_t morning_next(struct clerk *clerk);

#endif
