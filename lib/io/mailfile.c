/*
 * Archives of mail on disk, for `replay` and `explain`. Only where each mail lies is listed; it is read when its turn
 * comes. They are sorted by when they arrived, for rules depend on the order; the time of the file itself is believed
 * last.
 */
#include "io/mailfile.h"

#include "io/imap_name.h"
#include "io/mime.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define BYTE_ORDER_MARK "\xEF\xBB\xBF"

enum { LINE_KEPT = 256 };	/* bytes of an mbox line that are looked at */

void mailfile_list_done(struct mailfile_list *list)
{
	arena_done(&list->arena);
}

/* ---- reading ---- */

static void closep(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

/* At most MAILFILE_READ_MAX bytes: no more of a mail is looked at. */
static int read_range(const char *path, int64_t offset, int64_t length, struct text *ret_bytes, struct err *err)
{
	int fd CLEANUP(closep) = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	char chunk[64 * 1024];

	if (fd < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (length > MAILFILE_READ_MAX)
		length = MAILFILE_READ_MAX;
	if (offset && lseek(fd, offset, SEEK_SET) < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	while (length > 0) {
		ssize_t got = read(fd, chunk, length < (int64_t)sizeof(chunk) ? (size_t)length : sizeof(chunk));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return err_set(err, "%s: %s", path, strerror(errno));
		if (got == 0)
			break;
		text_add_bytes(ret_bytes, chunk, (size_t)got);
		length -= got;
	}
	return 0;
}

/* RFC 4155 leaves quoting open; mboxrd puts one ">" before every ">*From ", mboxo before "From " alone. */
static void unquote(struct text *bytes)
{
	size_t kept = 0;
	bool line_start = true;

	for (size_t i = 0; i < bytes->length; i++) {
		if (line_start && bytes->data[i] == '>') {
			size_t marks = strspn(bytes->data + i, ">");

			if (strncmp(bytes->data + i + marks, "From ", 5) == 0)
				i++;
		}
		line_start = bytes->data[i] == '\n';
		bytes->data[kept++] = bytes->data[i];
	}
	if (kept < bytes->length)
		bytes->data[kept] = '\0';
	bytes->length = kept;
}

int mailfile_read(const struct mailfile_entry *entry, struct text *ret_bytes, struct err *err)
{
	if (read_range(entry->path, entry->offset, entry->length, ret_bytes, err) < 0)
		return -1;
	if (entry->quoted)
		unquote(ret_bytes);
	return 0;
}

int mailfile_read_path(const char *path, struct text *ret_bytes, struct err *err)
{
	return read_range(path, 0, MAILFILE_READ_MAX, ret_bytes, err);
}

/* ---- listing ---- */

static int add_entry(struct mailfile_list *list, const struct mailfile_entry *entry, struct err *err)
{
	if (list->count >= MAILFILE_MAILS_MAX)
		return err_set(err, "%s: more than %d mails", entry->path, MAILFILE_MAILS_MAX);
	list->items = arena_grow(&list->arena, list->items, list->count, &list->capacity, sizeof(*list->items));
	list->items[list->count] = *entry;
	list->items[list->count].number = list->count;
	list->count++;
	return 0;
}

/* When the mail says that it arrived; 0: it does not say. */
static int64_t find_arrival(const struct mailfile_entry *entry)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct mailfile_entry header = *entry;
	struct message message;
	struct err err = ERR_NULL;

	if (header.length > MESSAGE_HEADER_MAX)
		header.length = MESSAGE_HEADER_MAX;
	if (mailfile_read(&header, &bytes, &err) < 0)
		return 0;	/* whoever reads it all hears of it */
	mime_parse(&arena, &subject_grammar_default, text_string(&bytes), bytes.length, &message);
	return message.received_at ? message.received_at : message.date;
}

/*
 * arrived_at holds when the file was changed. That does for a mail that does not say when it arrived, unless it is
 * later than all that do: then the archive was copied, or is one file, and the mail came with the one before it.
 */
static void find_arrivals(struct mailfile_list *list)
{
	int64_t *said = arena_array(&list->arena, list->count, sizeof(*said)), neighbour = 0, last = 0;

	for (size_t i = 0; i < list->count; i++) {
		said[i] = find_arrival(&list->items[i]);
		neighbour = neighbour ? neighbour : said[i];
		last = said[i] > last ? said[i] : last;
	}
	for (size_t i = 0; i < list->count; i++) {
		neighbour = said[i] ? said[i] : neighbour;
		if (said[i] || (last && list->items[i].arrived_at > last))
			list->items[i].arrived_at = neighbour;
	}
}

static int compare_entries(const void *a, const void *b)
{
	const struct mailfile_entry *first = a, *second = b;

	if (first->arrived_at != second->arrived_at)
		return first->arrived_at < second->arrived_at ? -1 : 1;
	return first->number < second->number ? -1 : first->number > second->number;
}

static void sort_by_arrival(struct mailfile_list *list)
{
	find_arrivals(list);
	if (list->count)
		qsort(list->items, list->count, sizeof(list->items[0]), compare_entries);
}

/* ---- Maildir ---- */

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The names in a folder, sorted: those that begin with a dot, or the others. 1: there is no such folder. */
static int list_names(struct arena *arena, const char *path, bool hidden, const char ***ret_names, size_t *ret_count,
	struct err *err)
{
	DIR *folder = opendir(path);
	const char **names = NULL;
	size_t count = 0, capacity = 0;

	if (!folder)
		return errno == ENOENT || errno == ENOTDIR ? 1 : err_set(err, "%s: %s", path, strerror(errno));
	for (struct dirent *entry; count < MAILFILE_MAILS_MAX && (entry = readdir(folder));) {
		if ((entry->d_name[0] == '.') != hidden)
			continue;
		names = arena_grow(arena, names, count, &capacity, sizeof(*names));
		names[count++] = arena_strdup(arena, entry->d_name);
	}
	closedir(folder);
	if (count)
		qsort(names, count, sizeof(*names), compare_names);
	*ret_names = names;
	*ret_count = count;
	return 0;
}

/* What is no plain file is passed over; ret_found stays as it was where there is no such folder. */
static int add_files(struct mailfile_list *list, const char *folder, bool sent_items, bool *ret_found, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char **names = NULL;
	size_t count = 0;
	int result = list_names(&arena, folder, false, &names, &count, err);

	if (result != 0)
		return result < 0 ? -1 : 0;
	*ret_found = true;
	for (size_t i = 0; i < count; i++) {
		struct mailfile_entry entry = { .sent_items = sent_items, .length = MAILFILE_READ_MAX };
		struct stat status;

		entry.path = entry.name = arena_printf(&list->arena, "%s/%s", folder, names[i]);
		if (stat(entry.path, &status) < 0 || !S_ISREG(status.st_mode))
			continue;
		entry.arrived_at = status.st_mtime;
		if (add_entry(list, &entry, err) < 0)
			return -1;
	}
	return 0;
}

static int add_folder(struct mailfile_list *list, const char *path, bool sent_items, bool *ret_found, struct err *err)
{
	static const char *const parts[] = { "cur", "new" };

	for (size_t i = 0; i < sizeof(parts) / sizeof(parts[0]); i++) {
		const char *part = arena_printf(&list->arena, "%s/%s", path, parts[i]);

		if (add_files(list, part, sent_items, ret_found, err) < 0)
			return -1;
	}
	return 0;
}

/* Maildir++: a subfolder's name begins with a full stop, and has one for each level. */
static int add_subfolders(struct mailfile_list *list, const char *path, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char **names = NULL;
	size_t count = 0;
	bool found;

	if (list_names(&arena, path, true, &names, &count, err) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		enum imap_use use = imap_use_of_name(imap_name_decode(&arena, names[i] + 1), '.');

		if (strcmp(names[i], ".") == 0 || strcmp(names[i], "..") == 0 || !imap_use_is_read(use))
			continue;
		if (add_folder(list, arena_printf(&arena, "%s/%s", path, names[i]), use == IMAP_USE_SENT, &found, err) < 0)
			return -1;
	}
	return 0;
}

int mailfile_list_maildir(const char *path, struct mailfile_list *ret_list, struct err *err)
{
	bool found = false;

	if (add_folder(ret_list, path, false, &found, err) < 0)
		return -1;
	if (!found)
		return err_set(err, "%s: no Maildir: there is neither %s/cur nor %s/new", path, path, path);
	if (add_subfolders(ret_list, path, err) < 0)
		return -1;
	sort_by_arrival(ret_list);
	return 0;
}

/* ---- mbox ---- */

/* An mbox being read, line by line, of which only the beginning is kept. */
struct scan {
	struct mailfile_list *list;
	struct mailfile_entry entry;	/* the mail at hand */
	bool begun, after_blank;
	bool doubtful;			/* the line before this one parts two mails if this one is a header field */
	char line[LINE_KEPT + 1];
	size_t line_length;
	int64_t line_offset, previous_offset;
};

static bool is_from_line(const char *line)
{
	return strncmp(line, "From ", 5) == 0 && line[5 + strspn(line + 5, " \t")] != ':';
}

/* "From somebody Tue Mar 24 09:12:00 2026": hardly anybody writes that in a text. */
static bool has_time(const char *line)
{
	for (const char *at = strchr(line, ':'); at; at = strchr(at + 1, ':'))
		if (strspn(at + 1, "0123456789") == 2 && at[-1] >= '0' && at[-1] <= '9')
			return true;
	return false;
}

/* "From ", "From - ", "From MAILER-DAEMON", "From somebody Tue Mar 24 2026": as some programs have it, and texts. */
static bool has_sender(const char *line)
{
	size_t sender = strcspn(line + 5, " \t\r\n");
	const char *rest = line + 5 + sender + strspn(line + 5 + sender, " \t\r\n");
	size_t length = strcspn(rest, "\r\n");

	return !length || (length > 4 && strspn(rest + length - 4, "0123456789") == 4);
}

static bool is_field(const char *line)
{
	size_t name = 0;

	while (line[name] > ' ' && line[name] < 0x7F && line[name] != ':')
		name++;
	return name && line[name] == ':';
}

static int finish_mail(struct scan *scan, int64_t end, struct err *err)
{
	if (!scan->begun)
		return 0;
	scan->entry.length = end - scan->entry.offset;
	scan->entry.name = arena_printf(&scan->list->arena, "%s:%zu", scan->entry.path, scan->list->count + 1);
	return add_entry(scan->list, &scan->entry, err);
}

static int begin_mail(struct scan *scan, int64_t offset, struct err *err)
{
	if (finish_mail(scan, offset, err) < 0)
		return -1;
	scan->begun = true;
	scan->entry.offset = offset;
	return 0;
}

/* Does the mail that begins an mbox begin here? What may stand before it: empty lines and a byte order mark. */
static int look_for_first(struct scan *scan, bool blank, struct err *err)
{
	size_t mark = scan->line_offset == 0 && strncmp(scan->line, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0 ?
		strlen(BYTE_ORDER_MARK) : 0;

	if (is_from_line(scan->line + mark))
		return begin_mail(scan, scan->line_offset + (int64_t)mark, err);
	return blank ? 0 : err_set(err, "%s: no mbox: its first line is no \"From \" line", scan->entry.path);
}

/*
 * A mail begins at a line with "From " and a time of day behind an empty line (RFC 4155, appendix A). Where the one or
 * the other is missing, the next line must be a header field: mails of some programs shall not be swallowed by the one
 * before, and no sentence shall begin one.
 */
static int look_for_next(struct scan *scan, struct err *err)
{
	bool doubtful = scan->doubtful && is_field(scan->line), from = is_from_line(scan->line);

	scan->doubtful = false;
	if (doubtful && begin_mail(scan, scan->previous_offset, err) < 0)
		return -1;
	if (from && scan->after_blank && has_time(scan->line))
		return begin_mail(scan, scan->line_offset, err);
	scan->doubtful = from && (scan->after_blank ? has_sender(scan->line) : has_time(scan->line));
	return 0;
}

static int finish_line(struct scan *scan, struct err *err)
{
	bool blank;

	scan->line[scan->line_length < LINE_KEPT ? scan->line_length : LINE_KEPT] = '\0';
	blank = strcmp(scan->line, "\n") == 0 || strcmp(scan->line, "\r\n") == 0;
	if ((scan->begun ? look_for_next(scan, err) : look_for_first(scan, blank, err)) < 0)
		return -1;
	scan->after_blank = blank;
	scan->previous_offset = scan->line_offset;
	scan->line_offset += (int64_t)scan->line_length;
	scan->line_length = 0;
	return 0;
}

/* Byte by byte, as large as it may be: only the beginning of each line is kept. */
static int scan_mbox(struct scan *scan, FILE *file, struct err *err)
{
	int byte;

	while ((byte = getc_unlocked(file)) != EOF) {
		if (scan->line_length < LINE_KEPT)
			scan->line[scan->line_length] = (char)byte;
		scan->line_length++;
		if (byte == '\n' && finish_line(scan, err) < 0)
			return -1;
	}
	if (ferror(file))
		return err_set(err, "%s: it cannot be read to its end", scan->entry.path);
	if (scan->line_length && finish_line(scan, err) < 0)
		return -1;
	return finish_mail(scan, scan->line_offset, err);
}

static void fclosep(FILE **file)
{
	if (*file)
		fclose(*file);
}

int mailfile_list_mbox(const char *path, struct mailfile_list *ret_list, struct err *err)
{
	struct scan scan = { .list = ret_list, .entry = { .path = path, .quoted = true } };
	FILE *file CLEANUP(fclosep) = NULL;
	struct stat status;

	if (stat(path, &status) < 0)
		return err_set(err, "%s: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return err_set(err, "%s: no mbox: it is no regular file", path);
	file = fopen(path, "re");
	if (!file)
		return err_set(err, "%s: %s", path, strerror(errno));
	scan.entry.arrived_at = status.st_mtime;
	scan.entry.path = arena_strdup(&ret_list->arena, path);
	if (scan_mbox(&scan, file, err) < 0)
		return -1;
	sort_by_arrival(ret_list);
	return 0;
}
