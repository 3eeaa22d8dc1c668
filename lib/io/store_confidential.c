/*
 * Mails that are not registered. Whoever reads the database must not learn who wrote them, nor about what: there are
 * two keyed hashes of each, by which a second copy and what refers to it are recognised, where it lay and when it came.
 */
#include "io/crypto.h"
#include "io/store_private.h"

#include <string.h>

#define KEY_NAME "confidential"

/* The database's own key, made with the first such mail. DB_ROW; 0: there is none, so nothing is confidential. */
static int read_key(struct store *store, uint8_t ret_key[CRYPTO_SHA256_SIZE], struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db, "SELECT value FROM secret WHERE name = ?1",
		DB_TEXT(KEY_NAME));
	int result = db_next(&rows, err);

	if (result == DB_ROW)
		db_blob(&rows, 0, ret_key, CRYPTO_SHA256_SIZE);
	return result;
}

static int make_key(struct store *store, uint8_t ret_key[CRYPTO_SHA256_SIZE], struct err *err)
{
	int result = read_key(store, ret_key, err);

	if (result != 0)
		return result < 0 ? -1 : 0;
	crypto_random_bytes(ret_key, CRYPTO_SHA256_SIZE);
	return DB_RUN(store->db, err, "INSERT INTO secret (name, value) VALUES (?1, ?2)", DB_TEXT(KEY_NAME),
		DB_BLOB(ret_key, CRYPTO_SHA256_SIZE));
}

/*
 * What an earlier mail, read before this one, said of it is forgotten as well: but not of an id that a registered mail
 * bears, for anybody may put that on his own.
 */
static int forget_references(struct store *store, const char *message_id, struct err *err)
{
	if (!message_id)
		return 0;
	return DB_RUN(store->db, err, "DELETE FROM reference WHERE message_id = ?1"
		" AND NOT EXISTS (SELECT 1 FROM mail WHERE message_id = ?1)", DB_TEXT(message_id));
}

int store_add_confidential(struct store *store, const char *mailbox, const struct message *message, int64_t at,
	bool *ret_new, struct err *err)
{
	uint8_t key[CRYPTO_SHA256_SIZE], identity[CRYPTO_SHA256_SIZE], id[CRYPTO_SHA256_SIZE];
	int64_t added;

	if (make_key(store, key, err) < 0)
		return -1;
	crypto_hmac_sha256(key, message->identity, sizeof(message->identity), identity);
	if (message->message_id)
		crypto_hmac_sha256(key, message->message_id, strlen(message->message_id), id);
	explicit_bzero(key, sizeof(key));
	if (DB_CHANGE(store->db, &added, err, "INSERT INTO confidential (identity, message_id, mailbox, at)"
			" VALUES (?1, ?2, ?3, ?4) ON CONFLICT DO NOTHING", DB_BLOB(identity, sizeof(identity)),
			message->message_id ? DB_BLOB(id, sizeof(id)) : DB_TEXT(NULL), DB_TEXT(mailbox), DB_INT(at)) < 0)
		return -1;
	*ret_new = added != 0;
	return forget_references(store, message->message_id, err);
}

int store_is_confidential(struct store *store, const char *message_id, bool *ret_is, struct err *err)
{
	uint8_t key[CRYPTO_SHA256_SIZE], id[CRYPTO_SHA256_SIZE];
	int64_t found;
	int result = read_key(store, key, err);

	*ret_is = false;
	if (result != DB_ROW)
		return result;
	crypto_hmac_sha256(key, message_id, strlen(message_id), id);
	explicit_bzero(key, sizeof(key));
	if (DB_GET(store->db, &found, err, "SELECT EXISTS (SELECT 1 FROM confidential WHERE message_id = ?1)",
			DB_BLOB(id, sizeof(id))) < 0)
		return -1;
	*ret_is = found != 0;
	return 0;
}

int store_wipe(struct store *store, struct err *err)
{
	return db_empty_wal(store->db, err);
}

int store_count_confidential(struct store *store, const char *mailbox, int64_t since, int64_t until, size_t *ret_count,
	struct err *err)
{
	int64_t count;

	if (DB_GET(store->db, &count, err, "SELECT count(*) FROM confidential WHERE mailbox = ?1 AND at >= ?2 AND at < ?3",
			DB_TEXT(mailbox), DB_INT(since), DB_INT(until)) < 0)
		return -1;
	*ret_count = (size_t)count;
	return 0;
}
