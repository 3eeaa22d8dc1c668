#include "core/quote.h"

#include "base/err.h"
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

int main(void)
{
	return RUN_ROWS(rows, test_row) + RUN_ROWS(link_rows, test_link_row) + RUN_ROWS(html_rows, test_html_row);
}
