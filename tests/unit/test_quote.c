#include "core/quote.h"

#include "core/calendar.h"

#include "base/err.h"
#include "base/text.h"
#include "core/htmltext.h"
#include "tests/rows.h"

struct row {
	const char *name, *text, *top, *first_line;
};

static const struct row rows[] = {
	{ "nothing", "", "", NULL },
	{ "all of it", "Hej\nGodkendt\n", "Hej\nGodkendt\n", "Hej" },
	{ "blank lines first", "\n \t\n\u00A0\n  Godkendt \u00A0\nx", "\n \t\n\u00A0\n  Godkendt \u00A0\nx", "Godkendt" },
	{ "a tab in it", "God\tkendt\n", "God\tkendt\n", "God kendt" },
	{ "only a quote", "> Godkendt\n", "", NULL },
	{ "quote with white space before it", "Nej\n  > Godkendt\n", "Nej\n", "Nej" },
	{ "Outlook", "Nej\n\nFra: A <a@example.dk>\nSendt: 1. april 2026\nGodkendt", "Nej\n\n", "Nej" },
	{ "Outlook in bold", "Nej\n*Fra:* A\n*Sendt:* i går\n", "Nej\n", "Nej" },
	{ "Outlook in English", "Nej\nFrom: A\nTo: B\nCc: C\nSubject: D\nSent: x\n", "Nej\n", "Nej" },
	{ "Apple", "Nej\n\nFra: A\nEmne: B\nDato: 1. april\nTil: C\n", "Nej\n\n", "Nej" },
	{ "Fra without a date is a sentence", "Fra: nu af gælder det\nHilsen\n", "Fra: nu af gælder det\nHilsen\n",
		"Fra: nu af gælder det" },
	{ "original", "Nej\n-----Original Message-----\nGodkendt", "Nej\n", "Nej" },
	{ "original in Danish", "Nej\n-----Oprindelig meddelelse-----\nGodkendt", "Nej\n", "Nej" },
	{ "Gmail's forward", "Se her\n---------- Forwarded message ---------\nGodkendt", "Se her\n", "Se her" },
	{ "underscores", "Nej\n________________________________\nGodkendt", "Nej\n", "Nej" },
	{ "a few underscores", "Nej\n____\nGodkendt", "Nej\n____\nGodkendt", "Nej" },
	{ "Thunderbird", "Nej\n\nDen 14-04-2026 kl. 10:12 skrev Anne:\nGodkendt", "Nej\n\n", "Nej" },
	{ "Gmail, wrapped", "Nej\n\nDen tirs. 14. apr. 2026 kl. 10.12 skrev Anne Ager <\na@example.dk>:\n\nGodkendt",
		"Nej\n\n", "Nej" },
	{ "Gmail in English", "No\n\nOn Tue, Apr 14, 2026 at 10:12 AM Anne <a@example.dk> wrote:\n\nOk", "No\n\n", "No" },
	{ "a weekday first", "Nej\ntir. 14. apr. 2026 kl. 10.12 skrev Anne <a@example.dk>:\nGodkendt", "Nej\n", "Nej" },
	{ "a sentence that begins with Den", "Den 14. april skrev jeg til jer.\nMvh\n",
		"Den 14. april skrev jeg til jer.\nMvh\n",
		"Den 14. april skrev jeg til jer." },
	{ "signature", "Nej\n-- \nGodkendt", "Nej\n", "Nej" },
	{ "signature that lost its space", "Nej\n--\nGodkendt", "Nej\n", "Nej" },
	{ "a dash is none", "Nej\n-- og dog\nGodkendt", "Nej\n-- og dog\nGodkendt", "Nej" },
	{ "iPhone", "\nSendt fra min iPhone\n", "\n", NULL },
	{ "Outlook on a phone", "Godkendt\n\nHent Outlook til iOS<https://aka.ms/x>\n", "Godkendt\n\n", "Godkendt" },
	{ "who wrote when, the name first", "Nej\nPostkasseansvarlig skrev den 23-03-2026 10:00:\nGodkendt", "Nej\n", "Nej" },
	{ "who wrote, with his address", "Nej\nAnne <a@example.dk> skrev:\nGodkendt", "Nej\n", "Nej" },
	{ "CR LF", "Godkendt\r\n\r\n> x", "Godkendt\r\n\r\n", "Godkendt" },
};

static void test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *top = quote_top(&arena, row->text), *line = quote_first_line(&arena, top);

	assert_string_equal(top, row->top);
	assert_string_equal(line ? line : "(none)", row->first_line ? row->first_line : "(none)");
}

struct ending_row {
	const char *name;			/* the text */
	bool goes_on;
};

static const struct ending_row ending_rows[] = {
	{ "", false }, { "Godkendt", false }, { "\n Godkendt \n\n", false }, { "Godkendt\nMvh Anne", false },
	{ "Godkendt\n\nmed venlig hilsen\nAnne Jensen\nAfdelingschef", false }, { "Godkendt\nanne", false },
	{ "Godkendt\npj", false }, { "Godkendt\nKærlig hilsen Anne", false }, { "Godkendt\nbedste hilsner", false },
	{ "Godkendt\nog god weekend", false }, { "Godkendt\nTak for hjælpen, Bo", false },
	{ "Godkendt\nAnne Jensen", false },
	{ "Godkendt\nhvis du retter afsnit 2", true }, { "Godkendt\n\nMen ret det", true },
	{ "Godkendt\n- men ret det", true },
	{ "Godkendt\n(hvis afsnit 2 rettes)", true }, { "Godkendt\nIkke!", true }, { "Godkendt\nIkke", true },
	{ "Godkendt\nMed de rettelser, der står i dokumentet", true }, { "Godkendt\nAfsnit 2 skal rettes", true },
	{ "Godkendt\nUndtaget afsnit 2", true }, { "Godkendt\nNÅR det er rettet", true },
	{ "Godkendt\n\nHvis der er spørgsmål, så ring.", true }, { "Godkendt\nTak, men ret datoen", true },
	{ "Godkendt\nTak for udkastet. Ret dog datoen", true }, { "Godkendt\n\nHej Peter\n\nMen ret datoen", true },
	{ "Godkendt\n\nMvh Anne\n\nNår datoen er rettet", true },
	{ "Godkendt\n\nVenlig hilsen\nAnne Jensen\nAfdelingschef, Teknik og Miljø\nTlf. 12 34 56 78", false },
	{ "Godkendt\nTak, Mette Hvistendahl", false },
};

static void test_ending(void **state)
{
	const struct ending_row *row = *state;

	assert_int_equal(quote_goes_on(row->name), row->goes_on);
}

struct head_row {
	const char *name, *text, *from, *to;
};

static const struct head_row head_rows[] = {
	{ "nothing", "", NULL, NULL },
	{ "only words", "Hej\nTil orientering\n", NULL, NULL },
	{ "Outlook", "Hermed.\n\n________________________________\nFra: Bo Borger <Bo@citizens.example>\n"
		"Sendt: 23. marts 2026 09:00\nTil: Borgmesteren <borgmester@example.dk>; Anne\nCc: x@example.dk\nEmne: Hul\n\n"
		"Kære borgmester\n", "bo@citizens.example", "Borgmesteren <borgmester@example.dk>; Anne" },
	{ "Outlook in bold", "*Fra:* Bo <bo@citizens.example>\n*Sendt:* i går\n*Til:* Borgmesteren\n*Emne:* x\n",
		"bo@citizens.example", "Borgmesteren" },
	{ "bold around the space, too", "**From: **Bo <bo@citizens.example>\n**Date: **x\n**To: **A\n",
		"bo@citizens.example", "A" },
	{ "Outlook in English, an older one", "From: Bo [mailto:bo@citizens.example]\nSent: Monday\nTo: Mayor\n\nDear\n",
		"bo@citizens.example", "Mayor" },
	{ "Gmail", "---------- Forwarded message ---------\nFra: Bo <bo@citizens.example>\nDate: man. 23. mar. 2026\n"
		"Subject: Hul\nTo:  <borgmester@example.dk>\n\n\nKære\n", "bo@citizens.example", "<borgmester@example.dk>" },
	{ "Apple", "Begin forwarded message:\n\n> From: Bo <bo@citizens.example>\n> Subject: Hul\n> Date: x\n"
		"> To: borgmester@example.dk\n> Reply-To: Bo <b@citizens.example>\n> \n> Kære\n",
		"bo@citizens.example", "borgmester@example.dk" },
	{ "Thunderbird", "-------- Videresendt meddelelse --------\nEmne: \tHul\nDato: \tMon\n"
		"Fra: \tBo <bo@citizens.example>\nTil: \tA, \tB\n\nKære\n", "bo@citizens.example", "A,  B" },
	{ "blank lines between, as HTML leaves them", "Fra: Bo <bo@citizens.example>\n\n\nEmne: Hul\n\n\n"
		"Dato: x\n\n\nTil: A\n\nKære\nTil: C", "bo@citizens.example", "A" },
	{ "wrapped", "Fra: Bo Borger\n <bo@citizens.example>\nSendt: x\nTil: A <a@example.dk>,\n"
		"\tB <b@example.dk>\nEmne: En\nto\n", "bo@citizens.example", "A <a@example.dk>, B <b@example.dk>" },
	{ "the first of two", "Fra: a@example.dk\nSendt: x\nTil: A\n\nFra: b@example.dk\nSendt: y\nTil: B\n",
		"a@example.dk", "A" },
	{ "one that follows at once gives nothing to the first", "Fra: a@example.dk\nSendt: x\nFra: b@example.dk\nSendt: y\n"
		"Til: B\n", "a@example.dk", NULL },
	{ "a sentence first", "Fra: nu af\n\nFra: b@example.dk\nSendt: y\nTil: B\n", "b@example.dk", "B" },
	{ "neither date nor recipient", "Fra: b@example.dk\nCc: B\n", NULL, NULL },
	{ "no address", "Fra: Bo Borger\nSendt: x\nTil: A\n", NULL, "A" },
	{ "the name is no address", "Fra: a@example.dk <b@example.org>\nSendt: x\n", "b@example.org", NULL },
	{ "an address and its link", "Fra: 'bo@citizens.example'<mailto:bo@citizens.example>\nSendt: x\n",
		"bo@citizens.example", NULL },
	{ "in single quotes", "Fra: 'bo@citizens.example'\nSendt: x\n", "bo@citizens.example", NULL },
	{ "an apostrophe belongs to the address", "Fra: Bo <o'bo@citizens.example>\nSendt: x\n",
		"o'bo@citizens.example", NULL },
	{ "CPR numbers", "Fra: 0101801234@post.example\nSendt: x\nTil: 010180-1234 Bo\n", NULL, "xxxxxx-xxxx Bo" },
	{ "a CPR number that is wrapped", "Fra: a@example.dk\nTil: B 010180\n1234\n", "a@example.dk", "B xxxxxx xxxx" },
	{ "CR LF", "Fra: a@example.dk\r\nSendt: x\r\nTil: A\r\n\r\nKære\r\n", "a@example.dk", "A" },
	{ "no-break spaces", "Fra:\u00A0a@example.dk\nSendt:\u00A0x\nTil:\u00A0A\n", "a@example.dk", "A" },
};

static void test_head_row(void **state)
{
	const struct head_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct quote_head head;

	quote_head(&arena, row->text, &head);
	assert_string_equal(head.from ? head.from : "(none)", row->from ? row->from : "(none)");
	assert_string_equal(head.to ? head.to : "(none)", row->to ? row->to : "(none)");
}

/* However many lines look like the beginning of a head, reading them takes time and memory in proportion. */
static void test_head_hostile(void **state)
{
	static const char *const lines[] = { "Fra: a@b.c\n", "Til: ", "Fra:\nx\n", "> > > >", "Fra: a@b.c\nTil: a\n", "\n" };

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		struct arena arena CLEANUP(arena_done) = ARENA_NULL;
		struct text text CLEANUP(text_done) = TEXT_NULL;
		struct quote_head head;

		while (text.length < MESSAGE_PREFIX_MAX)
			text_add(&text, lines[i]);
		quote_head(&arena, text_string(&text), &head);
		assert_true(!head.to || strlen(head.to) <= MESSAGE_PREFIX_MAX);
	}
}

struct link_row {
	const char *name, *text, *links;
};

static const struct link_row link_rows[] = {
	{ "none", "Kl. 10:15 http: // x: y", "" },
	{ "sentence", "Se https://sag.example.dk/1. Og http://x.dk/a?b=c&d#e!",
		"https://sag.example.dk/1|http://x.dk/a?b=c&d#e" },
	{ "brackets", "<https://a.dk/> (https://b.dk/x) \"https://c.dk\"", "https://a.dk/|https://b.dk/x|https://c.dk" },
	{ "each once", "https://a.dk https://b.dk https://a.dk", "https://a.dk|https://b.dk" },
	{ "SBSYS", "sbsys:sag/77 og SBSYS://sag/78, sbsys: nej", "sbsys:sag/77|SBSYS://sag/78" },
	{ "file server", "file://server/mappe/a.docx", "file://server/mappe/a.docx" },
	{ "other schemes are no links", "mailto:a@example.dk tel:12345678 javascript:alert(1)", "" },
	{ "glued", "sag:https://a.dk/b:c", "https://a.dk/b:c" },
	{ "only a scheme", "https://", "" },
	{ "letters beyond ASCII", "https://a.dk/ærø", "https://a.dk/ærø" },
};

static void test_link_row(void **state)
{
	const struct link_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct message_strings links;
	const char *all = "";

	quote_links(&arena, row->text, &links);
	for (size_t i = 0; i < links.count; i++)
		all = arena_printf(&arena, "%s%s%s", all, i ? "|" : "", links.items[i]);
	assert_string_equal(all, row->links);
}

static const struct link_row html_rows[] = {
	{ "words", "<p>Hej   <b>du</b>\nder</p>", "\nHej du der\n" },
	{ "entities", "&lt;a&gt; &amp;amp; &#230;&#xF8;&aring;&nbsp;&ukendt; & &#0; &#99999999;",
		"<a> &amp; æøå &ukendt; & \uFFFD \uFFFD" },
	{ "what is not text", "<head><title>x</title></head><style>a{}</style>A<script>b</script>B<!-- c > -->C", "ABC" },
	{ "unclosed", "A<style>b", "A" },
	{ "unclosed comment", "A<!-- b", "A" },
	{ "unclosed tag", "A<p class=\"b", "A\n" },
	{ "less than", "1 < 2 <3", "1 < 2 <3" },
	{ "bracket in an attribute", "<a title=\">\" href='https://a.dk/?b&amp;c'>x</a>", " <https://a.dk/?b&c> x" },
	{ "a target that is no link", "<a href=\"#top\">x</a><a href=mailto:a@example.dk>y</a>", "xy" },
	{ "quote", "<div>Nej</div><blockquote>Godkendt</blockquote>", "\nNej\n" },
	{ "Gmail's quote", "Nej<div class=\"gmail_quote\">Godkendt", "Nej" },
	{ "Outlook's quote", "Nej<div id=\"divRplyFwdMsg\" dir=\"ltr\">Godkendt", "Nej" },
	{ "Outlook's quote on the desk", "Nej<div style='border:none;border-top:solid #E1E1E1 1.0pt'>Godkendt", "Nej" },
	{ "empty", "", "" },
};

static void test_html_row(void **state)
{
	const struct link_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	assert_string_equal(htmltext_from(&arena, row->text), row->links);
}

static const struct head_row html_head_rows[] = {
	{ "Outlook on the desk", "<p>Hermed</p><div style='border:none;border-top:solid #E1E1E1 1.0pt'><p><b>Fra:</b> "
		"Bo &lt;bo@citizens.example&gt; <br><b>Sendt:</b> x<br><b>Til:</b> Kommunaldirekt&oslash;r &lt;kd@example.dk&gt;<br>"
		"<b>Emne:</b> Hul</p></div><p>K&aelig;re</p>", "bo@citizens.example", "Kommunaldirektør <kd@example.dk>" },
	{ "Outlook on the web", "Hermed<hr tabindex=\"-1\"><div id=\"divRplyFwdMsg\"><font>"
		"<b>Fra:</b> Bo &lt;bo@citizens.example&gt;<br>\n<b>Sendt:</b> x<br>\n"
		"<b>Til:</b> A &lt;a@example.dk&gt;<br>\n<b>Emne:</b> Hul</font><div>&nbsp;</div></div>",
		"bo@citizens.example", "A <a@example.dk>" },
	{ "Gmail", "<div class=\"gmail_quote\"><div class=\"gmail_attr\">---------- Forwarded message ---------<br>Fra: "
		"<b>Bo</b> <span>&lt;<a href=\"mailto:bo@citizens.example\">bo@citizens.example</a>&gt;</span><br>Date: x<br>"
		"Subject: Hul<br>To:  &lt;<a href=\"mailto:a@example.dk\">a@example.dk</a>&gt;<br></div><br>K&aelig;re</div>",
		"bo@citizens.example", "<a@example.dk>" },
	{ "Apple", "<br><div><br><blockquote type=\"cite\"><div>Begin forwarded message:</div><br><div>"
		"<span><b>From: </b></span><span>Bo &lt;"
		"<a href=\"mailto:bo@citizens.example\">bo@citizens.example</a>&gt;<br></span></div><div><span>"
		"<b>Subject: </b></span><span><b>Hul</b><br></span></div><div><b>Date: </b>x<br></div><div><b>To: </b>"
		"a@example.dk<br></div><br><div>K&aelig;re</div></blockquote>", "bo@citizens.example", "a@example.dk" },
	{ "Thunderbird", "-------- Videresendt --------<table><tbody><tr><th nowrap>Emne: </th><td>Hul</td></tr>\n<tr>"
		"<th>Dato: </th><td>x</td></tr><tr><th>Fra: </th><td>Bo <a href=\"mailto:bo@citizens.example\">"
		"&lt;bo@citizens.example&gt;</a></td></tr><tr><th>Til: </th><td>a@example.dk</td></tr></tbody></table>K&aelig;re",
		"bo@citizens.example", "a@example.dk" },
};

static void test_html_head_row(void **state)
{
	const struct head_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct quote_head head;

	quote_head(&arena, htmltext_whole(&arena, row->text), &head);
	assert_string_equal(head.from ? head.from : "(none)", row->from);
	assert_string_equal(head.to ? head.to : "(none)", row->to);
}

struct date_row {
	const char *name, *date;	/* "" where none can be read */
};

/* The name of each row is the line. */
static const struct date_row date_rows[] = {
	{ "20. marts 2026 10:00", "2026-03-20" },
	{ "fredag 20. marts 2026 10:00", "2026-03-20" },
	{ "Friday, March 20, 2026 10:00 AM", "2026-03-20" },
	{ "Friday, 20 March 2026 10:00", "2026-03-20" },
	{ "fre. 20. mar. 2026 kl. 10.00", "2026-03-20" },
	{ "Fri, 20 Mar 2026 09:00:00 +0100", "2026-03-20" },
	{ "20. maj 2026 kl. 10.00.12 CEST", "2026-05-20" },
	{ "Freitag, 20. März 2026 10:00", "2026-03-20" },
	{ "2026-03-20 10:00", "2026-03-20" },
	{ "20-03-2026 10:00:00", "2026-03-20" },
	{ "20/03-2026 10:00", "2026-03-20" },
	{ "2026 marts 20", "2026-03-20" },
	{ "3/20/2026 10:00 AM", "" },
	{ "20. marts 26 10:00", "" },
	{ "31. februar 2026", "" },
	{ "i går", "" },
	{ "", "" },
	{ "99999999999999999999. marts 99999999999999999999", "" },
	{ "marts", "" },
};

static void test_date_row(void **state)
{
	const struct date_row *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	int date = quote_read_date(row->name);

	assert_string_equal(date ? calendar_format_date(&arena, date, CALENDAR_ISO) : "", row->date);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_head_hostile) };

	return cmocka_run_group_tests(tests, NULL, NULL) + RUN_ROWS(rows, test_row) + RUN_ROWS(ending_rows, test_ending) +
		RUN_ROWS(head_rows, test_head_row) + RUN_ROWS(html_head_rows, test_html_head_row) +
		RUN_ROWS(date_rows, test_date_row) + RUN_ROWS(link_rows, test_link_row) + RUN_ROWS(html_rows, test_html_row);
}
