/*
 * Which inquiries belong together: the same matter, parts of one letter, one citizen. A citizen is known by the HMAC of
 * his address under a random key that never leaves the database.
 */
#include "base/text.h"
#include "io/crypto.h"
#include "io/image.h"
#include "io/store_private.h"

#include <string.h>

enum { ALSO_MAX = 16 };		/* keys that an inquiry is shown to be known by as well */

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

/* Of what became of one that was merged itself, too: UNION takes each key once. */
int store_list_same(struct store *store, struct arena *arena, const char *key, struct message_strings *ret_keys,
	struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"WITH RECURSIVE also (key) AS (SELECT key FROM inquiry WHERE same_as = ?1"
		" UNION SELECT inquiry.key FROM also JOIN inquiry ON inquiry.same_as = also.key)"
		" SELECT key FROM also WHERE key <> ?1 LIMIT ?2", DB_TEXT(key), DB_INT(ALSO_MAX));
	struct store_list keys = { .arena = arena, .size = sizeof(const char *) };
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		*(const char **)store_list_add(&keys) = db_text(&rows, 0, arena);
	*ret_keys = (struct message_strings){ keys.items, keys.count };
	return result;
}

int store_was_same(struct store *store, int64_t inquiry, const char *key, int64_t since, bool *ret_was,
	struct err *err)
{
	int64_t was;

	if (DB_GET(store->db, &was, err, "SELECT EXISTS (SELECT 1 FROM transition WHERE inquiry = ?1 AND at >= ?3"
			" AND before ->> '$.same_as' = ?2 AND after ->> '$.same_as' IS NULL)",
			DB_INT(inquiry), DB_TEXT(key), DB_INT(since)) < 0)
		return -1;
	*ret_was = was;
	return 0;
}

/* Columns: id, image. */
static int read_inquiries(struct db_rows *rows, struct arena *arena, struct inquiry **ret_inquiries, size_t *ret_count,
	struct err *err)
{
	struct store_list inquiries = { .arena = arena, .size = sizeof(struct inquiry) };
	int result;

	while ((result = db_next(rows, err)) == DB_ROW) {
		struct inquiry *inquiry = store_list_add(&inquiries);

		if (image_read(arena, db_text(rows, 1, arena), inquiry, err) < 0)
			return err_wrap(err, "inquiry %lld", (long long)db_int(rows, 0));
		inquiry->id = db_int(rows, 0);
	}
	*ret_inquiries = inquiries.items;
	*ret_count = inquiries.count;
	return result;
}

int store_list_parts(struct store *store, struct arena *arena, const char *key, struct inquiry **ret_parts,
	size_t *ret_count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, image FROM inquiry WHERE part_of = ?1 ORDER BY id", DB_TEXT(key));

	return read_inquiries(&rows, arena, ret_parts, ret_count, err);
}

int store_make_secret(struct store *store, struct err *err)
{
	uint8_t secret[sizeof(store->asker_secret)];
	int64_t has;

	if (DB_GET(store->db, &has, err, "SELECT EXISTS (SELECT 1 FROM secret WHERE name = 'asker')", DB_NONE) < 0)
		return -1;
	if (has)
		return 0;
	crypto_random_bytes(secret, sizeof(secret));
	return DB_RUN(store->db, err, "INSERT INTO secret (name, value) VALUES ('asker', ?1)",
		DB_BLOB(secret, sizeof(secret)));
}

static int load_secret(struct store *store, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db, "SELECT value FROM secret WHERE name = 'asker'",
		DB_NONE);
	int result = store->has_secret ? DB_ROW : db_next(&rows, err);

	if (result != DB_ROW)
		return result < 0 ? -1 : err_set(err, "the database has lost its secret");
	if (!store->has_secret)
		db_blob(&rows, 0, store->asker_secret, sizeof(store->asker_secret));
	store->has_secret = true;
	return 0;
}

int store_hash_asker(struct store *store, const char *address, uint8_t ret_hash[32], struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *normal = text_lower(&arena, address);

	if (!store->has_secret && load_secret(store, err) < 0)
		return -1;
	crypto_hmac_sha256(store->asker_secret, normal, strlen(normal), ret_hash);
	return 0;
}

int store_list_asker(struct store *store, struct arena *arena, const char *address, size_t max,
	struct inquiry **ret_inquiries, size_t *ret_count, struct err *err)
{
	uint8_t hash[32];

	if (store_hash_asker(store, address, hash, err) < 0)
		return -1;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, image FROM inquiry WHERE asker_hash = ?1 ORDER BY received_at, id LIMIT ?2",
		DB_BLOB(hash, sizeof(hash)), DB_INT((int64_t)max));
	return read_inquiries(&rows, arena, ret_inquiries, ret_count, err);
}

int store_list_askers_other(struct store *store, struct arena *arena, int64_t inquiry, size_t max,
	struct inquiry **ret_inquiries, size_t *ret_count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT id, image FROM inquiry WHERE asker_hash = (SELECT asker_hash FROM inquiry WHERE id = ?1) AND id <> ?1"
		" ORDER BY received_at, id LIMIT ?2", DB_INT(inquiry), DB_INT((int64_t)max));

	return read_inquiries(&rows, arena, ret_inquiries, ret_count, err);
}

int store_forget_askers(struct store *store, int64_t before, struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE inquiry SET asker_hash = NULL WHERE asker_hash IS NOT NULL"
		" AND received_at < ?1", DB_INT(before));
}
