/*
 * trust - how far a message's From is vouched for by our own servers. A name in a header proves nothing.
 *
 * Grades and profiles are those of hazards.md, "Who sent it":
 *   internal   profile exchange or exchange-online: exactly one X-MS-Exchange-Organization-AuthAs field, exactly
 *              "Internal". On any other server that header is the attacker's.
 *   aligned    an Authentication-Results (RFC 8601) with exactly our authserv-id, above the first Received that is
 *              not of our own border, saying dmarc=pass for the From domain, or dkim=pass with header.d equal to it,
 *              or auth=pass with an smtp.auth that the directory ties to the From address. SPF alone never. Two of
 *              ours that disagree: nothing. Profile exchange-online may lack the authserv-id: only the topmost.
 *   none       everything else.
 */
#ifndef CORE_TRUST_H
#define CORE_TRUST_H

#include "base/arena.h"
#include "core/directory.h"
#include "core/message.h"

enum trust_grade { TRUST_NONE, TRUST_ALIGNED, TRUST_INTERNAL };

/* TRUST_PROFILE_NONE: nothing is vouched for, so approvals by mail are off; `fristctl check` says so. */
enum trust_profile_kind { TRUST_PROFILE_NONE, TRUST_PROFILE_EXCHANGE, TRUST_PROFILE_EXCHANGE_ONLINE, TRUST_PROFILE_AUTHSERV };

struct trust_profile {
	enum trust_profile_kind kind;
	const char *authserv_id;		/* lower case; NULL with the exchange profiles */
	struct message_strings border;		/* host names that our own servers write after "by" in Received; lower case */
};

/* The shared mailbox's own addresses, and the logins that may send as it. */
struct trust_mailbox {
	struct message_strings addresses;	/* lower case */
	struct message_strings logins;
};

struct trust {
	enum trust_grade grade;
	bool trusted;				/* does the profile take this grade for proof of From? */
	const char *evidence;			/* the raw line that justifies the grade, or why there is none; never NULL */
};

/* "none", "aligned", "internal". */
const char *trust_grade_name(enum trust_grade grade);

/* Judges the message's From. The evidence lives in the arena. */
void trust_judge(struct arena *arena, const struct trust_profile *profile, const struct directory *directory,
	const struct trust_mailbox *mailbox, const struct message *message, struct trust *ret_trust);

#endif
