/*
 * thread - which inquiry a message belongs to: the ladder of evidence below. First rung that hits wins.
 *
 * io/store finds what each rung points at; this module, pure, weighs it. Two different inquiries on the winning rung,
 * or a key in tag position that contradicts what the headers say, are two candidates: nothing moves. But of those that
 * a mail of ours names, one key in tag position says which.
 */
#ifndef CORE_THREAD_H
#define CORE_THREAD_H

#include "core/message.h"

#include <stdbool.h>
#include <stdint.h>

/* X(name, word in JSON and database), what is asked of headers in falling order of weight */
#define THREAD_RUNGS(X) \
	X(NONE, "none") \
	X(OWN_ID, "own-id")			/* answers a mail of ours, by an id that we recorded */ \
	X(REFERENCE, "reference")		/* answers a known message; the newest reference first */ \
	X(KEY, "key")				/* the key in the subject, by one who takes part or is trusted internal */ \
	X(SHARED_REFERENCE, "shared-reference")	/* names an unseen message that a stored one names, too */ \
	X(RECEIPT, "receipt")			/* the secretariat's receipt for an inquiry that has just come (A1) */ \
	X(COPY, "copy")				/* nothing but who wrote to whom (I6): a guess that moves nothing */ \
	X(PLACED, "placed")			/* a person said so by [HØRER TIL KEY]: no hit, nothing is weighed then */

enum thread_rung {
#define X(name, word) THREAD_##name,
	THREAD_RUNGS(X)
#undef X
};

const char *thread_rung_word(enum thread_rung rung);

enum { THREAD_CANDIDATES_MAX = 8 };

/* What one piece of evidence points at. */
struct thread_hit {
	enum thread_rung rung;
	int64_t inquiry;		/* row id */
	int order;			/* on the reference rungs: 0 for what is answered directly, rising; else 0 */
	bool allowed;			/* on the key rung: the sender takes part or is trusted internal */
	bool lead;			/* on the key rung: the key stands in tag position */
};

struct thread_result {
	enum thread_rung rung;		/* NONE: belongs to nothing known */
	int64_t inquiry;		/* 0 when none or when there are several candidates */
	int64_t candidates[THREAD_CANDIDATES_MAX];	/* two or more, or none */
	size_t candidates_count;
};

/* Weighs the hits, in any order. */
void thread_find(const struct thread_hit *hits, size_t count, struct thread_result *ret_result);

#endif
