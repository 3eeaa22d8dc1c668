#include "core/classify.h"

#include "tests/rows.h"

struct row {
	const char *name;
	struct classify_facts facts;
	enum message_kind kind;
};

static const struct row rows[] = {
	{ "nothing at all", { 0 }, MESSAGE_HUMAN },
	{ "a person",
		{ .subject = "SV: Høring", .from = "anne@example.dk", .return_path = "<anne@example.dk>" }, MESSAGE_HUMAN },
	{ "suppress alone marks nothing", { .suppress = "All" }, MESSAGE_HUMAN },
	{ "suppress of some kinds", { .suppress = "DR, OOF, AutoReply", .inbox_rules_loop = true }, MESSAGE_HUMAN },
	{ "rules loop alone marks nothing", { .inbox_rules_loop = true }, MESSAGE_HUMAN },
	{ "auto-submitted no", { .auto_submitted = " No" }, MESSAGE_HUMAN },
	{ "auto-submitted no with comment", { .auto_submitted = "no (a person)" }, MESSAGE_HUMAN },
	{ "precedence first-class", { .precedence = "first-class" }, MESSAGE_HUMAN },
	{ "fifty servers are allowed", { .received_count = 50 }, MESSAGE_HUMAN },
	{ "answer to an absence notice", { .subject = "SV: Automatisk svar: Høring" }, MESSAGE_HUMAN },
	{ "about absence notices", { .subject = "Autosvar virker ikke" }, MESSAGE_HUMAN },
	{ "about those of ours", { .subject = "Autosvar fra jer er ikke godt nok" }, MESSAGE_HUMAN },
	{ "Outlook in Danish", { .subject = "Automatisk svar: Høring" }, MESSAGE_ABSENCE },
	{ "Outlook in English", { .subject = "Automatic reply: Høring" }, MESSAGE_ABSENCE },
	{ "capital letters", { .subject = "AUTOMATISK SVAR: x" }, MESSAGE_ABSENCE },
	{ "Autosvar", { .subject = "Autosvar: Jeg holder ferie" }, MESSAGE_ABSENCE },
	{ "Autosvar and no more", { .subject = "autosvar" }, MESSAGE_ABSENCE },
	{ "auto-replied", { .auto_submitted = "auto-replied (vacation)" }, MESSAGE_ABSENCE },
	{ "auto-replied with parameter", { .auto_submitted = "Auto-Replied; owner-email=\"x\"" }, MESSAGE_ABSENCE },
	{ "Exchange", { .suppress = "All", .inbox_rules_loop = true }, MESSAGE_ABSENCE },
	{ "X-Autoreply", { .autoreply = true }, MESSAGE_ABSENCE },
	{ "precedence auto_reply", { .precedence = "auto_reply" }, MESSAGE_ABSENCE },
	{ "absence from postmaster with null return path",
		{ .subject = "Automatisk svar: x", .from = "postmaster@example.dk", .return_path = "<>" }, MESSAGE_ABSENCE },
	{ "absence with null return path", { .auto_submitted = "auto-replied", .return_path = "" }, MESSAGE_ABSENCE },
	{ "status notification", { .report_type = "delivery-status" }, MESSAGE_BOUNCE },
	{ "Postfix marks its bounces auto-replied",
		{ .report_type = "delivery-status", .auto_submitted = "auto-replied", .return_path = "<>",
		.from = "mailer-daemon@example.dk", .undelivered_count = 1 }, MESSAGE_BOUNCE },
	{ "old Exim bounce without a report",
		{ .auto_submitted = "auto-replied", .failed_recipients = true, .return_path = "<>" }, MESSAGE_BOUNCE },
	{ "bounce about an absence notice",
		{ .report_type = "delivery-status", .subject = "Automatisk svar: x" }, MESSAGE_BOUNCE },
	{ "null return path", { .return_path = "<>" }, MESSAGE_BOUNCE },
	{ "mailer-daemon", { .from = "MAILER-DAEMON@example.dk" }, MESSAGE_BOUNCE },
	{ "one of two delivered",
		{ .report_type = "delivery-status", .delivered_count = 1, .undelivered_count = 1 }, MESSAGE_BOUNCE },
	{ "delivery receipt",
		{ .report_type = "delivery-status", .delivered_count = 2, .return_path = "<>" }, MESSAGE_RECEIPT },
	{ "read receipt", { .report_type = "Disposition-Notification" }, MESSAGE_RECEIPT },
	{ "read receipt, automatic, null return path",
		{ .report_type = "disposition-notification", .auto_submitted = "auto-replied", .return_path = "<>" },
		MESSAGE_RECEIPT },
	{ "list by its field", { .list = true }, MESSAGE_LIST },
	{ "list by precedence", { .precedence = "list" }, MESSAGE_LIST },
	{ "bulk", { .precedence = "Bulk" }, MESSAGE_LIST },
	{ "junk that is generated too", { .precedence = "junk", .auto_submitted = "auto-generated" }, MESSAGE_LIST },
	{ "generated", { .auto_submitted = "auto-generated" }, MESSAGE_AUTOMATIC },
	{ "an unknown word is not no", { .auto_submitted = "none" }, MESSAGE_AUTOMATIC },
	{ "a field without a word is not no", { .auto_submitted = "" }, MESSAGE_AUTOMATIC },
	{ "another report", { .report_type = "feedback-report" }, MESSAGE_AUTOMATIC },
	{ "a report of no type", { .report_type = "" }, MESSAGE_AUTOMATIC },
	{ "our own mail", { .ours = true }, MESSAGE_AUTOMATIC },
	{ "a loop", { .received_count = 51 }, MESSAGE_AUTOMATIC },
};

static void test_row(void **state)
{
	const struct row *row = *state;

	assert_string_equal(message_kind_name(classify_kind(&row->facts)), message_kind_name(row->kind));
}

static void test_delivered(void **state)
{
	(void)state;
	assert_true(classify_is_delivered("Delivered"));
	assert_true(classify_is_delivered("relayed (to an older server)"));
	assert_true(classify_is_delivered("expanded"));
	assert_false(classify_is_delivered("delayed"));
	assert_false(classify_is_delivered("failed"));
	assert_false(classify_is_delivered("deliveredish"));
	assert_false(classify_is_delivered(NULL));
}

static void test_failure(void **state)
{
	static const char *const failures[] = { "Kunne ikke leveres: Svar", "Meddelelsen er IKKE LEVERET", "Ikke sendt",
		"Modtageren kan ikke modtage Digital Post", "Fejl ved afsendelse", "Afsendelsen mislykkedes", "Afvist af modtager",
		"Undeliverable: Svar", "Delivery failure" };
	static const char *const receipts[] = { "Kvittering for afsendelse", "Din meddelelse er leveret", "Leveret", "",
		"Du kan ikke svare på denne mail" };

	(void)state;
	for (size_t i = 0; i < sizeof(failures) / sizeof(failures[0]); i++)
		assert_true(classify_tells_failure(failures[i]));
	for (size_t i = 0; i < sizeof(receipts) / sizeof(receipts[0]); i++)
		assert_false(classify_tells_failure(receipts[i]));
	assert_false(classify_tells_failure(NULL));
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_delivered), cmocka_unit_test(test_failure) };

	return RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
