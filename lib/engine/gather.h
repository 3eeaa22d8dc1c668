/*
 * gather - everything that a decision may ask, looked up beforehand: decide_message() itself reads nothing.
 *
 * The clerk fills struct gathering and may say in its facts what is known already: past, said_at, and in thread where a
 * person has placed the message. gather_facts() fills the rest.
 */
#ifndef ENGINE_GATHER_H
#define ENGINE_GATHER_H

#include "engine/clerk.h"

/* A message on its way through gathering. */
struct gathering {
	struct clerk *clerk;
	struct arena *arena;
	const struct conf_mailbox *mailbox;
	const struct message *message;
	const struct trust *trust;
	int64_t arrived_at;
	int64_t named_id;		/* row id of the inquiry whose key a verb says, before it is followed; 0 */
	struct inquiry *loaded;		/* what facts.thread found, where it is loaded already; NULL */
	int64_t again;			/* the stored mail that is decided again; 0: it is new */
	struct decide_facts facts;
};

/*
 * Fills facts from the configuration and the store. Where facts.thread says that a person has placed the message, it is
 * not looked for. Of what arrived before open_since (facts.past) only the configuration is gathered.
 */
NODISCARD int gather_facts(struct gathering *gathering, struct err *err);

#endif
