/*
 * store_private - what the files of store and outbox share.
 */
#ifndef IO_STORE_PRIVATE_H
#define IO_STORE_PRIVATE_H

#include "io/db.h"
#include "io/store.h"

enum { STORE_IDS_MAX = 50 };	/* ids of one message that are looked up: the newest */

struct store {
	struct db *db;
	int lock;		/* descriptor of the lock file; -1: none */
	struct arena scratch;	/* of the decision that is being stored */
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

/* The ids that a message answers, each once, newest first: In-Reply-To, then References from last to first. */
size_t store_named_ids(const struct message *message, const char *ret_ids[STORE_IDS_MAX]);

/* The outcome, the reason of a word; one that is not known comes from a database that a person has edited. */
enum decide_outcome store_read_outcome(const char *word);
enum decide_reason store_read_reason(const char *word);

/*
 * Our mail that this id names: the Message-ID we made, also behind another domain, or one that a server gave it.
 * Columns: id, inquiry, subject, created_at.
 */
struct db_rows store_select_own(struct store *store, struct arena *arena, const char *message_id);

#endif
