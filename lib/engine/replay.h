/*
 * replay - old mail through the same core, on a clock of its own and a database in memory.
 *
 * The clock stands at a mail's arrival while it is decided; between two mails it steps through every moment at which
 * something is due, so mornings and ladders happen as they would have. What would be sent is composed at its time, told
 * to whoever asked for it, and settled as sent. Nothing leaves, and nothing outside of memory changes.
 *
 * open_since does not count here: all mail is acted upon.
 */
#ifndef ENGINE_REPLAY_H
#define ENGINE_REPLAY_H

#include "core/letter.h"
#include "engine/clerk.h"
#include "io/outbox.h"

/* A reminder in a morning mail. */
struct replay_reminder {
	const char *inquiry;		/* key */
	const char *template;
	bool copy;			/* the person is on cc of the rung */
};

/* A mail that would have gone; valid during the call that tells of it. */
struct replay_mail {
	int64_t at;
	const char *template;		/* "morgenmail" for a morning mail */
	const struct letter *letter;
	const char *bytes;		/* as it would have been sent */
	size_t length;
	const char *const *inquiries;	/* keys of those that it is about */
	size_t inquiries_count;
	const struct replay_reminder *reminders;	/* of a morning mail */
	size_t reminders_count;
};

/* Takes a mail. Negative, with err set, ends the replay. */
typedef int replay_take_mail(void *arg, const struct replay_mail *mail, struct err *err);

struct replay {
	struct clock clock;		/* shows `now` */
	int64_t now;
	struct setup setup;		/* the caller's, but for mailboxes */
	struct conf_mailbox *mailboxes;	/* without open_since */
	struct store *store;
	struct clerk clerk;
	replay_take_mail *take_mail;
	void *arg;
};

/* Starts at an instant, as if the mailboxes were watched from then on. The setup stays the caller's. */
NODISCARD int replay_init(struct replay *replay, const struct setup *setup, int64_t start, replay_take_mail *take_mail,
	void *arg, struct err *err);

/* Accepts what replay_init() left half done, and a zeroed struct. */
void replay_done(struct replay *replay);

/* Steps the clock to an instant, through all that is due up to and with it. An instant of the past: what is due now. */
NODISCARD int replay_until(struct replay *replay, int64_t at, struct err *err);

/*
 * Steps the clock to the message's arrival and decides it. The mailbox is one of replay->setup's; arrivals must not
 * fall. What the message makes us send goes with the next step.
 */
NODISCARD int replay_receive(struct replay *replay, struct arena *arena, const struct conf_mailbox *mailbox,
	const struct clerk_input *input, struct clerk_result *ret_result, struct err *err);

#endif
