/*
 * The daemon's clerk, morning round and composer, without its threads: what engine/dispatch does with a server,
 * send_next() does with take_mail(), and what the courier waits for, replay_until() steps to.
 */
#include "engine/replay.h"

#include "base/log.h"
#include "engine/compose.h"
#include "engine/morning.h"
#include "io/mime_write.h"

#include <stdlib.h>
#include <string.h>

/* The clock is a member of the replay whose time it shows. */
static int64_t replay_now(struct clock *clock)
{
	return ((struct replay *)((char *)clock - offsetof(struct replay, clock)))->now;
}

static int64_t replay_from_server(struct clock *clock, int64_t real)
{
	(void)clock;
	return real;
}

/* Its own mailboxes, since open_since must not count; all else is shared with the caller's. */
static void copy_setup(struct replay *replay, const struct setup *setup)
{
	size_t count = setup->conf.mailboxes_count;

	replay->setup = *setup;
	replay->mailboxes = calloc(count, sizeof(*replay->mailboxes));
	if (!replay->mailboxes)
		abort();
	memcpy(replay->mailboxes, setup->conf.mailboxes, count * sizeof(*replay->mailboxes));
	for (size_t i = 0; i < count; i++)
		replay->mailboxes[i].open_since = INT64_MIN;
	replay->setup.conf.mailboxes = replay->mailboxes;
}

/* Counts them as first read at the start: what came before it stays silent, as in life. */
static int start_mailboxes(struct replay *replay, struct err *err)
{
	int64_t started_at;

	if (store_begin(replay->store, err) < 0)
		return -1;
	for (size_t i = 0; i < replay->setup.conf.mailboxes_count; i++)
		if (store_mailbox_started(replay->store, replay->mailboxes[i].name, replay->now, &started_at, err) < 0)
			return -1;
	return store_commit(replay->store, err);
}

int replay_init(struct replay *replay, const struct setup *setup, int64_t start, replay_take_mail *take_mail, void *arg,
	struct err *err)
{
	*replay = (struct replay){
		.clock = { .now = replay_now, .from_server = replay_from_server }, .now = start,
		.take_mail = take_mail, .arg = arg,
	};
	copy_setup(replay, setup);
	if (store_open_memory(&replay->store, err) != 0)
		return -1;
	clerk_init(&replay->clerk, replay->store, &replay->clock, &replay->setup);
	return start_mailboxes(replay, err);
}

void replay_done(struct replay *replay)
{
	if (replay->clerk.store)
		clerk_done(&replay->clerk);
	store_close(replay->store);
	free(replay->mailboxes);
}

/* ---- what would be sent ---- */

/* One row on its way out. */
struct sending {
	struct replay *replay;
	struct arena arena;
	struct outbox_row row;
	struct composed composed;
	struct text bytes;
	struct replay_mail mail;
};

static void sending_done(struct sending *sending)
{
	text_done(&sending->bytes);
	arena_done(&sending->arena);
}

static int key_of(struct sending *sending, int64_t id, const char **ret_key, struct err *err)
{
	struct inquiry *inquiry = arena_alloc(&sending->arena, sizeof(*inquiry));

	if (store_load_inquiry(sending->replay->store, &sending->arena, id, inquiry, err) != 0)
		return err_wrap(err, "inquiry %lld", (long long)id);
	*ret_key = inquiry->key;
	return 0;
}

/* After compose_letter(), which withdraws what is no longer called for. */
static int list_reminders(struct sending *sending, struct err *err)
{
	struct outbox_intent *intents;
	struct replay_reminder *reminders;
	size_t count;

	if (outbox_intents(sending->replay->store, &sending->arena, sending->row.id, &intents, &count, err) < 0)
		return -1;
	reminders = arena_array(&sending->arena, count, sizeof(*reminders));
	for (size_t i = 0; i < count; i++) {
		reminders[i] = (struct replay_reminder){ .template = intents[i].template, .copy = intents[i].copy };
		if (key_of(sending, intents[i].inquiry, &reminders[i].inquiry, err) < 0)
			return -1;
	}
	sending->mail.reminders = reminders;
	sending->mail.reminders_count = count;
	return 0;
}

/* Those that a morning mail reminds of, each once: its lists show many more. A single letter is about one at most. */
static int list_inquiries(struct sending *sending, struct err *err)
{
	size_t count = sending->row.morning ? sending->mail.reminders_count : sending->composed.inquiries_count, kept = 0;
	const char **keys = arena_array(&sending->arena, count, sizeof(*keys));

	for (size_t i = 0; i < count; i++) {
		const struct message_strings known = { keys, kept };
		const char *key = NULL;

		if (sending->row.morning)
			key = sending->mail.reminders[i].inquiry;
		else if (key_of(sending, sending->composed.inquiries[i], &key, err) < 0)
			return -1;
		if (!message_strings_have(&known, key))
			keys[kept++] = key;
	}
	sending->mail.inquiries = keys;
	sending->mail.inquiries_count = kept;
	return 0;
}

/* Claimed and settled in one transaction: nobody can die in between. */
static int settle_sent(struct sending *sending, struct err *err)
{
	struct store *store = sending->replay->store;
	const enum outbox_outcome done = OUTBOX_DONE;
	const char *reply = NULL, *address = sending->composed.letter.to.items[0].address;

	if (outbox_claim(store, sending->row.id, sending->composed.letter.subject, NULL,
			sending->composed.inquiries, sending->composed.inquiries_count, err) < 0)
		return -1;
	return outbox_settle(store, sending->row.id, &address, &done, &reply, 1, sending->replay->now,
		sending->replay->now, err);
}

static int withdraw(struct sending *sending, struct err *err)
{
	return outbox_withdraw(sending->replay->store, sending->row.id, sending->replay->now, err);
}

/* 0: sent; 1: there is nothing to say after all, or it cannot be written, as in engine/dispatch. */
static int write_row(struct sending *sending, struct err *err)
{
	struct replay *replay = sending->replay;
	int result = compose_letter(&replay->clerk, &sending->arena, &sending->row, &sending->composed, err);

	if (result == COMPOSE_EMPTY)
		return withdraw(sending, err) < 0 ? -1 : 1;
	if (result < 0)
		return -1;
	if (result == COMPOSE_BROKEN || mime_write_letter(&sending->composed.letter, &sending->bytes, err) < 0) {
		log_event(LOG_LEVEL_ERROR, "mail", "a mail cannot be written and is withdrawn",
			{ "template", sending->row.template }, { "reason", err->text });
		return withdraw(sending, err) < 0 ? -1 : 1;
	}
	if (list_reminders(sending, err) < 0 || list_inquiries(sending, err) < 0 || settle_sent(sending, err) < 0)
		return -1;
	sending->mail.at = replay->now;
	sending->mail.template = sending->row.template;
	sending->mail.letter = &sending->composed.letter;
	sending->mail.bytes = text_string(&sending->bytes);
	sending->mail.length = sending->bytes.length;
	return 0;
}

static bool is_sending_hour(const struct replay *replay)
{
	const struct conf *conf = &replay->setup.conf;

	return conf_next_sending(conf, replay->now) == replay->now;
}

/* 0: a row was dealt with; 1: nothing is due. */
static int send_next(struct replay *replay, struct err *err)
{
	struct sending sending CLEANUP(sending_done) = { .replay = replay, .arena = ARENA_NULL };
	int result = outbox_next(replay->store, &sending.arena, replay->now, true, &sending.row, err);

	if (result != 0)
		return result;
	if (store_begin(replay->store, err) < 0)
		return -1;
	result = write_row(&sending, err);
	if (result < 0 || store_commit(replay->store, err) < 0) {
		store_rollback(replay->store);
		return -1;
	}
	return result == 0 && replay->take_mail(replay->arg, &sending.mail, err) < 0 ? -1 : 0;
}

/* ---- time ---- */

/* All that is due at this moment. */
static int settle_now(struct replay *replay, struct err *err)
{
	int result = morning_round(&replay->clerk, err);

	while (result == 0 && is_sending_hour(replay))
		result = send_next(replay, err);
	return result < 0 ? -1 : 0;
}

/* The next row's or the next morning's time; always later than now, or replay_until() would not end. */
static int next_moment(struct replay *replay, int64_t *ret_at, struct err *err)
{
	const struct conf *conf = &replay->setup.conf;
	int64_t row, morning = morning_next(&replay->clerk);

	if (outbox_next_at(replay->store, &row, err) < 0)
		return -1;
	if (row)
		row = conf_next_sending(conf, row > replay->now ? row : replay->now + 1);
	*ret_at = row && row < morning ? row : morning;
	return 0;
}

int replay_until(struct replay *replay, int64_t at, struct err *err)
{
	for (;;) {
		int64_t next;

		if (settle_now(replay, err) < 0 || next_moment(replay, &next, err) < 0)
			return -1;
		if (next > at)
			break;
		replay->now = next;
	}
	if (at > replay->now)
		replay->now = at;
	return 0;
}

int replay_receive(struct replay *replay, struct arena *arena, const struct conf_mailbox *mailbox,
	const struct clerk_input *input, struct clerk_result *ret_result, struct err *err)
{
	if (replay_until(replay, input->arrived_at, err) < 0 || store_begin(replay->store, err) < 0)
		return -1;
	if (clerk_receive(&replay->clerk, arena, mailbox, input, ret_result, err) < 0 ||
	    store_commit(replay->store, err) < 0) {
		store_rollback(replay->store);
		return -1;
	}
	return 0;
}
