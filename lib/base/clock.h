/*
 * clock - where "now" comes from.
 *
 * Nothing but a clock reads the time of day. The daemon's real clock and the stepped clock of tests, simulation and
 * demo stand behind the same struct; time-outs on the wire are never taken from here, they are real and monotonic.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct clock {
	/* Seconds since 1970-01-01 00:00 UTC. */
	int64_t (*now)(struct clock *clock);

	/*
	 * What a moment that a server wrote down (an INTERNALDATE, real, in whole seconds) is on this clock: the
	 * same on a real clock, the step that was in force then on a stepped one.
	 */
	int64_t (*from_server)(struct clock *clock, int64_t real);

	/*
	 * How many real milliseconds somebody who waits for `at` may sleep before he looks again: never more than a
	 * minute, so that a clock that was set is noticed; -1 on a stepped clock: until he is woken.
	 */
	int (*wait_ms)(struct clock *clock, int64_t at);
};

/* The real time of day. */
extern struct clock clock_real;

/* Milliseconds of a clock that never jumps, for time-outs and pauses. */
int64_t clock_monotonic_ms(void);

#endif
