/*
 * outbox - what is to be sent, in the same database (store.h). Decide, commit, act, settle.
 *
 * A row says that a mail is wanted and why, not what it says: it is checked and rendered when it is claimed. Ids are
 * made with the row, so a second try carries the same ones. A row found in `sending` at start-up was being sent when
 * the program died: it becomes uncertain.
 */
#ifndef IO_OUTBOX_H
#define IO_OUTBOX_H

#include "io/store.h"

enum {
	OUTBOX_REFUSED_MAX = 50,	/* told of in one mail; the others wait for the next */
	OUTBOX_BOUNCE_DAYS = 10,	/* a server tries for five days, and its bounce may take as long */
	OUTBOX_RECALLS_MAX = 2,		/* so often a rung is called again because the mail with it was refused */
};

/* A wanted mail. */
struct outbox_row {
	int64_t id;
	bool morning;
	const char *mailbox, *person, *local_date, *address, *template;
	int64_t mail, inquiry;
	const char *frist_id, *message_id;
	const char *state;
	bool secret;		/* no copy is made of it, and whom it went to is forgotten when it is settled */
	int64_t created_at, next_at;
	int tries;
};

struct outbox_intent {
	int64_t id, inquiry;
	int round;
	const char *clock, *step, *template;
	bool copy;
	int rung;
	int64_t due_at;
};

/* A mail of ours that nobody got. reply: what the addressee's server said of it, or the status of the bounce; NULL. */
struct outbox_refused {
	const char *address, *subject, *reply;
	int64_t settled_at;
};

/*
 * Wants a single mail (template) about a mail or an inquiry (0: none). A second wish about the same mail is none; about
 * an inquiry alone, while the first has not left. resend: it may go again when nobody can tell whether it went (our own
 * staff; never a citizen or a council member). domain: for the Message-ID.
 */
NODISCARD int outbox_add_single(struct store *store, const char *mailbox, const char *address, const char *template,
	int64_t mail, int64_t inquiry, bool resend, const char *domain, int64_t now, int64_t not_before,
	struct err *err);

/*
 * Wants a secret single: about no mail and no inquiry, never copied. Once it is settled neither address nor subject is
 * known any more. It goes again when nobody can tell whether it went.
 */
NODISCARD int outbox_add_secret(struct store *store, const char *mailbox, const char *address, const char *template,
	const char *domain, int64_t now, int64_t not_before, struct err *err);

/* How many singles of this template were wanted for the address, made at or after from and before until. */
NODISCARD int outbox_count_singles(struct store *store, const char *address, const char *template, int64_t from,
	int64_t until, size_t *ret_count, struct err *err);

/* Was such a letter about the inquiry wanted for the address that leaves, or left, on the local day of not_before? */
NODISCARD int outbox_is_told_today(struct store *store, int64_t inquiry, const char *template, const char *address,
	int64_t not_before, bool *ret_told, struct err *err);

/* The row of our mail that has this Message-ID: the one we gave it, or one that a server gave it. 0: not ours. */
NODISCARD int outbox_find(struct store *store, const char *message_id, int64_t *ret_outbox, struct err *err);

/* Is the morning of this day done? / It is now. */
NODISCARD int outbox_morning_done(struct store *store, const char *local_date, bool *ret_done, struct err *err);
NODISCARD int outbox_set_morning_done(struct store *store, const char *local_date, struct err *err);

/*
 * Withdraws morning mails of earlier days that never left, before any rung of this day is called: what
 * they would have told is called again, so that today's mails tell all that is still true.
 */
NODISCARD int outbox_begin_morning(struct store *store, const char *local_date, int64_t now, struct err *err);

/*
 * Wants a person's morning mail, one for all mailboxes; mailbox: where it is wanted. ret_outbox: the row of this day,
 * of an earlier wish if need be; 0: it has been claimed or sent already.
 */
NODISCARD int outbox_add_morning(struct store *store, const char *mailbox, const char *person, const char *address,
	const char *local_date, const char *domain, int64_t now, int64_t *ret_outbox, struct err *err);

/*
 * The mailbox that the row is sent from and the address it goes to, now that its letter is written; overview: it shows
 * more than one inquiry or mail, so that an answer to it must say which.
 */
NODISCARD int outbox_set_ends(struct store *store, int64_t outbox, const char *mailbox, const char *address,
	bool overview, struct err *err);

/* Was this rung, or a higher one of the same clock, round and due time, called before for the person? */
NODISCARD int outbox_was_called(struct store *store, const struct inquiry *inquiry, const char *person,
	const struct ladder_call *call, bool *ret_called, struct err *err);

/* Notes why the row is wanted. copy: the person is on cc of the rung. */
NODISCARD int outbox_add_intent(struct store *store, int64_t outbox, const struct inquiry *inquiry, const char *person,
	const struct ladder_call *call, bool copy, struct err *err);

/*
 * The oldest pending row whose time has come. 1: there is none. A row from the future was wanted before the clock was
 * set back: its time has come. mornings: morning mails, too.
 */
NODISCARD int outbox_next(struct store *store, struct arena *arena, int64_t now, bool mornings,
	struct outbox_row *ret_row, struct err *err);

/* When the next row's time comes; 0: nothing waits. */
NODISCARD int outbox_next_at(struct store *store, int64_t *ret_at, struct err *err);

/* Since when the oldest of the rows that may go again has been uncertain; 0: none is. */
NODISCARD int outbox_uncertain_at(struct store *store, int64_t *ret_at, struct err *err);

/* The intents of a row that are not withdrawn. */
NODISCARD int outbox_intents(struct store *store, struct arena *arena, int64_t outbox,
	struct outbox_intent **ret_intents, size_t *ret_count, struct err *err);

NODISCARD int outbox_withdraw_intent(struct store *store, int64_t intent, struct err *err);
NODISCARD int outbox_withdraw(struct store *store, int64_t outbox, int64_t now, struct err *err);

/* Does it still wait to be sent? Its copy may have been seen since it was found. */
NODISCARD int outbox_is_pending(struct store *store, int64_t outbox, bool *ret_pending, struct err *err);

/*
 * Claims a pending row: its subject, its recipients (made now: address, and copy_to unless NULL; who took it
 * at an earlier try is not asked again), which inquiries it is about. Commit before anything is sent.
 */
NODISCARD int outbox_claim(struct store *store, int64_t outbox, const char *subject, const char *copy_to,
	const int64_t *inquiries, size_t inquiries_count, struct err *err);

/* A claimed row's recipients that still wait, the copy last. */
NODISCARD int outbox_recipients(struct store *store, struct arena *arena, int64_t outbox,
	const char ***ret_addresses, size_t *ret_count, struct err *err);

enum outbox_outcome { OUTBOX_DONE, OUTBOX_RETRY, OUTBOX_REJECTED, OUTBOX_UNSURE };

/*
 * Settles an attempt: an outcome and a reply (may be NULL) for each address. The row becomes uncertain when anybody is
 * unsure (sent, if its copy was seen already), else pending again at retry_at when anybody is to be tried again, else
 * sent or refused as the addressee's server said: that the copy was taken does not make it sent. What a refused mail
 * would have told nobody was told: its rungs may be called again.
 */
NODISCARD int outbox_settle(struct store *store, int64_t outbox, const char *const *addresses,
	const enum outbox_outcome *outcomes, const char *const *replies, size_t count, int64_t now, int64_t retry_at,
	struct err *err);

/*
 * Our mail was seen in a mailbox: what is uncertain was sent, also when it was to go again and has not yet; but not
 * when the copy's server had taken it for certain, for then an attempt without a copy is in doubt. Learns the
 * Message-ID that a server gave it (NULL: it has none).
 */
NODISCARD int outbox_seen(struct store *store, int64_t outbox, const char *message_id, int64_t now, struct err *err);

/*
 * The mailbox's refused mails that the row, its owner's morning mail, is to tell of: those that no mail of his has told
 * of, oldest first, at most OUTBOX_REFUSED_MAX. Notes it with them; should that row not reach him, the next one tells.
 */
NODISCARD int outbox_tell_refused(struct store *store, struct arena *arena, const char *mailbox, int64_t outbox,
	struct outbox_refused **ret_refused, size_t *ret_count, struct err *err);

/* Start-up: sending becomes uncertain. How many were. */
NODISCARD int outbox_recover(struct store *store, int64_t now, size_t *ret_uncertain, struct err *err);

/*
 * Rows uncertain since before `since` (or, the clock was set back, since after now) that may go again (morning mails,
 * and singles with resend): pending, under the same ids. How many.
 */
NODISCARD int outbox_resend_uncertain(struct store *store, int64_t since, int64_t now, size_t *ret_count,
	struct err *err);

/*
 * A bounce named our mail: the recipient is refused, and so is the row if he was the addressee; its rungs may be called
 * again. Nobody vouches for a bounce: it comes from any server on the way, and whoever got the mail, or an answer to
 * it, can write one. So it says something only of an address that the mail was sent to, and only as long as servers go
 * on trying (OUTBOX_BOUNCE_DAYS). What a forger gains is that the owner is told, and a reminder more; not for ever, see
 * OUTBOX_RECALLS_MAX.
 */
NODISCARD int outbox_bounced(struct store *store, int64_t outbox, const char *address, const char *status, int64_t now,
	struct err *err);

#endif
