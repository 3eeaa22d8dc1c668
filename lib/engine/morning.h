/*
 * morning - the daily round: which reminders are called for, and who gets a morning mail.
 *
 * It wants mails; it does not write them. Each is written when it is sent (engine/dispatch), from what is true then.
 * One mail a person and mailbox, on working days, from the beginning of the sending hours.
 */
#ifndef ENGINE_MORNING_H
#define ENGINE_MORNING_H

#include "engine/clerk.h"

#include <stdint.h>

/*
 * The round of every mailbox whose morning of today is not done yet. Does nothing outside sending hours, so it may be
 * called at any time. Takes the clerk's lock; a mailbox is one transaction.
 */
NODISCARD int morning_round(struct clerk *clerk, struct err *err);

/* When the next round is due, seconds UTC, later than now. Takes the clerk's lock. */
int64_t morning_next(struct clerk *clerk);

#endif
