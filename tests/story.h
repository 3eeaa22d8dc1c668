/*
 * story - mails one after another through the real clerk and an in-memory database, with the shipped workflow.
 *
 * A story is a table of acts; each says who writes what to whom and what must come of it. People are named by their
 * ids in conf/people.conf, "mt" is the shared mailbox, whatever its name, anything with an @ stands for itself.
 */
#ifndef TESTS_STORY_H
#define TESTS_STORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct story_act {
	const char *at;			/* "2026-03-24 09:12", local time; NULL: a minute after the act before */
	const char *from, *to, *cc;	/* several separated by spaces */
	const char *subject;
	int copy_of;			/* another copy of the mail of that act: the same content identity */
	int answers;			/* the act (1 for the first) that this one answers; 0: none; -1: something never seen */
	bool unseen;			/* it answers something never seen that was an answer to `answers` */
	const char *text;		/* above any quote: its first line and links count; NULL: none */
	const char *quoted_from, *quoted_to;	/* in the head of the mail that is quoted below the text */
	const char *quoted_on;			/* the day that it says: "2026-03-20"; NULL: none that can be read */
	const char *sender;		/* Sender: on behalf of From */
	bool forged;			/* our server vouches for nobody */
	bool automatic;			/* a program wrote it */
	const char *bounced;		/* a server says that the mail of act `answers` has not reached him */
	bool spam, encrypted;
	const char *outcome;		/* what must come of it */
	const char *rule;		/* cite or verb; NULL: not asked */
	const char *reason;		/* likewise */
	const char *step;		/* where the inquiry then is; NULL: not asked */
	const char *key;		/* whose it is then, where that is not of the mailbox's own workflow; NULL: not asked */
	int inquiry;			/* which inquiry (1 for the first opened); 0: none, or not asked */
	const char *mail;		/* "template>person" that the act puts into the outbox; NULL: none may be there */
};

enum { STORY_ACTS_MAX = 24 };

struct story {
	const char *name;
	const char *conf;		/* another configuration than the shipped one, below the checkout */
	struct story_act acts[STORY_ACTS_MAX];
	const char *promised;		/* the day that the citizen was promised: "2026-04-14"; "" for none */
	const char *deadlines;		/* at the end, what is still to be met: "svar 2026-03-30, aktindsigt 2026-04-01" */
	/* at the end, of the first inquiry; NULL or 0: not asked */
	const char *holder, *unseen, *due, *addressed_to, *asker, *closed;	/* "" where there is none */
	const char *noted;		/* "rykket 2026-03-30"; "" where there is nothing */
	int round;
	const char *absent;		/* what stands nowhere in the database at the end, in no table; several by blanks */
};

/* A cmocka test: *state is a struct story. */
void story_test(void **state);

#endif
