/*
 * stepped - a clock that stands until it is told: for tests, simulation and the demo.
 *
 * It listens on a Unix socket, one command a line, one answer a line:
 *
 *   at SECONDS            the clock shows this instant (never an earlier one) and all that is due happens: "ok NEXT"
 *   settle                the same without moving the clock
 *   await MAILBOX MSGID   "ok" when the message has an outcome in the mailbox, "no" after twenty seconds
 *   look                  looks at every folder: "ok" or "no"
 *
 * NEXT is when something is due again. A moment that a server wrote down while the clock stood at some instant is that
 * instant on this clock; one from before the program was started lies as long before its first instant.
 */
#ifndef DAEMON_STEPPED_H
#define DAEMON_STEPPED_H

#include "base/clock.h"
#include "base/err.h"
#include "engine/engine.h"

struct stepped;

/* Listens on the path, which is made anew, mode 0600. The clock shows the value of FRIST_STEPPED_START, or 0. */
NODISCARD int stepped_new(const char *path, struct stepped **ret_stepped, struct err *err);
void stepped_free(struct stepped *stepped);

struct clock *stepped_clock(struct stepped *stepped);

/* A descriptor to poll for reading: then call stepped_serve. */
int stepped_fd(const struct stepped *stepped);

/* Takes what came: a connection, or a command, which it carries out and answers. */
void stepped_serve(struct stepped *stepped, struct engine *engine);

#endif
