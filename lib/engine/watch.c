/*
 * watch_run() is the loop that cannot fail: wait for a turn, one connection from beginning to end (visit_mailbox()),
 * say what was wrong, pause, again. Within a connection the inbox and sent workers stay in one folder (watch_folder()),
 * the third goes round (keep_visiting()). promise() stands before everything that may take time. A look begins before
 * the first folder is asked and ends when the last is committed; looked_at is when it began, so all that had come by
 * then has been read.
 */
#include "engine/watch.h"

#include "base/log.h"
#include "engine/intake.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

enum {
	SECOND_MS = 1000,
	MINUTE_MS = 60 * SECOND_MS,
	IDLE_MAX_MS = 9 * MINUTE_MS,	/* NATs drop silent connections after five to fifteen minutes, servers after thirty */
	GRACE_MS = 2 * MINUTE_MS,	/* how much later than promised is still alive */
	PAUSE_MAX_MS = 5 * MINUTE_MS,
	STORE_PAUSE_MS = 10 * SECOND_MS,
};

/* After a refused password: accounts get locked. */
static const int auth_pauses_minutes[] = { 1, 5, 15, 60 };

enum {
	AUTH_PAUSES = sizeof(auth_pauses_minutes) / sizeof(auth_pauses_minutes[0]),
	ALL_WORKERS = 1 << WATCH_INBOX | 1 << WATCH_SENT | 1 << WATCH_OTHERS,
	TURN_MS = 5 * SECOND_MS,	/* the first to try a password again has that long before the next */
};

static const char *const names[] = { [WATCH_INBOX] = "inbox", [WATCH_SENT] = "sent", [WATCH_OTHERS] = "others" };

/* Heard of again within so long, or engine_is_alive() says that it hangs. */
static void promise(struct watch *watch, int64_t within_ms)
{
	pthread_mutex_lock(&watch->lock);
	watch->promised_ms = clock_monotonic_ms() + within_ms + GRACE_MS;
	pthread_mutex_unlock(&watch->lock);
}

/* Of all that a worker does, one command takes the longest. */
static void promise_command(void *arg)
{
	struct watch *watch = arg;

	promise(watch, (int64_t)watch->mailbox->imap.timeout_s * SECOND_MS);
}

static void log_state(const struct watch *watch, enum log_level level, const char *message, const char *reason)
{
	log_event(level, "mailbox", message, { "mailbox", watch->mailbox->name }, { "worker", names[watch->what] },
		{ "reason", reason });
}

static void set_state(struct watch *watch, enum watch_state state, const char *text)
{
	pthread_mutex_lock(&watch->lock);
	/* Between two failures stands an attempt: that is no news. */
	if (state != WATCH_CONNECTING || watch->state != WATCH_PAUSING) {
		watch->state = state;
		snprintf(watch->text, sizeof(watch->text), "%s", text);
	}
	pthread_mutex_unlock(&watch->lock);
}

/* It works: said once when the folder is missing, and once when the last of the three workers is at it. */
static void note_working(struct watch *watch, enum watch_state state)
{
	struct watch_mailbox *shared = watch->shared;
	unsigned before;

	set_state(watch, state, "");
	pthread_mutex_lock(&shared->lock);
	before = shared->working;
	shared->working |= 1U << watch->what;
	shared->failing &= ~(1U << watch->what);
	pthread_mutex_unlock(&shared->lock);
	if (state == WATCH_ABSENT && !(before & 1U << watch->what))
		log_state(watch, LOG_LEVEL_NOTICE, "the mailbox has no such folder", NULL);
	if (before != ALL_WORKERS && (before | 1U << watch->what) == ALL_WORKERS)
		log_event(LOG_LEVEL_INFO, "mailbox", "watching", { "mailbox", watch->mailbox->name });
}

/* One warning for all three workers: they mostly meet the same trouble within a second. */
static void note_trouble(struct watch *watch, enum imap_outcome trouble, const char *text)
{
	struct watch_mailbox *shared = watch->shared;
	bool is_news;

	set_state(watch, WATCH_PAUSING, text);
	pthread_mutex_lock(&shared->lock);
	is_news = !shared->failing || shared->trouble != trouble;
	shared->trouble = trouble;
	shared->failing |= 1U << watch->what;
	shared->working &= ~(1U << watch->what);
	pthread_mutex_unlock(&shared->lock);
	if (is_news)
		log_state(watch, LOG_LEVEL_WARNING, "cannot read the mailbox, trying again for ever", text);
}

static bool is_cancelled(const struct watch *watch)
{
	struct pollfd fd = { .fd = watch->cancel_fd, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/* Waits; a nudge ends it early (true), and so does the end. */
static bool pause_ms(struct watch *watch, int64_t ms)
{
	struct pollfd fds[] = { { .fd = watch->cancel_fd, .events = POLLIN }, { .fd = watch->nudge_fd, .events = POLLIN } };
	eventfd_t ignored;

	promise(watch, ms);
	return poll(fds, 2, (int)ms) > 0 && (fds[1].revents & POLLIN) && eventfd_read(watch->nudge_fd, &ignored) == 0;
}

/* ---- one connection ---- */

/* What one connection has in hand. */
struct visit {
	struct watch *watch;
	struct arena arena;
	struct imap *imap;
	struct imap_fault fault;
	struct imap_folder *folders;
	size_t folders_count;
	bool store_failed;
};

static void visit_done(struct visit *visit)
{
	imap_free(&visit->imap);
	arena_done(&visit->arena);
}

/* A refusal counts once for all workers that tried at the same time. */
static void note_login(struct watch *watch, enum imap_outcome outcome)
{
	struct watch_mailbox *shared = watch->shared;
	int64_t now = clock_monotonic_ms();

	if (outcome != IMAP_OK && outcome != IMAP_AUTH_REFUSED)
		return;
	pthread_mutex_lock(&shared->lock);
	if (outcome == IMAP_OK) {
		shared->refusals = 0;
		shared->refused_until_ms = 0;
	} else if (now >= shared->refused_until_ms) {
		int minutes = auth_pauses_minutes[shared->refusals < AUTH_PAUSES ? shared->refusals : AUTH_PAUSES - 1];

		shared->refusals++;
		shared->refused_until_ms = now + minutes * (int64_t)MINUTE_MS;
	}
	pthread_mutex_unlock(&shared->lock);
}

/* How long this worker has still to wait before it may try the password again; 0: not at all. */
static int64_t refused_for_ms(struct watch *watch)
{
	int64_t left_ms;

	pthread_mutex_lock(&watch->shared->lock);
	left_ms = watch->shared->refused_until_ms;
	pthread_mutex_unlock(&watch->shared->lock);
	left_ms = left_ms ? left_ms + (int64_t)watch->what * TURN_MS - clock_monotonic_ms() : 0;
	return left_ms > 0 ? left_ms : 0;
}

/* A nudge lets it try at once: the password may have been mended. */
static void await_turn(struct watch *watch)
{
	int64_t left_ms;

	while (!is_cancelled(watch) && (left_ms = refused_for_ms(watch)) > 0)
		if (pause_ms(watch, left_ms))
			return;
}

static enum imap_outcome open_connection(struct visit *visit)
{
	const struct conf_server *server = &visit->watch->mailbox->imap;
	char password[1024];
	struct imap_account account = {
		.host = server->host, .port = (uint16_t)server->port, .starttls = server->tls == CONF_TLS_STARTTLS,
		.ca_file = server->ca_file, .user = server->user, .password = password, .timeout_s = server->timeout_s,
	};
	enum imap_outcome outcome;

	/* Connecting, TLS, greeting, LOGIN, CAPABILITY: each has the whole time-out. */
	promise(visit->watch, (int64_t)server->timeout_s * SECOND_MS * 5);
	/* An unreadable password wants the same as a refused one: a person, and long pauses until then. */
	if (conf_read_secret(server->password_file, password, sizeof(password), &visit->fault.err) != 0)
		outcome = IMAP_AUTH_REFUSED;
	else
		outcome = imap_connect(&account, visit->watch->cancel_fd, &visit->imap, &visit->fault);
	explicit_bzero(password, sizeof(password));
	note_login(visit->watch, outcome);
	return outcome == IMAP_NO ? IMAP_DISCONNECTED : outcome;	/* refused for now (RFC 5530), not for the password */
}

/* RFC 9051, 5.1: the one name in any case. */
static bool is_inbox(const char *name)
{
	return strcasecmp(name, "INBOX") == 0;
}

static bool is_called(const struct imap_folder *folder, const char *listed)
{
	return strcmp(folder->name, listed) == 0 || (is_inbox(folder->name) && is_inbox(listed));
}

/* By the list of the configuration where there is one; else everything but drafts, junk, trash and virtual folders. */
static bool is_wanted(const struct watch *watch, const struct imap_folder *folder)
{
	const struct message_strings *listed = &watch->mailbox->folders;
	bool found = false;

	for (size_t i = 0; i < listed->count; i++)
		found = found || is_called(folder, listed->items[i]);
	return listed->count > 0 ? found : imap_use_is_read(folder->use);
}

/* A listed folder that is misspelt, or that somebody has renamed, is read by nobody: told of once, when missed. */
static void check_listed(const struct visit *visit)
{
	const struct watch *watch = visit->watch;
	const struct message_strings *listed = &watch->mailbox->folders;

	for (size_t i = 0; i < listed->count; i++) {
		bool missing = true;

		for (size_t j = 0; j < visit->folders_count; j++)
			missing = missing && !is_called(&visit->folders[j], listed->items[i]);
		if (missing && !watch->missing[i])
			log_event(LOG_LEVEL_WARNING, "mailbox", "cannot read a folder", { "mailbox", watch->mailbox->name },
				{ "worker", names[watch->what] }, { "folder", listed->items[i] },
				{ "reason", "the server has no folder of this name" });
		watch->missing[i] = missing;
	}
}

/* Which worker a folder belongs to, by its name and use. */
static enum watch_what whose(const struct imap_folder *folder)
{
	if (is_inbox(folder->name))
		return WATCH_INBOX;
	return folder->use == IMAP_USE_SENT ? WATCH_SENT : WATCH_OTHERS;
}

/* The folder that this worker waits on, or NULL. Of several sent folders the first is watched, the others visited. */
static const struct imap_folder *own_folder(const struct visit *visit, enum watch_what what)
{
	for (size_t i = 0; i < visit->folders_count; i++)
		if (whose(&visit->folders[i]) == what && is_wanted(visit->watch, &visit->folders[i]))
			return &visit->folders[i];
	return NULL;
}

static void note_sent(struct watch_mailbox *shared, const char *name)
{
	pthread_mutex_lock(&shared->lock);
	free(shared->sent);
	shared->sent = strdup(name);
	if (!shared->sent)
		abort();
	pthread_mutex_unlock(&shared->lock);
}

/* Does another worker wait on this folder? Which was the first sent folder when he looked need not be the first now. */
static bool is_waited_on(const struct visit *visit, const struct imap_folder *folder)
{
	struct watch_mailbox *shared = visit->watch->shared;
	bool waited_on;

	if (whose(folder) != WATCH_SENT)
		return whose(folder) == WATCH_INBOX;
	pthread_mutex_lock(&shared->lock);
	waited_on = shared->sent ? strcmp(shared->sent, folder->name) == 0 : folder == own_folder(visit, WATCH_SENT);
	pthread_mutex_unlock(&shared->lock);
	return waited_on;
}

static enum imap_outcome take_folder(struct visit *visit, const struct imap_folder *folder, uint32_t uidvalidity)
{
	struct intake intake = {
		.clerk = visit->watch->clerk, .mailbox = visit->watch->mailbox, .imap = visit->imap, .folder = folder,
		.is_heard_of = promise_command, .is_heard_of_arg = visit->watch,
	};

	return intake_folder(&intake, uidvalidity, &visit->store_failed, &visit->fault);
}

/* IDLE where the server has it, else NOOP once a minute at least. A nudge ends either early. */
static enum imap_outcome wait_for_doorbell(struct visit *visit)
{
	int64_t wait_ms = (int64_t)visit->watch->mailbox->poll_s * SECOND_MS;
	enum imap_outcome outcome;
	eventfd_t nudges;
	bool news;

	if (wait_ms > IDLE_MAX_MS)
		wait_ms = IDLE_MAX_MS;
	promise(visit->watch, wait_ms + (int64_t)visit->watch->mailbox->imap.timeout_s * SECOND_MS);
	if (imap_has_idle(visit->imap)) {
		outcome = imap_idle(visit->imap, wait_ms, visit->watch->nudge_fd, &news, &visit->fault);
		(void)eventfd_read(visit->watch->nudge_fd, &nudges);
		if (outcome != IMAP_NO)
			return outcome;
	}
	pause_ms(visit->watch, wait_ms < MINUTE_MS ? wait_ms : MINUTE_MS);
	promise_command(visit->watch);
	return imap_noop(visit->imap, &visit->fault);
}

/* Whoever waits for a look wants one that began after he asked (engine_look). */
static void begin_look(struct watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->begun++;
	watch->begun_at = watch->clerk->clock->now(watch->clerk->clock);
	pthread_mutex_unlock(&watch->lock);
}

/* Not called when a look was broken off: then its folders do not count as read. */
static void end_look(struct watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->looked = watch->begun;
	watch->looked_at = watch->begun_at;
	pthread_cond_broadcast(&watch->look_done);
	pthread_mutex_unlock(&watch->lock);
}

/* The inbox or the sent items: look, wait for the doorbell, look. */
static enum imap_outcome watch_folder(struct visit *visit)
{
	const struct imap_folder *folder = own_folder(visit, visit->watch->what);
	struct imap_state state;
	enum imap_outcome outcome;

	if (!folder) {
		note_working(visit->watch, WATCH_ABSENT);
		begin_look(visit->watch);
		end_look(visit->watch);
		imap_free(&visit->imap);	/* a connection is not kept for a folder that is not there */
		pause_ms(visit->watch, (int64_t)visit->watch->mailbox->poll_s * SECOND_MS);
		return IMAP_CANCELLED;	/* nothing is wrong: come again */
	}
	if (visit->watch->what == WATCH_SENT)
		note_sent(visit->watch->shared, folder->name);
	promise_command(visit->watch);
	outcome = imap_examine(visit->imap, folder->raw, &state, &visit->fault);
	while (outcome == IMAP_OK) {
		begin_look(visit->watch);
		outcome = take_folder(visit, folder, state.uidvalidity);
		if (outcome != IMAP_OK || visit->store_failed)
			break;
		note_working(visit->watch, WATCH_WATCHING);
		end_look(visit->watch);
		outcome = wait_for_doorbell(visit);
		promise_command(visit->watch);
		if (outcome == IMAP_OK)	/* opened again: a folder that was made anew meanwhile has another UIDVALIDITY */
			outcome = imap_examine(visit->imap, folder->raw, &state, &visit->fault);
	}
	return outcome;
}

/* STATUS first: most folders have nothing new, and that is one round trip instead of three. */
static enum imap_outcome visit_folder(struct visit *visit, const struct imap_folder *folder)
{
	struct imap_state state;
	enum imap_outcome outcome;
	bool unchanged;

	promise_command(visit->watch);
	outcome = imap_status(visit->imap, folder->raw, &state, &visit->fault);
	if (outcome == IMAP_NO)
		return IMAP_OK;		/* a folder that cannot be opened is none of ours */
	if (outcome != IMAP_OK)
		return outcome;
	if (clerk_is_read(visit->watch->clerk, visit->watch->mailbox, folder->name, state.uidvalidity, state.uidnext,
			&unchanged, &visit->fault.err) < 0) {
		visit->store_failed = true;
		return IMAP_OK;
	}
	if (unchanged)
		return IMAP_OK;
	promise_command(visit->watch);
	outcome = imap_examine(visit->imap, folder->raw, &state, &visit->fault);
	if (outcome == IMAP_OK)
		outcome = take_folder(visit, folder, state.uidvalidity);
	return outcome == IMAP_NO ? IMAP_OK : outcome;
}

/* All folders that no other worker waits on. */
static enum imap_outcome visit_others(struct visit *visit)
{
	enum imap_outcome outcome = IMAP_OK;

	begin_look(visit->watch);
	check_listed(visit);
	for (size_t i = 0; outcome == IMAP_OK && !visit->store_failed && i < visit->folders_count; i++) {
		const struct imap_folder *folder = &visit->folders[i];

		if (is_wanted(visit->watch, folder) && !is_waited_on(visit, folder))
			outcome = visit_folder(visit, folder);
	}
	if (outcome == IMAP_OK && !visit->store_failed) {
		note_working(visit->watch, WATCH_WATCHING);
		end_look(visit->watch);
	}
	return outcome;
}

/* LIST anew each time round: people make folders. */
static enum imap_outcome keep_visiting(struct visit *visit)
{
	enum imap_outcome outcome = visit_others(visit);

	while (outcome == IMAP_OK && !visit->store_failed && !is_cancelled(visit->watch)) {
		int64_t pause = (int64_t)visit->watch->mailbox->poll_s * SECOND_MS;

		pause_ms(visit->watch, pause < IDLE_MAX_MS ? pause : IDLE_MAX_MS);
		arena_done(&visit->arena);
		promise_command(visit->watch);
		outcome = imap_list(visit->imap, &visit->arena, &visit->folders, &visit->folders_count, &visit->fault);
		if (outcome == IMAP_OK)
			outcome = visit_others(visit);
	}
	return outcome;
}

/* One connection from beginning to end. */
static enum imap_outcome visit_mailbox(struct watch *watch, struct visit *visit)
{
	enum imap_outcome outcome = open_connection(visit);

	if (outcome != IMAP_OK)
		return outcome;
	promise_command(watch);
	outcome = imap_list(visit->imap, &visit->arena, &visit->folders, &visit->folders_count, &visit->fault);
	if (outcome != IMAP_OK)
		return outcome;
	return watch->what == WATCH_OTHERS ? keep_visiting(visit) : watch_folder(visit);
}

/* The database has its own pause; servers get 1, 2, 4, … seconds up to five minutes. */
static int64_t pause_after(const struct visit *visit, enum imap_outcome outcome, int failures)
{
	if (visit->store_failed)
		return STORE_PAUSE_MS;
	switch (outcome) {
	case IMAP_AUTH_REFUSED:
		return 0;	/* await_turn() */
	case IMAP_THROTTLED:
		return visit->fault.wait_ms;
	default:
		return failures < 9 && (int64_t)SECOND_MS << failures < PAUSE_MAX_MS ?
			(int64_t)SECOND_MS << failures : PAUSE_MAX_MS;
	}
}

void watch_mailbox_init(struct watch_mailbox *mailbox)
{
	pthread_mutex_init(&mailbox->lock, NULL);
}

void watch_mailbox_done(struct watch_mailbox *mailbox)
{
	free(mailbox->sent);
	pthread_mutex_destroy(&mailbox->lock);
}

void watch_run(struct watch *watch)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	int failures = 0;

	watch->missing = arena_array(&arena, watch->mailbox->folders.count, sizeof(*watch->missing));
	for (await_turn(watch); !is_cancelled(watch); await_turn(watch)) {
		struct visit visit CLEANUP(visit_done) = { .watch = watch, .fault = IMAP_FAULT_NULL };
		uint64_t looked = watch->looked;	/* only this thread writes it: no lock */
		enum imap_outcome outcome;

		set_state(watch, WATCH_CONNECTING, "");
		outcome = visit_mailbox(watch, &visit);
		imap_free(&visit.imap);
		if (is_cancelled(watch))
			return;
		if (watch->looked != looked)	/* it worked for a while */
			failures = 0;
		if (outcome == IMAP_CANCELLED && !visit.store_failed)
			continue;
		/* IMAP_OK stands for the database here: a trouble of its own, that no server has. */
		note_trouble(watch, visit.store_failed ? IMAP_OK : outcome, visit.fault.err.text);
		pause_ms(watch, pause_after(&visit, outcome, failures));
		failures++;
	}
}
