/*
 * decide - the heart: (facts, event) -> what becomes of it, and why. Pure.
 *
 * A message first meets what every mailbox does (robots, the built-in verbs), then the rules of the workflow: those
 * with a tag before those by shape. The sender has one acting role for the inquiry: the role that holds the step, if it
 * is his; else the first of the workflow's roles that is his. A tag counts only when it is fresh (core/tag). Whatever
 * happens is one outcome with a reason that a person can read.
 */
#ifndef CORE_DECIDE_H
#define CORE_DECIDE_H

#include "base/arena.h"
#include "core/calendar.h"
#include "core/directory.h"
#include "core/inquiry.h"
#include "core/message.h"
#include "core/thread.h"
#include "core/trust.h"
#include "core/workflow.h"

/* X(name, word in JSON and database, sentence) */
#define DECIDE_OUTCOMES(X) \
	X(OPENED, "opened", "a new inquiry") \
	X(MOVED, "moved", "the inquiry moved on or changed hands") \
	X(COMMANDED, "commanded", "a built-in verb was carried out") \
	X(NOTED, "noted", "belongs to the inquiry, changes nothing") \
	X(REFUSED, "refused", "a tag or verb that did not count") \
	X(WAITING, "waiting", "could not be placed: in the owner's list") \
	X(UNRELATED, "unrelated", "no inquiry and no rule: nothing to do with the register") \
	X(AUTOMATIC, "automatic", "a robot's mail: noted, moves nothing") \
	X(OWN, "own", "our own mail seen again") \
	X(DUPLICATE, "duplicate", "the same mail was seen before") \
	X(PAST, "past", "older than open_since: imported, not acted upon") \
	X(SET_ASIDE, "set-aside", "could not be read: in the owner's list") \
	X(CONFIDENTIAL, "confidential", "not registered: it says that it is confidential") \
	X(GONE, "gone", "vanished before it could be read")

enum decide_outcome {
#define X(name, word, sentence) DECIDE_##name,
	DECIDE_OUTCOMES(X)
#undef X
};

/*
 * Why a tag or verb did not count, or a message moved nothing. English for log and fristctl; the Danish for the
 * sender stands in core/digest_words.c.
 */
#define DECIDE_REASONS(X) \
	X(RULE, "rule", "rule of the workflow") \
	X(VERB, "verb", "built-in verb") \
	X(NO_RULE, "no-rule", "no rule of the workflow matches") \
	X(NOT_FRESH, "not-fresh", "the tag stands in a message that this one answers") \
	X(PARENT_UNKNOWN, "parent-unknown", "it answers a message that was never seen here") \
	X(FORWARD, "forward", "a tag does not count in a forward") \
	X(UNTRUSTED, "untrusted", "the sender is not vouched for by our own server") \
	X(WRONG_ROLE, "wrong-role", "the sender may not do that in this inquiry") \
	X(WRONG_STEP, "wrong-step", "the inquiry is not at a step where that is possible") \
	X(WRONG_ROUND, "wrong-round", "it names an earlier round") \
	X(NOT_ALONE, "not-alone", "its first line approves and says more") \
	X(NO_DRAFT, "no-draft", "its first line answers neither the draft nor a mail of ours that asks for it") \
	X(OLD_DRAFT, "old-draft", "it answers a draft after which there was another") \
	X(OVERTAKEN, "overtaken", "it waited or was read late, and the inquiry has moved on since it came") \
	X(UNKNOWN_TAG, "unknown-tag", "no such tag here") \
	X(SEVERAL_TAGS, "several-tags", "it carries tags that contradict each other") \
	X(BAD_ARGUMENT, "bad-argument", "what follows the word could not be understood") \
	X(MERGED, "merged", "the inquiry that it names or answers was the same as another") \
	X(SAME_ALREADY, "same-already", "the inquiry that it names is this one already") \
	X(OTHER_CLOSED, "other-closed", "the inquiry that it names is closed") \
	X(DEADLINE_LOST, "deadline-lost", "a word has started a deadline that the other workflow does not have") \
	X(SPLIT_ALREADY, "split-already", "the inquiry was split before") \
	X(PARTS_MOVED, "parts-moved", "parts of the inquiry have gone on since it was split") \
	X(NO_INQUIRY, "no-inquiry", "it belongs to no inquiry") \
	X(TWO_CANDIDATES, "two-candidates", "more than one inquiry is meant") \
	X(CLOSED, "closed", "the inquiry is closed") \
	X(NOT_HUMAN, "not-human", "no person wrote it") \
	X(SPAM, "spam", "a filter on the way took it for spam") \
	X(NO_SENDER, "no-sender", "there is not exactly one valid sender") \
	X(NOT_OPENING, "not-opening", "it does not answer the mail that opened the inquiry") \
	X(OVERVIEW, "overview", "it answers a mail of ours that shows more than one thing") \
	X(NOT_LATEST, "not-latest", "it answers an older mail than the one that made the last change") \
	X(NOTHING_TO_UNDO, "nothing-to-undo", "there is no change to undo") \
	X(SEEN_BEFORE, "seen-before", "the same mail was seen in another folder or place") \
	X(OWN_ID, "own-id", "it carries an id that we recorded when we sent it") \
	X(BEFORE_START, "before-start", "it arrived before open_since") \
	X(ELSEWHERE, "elsewhere", "it was decided in another mailbox, and is addressed to this one as well") \
	X(PERHAPS_NEW, "perhaps-new", "it may be a new matter in the thread of another") \
	X(PERHAPS_ANSWER, "perhaps-answer", "it may be the answer, from another than whom it is expected from") \
	X(NOT_TOGETHER, "not-together", "it goes to nobody of those together with whom that is decided") \
	X(UNKNOWN_LIST, "unknown-list", "the name that follows the word is that of no list or group") \
	X(NO_AUDIENCE, "no-audience", "nobody is known to whom the answer would be restricted") \
	X(FAILURE, "failure", "it tells that something did not arrive, or is no receipt for it") \
	X(CONFIDENTIAL, "confidential", "its subject says that it is confidential") \
	X(UNREADABLE, "unreadable", "it could not be read")

enum decide_reason {
#define X(name, word, sentence) DECIDE_BY_##name,
	DECIDE_REASONS(X)
#undef X
};

/* Where a mail goes: from outside to us, from us to somebody outside, or neither. */
enum decide_way { DECIDE_WITHIN, DECIDE_IN, DECIDE_OUT };

/* "within", "in", "out" */
const char *decide_way_word(enum decide_way way);

const char *decide_outcome_word(enum decide_outcome outcome);
const char *decide_reason_word(enum decide_reason reason);
const char *decide_reason_sentence(enum decide_reason reason);

/* A known message that this one answers, newest first. */
struct decide_ancestor {
	const char *from;		/* address; NULL when there was no valid one */
	const char *subject;
	int64_t arrived_at;
	int64_t mail, inquiry;		/* row ids; 0: a mail of ours, and it belongs to none */
	bool waiting;			/* it waits for a person in the owner's list */
	bool answer;			/* likewise, and is of its inquiry beyond doubt (DECIDE_BY_NO_RULE) */
	bool parent;			/* it is answered directly */
	bool own;			/* a mail of ours */
	bool overview;			/* of ours, and it shows more than one inquiry or waiting mail */
	const char *asker, *addressed_to;	/* of what waits: see struct decision */
};

/* A shared mailbox, as far as decisions ask. */
struct decide_mailbox {
	const char *name, *title;
	struct message_strings addresses, channels;	/* lower case */
	const struct workflow *workflow;
	const struct workflow *const *others;		/* that are asked before it whether they open a matter */
	size_t others_count;
	bool warns_of_cpr;				/* a workflow of it says so */
};

/* Everything that may bear on the decision, gathered from the database and the configuration. */
struct decide_facts {
	const struct workflow *workflow;		/* the found inquiry's, else the mailbox's */
	const struct workflow *opening;			/* that a new inquiry would follow; NULL: the mailbox's */
	const struct decide_mailbox *mailbox;		/* where the message lies: what it opens belongs there */
	const struct decide_mailbox *mailboxes;		/* all of them, for [FLYT TIL …] */
	size_t mailboxes_count;
	const struct directory *directory;
	const struct calendar *calendar;
	struct thread_result thread;			/* which inquiry, by which evidence */
	const struct inquiry *inquiry;			/* the one found; NULL: none, or two candidates */
	const struct decide_ancestor *ancestors;
	size_t ancestors_count;
	bool parent_unknown;				/* it answers something of which nothing is known here */
	bool passed_on_before;				/* it passes on, from outside, what another mail of ours names already */
	bool stray_receipt;				/* a receipt (A1) of which nobody knows for which inquiry: opens none */
	bool past;					/* it arrived before open_since: imported, not acted upon */
	const struct inquiry *before;			/* image before the inquiry's last change; NULL: none (for [FORTRYD]) */
	const char *before_by;				/* id of the person who made that change, or NULL */
	int64_t before_at;				/* when the mail that made it arrived */
	int64_t draft_at;				/* when the newest mail from who writes the answer to the sender came; 0 */
	int64_t said_at;				/* of what is decided once more: when it was first here; 0: now */
	int64_t latest_at;				/* likewise: when a person's newest other mail of it came */
	const struct inquiry *named;			/* what [HØRER TIL KEY] or [SAMME SOM KEY] names; NULL: no such */
	const struct workflow *named_workflow;		/* that it follows */
	const char *merged;				/* key by which it was found of what was the same as the inquiry; NULL */
	const struct inquiry *parts;			/* for [FORTRYD]: the others that the inquiry was split into */
	size_t parts_count;
	const char *part_key;				/* for [DEL n]: the key of the second part */
	const char *next_key;				/* the key that a new inquiry would get */
};

struct decide_event {
	const struct message *message;
	struct trust trust;
	int64_t arrived_at;		/* INTERNALDATE, on our clock */
};

/* A mail that the decision wants sent at once (in sending hours), not with the morning mail. */
#define DECIDE_WARNING_TEMPLATE "cpr-advarsel"	/* to who sent something like a personal number outside (I5) */
#define DECIDE_INTERIM_TEMPLATE "mellemsvar"	/* [MELLEMSVAR …]: what to tell the citizen */

struct decide_mail {
	const char *to;			/* address */
	const char *template;
	bool aside;			/* about the mail itself, whatever becomes of its inquiry */
	bool once;			/* to who asked: when nobody can tell whether it went, a person sees to it */
};

struct decision {
	enum decide_outcome outcome;
	enum decide_reason reason;
	enum decide_way way;		/* for the counts (P4) */
	const char *rule;		/* cite of the rule, or the verb; NULL */
	const char *tag;		/* the tag in question; NULL */
	const char *acting_role;	/* of the sender; NULL: none */
	const char *actor;		/* id of the person, or NULL */
	const char *case_link;		/* in the message; NULL: none */
	const char *asker;		/* of what waits: whose letter it is, by address; NULL: unknown */
	const char *addressed_to;	/* likewise: to whom it was written (core/addressee); NULL: unknown */
	bool changed;			/* after holds the new image (of facts.inquiry, or of a new one) */
	struct inquiry after;
	struct inquiry *others;		/* that change with it, or are new (id 0): [DEL n], and what takes it back */
	size_t others_count;
	int64_t waiting;		/* row id of the waiting message that this settles; 0: none. How, is one of these: */
	bool place;			/* [HØRER TIL KEY]: it belongs to facts.named: decide it again */
	bool adopt;			/* [NY HENVENDELSE], or an answer passed on: it belongs to this inquiry */
	bool dismiss;			/* [IKKE HENVENDELSE]: it is no inquiry */
	struct decide_mail mails[8];
	size_t mails_count;
};

/*
 * Decides what becomes of a message. Strings live in the arena or in the facts.
 *
 * Bodies are not kept, so what waits for a person's word is decided later by little: header and subject, a first line
 * that approves, the case link, whose letter it is and to whom. Other links and attachments are gone by then, and no
 * rule asks for them. It speaks of what stood when it came: to an inquiry whose round or step began after that it does
 * nothing, and the owner is told.
 */
void decide_message(struct arena *arena, const struct decide_facts *facts, const struct decide_event *event,
	struct decision *ret_decision);

/*
 * Of what belongs to no inquiry: the workflow that decides it. The first of the mailbox's other workflows that would
 * open a matter by it, or whose word it says; else the mailbox's own.
 */
const struct workflow *decide_choose_workflow(struct arena *arena, const struct decide_facts *facts,
	const struct decide_event *event);

#endif
