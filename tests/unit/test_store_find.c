/* What a message points at: which inquiry, which ancestors, and that looking it up goes by index. */
#include "tests/unit/store_fixture.h"

#include "base/text.h"

/* ---- hits ---- */

static struct store_thread find(struct fixture *f, const struct message *message, bool trusted)
{
	struct store_thread found;

	OK(f, store_find_thread(f->store, &f->arena, message, trusted, &found, &f->err));
	return found;
}

static void assert_hit(const struct store_thread *found, size_t index, enum thread_rung rung, int64_t inquiry,
	int order)
{
	assert_true(index < found->hits_count);
	assert_int_equal(found->hits[index].rung, rung);
	assert_int_equal(found->hits[index].inquiry, inquiry);
	assert_int_equal(found->hits[index].order, order);
}

/* In-Reply-To is the newest, then the references from the last to the first; an id that stands twice is asked once. */
static void test_references_newest_first(void **state)
{
	struct fixture *f = *state;
	int64_t first = fixture_open(f, "MT-2026-0001", "a@x"), second = fixture_open(f, "MT-2026-0002", "b@x");
	int64_t third = fixture_open(f, "MT-2026-0003", "c@x");
	struct message message = fixture_message("new@x");
	struct store_thread found;

	message.in_reply_to = (struct message_strings)STRINGS("b@x");
	message.references = (struct message_strings)STRINGS("a@x", "c@x", "b@x");
	found = find(f, &message, false);
	assert_int_equal(found.hits_count, 3);
	assert_hit(&found, 0, THREAD_REFERENCE, second, 0);
	assert_hit(&found, 1, THREAD_REFERENCE, third, 1);
	assert_hit(&found, 2, THREAD_REFERENCE, first, 2);
	assert_false(found.parent_unknown);
}

/* A mail of two inquiries' id: both. A mail that belongs to none is known but points nowhere. */
static void test_same_id_twice(void **state)
{
	struct fixture *f = *state;
	int64_t first = fixture_open(f, "MT-2026-0001", "a@x"), second;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0002");
	struct message reused = fixture_message("a@x"), message = fixture_message("new@x");
	struct store_thread found;

	reused.identity[31] = 1;
	fixture_add(f, (struct fixture_mail){ .message = &reused, .changes = &inquiry });
	second = inquiry.id;
	fixture_add(f, (struct fixture_mail){ .id = "lost@x", .outcome = DECIDE_UNRELATED });
	message.references = (struct message_strings)STRINGS("a@x");
	message.in_reply_to = (struct message_strings)STRINGS("lost@x");
	found = find(f, &message, false);
	assert_int_equal(found.hits_count, 2);
	assert_hit(&found, 0, THREAD_REFERENCE, second, 1);
	assert_hit(&found, 1, THREAD_REFERENCE, first, 1);
	assert_false(found.parent_unknown);
}

/* However often an id is reused by strangers, its inquiry is found, and ancestors stay few. */
static void test_reused_id_hides_nothing(void **state)
{
	struct fixture *f = *state;
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "a@x");
	struct message message = fixture_message("new@x");
	struct store_thread found;

	for (uint8_t i = 1; i < 100; i++) {
		struct message reused = fixture_message("a@x");

		reused.identity[31] = i;
		fixture_add(f, (struct fixture_mail){ .message = &reused, .outcome = DECIDE_UNRELATED });
	}
	message.in_reply_to = (struct message_strings)STRINGS("a@x");
	found = find(f, &message, false);
	assert_int_equal(found.hits_count, 1);
	assert_hit(&found, 0, THREAD_REFERENCE, inquiry, 0);
	assert_in_range(found.ancestors_count, 1, 50);
}

/* Two mails answer one that we never saw. */
static void test_shared_reference(void **state)
{
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");
	struct message message = fixture_message("new@x");
	struct store_thread found;

	fixture_add(f, (struct fixture_mail){ .id = "a@x", .changes = &inquiry, .references = STRINGS("unseen@x") });
	message.in_reply_to = (struct message_strings)STRINGS("unseen@x");
	found = find(f, &message, false);
	assert_int_equal(found.hits_count, 1);
	assert_hit(&found, 0, THREAD_SHARED_REFERENCE, inquiry.id, 0);
	assert_true(found.parent_unknown);

	/* once it is known, it speaks for itself */
	fixture_add(f, (struct fixture_mail){ .id = "unseen@x", .outcome = DECIDE_UNRELATED });
	found = find(f, &message, false);
	assert_int_equal(found.hits_count, 0);
	assert_false(found.parent_unknown);
}

/* Each row: what a message says of its parents; is what it answers directly unknown? Known are a@x and b@x. */
static const struct parent_row {
	const char *name;
	struct message_strings in_reply_to, references;
	bool reply, unknown;
} parent_rows[] = {
	{ "answers nothing", { NULL, 0 }, { NULL, 0 }, false, false },
	{ "a reply by its prefix only", { NULL, 0 }, { NULL, 0 }, true, true },
	{ "known parent", STRINGS("a@x"), { NULL, 0 }, true, false },
	{ "unknown parent", STRINGS("u@x"), { NULL, 0 }, true, true },
	{ "unknown parent, known grandparent", STRINGS("u@x"), STRINGS("a@x", "u@x"), true, true },
	{ "two parents, one known", STRINGS("u@x", "b@x"), { NULL, 0 }, true, true },
	{ "two parents, the second unknown", STRINGS("b@x", "u@x"), { NULL, 0 }, true, true },
	{ "two parents, both known", STRINGS("a@x", "b@x"), { NULL, 0 }, true, false },
	{ "references only, last known", { NULL, 0 }, STRINGS("u@x", "a@x"), true, false },
	{ "references only, last unknown", { NULL, 0 }, STRINGS("a@x", "u@x"), true, true },
};

static void test_parent(void **state)
{
	const struct parent_row *row = *state;
	struct fixture fixture = { .store = NULL }, *f = &fixture;
	struct message message = fixture_message("new@x");
	struct store_thread found;

	OK(f, store_open_memory(&f->store, &f->err));
	OK(f, store_begin(f->store, &f->err));
	fixture_open(f, "MT-2026-0001", "a@x");
	fixture_open(f, "MT-2026-0002", "b@x");
	message.in_reply_to = row->in_reply_to;
	message.references = row->references;
	message.reply = row->reply;
	found = find(f, &message, false);
	assert_int_equal(found.parent_unknown, row->unknown);
	store_close(f->store);
	arena_done(&f->arena);
}

/* Only the newest fifty ids are looked up: a header of thousands costs no more. */
static void test_newest_fifty(void **state)
{
	struct fixture *f = *state;
	const char *ids[200];
	struct message message = fixture_message("new@x");
	struct store_thread found;
	int64_t inquiry;

	for (size_t i = 0; i < 200; i++)
		ids[i] = arena_printf(&f->arena, "%zu@x", i);
	message.references = (struct message_strings){ ids, 200 };
	fixture_open(f, "MT-2026-0001", "149@x");
	assert_int_equal(find(f, &message, false).hits_count, 0);
	inquiry = fixture_open(f, "MT-2026-0002", "150@x");
	found = find(f, &message, false);
	assert_int_equal(found.hits_count, 1);
	assert_hit(&found, 0, THREAD_REFERENCE, inquiry, 49);
}

/* Of two ids in In-Reply-To none is newer. */
static void test_two_parents(void **state)
{
	struct fixture *f = *state;
	int64_t a = fixture_open(f, "MT-2026-0001", "a@x"), b = fixture_open(f, "MT-2026-0002", "b@x");
	int64_t c = fixture_open(f, "MT-2026-0003", "c@x");
	struct message message = fixture_message("new@x");
	struct store_thread found;

	message.in_reply_to = (struct message_strings)STRINGS("a@x", "b@x");
	message.references = (struct message_strings)STRINGS("c@x");
	found = find(f, &message, false);
	assert_int_equal(found.hits_count, 3);
	assert_hit(&found, 0, THREAD_REFERENCE, a, 0);
	assert_hit(&found, 1, THREAD_REFERENCE, b, 0);
	assert_hit(&found, 2, THREAD_REFERENCE, c, 2);
}

/* ---- keys ---- */

static struct store_thread find_key(struct fixture *f, const char *from, bool trusted, const char *lead)
{
	struct message message = fixture_message("new@x");
	const struct message_address address = { NULL, from };

	message.keys = (struct message_strings)STRINGS("MT-2026-0001", "MT-2026-0999");
	message.lead_keys = (struct message_strings){ &lead, lead != NULL };
	message.from = from ? &address : NULL;
	return find(f, &message, trusted);
}

/* Who takes part may name the key; who is trusted may; nobody else. */
static void test_keys(void **state)
{
	struct fixture *f = *state;
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "a@x");
	struct store_thread found = find_key(f, "sagsbehandler@example.dk", false, NULL);

	assert_int_equal(found.hits_count, 1);
	assert_hit(&found, 0, THREAD_KEY, inquiry, 0);
	assert_true(found.hits[0].allowed);
	assert_false(found.hits[0].lead);
	assert_false(find_key(f, "fremmed@example.com", false, NULL).hits[0].allowed);
	assert_false(find_key(f, NULL, false, NULL).hits[0].allowed);
	assert_true(find_key(f, "fremmed@example.com", true, NULL).hits[0].allowed);
	assert_true(find_key(f, "fremmed@example.com", true, "MT-2026-0001").hits[0].lead);
	assert_false(find_key(f, "fremmed@example.com", true, "MT-2026-0999").hits[0].lead);
}

/* To and Cc of a person's mail take part; a robot's mail brings nobody in. */
static void test_participants(void **state)
{
	static const struct message_address to[] = { { NULL, "to@example.dk" } }, cc[] = { { NULL, "cc@example.dk" } };
	static const struct message_address sender = { NULL, "assistent@example.dk" };
	static const struct message_address robot = { NULL, "robot@example.com" };
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001");
	struct message message = fixture_message("a@x");

	inquiry.asker = "borger@example.com";
	message.to = (struct message_addresses){ to, 1 };
	message.cc = (struct message_addresses){ cc, 1 };
	message.sender = &sender;
	fixture_add(f, (struct fixture_mail){ .message = &message, .changes = &inquiry });
	message = fixture_message("b@x");
	message.from = &robot;
	message.kind = MESSAGE_AUTOMATIC;
	fixture_add(f, (struct fixture_mail){ .message = &message, .belongs_to = inquiry.id });
	assert_true(find_key(f, "to@example.dk", false, NULL).hits[0].allowed);
	assert_true(find_key(f, "cc@example.dk", false, NULL).hits[0].allowed);
	assert_true(find_key(f, "assistent@example.dk", false, NULL).hits[0].allowed);
	assert_true(find_key(f, "borger@example.com", false, NULL).hits[0].allowed);
	assert_false(find_key(f, "robot@example.com", false, NULL).hits[0].allowed);
}

/* ---- our own mail ---- */

/* A single mail about an inquiry; its row. */
static struct outbox_row add_single(struct fixture *f, int64_t inquiry)
{
	struct outbox_row row;

	OK(f, outbox_add_single(f->store, "mt", "a@example.dk", "besked", 0, inquiry, true, "example.dk", 1, 1,
		&f->err));
	OK(f, outbox_next(f->store, &f->arena, 1, true, &row, &f->err));
	return row;
}

static void answer(struct message *message, struct arena *arena, const char *id)
{
	const char **ids = arena_alloc(arena, sizeof(*ids));

	ids[0] = id;
	message->in_reply_to = (struct message_strings){ ids, 1 };
}

/* Answers to our mail: by the id we made, by that id behind another domain, by the id that a server made of it. */
static void test_answer_to_our_mail(void **state)
{
	struct fixture *f = *state;
	int64_t about = fixture_open(f, "MT-2026-0001", "a@x"), other = fixture_open(f, "MT-2026-0002", "b@x");
	struct outbox_row row = add_single(f, about);
	struct message message = fixture_message("new@x");
	struct store_thread found;

	OK(f, outbox_claim(f->store, row.id, "MT-2026-0001: besked", NULL, &other, 1, &f->err));
	OK(f, outbox_seen(f->store, row.id, "rewritten@server", 5, &f->err));
	const char *const ids[] = { row.message_id, arena_printf(&f->arena, "%s.frist@other.example", row.frist_id),
		"rewritten@server" };
	for (size_t i = 0; i < 3; i++) {
		answer(&message, &f->arena, ids[i]);
		found = find(f, &message, false);
		assert_int_equal(found.hits_count, 2);
		assert_hit(&found, 0, THREAD_OWN_ID, about, 0);
		assert_hit(&found, 1, THREAD_OWN_ID, other, 0);
		assert_false(found.parent_unknown);
		assert_int_equal(found.ancestors_count, 1);
		assert_null(found.ancestors[0].from);
		assert_string_equal(found.ancestors[0].subject, "MT-2026-0001: besked");
	}
	answer(&message, &f->arena, arena_printf(&f->arena, "0%s.frist@example.dk", row.frist_id + 1));
	assert_true(find(f, &message, false).parent_unknown == (row.frist_id[0] != '0'));
}

/* Our own mail itself is no hit: it is recognised. */
static void test_own_mail(void **state)
{
	struct fixture *f = *state;
	struct outbox_row row = add_single(f, fixture_open(f, "MT-2026-0001", "a@x"));
	struct message by_header = fixture_message("rewritten@server"), by_id = fixture_message(row.message_id);
	struct message other = fixture_message("other@x");
	int64_t outbox;

	by_header.frist_id = row.frist_id;
	OK(f, store_find_own(f->store, &by_header, &outbox, &f->err));
	assert_int_equal(outbox, row.id);
	OK(f, store_find_own(f->store, &by_id, &outbox, &f->err));
	assert_int_equal(outbox, row.id);
	OK(f, store_find_own(f->store, &other, &outbox, &f->err));
	assert_int_equal(outbox, 0);
	other.message_id = NULL;
	OK(f, store_find_own(f->store, &other, &outbox, &f->err));
	assert_int_equal(outbox, 0);
	assert_int_equal(find(f, &by_header, false).hits_count, 0);
	assert_false(find(f, &by_header, false).parent_unknown);
}

static void test_ancestors_newest_first(void **state)
{
	struct fixture *f = *state;
	struct message message = fixture_message("new@x");
	struct store_thread found;

	fixture_add(f, (struct fixture_mail){ .id = "a@x", .from = "a@example.dk", .subject = "A" });
	fixture_add(f, (struct fixture_mail){ .id = "b@x", .from = "b@example.dk", .subject = "SV: A" });
	message.in_reply_to = (struct message_strings)STRINGS("b@x");
	message.references = (struct message_strings)STRINGS("a@x", "unknown@x", "b@x");
	found = find(f, &message, false);
	assert_int_equal(found.ancestors_count, 2);
	assert_string_equal(found.ancestors[0].from, "b@example.dk");
	assert_string_equal(found.ancestors[0].subject, "SV: A");
	assert_int_equal(found.ancestors[0].arrived_at, FIXTURE_AT);
	assert_string_equal(found.ancestors[1].from, "a@example.dk");
}

/* ---- query plans ---- */

struct plans {
	struct fixture *fixture;
	size_t checked;
};

/* SCAN reads a whole table or index, and so does sorting. A limited subquery, and what there is little of, may be. */
static bool reads_too_much(const char *sql, const char *detail)
{
	static const char *const harmless[] = {
		"SCAN CONSTANT ROW", "SCAN r", "SCAN (subquery-1)", "SCAN sqlite_master", "SCAN morning",
		"SCAN course_record",
	};

	for (size_t i = 0; i < sizeof(harmless) / sizeof(harmless[0]); i++)
		if (strcmp(detail, harmless[i]) == 0)
			return false;
	if (strstr(detail, "TEMP B-TREE FOR ORDER BY"))
		return !strstr(sql, "FROM recipient") && !strstr(sql, "'waiting'");
	return text_starts_with(detail, "SCAN");
}

static void check_plan(const char *sql, void *context)
{
	struct plans *plans = context;
	struct arena *arena = &plans->fixture->arena;
	struct db_rows rows = db_select(plans->fixture->store->db, arena_printf(arena, "EXPLAIN QUERY PLAN %s", sql),
		NULL, 0);

	while (db_next(&rows, &plans->fixture->err) == DB_ROW) {
		const char *detail = db_text(&rows, 3, arena);

		if (reads_too_much(sql, detail))
			fail_msg("%s\n%s", sql, detail);
		plans->checked++;
	}
	db_rows_done(&rows);
}

/* Every query that the clerk makes for a message, whatever the message carries. */
static void make_clerks_queries(struct fixture *f)
{
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "a@x"), mail, at, ids[1], early[STORE_EARLY_MAX];
	struct message message = fixture_message("new@x"), loaded;
	struct outbox_row row = add_single(f, inquiry);
	struct inquiry image;
	struct store_answered answered;
	struct store_seen seen;
	struct store_folder folder;
	struct trust trust;
	const char *text, *from;
	size_t count;
	bool has;

	message.frist_id = row.frist_id;
	message.in_reply_to = (struct message_strings)STRINGS("a@x", "u@x");
	message.keys = (struct message_strings)STRINGS("MT-2026-0001");
	find(f, &message, false);
	OK(f, store_find_own(f->store, &message, &at, &f->err));
	OK(f, outbox_count_singles(f->store, "a@example.dk", "besked", 0, 2, &count, &f->err));
	OK(f, store_find_mail(f->store, "mt", message.identity, &seen, &f->err));
	OK(f, store_find_early(f->store, "a@x", 0, early, &count, &f->err));
	OK(f, store_latest_at(f->store, inquiry, 0, &at, &f->err));
	OK(f, store_find_by_subject(f->store, "mt", "modtaget", 0, "x", ids, 1, &count, &f->err));
	OK(f, store_load_inquiry(f->store, &f->arena, inquiry, &image, &f->err));
	OK(f, store_find_inquiry(f->store, &f->arena, "MT-2026-0001", &image, &f->err));
	assert_int_equal(store_load_before(f->store, &f->arena, inquiry, &image, &text, &at, &f->err), 1);
	OK(f, store_next_key(f->store, &f->arena, "MT", 2026, &text, &f->err));
	OK(f, store_folder(f->store, "mt", "INBOX", &folder, &f->err));
	OK(f, store_folder_seen(f->store, folder.id, 1, 1, &f->err));
	OK(f, store_has_sighting(f->store, folder.id, 1, 1, &has, &f->err));
	mail = fixture_add(f, (struct fixture_mail){ .message = &message, .belongs_to = inquiry });
	OK(f, store_add_sighting(f->store, folder.id, 1, 1, mail, 1, DECIDE_NOTED, &f->err));
	OK(f, store_load_mail(f->store, &f->arena, mail, &loaded, &trust, &at, &text, &f->err));
	OK(f, store_dismiss(f->store, mail, &f->err));
	OK(f, store_find_answered(f->store, &f->arena, mail, &answered, &f->err));
	OK(f, store_find_opening(f->store, &f->arena, inquiry, &text, &from, &f->err));
	OK(f, store_has_message(f->store, "mt", "a@x", &has, &f->err));
	OK(f, store_mailbox_started(f->store, "mt", 1, &at, &f->err));
	OK(f, store_clear_tries(f->store, folder.id, &f->err));
}

/* The courier's, from the wish to the end, and the morning's. */
static void make_couriers_queries(struct fixture *f)
{
	static const enum outbox_outcome unsure = OUTBOX_UNSURE;
	static const char *const reply = "451";
	const struct ladder_call call = { .clock = "svar", .template = "rykker" };
	struct inquiry inquiry, *page;
	struct outbox_intent *intents;
	struct store_waiting *waiting;
	const char **addresses;
	int64_t outbox, at;
	size_t count, total;
	bool has;

	OK(f, store_find_inquiry(f->store, &f->arena, "MT-2026-0001", &inquiry, &f->err));
	OK(f, outbox_add_morning(f->store, "mt", "olga", "o@example.dk", "2026-03-30", "example.dk", 1, &outbox,
		&f->err));
	OK(f, outbox_set_ends(f->store, outbox, "kb", "chef@example.dk", false, &f->err));
	OK(f, outbox_begin_morning(f->store, "2026-03-30", 1, &f->err));
	OK(f, outbox_was_called(f->store, &inquiry, "olga", &call, &has, &f->err));
	OK(f, outbox_add_intent(f->store, outbox, &inquiry, "olga", &call, false, &f->err));
	OK(f, outbox_intents(f->store, &f->arena, outbox, &intents, &count, &f->err));
	OK(f, outbox_withdraw_intent(f->store, intents[0].id, &f->err));
	OK(f, outbox_set_morning_done(f->store, "2026-03-30", &f->err));
	OK(f, outbox_morning_done(f->store, "2026-03-30", &has, &f->err));
	OK(f, outbox_next_at(f->store, &at, &f->err));
	OK(f, outbox_claim(f->store, outbox, "x", "copy@example.dk", &inquiry.id, 1, &f->err));
	OK(f, outbox_recipients(f->store, &f->arena, outbox, &addresses, &count, &f->err));
	OK(f, outbox_settle(f->store, outbox, addresses, &unsure, &reply, 1, 5, 9, &f->err));
	OK(f, outbox_resend_uncertain(f->store, 9, 9, &count, &f->err));
	OK(f, outbox_seen(f->store, outbox, "rewritten@server", 9, &f->err));
	OK(f, outbox_bounced(f->store, outbox, "o@example.dk", "5.1.1", 1, &f->err));
	OK(f, outbox_recover(f->store, 9, &count, &f->err));
	OK(f, outbox_withdraw(f->store, outbox, 9, &f->err));
	OK(f, store_list_inquiries(f->store, &f->arena, "mt", true, 0, &page, &count, &f->err));
	OK(f, store_list_inquiries(f->store, &f->arena, NULL, false, 0, &page, &count, &f->err));
	OK(f, store_list_waiting(f->store, &f->arena, "mt", &waiting, &count, &total, &f->err));
}

/* What fristctl asks and writes about courses. */
static void make_course_queries(struct fixture *f)
{
	const struct compliance_record record = { .person = "bo", .course = "Kurset", .unit = "vej" };
	struct compliance_record *records;
	enum store_change change;
	size_t count;

	for (size_t i = 0; i < 2; i++)
		OK(f, store_put_course(f->store, &record, 1, &change, &f->err));
	OK(f, store_list_courses(f->store, &f->arena, &records, &count, &f->err));
}

static void test_query_plans(void **state)
{
	struct fixture *f = *state;
	struct plans plans = { .fixture = f };
	const char *sql[512];
	size_t count;

	make_clerks_queries(f);
	make_couriers_queries(f);
	make_course_queries(f);
	count = db_list_sql(f->store->db, sql, 512);
	assert_in_range(count, 60, 512);
	for (size_t i = 0; i < count; i++)
		check_plan(sql[i], &plans);
	assert_in_range(plans.checked, 60, 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_references_newest_first), FIXTURE_TEST(test_same_id_twice),
		FIXTURE_TEST(test_reused_id_hides_nothing), FIXTURE_TEST(test_shared_reference),
		FIXTURE_TEST(test_newest_fifty), FIXTURE_TEST(test_two_parents), FIXTURE_TEST(test_keys),
		FIXTURE_TEST(test_participants),
		FIXTURE_TEST(test_answer_to_our_mail), FIXTURE_TEST(test_own_mail),
		FIXTURE_TEST(test_ancestors_newest_first), FIXTURE_TEST(test_query_plans),
	};

	return RUN_ROWS(parent_rows, test_parent) + cmocka_run_group_tests(tests, NULL, NULL);
}
