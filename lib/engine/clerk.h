/*
 * clerk - takes one message the whole way: gather, decide, store.
 *
 * The daemon, `replay` and `explain` share it. All changes of state go through a clerk, under its lock: whoever calls
 * need not be a certain thread. A batch of messages is one transaction; what its end does not reach did not happen.
 */
#ifndef ENGINE_CLERK_H
#define ENGINE_CLERK_H

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "core/decide.h"
#include "core/message.h"
#include "engine/setup.h"
#include "io/store.h"

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

struct clerk {
	struct store *store;
	struct clock *clock;
	const struct conf *conf;		/* in force, with its templates */
	const struct templates *templates;
	pthread_mutex_t lock;
	pthread_cond_t changed;			/* something was committed */
	void (*on_commit)(void *arg);		/* NULL, or told of every commit, under the lock */
	void *on_commit_arg;
};

/* Store, clock and setup stay the caller's. */
void clerk_init(struct clerk *clerk, struct store *store, struct clock *clock, const struct setup *setup);

/* Puts another setup in force. No other thread may use the clerk meanwhile. */
void clerk_set(struct clerk *clerk, const struct setup *setup);

void clerk_done(struct clerk *clerk);

/* Tells those who wait that something was committed. Call under the lock. */
void clerk_committed(struct clerk *clerk);

/* The shared mailbox of this name in the configuration in force, or NULL. Call under the lock. */
const struct conf_mailbox *clerk_mailbox(const struct clerk *clerk, const char *name);

/* The workflow with this id, or NULL. Call under the lock. */
const struct workflow *clerk_workflow(const struct clerk *clerk, const char *id);

/* The directory of the local day of an instant; it lives in the arena. */
const struct directory *clerk_directory(const struct clerk *clerk, struct arena *arena, int64_t at);

/* Does a workflow of the mailbox ask that who sends a personal number outside be told (I5)? */
bool clerk_warns_of_cpr(const struct conf_mailbox *mailbox);

/*
 * Is more than the header of this message asked for? Only where a rule may need its text: a colleague's mail may
 * approve by its first line, carry a case link, pass on whose letter it is, or take a personal number outside; a bounce
 * or receipt tells whom it is about, and of two mails without a Message-ID only the text says whether they are one.
 */
bool clerk_wants_text(const struct clerk *clerk, const struct conf_mailbox *mailbox, const struct message *message);

/* Parses a whole message in memory as it is parsed when it comes from a server. */
void clerk_parse(const struct clerk *clerk, struct arena *arena, const struct conf_mailbox *mailbox, const char *bytes,
	size_t length, struct message *ret_message);

/* One message as it arrives. */
struct clerk_input {
	const struct message *message;
	int64_t arrived_at;		/* on our clock */
	bool sent_items;		/* it lies in the mailbox's own sent items */
	bool quiet;			/* from before the mailbox was first read: nothing is sent about it */
};

/* What became of a message; strings in the caller's arena. */
struct clerk_result {
	enum decide_outcome outcome;
	enum decide_reason reason;
	int64_t mail;			/* row id; 0: none */
	struct trust trust;
	struct thread_result thread;
	struct decision decision;
	const struct workflow *workflow;
	struct inquiry before;		/* valid when has_before */
	bool has_before;
	const char *key;		/* of the inquiry that it belongs to now; NULL: none */
};

/*
 * Gathers, decides and stores one message, inside the transaction that the caller opened and under the lock. Our own
 * mail settles its outbox row. The same content seen before is a duplicate, with exceptions: content identity
 * covers neither references nor, where there is a Message-ID, text, so whoever knows a mail's header could send a
 * hollow copy ahead of it. A copy that nobody vouches for and that moved nothing gives way, for a week, to one that is
 * vouched for: that is decided from what it says itself, and nothing that the other said or named is kept. So does the
 * copy of a list or a robot, vouched for or not, to one from the hand that wrote it. What a person has said of it
 * ([HØRER TIL KEY], [IKKE HENVENDELSE], [NY HENVENDELSE]) stands; what was opened unvouched is not opened twice.
 *
 * The short mail that a word did not count goes to an address at most five times a day: two programs that write to
 * each other must not make a flood. After that the refusal is recorded only.
 */
NODISCARD int clerk_receive(struct clerk *clerk, struct arena *arena, const struct conf_mailbox *mailbox,
	const struct clerk_input *input, struct clerk_result *ret_result, struct err *err);

/* Has the folder been read up to UIDNEXT? 0 for uidnext: unknown, so not. Takes the lock. */
NODISCARD int clerk_is_read(struct clerk *clerk, const struct conf_mailbox *mailbox, const char *folder,
	uint32_t uidvalidity, uint32_t uidnext, bool *ret_read, struct err *err);

#endif
