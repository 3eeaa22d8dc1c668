#include "io/image.h"

#include "io/json.h"

#include <limits.h>
#include <string.h>

/* The plain members: one row each, so that writing and reading cannot differ. */
static const struct text_member {
	const char *key;
	size_t offset;
} text_members[] = {
	{ "key", offsetof(struct inquiry, key) },
	{ "workflow", offsetof(struct inquiry, workflow) },
	{ "step", offsetof(struct inquiry, step) },
	{ "subject", offsetof(struct inquiry, subject) },
	{ "asker", offsetof(struct inquiry, asker) },
	{ "addressed_to", offsetof(struct inquiry, addressed_to) },
	{ "case_link", offsetof(struct inquiry, case_link) },
	{ "closed", offsetof(struct inquiry, closed) },
};

static const struct time_member {
	const char *key;
	size_t offset;
} time_members[] = {
	{ "received_at", offsetof(struct inquiry, received_at) },
	{ "round_at", offsetof(struct inquiry, round_at) },
	{ "step_at", offsetof(struct inquiry, step_at) },
	{ "ended_at", offsetof(struct inquiry, ended_at) },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct json *format_assignments(const struct inquiry *inquiry)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < inquiry->assignments_count; i++) {
		struct json *object = json_new_object();

		json_put_string(object, "role", inquiry->assignments[i].role);
		json_put_string(object, "person", inquiry->assignments[i].person);
		json_add(array, object);
	}
	return array;
}

static struct json *format_clocks(const struct inquiry *inquiry)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		const struct inquiry_clock *clock = &inquiry->clocks[i];
		struct json *object = json_new_object();

		json_put_string(object, "deadline", clock->deadline);
		json_put_integer(object, "started_at", clock->started_at);
		json_put_integer(object, "due_at", clock->due_at);
		json_put_integer(object, "stopped_at", clock->stopped_at);
		json_put_bool(object, "set_by_hand", clock->set_by_hand);
		json_add(array, object);
	}
	return array;
}

char *image_format(struct arena *arena, const struct inquiry *inquiry)
{
	struct json *root CLEANUP(json_freep) = json_new_object();
	const struct message_strings unseen = { inquiry->unseen, inquiry->unseen_count };

	for (size_t i = 0; i < COUNT(text_members); i++) {
		const char *text;

		memcpy(&text, (const char *)inquiry + text_members[i].offset, sizeof(text));
		json_put_string(root, text_members[i].key, text);
	}
	for (size_t i = 0; i < COUNT(time_members); i++) {
		int64_t time;

		memcpy(&time, (const char *)inquiry + time_members[i].offset, sizeof(time));
		json_put_integer(root, time_members[i].key, time);
	}
	json_put_integer(root, "round", inquiry->round);
	json_put(root, "assignments", format_assignments(inquiry));
	json_put(root, "clocks", format_clocks(inquiry));
	json_put_strings(root, "unseen", &unseen);
	return json_format(arena, root);
}

static size_t at_most(size_t count, size_t max)
{
	return count < max ? count : max;
}

static void read_assignments(struct arena *arena, const struct json *array, struct inquiry *inquiry)
{
	for (size_t i = 0; i < at_most(json_length(array), INQUIRY_ASSIGNMENTS_MAX); i++) {
		const struct json *object = json_item(array, i);
		const char *role = json_get_string(object, "role"), *person = json_get_string(object, "person");

		if (role && person)
			inquiry->assignments[inquiry->assignments_count++] = (struct inquiry_assignment){
				arena_strdup(arena, role), arena_strdup(arena, person) };
	}
}

static void read_clocks(struct arena *arena, const struct json *array, struct inquiry *inquiry)
{
	for (size_t i = 0; i < at_most(json_length(array), INQUIRY_CLOCKS_MAX); i++) {
		const struct json *object = json_item(array, i);
		const char *deadline = json_get_string(object, "deadline");

		if (deadline)
			inquiry->clocks[inquiry->clocks_count++] = (struct inquiry_clock){
				.deadline = arena_strdup(arena, deadline),
				.started_at = json_get_integer(object, "started_at"),
				.due_at = json_get_integer(object, "due_at"),
				.stopped_at = json_get_integer(object, "stopped_at"),
				.set_by_hand = json_get_bool(object, "set_by_hand"),
			};
	}
}

static void read_unseen(struct arena *arena, const struct json *array, struct inquiry *inquiry)
{
	for (size_t i = 0; i < at_most(json_length(array), INQUIRY_UNSEEN_MAX); i++) {
		const char *step = json_item_string(array, i);

		if (step)
			inquiry->unseen[inquiry->unseen_count++] = arena_strdup(arena, step);
	}
}

int image_read(struct arena *arena, const char *text, struct inquiry *ret_inquiry, struct err *err)
{
	struct inquiry inquiry = { .id = 0 };
	size_t length = strlen(text);
	struct json *root CLEANUP(json_freep) = length <= IMAGE_MAX ? json_read(text, length) : NULL;
	int64_t round = json_get_integer(root, "round");

	if (!root)
		return err_set(err, "the image of an inquiry is no JSON or too long");
	for (size_t i = 0; i < COUNT(text_members); i++) {
		const char *copy = arena_strdup(arena, json_get_string(root, text_members[i].key));

		memcpy((char *)&inquiry + text_members[i].offset, &copy, sizeof(copy));
	}
	for (size_t i = 0; i < COUNT(time_members); i++) {
		int64_t time = json_get_integer(root, time_members[i].key);

		memcpy((char *)&inquiry + time_members[i].offset, &time, sizeof(time));
	}
	if (!inquiry.key || !inquiry.workflow || !inquiry.step || round < 1 || round > INT_MAX)
		return err_set(err, "the image of an inquiry lacks key, workflow, step or round");
	inquiry.round = (int)round;
	read_assignments(arena, json_get(root, "assignments"), &inquiry);
	read_clocks(arena, json_get(root, "clocks"), &inquiry);
	read_unseen(arena, json_get(root, "unseen"), &inquiry);
	*ret_inquiry = inquiry;
	return 0;
}
