/* Old mail on a clock of its own: it meets every moment at which something is due, and open_since does not count. */
#include "engine/replay.h"

#include "base/text.h"
#include "io/mime.h"
#include "tests/rows.h"

/* What a replay told, a line a mail: "27/3 07:00 template>address keys". */
struct telling {
	struct arena arena;
	struct setup *setup;
	struct replay replay;
	struct text told;
	int mails, fail_at;		/* fail_at: the mail that is not taken; 0: all are */
};

static int64_t local_time(int month, int day, int hour, int minute)
{
	return calendar_utc(calendar_join(2026, month, day), hour * 60 + minute);
}

static int take_mail(void *arg, const struct replay_mail *mail, struct err *err)
{
	struct telling *telling = arg;
	struct calendar_local at = calendar_local(mail->at);
	struct calendar_parts date = calendar_split(at.date);

	if (++telling->mails == telling->fail_at)
		return err_set(err, "the disk is full");
	assert_string_equal(mail->letter->message_id + strlen(mail->letter->frist_id), ".frist@example.dk");
	assert_non_null(strstr(mail->bytes, "Auto-Submitted: auto-generated"));
	assert_int_equal(strlen(mail->bytes), mail->length);
	text_addf(&telling->told, "%d/%d %02d:%02d %s>%s", date.day, date.month, at.minutes / 60, at.minutes % 60,
		mail->template, mail->letter->to.items[0].address);
	for (size_t i = 0; i < mail->reminders_count; i++)
		text_addf(&telling->told, " %s %s%s", mail->reminders[i].template, mail->reminders[i].inquiry,
			mail->reminders[i].copy ? " cc" : "");
	text_add(&telling->told, "\n");
	return 0;
}

static int begin(void **state)
{
	struct telling *telling = calloc(1, sizeof(*telling));
	struct workflow_faults faults = { .arena = &telling->arena };
	struct err err = ERR_NULL;

	mime_init();
	telling->setup = setup_load(SOURCE_ROOT "/conf/fristd.conf", &faults);
	assert_non_null(telling->setup);
	assert_int_equal(replay_init(&telling->replay, telling->setup, local_time(3, 27, 0, 0), take_mail, telling, &err),
		0);
	*state = telling;
	return 0;
}

static int end(void **state)
{
	struct telling *telling = *state;

	replay_done(&telling->replay);
	setup_free(telling->setup);
	text_done(&telling->told);
	arena_done(&telling->arena);
	free(telling);
	return 0;
}

static void receive(struct telling *telling, int64_t at, const char *from, const char *to, const char *subject,
	const char *outcome)
{
	struct clerk *clerk = &telling->replay.clerk;
	const struct conf_mailbox *mailbox = clerk_mailbox(clerk, "mt");
	const char *bytes = arena_printf(&telling->arena,
		"Authentication-Results: mail.example.dk; auth=pass smtp.auth=%s\n"
		"Received: from pc by mail.example.dk with esmtpsa\nMessage-ID: <%lld.%s>\nFrom: %s\nTo: %s\nSubject: %s\n\nHej\n",
		from, (long long)at, from, from, to, subject);
	struct message message;
	struct clerk_result result;
	struct err err = ERR_NULL;

	clerk_parse(clerk, &telling->arena, mailbox, bytes, strlen(bytes), &message);
	if (replay_receive(&telling->replay, &telling->arena, mailbox,
			&(struct clerk_input){ .message = &message, .arrived_at = at }, &result, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(decide_outcome_word(result.outcome), outcome);
}

static void step(struct telling *telling, int64_t at)
{
	struct err err = ERR_NULL;

	assert_int_equal(replay_until(&telling->replay, at, &err), 0);
	assert_int_equal(telling->replay.now, at);
}

static void test_nothing_happens_without_mail(void **state)
{
	struct telling *telling = *state;

	step(telling, local_time(12, 31, 23, 59));
	assert_string_equal(text_string(&telling->told), "");
}

/* While nobody has it: the owner, then his deputy; mornings over a week-end and the beginning of summer time. */
static void test_mornings(void **state)
{
	struct telling *telling = *state;

	receive(telling, local_time(3, 27, 10, 0), "spl@example.dk", "mt@example.dk", "Hul", "opened");
	step(telling, local_time(3, 30, 6, 59));
	assert_string_equal(text_string(&telling->told), "");
	step(telling, local_time(3, 30, 7, 0));
	assert_string_equal(text_string(&telling->told),
		"30/3 07:00 morgenmail>postkasseansvarlig@example.dk ikke-fordelt MT-2026-0001\n"
		"30/3 07:00 morgenmail>chef@example.dk\n"
		"30/3 07:00 morgenmail>spl@example.dk\n");
	text_done(&telling->told);
	step(telling, local_time(3, 31, 23, 0));
	assert_string_equal(text_string(&telling->told),
		"31/3 07:00 morgenmail>stedfortraeder@example.dk ikke-fordelt MT-2026-0001\n"
		"31/3 07:00 morgenmail>postkasseansvarlig@example.dk\n"
		"31/3 07:00 morgenmail>chef@example.dk\n"
		"31/3 07:00 morgenmail>spl@example.dk\n");
}

/* A mail wanted at once goes at once in sending hours, and else when they begin; with the next step in any case. */
static void test_single_mails(void **state)
{
	static const char worker[] = "medarbejder.vej@example.dk";
	struct telling *telling = *state;

	receive(telling, local_time(3, 27, 15, 59), worker, "mt@example.dk", "[AFSLUT] Hul", "refused");
	assert_string_equal(text_string(&telling->told), "");
	receive(telling, local_time(3, 27, 16, 0), worker, "mt@example.dk", "[AFSLUT] Hul", "refused");
	step(telling, local_time(3, 30, 12, 0));
	assert_string_equal(text_string(&telling->told),
		"27/3 15:59 ikke-talt>medarbejder.vej@example.dk\n"
		"30/3 07:00 ikke-talt>medarbejder.vej@example.dk\n");
}

static void test_open_since_does_not_count(void **state)
{
	struct telling *telling = *state;

	for (size_t i = 0; i < telling->setup->conf.mailboxes_count; i++)
		assert_true(telling->setup->conf.mailboxes[i].open_since > 0);	/* the caller's stays as it was */
	assert_true(telling->replay.mailboxes[0].open_since < 0);
}

/* An earlier arrival does not turn the clock back. */
static void test_the_clock_never_goes_back(void **state)
{
	struct telling *telling = *state;

	step(telling, local_time(4, 1, 12, 0));
	receive(telling, local_time(3, 27, 10, 0), "spl@example.dk", "mt@example.dk", "Hul", "opened");
	assert_int_equal(telling->replay.now, local_time(4, 1, 12, 0));
}

static void test_a_mail_that_is_not_taken_ends_it(void **state)
{
	struct telling *telling = *state;
	struct err err = ERR_NULL;

	telling->fail_at = 2;
	receive(telling, local_time(3, 27, 10, 0), "spl@example.dk", "mt@example.dk", "Hul", "opened");
	assert_int_equal(replay_until(&telling->replay, local_time(4, 1, 12, 0), &err), -1);
	assert_string_equal(err.text, "the disk is full");
	assert_int_equal(telling->mails, 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_nothing_happens_without_mail, begin, end),
		cmocka_unit_test_setup_teardown(test_mornings, begin, end),
		cmocka_unit_test_setup_teardown(test_single_mails, begin, end),
		cmocka_unit_test_setup_teardown(test_open_since_does_not_count, begin, end),
		cmocka_unit_test_setup_teardown(test_the_clock_never_goes_back, begin, end),
		cmocka_unit_test_setup_teardown(test_a_mail_that_is_not_taken_ends_it, begin, end),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
