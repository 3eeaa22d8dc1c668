/* An inquiry comes back from its image as it was; what is no image is refused. */
#include "tests/rows.h"

#include "io/image.h"

static const char *const reached[] = { "anne", "bo" };

static struct inquiry full_inquiry(void)
{
	return (struct inquiry){
		.key = "MT-2026-0042", .workflow = "mt", .mailbox = "post", .step = "hos-sagsbehandler", .round = 3,
		.subject = "Hul i vejen \"på\" Ørstedsgade\\", .asker = "borger@example.com",
		.addressed_to = "borgmesteren", .case_link = "https://sag.example.dk/1?a=b&c=d", .closed = "afsluttet",
		.received_at = 1774602000, .round_at = 1774602001, .step_at = 1774602002, .ended_at = 1774602003,
		.promised_at = 1774602004,
		.assignments = { { "sagsbehandler", "sanne" }, { "enhedsleder", "erik" }, { "enhedsleder", "eva" } },
		.assignments_count = 3,
		.clocks = { { "svar", 1, 2, 0, false, false, false },
			{ "kvittering", 4, 5, 6, true, true, true } }, .clocks_count = 2,
		.unseen = { "hos-enhedsleder", "hos-afdelingschef" }, .unseen_count = 2,
		.reach = { .audience = "Teknikudvalget", .decided_by = "eva", .decided_with = "erik", .short_of = true,
			.people = { reached, 2 }, .corrected = { reached, 1 } },
	};
}

static void assert_text(const char *a, const char *b)
{
	if (a && b)
		assert_string_equal(a, b);
	else
		assert_ptr_equal(a, b);
}

static void assert_inquiry_equal(const struct inquiry *a, const struct inquiry *b)
{
	assert_text(a->key, b->key);
	assert_text(a->workflow, b->workflow);
	assert_text(a->mailbox, b->mailbox);
	assert_text(a->step, b->step);
	assert_int_equal(a->round, b->round);
	assert_text(a->subject, b->subject);
	assert_text(a->asker, b->asker);
	assert_text(a->addressed_to, b->addressed_to);
	assert_text(a->case_link, b->case_link);
	assert_text(a->closed, b->closed);
	assert_int_equal(a->received_at, b->received_at);
	assert_int_equal(a->round_at, b->round_at);
	assert_int_equal(a->step_at, b->step_at);
	assert_int_equal(a->ended_at, b->ended_at);
	assert_int_equal(a->promised_at, b->promised_at);
	assert_int_equal(a->assignments_count, b->assignments_count);
	for (size_t i = 0; i < a->assignments_count; i++) {
		assert_text(a->assignments[i].role, b->assignments[i].role);
		assert_text(a->assignments[i].person, b->assignments[i].person);
	}
	assert_int_equal(a->clocks_count, b->clocks_count);
	for (size_t i = 0; i < a->clocks_count; i++) {
		assert_text(a->clocks[i].deadline, b->clocks[i].deadline);
		assert_int_equal(a->clocks[i].started_at, b->clocks[i].started_at);
		assert_int_equal(a->clocks[i].due_at, b->clocks[i].due_at);
		assert_int_equal(a->clocks[i].stopped_at, b->clocks[i].stopped_at);
		assert_int_equal(a->clocks[i].standing, b->clocks[i].standing);
		assert_int_equal(a->clocks[i].ended, b->clocks[i].ended);
		assert_int_equal(a->clocks[i].set_by_hand, b->clocks[i].set_by_hand);
	}
	assert_int_equal(a->unseen_count, b->unseen_count);
	for (size_t i = 0; i < a->unseen_count; i++)
		assert_text(a->unseen[i], b->unseen[i]);
}

static void assert_people_equal(const struct message_strings *a, const struct message_strings *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		assert_text(a->items[i], b->items[i]);
}

static void assert_reach_equal(const struct inquiry_reach *a, const struct inquiry_reach *b)
{
	assert_text(a->audience, b->audience);
	assert_text(a->decided_by, b->decided_by);
	assert_text(a->decided_with, b->decided_with);
	assert_int_equal(a->short_of, b->short_of);
	assert_people_equal(&a->people, &b->people);
	assert_people_equal(&a->corrected, &b->corrected);
}

/* Reads the image as it was written, and as any other JSON: with a blank it is no longer what we write. */
static void assert_round_trip(const struct inquiry *inquiry)
{
	struct arena arena = ARENA_NULL;
	const char *written = image_format(&arena, inquiry), *images[] = { written, arena_printf(&arena, " %s", written) };
	struct inquiry read;
	struct err err = ERR_NULL;

	for (size_t i = 0; i < 2; i++) {
		if (image_read(&arena, images[i], &read, &err) != 0)
			fail_msg("%s", err.text);
		assert_inquiry_equal(inquiry, &read);
		assert_reach_equal(&inquiry->reach, &read.reach);
		assert_int_equal(read.id, 0);
	}
	arena_done(&arena);
}

static void test_full(void **state)
{
	struct inquiry inquiry = full_inquiry();

	(void)state;
	inquiry.id = 99;
	assert_round_trip(&inquiry);
}

static void test_without_escapes(void **state)
{
	struct inquiry inquiry = full_inquiry();

	(void)state;
	inquiry.subject = "Cykelsti ved Østergård";
	assert_round_trip(&inquiry);
	inquiry.subject = "Et \"citat\" og en \\ skråstreg\n";
	assert_round_trip(&inquiry);
}

static void test_empty(void **state)
{
	const struct inquiry inquiry = { .key = "K-2026-0001", .workflow = "w", .mailbox = "m", .step = "s", .round = 1 };

	(void)state;
	assert_round_trip(&inquiry);
}

/* As many of everything as an inquiry can have, with the longest subject, stays below the cap. */
static void test_fullest(void **state)
{
	struct inquiry inquiry = full_inquiry();
	char subject[MESSAGE_SUBJECT_MAX + 1];

	(void)state;
	memset(subject, '"', sizeof(subject) - 1);
	subject[sizeof(subject) - 1] = '\0';
	inquiry.subject = inquiry.case_link = subject;
	for (size_t i = 0; i < INQUIRY_ASSIGNMENTS_MAX; i++)
		inquiry.assignments[i] = inquiry.assignments[0];
	for (size_t i = 0; i < INQUIRY_CLOCKS_MAX; i++)
		inquiry.clocks[i] = inquiry.clocks[1];
	for (size_t i = 0; i < INQUIRY_UNSEEN_MAX; i++)
		inquiry.unseen[i] = inquiry.unseen[0];
	inquiry.assignments_count = INQUIRY_ASSIGNMENTS_MAX;
	inquiry.clocks_count = INQUIRY_CLOCKS_MAX;
	inquiry.unseen_count = INQUIRY_UNSEEN_MAX;
	assert_round_trip(&inquiry);
}

/* A newer program may have written more than this one knows, or lists longer than it holds. */
static void test_from_the_future(void **state)
{
	struct arena arena = ARENA_NULL;
	struct inquiry read;
	struct err err = ERR_NULL;
	char text[8192] = "{\"key\":\"K-2026-0001\",\"workflow\":\"w\",\"mailbox\":\"m\",\"step\":\"s\","
		"\"round\":1,\"new\":{\"a\":[1]},"
		"\"clocks\":[{\"due_at\":1}],\"assignments\":[17,{\"role\":\"r\"}],\"unseen\":[null";

	(void)state;
	for (int i = 0; i < 100; i++)
		strcat(text, ",\"x\"");
	strcat(text, "]}");
	assert_int_equal(image_read(&arena, text, &read, &err), 0);
	assert_int_equal(read.clocks_count, 0);
	assert_int_equal(read.assignments_count, 0);
	assert_int_equal(read.unseen_count, INQUIRY_UNSEEN_MAX - 1);
	arena_done(&arena);
}

static const struct row {
	const char *name, *text;
} refused_rows[] = {
	{ "nothing", "" },
	{ "no JSON", "{\"key\":" },
	{ "an array", "[]" },
	{ "a number", "42" },
	{ "no key", "{\"workflow\":\"w\",\"mailbox\":\"m\",\"step\":\"s\",\"round\":1}" },
	{ "no mailbox", "{\"key\":\"k\",\"workflow\":\"w\",\"step\":\"s\",\"round\":1}" },
	{ "no step", "{\"key\":\"k\",\"workflow\":\"w\",\"mailbox\":\"m\",\"round\":1}" },
	{ "step of another type", "{\"key\":\"k\",\"workflow\":\"w\",\"mailbox\":\"m\",\"step\":1,\"round\":1}" },
	{ "no round", "{\"key\":\"k\",\"workflow\":\"w\",\"mailbox\":\"m\",\"step\":\"s\"}" },
	{ "round too large", "{\"key\":\"k\",\"workflow\":\"w\",\"mailbox\":\"m\",\"step\":\"s\",\"round\":4294967297}" },
	{ "key twice", "{\"key\":\"k\",\"key\":\"l\",\"workflow\":\"w\",\"mailbox\":\"m\",\"step\":\"s\",\"round\":1}" },
};

static void test_refused(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_NULL;
	struct inquiry read = { .round = 7 };
	struct err err = ERR_NULL;

	assert_int_equal(image_read(&arena, row->text, &read, &err), -1);
	assert_string_not_equal(err.text, "");
	assert_int_equal(read.round, 7);
	arena_done(&arena);
}

static void test_too_long(void **state)
{
	struct arena arena = ARENA_NULL;
	struct inquiry read;
	struct err err = ERR_NULL;
	char *text = arena_alloc(&arena, IMAGE_MAX + 2);

	(void)state;
	memset(text, ' ', IMAGE_MAX + 1);
	memcpy(text, "{}", 2);
	assert_int_equal(image_read(&arena, text, &read, &err), -1);
	assert_non_null(strstr(err.text, "too long"));
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_full), cmocka_unit_test(test_without_escapes), cmocka_unit_test(test_empty),
		cmocka_unit_test(test_fullest),
		cmocka_unit_test(test_from_the_future), cmocka_unit_test(test_too_long),
	};

	return RUN_ROWS(refused_rows, test_refused) + cmocka_run_group_tests(tests, NULL, NULL);
}
