/*
 * Threads and who owns what: the workers (engine/watch) only read mail and commit through the clerk; each commit nudges
 * the courier, which alone runs morning rounds and sends. A thread ends by its cancel_fd, which whatever it waits on
 * polls as well; nudge_fd wakes it early. Locks: the clerk's, a watch's and the courier's are never held together.
 */
#include "engine/engine.h"

#include "base/log.h"
#include "engine/dispatch.h"
#include "engine/morning.h"
#include "engine/watch.h"
#include "io/mime.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <time.h>
#include <unistd.h>

enum {
	WATCHES_A_MAILBOX = 3,
	STACK_SIZE = 8 * 1024 * 1024,	/* parsers recurse as deep as a sender nests, up to our caps */
	COURIER_GRACE_MS = 10 * 60 * 1000,
	STORE_PAUSE_MS = 10 * 1000,
	STATUS_TROUBLE_MAX = 200,	/* of one mailbox: systemd takes 4096 bytes in all */
	LOOK_MS = 30 * 1000,		/* a look at all folders, where nothing new lies in them, is much shorter */
	LOOK_STEP_MS = 10,
	HOLD_S = 60 * 60,		/* reminders wait no longer for a mailbox that cannot be read */
	HOLD_STEP_S = 60,
};

struct worker {
	struct watch watch;
	pthread_t thread;
	bool running;
};

struct courier {
	pthread_t thread;
	bool running;
	int cancel_fd, nudge_fd;
	pthread_mutex_t lock;		/* for what follows */
	pthread_cond_t settled;
	uint64_t wanted, done;		/* rounds asked for by engine_settle, and finished */
	int64_t next_at;
	int64_t promised_ms;
	int64_t asked_at;		/* the courier's own: since when reminders wait for a look at all folders; 0: no */
	bool has_read;			/* likewise: all folders were looked at since the start */
	char trouble[ERR_TEXT_MAX];	/* why nothing can be sent; "": nothing known */
};

struct engine {
	struct clerk clerk;
	struct watch_mailbox *mailboxes;	/* as many as are configured */
	size_t mailboxes_count;
	struct worker *workers;
	size_t workers_count;
	struct courier courier;
};

/* ---- workers ---- */

/* All with the same large stack; what they were started with must outlive them. */
static int start_thread(pthread_t *thread, void *(*run)(void *), void *arg, struct err *err)
{
	pthread_attr_t attributes;
	int result;

	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	result = pthread_create(thread, &attributes, run, arg);
	pthread_attr_destroy(&attributes);
	return result == 0 ? 0 : err_set(err, "cannot start a thread: %s", strerror(result));
}

static void *run_watch(void *arg)
{
	watch_run(arg);
	return NULL;
}

static int start_worker(struct worker *worker, struct clerk *clerk, const struct conf_mailbox *mailbox,
	struct watch_mailbox *shared, enum watch_what what, struct err *err)
{
	worker->watch = (struct watch){
		.clerk = clerk, .mailbox = mailbox, .shared = shared, .what = what,
		.cancel_fd = eventfd(0, EFD_CLOEXEC), .nudge_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK),
		.promised_ms = clock_monotonic_ms() + COURIER_GRACE_MS,	/* until its first own promise */
	};
	pthread_mutex_init(&worker->watch.lock, NULL);
	pthread_cond_init(&worker->watch.look_done, NULL);
	if (worker->watch.cancel_fd < 0 || worker->watch.nudge_fd < 0)
		return err_set(err, "cannot make an event descriptor: %m");
	if (start_thread(&worker->thread, run_watch, &worker->watch, err) < 0)
		return -1;
	worker->running = true;
	return 0;
}

/* Tells all first, then waits for each: they end side by side. */
static void stop_workers(struct engine *engine)
{
	for (size_t i = 0; i < engine->workers_count; i++)
		if (engine->workers[i].running)
			eventfd_write(engine->workers[i].watch.cancel_fd, 1);
	for (size_t i = 0; i < engine->workers_count; i++) {
		struct worker *worker = &engine->workers[i];

		if (worker->running)
			pthread_join(worker->thread, NULL);
		close(worker->watch.cancel_fd);
		close(worker->watch.nudge_fd);
		pthread_cond_destroy(&worker->watch.look_done);
		pthread_mutex_destroy(&worker->watch.lock);
	}
	for (size_t i = 0; i < engine->mailboxes_count; i++)
		watch_mailbox_done(&engine->mailboxes[i]);
	free(engine->mailboxes);
	engine->mailboxes = NULL;
	engine->mailboxes_count = 0;
	free(engine->workers);
	engine->workers = NULL;
	engine->workers_count = 0;
}

/* Three for each mailbox, by enum watch_what. A failure leaves what has started to stop_workers(). */
static int start_workers(struct engine *engine, struct err *err)
{
	const struct conf *conf = engine->clerk.conf;
	size_t count = conf->mailboxes_count * WATCHES_A_MAILBOX;

	engine->workers = calloc(count ? count : 1, sizeof(*engine->workers));
	engine->mailboxes = calloc(count ? count : 1, sizeof(*engine->mailboxes));
	if (!engine->workers || !engine->mailboxes)
		abort();
	for (; engine->mailboxes_count < conf->mailboxes_count; engine->mailboxes_count++)
		watch_mailbox_init(&engine->mailboxes[engine->mailboxes_count]);
	for (size_t i = 0; i < count; i++) {
		size_t mailbox = i / WATCHES_A_MAILBOX;

		engine->workers_count++;
		if (start_worker(&engine->workers[i], &engine->clerk, &conf->mailboxes[mailbox],
				&engine->mailboxes[mailbox], (enum watch_what)(i % WATCHES_A_MAILBOX), err) < 0)
			return -1;
	}
	return 0;
}

/* ---- the courier ---- */

static void courier_promise(struct courier *courier)
{
	pthread_mutex_lock(&courier->lock);
	courier->promised_ms = clock_monotonic_ms() + COURIER_GRACE_MS;
	pthread_mutex_unlock(&courier->lock);
}

/* Since when, at least, every folder of every mailbox has been looked at; 0: not yet. */
static int64_t all_looked_at(struct engine *engine)
{
	int64_t all = INT64_MAX;

	for (size_t i = 0; i < engine->workers_count; i++) {
		struct watch *watch = &engine->workers[i].watch;

		pthread_mutex_lock(&watch->lock);
		if (watch->looked_at < all)
			all = watch->looked_at;
		pthread_mutex_unlock(&watch->lock);
	}
	return engine->workers_count ? all : 0;	/* nobody looks: then no doubt ever ends by itself */
}

/* Is there a worker that has not looked since, and cannot? */
static bool is_look_hindered(struct engine *engine, int64_t since)
{
	bool hindered = false;

	for (size_t i = 0; i < engine->workers_count; i++) {
		struct watch *watch = &engine->workers[i].watch;

		pthread_mutex_lock(&watch->lock);
		hindered = hindered || (watch->looked_at < since && watch->state == WATCH_PAUSING);
		pthread_mutex_unlock(&watch->lock);
	}
	return hindered;
}

/* Waits for a look at all folders that has begun since. */
static bool await_look(struct engine *engine, int64_t since)
{
	struct pollfd fd = { .fd = engine->courier.cancel_fd, .events = POLLIN };
	int64_t end_ms = clock_monotonic_ms() + LOOK_MS;

	while (all_looked_at(engine) < since)
		if (is_look_hindered(engine, since) || clock_monotonic_ms() > end_ms || poll(&fd, 1, LOOK_STEP_MS) > 0)
			return false;
	return true;
}

/*
 * Must reminders wait? What came while the program was down, or a server away, may have settled what they would say:
 * it is read first, at the start and every morning. But a mailbox that cannot be read holds nobody up for ever.
 */
static int must_hold(struct engine *engine, bool *ret_hold, struct err *err)
{
	struct courier *courier = &engine->courier;
	int64_t now = engine->clerk.clock->now(engine->clerk.clock);
	bool due;

	*ret_hold = false;
	if (morning_is_due(&engine->clerk, &due, err) < 0)
		return -1;
	if (!due && courier->has_read)
		return 0;
	if (!courier->asked_at) {
		courier->asked_at = now;
		for (size_t i = 0; i < engine->workers_count; i++)
			eventfd_write(engine->workers[i].watch.nudge_fd, 1);
	}
	if (!await_look(engine, courier->asked_at)) {
		*ret_hold = now >= courier->asked_at && now < courier->asked_at + HOLD_S;
		if (*ret_hold)
			return 0;
		log_event(LOG_LEVEL_WARNING, "mail",
			"reminders leave although there are folders that could not be read for an hour");
	}
	courier->asked_at = 0;
	courier->has_read = true;
	return 0;
}

/*
 * Everything that is due; -1: the database fails. recover: it failed before, so that the outcome of what was being sent
 * may not be stored; only this thread sends, so whatever is in hand now was in hand then.
 */
static int do_round(struct engine *engine, struct dispatch *dispatch, bool recover, int64_t *ret_next, struct err *err)
{
	struct clock *clock = engine->clerk.clock;
	int result;

	if (recover && dispatch_recover(&engine->clerk, err) < 0)
		return -1;
	if (must_hold(engine, &dispatch->hold_mornings, err) < 0)
		return -1;
	if (!dispatch->hold_mornings && morning_round(&engine->clerk, err) < 0)
		return -1;
	/* Row after row; the time of the last look is asked anew for each, for the workers go on meanwhile. */
	do {
		struct pollfd fd = { .fd = engine->courier.cancel_fd, .events = POLLIN };

		courier_promise(&engine->courier);
		dispatch->looked_at = all_looked_at(engine);
		result = poll(&fd, 1, 0) > 0 ? 1 : dispatch_once(dispatch, err);
	} while (result == 0);
	dispatch_rest(dispatch);
	if (result < 0 || dispatch_next(dispatch, morning_next(&engine->clerk), ret_next, err) < 0)
		return -1;
	if (dispatch->hold_mornings)
		*ret_next = clock->now(clock) + HOLD_STEP_S;
	return 0;
}

/* Once when it begins and once when it ends: a full disk must not fill the journal as well. */
static void report_store(struct err *err, bool *failing, int result)
{
	if (result < 0 && !*failing)
		log_event(LOG_LEVEL_ERROR, "database", "the database fails; nothing is sent until it works again",
			{ "reason", err->text });
	else if (result == 0 && *failing)
		log_event(LOG_LEVEL_NOTICE, "database", "the database works again");
	*failing = result < 0;
}

/* Returns true when the courier is to end. */
static bool courier_wait(struct courier *courier, int wait_ms)
{
	struct pollfd fds[] = {
		{ .fd = courier->cancel_fd, .events = POLLIN }, { .fd = courier->nudge_fd, .events = POLLIN },
	};
	eventfd_t ignored;

	poll(fds, 2, wait_ms);
	if (fds[1].revents & POLLIN)
		(void)eventfd_read(courier->nudge_fd, &ignored);
	return fds[0].revents & POLLIN;
}

/* A round, then sleep until something is due, a commit or engine_settle() nudges, or the end. */
static void *run_courier(void *arg)
{
	struct engine *engine = arg;
	struct courier *courier = &engine->courier;
	struct clock *clock = engine->clerk.clock;
	struct dispatch dispatch = { .clerk = &engine->clerk, .cancel_fd = courier->cancel_fd };
	bool failing = false;
	int wait_ms;

	do {
		struct err err = ERR_NULL;
		uint64_t wanted;
		int64_t next = 0;
		int result;

		pthread_mutex_lock(&courier->lock);
		wanted = courier->wanted;	/* what is asked for from here on waits for another round */
		pthread_mutex_unlock(&courier->lock);
		result = do_round(engine, &dispatch, failing, &next, &err);
		report_store(&err, &failing, result);
		pthread_mutex_lock(&courier->lock);
		snprintf(courier->trouble, sizeof(courier->trouble), "%s", result < 0 ? err.text : dispatch.reason);
		courier->done = wanted;
		courier->next_at = next;
		pthread_cond_broadcast(&courier->settled);
		pthread_mutex_unlock(&courier->lock);
		wait_ms = result < 0 ? STORE_PAUSE_MS : clock->wait_ms(clock, next);
	} while (!courier_wait(courier, wait_ms));
	return NULL;
}

/* Before the workers start, for their commits nudge it. */
static int open_courier(struct courier *courier, struct err *err)
{
	courier->cancel_fd = eventfd(0, EFD_CLOEXEC);
	courier->nudge_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	if (courier->cancel_fd < 0 || courier->nudge_fd < 0)
		return err_set(err, "cannot make an event descriptor: %m");
	return 0;
}

static int start_courier(struct engine *engine, struct err *err)
{
	struct courier *courier = &engine->courier;

	courier_promise(courier);
	if (start_thread(&courier->thread, run_courier, engine, err) < 0)
		return -1;
	courier->running = true;
	return 0;
}

static void stop_courier(struct engine *engine)
{
	struct courier *courier = &engine->courier;
	eventfd_t ignored;

	if (!courier->running)
		return;
	eventfd_write(courier->cancel_fd, 1);
	pthread_join(courier->thread, NULL);
	(void)eventfd_read(courier->cancel_fd, &ignored);	/* a reload starts it again on the same one */
	courier->running = false;
}

/* A commit may want a mail: the courier looks. Under the clerk's lock; writing to an event descriptor never waits. */
static void on_commit(void *arg)
{
	struct engine *engine = arg;

	eventfd_write(engine->courier.nudge_fd, 1);
}

/* ---- the engine ---- */

int engine_start(const struct setup *setup, struct store *store, struct clock *clock,
	struct engine **ret_engine, struct err *err)
{
	struct engine *engine = calloc(1, sizeof(*engine));

	if (!engine)
		abort();
	mime_init();
	clerk_init(&engine->clerk, store, clock, setup);
	engine->clerk.on_commit = on_commit;
	engine->clerk.on_commit_arg = engine;
	pthread_mutex_init(&engine->courier.lock, NULL);
	pthread_cond_init(&engine->courier.settled, NULL);
	/* The courier asks the workers how far they are: it starts after them, ends before them. They nudge it all along. */
	if (open_courier(&engine->courier, err) < 0 || dispatch_recover(&engine->clerk, err) < 0 ||
	    start_workers(engine, err) < 0 || start_courier(engine, err) < 0) {
		engine_stop(engine);
		return -1;
	}
	*ret_engine = engine;
	return 0;
}

void engine_stop(struct engine *engine)
{
	if (!engine)
		return;
	stop_courier(engine);
	stop_workers(engine);
	close(engine->courier.cancel_fd);
	close(engine->courier.nudge_fd);
	pthread_cond_destroy(&engine->courier.settled);
	pthread_mutex_destroy(&engine->courier.lock);
	clerk_done(&engine->clerk);
	free(engine);
}

int engine_reload(struct engine *engine, const struct setup *setup, struct err *err)
{
	stop_courier(engine);
	stop_workers(engine);
	clerk_set(&engine->clerk, setup);
	engine->courier.asked_at = 0;
	engine->courier.has_read = false;	/* of the new mailboxes nothing was */
	if (start_workers(engine, err) < 0)
		return -1;
	return start_courier(engine, err);
}

/* Workers of one mailbox lie side by side: one sentence for the three, the first trouble of any. */
void engine_status(struct engine *engine, struct text *text)
{
	size_t i = 0;

	while (i < engine->workers_count) {
		const struct conf_mailbox *mailbox = engine->workers[i].watch.mailbox;
		char trouble[ERR_TEXT_MAX] = "";
		int watching = 0;

		for (; i < engine->workers_count && engine->workers[i].watch.mailbox == mailbox; i++) {
			struct watch *watch = &engine->workers[i].watch;

			pthread_mutex_lock(&watch->lock);
			watching += watch->state == WATCH_WATCHING;
			if (watch->state == WATCH_PAUSING && !*trouble)
				snprintf(trouble, sizeof(trouble), "%s", watch->text);
			pthread_mutex_unlock(&watch->lock);
		}
		text_cut(trouble, STATUS_TROUBLE_MAX);
		text_addf(text, "%s%s: %s", text->length ? "; " : "", mailbox->name,
			*trouble ? trouble : watching ? "watched" : "connecting");
	}
	pthread_mutex_lock(&engine->courier.lock);
	if (*engine->courier.trouble)
		text_addf(text, "; sending: %s", engine->courier.trouble);
	pthread_mutex_unlock(&engine->courier.lock);
}

/* By what each promised: a worker in IDLE is silent for minutes and well, another may hang after one. */
bool engine_is_alive(struct engine *engine, struct text *ret_text)
{
	int64_t now = clock_monotonic_ms();
	bool alive;

	for (size_t i = 0; i < engine->workers_count; i++) {
		struct watch *watch = &engine->workers[i].watch;

		pthread_mutex_lock(&watch->lock);
		alive = now <= watch->promised_ms;
		pthread_mutex_unlock(&watch->lock);
		if (!alive) {
			text_addf(ret_text, "a worker of mailbox %s hangs", watch->mailbox->name);
			return false;
		}
	}
	pthread_mutex_lock(&engine->courier.lock);
	alive = now <= engine->courier.promised_ms;
	pthread_mutex_unlock(&engine->courier.lock);
	if (!alive)
		text_add(ret_text, "the courier hangs");
	return alive;
}

/* ---- for a stepped clock ---- */

/* A moment limit_ms from now, for pthread_cond_timedwait. */
static struct timespec moment_in(int limit_ms)
{
	struct timespec moment;

	clock_gettime(CLOCK_REALTIME, &moment);
	moment.tv_sec += limit_ms / 1000;
	return moment;
}

/* A round that was asked for now begins after all that was committed before; the one under way may have passed it. */
void engine_settle(struct engine *engine, int64_t *ret_next)
{
	struct courier *courier = &engine->courier;
	uint64_t round;

	pthread_mutex_lock(&courier->lock);
	round = ++courier->wanted;
	eventfd_write(courier->nudge_fd, 1);
	while (courier->done < round)
		pthread_cond_wait(&courier->settled, &courier->lock);
	*ret_next = courier->next_at;
	pthread_mutex_unlock(&courier->lock);
}

bool engine_look(struct engine *engine, int limit_ms)
{
	int64_t end_ms = clock_monotonic_ms() + limit_ms;
	bool done = true;

	for (size_t i = 0; i < engine->workers_count; i++) {
		struct watch *watch = &engine->workers[i].watch;
		uint64_t wanted;

		pthread_mutex_lock(&watch->lock);
		wanted = watch->begun + 1;	/* one in progress may have passed what is looked for */
		eventfd_write(watch->nudge_fd, 1);
		while (watch->looked < wanted && clock_monotonic_ms() < end_ms) {
			struct timespec moment = moment_in(1000);

			pthread_cond_timedwait(&watch->look_done, &watch->lock, &moment);
		}
		done = done && watch->looked >= wanted;
		pthread_mutex_unlock(&watch->lock);
	}
	return done;
}

bool engine_await(struct engine *engine, const char *mailbox, const char *message_id, int limit_ms)
{
	struct clerk *clerk = &engine->clerk;
	struct timespec moment = moment_in(limit_ms);
	struct err err = ERR_NULL;
	bool found = false;
	int waited = 0;

	pthread_mutex_lock(&clerk->lock);
	while (store_has_message(clerk->store, mailbox, message_id, &found, &err) == 0 && !found && waited == 0)
		waited = pthread_cond_timedwait(&clerk->changed, &clerk->lock, &moment);
	pthread_mutex_unlock(&clerk->lock);
	return found;
}
