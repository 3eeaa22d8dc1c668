#include "engine/morning.h"

#include "core/ladder.h"
#include "io/outbox.h"

#include <string.h>

enum { SECONDS_A_MINUTE = 60 };

/* The round of a morning, mailbox after mailbox. */
struct round {
	struct clerk *clerk;
	const char *local_date;		/* 2026-03-30 */
	int64_t now;
	const struct conf_mailbox *mailbox;	/* whose turn it is */
	int64_t started_at;			/* when it was first read; rungs of the time before stay silent */
};

/* The person's morning mail of today; 0 when it has left already: then the rung waits for tomorrow. */
static int want_morning_mail(struct round *round, const struct directory_person *person, int64_t *ret_outbox,
	struct err *err)
{
	const char *domain = strchr(round->mailbox->addresses.items[0], '@') + 1;

	return outbox_add_morning(round->clerk->store, round->mailbox->name, person->id, person->address,
		round->local_date, domain, round->now, ret_outbox, err);
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

		if (store_list_inquiries(round->clerk->store, &page, round->mailbox->name, true, after,
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

static int run_mailbox(struct round *round, const struct conf_mailbox *mailbox, struct err *err)
{
	round->mailbox = mailbox;
	if (store_mailbox_started(round->clerk->store, mailbox->name, round->now, &round->started_at, err) < 0 ||
	    call_rungs(round, err) < 0 || want_digests(round, err) < 0)
		return err_wrap(err, "morning round of %s", mailbox->name);
	return 0;
}

static int run_round(struct round *round, struct err *err)
{
	const struct conf *conf = round->clerk->conf;
	struct store *store = round->clerk->store;
	bool done;

	if (outbox_morning_done(store, round->local_date, &done, err) < 0)
		return -1;
	if (done)
		return 0;
	if (outbox_begin_morning(store, round->local_date, round->now, err) < 0)
		return -1;
	for (size_t i = 0; i < conf->mailboxes_count; i++)
		if (run_mailbox(round, &conf->mailboxes[i], err) < 0)
			return -1;
	return outbox_set_morning_done(store, round->local_date, err);
}

/* One mail a person tells of all mailboxes: none may be sent before every mailbox had its turn. */
static int commit_round(struct clerk *clerk, int64_t now, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct round round = { .clerk = clerk, .now = now,
		.local_date = calendar_format_date(&arena, calendar_local(now).date, CALENDAR_ISO) };

	if (store_begin(clerk->store, err) < 0)
		return -1;
	if (run_round(&round, err) < 0 || store_commit(clerk->store, err) < 0) {
		store_rollback(clerk->store);
		return -1;
	}
	return 0;
}

static bool is_sending_hour(const struct conf *conf, int64_t now)
{
	return conf_next_sending(conf, now) == now;
}

int morning_round(struct clerk *clerk, struct err *err)
{
	int64_t now;
	int result = 0;

	pthread_mutex_lock(&clerk->lock);
	now = clerk->clock->now(clerk->clock);
	if (is_sending_hour(clerk->conf, now))
		result = commit_round(clerk, now, err);
	pthread_mutex_unlock(&clerk->lock);
	return result;
}

int morning_is_due(struct clerk *clerk, bool *ret_due, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	bool done = true;
	int64_t now;
	int result = 0;

	pthread_mutex_lock(&clerk->lock);
	now = clerk->clock->now(clerk->clock);
	if (is_sending_hour(clerk->conf, now))
		result = outbox_morning_done(clerk->store, calendar_format_date(&arena, calendar_local(now).date, CALENDAR_ISO),
			&done, err);
	pthread_mutex_unlock(&clerk->lock);
	*ret_due = !done;
	return result;
}

int64_t morning_next(struct clerk *clerk)
{
	const struct conf *conf;
	int64_t now, next;

	pthread_mutex_lock(&clerk->lock);
	conf = clerk->conf;
	now = clerk->clock->now(clerk->clock);
	next = conf_next_sending(conf, now);
	if (next == now)	/* today's has begun: the next is that of another day */
		next = conf_next_sending(conf, calendar_end(calendar_local(now).date));
	pthread_mutex_unlock(&clerk->lock);
	return next > now ? next : now + SECONDS_A_MINUTE;
}
