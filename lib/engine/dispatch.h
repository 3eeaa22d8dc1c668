/*
 * dispatch - sends what is wanted: claim, check that it is still wanted, write, send, settle.
 *
 * A row's ids are stored before the first octet leaves; what the server said is stored after. Killed in between, the
 * row is uncertain, and the copy that comes back to a watched folder settles it. A second try has the same ids and is
 * written anew: it says what is so by then.
 */
#ifndef ENGINE_DISPATCH_H
#define ENGINE_DISPATCH_H

#include "engine/clerk.h"
#include "io/smtp.h"

#include <stdbool.h>
#include <stdint.h>

enum { DISPATCH_REASON_MAX = SMTP_REPLY_TEXT_MAX + 100 };

struct dispatch {
	struct clerk *clerk;
	struct smtp_session *session;	/* open while there is something to send; NULL */
	int cancel_fd;			/* readable: the courier is to end */
	char reason[DISPATCH_REASON_MAX];	/* why the server could not be used at the last attempt; or "" */
	enum smtp_phase trouble;	/* where that was: each is said once */
	bool hold_mornings;		/* morning mails stay where they are */
	int64_t looked_at;		/* all folders were looked at since, on our clock: a copy would have been seen */
	int64_t paused_until_ms;	/* no attempt before, monotonic: the server is away or refuses us */
	int failures;			/* connections in a row that came to nothing */
	int64_t slot_ms;		/* pacing: when the next mail may leave, monotonic */
};

/*
 * Sends one row that is due. 0: done or put off, look for the next; 1: nothing is due, no server can be reached, or it
 * was cancelled; -1: the database fails. What a server says is no error: it is settled and logged.
 */
NODISCARD int dispatch_once(struct dispatch *dispatch, struct err *err);

/* Ends the session, if one is open. */
void dispatch_rest(struct dispatch *dispatch);

/*
 * What was being sent when the program died, or when the database failed before the outcome was stored, is uncertain.
 * Call while nothing is being sent. Takes the clerk's lock.
 */
NODISCARD int dispatch_recover(struct clerk *clerk, struct err *err);

/* When something may be due again, at most `morning`. Takes the clerk's lock. */
NODISCARD int dispatch_next(const struct dispatch *dispatch, int64_t morning, int64_t *ret_at, struct err *err);

#endif
