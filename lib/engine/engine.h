/*
 * engine - the threads: three workers a mailbox (engine/watch), one courier (morning round, then what is to be sent).
 *
 * Only this module starts threads. The caller keeps the main thread for signals and the supervisor.
 */
#ifndef ENGINE_ENGINE_H
#define ENGINE_ENGINE_H

#include "base/clock.h"
#include "base/err.h"
#include "base/text.h"
#include "engine/setup.h"
#include "io/store.h"

#include <stdbool.h>
#include <stdint.h>

struct engine;

/* Starts the workers. All stay the caller's and must outlive the engine (setup: or the next engine_reload). */
NODISCARD int engine_start(const struct setup *setup, struct store *store, struct clock *clock,
	struct engine **ret_engine, struct err *err);

/* Ends all workers after the transaction or attempt at hand, and frees the engine. NULL is fine. */
void engine_stop(struct engine *engine);

/* Goes on with another configuration, already validated. The old one may be freed afterwards. */
NODISCARD int engine_reload(struct engine *engine, const struct setup *setup, struct err *err);

/* One line for people: "mt: watched; kb: cannot reach imap.example.dk port 993; sending: …", the last if that fails. */
void engine_status(struct engine *engine, struct text *text);

/* Is every worker heard of when it said? If not, ret_text names the one that hangs. */
bool engine_is_alive(struct engine *engine, struct text *ret_text);

/*
 * For a stepped clock: makes everything that is due by now happen; returns when the courier has nothing more to do
 * at this time. ret_next: when something is due again.
 */
void engine_settle(struct engine *engine, int64_t *ret_next);

/* For a stepped clock: looks at every folder, and returns when that is done; false after limit_ms. */
bool engine_look(struct engine *engine, int limit_ms);

/* For a stepped clock: returns when the message with this id has an outcome in this mailbox; false after limit_ms. */
bool engine_await(struct engine *engine, const char *mailbox, const char *message_id, int limit_ms);

#endif
