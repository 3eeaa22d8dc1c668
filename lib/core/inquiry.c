#include "core/inquiry.h"

#include <stdlib.h>
#include <string.h>

const char *inquiry_assigned(const struct inquiry *inquiry, const char *role)
{
	for (size_t i = 0; role && i < inquiry->assignments_count; i++)
		if (strcmp(inquiry->assignments[i].role, role) == 0)
			return inquiry->assignments[i].person;
	return NULL;
}

bool inquiry_is_assigned(const struct inquiry *inquiry, const char *role, const char *person)
{
	for (size_t i = 0; i < inquiry->assignments_count; i++)
		if (strcmp(inquiry->assignments[i].role, role) == 0 &&
		    strcmp(inquiry->assignments[i].person, person) == 0)
			return true;
	return false;
}

const char *inquiry_title(struct arena *arena, const struct inquiry *inquiry)
{
	if (!inquiry->part)
		return inquiry->subject;
	return arena_printf(arena, "%s%s(%s)", inquiry->subject ? inquiry->subject : "", inquiry->subject ? " " : "",
		inquiry->part);
}

const char *inquiry_key_after(struct arena *arena, const char *key, size_t places)
{
	const char *number = strrchr(key, '-') + 1;

	return arena_printf(arena, "%.*s%04lld", (int)(number - key), key, strtoll(number, NULL, 10) + (long long)places);
}

/* Of the clocks that run the one that is due first; NULL: none runs. */
const struct inquiry_clock *inquiry_next_clock(const struct inquiry *inquiry)
{
	const struct inquiry_clock *next = NULL;

	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		const struct inquiry_clock *clock = &inquiry->clocks[i];

		if (!clock->stopped_at && (!next || clock->due_at < next->due_at))
			next = clock;
	}
	return next;
}
