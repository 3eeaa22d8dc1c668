/*
 * Each deadline of the workflow has at most one clock in an inquiry, and whenever a step is entered set_clock() asks
 * for each: does this step stop it, start it, is it begun anew by the round, does it go on, and does it stand here?
 * What a rule ended stays so, but for a new round or another rule.
 */
#include "core/change_clock.h"

#include <string.h>

static void stop_clock(struct inquiry_clock *clock, int64_t at)
{
	if (!clock->stopped_at)
		clock->stopped_at = at;
	clock->standing = false;
}

/* A date is no count of days: what somebody was promised by hand does not stand. */
static void stand_clock(struct inquiry_clock *clock, int64_t at)
{
	if (clock->stopped_at || clock->set_by_hand)
		return;
	clock->stopped_at = at;
	clock->standing = true;
}

/* From when the deadline counts, of a clock that starts at an instant. */
static int64_t count_from(const struct inquiry *inquiry, const struct workflow_deadline *deadline, int64_t at)
{
	if (!deadline->from_letter || inquiry->round > 1)
		return at;
	return inquiry->letter_at ? inquiry->letter_at : inquiry->received_at;
}

static void start_clock(struct inquiry_clock *clock, const struct workflow_deadline *deadline,
	const struct calendar *calendar, int64_t at)
{
	*clock = (struct inquiry_clock){
		.deadline = deadline->name,
		.started_at = at,
		.due_at = calendar_end(calendar_due(calendar, at, deadline->length, deadline->closing_days)),
	};
}

struct calendar_length change_clock_left(const struct inquiry_clock *clock, const struct workflow_deadline *deadline,
	const struct calendar *calendar)
{
	int stopped = calendar_local(clock->stopped_at).date, due = calendar_end_date(clock->due_at);
	struct calendar_length left = { .unit = deadline->length.unit };

	if (left.unit == CALENDAR_WORKING_DAYS)
		left.count = calendar_count_working_days(calendar, stopped, due, deadline->closing_days);
	else
		left.count = due - stopped;
	return left;
}

/*
 * The clock goes on with what was left when it stopped; a deadline that had passed then has passed now: of one that
 * stood the very day stays. A date that somebody was promised in this round stays that date.
 */
static void resume_clock(struct inquiry_clock *clock, const struct workflow_deadline *deadline,
	const struct calendar *calendar, int64_t at)
{
	bool keeps_date = clock->set_by_hand || deadline->from_letter ||
		(clock->standing && clock->stopped_at >= clock->due_at);

	if (!keeps_date)
		clock->due_at = calendar_end(calendar_add(calendar, calendar_local(at).date,
			change_clock_left(clock, deadline, calendar), deadline->closing_days));
	clock->stopped_at = 0;
	clock->standing = false;
}

static struct inquiry_clock *find_clock(struct inquiry *inquiry, const struct workflow_deadline *deadline)
{
	for (size_t i = 0; i < inquiry->clocks_count; i++)
		if (strcmp(inquiry->clocks[i].deadline, deadline->name) == 0)
			return &inquiry->clocks[i];
	return NULL;
}

/* What only a rule starts is a promise of its own: the end of the matter does not keep it. */
static bool is_stopped_by(const struct workflow *workflow, const struct workflow_deadline *deadline, int step)
{
	return (workflow->steps[step].final && deadline->start.count > 0) ||
		message_strings_have(&deadline->stop, workflow->steps[step].id);
}

/* The clock that runs on at this step, or stands here; NULL: there is none. */
static struct inquiry_clock *run_clock(struct inquiry *inquiry, const struct workflow_deadline *deadline,
	const struct calendar *calendar, const char *step, bool next_round, int64_t at)
{
	struct inquiry_clock *clock = find_clock(inquiry, deadline);
	bool stands = message_strings_have(&deadline->stands, step);

	if (!clock) {
		if (!message_strings_have(&deadline->start, step) || inquiry->clocks_count == INQUIRY_CLOCKS_MAX)
			return NULL;
		clock = &inquiry->clocks[inquiry->clocks_count++];
		start_clock(clock, deadline, calendar, count_from(inquiry, deadline, at));
	} else if (next_round && deadline->restart && deadline->start.count > 0) {
		start_clock(clock, deadline, calendar, count_from(inquiry, deadline, at));
	} else if (clock->ended) {
		return NULL;
	} else if (clock->stopped_at && !(clock->standing && stands)) {
		resume_clock(clock, deadline, calendar, at);
	}
	return clock;
}

/* Stopped here; not begun yet; begun anew by the round; going on; or standing: nothing else changes a clock. */
static void set_clock(struct inquiry *inquiry, const struct workflow *workflow,
	const struct workflow_deadline *deadline, const struct calendar *calendar, int step, bool next_round, int64_t at)
{
	struct inquiry_clock *clock = find_clock(inquiry, deadline);

	if (clock && next_round && deadline->start.count > 0)
		clock->set_by_hand = false;
	if (is_stopped_by(workflow, deadline, step)) {
		if (clock)
			stop_clock(clock, at);
		return;
	}
	clock = run_clock(inquiry, deadline, calendar, workflow->steps[step].id, next_round, at);
	if (clock && message_strings_have(&deadline->stands, workflow->steps[step].id))
		stand_clock(clock, at);
}

void change_clocks(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar, int step,
	bool next_round, int64_t at)
{
	for (size_t i = 0; i < workflow->deadlines_count; i++)
		set_clock(inquiry, workflow, &workflow->deadlines[i], calendar, step, next_round, at);
}

bool change_is_promised(const struct inquiry *inquiry, const struct workflow *workflow)
{
	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		const struct workflow_deadline *deadline = workflow_deadline(workflow, inquiry->clocks[i].deadline);

		if (deadline && deadline->start.count == 0 && !inquiry_clock_is_done(&inquiry->clocks[i]))
			return true;
	}
	return false;
}

void change_stop_clocks(struct inquiry *inquiry, int64_t at)
{
	for (size_t i = 0; i < inquiry->clocks_count; i++)
		stop_clock(&inquiry->clocks[i], at);
}

static void start_by_rule(struct inquiry *inquiry, const struct workflow *workflow,
	const struct workflow_deadline *deadline, const struct calendar *calendar, int64_t at)
{
	struct inquiry_clock *clock = find_clock(inquiry, deadline);
	int step = workflow_step_index(workflow, inquiry->step);

	if ((clock && !inquiry_clock_is_done(clock)) || (!clock && inquiry->clocks_count == INQUIRY_CLOCKS_MAX) ||
	    is_stopped_by(workflow, deadline, step) || (clock && clock->ended && at < clock->stopped_at))
		return;
	clock = clock ? clock : &inquiry->clocks[inquiry->clocks_count++];
	start_clock(clock, deadline, calendar, count_from(inquiry, deadline, at));
	if (message_strings_have(&deadline->stands, inquiry->step))
		stand_clock(clock, at);
}

void change_clocks_by_rule(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	const struct workflow_rule *rule, int64_t at)
{
	const struct workflow_deadline *starts = workflow_deadline(workflow, rule->starts);
	const struct workflow_deadline *stops = workflow_deadline(workflow, rule->stops);
	struct inquiry_clock *clock = stops ? find_clock(inquiry, stops) : NULL;

	/* Read late, it is about what was asked for before. */
	if (clock && at >= clock->started_at) {
		stop_clock(clock, at);
		clock->ended = true;
	}
	if (starts)
		start_by_rule(inquiry, workflow, starts, calendar, at);
}

static bool move_clock(struct inquiry *inquiry, const struct workflow_deadline *deadline, int date)
{
	struct inquiry_clock *clock = find_clock(inquiry, deadline);

	if (!clock || inquiry_clock_is_done(clock))
		return false;
	clock->due_at = calendar_end(date);
	clock->stopped_at = 0;
	clock->standing = false;
	clock->set_by_hand = true;
	return true;
}

/* Is it a deadline that only a word starts (starts)? */
static bool is_by_word(const struct workflow_deadline *deadline)
{
	return deadline && deadline->start.count == 0;
}

bool change_may_carry_clocks(const struct inquiry *from, const struct workflow *followed,
	const struct workflow *workflow)
{
	for (size_t i = 0; i < from->clocks_count; i++) {
		const struct inquiry_clock *clock = &from->clocks[i];

		if (!inquiry_clock_is_done(clock) && is_by_word(workflow_deadline(followed, clock->deadline)) &&
		    !is_by_word(workflow_deadline(workflow, clock->deadline)))
			return false;
	}
	return true;
}

/* The sooner of two that are still to be met. */
static bool carry_clock(struct inquiry *inquiry, const struct workflow *workflow,
	const struct workflow_deadline *deadline, const struct inquiry_clock *carried)
{
	struct inquiry_clock *clock = find_clock(inquiry, deadline);

	if (is_stopped_by(workflow, deadline, workflow_step_index(workflow, inquiry->step)) ||
	    (clock && !inquiry_clock_is_done(clock) && clock->due_at <= carried->due_at))
		return false;
	if (!clock && inquiry->clocks_count < INQUIRY_CLOCKS_MAX)
		clock = &inquiry->clocks[inquiry->clocks_count++];
	if (clock)
		*clock = *carried;
	return clock != NULL;
}

/* The citizen was told of the day: a later one may not count, but a sooner one may. */
static bool carry_promise(struct inquiry *inquiry, const struct workflow *workflow, const struct inquiry *from)
{
	const struct workflow_deadline *main = workflow->deadlines_count > 0 ? &workflow->deadlines[0] : NULL;
	const struct inquiry_clock *clock = main ? find_clock(inquiry, main) : NULL;
	bool sooner = !inquiry->promised_at || from->promised_at < inquiry->promised_at;
	bool late = clock && clock->due_at > from->promised_at;

	if (!from->promised_at || (inquiry->promised_at && from->promised_at > inquiry->promised_at))
		return false;
	inquiry->promised_at = from->promised_at;
	return (late && move_clock(inquiry, main, calendar_end_date(from->promised_at))) || sooner;
}

bool change_carry_clocks(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	const struct inquiry *from, int64_t at)
{
	bool changed = carry_promise(inquiry, workflow, from);

	for (size_t i = 0; i < from->clocks_count; i++) {
		const struct workflow_deadline *deadline = workflow_deadline(workflow, from->clocks[i].deadline);
		struct inquiry_clock carried = from->clocks[i];

		if (!is_by_word(deadline) || inquiry_clock_is_done(&carried))
			continue;
		if (carried.standing && !message_strings_have(&deadline->stands, inquiry->step))
			resume_clock(&carried, deadline, calendar, at);
		carried.deadline = deadline->name;
		changed = carry_clock(inquiry, workflow, deadline, &carried) || changed;
	}
	return changed;
}

void change_promise(struct inquiry *inquiry, const struct workflow *workflow, int date)
{
	inquiry->promised_at = calendar_end(date);
	if (workflow->deadlines_count > 0)
		(void)move_clock(inquiry, &workflow->deadlines[0], date);
}

bool change_set_deadline(struct inquiry *inquiry, const struct workflow *workflow, int date)
{
	for (size_t i = 0; i < workflow->deadlines_count; i++)
		if (move_clock(inquiry, &workflow->deadlines[i], date))
			return true;
	return false;
}
