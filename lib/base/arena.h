/*
 * arena - memory that is freed all at once.
 *
 * Everything derived from one message, one pass or one configuration lives in one arena: no owner to ask for, no
 * free to forget. Memory comes zeroed. Running out of memory aborts the process: the database is the truth and
 * systemd starts us again. Callers therefore cap every size that a sender or a server chooses before they get here.
 * An arena belongs to one thread at a time.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

struct arena_block;

struct arena {
	struct arena_block *blocks;
};

#define ARENA_NULL { .blocks = NULL }

/* Zeroed memory of size bytes, aligned for any type, owned by the arena. Never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* How many things an array of fixed size holds. */
#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Room for count things of size bytes; aborts when the product overflows. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * An array that holds count things, with room for one more: the same, or one of twice the room into which they were
 * copied. items may be NULL, with capacity 0.
 */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size);

/* A NUL-terminated copy of text, or NULL for NULL. */
char *arena_strdup(struct arena *arena, const char *text);

/* A NUL-terminated copy of the first length bytes. */
char *arena_strndup(struct arena *arena, const char *text, size_t length);

/* printf into the arena. */
char *arena_printf(struct arena *arena, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Frees everything but one block, which is kept for what comes next: for work that is done again and again. */
void arena_reset(struct arena *arena);

/* Frees everything; the arena may be used again. Accepts a zeroed arena. */
void arena_done(struct arena *arena);

#endif
