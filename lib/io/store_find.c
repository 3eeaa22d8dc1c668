#include "base/text.h"
#include "io/image.h"
#include "io/outbox.h"
#include "io/store_private.h"

#include <string.h>

enum {
	IDS_MAX = 50,	/* ids of one message that are looked up: the newest */
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
	if (count == IDS_MAX)
		return count;
	for (size_t i = 0; i < count; i++)
		if (strcmp(ids[i], id) == 0)
			return count;
	ids[count] = id;
	return count + 1;
}

/*
 * What is answered directly comes first, then References from their end: the newest is there (RFC 5322, 3.6.4). A
 * report of failure names what it is about within, and mostly nowhere else.
 */
static size_t list_named_ids(const struct message *message, const char *ret_ids[IDS_MAX])
{
	size_t count = 0;

	if (message->kind == MESSAGE_BOUNCE && message->bounced_id)
		count = add_id(ret_ids, count, message->bounced_id);
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
static struct db_rows select_own(struct store *store, struct arena *arena, const char *message_id)
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
	struct db_rows rows CLEANUP(db_rows_done) = select_own(store, &arena, message_id);
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

/* ---- what a message points at ---- */

/* What is found for one message, id by id. */
struct search {
	struct store *store;
	const struct message *message;
	struct store_list hits, ancestors;
};

/* Each inquiry once a rung, by its newest evidence. */
static void add_hit(struct search *search, struct thread_hit hit)
{
	const struct thread_hit *items = search->hits.items;

	for (size_t i = 0; i < search->hits.count; i++)
		if (items[i].rung == hit.rung && items[i].inquiry == hit.inquiry)
			return;
	*(struct thread_hit *)store_list_add(&search->hits) = hit;
}

/* Adds a hit for every row's first column. */
static int add_rows(struct search *search, struct db_rows *rows, enum thread_rung rung, int order, struct err *err)
{
	int result;

	while ((result = db_next(rows, err)) == DB_ROW)
		add_hit(search, (struct thread_hit){ .rung = rung, .inquiry = db_int(rows, 0), .order = order });
	return result;
}

/* Of the mails with one id, which begin at `first`, what waits comes first. */
static void add_ancestor(struct search *search, size_t first, struct decide_ancestor ancestor)
{
	struct decide_ancestor *added, *items;

	if (search->ancestors.count == IDS_MAX)
		return;
	added = store_list_add(&search->ancestors);
	items = search->ancestors.items;
	*added = ancestor;
	if (ancestor.waiting) {
		*added = items[first];
		items[first] = ancestor;
	}
}

/* 1: a mail of ours bears the id. It points at the inquiries that it was about; a morning mail is about many. */
static int find_own(struct search *search, const char *id, int order, bool parent, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = select_own(search->store, search->hits.arena, id);
	int result = db_next(&rows, err);

	if (result != DB_ROW)
		return result;
	add_ancestor(search, search->ancestors.count, (struct decide_ancestor){
		.subject = db_text(&rows, 2, search->hits.arena), .arrived_at = db_int(&rows, 3),
		.overview = db_int(&rows, 4), .own = true, .parent = parent });
	struct db_rows about CLEANUP(db_rows_done) = DB_SELECT(search->store->db,
		"SELECT inquiry FROM outbox_inquiry WHERE outbox = ?1"
		" UNION SELECT inquiry FROM outbox WHERE id = ?1 AND inquiry IS NOT NULL", DB_INT(db_int(&rows, 0)));
	return add_rows(search, &about, THREAD_OWN_ID, order, err) < 0 ? -1 : 1;
}

/*
 * 1: mails of others bear the id. People and programs reuse ids, so there may be several; those of an inquiry are
 * found however many others there are.
 */
static int find_mails(struct search *search, const char *id, int order, bool parent, struct err *err)
{
	struct arena *arena = search->hits.arena;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(search->store->db,
		"SELECT inquiry, id, outcome = 'waiting', reason = ?3, from_address, subject, arrived_at, asker, addressed_to"
		" FROM mail WHERE message_id = ?1 ORDER BY inquiry DESC LIMIT ?2",
		DB_TEXT(id), DB_INT(SAME_ID_MAX), DB_TEXT(decide_reason_word(DECIDE_BY_PERHAPS_ANSWER)));
	size_t first = search->ancestors.count;
	int result, known = 0;

	while ((result = db_next(&rows, err)) == DB_ROW) {
		struct decide_ancestor ancestor = {
			.inquiry = db_int(&rows, 0), .mail = db_int(&rows, 1), .waiting = db_int(&rows, 2),
			.from = db_text(&rows, 4, arena), .subject = db_text(&rows, 5, arena), .arrived_at = db_int(&rows, 6),
			.asker = db_text(&rows, 7, arena), .addressed_to = db_text(&rows, 8, arena), .parent = parent,
		};

		known = 1;
		ancestor.answer = ancestor.waiting && ancestor.inquiry && db_int(&rows, 3);
		add_ancestor(search, first, ancestor);
		if (ancestor.inquiry)
			add_hit(search, (struct thread_hit){ .rung = THREAD_REFERENCE, .inquiry = ancestor.inquiry,
				.order = order });
	}
	return result < 0 ? -1 : known;
}

/*
 * An id that nobody bears may stand in other mails, but not in a stored copy of the message itself: it may be forged.
 * CROSS JOIN: SQLite keeps that order, from the few references to their mails.
 */
static int find_shared(struct search *search, const char *id, int order, struct err *err)
{
	const uint8_t *identity = search->message->identity;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(search->store->db,
		"SELECT m.inquiry FROM (SELECT mail FROM reference WHERE message_id = ?1 ORDER BY mail DESC LIMIT ?2)"
		" r CROSS JOIN mail m ON m.id = r.mail WHERE m.inquiry IS NOT NULL AND m.identity <> ?3",
		DB_TEXT(id), DB_INT(SAME_ID_MAX), DB_BLOB(identity, sizeof(search->message->identity)));

	return add_rows(search, &rows, THREAD_SHARED_REFERENCE, order, err);
}

/* 1: the id is known. Ours or another's, never both: whoever puts an id of ours on his own mail says nothing by it. */
static int find_id(struct search *search, const char *id, int order, bool parent, struct err *err)
{
	int result = find_own(search, id, order, parent, err);

	if (result == 0)
		result = find_mails(search, id, order, parent, err);
	return result == 0 ? find_shared(search, id, order, err) : result;
}

/* A key in the subject: evidence from whoever is trusted or takes part already, for anybody can guess a number. */
static int find_keys(struct search *search, bool trusted, struct err *err)
{
	const struct message *message = search->message;

	for (size_t i = 0; i < message->keys.count; i++) {
		const char *key = message->keys.items[i];
		struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(search->store->db,
			"SELECT id, EXISTS (SELECT 1 FROM participant WHERE inquiry = inquiry.id AND address = ?2)"
			" FROM inquiry WHERE key = ?1",
			DB_TEXT(key), DB_TEXT(message->from ? message->from->address : NULL));
		int result = db_next(&rows, err);

		if (result < 0)
			return -1;
		if (result == DB_ROW)
			add_hit(search, (struct thread_hit){ .rung = THREAD_KEY, .inquiry = db_int(&rows, 0),
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

int store_find_thread(struct store *store, struct arena *arena, const struct message *message, bool trusted,
	struct store_thread *ret_thread, struct err *err)
{
	struct search search = {
		.store = store, .message = message, .hits = { .arena = arena, .size = sizeof(struct thread_hit) },
		.ancestors = { .arena = arena, .size = sizeof(struct decide_ancestor) },
	};
	const char *ids[IDS_MAX];
	size_t count = list_named_ids(message, ids), parents = count_parents(message, count), known_parents = 0;

	for (size_t i = 0; i < count; i++) {
		bool parent = i < parents;
		/* of what is answered directly none is newer */
		int known = find_id(&search, ids[i], parent ? 0 : (int)i, parent, err);

		if (known < 0)
			return -1;
		known_parents += known && parent;
	}
	if (find_keys(&search, trusted, err) < 0)
		return -1;
	*ret_thread = (struct store_thread){
		.hits = search.hits.items, .hits_count = search.hits.count,
		.ancestors = search.ancestors.items, .ancestors_count = search.ancestors.count,
		.parent_unknown = known_parents < parents || (count == 0 && message->reply),
	};
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

/* ---- seen too early ---- */

int store_find_early(struct store *store, const char *message_id, int64_t arrived_at,
	int64_t ret_mails[STORE_EARLY_MAX], size_t *ret_count, struct err *err)
{
	int64_t named;

	*ret_count = 0;
	/* Mostly nobody has named it; and sorting costs SQLite two tables, also where there is nothing to sort. */
	if (DB_GET(store->db, &named, err, "SELECT EXISTS (SELECT 1 FROM reference WHERE message_id = ?1)",
			DB_TEXT(message_id)) < 0)
		return -1;
	if (!named)
		return 0;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT DISTINCT m.id FROM reference r CROSS JOIN mail m ON m.id = r.mail WHERE r.message_id = ?1"
		" AND m.inquiry IS NULL AND m.outcome IN ('unrelated', 'waiting') AND m.arrived_at BETWEEN ?2 AND ?2 + ?3"
		" ORDER BY m.arrived_at, m.id LIMIT ?4",
		DB_TEXT(message_id), DB_INT(arrived_at), DB_INT(EARLY_S), DB_INT(STORE_EARLY_MAX));
	int result;

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

/*
 * The newest change that no later [FORTRYD] took back; 0: none. Nobody means by it what a noted mail filled in, nor
 * what a mail about another inquiry did to this one.
 */
static int find_change_to_undo(struct store *store, int64_t inquiry, int64_t *ret_transition, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT t.id, t.rule = 'FORTRYD' FROM transition t LEFT JOIN mail m ON m.id = t.mail WHERE t.inquiry = ?1"
		" AND (t.before IS NULL OR (m.outcome IS NOT ?2 AND coalesce(m.inquiry, ?1) = ?1)) ORDER BY t.id DESC",
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

/*
 * Lists in a column are separated by line feeds. What a rule followed is a draft by its shape, sent again or not; so is
 * one in the inquiry's thread that came while that was another's, with which it was merged.
 */
int store_find_draft(struct store *store, int64_t inquiry, const char *writer, const char *to, int64_t before,
	int64_t *ret_at, struct err *err)
{
	return DB_GET(store->db, ret_at, err, "SELECT coalesce(max(d.arrived_at), 0) FROM (SELECT id FROM mail"
		" WHERE inquiry = ?1 UNION SELECT r.mail FROM mail m CROSS JOIN reference r ON r.message_id = m.message_id"
		" WHERE m.inquiry = ?1) t CROSS JOIN mail d ON d.id = t.id"
		" WHERE d.actor = ?2 AND d.arrived_at < ?4 AND d.kind = 'human' AND d.trusted AND d.rule IS NOT NULL"
		" AND instr(char(10) || d.to_list || char(10), char(10) || ?3 || char(10)) > 0"
		" AND (d.inquiry = ?1 OR EXISTS (SELECT 1 FROM transition x JOIN inquiry i ON i.key = x.before ->> '$.same_as'"
		" WHERE x.inquiry = ?1 AND i.id = d.inquiry AND x.at >= d.arrived_at))",
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
