#include "io/imap_guard.h"

#include "tests/rows.h"

#define X10(text) text text text text text text text text text text
#define X100(text) X10(X10(text))

struct row {
	const char *name, *bytes;
	const char *refused;	/* part of the reason; NULL: taken */
	const char *status, *bye;
};

static const struct row rows[] = {
	{ "an ordinary session",
		"* OK [CAPABILITY IMAP4rev1 IDLE] ready\r\n* 23 EXISTS\r\n* OK [UIDVALIDITY 4294967295] ok\r\n"
		"* 1 FETCH (UID 7 BODY[HEADER]<0> {5}\r\n(((\"( FLAGS (\\Seen))\r\n1 OK done\r\n", NULL, "", "" },
	{ "NO keeps its text", "3 NO [AUTHENTICATIONFAILED] wrong\r\n", NULL, "NO [AUTHENTICATIONFAILED] wrong", "" },
	{ "BAD in lower case", "* bad Request is throttled\r\n", NULL, "bad Request is throttled", "" },
	{ "BYE keeps its text", "* BYE AccessTokenExpired\r\n", NULL, "", "BYE AccessTokenExpired" },
	{ "OK is no failure", "5 OK done\r\n", NULL, "", "" },
	{ "the last one counts", "* NO careful\r\n6 BAD what\r\n", NULL, "BAD what", "" },
	{ "mail says NO", "* 1 FETCH (BODY[HEADER] {13}\r\n9 BAD hello\r\n)\r\n", NULL, "", "" },
	{ "people write what they like",
		"* OK it\"s (fine) {5} 99999999999999999999\r\n1 OK {\r\n+ \"\r\n", NULL, "", "" },
	{ "a hundred parentheses", "* 1 FETCH " X100("(") X100(")") "\r\n", NULL, "", "" },
	{ "a hundred and one", "* 1 FETCH " X100("(") "(", "parentheses", "", "" },
	{ "in quotes they count nothing", "* LIST () \"/\" \"" X100("(") X10("(") "\"\r\n", NULL, "", "" },
	{ "escaped quotes stay quoted", "* LIST () \"/\" \"\\\"" X100("(") X10("(") "\\\\\"\r\n", NULL, "", "" },
	{ "they count after the quotes", "* LIST () \"/\" \"\\\\\"" X100("(") "((\r\n", "parentheses", "", "" },
	{ "depth starts anew with a line", "* 1 FETCH " X10("(") "\r\n* 2 FETCH " X100("(") "\r\n", NULL, "", "" },
	{ "depth goes on behind a literal", "* 1 FETCH " X100("(") "{1}\r\na(", "parentheses", "", "" },
	{ "a quote open at the end of a line", "* LIST () \"/\" \"abc\r\n", "runs over the end", "", "" },
	{ "a large literal", "* 1 FETCH (BODY[] {2097152}\r\n", NULL, "", "" },
	{ "too large a literal", "* 1 FETCH (BODY[] {2097153}\r\n", "literal of more than", "", "" },
	{ "4 GB", "* 1 FETCH (BODY[] {4294967295}\r\n", "literal of more than", "", "" },
	{ "more digits than any number",
		"* 1 FETCH (BODY[] {99999999999999999999999999}\r\n", "literal of more than", "", "" },
	{ "an empty literal", "* 1 FETCH (BODY[] {0}\r\n)\r\n1 NO x\r\n", NULL, "NO x", "" },
	{ "a literal with a sign", "* 1 FETCH (BODY[] {-5}\r\n", "malformed literal", "", "" },
	{ "a literal with a blank", "* 1 FETCH (BODY[] { 5}\r\n", "malformed literal", "", "" },
	{ "a literal without size", "* 1 FETCH (BODY[] {}\r\n", "malformed literal", "", "" },
	{ "a literal within the line", "* 1 FETCH (BODY[] {5} abc", "malformed literal", "", "" },
	{ "a literal with LF only", "* 1 FETCH (BODY[] {5}\n", "malformed literal", "", "" },
	{ "EXISTS above 32 bits", "* 4294967296 EXISTS\r\n", "too large", "", "" },
	{ "UIDVALIDITY above 32 bits", "* OK [UIDVALIDITY 4294967296] ok\r\n", "too large", "", "" },
	{ "UIDNEXT in STATUS", "* STATUS INBOX (MESSAGES 1 UIDNEXT 99999999999)\r\n", "too large", "", "" },
	{ "a UID of twenty digits", "* 1 FETCH (UID 00000000000000000001)\r\n", "too large", "", "" },
	{ "a UID in SEARCH", "* SEARCH 1 2 4294967296\r\n", "too large", "", "" },
	{ "other numbers are free",
		"* OK [HIGHESTMODSEQ 99999999999] ok\r\n* LIST () \"/\" 99999999999\r\n", NULL, "", "" },
	{ "ALERT without text", "* OK [ALERT]\r\n", "[ALERT] without a text", "", "" },
	{ "ALERT with a blank for text", "1 OK [alert] \r\n", "without a text", "", "" },
	{ "PARSE without text", "* OK [PARSE]\r\n", "[PARSE] without a text", "", "" },
	{ "ALERT with text", "* OK [ALERT] disk full\r\n", NULL, "", "" },
	{ "BADCHARSET", "* NO [BADCHARSET (UTF-8)] x\r\n", "character set", "NO [BADCHARSET (UTF-8)] x", "" },
	{ "blank lines", "\r\n\r\n* OK x\r\n", NULL, "", "" },
};

static void feed(struct imap_guard *guard, const char *bytes, size_t piece, const char *refused)
{
	size_t length = strlen(bytes);
	struct err err = ERR_NULL;
	int result = 0;

	for (size_t at = 0; at < length && result == 0; at += piece)
		result = imap_guard_feed(guard, bytes + at, length - at < piece ? length - at : piece, &err);
	if (refused && !strstr(err.text, refused))
		fail_msg("expected '%s', got '%s'", refused, err.text);
	assert_int_equal(result, refused ? -1 : 0);
}

/* However the bytes are cut into pieces. */
static void test_row(void **state)
{
	static const size_t pieces[] = { 1, 2, 3, 7, 100000 };
	const struct row *row = *state;

	for (size_t i = 0; i < sizeof(pieces) / sizeof(pieces[0]); i++) {
		struct imap_guard guard = { 0 };

		imap_guard_begin(&guard);
		feed(&guard, row->bytes, pieces[i], row->refused);
		assert_string_equal(guard.status, row->status);
		assert_string_equal(guard.bye, row->bye);
	}
}

static void test_long_line(void **state)
{
	struct imap_guard guard = { 0 };
	struct err err = ERR_NULL;
	int result = 0;

	(void)state;
	for (int i = 0; i < IMAP_GUARD_LINE_MAX / 10 + 1 && result == 0; i++)
		result = imap_guard_feed(&guard, "0123456789", 10, &err);
	assert_int_equal(result, -1);
	assert_non_null(strstr(err.text, "response of more than"));
}

static void test_many_lines(void **state)
{
	struct imap_guard guard = { 0 };
	struct err err = ERR_NULL;
	int lines = 0;

	(void)state;
	while (imap_guard_feed(&guard, "* 1 EXISTS\r\n", 12, &err) == 0)
		lines++;
	assert_int_equal(lines, IMAP_GUARD_LINES_MAX);
	imap_guard_begin(&guard);
	assert_int_equal(guard.lines, 0);
}

static void test_zero_byte(void **state)
{
	struct imap_guard guard = { 0 };
	struct err err = ERR_NULL;

	(void)state;
	assert_int_equal(imap_guard_feed(&guard, "* 1 FETCH (BODY[] {3}\r\na\0b)\r\n", 29, &err), 0);
	assert_int_equal(imap_guard_feed(&guard, "* OK \0\r\n", 8, &err), -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long_line), cmocka_unit_test(test_many_lines), cmocka_unit_test(test_zero_byte),
	};

	return RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
