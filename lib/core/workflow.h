/*
 * workflow - one municipal guideline as plain data: steps, rules, deadlines with their ladders of reminders.
 *
 * Read from conf/workflows/<name>.conf by io/conf. No municipality is known to C. The words that a file may use:
 *
 *   steps      in the order in which an inquiry normally meets them. A rule that jumps forward passes over the steps
 *              between: they are recorded as not seen.
 *   rules      cite (the guideline's rule), from (steps; none: workflow_rule_is_for()), to (step; none: stays), when
 *              (conditions), assign, round = "next" (the matter comes back: round 2), note (a word that the register
 *              shows with its day), mails (who is told at once), starts and stops (a deadline each).
 *   when       every condition named must hold; what each may say is listed at struct workflow_when.
 *   tags       the words in brackets that rules ask for, each with the other words that people use for it.
 *   deadlines  start and stop are steps; the clock runs from the arrival of the message that entered `start` until a
 *              `stop` step or a final step is entered. In a step of `stands` it stands still: what is left is kept, and
 *              goes on from the arrival of the message that leads to another step. A rule may start and stop it, too:
 *              what a rule stopped, no step sets going again. A deadline that only rules start knows no rounds, and
 *              outlasts a final step: the inquiry has ended when it is stopped.
 *
 * Role words with a meaning of their own:
 *
 *   mailbox      whoever sends as the shared mailbox; nobody knows who that was
 *   kanal        a channel of the mailbox: scanned letters, Digital Post
 *   medarbejder  anybody in the directory who is in no role's group, and the assigned caseworker
 *   formand      who chairs a list of people.conf; in mails: the chair of the list that the tag names
 *   indefra      anybody in our own mail domains or in the directory
 *   udefra       anybody else
 *   spørger      who asked: the citizen of this inquiry
 *   ansvarlig    in ladders: who holds the step
 */
#ifndef CORE_WORKFLOW_H
#define CORE_WORKFLOW_H

#include "base/arena.h"
#include "core/calendar.h"
#include "core/directory.h"
#include "core/message.h"

#include <stdbool.h>
#include <stddef.h>

#define WORKFLOW_ROLE_MAILBOX "mailbox"
#define WORKFLOW_ROLE_CHANNEL "kanal"
#define WORKFLOW_ROLE_EMPLOYEE "medarbejder"
#define WORKFLOW_ROLE_CHAIR "formand"
#define WORKFLOW_ROLE_INSIDER "indefra"
#define WORKFLOW_ROLE_OUTSIDER "udefra"
#define WORKFLOW_ROLE_ASKER "spørger"
#define WORKFLOW_ROLE_HOLDER "ansvarlig"
#define WORKFLOW_REVIEW_TEMPLATE "gennemsyn"

enum {
	WORKFLOW_STEPS_MAX = 32,
	WORKFLOW_RULES_MAX = 128,
	WORKFLOW_DEADLINES_MAX = 8,
	WORKFLOW_RUNGS_MAX = 16,
	WORKFLOW_ROLES_MAX = 32,
	WORKFLOW_TAGS_MAX = 32,
	WORKFLOW_DIGESTS_MAX = 8,
	WORKFLOW_ADDRESSEES_MAX = 16,
};

struct workflow_step {
	const char *id;
	const char *title;			/* what a person reads: "hos sagsbehandler" */
	const char *holder;			/* role; NULL only on a final step */
	bool optional;				/* who does not pass it has missed nothing: never "ikke set" */
	bool final;
	bool names_recipient;			/* of a final step: the register says to whom the mail that ended it went */
	bool has_review;
	struct calendar_length review;		/* the holder is reminded whenever the step has lasted this long */
	const char *template;			/* of that reminder; NULL: WORKFLOW_REVIEW_TEMPLATE */
	const char *source;			/* "mt.conf:14" */
};

/* What follows the word of a tag. LIST: a list or group of the directory, by name. */
enum workflow_argument { WORKFLOW_ARGUMENT_NONE, WORKFLOW_ARGUMENT_LIST };

struct workflow_tag {
	const char *name;			/* "RETUR": what rules say; upper case */
	enum workflow_argument argument;
	bool in_forward;			/* counts also in a forward, in front of its prefix */
	struct message_strings aliases;		/* "KOMMENTARER": what people may write instead; upper case */
	const char *source;
};

/* What a condition on a yes-or-no fact asks. */
enum workflow_want { WORKFLOW_ANY, WORKFLOW_YES, WORKFLOW_NO };

/* Where the shared mailbox stands in the message: a mailbox in neither To nor Cc got it by Bcc. */
enum workflow_place { WORKFLOW_PLACE_ANY, WORKFLOW_PLACE_TO, WORKFLOW_PLACE_CC, WORKFLOW_PLACE_BCC };

/*
 * Conditions are independent of each other and each is about one thing, so that workflow_check() can decide whether
 * two rules meet. The sender has one acting role; a recipient, and who sent the parent, has every role that is his.
 * What else he is (also, not_also) is asked apart.
 * The place of the mailbox is one of three. Roles in `to`, `cc` and their likes are never "mailbox": that is `mailbox`.
 * What is sent to a distribution list is sent to whomever it stands for.
 */
struct workflow_when {
	enum workflow_want known;		/* thread = "new" (NO) or, unsaid, "known" (YES); never ANY */
	struct message_strings sender;		/* sender = acting role, any of these; empty: anybody */
	struct message_strings also, not_also;	/* also = the sender has one of these roles, in whichever he acts; none */
	struct message_strings to;		/* to = somebody in To has one of these roles */
	struct message_strings not_to;		/* not_to = nobody in To has any of these roles */
	struct message_strings cc, not_cc;	/* likewise of To and Cc together */
	const char *tag;			/* tag = this fresh tag or an alias of it; NULL: a rule by shape */
	struct message_strings parent;		/* parent = the newest known ancestor was sent by one of these roles */
	enum workflow_want trusted;		/* trusted = true */
	enum workflow_want link;		/* link = true: a case link, number or shortcut is in the message */
	enum workflow_want outside;		/* outside = true: somebody in To is outside our domains */
	enum workflow_want forward;		/* forward = true or false */
	enum workflow_want receipt;		/* receipt = true: its subject is that of a receipt (receipt_words) */
	enum workflow_want encrypted;		/* encrypted = true: only its recipient can read it */
	enum workflow_want asker;		/* asker = true: it is a letter of who asked, his own mail or passed on */
	enum workflow_want reaches;		/* reaches = true: with the mails before everybody has got it (core/reach) */
	enum workflow_place mailbox;		/* mailbox = "to", "cc", "bcc" */
	bool copy;				/* copy = true: nothing but who wrote to whom points here (THREAD_COPY) */
	bool automatic;				/* automatic = true: mail that no person wrote matches, too */
};

enum workflow_source { WORKFLOW_FROM_SENDER, WORKFLOW_FROM_TO, WORKFLOW_FROM_CC };

/*
 * Who gets a role for this inquiry; who is not found changes nothing. "to": whoever stands in To; "cc": in To or Cc. A
 * role that has a group goes to those who are in it, any other to the first employee.
 */
struct workflow_assign {
	const char *role;
	enum workflow_source from;
};

struct workflow_mail {
	struct message_strings to;		/* roles; each person gets a mail of his own */
	const char *template;
};

/* To whom a rule restricts the answer: to who asked; to whom the tag's argument names. */
enum workflow_audience { WORKFLOW_AUDIENCE_SAME, WORKFLOW_AUDIENCE_ASKER, WORKFLOW_AUDIENCE_NAMED };

struct workflow_rule {
	const char *cite;			/* "A3" or "A10b": unique in the file */
	struct message_strings from;		/* step ids; empty: any step that is not final */
	const char *to;				/* step id; NULL: the step stays, which may then be a final one */
	struct workflow_when when;
	const struct workflow_assign *assign;
	size_t assign_count;
	bool next_round;
	const char *note;			/* what the register says of it, with the day: "rykket"; NULL: nothing */
	const char *starts, *stops;		/* names of deadlines; NULL: none */
	enum workflow_audience audience;
	bool reached;				/* it went another way, and counts as having reached everybody */
	const struct workflow_mail *mails;	/* sent when something has changed; a note is such a change */
	size_t mails_count;
	const char *source;
};

struct workflow_rung {
	struct calendar_length at;		/* relative to the due day; in `unassigned`: to the day of arrival */
	struct message_strings to, cc;		/* roles; a role that nobody has falls to the owner roles */
	const char *template;
	const char *source;
};

struct workflow_deadline {
	const char *name;
	struct message_strings start, stop, stands;	/* step ids; no start: a rule starts it */
	struct calendar_length length;
	bool closing_days;			/* configured closing days are no working days */
	bool from_letter;			/* counts_from = "letter": see change_clock.h */
	bool restart;				/* round = "restart": a new round has a new clock; else what was left */
	const struct workflow_rung *ladder, *unassigned;	/* each rung comes after the one before it */
	size_t ladder_count, unassigned_count;
	const char *source;
};

enum workflow_view {
	WORKFLOW_VIEW_OWN, WORKFLOW_VIEW_ALL, WORKFLOW_VIEW_PLACES, WORKFLOW_VIEW_OWNER, WORKFLOW_VIEW_SHARES
};

/* Who gets which morning digest: his own matters, all, where each lies, all and what could not be placed; figures. */
struct workflow_digest {
	const char *role;
	enum workflow_view view;
	const char *source;
};

/* Mail that must not be registered (D1): the words that say so, and to whom its sender may write instead. */
struct workflow_confidential {
	struct message_strings words;		/* "FORTROLIGT"; upper case; none: everything is registered */
	struct message_strings refer_to;	/* roles */
	const char *source;			/* NULL: the file says nothing of it */
};

/* Somebody whom citizens write to (A1), and the words by which he is known (core/addressee.h). */
struct workflow_addressee {
	const char *title;			/* "borgmesteren": what the register shows */
	struct message_strings words;
	const char *source;
};

struct workflow {
	const char *id;				/* file name without .conf */
	const char *name;			/* "Borgmesterhenvendelse" */
	const char *key;			/* "MT": keys are MT-2026-0042 */
	struct message_strings roles;		/* in the order in which a sender's acting role is looked for */
	const char *roles_source, *owners_source, *assigned_source;	/* file:line of these lists */
	const char *interim_to;			/* whom [MELLEMSVAR …] sends the text for the citizen; NULL: the owners */
	struct message_strings owners;		/* may use the built-in verbs, see what cannot be placed */
	struct message_strings assigned;	/* had for one inquiry by assignment, when anybody is assigned */
	bool warns_of_cpr;			/* who sends something like a personal number outside is told (I5) */
	const char *audience;			/* the role whose group an answer must reach; NULL: nobody asks for that */
	struct message_strings case_numbers;	/* case_links: patterns of numbers and URLs (core/caselink.h) */
	struct message_strings receipt_words;	/* in the subject of a receipt that follows as a second mail */
	struct message_strings delivery_words;	/* in a program's letter that says that the answer has arrived (A10) */
	struct workflow_confidential confidential;
	const struct workflow_addressee *addressees;	/* in the order of their importance */
	size_t addressees_count;
	const struct workflow_digest *digests;
	size_t digests_count;
	const struct workflow_tag *tags;
	size_t tags_count;
	const struct workflow_step *steps;
	size_t steps_count;
	const struct workflow_rule *rules;
	size_t rules_count;
	const struct workflow_deadline *deadlines;
	size_t deadlines_count;
	const char *source;
};

/* Has the word a meaning of its own, so that no group of people can be called it? */
bool workflow_role_is_reserved(const char *role);

/*
 * Is the rule for this step? Without `from` it is for all that are not final; one that only stops a deadline is for the
 * final ones, too, where a deadline that a rule started may still run.
 */
bool workflow_rule_is_for(const struct workflow *workflow, const struct workflow_rule *rule, int step);

/* The position of the step with this id, or -1. */
int workflow_step_index(const struct workflow *workflow, const char *id);

/* The deadline of this name, or NULL. */
const struct workflow_deadline *workflow_deadline(const struct workflow *workflow, const char *name);

/* The name of the tag that this word is, or is an alias of; NULL when there is none. The word is upper case. */
const char *workflow_tag_name(const struct workflow *workflow, const char *word);

/* One thing that is wrong with the configuration. */
struct workflow_fault {
	const char *source;			/* file:line */
	const char *text;			/* what is wrong and what would be right, one line */
};

struct workflow_faults {
	struct workflow_fault *items;
	size_t count, capacity;
	struct arena *arena;			/* owner of items and texts */
};

enum { WORKFLOW_FAULTS_MAX = 500 };		/* the last one then says that there are more */

void workflow_fault_add(struct workflow_faults *faults, const char *source, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* "; did you mean \"hos-spl\"?" when one of the known words is near to this one, else "". */
const char *workflow_did_you_mean(struct arena *arena, const struct message_strings *known, const char *word);

/*
 * Proves that the workflow can be lived by; adds every fault it finds:
 * a name that is not declared or declared twice; a role nobody can hold; a template that does not exist (templates
 * lists those that do); a step that no rule reaches; a step from which no rules lead to a final one; a non-final step
 * without a holder, or without a running deadline or review; a ladder that does not rise; a rule that could never
 * match; two rules that can both match one message with different outcomes, with an example message for which they do.
 * Directory and templates may be NULL: what they hold is not known, and nothing is asked of them.
 */
void workflow_check(const struct workflow *workflow, const struct directory *directory,
	const struct message_strings *templates, struct workflow_faults *faults);

/*
 * The part of it that looks at names only, for a file that was read with faults: texts may be NULL. Returns whether
 * the steps and the rules' ways between them are sound enough for the rest.
 */
bool workflow_check_names(const struct workflow *workflow, const struct directory *directory,
	const struct message_strings *templates, struct workflow_faults *faults);

/* The part that compares the rules with each other, and with what a message can be (workflow_pairs.c). */
void workflow_check_rules(const struct workflow *workflow, const struct directory *directory,
	struct workflow_faults *faults);

/*
 * Two workflows of one mailbox, the first of which is asked first whether a message opens a matter: adds a fault, at
 * source, for rules of both that can open one by the same message, with an example. Only where the first names a group
 * and the second anybody of the house is the order meant.
 */
void workflow_check_together(const struct workflow *first, const struct workflow *second,
	const struct directory *directory, const char *source, struct workflow_faults *faults);

/* The part that asks whom answers must reach (workflow_reach.c). */
void workflow_check_reach(const struct workflow *workflow, const struct directory *directory,
	struct workflow_faults *faults);

/* The part that follows the rules from step to step (workflow_graph.c). The names in the workflow are sound. */
void workflow_check_graph(const struct workflow *workflow, struct workflow_faults *faults);

#endif
