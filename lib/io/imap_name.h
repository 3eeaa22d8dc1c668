/*
 * imap_name - what an IMAP folder is called, and what it is for.
 *
 * On the wire a folder name is modified UTF-7 (RFC 3501 section 5.1.3); people see UTF-8. Commands always use the raw
 * name as the server sent it. What a folder is for is told by its special-use attribute (RFC 6154), or else by the name
 * that Exchange, Dovecot and common clients give it in Danish and English.
 */
#ifndef IO_IMAP_NAME_H
#define IO_IMAP_NAME_H

#include "base/arena.h"

#include <stdbool.h>

enum imap_use {
	IMAP_USE_ORDINARY,	/* also the inbox and archives */
	IMAP_USE_SENT,
	IMAP_USE_DRAFTS,
	IMAP_USE_JUNK,
	IMAP_USE_TRASH,
	IMAP_USE_VIRTUAL,	/* shows mail that also lies elsewhere (\All, \Flagged, search folders) */
	IMAP_USE_NO_MAIL,	/* the outbox, calendars, contacts, synchronisation faults, … */
};

/* Are folders of this use read when all of a mailbox is read? Only ordinary ones and sent mail are. */
bool imap_use_is_read(enum imap_use use);

/*
 * The UTF-8 form of a raw name. A name that is not valid modified UTF-7 comes back byte for byte if that is UTF-8, else
 * with a question mark for each byte above 127; what a reader cannot see becomes a question mark too.
 */
char *imap_name_decode(struct arena *arena, const char *raw);

/* What one attribute of a LIST reply, such as "Sent" or "\\Sent", says; IMAP_USE_ORDINARY for any other. */
enum imap_use imap_use_of_attribute(const char *attribute);

/*
 * What a UTF-8 name says, by its first part, or the part after INBOX: what lies below "Slettet post" is deleted mail
 * too, but "Sager/Opgaver" is a folder of mail like any other. delimiter may be 0. Ordinary when nothing is known.
 */
enum imap_use imap_use_of_name(const char *name, char delimiter);

#endif
