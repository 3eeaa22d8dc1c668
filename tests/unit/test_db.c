/* The database as a file: whose it is, which version, who may write, what survives. */
#include "tests/unit/store_fixture.h"

#include <dirent.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* A folder of its own for each test. */
struct folder {
	struct fixture fixture;		/* first: OK() takes it */
	char path[64], db[96];
};

static int set_up(void **state)
{
	struct folder *folder = calloc(1, sizeof(*folder));

	*state = folder;
	snprintf(folder->path, sizeof(folder->path), "/tmp/frist-db-XXXXXX");
	if (!mkdtemp(folder->path))
		return -1;
	snprintf(folder->db, sizeof(folder->db), "%s/frist.db", folder->path);
	return 0;
}

static int tear_down(void **state)
{
	struct folder *folder = *state;
	DIR *entries = opendir(folder->path);
	struct dirent *entry;

	store_close(folder->fixture.store);
	arena_done(&folder->fixture.arena);
	while ((entry = readdir(entries)))
		unlinkat(dirfd(entries), entry->d_name, 0);
	closedir(entries);
	rmdir(folder->path);
	free(folder);
	return 0;
}

#define FOLDER_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

/* Opens for writing; the fixture's store from then on. */
static void open_writer(struct folder *folder)
{
	OK(&folder->fixture, store_open(folder->db, &folder->fixture.store, &folder->fixture.err));
}

static void close_writer(struct folder *folder)
{
	store_close(folder->fixture.store);
	folder->fixture.store = NULL;
}

static void write_file(const char *path, const void *bytes, size_t length)
{
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
}

static void assert_refused(struct folder *folder, int wanted, const char *words)
{
	struct store *store;

	assert_int_equal(store_open(folder->db, &store, &folder->fixture.err), wanted);
	if (!strstr(folder->fixture.err.text, words))
		fail_msg("\"%s\" does not say \"%s\"", folder->fixture.err.text, words);
}

/* Another program's hand on the file. */
static void edit(struct folder *folder, const char *sql)
{
	struct err *err = &folder->fixture.err;
	struct db *db;

	OK(&folder->fixture, db_open(folder->db, DB_WRITE, &db, err));
	OK(&folder->fixture, db_run(db, NULL, err, sql, NULL, 0));
	db_close(db);
}

static int64_t look(struct folder *folder, const char *sql)
{
	struct db *db;
	int64_t number;

	OK(&folder->fixture, db_open(folder->db, DB_READ, &db, &folder->fixture.err));
	OK(&folder->fixture, db_get(db, &number, -1, &folder->fixture.err, sql, NULL, 0));
	db_close(db);
	return number;
}

/* ---- a new file ---- */

static void test_new_file(void **state)
{
	struct folder *folder = *state;
	struct stat info;

	open_writer(folder);
	close_writer(folder);
	assert_int_equal(stat(folder->db, &info), 0);
	assert_int_equal(info.st_mode & 0777, 0600);
	assert_int_equal(look(folder, "PRAGMA application_id"), 0x66726973);
	assert_int_equal(look(folder, "PRAGMA user_version"), 2);
	open_writer(folder);
}

static void test_settings(void **state)
{
	static const struct { const char *sql; int64_t value; } settings[] = {
		{ "PRAGMA synchronous", 2 }, { "PRAGMA foreign_keys", 1 }, { "PRAGMA trusted_schema", 0 },
		{ "PRAGMA cell_size_check", 1 }, { "PRAGMA journal_size_limit", 16777216 },
		{ "PRAGMA wal_autocheckpoint", 4000 },
	};
	struct folder *folder = *state;

	open_writer(folder);
	for (size_t i = 0; i < sizeof(settings) / sizeof(settings[0]); i++) {
		int64_t value;

		OK(&folder->fixture, db_get(folder->fixture.store->db, &value, -1, &folder->fixture.err,
			settings[i].sql, NULL, 0));
		assert_int_equal(value, settings[i].value);
	}
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(folder->fixture.store->db, "PRAGMA journal_mode",
		DB_NONE);
	assert_int_equal(db_next(&rows, &folder->fixture.err), DB_ROW);
	assert_string_equal(db_text(&rows, 0, &folder->fixture.arena), "wal");
}

/* Without WAL, readers and the writer would lock each other out: said at the start and not found out later. */
static void test_no_wal(void **state)
{
	struct folder *folder = *state;
	struct err *err = &folder->fixture.err;
	struct db *db;

	OK(&folder->fixture, db_open(NULL, DB_MEMORY, &db, err));	/* which is never in WAL mode */
	assert_int_equal(db_use_wal(db, err), -1);
	assert_non_null(strstr(err->text, "cannot be used with a write-ahead log, only in mode \"memory\""));
	db_close(db);
}

/* Defensive: not even our own handle can rewrite the schema's table by hand. */
static void test_defensive(void **state)
{
	struct folder *folder = *state;
	struct db *db;

	open_writer(folder);
	db = folder->fixture.store->db;
	OK(&folder->fixture, db_run(db, NULL, &folder->fixture.err, "PRAGMA writable_schema = ON", NULL, 0));
	assert_int_equal(db_run(db, NULL, &folder->fixture.err, "DELETE FROM sqlite_schema", NULL, 0), -1);
}

/* A commit survives without a proper goodbye; what was not committed did not happen. */
static void test_killed(void **state)
{
	struct folder *folder = *state;
	struct fixture *f = &folder->fixture;
	struct inquiry inquiry;
	int status;
	pid_t child = fork();

	if (child == 0) {
		if (store_open(folder->db, &f->store, &f->err) != 0 || store_begin(f->store, &f->err) != 0)
			_exit(1);
		fixture_open(f, "MT-2026-0001", "a@x");
		if (store_commit(f->store, &f->err) != 0 || store_begin(f->store, &f->err) != 0)
			_exit(2);
		fixture_open(f, "MT-2026-0002", "b@x");
		_exit(0);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	open_writer(folder);
	OK(f, store_find_inquiry(f->store, &f->arena, "MT-2026-0001", &inquiry, &f->err));
	assert_int_equal(store_find_inquiry(f->store, &f->arena, "MT-2026-0002", &inquiry, &f->err), 1);
}

/* ---- one writer ---- */

static void test_second_writer(void **state)
{
	struct folder *folder = *state;
	int status;
	pid_t child;

	open_writer(folder);
	assert_refused(folder, STORE_LOCKED, "another fristd");
	child = fork();
	if (child == 0) {
		struct store *store;

		_exit(store_open(folder->db, &store, NULL) == STORE_LOCKED ? 0 : 1);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	/* the child's end has not taken our lock along */
	assert_refused(folder, STORE_LOCKED, "another fristd");
	close_writer(folder);
	open_writer(folder);
}

/* Readers go on while somebody writes, and see what is committed. */
static void test_reader_beside_writer(void **state)
{
	struct folder *folder = *state;
	struct fixture *f = &folder->fixture;
	struct store *reader;
	struct inquiry inquiry;

	open_writer(folder);
	OK(f, store_open_reader(folder->db, &reader, &f->err));
	OK(f, store_begin(f->store, &f->err));
	fixture_open(f, "MT-2026-0001", "a@x");
	assert_int_equal(store_find_inquiry(reader, &f->arena, "MT-2026-0001", &inquiry, &f->err), 1);
	OK(f, store_commit(f->store, &f->err));
	OK(f, store_find_inquiry(reader, &f->arena, "MT-2026-0001", &inquiry, &f->err));
	assert_int_equal(DB_RUN(reader->db, &f->err, "DELETE FROM mail WHERE id = ?1", DB_INT(1)), -1);
	store_close(reader);
}

/* explain tries its hand on a copy; the file does not change. */
static void test_copy(void **state)
{
	struct folder *folder = *state;
	struct fixture *f = &folder->fixture;
	struct store *copy, *writer;
	struct inquiry inquiry;

	open_writer(folder);
	OK(f, store_begin(f->store, &f->err));
	fixture_open(f, "MT-2026-0001", "a@x");
	OK(f, store_commit(f->store, &f->err));
	OK(f, store_open_copy(folder->db, &copy, &f->err));
	writer = f->store;
	f->store = copy;
	OK(f, store_begin(copy, &f->err));
	fixture_open(f, "MT-2026-0002", "b@x");
	OK(f, store_commit(copy, &f->err));
	OK(f, store_find_inquiry(copy, &f->arena, "MT-2026-0001", &inquiry, &f->err));
	OK(f, store_find_inquiry(copy, &f->arena, "MT-2026-0002", &inquiry, &f->err));
	assert_int_equal(store_find_inquiry(writer, &f->arena, "MT-2026-0002", &inquiry, &f->err), 1);
	store_close(copy);
	f->store = writer;
}

/* ---- files that are not ours ---- */

static void test_missing(void **state)
{
	struct folder *folder = *state;
	struct store *store;
	struct stat info;

	assert_int_equal(store_open_reader(folder->db, &store, &folder->fixture.err), STORE_MISSING);
	assert_int_equal(store_open_copy(folder->db, &store, &folder->fixture.err), STORE_MISSING);
	assert_int_equal(stat(folder->db, &info), -1);
	snprintf(folder->db, sizeof(folder->db), "%s/no/such/frist.db", folder->path);
	assert_refused(folder, -1, "make it");
}

static void test_link(void **state)
{
	struct folder *folder = *state;
	char target[96];

	snprintf(target, sizeof(target), "%s/target", folder->path);
	write_file(target, "", 0);
	assert_int_equal(symlink(target, folder->db), 0);
	assert_refused(folder, STORE_FOREIGN, "is a link");
	assert_int_equal(unlink(folder->db), 0);
	assert_int_equal(mkfifo(folder->db, 0600), 0);
	assert_refused(folder, STORE_FOREIGN, "not a plain file");
}

/* A link for the lock would let somebody make us create a file elsewhere. */
static void test_lock_is_a_link(void **state)
{
	struct folder *folder = *state;
	char target[96], lock[128];
	struct stat info;

	snprintf(target, sizeof(target), "%s/target", folder->path);
	snprintf(lock, sizeof(lock), "%s.lock", folder->db);
	assert_int_equal(symlink(target, lock), 0);
	assert_refused(folder, -1, "frist.db.lock");
	assert_int_equal(stat(target, &info), -1);
}

/* The folder itself may be a link: systemd makes /var/lib/fristd one. */
static void test_folder_is_a_link(void **state)
{
	struct folder *folder = *state;
	char link[96];

	snprintf(link, sizeof(link), "%s/link", folder->path);
	assert_int_equal(symlink(".", link), 0);
	snprintf(folder->db, sizeof(folder->db), "%s/link/frist.db", folder->path);
	open_writer(folder);
}

static void test_no_database(void **state)
{
	struct folder *folder = *state;
	char text[8192];

	memset(text, 'x', sizeof(text));
	write_file(folder->db, text, sizeof(text));
	assert_refused(folder, STORE_FOREIGN, "no database of fristd");
	struct store *store;
	assert_int_equal(store_open_copy(folder->db, &store, &folder->fixture.err), STORE_FOREIGN);
}

static void test_another_programs_database(void **state)
{
	struct folder *folder = *state;

	edit(folder, "CREATE TABLE moz_places (id INTEGER)");
	assert_refused(folder, STORE_FOREIGN, "another program");
	assert_int_equal(look(folder, "SELECT count(*) FROM sqlite_schema"), 1);
	edit(folder, "PRAGMA application_id = 42");
	assert_refused(folder, STORE_FOREIGN, "another program");
}

static void test_newer(void **state)
{
	struct folder *folder = *state;
	struct store *store;

	open_writer(folder);
	close_writer(folder);
	edit(folder, "PRAGMA user_version = 99");
	assert_refused(folder, STORE_NEWER, "install a newer fristd");
	assert_int_equal(store_open_reader(folder->db, &store, &folder->fixture.err), STORE_NEWER);
	assert_int_equal(store_open_copy(folder->db, &store, &folder->fixture.err), STORE_NEWER);
}

/* Cut short by a broken disk: an error and no crash, whether at opening or at the first look. */
static void test_truncated(void **state)
{
	struct folder *folder = *state;
	struct fixture *f = &folder->fixture;
	struct stat info;
	struct inquiry *page;
	size_t count;

	open_writer(folder);
	OK(f, store_begin(f->store, &f->err));
	for (int i = 1; i <= 200; i++) {
		const char *key = arena_printf(&f->arena, "MT-2026-%04d", i);

		fixture_open(f, key, key);
	}
	OK(f, store_commit(f->store, &f->err));
	close_writer(folder);
	assert_int_equal(stat(folder->db, &info), 0);
	assert_int_equal(truncate(folder->db, info.st_size / 2), 0);
	if (store_open(folder->db, &f->store, &f->err) == 0)
		assert_int_equal(store_list_inquiries(f->store, &f->arena, NULL, false, 0, &page, &count, &f->err), -1);
	assert_non_null(strstr(f->err.text, "malformed"));
}

/* ---- versions ---- */

static const char *const no_steps[] = { NULL };
static const char *const steps[] = {
	"ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = 2;",
	"CREATE TABLE b (z INTEGER); INSERT INTO b SELECT x + y FROM a;", NULL,
};
static const char *const broken_steps[] = {
	"ALTER TABLE a ADD COLUMN y INTEGER; UPDATE a SET y = 2;", "INSERT INTO nowhere VALUES (1);", NULL,
};
static const struct db_schema old_schema = { 7, "CREATE TABLE a (x INTEGER); INSERT INTO a VALUES (1);", no_steps };
static const struct db_schema new_schema =
	{ 7, "CREATE TABLE a (x INTEGER, y INTEGER); CREATE TABLE b (z INTEGER);", steps };
static const struct db_schema broken_schema = { 7, "CREATE TABLE a (x INTEGER, y INTEGER);", broken_steps };

static int migrate(struct folder *folder, enum db_mode mode, const struct db_schema *schema)
{
	struct db *db;
	int result;

	OK(&folder->fixture, db_open(folder->db, mode, &db, &folder->fixture.err));
	result = db_migrate(db, schema, &folder->fixture.err);
	db_close(db);
	return result;
}

static void test_migrate(void **state)
{
	struct folder *folder = *state;

	assert_int_equal(migrate(folder, DB_WRITE, &old_schema), 0);
	assert_int_equal(look(folder, "PRAGMA user_version"), 1);
	assert_int_equal(migrate(folder, DB_READ, &new_schema), -1);
	assert_non_null(strstr(folder->fixture.err.text, "start fristd once"));
	assert_int_equal(migrate(folder, DB_WRITE, &new_schema), 0);
	assert_int_equal(look(folder, "PRAGMA user_version"), 3);
	assert_int_equal(look(folder, "SELECT z FROM b"), 3);
	assert_int_equal(migrate(folder, DB_WRITE, &new_schema), 0);
	assert_int_equal(migrate(folder, DB_READ, &new_schema), 0);
	assert_int_equal(migrate(folder, DB_WRITE, &old_schema), DB_NEWER);
}

/* A new file is made as it is now, and needs no step: the column that a step adds is there already. */
static void test_new_file_takes_no_steps(void **state)
{
	struct folder *folder = *state;

	assert_int_equal(migrate(folder, DB_WRITE, &new_schema), 0);
	assert_int_equal(look(folder, "PRAGMA user_version"), 3);
	assert_int_equal(look(folder, "SELECT count(*) FROM pragma_table_info('a')"), 2);
	assert_int_equal(look(folder, "SELECT count(*) FROM b"), 0);
	assert_int_equal(migrate(folder, DB_READ, &new_schema), 0);
}

/* A step that fails leaves the file as it was, at its old version. */
static void test_migration_fails(void **state)
{
	struct folder *folder = *state;

	assert_int_equal(migrate(folder, DB_WRITE, &old_schema), 0);
	assert_int_equal(migrate(folder, DB_WRITE, &broken_schema), -1);
	assert_non_null(strstr(folder->fixture.err.text, "to version 3"));
	assert_int_equal(look(folder, "PRAGMA user_version"), 1);
	assert_int_equal(look(folder, "SELECT count(*) FROM pragma_table_info('a')"), 1);
	assert_int_equal(migrate(folder, DB_WRITE, &new_schema), 0);
}

/* ---- what we released ---- */

/* Every column and every index, wherever in its table a column stands. */
static const char *shape(struct folder *folder)
{
	struct db *db;
	const char *text;

	OK(&folder->fixture, db_open(folder->db, DB_READ, &db, &folder->fixture.err));
	struct db_rows rows = DB_SELECT(db, "SELECT group_concat(line, char(10)) FROM (SELECT t.name || '.' || c.name || ' '"
		" || c.type || ' ' || c.\"notnull\" || ' ' || c.pk AS line FROM sqlite_master t, pragma_table_info(t.name) c"
		" WHERE t.type = 'table' UNION ALL SELECT i.name || ' ON ' || i.tbl_name || ' ' || group_concat(c.name)"
		" FROM sqlite_master i, pragma_index_info(i.name) c WHERE i.type = 'index' GROUP BY i.name ORDER BY 1)", DB_NONE);
	assert_int_equal(db_next(&rows, &folder->fixture.err), DB_ROW);
	text = db_text(&rows, 0, &folder->fixture.arena);
	db_rows_done(&rows);
	db_close(db);
	return text;
}

static const char *read_script(struct folder *folder)
{
	FILE *file = fopen(TEST_DATA "/schema-1.sql", "r");
	char *text = arena_alloc(&folder->fixture.arena, 64 * 1024);

	assert_non_null(file);
	text[fread(text, 1, 64 * 1024 - 1, file)] = '\0';
	fclose(file);
	return text;
}

/* The steps from version 1, whose schema tests/data keeps, make what a new file has. */
static void test_from_version_1(void **state)
{
	struct folder *folder = *state;
	const struct db_schema first = { 0x66726973, read_script(folder), no_steps };
	const char *fresh;

	open_writer(folder);
	close_writer(folder);
	fresh = shape(folder);
	assert_int_equal(unlink(folder->db), 0);
	assert_int_equal(migrate(folder, DB_WRITE, &first), 0);
	edit(folder, "INSERT INTO mail (identity, mailbox, to_list, cc_list, bare_subject, sent_at, arrived_at, kind,"
		" automatic, forward, reply, tags, keys, lead_round, trust_grade, trusted, trust_evidence, found_by, outcome,"
		" reason, decided_at) VALUES (x'00', 'mt', '', '', '', 0, 0, 'human', 0, 0, 0, '', '', 0, 'none', 0, '', 'none',"
		" 'noted', 'rule', 0)");
	open_writer(folder);
	close_writer(folder);
	assert_string_equal(shape(folder), fresh);
	assert_int_equal(look(folder, "PRAGMA user_version"), 2);
	assert_int_equal(look(folder, "SELECT count(*) FROM mail WHERE way = 'within'"), 1);
}

/* ---- beside the writer ---- */

static const struct compliance_record course_record = { .person = "bo", .course = "God sagsbehandling", .unit = "vej",
	.completed = COMPLIANCE_NO_DATE };

/* Begins when told to, by a byte. Its exit status says at which step it failed. */
static int put_beside(const char *path, int told)
{
	struct store *beside;
	enum store_change change;
	char byte;

	if (read(told, &byte, 1) != 1 || store_open_beside(path, &beside, NULL) != 0)
		return 1;
	if (store_begin(beside, NULL) != 0)
		return 2;
	if (store_put_course(beside, &course_record, 1, &change, NULL) != 0 || store_commit(beside, NULL) != 0)
		return 3;
	store_close(beside);
	return 0;
}

/* While fristd holds its lock, and is in the middle of a transaction: either waits for the other. */
static void test_put_beside_the_writer(void **state)
{
	struct folder *folder = *state;
	struct fixture *f = &folder->fixture;
	int status, line[2];
	pid_t child;

	assert_int_equal(pipe(line), 0);
	child = fork();		/* before SQLite notes any lock: a child must not inherit those */
	if (child == 0)
		_exit(put_beside(folder->db, line[0]));
	open_writer(folder);
	OK(f, store_begin(f->store, &f->err));
	fixture_open(f, "MT-2026-0001", "a@x");
	assert_int_equal(write(line[1], "x", 1), 1);
	usleep(300 * 1000);
	assert_int_equal(waitpid(child, &status, WNOHANG), 0);
	OK(f, store_commit(f->store, &f->err));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(line[0]);
	close(line[1]);
	OK(f, store_begin(f->store, &f->err));
	fixture_open(f, "MT-2026-0002", "b@x");
	OK(f, store_commit(f->store, &f->err));
	assert_int_equal(look(folder, "SELECT count(*) FROM course_record"), 1);
	assert_int_equal(look(folder, "SELECT count(*) FROM inquiry"), 2);
}

/* It neither makes a file nor migrates one. */
static void test_beside_is_no_owner(void **state)
{
	struct folder *folder = *state;
	struct store *store;
	struct stat info;

	assert_int_equal(store_open_beside(folder->db, &store, &folder->fixture.err), STORE_MISSING);
	assert_int_equal(stat(folder->db, &info), -1);
	open_writer(folder);
	close_writer(folder);
	edit(folder, "PRAGMA user_version = 1");
	assert_int_equal(store_open_beside(folder->db, &store, &folder->fixture.err), -1);
	assert_non_null(strstr(folder->fixture.err.text, "start fristd once"));
	assert_int_equal(look(folder, "PRAGMA user_version"), 1);
}

/* ---- transactions ---- */

/* A reader that holds a snapshot stops no writer; the WAL shrinks again when he is gone. */
static void test_reader_holds_a_snapshot(void **state)
{
	struct folder *folder = *state;
	struct fixture *f = &folder->fixture;
	char wal[128], *filler = arena_alloc(&f->arena, 100000);
	struct stat info;
	struct db *reader;
	off_t grown;

	snprintf(wal, sizeof(wal), "%s-wal", folder->db);
	memset(filler, 'x', 99999);
	open_writer(folder);
	OK(f, db_open(folder->db, DB_READ, &reader, &f->err));
	OK(f, db_run(reader, NULL, &f->err, "BEGIN", NULL, 0));
	OK(f, db_run(reader, NULL, &f->err, "SELECT count(*) FROM mail", NULL, 0));
	for (int i = 0; i < 250; i++) {
		OK(f, store_begin(f->store, &f->err));
		fixture_add(f, (struct fixture_mail){ .id = arena_printf(&f->arena, "%d@x", i), .subject = filler });
		OK(f, store_commit(f->store, &f->err));
	}
	assert_int_equal(stat(wal, &info), 0);
	grown = info.st_size;
	assert_true(grown > 20 * 1024 * 1024);
	db_close(reader);
	for (int i = 0; i < 2; i++) {
		OK(f, store_begin(f->store, &f->err));
		fixture_add(f, (struct fixture_mail){ .id = arena_printf(&f->arena, "after%d@x", i) });
		OK(f, store_commit(f->store, &f->err));
	}
	assert_int_equal(stat(wal, &info), 0);
	assert_true(info.st_size <= 16 * 1024 * 1024);
}

/* After SQLite has given a transaction up, nothing that follows may be committed one by one. */
static void test_given_up(void **state)
{
	struct folder *folder = *state;
	struct fixture *f = &folder->fixture;
	struct store_folder row;

	open_writer(folder);
	OK(f, store_begin(f->store, &f->err));
	OK(f, DB_RUN(f->store->db, &f->err, "CREATE TRIGGER full BEFORE INSERT ON poison"
		" BEGIN SELECT RAISE(ROLLBACK, 'as a full disk would'); END", DB_NONE));
	OK(f, store_commit(f->store, &f->err));
	OK(f, store_begin(f->store, &f->err));
	OK(f, store_folder(f->store, "mt", "INBOX", &row, &f->err));
	assert_int_equal(DB_RUN(f->store->db, &f->err, "INSERT INTO poison VALUES (?1, 1, 1, 1)", DB_INT(row.id)), -1);
	assert_int_equal(store_folder(f->store, "mt", "Andet", &row, &f->err), -1);
	assert_non_null(strstr(f->err.text, "given up"));
	assert_int_equal(store_commit(f->store, &f->err), -1);
	store_rollback(f->store);
	assert_int_equal(look(folder, "SELECT count(*) FROM folder"), 0);
	OK(f, store_begin(f->store, &f->err));
	OK(f, store_folder(f->store, "mt", "INBOX", &row, &f->err));
	OK(f, store_commit(f->store, &f->err));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FOLDER_TEST(test_new_file), FOLDER_TEST(test_settings), FOLDER_TEST(test_no_wal),
		FOLDER_TEST(test_defensive), FOLDER_TEST(test_killed), FOLDER_TEST(test_second_writer),
		FOLDER_TEST(test_reader_beside_writer), FOLDER_TEST(test_copy), FOLDER_TEST(test_missing),
		FOLDER_TEST(test_link), FOLDER_TEST(test_lock_is_a_link), FOLDER_TEST(test_folder_is_a_link),
		FOLDER_TEST(test_no_database), FOLDER_TEST(test_another_programs_database), FOLDER_TEST(test_newer),
		FOLDER_TEST(test_truncated), FOLDER_TEST(test_migrate), FOLDER_TEST(test_new_file_takes_no_steps),
		FOLDER_TEST(test_migration_fails), FOLDER_TEST(test_reader_holds_a_snapshot),
		FOLDER_TEST(test_given_up), FOLDER_TEST(test_from_version_1),
		FOLDER_TEST(test_put_beside_the_writer), FOLDER_TEST(test_beside_is_no_owner),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
