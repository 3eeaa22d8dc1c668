/* What the store takes in comes out again: mails, inquiries, transitions, and whatever a message points at. */
#include "tests/unit/store_fixture.h"

#include "base/text.h"

/* ---- mails ---- */

static const struct message_address full_to[] = { { "Borger", "borger@example.com" }, { NULL, "mt@example.dk" } };
static const struct message_address full_cc[] = { { NULL, "leder@example.dk" } };
static const struct message_address full_from = { "Åse Ørsted", "aase@example.dk" };
static const struct message_address full_sender = { NULL, "assistent@example.dk" };

static const struct message full_message = {
	.message_id = "svar@example.dk",
	.in_reply_to = STRINGS("p1@example.dk", "p2@example.dk"),
	.references = STRINGS("r1@example.dk", "p1@example.dk"),
	.frist_id = "00112233445566778899aabbccddeeff",
	.from = &full_from, .sender = &full_sender, .to = { full_to, 2 }, .cc = { full_cc, 1 },
	.subject = "SV: [GODKENDT] MT-2026-0042/2 Hul i vejen", .bare_subject = "Hul i vejen",
	.date = 1774500000, .kind = MESSAGE_HUMAN, .reply = true,
	.tags = STRINGS("GODKENDT", "HØRER TIL MT-2026-0001"), .keys = STRINGS("MT-2026-0042"),
	.lead_keys = STRINGS("MT-2026-0042", "KB-2026-0007"), .lead_round = 2, .first_line = "Godkendt!",
	.identity = { 0xa5, [31] = 0x5a },
};

static void assert_strings_equal(const struct message_strings *a, const struct message_strings *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		assert_string_equal(a->items[i], b->items[i]);
}

static void assert_addresses_equal(const struct message_addresses *a, const struct message_addresses *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++)
		assert_string_equal(a->items[i].address, b->items[i].address);
}

/* Everything that a decision needs comes back. */
static void test_mail_round_trip(void **state)
{
	struct fixture *f = *state;
	struct message message = full_message, loaded;
	struct trust trust;
	const char *link;
	int64_t mail = fixture_add(f, (struct fixture_mail){ .message = &message, .outcome = DECIDE_WAITING }), at;

	OK(f, store_load_mail(f->store, &f->arena, mail, &loaded, &trust, &at, &link, &f->err));
	assert_string_equal(loaded.message_id, message.message_id);
	assert_string_equal(loaded.frist_id, message.frist_id);
	assert_string_equal(loaded.from->address, "aase@example.dk");
	assert_string_equal(loaded.from->name, "Åse Ørsted");
	assert_string_equal(loaded.sender->address, "assistent@example.dk");
	assert_addresses_equal(&loaded.to, &message.to);
	assert_addresses_equal(&loaded.cc, &message.cc);
	assert_string_equal(loaded.subject, message.subject);
	assert_string_equal(loaded.bare_subject, message.bare_subject);
	assert_strings_equal(&loaded.in_reply_to, &message.in_reply_to);
	assert_strings_equal(&loaded.references, &message.references);
	assert_strings_equal(&loaded.tags, &message.tags);
	assert_strings_equal(&loaded.keys, &message.keys);
	assert_strings_equal(&loaded.lead_keys, &message.lead_keys);
	assert_int_equal(loaded.lead_round, 2);
	assert_string_equal(loaded.first_line, "Godkendt!");
	assert_int_equal(loaded.date, message.date);
	assert_int_equal(loaded.kind, MESSAGE_HUMAN);
	assert_true(loaded.reply && !loaded.forward && !loaded.automatic);
	assert_memory_equal(loaded.identity, message.identity, 32);
	assert_int_equal(trust.grade, TRUST_ALIGNED);
	assert_true(trust.trusted);
	assert_string_equal(trust.evidence, "auth=pass");
	assert_int_equal(at, FIXTURE_AT);
	assert_null(link);
}

static void test_mail_with_nothing_in_it(void **state)
{
	struct fixture *f = *state;
	struct message message = { .bare_subject = "", .kind = MESSAGE_BOUNCE, .automatic = true }, loaded;
	struct trust trust;
	const char *link;
	int64_t mail = fixture_add(f, (struct fixture_mail){ .message = &message, .outcome = DECIDE_AUTOMATIC }), at;

	OK(f, store_load_mail(f->store, &f->arena, mail, &loaded, &trust, &at, &link, &f->err));
	assert_null(loaded.message_id);
	assert_null(loaded.from);
	assert_null(loaded.subject);
	assert_null(loaded.first_line);
	assert_int_equal(loaded.to.count + loaded.cc.count + loaded.tags.count + loaded.references.count, 0);
	assert_int_equal(loaded.kind, MESSAGE_BOUNCE);
	assert_true(loaded.automatic);
}

/* Of a body nothing is kept but the word that approves. */
static void test_first_line_is_no_body(void **state)
{
	static const struct { const char *line; bool kept; } lines[] = {
		{ "Godkendt", true }, { "GODKENDT.", true }, { "godkendt!", true },
		{ "Kære Åse, borgerens diagnose er", false }, { "Ikke godkendt", false }, { "Godkendt, men", false },
		{ ".", false }, { "", false },
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct message message = fixture_message(lines[i].line);
		int64_t mail;

		message.first_line = lines[i].line;
		mail = fixture_add(f, (struct fixture_mail){ .message = &message });
		assert_int_equal(fixture_number(f, "SELECT first_line IS NOT NULL FROM mail WHERE id = ?1", mail),
			lines[i].kept);
	}
}

static void test_find_mail(void **state)
{
	struct fixture *f = *state;
	struct message message = fixture_message("a@example.dk"), other = fixture_message("b@example.dk");
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "open@example.dk");
	int64_t mail = fixture_add(f, (struct fixture_mail){ .id = "a@example.dk", .belongs_to = inquiry,
		.outcome = DECIDE_REFUSED });
	struct store_seen seen;

	OK(f, store_find_mail(f->store, "mt", message.identity, &seen, &f->err));
	assert_int_equal(seen.mail, mail);
	assert_true(seen.trusted);
	assert_int_equal(seen.outcome, DECIDE_REFUSED);
	assert_int_equal(seen.reason, DECIDE_BY_RULE);
	assert_int_equal(seen.placed, 0);	/* found by reference: no person put it there */
	OK(f, store_find_mail(f->store, "mt", other.identity, &seen, &f->err));
	assert_int_equal(seen.mail, 0);
}

/* The same content twice is the engine's to recognise; the database does not let it in. */
static void test_identity_is_unique(void **state)
{
	struct fixture *f = *state;
	struct message message = fixture_message("a@example.dk");
	const struct trust trust = { .grade = TRUST_NONE, .evidence = "" };
	const struct thread_result thread = { .rung = THREAD_NONE };
	const struct decision decision = { .outcome = DECIDE_UNRELATED };
	struct store_decision stored = { .mailbox = "mt", .message = &message, .trust = &trust, .thread = &thread,
		.decision = &decision, .conf_hash = fixture_conf_hash };
	int64_t mail, inquiry;

	fixture_add(f, (struct fixture_mail){ .id = "a@example.dk" });
	assert_int_equal(store_add_decision(f->store, &stored, &mail, &inquiry, &f->err), -1);
	assert_non_null(strstr(f->err.text, "UNIQUE"));
}

/* ---- inquiries ---- */

static void test_inquiry_opens_and_moves(void **state)
{
	struct fixture *f = *state;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0042"), loaded;
	struct store_transition *history;
	size_t count;

	fixture_add(f, (struct fixture_mail){ .id = "a@x", .changes = &inquiry, .rule = "A1",
		.outcome = DECIDE_OPENED });
	assert_int_not_equal(inquiry.id, 0);
	inquiry.step = "hos-sagsbehandler";
	inquiry.assignments[inquiry.assignments_count++] = (struct inquiry_assignment){ "sagsbehandler", "sanne" };
	fixture_add(f, (struct fixture_mail){ .id = "b@x", .changes = &inquiry, .rule = "A3", .actor = "olga",
		.outcome = DECIDE_MOVED });

	OK(f, store_load_inquiry(f->store, &f->arena, inquiry.id, &loaded, &f->err));
	assert_int_equal(loaded.id, inquiry.id);
	assert_string_equal(loaded.step, "hos-sagsbehandler");
	assert_string_equal(inquiry_assigned(&loaded, "sagsbehandler"), "sanne");
	OK(f, store_find_inquiry(f->store, &f->arena, "MT-2026-0042", &loaded, &f->err));
	assert_int_equal(loaded.id, inquiry.id);

	OK(f, store_list_transitions(f->store, &f->arena, inquiry.id, &history, &count, &f->err));
	assert_int_equal(count, 2);
	assert_null(history[0].step_before);
	assert_string_equal(history[0].step_after, "modtaget");
	assert_string_equal(history[0].rule, "A1");
	assert_string_equal(history[1].step_before, "modtaget");
	assert_string_equal(history[1].step_after, "hos-sagsbehandler");
	assert_string_equal(history[1].actor, "olga");
	assert_string_equal(history[1].evidence, "auth=pass");
	assert_string_equal(history[1].message_id, "b@x");
	assert_string_equal(history[1].subject, "Hul i vejen");
	assert_int_equal(history[1].at, FIXTURE_AT);
	assert_int_equal(history[1].round, 1);
}

static void test_no_such_inquiry(void **state)
{
	struct fixture *f = *state;
	struct inquiry loaded;

	assert_int_equal(store_load_inquiry(f->store, &f->arena, 7, &loaded, &f->err), 1);
	assert_int_equal(store_find_inquiry(f->store, &f->arena, "MT-2026-0001", &loaded, &f->err), 1);
}

static void assert_next_key(struct fixture *f, const char *prefix, int year, const char *wanted)
{
	const char *key;

	OK(f, store_next_key(f->store, &f->arena, prefix, year, &key, &f->err));
	assert_string_equal(key, wanted);
}

/* A key that was only asked for is given again; each prefix and year counts for itself; 9999 is not the end. */
static void test_keys(void **state)
{
	struct fixture *f = *state;

	assert_next_key(f, "MT", 2026, "MT-2026-0001");
	assert_next_key(f, "MT", 2026, "MT-2026-0001");
	fixture_open(f, "MT-2026-0001", "a@x");
	assert_next_key(f, "MT", 2026, "MT-2026-0002");
	assert_next_key(f, "MT", 2027, "MT-2027-0001");
	assert_next_key(f, "KB", 2026, "KB-2026-0001");
	fixture_open(f, "MT-2026-9999", "b@x");
	assert_next_key(f, "MT", 2026, "MT-2026-10000");
	fixture_open(f, "MT-2026-0007", "c@x");
	assert_next_key(f, "MT", 2026, "MT-2026-10000");
}

/*
 * What happened after the opening ("m": moved on to step m, "-": undone, ".": a noted mail filled something in); what
 * the next [FORTRYD] goes back to.
 */
static const struct undo_row {
	const char *name, *story, *before, *by;
} undo_rows[] = {
	{ "just opened", "", NULL, NULL },
	{ "one change", "a", "modtaget", "a" },
	{ "two changes", "ab", "a", "b" },
	{ "undone once of two", "ab-", "modtaget", "a" },
	{ "undone both", "ab--", NULL, NULL },
	{ "change after undo", "ab-c", "a", "c" },
	{ "change after undo, undone", "ab-c-", "modtaget", "a" },
	{ "three, two undone", "abc--", "modtaget", "a" },
	{ "filled in", ".", NULL, NULL },
	{ "filled in after a change", "a.", "modtaget", "a" },
	{ "filled in before and after, undone once of two", "a.b.-", "modtaget", "a" },
};

static void test_before(void **state)
{
	const struct undo_row *row = *state;
	struct fixture fixture = { .store = NULL }, *f = &fixture;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0001"), before;
	const char *by;
	int64_t changed_at;
	char step[] = "?", id[] = "0@x";
	int result;

	OK(f, store_open_memory(&f->store, &f->err));
	OK(f, store_begin(f->store, &f->err));
	fixture_add(f, (struct fixture_mail){ .id = "open@x", .changes = &inquiry, .rule = "A1" });
	for (const char *at = row->story; *at; at++, id[0]++) {
		step[0] = *at;
		if (*at == '.')
			inquiry.asker = "borger@example.com";
		else if (*at != '-')
			inquiry.step = arena_strdup(&f->arena, step);
		else
			OK(f, store_load_before(f->store, &f->arena, inquiry.id, &inquiry, &by, &changed_at, &f->err));
		fixture_add(f, (struct fixture_mail){ .id = id, .changes = &inquiry,
			.rule = *at == '-' ? "FORTRYD" : "A3", .actor = step,
			.outcome = *at == '.' ? DECIDE_NOTED : DECIDE_MOVED });
	}
	result = store_load_before(f->store, &f->arena, inquiry.id, &before, &by, &changed_at, &f->err);
	assert_int_equal(result, row->before ? 0 : 1);
	if (row->before) {
		assert_string_equal(before.step, row->before);
		assert_string_equal(by, row->by);
		assert_int_equal(before.id, inquiry.id);
	}
	store_close(f->store);
	arena_done(&f->arena);
}

/* What happened stays: not even a hand with sqlite3 changes it by mistake. */
static void test_transitions_are_for_ever(void **state)
{
	struct fixture *f = *state;
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "a@x");

	assert_int_equal(DB_RUN(f->store->db, &f->err, "UPDATE transition SET actor = 'x' WHERE inquiry = ?1",
		DB_INT(inquiry)), -1);
	assert_non_null(strstr(f->err.text, "transitions are for ever"));
	assert_int_equal(DB_RUN(f->store->db, &f->err, "DELETE FROM transition WHERE inquiry = ?1",
		DB_INT(inquiry)), -1);
	assert_non_null(strstr(f->err.text, "transitions are for ever"));
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM transition WHERE inquiry = ?1", inquiry), 1);
}

/* ---- waiting ---- */

/* A mail that could not be placed waits, is placed, and waits no longer. */
static void test_waiting_and_placed(void **state)
{
	struct fixture *f = *state;
	int64_t inquiry = fixture_open(f, "MT-2026-0001", "a@x"), mail, found, again;
	struct message answer = fixture_message("svar@x"), message;
	struct trust trust;
	struct thread_result thread = { .rung = THREAD_PLACED, .inquiry = inquiry };
	struct decision decision = { .outcome = DECIDE_NOTED, .reason = DECIDE_BY_NO_RULE };
	struct store_decision stored = { .mailbox = "mt", .message = &message, .trust = &trust, .thread = &thread,
		.decision = &decision, .now = FIXTURE_AT + 99, .conf_hash = fixture_conf_hash };
	struct store_seen seen;
	struct store_waiting *waiting;
	struct store_thread named;
	size_t count, total;

	mail = fixture_add(f, (struct fixture_mail){ .id = "w@x", .from = "borger@example.com", .subject = "Hvad nu?",
		.outcome = DECIDE_WAITING });
	OK(f, store_list_waiting(f->store, &f->arena, "mt", &waiting, &count, &total, &f->err));
	assert_int_equal(count, 1);
	assert_int_equal(total, 1);
	assert_int_equal(waiting[0].mail, mail);
	assert_string_equal(waiting[0].from, "borger@example.com");
	assert_string_equal(waiting[0].subject, "Hvad nu?");
	assert_int_equal(waiting[0].reason, DECIDE_BY_RULE);
	OK(f, store_list_waiting(f->store, &f->arena, "kb", &waiting, &count, &total, &f->err));
	assert_int_equal(count + total, 0);

	answer.in_reply_to = (struct message_strings)STRINGS("w@x");
	OK(f, store_find_thread(f->store, &f->arena, &answer, false, &named, &f->err));
	assert_true(named.ancestors_count == 1 && named.ancestors[0].waiting);
	assert_int_equal(named.ancestors[0].mail, mail);
	OK(f, store_load_mail(f->store, &f->arena, mail, &message, &trust, &stored.arrived_at, &stored.case_link,
		&f->err));
	stored.again = mail;
	OK(f, store_add_decision(f->store, &stored, &found, &again, &f->err));
	assert_int_equal(found, mail);
	assert_int_equal(again, inquiry);
	OK(f, store_find_mail(f->store, "mt", message.identity, &seen, &f->err));
	assert_int_equal(seen.placed, inquiry);
	OK(f, store_list_waiting(f->store, &f->arena, "mt", &waiting, &count, &total, &f->err));
	assert_int_equal(count + total, 0);
	OK(f, store_find_thread(f->store, &f->arena, &answer, false, &named, &f->err));
	assert_true(named.ancestors_count == 1 && !named.ancestors[0].waiting);
	assert_int_equal(named.ancestors[0].inquiry, inquiry);
	assert_int_equal(fixture_number(f, "SELECT inquiry FROM mail WHERE id = ?1", mail), inquiry);
	assert_string_equal(fixture_string(f, "SELECT found_by FROM mail WHERE id = ?1", mail), "placed");
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM participant WHERE inquiry = ?1"
		" AND address = 'borger@example.com'", inquiry), 1);
}

/* What refers to it is forgotten; but whoever puts the id of a registered mail on his own makes nothing forgotten. */
static void test_confidential_forgets_only_its_own(void **state)
{
	struct fixture *f = *state;
	struct message secret = fixture_message("secret@x"), forged = fixture_message("a@x");
	int64_t answer;
	bool new;

	fixture_open(f, "MT-2026-0001", "a@x");
	answer = fixture_add(f, (struct fixture_mail){ .id = "b@x", .outcome = DECIDE_UNRELATED,
		.references = STRINGS("a@x", "secret@x") });
	forged.identity[31] = 1;
	OK(f, store_add_confidential(f->store, "mt", &secret, FIXTURE_AT, &new, &f->err));
	OK(f, store_add_confidential(f->store, "mt", &forged, FIXTURE_AT, &new, &f->err));
	assert_true(new);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM reference WHERE mail = ?1", answer), 1);
	assert_string_equal(fixture_string(f, "SELECT message_id FROM reference WHERE mail = ?1", answer), "a@x");
}

static void test_dismissed(void **state)
{
	struct fixture *f = *state;
	int64_t mail = fixture_add(f, (struct fixture_mail){ .id = "w@x", .outcome = DECIDE_WAITING });
	int64_t other = fixture_add(f, (struct fixture_mail){ .id = "n@x", .outcome = DECIDE_NOTED });
	struct store_waiting *waiting;
	size_t count, total;

	OK(f, DB_RUN(f->store->db, &f->err, "UPDATE mail SET asker = 'borger@example.com', addressed_to = 'x'", DB_NONE));
	OK(f, store_dismiss(f->store, mail, &f->err));
	OK(f, store_dismiss(f->store, other, &f->err));
	assert_null(fixture_string(f, "SELECT asker || addressed_to FROM mail WHERE id = ?1", mail));
	OK(f, store_list_waiting(f->store, &f->arena, "mt", &waiting, &count, &total, &f->err));
	assert_int_equal(total, 0);
	assert_string_equal(fixture_string(f, "SELECT outcome FROM mail WHERE id = ?1", mail), "unrelated");
	assert_string_equal(fixture_string(f, "SELECT outcome FROM mail WHERE id = ?1", other), "noted");
}

/* The owner cannot say anything about what could not be read: five mornings, also over Easter, and he knows. */
static void test_set_aside_is_told_five_mornings(void **state)
{
	static const char *const mornings[] = { "2026-03-26", "2026-03-27", "2026-03-30", "2026-03-31", "2026-04-01",
		"2026-04-07", "2026-04-08", "2026-04-09" };
	struct fixture *f = *state;
	struct store_folder folder;
	struct store_waiting *waiting;
	size_t count, total;

	OK(f, store_folder(f->store, "mt", "INBOX", &folder, &f->err));
	OK(f, store_add_sighting(f->store, folder.id, 1, 9, 0, FIXTURE_AT, DECIDE_SET_ASIDE, &f->err));
	fixture_add(f, (struct fixture_mail){ .id = "u@x", .outcome = DECIDE_SET_ASIDE });
	fixture_add(f, (struct fixture_mail){ .id = "w@x", .outcome = DECIDE_WAITING });
	for (size_t i = 0; i < sizeof(mornings) / sizeof(mornings[0]); i++) {
		OK(f, outbox_set_morning_done(f->store, mornings[i], &f->err));
		OK(f, store_list_waiting(f->store, &f->arena, "mt", &waiting, &count, &total, &f->err));
		assert_int_equal(count, i < 7 ? 3 : 1);
		assert_int_equal(total, count);
	}
	assert_int_equal(waiting[0].reason, DECIDE_BY_RULE);
}

/* What could not be read has no mail: the owner is told where it lies. A hundred rows are listed, all are counted. */
/* However much waits unanswered, what is new is told. */
static void test_set_aside_and_many(void **state)
{
	struct fixture *f = *state;
	struct store_folder folder;
	struct store_waiting *waiting;
	size_t count, total;
	int64_t newest = 0;

	OK(f, store_folder(f->store, "mt", "INBOX/Møder", &folder, &f->err));
	OK(f, store_add_sighting(f->store, folder.id, 1, 9, 0, FIXTURE_AT + 5, DECIDE_SET_ASIDE, &f->err));
	for (int i = 0; i < 120; i++)
		newest = fixture_add(f, (struct fixture_mail){ .id = arena_printf(&f->arena, "%d@x", i),
			.outcome = DECIDE_WAITING });
	OK(f, store_list_waiting(f->store, &f->arena, "mt", &waiting, &count, &total, &f->err));
	assert_int_equal(count, 100);
	assert_int_equal(total, 121);
	assert_int_equal(waiting[0].mail, 0);
	assert_string_equal(waiting[0].folder, "INBOX/Møder");
	assert_int_equal(waiting[0].reason, DECIDE_BY_UNREADABLE);
	assert_null(waiting[0].subject);
	assert_null(waiting[1].folder);
	assert_int_equal(waiting[1].mail, newest);
}

/* ---- what letters say ---- */

static void test_answered(void **state)
{
	struct fixture *f = *state;
	struct message message = full_message, nameless = { .bare_subject = "", .kind = MESSAGE_HUMAN };
	int64_t mail = fixture_add(f, (struct fixture_mail){ .message = &message, .outcome = DECIDE_REFUSED }), opened;
	struct inquiry inquiry = fixture_inquiry("MT-2026-0002");
	struct store_answered answered;
	const char *id, *from;

	OK(f, store_find_answered(f->store, &f->arena, mail, &answered, &f->err));
	assert_string_equal(answered.message_id, "svar@example.dk");
	assert_strings_equal(&answered.references, &full_message.references);
	assert_int_equal(answered.reason, DECIDE_BY_RULE);
	assert_null(answered.tag);

	opened = fixture_open(f, "MT-2026-0001", "a@x");
	OK(f, store_find_opening(f->store, &f->arena, opened, &id, &from, &f->err));
	assert_string_equal(id, "a@x");
	fixture_add(f, (struct fixture_mail){ .message = &nameless, .changes = &inquiry });
	OK(f, store_find_opening(f->store, &f->arena, inquiry.id, &id, &from, &f->err));
	assert_null(id);
}

/* ---- folders ---- */

static void test_first_reading(void **state)
{
	struct fixture *f = *state;
	int64_t started;

	OK(f, store_mailbox_started(f->store, "mt", 100, &started, &f->err));
	assert_int_equal(started, 100);
	OK(f, store_mailbox_started(f->store, "mt", 200, &started, &f->err));
	assert_int_equal(started, 100);
	OK(f, store_mailbox_started(f->store, "kb", 200, &started, &f->err));
	assert_int_equal(started, 200);
	OK(f, store_mailbox_started(f->store, "kb", 150, &started, &f->err));	/* the clock was set back */
	assert_int_equal(started, 150);
}

static void test_has_message(void **state)
{
	struct fixture *f = *state;
	int64_t mail = fixture_add(f, (struct fixture_mail){ .id = "a@x" });
	struct store_folder folder;
	bool has;

	OK(f, store_folder(f->store, "mt", "INBOX", &folder, &f->err));
	OK(f, store_has_message(f->store, "mt", "a@x", &has, &f->err));
	assert_false(has);
	OK(f, store_add_sighting(f->store, folder.id, 1, 1, mail, FIXTURE_AT, DECIDE_NOTED, &f->err));
	OK(f, store_has_message(f->store, "mt", "a@x", &has, &f->err));
	assert_true(has);
	OK(f, store_has_message(f->store, "kb", "a@x", &has, &f->err));
	assert_false(has);
}

static void test_folders_and_sightings(void **state)
{
	struct fixture *f = *state;
	struct store_folder folder, again, other;
	bool has;

	OK(f, store_is_read(f->store, "mt", "INBOX", 1, 1, &has, &f->err));
	assert_false(has);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM folder WHERE ?1 = ?1", 0), 0);
	OK(f, store_folder(f->store, "mt", "INBOX", &folder, &f->err));
	assert_int_equal(folder.uidvalidity, 0);
	OK(f, store_folder_seen(f->store, folder.id, UINT32_MAX, UINT32_MAX - 1, &f->err));
	OK(f, store_is_read(f->store, "mt", "INBOX", UINT32_MAX, UINT32_MAX, &has, &f->err));
	assert_true(has);
	OK(f, store_is_read(f->store, "mt", "INBOX", UINT32_MAX, 0, &has, &f->err));
	assert_false(has);
	OK(f, store_is_read(f->store, "mt", "INBOX", 1, 2, &has, &f->err));
	assert_false(has);
	OK(f, store_folder(f->store, "mt", "INBOX", &again, &f->err));
	assert_int_equal(again.id, folder.id);
	assert_int_equal(again.uidvalidity, UINT32_MAX);
	assert_int_equal(again.seen_uid, UINT32_MAX - 1);
	OK(f, store_folder(f->store, "kb", "INBOX", &other, &f->err));
	assert_int_not_equal(other.id, folder.id);

	OK(f, store_has_sighting(f->store, folder.id, 1, 5, &has, &f->err));
	assert_false(has);
	OK(f, store_add_sighting(f->store, folder.id, 1, 5, 0, FIXTURE_AT, DECIDE_GONE, &f->err));
	OK(f, store_has_sighting(f->store, folder.id, 1, 5, &has, &f->err));
	assert_true(has);
	OK(f, store_has_sighting(f->store, folder.id, 2, 5, &has, &f->err));
	assert_false(has);
	assert_int_equal(store_add_sighting(f->store, folder.id, 1, 5, 0, FIXTURE_AT, DECIDE_GONE, &f->err), -1);
}

/* Tries outlive the transaction that they brought down, until the folder's are cleared. */
static void test_tries(void **state)
{
	struct fixture *f = *state;
	struct store_folder folder;
	int tries;

	OK(f, store_folder(f->store, "mt", "INBOX", &folder, &f->err));
	assert_int_equal(store_count_try(f->store, folder.id, 1, 5, &tries, &f->err), -1);
	OK(f, store_commit(f->store, &f->err));
	OK(f, store_count_try(f->store, folder.id, 1, 5, &tries, &f->err));
	assert_int_equal(tries, 1);
	OK(f, store_begin(f->store, &f->err));
	store_rollback(f->store);
	OK(f, store_count_try(f->store, folder.id, 1, 5, &tries, &f->err));
	assert_int_equal(tries, 2);
	OK(f, store_count_try(f->store, folder.id, 1, 6, &tries, &f->err));
	assert_int_equal(tries, 1);
	OK(f, store_begin(f->store, &f->err));
	OK(f, store_clear_tries(f->store, folder.id, &f->err));
	OK(f, store_commit(f->store, &f->err));
	OK(f, store_count_try(f->store, folder.id, 1, 5, &tries, &f->err));
	assert_int_equal(tries, 1);
	OK(f, store_count_try(f->store, folder.id, 1, 6, &tries, &f->err));
	assert_int_equal(tries, 1);
}

static void test_rollback(void **state)
{
	struct fixture *f = *state;
	struct inquiry loaded;

	fixture_open(f, "MT-2026-0001", "a@x");
	OK(f, store_commit(f->store, &f->err));
	OK(f, store_begin(f->store, &f->err));
	fixture_open(f, "MT-2026-0002", "b@x");
	store_rollback(f->store);
	assert_int_equal(store_find_inquiry(f->store, &f->arena, "MT-2026-0002", &loaded, &f->err), 1);
	OK(f, store_find_inquiry(f->store, &f->arena, "MT-2026-0001", &loaded, &f->err));
	assert_next_key(f, "MT", 2026, "MT-2026-0002");
	OK(f, store_begin(f->store, &f->err));
	fixture_open(f, "MT-2026-0002", "b@x");
	OK(f, store_commit(f->store, &f->err));
}

/* ---- the register ---- */

static size_t list_keys(struct fixture *f, const char *mailbox, bool open_only, struct text *ret_keys)
{
	struct inquiry *page;
	size_t count, pages = 0;
	int64_t after = 0;

	for (;; pages++) {
		OK(f, store_list_inquiries(f->store, &f->arena, mailbox, open_only, after, &page, &count, &f->err));
		if (count == 0)
			return pages;
		for (size_t i = 0; i < count; i++)
			text_addf(ret_keys, "%s ", page[i].key);
		after = page[count - 1].id;
	}
}

static void assert_keys(struct fixture *f, const char *mailbox, bool open_only, const char *wanted)
{
	struct text keys CLEANUP(text_done) = TEXT_NULL;

	list_keys(f, mailbox, open_only, &keys);
	assert_string_equal(text_string(&keys), wanted);
}

static void test_list_inquiries(void **state)
{
	struct fixture *f = *state;
	struct inquiry closed = fixture_inquiry("MT-2026-0002"), other = fixture_inquiry("KB-2026-0003");

	closed.ended_at = FIXTURE_AT;
	other.mailbox = "kb";
	fixture_open(f, "MT-2026-10000", "a@x");
	fixture_open(f, "MT-2026-9999", "b@x");
	fixture_open(f, "MT-2025-0007", "c@x");
	fixture_add(f, (struct fixture_mail){ .id = "d@x", .changes = &closed });
	fixture_add(f, (struct fixture_mail){ .id = "e@x", .changes = &other });
	assert_keys(f, NULL, false, "KB-2026-0003 MT-2025-0007 MT-2026-0002 MT-2026-9999 MT-2026-10000 ");
	assert_keys(f, NULL, true, "KB-2026-0003 MT-2025-0007 MT-2026-9999 MT-2026-10000 ");
	assert_keys(f, "mt", true, "MT-2025-0007 MT-2026-9999 MT-2026-10000 ");
	assert_keys(f, "kb", false, "KB-2026-0003 ");
	assert_keys(f, "xx", false, "");
}

static void test_list_pages(void **state)
{
	struct fixture *f = *state;
	struct text keys CLEANUP(text_done) = TEXT_NULL, wanted CLEANUP(text_done) = TEXT_NULL;

	for (int i = 1; i <= 1001; i++) {
		const char *key = arena_printf(&f->arena, "MT-2026-%04d", i);

		fixture_open(f, key, key);
		text_addf(&wanted, "%s ", key);
	}
	assert_int_equal(list_keys(f, NULL, true, &keys), 3);
	assert_string_equal(text_string(&keys), text_string(&wanted));
}

static void test_find_by_subject(void **state)
{
	struct fixture *f = *state;
	struct inquiry later = fixture_inquiry("MT-2026-0002"), moved = fixture_inquiry("MT-2026-0003");
	int64_t first = fixture_open(f, "MT-2026-0001", "a@x"), ids[4];
	size_t count;

	later.received_at = FIXTURE_AT + 10;
	later.subject = "HUL I VEJEN";
	moved.step = "hos-sagsbehandler";
	fixture_add(f, (struct fixture_mail){ .id = "b@x", .changes = &later });
	fixture_add(f, (struct fixture_mail){ .id = "c@x", .changes = &moved });
	OK(f, store_find_by_subject(f->store, "mt", "modtaget", FIXTURE_AT, "hul i vejen", ids, 4, &count, &f->err));
	assert_int_equal(count, 2);
	assert_int_equal(ids[0], later.id);
	assert_int_equal(ids[1], first);
	OK(f, store_find_by_subject(f->store, "mt", "modtaget", FIXTURE_AT, "hul i vejen", ids, 1, &count, &f->err));
	assert_int_equal(count, 1);
	OK(f, store_find_by_subject(f->store, "mt", "modtaget", FIXTURE_AT + 1, "hul i vejen", ids, 4, &count,
		&f->err));
	assert_int_equal(count, 1);
	OK(f, store_find_by_subject(f->store, "mt", "modtaget", FIXTURE_AT, "hul i veje", ids, 4, &count, &f->err));
	assert_int_equal(count, 0);
	OK(f, store_find_by_subject(f->store, "kb", "modtaget", FIXTURE_AT, "hul i vejen", ids, 4, &count, &f->err));
	assert_int_equal(count, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		FIXTURE_TEST(test_mail_round_trip), FIXTURE_TEST(test_mail_with_nothing_in_it),
		FIXTURE_TEST(test_first_line_is_no_body), FIXTURE_TEST(test_find_mail),
		FIXTURE_TEST(test_identity_is_unique), FIXTURE_TEST(test_inquiry_opens_and_moves),
		FIXTURE_TEST(test_no_such_inquiry), FIXTURE_TEST(test_keys),
		FIXTURE_TEST(test_transitions_are_for_ever), FIXTURE_TEST(test_waiting_and_placed),
		FIXTURE_TEST(test_confidential_forgets_only_its_own),
		FIXTURE_TEST(test_dismissed), FIXTURE_TEST(test_set_aside_and_many),
		FIXTURE_TEST(test_set_aside_is_told_five_mornings),
		FIXTURE_TEST(test_answered), FIXTURE_TEST(test_first_reading), FIXTURE_TEST(test_has_message),
		FIXTURE_TEST(test_folders_and_sightings), FIXTURE_TEST(test_tries), FIXTURE_TEST(test_rollback),
		FIXTURE_TEST(test_list_inquiries), FIXTURE_TEST(test_list_pages), FIXTURE_TEST(test_find_by_subject),
	};

	return RUN_ROWS(undo_rows, test_before) + cmocka_run_group_tests(tests, NULL, NULL);
}
