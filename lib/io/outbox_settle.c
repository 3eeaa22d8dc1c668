/*
 * outbox - from the claim of a mail to its end, and who is told when that was a refusal.
 *
 * The truth is the state of each recipient; settle_row() derives the row's from them. Recipients are changed by an
 * attempt (outbox_settle), by the mail that is seen in a mailbox (outbox_seen), by time (outbox_recover,
 * outbox_resend_uncertain), and by a bounce, which comes when the row is settled and so sets that itself.
 */
#include "io/outbox.h"

#include "io/store_private.h"

#include <string.h>

enum { SECONDS_A_DAY = 24 * 60 * 60 };

/* ---- claim ---- */

static int add_recipient(struct store *store, int64_t outbox, const char *address, bool copy, struct err *err)
{
	return DB_RUN(store->db, err, "INSERT INTO recipient (outbox, address, copy, state)"
		" VALUES (?1, ?2, ?3, 'pending') ON CONFLICT DO NOTHING",
		DB_INT(outbox), DB_TEXT(address), DB_INT(copy));
}

/* Made when the row is first claimed; who has taken it in an earlier attempt keeps his state. */
static int add_recipients(struct store *store, int64_t outbox, const char *copy_to, struct err *err)
{
	if (DB_RUN(store->db, err, "INSERT INTO recipient (outbox, address, copy, state)"
			" SELECT id, address, 0, 'pending' FROM outbox WHERE id = ?1 ON CONFLICT DO NOTHING",
			DB_INT(outbox)) < 0)
		return -1;
	return copy_to ? add_recipient(store, outbox, copy_to, true, err) : 0;
}

int outbox_is_pending(struct store *store, int64_t outbox, bool *ret_pending, struct err *err)
{
	int64_t pending;

	if (DB_GET(store->db, &pending, err, "SELECT count(*) FROM outbox WHERE id = ?1 AND state = 'pending'",
			DB_INT(outbox)) < 0)
		return -1;
	*ret_pending = pending != 0;
	return 0;
}

int outbox_claim(struct store *store, int64_t outbox, const char *subject, const char *copy_to,
	const int64_t *inquiries, size_t inquiries_count, struct err *err)
{
	int64_t claimed;

	if (DB_CHANGE(store->db, &claimed, err, "UPDATE outbox SET state = 'sending', subject = ?2,"
			" tries = tries + 1 WHERE id = ?1 AND state = 'pending'", DB_INT(outbox), DB_TEXT(subject)) < 0)
		return -1;
	if (!claimed)
		return err_set(err, "outbox %lld is not pending: it cannot be claimed", (long long)outbox);
	for (size_t i = 0; i < inquiries_count; i++)
		if (DB_RUN(store->db, err, "INSERT INTO outbox_inquiry (outbox, inquiry) VALUES (?1, ?2)"
				" ON CONFLICT DO NOTHING", DB_INT(outbox), DB_INT(inquiries[i])) < 0)
			return -1;
	return add_recipients(store, outbox, copy_to, err);
}

int outbox_recipients(struct store *store, struct arena *arena, int64_t outbox, const char ***ret_addresses,
	size_t *ret_count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db, "SELECT address FROM recipient"
		" WHERE outbox = ?1 AND state = 'pending' ORDER BY copy, address", DB_INT(outbox));
	struct store_list list = { .arena = arena, .size = sizeof(const char *) };
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		*(const char **)store_list_add(&list) = db_text(&rows, 0, arena);
	if (result < 0)
		return -1;
	*ret_addresses = list.items;
	*ret_count = list.count;
	return 0;
}

/* ---- settle ---- */

/* What an attempt's outcome makes of a recipient, and its word on record. */
static const struct {
	const char *word, *state;
} outcome_rows[] = {
	[OUTBOX_DONE] = { "done", "sent" },
	[OUTBOX_RETRY] = { "retry", "pending" },
	[OUTBOX_REJECTED] = { "rejected", "refused" },
	[OUTBOX_UNSURE] = { "unsure", "uncertain" },
};

/* The outcome becomes the recipient's state; each attempt is on record for itself. */
static int settle_recipient(struct store *store, int64_t outbox, const char *address, enum outbox_outcome outcome,
	const char *reply, int64_t now, struct err *err)
{
	int64_t changed;

	if (DB_CHANGE(store->db, &changed, err,
			"UPDATE recipient SET state = ?3, reply = ?4 WHERE outbox = ?1 AND address = ?2",
			DB_INT(outbox), DB_TEXT(address), DB_TEXT(outcome_rows[outcome].state), DB_TEXT(reply)) < 0)
		return -1;
	if (!changed)
		return err_set(err, "outbox %lld has no recipient %s", (long long)outbox, address);
	return DB_RUN(store->db, err, "INSERT INTO attempt (outbox, address, at, outcome, reply)"
		" VALUES (?1, ?2, ?3, ?4, ?5)", DB_INT(outbox), DB_TEXT(address), DB_INT(now),
		DB_TEXT(outcome_rows[outcome].word), DB_TEXT(reply ? reply : ""));
}

/*
 * Once a server has taken the copy for certain, a later attempt goes without one: that a copy lies in a mailbox proves
 * nothing about that attempt any more.
 */
#define NO_COPY_TAKEN "NOT EXISTS (SELECT 1 FROM recipient WHERE outbox = ?1 AND copy = 1 AND state = 'sent')"

/*
 * What nobody was told is called again: its intents are withdrawn, so that the next round finds the rungs uncalled. But
 * not for ever, or an address that does not exist would be written to every morning.
 */
static int recall_rungs(struct store *store, int64_t outbox, struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE intent SET withdrawn = 1 WHERE outbox = ?1 AND withdrawn = 0"
		" AND (SELECT state FROM outbox WHERE id = ?1) = 'refused'"
		" AND (SELECT count(*) FROM intent earlier JOIN outbox o ON o.id = earlier.outbox"
		" WHERE earlier.inquiry = intent.inquiry AND earlier.person = intent.person AND earlier.withdrawn = 1"
		" AND earlier.round = intent.round AND earlier.clock = intent.clock AND earlier.due_at = intent.due_at"
		" AND earlier.rung = intent.rung AND o.state = 'refused') < ?2",
		DB_INT(outbox), DB_INT(OUTBOX_RECALLS_MAX));
}

/* The row's state follows from its recipients'. A mail that was seen is not uncertain. */
static int settle_row(struct store *store, int64_t outbox, int64_t now, int64_t retry_at, struct err *err)
{
	static const char recipients[] = "UPDATE recipient SET state = 'sent' WHERE outbox = ?1 AND state = 'uncertain'"
		" AND (SELECT seen_at FROM outbox WHERE id = ?1) > 0 AND " NO_COPY_TAKEN;
	/* Doubt before retry: with one recipient in doubt and one put off, sending again could tell the first twice. */
	static const char row[] = "UPDATE outbox SET state = CASE"
		" WHEN EXISTS (SELECT 1 FROM recipient WHERE outbox = ?1 AND state = 'uncertain') THEN 'uncertain'"
		" WHEN EXISTS (SELECT 1 FROM recipient WHERE outbox = ?1 AND state = 'pending') THEN 'pending'"
		" WHEN EXISTS (SELECT 1 FROM recipient WHERE outbox = ?1 AND state = 'sent' AND copy = 0) THEN 'sent'"
		" ELSE 'refused' END WHERE id = ?1";
	static const char times[] = "UPDATE outbox SET"
		" next_at = iif(state = 'pending', ?3, next_at),"
		" uncertain_at = iif(state = 'uncertain', ?2, uncertain_at),"
		" settled_at = iif(state IN ('sent', 'refused'), ?2, 0) WHERE id = ?1";

	if (DB_RUN(store->db, err, recipients, DB_INT(outbox)) < 0 || DB_RUN(store->db, err, row, DB_INT(outbox)) < 0)
		return -1;
	if (DB_RUN(store->db, err, times, DB_INT(outbox), DB_INT(now), DB_INT(retry_at)) < 0)
		return -1;
	return recall_rungs(store, outbox, err);
}

int outbox_settle(struct store *store, int64_t outbox, const char *const *addresses,
	const enum outbox_outcome *outcomes, const char *const *replies, size_t count, int64_t now, int64_t retry_at,
	struct err *err)
{
	int64_t sending;

	if (DB_GET(store->db, &sending, err, "SELECT state = 'sending' FROM outbox WHERE id = ?1", DB_INT(outbox)) < 0)
		return -1;
	if (!sending)
		return err_set(err, "outbox %lld was not claimed: it cannot be settled", (long long)outbox);
	for (size_t i = 0; i < count; i++)
		if (settle_recipient(store, outbox, addresses[i], outcomes[i], replies[i], now, err) < 0)
			return -1;
	return settle_row(store, outbox, now, retry_at, err);
}

/* ---- doubt ---- */

/* The Message-ID that we made is not learnt; nor is one that another of our mails has. */
static int learn_id(struct store *store, int64_t outbox, const char *message_id, struct err *err)
{
	if (!message_id)
		return 0;
	return DB_RUN(store->db, err, "INSERT INTO own_id (message_id, outbox) SELECT ?2, ?1"
		" WHERE NOT EXISTS (SELECT 1 FROM outbox WHERE message_id = ?2) ON CONFLICT DO NOTHING",
		DB_INT(outbox), DB_TEXT(message_id));
}

/* Also one that is pending again after doubt, and has not left yet: then it need not go twice. */
int outbox_seen(struct store *store, int64_t outbox, const char *message_id, int64_t now, struct err *err)
{
	int64_t in_doubt;

	if (learn_id(store, outbox, message_id, err) < 0 ||
	    DB_RUN(store->db, err, "UPDATE outbox SET seen_at = ?2 WHERE id = ?1 AND seen_at = 0",
			DB_INT(outbox), DB_INT(now)) < 0)
		return -1;
	if (DB_GET(store->db, &in_doubt, err, "SELECT (state = 'uncertain' OR (state = 'pending' AND uncertain_at > 0))"
			" AND " NO_COPY_TAKEN " FROM outbox WHERE id = ?1", DB_INT(outbox)) < 0)
		return -1;
	if (!in_doubt)
		return 0;
	if (DB_RUN(store->db, err, "UPDATE recipient SET state = 'sent' WHERE outbox = ?1"
			" AND state IN ('uncertain', 'pending')", DB_INT(outbox)) < 0)
		return -1;
	return settle_row(store, outbox, now, now, err);
}

/* Columns: id. Settles each row anew after its recipients were changed. */
static int settle_rows(struct store *store, struct db_rows *rows, const char *change_recipients, int64_t now,
	size_t *ret_count, struct err *err)
{
	size_t count = 0;
	int result;

	for (; (result = db_next(rows, err)) == DB_ROW; count++) {
		int64_t outbox = db_int(rows, 0);

		if (DB_RUN(store->db, err, change_recipients, DB_INT(outbox)) < 0 ||
		    settle_row(store, outbox, now, now, err) < 0)
			return -1;
	}
	if (result < 0)
		return -1;
	*ret_count = count;
	return 0;
}

/* Whoever was being sent to may have it; those who were settled in an earlier attempt stay as they are. */
int outbox_recover(struct store *store, int64_t now, size_t *ret_uncertain, struct err *err)
{
	static const char change[] = "UPDATE recipient SET state = 'uncertain' WHERE outbox = ?1 AND state = 'pending'";
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id FROM outbox WHERE settled_at = 0 AND state = 'sending' ORDER BY next_at", DB_NONE);

	return settle_rows(store, &rows, change, now, ret_uncertain, err);
}

/* Nobody has seen it in all that time: rather twice than never, to our own staff. */
int outbox_resend_uncertain(struct store *store, int64_t since, int64_t now, size_t *ret_count, struct err *err)
{
	static const char change[] = "UPDATE recipient SET state = 'pending' WHERE outbox = ?1 AND state = 'uncertain'";
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db, "SELECT id FROM outbox"
		" WHERE settled_at = 0 AND state = 'uncertain' AND (uncertain_at < ?1 OR uncertain_at > ?2) AND resend"
		" ORDER BY next_at", DB_INT(since), DB_INT(now));

	return settle_rows(store, &rows, change, now, ret_count, err);
}

int outbox_bounced(struct store *store, int64_t outbox, const char *address, const char *status, int64_t now,
	struct err *err)
{
	int64_t oldest = now - (int64_t)OUTBOX_BOUNCE_DAYS * SECONDS_A_DAY, refused;

	/* settled_at is 0 as long as it is uncertain whether the mail went */
	if (DB_CHANGE(store->db, &refused, err, "UPDATE recipient SET state = 'refused', reply = ?3 WHERE outbox = ?1"
			" AND address = ?2 AND state IN ('sent', 'uncertain')"
			" AND (SELECT settled_at = 0 OR settled_at > ?4 FROM outbox WHERE id = ?1)",
			DB_INT(outbox), DB_TEXT(address), DB_TEXT(status), DB_INT(oldest)) < 0)
		return -1;
	if (!refused)
		return 0;
	if (DB_RUN(store->db, err, "UPDATE outbox SET state = 'refused' WHERE id = ?1 AND state = 'sent' AND EXISTS"
			" (SELECT 1 FROM recipient WHERE outbox = ?1 AND address = ?2 AND copy = 0)",
			DB_INT(outbox), DB_TEXT(address)) < 0)
		return -1;
	return recall_rungs(store, outbox, err);
}

/* ---- telling the owner ---- */

/* What the row was to tell at an earlier try comes first: it is noted, so no other mail would tell it. */
static int note_told(struct store *store, const char *mailbox, int64_t outbox, struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE outbox SET told_in = ?2 WHERE id IN (SELECT lost.id FROM outbox lost"
		" LEFT JOIN outbox teller ON teller.id = lost.told_in WHERE lost.mailbox = ?1 AND lost.state = 'refused'"
		" AND NOT lost.secret"
		" AND (teller.id IS NULL OR teller.id = ?2 OR teller.state IN ('pending', 'refused', 'withdrawn'))"
		" ORDER BY teller.id IS NOT ?2, lost.settled_at, lost.id LIMIT ?3)",
		DB_TEXT(mailbox), DB_INT(outbox), DB_INT(OUTBOX_REFUSED_MAX));
}

static int list_told(struct store *store, struct arena *arena, const char *mailbox, int64_t outbox,
	struct store_list *list, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT o.address, o.subject, r.reply, o.settled_at FROM outbox o"
		" LEFT JOIN recipient r ON r.outbox = o.id AND r.copy = 0"
		" WHERE o.mailbox = ?1 AND o.state = 'refused' AND o.told_in = ?2 ORDER BY o.settled_at, o.id",
		DB_TEXT(mailbox), DB_INT(outbox));
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		*(struct outbox_refused *)store_list_add(list) = (struct outbox_refused){
			.address = db_text(&rows, 0, arena), .subject = db_text(&rows, 1, arena),
			.reply = db_text(&rows, 2, arena), .settled_at = db_int(&rows, 3),
		};
	return result;
}

int outbox_tell_refused(struct store *store, struct arena *arena, const char *mailbox, int64_t outbox,
	struct outbox_refused **ret_refused, size_t *ret_count, struct err *err)
{
	struct store_list list = { .arena = arena, .size = sizeof(struct outbox_refused) };

	if (note_told(store, mailbox, outbox, err) < 0 || list_told(store, arena, mailbox, outbox, &list, err) < 0)
		return -1;
	*ret_refused = list.items;
	*ret_count = list.count;
	return 0;
}
