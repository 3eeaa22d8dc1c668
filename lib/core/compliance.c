/*
 * A person is judged by three dates: until when a new employee has time, since when he is experienced, and how long his
 * last completion holds. A unit is what its people are, and an inquiry counts where its caseworker does.
 */
#include "core/compliance.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

enum { MONTHS_A_QUARTER = 3 };

const char *compliance_format_word(enum compliance_format format)
{
	return format == COMPLIANCE_ATTENDANCE ? "attendance" : "e-learning";
}

const char *compliance_find_course(const struct compliance_course *course, const char *name)
{
	if (text_equal_fold(course->name, name))
		return course->name;
	for (size_t i = 0; i < course->also.count; i++)
		if (text_equal_fold(course->also.items[i], name))
			return course->also.items[i];
	return NULL;
}

/* ---- periods ---- */

static struct compliance_period make_period(int year, int quarter)
{
	int from = calendar_join(year, (quarter - 1) * MONTHS_A_QUARTER + 1, 1);

	return (struct compliance_period){ .year = year, .quarter = quarter, .from = from,
		.until = calendar_add_months(from, MONTHS_A_QUARTER) - 1 };
}

int compliance_parse_period(const char *text, struct compliance_period *ret_period, struct err *err)
{
	int year = 0;

	for (size_t i = 0; i < 4; i++) {
		if (!text_is_digit(text[i]))
			return err_set(err, "\"%.60s\" is no period such as 2026Q3", text);
		year = year * 10 + text[i] - '0';
	}
	if ((text[4] != 'Q' && text[4] != 'q') || text[5] < '1' || text[5] > '4' || text[6])
		return err_set(err, "\"%.60s\" is no period such as 2026Q3", text);
	if (year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
		return err_set(err, "the period %s is outside %d-%d", text, CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX);
	*ret_period = make_period(year, text[5] - '0');
	return 0;
}

struct compliance_period compliance_period_of(int date)
{
	struct calendar_parts parts = calendar_split(date);

	return make_period(parts.year, (parts.month - 1) / MONTHS_A_QUARTER + 1);
}

struct compliance_period compliance_last_period(int date)
{
	return compliance_period_of(calendar_add_months(date, -MONTHS_A_QUARTER));
}

const char *compliance_period_word(struct arena *arena, const struct compliance_period *period)
{
	return arena_printf(arena, "%dQ%d", period->year, period->quarter);
}

const char *compliance_period_title(struct arena *arena, const struct compliance_period *period)
{
	return arena_printf(arena, "%d. kvartal %d", period->quarter, period->year);
}

/* ---- people ---- */

static const struct {
	const char *word, *title;
} states[] = {
	[COMPLIANCE_ABSENT] = { "absent", "ikke ansat" },
	[COMPLIANCE_NEW] = { "new", "ny" },
	[COMPLIANCE_VALID] = { "valid", "har kurset" },
	[COMPLIANCE_MISSING] = { "missing", "mangler kurset" },
	[COMPLIANCE_OVERDUE] = { "refresher-due", "mangler genopfriskning" },
};

const char *compliance_state_word(enum compliance_state state)
{
	return states[state].word;
}

const char *compliance_state_title(enum compliance_state state)
{
	return states[state].title;
}

/* The first record that is not of somebody before him. */
static size_t find_records(const struct compliance_record *records, size_t count, const char *person)
{
	size_t low = 0, high = count;

	while (low < high) {
		size_t middle = low + (high - low) / 2;

		if (strcmp(records[middle].person, person) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* What he has completed last, and what he has begun since or besides, as known on the date. */
static void fill_dates(const struct compliance_course *course, const struct compliance_record *records, size_t count,
	int date, struct compliance_standing *standing)
{
	const char *id = standing->person->id;

	for (size_t i = find_records(records, count, id); i < count && strcmp(records[i].person, id) == 0; i++) {
		const struct compliance_record *record = &records[i];
		bool completed = record->completed != COMPLIANCE_NO_DATE && record->completed <= date;

		if (record->started > date || !compliance_find_course(course, record->course))
			continue;
		if (completed && record->completed > standing->completed)
			standing->completed = record->completed;
		if (!completed && record->started > standing->started)
			standing->started = record->started;
	}
}

/*
 * A completion holds for the refresher's months, and at least until its owner is experienced: refreshers are for the
 * experienced.
 */
static int find_due(const struct compliance_course *course, const struct directory_person *person, int completed)
{
	int refresh, experienced;

	if (completed == COMPLIANCE_NO_DATE)
		return person->employed_from ? calendar_add_months(person->employed_from, course->new_months) :
			COMPLIANCE_NO_DATE;
	refresh = calendar_add_months(completed, course->refresher_months);
	if (!person->employed_from)
		return refresh;
	experienced = calendar_add_months(person->employed_from, course->experienced_months);
	return experienced > refresh ? experienced : refresh;
}

static bool is_employed(const struct directory_person *person, int date)
{
	return person->unit && (!person->employed_from || person->employed_from <= date) &&
		(!person->employed_until || person->employed_until >= date);
}

void compliance_judge(const struct compliance_course *course, const struct compliance_record *records, size_t count,
	const struct directory_person *person, int date, struct compliance_standing *ret_standing)
{
	struct compliance_standing standing = { .person = person, .started = COMPLIANCE_NO_DATE,
		.completed = COMPLIANCE_NO_DATE, .due = COMPLIANCE_NO_DATE };

	if (is_employed(person, date)) {
		standing.experienced = !person->employed_from ||
			calendar_add_months(person->employed_from, course->experienced_months) <= date;
		fill_dates(course, records, count, date, &standing);
		standing.due = find_due(course, person, standing.completed);
		if (standing.completed != COMPLIANCE_NO_DATE)
			standing.state = date <= standing.due ? COMPLIANCE_VALID : COMPLIANCE_OVERDUE;
		else	/* due may be COMPLIANCE_NO_DATE, which is before every date */
			standing.state = date <= standing.due ? COMPLIANCE_NEW : COMPLIANCE_MISSING;
	}
	*ret_standing = standing;
}

/* ---- units ---- */

static const struct {
	const char *word, *title;
} verdicts[] = {
	[COMPLIANCE_NOT_ASKED] = { NULL, "ingen skal have det" },
	[COMPLIANCE_FULFILS] = { "fulfils", "opfylder" },
	[COMPLIANCE_PARTLY] = { "partly", "opfylder delvist" },
	[COMPLIANCE_FAILS] = { "fails", "opfylder ikke" },
};

const char *compliance_verdict_word(enum compliance_verdict verdict)
{
	return verdicts[verdict].word;
}

const char *compliance_verdict_title(enum compliance_verdict verdict)
{
	return verdicts[verdict].title;
}

int compliance_percent(size_t part, size_t whole)
{
	return whole ? (int)(part * 100 / whole) : -1;
}

/* The row of a unit; the last one for none and for one that there is no more. */
static struct compliance_unit *find_unit(struct compliance_units *units, const char *name)
{
	size_t i = 0;

	while (i + 1 < units->count && !(name && strcmp(units->items[i].name, name) == 0))
		i++;
	return &units->items[i];
}

static enum compliance_verdict judge_unit(const struct compliance_course *course, const struct compliance_unit *unit)
{
	int percent = compliance_percent(unit->valid, unit->asked);

	if (percent < 0)
		return COMPLIANCE_NOT_ASKED;
	if (percent >= course->fulfils_percent)
		return COMPLIANCE_FULFILS;
	return percent >= course->partly_percent ? COMPLIANCE_PARTLY : COMPLIANCE_FAILS;
}

void compliance_count_people(struct arena *arena, const struct compliance_course *course,
	const struct directory *directory, const struct compliance_record *records, size_t count, int date,
	struct compliance_units *ret_units)
{
	struct compliance_units units = { .items = arena_array(arena, directory->units_count + 1, sizeof(*units.items)),
		.count = directory->units_count + 1 };

	for (size_t i = 0; i < directory->units_count; i++)
		units.items[i].name = directory->units[i].name;
	for (size_t i = 0; i < directory->people_count; i++) {
		struct compliance_unit *unit = find_unit(&units, directory->people[i].unit);
		struct compliance_standing standing;

		compliance_judge(course, records, count, &directory->people[i], date, &standing);
		unit->new += standing.state == COMPLIANCE_NEW;
		unit->valid += standing.state == COMPLIANCE_VALID;
		unit->asked += standing.state == COMPLIANCE_VALID || standing.state == COMPLIANCE_MISSING ||
			standing.state == COMPLIANCE_OVERDUE;
	}
	for (size_t i = 0; i < units.count; i++)
		units.items[i].verdict = judge_unit(course, &units.items[i]);
	*ret_units = units;
}

/* Who is longest late comes first; without a date he was never in time. */
static int compare_people(const void *a, const void *b)
{
	const struct compliance_standing *one = a, *other = b;

	if (one->due != other->due)
		return one->due < other->due ? -1 : 1;
	return strcmp(one->person->id, other->person->id);
}

void compliance_list_people(struct arena *arena, const struct compliance_course *course,
	const struct directory *directory, const struct compliance_record *records, size_t count, int date,
	struct compliance_report *report)
{
	struct compliance_standing *people = arena_array(arena, directory->people_count, sizeof(*people));
	size_t kept = 0;

	for (size_t i = 0; i < directory->people_count; i++) {
		compliance_judge(course, records, count, &directory->people[i], date, &people[kept]);
		kept += people[kept].state != COMPLIANCE_ABSENT && people[kept].state != COMPLIANCE_VALID;
	}
	if (kept)
		qsort(people, kept, sizeof(*people), compare_people);
	report->people = people;
	report->people_count = kept;
}

static const struct inquiry_clock *find_clock(const struct inquiry *inquiry, const char *deadline)
{
	for (size_t i = 0; i < inquiry->clocks_count; i++)
		if (strcmp(inquiry->clocks[i].deadline, deadline) == 0)
			return &inquiry->clocks[i];
	return NULL;
}

/* By convention the first of the workflow's `assigned` is the caseworker (core/change). */
static const char *unit_of(const struct directory *directory, const struct workflow *workflow,
	const struct inquiry *inquiry)
{
	const char *role = workflow && workflow->assigned.count ? workflow->assigned.items[0] : NULL;
	const char *id = role ? inquiry_assigned(inquiry, role) : NULL;
	const struct directory_person *person = id ? directory_person(directory, id) : NULL;

	return person ? person->unit : NULL;
}

void compliance_count_inquiry(const struct compliance_course *course, const struct directory *directory,
	const struct workflow *workflow, const struct inquiry *inquiry, const struct compliance_period *period,
	int64_t now, struct compliance_units *units)
{
	const struct inquiry_clock *clock = find_clock(inquiry, course->deadline);
	struct compliance_unit *unit;
	int due;

	/* Of one that stands the day on which it ends is not known yet, unless it had passed before. */
	if (!clock || clock->due_at > now || (clock->standing && clock->stopped_at < clock->due_at) ||
	    (inquiry->closed && strcmp(inquiry->closed, INQUIRY_NOT_ONE) == 0))
		return;
	due = calendar_end_date(clock->due_at);
	if (due < period->from || due > period->until)
		return;
	unit = find_unit(units, unit_of(directory, workflow, inquiry));
	unit->due++;
	unit->in_time += clock->stopped_at && clock->stopped_at < clock->due_at;
}
