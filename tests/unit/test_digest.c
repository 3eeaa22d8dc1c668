#include "core/digest.h"

#include "base/text.h"
#include "tests/unit/letters.h"

/*
 * Word for word: every letter below is compared with tests/data/letters/<name>.txt, made from the templates that are
 * installed, by the workflow that is installed. The house stands in tests/unit/letters.h.
 */

/* The letter as the golden files have it. */
static const char *shown(struct arena *arena, const struct letter *letter)
{
	return arena_printf(arena, "Fra: %s <%s>\nTil: %s <%s>\nSvar på: %s\nEmne: %s\n\n%s", letter->from.name,
		letter->from.address, letter->to.items[0].name ? letter->to.items[0].name : "",
		letter->to.items[0].address, letter->in_reply_to ? letter->in_reply_to : "-", letter->subject,
		letter->text);
}

static void check_letter(struct arena *arena, const char *name, const struct letter *letter)
{
	const char *expected = read_file(arena, arena_printf(arena, "%s/letters/%s.txt", TEST_DATA, name));

	assert_non_null(letter->html);
	assert_null(strpbrk(letter->subject, "[]\r\n"));
	assert_int_equal(letter->date > 0, 1);
	for (const char *line = letter->text; *line; line += strcspn(line, "\n") + 1)
		assert_true(text_columns(arena_strndup(arena, line, strcspn(line, "\n"))) <= DIGEST_WIDTH);
	assert_string_equal(shown(arena, letter), expected ? expected : "(no such file)");
}

static void compose_and_check(struct arena *arena, const char *name, const struct digest_house *house,
	const struct digest_morning *morning)
{
	struct letter letter;
	struct err err = ERR_NULL;

	assert_int_equal(digest_compose(arena, house, morning, &letter, &err), 0);
	check_letter(arena, name, &letter);
}

static void test_one_reminder(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 1, 7);
	struct digest_house house = house_of(now);
	struct story story;
	struct letter letter;

	(void)state;
	tell(&arena, now, &story);
	const struct digest_row reminders[] = { remind(&story, HOLE, BO) };
	const struct digest_morning morning = { .person = &people[BO], .reminders = reminders, .reminders_count = 1 };

	compose_and_check(&arena, "sagsbehandler-en", &house, &morning);
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_string_equal(letter.in_reply_to, "a1@spl.example.dk");
	assert_int_equal(letter.references.count, 1);
	assert_string_equal(letter.references.items[0], "a1@spl.example.dk");
}

static void test_three_reminders(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 8, 7);
	struct digest_house house = house_of(now);
	struct story story;

	(void)state;
	tell(&arena, now, &story);
	const struct digest_row reminders[] = {
		remind(&story, HOLE, BO), remind(&story, DOGS, BO), remind(&story, LAMP, BO),
	};
	const struct digest_morning morning = { .person = &people[BO], .reminders = reminders, .reminders_count = 3 };

	compose_and_check(&arena, "sagsbehandler-tre", &house, &morning);
}

static void test_unit_leader(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 8, 7);
	struct digest_house house = house_of(now);
	struct story story;

	(void)state;
	tell(&arena, now, &story);
	const struct digest_row reminders[] = { remind(&story, HOLE, EVA) };
	const struct digest_overview overview = { WORKFLOW_VIEW_OWN, story.items, DOGS + 1 };
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1 };
	const struct digest_morning morning = {
		.person = &people[EVA], .reminders = reminders, .reminders_count = 1, .sections = &section,
		.sections_count = 1,
	};

	compose_and_check(&arena, "enhedsleder", &house, &morning);
}

static void test_head(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 7, 7);
	struct digest_house house = house_of(now);
	struct story story;

	(void)state;
	tell(&arena, now, &story);
	const struct digest_row reminders[] = { remind(&story, TREES, ANNE) };
	const struct digest_overview overview = { WORKFLOW_VIEW_ALL, story.items, ALL };
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1 };
	const struct digest_morning morning = {
		.person = &people[ANNE], .reminders = reminders, .reminders_count = 1, .sections = &section,
		.sections_count = 1,
	};

	compose_and_check(&arena, "afdelingschef", &house, &morning);
}

/* One matter, one reader, one day. */
static void check_reminder(const char *name, int which, int reader, int64_t now)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(now);
	struct story story;

	tell(&arena, now, &story);
	const struct digest_row reminders[] = { remind(&story, which, reader) };
	const struct digest_morning morning = {
		.person = &people[reader], .reminders = reminders, .reminders_count = 1,
	};

	compose_and_check(&arena, name, &house, &morning);
}

/* Who must approve is asked to; his tap goes to the caseworker, too. */
static void test_approver(void **state)
{
	(void)state;
	check_reminder("afdelingschef-godkender", TREES, ANNE, at(3, 31, 7));
}

static void test_review(void **state)
{
	(void)state;
	check_reminder("gennemsyn", SENT, SPL, at(3, 30, 7));
}

/* An answer that came with approvals unseen, and one of which the last was seen. */
static void test_answer_came(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 8, 7));
	struct story story;
	struct letter letter;

	(void)state;
	tell(&arena, house.now, &story);
	story.inquiries[HOLE].step = "svar-modtaget";
	story.inquiries[HOLE].step_at = story.inquiries[HOLE].clocks[0].stopped_at = at(4, 7, 9);
	story.inquiries[HOLE].case_link = "https://sbsys.example.dk/sag/2026-1234";
	pass_over(&story.inquiries[HOLE], "hos-enhedsleder");
	pass_over(&story.inquiries[HOLE], "klar-til-afdelingschef");
	for (int seen = 1; seen >= 0; seen--) {
		if (!seen) {
			pass_over(&story.inquiries[HOLE], "hos-afdelingschef");
			pass_over(&story.inquiries[HOLE], "godkendt");
		}
		look_at(&arena, &story);
		const struct digest_row reminders[] = { remind(&story, HOLE, GRETHE) };
		const struct digest_morning morning = {
			.person = &people[GRETHE], .reminders = reminders, .reminders_count = 1,
		};

		assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
		assert_true((strstr(letter.html, "har ikke set, at svaret er godkendt") == NULL) == seen);
	}
	check_letter(&arena, "send-videre", &letter);
}

/* The words to the citizen, with a link where his address is known, and never a CPR number in either. */
static void test_interim(void **state)
{
	static const struct asker { const char *address; bool link; } askers[] = {
		{ "borger+hul@citizens.example", true }, { NULL, false }, { "xxxxxx-xxxx@digitalpost.example.dk", false },
		{ "0101801234@digitalpost.example.dk", false }, { "\"b@x.example,c\"@digitalpost.example.dk", false },
	};
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	struct story story;
	struct letter letter;

	(void)state;
	tell(&arena, house.now, &story);
	story.inquiries[HOLE].promised_at = calendar_end(calendar_join(2026, 4, 14));
	for (size_t i = sizeof(askers) / sizeof(askers[0]); i-- > 0;) {
		story.inquiries[HOLE].subject = i ? "Hul i vejen, cpr 010180-1234" : "Hul i vejen & \"åen\"";
		story.inquiries[HOLE].asker = askers[i].address;
		look_at(&arena, &story);
		const struct digest_single single = { .template = DECIDE_INTERIM_TEMPLATE, .name = "Sekretariatet",
			.address = "spl@example.dk", .row = &story.items[HOLE] };

		assert_int_equal(digest_compose_single(&arena, &house, &single, &letter, NULL), 0);
		assert_null(strstr(letter.text, "010180"));
		assert_null(strstr(letter.html, "010180"));
		assert_null(strstr(letter.html, "digitalpost"));
		assert_int_equal(strstr(letter.html, "href=\"mailto:borger%2Bhul@citizens.example?subject=Forel%C3%B8bigt%20svar"
			"%3A%20Hul%20i%20vejen%20%26%20%22%C3%A5en%22&amp;body=K%C3%A6re%20borger%0D%0A%0D%0ATak%20for") != NULL,
			askers[i].link);
		assert_int_equal(strstr(letter.text, "ikke kendt her") == NULL, askers[i].link);
		assert_non_null(strstr(letter.text, "tirsdag den 14. april 2026"));
	}
	check_letter(&arena, "mellemsvar", &letter);
}

/* A text that no program would take as a link is not made one. */
static void test_mailto_text(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	char body[DIGEST_MAILTO_MAX];

	(void)state;
	assert_string_equal(digest_mailto_text(&arena, "a&b@example.dk", "Ø?", "1\n\n2 &\n"),
		"mailto:a%26b@example.dk?subject=%C3%98%3F&body=1%0D%0A%0D%0A2%20%26%0D%0A");
	memset(body, 'x', sizeof(body) - 1);
	body[sizeof(body) - 1] = '\0';
	assert_null(digest_mailto_text(&arena, "a@example.dk", "s", body));
}

/* Two deadlines are told apart by their names, the nearest first, and a reminder speaks of its own. */
static void test_two_deadlines(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 1, 7));
	struct register_row rows[2];
	struct story story;
	struct letter letter;
	struct inquiry *inquiry = &story.inquiries[HOLE];

	(void)state;
	tell(&arena, house.now, &story);
	inquiry->clocks[inquiry->clocks_count++] = (struct inquiry_clock){ .deadline = "aktindsigt",
		.started_at = at(3, 30, 9), .due_at = calendar_end(calendar_join(2026, 4, 13)) };
	look_at(&arena, &story);
	assert_true(register_names_deadlines(story.items[HOLE].row));
	rows[0] = rows[1] = *story.items[HOLE].row;
	register_focus(&arena, &rows[1], NULL, "aktindsigt", house.now);
	assert_int_equal(rows[0].due, calendar_join(2026, 4, 8));
	assert_int_equal(rows[1].due, calendar_join(2026, 4, 13));
	assert_int_equal(rows[1].days, 7);
	const struct digest_row reminder = { .row = &rows[1], .mailbox = &boxes[0], .template = "aktindsigt" };
	const struct digest_morning morning = { .person = &people[BO], .reminders = &reminder, .reminders_count = 1 };

	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_non_null(strstr(letter.subject, "aktindsigt senest mandag den 13. april"));
	assert_non_null(strstr(letter.text, "  Frist for svar: onsdag den 8. april (om 2 arbejdsdage)\n"
		"  Frist for aktindsigt: mandag den 13. april (om 5 arbejdsdage)\n"));
}

/* Of a deadline that stands there is no date to show, but what is left of it. */
static void test_standing(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 20, 7));
	struct story story;
	struct letter letter;

	(void)state;
	tell(&arena, house.now, &story);
	story.inquiries[HOLE].clocks[0].stopped_at = at(3, 30, 9);
	story.inquiries[HOLE].clocks[0].standing = true;
	look_at(&arena, &story);
	const struct digest_overview overview = { WORKFLOW_VIEW_OWNER, story.items, 1 };
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1 };
	const struct digest_morning morning = { .person = &people[GRETHE], .sections = &section, .sections_count = 1 };

	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_non_null(strstr(letter.text, "  Fristen står stille, 4 arbejdsdage tilbage\n"));
	assert_non_null(strstr(letter.html, "Fristen står stille, 4 arbejdsdage tilbage"));
	assert_null(strstr(letter.text, "Frist:"));
	assert_null(strstr(letter.text, "overskredet"));
}

/* Figures and no letter by letter; of two mailboxes each its own. */
static void test_shares(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	const int today = calendar_local(at(4, 7, 7)).date;
	const struct digest_volume volumes[] = {
		{ today - 5, today - 1, { 412, 37, 390, 300, 181, 0 } },
		{ today - 30, today - 1, { 8400, 702, 8012, 8123, 8122, 1 } },
	};
	const struct digest_volume quiet = { today - 1, today - 1, { 0 } };
	const struct digest_section sections[] = {
		{ .mailbox = &boxes[0], .volumes = volumes, .volumes_count = 2 },
		{ .mailbox = &boxes[1], .volumes = &quiet, .volumes_count = 1 },
	};
	const struct digest_morning morning = { .person = &people[ANNE], .sections = sections, .sections_count = 2 };

	(void)state;
	compose_and_check(&arena, "tal", &house, &morning);
}

static void test_secretariat(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 7, 7);
	struct digest_house house = house_of(now);
	struct story story;

	(void)state;
	tell(&arena, now, &story);
	const struct digest_overview overview = { WORKFLOW_VIEW_PLACES, story.items, ALL };
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1 };
	const struct digest_morning morning = { .person = &people[SPL], .sections = &section, .sections_count = 1 };

	compose_and_check(&arena, "sekretariat", &house, &morning);
}

static void test_owner(void **state)
{
	static const struct digest_waiting waiting[] = {
		{ .from = "0101801234@digitalpost.example.dk", .subject = "SV: Hul i vejen, cpr 010180-1234\n[GODKENDT]",
		  .arrived_at = INT64_C(1775550720), .reason = DECIDE_BY_TWO_CANDIDATES, .folder = "INBOX" },
		{ .subject = "Hilsen", .arrived_at = INT64_C(1775550720), .reason = DECIDE_BY_NO_SENDER },
		{ .arrived_at = INT64_C(1775460720), .reason = DECIDE_BY_UNREADABLE, .folder = "Behandlet" },
	};
	static const struct digest_undelivered undelivered[] = {
		{ .to = "bo@example.dk", .subject = "MT-2026-0042: svar senest onsdag den 8. april (Hul i vejen)",
		  .at = INT64_C(1775460720), .reply = "550 5.1.1 0101801234\n{{navn}} <b>unknown</b>\x07" },
		{ .to = "0101801234@example.dk", .subject = "Svar\r\nBcc: x@example.org [GODKENDT]",
		  .at = INT64_C(1775550720) },
	};
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 7, 7);
	struct digest_house house = house_of(now);
	struct story story;

	(void)state;
	tell(&arena, now, &story);
	const struct digest_row reminders[] = { remind(&story, BUS, GRETHE) };
	const struct digest_overview overview = { WORKFLOW_VIEW_OWNER, story.items, ALL };
	const struct digest_section section = {
		.mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1,
		.waiting = waiting, .waiting_count = 3, .waiting_total = 12,
		.undelivered = undelivered, .undelivered_count = 2,
	};
	const struct digest_morning morning = {
		.person = &people[GRETHE], .reminders = reminders, .reminders_count = 1, .sections = &section,
		.sections_count = 1,
	};

	compose_and_check(&arena, "postkasseansvarlig", &house, &morning);
}

/* Of two mailboxes each part says to which it belongs; its links, and whom to ask, are of that one. */
static void test_two_mailboxes(void **state)
{
	static const struct digest_waiting waiting = { .from = "borger@example.org", .subject = "Hilsen",
		.arrived_at = INT64_C(1775550720), .reason = DECIDE_BY_NO_INQUIRY };
	static const struct digest_undelivered undelivered = { .to = "bo@example.dk", .subject = "Svaret er sendt",
		.at = INT64_C(1775460720) };
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 9, 7);
	struct digest_house house = house_of(now);
	struct story story;
	struct letter letter;

	(void)state;
	tell(&arena, now, &story);
	story.inquiries[TREES].key = "POST-2026-0007";
	story.inquiries[TREES].clocks[0] = story.inquiries[HOLE].clocks[0];
	look_at(&arena, &story);
	story.items[TREES].mailbox = story.items[BUS].mailbox = &boxes[1];
	const struct digest_row reminders[] = {
		remind(&story, HOLE, ANNE), remind(&story, TREES, ANNE),
	};
	const struct digest_overview all[] = {
		{ WORKFLOW_VIEW_OWNER, story.items, 1 }, { WORKFLOW_VIEW_OWNER, &story.items[TREES], 1 },
		{ WORKFLOW_VIEW_ALL, &story.items[BUS], 1 },
	};
	const struct digest_section sections[] = {
		{ .mailbox = &boxes[0], .overviews = all, .overviews_count = 1, .undelivered = &undelivered,
		  .undelivered_count = 1 },
		{ .mailbox = &boxes[1], .overviews = all + 1, .overviews_count = 2, .waiting = &waiting, .waiting_count = 1,
		  .waiting_total = 1 },
	};
	const struct digest_morning morning = {
		.person = &people[ANNE], .reminders = reminders, .reminders_count = 2, .sections = sections,
		.sections_count = 2,
	};

	compose_and_check(&arena, "to-postkasser", &house, &morning);
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_non_null(strstr(letter.html, "mailto:post@example.dk?subject=POST-2026-0007%2F2%20%5BGODKENDT%5D"));
	assert_null(strstr(letter.html, "mailto:mt@example.dk"));
	assert_non_null(strstr(letter.html, "<h2>Mail, som ikke kunne placeres · Hovedpostkassen</h2>"));
	assert_non_null(strstr(letter.html, "<p class=\"linje\">Postkasse: Hovedpostkassen, post@example.dk</p>"));
	assert_null(letter.in_reply_to);
}

static void test_single_letters(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	int64_t now = at(4, 7, 9);
	struct digest_house house = house_of(now);
	struct story story;
	struct letter letter;

	(void)state;
	tell(&arena, now, &story);
	story.inquiries[SENT].step = "afsendt";
	story.inquiries[SENT].ended_at = now;
	look_at(&arena, &story);
	const struct digest_single sent = {
		.template = "afsendt", .name = "Bo Bentzen", .address = "bo@example.dk", .row = &story.items[SENT],
	};
	const struct digest_single refused = {
		.template = DIGEST_REFUSED, .name = "Anne Andersen", .address = "anne@example.dk",
		.row = &story.items[TREES], .tag = "GODKENDT", .reason = DECIDE_BY_NOT_FRESH,
		.in_reply_to = "q3@example.dk", .references = STRINGS("a2@spl.example.dk", "q2@example.dk"),
	};
	const struct digest_single lost = {
		.template = DIGEST_REFUSED, .address = "sidsel@example.dk", .tag = "AFSLUT",
		.reason = DECIDE_BY_NO_INQUIRY, .in_reply_to = "q4@example.dk",
	};

	const struct digest_single again = {
		.template = "borgeren-rykker", .name = "Bo Bentzen", .address = "bo@example.dk", .row = &story.items[HOLE],
	};

	assert_int_equal(digest_compose_single(&arena, &house, &again, &letter, NULL), 0);
	check_letter(&arena, "borgeren-rykker", &letter);
	assert_int_equal(digest_compose_single(&arena, &house, &sent, &letter, NULL), 0);
	check_letter(&arena, "afsendt", &letter);
	assert_int_equal(digest_compose_single(&arena, &house, &refused, &letter, NULL), 0);
	check_letter(&arena, "ikke-talt", &letter);
	assert_int_equal(letter.references.count, 3);
	assert_string_equal(letter.references.items[2], "q3@example.dk");
	assert_int_equal(digest_compose_single(&arena, &house, &lost, &letter, NULL), 0);
	check_letter(&arena, "ikke-talt-uden-henvendelse", &letter);
}

/* What only another mailbox decides, or nobody can read, is not to be placed by a word. */
static void test_nothing_to_place(void **state)
{
	static const struct digest_waiting waiting[] = {
		{ .arrived_at = INT64_C(1775460720), .reason = DECIDE_BY_UNREADABLE },
		{ .from = "borger@example.org", .subject = "Hul", .arrived_at = INT64_C(1775460720),
		  .reason = DECIDE_BY_ELSEWHERE },
		{ .from = "borger@example.org", .subject = "Hul", .arrived_at = INT64_C(1775460720),
		  .reason = DECIDE_BY_NO_INQUIRY },
	};
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	struct digest_section section = { .mailbox = &boxes[0], .waiting = waiting };
	const struct digest_morning morning = { .person = &people[GRETHE], .sections = &section, .sections_count = 1 };
	struct letter letter;

	(void)state;
	for (size_t i = 2; i <= 3; i++) {
		section.waiting_count = section.waiting_total = i;
		assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
		assert_non_null(strstr(letter.html, "Mailen er også kommet til en anden postkasse"));
		assert_true((strstr(letter.text, "[HØRER TIL MT-2026-0042]") != NULL) == (i == 3));
		assert_true((strstr(letter.html, "[HØRER TIL MT-2026-0042]") != NULL) == (i == 3));
	}
}

static void test_nothing_to_say(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	const struct digest_overview overview = { .view = WORKFLOW_VIEW_ALL };
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = &overview, .overviews_count = 1 };
	const struct digest_morning morning = { .person = &people[ANNE], .sections = &section, .sections_count = 1 };
	struct letter letter = { .subject = "untouched" };

	(void)state;
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), DIGEST_EMPTY);
	assert_string_equal(letter.subject, "untouched");
}

/* A mail that did not arrive is reason enough for a letter; beside a reminder it takes the letter out of its thread. */
static void test_only_undelivered(void **state)
{
	static const struct digest_undelivered undelivered = {
		.to = "bo@example.dk", .subject = "<i>Hul</i>", .at = INT64_C(1775460720), .reply = "550 <b>no</b>",
	};
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	const struct digest_section section = {
		.mailbox = &boxes[0], .undelivered = &undelivered, .undelivered_count = 1,
	};
	struct digest_morning morning = { .person = &people[GRETHE], .sections = &section, .sections_count = 1 };
	struct story story;
	struct letter letter;

	(void)state;
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_string_equal(letter.subject, "Henvendelser tirsdag den 7. april");
	assert_non_null(strstr(letter.text, "- Til bo@example.dk: »<i>Hul</i>«\n"));
	assert_non_null(strstr(letter.html, "&lt;i&gt;Hul&lt;/i&gt;"));
	assert_non_null(strstr(letter.html, "550 &lt;b&gt;no&lt;/b&gt;"));

	tell(&arena, house.now, &story);
	const struct digest_row reminders[] = { remind(&story, BUS, GRETHE) };
	morning.reminders = reminders;
	morning.reminders_count = 1;
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_null(letter.in_reply_to);
	assert_non_null(strstr(letter.text, "MAILS, DER IKKE KOM FREM"));
}

static void test_missing_template(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	struct story story;
	struct digest_row reminders[1];
	struct letter letter;
	struct err err = ERR_NULL;

	(void)state;
	tell(&arena, house.now, &story);
	reminders[0] = story.items[HOLE];
	reminders[0].template = "findes-ikke";
	const struct digest_morning morning = { .person = &people[BO], .reminders = reminders, .reminders_count = 1 };

	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, &err), -1);
	assert_string_equal(err.text, "there is no template findes-ikke");
}

/* A citizen chooses the subject: it becomes neither tag, header, template nor HTML, and shows no CPR number. */
static void test_hostile_subject(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 1, 7));
	struct inquiry inquiry = open_inquiry("MT-2026-0042", "hos-sagsbehandler",
		"[GODKENDT] <script>{{navn}}</script>\r\nBcc: x@example.org 010180-1234 \xe2\x80\xae\"", 3, 27);
	struct register_row row = row_of(&arena, &inquiry, house.now);
	const struct digest_row reminders[] = { { .row = &row, .mailbox = &boxes[0], .template = "paamindelse" } };
	const struct digest_morning morning = { .person = &people[BO], .reminders = reminders, .reminders_count = 1 };
	struct letter letter;

	(void)state;
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	assert_string_equal(letter.subject, "MT-2026-0042: svar senest onsdag den 8. april "
		"((GODKENDT) <script>{{navn}}</script>  Bcc: x@example.org xxxxxx-xxxx \")");
	assert_null(strstr(letter.html, "<script>"));
	assert_non_null(strstr(letter.html, "&lt;script&gt;{{navn}}&lt;/script&gt;"));
	assert_null(strstr(letter.html, "010180"));
	assert_null(strstr(letter.text, "010180"));
	assert_null(letter.in_reply_to);
}

/* Two clocks of one inquiry make one row; more rows than fit are counted. */
static void test_a_row_an_inquiry(void **state)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct digest_house house = house_of(at(4, 7, 7));
	struct inquiry *inquiries = arena_array(&arena, DIGEST_ROWS_MAX + 3, sizeof(*inquiries));
	struct register_row *rows = arena_array(&arena, DIGEST_ROWS_MAX + 3, sizeof(*rows));
	struct digest_row *items = arena_array(&arena, DIGEST_ROWS_MAX + 3, sizeof(*items));
	struct digest_row reminders[2];
	const struct digest_overview overviews[] = {
		{ WORKFLOW_VIEW_OWN, items, 2 }, { WORKFLOW_VIEW_ALL, items, DIGEST_ROWS_MAX + 3 },
	};
	const struct digest_section section = { .mailbox = &boxes[0], .overviews = overviews, .overviews_count = 2 };
	const struct digest_morning morning = {
		.person = &people[ANNE], .reminders = reminders, .reminders_count = 2, .sections = &section,
		.sections_count = 1,
	};
	struct letter letter;
	size_t blocks = 0;

	(void)state;
	for (size_t i = 0; i < DIGEST_ROWS_MAX + 3; i++) {
		inquiries[i] = open_inquiry(arena_printf(&arena, "MT-2026-%04zu", i + 1), "hos-sagsbehandler", "x", 4, 1);
		rows[i] = row_of(&arena, &inquiries[i], house.now);
		items[i] = (struct digest_row){ .row = &rows[i], .mailbox = &boxes[0] };
	}
	for (size_t i = 0; i < 2; i++)
		reminders[i] = (struct digest_row){ .row = &rows[0], .mailbox = &boxes[0],
			.template = i ? "rykker" : "overskredet" };
	assert_int_equal(digest_compose(&arena, &house, &morning, &letter, NULL), 0);
	for (const char *found = letter.text; (found = strstr(found, "MT-2026-")); found++)
		blocks++;
	assert_int_equal(blocks, 1 + 1 + DIGEST_ROWS_MAX);
	assert_non_null(strstr(letter.text, "Og 1 til."));
	assert_null(strstr(letter.text, "MT-2026-0203 "));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_reminder),
		cmocka_unit_test(test_three_reminders),
		cmocka_unit_test(test_unit_leader),
		cmocka_unit_test(test_head), cmocka_unit_test(test_approver), cmocka_unit_test(test_review),
		cmocka_unit_test(test_answer_came), cmocka_unit_test(test_standing), cmocka_unit_test(test_interim),
		cmocka_unit_test(test_mailto_text), cmocka_unit_test(test_two_deadlines),
		cmocka_unit_test(test_shares),
		cmocka_unit_test(test_secretariat),
		cmocka_unit_test(test_owner),
		cmocka_unit_test(test_two_mailboxes),
		cmocka_unit_test(test_single_letters),
		cmocka_unit_test(test_nothing_to_place), cmocka_unit_test(test_nothing_to_say),
		cmocka_unit_test(test_only_undelivered),
		cmocka_unit_test(test_missing_template),
		cmocka_unit_test(test_hostile_subject),
		cmocka_unit_test(test_a_row_an_inquiry),
	};
	int failed;

	if (letters_load() != 0)
		return 1;
	failed = cmocka_run_group_tests(tests, NULL, NULL);
	letters_free();
	return failed;
}
