#include "io/outbox.h"

#include "core/calendar.h"
#include "io/crypto.h"
#include "io/store_private.h"

#include <stdio.h>
#include <string.h>

enum { WAIT_MAX_S = 14 * 24 * 60 * 60 };	/* no holidays are so long that a mail waits longer for sending hours */

/* ---- wishes ---- */

/* The ids that a mail keeps through all its attempts: 128 random bits, and the Message-ID made of them. */
struct ids {
	char frist_id[33];
	const char *message_id;
};

/* Made with the wish and never again: a second try under another id would be another mail. */
static void make_ids(struct arena *arena, const char *domain, struct ids *ret_ids)
{
	unsigned char bytes[16];

	crypto_random_bytes(bytes, sizeof(bytes));
	for (size_t i = 0; i < sizeof(bytes); i++)
		snprintf(ret_ids->frist_id + 2 * i, 3, "%02x", bytes[i]);
	ret_ids->message_id = arena_printf(arena, "%s.frist@%s", ret_ids->frist_id, domain);
}

int outbox_add_single(struct store *store, const char *mailbox, const char *address, const char *template, int64_t mail,
	int64_t inquiry, bool resend, const char *domain, int64_t now, int64_t not_before, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct ids ids;
	int64_t wanted = 0;

	/* About a mail the unique index sees to that; about an inquiry alone it cannot, since NULLs are never equal there. */
	if (!mail && DB_GET(store->db, &wanted, err, "SELECT EXISTS (SELECT 1 FROM outbox WHERE kind = 'single'"
			" AND mail IS NULL AND inquiry IS ?1 AND template = ?2 AND address = ?3 AND state = 'pending')",
			DB_ID(inquiry), DB_TEXT(template), DB_TEXT(address)) < 0)
		return -1;
	if (wanted)
		return 0;
	make_ids(&arena, domain, &ids);
	return DB_RUN(store->db, err, "INSERT INTO outbox (kind, mailbox, address, template, mail, inquiry, resend,"
		" frist_id, message_id, state, created_at, next_at)"
		" VALUES ('single', ?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 'pending', ?9, ?10)"
		" ON CONFLICT (mail, template, address) WHERE kind = 'single' DO NOTHING",
		DB_TEXT(mailbox), DB_TEXT(address), DB_TEXT(template), DB_ID(mail), DB_ID(inquiry), DB_INT(resend),
		DB_TEXT(ids.frist_id), DB_TEXT(ids.message_id), DB_INT(now), DB_INT(not_before));
}

int outbox_add_secret(struct store *store, const char *mailbox, const char *address, const char *template,
	const char *domain, int64_t now, int64_t not_before, struct err *err)
{
	if (outbox_add_single(store, mailbox, address, template, 0, 0, true, domain, now, not_before, err) < 0)
		return -1;
	return DB_RUN(store->db, err, "UPDATE outbox SET secret = 1 WHERE kind = 'single' AND mail IS NULL"
		" AND inquiry IS NULL AND template = ?1 AND address = ?2 AND state = 'pending'",
		DB_TEXT(template), DB_TEXT(address));
}

int outbox_count_singles(struct store *store, const char *address, const char *template, int64_t from, int64_t until,
	size_t *ret_count, struct err *err)
{
	int64_t count;

	if (DB_GET(store->db, &count, err, "SELECT count(*) FROM outbox WHERE kind = 'single' AND address = ?1"
			" AND template = ?2 AND created_at >= ?3 AND created_at < ?4",
			DB_TEXT(address), DB_TEXT(template), DB_INT(from), DB_INT(until)) < 0)
		return -1;
	*ret_count = (size_t)count;
	return 0;
}

int outbox_is_told_today(struct store *store, int64_t inquiry, const char *template, const char *address,
	int64_t not_before, bool *ret_told, struct err *err)
{
	int64_t told, day = calendar_utc(calendar_local(not_before).date, 0);

	/* Wanted in the evening it leaves the next morning: by its day, not by that on which it was wanted. */
	if (DB_GET(store->db, &told, err, "SELECT EXISTS (SELECT 1 FROM outbox WHERE kind = 'single' AND address = ?1"
			" AND template = ?2 AND created_at >= ?4 - ?5 AND next_at >= ?4 AND inquiry = ?3)",
			DB_TEXT(address), DB_TEXT(template), DB_INT(inquiry), DB_INT(day), DB_INT(WAIT_MAX_S)) < 0)
		return -1;
	*ret_told = told;
	return 0;
}

int outbox_morning_done(struct store *store, const char *local_date, bool *ret_done, struct err *err)
{
	int64_t count;

	if (DB_GET(store->db, &count, err, "SELECT count(*) FROM morning WHERE local_date = ?1",
			DB_TEXT(local_date)) < 0)
		return -1;
	*ret_done = count > 0;
	return 0;
}

int outbox_set_morning_done(struct store *store, const char *local_date, struct err *err)
{
	return DB_RUN(store->db, err, "INSERT INTO morning (local_date) VALUES (?1) ON CONFLICT DO NOTHING",
		DB_TEXT(local_date));
}

/* Only what is pending: what is uncertain may have left, and is settled as what it was. */
int outbox_begin_morning(struct store *store, const char *local_date, int64_t now, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db, "SELECT id FROM outbox WHERE kind = 'morning'"
		" AND local_date < ?1 AND state = 'pending' AND settled_at = 0", DB_TEXT(local_date));
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		if (outbox_withdraw(store, db_int(&rows, 0), now, err) < 0)
			return -1;
	return result;
}

/* One a person and day, whichever mailbox wants it first; what another wants goes into the same, until it leaves. */
int outbox_add_morning(struct store *store, const char *mailbox, const char *person, const char *address,
	const char *local_date, const char *domain, int64_t now, int64_t *ret_outbox, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct ids ids;
	int64_t added;

	make_ids(&arena, domain, &ids);
	if (DB_CHANGE(store->db, &added, err, "INSERT INTO outbox (kind, mailbox, person, local_date, address,"
			" template, resend, frist_id, message_id, state, created_at, next_at)"
			" VALUES ('morning', ?1, ?2, ?3, ?4, 'morgenmail', 1, ?5, ?6, 'pending', ?7, ?7)"
			" ON CONFLICT (person, local_date) WHERE kind = 'morning' DO NOTHING",
			DB_TEXT(mailbox), DB_TEXT(person), DB_TEXT(local_date), DB_TEXT(address),
			DB_TEXT(ids.frist_id), DB_TEXT(ids.message_id), DB_INT(now)) < 0)
		return -1;
	if (added) {
		*ret_outbox = db_last_id(store->db);
		return 0;
	}
	return DB_GET(store->db, ret_outbox, err, "SELECT coalesce((SELECT id FROM outbox WHERE kind = 'morning'"
		" AND person = ?1 AND local_date = ?2 AND state = 'pending'), 0)",
		DB_TEXT(person), DB_TEXT(local_date)) < 0 ? -1 : 0;
}

int outbox_set_ends(struct store *store, int64_t outbox, const char *mailbox, const char *address, bool overview,
	struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE outbox SET mailbox = ?2, address = ?3, overview = ?4 WHERE id = ?1",
		DB_INT(outbox), DB_TEXT(mailbox), DB_TEXT(address), DB_INT(overview));
}

/* ---- intents ---- */

/* A higher rung answers for the lower ones; a moved due date, another round or clock begins anew. */
int outbox_was_called(struct store *store, const struct inquiry *inquiry, const char *person,
	const struct ladder_call *call, bool *ret_called, struct err *err)
{
	int64_t called;

	if (DB_GET(store->db, &called, err, "SELECT EXISTS (SELECT 1 FROM intent WHERE inquiry = ?1 AND person = ?2"
			" AND round = ?3 AND clock = ?4 AND due_at = ?5 AND rung >= ?6 AND withdrawn = 0)",
			DB_INT(inquiry->id), DB_TEXT(person), DB_INT(inquiry->round), DB_TEXT(call->clock),
			DB_INT(call->due_at), DB_INT(call->rung)) < 0)
		return -1;
	*ret_called = called != 0;
	return 0;
}

int outbox_add_intent(struct store *store, int64_t outbox, const struct inquiry *inquiry, const char *person,
	const struct ladder_call *call, bool copy, struct err *err)
{
	return DB_RUN(store->db, err, "INSERT INTO intent (outbox, inquiry, person, round, clock, rung, due_at, step,"
		" template, copy) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)"
		" ON CONFLICT (inquiry, person, round, clock, due_at, rung) WHERE withdrawn = 0 DO NOTHING",
		DB_INT(outbox), DB_INT(inquiry->id), DB_TEXT(person), DB_INT(inquiry->round), DB_TEXT(call->clock),
		DB_INT(call->rung), DB_INT(call->due_at), DB_TEXT(inquiry->step), DB_TEXT(call->template),
		DB_INT(copy));
}

int outbox_intents(struct store *store, struct arena *arena, int64_t outbox, struct outbox_intent **ret_intents,
	size_t *ret_count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, inquiry, round, clock, step, template, rung, due_at, copy FROM intent"
		" WHERE outbox = ?1 AND withdrawn = 0 ORDER BY id", DB_INT(outbox));
	struct store_list list = { .arena = arena, .size = sizeof(struct outbox_intent) };
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		*(struct outbox_intent *)store_list_add(&list) = (struct outbox_intent){
			.id = db_int(&rows, 0), .inquiry = db_int(&rows, 1), .round = (int)db_int(&rows, 2),
			.clock = db_text(&rows, 3, arena), .step = db_text(&rows, 4, arena),
			.template = db_text(&rows, 5, arena), .rung = (int)db_int(&rows, 6), .due_at = db_int(&rows, 7),
			.copy = db_int(&rows, 8),
		};
	if (result < 0)
		return -1;
	*ret_intents = list.items;
	*ret_count = list.count;
	return 0;
}

int outbox_withdraw_intent(struct store *store, int64_t intent, struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE intent SET withdrawn = 1 WHERE id = ?1", DB_INT(intent));
}

/* What nobody was told may be called again; who has the mail already was told, even if its copy is missing. */
int outbox_withdraw(struct store *store, int64_t outbox, int64_t now, struct err *err)
{
	if (DB_RUN(store->db, err, "UPDATE intent SET withdrawn = 1 WHERE outbox = ?1 AND NOT EXISTS"
			" (SELECT 1 FROM recipient WHERE outbox = ?1 AND copy = 0 AND state = 'sent')",
			DB_INT(outbox)) < 0)
		return -1;
	return DB_RUN(store->db, err, "UPDATE outbox SET state = 'withdrawn', settled_at = ?2"
		" WHERE id = ?1 AND state = 'pending'", DB_INT(outbox), DB_INT(now));
}

/* ---- what is next ---- */

int outbox_next(struct store *store, struct arena *arena, int64_t now, bool mornings, struct outbox_row *ret_row,
	struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, kind = 'morning', mailbox, person, local_date, address, template, mail, inquiry, frist_id,"
		" message_id, state, created_at, next_at, tries, secret FROM outbox"
		" WHERE settled_at = 0 AND state = 'pending' AND (next_at <= ?1 OR created_at > ?1)"
		" AND (?2 OR kind = 'single')"
		" ORDER BY next_at, id LIMIT 1",
		DB_INT(now), DB_INT(mornings));
	int result = db_next(&rows, err);

	if (result != DB_ROW)
		return result < 0 ? -1 : 1;
	*ret_row = (struct outbox_row){
		.id = db_int(&rows, 0), .morning = db_int(&rows, 1), .mailbox = db_text(&rows, 2, arena),
		.person = db_text(&rows, 3, arena), .local_date = db_text(&rows, 4, arena),
		.address = db_text(&rows, 5, arena), .template = db_text(&rows, 6, arena),
		.mail = db_int(&rows, 7), .inquiry = db_int(&rows, 8), .frist_id = db_text(&rows, 9, arena),
		.message_id = db_text(&rows, 10, arena), .state = db_text(&rows, 11, arena),
		.created_at = db_int(&rows, 12), .next_at = db_int(&rows, 13), .tries = (int)db_int(&rows, 14),
		.secret = db_int(&rows, 15),
	};
	return 0;
}

int outbox_next_at(struct store *store, int64_t *ret_at, struct err *err)
{
	return DB_GET(store->db, ret_at, err,
		"SELECT min(next_at) FROM outbox WHERE settled_at = 0 AND state = 'pending'", DB_NONE);
}

int outbox_uncertain_at(struct store *store, int64_t *ret_at, struct err *err)
{
	return DB_GET(store->db, ret_at, err, "SELECT min(uncertain_at) FROM outbox"
		" WHERE settled_at = 0 AND state = 'uncertain' AND resend", DB_NONE);
}
