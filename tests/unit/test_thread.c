#include "core/thread.h"

#include "tests/rows.h"

enum { HITS_MAX = 12 };

struct row {
	const char *name;
	struct thread_hit hits[HITS_MAX];
	struct thread_result expected;
};

#define OWN(number, age) { .rung = THREAD_OWN_ID, .inquiry = (number), .order = (age) }
#define REFERENCE(number, age) { .rung = THREAD_REFERENCE, .inquiry = (number), .order = (age) }
#define KEY(number) { .rung = THREAD_KEY, .inquiry = (number), .allowed = true }
#define LEAD_KEY(number) { .rung = THREAD_KEY, .inquiry = (number), .allowed = true, .lead = true }
#define STRANGERS_KEY(number) { .rung = THREAD_KEY, .inquiry = (number), .lead = true }
#define SHARED(number, age) { .rung = THREAD_SHARED_REFERENCE, .inquiry = (number), .order = (age) }
#define RECEIPT(number) { .rung = THREAD_RECEIPT, .inquiry = (number) }

#define FOUND(by, number) { .rung = THREAD_##by, .inquiry = (number) }
#define BETWEEN(by, a, b) { .rung = THREAD_##by, .candidates = { a, b }, .candidates_count = 2 }

static const struct row rows[] = {
	{ "no evidence", { { .rung = THREAD_NONE } }, { .rung = THREAD_NONE } },
	{ "own id alone", { OWN(1, 0) }, FOUND(OWN_ID, 1) },
	{ "reference alone", { REFERENCE(1, 0) }, FOUND(REFERENCE, 1) },
	{ "key alone", { KEY(1) }, FOUND(KEY, 1) },
	{ "key in tag position alone", { LEAD_KEY(1) }, FOUND(KEY, 1) },
	{ "shared reference alone", { SHARED(1, 0) }, FOUND(SHARED_REFERENCE, 1) },
	{ "receipt alone", { RECEIPT(1) }, FOUND(RECEIPT, 1) },

	{ "own id before reference", { REFERENCE(2, 0), OWN(1, 5) }, FOUND(OWN_ID, 1) },
	{ "reference before key elsewhere in the subject", { KEY(2), REFERENCE(1, 3) }, FOUND(REFERENCE, 1) },
	{ "key before shared reference", { SHARED(2, 0), KEY(1) }, FOUND(KEY, 1) },
	{ "shared reference before receipt", { RECEIPT(2), SHARED(1, 4) }, FOUND(SHARED_REFERENCE, 1) },
	{ "all rungs agree", { RECEIPT(1), SHARED(1, 2), LEAD_KEY(1), REFERENCE(1, 1), OWN(1, 0) }, FOUND(OWN_ID, 1) },

	{ "newest reference", { REFERENCE(2, 1), REFERENCE(1, 0), REFERENCE(3, 2) }, FOUND(REFERENCE, 1) },
	{ "newest known reference is not the newest", { REFERENCE(2, 7), REFERENCE(1, 4) }, FOUND(REFERENCE, 1) },
	{ "newest own id", { OWN(2, 1), OWN(1, 0) }, FOUND(OWN_ID, 1) },
	{ "newest shared reference", { SHARED(2, 1), SHARED(1, 0) }, FOUND(SHARED_REFERENCE, 1) },
	{ "one inquiry by many references", { REFERENCE(1, 0), REFERENCE(1, 1), REFERENCE(1, 2) }, FOUND(REFERENCE, 1) },
	{ "the same hit twice", { REFERENCE(1, 0), REFERENCE(1, 0) }, FOUND(REFERENCE, 1) },

	{ "one message in two inquiries", { REFERENCE(1, 0), REFERENCE(2, 0) }, BETWEEN(REFERENCE, 1, 2) },
	{ "one of our mails in two inquiries", { OWN(1, 0), OWN(2, 0) }, BETWEEN(OWN_ID, 1, 2) },
	{ "answers one of our mails and a mail of another inquiry", { REFERENCE(2, 0), OWN(1, 0) }, BETWEEN(OWN_ID, 1, 2) },
	{ "two keys", { KEY(1), KEY(2) }, BETWEEN(KEY, 1, 2) },
	{ "two keys, one in tag position", { KEY(1), LEAD_KEY(2) }, BETWEEN(KEY, 1, 2) },
	{ "two by shared reference", { SHARED(1, 0), SHARED(2, 0) }, BETWEEN(SHARED_REFERENCE, 1, 2) },
	{ "two receipts wanted", { RECEIPT(1), RECEIPT(2) }, BETWEEN(RECEIPT, 1, 2) },
	{ "a lower rung does not settle it", { REFERENCE(1, 0), REFERENCE(2, 0), KEY(1) }, BETWEEN(REFERENCE, 1, 2) },

	{ "key in tag position contradicts reference", { REFERENCE(1, 0), LEAD_KEY(2) }, BETWEEN(REFERENCE, 1, 2) },
	{ "key in tag position contradicts own id", { LEAD_KEY(2), OWN(1, 0) }, BETWEEN(OWN_ID, 1, 2) },
	{ "key in tag position agrees with reference", { REFERENCE(1, 0), LEAD_KEY(1) }, FOUND(REFERENCE, 1) },
	{ "key elsewhere does not contradict", { REFERENCE(1, 0), KEY(2) }, FOUND(REFERENCE, 1) },
	{ "an older reference agrees with the contradicting key", { REFERENCE(1, 0), REFERENCE(2, 1), LEAD_KEY(2) },
		BETWEEN(REFERENCE, 1, 2) },

	{ "key in tag position says which of one mail of ours", { OWN(1, 0), OWN(2, 0), LEAD_KEY(2) }, FOUND(KEY, 2) },
	{ "which of two mails of ours", { OWN(1, 0), OWN(1, 3), OWN(2, 0), LEAD_KEY(1) }, FOUND(KEY, 1) },
	{ "but not one that it does not name", { OWN(1, 0), OWN(2, 0), LEAD_KEY(3) },
		{ .rung = THREAD_OWN_ID, .candidates = { 1, 2, 3 }, .candidates_count = 3 } },
	{ "nor one that an older mail of ours names", { OWN(1, 0), OWN(2, 0), OWN(3, 1), LEAD_KEY(3) },
		{ .rung = THREAD_OWN_ID, .candidates = { 1, 2, 3 }, .candidates_count = 3 } },
	{ "nor two", { OWN(1, 0), OWN(2, 0), LEAD_KEY(1), LEAD_KEY(2) }, BETWEEN(OWN_ID, 1, 2) },
	{ "nor beside another elsewhere", { OWN(1, 0), OWN(2, 0), LEAD_KEY(1), KEY(2) }, BETWEEN(OWN_ID, 1, 2) },
	{ "nor elsewhere in the subject", { OWN(1, 0), OWN(2, 0), KEY(2) }, BETWEEN(OWN_ID, 1, 2) },
	{ "nor a stranger's", { OWN(1, 0), OWN(2, 0), STRANGERS_KEY(2) }, BETWEEN(OWN_ID, 1, 2) },
	{ "nor of a mail of others", { REFERENCE(1, 0), REFERENCE(2, 0), LEAD_KEY(2) }, BETWEEN(REFERENCE, 1, 2) },
	{ "nor of one of ours and another's", { OWN(1, 0), REFERENCE(2, 0), LEAD_KEY(1) }, BETWEEN(OWN_ID, 1, 2) },

	{ "a stranger's key proves nothing", { STRANGERS_KEY(1) }, { .rung = THREAD_NONE } },
	{ "a stranger's key contradicts nothing", { REFERENCE(1, 0), STRANGERS_KEY(2) }, FOUND(REFERENCE, 1) },
	{ "a stranger's key beside an allowed one", { STRANGERS_KEY(2), KEY(1) }, FOUND(KEY, 1) },
	{ "a stranger's key leaves the lower rung", { STRANGERS_KEY(2), SHARED(1, 0) }, FOUND(SHARED_REFERENCE, 1) },
	{ "a hit that points nowhere", { OWN(0, 0), REFERENCE(1, 0) }, FOUND(REFERENCE, 1) },
	{ "more candidates than there is room for",
		{ KEY(1), KEY(2), KEY(3), KEY(4), KEY(5), KEY(6), KEY(7), KEY(8), KEY(9), KEY(10) },
		{ .rung = THREAD_KEY, .candidates = { 1, 2, 3, 4, 5, 6, 7, 8 }, .candidates_count = 8 } },
};

static size_t count_hits(const struct row *row)
{
	size_t count = 0;

	while (count < HITS_MAX && row->hits[count].rung != THREAD_NONE)
		count++;
	return count;
}

static bool has_candidate(const struct thread_result *result, int64_t inquiry)
{
	for (size_t i = 0; i < result->candidates_count; i++)
		if (result->candidates[i] == inquiry)
			return true;
	return false;
}

static void check(const struct thread_hit *hits, size_t count, const struct thread_result *expected)
{
	struct thread_result result;

	thread_find(hits, count, &result);
	assert_string_equal(thread_rung_word(result.rung), thread_rung_word(expected->rung));
	assert_int_equal(result.inquiry, expected->inquiry);
	assert_int_equal(result.candidates_count, expected->candidates_count);
	if (count > THREAD_CANDIDATES_MAX)
		return;
	for (size_t i = 0; i < expected->candidates_count; i++)
		assert_true(has_candidate(&result, expected->candidates[i]));
}

/* The order in which the hits come must not matter. */
static void test_row(void **state)
{
	const struct row *row = *state;
	struct thread_hit backwards[HITS_MAX];
	size_t count = count_hits(row);

	for (size_t i = 0; i < count; i++)
		backwards[i] = row->hits[count - 1 - i];
	check(row->hits, count, &row->expected);
	check(backwards, count, &row->expected);
}

static void test_words(void **state)
{
	(void)state;
	assert_string_equal(thread_rung_word(THREAD_NONE), "none");
	assert_string_equal(thread_rung_word(THREAD_OWN_ID), "own-id");
	assert_string_equal(thread_rung_word(THREAD_SHARED_REFERENCE), "shared-reference");
	assert_string_equal(thread_rung_word(THREAD_PLACED), "placed");
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_words) };

	return RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
