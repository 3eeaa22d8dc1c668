/* What is asked about citizens: whether a letter of theirs was passed on before. */
#include "io/store_private.h"

int store_is_named(struct store *store, const struct message *message, bool *ret_named, struct err *err)
{
	const struct message_strings *ids = message->in_reply_to.count ? &message->in_reply_to : &message->references;
	int64_t named = 0;

	if (ids->count > 0 && DB_GET(store->db, &named, err, "SELECT EXISTS (SELECT 1 FROM reference r JOIN mail m"
			" ON m.id = r.mail WHERE r.message_id = ?1 AND m.identity <> ?2)",
			DB_TEXT(ids->items[ids->count - 1]), DB_BLOB(message->identity, sizeof(message->identity))) < 0)
		return -1;
	*ret_named = named;
	return 0;
}
