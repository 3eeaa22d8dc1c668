/*
 * classify - what sort of mail this is, from its header.
 *
 * The order matters: an absence notice may come from postmaster@ with a null return path, and read receipts have one
 * too. X-Auto-Response-Suppress alone marks nothing: ordinary Exchange mail carries it.
 */
#ifndef CORE_CLASSIFY_H
#define CORE_CLASSIFY_H

#include "core/message.h"

/* The facts that decide; strings are NULL when the field is absent. Letter case and white space do not matter. */
struct classify_facts {
	const char *subject;			/* without the marks that a server put before it */
	const char *from;			/* address */
	const char *return_path;		/* "" or "<>": the null return path */
	const char *report_type;		/* of a multipart/report (RFC 6522), "" when it names none */
	const char *auto_submitted;		/* RFC 3834 */
	const char *precedence;
	const char *suppress;			/* X-Auto-Response-Suppress */
	bool inbox_rules_loop;			/* X-MS-Exchange-Inbox-Rules-Loop is there */
	bool autoreply;				/* X-Autoreply, X-Autorespond or another field of that kind is there */
	bool failed_recipients;			/* X-Failed-Recipients is there (Exim's bounces) */
	bool list;				/* List-Id, List-Post or List-Unsubscribe-Post is there */
	bool ours;				/* it carries an id of the form we give */
	size_t received_count;
	size_t delivered_count;			/* recipients that a status notification says were reached */
	size_t undelivered_count;		/* and those that it does not */
};

/* The first kind that matches, in the order of enum message_kind. */
enum message_kind classify_kind(const struct classify_facts *facts);

/* Does a subject, without the marks that a server put before it, say that somebody is away? */
bool classify_tells_absence(const char *subject);

/*
 * Does a subject or first line say that something was not delivered? By words that Danish and English notices are made
 * of; they also stand in innocent text, so ask only where taking it for a failure does no harm.
 */
bool classify_tells_failure(const char *text);

/* Does the action of a status notification say that the mail arrived (RFC 3464, 2.3.3)? */
bool classify_is_delivered(const char *action);

#endif
