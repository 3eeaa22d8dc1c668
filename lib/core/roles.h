/*
 * roles - which roles a person has in one inquiry. Pure.
 *
 * A role is a group in people.conf, or, where the workflow says so, assigned for the inquiry; who stands in for another
 * on the directory's day has his roles as well, but in no inquiry that he answers himself. Two questions are kept
 * apart: as whom somebody acts must be exact, for it decides who may approve; to whom something was sent may be judged
 * more broadly, for a draft sent to another unit leader than the one on cc is still a draft sent to a unit leader.
 */
#ifndef CORE_ROLES_H
#define CORE_ROLES_H

#include "core/directory.h"
#include "core/inquiry.h"
#include "core/workflow.h"

#include <stdbool.h>

struct roles {
	const struct workflow *workflow;
	const struct directory *directory;
	const struct message_strings *mailbox;	/* addresses of the shared mailbox */
	const struct message_strings *channels;	/* and of what passes on other post; NULL: none */
	const struct inquiry *inquiry;		/* NULL: none yet */
};

/* May this address act in the role? Where somebody is assigned to the role, only he may, and who stands in for him. */
bool roles_may_act(const struct roles *roles, const char *address, const char *role);

/* Is something that is sent to this address sent to the role? */
bool roles_is_reached(const struct roles *roles, const char *address, const char *role);

/* Does the address reach who writes the answer, to whom a role that no group has was given (sagsbehandler)? */
bool roles_is_writer(const struct roles *roles, const char *address);

/*
 * The one role in which the address acts: the role that holds the step, if it may; else the first of the workflow's
 * roles that it may act in. NULL: none. The shared mailbox acts as WORKFLOW_ROLE_MAILBOX and as nothing else, a channel
 * as WORKFLOW_ROLE_CHANNEL.
 */
const char *roles_acting(const struct roles *roles, const char *address);

#endif
