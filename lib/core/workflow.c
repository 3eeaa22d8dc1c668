#include "core/workflow.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

bool workflow_role_is_reserved(const char *role)
{
	static const char *const words[] = {
		WORKFLOW_ROLE_MAILBOX, WORKFLOW_ROLE_CHANNEL, WORKFLOW_ROLE_EMPLOYEE, WORKFLOW_ROLE_INSIDER, WORKFLOW_ROLE_CHAIR,
		WORKFLOW_ROLE_OUTSIDER, WORKFLOW_ROLE_ASKER, WORKFLOW_ROLE_HOLDER,
	};
	static const struct message_strings reserved = { words, sizeof(words) / sizeof(words[0]) };

	return message_strings_have(&reserved, role);
}

bool workflow_rule_is_for(const struct workflow *workflow, const struct workflow_rule *rule, int step)
{
	const struct workflow_step *at = &workflow->steps[step];

	if (rule->from.count)
		return at->id && message_strings_have(&rule->from, at->id);
	return !at->final || (rule->stops && !rule->to);
}

int workflow_step_index(const struct workflow *workflow, const char *id)
{
	for (size_t i = 0; i < workflow->steps_count; i++)
		if (same(workflow->steps[i].id, id))
			return (int)i;
	return -1;
}

const struct workflow_deadline *workflow_deadline(const struct workflow *workflow, const char *name)
{
	for (size_t i = 0; name && i < workflow->deadlines_count; i++)
		if (workflow->deadlines[i].name && strcmp(workflow->deadlines[i].name, name) == 0)
			return &workflow->deadlines[i];
	return NULL;
}

const char *workflow_tag_name(const struct workflow *workflow, const char *word)
{
	for (size_t i = 0; i < workflow->tags_count; i++)
		if (same(workflow->tags[i].name, word) || message_strings_have(&workflow->tags[i].aliases, word))
			return workflow->tags[i].name;
	return NULL;
}

/* The last one that fits says that there are more. */
void workflow_fault_add(struct workflow_faults *faults, const char *source, const char *format, ...)
{
	char text[1024];
	va_list args;

	if (faults->count >= WORKFLOW_FAULTS_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	faults->items = arena_grow(faults->arena, faults->items, faults->count, &faults->capacity,
		sizeof(*faults->items));
	faults->items[faults->count].source = arena_strdup(faults->arena, source);
	faults->items[faults->count].text = faults->count == WORKFLOW_FAULTS_MAX - 1 ?
		"there are more faults than can be shown" : arena_strdup(faults->arena, text);
	faults->count++;
}

enum { NEAR_WORD_MAX = 64 };

/* How many bytes must be put in, taken out or changed to make one of the other (Levenshtein). */
static size_t distance(const char *a, const char *b)
{
	size_t row[NEAR_WORD_MAX + 1], length = strlen(b);

	for (size_t j = 0; j <= length; j++)
		row[j] = j;
	for (size_t i = 1; a[i - 1]; i++) {
		size_t diagonal = row[0];

		row[0] = i;
		for (size_t j = 1; j <= length; j++) {
			size_t best = diagonal + (a[i - 1] != b[j - 1]);

			diagonal = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[length];
}

const char *workflow_did_you_mean(struct arena *arena, const struct message_strings *known, const char *word)
{
	size_t length = strlen(word), nearest = length < 4 ? 2 : 3;	/* farther is another word */
	const char *found = NULL;

	if (length > NEAR_WORD_MAX)
		return "";
	for (size_t i = 0; i < known->count; i++) {
		size_t far = strlen(known->items[i]) > NEAR_WORD_MAX ? nearest : distance(word, known->items[i]);

		if (far < nearest) {
			nearest = far;
			found = known->items[i];
		}
	}
	return found ? arena_printf(arena, "; did you mean \"%s\"?", found) : "";
}

/*
 * Does b come after a, whatever the day that they count from? Working days and days on the same side of it may overtake
 * each other.
 */
static bool rises(struct calendar_length a, struct calendar_length b)
{
	return a.count < b.count && (a.unit == b.unit || (a.count <= 0 && b.count >= 0));
}

/* Of the rungs that have come the last one is called (core/ladder): one that is out of order would hide another. */
static void check_order(const struct workflow_rung *rungs, size_t count, struct workflow_faults *faults)
{
	for (size_t i = 1; i < count; i++)
		if (!rises(rungs[i - 1].at, rungs[i].at))
			workflow_fault_add(faults, rungs[i].source,
				"this reminder does not come after the one before it, at %s%s", rungs[i - 1].source,
				rungs[i - 1].at.unit == rungs[i].at.unit ? "" : ": count both in the same days");
}

/* Working days are never fewer days; how many more depends on the day that they are counted from. */
static bool is_longer(struct calendar_length a, struct calendar_length b)
{
	return a.count > b.count && (a.unit == b.unit || a.unit == CALENDAR_WORKING_DAYS);
}

/* Who has only just written cannot be late. */
static void check_not_before(const struct workflow_deadline *deadline, struct workflow_faults *faults)
{
	const struct calendar_length length = deadline->length;

	for (size_t i = 0; i < deadline->ladder_count; i++) {
		struct calendar_length before = deadline->ladder[i].at;

		before.count = -before.count;
		if (length.count > 0 && is_longer(before, length))
			workflow_fault_add(faults, deadline->ladder[i].source,
				"this reminder would come before the inquiry: the deadline is %d %s", length.count,
				length.unit == CALENDAR_DAYS ? "dage" : "arbejdsdage");
	}
	for (size_t i = 0; i < deadline->unassigned_count; i++)
		if (deadline->unassigned[i].at.count < 0)
			workflow_fault_add(faults, deadline->unassigned[i].source,
				"this reminder would come before the inquiry: count from the day of arrival, as \"+1 arbejdsdag\"");
}

void workflow_check(const struct workflow *workflow, const struct directory *directory,
	const struct message_strings *templates, struct workflow_faults *faults)
{
	bool sound = workflow_check_names(workflow, directory, templates, faults);

	workflow_check_rules(workflow, directory, faults);
	workflow_check_reach(workflow, directory, faults);
	for (size_t i = 0; i < workflow->deadlines_count; i++) {
		check_order(workflow->deadlines[i].ladder, workflow->deadlines[i].ladder_count, faults);
		check_order(workflow->deadlines[i].unassigned, workflow->deadlines[i].unassigned_count, faults);
		check_not_before(&workflow->deadlines[i], faults);
	}
	if (sound)
		workflow_check_graph(workflow, faults);
}
