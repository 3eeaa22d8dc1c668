#include "engine/morning.h"

#include "core/ladder.h"
#include "io/outbox.h"

#include <string.h>

enum { SECONDS_A_MINUTE = 60 };

/* One mailbox's round. */
struct round {
	struct clerk *clerk;
	struct arena arena;
	const struct conf_mailbox *mailbox;
	const char *domain;		/* of the Message-IDs of our mails */
	const char *local_date;		/* 2026-03-30 */
	int64_t now, started_at;	/* started_at: when this mailbox was first read; rungs of the time before stay silent */
};

static void round_done(struct round *round)
{
	arena_done(&round->arena);
}

/* The person's morning mail of today; 0 when it has left already: then the rung waits for tomorrow. */
static int want_morning_mail(struct round *round, const struct directory_person *person, int64_t *ret_outbox,
	struct err *err)
{
	return outbox_add_morning(round->clerk->store, round->mailbox->name, person->id, person->address,
		round->local_date, round->domain, round->now, ret_outbox, err);
}

static int call_person(struct round *round, const struct inquiry *inquiry, const struct ladder_call *call,
	size_t index, struct err *err)
{
	struct store *store = round->clerk->store;
	const struct directory_person *person = call->people[index];
	int64_t outbox;
	bool called;

	if (outbox_was_called(store, inquiry, person->id, call, &called, err) < 0)
		return -1;
	if (called)
		return 0;
	if (want_morning_mail(round, person, &outbox, err) < 0)
		return -1;
	return outbox ? outbox_add_intent(store, outbox, inquiry, person->id, call, index >= call->to_count, err) : 0;
}

static int call_inquiry(struct round *round, const struct inquiry *inquiry, struct err *err)
{
	const struct conf *conf = round->clerk->conf;
	const struct workflow *workflow = clerk_workflow(round->clerk, inquiry->workflow);
	struct ladder_call calls[LADDER_CALLS_MAX];
	size_t count;

	if (!workflow)
		return 0;
	count = ladder_calls(workflow, &conf->directory, &conf->calendar, inquiry, round->now, calls);
	for (size_t i = 0; i < count; i++) {
		if (calls[i].date < calendar_local(round->started_at).date)
			continue;
		for (size_t j = 0; j < calls[i].people_count; j++)
			if (call_person(round, inquiry, &calls[i], j, err) < 0)
				return -1;
	}
	return 0;
}

static int call_rungs(struct round *round, struct err *err)
{
	int64_t after = 0;

	for (;;) {
		struct inquiry *inquiries;
		size_t count;
		struct arena page CLEANUP(arena_done) = ARENA_NULL;

		if (store_list_inquiries(round->clerk->store, &page, round->mailbox->workflow->id, true, after,
				&inquiries, &count, err) < 0)
			return -1;
		if (count == 0)
			return 0;
		for (size_t i = 0; i < count; i++)
			if (call_inquiry(round, &inquiries[i], err) < 0)
				return -1;
		after = inquiries[count - 1].id;
	}
}

/* Unit leaders each see their own; of any other group the first is written to. Whether there is anything to say is
 * seen when the mail is written. */
static int want_digests(struct round *round, struct err *err)
{
	const struct workflow *workflow = round->mailbox->workflow;

	for (size_t i = 0; i < workflow->digests_count; i++) {
		const struct directory_role *role =
			directory_role(&round->clerk->conf->directory, workflow->digests[i].role);
		size_t count = !role || role->count == 0 ? 0 :
			workflow->digests[i].view == WORKFLOW_VIEW_OWN ? role->count : 1;
		int64_t outbox;

		for (size_t j = 0; j < count; j++)
			if (want_morning_mail(round, role->members[j], &outbox, err) < 0)
				return -1;
	}
	return 0;
}

static int run_round(struct round *round, struct err *err)
{
	struct store *store = round->clerk->store;
	bool done;

	if (outbox_morning_done(store, round->mailbox->name, round->local_date, &done, err) < 0)
		return -1;
	if (done)
		return 0;
	if (store_mailbox_started(store, round->mailbox->name, round->now, &round->started_at, err) < 0)
		return -1;
	if (outbox_begin_morning(store, round->mailbox->name, round->local_date, round->now, err) < 0 ||
	    call_rungs(round, err) < 0 || want_digests(round, err) < 0)
		return -1;
	return outbox_set_morning_done(store, round->mailbox->name, round->local_date, err);
}

static int mailbox_round(struct clerk *clerk, const struct conf_mailbox *mailbox, int64_t now, struct err *err)
{
	struct round round CLEANUP(round_done) = {
		.clerk = clerk, .arena = ARENA_NULL, .mailbox = mailbox, .now = now,
		.domain = strchr(mailbox->addresses.items[0], '@') + 1,
	};

	round.local_date = calendar_format_date(&round.arena, calendar_local(now).date, CALENDAR_ISO);
	if (store_begin(clerk->store, err) < 0)
		return -1;
	if (run_round(&round, err) < 0 || store_commit(clerk->store, err) < 0) {
		store_rollback(clerk->store);
		return err_wrap(err, "morning round of %s", mailbox->name);
	}
	return 0;
}

int morning_round(struct clerk *clerk, struct err *err)
{
	const struct conf *conf;
	int64_t now;
	int result = 0;

	pthread_mutex_lock(&clerk->lock);
	conf = clerk->conf;
	now = clerk->clock->now(clerk->clock);
	if (calendar_next_sending(&conf->calendar, conf->sending, conf->sending_count, now) == now)
		for (size_t i = 0; result == 0 && i < conf->mailboxes_count; i++)
			result = mailbox_round(clerk, &conf->mailboxes[i], now, err);
	pthread_mutex_unlock(&clerk->lock);
	return result;
}

int64_t morning_next(struct clerk *clerk)
{
	const struct conf *conf;
	int64_t now, next;

	pthread_mutex_lock(&clerk->lock);
	conf = clerk->conf;
	now = clerk->clock->now(clerk->clock);
	next = calendar_next_sending(&conf->calendar, conf->sending, conf->sending_count, now);
	if (next == now)	/* today's has begun: the next is that of another day */
		next = calendar_next_sending(&conf->calendar, conf->sending, conf->sending_count,
			calendar_end(calendar_local(now).date));
	pthread_mutex_unlock(&clerk->lock);
	return next > now ? next : now + SECONDS_A_MINUTE;
}
