/*
 * compose - writes the letter that an outbox row wants, from what is true now.
 *
 * An intent whose inquiry has moved on is withdrawn here; a row with nothing left to say is empty.
 */
#ifndef ENGINE_COMPOSE_H
#define ENGINE_COMPOSE_H

#include "base/arena.h"
#include "core/letter.h"
#include "engine/clerk.h"
#include "io/outbox.h"

enum { COMPOSE_EMPTY = 1, COMPOSE_BROKEN = 2, COMPOSE_INQUIRIES_MAX = 500 };

struct composed {
	struct letter letter;
	int64_t inquiries[COMPOSE_INQUIRIES_MAX];	/* row ids of those that it shows, or as many as there is room for */
	size_t inquiries_count;
	bool overview;			/* it shows mails that wait, too */
};

/*
 * Composes the letter of a row, inside the transaction that the caller opened and under the clerk's lock.
 * COMPOSE_EMPTY: nothing is left to say. COMPOSE_BROKEN: this letter cannot be written (err says why: a template, a
 * workflow that is gone), others may. -1: the database fails.
 */
NODISCARD int compose_letter(struct clerk *clerk, struct arena *arena, const struct outbox_row *row,
	struct composed *ret_composed, struct err *err);

#endif
