/*
 * The store is nine files over io/db: this one opens it and keeps folders, sightings and tries; store_find.c looks up
 * what a decision needs, store_decide.c writes what was decided, store_list.c reads the register; store_course.c keeps
 * who has the course, store_kin.c knows which inquiries belong together, store_confidential.c that a mail came which is
 * not registered; outbox.c and outbox_settle.c keep what is to be sent. None of them begins a transaction, but for
 * store_count_try(): that is the caller's.
 */
#include "io/store.h"

#include "io/store_private.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

static const char script[] = {
#include "schema.inc"
};

/* What a released version lacks of schema.sql as it is now. A step that was released is never changed. */
static const char *const steps[] = {
	"CREATE TABLE course_record (person TEXT NOT NULL, course TEXT NOT NULL, started_on TEXT NOT NULL,"
	" completed_on TEXT, format TEXT NOT NULL CHECK (format IN ('e-learning', 'attendance')), unit TEXT NOT NULL,"
	" changed_at INTEGER NOT NULL, PRIMARY KEY (person, course, started_on)) STRICT, WITHOUT ROWID;"
	"ALTER TABLE mail ADD COLUMN way TEXT NOT NULL DEFAULT 'within' CHECK (way = 'in' OR way = 'out' OR way = 'within');"
	"CREATE INDEX mail_volume ON mail (mailbox, arrived_at, way, outcome);"
	"CREATE INDEX inquiry_received ON inquiry (mailbox, received_at);"
	"ALTER TABLE outbox ADD COLUMN overview INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE inquiry ADD COLUMN same_as TEXT; ALTER TABLE inquiry ADD COLUMN part_of TEXT;"
	"ALTER TABLE inquiry ADD COLUMN asker_hash BLOB;"
	"CREATE INDEX inquiry_same_as ON inquiry (same_as) WHERE same_as IS NOT NULL;"
	"CREATE INDEX inquiry_part_of ON inquiry (part_of) WHERE part_of IS NOT NULL;"
	"CREATE INDEX inquiry_asker ON inquiry (asker_hash) WHERE asker_hash IS NOT NULL;"
	"CREATE TABLE secret (name TEXT PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;"
	"ALTER TABLE outbox ADD COLUMN secret INTEGER NOT NULL DEFAULT 0;"
	"CREATE TRIGGER outbox_secret AFTER UPDATE OF settled_at ON outbox WHEN new.secret AND new.settled_at > 0"
	" BEGIN"
	" UPDATE outbox SET address = '', subject = NULL WHERE id = new.id;"
	" DELETE FROM recipient WHERE outbox = new.id;"
	" DELETE FROM attempt WHERE outbox = new.id;"
	" END;"
	"CREATE TABLE confidential (identity BLOB PRIMARY KEY, message_id BLOB, mailbox TEXT NOT NULL,"
	" at INTEGER NOT NULL) STRICT, WITHOUT ROWID;"
	"CREATE INDEX confidential_message_id ON confidential (message_id);"
	"CREATE INDEX confidential_at ON confidential (mailbox, at);",
	NULL,
};

/* The four letters mark the file as ours: another program's database is never touched. */
static const struct db_schema schema = { .application_id = 0x66726973 /* "fris" */, .script = script, .steps = steps };

/* ---- opening ---- */

static int from_db(int result)
{
	static const int codes[] = {
		[DB_FOREIGN] = STORE_FOREIGN, [DB_NEWER] = STORE_NEWER, [DB_MISSING] = STORE_MISSING,
	};

	return result > 0 ? codes[result] : result;
}

/* The file stays when we are gone: removing it would let two hold different files of the same name. */
static int take_lock(struct store *store, const char *path, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *name = arena_printf(&arena, "%s.lock", path);

	store->lock = open(name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (store->lock < 0)
		return err_set(err, "its lock %s cannot be opened: %s", name, strerror(errno));
	if (flock(store->lock, LOCK_EX | LOCK_NB) == 0)
		return 0;
	if (errno == EWOULDBLOCK)
		return err_set(err, "another fristd works on it; stop that first"), STORE_LOCKED;
	return err_set(err, "its lock %s cannot be taken: %s", name, strerror(errno));
}

/* The lock first: a second fristd must neither migrate the file nor change its mode under the first. */
static int prepare_writer(struct store *store, const char *path, struct err *err)
{
	int result = take_lock(store, path, err);

	if (result == 0)
		result = from_db(db_migrate(store->db, &schema, err));
	if (result == 0)
		result = db_use_wal(store->db, err);
	return result;
}

/*
 * Whoever is not the writer asks for the version only; a database in memory is made as new, or loaded and then migrated
 * like a file.
 */
static int open_store(const char *path, enum db_mode mode, struct store **ret_store, struct err *err)
{
	struct store *store = calloc(1, sizeof(*store));
	int result;

	if (!store)
		abort();
	store->lock = -1;
	result = from_db(db_open(path ? path : "", mode, &store->db, err));
	if (result == 0 && mode == DB_WRITE)
		result = prepare_writer(store, path, err);
	else if (result == 0 && path && mode == DB_MEMORY)
		result = from_db(db_load(store->db, path, err));
	if (result == 0 && mode != DB_WRITE)
		result = from_db(db_migrate(store->db, &schema, err));
	if (result == 0 && (mode == DB_WRITE || mode == DB_MEMORY))
		result = store_make_secret(store, err);
	if (result != 0) {
		if (path)
			err_wrap(err, "database %s", path);
		store_close(store);
		return result;
	}
	*ret_store = store;
	return 0;
}

int store_open(const char *path, struct store **ret_store, struct err *err)
{
	return open_store(path, DB_WRITE, ret_store, err);
}

int store_open_reader(const char *path, struct store **ret_store, struct err *err)
{
	return open_store(path, DB_READ, ret_store, err);
}

int store_open_beside(const char *path, struct store **ret_store, struct err *err)
{
	return open_store(path, DB_BESIDE, ret_store, err);
}

int store_open_memory(struct store **ret_store, struct err *err)
{
	return open_store(NULL, DB_MEMORY, ret_store, err);
}

int store_open_copy(const char *path, struct store **ret_store, struct err *err)
{
	return open_store(path, DB_MEMORY, ret_store, err);
}

void store_close(struct store *store)
{
	if (!store)
		return;
	db_close(store->db);
	arena_done(&store->scratch);
	if (store->lock >= 0)
		close(store->lock);
	free(store);
}

int store_begin(struct store *store, struct err *err)
{
	return db_begin(store->db, err);
}

int store_commit(struct store *store, struct err *err)
{
	return db_commit(store->db, err);
}

void store_rollback(struct store *store)
{
	db_rollback(store->db);
}

/* ---- lists in one column ---- */

/* The reverse of store_split(). */
char *store_join(struct arena *arena, const struct message_strings *strings)
{
	size_t size = 1, length;
	char *joined, *at;

	for (size_t i = 0; i < strings->count; i++)
		size += strlen(strings->items[i]) + 1;
	joined = at = arena_alloc(arena, size);
	for (size_t i = 0; i < strings->count; i++) {
		if (i > 0)
			*at++ = '\n';
		length = strlen(strings->items[i]);
		memcpy(at, strings->items[i], length);
		at += length;
	}
	return joined;
}

struct message_strings store_split(struct arena *arena, const char *column)
{
	size_t count = 1;
	const char **items;

	if (!column || !*column)
		return (struct message_strings){ .count = 0 };
	/* No item holds a line feed: whatever comes from a mail has had its control characters replaced. */
	for (const char *at = column; *at; at++)
		count += *at == '\n';
	items = arena_array(arena, count, sizeof(*items));
	for (size_t i = 0; i < count; i++) {
		size_t length = strcspn(column, "\n");

		items[i] = arena_strndup(arena, column, length);
		column += length + 1;
	}
	return (struct message_strings){ items, count };
}

/* ---- folders and sightings ---- */

/* uidvalidity 0 until the folder is first read: no server may use it (RFC 3501, 9: nz-number). */
int store_folder(struct store *store, const char *mailbox, const char *name, struct store_folder *ret_folder,
	struct err *err)
{
	static const char find[] = "SELECT id, uidvalidity, seen_uid FROM folder WHERE mailbox = ?1 AND name = ?2";
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db, find, DB_TEXT(mailbox), DB_TEXT(name));
	int result = db_next(&rows, err);

	if (result < 0)
		return -1;
	if (result == DB_ROW) {
		*ret_folder = (struct store_folder){ db_int(&rows, 0), (uint32_t)db_int(&rows, 1),
			(uint32_t)db_int(&rows, 2) };
		return 0;
	}
	if (DB_RUN(store->db, err, "INSERT INTO folder (mailbox, name, uidvalidity) VALUES (?1, ?2, 0)",
			DB_TEXT(mailbox), DB_TEXT(name)) < 0)
		return -1;
	*ret_folder = (struct store_folder){ .id = db_last_id(store->db) };
	return 0;
}

int store_is_read(struct store *store, const char *mailbox, const char *name, uint32_t uidvalidity, uint32_t uidnext,
	bool *ret_read, struct err *err)
{
	int64_t is_read;

	/* RFC 3501, 2.3.1.1: as long as UIDNEXT has not grown, no message has come. */
	if (DB_GET(store->db, &is_read, err, "SELECT EXISTS (SELECT 1 FROM folder WHERE mailbox = ?1 AND name = ?2"
			" AND uidvalidity = ?3 AND seen_uid >= ?4 - 1 AND ?4 > 0)",
			DB_TEXT(mailbox), DB_TEXT(name), DB_INT(uidvalidity), DB_INT(uidnext)) < 0)
		return -1;
	*ret_read = is_read;
	return 0;
}

int store_folder_seen(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t seen_uid, struct err *err)
{
	return DB_RUN(store->db, err, "UPDATE folder SET uidvalidity = ?2, seen_uid = ?3 WHERE id = ?1",
		DB_INT(folder), DB_INT(uidvalidity), DB_INT(seen_uid));
}

int store_has_sighting(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid, bool *ret_has,
	struct err *err)
{
	int64_t count;

	if (DB_GET(store->db, &count, err,
			"SELECT count(*) FROM sighting WHERE folder = ?1 AND uidvalidity = ?2 AND uid = ?3",
			DB_INT(folder), DB_INT(uidvalidity), DB_INT(uid)) < 0)
		return -1;
	*ret_has = count > 0;
	return 0;
}

int store_add_sighting(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid, int64_t mail,
	int64_t at, enum decide_outcome outcome, struct err *err)
{
	return DB_RUN(store->db, err, "INSERT INTO sighting (folder, uidvalidity, uid, mail, at, outcome)"
		" VALUES (?1, ?2, ?3, ?4, ?5, ?6)", DB_INT(folder), DB_INT(uidvalidity), DB_INT(uid),
		DB_ID(mail), DB_INT(at), DB_TEXT(decide_outcome_word(outcome)));
}

/* The row of one UID, or of a batch (UID 0); made with the first try. */
static int count_try(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid, int64_t *ret_tries,
	struct err *err)
{
	if (DB_RUN(store->db, err, "INSERT INTO poison (folder, uidvalidity, uid, tries) VALUES (?1, ?2, ?3, 1)"
			" ON CONFLICT DO UPDATE SET tries = tries + 1",
			DB_INT(folder), DB_INT(uidvalidity), DB_INT(uid)) < 0)
		return -1;
	return DB_GET(store->db, ret_tries, err,
		"SELECT tries FROM poison WHERE folder = ?1 AND uidvalidity = ?2 AND uid = ?3",
		DB_INT(folder), DB_INT(uidvalidity), DB_INT(uid));
}

int store_count_try(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid, int *ret_tries,
	struct err *err)
{
	int64_t tries;

	if (db_in_transaction(store->db))
		return err_set(err, "database: a try counted inside a transaction would be rolled back with it");
	if (db_begin(store->db, err) < 0)
		return -1;
	if (count_try(store, folder, uidvalidity, uid, &tries, err) < 0 || db_commit(store->db, err) < 0) {
		db_rollback(store->db);
		return -1;
	}
	*ret_tries = (int)tries;
	return 0;
}

int store_count_first_try(struct store *store, int64_t folder, uint32_t uidvalidity, uint32_t uid, struct err *err)
{
	int64_t tries;

	return count_try(store, folder, uidvalidity, uid, &tries, err);
}

int store_clear_tries(struct store *store, int64_t folder, struct err *err)
{
	return DB_RUN(store->db, err, "DELETE FROM poison WHERE folder = ?1", DB_INT(folder));
}

bool store_is_unwell(const struct store *store)
{
	return db_is_unwell(store->db);
}

int store_mailbox_started(struct store *store, const char *mailbox, int64_t now, int64_t *ret_started_at,
	struct err *err)
{
	/* A clock that was set back: or all until then would count as "before the first read" and stay silent. */
	if (DB_RUN(store->db, err, "INSERT INTO mailbox (name, started_at) VALUES (?1, ?2)"
			" ON CONFLICT DO UPDATE SET started_at = ?2 WHERE started_at > ?2",
			DB_TEXT(mailbox), DB_INT(now)) < 0)
		return -1;
	return DB_GET(store->db, ret_started_at, err, "SELECT started_at FROM mailbox WHERE name = ?1",
		DB_TEXT(mailbox));
}

int store_has_message(struct store *store, const char *mailbox, const char *message_id, bool *ret_has, struct err *err)
{
	int64_t has;

	if (DB_GET(store->db, &has, err, "SELECT EXISTS (SELECT 1 FROM mail JOIN sighting ON sighting.mail = mail.id"
			" JOIN folder ON folder.id = sighting.folder"
			" WHERE mail.message_id = ?1 AND folder.mailbox = ?2)",
			DB_TEXT(message_id), DB_TEXT(mailbox)) < 0)
		return -1;
	*ret_has = has;
	return 0;
}
