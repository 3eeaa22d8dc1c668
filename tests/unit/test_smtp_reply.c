#include "io/smtp_reply.h"

#include "tests/rows.h"

struct row {
	const char *name, *bytes;
	int code;			/* 0: refused */
	const char *status, *text;
};

static const struct row rows[] = {
	{ "one line", "250 OK\r\n", 250, "", "OK" },
	{ "code alone", "250\r\n", 250, "", "" },
	{ "line feed alone", "250 OK\n", 250, "", "OK" },
	{ "enhanced status", "550 5.1.1 No such mailbox\r\n", 550, "5.1.1", "No such mailbox" },
	{ "long status", "451 4.7.500 Server busy\r\n", 451, "4.7.500", "Server busy" },
	{ "status alone", "250 2.0.0\r\n", 250, "2.0.0", "" },
	{ "status of another class", "550 4.1.1 x\r\n", 550, "", "4.1.1 x" },
	{ "no status but a version", "220 2.4.6.8 mail\r\n", 220, "", "2.4.6.8 mail" },
	{ "too many digits", "550 5.1.1234 x\r\n", 550, "", "5.1.1234 x" },
	{ "many lines", "550-5.7.1 Not\r\n550-5.7.1 with\r\n550 5.7.1 me\r\n", 550, "5.7.1", "Not with me" },
	{ "what follows is left alone", "250 OK\r\n!!!", 250, "", "OK" },
	{ "other letters", "550 Findes ikke: b\xc3\xb8rn\r\n", 550, "", "Findes ikke: b??rn" },
	{ "CPR", "550 5.1.1 <010180-1234@example.dk> unknown\r\n", 550, "5.1.1", "<xxxxxx-xxxx@example.dk> unknown" },
	{ "tab", "250 a\tb\r\n", 250, "", "a b" },
	{ "empty line", "\r\n", 0, NULL, NULL },
	{ "line feed first", "\n250 OK\r\n", 0, NULL, NULL },
	{ "no code", "Hello\r\n", 0, NULL, NULL },
	{ "another protocol", "HTTP/1.1 400 Bad Request\r\n", 0, NULL, NULL },
	{ "four digits", "2500 OK\r\n", 0, NULL, NULL },
	{ "sign", "+25 OK\r\n", 0, NULL, NULL },
	{ "code below 200", "150 go\r\n", 0, NULL, NULL },
	{ "code above 599", "600 go\r\n", 0, NULL, NULL },
	{ "codes differ", "250-a\r\n550 b\r\n", 0, NULL, NULL },
	{ "carriage return inside", "250 a\rb\r\n", 0, NULL, NULL },
	{ "escape", "250 \x1b[2J\r\n", 0, NULL, NULL },
};

static void expect(const struct row *row, size_t step)
{
	struct smtp_reply reply = { .code = 0 };
	struct err err = ERR_NULL;
	size_t length = strlen(row->bytes);
	int failed = 0;

	for (size_t i = 0; i < length && !failed; i += step)
		failed = smtp_reply_feed(&reply, row->bytes + i, step < length - i ? step : length - i, &err);
	assert_int_equal(failed, row->code ? 0 : -1);
	if (failed) {
		assert_true(err.text[0] != '\0');
		return;
	}
	assert_true(reply.complete);
	assert_int_equal(reply.code, row->code);
	assert_string_equal(reply.status, row->status);
	assert_string_equal(reply.text, row->text);
}

static void test_row(void **state)
{
	expect(*state, 1000);
	expect(*state, 1);
}

static void test_tab_in_hello(void **state)
{
	struct smtp_reply reply = { .hello = true };

	(void)state;
	assert_int_equal(smtp_reply_feed(&reply, "250-AUTH \tPLAIN\r\n", 17, NULL), -1);
}

static void test_nul(void **state)
{
	struct smtp_reply reply = { .code = 0 };

	(void)state;
	assert_int_equal(smtp_reply_feed(&reply, "250 a\0b\r\n", 9, NULL), -1);
}

static void test_endless(void **state)
{
	struct smtp_reply reply = { .code = 0 };
	int lines = 0;

	(void)state;
	while (smtp_reply_feed(&reply, "250-more to come\r\n", 18, NULL) == 0)
		assert_true(++lines <= SMTP_REPLY_LINES_MAX);
	assert_int_equal(lines, SMTP_REPLY_LINES_MAX);
	assert_true(strlen(reply.text) < sizeof(reply.text));
	reply = (struct smtp_reply){ .code = 0 };
	while (smtp_reply_feed(&reply, "250", 3, NULL) == 0)
		assert_true(++lines < SMTP_REPLY_LINE_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_tab_in_hello), cmocka_unit_test(test_nul), cmocka_unit_test(test_endless),
	};

	return RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
