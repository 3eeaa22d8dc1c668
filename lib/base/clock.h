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
};

#endif
