/*
 * store_private - what the files of store and outbox share.
 */
#ifndef IO_STORE_PRIVATE_H
#define IO_STORE_PRIVATE_H

#include "io/db.h"
#include "io/store.h"

struct store {
	struct db *db;
	int lock;		/* descriptor of the lock file; -1: none */
	struct arena scratch;	/* of the decision that is being stored */
	bool has_secret;	/* asker_secret is that of the database */
	uint8_t asker_secret[32];
};

/* A list in one column, items separated by line feeds; and back. An empty list is "". */
char *store_join(struct arena *arena, const struct message_strings *strings);
struct message_strings store_split(struct arena *arena, const char *column);

/* A growing array in an arena, and room for one more item in it. */
struct store_list {
	struct arena *arena;
	void *items;
	size_t size, count, capacity;
};
void *store_list_add(struct store_list *list);

/* The outcome, the reason of a word; one that is not known comes from a database that a person has edited. */
enum decide_outcome store_read_outcome(const char *word);
enum decide_reason store_read_reason(const char *word);

/* Makes the secret of the database, if it has none yet. */
NODISCARD int store_make_secret(struct store *store, struct err *err);

/* The keyed hash of an address, however it is written. */
NODISCARD int store_hash_asker(struct store *store, const char *address, uint8_t ret_hash[32], struct err *err);

#endif
