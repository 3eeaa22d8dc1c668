/*
 * Blocks in a list, filled from the front one; nothing is freed before the whole. Memory is zero when it is handed out,
 * so a struct or a text from an arena begins empty and ends in NUL. Running out of memory ends the program: the
 * database is the truth, and the supervisor starts it again; sizes that a sender chooses are capped before they get
 * here.
 */
#include "base/arena.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BLOCK_SIZE = 16 * 1024, ALIGNMENT = 16, FIRST_CAPACITY = 16 };

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	_Alignas(ALIGNMENT) char data[];
};

static struct arena_block *block_new(struct arena_block *next, size_t size)
{
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		abort();
	block->next = next;
	block->size = size;
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;

	if (size > SIZE_MAX / 2)
		abort();
	size = (size + ALIGNMENT - 1) & ~(size_t)(ALIGNMENT - 1);
	if (!block || block->size - block->used < size) {
		/* A large piece gets a block of its own behind the current one, which stays open for small pieces. */
		if (block && size > BLOCK_SIZE / 4) {
			struct arena_block *large = block_new(block->next, size);

			block->next = large;
			large->used = size;
			return large->data;
		}
		block = arena->blocks = block_new(block, size > BLOCK_SIZE ? size : BLOCK_SIZE);
	}
	block->used += size;
	return block->data + block->used - size;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		abort();
	return arena_alloc(arena, count * size);
}

char *arena_strndup(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1);

	memcpy(copy, text, length);
	return copy;
}

/* The old items stay where they are until the arena goes: doubling keeps that below the size of the list. */
void *arena_grow(struct arena *arena, void *items, size_t count, size_t *capacity, size_t size)
{
	void *grown;

	if (count < *capacity)
		return items;
	*capacity = *capacity ? 2 * *capacity : FIRST_CAPACITY;
	grown = arena_array(arena, *capacity, size);
	if (count)
		memcpy(grown, items, count * size);
	return grown;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return text ? arena_strndup(arena, text, strlen(text)) : NULL;
}

char *arena_printf(struct arena *arena, const char *format, ...)
{
	va_list args, again;
	int length;
	char *text;

	va_start(args, format);
	/* Measured first, then written: a text is never cut here. */
	va_copy(again, args);
	length = vsnprintf(NULL, 0, format, args);
	va_end(args);
	if (length < 0)
		abort();
	text = arena_alloc(arena, (size_t)length + 1);
	vsnprintf(text, (size_t)length + 1, format, again);
	va_end(again);
	return text;
}

static void free_blocks(struct arena_block *block)
{
	while (block) {
		struct arena_block *next = block->next;

		free(block);
		block = next;
	}
}

/* One block is kept: most of what is reset needs no more. */
void arena_reset(struct arena *arena)
{
	struct arena_block *kept = arena->blocks;

	if (!kept)
		return;
	free_blocks(kept->next);
	kept->next = NULL;
	memset(kept->data, 0, kept->used);
	kept->used = 0;
}

void arena_done(struct arena *arena)
{
	free_blocks(arena->blocks);
	arena->blocks = NULL;
}
