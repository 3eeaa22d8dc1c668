#include "base/text.h"
#include "io/image.h"
#include "io/outbox.h"
#include "io/store_private.h"

#include <string.h>

enum {
	SAME_ID_MAX = 16,	/* mails with one Message-ID that are looked at: reusing one makes us no slower */
	RECENT_MAX = 1000,	/* inquiries whose subject is compared */
	FRIST_ID_DIGITS = 32,
	EARLY_S = 7 * 24 * 3600,	/* later it would act on what stands otherwise by now */
};

int store_find_mail(struct store *store, const char *mailbox, const uint8_t identity[32], struct store_seen *ret_seen,
	struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, trusted, outcome, reason, iif(found_by = ?2, inquiry, 0), decided_at, mailbox <> ?3 FROM mail"
		" WHERE identity = ?1",
		DB_BLOB(identity, 32), DB_TEXT(thread_rung_word(THREAD_PLACED)), DB_TEXT(mailbox));
	int result = db_next(&rows, err);

	if (result < 0)
		return -1;
	*ret_seen = (struct store_seen){ .mail = 0 };
	if (result == DB_ROW)
		*ret_seen = (struct store_seen){
			.mail = db_int(&rows, 0), .trusted = db_int(&rows, 1),
			.outcome = store_read_outcome(db_text(&rows, 2, &arena)),
			.reason = store_read_reason(db_text(&rows, 3, &arena)), .placed = db_int(&rows, 4),
			.decided_at = db_int(&rows, 5), .elsewhere = db_int(&rows, 6),
		};
	return 0;
}

/* ---- ids ---- */

/* Each once, however often a mail names it. */
static size_t add_id(const char **ids, size_t count, const char *id)
{
	if (count == STORE_IDS_MAX)
		return count;
	for (size_t i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0)
			return count;
	ids[count] = id;
	return count + 1;
}

/* What is answered directly comes first, then References from their end: the newest is there (RFC 5322, 3.6.4). */
size_t store_named_ids(const struct message *message, const char *ret_ids[STORE_IDS_MAX])
{
	size_t count = 0;

	for (size_t i = 0; i < message->in_reply_to.count; i++)
		count = add_id(ret_ids, count, message->in_reply_to.items[i]);
	for (size_t i = message->references.count; i > 0; i--)
		count = add_id(ret_ids, count, message->references.items[i - 1]);
	return count;
}

/* The random part of an id that we made, also when a server has put another domain behind it; NULL: none of ours. */
static const char *random_part(struct arena *arena, const char *message_id)
{
	if (!message_id || strspn(message_id, "0123456789abcdef") != FRIST_ID_DIGITS ||
	    !text_starts_with(message_id + FRIST_ID_DIGITS, ".frist@"))
		return NULL;
	return arena_strndup(arena, message_id, FRIST_ID_DIGITS);
}

/* The surest first: the id that we made, one that a server gave the mail, our random part behind another domain. */
struct db_rows store_select_own(struct store *store, struct arena *arena, const char *message_id)
{
	static const char sql[] =
		"SELECT id, inquiry, subject, created_at, overview FROM outbox WHERE id = coalesce("
		"(SELECT id FROM outbox WHERE message_id = ?1),"
		"(SELECT outbox FROM own_id WHERE message_id = ?1),"
		"(SELECT id FROM outbox WHERE frist_id = ?2))";

	return DB_SELECT(store->db, sql, DB_TEXT(message_id), DB_TEXT(random_part(arena, message_id)));
}

int outbox_find(struct store *store, const char *message_id, int64_t *ret_outbox, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct db_rows rows CLEANUP(db_rows_done) = store_select_own(store, &arena, message_id);
	int result = db_next(&rows, err);

	if (result < 0)
		return -1;
	*ret_outbox = result == DB_ROW ? db_int(&rows, 0) : 0;
	return 0;
}

/* X-Frist-Id first: it survives servers that give our mails another Message-ID. */
int store_find_own(struct store *store, const struct message *message, int64_t *ret_outbox, struct err *err)
{
	int64_t outbox = 0;

	if (message->frist_id && DB_GET(store->db, &outbox, err, "SELECT id FROM outbox WHERE frist_id = ?1",
			DB_TEXT(message->frist_id)) < 0)
		return -1;
	if (!outbox && message->message_id && outbox_find(store, message->message_id, &outbox, err) < 0)
		return -1;
	*ret_outbox = outbox;
	return 0;
}

/* ---- hits ---- */

/* Each inquiry once a rung, by its newest evidence. */
static void add_hit(struct store_list *hits, struct thread_hit hit)
{
	const struct thread_hit *items = hits->items;

	for (size_t i = 0; i < hits->count; i++)
		if (items[i].rung == hit.rung && items[i].inquiry == hit.inquiry)
			return;
	*(struct thread_hit *)store_list_add(hits) = hit;
}

/* Adds a hit for every row's first column. */
static int add_rows(struct store_list *hits, struct db_rows *rows, enum thread_rung rung, int order, struct err *err)
{
	int result;

	while ((result = db_next(rows, err)) == DB_ROW)
		add_hit(hits, (struct thread_hit){ .rung = rung, .inquiry = db_int(rows, 0), .order = order });
	return result;
}

/* The inquiries that a mail of ours was about; a morning mail may be about many. */
static int find_own(struct store *store, struct store_list *hits, const char *id, int order, bool *known,
	struct err *err)
{
	int64_t outbox;

	if (outbox_find(store, id, &outbox, err) < 0)
		return -1;
	if (!outbox)
		return 0;
	*known = true;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT inquiry FROM outbox_inquiry WHERE outbox = ?1"
		" UNION SELECT inquiry FROM outbox WHERE id = ?1 AND inquiry IS NOT NULL", DB_INT(outbox));
	return add_rows(hits, &rows, THREAD_OWN_ID, order, err);
}

/* The inquiries of the mails that bear this id: people and programs reuse ids, so there may be several. */
static int find_mails(struct store *store, struct store_list *hits, const char *id, int order, bool *known,
	struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT inquiry FROM mail WHERE message_id = ?1 ORDER BY inquiry DESC LIMIT ?2",
		DB_TEXT(id), DB_INT(SAME_ID_MAX));
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW) {
		*known = true;
		if (!db_is_null(&rows, 0))
			add_hit(hits, (struct thread_hit){ .rung = THREAD_REFERENCE, .inquiry = db_int(&rows, 0),
				.order = order });
	}
	return result;
}

/*
 * But not what a stored copy of the message itself names: it may be forged. CROSS JOIN: SQLite keeps that order, from
 * the few references to their mails.
 */
static int find_shared(struct store *store, struct store_list *hits, const struct message *message, const char *id,
	int order, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT m.inquiry FROM (SELECT mail FROM reference WHERE message_id = ?1 ORDER BY mail DESC LIMIT ?2)"
		" r CROSS JOIN mail m ON m.id = r.mail WHERE m.inquiry IS NOT NULL AND m.identity <> ?3",
		DB_TEXT(id), DB_INT(SAME_ID_MAX), DB_BLOB(message->identity, sizeof(message->identity)));

	return add_rows(hits, &rows, THREAD_SHARED_REFERENCE, order, err);
}

/* A key in the subject: evidence from whoever is trusted or takes part already, for anybody can guess a number. */
static int find_keys(struct store *store, struct store_list *hits, const struct message *message, bool trusted,
	struct err *err)
{
	for (size_t i = 0; i < message->keys.count; i++) {
		const char *key = message->keys.items[i];
		struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
			"SELECT id, EXISTS (SELECT 1 FROM participant WHERE inquiry = inquiry.id AND address = ?2)"
			" FROM inquiry WHERE key = ?1",
			DB_TEXT(key), DB_TEXT(message->from ? message->from->address : NULL));
		int result = db_next(&rows, err);

		if (result < 0)
			return -1;
		if (result == DB_ROW)
			add_hit(hits, (struct thread_hit){ .rung = THREAD_KEY, .inquiry = db_int(&rows, 0),
				.allowed = trusted || db_int(&rows, 1),
				.lead = message_strings_have(&message->lead_keys, key) });
	}
	return 0;
}

/* How many of the named ids say what the message answers directly: In-Reply-To, without one the last reference. */
static size_t count_parents(const struct message *message, size_t named)
{
	size_t direct = message->in_reply_to.count;

	return direct ? direct : named > 0;
}

int store_find_hits(struct store *store, struct arena *arena, const struct message *message, bool trusted,
	struct thread_hit **ret_hits, size_t *ret_count, bool *ret_parent_unknown, struct err *err)
{
	struct store_list hits = { .arena = arena, .size = sizeof(struct thread_hit) };
	const char *ids[STORE_IDS_MAX];
	size_t count = store_named_ids(message, ids), parents = count_parents(message, count);
	size_t known_parents = 0;

	for (size_t i = 0; i < count; i++) {
		int order = i < parents ? 0 : (int)i;	/* of what is answered directly none is newer */
		bool known = false;

		if (find_own(store, &hits, ids[i], order, &known, err) < 0 ||
		    find_mails(store, &hits, ids[i], order, &known, err) < 0)
			return -1;
		/* What is known itself says more than a third mail that names it, too. */
		if (!known && find_shared(store, &hits, message, ids[i], order, err) < 0)
			return -1;
		known_parents += known && i < parents;
	}
	if (find_keys(store, &hits, message, trusted, err) < 0)
		return -1;
	*ret_hits = hits.items;
	*ret_count = hits.count;
	*ret_parent_unknown = known_parents < parents || (count == 0 && message->reply);
	return 0;
}

int store_find_by_subject(struct store *store, const char *mailbox, const char *step, int64_t since,
	const char *subject, int64_t *ret_ids, size_t max, size_t *ret_count, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, subject FROM inquiry WHERE ended_at = 0 AND mailbox = ?1 AND received_at >= ?2"
		" AND step = ?3 ORDER BY received_at DESC LIMIT ?4",
		DB_TEXT(mailbox), DB_INT(since), DB_TEXT(step), DB_INT(RECENT_MAX));
	size_t count = 0;
	int result = 0;

	/* Compared here, for SQLite folds the case of ASCII only. */
	while (count < max && (result = db_next(&rows, err)) == DB_ROW) {
		const char *other = db_text(&rows, 1, &arena);

		if (other && text_equal_fold(other, subject))
			ret_ids[count++] = db_int(&rows, 0);
	}
	if (result < 0)
		return -1;
	*ret_count = count;
	return 0;
}

/* ---- ancestors ---- */

/* 1: it is one of ours, and was added. */
static int add_own_ancestor(struct store *store, struct arena *arena, const char *id, struct decide_ancestor *ancestors,
	size_t *count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = store_select_own(store, arena, id);
	int result = db_next(&rows, err);

	if (result == DB_ROW)
		ancestors[(*count)++] = (struct decide_ancestor){ .subject = db_text(&rows, 2, arena),
			.arrived_at = db_int(&rows, 3), .own = true, .overview = db_int(&rows, 4) };
	return result;
}

/*
 * What waits comes first. Which sixteen of a reused id are read is no matter, since all of them are suspect.
 */
static int add_mail_ancestors(struct store *store, struct arena *arena, const char *id,
	struct decide_ancestor *ancestors, size_t *count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT * FROM (SELECT from_address, subject, arrived_at, outcome = 'waiting' AS waits, asker, addressed_to, id,"
		" inquiry, outcome = 'waiting' AND reason = ?3 AND inquiry IS NOT NULL FROM mail WHERE message_id = ?1 LIMIT ?2)"
		" ORDER BY waits DESC",
		DB_TEXT(id), DB_INT(SAME_ID_MAX), DB_TEXT(decide_reason_word(DECIDE_BY_PERHAPS_ANSWER)));
	int result = 0;

	while (*count < STORE_IDS_MAX && (result = db_next(&rows, err)) == DB_ROW)
		ancestors[(*count)++] = (struct decide_ancestor){
			.from = db_text(&rows, 0, arena), .subject = db_text(&rows, 1, arena), .arrived_at = db_int(&rows, 2),
			.waiting = db_int(&rows, 3), .asker = db_text(&rows, 4, arena),
			.addressed_to = db_text(&rows, 5, arena), .mail = db_int(&rows, 6), .inquiry = db_int(&rows, 7),
			.answer = db_int(&rows, 8),
		};
	return result < 0 ? -1 : 0;
}

/* An id is ours or another's, never both: own mails are looked for first. */
int store_find_ancestors(struct store *store, struct arena *arena, const struct message *message,
	struct decide_ancestor **ret_ancestors, size_t *ret_count, struct err *err)
{
	const char *ids[STORE_IDS_MAX];
	size_t named = store_named_ids(message, ids), parents = count_parents(message, named), count = 0;
	struct decide_ancestor *ancestors = arena_array(arena, STORE_IDS_MAX, sizeof(*ancestors));

	for (size_t i = 0; i < named && count < STORE_IDS_MAX; i++) {
		size_t first = count;
		int result = add_own_ancestor(store, arena, ids[i], ancestors, &count, err);

		if (result < 0 || (result == 0 && add_mail_ancestors(store, arena, ids[i], ancestors, &count, err) < 0))
			return -1;
		for (; first < count; first++)
			ancestors[first].parent = i < parents;
	}
	*ret_ancestors = ancestors;
	*ret_count = count;
	return 0;
}

int store_find_early(struct store *store, const char *message_id, int64_t arrived_at,
	int64_t ret_mails[STORE_EARLY_MAX], size_t *ret_count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT DISTINCT m.id FROM reference r CROSS JOIN mail m ON m.id = r.mail WHERE r.message_id = ?1"
		" AND m.inquiry IS NULL AND m.outcome IN ('unrelated', 'waiting') AND m.arrived_at BETWEEN ?2 AND ?2 + ?3"
		" ORDER BY m.arrived_at, m.id LIMIT ?4",
		DB_TEXT(message_id), DB_INT(arrived_at), DB_INT(EARLY_S), DB_INT(STORE_EARLY_MAX));
	int result;

	*ret_count = 0;
	while ((result = db_next(&rows, err)) == DB_ROW)
		ret_mails[(*ret_count)++] = db_int(&rows, 0);
	return result < 0 ? -1 : 0;
}

/* ---- inquiries ---- */

/* Columns: id, image. 1: no row. */
static int read_inquiry(struct db_rows *rows, struct arena *arena, struct inquiry *ret_inquiry, struct err *err)
{
	int result = db_next(rows, err);

	if (result != DB_ROW)
		return result < 0 ? -1 : 1;
	if (image_read(arena, db_text(rows, 1, arena), ret_inquiry, err) < 0)
		return err_wrap(err, "inquiry %lld", (long long)db_int(rows, 0));
	ret_inquiry->id = db_int(rows, 0);
	return 0;
}

int store_load_inquiry(struct store *store, struct arena *arena, int64_t id, struct inquiry *ret_inquiry,
	struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, image FROM inquiry WHERE id = ?1", DB_INT(id));

	return read_inquiry(&rows, arena, ret_inquiry, err);
}

int store_find_inquiry(struct store *store, struct arena *arena, const char *key, struct inquiry *ret_inquiry,
	struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, image FROM inquiry WHERE key = ?1", DB_TEXT(key));

	return read_inquiry(&rows, arena, ret_inquiry, err);
}

/* The newest change that no later [FORTRYD] took back; 0: none. What a noted mail filled in, nobody means by it. */
static int find_change_to_undo(struct store *store, int64_t inquiry, int64_t *ret_transition, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT t.id, t.rule = 'FORTRYD' FROM transition t LEFT JOIN mail m ON m.id = t.mail WHERE t.inquiry = ?1"
		" AND (t.before IS NULL OR m.outcome IS NOT ?2) ORDER BY t.id DESC",
		DB_INT(inquiry), DB_TEXT(decide_outcome_word(DECIDE_NOTED)));
	/* Backwards in time: each [FORTRYD] takes back the nearest change before it that is not taken back yet. */
	size_t undone = 0;
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW) {
		if (db_int(&rows, 1)) {
			undone++;
		} else if (undone > 0) {
			undone--;
		} else {
			*ret_transition = db_int(&rows, 0);
			return 0;
		}
	}
	*ret_transition = 0;
	return result;
}

int store_load_before(struct store *store, struct arena *arena, int64_t inquiry, struct inquiry *ret_before,
	const char **ret_by, int64_t *ret_at, struct err *err)
{
	int64_t transition;
	int result;

	if (find_change_to_undo(store, inquiry, &transition, err) < 0)
		return -1;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT inquiry, before, actor, at FROM transition WHERE id = ?1 AND before IS NOT NULL",
		DB_INT(transition));
	result = read_inquiry(&rows, arena, ret_before, err);
	if (result == 0) {
		*ret_by = db_text(&rows, 2, arena);
		*ret_at = db_int(&rows, 3);
	}
	return result;
}

int store_latest_at(struct store *store, int64_t inquiry, int64_t but, int64_t *ret_at, struct err *err)
{
	return DB_GET(store->db, ret_at, err, "SELECT coalesce(max(arrived_at), 0) FROM mail WHERE inquiry = ?1 AND id <> ?2"
		" AND kind = ?3 AND NOT automatic", DB_INT(inquiry), DB_INT(but), DB_TEXT(message_kind_name(MESSAGE_HUMAN)));
}

/* Lists in a column are separated by line feeds. What a rule followed is a draft by its shape, sent again or not. */
int store_find_draft(struct store *store, int64_t inquiry, const char *writer, const char *to, int64_t before,
	int64_t *ret_at, struct err *err)
{
	return DB_GET(store->db, ret_at, err, "SELECT coalesce(max(arrived_at), 0) FROM mail WHERE inquiry = ?1"
		" AND actor = ?2 AND arrived_at < ?4 AND kind = 'human' AND trusted AND rule IS NOT NULL"
		" AND instr(char(10) || to_list || char(10), char(10) || ?3 || char(10)) > 0",
		DB_INT(inquiry), DB_TEXT(writer), DB_TEXT(to), DB_INT(before));
}

int store_next_key(struct store *store, struct arena *arena, const char *prefix, int year, const char **ret_key,
	struct err *err)
{
	int64_t last;

	if (DB_GET(store->db, &last, err, "SELECT last FROM key_counter WHERE prefix = ?1 AND year = ?2",
			DB_TEXT(prefix), DB_INT(year)) < 0)
		return -1;
	*ret_key = arena_printf(arena, "%s-%04d-%04lld", prefix, year, (long long)last + 1);
	return 0;
}
