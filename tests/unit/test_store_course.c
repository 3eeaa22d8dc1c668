/* What a file said of courses stays, is completed and corrected, and is not said twice. */
#include "tests/unit/store_fixture.h"

#include "tests/unit/calendar_rows.h"

static struct compliance_record record(const char *person, const char *started, const char *completed)
{
	return (struct compliance_record){ .person = person, .course = "God sagsbehandling", .unit = "vej",
		.format = COMPLIANCE_ATTENDANCE, .started = date_of(started),
		.completed = completed ? date_of(completed) : COMPLIANCE_NO_DATE };
}

static enum store_change put(struct fixture *f, struct compliance_record one)
{
	enum store_change change = STORE_SAME;

	OK(f, store_put_course(f->store, &one, FIXTURE_AT, &change, &f->err));
	return change;
}

static size_t list(struct fixture *f, struct compliance_record **ret_records)
{
	size_t count = 0;

	OK(f, store_list_courses(f->store, &f->arena, ret_records, &count, &f->err));
	return count;
}

static void test_round_trip(void **state)
{
	struct fixture *f = *state;
	struct compliance_record *records = NULL, online = record("eva", "2026-02-28", NULL);

	online.format = COMPLIANCE_E_LEARNING;
	online.unit = "park";
	assert_int_equal(list(f, &records), 0);
	assert_int_equal(put(f, online), STORE_ADDED);
	assert_int_equal(put(f, record("bo", "2026-03-01", "2026-03-02")), STORE_ADDED);
	assert_int_equal(put(f, record("bo", "2024-02-29", "2024-02-29")), STORE_ADDED);
	assert_int_equal(list(f, &records), 3);
	assert_string_equal(records[0].person, "bo");
	assert_int_equal(records[0].started, date_of("2024-02-29"));
	assert_int_equal(records[1].completed, date_of("2026-03-02"));
	assert_int_equal(records[1].format, COMPLIANCE_ATTENDANCE);
	assert_string_equal(records[2].person, "eva");
	assert_string_equal(records[2].course, "God sagsbehandling");
	assert_string_equal(records[2].unit, "park");
	assert_int_equal(records[2].completed, COMPLIANCE_NO_DATE);
	assert_int_equal(records[2].format, COMPLIANCE_E_LEARNING);
}

static void test_said_again(void **state)
{
	struct fixture *f = *state;
	struct compliance_record *records = NULL, moved = record("bo", "2026-03-01", "2026-03-05");

	assert_int_equal(put(f, record("bo", "2026-03-01", NULL)), STORE_ADDED);
	assert_int_equal(put(f, record("bo", "2026-03-01", NULL)), STORE_SAME);
	assert_int_equal(put(f, record("bo", "2026-03-01", "2026-03-04")), STORE_CHANGED);
	assert_int_equal(put(f, record("bo", "2026-03-01", "2026-03-04")), STORE_SAME);
	/* a file of starts takes no completion back */
	assert_int_equal(put(f, record("bo", "2026-03-01", NULL)), STORE_SAME);
	assert_int_equal(put(f, record("bo", "2026-03-01", "2026-03-05")), STORE_CHANGED);
	moved.unit = "park";
	moved.format = COMPLIANCE_E_LEARNING;
	assert_int_equal(put(f, moved), STORE_CHANGED);
	assert_int_equal(put(f, moved), STORE_SAME);
	assert_int_equal(list(f, &records), 1);
	assert_int_equal(records[0].completed, date_of("2026-03-05"));
	assert_string_equal(records[0].unit, "park");
	assert_int_equal(records[0].format, COMPLIANCE_E_LEARNING);
}

/* Another day, another course, another person: another record. */
static void test_records_of_their_own(void **state)
{
	struct fixture *f = *state;
	struct compliance_record *records = NULL, refresher = record("bo", "2026-03-01", NULL);

	refresher.course = "Genopfriskning";
	assert_int_equal(put(f, record("bo", "2026-03-01", NULL)), STORE_ADDED);
	assert_int_equal(put(f, record("bo", "2026-03-02", NULL)), STORE_ADDED);
	assert_int_equal(put(f, record("bo1", "2026-03-01", NULL)), STORE_ADDED);
	assert_int_equal(put(f, refresher), STORE_ADDED);
	assert_int_equal(list(f, &records), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_round_trip), FIXTURE_TEST(test_said_again), FIXTURE_TEST(test_records_of_their_own),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
