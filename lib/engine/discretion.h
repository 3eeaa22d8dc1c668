/*
 * discretion - what happens to a mail that must not be registered (D1). Part of the clerk.
 */
#ifndef ENGINE_DISCRETION_H
#define ENGINE_DISCRETION_H

#include "engine/gather.h"

/*
 * Is the message confidential? Then it is noted that one came, and its sender, if he is one of us and vouched for, is
 * told once that others read this mailbox. No address, subject or id of it reaches the database but for the address of
 * that letter until it has left. ret_taken: it was; nothing else is to be done with it.
 */
NODISCARD int discretion_take(const struct gathering *gathering, const struct clerk_input *input, bool *ret_taken,
	struct err *err);

#endif
