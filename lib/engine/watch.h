/*
 * watch - one worker's view of one mailbox: connect, look, wait for the doorbell, for ever.
 *
 * A mailbox has three workers, each with a connection of its own: one waits in IDLE on the inbox, one on the sent
 * items, one visits all other folders every few minutes. Whatever fails, the worker waits and begins again; that loop
 * itself cannot fail. Each change of a mailbox's state is one log line. Before anything that may take long a worker
 * says by when it will be heard of again: who is overdue hangs, and the watchdog is no longer fed.
 */
#ifndef ENGINE_WATCH_H
#define ENGINE_WATCH_H

#include "engine/clerk.h"
#include "io/imap.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

enum watch_what {
	WATCH_INBOX,
	WATCH_SENT,
	WATCH_OTHERS,
};

/* What the workers of a mailbox know of each other: what all of them meet is said once, and no account gets locked. */
struct watch_mailbox {
	pthread_mutex_t lock;
	unsigned failing, working;		/* sets of enum watch_what */
	enum imap_outcome trouble;		/* why the first of those failing failed */
	int refusals;				/* of the password, in a row */
	int64_t refused_until_ms;		/* nobody logs in before, on the monotonic clock */
	char *sent;				/* the folder that the worker of the sent items waits on; NULL: none yet */
};

/* Of zeroed memory. */
void watch_mailbox_init(struct watch_mailbox *mailbox);

void watch_mailbox_done(struct watch_mailbox *mailbox);

enum watch_state {
	WATCH_CONNECTING,
	WATCH_WATCHING,
	WATCH_ABSENT,		/* the mailbox has no such folder; looked for again at every poll */
	WATCH_PAUSING,		/* something failed: text says what */
};

struct watch {
	struct clerk *clerk;
	const struct conf_mailbox *mailbox;	/* of the configuration with which the worker was started */
	struct watch_mailbox *shared;
	enum watch_what what;
	int cancel_fd;				/* eventfd: readable when the worker is to end */
	int nudge_fd;				/* eventfd: readable when the folders are to be looked at now */
	bool *missing;				/* which of the listed folders the server was last found not to have */

	pthread_mutex_t lock;			/* for what follows */
	enum watch_state state;
	char text[ERR_TEXT_MAX];
	int64_t promised_ms;			/* heard of again by then, on the monotonic clock */
	uint64_t begun, looked;			/* looks at all its folders: how many were begun, the last that was finished */
	int64_t begun_at, looked_at;		/* when those began, on our clock; 0: never */
	pthread_cond_t look_done;
};

/*
 * Returns when cancel_fd becomes readable. The body of a thread with a stack of at least 8 MiB: GMime and libetpan
 * recurse as deep as a sender or a server nests, up to our caps.
 */
void watch_run(struct watch *watch);

#endif
