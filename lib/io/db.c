/*
 * One connection, used under the store's lock. Statements are prepared once and kept in a table by the address of their
 * text, so every statement must be a literal (or a static array) of its own. In DB_READ nothing is written, not even by
 * accident (query_only); a file is never created by a reader.
 */
#include "io/db.h"

#include <assert.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	STATEMENTS_MAX = 512,	/* slots; a power of two, well above the number of literals in the program */
	BUSY_MS = 5000,		/* for a checkpoint at the wrong moment, or the short transaction of who writes beside us */
};

/* A prepared statement and the literal that it was prepared from. */
struct slot {
	const char *sql;
	sqlite3_stmt *statement;
};

struct db {
	sqlite3 *handle;
	enum db_mode mode;
	bool in_transaction;
	bool unwell;		/* the last failure was none of the caller's */
	struct slot slots[STATEMENTS_MAX];
};

/* Faults of disk, lock or memory: the same statement may succeed later. Any other is that of what was to be stored. */
static bool is_of_the_medium(int code)
{
	static const int codes[] = {
		SQLITE_BUSY, SQLITE_LOCKED, SQLITE_NOMEM, SQLITE_READONLY, SQLITE_IOERR, SQLITE_CORRUPT, SQLITE_FULL,
		SQLITE_CANTOPEN, SQLITE_PROTOCOL, SQLITE_NOTADB,
	};

	for (size_t i = 0; i < sizeof(codes) / sizeof(codes[0]); i++)
		if ((code & 0xff) == codes[i])
			return true;
	return false;
}

/* SQLite's "disk I/O error" says little; the system's error behind it says which disk and why. */
static int fail(struct db *db, struct err *err, const char *doing)
{
	int code = sqlite3_extended_errcode(db->handle), number = sqlite3_system_errno(db->handle);

	db->unwell = is_of_the_medium(code);
	if ((code & 0xff) == SQLITE_IOERR && number)
		return err_set(err, "database: %s: %s (%s)", doing, sqlite3_errmsg(db->handle), strerror(number));
	return err_set(err, "database: %s: %s (%d)", doing, sqlite3_errmsg(db->handle), code);
}

/* The first look at a file may show that it is something else. */
static int fail_opening(struct db *db, struct err *err)
{
	if (sqlite3_errcode(db->handle) != SQLITE_NOTADB)
		return fail(db, err, "opening");
	err_set(err, "is no database of fristd");
	return DB_FOREIGN;
}

/* ---- opening ---- */

/* The folder's real path with the file's name: SQLite refuses links anywhere in it (SQLITE_OPEN_NOFOLLOW). */
static int resolve(const char *path, char ret_path[PATH_MAX], struct err *err)
{
	char copy[PATH_MAX], folder[PATH_MAX];
	const char *name = strrchr(path, '/');
	int length;

	name = name ? name + 1 : path;
	length = snprintf(copy, sizeof(copy), "%.*s", name == path ? 1 : (int)(name - path), name == path ? "." : path);
	if (length < 0 || (size_t)length >= sizeof(copy) || !*name)
		return err_set(err, "no path of a file");
	if (!realpath(copy, folder))
		return err_set(err, "the folder %s cannot be used: %s; make it, owned by the user that fristd runs as", copy,
			strerror(errno));
	length = snprintf(ret_path, PATH_MAX, "%s/%s", strcmp(folder, "/") == 0 ? "" : folder, name);
	if (length < 0 || length >= PATH_MAX)
		return err_set(err, "the path is too long");
	return 0;
}

/*
 * Looks before SQLite does. Without opening: closing a descriptor of the file would drop the locks that another handle
 * in this process holds on it.
 */
static int look_at_file(const char *path, enum db_mode mode, struct err *err)
{
	struct stat info;
	int fd;

	if (lstat(path, &info) == 0) {
		if (S_ISLNK(info.st_mode))
			return err_set(err, "is a link; put the file itself there"), DB_FOREIGN;
		if (!S_ISREG(info.st_mode))
			return err_set(err, "is not a plain file"), DB_FOREIGN;
		return 0;
	}
	if (errno != ENOENT)
		return err_set(err, "%s", strerror(errno));
	if (mode == DB_READ || mode == DB_BESIDE)
		return err_set(err, "does not exist; fristd makes it when it first starts"), DB_MISSING;
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (fd < 0)
		return err_set(err, "cannot be made: %s", strerror(errno));
	close(fd);
	return 0;
}

/* Several statements at once, none of which answers or takes values. */
static int run_script(struct db *db, const char *script, struct err *err)
{
	if (sqlite3_exec(db->handle, script, NULL, NULL, NULL) != SQLITE_OK)
		return fail(db, err, "set-up");
	return 0;
}

/* Against a file that somebody else made or changed: no trusted schema, defensive, cells checked. */
static int configure(struct db *db, struct err *err)
{
	static const char settings[] = "PRAGMA cell_size_check = ON; PRAGMA synchronous = FULL;"
		" PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16384; PRAGMA secure_delete = ON;";

	sqlite3_extended_result_codes(db->handle, 1);
	sqlite3_busy_timeout(db->handle, BUSY_MS);
	if (sqlite3_db_config(db->handle, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL) != SQLITE_OK ||
	    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL) != SQLITE_OK ||
	    sqlite3_db_config(db->handle, SQLITE_DBCONFIG_ENABLE_FKEY, 1, NULL) != SQLITE_OK)
		return fail(db, err, "set-up");
	if (sqlite3_exec(db->handle, settings, NULL, NULL, NULL) != SQLITE_OK)
		return fail_opening(db, err);
	return db->mode == DB_READ ? run_script(db, "PRAGMA query_only = ON;", err) : 0;
}

static int open_handle(const char *path, enum db_mode mode, struct db **ret_db, struct err *err)
{
	static const int flags[] = {
		[DB_WRITE] = SQLITE_OPEN_READWRITE, [DB_READ] = SQLITE_OPEN_READONLY,
		[DB_BESIDE] = SQLITE_OPEN_READWRITE,
		[DB_MEMORY] = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE | SQLITE_OPEN_MEMORY,
	};
	struct db *db = calloc(1, sizeof(*db));
	int code, result;

	if (!db)
		abort();
	db->mode = mode;
	/* nobody asks how much memory SQLite uses, and counting takes a lock at every allocation; once it works, a no-op */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	code = sqlite3_open_v2(path, &db->handle, flags[mode] | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_NOFOLLOW, NULL);
	if (code != SQLITE_OK)
		result = err_set(err, "cannot be opened: %s", sqlite3_errstr(code));
	else
		result = configure(db, err);
	if (result != 0) {
		db_close(db);
		return result;
	}
	*ret_db = db;
	return 0;
}

int db_open(const char *path, enum db_mode mode, struct db **ret_db, struct err *err)
{
	char resolved[PATH_MAX];
	int result;

	if (mode == DB_MEMORY)
		return open_handle(":memory:", mode, ret_db, err);
	if (resolve(path, resolved, err) < 0)
		return -1;
	result = look_at_file(resolved, mode, err);
	return result != 0 ? result : open_handle(resolved, mode, ret_db, err);
}

int db_load(struct db *memory, const char *path, struct err *err)
{
	struct db *source;
	sqlite3_backup *backup;
	int result = db_open(path, DB_READ, &source, err);

	if (result != 0)
		return result;
	backup = sqlite3_backup_init(memory->handle, "main", source->handle, "main");
	if (!backup) {
		result = fail(memory, err, "copying");
	} else {
		int code = sqlite3_backup_step(backup, -1);	/* in one go: a snapshot, while fristd may go on writing */

		sqlite3_backup_finish(backup);
		if (code != SQLITE_DONE)
			result = err_set(err, "cannot be copied: %s", sqlite3_errstr(code));
	}
	db_close(source);
	return result;
}

void db_close(struct db *db)
{
	if (!db)
		return;
	db_rollback(db);
	for (size_t i = 0; i < STATEMENTS_MAX; i++)
		sqlite3_finalize(db->slots[i].statement);
	sqlite3_close(db->handle);
	free(db);
}

/* ---- versions ---- */

/* By what a file says of itself: whose it is, how old its schema, and whether there is anything in it. */
struct header {
	int64_t application_id, version, tables;
};

static int read_header(struct db *db, struct header *ret_header, struct err *err)
{
	int64_t application_id = 0;
	int result = DB_GET(db, &application_id, err, "PRAGMA application_id", DB_NONE);

	if (result < 0)
		return fail_opening(db, err);
	ret_header->application_id = application_id;
	if (DB_GET(db, &ret_header->version, err, "PRAGMA user_version", DB_NONE) < 0)
		return -1;
	return DB_GET(db, &ret_header->tables, err, "SELECT count(*) FROM sqlite_schema", DB_NONE);
}

/* Version 1 is the first schema that was released; each step since makes the next. */
static int newest_version(const struct db_schema *schema)
{
	int version = 1;

	while (schema->steps[version - 1])
		version++;
	return version;
}

/* A new file takes the script alone, which is the newest schema; an old one the steps behind its version. */
static int make_or_migrate(struct db *db, const struct db_schema *schema, int from, struct err *err)
{
	char stamp[128];

	if (from == 0 && run_script(db, schema->script, err) < 0)
		return -1;
	for (int i = from; i > 0 && schema->steps[i - 1]; i++)
		if (run_script(db, schema->steps[i - 1], err) < 0)
			return err_wrap(err, "to version %d", i + 1);
	snprintf(stamp, sizeof(stamp), "PRAGMA application_id = %d; PRAGMA user_version = %d;", schema->application_id,
		newest_version(schema));
	return run_script(db, stamp, err);
}

/* In one transaction: a file is either as it was or as this version wants it. */
int db_migrate(struct db *db, const struct db_schema *schema, struct err *err)
{
	struct header header = { 0 };
	bool fresh;
	int result = read_header(db, &header, err), newest = newest_version(schema);

	if (result != 0)
		return result;
	fresh = header.application_id == 0 && header.version == 0 && header.tables == 0;
	if (!fresh && (header.application_id != schema->application_id || header.version < 1))
		return err_set(err, "belongs to another program"), DB_FOREIGN;
	if (header.version > newest)
		return err_set(err, "its version is %d, this fristd knows up to %d; install a newer fristd",
			(int)header.version, newest), DB_NEWER;
	if (header.version == newest)
		return 0;
	if (db->mode == DB_READ || db->mode == DB_BESIDE)
		return err_set(err, "its version is %d and not %d; start fristd once, it migrates the file",
			(int)header.version, newest);
	if (db_begin(db, err) < 0)
		return -1;
	if (make_or_migrate(db, schema, (int)header.version, err) < 0 || db_commit(db, err) < 0) {
		db_rollback(db);
		return -1;
	}
	return 0;
}

/* Where there can be none, on some network file systems, SQLite says so in its answer and calls that no error. */
static int ask_for_wal(struct db *db, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(db, "PRAGMA journal_mode = WAL", DB_NONE);
	const char *mode;

	if (db_next(&rows, err) != DB_ROW)
		return -1;
	mode = db_text(&rows, 0, &arena);
	if (!mode || strcmp(mode, "wal") != 0)
		return err_set(err, "cannot be used with a write-ahead log, only in mode \"%s\"; put it on a local disk",
			mode ? mode : "");
	return 0;
}

int db_use_wal(struct db *db, struct err *err)
{
	if (ask_for_wal(db, err) < 0)
		return -1;
	/*
	 * 4,000 pages are the limit, too: pages that change often are written back once. A reader that holds a snapshot
	 * lets the WAL grow; once he is gone it shrinks to the limit again.
	 */
	return run_script(db, "PRAGMA wal_autocheckpoint = 4000; PRAGMA journal_size_limit = 16777216;", err);
}

/* ---- transactions ---- */

int db_begin(struct db *db, struct err *err)
{
	assert(!db->in_transaction);
	/* IMMEDIATE: a transaction that must wait for a lock waits here, not half way. */
	if (DB_RUN(db, err, "BEGIN IMMEDIATE", DB_NONE) < 0)
		return -1;
	db->in_transaction = true;
	db->unwell = false;
	return 0;
}

/* A full disk or an I/O error may roll back by itself: what follows must not be committed one by one. */
static bool was_given_up(const struct db *db)
{
	return db->in_transaction && sqlite3_get_autocommit(db->handle);
}

int db_commit(struct db *db, struct err *err)
{
	assert(db->in_transaction);
	if (DB_RUN(db, err, "COMMIT", DB_NONE) < 0)
		return -1;
	db->in_transaction = false;
	return 0;
}

int db_empty_wal(struct db *db, struct err *err)
{
	assert(!db->in_transaction);
	return DB_RUN(db, err, "PRAGMA wal_checkpoint(TRUNCATE)", DB_NONE);
}

/* Also after SQLite has rolled back by itself, and where nothing was begun. */
void db_rollback(struct db *db)
{
	if (db->in_transaction && !sqlite3_get_autocommit(db->handle))
		sqlite3_exec(db->handle, "ROLLBACK", NULL, NULL, NULL);
	db->in_transaction = false;
}

bool db_is_unwell(const struct db *db)
{
	return db->unwell;
}

bool db_in_transaction(const struct db *db)
{
	return db->in_transaction;
}

/* ---- queries ---- */

struct db_value db_value_text(const char *text)
{
	if (!text)
		return (struct db_value){ .type = DB_VALUE_NULL };
	return (struct db_value){ .type = DB_VALUE_TEXT, .bytes = text, .length = strlen(text) };
}

struct db_value db_value_id(int64_t id)
{
	return (struct db_value){ .type = id ? DB_VALUE_INT : DB_VALUE_NULL, .number = id };
}

/* Fibonacci hashing (2^64 divided by the golden ratio): addresses of literals lie close together. */
static struct slot *find_slot(struct db *db, const char *sql)
{
	size_t at = ((uintptr_t)sql * 11400714819323198485ULL) >> 32;

	for (size_t tries = 0; tries < STATEMENTS_MAX; tries++, at++) {
		struct slot *slot = &db->slots[at % STATEMENTS_MAX];

		if (!slot->sql || slot->sql == sql)
			return slot;
	}
	abort();	/* more literals than slots: a bug */
}

/* Prepared once for ever. One statement cannot be in two loops at a time: a caller that nests needs two literals. */
static sqlite3_stmt *prepare(struct db *db, const char *sql)
{
	struct slot *slot = find_slot(db, sql);

	if (!slot->statement) {
		if (sqlite3_prepare_v3(db->handle, sql, -1, SQLITE_PREPARE_PERSISTENT, &slot->statement,
				NULL) != SQLITE_OK)
			return NULL;
		slot->sql = sql;
	}
	assert(!sqlite3_stmt_busy(slot->statement));
	return slot->statement;
}

static int bind(sqlite3_stmt *statement, int index, const struct db_value *value)
{
	switch (value->type) {
	case DB_VALUE_NULL:
		return sqlite3_bind_null(statement, index);
	case DB_VALUE_INT:
		return sqlite3_bind_int64(statement, index, value->number);
	case DB_VALUE_TEXT:
		return sqlite3_bind_text64(statement, index, value->bytes, value->length, SQLITE_STATIC, SQLITE_UTF8);
	case DB_VALUE_BLOB:
		return sqlite3_bind_blob64(statement, index, value->bytes, value->length, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

/* Fails only in db_next(), so that a caller has one place to look. */
struct db_rows db_select(struct db *db, const char *sql, const struct db_value *values, size_t count)
{
	struct db_rows rows = { .db = db };
	sqlite3_stmt *statement = prepare(db, sql);
	size_t wanted = statement ? (size_t)sqlite3_bind_parameter_count(statement) : 0;

	/* A statement without parameters gets DB_NONE, since C has no empty array. */
	assert(!statement || wanted == count || (wanted == 0 && count == 1) || count == 0);
	for (size_t i = 0; i < wanted && i < count; i++) {
		if (bind(statement, (int)i + 1, &values[i]) != SQLITE_OK) {
			sqlite3_clear_bindings(statement);
			return rows;
		}
	}
	rows.statement = statement;
	return rows;
}

int db_next(struct db_rows *rows, struct err *err)
{
	int code;

	if (!rows->statement)
		return fail(rows->db, err, "a query");
	if (was_given_up(rows->db))
		return err_set(err, "database: the transaction was given up after an earlier error");
	code = sqlite3_step(rows->statement);
	if (code == SQLITE_ROW)
		return DB_ROW;
	if (code == SQLITE_DONE)
		return 0;
	return fail(rows->db, err, sqlite3_stmt_readonly(rows->statement) ? "reading" : "writing");
}

void db_rows_done(struct db_rows *rows)
{
	if (!rows->statement)
		return;
	sqlite3_reset(rows->statement);
	sqlite3_clear_bindings(rows->statement);
	rows->statement = NULL;
}

int64_t db_int(const struct db_rows *rows, int column)
{
	return sqlite3_column_int64(rows->statement, column);
}

bool db_is_null(const struct db_rows *rows, int column)
{
	return sqlite3_column_type(rows->statement, column) == SQLITE_NULL;
}

char *db_text(const struct db_rows *rows, int column, struct arena *arena)
{
	const char *text = (const char *)sqlite3_column_text(rows->statement, column);

	return text ? arena_strndup(arena, text, (size_t)sqlite3_column_bytes(rows->statement, column)) : NULL;
}

void db_blob(const struct db_rows *rows, int column, void *ret_bytes, size_t size)
{
	const void *bytes = sqlite3_column_blob(rows->statement, column);

	if (bytes && (size_t)sqlite3_column_bytes(rows->statement, column) == size)
		memcpy(ret_bytes, bytes, size);
	else
		memset(ret_bytes, 0, size);
}

/* Rows are passed over: a PRAGMA answers with one although nobody asks. */
int db_run(struct db *db, int64_t *ret_changes, struct err *err, const char *sql, const struct db_value *values,
	size_t count)
{
	struct db_rows rows CLEANUP(db_rows_done) = db_select(db, sql, values, count);
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		;
	if (result == 0 && ret_changes)
		*ret_changes = sqlite3_changes64(db->handle);
	return result;
}

/* The first column of the first row; `otherwise` where there is no row, or NULL in it. */
int db_get(struct db *db, int64_t *ret_value, int64_t otherwise, struct err *err, const char *sql,
	const struct db_value *values, size_t count)
{
	struct db_rows rows CLEANUP(db_rows_done) = db_select(db, sql, values, count);
	int result = db_next(&rows, err);

	if (result < 0)
		return -1;
	*ret_value = result == DB_ROW && !db_is_null(&rows, 0) ? db_int(&rows, 0) : otherwise;
	return 0;
}

int64_t db_last_id(const struct db *db)
{
	return sqlite3_last_insert_rowid(db->handle);
}

size_t db_list_sql(const struct db *db, const char **ret_sql, size_t max)
{
	size_t count = 0;

	for (size_t i = 0; i < STATEMENTS_MAX && count < max; i++)
		if (db->slots[i].sql)
			ret_sql[count++] = db->slots[i].sql;
	return count;
}
