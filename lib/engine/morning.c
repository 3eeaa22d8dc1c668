/*
 * The round of a morning is one transaction over all mailboxes: withdraw yesterday's mails that never left; for each
 * mailbox call every rung that has come (an intent each) and want the digests; in a new quarter want the leaders' mails
 * about the last; note the morning as done. What was called once for a person is not called again (`intent`).
 */
#include "engine/morning.h"

#include "core/digest.h"
#include "io/outbox.h"

#include <string.h>

enum {
	SECONDS_A_MINUTE = 60,
	REPORT_DAYS = 14,	/* of a quarter, in which it may still be told how the last one ended */
};

/* The round of a morning, mailbox after mailbox. */
struct round {
	struct clerk *clerk;
	struct arena arena;
	struct morning morning;
	const char *local_date;		/* 2026-03-30 */
	int64_t now;
	const struct conf_mailbox *mailbox;	/* whose turn it is */
	int64_t started_at;			/* when it was first read; rungs of the time before stay silent */
};

static void round_done(struct round *round)
{
	arena_done(&round->arena);
}

void morning_begin(const struct clerk *clerk, struct arena *arena, int64_t now, struct morning *ret_morning)
{
	const struct conf *conf = clerk->conf;
	int date = calendar_local(now).date;

	*ret_morning = (struct morning){ .directory = clerk_directory(clerk, arena, now), .today = date };
	for (size_t i = 0; i < MORNING_AHEAD_MAX; i++) {
		date = calendar_local(conf_next_sending(conf, calendar_end(date))).date;
		ret_morning->until[i] = date - 1;
	}
}

/* On how many of the next days with mail in a row the person is off: which of `until` speaks to him. */
static size_t days_ahead(const struct morning *morning, const struct directory_person *person)
{
	size_t ahead = 0;

	while (ahead + 1 < MORNING_AHEAD_MAX && !directory_works(person, morning->until[ahead] + 1))
		ahead++;
	return ahead;
}

/* Keeps of the people those to whom this part of the morning speaks. */
static void keep_people(const struct morning *morning, size_t ahead, struct ladder_call *call)
{
	size_t kept = 0, to_kept = 0;

	for (size_t i = 0; i < call->people_count; i++) {
		const struct directory_person *person = call->people[i];

		if (!directory_works(person, morning->today) || days_ahead(morning, person) != ahead)
			continue;
		to_kept += i < call->to_count;
		call->people[kept++] = person;
	}
	call->people_count = kept;
	call->to_count = to_kept;
}

size_t morning_calls(const struct morning *morning, const struct clerk *clerk, const struct inquiry *inquiry,
	struct ladder_call ret_calls[MORNING_CALLS_MAX])
{
	const struct workflow *workflow = clerk_workflow(clerk, inquiry->workflow);
	size_t kept = 0;

	/* No workflow: setup_check_inquiries() refuses that; a row changed by hand must not stop the others. */
	for (size_t ahead = 0; workflow && ahead < MORNING_AHEAD_MAX; ahead++) {
		struct ladder_call *calls = &ret_calls[kept];
		size_t count = ladder_calls(workflow, morning->directory, &clerk->conf->calendar, inquiry,
			calendar_utc(morning->until[ahead], 0), calls);

		for (size_t i = 0; i < count; i++) {
			keep_people(morning, ahead, &calls[i]);
			if (calls[i].people_count > 0)
				ret_calls[kept++] = calls[i];
		}
	}
	return kept;
}

/* The person's morning mail of today; 0 when it has left already: then the rung waits for tomorrow. */
static int want_morning_mail(struct round *round, const struct directory_person *person, int64_t *ret_outbox,
	struct err *err)
{
	const char *domain = strchr(round->mailbox->addresses.items[0], '@') + 1;

	return outbox_add_morning(round->clerk->store, round->mailbox->name, person->id, person->address,
		round->local_date, domain, round->now, ret_outbox, err);
}

/* One person, one rung: noted with his mail of today, unless he was told before. */
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
	/* His mail of today has left already: unnoted, so that tomorrow's round calls the rung. */
	return outbox ? outbox_add_intent(store, outbox, inquiry, person->id, call, index >= call->to_count, err) : 0;
}

/* Rungs that came before the mailbox was first read stay silent: nobody wants last year's reminders. */
static int call_inquiry(struct round *round, const struct inquiry *inquiry, struct err *err)
{
	struct ladder_call calls[MORNING_CALLS_MAX];
	size_t count = morning_calls(&round->morning, round->clerk, inquiry, calls);

	for (size_t i = 0; i < count; i++) {
		if (calls[i].date < calendar_local(round->started_at).date)
			continue;
		for (size_t j = 0; j < calls[i].people_count; j++)
			if (call_person(round, inquiry, &calls[i], j, err) < 0)
				return -1;
	}
	return 0;
}

/* Every open inquiry of the mailbox, page by page: the register may be long, a page is not. */
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

static int want_digest(struct round *round, const struct directory_person *person, struct err *err)
{
	int64_t outbox;

	return directory_works(person, round->morning.today) ? want_morning_mail(round, person, &outbox, err) : 0;
}

/*
 * Unit leaders each see their own; of any other group one is written to (ladder_reader()). Whether there is anything to
 * say is seen when the mail is written.
 */
static int want_digests(struct round *round, const struct workflow *workflow, struct err *err)
{
	const struct directory *directory = round->morning.directory;

	for (size_t i = 0; i < workflow->digests_count; i++) {
		const struct workflow_digest *digest = &workflow->digests[i];
		const struct directory_role *role = directory_role(directory, digest->role);
		bool each = digest->view == WORKFLOW_VIEW_OWN;

		if (!role || role->count == 0)
			continue;
		if (!each && want_digest(round, ladder_reader(workflow, directory, digest), err) < 0)
			return -1;
		for (size_t j = 0; each && j < role->count; j++)
			if (want_digest(round, directory_present(directory, role->members[j]), err) < 0)
				return -1;
	}
	return 0;
}

static int run_mailbox(struct round *round, const struct conf_mailbox *mailbox, struct err *err)
{
	const struct workflow *workflow;

	round->mailbox = mailbox;
	if (store_mailbox_started(round->clerk->store, mailbox->name, round->now, &round->started_at, err) < 0 ||
	    call_rungs(round, err) < 0)
		return err_wrap(err, "morning round of %s", mailbox->name);
	for (size_t i = 0; (workflow = conf_mailbox_workflow(mailbox, i)); i++)
		if (want_digests(round, workflow, err) < 0)
			return err_wrap(err, "morning round of %s", mailbox->name);
	return 0;
}

/* Once a quarter, whatever became of the mail: a leader is told again by whoever reads the table. */
static int want_report(struct round *round, const struct directory_person *leader, int64_t quarter_at, struct err *err)
{
	const struct conf_mailbox *mailbox = &round->clerk->conf->mailboxes[0];
	const char *domain = strchr(mailbox->addresses.items[0], '@') + 1;
	size_t wanted;

	if (outbox_count_singles(round->clerk->store, leader->address, DIGEST_COURSES, quarter_at, INT64_MAX, &wanted,
			err) < 0)
		return -1;
	return wanted ? 0 : outbox_add_single(round->clerk->store, mailbox->name, leader->address, DIGEST_COURSES, 0, 0,
		true, domain, round->now, round->now, err);
}

/*
 * B3, on the first working day of a quarter, or as soon after it as we run. To the leader himself, also while he is
 * away: names of his people are not for whoever stands in. Where nobody has registered anything, nobody uses it.
 */
static int want_reports(struct round *round, struct err *err)
{
	const struct conf *conf = round->clerk->conf;
	struct compliance_period last = compliance_last_period(round->morning.today);
	struct compliance_record *records;
	size_t count;

	if (!conf->course.source || round->morning.today > last.until + REPORT_DAYS)
		return 0;
	if (store_list_courses(round->clerk->store, &round->arena, &records, &count, err) < 0)
		return -1;
	for (size_t i = 0; count > 0 && i < conf->directory.units_count; i++)
		if (want_report(round, conf->directory.units[i].leader, calendar_end(last.until), err) < 0)
			return -1;
	return 0;
}

/* Earlier mornings are taken back first: what they would have told is called again for this one. */
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
	if (want_reports(round, err) < 0 ||
	    store_forget_askers(store, calendar_utc(round->morning.today - conf->asker_days, 0), err) < 0)
		return -1;
	return outbox_set_morning_done(store, round->local_date, err);
}

/* One mail a person tells of all mailboxes: none may be sent before every mailbox had its turn. */
static int commit_round(struct clerk *clerk, int64_t now, struct err *err)
{
	struct round round CLEANUP(round_done) = { .clerk = clerk, .arena = ARENA_NULL, .now = now };

	round.local_date = calendar_format_date(&round.arena, calendar_local(now).date, CALENDAR_ISO);
	morning_begin(clerk, &round.arena, now, &round.morning);
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
	/* A calendar that is closed for forty years answers now: look again in a minute rather than at once. */
	return next > now ? next : now + SECONDS_A_MINUTE;
}
