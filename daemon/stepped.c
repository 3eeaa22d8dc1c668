/*
 * A clock for tests and the demo, moved by lines on a socket: "at SECONDS" steps it and makes everything happen that is
 * due, "settle" does so without a step, "look" reads all folders, "await MAILBOX ID" waits for a message. Each is
 * answered by "ok" or "no" when it is done. Real time goes on for servers and time-outs; which step was in force when a
 * mail arrived is kept, so that INTERNALDATE can be translated.
 */
#include "stepped.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <time.h>
#include <unistd.h>

enum { STEPS_MAX = 100000, LINE_MAX_BYTES = 1200, LIMIT_MS = 20000 };

/* From this real second on the clock showed `at`. */
struct step {
	int64_t real, at;
};

struct stepped {
	struct clock clock;		/* first: the clock is the whole */
	pthread_mutex_t lock;
	struct step *steps;
	size_t count;
	int listen_fd, client_fd;
	char line[LINE_MAX_BYTES];
	size_t length;
};

static int64_t stepped_now(struct clock *clock)
{
	struct stepped *stepped = (struct stepped *)clock;
	int64_t now;

	pthread_mutex_lock(&stepped->lock);
	now = stepped->steps[stepped->count - 1].at;
	pthread_mutex_unlock(&stepped->lock);
	return now;
}

/* Servers write whole seconds: of the steps in one second the last is meant, for work is done before the next. */
static int64_t stepped_from_server(struct clock *clock, int64_t real)
{
	struct stepped *stepped = (struct stepped *)clock;
	size_t i;
	int64_t at;

	pthread_mutex_lock(&stepped->lock);
	for (i = stepped->count - 1; i > 0 && stepped->steps[i].real > real; i--)
		;
	at = stepped->steps[i].at;
	if (real < stepped->steps[i].real)	/* before the first */
		at -= stepped->steps[i].real - real;
	pthread_mutex_unlock(&stepped->lock);
	return at;
}

/* For ever: only a step makes anything due, and that nudges whoever waits. */
static int stepped_wait_ms(struct clock *clock, int64_t at)
{
	return at <= stepped_now(clock) ? 0 : -1;
}

/* Ours alone (0600): whoever can move the clock can make mails leave. */
static int listen_on(const char *path, struct err *err)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd;

	if (strlen(path) >= sizeof(address.sun_path))
		return err_set(err, "%s: too long for a socket", path);
	memcpy(address.sun_path, path, strlen(path) + 1);
	unlink(path);
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return err_set(err, "%s: %m", path);
	if (bind(fd, (struct sockaddr *)&address, sizeof(address)) < 0 || chmod(path, 0600) < 0 || listen(fd, 1) < 0) {
		err_set(err, "%s: %m", path);
		close(fd);
		return -1;
	}
	return fd;
}

int stepped_new(const char *path, struct stepped **ret_stepped, struct err *err)
{
	struct stepped *stepped;
	const char *start = getenv("FRIST_STEPPED_START");
	int fd = listen_on(path, err);

	if (fd < 0)
		return -1;
	stepped = calloc(1, sizeof(*stepped));
	if (!stepped || !(stepped->steps = calloc(STEPS_MAX, sizeof(*stepped->steps))))
		abort();
	stepped->clock = (struct clock){ stepped_now, stepped_from_server, stepped_wait_ms };
	pthread_mutex_init(&stepped->lock, NULL);
	stepped->steps[0] = (struct step){ time(NULL), start ? strtoll(start, NULL, 10) : 0 };
	stepped->count = 1;
	stepped->listen_fd = fd;
	stepped->client_fd = -1;
	*ret_stepped = stepped;
	return 0;
}

void stepped_free(struct stepped *stepped)
{
	if (!stepped)
		return;
	if (stepped->client_fd >= 0)
		close(stepped->client_fd);
	close(stepped->listen_fd);
	pthread_mutex_destroy(&stepped->lock);
	free(stepped->steps);
	free(stepped);
}

struct clock *stepped_clock(struct stepped *stepped)
{
	return &stepped->clock;
}

int stepped_fd(const struct stepped *stepped)
{
	return stepped->client_fd >= 0 ? stepped->client_fd : stepped->listen_fd;
}

/* Never backwards: what was decided at a time has been decided. */
static void step_to(struct stepped *stepped, int64_t at)
{
	pthread_mutex_lock(&stepped->lock);
	if (at > stepped->steps[stepped->count - 1].at && stepped->count < STEPS_MAX)
		stepped->steps[stepped->count++] = (struct step){ time(NULL), at };
	pthread_mutex_unlock(&stepped->lock);
}

/* One line, one answer; the main thread waits with it, as the client does. */
static void carry_out(struct stepped *stepped, struct engine *engine, const char *line, char *ret_answer, size_t size)
{
	char mailbox[100], message_id[1000];
	int64_t next;
	long long at;

	snprintf(ret_answer, size, "no\n");
	if (sscanf(line, "at %lld", &at) == 1 || strcmp(line, "settle") == 0) {
		if (line[0] == 'a')
			step_to(stepped, at);
		engine_settle(engine, &next);
		snprintf(ret_answer, size, "ok %" PRId64 "\n", next);
	} else if (sscanf(line, "await %99s %999s", mailbox, message_id) == 2) {
		if (engine_await(engine, mailbox, message_id, LIMIT_MS))
			snprintf(ret_answer, size, "ok\n");
	} else if (strcmp(line, "look") == 0 && engine_look(engine, LIMIT_MS)) {
		snprintf(ret_answer, size, "ok\n");
	}
}

static void hang_up(struct stepped *stepped)
{
	close(stepped->client_fd);
	stepped->client_fd = -1;
	stepped->length = 0;
}

/* Called when the descriptor is readable: a new client, or lines of the one there is. */
void stepped_serve(struct stepped *stepped, struct engine *engine)
{
	char answer[64], *end;
	ssize_t got;

	if (stepped->client_fd < 0) {
		stepped->client_fd = accept4(stepped->listen_fd, NULL, NULL, SOCK_CLOEXEC);
		return;
	}
	got = read(stepped->client_fd, stepped->line + stepped->length, sizeof(stepped->line) - 1 - stepped->length);
	if (got <= 0) {
		hang_up(stepped);
		return;
	}
	stepped->length += (size_t)got;
	stepped->line[stepped->length] = '\0';
	while ((end = strchr(stepped->line, '\n'))) {
		*end = '\0';
		carry_out(stepped, engine, stepped->line, answer, sizeof(answer));
		if (send(stepped->client_fd, answer, strlen(answer), MSG_NOSIGNAL) < 0) {
			hang_up(stepped);
			return;
		}
		stepped->length -= (size_t)(end + 1 - stepped->line);
		memmove(stepped->line, end + 1, stepped->length + 1);
	}
	if (stepped->length == sizeof(stepped->line) - 1)
		hang_up(stepped);
}
