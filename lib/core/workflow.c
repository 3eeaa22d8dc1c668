#include "core/workflow.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { FAULT_TEXT_MAX = 1024 };

int workflow_step_index(const struct workflow *workflow, const char *id)
{
	for (size_t i = 0; id && i < workflow->steps_count; i++)
		if (strcmp(workflow->steps[i].id, id) == 0)
			return (int)i;
	return -1;
}

const char *workflow_tag_name(const struct workflow *workflow, const char *word)
{
	for (size_t i = 0; i < workflow->tags_count; i++) {
		const struct workflow_tag *tag = &workflow->tags[i];

		if (strcmp(tag->name, word) == 0 || message_strings_have(&tag->aliases, word))
			return tag->name;
	}
	return NULL;
}

void workflow_fault_add(struct workflow_faults *faults, const char *source, const char *format, ...)
{
	char text[FAULT_TEXT_MAX];
	va_list args;

	if (faults->count == WORKFLOW_FAULTS_MAX)
		return;
	if (faults->count == WORKFLOW_FAULTS_MAX - 1) {
		source = "";
		format = "more faults than can be listed";
	}
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	if (faults->count == faults->capacity) {
		size_t capacity = faults->capacity ? faults->capacity * 2 : 16;
		struct workflow_fault *items = arena_array(faults->arena, capacity, sizeof(*items));

		if (faults->count)
			memcpy(items, faults->items, faults->count * sizeof(*items));
		faults->items = items;
		faults->capacity = capacity;
	}
	faults->items[faults->count++] = (struct workflow_fault){
		.source = arena_strdup(faults->arena, source), .text = arena_strdup(faults->arena, text),
	};
}
