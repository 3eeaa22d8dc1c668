/*
 * morning - the daily round: which reminders are called for, and who gets a morning mail.
 *
 * It wants mails; it does not write them. Each is written when it is sent (engine/dispatch), from what is true then.
 * One mail a person, whatever mailboxes it tells of, on working days, from the beginning of the sending hours.
 */
#ifndef ENGINE_MORNING_H
#define ENGINE_MORNING_H

#include "engine/clerk.h"

#include <stdint.h>

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
