#include "core/tag.h"
#include "io/image.h"
#include "io/store_private.h"

#include <stdlib.h>
#include <string.h>

/* One decision on its way into the database. */
struct writing {
	struct store *store;
	struct arena *arena;
	const struct store_decision *decision;
	int64_t mail, inquiry;
	const char *after;			/* the new image; NULL: nothing changed */
	const char *before, *step_before;	/* NULL: the inquiry is new */
	uint8_t hash[32];			/* of the asker */
	bool other;				/* not the one that the mail is about */
};

/* ---- the inquiry ---- */

/* "MT-2026-0042": the next key of MT and 2026 is above 42. */
static int count_key(struct writing *writing, const char *key, struct err *err)
{
	const char *year = strchr(key, '-'), *number = year ? strchr(year + 1, '-') : NULL;

	if (!number)
		return err_set(err, "the key %s has not the form PREFIX-YEAR-NUMBER", key);
	return DB_RUN(writing->store->db, err, "INSERT INTO key_counter (prefix, year, last) VALUES (?1, ?2, ?3)"
		" ON CONFLICT DO UPDATE SET last = max(last, excluded.last)",
		DB_TEXT(arena_strndup(writing->arena, key, (size_t)(year - key))),
		DB_INT(strtol(year + 1, NULL, 10)), DB_INT(strtoll(number + 1, NULL, 10)));
}

/* Known only while it is open: then it is asked what else the citizen has open. */
static int hash_asker(struct writing *writing, const struct inquiry *after, struct db_value *ret_hash, struct err *err)
{
	*ret_hash = DB_NONE;
	if (!after->asker || after->ended_at || !writing->decision->is_citizen)
		return 0;
	*ret_hash = DB_BLOB(writing->hash, sizeof(writing->hash));
	return store_hash_asker(writing->store, after->asker, writing->hash, err);
}

/* The key is counted with the row that has it: two transactions can never give out the same one. */
static int insert_inquiry(struct writing *writing, const struct inquiry *after, struct err *err)
{
	struct db_value hash;

	if (hash_asker(writing, after, &hash, err) < 0)
		return -1;
	if (count_key(writing, after->key, err) < 0)
		return -1;
	if (DB_RUN(writing->store->db, err,
			"INSERT INTO inquiry (key, workflow, mailbox, step, subject, received_at, ended_at, image, same_as, part_of,"
			" asker_hash) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)", DB_TEXT(after->key),
			DB_TEXT(after->workflow), DB_TEXT(after->mailbox), DB_TEXT(after->step), DB_TEXT(after->subject),
			DB_INT(after->received_at), DB_INT(after->ended_at), DB_TEXT(writing->after), DB_TEXT(after->same_as),
			DB_TEXT(after->part_of), hash) < 0)
		return -1;
	writing->inquiry = db_last_id(writing->store->db);
	return 0;
}

/* What stands in the database goes on record as the image before, whatever the caller believes it was. */
static int load_before(struct writing *writing, int64_t inquiry, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(writing->store->db,
		"SELECT image, step FROM inquiry WHERE id = ?1", DB_INT(inquiry));
	int result = db_next(&rows, err);

	if (result != DB_ROW)
		return result < 0 ? -1 : err_set(err, "there is no inquiry with row id %lld", (long long)inquiry);
	writing->before = db_text(&rows, 0, writing->arena);
	writing->step_before = db_text(&rows, 1, writing->arena);
	return 0;
}

static int update_inquiry(struct writing *writing, const struct inquiry *after, struct err *err)
{
	struct db_value hash;

	writing->inquiry = after->id;
	if (load_before(writing, after->id, err) < 0 || hash_asker(writing, after, &hash, err) < 0)
		return -1;
	return DB_RUN(writing->store->db, err,
		"UPDATE inquiry SET workflow = ?2, step = ?3, subject = ?4, received_at = ?5, ended_at = ?6, image = ?7,"
		" mailbox = ?8, same_as = ?9, part_of = ?10, asker_hash = iif(?12, asker_hash, ?11) WHERE id = ?1", DB_INT(after->id),
		DB_TEXT(after->workflow), DB_TEXT(after->step), DB_TEXT(after->subject), DB_INT(after->received_at),
		DB_INT(after->ended_at), DB_TEXT(writing->after), DB_TEXT(after->mailbox), DB_TEXT(after->same_as),
		DB_TEXT(after->part_of), hash, DB_INT(writing->other && !after->ended_at));
}

static int write_inquiry(struct writing *writing, struct err *err)
{
	const struct inquiry *after = &writing->decision->decision->after;

	/* Unchanged the mail belongs where it was found; a changed inquiry brings its own row, a new one gets it. */
	writing->inquiry = writing->decision->thread->inquiry;
	if (!writing->decision->decision->changed)
		return 0;
	writing->after = image_format(writing->arena, after);
	return after->id ? update_inquiry(writing, after, err) : insert_inquiry(writing, after, err);
}

/* For ever, a trigger sees to that: who, by which rule, on whose word, from what to what. */
static int write_transition(struct writing *writing, const struct inquiry *after, struct err *err)
{
	const struct store_decision *decision = writing->decision;
	const struct decision *decided = decision->decision;

	if (!writing->after)
		return 0;
	return DB_RUN(writing->store->db, err, "INSERT INTO transition (inquiry, at, mail, rule, step_before,"
		" step_after, round, actor, acting_role, evidence, before, after, conf_hash)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)",
		DB_INT(writing->inquiry), DB_INT(decision->arrived_at), DB_INT(writing->mail),
		DB_TEXT(decided->rule ? decided->rule : decide_reason_word(decided->reason)),
		DB_TEXT(writing->step_before), DB_TEXT(after->step), DB_INT(after->round),
		DB_TEXT(decided->actor), DB_TEXT(decided->acting_role), DB_TEXT(decision->trust->evidence),
		DB_TEXT(writing->before), DB_TEXT(writing->after), DB_BLOB(decision->conf_hash, 32));
}

/* ---- participants ---- */

static int add_participant(struct writing *writing, const char *address, struct err *err)
{
	if (!address)
		return 0;
	return DB_RUN(writing->store->db, err, "INSERT INTO participant (inquiry, address) VALUES (?1, ?2)"
		" ON CONFLICT DO NOTHING", DB_INT(writing->inquiry), DB_TEXT(address));
}

static int add_participants(struct writing *writing, const struct message_addresses *addresses, struct err *err)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (add_participant(writing, addresses->items[i].address, err) < 0)
			return -1;
	return 0;
}

/* Who took part in one takes part in the other. */
static int copy_participants(const struct writing *writing, int64_t from, const char *to, struct err *err)
{
	return DB_RUN(writing->store->db, err, "INSERT INTO participant (inquiry, address)"
		" SELECT inquiry.id, participant.address FROM participant JOIN inquiry ON inquiry.key = ?2"
		" WHERE participant.inquiry = ?1 ON CONFLICT DO NOTHING", DB_INT(from), DB_TEXT(to));
}

/* Whoever wrote or got a mail of the inquiry may name its key later (core/thread); robots get no such right. */
static int write_participants(struct writing *writing, struct err *err)
{
	const struct message *message = writing->decision->message;
	const struct decision *decided = writing->decision->decision;

	if (!writing->inquiry || message->kind != MESSAGE_HUMAN)
		return 0;
	if (add_participant(writing, message->from ? message->from->address : NULL, err) < 0 ||
	    add_participant(writing, message->sender ? message->sender->address : NULL, err) < 0 ||
	    add_participants(writing, &message->to, err) < 0 || add_participants(writing, &message->cc, err) < 0)
		return -1;
	if (decided->changed && decided->after.same_as && copy_participants(writing, writing->inquiry,
			decided->after.same_as, err) < 0)
		return -1;
	return decided->changed ? add_participant(writing, decided->after.asker, err) : 0;
}

/* An inquiry that changes by the same mail, or begins by it. */
static int write_other(const struct writing *writing, const struct inquiry *after, struct err *err)
{
	struct writing other = { .store = writing->store, .arena = writing->arena, .decision = writing->decision,
		.mail = writing->mail, .other = true };

	other.after = image_format(writing->arena, after);
	if ((after->id ? update_inquiry(&other, after, err) : insert_inquiry(&other, after, err)) < 0)
		return -1;
	return write_transition(&other, after, err);
}

static int write_others(const struct writing *writing, struct err *err)
{
	const struct decision *decided = writing->decision->decision;

	for (size_t i = 0; i < decided->others_count; i++)
		if (write_other(writing, &decided->others[i], err) < 0 ||
		    copy_participants(writing, writing->inquiry, decided->others[i].key, err) < 0)
			return -1;
	return 0;
}

/* ---- the mail ---- */

/* Nothing of a body is kept but the word that approves. */
static const char *approving_line(const struct message *message)
{
	return message->first_line && !message->goes_on && tag_is_approval(message->first_line) ? message->first_line : NULL;
}

static const char *join_addresses(struct arena *arena, const struct message_addresses *addresses)
{
	const char **items = arena_array(arena, addresses->count, sizeof(*items));
	const struct message_strings strings = { items, addresses->count };

	for (size_t i = 0; i < addresses->count; i++)
		items[i] = addresses->items[i].address;
	return store_join(arena, &strings);
}

#define INSERT_MAIL "INSERT INTO mail (identity, mailbox, message_id, frist_id," \
	" from_address, from_name, sender_address, to_list, cc_list, subject, bare_subject, sent_at," \
	" arrived_at, kind, automatic, forward, reply, tags, keys, lead_key, lead_round, first_line, trust_grade, trusted," \
	" trust_evidence, inquiry, found_by, outcome, reason, rule, tag, acting_role, actor, case_link, decided_at," \
	" asker, addressed_to, way)" \
	" VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19," \
	" ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29, ?30, ?31, ?32, ?33, ?34, ?35, ?36, ?37, ?38)"

/* Of another copy all may differ but what its identity covers. */
#define OR_REPLACE_IT " ON CONFLICT (identity) DO UPDATE SET mailbox = excluded.mailbox," \
	" frist_id = excluded.frist_id, from_name = excluded.from_name, sender_address = excluded.sender_address," \
	" subject = excluded.subject," \
	" bare_subject = excluded.bare_subject, arrived_at = excluded.arrived_at, kind = excluded.kind," \
	" automatic = excluded.automatic, forward = excluded.forward, reply = excluded.reply, tags = excluded.tags," \
	" keys = excluded.keys, lead_key = excluded.lead_key, lead_round = excluded.lead_round," \
	" first_line = excluded.first_line, trust_grade = excluded.trust_grade, trusted = excluded.trusted," \
	" trust_evidence = excluded.trust_evidence, inquiry = excluded.inquiry, found_by = excluded.found_by," \
	" outcome = excluded.outcome, reason = excluded.reason, rule = excluded.rule, tag = excluded.tag," \
	" acting_role = excluded.acting_role, actor = excluded.actor, case_link = excluded.case_link," \
	" decided_at = excluded.decided_at, asker = excluded.asker, addressed_to = excluded.addressed_to," \
	" way = excluded.way"

/*
 * Everything that the decision rested on, so that it can be explained, and taken again when a person places the mail.
 */
static int write_mail(struct writing *writing, struct err *err)
{
	const struct store_decision *decision = writing->decision;
	const struct decision *decided = decision->decision;
	const struct message *message = decision->message;
	struct arena *arena = writing->arena;

	if (DB_RUN(writing->store->db, err, decision->again ? INSERT_MAIL OR_REPLACE_IT : INSERT_MAIL,
			DB_BLOB(message->identity, sizeof(message->identity)), DB_TEXT(decision->mailbox),
			DB_TEXT(message->message_id), DB_TEXT(message->frist_id),
			DB_TEXT(message->from ? message->from->address : NULL),
			DB_TEXT(message->from ? message->from->name : NULL),
			DB_TEXT(message->sender ? message->sender->address : NULL),
			DB_TEXT(join_addresses(arena, &message->to)), DB_TEXT(join_addresses(arena, &message->cc)),
			DB_TEXT(message->subject), DB_TEXT(message->bare_subject), DB_INT(message->date),
			DB_INT(decision->arrived_at), DB_TEXT(message_kind_name(message->kind)),
			DB_INT(message->automatic), DB_INT(message->forward), DB_INT(message->reply),
			DB_TEXT(store_join(arena, &message->tags)), DB_TEXT(store_join(arena, &message->keys)),
			DB_TEXT(store_join(arena, &message->lead_keys)), DB_INT(message->lead_round), DB_TEXT(approving_line(message)),
			DB_TEXT(trust_grade_name(decision->trust->grade)), DB_INT(decision->trust->trusted),
			DB_TEXT(decision->trust->evidence), DB_ID(writing->inquiry),
			DB_TEXT(thread_rung_word(decision->thread->rung)), DB_TEXT(decide_outcome_word(decided->outcome)),
			DB_TEXT(decide_reason_word(decided->reason)), DB_TEXT(decided->rule), DB_TEXT(decided->tag),
			DB_TEXT(decided->acting_role), DB_TEXT(decided->actor), DB_TEXT(decision->case_link),
			DB_INT(decision->now), DB_TEXT(decided->asker), DB_TEXT(decided->addressed_to),
			DB_TEXT(decide_way_word(decided->way))) < 0)
		return -1;
	writing->mail = decision->again ? decision->again : db_last_id(writing->store->db);
	return 0;
}

/* Newest last, References before In-Reply-To; the position keeps that order in the database. */
static int insert_references(struct writing *writing, const struct message_strings *ids, size_t position, bool direct,
	struct err *err)
{
	for (size_t i = 0; i < ids->count; i++) {
		bool confidential;

		if (store_is_confidential(writing->store, ids->items[i], &confidential, err) < 0)
			return -1;
		if (!confidential && DB_RUN(writing->store->db, err, "INSERT INTO reference (mail, position, message_id, direct)"
				" VALUES (?1, ?2, ?3, ?4)", DB_INT(writing->mail), DB_INT((int64_t)(position + i)),
				DB_TEXT(ids->items[i]), DB_INT(direct)) < 0)
			return -1;
	}
	return 0;
}

/* Of a mail that is decided again those of the copy before are gone: what it named is no evidence. */
static int write_references(struct writing *writing, struct err *err)
{
	const struct message *message = writing->decision->message;

	if (writing->decision->again &&
	    DB_RUN(writing->store->db, err, "DELETE FROM reference WHERE mail = ?1", DB_INT(writing->mail)) < 0)
		return -1;
	if (insert_references(writing, &message->references, 0, false, err) < 0)
		return -1;
	return insert_references(writing, &message->in_reply_to, message->references.count, true, err);
}

/* The inquiry comes first, since mail and transition point at it. */
int store_add_decision(struct store *store, const struct store_decision *decision, int64_t *ret_mail,
	int64_t *ret_inquiry, struct err *err)
{
	struct writing writing = { .store = store, .arena = &store->scratch, .decision = decision };

	arena_reset(&store->scratch);
	if (write_inquiry(&writing, err) < 0 || write_mail(&writing, err) < 0 || write_references(&writing, err) < 0 ||
	    write_transition(&writing, &decision->decision->after, err) < 0 || write_participants(&writing, err) < 0 ||
	    write_others(&writing, err) < 0)
		return -1;
	*ret_mail = writing.mail;
	*ret_inquiry = writing.inquiry;
	return 0;
}

/* It waits no longer. */
#define FORGET_LETTER "asker = NULL, addressed_to = NULL"

int store_dismiss(struct store *store, int64_t mail, struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE mail SET outcome = ?2, reason = ?3, " FORGET_LETTER
		" WHERE id = ?1 AND outcome = 'waiting'",
		DB_INT(mail), DB_TEXT(decide_outcome_word(DECIDE_UNRELATED)),
		DB_TEXT(decide_reason_word(DECIDE_BY_VERB)));
}

int store_adopt(struct store *store, int64_t mail, int64_t inquiry, struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE mail SET inquiry = ?2, outcome = ?3, reason = ?4, " FORGET_LETTER
		" WHERE id = ?1 AND outcome = 'waiting'", DB_INT(mail), DB_INT(inquiry),
		DB_TEXT(decide_outcome_word(DECIDE_NOTED)), DB_TEXT(decide_reason_word(DECIDE_BY_VERB)));
}

/* ---- a stored mail ---- */

static const struct message_address *read_address(struct arena *arena, const char *address, const char *name)
{
	struct message_address *copy;

	if (!address)
		return NULL;
	copy = arena_alloc(arena, sizeof(*copy));
	*copy = (struct message_address){ .name = name, .address = address };
	return copy;
}

static struct message_addresses read_addresses(struct arena *arena, const char *column)
{
	struct message_strings strings = store_split(arena, column);
	struct message_address *items = arena_array(arena, strings.count, sizeof(*items));

	for (size_t i = 0; i < strings.count; i++)
		items[i].address = strings.items[i];
	return (struct message_addresses){ items, strings.count };
}

/* A word that this version does not know: HUMAN, of which most is asked, and below NONE, which is not believed. */
static enum message_kind read_kind(const char *word)
{
	int kind = MESSAGE_ABSENCE;

	while (kind < MESSAGE_HUMAN && strcmp(message_kind_name((enum message_kind)kind), word) != 0)
		kind++;
	return (enum message_kind)kind;
}

static enum trust_grade read_grade(const char *word)
{
	int grade = TRUST_INTERNAL;

	while (grade > TRUST_NONE && strcmp(trust_grade_name((enum trust_grade)grade), word) != 0)
		grade--;
	return (enum trust_grade)grade;
}

/* The ids that a stored mail named; direct: those of In-Reply-To. */
static int read_references(struct store *store, struct arena *arena, int64_t mail, bool direct,
	struct message_strings *ret_ids, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT message_id FROM reference WHERE mail = ?1 AND direct = ?2 ORDER BY position LIMIT ?3",
		DB_INT(mail), DB_INT(direct), DB_INT(MESSAGE_REFERENCES_MAX));
	const char **items = arena_array(arena, MESSAGE_REFERENCES_MAX, sizeof(*items));
	size_t count = 0;
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		items[count++] = db_text(&rows, 0, arena);
	*ret_ids = (struct message_strings){ items, count };
	return result;
}

/* As far as a decision needs it. quoted_from and quoted_to: what was kept of a mail that waits. */
static void read_message(const struct db_rows *rows, struct arena *arena, struct message *ret_message)
{
	*ret_message = (struct message){
		.message_id = db_text(rows, 0, arena),
		.frist_id = db_text(rows, 1, arena),
		.from = read_address(arena, db_text(rows, 2, arena), db_text(rows, 3, arena)),
		.sender = read_address(arena, db_text(rows, 4, arena), NULL),
		.to = read_addresses(arena, db_text(rows, 5, arena)),
		.cc = read_addresses(arena, db_text(rows, 6, arena)),
		.subject = db_text(rows, 7, arena),
		.bare_subject = db_text(rows, 8, arena),
		.date = db_int(rows, 9),
		.kind = read_kind(db_text(rows, 10, arena)),
		.automatic = db_int(rows, 11), .forward = db_int(rows, 12), .reply = db_int(rows, 13),
		.tags = store_split(arena, db_text(rows, 14, arena)),
		.keys = store_split(arena, db_text(rows, 15, arena)),
		.lead_keys = store_split(arena, db_text(rows, 16, arena)),
		.lead_round = (int)db_int(rows, 17),
		.first_line = db_text(rows, 18, arena),
		.quoted_from = db_text(rows, 25, arena), .quoted_to = db_text(rows, 26, arena),
	};
	ret_message->has_text = ret_message->first_line != NULL;
	db_blob(rows, 19, ret_message->identity, sizeof(ret_message->identity));
}

int store_load_mail(struct store *store, struct arena *arena, int64_t mail, struct message *ret_message,
	struct trust *ret_trust, int64_t *ret_arrived_at, const char **ret_case_link, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT message_id, frist_id, from_address, from_name, sender_address, to_list, cc_list, subject,"
		" bare_subject, sent_at, kind, automatic, forward, reply, tags, keys, lead_key, lead_round, first_line,"
		" identity, trust_grade, trusted, trust_evidence, arrived_at, case_link, asker, addressed_to FROM mail"
		" WHERE id = ?1", DB_INT(mail));
	struct message_strings references, in_reply_to;
	int result = db_next(&rows, err);

	if (result != DB_ROW)
		return result < 0 ? -1 : err_set(err, "there is no mail with row id %lld", (long long)mail);
	if (read_references(store, arena, mail, false, &references, err) < 0 ||
	    read_references(store, arena, mail, true, &in_reply_to, err) < 0)
		return -1;
	read_message(&rows, arena, ret_message);
	ret_message->references = references;
	ret_message->in_reply_to = in_reply_to;
	*ret_trust = (struct trust){ .grade = read_grade(db_text(&rows, 20, arena)), .trusted = db_int(&rows, 21),
		.evidence = db_text(&rows, 22, arena) };
	*ret_arrived_at = db_int(&rows, 23);
	*ret_case_link = db_text(&rows, 24, arena);
	return 0;
}

int store_find_answered(struct store *store, struct arena *arena, int64_t mail, struct store_answered *ret_answered,
	struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT message_id, tag, reason, outcome FROM mail WHERE id = ?1", DB_INT(mail));
	struct store_answered answered;
	int result = db_next(&rows, err);

	if (result != DB_ROW)
		return result < 0 ? -1 : err_set(err, "there is no mail with row id %lld", (long long)mail);
	answered = (struct store_answered){
		.message_id = db_text(&rows, 0, arena), .tag = db_text(&rows, 1, arena),
		.reason = store_read_reason(db_text(&rows, 2, arena)),
		.outcome = store_read_outcome(db_text(&rows, 3, arena)),
	};
	if (read_references(store, arena, mail, false, &answered.references, err) < 0)
		return -1;
	*ret_answered = answered;
	return 0;
}

/* The first transition of an inquiry is its opening: it has no step before. */
int store_find_opening(struct store *store, struct arena *arena, int64_t inquiry, const char **ret_id,
	const char **ret_from, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT mail.message_id, mail.from_address FROM transition JOIN mail ON mail.id = transition.mail"
		" WHERE transition.inquiry = ?1 AND transition.step_before IS NULL ORDER BY transition.id LIMIT 1",
		DB_INT(inquiry));
	int result = db_next(&rows, err);

	if (result < 0)
		return -1;
	*ret_id = result == DB_ROW ? db_text(&rows, 0, arena) : NULL;
	*ret_from = result == DB_ROW ? db_text(&rows, 1, arena) : NULL;
	return 0;
}
