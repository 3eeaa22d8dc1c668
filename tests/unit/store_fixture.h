/*
 * store_fixture - a database in memory, and the mails and decisions that tests put into it.
 */
#ifndef TESTS_UNIT_STORE_FIXTURE_H
#define TESTS_UNIT_STORE_FIXTURE_H

#include "tests/rows.h"

#include "io/outbox.h"
#include "io/store_private.h"

#define STRINGS(...) { (const char *const[]){ __VA_ARGS__ }, \
	sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

#define FIXTURE_AT 1774602000		/* Friday 2026-03-27 10:00 in Copenhagen */

struct fixture {
	struct arena arena;
	struct store *store;
	struct err err;
};

static const uint8_t fixture_conf_hash[32] = { 0xc0, 0xff, 0xee };

/* Every call of the store in a test must succeed; if it does not, the test says why. */
#define OK(fixture, call) do { \
	if ((call) != 0) \
		fail_msg("%s: %s", #call, (fixture)->err.text); \
} while (0)

static inline int fixture_set_up(void **state)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));

	*state = fixture;
	if (store_open_memory(&fixture->store, &fixture->err) != 0)
		return -1;
	return store_begin(fixture->store, &fixture->err);
}

static inline int fixture_tear_down(void **state)
{
	struct fixture *fixture = *state;

	store_close(fixture->store);
	arena_done(&fixture->arena);
	free(fixture);
	return 0;
}

#define FIXTURE_TEST(function) cmocka_unit_test_setup_teardown(function, fixture_set_up, fixture_tear_down)

/* What fixture_add() stores; what is left out has a plain value. */
struct fixture_mail {
	const char *id, *from, *subject;
	struct message_strings in_reply_to, references;
	struct inquiry *changes;		/* the image after it; its id is set when it is new */
	int64_t belongs_to;			/* an inquiry that it does not change */
	const char *rule, *actor;
	enum decide_outcome outcome;
	enum message_kind kind;			/* 0, absence, counts as human here: a fixture's mail is a person's */
	const struct message *message;		/* all of it; overrides the above */
};

static inline struct message fixture_message(const char *id)
{
	static const struct message_address from = { "Sagsbehandler", "sagsbehandler@example.dk" };
	static const struct message_address to[] = { { NULL, "mt@example.dk" } };
	struct message message = { .message_id = id, .from = &from, .to = { to, 1 }, .subject = "Hul i vejen",
		.bare_subject = "Hul i vejen", .kind = MESSAGE_HUMAN, .date = FIXTURE_AT };

	if (id)
		snprintf((char *)message.identity, sizeof(message.identity), "%s", id);
	return message;
}

static inline struct inquiry fixture_inquiry(const char *key)
{
	return (struct inquiry){ .key = key, .workflow = "mt", .mailbox = "mt", .step = "modtaget", .round = 1,
		.subject = "Hul i vejen", .received_at = FIXTURE_AT, .round_at = FIXTURE_AT, .step_at = FIXTURE_AT };
}

/* Stores the mail; its row id. */
static inline int64_t fixture_add(struct fixture *fixture, struct fixture_mail mail)
{
	const struct message_address from = { NULL, mail.from };
	struct message message = fixture_message(mail.id);
	const struct trust trust = { .grade = TRUST_ALIGNED, .trusted = true, .evidence = "auth=pass" };
	struct decision decision = { .outcome = mail.outcome, .reason = DECIDE_BY_RULE, .rule = mail.rule,
		.actor = mail.actor };
	struct thread_result thread = { .rung = mail.belongs_to ? THREAD_REFERENCE : THREAD_NONE,
		.inquiry = mail.belongs_to };
	struct store_decision stored = { .mailbox = "mt", .message = mail.message ? mail.message : &message,
		.trust = &trust, .thread = &thread, .decision = &decision, .arrived_at = FIXTURE_AT,
		.now = FIXTURE_AT + 60, .conf_hash = fixture_conf_hash };
	int64_t row, inquiry;

	if (mail.from)
		message.from = &from;
	if (mail.subject)
		message.subject = message.bare_subject = mail.subject;
	message.in_reply_to = mail.in_reply_to;
	message.references = mail.references;
	if (mail.kind)
		message.kind = mail.kind;
	if (mail.changes) {
		decision.changed = true;
		decision.after = *mail.changes;
	}
	OK(fixture, store_add_decision(fixture->store, &stored, &row, &inquiry, &fixture->err));
	if (mail.changes)
		mail.changes->id = inquiry;
	return row;
}

/* Opens an inquiry by a mail with this Message-ID; its row id. */
static inline int64_t fixture_open(struct fixture *fixture, const char *key, const char *message_id)
{
	struct inquiry inquiry = fixture_inquiry(key);

	fixture_add(fixture, (struct fixture_mail){ .id = message_id, .changes = &inquiry, .rule = "A1",
		.outcome = DECIDE_OPENED });
	return inquiry.id;
}

/* A number that the database holds. */
static inline int64_t fixture_number(struct fixture *fixture, const char *sql, int64_t id)
{
	struct db_value value = DB_INT(id);
	int64_t number;

	OK(fixture, db_get(fixture->store->db, &number, -1, &fixture->err, sql, &value, 1));
	return number;
}

static inline const char *fixture_string(struct fixture *fixture, const char *sql, int64_t id)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(fixture->store->db, sql, DB_INT(id));

	return db_next(&rows, &fixture->err) == DB_ROW ? db_text(&rows, 0, &fixture->arena) : NULL;
}

#endif
