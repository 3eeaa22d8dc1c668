/*
 * caselink - the link to the case in the records system, as people put it into a mail (A7): a URL, a case number, or
 * an attached shortcut.
 *
 * What counts is configured as patterns, for any URL may stand in a signature: '9' is a digit, 'A' a letter of A to
 * Z, a trailing '*' the rest up to white space, everything else itself: "https://sbsys.example.dk/ *" (without the
 * space), "99.99.99-A99-*". A link that Outlook's Safe Links rewrote is read as what it leads to.
 */
#ifndef CORE_CASELINK_H
#define CORE_CASELINK_H

#include "base/arena.h"
#include "core/message.h"

/*
 * The first case link in the message's text above any quote, links, or attached shortcuts (.url, .lnk, .sbsys); NULL
 * when there is none. At most 500 bytes, in the arena.
 */
const char *caselink_find(struct arena *arena, const struct message_strings *patterns, const struct message *message);

/* The first in a subject, likewise; a subject is carried on from mail to mail. NULL is read as "". */
const char *caselink_in_subject(struct arena *arena, const struct message_strings *patterns, const char *subject);

#endif
