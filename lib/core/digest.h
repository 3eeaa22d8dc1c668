/*
 * digest - the letters to people inside the house: the one morning mail, and single letters. Pure.
 *
 * One mail a person a morning holds everything that concerns him, of all mailboxes: what he is reminded of, what he is
 * to see, what could not be placed. Of more than one mailbox each part says to which it belongs. Around every letter
 * goes the template `morgenmail` (text and HTML); what is said about one inquiry is the template of the rung or of the
 * single letter (conf/templates/README). A mail about one inquiry alone has that template's subject and threads with
 * the inquiry's opening message.
 *
 * No subject of ours ever carries a bracketed tag, so that a reply to it never says one that its writer did not write.
 * What comes from outside is made harmless here: control and invisible characters go, CPR numbers are masked.
 */
#ifndef CORE_DIGEST_H
#define CORE_DIGEST_H

#include "base/arena.h"
#include "base/err.h"
#include "core/compliance.h"
#include "core/decide.h"
#include "core/directory.h"
#include "core/letter.h"
#include "core/register.h"
#include "core/template.h"
#include "core/workflow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define DIGEST_WRAPPER "morgenmail"	/* the template around all letters */
#define DIGEST_REFUSED "ikke-talt"	/* to a trusted sender: his tag or verb did not count, and why */
#define DIGEST_SPLIT "delt"		/* to the owner: what a letter was split into */
#define DIGEST_CITIZEN "mellemsvar-borger"	/* no letter of ours: the words to the citizen in DECIDE_INTERIM_TEMPLATE */
#define DIGEST_COURSES "kurser"		/* to a leader, once a quarter: how his units fulfil what is asked */

enum {
	DIGEST_EMPTY = 1,		/* condition: there is nothing to say, no mail goes */
	DIGEST_ROWS_MAX = 200,		/* shown of one list; then it says how many more there are */
	DIGEST_WIDTH = 72,		/* columns of the text part */
};

/* A shared mailbox, and whom a person may ask about it. */
struct digest_mailbox {
	const char *title, *address;
	const char *owner_name, *owner_address;
	struct message_strings addresses;	/* all of the mailbox's addresses, lower case */
};

/* What all letters need. */
struct digest_house {
	const struct directory *directory;
	const struct digest_mailbox *mailbox;	/* From; of a morning mail the first that it says something of */
	const struct template_file *templates;
	size_t templates_count;
	int64_t now;
};

enum { DIGEST_OTHERS_MAX = 3 };		/* shown of what else a citizen has open */

/* Another open inquiry of the same citizen. */
struct digest_other {
	const char *key;
	const char *subject;		/* NULL: the reader may not know it, or there is none */
	const char *mailbox;		/* title */
};

/* One inquiry in a mail. */
struct digest_row {
	const struct register_row *row;
	const struct digest_mailbox *mailbox;	/* the inquiry's */
	const char *template;		/* of a reminder: its rung's template; in an overview: NULL */
	bool copy;			/* of a reminder: the person is on cc of the rung */
	const char *opening_id;		/* Message-ID of the message that opened the inquiry, without brackets; NULL */
	const char *sent_in_by;		/* name of the colleague or member who sent that; NULL: none of us */
	const struct digest_other *others;	/* what else its citizen has open, as far as the reader may know it */
	size_t others_count;
};

/* One view of the register; a row that the mail shows already is not shown again. */
struct digest_overview {
	enum workflow_view view;
	const struct digest_row *rows;
	size_t count;
};

/* A mail that waits for the owner of the mailbox. */
struct digest_waiting {
	const char *from, *subject;	/* both NULL: it could not be read */
	int64_t arrived_at;
	enum decide_reason reason;
	const char *folder;		/* where it lies; NULL */
};

/* A mail of ours that did not reach its addressee. */
struct digest_undelivered {
	const char *to, *subject;
	const char *reply;		/* what the server said; NULL */
	int64_t at;
};

/* How much came and went from one day to another, both included, and how much of it is answered. */
struct digest_volume {
	int first, last;		/* dates */
	struct register_volume counts;
};

/* What a person is to see of one mailbox beside his reminders. */
struct digest_section {
	const struct digest_mailbox *mailbox;
	const struct digest_overview *overviews;
	size_t overviews_count;
	const struct digest_waiting *waiting;
	size_t waiting_count, waiting_total;	/* total: how many there are, those listed here included */
	const struct digest_undelivered *undelivered;
	size_t undelivered_count;
	const struct digest_volume *volumes;
	size_t volumes_count;
	size_t confidential;		/* mails that are not registered (D1) */
};

struct digest_morning {
	const struct directory_person *person;
	const struct digest_row *reminders;	/* of two about one inquiry the first is shown */
	size_t reminders_count;
	const struct digest_section *sections;
	size_t sections_count;
};

/* A letter about one thing, sent at once. */
struct digest_single {
	const char *template;
	const char *name, *address;		/* to whom; name may be NULL */
	const struct digest_row *row;		/* NULL: it is about no inquiry */
	const struct workflow *workflow;	/* DIGEST_REFUSED: that whose word it is */
	const char *tag;			/* DIGEST_REFUSED: the word in question, without brackets; NULL */
	enum decide_reason reason;		/* DIGEST_REFUSED */
	const char *in_reply_to;		/* the message that it answers; NULL: the row's opening message */
	struct message_strings references;	/* of the message that it answers, oldest first */
	const struct compliance_report *report;	/* DIGEST_COURSES; NULL: of any other */
	const struct inquiry *parts;		/* DIGEST_SPLIT: all, the row's own first */
	size_t parts_count;
	const char *refer_to;			/* CONFIDENTIAL_TEMPLATE: to whom he may write instead; NULL */
};

/* The names that the template of this name may use. */
const struct template_variables *digest_variables(const char *name);

/* Composes a person's morning mail. DIGEST_EMPTY: see above. -1: a template is missing or its result too large. */
NODISCARD int digest_compose(struct arena *arena, const struct digest_house *house,
	const struct digest_morning *morning, struct letter *ret_letter, struct err *err);

/* Composes a single letter. -1 as above. */
NODISCARD int digest_compose_single(struct arena *arena, const struct digest_house *house,
	const struct digest_single *single, struct letter *ret_letter, struct err *err);

/*
 * Danish, one sentence: why a mail did not count or could not be placed; and what would have worked. Never NULL. Of
 * DECIDE_BY_WRONG_ROLE a letter says more: whose word it is.
 */
const char *digest_reason_why(enum decide_reason reason);
const char *digest_reason_remedy(enum decide_reason reason);

/*
 * A mailto: link (RFC 6068) with a subject and, unless it is NULL, an address in Cc: every byte that is not unreserved
 * is percent-encoded, but for the @ of the address. Several addresses are separated by commas.
 */
const char *digest_mailto(struct arena *arena, const char *address, const char *subject, const char *copy);

enum { DIGEST_MAILTO_MAX = 2000 };	/* bytes: what the mail programs of Windows are handed of a link */

/* The same with a text of several lines, and no copy; NULL: it would be longer than DIGEST_MAILTO_MAX. */
const char *digest_mailto_text(struct arena *arena, const char *address, const char *subject, const char *body);

#endif
