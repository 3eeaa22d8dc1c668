#include "io/image.h"
#include "io/store_private.h"

#include <string.h>

enum { PAGE = 500, WAITING_MAX = 100 };

void *store_list_add(struct store_list *list)
{
	list->items = arena_grow(list->arena, list->items, list->count, &list->capacity, list->size);
	return (char *)list->items + list->count++ * list->size;
}

int store_list_inquiries(struct store *store, struct arena *arena, const char *mailbox, bool open_only, int64_t after,
	struct inquiry **ret_inquiries, size_t *ret_count, struct err *err)
{
	/*
	 * Two statements, for only the second can use the index of open inquiries. A page goes on behind the last key.
	 */
	static const char all[] = "SELECT id, image FROM inquiry"
		" WHERE sort > coalesce((SELECT sort FROM inquiry WHERE id = ?1), '') AND (?2 IS NULL OR mailbox = ?2)"
		" ORDER BY sort LIMIT ?3";
	static const char open[] = "SELECT id, image FROM inquiry WHERE ended_at = 0"
		" AND sort > coalesce((SELECT sort FROM inquiry WHERE id = ?1), '') AND (?2 IS NULL OR mailbox = ?2)"
		" ORDER BY sort LIMIT ?3";
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db, open_only ? open : all,
		DB_INT(after), DB_TEXT(mailbox), DB_INT(PAGE));
	struct store_list list = { .arena = arena, .size = sizeof(struct inquiry) };
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW) {
		struct inquiry *inquiry = store_list_add(&list);

		if (image_read(arena, db_text(&rows, 1, arena), inquiry, err) < 0)
			return err_wrap(err, "inquiry %lld", (long long)db_int(&rows, 0));
		inquiry->id = db_int(&rows, 0);
	}
	if (result < 0)
		return -1;
	*ret_inquiries = list.items;
	*ret_count = list.count;
	return 0;
}

/* A word that no version ever wrote reads as the first one, here and below. */
enum decide_outcome store_read_outcome(const char *word)
{
	int outcome = DECIDE_GONE;

	while (outcome > 0 && strcmp(decide_outcome_word((enum decide_outcome)outcome), word) != 0)
		outcome--;
	return (enum decide_outcome)outcome;
}

enum decide_reason store_read_reason(const char *word)
{
	int reason = DECIDE_BY_UNREADABLE;

	while (reason > 0 && strcmp(decide_reason_word((enum decide_reason)reason), word) != 0)
		reason--;
	return (enum decide_reason)reason;
}

/* Of a mailbox (?1): what waits for a word; what could not be read, while it is told, with and without a mail's row. */
#define TOLD(at) "date(" at ", 'unixepoch') >=" \
	" coalesce((SELECT local_date FROM morning ORDER BY local_date DESC LIMIT 1 OFFSET ?2), '')"
#define WAITING_MAILS "FROM mail WHERE mailbox = ?1 AND outcome IN ('waiting', 'set-aside')" \
	" AND (outcome = 'waiting' OR " TOLD("decided_at") ")"
#define UNREAD_UIDS "FROM folder f JOIN sighting s ON s.folder = f.id" \
	" WHERE f.mailbox = ?1 AND s.outcome = 'set-aside' AND s.mail IS NULL AND " TOLD("s.at")

/* What another mailbox has decided and this one got as well (DECIDE_BY_ELSEWHERE): told for those mornings, too. */
#define ELSEWHERE_UIDS "FROM folder f JOIN sighting s ON s.folder = f.id JOIN mail m ON m.id = s.mail" \
	" WHERE f.mailbox = ?1 AND s.outcome = 'waiting' AND m.mailbox <> ?1 AND " TOLD("s.at")

static int count_waiting(struct store *store, const char *mailbox, size_t *ret_total, struct err *err)
{
	int64_t total;

	if (DB_GET(store->db, &total, err,
			"SELECT (SELECT count(*) " WAITING_MAILS ") + (SELECT count(*) " UNREAD_UIDS ")"
			" + (SELECT count(*) " ELSEWHERE_UIDS ")",
			DB_TEXT(mailbox), DB_INT(STORE_SET_ASIDE_MORNINGS)) < 0)
		return -1;
	*ret_total = (size_t)total;
	return 0;
}

int store_list_waiting(struct store *store, struct arena *arena, const char *mailbox,
	struct store_waiting **ret_waiting, size_t *ret_count, size_t *ret_total, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, from_address, subject, arrived_at AS at, reason, NULL " WAITING_MAILS
		" UNION ALL SELECT 0, NULL, NULL, s.at, ?3, f.name " UNREAD_UIDS
		" UNION ALL SELECT 0, m.from_address, m.subject, m.arrived_at, ?5, NULL " ELSEWHERE_UIDS
		" ORDER BY at DESC, 1 DESC LIMIT ?4",
		DB_TEXT(mailbox), DB_INT(STORE_SET_ASIDE_MORNINGS), DB_TEXT(decide_reason_word(DECIDE_BY_UNREADABLE)),
		DB_INT(WAITING_MAX), DB_TEXT(decide_reason_word(DECIDE_BY_ELSEWHERE)));
	struct store_list list = { .arena = arena, .size = sizeof(struct store_waiting) };
	size_t total;
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		*(struct store_waiting *)store_list_add(&list) = (struct store_waiting){
			.mail = db_int(&rows, 0), .from = db_text(&rows, 1, arena), .subject = db_text(&rows, 2, arena),
			.arrived_at = db_int(&rows, 3), .reason = store_read_reason(db_text(&rows, 4, arena)),
			.folder = db_text(&rows, 5, arena),
		};
	if (result < 0 || count_waiting(store, mailbox, &total, err) < 0)
		return -1;
	*ret_waiting = list.items;
	*ret_count = list.count;
	*ret_total = total;
	return 0;
}

static int count_mails(struct store *store, const char *mailbox, int64_t since, int64_t until,
	struct register_volume *volume, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT way, outcome = ?4, count(*) FROM mail WHERE mailbox = ?1 AND arrived_at >= ?2 AND arrived_at < ?3"
		" GROUP BY 1, 2", DB_TEXT(mailbox), DB_INT(since), DB_INT(until),
		DB_TEXT(decide_outcome_word(DECIDE_AUTOMATIC)));
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW) {
		const char *way = db_text(&rows, 0, &arena);

		if (strcmp(way, decide_way_word(DECIDE_OUT)) == 0)
			volume->out += db_int(&rows, 2);
		else if (strcmp(way, decide_way_word(DECIDE_IN)) == 0)
			*(db_int(&rows, 1) ? &volume->noise : &volume->in) += db_int(&rows, 2);
	}
	return result;
}

/* An inquiry is late by any of its clocks: those that run end now. */
static int count_inquiries(struct store *store, const char *mailbox, int64_t since, int64_t until, int64_t now,
	struct register_volume *volume, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT count(*), count(*) FILTER (WHERE ended_at > 0), count(*) FILTER (WHERE EXISTS (SELECT 1"
		" FROM json_each(image, '$.clocks') WHERE coalesce(nullif(value ->> 'stopped_at', 0), ?4) > value ->> 'due_at'))"
		" FROM inquiry WHERE mailbox = ?1 AND received_at >= ?2 AND received_at < ?3",
		DB_TEXT(mailbox), DB_INT(since), DB_INT(until), DB_INT(now));
	int result = db_next(&rows, err);

	if (result != DB_ROW)
		return result < 0 ? -1 : err_set(err, "the inquiries of %s cannot be counted", mailbox);
	volume->inquiries = db_int(&rows, 0);
	volume->answered = db_int(&rows, 1);
	volume->late = db_int(&rows, 2);
	return 0;
}

int store_count_volume(struct store *store, const char *mailbox, int64_t since, int64_t until, int64_t now,
	struct register_volume *ret_volume, struct err *err)
{
	*ret_volume = (struct register_volume){ .in = 0 };
	if (count_mails(store, mailbox, since, until, ret_volume, err) < 0)
		return -1;
	return count_inquiries(store, mailbox, since, until, now, ret_volume, err);
}

int store_list_transitions(struct store *store, struct arena *arena, int64_t inquiry,
	struct store_transition **ret_transitions, size_t *ret_count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT t.at, t.rule, t.step_before, t.step_after, t.actor, t.acting_role, t.evidence, t.round,"
		" m.message_id, m.subject FROM transition t LEFT JOIN mail m ON m.id = t.mail"
		" WHERE t.inquiry = ?1 ORDER BY t.id", DB_INT(inquiry));
	struct store_list list = { .arena = arena, .size = sizeof(struct store_transition) };
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		*(struct store_transition *)store_list_add(&list) = (struct store_transition){
			.at = db_int(&rows, 0), .rule = db_text(&rows, 1, arena),
			.step_before = db_text(&rows, 2, arena), .step_after = db_text(&rows, 3, arena),
			.actor = db_text(&rows, 4, arena),
			.acting_role = db_text(&rows, 5, arena), .evidence = db_text(&rows, 6, arena),
			.round = (int)db_int(&rows, 7), .message_id = db_text(&rows, 8, arena),
			.subject = db_text(&rows, 9, arena),
		};
	if (result < 0)
		return -1;
	*ret_transitions = list.items;
	*ret_count = list.count;
	return 0;
}
