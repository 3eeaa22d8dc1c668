#include "core/workflow.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static bool same(const char *a, const char *b)
{
	return a && b && strcmp(a, b) == 0;
}

int workflow_step_index(const struct workflow *workflow, const char *id)
{
	for (size_t i = 0; i < workflow->steps_count; i++)
		if (same(workflow->steps[i].id, id))
			return (int)i;
	return -1;
}

const char *workflow_tag_name(const struct workflow *workflow, const char *word)
{
	for (size_t i = 0; i < workflow->tags_count; i++)
		if (same(workflow->tags[i].name, word) || message_strings_have(&workflow->tags[i].aliases, word))
			return workflow->tags[i].name;
	return NULL;
}

static void reserve(struct workflow_faults *faults)
{
	size_t capacity = faults->capacity ? faults->capacity * 2 : 16;
	struct workflow_fault *items;

	if (faults->count < faults->capacity)
		return;
	items = arena_array(faults->arena, capacity, sizeof(*items));
	if (faults->count)
		memcpy(items, faults->items, faults->count * sizeof(*items));
	faults->items = items;
	faults->capacity = capacity;
}

void workflow_fault_add(struct workflow_faults *faults, const char *source, const char *format, ...)
{
	char text[1024];
	va_list args;

	if (faults->count >= WORKFLOW_FAULTS_MAX)
		return;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	reserve(faults);
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
	size_t length = strlen(word), nearest = length < 4 ? 2 : 3;
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

void workflow_check(const struct workflow *workflow, const struct directory *directory,
	const struct message_strings *templates, struct workflow_faults *faults)
{
	bool sound = workflow_check_names(workflow, directory, templates, faults);

	workflow_check_rules(workflow, directory, faults);
	if (sound)
		workflow_check_graph(workflow, faults);
}
