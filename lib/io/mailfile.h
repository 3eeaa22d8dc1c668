/*
 * mailfile - received mail in files: one file a mail, a Maildir, or an mbox.
 *
 * Nothing is written or marked. Listing an archive keeps a line a mail and not its bytes, and reading takes one mail at
 * a time, so an archive may be larger than memory. Files that are no regular files are passed over.
 */
#ifndef IO_MAILFILE_H
#define IO_MAILFILE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MAILFILE_READ_MAX = 8 * 1024 * 1024,	/* bytes of one mail: more than any header and text that are looked at */
	MAILFILE_MAILS_MAX = 10 * 1000 * 1000,	/* in one archive */
};

/* One mail of an archive. */
struct mailfile_entry {
	const char *path;		/* the file */
	const char *name;		/* what reports call it: the path, in an mbox PATH:N with N from 1 */
	int64_t offset, length;		/* in the file; a Maildir's mail is the whole file */
	int64_t arrived_at;		/* seconds UTC, see mailfile_list_maildir() */
	bool sent_items;		/* it lies in the mailbox's own sent items */
	bool quoted;			/* from an mbox: ">From " stands for "From " */
	size_t number;			/* in the order of the archive */
};

/* In the order of arrival; mails of the same second in the order of the archive. */
struct mailfile_list {
	struct arena arena;		/* owns all of it */
	struct mailfile_entry *items;
	size_t count, capacity;
};

#define MAILFILE_LIST_NULL { .arena = ARENA_NULL }

/* Frees everything. Accepts a zeroed list. */
void mailfile_list_done(struct mailfile_list *list);

/*
 * Lists cur/ and new/ of a Maildir and of its subfolders in the manner of Maildir++ (".Behandlet"), but for drafts,
 * junk and deleted mail. A mail arrived when its newest Received field says, else its Date; one that has neither, or
 * cannot be read, when its file was last changed, or with the mail before it if that is later than all the others.
 * -1: not a Maildir, or a folder cannot be read.
 */
NODISCARD int mailfile_list_maildir(const char *path, struct mailfile_list *ret_list, struct err *err);

/*
 * Lists an mbox: a mail begins at the first line, and after an empty line, where the line says "From " and a time of
 * day (RFC 4155, appendix A); without the empty line or the time of day where a header field follows. Arrival as above.
 * -1: it cannot be read, or its first line that is not empty is no "From " line.
 */
NODISCARD int mailfile_list_mbox(const char *path, struct mailfile_list *ret_list, struct err *err);

/* Reads a mail of a list, up to MAILFILE_READ_MAX bytes. */
NODISCARD int mailfile_read(const struct mailfile_entry *entry, struct text *ret_bytes, struct err *err);

/* Reads the mail in a file of its own, likewise. */
NODISCARD int mailfile_read_path(const char *path, struct text *ret_bytes, struct err *err);

#endif
