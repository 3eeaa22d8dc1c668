#include "base/clock.h"

#include <time.h>

/* A minute at most: the wall clock may be set while somebody waits for a time of it. */
enum { MS_PER_S = 1000, WAIT_MAX_MS = 60 * MS_PER_S };

static int64_t read_clock(clockid_t id, int64_t per_second)
{
	struct timespec time;

	clock_gettime(id, &time);
	return time.tv_sec * per_second + time.tv_nsec / (1000000000 / per_second);
}

static int64_t real_now(struct clock *clock)
{
	(void)clock;
	return read_clock(CLOCK_REALTIME, 1);
}

/* The servers' clocks are taken to be ours; a stepped clock translates (daemon/stepped). */
static int64_t real_from_server(struct clock *clock, int64_t real)
{
	(void)clock;
	return real;
}

static int real_wait_ms(struct clock *clock, int64_t at)
{
	int64_t seconds = at - real_now(clock);

	if (seconds <= 0)
		return 0;
	return seconds * MS_PER_S < WAIT_MAX_MS ? (int)(seconds * MS_PER_S) : WAIT_MAX_MS;
}

struct clock clock_real = { real_now, real_from_server, real_wait_ms };

int64_t clock_monotonic_ms(void)
{
	return read_clock(CLOCK_MONOTONIC, MS_PER_S);
}
