/* Where a mail begins and ends in an archive, when it arrived, and that odd archives do no harm. */
#include "io/mailfile.h"

#include "core/calendar.h"
#include "io/mime.h"
#include "tests/rows.h"

#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINE "From a@example.dk Tue Mar 24 09:12:00 2026\n"

/* 2026-03-24 12:00 UTC: when every file of these tests was changed */
enum { CHANGED = 1774353600 };

/* Mails are joined by '|'; NULL: it is no mbox. */
struct mbox_row {
	const char *name, *text, *mails;
};

static const struct mbox_row mbox_rows[] = {
	{ "empty", "", "" },
	{ "one mail", LINE "A: 1\n\nx\n", LINE "A: 1\n\nx\n" },
	{ "two mails", LINE "A: 1\n\nx\n\n" LINE "A: 2\n\ny\n", LINE "A: 1\n\nx\n\n|" LINE "A: 2\n\ny\n" },
	{ "no last line end", LINE "A: 1\n\nx", LINE "A: 1\n\nx" },
	{ "only the line", LINE, LINE },
	{ "CRLF", LINE "A: 1\r\n\r\nx\r\n\r\n" LINE "B: 2\r\n", LINE "A: 1\r\n\r\nx\r\n\r\n|" LINE "B: 2\r\n" },
	{ "Thunderbird's dash", "From - Tue Mar 24 09:12:00 2026\nA: 1\n", "From - Tue Mar 24 09:12:00 2026\nA: 1\n" },
	{ "a sentence is no line", LINE "A: 1\n\nFrom here on.\n\nFrom 9 to 5.\n",
		LINE "A: 1\n\nFrom here on.\n\nFrom 9 to 5.\n" },
	{ "not within a text", LINE "A: 1\n\nx\n" LINE "y\n", LINE "A: 1\n\nx\n" LINE "y\n" },
	{ "no empty line before", LINE "A: 1\n\nx\n" LINE "B: 2\n", LINE "A: 1\n\nx\n|" LINE "B: 2\n" },
	{ "no more than the word", "From \nA: 1\n\nx\n\nFrom \nB: 2\n", "From \nA: 1\n\nx\n\n|From \nB: 2\n" },
	{ "Thunderbird without a date", "From - \r\nA: 1\r\n\r\nx\r\n\r\nFrom - \r\nB: 2\r\n",
		"From - \r\nA: 1\r\n\r\nx\r\n\r\n|From - \r\nB: 2\r\n" },
	{ "a sender alone", "From MAILER-DAEMON\nA: 1\n\nx\n\nFrom a@example.dk\nB: 2\n",
		"From MAILER-DAEMON\nA: 1\n\nx\n\n|From a@example.dk\nB: 2\n" },
	{ "no time of day", "From a@example.dk Mon Mar 23 2026\nA: 1\n\nx\n\nFrom b Tue Mar 24 2026\nB: 2\n",
		"From a@example.dk Mon Mar 23 2026\nA: 1\n\nx\n\n|From b Tue Mar 24 2026\nB: 2\n" },
	{ "a sentence before a colon", LINE "A: 1\n\nFrom here on:\nB: 2\n", LINE "A: 1\n\nFrom here on:\nB: 2\n" },
	{ "a sender alone within a text", LINE "A: 1\n\nx\nFrom here\nB: 2\n", LINE "A: 1\n\nx\nFrom here\nB: 2\n" },
	{ "empty lines first", "\n\r\n" LINE "A: 1\n", LINE "A: 1\n" },
	{ "byte order mark", "\xEF\xBB\xBF" LINE "A: 1\n", LINE "A: 1\n" },
	{ "nothing but empty lines", "\n\n", "" },
	{ "mboxrd", LINE "A: 1\n\n>From x\n>>From y\n> From\n>>Fro\n", LINE "A: 1\n\nFrom x\n>From y\n> From\n>>Fro\n" },
	{ "a quote mark at the end", LINE "A: 1\n\n>", LINE "A: 1\n\n>" },
	{ "a mail", "From: a@example.dk\n\nx\n", NULL },
	{ "a mail with space before the colon", "From : a@example.dk\n\nx\n", NULL },
};

static char folder[] = "/tmp/frist-mailfile-XXXXXX";

static const char *path_of(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

static void write_file(const char *path, const char *text, size_t length)
{
	const struct timespec times[] = { { .tv_sec = CHANGED }, { .tv_sec = CHANGED } };
	FILE *file = fopen(path, "w");

	assert_non_null(file);
	assert_int_equal(fwrite(text, 1, length, file), length);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(utimensat(AT_FDCWD, path, times, 0), 0);
}

static void test_mbox(void **state)
{
	const struct mbox_row *row = *state;
	struct mailfile_list list CLEANUP(mailfile_list_done) = MAILFILE_LIST_NULL;
	struct text joined CLEANUP(text_done) = TEXT_NULL;
	struct err err = ERR_NULL;
	const char *path = path_of(&list.arena, "mbox");

	write_file(path, row->text, strlen(row->text));
	if (!row->mails) {
		assert_int_equal(mailfile_list_mbox(path, &list, &err), -1);
		assert_non_null(strstr(err.text, "no mbox"));
		return;
	}
	assert_int_equal(mailfile_list_mbox(path, &list, &err), 0);
	for (size_t i = 0; i < list.count; i++) {
		struct text bytes CLEANUP(text_done) = TEXT_NULL;

		assert_int_equal(mailfile_read(&list.items[i], &bytes, &err), 0);
		assert_string_equal(list.items[i].name, arena_printf(&list.arena, "%s:%zu", path, i + 1));
		assert_int_equal(list.items[i].arrived_at, CHANGED);
		text_add(&joined, i ? "|" : "");
		text_add_bytes(&joined, text_string(&bytes), bytes.length);
	}
	assert_string_equal(text_string(&joined), row->mails);
}

struct arrival_row {
	const char *name, *text;
	int64_t arrived_at;
};

static const struct arrival_row arrival_rows[] = {
	{ "newest Received", "Received: by b; Fri, 27 Mar 2026 10:00:00 +0100\n"
		"Received: by a; Thu, 26 Mar 2026 10:00:00 +0100\nDate: Wed, 25 Mar 2026 10:00:00 +0100\n\n", 1774602000 },
	{ "Date", "From: a@example.dk\nDate: Wed, 25 Mar 2026 10:00:00 +0100\n\n", 1774429200 },
	{ "a Received that says nothing", "Received: by b\nDate: Wed, 25 Mar 2026 10:00:00 +0100\n\n", 1774429200 },
	{ "the next Received says it", "Received: by b\nReceived: by a; Thu, 26 Mar 2026 10:00:00 +0100\n"
		"Date: Wed, 25 Mar 2026 10:00:00 +0100\n\n", 1774515600 },
	{ "Received in another order", "Received: by a; Thu, 26 Mar 2026 10:00:00 +0100\n"
		"Received: by b; Fri, 27 Mar 2026 10:00:00 +0100\n\n", 1774602000 },
	{ "a server whose clock is years ahead", "Received: by b; Fri, 27 Mar 2026 10:00:00 +0100\n"
		"Received: by a; Sat, 27 Mar 2032 10:00:00 +0100\n\n", 1774602000 },
	{ "a semicolon in a comment", "Received: by b (a; b); Fri, 27 Mar 2026 10:00:00 +0100 (foo; \\) bar)\n\n",
		1774602000 },
	{ "a date in the year 9999", "From: a@example.dk\nDate: Fri, 31 Dec 9999 10:00:00 +0100\n\n", CHANGED },
	{ "neither", "From: a@example.dk\n\nDate: Wed, 25 Mar 2026 10:00:00 +0100\n", CHANGED },
	{ "no mail", "\x01\x02", CHANGED },
};

static void make_folder(const char *path)
{
	assert_int_equal(mkdir(path, 0700), 0);
}

static int remove_one(const char *path, const struct stat *status, int type, struct FTW *at)
{
	(void)status;
	(void)type;
	(void)at;
	return remove(path);
}

static void remove_maildir(const char *path)
{
	assert_int_equal(nftw(path, remove_one, 8, FTW_DEPTH | FTW_PHYS), 0);
}

static void test_arrival(void **state)
{
	const struct arrival_row *row = *state;
	struct mailfile_list list CLEANUP(mailfile_list_done) = MAILFILE_LIST_NULL;
	struct err err = ERR_NULL;

	make_folder(path_of(&list.arena, "Maildir"));
	make_folder(path_of(&list.arena, "Maildir/new"));
	write_file(path_of(&list.arena, "Maildir/new/1"), row->text, strlen(row->text));
	assert_int_equal(mailfile_list_maildir(path_of(&list.arena, "Maildir"), &list, &err), 0);
	assert_int_equal(list.count, 1);
	assert_int_equal(list.items[0].arrived_at, row->arrived_at);
	remove_maildir(path_of(&list.arena, "Maildir"));
}

/*
 * What does not say when it arrived, in a file changed later than all that do, came with its neighbour: the clock of a
 * replay must not run on to today.
 */
static void test_arrival_of_neighbours(void **state)
{
	static const char text[] = LINE "A: 1\n\n" LINE "Date: Fri, 20 Mar 2026 10:00:00 +0100\n\n" LINE "B: 2\n\n"
		LINE "Date: Wed, 18 Mar 2026 10:00:00 +0100\n\n" LINE "\n";
	static const struct { int number; int64_t arrived_at; } wanted[] = {
		{ 4, 1773824400 }, { 5, 1773824400 }, { 1, 1773997200 }, { 2, 1773997200 }, { 3, 1773997200 },
	};
	struct mailfile_list list CLEANUP(mailfile_list_done) = MAILFILE_LIST_NULL;
	struct err err = ERR_NULL;
	const char *path = path_of(&list.arena, "mbox");

	(void)state;
	write_file(path, text, strlen(text));
	assert_int_equal(mailfile_list_mbox(path, &list, &err), 0);
	assert_int_equal(list.count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < list.count; i++) {
		assert_string_equal(list.items[i].name, arena_printf(&list.arena, "%s:%d", path, wanted[i].number));
		assert_int_equal(list.items[i].arrived_at, wanted[i].arrived_at);
	}
}

/* In the order of arrival, then of their names; with the sent items known as such. */
static void test_maildir(void **state)
{
	static const char *const folders[] = { "", "/cur", "/new", "/tmp", "/.Sent", "/.Sent/cur", "/.INBOX.Behandlet",
		"/.INBOX.Behandlet/new", "/.Slettet post", "/.Slettet post/cur", "/cur/folder" };
	static const struct { const char *name, *date; } mails[] = {
		{ "cur/b", "27" }, { "cur/a", "27" }, { "cur/.hidden", "25" }, { "new/c", "26" }, { "tmp/d", "25" },
		{ ".Sent/cur/e", "28" }, { ".INBOX.Behandlet/new/f", "25" }, { ".Slettet post/cur/g", "25" },
	};
	static const char *const wanted[] = { ".INBOX.Behandlet/new/f", "new/c", "cur/a", "cur/b", ".Sent/cur/e" };
	struct mailfile_list list CLEANUP(mailfile_list_done) = MAILFILE_LIST_NULL;
	struct err err = ERR_NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++)
		make_folder(arena_printf(&list.arena, "%s/Maildir%s", folder, folders[i]));
	for (size_t i = 0; i < sizeof(mails) / sizeof(mails[0]); i++) {
		const char *text = arena_printf(&list.arena, "Date: %s Mar 2026 10:00:00 +0100\n\n", mails[i].date);

		write_file(arena_printf(&list.arena, "%s/Maildir/%s", folder, mails[i].name), text, strlen(text));
	}
	assert_int_equal(mkfifo(path_of(&list.arena, "Maildir/cur/pipe"), 0600), 0);
	assert_int_equal(mailfile_list_maildir(path_of(&list.arena, "Maildir"), &list, &err), 0);
	assert_int_equal(list.count, sizeof(wanted) / sizeof(wanted[0]));
	for (size_t i = 0; i < list.count; i++) {
		assert_string_equal(list.items[i].path, arena_printf(&list.arena, "%s/Maildir/%s", folder, wanted[i]));
		assert_int_equal(list.items[i].sent_items, strstr(wanted[i], "Sent") != NULL);
	}
	remove_maildir(path_of(&list.arena, "Maildir"));
	assert_int_equal(mailfile_list_maildir(folder, &list, &err), -1);
	assert_non_null(strstr(err.text, "no Maildir"));
}

/* A line without an end, and bytes that are none of a mail, cost neither memory nor the mail after them. */
static void test_long_lines(void **state)
{
	enum { LONG = 3 * 1024 * 1024 };
	struct mailfile_list list CLEANUP(mailfile_list_done) = MAILFILE_LIST_NULL;
	struct text text CLEANUP(text_done) = TEXT_NULL, bytes CLEANUP(text_done) = TEXT_NULL;
	struct err err = ERR_NULL;
	char *zeros = calloc(1, LONG);

	(void)state;
	assert_non_null(zeros);
	text_add(&text, LINE "A: 1\n\n");
	for (int i = 0; i < 4; i++)
		text_add_bytes(&text, zeros, LONG);
	free(zeros);
	text_add(&text, "\n\n" LINE "B: 2\n");
	write_file(path_of(&list.arena, "mbox"), text_string(&text), text.length);
	assert_int_equal(mailfile_list_mbox(path_of(&list.arena, "mbox"), &list, &err), 0);
	assert_int_equal(list.count, 2);
	assert_int_equal(mailfile_read(&list.items[0], &bytes, &err), 0);
	assert_int_equal(bytes.length, MAILFILE_READ_MAX);
	text_done(&bytes);
	assert_int_equal(mailfile_read(&list.items[1], &bytes, &err), 0);
	assert_string_equal(text_string(&bytes), LINE "B: 2\n");
}

static void test_what_is_gone(void **state)
{
	struct mailfile_list list CLEANUP(mailfile_list_done) = MAILFILE_LIST_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct err err = ERR_NULL;

	(void)state;
	write_file(path_of(&list.arena, "mbox"), LINE, strlen(LINE));
	assert_int_equal(mailfile_list_mbox(path_of(&list.arena, "mbox"), &list, &err), 0);
	assert_int_equal(unlink(list.items[0].path), 0);
	assert_int_equal(mailfile_read(&list.items[0], &bytes, &err), -1);
	assert_non_null(strstr(err.text, "mbox"));
	assert_int_equal(mailfile_read_path(folder, &bytes, &err), -1);
	assert_int_equal(mailfile_list_mbox(folder, &list, &err), -1);
}

static int remove_folder(void **state)
{
	(void)state;
	return nftw(folder, remove_one, 8, FTW_DEPTH | FTW_PHYS);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_maildir), cmocka_unit_test(test_long_lines), cmocka_unit_test(test_what_is_gone),
		cmocka_unit_test(test_arrival_of_neighbours),
	};

	if (!mkdtemp(folder))
		return 1;
	mime_init();
	return RUN_ROWS(mbox_rows, test_mbox) + RUN_ROWS(arrival_rows, test_arrival) +
		cmocka_run_group_tests(tests, NULL, remove_folder);
}
