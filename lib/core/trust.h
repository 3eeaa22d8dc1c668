/*
 * trust - how far a message's From is vouched for by our own servers. A name in a header proves nothing.
 *
 * The grades, and what each takes under the mailbox's profile:
 *   internal   profile exchange or exchange-online: exactly one X-MS-Exchange-Organization-AuthAs field, exactly
 *              "Internal". On any other server that header is the attacker's.
 *   aligned    an Authentication-Results (RFC 8601) with exactly our authserv-id, above the first Received that our own
 *              border wrote, saying dmarc=pass for the From domain, or dkim=pass with header.d equal to it,
 *              or auth=pass with an smtp.auth that the directory ties to the From address. SPF alone never. Two of
 *              ours that disagree: nothing. Profile exchange-online may lack the authserv-id: only the topmost.
 *   none       everything else.
 *
 * The border are the hosts of ours that take mail from outside. Every server writes its fields on top, so what stands
 * below the topmost Received with "by" one of these hosts came with the mail and may be anybody's; servers further in
 * (an LMTP server) write above it and are not part of the border. When border is empty, the topmost Received of all
 * ends what counts. A Received that names a border host after any of its words "by", in a comment or not, ends it.
 *
 * What counts of a field: method and result by the grammar with comments, quoting and versions; unknown methods and
 * unknown versions are passed over. A field of ours that breaks the grammar, says a property twice or has two results
 * of dmarc or of auth is no evidence, and neither is any other then. Ours disagree when one vouches for From and the
 * same or another says dmarc=fail or dkim=fail for its domain, auth=fail, or auth=pass for a login that is not tied to
 * From. Domains are compared exactly but for ASCII case, without sub-domains; so are logins. A login is tied to a
 * person's address by being one of his logins, his address or an alias, to the shared mailbox by its logins only, and
 * to any other address in our own mail domains by being that address.
 *
 * What lies in the mailbox's own sent items, bears its address and no mark of any server was put there by a mail
 * program that is logged in to the mailbox: `aligned` in every profile. Whatever came by mail has a Received.
 *
 * Sent on behalf of another (Sender is another's address than From): nobody vouches that From himself said it, so the
 * grade is none in every profile; except when From is the shared mailbox, or when people.conf says that this person
 * sends in From's name. Then it is he who must be vouched for, and the evidence names him. A Sender that is not one
 * field with exactly one valid address may be anybody's: none.
 *
 * What lies behind a cap of the header (core/message.h) nobody has read: the server's own word, a second From, that a
 * program wrote it. Such a mail is none, too.
 */
#ifndef CORE_TRUST_H
#define CORE_TRUST_H

#include "base/arena.h"
#include "core/directory.h"
#include "core/message.h"

enum trust_grade { TRUST_NONE, TRUST_ALIGNED, TRUST_INTERNAL };

/* TRUST_PROFILE_NONE: nothing is vouched for, so approvals by mail are off; `fristctl check` says so. */
enum trust_profile_kind {
	TRUST_PROFILE_NONE,
	TRUST_PROFILE_EXCHANGE,
	TRUST_PROFILE_EXCHANGE_ONLINE,
	TRUST_PROFILE_AUTHSERV,
};

struct trust_profile {
	enum trust_profile_kind kind;
	const char *authserv_id;		/* lower case; NULL with the exchange profiles */
	struct message_strings border;		/* hosts, as they stand after "by" in Received; ".example.dk": all below it */
};

/* The shared mailbox's own addresses, and the logins that may send as it. */
struct trust_mailbox {
	struct message_strings addresses;	/* lower case */
	struct message_strings logins;
	bool sent_items;			/* the message lies in the mailbox's own sent items */
};

enum { TRUST_EVIDENCE_MAX = 500 };

struct trust {
	enum trust_grade grade;
	bool trusted;				/* does the profile take this grade for proof of From? */
	const char *evidence;			/* the line that justifies the grade, or why there is none; never NULL; at
						   most TRUST_EVIDENCE_MAX bytes, no control character, CPR numbers masked */
	const char *sent_by;			/* the Sender, where he sent it on behalf of From and is vouched for; else NULL */
};

/* "none", "aligned", "internal". */
const char *trust_grade_name(enum trust_grade grade);

/* Judges the message's From. The evidence lives in the arena. */
void trust_judge(struct arena *arena, const struct trust_profile *profile, const struct directory *directory,
	const struct trust_mailbox *mailbox, const struct message *message, struct trust *ret_trust);

#endif
