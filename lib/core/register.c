#include "core/register.h"

#include "core/change_clock.h"
#include "core/ladder.h"
#include "core/reach.h"

#include <string.h>

const char *register_state_word(enum register_state state)
{
	static const char *const words[] = {
		[REGISTER_OPEN] = "open", [REGISTER_OVERDUE] = "overdue", [REGISTER_FINAL] = "final",
	};

	return words[state];
}

static const struct workflow_step *find_step(const struct workflow *workflow, const char *id)
{
	int index = workflow_step_index(workflow, id);

	return index >= 0 ? &workflow->steps[index] : NULL;
}

/* In which role the person holds the step: the step's own, or, where that fell to the owners, theirs. */
static const char *held_as(const struct register_row *row, const struct directory *directory, const char *role)
{
	const struct message_strings *owners = &row->workflow->owners;

	if (role && (inquiry_is_assigned(row->inquiry, role, row->holder->id) ||
		     directory_has_role(directory, row->holder, role)))
		return role;
	for (size_t i = 0; i < owners->count; i++)
		if (directory_has_role(directory, row->holder, owners->items[i]))
			return owners->items[i];
	return role;
}

static void fill_holder(struct register_row *row, const struct directory *directory, const struct workflow_step *step)
{
	row->holder = ladder_person(row->workflow, directory, row->inquiry, WORKFLOW_ROLE_HOLDER);
	if (row->holder)
		row->holder_role = held_as(row, directory, step ? step->holder : NULL);
}

/* Of a closed inquiry: the clock that stopped last says by when it had to be done. */
static const struct inquiry_clock *last_clock(const struct inquiry *inquiry)
{
	const struct inquiry_clock *last = NULL;

	for (size_t i = 0; i < inquiry->clocks_count; i++)
		if (!last || inquiry->clocks[i].stopped_at > last->stopped_at)
			last = &inquiry->clocks[i];
	return last;
}

static int days_until(const struct calendar *calendar, const struct workflow_deadline *deadline, int from, int until)
{
	if (deadline->length.unit == CALENDAR_DAYS)
		return until - from;
	return calendar_count_working_days(calendar, from, until, deadline->closing_days);
}

/* What a running clock says. A clock that was moved, or went on with what was left, is not counted from its start. */
static void fill_count(struct arena *arena, struct register_row *row, const struct calendar *calendar,
	const struct inquiry_clock *clock, int today)
{
	const struct workflow_deadline *deadline = workflow_deadline(row->workflow, clock->deadline);
	int start = calendar_local(clock->started_at).date;
	const char *what = deadline && deadline->from_letter && row->inquiry->letter_at == clock->started_at ?
		"brevet er fra" : "modtaget";

	if (!deadline)
		return;
	row->unit = deadline->length.unit;
	row->left = days_until(calendar, deadline, today, row->due);
	row->day = days_until(calendar, deadline, start, today);
	if (row->day < 0)
		row->day = 0;
	if (!clock->set_by_hand &&
	    calendar_due(calendar, clock->started_at, deadline->length, deadline->closing_days) == row->due) {
		row->days = deadline->length.count;
		row->explanation = calendar_explain_from(arena, calendar, what, clock->started_at, deadline->length,
			deadline->closing_days);
	} else {
		row->explanation = arena_printf(arena, "%s %s · %s %s", what,
			calendar_format_date(arena, start, CALENDAR_SHORT),
			clock->set_by_hand ? "fristen er siden ændret til" : "frist",
			calendar_format_date(arena, row->due, CALENDAR_SHORT));
	}
}

/* What is still to be met by a clock that runs, or would be once it goes on. */
static struct register_clock read_clock(const struct register_row *row, const struct calendar *calendar,
	const struct inquiry_clock *clock, int64_t now)
{
	const struct workflow_deadline *deadline = workflow_deadline(row->workflow, clock->deadline);
	int64_t at = clock->standing ? clock->stopped_at : now;
	struct register_clock read = { .clock = clock, .overdue = at >= clock->due_at,
		.due = calendar_end_date(clock->due_at), .unit = deadline ? deadline->length.unit : CALENDAR_DAYS };

	if (deadline)
		read.left = days_until(calendar, deadline, calendar_local(at).date, read.due);
	read.days_late = calendar_local(at).date - read.due;
	if (clock->standing && !read.overdue)
		read.due = REGISTER_NO_DATE;
	return read;
}

static bool comes_before(const struct register_clock *one, const struct register_clock *other)
{
	if (one->clock->standing != other->clock->standing)
		return other->clock->standing;
	return one->clock->due_at < other->clock->due_at;
}

static void fill_clocks(struct register_row *row, const struct calendar *calendar, int64_t now)
{
	for (size_t i = 0; i < row->inquiry->clocks_count; i++) {
		struct register_clock clock = read_clock(row, calendar, &row->inquiry->clocks[i], now);
		size_t at = row->clocks_count;

		if (inquiry_clock_is_done(clock.clock))
			continue;
		for (; at > 0 && comes_before(&clock, &row->clocks[at - 1]); at--)
			row->clocks[at] = row->clocks[at - 1];
		row->clocks[at] = clock;
		row->clocks_count++;
		if (clock.overdue)
			row->state = REGISTER_OVERDUE;
	}
}

/* What is closed shows by when it had to be done. */
static void fill_last_due(struct register_row *row)
{
	const struct inquiry_clock *clock = last_clock(row->inquiry);

	if (!clock)
		return;
	row->due_at = clock->due_at;
	row->due = calendar_end_date(clock->due_at);
}

static void speak_of(struct arena *arena, struct register_row *row, const struct calendar *calendar,
	const struct register_clock *clock, int64_t now)
{
	row->due = clock->due;
	row->due_at = clock->due == REGISTER_NO_DATE ? 0 : clock->clock->due_at;
	row->expected = clock->overdue || clock->clock->standing ? REGISTER_NO_DATE : row->due;
	row->day = row->days = row->left = 0;
	row->explanation = NULL;
	if (!clock->clock->standing)
		fill_count(arena, row, calendar, clock->clock, calendar_local(now).date);
}

/* Of the running clocks the one that is due first counts; an inquiry without one has no date. */
static void fill_due(struct arena *arena, struct register_row *row, const struct calendar *calendar, int64_t now)
{
	const struct register_clock *first = row->clocks;

	row->state = inquiry_is_open(row->inquiry) ? REGISTER_OPEN : REGISTER_FINAL;
	row->due = row->expected = REGISTER_NO_DATE;
	if (row->state == REGISTER_OPEN)
		fill_clocks(row, calendar, now);
	if (row->clocks_count == 0) {
		fill_last_due(row);
		return;
	}
	speak_of(arena, row, calendar, first, now);
}

void register_focus(struct arena *arena, struct register_row *row, const struct calendar *calendar,
	const char *deadline, int64_t now)
{
	for (size_t i = 0; i < row->clocks_count; i++)
		if (!row->clocks[i].clock->standing && strcmp(row->clocks[i].clock->deadline, deadline) == 0)
			speak_of(arena, row, calendar, &row->clocks[i], now);
}

bool register_names_deadlines(const struct register_row *row)
{
	const struct workflow *workflow = row->workflow;

	return row->clocks_count > 1 || (row->clocks_count == 1 && workflow->deadlines_count > 1 &&
		strcmp(row->clocks[0].clock->deadline, workflow->deadlines[0].name) != 0);
}

const struct register_clock *register_standing(const struct register_row *row)
{
	return row->clocks_count > 0 && row->clocks[0].clock->standing ? &row->clocks[0] : NULL;
}

static const char *count_days(struct arena *arena, int days, enum calendar_unit unit)
{
	return arena_printf(arena, "%d %s%s", days, unit == CALENDAR_DAYS ? "dag" : "arbejdsdag", days == 1 ? "" : "e");
}

static const char *overdue_words(struct arena *arena, const struct register_clock *clock)
{
	/* In the days that the deadline counts in; if none of those had passed yet, in days: a weekend. */
	const char *days = clock->left < 0 ? count_days(arena, -clock->left, clock->unit) :
		count_days(arena, clock->days_late, CALENDAR_DAYS);

	return arena_printf(arena, "overskredet med %s", days);
}

const char *register_clock_words(struct arena *arena, const struct register_clock *clock)
{
	const char *date;

	if (clock->clock->standing)
		return arena_printf(arena, "står stille, %s", register_standing_words(arena, clock));
	date = calendar_format_date(arena, clock->due, CALENDAR_NUMERIC);
	return clock->overdue ? arena_printf(arena, "%s, %s", date, overdue_words(arena, clock)) : date;
}

const char *register_standing_words(struct arena *arena, const struct register_clock *clock)
{
	if (clock->overdue)
		return overdue_words(arena, clock);
	if (clock->left == 0)
		return "udløber den dag, den går videre";
	return arena_printf(arena, "%s tilbage", count_days(arena, clock->left, clock->unit));
}

/* "rykket 14/4" */
static const char *write_note(struct arena *arena, const struct inquiry *inquiry)
{
	const char *day = calendar_format_date(arena, calendar_local(inquiry->noted_at).date, CALENDAR_SHORT);

	return arena_printf(arena, "%s %s", inquiry->noted, strrchr(day, ' ') + 1);
}

static const char *name_of(const struct directory *directory, const char *id)
{
	const struct directory_person *person = directory_person(directory, id);

	return person ? person->name : id;
}

/* D3b: to whom alone the answer goes, and who decided that. */
static void fill_audience(struct register_row *row, const struct directory *directory)
{
	const struct inquiry_reach *reach = &row->inquiry->reach;

	row->audience = strcmp(reach->audience, WORKFLOW_ROLE_ASKER) == 0 ? "spørgeren" : reach->audience;
	row->decided_by = name_of(directory, reach->decided_by);
	row->decided_with = name_of(directory, reach->decided_with);
}

/* Steps that are configured no more are shown by their id. */
void register_fill(struct arena *arena, const struct workflow *workflow, const struct directory *directory,
	const struct calendar *calendar, const struct inquiry *inquiry, int64_t now, struct register_row *ret_row)
{
	const struct workflow_step *step = find_step(workflow, inquiry->step);

	*ret_row = (struct register_row){ .inquiry = inquiry, .workflow = workflow };
	ret_row->step_title = step && step->title ? step->title : inquiry->step;
	for (; ret_row->unseen_count < inquiry->unseen_count; ret_row->unseen_count++) {
		const char *id = inquiry->unseen[ret_row->unseen_count];
		const struct workflow_step *unseen = find_step(workflow, id);

		ret_row->unseen[ret_row->unseen_count] = unseen && unseen->title ? unseen->title : id;
	}
	ret_row->title = inquiry_title(arena, inquiry);
	ret_row->promised = inquiry->promised_at ? calendar_end_date(inquiry->promised_at) : REGISTER_NO_DATE;
	if (inquiry->noted)
		ret_row->note = write_note(arena, inquiry);
	if (inquiry_is_open(inquiry))
		fill_holder(ret_row, directory, step);
	if (inquiry->reach.audience)
		fill_audience(ret_row, directory);
	if (inquiry->reach.short_of)
		ret_row->missing = reach_missing(arena, workflow, directory, inquiry, &ret_row->missing_count);
	fill_due(arena, ret_row, calendar, now);
}

/* Open before closed, with a running clock before those without, and what is due first comes first. */
int register_compare(const void *a, const void *b)
{
	const struct register_row *one = a, *other = b;
	bool one_runs = one->explanation, other_runs = other->explanation;

	if ((one->state == REGISTER_FINAL) != (other->state == REGISTER_FINAL))
		return one->state == REGISTER_FINAL ? 1 : -1;
	if (one_runs != other_runs)
		return one_runs ? -1 : 1;
	if (one_runs && one->due_at != other->due_at)
		return one->due_at < other->due_at ? -1 : 1;
	return strcmp(one->inquiry->key, other->inquiry->key);
}
