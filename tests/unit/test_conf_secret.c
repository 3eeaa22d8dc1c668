/* Passwords from files and from systemd, and what is refused of them. */
#include "io/conf.h"

#include "tests/rows.h"

#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static char folder[64];

static const char *path_of(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

static void write_bytes(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

static void write_text(struct arena *arena, const char *name, const char *text)
{
	write_bytes(path_of(arena, name), text, strlen(text));
}

static int make_folder(void **state)
{
	(void)state;
	strcpy(folder, "/tmp/fristd-secret-XXXXXX");
	assert_non_null(mkdtemp(folder));
	return 0;
}

static int remove_folder(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	(void)unlink(path_of(&arena, "secret"));
	(void)unlink(path_of(&arena, "imap"));
	return rmdir(folder);
}

struct secret {
	const char *name;
	const char *content;
	mode_t mode;
	const char *secret, *fault;	/* one of them */
};

static const struct secret secrets[] = {
	{ "one line", "hemmelig\n", 0600, "hemmelig", NULL },
	{ "read only", "hemmelig", 0400, "hemmelig", NULL },
	{ "line end of Windows", "hemmelig\r\n", 0600, "hemmelig", NULL },
	{ "spaces belong to it", " hem melig \n", 0600, " hem melig ", NULL },
	{ "letters beyond ASCII", "hæmmelig\n", 0600, "hæmmelig", NULL },
	{ "empty", "", 0600, NULL, "is empty" },
	{ "only a line end", "\n", 0600, NULL, "is empty" },
	{ "two lines", "a\nb\n", 0600, NULL, "more than one line" },
	{ "a control", "a\tb\n", 0600, NULL, "cannot be typed" },
	{ "readable for the group", "hemmelig\n", 0640, NULL, "may be read by others (mode 0640)" },
	{ "readable for all", "hemmelig\n", 0604, NULL, "may be read by others (mode 0604)" },
};

static void test_secret(void **state)
{
	const struct secret *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct err err = ERR_NULL;
	char secret[100] = "untouched";
	const char *path;
	int status;

	make_folder(NULL);
	path = path_of(&arena, "secret");
	write_text(&arena, "secret", row->content);
	assert_int_equal(chmod(path, row->mode), 0);
	status = conf_read_secret(path, secret, sizeof(secret), &err);
	assert_int_equal(remove_folder(NULL), 0);
	assert_int_equal(status, row->secret ? 0 : -1);
	assert_string_equal(secret, row->secret ? row->secret : "untouched");
	if (row->fault && !strstr(err.text, row->fault))
		fail_msg("%s", err.text);
}

static void test_secret_sizes(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *path = path_of(&arena, "secret");
	char secret[2000], bytes[1030];
	struct err err = ERR_NULL;

	(void)state;
	memset(bytes, 'x', sizeof(bytes));
	write_bytes(path, bytes, 1024);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(conf_read_secret(path, secret, sizeof(secret), &err), 0);
	assert_int_equal(strlen(secret), 1024);
	assert_int_equal(conf_read_secret(path, secret, 1025, &err), 0);
	assert_int_equal(conf_read_secret(path, secret, 1024, &err), -1);
	write_bytes(path, bytes, 1025);
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(conf_read_secret(path, secret, sizeof(secret), &err), -1);
	assert_non_null(strstr(err.text, "more than 1024 bytes"));
	write_bytes(path, bytes, sizeof(bytes));
	assert_int_equal(chmod(path, 0600), 0);
	assert_int_equal(conf_read_secret(path, secret, sizeof(secret), &err), -1);
}

static void test_credential(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct err err = ERR_NULL;
	char secret[100];

	(void)state;
	write_text(&arena, "imap", "hemmelig\n");
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
	assert_int_equal(conf_read_secret("credential:imap", secret, sizeof(secret), &err), -1);
	assert_non_null(strstr(err.text, "LoadCredential="));
	assert_int_equal(setenv("CREDENTIALS_DIRECTORY", folder, 1), 0);
	assert_int_equal(conf_read_secret("credential:imap", secret, sizeof(secret), &err), -1);
	assert_int_equal(chmod(path_of(&arena, "imap"), 0440), 0);	/* as systemd does it, by an access list */
	assert_int_equal(conf_read_secret("credential:imap", secret, sizeof(secret), &err), 0);
	assert_string_equal(secret, "hemmelig");
	assert_int_equal(unsetenv("CREDENTIALS_DIRECTORY"), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_secret_sizes, make_folder, remove_folder),
		cmocka_unit_test_setup_teardown(test_credential, make_folder, remove_folder),
	};

	return RUN_ROWS(secrets, test_secret) + cmocka_run_group_tests_name("conf_secret", tests, NULL, NULL);
}
