/*
 * db - a thin layer over SQLite: queries of a few lines, prepared once, reset always.
 *
 *	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(db, "SELECT a, b FROM t WHERE id = ?1", DB_INT(id));
 *	int result;
 *
 *	while ((result = db_next(&rows, err)) == DB_ROW)
 *		use(db_int(&rows, 0), db_text(&rows, 1, arena));
 *
 * Statements are kept by the address of their SQL, which must therefore be a literal. Only db.c, store*.c and outbox.c
 * work with it. Errors name what SQLite and the system said; those of opening want the path put before them. A handle
 * belongs to one thread at a time.
 *
 * Known limit: a statement may not be used again while its rows are being read.
 */
#ifndef IO_DB_H
#define IO_DB_H

#include "base/arena.h"
#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct db;
struct sqlite3_stmt;

/* DB_BESIDE: writes to a file that another process owns, which makes and migrates it. */
enum db_mode { DB_WRITE, DB_READ, DB_MEMORY, DB_BESIDE };

/* Positive conditions of db_open(), db_load() and db_migrate(); err says them in words. */
enum {
	DB_FOREIGN = 1,		/* not a database of this program, or not a plain file */
	DB_NEWER,		/* its version is above those we know */
	DB_MISSING,		/* DB_READ, DB_BESIDE: there is no such file */
};

/*
 * Opens the file (path is ignored with DB_MEMORY). DB_WRITE creates it with mode 0600. The folder may be reached by
 * links, the file itself may be none. Nothing in it is changed yet.
 */
NODISCARD int db_open(const char *path, enum db_mode mode, struct db **ret_db, struct err *err);

/* Copies the whole of a file into a handle opened with DB_MEMORY. */
NODISCARD int db_load(struct db *memory, const char *path, struct err *err);

/* Rolls back what is not committed and closes. NULL is fine. */
void db_close(struct db *db);

/* What a database of the program holds. Its version is one more than there are steps. */
struct db_schema {
	int application_id;		/* whose file it is */
	const char *script;		/* makes a new file, at the newest version */
	const char *const *steps;	/* the first leads from version 1 to 2, and so on; NULL ends them */
};

/*
 * Brings the database to the newest version, in one transaction: a file with neither id nor tables is new and takes
 * the script alone, an older one takes the steps that it lacks. Checks only, with DB_READ and DB_BESIDE.
 */
NODISCARD int db_migrate(struct db *db, const struct db_schema *schema, struct err *err);

/* WAL with its bounds, or an error where there can be none; call after db_migrate(), since it writes to the file. */
NODISCARD int db_use_wal(struct db *db, struct err *err);

/*
 * Moves what the WAL holds into the file and empties it, so that what was deleted stands in neither. Outside of a
 * transaction. While somebody reads an older state it stays as it is, which is no error.
 */
NODISCARD int db_empty_wal(struct db *db, struct err *err);

/* One writer's transaction. Commit fails, and nothing was done, when SQLite gave the transaction up on the way. */
NODISCARD int db_begin(struct db *db, struct err *err);
NODISCARD int db_commit(struct db *db, struct err *err);
void db_rollback(struct db *db);
bool db_in_transaction(const struct db *db);

/* Was the last failure since the last begin that of the disk or a lock, and not of what was to be stored? */
bool db_is_unwell(const struct db *db);

/* ---- values ---- */

struct db_value {
	enum { DB_VALUE_NULL, DB_VALUE_INT, DB_VALUE_TEXT, DB_VALUE_BLOB } type;
	int64_t number;
	const void *bytes;		/* must live until the rows are done */
	size_t length;
};

#define DB_INT(value) ((struct db_value){ .type = DB_VALUE_INT, .number = (value) })
#define DB_TEXT(value) db_value_text(value)
#define DB_BLOB(value, size) ((struct db_value){ .type = DB_VALUE_BLOB, .bytes = (value), .length = (size) })
#define DB_ID(value) db_value_id(value)	/* a row id, of which 0 means none */
#define DB_NONE ((struct db_value){ .type = DB_VALUE_NULL })	/* of a statement without parameters */

struct db_value db_value_text(const char *text);	/* NULL becomes NULL */
struct db_value db_value_id(int64_t id);

/* ---- queries ---- */

struct db_rows {
	struct db *db;
	struct sqlite3_stmt *statement;		/* NULL: preparing or binding failed; db_next() says why */
};

enum { DB_ROW = 1 };

struct db_rows db_select(struct db *db, const char *sql, const struct db_value *values, size_t count);

/* Steps to the next row: DB_ROW; 0 at the end; -1 with err set. */
NODISCARD int db_next(struct db_rows *rows, struct err *err);

/* Gives the statement back; for CLEANUP(). */
void db_rows_done(struct db_rows *rows);

int64_t db_int(const struct db_rows *rows, int column);
bool db_is_null(const struct db_rows *rows, int column);

/* A copy in the arena; NULL for NULL. */
char *db_text(const struct db_rows *rows, int column, struct arena *arena);

/* Copies exactly size bytes; zeroes when the column holds another number of them. */
void db_blob(const struct db_rows *rows, int column, void *ret_bytes, size_t size);

/* Runs a statement to its end. ret_changes (may be NULL): rows changed. */
NODISCARD int db_run(struct db *db, int64_t *ret_changes, struct err *err, const char *sql,
	const struct db_value *values, size_t count);

/* The first column of the first row, or otherwise when there is no row or it is NULL. */
NODISCARD int db_get(struct db *db, int64_t *ret_value, int64_t otherwise, struct err *err, const char *sql,
	const struct db_value *values, size_t count);

/* The id of the last row inserted. */
int64_t db_last_id(const struct db *db);

#define DB_VALUES(...) (const struct db_value[]){ __VA_ARGS__ }, \
	sizeof((const struct db_value[]){ __VA_ARGS__ }) / sizeof(struct db_value)
#define DB_SELECT(db, sql, ...) db_select(db, sql, DB_VALUES(__VA_ARGS__))
#define DB_RUN(db, err, sql, ...) db_run(db, NULL, err, sql, DB_VALUES(__VA_ARGS__))
#define DB_CHANGE(db, ret_changes, err, sql, ...) db_run(db, ret_changes, err, sql, DB_VALUES(__VA_ARGS__))
#define DB_GET(db, ret_value, err, sql, ...) db_get(db, ret_value, 0, err, sql, DB_VALUES(__VA_ARGS__))

/* The SQL of every statement prepared so far, up to max (tests look at their query plans). Returns how many. */
size_t db_list_sql(const struct db *db, const char **ret_sql, size_t max);

#endif
