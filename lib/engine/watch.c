#include "engine/watch.h"

#include "base/log.h"
#include "engine/intake.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
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

enum { AUTH_PAUSES = sizeof(auth_pauses_minutes) / sizeof(auth_pauses_minutes[0]) };

static const char *const names[] = { [WATCH_INBOX] = "inbox", [WATCH_SENT] = "sent", [WATCH_OTHERS] = "others" };

static void promise(struct watch *watch, int64_t within_ms)
{
	pthread_mutex_lock(&watch->lock);
	watch->promised_ms = clock_monotonic_ms() + within_ms + GRACE_MS;
	pthread_mutex_unlock(&watch->lock);
}

static void set_state(struct watch *watch, enum watch_state state, const char *text)
{
	static const struct {
		enum log_level level;
		const char *message;
	} lines[] = {
		[WATCH_CONNECTING] = { LOG_LEVEL_DEBUG, "connecting" },
		[WATCH_WATCHING] = { LOG_LEVEL_INFO, "watching" },
		[WATCH_ABSENT] = { LOG_LEVEL_NOTICE, "the mailbox has no such folder" },
		[WATCH_PAUSING] = { LOG_LEVEL_WARNING, "cannot read the mailbox, trying again for ever" },
	};
	bool changed;

	pthread_mutex_lock(&watch->lock);
	changed = watch->state != state || strcmp(watch->text, text) != 0;
	/* Between two failures of one kind stands an attempt: that is no news. */
	if (state == WATCH_CONNECTING && watch->state == WATCH_PAUSING)
		changed = false;
	if (changed) {
		watch->state = state;
		snprintf(watch->text, sizeof(watch->text), "%s", text);
	}
	pthread_mutex_unlock(&watch->lock);
	if (changed)
		log_event(lines[state].level, "mailbox", lines[state].message,
			{ "mailbox", watch->mailbox->name }, { "worker", names[watch->what] },
			{ "reason", *text ? text : NULL });
}

static bool is_cancelled(const struct watch *watch)
{
	struct pollfd fd = { .fd = watch->cancel_fd, .events = POLLIN };

	return poll(&fd, 1, 0) > 0;
}

/* Waits; a nudge ends it early, and so does the end. */
static void pause_ms(struct watch *watch, int64_t ms)
{
	struct pollfd fds[] = { { .fd = watch->cancel_fd, .events = POLLIN }, { .fd = watch->nudge_fd, .events = POLLIN } };
	eventfd_t ignored;

	promise(watch, ms);
	if (poll(fds, 2, (int)ms) > 0 && (fds[1].revents & POLLIN))
		(void)eventfd_read(watch->nudge_fd, &ignored);
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

static enum imap_outcome open_connection(struct visit *visit)
{
	const struct conf_server *server = &visit->watch->mailbox->imap;
	char password[1024];
	struct imap_account account = {
		.host = server->host, .port = (uint16_t)server->port, .starttls = server->tls == CONF_TLS_STARTTLS,
		.ca_file = server->ca_file, .user = server->user, .password = password, .timeout_s = server->timeout_s,
	};
	enum imap_outcome outcome;

	promise(visit->watch, (int64_t)server->timeout_s * SECOND_MS * 5);
	if (conf_read_secret(server->password_file, password, sizeof(password), &visit->fault.err) != 0)
		return IMAP_AUTH_REFUSED;
	outcome = imap_connect(&account, visit->watch->cancel_fd, &visit->imap, &visit->fault);
	explicit_bzero(password, sizeof(password));
	return outcome == IMAP_NO ? IMAP_DISCONNECTED : outcome;
}

static bool is_wanted(const struct watch *watch, const struct imap_folder *folder)
{
	const struct message_strings *listed = &watch->mailbox->folders;

	if (listed->count > 0)
		return message_strings_have(listed, folder->name);
	return imap_use_is_read(folder->use);
}

static enum watch_what whose(const struct imap_folder *folder)
{
	if (strcasecmp(folder->name, "INBOX") == 0)	/* RFC 9051, 5.1: the one name in any case */
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

static enum imap_outcome take_folder(struct visit *visit, const struct imap_folder *folder, uint32_t uidvalidity)
{
	struct intake intake = {
		.clerk = visit->watch->clerk, .mailbox = visit->watch->mailbox, .imap = visit->imap, .folder = folder,
	};

	promise(visit->watch, (int64_t)MINUTE_MS * 30);	/* a first import is long; each command in it is bounded */
	return intake_folder(&intake, uidvalidity, &visit->store_failed, &visit->fault);
}

static enum imap_outcome wait_for_doorbell(struct visit *visit)
{
	int64_t wait_ms = (int64_t)visit->watch->mailbox->poll_s * SECOND_MS;
	enum imap_outcome outcome;
	bool news;

	if (wait_ms > IDLE_MAX_MS)
		wait_ms = IDLE_MAX_MS;
	promise(visit->watch, wait_ms + (int64_t)visit->watch->mailbox->imap.timeout_s * SECOND_MS);
	if (imap_has_idle(visit->imap)) {
		outcome = imap_idle(visit->imap, wait_ms, &news, &visit->fault);
		if (outcome != IMAP_NO)
			return outcome;
	}
	pause_ms(visit->watch, wait_ms < MINUTE_MS ? wait_ms : MINUTE_MS);
	return imap_noop(visit->imap, &visit->fault);
}

static void count_look(struct watch *watch)
{
	pthread_mutex_lock(&watch->lock);
	watch->looks++;
	pthread_cond_broadcast(&watch->looked);
	pthread_mutex_unlock(&watch->lock);
}

/* The inbox or the sent items: look, wait for the doorbell, look. */
static enum imap_outcome watch_folder(struct visit *visit)
{
	const struct imap_folder *folder = own_folder(visit, visit->watch->what);
	struct imap_state state;
	enum imap_outcome outcome;

	if (!folder) {
		set_state(visit->watch, WATCH_ABSENT, "");
		imap_free(&visit->imap);
		pause_ms(visit->watch, (int64_t)visit->watch->mailbox->poll_s * SECOND_MS);
		return IMAP_CANCELLED;
	}
	outcome = imap_examine(visit->imap, folder->raw, &state, &visit->fault);
	while (outcome == IMAP_OK) {
		outcome = take_folder(visit, folder, state.uidvalidity);
		if (outcome != IMAP_OK || visit->store_failed)
			break;
		set_state(visit->watch, WATCH_WATCHING, "");
		count_look(visit->watch);
		outcome = wait_for_doorbell(visit);
		if (outcome == IMAP_OK)	/* opened again: a folder that was made anew meanwhile has another UIDVALIDITY */
			outcome = imap_examine(visit->imap, folder->raw, &state, &visit->fault);
	}
	return outcome;
}

static enum imap_outcome visit_folder(struct visit *visit, const struct imap_folder *folder)
{
	struct imap_state state;
	enum imap_outcome outcome = imap_status(visit->imap, folder->raw, &state, &visit->fault);
	bool unchanged;

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
	outcome = imap_examine(visit->imap, folder->raw, &state, &visit->fault);
	if (outcome == IMAP_OK)
		outcome = take_folder(visit, folder, state.uidvalidity);
	return outcome == IMAP_NO ? IMAP_OK : outcome;
}

/* All folders that no other worker waits on. */
static enum imap_outcome visit_others(struct visit *visit)
{
	enum imap_outcome outcome = IMAP_OK;
	const struct imap_folder *inbox = own_folder(visit, WATCH_INBOX), *sent = own_folder(visit, WATCH_SENT);

	for (size_t i = 0; outcome == IMAP_OK && !visit->store_failed && i < visit->folders_count; i++) {
		const struct imap_folder *folder = &visit->folders[i];

		promise(visit->watch, MINUTE_MS);
		if (folder != inbox && folder != sent && is_wanted(visit->watch, folder))
			outcome = visit_folder(visit, folder);
	}
	if (outcome == IMAP_OK && !visit->store_failed) {
		set_state(visit->watch, WATCH_WATCHING, "");
		count_look(visit->watch);
	}
	return outcome;
}

static enum imap_outcome keep_visiting(struct visit *visit)
{
	enum imap_outcome outcome = visit_others(visit);

	while (outcome == IMAP_OK && !visit->store_failed && !is_cancelled(visit->watch)) {
		int64_t pause = (int64_t)visit->watch->mailbox->poll_s * SECOND_MS;

		pause_ms(visit->watch, pause < IDLE_MAX_MS ? pause : IDLE_MAX_MS);
		arena_done(&visit->arena);
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
	outcome = imap_list(visit->imap, &visit->arena, &visit->folders, &visit->folders_count, &visit->fault);
	if (outcome != IMAP_OK)
		return outcome;
	return watch->what == WATCH_OTHERS ? keep_visiting(visit) : watch_folder(visit);
}

static int64_t pause_after(const struct visit *visit, enum imap_outcome outcome, int failures)
{
	if (visit->store_failed)
		return STORE_PAUSE_MS;
	switch (outcome) {
	case IMAP_AUTH_REFUSED:
		return (int64_t)auth_pauses_minutes[failures < AUTH_PAUSES ? failures : AUTH_PAUSES - 1] * MINUTE_MS;
	case IMAP_THROTTLED:
		return visit->fault.wait_ms;
	default:
		return failures < 9 && (int64_t)SECOND_MS << failures < PAUSE_MAX_MS ?
			(int64_t)SECOND_MS << failures : PAUSE_MAX_MS;
	}
}

void watch_run(struct watch *watch)
{
	int failures = 0;

	while (!is_cancelled(watch)) {
		struct visit visit CLEANUP(visit_done) = { .watch = watch, .fault = IMAP_FAULT_NULL };
		uint64_t looks = watch->looks;
		enum imap_outcome outcome;

		set_state(watch, WATCH_CONNECTING, "");
		outcome = visit_mailbox(watch, &visit);
		imap_free(&visit.imap);
		if (is_cancelled(watch))
			return;
		if (watch->looks != looks)	/* it worked for a while */
			failures = 0;
		if (outcome == IMAP_CANCELLED && !visit.store_failed)
			continue;
		set_state(watch, WATCH_PAUSING, visit.fault.err.text);
		pause_ms(watch, pause_after(&visit, outcome, failures));
		failures++;
	}
}
