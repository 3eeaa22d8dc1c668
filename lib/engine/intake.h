/*
 * intake - brings what is new in a folder to the clerk: fetch, parse, receive, commit, batch by batch.
 *
 * UIDs are taken in rising order and every one gets an outcome; how far a folder has been read is stored in the same
 * transaction as what was read. A batch that brings us down is taken one by one then; a message that does so
 * alone, three times, is set aside, so that it never holds up the others.
 *
 * A batch is committed in parts when its mails are long: a worker takes up some 30 MB, whatever lies in the mailbox.
 * The text of mail from before open_since, on which nobody acts, is not asked for.
 */
#ifndef ENGINE_INTAKE_H
#define ENGINE_INTAKE_H

#include "engine/clerk.h"
#include "io/imap.h"

enum { INTAKE_TRIES_MAX = 3 };

struct intake {
	struct clerk *clerk;
	const struct conf_mailbox *mailbox;	/* valid while the thread that reads it runs */
	struct imap *imap;
	const struct imap_folder *folder;
	void (*is_heard_of)(void *arg);		/* called before each command and each transaction: all of them are bounded */
	void *is_heard_of_arg;
};

/*
 * Reads what is new in the open folder. IMAP outcomes as in io/imap.h; a failing database is reported as IMAP_OK with
 * *ret_store_failed set and the reason in fault: the mail stays where it is and is read later.
 */
NODISCARD enum imap_outcome intake_folder(struct intake *intake, uint32_t uidvalidity, bool *ret_store_failed,
	struct imap_fault *fault);

#endif
