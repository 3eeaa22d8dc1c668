/* What a mailbox gives, and what it withholds: nothing of it may get lost, and nothing is sent about the past. */
#include "tests/unit/store_fixture.h"

#include "base/log.h"
#include "engine/intake.h"
#include "io/mime.h"

#include <unistd.h>

enum { START = FIXTURE_AT, FEW = 4, MAILS_MAX = IMAP_BATCH_MAX + 2 };

/* ---- the server: it takes the place of io/imap_fetch ---- */

struct served {
	const char *subject, *from;
	int64_t received;
	bool only_alone;	/* left out of an answer that is to hold more than this one */
	bool gone, no_id;
};

static struct {
	struct served mails[MAILS_MAX];
	size_t count;
	enum imap_outcome fetch;
	size_t ahead;		/* so many headers are on their way */
	int texts;		/* how many were asked for */
	int unannounced;	/* commands, and batches to be decided on, since the intake was last heard of */
} server;

static void is_heard_of(void *arg)
{
	*(int *)arg = 0;
}

/* Each takes no longer than a command may: who hangs is missed before the second. */
static void take_time(void)
{
	assert_int_equal(server.unannounced++, 0);
}

enum imap_outcome imap_search(struct imap *imap, uint32_t first, uint32_t last, struct arena *arena,
	uint32_t **ret_uids, size_t *ret_count, struct imap_fault *fault)
{
	(void)imap, (void)last, (void)fault;
	take_time();
	*ret_uids = arena_array(arena, MAILS_MAX, sizeof(**ret_uids));
	*ret_count = 0;
	for (uint32_t uid = first; uid <= server.count; uid++)
		(*ret_uids)[(*ret_count)++] = uid;
	return IMAP_OK;
}

enum imap_outcome imap_fetch(struct imap *imap, const uint32_t *uids, size_t count, struct arena *arena,
	struct imap_mail **ret_mails, size_t *ret_count, struct imap_fault *fault)
{
	(void)imap, (void)fault;
	take_time();
	assert_true(server.ahead == 0 || server.ahead == count);	/* or the answer is taken for that of another question */
	server.ahead = 0;
	*ret_mails = arena_array(arena, count, sizeof(**ret_mails));
	*ret_count = 0;
	for (size_t i = 0; i < count; i++) {
		const struct served *mail = &server.mails[uids[i] - 1];
		char *header = arena_printf(arena, "Authentication-Results: mail.example.dk; dmarc=pass header.from=example.dk\r\n"
			"Received: from pc.example.dk by mail.example.dk; Fri, 27 Mar 2026 10:00:00 +0100\r\n"
			"From: %s\r\nTo: mt@example.dk\r\nSubject: %s\r\n%s: <%u@example.dk>\r\n\r\n",
			mail->from ? mail->from : "spl@example.dk", mail->subject, mail->no_id ? "X-Id" : "Message-ID", uids[i]);

		if (!mail->gone && !(mail->only_alone && count > 1))
			(*ret_mails)[(*ret_count)++] = (struct imap_mail){ .uid = uids[i], .received = mail->received,
				.header = header, .header_length = strlen(header) };
	}
	return server.fetch;
}

enum imap_outcome imap_fetch_start(struct imap *imap, uint32_t uid, size_t size, struct arena *arena,
	const char **ret_bytes, size_t *ret_length, struct imap_fault *fault)
{
	(void)imap, (void)uid, (void)size, (void)arena, (void)fault;
	take_time();
	server.texts++;
	*ret_bytes = NULL;
	*ret_length = 0;
	return IMAP_OK;
}

enum imap_outcome imap_fetch_ahead(struct imap *imap, const uint32_t *uids, size_t count, struct imap_fault *fault)
{
	(void)imap, (void)uids, (void)fault;
	take_time();
	server.ahead = count;
	return IMAP_OK;
}

/* ---- the journal ---- */

static int records;	/* of what became of messages */

static void count_record(enum log_level level, const char *event, const char *message, const struct log_field *fields,
	size_t count)
{
	(void)level, (void)message, (void)fields, (void)count;
	records += strcmp(event, "message") == 0;
}

/* ---- a pass ---- */

static int64_t now(struct clock *clock)
{
	(void)clock;
	return START;
}

static int64_t from_server(struct clock *clock, int64_t real)
{
	(void)clock;
	return real;
}

/* Looks at the inbox as a worker does; whether the database held. */
static bool look(struct fixture *f)
{
	struct workflow_faults faults = { .arena = &f->arena };
	struct setup *setup = setup_load(SOURCE_ROOT "/conf/fristd.conf", &faults);
	struct clock clock = { .now = now, .from_server = from_server };
	struct clerk clerk;
	struct imap_folder folder = { .name = "INBOX" };
	struct imap_fault fault = IMAP_FAULT_NULL;
	bool failed = false;

	assert_non_null(setup);
	clerk_init(&clerk, f->store, &clock, setup);
	struct intake intake = { .clerk = &clerk, .mailbox = &setup->conf.mailboxes[0], .folder = &folder,
		.is_heard_of = is_heard_of, .is_heard_of_arg = &server.unannounced };

	server.unannounced = 1;	/* whoever calls may have waited */
	assert_int_equal(intake_folder(&intake, 1, &failed, &fault), server.fetch);
	clerk_done(&clerk);
	setup_free(setup);
	return !failed;
}

static int set_up(void **state)
{
	int result = fixture_set_up(state);

	store_rollback(((struct fixture *)*state)->store);	/* a pass has transactions of its own */
	mime_init();
	memset(&server, 0, sizeof(server));
	records = 0;
	log_set_sink(count_record);
	return result;
}

static void serve(struct served mail)
{
	server.mails[server.count++] = mail;
}

static const char *outcomes(struct fixture *f)
{
	return fixture_string(f, "SELECT group_concat(outcome, ' ') FROM (SELECT outcome FROM sighting WHERE ?1 = ?1"
		" ORDER BY uid)", 0);
}

/* One broken message, and the server is silent about all that follow: none of them is lost. */
static void test_left_out_of_an_answer(void **state)
{
	serve((struct served){ .subject = "VS: Hul i vejen", .received = START });
	serve((struct served){ .subject = "VS: Støj", .received = START, .gone = true });
	serve((struct served){ .subject = "VS: Lys", .received = START, .only_alone = true });
	assert_true(look(*state));
	assert_string_equal(outcomes(*state), "opened gone opened");
}

static void test_no_date(void **state)
{
	serve((struct served){ .subject = "VS: Hul i vejen" });
	assert_true(look(*state));
	assert_string_equal(outcomes(*state), "opened");
}

/* The connection breaks while an old mailbox is read for the first time: what is old stays old. */
static void test_nothing_is_sent_about_the_past(void **state)
{
	struct fixture *f = *state;

	serve((struct served){ .subject = "[GODKENDT] Ferie", .from = "chef@example.dk", .received = START - 60 });
	server.fetch = IMAP_DISCONNECTED;
	assert_true(look(f));
	server.fetch = IMAP_OK;
	assert_true(look(f));
	assert_string_equal(outcomes(f), "refused");
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM outbox WHERE ?1 = ?1", 0), 0);

	serve((struct served){ .subject = "[GODKENDT] Ferie", .from = "chef@example.dk", .received = START });
	assert_true(look(f));
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM outbox WHERE ?1 = ?1", 0), 1);
}

/* A full disk is no message's fault: however often it is tried, none is set aside. */
static void test_full_disk(void **state)
{
	struct fixture *f = *state;
	int64_t pages = fixture_number(f, "PRAGMA page_count", 0);
	char subject[900];

	memset(subject, 'a', sizeof(subject) - 1);
	subject[sizeof(subject) - 1] = '\0';
	for (int i = 0; i < FEW; i++)	/* the try can be counted, the message not be stored */
		serve((struct served){ .subject = subject, .received = START });
	OK(f, db_run(f->store->db, NULL, &f->err, arena_printf(&f->arena, "PRAGMA max_page_count = %d", (int)pages), NULL, 0));
	for (int i = 0; i < 2 * INTAKE_TRIES_MAX; i++)
		assert_false(look(f));
	OK(f, db_run(f->store->db, NULL, &f->err, "PRAGMA max_page_count = 100000", NULL, 0));
	assert_true(look(f));
	assert_string_equal(outcomes(f), "opened opened opened opened");
}

/* On record is what happened: not what was taken back with the rest of its transaction. */
static void test_records(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < FEW; i++)
		serve((struct served){ .subject = "VS: Hul i vejen", .received = START });
	OK(f, db_run(f->store->db, NULL, &f->err, "CREATE TRIGGER third BEFORE INSERT ON sighting WHEN NEW.uid = 3"
		" BEGIN SELECT RAISE(ABORT, 'no'); END", NULL, 0));
	assert_false(look(f));
	assert_int_equal(records, 0);
	OK(f, db_run(f->store->db, NULL, &f->err, "DROP TRIGGER third", NULL, 0));
	assert_true(look(f));
	assert_int_equal(records, FEW);
}

/* Two connections read one folder for a while: each counts its tries, and takes the other's for its own. */
static void test_another_reads_the_folder_too(void **state)
{
	struct fixture *f = *state;

	for (int i = 0; i < MAILS_MAX; i++)
		serve((struct served){ .subject = "Ferie", .from = "borger@outside.example.dk", .received = START });
	OK(f, db_run(f->store->db, NULL, &f->err, "CREATE TRIGGER other AFTER INSERT ON poison"
		" WHEN EXISTS (SELECT 1 FROM sighting) BEGIN UPDATE poison SET tries = 2; END", NULL, 0));
	assert_true(look(f));
	assert_int_equal(records, MAILS_MAX);
}

/* A pass that cannot begin has changed nothing: not even when the mailbox was first read. */
static void test_a_pass_that_cannot_begin(void **state)
{
	struct fixture *f = *state;

	serve((struct served){ .subject = "VS: Hul i vejen", .received = START });
	OK(f, db_run(f->store->db, NULL, &f->err, "CREATE TRIGGER numbered BEFORE UPDATE ON folder"
		" BEGIN SELECT RAISE(ABORT, 'no'); END", NULL, 0));
	assert_false(look(f));
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM mailbox WHERE ?1 = ?1", 0), 0);
	assert_int_equal(fixture_number(f, "SELECT count(*) FROM folder WHERE ?1 = ?1", 0), 0);
}

/* Years of mail lie in a mailbox when it is first read: what it says is not asked for where it is not acted upon. */
static void test_no_text_of_the_past(void **state)
{
	struct setup *setup = setup_load(SOURCE_ROOT "/conf/fristd.conf", &(struct workflow_faults){ .arena =
		&((struct fixture *)*state)->arena });
	int64_t since = setup->conf.mailboxes[0].open_since;

	setup_free(setup);
	serve((struct served){ .subject = "VS: Hul i vejen", .received = since - 1 });
	serve((struct served){ .subject = "VS: Hul i vejen", .received = since });
	assert_true(look(*state));
	assert_string_equal(outcomes(*state), "past opened");
	assert_int_equal(server.texts, 1);

	/* by its text alone it is known again when somebody copies it */
	serve((struct served){ .subject = "VS: Støj", .received = since - 1, .no_id = true });
	assert_true(look(*state));
	assert_int_equal(server.texts, 2);
}

#define INTAKE_TEST(function) cmocka_unit_test_setup_teardown(function, set_up, fixture_tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		INTAKE_TEST(test_left_out_of_an_answer), INTAKE_TEST(test_no_date),
		INTAKE_TEST(test_nothing_is_sent_about_the_past), INTAKE_TEST(test_full_disk),
		INTAKE_TEST(test_records), INTAKE_TEST(test_a_pass_that_cannot_begin),
		INTAKE_TEST(test_another_reads_the_folder_too), INTAKE_TEST(test_no_text_of_the_past),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
