/*
 * An image is written by hand in a fixed order, and read by a scanner that expects exactly that: every page of the
 * register and every decision reads images, and jansson allocates for each value. Whatever the scanner does not
 * recognise, such as the image of another version or a text with an escape, is read by jansson.
 */
#include "io/image.h"

#include "base/text.h"
#include "core/reach.h"
#include "io/json.h"

#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

/* The plain members: one row each, so that writing and reading cannot differ. */
static const struct text_member {
	const char *key;
	size_t offset;
} text_members[] = {
	{ "key", offsetof(struct inquiry, key) },
	{ "workflow", offsetof(struct inquiry, workflow) },
	{ "mailbox", offsetof(struct inquiry, mailbox) },
	{ "step", offsetof(struct inquiry, step) },
	{ "subject", offsetof(struct inquiry, subject) },
	{ "asker", offsetof(struct inquiry, asker) },
	{ "addressed_to", offsetof(struct inquiry, addressed_to) },
	{ "case_link", offsetof(struct inquiry, case_link) },
	{ "closed", offsetof(struct inquiry, closed) },
	{ "noted", offsetof(struct inquiry, noted) },
	{ "same_as", offsetof(struct inquiry, same_as) },
	{ "part_of", offsetof(struct inquiry, part_of) },
	{ "part", offsetof(struct inquiry, part) },
};

static const struct time_member {
	const char *key;
	size_t offset;
} time_members[] = {
	{ "received_at", offsetof(struct inquiry, received_at) },
	{ "round_at", offsetof(struct inquiry, round_at) },
	{ "step_at", offsetof(struct inquiry, step_at) },
	{ "ended_at", offsetof(struct inquiry, ended_at) },
	{ "promised_at", offsetof(struct inquiry, promised_at) },
	{ "noted_at", offsetof(struct inquiry, noted_at) },
	{ "split_at", offsetof(struct inquiry, split_at) },
	{ "letter_at", offsetof(struct inquiry, letter_at) },
};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* ---- writing ---- */

static void add_key(struct text *text, const char *before, const char *key)
{
	text_add(text, before);
	text_add(text, "\"");
	text_add(text, key);
	text_add(text, "\":");
}

static void add_text(struct text *text, const char *before, const char *value)
{
	text_add(text, before);
	json_write_string(text, value);
}

static void add_number(struct text *text, const char *before, int64_t value)
{
	text_addf(text, "%s%" PRId64, before, value);
}

/* Lists by hand: three of them, each of another shape. */
static void add_assignments(struct text *text, const struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->assignments_count; i++) {
		text_add(text, i ? "," : "");
		add_text(text, "{\"role\":", inquiry->assignments[i].role);
		add_text(text, ",\"person\":", inquiry->assignments[i].person);
		text_add(text, "}");
	}
}

static void add_clocks(struct text *text, const struct inquiry *inquiry)
{
	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		const struct inquiry_clock *clock = &inquiry->clocks[i];

		text_add(text, i ? "," : "");
		add_text(text, "{\"deadline\":", clock->deadline);
		add_number(text, ",\"started_at\":", clock->started_at);
		add_number(text, ",\"due_at\":", clock->due_at);
		add_number(text, ",\"stopped_at\":", clock->stopped_at);
		text_add(text, clock->standing ? ",\"standing\":true" : "");
		text_add(text, clock->ended ? ",\"ended\":true" : "");
		text_add(text, clock->set_by_hand ? ",\"set_by_hand\":true}" : ",\"set_by_hand\":false}");
	}
}

static void add_people(struct text *text, const char *before, const struct message_strings *people)
{
	text_add(text, before);
	for (size_t i = 0; i < people->count; i++)
		add_text(text, i ? "," : "", people->items[i]);
	text_add(text, "]");
}

/* Few guidelines ask whom an answer reaches: the images of the others stay as short as they were. */
static bool has_reach(const struct inquiry *inquiry)
{
	const struct inquiry_reach *reach = &inquiry->reach;

	return reach->audience || reach->decided_by || reach->decided_with || reach->short_of || reach->people.count ||
		reach->corrected.count;
}

static void add_reach(struct text *text, const struct inquiry_reach *reach)
{
	add_text(text, ",\"reach\":{\"audience\":", reach->audience);
	add_text(text, ",\"decided_by\":", reach->decided_by);
	add_text(text, ",\"decided_with\":", reach->decided_with);
	text_add(text, reach->short_of ? ",\"short_of\":true" : ",\"short_of\":false");
	add_people(text, ",\"people\":[", &reach->people);
	add_people(text, ",\"corrected\":[", &reach->corrected);
	text_add(text, "}");
}

/* No spaces, members in a fixed order: what the scanner below expects, and the same octets for the same inquiry. */
char *image_format(struct arena *arena, const struct inquiry *inquiry)
{
	struct text text CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < COUNT(text_members); i++) {
		const char *value;

		memcpy(&value, (const char *)inquiry + text_members[i].offset, sizeof(value));
		add_key(&text, i ? "," : "{", text_members[i].key);
		json_write_string(&text, value);
	}
	for (size_t i = 0; i < COUNT(time_members); i++) {
		int64_t time;

		memcpy(&time, (const char *)inquiry + time_members[i].offset, sizeof(time));
		add_key(&text, ",", time_members[i].key);
		add_number(&text, "", time);
	}
	add_number(&text, ",\"round\":", inquiry->round);
	text_add(&text, ",\"assignments\":[");
	add_assignments(&text, inquiry);
	text_add(&text, "],\"clocks\":[");
	add_clocks(&text, inquiry);
	text_add(&text, "],\"unseen\":[");
	for (size_t i = 0; i < inquiry->unseen_count; i++)
		add_text(&text, i ? "," : "", inquiry->unseen[i]);
	text_add(&text, "]");
	if (has_reach(inquiry))
		add_reach(&text, &inquiry->reach);
	text_add(&text, "}");
	return arena_strndup(arena, text.data, text.length);
}

/* ---- reading what image_format() wrote: no escapes, nothing unknown, the members in its order ---- */

struct scan {
	struct arena *arena;
	const char *at;		/* NULL: it is something else */
};

/* Steps over the word if it comes next. */
static bool take(struct scan *scan, const char *word)
{
	size_t length = strlen(word);

	if (!scan->at || strncmp(scan->at, word, length) != 0)
		return false;
	scan->at += length;
	return true;
}

static void expect(struct scan *scan, const char *word)
{
	if (!take(scan, word))
		scan->at = NULL;
}

static void expect_key(struct scan *scan, const char *before, const char *key)
{
	expect(scan, before);
	expect(scan, "\"");
	expect(scan, key);
	expect(scan, "\":");
}

/* A text without escapes, or null. */
static const char *scan_text(struct scan *scan)
{
	const char *start;
	size_t length;

	if (take(scan, "null"))
		return NULL;
	expect(scan, "\"");
	length = scan->at ? strcspn(scan->at, "\"\\") : 0;
	if (!scan->at || scan->at[length] != '"') {
		scan->at = NULL;
		return NULL;
	}
	start = scan->at;
	scan->at += length + 1;
	return arena_strndup(scan->arena, start, length);
}

/* Text that must not be null. */
static const char *scan_word(struct scan *scan)
{
	const char *word = scan_text(scan);

	if (!word)
		scan->at = NULL;
	return word;
}

static int64_t scan_number(struct scan *scan)
{
	size_t length = scan->at ? strspn(scan->at, "-0123456789") : 0;
	int64_t number = length > 0 && length < 19 ? strtoll(scan->at, NULL, 10) : 0;

	scan->at = length > 0 && length < 19 ? scan->at + length : NULL;
	return number;
}

/* Is there one more item in the array? More than fit are none of ours. */
static bool scan_item(struct scan *scan, size_t index, size_t max)
{
	if (take(scan, "]"))
		return false;
	if (index > 0)
		expect(scan, ",");
	if (index == max)
		scan->at = NULL;
	return scan->at != NULL;
}

/* The three lists, in the order in which image_format() writes them. */
static void scan_lists(struct scan *scan, struct inquiry *inquiry)
{
	expect(scan, ",\"assignments\":[");
	while (scan_item(scan, inquiry->assignments_count, INQUIRY_ASSIGNMENTS_MAX)) {
		struct inquiry_assignment *assignment = &inquiry->assignments[inquiry->assignments_count++];

		expect(scan, "{\"role\":");
		assignment->role = scan_word(scan);
		expect(scan, ",\"person\":");
		assignment->person = scan_word(scan);
		expect(scan, "}");
	}
	expect(scan, ",\"clocks\":[");
	while (scan_item(scan, inquiry->clocks_count, INQUIRY_CLOCKS_MAX)) {
		struct inquiry_clock *clock = &inquiry->clocks[inquiry->clocks_count++];

		expect(scan, "{\"deadline\":");
		clock->deadline = scan_word(scan);
		expect(scan, ",\"started_at\":");
		clock->started_at = scan_number(scan);
		expect(scan, ",\"due_at\":");
		clock->due_at = scan_number(scan);
		expect(scan, ",\"stopped_at\":");
		clock->stopped_at = scan_number(scan);
		clock->standing = take(scan, ",\"standing\":true");
		clock->ended = take(scan, ",\"ended\":true");
		expect(scan, ",\"set_by_hand\":");
		clock->set_by_hand = take(scan, "true");
		if (!clock->set_by_hand)
			expect(scan, "false");
		expect(scan, "}");
	}
	expect(scan, ",\"unseen\":[");
	while (scan_item(scan, inquiry->unseen_count, INQUIRY_UNSEEN_MAX))
		inquiry->unseen[inquiry->unseen_count++] = scan_word(scan);
}

static void scan_people(struct scan *scan, const char *before, struct message_strings *ret_people)
{
	const char **items = arena_array(scan->arena, REACH_PEOPLE_MAX, sizeof(*items));
	size_t count = 0;

	expect(scan, before);
	while (scan_item(scan, count, REACH_PEOPLE_MAX))
		items[count++] = scan_word(scan);
	*ret_people = (struct message_strings){ items, count };
}

static void scan_reach(struct scan *scan, struct inquiry_reach *reach)
{
	if (!take(scan, ",\"reach\":{"))
		return;
	expect(scan, "\"audience\":");
	reach->audience = scan_text(scan);
	expect(scan, ",\"decided_by\":");
	reach->decided_by = scan_text(scan);
	expect(scan, ",\"decided_with\":");
	reach->decided_with = scan_text(scan);
	expect(scan, ",\"short_of\":");
	reach->short_of = take(scan, "true");
	if (!reach->short_of)
		expect(scan, "false");
	scan_people(scan, ",\"people\":[", &reach->people);
	scan_people(scan, ",\"corrected\":[", &reach->corrected);
	expect(scan, "}");
}

/* False: it must be read as any JSON is. */
static bool scan_image(struct arena *arena, const char *text, struct inquiry *inquiry, int64_t *ret_round)
{
	struct scan scan = { arena, text };

	for (size_t i = 0; i < COUNT(text_members); i++) {
		const char *value;

		expect_key(&scan, i ? "," : "{", text_members[i].key);
		value = scan_text(&scan);
		memcpy((char *)inquiry + text_members[i].offset, &value, sizeof(value));
	}
	for (size_t i = 0; i < COUNT(time_members); i++) {
		int64_t time;

		expect_key(&scan, ",", time_members[i].key);
		time = scan_number(&scan);
		memcpy((char *)inquiry + time_members[i].offset, &time, sizeof(time));
	}
	expect(&scan, ",\"round\":");
	*ret_round = scan_number(&scan);
	scan_lists(&scan, inquiry);
	scan_reach(&scan, &inquiry->reach);
	expect(&scan, "}");
	return scan.at && !*scan.at;
}

/* ---- reading any image ---- */

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
				.standing = json_get_bool(object, "standing"),
				.ended = json_get_bool(object, "ended"),
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

static void read_people(struct arena *arena, const struct json *array, struct message_strings *ret_people)
{
	size_t most = at_most(json_length(array), REACH_PEOPLE_MAX), count = 0;
	const char **items = arena_array(arena, most, sizeof(*items));

	for (size_t i = 0; i < most; i++) {
		const char *person = json_item_string(array, i);

		if (person)
			items[count++] = arena_strdup(arena, person);
	}
	*ret_people = (struct message_strings){ items, count };
}

static void read_reach(struct arena *arena, const struct json *object, struct inquiry_reach *reach)
{
	if (!object)
		return;
	reach->audience = arena_strdup(arena, json_get_string(object, "audience"));
	reach->decided_by = arena_strdup(arena, json_get_string(object, "decided_by"));
	reach->decided_with = arena_strdup(arena, json_get_string(object, "decided_with"));
	reach->short_of = json_get_bool(object, "short_of");
	read_people(arena, json_get(object, "people"), &reach->people);
	read_people(arena, json_get(object, "corrected"), &reach->corrected);
}

/* Returns false when it is no JSON. */
static bool read_json(struct arena *arena, const char *text, size_t length, struct inquiry *inquiry, int64_t *ret_round)
{
	struct json *root CLEANUP(json_freep) = json_read(text, length);

	if (!root)
		return false;
	for (size_t i = 0; i < COUNT(text_members); i++) {
		const char *copy = arena_strdup(arena, json_get_string(root, text_members[i].key));

		memcpy((char *)inquiry + text_members[i].offset, &copy, sizeof(copy));
	}
	for (size_t i = 0; i < COUNT(time_members); i++) {
		int64_t time = json_get_integer(root, time_members[i].key);

		memcpy((char *)inquiry + time_members[i].offset, &time, sizeof(time));
	}
	*ret_round = json_get_integer(root, "round");
	read_assignments(arena, json_get(root, "assignments"), inquiry);
	read_clocks(arena, json_get(root, "clocks"), inquiry);
	read_unseen(arena, json_get(root, "unseen"), inquiry);
	read_reach(arena, json_get(root, "reach"), &inquiry->reach);
	return true;
}

/* What an image cannot be without is asked for at the end, whichever reader read it. */
int image_read(struct arena *arena, const char *text, struct inquiry *ret_inquiry, struct err *err)
{
	struct inquiry inquiry = { .id = 0 };
	size_t length = strlen(text);
	int64_t round;

	if (length > IMAGE_MAX)
		return err_set(err, "the image of an inquiry is too long");
	if (!scan_image(arena, text, &inquiry, &round)) {
		inquiry = (struct inquiry){ .id = 0 };
		if (!read_json(arena, text, length, &inquiry, &round))
			return err_set(err, "the image of an inquiry is no JSON");
	}
	if (!inquiry.key || !inquiry.workflow || !inquiry.mailbox || !inquiry.step || round < 1 || round > INT_MAX)
		return err_set(err, "the image of an inquiry lacks key, workflow, mailbox, step or round");
	inquiry.round = (int)round;
	*ret_inquiry = inquiry;
	return 0;
}
