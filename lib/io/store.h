/*
 * store - the database: what was seen, where each inquiry stands, what is to be sent. SQLite itself is io/db's.
 *
 * One writer: fristd holds an exclusive lock beside the file for as long as it lives; what it never writes itself,
 * fristctl may (store_open_beside()). Every change of state is made between store_begin() and store_commit(); what is
 * not committed did not happen. WAL, synchronous=FULL, so a commit that returned survives a power cut. The schema
 * stands in schema.sql. A struct store belongs to one thread at a time.
 *
 * Unless said otherwise functions return 0, or -1 with err set: a full disk, an I/O error, a broken file.
 */
#ifndef IO_STORE_H
#define IO_STORE_H

#include "base/arena.h"
#include "base/err.h"
#include "core/compliance.h"
#include "core/decide.h"
#include "core/inquiry.h"
#include "core/ladder.h"
#include "core/message.h"
#include "core/thread.h"
#include "core/register.h"
#include "core/trust.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct store;

enum {
	STORE_LOCKED = 1,	/* another fristd works on this database */
	STORE_FOREIGN,		/* the file is no database of fristd, or a link */
	STORE_NEWER,		/* a newer fristd made it */
	STORE_MISSING,		/* store_open_reader, store_open_beside: there is none yet */
};

/* Opens (creates, migrates) the database for writing and takes the lock. Positive: see above, err says it in words. */
NODISCARD int store_open(const char *path, struct store **ret_store, struct err *err);

/* Opens for reading; takes no lock, changes nothing. */
NODISCARD int store_open_reader(const char *path, struct store **ret_store, struct err *err);

/*
 * Opens for one short transaction beside a running fristd, on tables that fristd never writes: so nothing that it has
 * decided can change under it, and SQLite's own lock, for which either waits some seconds, is enough. Takes no lock of
 * ours, makes no file and migrates none.
 */
NODISCARD int store_open_beside(const char *path, struct store **ret_store, struct err *err);

/* A fresh database in memory (replay, explain, tests). */
NODISCARD int store_open_memory(struct store **ret_store, struct err *err);

/* Copies a whole database into memory: what `explain` may try its hand on. */
NODISCARD int store_open_copy(const char *path, struct store **ret_store, struct err *err);

/* Rolls back what is not committed and closes. NULL is fine. */
void store_close(struct store *store);

NODISCARD int store_begin(struct store *store, struct err *err);
NODISCARD int store_commit(struct store *store, struct err *err);
void store_rollback(struct store *store);

/* ---- folders and sightings ---- */

struct store_folder {
	int64_t id;
	uint32_t uidvalidity;	/* 0: never visited */
	uint32_t seen_uid;
};

/* The folder's row, made when new. */
NODISCARD int store_folder(struct store *store, const char *mailbox, const char *name,
	struct store_folder *ret_folder, struct err *err);

/* Has the folder been read up to UIDNEXT? 0 for uidnext: unknown, so not. */
NODISCARD int store_is_read(struct store *store, const char *mailbox, const char *name, uint32_t uidvalidity,
	uint32_t uidnext, bool *ret_read, struct err *err);

/* Sets how far the folder has been read. */
NODISCARD int store_folder_seen(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t seen_uid,
	struct err *err);

/* Has this very UID a sighting already? */
NODISCARD int store_has_sighting(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid,
	bool *ret_has, struct err *err);

/* Records one look at a UID. mail may be 0. */
NODISCARD int store_add_sighting(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid,
	int64_t mail, int64_t at, enum decide_outcome outcome, struct err *err);

/* Counts one more try at a UID and says how many that makes; committed at once, outside any transaction. */
NODISCARD int store_count_try(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid,
	int *ret_tries, struct err *err);

/* Forgets the tries in a folder: what was tried has succeeded. */
NODISCARD int store_clear_tries(struct store *store, int64_t folder, struct err *err);

/* The first try at a batch, counted in the transaction that ends the one before: lost with it, it was no failure. */
NODISCARD int store_count_first_try(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid,
	struct err *err);

/*
 * Was the last failure of the database that of the disk or a lock (full, unreadable, busy), and not that of what was to
 * be stored?
 */
bool store_is_unwell(const struct store *store);

/* When the mailbox was first read; now, if that is the first time, or if the clock was set back to before it. */
NODISCARD int store_mailbox_started(struct store *store, const char *mailbox, int64_t now, int64_t *ret_started_at,
	struct err *err);

/* Has a message with this Message-ID been seen in a folder of the mailbox? */
NODISCARD int store_has_message(struct store *store, const char *mailbox, const char *message_id, bool *ret_has,
	struct err *err);

/* ---- gathering ---- */

/* A mail that was seen before, and what became of it. */
struct store_seen {
	int64_t mail;			/* 0: never seen; then the rest is 0 */
	bool elsewhere;			/* in another mailbox */
	bool trusted;			/* that copy's sender was vouched for */
	enum decide_outcome outcome;
	enum decide_reason reason;
	int64_t decided_at;
	int64_t placed;			/* the inquiry where a person has put it; 0: none has */
};

enum { STORE_EARLY_MAX = 8 };

/*
 * Mails that name this Message-ID, arrived within a week after it, and belong to nothing: those that were seen before
 * it. Oldest first.
 */
NODISCARD int store_find_early(struct store *store, const char *message_id, int64_t arrived_at,
	int64_t ret_mails[STORE_EARLY_MAX], size_t *ret_count, struct err *err);

/* The mail with this content identity. mailbox: where it is seen now. */
NODISCARD int store_find_mail(struct store *store, const char *mailbox, const uint8_t identity[32],
	struct store_seen *ret_seen, struct err *err);

/* What the ids and keys of a message point at. */
struct store_thread {
	struct thread_hit *hits;		/* each inquiry once for a rung, for core/thread to weigh */
	size_t hits_count;
	struct decide_ancestor *ancestors;	/* known messages that this one answers, newest first, at most 50 */
	size_t ancestors_count;
	bool parent_unknown;			/* not all that it answers directly (In-Reply-To, else its last reference;
						 * a reply that names nothing) is known here */
};

/*
 * Only its newest 50 ids are looked up. trusted: the sender is internal and vouched for. What a stored copy of the
 * message names is no evidence. Our own mails among the ancestors have from NULL and the subject they were sent with.
 */
NODISCARD int store_find_thread(struct store *store, struct arena *arena, const struct message *message, bool trusted,
	struct store_thread *ret_thread, struct err *err);

/*
 * Open inquiries of a mailbox, still at `step`, received at or after `since`, whose subject is `subject` but for case
 * (a receipt that follows its inquiry). Up to max row ids.
 */
NODISCARD int store_find_by_subject(struct store *store, const char *mailbox, const char *step, int64_t since,
	const char *subject, int64_t *ret_ids, size_t max, size_t *ret_count, struct err *err);

/* Does another stored mail name what this message answers directly (In-Reply-To, else its last reference)? */
NODISCARD int store_is_named(struct store *store, const struct message *message, bool *ret_named, struct err *err);

/* Is the id (X-Frist-Id, or a Message-ID) one of ours? The outbox row, or 0. */
NODISCARD int store_find_own(struct store *store, const struct message *message, int64_t *ret_outbox, struct err *err);

/* The inquiry by row id or by key. 1: there is none. */
NODISCARD int store_load_inquiry(struct store *store, struct arena *arena, int64_t id, struct inquiry *ret_inquiry,
	struct err *err);
NODISCARD int store_find_inquiry(struct store *store, struct arena *arena, const char *key,
	struct inquiry *ret_inquiry, struct err *err);

/*
 * The image before the inquiry's last change that no [FORTRYD] took back yet, who made it (NULL: unknown), and when his
 * mail arrived. Two of them in a row take back two changes. 1: there is none; opening is no change, nor is what a mail
 * filled in that was only noted.
 */
NODISCARD int store_load_before(struct store *store, struct arena *arena, int64_t inquiry,
	struct inquiry *ret_before, const char **ret_by, int64_t *ret_at, struct err *err);

/* When a person's newest mail of the inquiry but this one arrived; 0: it has no other. */
NODISCARD int store_latest_at(struct store *store, int64_t inquiry, int64_t but, int64_t *ret_at, struct err *err);

/*
 * When the newest mail arrived before that instant that the writer, vouched for, sent To that address about the inquiry
 * and that a rule of the workflow followed; 0: there is none.
 */
NODISCARD int store_find_draft(struct store *store, int64_t inquiry, const char *writer, const char *to, int64_t before,
	int64_t *ret_at, struct err *err);

/* The key that the next inquiry of this prefix gets in this year: "MT-2026-0042". Only store_add_decision counts it. */
NODISCARD int store_next_key(struct store *store, struct arena *arena, const char *prefix, int year,
	const char **ret_key, struct err *err);

/* ---- inquiries that belong together ---- */

/* Was the inquiry merged into the one with this key, until that was taken back, since then? */
NODISCARD int store_was_same(struct store *store, int64_t inquiry, const char *key, int64_t since, bool *ret_was,
	struct err *err);

/* Keys of those that ended as the same matter as this one, and of those that ended as the same as they. */
NODISCARD int store_list_same(struct store *store, struct arena *arena, const char *key,
	struct message_strings *ret_keys, struct err *err);

/* The parts of a letter that was split, itself the first. */
NODISCARD int store_list_parts(struct store *store, struct arena *arena, const char *key, struct inquiry **ret_parts,
	size_t *ret_count, struct err *err);

/* Inquiries of the citizen with this address whose hash is kept, the oldest first. */
NODISCARD int store_list_asker(struct store *store, struct arena *arena, const char *address, size_t max,
	struct inquiry **ret_inquiries, size_t *ret_count, struct err *err);

/* Other open inquiries of the same citizen, in any mailbox, the oldest first. None where the citizen is not known. */
NODISCARD int store_list_askers_other(struct store *store, struct arena *arena, int64_t inquiry, size_t max,
	struct inquiry **ret_inquiries, size_t *ret_count, struct err *err);

/* Of what was received before that instant nobody knows any more what else its citizen has open. */
NODISCARD int store_forget_askers(struct store *store, int64_t before, struct err *err);

/* ---- deciding ---- */

struct store_decision {
	const char *mailbox;
	const struct message *message;
	const char *case_link;			/* found in the message; NULL: none */
	const struct trust *trust;
	const struct thread_result *thread;
	const struct decision *decision;
	int64_t arrived_at, now;
	bool is_citizen;			/* who asks may be known by a hash: a stranger, and no channel */
	const uint8_t *conf_hash;		/* 32 bytes */
	int64_t again;				/* the stored mail that is decided again; 0: a new one */
};

/*
 * Stores a mail with what was decided on it: the mail, its references, the new image, the transition, participants and
 * the key counter. Of a mail that is decided again nothing stays as it was stored. Mails that the decision wants are
 * the caller's (outbox_add_single). ret_inquiry: 0 when none.
 */
NODISCARD int store_add_decision(struct store *store, const struct store_decision *decision,
	int64_t *ret_mail, int64_t *ret_inquiry, struct err *err);

/* A waiting mail is no inquiry: [IKKE HENVENDELSE]. It waits no longer. */
NODISCARD int store_dismiss(struct store *store, int64_t mail, struct err *err);

/* A waiting mail belongs to an inquiry that was opened for it: [NY HENVENDELSE]. It waits no longer. */
NODISCARD int store_adopt(struct store *store, int64_t mail, int64_t inquiry, struct err *err);

/*
 * A stored mail as far as a decision needs it (no traces, no text); its trust, arrival and case link. As quoted_from
 * and quoted_to it has what the decision kept of a mail that waits.
 */
NODISCARD int store_load_mail(struct store *store, struct arena *arena, int64_t mail, struct message *ret_message,
	struct trust *ret_trust, int64_t *ret_arrived_at, const char **ret_case_link, struct err *err);

/* What a letter of ours says about the message that it answers. */
struct store_answered {
	const char *message_id;			/* NULL: it had none */
	struct message_strings references;	/* what it answered itself, oldest first */
	const char *tag;			/* in question; NULL */
	enum decide_reason reason;
	enum decide_outcome outcome;
};
NODISCARD int store_find_answered(struct store *store, struct arena *arena, int64_t mail,
	struct store_answered *ret_answered, struct err *err);

/* Message-ID and sender of the message that opened the inquiry; NULL: it had none. */
NODISCARD int store_find_opening(struct store *store, struct arena *arena, int64_t inquiry, const char **ret_id,
	const char **ret_from, struct err *err);

/* ---- what is not registered ---- */

/*
 * Notes that a confidential mail came to the mailbox, and nothing else that tells of it; ids of earlier mails that name
 * it are forgotten. ret_new: it was not here before.
 */
NODISCARD int store_add_confidential(struct store *store, const char *mailbox, const struct message *message,
	int64_t at, bool *ret_new, struct err *err);

/* Is this the Message-ID of a confidential mail? Such ids are never stored of what refers to it. */
NODISCARD int store_is_confidential(struct store *store, const char *message_id, bool *ret_is, struct err *err);

/* What has been deleted is to be read nowhere in the database's files any more. Outside of a transaction. */
NODISCARD int store_wipe(struct store *store, struct err *err);

/* How many came to the mailbox from the instant since until before the instant until. */
NODISCARD int store_count_confidential(struct store *store, const char *mailbox, int64_t since, int64_t until,
	size_t *ret_count, struct err *err);

/* ---- reading the register ---- */

/*
 * Inquiries in the order of their keys; mailbox NULL: of all; open_only as it says. Calls are repeated until *ret_count
 * is 0: after is the last id of the page before, 0 at first. At most 500 a page.
 */
NODISCARD int store_list_inquiries(struct store *store, struct arena *arena, const char *mailbox, bool open_only,
	int64_t after, struct inquiry **ret_inquiries, size_t *ret_count, struct err *err);

struct store_waiting {
	int64_t mail;
	const char *from, *subject;		/* NULL when it could not be read */
	int64_t arrived_at;
	enum decide_reason reason;
	const char *folder;			/* for what could not be read: where it lies */
};

enum { STORE_SET_ASIDE_MORNINGS = 5 };

/*
 * What waits for the owner of a mailbox: mail that could not be placed or read, newest first, at most 100, so that
 * what is new is told however much lies there; ret_total: how many in all. What could not be placed waits until he has
 * said something about it. About what could not be read he can say nothing to us: it is listed for
 * STORE_SET_ASIDE_MORNINGS mornings after the day on which it was set aside.
 */
NODISCARD int store_list_waiting(struct store *store, struct arena *arena, const char *mailbox,
	struct store_waiting **ret_waiting, size_t *ret_count, size_t *ret_total, struct err *err);

/* Counts for a mailbox from the instant since until before the instant until; deadlines are those passed at now. */
NODISCARD int store_count_volume(struct store *store, const char *mailbox, int64_t since, int64_t until, int64_t now,
	struct register_volume *ret_volume, struct err *err);

struct store_transition {
	int64_t at;
	const char *rule, *step_before, *step_after, *actor, *acting_role, *evidence;
	int round;
	const char *message_id, *subject;
};

/* The history of an inquiry, oldest first. */
NODISCARD int store_list_transitions(struct store *store, struct arena *arena, int64_t inquiry,
	struct store_transition **ret_transitions, size_t *ret_count, struct err *err);

/* ---- courses ---- */

/* What became of a record that was put. */
enum store_change { STORE_SAME, STORE_ADDED, STORE_CHANGED };

/*
 * Registers what a file says of somebody's course. One record for each person, course and first day: what is said of it
 * again corrects it, but that it is not completed takes no completion back.
 */
NODISCARD int store_put_course(struct store *store, const struct compliance_record *record, int64_t now,
	enum store_change *ret_change, struct err *err);

/* Every record, by person, then course and first day. */
NODISCARD int store_list_courses(struct store *store, struct arena *arena, struct compliance_record **ret_records,
	size_t *ret_count, struct err *err);

#endif
