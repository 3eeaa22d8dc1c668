/* What the tests of the outbox share: times, and a courier's whole attempt in one word. */
#ifndef UNIT_OUTBOX_FIXTURE_H
#define UNIT_OUTBOX_FIXTURE_H

#include "tests/unit/store_fixture.h"

enum { NOW = 1000, LATER = 2000, RETRY = 3000 };

static inline const char *state_of(struct fixture *f, int64_t outbox)
{
	return fixture_string(f, "SELECT state FROM outbox WHERE id = ?1", outbox);
}

static inline int64_t add_morning(struct fixture *f, const char *date, int64_t now)
{
	int64_t outbox;

	OK(f, outbox_begin_morning(f->store, date, now, &f->err));
	OK(f, outbox_add_morning(f->store, "mt", "olga", "olga@example.dk", date, "example.dk", now, &outbox, &f->err));
	return outbox;
}

static inline void claim(struct fixture *f, int64_t outbox)
{
	OK(f, outbox_claim(f->store, outbox, "Dagens frister", "kopi@example.dk", NULL, 0, &f->err));
}

/* The courier's whole attempt: the addressee's outcome and the copy's. */
static inline void settle(struct fixture *f, int64_t outbox, enum outbox_outcome addressee, enum outbox_outcome copy)
{
	static const char *const addresses[] = { "olga@example.dk", "kopi@example.dk" };
	static const char *const replies[] = { "250", NULL };
	const enum outbox_outcome outcomes[] = { addressee, copy };

	OK(f, outbox_settle(f->store, outbox, addresses, outcomes, replies, 2, NOW, RETRY, &f->err));
}

static inline size_t count_recipients(struct fixture *f, int64_t outbox)
{
	const char **addresses;
	size_t count;

	OK(f, outbox_recipients(f->store, &f->arena, outbox, &addresses, &count, &f->err));
	return count;
}

static inline int next(struct fixture *f, int64_t now, struct outbox_row *ret_row)
{
	int result = outbox_next(f->store, &f->arena, now, true, ret_row, &f->err);

	assert_in_range(result, 0, 1);
	return result;
}

/* Wants a single mail; how many rows there are then. */
static inline size_t wish(struct fixture *f, const char *template, int64_t mail, int64_t inquiry)
{
	OK(f, outbox_add_single(f->store, "mt", "a@example.dk", template, mail, inquiry, true, "example.dk", NOW, LATER,
		&f->err));
	return (size_t)fixture_number(f, "SELECT count(*) FROM outbox WHERE ?1 = ?1", 0);
}

#endif
