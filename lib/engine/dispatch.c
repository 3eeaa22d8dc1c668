/*
 * A row's way, in dispatch_once(): find one that is due, get a session, wait for a slot, claim (compose, write, store
 * ids and recipients), send, settle. Finding, claiming and settling are transactions of their own; the lock is never
 * held while a server is spoken to. Between claim and settle the row is in `sending`: who finds it there afterwards
 * knows that its outcome is not known (dispatch_recover()).
 */
#include "engine/dispatch.h"

#include "base/log.h"
#include "engine/compose.h"
#include "io/mime_write.h"
#include "io/outbox.h"

#include <inttypes.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>

enum {
	SECOND_MS = 1000,
	MINUTE_S = 60,
	UNSURE_S = 10 * MINUTE_S,		/* the copy has that long to settle an uncertain mail */
	GIVE_UP_S = 5 * 24 * 60 * MINUTE_S,	/* RFC 5321, 4.5.4.1 */
	RECIPIENTS_MAX = 8,
	AUTH_REFUSED = 535,			/* RFC 4954, 6 */
};

/* When a mail that was put off is tried again, by how often it was tried; the last for ever. */
static const int retry_minutes[] = { 1, 2, 5, 10, 20, 30, 60 };
/* When a server that cannot be used is tried again, in seconds, and one that refused the password. */
static const int pause_seconds[] = { 1, 2, 5, 10, 30, 60, 120, 300 };
static const int auth_pause_seconds[] = { 60, 300, 900, 3600 };

#define BACK_OFF(steps, count) ((steps)[(size_t)(count) < sizeof(steps) / sizeof((steps)[0]) ? \
	(size_t)(count) : sizeof(steps) / sizeof((steps)[0]) - 1])

/* One row on its way out. */
struct parcel {
	struct dispatch *dispatch;
	struct arena arena;
	struct outbox_row row;
	struct composed composed;
	struct text bytes;
	const char **recipients;
	size_t recipients_count;
	const char *envelope_from;
};

static void parcel_done(struct parcel *parcel)
{
	text_done(&parcel->bytes);
	arena_done(&parcel->arena);
}

/* ---- the server ---- */

/* The next attempt later and later: a server that is down, or that locks accounts, is not to be hammered at. */
static void connection_failed(struct dispatch *dispatch, const struct smtp_result *result)
{
	int seconds = result->code == AUTH_REFUSED ? BACK_OFF(auth_pause_seconds, dispatch->failures) :
		BACK_OFF(pause_seconds, dispatch->failures);

	if (!*dispatch->reason || dispatch->trouble != result->phase)	/* once for each kind of trouble */
		log_event(LOG_LEVEL_WARNING, "smtp", "cannot send, trying again for ever; nothing is lost",
			{ "phase", smtp_phase_name(result->phase) }, { "reason", result->text });
	dispatch->trouble = result->phase;
	snprintf(dispatch->reason, sizeof(dispatch->reason), "%.80s: %s", smtp_phase_name(result->phase), result->text);
	dispatch->failures++;
	dispatch->paused_until_ms = clock_monotonic_ms() + (int64_t)seconds * SECOND_MS;
}

/* A usable session; false: not now. */
static bool open_session(struct dispatch *dispatch)
{
	const struct conf_server *conf = &dispatch->clerk->conf->smtp;
	char password[1024];
	struct smtp_server server = {
		.host = conf->host, .port = (uint16_t)conf->port, .implicit = conf->tls == CONF_TLS_IMPLICIT,
		.ca_file = conf->ca_file, .user = conf->user, .password = password, .timeout_s = conf->timeout_s,
		.cancel_fd = dispatch->cancel_fd,
	};
	struct smtp_result result = { .phase = SMTP_AUTH };
	struct err err = ERR_NULL;
	enum smtp_outcome outcome;

	if (dispatch->session && smtp_is_usable(dispatch->session))
		return true;
	smtp_close(&dispatch->session);
	if (clock_monotonic_ms() < dispatch->paused_until_ms)
		return false;
	/* Read anew for every session: a password that IT has changed needs no reload. */
	if (conf_read_secret(conf->password_file, password, sizeof(password), &err) != 0) {
		snprintf(result.text, sizeof(result.text), "%.*s", (int)sizeof(result.text) - 1, err.text);
		connection_failed(dispatch, &result);
		return false;
	}
	outcome = smtp_connect(&server, &dispatch->session, &result);
	explicit_bzero(password, sizeof(password));
	if (outcome != SMTP_DONE) {
		connection_failed(dispatch, &result);
		return false;
	}
	if (*dispatch->reason)
		log_event(LOG_LEVEL_NOTICE, "smtp", "sending works again");
	dispatch->reason[0] = '\0';
	dispatch->failures = 0;
	return true;
}

/* Servers throttle: so many a minute and not more. False: the courier is to end. */
static bool wait_for_slot(struct dispatch *dispatch)
{
	int64_t now = clock_monotonic_ms();
	struct pollfd fd = { .fd = dispatch->cancel_fd, .events = POLLIN };
	int per_minute = dispatch->clerk->conf->sends_per_minute;

	if (dispatch->slot_ms > now && poll(&fd, 1, (int)(dispatch->slot_ms - now)) > 0)
		return false;
	dispatch->slot_ms = clock_monotonic_ms() + MINUTE_S * SECOND_MS / (per_minute > 0 ? per_minute : 1);
	return true;
}

/* ---- claim ---- */

/* What cannot be written must not hold up the others, nor be tried for ever: IT is told, the row withdrawn. */
static int give_up(struct parcel *parcel, const char *reason, struct err *err)
{
	char id[32];
	struct clerk *clerk = parcel->dispatch->clerk;

	snprintf(id, sizeof(id), "%" PRId64, parcel->row.id);
	log_event(LOG_LEVEL_ERROR, "mail", "a mail cannot be written and is withdrawn",
		{ "outbox", id }, { "template", parcel->row.template }, { "reason", reason });
	return outbox_withdraw(clerk->store, parcel->row.id, clerk->clock->now(clerk->clock), err);
}

/* 0: claimed; 1: nothing to send after all; -1: the database fails. Inside a transaction. */
static int claim(struct parcel *parcel, struct err *err)
{
	struct clerk *clerk = parcel->dispatch->clerk;
	bool pending;
	int result;

	/* A minute may lie between looking and claiming, and in it the copy of an earlier attempt may have come. */
	if (outbox_is_pending(clerk->store, parcel->row.id, &pending, err) < 0)
		return -1;
	if (!pending)
		return 1;
	result = compose_letter(clerk, &parcel->arena, &parcel->row, &parcel->composed, err);
	if (result == COMPOSE_EMPTY)
		return outbox_withdraw(clerk->store, parcel->row.id, clerk->clock->now(clerk->clock), err) < 0 ? -1 : 1;
	if (result == COMPOSE_BROKEN)
		return give_up(parcel, err->text, err) < 0 ? -1 : 1;
	if (result < 0)
		return -1;
	if (mime_write_letter(&parcel->composed.letter, &parcel->bytes, err) < 0)
		return give_up(parcel, err->text, err) < 0 ? -1 : 1;
	parcel->envelope_from = arena_strdup(&parcel->arena, parcel->composed.letter.from.address);
	if (outbox_claim(clerk->store, parcel->row.id, parcel->composed.letter.subject,
			parcel->row.secret ? NULL : clerk->conf->copy_to,
			parcel->composed.inquiries, parcel->composed.inquiries_count, err) < 0)
		return -1;
	return outbox_recipients(clerk->store, &parcel->arena, parcel->row.id, &parcel->recipients,
		&parcel->recipients_count, err);
}

/* Runs a step in a transaction of its own, under the lock. */
static int in_transaction(struct parcel *parcel, int (*step)(struct parcel *parcel, struct err *err), struct err *err)
{
	struct clerk *clerk = parcel->dispatch->clerk;
	int result;

	pthread_mutex_lock(&clerk->lock);
	result = store_begin(clerk->store, err);
	if (result == 0) {
		result = step(parcel, err);
		if (result >= 0 && store_commit(clerk->store, err) < 0)
			result = -1;
		if (result < 0)
			store_rollback(clerk->store);
	}
	pthread_mutex_unlock(&clerk->lock);
	return result;
}

/* The next row that is due. 1: none is, or it is not sending hours. */
static int next_row(struct parcel *parcel, struct err *err)
{
	const struct dispatch *dispatch = parcel->dispatch;
	struct clerk *clerk = dispatch->clerk;
	int64_t now = clerk->clock->now(clerk->clock);
	size_t again;
	int result;

	/* Doubt ends by the clock, also at night; what becomes pending by it waits for sending hours like the rest. */
	if (outbox_resend_uncertain(clerk->store, dispatch->looked_at - UNSURE_S, now, &again, err) < 0)
		return -1;
	result = outbox_next(clerk->store, &parcel->arena, now, !dispatch->hold_mornings, &parcel->row, err);
	if (result != 0)
		return result;
	/* Rows wait for sending hours when they are made; a day later they may have to again. */
	if (conf_next_sending(clerk->conf, now) > now)
		return 1;
	return 0;
}

/* ---- send and settle ---- */

/* One record a recipient and attempt, as postmasters know it. Who got it is named by his part, not by his address. */
static void log_attempt(const struct parcel *parcel, const char *recipient, const struct smtp_result *result)
{
	bool is_copy = strcmp(recipient, parcel->composed.letter.to.items[0].address) != 0;
	char id[32];

	snprintf(id, sizeof(id), "%" PRId64, parcel->row.id);
	log_event(result->outcome == SMTP_DONE ? LOG_LEVEL_INFO : LOG_LEVEL_WARNING, "mail",
		smtp_outcome_name(result->outcome), { "outbox", id }, { "msgid", parcel->row.message_id },
		{ "template", parcel->row.morning ? "morgenmail" : parcel->row.template },
		{ "for", is_copy ? "copy_to" : "addressee" },
		{ "phase", result->outcome == SMTP_DONE ? NULL : smtp_phase_name(result->phase) },
		{ "status", *result->status ? result->status : NULL },
		{ "reply", result->outcome == SMTP_DONE ? NULL : result->text });
}

/* What each recipient's server said, on record; a mail that was put off gets its next time. */
static int settle(struct parcel *parcel, const struct smtp_result *results, struct err *err)
{
	static const enum outbox_outcome outcomes[] = {
		[SMTP_DONE] = OUTBOX_DONE, [SMTP_RETRY] = OUTBOX_RETRY,
		[SMTP_REJECTED] = OUTBOX_REJECTED, [SMTP_UNSURE] = OUTBOX_UNSURE,
	};
	struct clerk *clerk = parcel->dispatch->clerk;
	int64_t now = clerk->clock->now(clerk->clock);
	/* Counted from the wish, not from the first try: a reminder that is five days old helps nobody. */
	bool too_old = now - parcel->row.created_at > GIVE_UP_S;
	enum outbox_outcome settled[RECIPIENTS_MAX];
	const char *replies[RECIPIENTS_MAX];
	int result;

	for (size_t i = 0; i < parcel->recipients_count; i++) {
		settled[i] = results[i].outcome == SMTP_RETRY && too_old ? OUTBOX_REJECTED : outcomes[results[i].outcome];
		replies[i] = results[i].text;
	}
	pthread_mutex_lock(&clerk->lock);
	result = store_begin(clerk->store, err);
	if (result == 0)
		result = outbox_settle(clerk->store, parcel->row.id, parcel->recipients, settled, replies,
			parcel->recipients_count, now, now + (int64_t)BACK_OFF(retry_minutes, parcel->row.tries) * MINUTE_S, err);
	if (result == 0)
		result = store_commit(clerk->store, err);
	if (result < 0)
		store_rollback(clerk->store);
	else if (parcel->row.secret)	/* to whom it went is forgotten now, in the files as well */
		result = store_wipe(clerk->store, err);
	pthread_mutex_unlock(&clerk->lock);
	return result;
}

/* Each recipient has a result of his own: the copy may be refused while the addressee has the mail. */
static int send_parcel(struct parcel *parcel, struct err *err)
{
	struct smtp_result results[RECIPIENTS_MAX];

	if (parcel->recipients_count > RECIPIENTS_MAX)
		return err_set(err, "outbox row %" PRId64 " has %zu recipients", parcel->row.id, parcel->recipients_count);
	smtp_send(parcel->dispatch->session, parcel->envelope_from, parcel->row.frist_id, parcel->recipients,
		parcel->recipients_count, parcel->bytes.data, parcel->bytes.length, results);
	for (size_t i = 0; i < parcel->recipients_count; i++)
		log_attempt(parcel, parcel->recipients[i], &results[i]);
	return settle(parcel, results, err);
}

int dispatch_once(struct dispatch *dispatch, struct err *err)
{
	struct parcel parcel CLEANUP(parcel_done) = { .dispatch = dispatch, .arena = ARENA_NULL };
	int result = in_transaction(&parcel, next_row, err);

	if (result != 0)
		return result;
	/* The session comes before the claim: while no server can be reached, nothing is claimed. */
	if (!open_session(dispatch) || !wait_for_slot(dispatch))
		return 1;	/* 0 would say that there may be more, and the courier would come straight back */
	result = in_transaction(&parcel, claim, err);
	if (result != 0)
		return result < 0 ? -1 : 0;
	return send_parcel(&parcel, err);
}

void dispatch_rest(struct dispatch *dispatch)
{
	smtp_close(&dispatch->session);
}

/* Nothing is sent again for it now: the copy may still come, or outbox_resend_uncertain() takes it up in time. */
int dispatch_recover(struct clerk *clerk, struct err *err)
{
	size_t uncertain = 0;
	int result;

	pthread_mutex_lock(&clerk->lock);
	result = store_begin(clerk->store, err);
	if (result == 0)
		result = outbox_recover(clerk->store, clerk->clock->now(clerk->clock), &uncertain, err);
	if (result == 0)
		result = store_commit(clerk->store, err);
	if (result < 0)
		store_rollback(clerk->store);
	pthread_mutex_unlock(&clerk->lock);
	if (result == 0 && uncertain > 0)
		log_event(LOG_LEVEL_WARNING, "mail",
			"the outcome of mails that were being sent is unknown; their copies settle them");
	return result;
}

/* When a row may leave, or its doubt may end; 0: there is none. Under the lock. */
static int next_row_at(const struct clerk *clerk, int64_t now, int64_t *ret_at, struct err *err)
{
	int64_t row, uncertain;

	if (outbox_next_at(clerk->store, &row, err) < 0 || outbox_uncertain_at(clerk->store, &uncertain, err) < 0)
		return -1;
	if (uncertain) {
		uncertain += UNSURE_S + 1;
		if (uncertain <= now)	/* the folders have not been looked at since */
			uncertain = now + MINUTE_S;
	}
	*ret_at = !row || (uncertain && uncertain < row) ? uncertain : row;
	return 0;
}

int dispatch_next(const struct dispatch *dispatch, int64_t morning, int64_t *ret_at, struct err *err)
{
	struct clerk *clerk = dispatch->clerk;
	int64_t row, pause_ms = dispatch->paused_until_ms - clock_monotonic_ms(), now;
	int result;

	pthread_mutex_lock(&clerk->lock);
	now = clerk->clock->now(clerk->clock);
	result = next_row_at(clerk, now, &row, err);
	if (result == 0 && row) {
		row = conf_next_sending(clerk->conf, row > now ? row : now);
		/* A second more than the pause: woken a moment too early the courier would find it still on. */
		if (pause_ms > 0 && row < now + pause_ms / SECOND_MS + 1)
			row = now + pause_ms / SECOND_MS + 1;
	}
	pthread_mutex_unlock(&clerk->lock);
	if (result == 0)
		*ret_at = row && row < morning ? row : morning;
	return result;
}
