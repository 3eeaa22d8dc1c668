#include "io/mime.h"
#include "io/mime_write.h"

#include "tests/rows.h"

#define ID "0123456789abcdef0123456789abcdef"

static const char *const two_ids[] = { "first@example.dk", "second@example.dk" };
static const struct message_address head = { "Afdelingschef", "chef@example.dk" };

static struct letter letter_new(void)
{
	return (struct letter){
		.from = { "MT Borgmesterhenvendelser", "mt@example.dk" }, .to = { &head, 1 },
		.subject = "Rykker [MT-2026-0042]", .text = "Hej\n", .message_id = "frist." ID "@example.dk", .frist_id = ID,
		.in_reply_to = "second@example.dk", .references = { two_ids, 2 }, .date = 1774512000,
	};
}

static void test_whole(void **state)
{
	struct letter letter = letter_new();
	struct text bytes = TEXT_NULL;

	(void)state;
	letter.html = "<p>Hej</p>\n";
	assert_int_equal(mime_write_letter(&letter, &bytes, NULL), 0);
	assert_string_equal(text_string(&bytes),
		"From: MT Borgmesterhenvendelser <mt@example.dk>\r\n"
		"To: Afdelingschef <chef@example.dk>\r\n"
		"Subject: Rykker [MT-2026-0042]\r\n"
		"Date: Thu, 26 Mar 2026 08:00:00 +0000\r\n"
		"Message-ID: <frist." ID "@example.dk>\r\n"
		"X-Frist-Id: " ID "\r\n"
		"In-Reply-To: <second@example.dk>\r\n"
		"References: <first@example.dk> <second@example.dk>\r\n"
		"Auto-Submitted: auto-generated\r\n"
		"X-Auto-Response-Suppress: All\r\n"
		"MIME-Version: 1.0\r\n"
		"Content-Type: multipart/alternative;\r\n boundary=\"=_" ID "\"\r\n"
		"\r\n"
		"--=_" ID "\r\n"
		"Content-Type: text/plain; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"Hej\r\n"
		"\r\n"
		"--=_" ID "\r\n"
		"Content-Type: text/html; charset=utf-8\r\n"
		"Content-Transfer-Encoding: quoted-printable\r\n"
		"\r\n"
		"<p>Hej</p>\r\n"
		"\r\n"
		"--=_" ID "--\r\n");
	text_done(&bytes);
}

struct header_row {
	const char *name;
	const char *subject, *display;		/* NULL: as letter_new() has it */
	const char *line;			/* what the header block has */
};

static const struct header_row header_rows[] = {
	{ "plain subject", "Svarfrist 8/4 - MT-2026-0042", NULL, "\r\nSubject: Svarfrist 8/4 - MT-2026-0042\r\n" },
	{ "brackets need no encoding", "[MT-2026-0042] Rykker", NULL, "\r\nSubject: [MT-2026-0042] Rykker\r\n" },
	{ "Danish letters", "Påmindelse", NULL, "\r\nSubject: =?UTF-8?Q?P=C3=A5mindelse?=\r\n" },
	{ "looks encoded", "=?utf-8?Q?=0D=0ABcc:x?=", NULL,
		"\r\nSubject: =?UTF-8?Q?=3D=3Futf-8=3FQ=3F=3D0D=3D0ABcc=3Ax=3F=3D?=\r\n" },
	{ "two spaces survive", "a  b", NULL, "\r\nSubject: =?UTF-8?Q?a__b?=\r\n" },
	{ "folded between words", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb", NULL,
		"\r\nSubject: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb\r\n" },
	{ "no character is split", "ææææææææææææææææææ", NULL,
		"\r\nSubject: =?UTF-8?Q?=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6?=\r\n"
		" =?UTF-8?Q?=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6=C3=A6?=\r\n" },
	{ "empty subject", "", NULL, "\r\nSubject:\r\n" },
	{ "name with specials", NULL, "Hansen, \"H\" <x@y>",
		"From: =?UTF-8?Q?Hansen=2C_=22H=22_=3Cx=40y=3E?= <mt@example.dk>\r\n" },
	{ "no name", NULL, "", "From: <mt@example.dk>\r\n" },
};

static void test_header(void **state)
{
	const struct header_row *row = *state;
	struct letter letter = letter_new();
	struct text bytes = TEXT_NULL;

	letter.subject = row->subject ? row->subject : letter.subject;
	letter.from.name = row->display ? row->display : letter.from.name;
	assert_int_equal(mime_write_letter(&letter, &bytes, NULL), 0);
	if (!strstr(text_string(&bytes), row->line))
		fail_msg("%s", text_string(&bytes));
	text_done(&bytes);
}

struct refused_row {
	const char *name;
	const char *subject, *display, *address, *message_id, *frist_id, *text, *html;
};

static const struct refused_row refused_rows[] = {
	{ "line feed in the subject", .subject = "x\nBcc: y@example.dk" },
	{ "carriage return in the subject", .subject = "x\rBcc: y@example.dk" },
	{ "C1 control in the subject", .subject = "x\xc2\x85y" },
	{ "DEL in the subject", .subject = "x\x7f" },
	{ "subject not UTF-8", .subject = "P\xe5mindelse" },
	{ "line feed in a name", .display = "x\r\nBcc: y@example.dk" },
	{ "control in a name of letters", .display = "x\x01y" },
	{ "name not UTF-8", .display = "J\xf8rgen" },
	{ "line feed in an address", .address = "a@example.dk\r\nBcc: b@example.dk" },
	{ "bracket in an address", .address = "a@example.dk>,<b@example.dk" },
	{ "two addresses", .address = "a@example.dk, b@example.dk" },
	{ "space in an address", .address = "a b@example.dk" },
	{ "no domain", .address = "a" },
	{ "quoted local part", .address = "\"a\"@example.dk" },
	{ "address not ASCII", .address = "bø@example.dk" },
	{ "own id with a bracket", .message_id = "x> <y@example.dk" },
	{ "own id without @", .message_id = "x" },
	{ "frist id short", .frist_id = "0123" },
	{ "frist id upper case", .frist_id = "0123456789ABCDEF0123456789ABCDEF" },
	{ "text not UTF-8", .text = "\xff" },
	{ "html not UTF-8", .html = "\xff" },
};

static void test_refused(void **state)
{
	const struct refused_row *row = *state;
	struct letter letter = letter_new();
	struct message_address to = head;
	struct text bytes = TEXT_NULL;
	struct err err = ERR_NULL;

	letter.subject = row->subject ? row->subject : letter.subject;
	letter.from.name = row->display ? row->display : letter.from.name;
	to.address = row->address ? row->address : to.address;
	letter.to.items = &to;
	letter.message_id = row->message_id ? row->message_id : letter.message_id;
	letter.frist_id = row->frist_id ? row->frist_id : letter.frist_id;
	letter.text = row->text ? row->text : letter.text;
	letter.html = row->html;
	assert_int_equal(mime_write_letter(&letter, &bytes, &err), -1);
	assert_true(err.text[0] != '\0');
	assert_null(bytes.data);
}

static void test_nobody(void **state)
{
	struct letter letter = letter_new();
	struct text bytes = TEXT_NULL;

	(void)state;
	letter.to.count = 0;
	assert_int_equal(mime_write_letter(&letter, &bytes, NULL), -1);
}

static void test_ids_of_others(void **state)
{
	const char *ids[MIME_WRITE_REFERENCES_MAX + 10];
	char made[MIME_WRITE_REFERENCES_MAX + 10][32], long_id[1200];
	struct letter letter = letter_new();
	struct text bytes = TEXT_NULL;

	(void)state;
	memset(long_id, 'x', sizeof(long_id));
	memcpy(long_id + sizeof(long_id) - 4, "@b", 3);
	for (size_t i = 0; i < sizeof(ids) / sizeof(ids[0]); i++) {
		snprintf(made[i], sizeof(made[i]), "id%zu@example.dk", i);
		ids[i] = made[i];
	}
	ids[25] = "a>\r\nBcc: <b@example.dk";
	ids[26] = "with space@example.dk";
	ids[27] = long_id;
	letter.in_reply_to = "no at sign";
	letter.references = (struct message_strings){ ids, sizeof(ids) / sizeof(ids[0]) };
	assert_int_equal(mime_write_letter(&letter, &bytes, NULL), 0);
	assert_null(strstr(text_string(&bytes), "In-Reply-To"));
	assert_null(strstr(text_string(&bytes), "Bcc"));
	assert_null(strstr(text_string(&bytes), "space"));
	assert_null(strstr(text_string(&bytes), "xxxx"));
	assert_non_null(strstr(text_string(&bytes), "References: <id0@example.dk>"));
	assert_null(strstr(text_string(&bytes), "<id1@example.dk>"));
	assert_non_null(strstr(text_string(&bytes), "<id24@example.dk>"));
	assert_non_null(strstr(text_string(&bytes), "<id29@example.dk>\r\n"));
	text_done(&bytes);
}

struct body_row {
	const char *name, *text, *written;
};

static const struct body_row body_rows[] = {
	{ "letters", "æ = ø\n", "=C3=A6 =3D =C3=B8\r\n" },
	{ "blank at the end of a line", "a \nb\t\n", "a=20\r\nb=09\r\n" },
	{ "CRLF is a line end", "a\r\nb\r\n", "a\r\nb\r\n" },
	{ "lone carriage return", "a\rb\n", "a=0Db\r\n" },
	{ "no line end at the end", "a", "a\r\n" },
	{ "long line", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\n",
		"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=\r\naaaaa\r\n" },
	{ "a boundary of ours", "--=_" ID "--\n", "--=3D_" ID "--\r\n" },
	{ "empty", "", "" },
};

static void test_body(void **state)
{
	const struct body_row *row = *state;
	struct letter letter = letter_new();
	struct text bytes = TEXT_NULL;

	letter.text = row->text;
	assert_int_equal(mime_write_letter(&letter, &bytes, NULL), 0);
	assert_string_equal(strstr(text_string(&bytes), "\r\n\r\n") + 4, row->written);
	text_done(&bytes);
}

/* Whatever goes in, every line is printable ASCII, ends in CRLF and is short enough for SMTP. */
static void test_seven_bit(void **state)
{
	struct letter letter = letter_new();
	struct text bytes = TEXT_NULL;
	char text[2000];

	(void)state;
	for (size_t i = 0; i + 3 < sizeof(text); i += 2)
		memcpy(text + i, i % 3 ? "\xc3\xa6" : "x\t", 3);
	letter.text = letter.html = letter.subject = text;
	assert_int_equal(mime_write_letter(&letter, &bytes, NULL), -1);	/* a tab in the subject */
	letter.subject = "æ, ø og å, og meget mere om det samme, som gør emnet langt – og endnu længere end som så";
	assert_int_equal(mime_write_letter(&letter, &bytes, NULL), 0);
	for (const char *line = bytes.data, *end; *line; line = end + 2) {
		end = strstr(line, "\r\n");
		assert_non_null(end);
		assert_true(end - line <= 76);
		for (; line < end; line++)
			assert_true((*line >= ' ' && *line <= '~') || *line == '\t');
	}
	text_done(&bytes);
}

/* What we write, we read again; and as our own automatic mail, without a defect. */
static void test_read_again(void **state)
{
	static const char *const subjects[] = {
		"Rykker: hul i vejen [MT-2026-0042]", "SV: Påmindelse – \"æøå\" =?x?= og en hale, som gør den længere end en linje",
		"  to  blanke  ", "日本語の件名日本語の件名日本語の件名日本語の件名日本語の件名",
	};
	static const char *const names[] = { "Chef", "Ærø, Bo \"B\" <x@y.dk>", "a.b (c)", "=?utf-8?q?x?=" };
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;

	(void)state;
	mime_init();
	for (size_t i = 0; i < sizeof(subjects) / sizeof(subjects[0]); i++) {
		struct message_address to[2] = { { names[i], "a@example.dk" }, { NULL, "b@example.dk" } };
		struct letter letter = letter_new();
		struct text bytes = TEXT_NULL;
		struct message message;

		letter.subject = subjects[i];
		letter.to = (struct message_addresses){ to, 2 };
		letter.text = "Første linje æøå\n\nResten\n";
		letter.html = "<p>Første linje æøå</p>\n";
		assert_int_equal(mime_write_letter(&letter, &bytes, NULL), 0);
		mime_parse(&arena, &subject_grammar_default, bytes.data, bytes.length, &message);
		assert_string_equal(message.subject, subjects[i]);
		assert_string_equal(message.to.items[0].name, names[i]);
		assert_string_equal(message.to.items[1].address, "b@example.dk");
		assert_string_equal(message.frist_id, ID);
		assert_string_equal(message.message_id, letter.message_id);
		assert_int_equal(message.references.count, 2);
		assert_int_equal(message.date, letter.date);
		assert_string_equal(message.first_line, "Første linje æøå");
		assert_true(message.automatic);
		assert_int_equal(message.defects.count, 0);
		text_done(&bytes);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_whole), cmocka_unit_test(test_nobody), cmocka_unit_test(test_ids_of_others),
		cmocka_unit_test(test_seven_bit), cmocka_unit_test(test_read_again),
	};

	return RUN_ROWS(header_rows, test_header) + RUN_ROWS(refused_rows, test_refused) + RUN_ROWS(body_rows, test_body) +
		cmocka_run_group_tests(tests, NULL, NULL);
}
