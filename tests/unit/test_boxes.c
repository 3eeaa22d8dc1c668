/* Several mailboxes: one mail a person a morning over all of them, and every inquiry belongs to its own mailbox. */
#include "engine/morning.h"
#include "engine/replay.h"
#include "io/mime.h"
#include "io/store_private.h"
#include "tests/rows.h"

enum { MT, POST, LETTERS_MAX = 64 };

#define OWNER "postkasseansvarlig@example.dk"
#define DEPUTY "stedfortraeder@example.dk"
#define HEAD "chef@example.dk"
#define SPL "spl@example.dk"
#define MT_ADDRESS "mt@example.dk"
#define POST_ADDRESS "post@example.dk"

/* A mail that we would have sent. */
struct told {
	int64_t at;
	const char *from, *to, *subject, *text, *html, *answers, *frist_id;
};

struct telling {
	struct arena arena;
	struct setup *setup;
	struct replay replay;
	struct told letters[LETTERS_MAX];
	size_t count;
	/* of the mails that come */
	const char *to;				/* NULL: the mailbox they come to */
	const char *frist_id;			/* NULL: they are none of ours */
	bool forged;				/* our server vouches for nobody */
	const char *body;			/* NULL: Hej */
};

/* In the last week of March 2026; Monday is the 30th. */
static int64_t march(int day, int hour)
{
	return calendar_utc(calendar_join(2026, 3, day), hour * 60);
}

static int take_mail(void *arg, const struct replay_mail *mail, struct err *err)
{
	struct telling *telling = arg;
	struct arena *arena = &telling->arena;
	const struct letter *letter = mail->letter;

	(void)err;
	assert_true(telling->count < LETTERS_MAX);
	telling->letters[telling->count++] = (struct told){
		.at = mail->at, .from = arena_strdup(arena, letter->from.address),
		.to = arena_strdup(arena, letter->to.items[0].address), .subject = arena_strdup(arena, letter->subject),
		.text = arena_strdup(arena, letter->text), .html = arena_strdup(arena, letter->html),
		.answers = arena_strdup(arena, letter->in_reply_to), .frist_id = arena_strdup(arena, letter->frist_id),
	};
	return 0;
}

static int begin(void **state)
{
	struct telling *telling = calloc(1, sizeof(*telling));
	struct workflow_faults faults = { .arena = &telling->arena };
	struct err err = ERR_NULL;

	mime_init();
	telling->setup = setup_load(TEST_DATA "/two/fristd.conf", &faults);
	assert_non_null(telling->setup);
	assert_int_equal(replay_init(&telling->replay, telling->setup, march(23, 8), take_mail, telling, &err), 0);
	*state = telling;
	return 0;
}

/* Both mailboxes follow one workflow. */
static int begin_shared(void **state)
{
	struct telling *telling;

	begin(state);
	telling = *state;
	telling->replay.mailboxes[POST].workflow = telling->replay.mailboxes[MT].workflow;
	return 0;
}

static int end(void **state)
{
	struct telling *telling = *state;

	replay_done(&telling->replay);
	setup_free(telling->setup);
	arena_done(&telling->arena);
	free(telling);
	return 0;
}

struct mail {
	int box;
	int64_t at;
	const char *from, *subject;
	const char *answers;			/* Message-ID; NULL: none */
	const char *outcome, *key;		/* what must come of it; key NULL: it belongs to nothing */
};

/* The Message-ID of a mail is the number of its second. */
static const char *id_of(struct telling *telling, int64_t at)
{
	return arena_printf(&telling->arena, "%lld@example.dk", (long long)at);
}

static void note_sighting(struct telling *telling, const char *mailbox, const struct clerk_result *result, int64_t at)
{
	static uint32_t uid;
	struct store *store = telling->replay.store;
	struct store_folder folder;
	struct err err = ERR_NULL;

	assert_int_equal(store_begin(store, &err), 0);
	assert_int_equal(store_folder(store, mailbox, "INBOX", &folder, &err), 0);
	assert_int_equal(store_add_sighting(store, folder.id, 1, ++uid, result->mail, at, result->outcome, &err), 0);
	assert_int_equal(store_commit(store, &err), 0);
}

static void receive(struct telling *telling, struct mail mail)
{
	struct clerk *clerk = &telling->replay.clerk;
	const struct conf_mailbox *mailbox = &telling->replay.mailboxes[mail.box];
	const char *parent = mail.answers ? arena_printf(&telling->arena, "In-Reply-To: <%s>\n", mail.answers) : "";
	const char *to = telling->to ? telling->to : mailbox->addresses.items[0];
	const char *vouching = telling->forged ? "" : arena_printf(&telling->arena,
		"Authentication-Results: mail.example.dk; auth=pass smtp.auth=%s\n", mail.from);
	const char *ours = telling->frist_id ?
		arena_printf(&telling->arena, "X-Frist-Id: %s\n", telling->frist_id) : "";
	const char *bytes = arena_printf(&telling->arena,
		"%sReceived: from pc by mail.example.dk with esmtpsa\nMessage-ID: <%s>\n%s%sFrom: %s\nTo: %s\n"
		"Content-Type: text/plain; charset=utf-8\nSubject: %s\n\n%s\n", vouching, id_of(telling, mail.at), parent, ours,
		mail.from, to, mail.subject, telling->body ? telling->body : "Hej");
	struct message message;
	struct clerk_result result;
	struct err err = ERR_NULL;

	clerk_parse(clerk, &telling->arena, mailbox, bytes, strlen(bytes), &message);
	if (replay_receive(&telling->replay, &telling->arena, mailbox,
			&(struct clerk_input){ .message = &message, .arrived_at = mail.at }, &result, &err) < 0)
		fail_msg("%s", err.text);
	assert_string_equal(decide_outcome_word(result.outcome), mail.outcome);
	assert_string_equal(result.key ? result.key : "", mail.key ? mail.key : "");
	note_sighting(telling, mailbox->name, &result, mail.at);
}

static void step(struct telling *telling, int64_t at)
{
	struct err err = ERR_NULL;

	if (replay_until(&telling->replay, at, &err) != 0)
		fail_msg("%s", err.text);
}

/* The one mail that this person gets on that day. */
static const struct told *only_letter(struct telling *telling, const char *to, int day)
{
	const struct told *found = NULL;

	step(telling, march(day, 20));
	for (size_t i = 0; i < telling->count; i++) {
		const struct told *letter = &telling->letters[i];

		if (strcmp(letter->to, to) != 0 || letter->at < march(day, 0))
			continue;
		if (found)
			fail_msg("%s gets \"%s\" and \"%s\"", to, found->subject, letter->subject);
		found = letter;
	}
	if (!found)
		fail_msg("%s gets nothing", to);
	return found;
}

static void assert_has(const char *text, const char *wanted)
{
	if (!strstr(text, wanted))
		fail_msg("nothing of \"%s\" in:\n%s", wanted, text);
}

static void assert_lacks(const char *text, const char *unwanted)
{
	if (strstr(text, unwanted))
		fail_msg("\"%s\" in:\n%s", unwanted, text);
}

static const char *mailbox_of(struct telling *telling, const char *key)
{
	struct inquiry inquiry;
	struct err err = ERR_NULL;

	assert_int_equal(store_find_inquiry(telling->replay.store, &telling->arena, key, &inquiry, &err), 0);
	return inquiry.mailbox;
}

/* ---- one mail a person ---- */

/*
 * "Hates robots that write often: one mail a person a morning is plenty." The deputy is reminded of the one mailbox's
 * letter and keeps the other mailbox.
 */
static void test_one_mail_of_two_mailboxes(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ POST, march(26, 11), SPL, "Skilt", NULL, "opened", "POST-2026-0001" });
	letter = only_letter(telling, DEPUTY, 30);
	assert_string_equal(letter->from, MT_ADDRESS);
	assert_has(letter->text, "MT-2026-0001 · Hul\n");
	assert_has(letter->text, "  Postkasse: MT Borgmesterhenvendelser, mt@example.dk\n");
	assert_has(letter->text, "ALLE ÅBNE HENVENDELSER · Hovedpostkassen\n\nPOST-2026-0001 · Skilt\n");
	assert_has(letter->html, "mailto:post@example.dk?subject=POST-2026-0001%2F1%20%5BAFSENDT%5D");
	assert_lacks(letter->html, "mailto:mt@example.dk");
	assert_null(letter->answers);
}

/* The first mailbox has nothing for the deputy: his mail comes from the other, and names none. */
static void test_from_the_first_that_has_something(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ POST, march(26, 11), SPL, "Skilt", NULL, "opened", "POST-2026-0001" });
	letter = only_letter(telling, DEPUTY, 27);
	assert_string_equal(letter->from, POST_ADDRESS);
	assert_has(letter->text, "\nALLE ÅBNE HENVENDELSER\n");
	assert_has(letter->text, "så send mailen til post@example.dk med");
}

/* Although the first mailbox wanted a mail for him, too, with nothing to say in the end. */
static void test_one_inquiry_alone(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	telling->replay.mailboxes[MT].workflow = telling->replay.mailboxes[POST].workflow;
	receive(telling, (struct mail){ POST, march(23, 10), SPL, "Skilt", NULL, "opened", "POST-2026-0001" });
	letter = only_letter(telling, DEPUTY, 27);	/* a working day before the end */
	assert_string_equal(letter->from, POST_ADDRESS);
	assert_has(letter->subject, "POST-2026-0001: svaret ventes endnu");
	assert_string_equal(letter->answers, id_of(telling, march(23, 10)));
	assert_lacks(letter->text, "Postkasse:");
}

/* ---- one workflow, two mailboxes ---- */

static void open_both(struct telling *telling)
{
	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ POST, march(26, 11), SPL, "Hul", NULL, "opened", "MT-2026-0002" });
}

static void test_shared_workflow(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	open_both(telling);
	assert_string_equal(mailbox_of(telling, "MT-2026-0001"), "mt");
	assert_string_equal(mailbox_of(telling, "MT-2026-0002"), "post");
	letter = only_letter(telling, HEAD, 27);
	assert_string_equal(letter->from, MT_ADDRESS);
	assert_has(letter->text, "ALLE ÅBNE HENVENDELSER · MT Borgmesterhenvendelser\n\nMT-2026-0001 · Hul\n");
	assert_has(letter->text, "ALLE ÅBNE HENVENDELSER · Hovedpostkassen\n\nMT-2026-0002 · Hul\n");
	letter = only_letter(telling, OWNER, 27);
	assert_has(letter->text, "mt@example.dk med [IKKE HENVENDELSE] forrest i emnet.\n\n"
		"  Postkasse: MT Borgmesterhenvendelser");
	assert_has(letter->text, "post@example.dk med [IKKE HENVENDELSE] forrest i emnet.\n\n  Postkasse: Hovedpostkassen");
}

/* A receipt completes the letter that came to its own mailbox. */
static void test_receipt_as_second_mail(void **state)
{
	struct telling *telling = *state;

	open_both(telling);
	receive(telling, (struct mail){ POST, march(26, 12), SPL, "Kvittering: Hul", NULL, "noted", "MT-2026-0002" });
	receive(telling, (struct mail){ MT, march(26, 13), SPL, "Kvittering: Hul", NULL, "noted", "MT-2026-0001" });
}

/* What answers a letter belongs to it wherever it arrives. */
static void test_answer_in_the_other_mailbox(void **state)
{
	struct telling *telling = *state;

	open_both(telling);
	receive(telling, (struct mail){ POST, march(26, 12), SPL, "SV: Hul", id_of(telling, march(26, 10)), "noted",
		"MT-2026-0001" });
	assert_string_equal(mailbox_of(telling, "MT-2026-0001"), "mt");
}

/* Who writes as a mailbox acts as that one only, and where a mail is addressed to is asked of the inquiry's mailbox. */
static void test_the_other_mailbox_is_a_stranger(void **state)
{
	struct telling *telling = *state;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	telling->to = "medarbejder.vej@example.dk";
	receive(telling, (struct mail){ POST, march(26, 11), POST_ADDRESS, "VS: Hul", id_of(telling, march(26, 10)), "noted",
		"MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(26, 12), MT_ADDRESS, "VS: Hul", id_of(telling, march(26, 10)), "moved",
		"MT-2026-0001" });
	telling->to = MT_ADDRESS;
	receive(telling, (struct mail){ POST, march(26, 13), "medarbejder.vej@example.dk", "SV: Hul 26.04.01-P19-12",
		id_of(telling, march(26, 10)), "moved", "MT-2026-0001" });
}

/* A word for a new inquiry opens it where it was sent, whatever it answers. */
static void test_new_inquiry_in_the_other_mailbox(void **state)
{
	struct telling *telling = *state;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ POST, march(26, 11), OWNER, "SV: [NY HENVENDELSE] Hul",
		id_of(telling, march(26, 10)), "opened", "POST-2026-0001" });
	assert_string_equal(mailbox_of(telling, "POST-2026-0001"), "post");
	assert_has(only_letter(telling, DEPUTY, 27)->text, "POST-2026-0001 · Hul\n");
}

/* ---- the owner's lists ---- */

static void refuse(struct telling *telling, const char *mailbox)
{
	static const char *const address = "leder.vej@example.dk", *const reply = "550 5.1.1 no such user";
	static const enum outbox_outcome rejected = OUTBOX_REJECTED;
	struct store *store = telling->replay.store;
	int64_t now = telling->replay.now;
	struct outbox_row row;
	struct err err = ERR_NULL;

	assert_int_equal(store_begin(store, &err), 0);
	assert_int_equal(outbox_add_single(store, mailbox, address, "afsendt", 0, 0, true, "example.dk", now, now, &err), 0);
	assert_int_equal(outbox_next(store, &telling->arena, now, true, &row, &err), 0);
	assert_int_equal(outbox_claim(store, row.id, "Svaret er sendt", NULL, NULL, 0, &err), 0);
	assert_int_equal(outbox_settle(store, row.id, &address, &rejected, &reply, 1, now, now, &err), 0);
	assert_int_equal(store_commit(store, &err), 0);
}

static void test_lists_of_every_mailbox(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ MT, march(26, 10), "a@example.org", "Hilsen", NULL, "waiting", NULL });
	receive(telling, (struct mail){ POST, march(26, 11), "b@example.org", "Ros", NULL, "waiting", NULL });
	refuse(telling, "post");
	letter = only_letter(telling, OWNER, 27);
	assert_has(letter->text, "MAIL, SOM IKKE KUNNE PLACERES · MT Borgmesterhenvendelser\n\n- Fra a@example.org");
	assert_has(letter->text, "svar på den til mt@example.dk med");
	assert_has(letter->text, "MAIL, SOM IKKE KUNNE PLACERES · Hovedpostkassen\n\n- Fra b@example.org");
	assert_has(letter->text, "svar på den til post@example.dk med");
	assert_has(letter->text, "MAILS, DER IKKE KOM FREM · Hovedpostkassen\n");
	assert_lacks(letter->text, "MAILS, DER IKKE KOM FREM · MT");
}

/* What a colleague answers in the caseworker's place is in the owner's list until it is passed on. */
static void test_answer_is_passed_on(void **state)
{
	struct telling *telling = *state;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	telling->to = "medarbejder.vej@example.dk";
	receive(telling, (struct mail){ MT, march(26, 11), OWNER, "VS: Hul", id_of(telling, march(26, 10)), "moved",
		"MT-2026-0001" });
	telling->to = MT_ADDRESS;
	telling->body = "Svaret ligger her: 26.04.01-P19-12";
	receive(telling, (struct mail){ MT, march(26, 12), "medarbejder.park@example.dk", "SV: Hul",
		id_of(telling, march(26, 11)), "waiting", "MT-2026-0001" });
	assert_has(only_letter(telling, OWNER, 27)->text, "Fra medarbejder.park@example.dk");
	telling->to = SPL;
	receive(telling, (struct mail){ MT, march(27, 21), OWNER, "VS: Hul", id_of(telling, march(26, 12)), "moved",
		"MT-2026-0001" });
	assert_lacks(only_letter(telling, OWNER, 30)->text, "Fra medarbejder.park@example.dk");
}

/* A letter to both mailboxes opens an inquiry in one; the other's owner is told, and may open his own. */
static void test_a_letter_to_both(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	telling->to = MT_ADDRESS ", " POST_ADDRESS;
	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ POST, march(26, 10), SPL, "Hul", NULL, "waiting", NULL });
	telling->to = NULL;
	letter = only_letter(telling, DEPUTY, 27);	/* who keeps the other mailbox */
	assert_has(letter->text, "Fra spl@example.dk: »Hul«");
	assert_has(letter->text, "Mailen er også kommet til en\n  anden postkasse og er registreret dér.");
	receive(telling, (struct mail){ POST, march(27, 9), OWNER, "SV: [IKKE HENVENDELSE] Hul",
		id_of(telling, march(26, 10)), "refused", "MT-2026-0001" });
	receive(telling, (struct mail){ POST, march(27, 10), OWNER, "SV: [NY HENVENDELSE] Hul",
		id_of(telling, march(26, 10)), "opened", "POST-2026-0001" });
	assert_string_equal(mailbox_of(telling, "POST-2026-0001"), "post");
}

/*
 * The server gave our mail another id: answers to that are answers to us. Whoever got the mail cannot teach us one.
 */
static void test_our_own_mail_comes_back(void **state)
{
	static const struct { bool forged; const char *outcome, *key; } rows[] = {
		{ false, "noted", "POST-2026-0001" },
		{ true, "unrelated", NULL },
	};
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ POST, march(23, 10), SPL, "Skilt", NULL, "opened", "POST-2026-0001" });
	letter = only_letter(telling, DEPUTY, 27);
	for (int i = 0; i < 2; i++) {
		telling->frist_id = letter->frist_id;
		telling->forged = rows[i].forged;
		receive(telling, (struct mail){ POST, march(27, 21) + i, POST_ADDRESS, letter->subject, NULL, "own", NULL });
		telling->frist_id = NULL;
		telling->forged = false;
		receive(telling, (struct mail){ POST, march(27, 22) + i, DEPUTY, "SV: Tak", id_of(telling, march(27, 21) + i),
			rows[i].outcome, rows[i].key });
	}
}

/* ---- answers to a mail of ours that shows more than one thing ---- */

/* Whoever answers our letter; what: "SV: ", and words before it. */
static void answer(struct telling *telling, const struct told *letter, int64_t at, const char *what,
	const char *outcome, const char *key)
{
	receive(telling, (struct mail){ MT, at, letter->to, arena_printf(&telling->arena, "%s%s", what, letter->subject),
		arena_printf(&telling->arena, "%s.frist@example.dk", letter->frist_id), outcome, key });
}

static void assert_step(struct telling *telling, const char *key, const char *step)
{
	struct inquiry inquiry;
	struct err err = ERR_NULL;

	assert_int_equal(store_find_inquiry(telling->replay.store, &telling->arena, key, &inquiry, &err), 0);
	assert_string_equal(inquiry.closed ? inquiry.closed : inquiry.step, step);
}

static void send_to(struct telling *telling, const char *to, struct mail mail)
{
	telling->to = to;
	receive(telling, mail);
	telling->to = NULL;
}

/* The head is reminded of one inquiry that a caseworker has, and further down another waits for his approval. */
static void test_approval_of_one_of_a_morning(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ MT, march(23, 9), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	send_to(telling, "medarbejder.vej@example.dk", (struct mail){ MT, march(23, 10), OWNER, "VS: Hul",
		id_of(telling, march(23, 9)), "moved", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(27, 9), SPL, "Larm", NULL, "opened", "MT-2026-0002" });
	send_to(telling, "medarbejder.park@example.dk", (struct mail){ MT, march(27, 10), OWNER, "VS: Larm",
		id_of(telling, march(27, 9)), "moved", "MT-2026-0002" });
	send_to(telling, HEAD, (struct mail){ MT, march(30, 14), "medarbejder.park@example.dk", "SV: Larm",
		id_of(telling, march(27, 10)), "moved", "MT-2026-0002" });
	letter = only_letter(telling, HEAD, 31);
	assert_has(letter->text, "MT-2026-0001 · Hul\n");
	assert_has(letter->text, "MT-2026-0002/1 [GODKENDT]");
	telling->body = "Godkendt";
	answer(telling, letter, march(31, 21), "SV: ", "waiting", NULL);
	assert_step(telling, "MT-2026-0001", "hos-sagsbehandler");
	telling->body = NULL;
	answer(telling, letter, march(31, 22), "MT-2026-0099 [GODKENDT] SV: ", "waiting", NULL);
	answer(telling, letter, march(31, 23), "MT-2026-0002 [GODKENDT] SV: ", "moved", "MT-2026-0002");
	assert_step(telling, "MT-2026-0001", "hos-sagsbehandler");
	assert_step(telling, "MT-2026-0002", "godkendt");
}

/* The owner's list prints the words: in answer to the list itself they say nothing of one mail or inquiry in it. */
static void test_words_in_answer_to_the_list(void **state)
{
	static const char *const words[] = { "IKKE HENVENDELSE", "NY HENVENDELSE", "HØRER TIL MT-2026-0001", "AFSLUT" };
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ MT, march(25, 10), "a@example.org", "Hilsen", NULL, "waiting", NULL });
	letter = only_letter(telling, OWNER, 26);
	for (int i = 0; i < 3; i++)
		answer(telling, letter, march(26, 21) + i, arena_printf(&telling->arena, "[%s] SV: ", words[i]), "refused",
			NULL);
	receive(telling, (struct mail){ MT, march(26, 22), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	letter = only_letter(telling, OWNER, 30);
	for (int i = 0; i < 4; i++)
		answer(telling, letter, march(30, 21) + i, arena_printf(&telling->arena, "[%s] SV: ", words[i]), "refused",
			strstr(words[i], "MT-") ? "MT-2026-0001" : NULL);
	answer(telling, letter, march(30, 22), "MT-2026-0001 [NY HENVENDELSE] SV: ", "refused", "MT-2026-0001");
	assert_step(telling, "MT-2026-0001", "modtaget");
	answer(telling, letter, march(30, 23), "MT-2026-0001 [IKKE HENVENDELSE] SV: ", "commanded", "MT-2026-0001");
	assert_step(telling, "MT-2026-0001", "ikke en henvendelse");
}

/* A list that happens to hold one inquiry asks nobody about it: no answer to it approves, nor is a new letter lost. */
static void test_answer_to_a_list_of_one(void **state)
{
	struct telling *telling = *state;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	telling->to = "medarbejder.vej@example.dk";
	receive(telling, (struct mail){ MT, march(26, 11), OWNER, "VS: Hul", id_of(telling, march(26, 10)), "moved",
		"MT-2026-0001" });
	telling->to = NULL;
	answer(telling, only_letter(telling, HEAD, 27), march(27, 21), "[GODKENDT] SV: ", "refused", NULL);
	answer(telling, only_letter(telling, SPL, 27), march(27, 22), "SV: ", "opened", "MT-2026-0002");
	assert_step(telling, "MT-2026-0001", "hos-sagsbehandler");
}

/* ---- [FLYT TIL …] ---- */

static const struct move_row {
	const char *name, *to;
	bool shared;			/* do both follow one workflow? */
	const char *mailbox;		/* where the inquiry then is */
} move_rows[] = {
	{ "the workflow's key", "POST", false, "post" },
	{ "the workflow's name", "HOVEDPOSTKASSEN", false, "post" },
	{ "the key of its own", "MT", false, "mt" },
	{ "the mailbox's name", "post", true, "post" },
	{ "its address", "Post@example.dk", true, "post" },
	{ "its title", "Hovedpostkassen", true, "post" },
	{ "its own mailbox", "mt@example.dk", true, "mt" },
	{ "a workflow that two follow", "Borgmesterhenvendelse", true, "mt" },
	{ "nowhere", "Månen", true, "mt" },
};

static void test_move(void **state)
{
	const struct move_row *row = *state;
	struct telling *telling;
	void *held = NULL;
	bool moves = strcmp(row->mailbox, "post") == 0;

	if (row->shared)
		begin_shared(&held);
	else
		begin(&held);
	telling = held;
	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(26, 11), OWNER,
		arena_printf(&telling->arena, "MT-2026-0001 [FLYT TIL %s]", row->to), NULL, moves ? "commanded" : "refused",
		"MT-2026-0001" });
	assert_string_equal(mailbox_of(telling, "MT-2026-0001"), row->mailbox);
	if (moves) {
		receive(telling, (struct mail){ MT, march(26, 12), row->shared ? OWNER : DEPUTY,
			"MT-2026-0001 [FORTRYD]", NULL, "commanded", "MT-2026-0001" });
		assert_string_equal(mailbox_of(telling, "MT-2026-0001"), "mt");
	} else {
		const struct told *letter = only_letter(telling, OWNER, 26);

		assert_has(letter->text, "\nEfter FLYT TIL skrives postkassens navn eller adresse.");
		assert_string_equal(letter->from, MT_ADDRESS);
	}
	end(&held);
}

/* Whoever keeps the other mailbox sees it there, and nobody where it was. */
static void test_moved_inquiry_is_seen(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(26, 11), OWNER, "MT-2026-0001 [FLYT TIL post]", NULL, "commanded",
		"MT-2026-0001" });
	letter = only_letter(telling, HEAD, 27);
	assert_string_equal(letter->from, POST_ADDRESS);
	assert_has(letter->text, "\nALLE ÅBNE HENVENDELSER\n\nMT-2026-0001 · Hul\n");
}

/* ---- a mailbox that is taken away ---- */

/* The morning was called, but nothing had left when IT took the first mailbox out. */
static void test_mailbox_taken_out(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;
	struct err err = ERR_NULL;

	receive(telling, (struct mail){ POST, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	telling->replay.now = march(27, 7);
	assert_int_equal(morning_round(&telling->replay.clerk, &err), 0);
	assert_int_equal(telling->count, 0);
	telling->replay.setup.conf.mailboxes++;
	telling->replay.setup.conf.mailboxes_count--;
	letter = only_letter(telling, OWNER, 27);
	assert_string_equal(letter->from, POST_ADDRESS);
	assert_has(letter->subject, "MT-2026-0001: mangler en sagsbehandler");
	letter = only_letter(telling, HEAD, 27);
	assert_has(letter->text, "MT-2026-0001 · Hul\n");
}

#define TELL(test, set_up) cmocka_unit_test_setup_teardown(test, set_up, end)

/* ---- inquiries that belong together ---- */

#define PASSED_ON "Se nedenfor.\n\n-----Oprindelig meddelelse-----\nFra: Borger <borger@citizens.example>\n" \
	"Sendt: 23. marts 2026 09:00\nTil: Borgmester <borgmester@example.dk>\nEmne: Hul\n\nHej\n"

/* "Sends the same letter to mayor, director and main mailbox": the one goes on as the other, in its own mailbox. */
static void test_same_matter_in_the_other_mailbox(void **state)
{
	struct telling *telling = *state;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ POST, march(26, 11), SPL, "Et hul", NULL, "opened", "POST-2026-0001" });
	receive(telling, (struct mail){ POST, march(26, 12), DEPUTY, "POST-2026-0001 [SAMME SOM MT-2026-0001]", NULL,
		"commanded", "POST-2026-0001" });
	receive(telling, (struct mail){ POST, march(26, 13), SPL, "SV: Et hul", id_of(telling, march(26, 11)), "noted",
		"MT-2026-0001" });
	assert_has(only_letter(telling, OWNER, 27)->text, "  Samme sag som: POST-2026-0001\n");
}

static bool has_deadline(struct telling *telling, const char *key, const char *deadline)
{
	struct inquiry inquiry;
	struct err err = ERR_NULL;

	assert_int_equal(store_find_inquiry(telling->replay.store, &telling->arena, key, &inquiry, &err), 0);
	for (size_t i = 0; i < inquiry.clocks_count; i++)
		if (strcmp(inquiry.clocks[i].deadline, deadline) == 0 && !inquiry_clock_is_done(&inquiry.clocks[i]))
			return true;
	return false;
}

/* What was asked for by a word goes with the inquiry, and who asked stays known of the one that it is the same as. */
static void test_deadline_of_a_word_goes_along(void **state)
{
	struct telling *telling = *state;
	struct err err = ERR_NULL;
	int64_t known;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "[AKTINDSIGT] VS: Larm", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(26, 11), OWNER, "MT-2026-0001 [FLYT TIL post]", NULL, "commanded",
		"MT-2026-0001" });
	assert_true(has_deadline(telling, "MT-2026-0001", "aktindsigt"));
	telling->body = PASSED_ON;
	receive(telling, (struct mail){ MT, march(26, 12), SPL, "Hul", NULL, "opened", "MT-2026-0002" });
	telling->body = NULL;
	receive(telling, (struct mail){ POST, march(26, 13), OWNER, "MT-2026-0001 [SAMME SOM MT-2026-0002]", NULL,
		"commanded", "MT-2026-0001" });
	assert_false(has_deadline(telling, "MT-2026-0001", "aktindsigt"));
	assert_true(has_deadline(telling, "MT-2026-0002", "aktindsigt"));
	assert_int_equal(DB_GET(telling->replay.store->db, &known, &err,
		"SELECT count(*) FROM inquiry WHERE asker_hash IS NOT NULL", DB_NONE), 0);
	assert_int_equal(known, 1);
}

/* What is open in a mailbox that the reader has no part in goes by its key. */
static void test_what_else_the_citizen_has_open(void **state)
{
	struct telling *telling = *state;

	telling->body = PASSED_ON;
	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(26, 11), SPL, "Støj", NULL, "opened", "MT-2026-0002" });
	receive(telling, (struct mail){ POST, march(26, 12), SPL, "Skilt", NULL, "opened", "POST-2026-0001" });
	telling->body = NULL;
	receive(telling, (struct mail){ MT, march(26, 13), SPL, "Lys", NULL, "opened", "MT-2026-0003" });
	assert_has(only_letter(telling, OWNER, 27)->text,
		"  Borgeren har også: MT-2026-0002 »Støj«, POST-2026-0001 i\n  Hovedpostkassen\n");
	receive(telling, (struct mail){ MT, march(27, 21), OWNER, "MT-2026-0002 [AFSLUT]", NULL, "commanded",
		"MT-2026-0002" });
	assert_has(only_letter(telling, OWNER, 30)->text, "  Borgeren har også: POST-2026-0001 i Hovedpostkassen\n");
}

/* Neither without asker_days, nor when so many days have passed, nor of what has ended. */
static void test_citizens_are_forgotten(void **state)
{
	struct telling *telling = *state;
	struct err err = ERR_NULL;
	int64_t known;

	telling->body = PASSED_ON;
	telling->replay.setup.conf.asker_days = 0;
	receive(telling, (struct mail){ MT, march(26, 9), SPL, "Lys", NULL, "opened", "MT-2026-0001" });
	telling->replay.setup.conf.asker_days = 2;
	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0002" });
	receive(telling, (struct mail){ MT, march(26, 11), SPL, "Støj", NULL, "opened", "MT-2026-0003" });
	assert_int_equal(DB_GET(telling->replay.store->db, &known, &err,
		"SELECT count(*) FROM inquiry WHERE asker_hash IS NOT NULL", DB_NONE), 0);
	assert_int_equal(known, 2);
	assert_has(only_letter(telling, OWNER, 27)->text, "  Borgeren har også: MT-2026-0003 »Støj«\n");
	assert_lacks(only_letter(telling, OWNER, 30)->text, "Borgeren har");
	assert_int_equal(DB_GET(telling->replay.store->db, &known, &err,
		"SELECT count(*) FROM inquiry WHERE asker_hash IS NOT NULL", DB_NONE), 0);
	assert_int_equal(known, 0);
}

/* Nobody is a citizen by an address of ours or of a scanner, nor does the address stand there to be read. */
static void test_who_is_no_citizen(void **state)
{
	struct telling *telling = *state;
	struct err err = ERR_NULL;
	int64_t known;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	telling->body = "Se.\n\n-----Oprindelig meddelelse-----\nFra: Kollega <kollega@example.dk>\n"
		"Sendt: 23. marts 2026 09:00\nTil: Borgmester <borgmester@example.dk>\nEmne: Hul\n\nHej\n";
	receive(telling, (struct mail){ MT, march(26, 11), SPL, "Støj", NULL, "opened", "MT-2026-0002" });
	assert_int_equal(DB_GET(telling->replay.store->db, &known, &err,
		"SELECT count(*) FROM inquiry WHERE asker_hash IS NOT NULL", DB_NONE), 0);
	assert_int_equal(known, 0);
}

/* "Puts three matters in one mail": the owner gets the keys, and a mail for each that is ready to be addressed. */
static void test_split_letter(void **state)
{
	struct telling *telling = *state;
	const struct told *letter;

	receive(telling, (struct mail){ MT, march(26, 10), SPL, "Hul, støj", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(26, 11), OWNER, "MT-2026-0001 [DEL 2]", NULL, "commanded",
		"MT-2026-0001" });
	letter = only_letter(telling, OWNER, 26);
	assert_string_equal(letter->subject, "MT-2026-0001: henvendelsen er delt i 2 (Hul, støj (1 af 2))");
	assert_has(letter->text, "  MT-2026-0001 Hul, støj (1 af 2)\n");
	assert_has(letter->text, "  Fordel MT-2026-0002 (2 af 2): send en mail til den, der skal have den,\n"
		"  cc mt@example.dk, med dette emne:\n  MT-2026-0002 Hul, støj (2 af 2)\n");
	assert_has(letter->html,
		"mailto:?subject=MT-2026-0002%20Hul%2C%20st%C3%B8j%20%282%20af%202%29&amp;cc=mt%40example.dk");
	assert_has(only_letter(telling, OWNER, 27)->text, "MT-2026-0002 · Hul, støj (2 af 2)\n");
}

/* What was to be told in the morning and is not true any more by then is told to nobody. */
static void test_ended_overnight(void **state)
{
	struct telling *telling = *state;

	telling->body = PASSED_ON;
	receive(telling, (struct mail){ MT, march(25, 10), SPL, "Hul", NULL, "opened", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(25, 11), SPL, "Støj", NULL, "opened", "MT-2026-0002" });
	telling->body = NULL;
	receive(telling, (struct mail){ MT, march(25, 20), "borger@citizens.example", "SV: Hul", id_of(telling, march(25, 10)),
		"noted", "MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(25, 21), OWNER, "MT-2026-0002 [DEL 2]", NULL, "commanded",
		"MT-2026-0002" });
	receive(telling, (struct mail){ MT, march(25, 22), OWNER, "MT-2026-0002 [FORTRYD]", NULL, "commanded",
		"MT-2026-0002" });
	receive(telling, (struct mail){ MT, march(25, 23), OWNER, "MT-2026-0001 [AFSLUT]", NULL, "commanded",
		"MT-2026-0001" });
	receive(telling, (struct mail){ MT, march(25, 23) + 60, OWNER, "MT-2026-0002 [MELLEMSVAR 14/4]", NULL, "commanded",
		"MT-2026-0002" });
	receive(telling, (struct mail){ MT, march(25, 23) + 120, OWNER, "MT-2026-0002 [FORTRYD]", NULL, "commanded",
		"MT-2026-0002" });
	step(telling, march(26, 20));
	for (size_t i = 0; i < telling->count; i++) {
		assert_lacks(telling->letters[i].subject, "rykker (");
		assert_lacks(telling->letters[i].subject, "er delt");
		assert_lacks(telling->letters[i].subject, "giv borgeren besked");
	}
	assert_true(telling->count > 0);
}

/* An old thread of a workflow that nobody follows any more holds nothing up, and nothing in it is lost. */
static void test_workflow_gone(void **state)
{
	struct telling *telling = *state;

	receive(telling, (struct mail){ POST, march(23, 9), SPL, "Hul", NULL, "opened", "POST-2026-0001" });
	receive(telling, (struct mail){ POST, march(23, 10), DEPUTY, "SV: [AFSLUT] Hul",
		id_of(telling, march(23, 9)), "commanded", "POST-2026-0001" });
	telling->replay.setup.conf.workflows_count = 1;
	telling->replay.mailboxes[POST].workflow = telling->replay.mailboxes[MT].workflow;
	receive(telling, (struct mail){ POST, march(24, 9), HEAD, "SV: Hul", id_of(telling, march(23, 9)), "waiting",
		NULL });
	receive(telling, (struct mail){ POST, march(24, 10), OWNER, "SV: [HØRER TIL POST-2026-0001] Hul",
		id_of(telling, march(24, 9)), "refused", NULL });
	receive(telling, (struct mail){ POST, march(24, 11), OWNER, "SV: [NY HENVENDELSE] Hul",
		id_of(telling, march(24, 9)), "opened", "MT-2026-0001" });
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TELL(test_answer_is_passed_on, begin),
		TELL(test_one_mail_of_two_mailboxes, begin), TELL(test_from_the_first_that_has_something, begin),
		TELL(test_one_inquiry_alone, begin), TELL(test_shared_workflow, begin_shared),
		TELL(test_receipt_as_second_mail, begin_shared), TELL(test_answer_in_the_other_mailbox, begin_shared),
		TELL(test_the_other_mailbox_is_a_stranger, begin_shared), TELL(test_our_own_mail_comes_back, begin),
		TELL(test_new_inquiry_in_the_other_mailbox, begin), TELL(test_lists_of_every_mailbox, begin_shared),
		TELL(test_moved_inquiry_is_seen, begin_shared), TELL(test_mailbox_taken_out, begin_shared),
		TELL(test_workflow_gone, begin), TELL(test_a_letter_to_both, begin),
		TELL(test_approval_of_one_of_a_morning, begin), TELL(test_words_in_answer_to_the_list, begin),
		TELL(test_answer_to_a_list_of_one, begin), TELL(test_same_matter_in_the_other_mailbox, begin),
		TELL(test_what_else_the_citizen_has_open, begin), TELL(test_citizens_are_forgotten, begin),
		TELL(test_who_is_no_citizen, begin), TELL(test_split_letter, begin),
		TELL(test_ended_overnight, begin), TELL(test_deadline_of_a_word_goes_along, begin_shared),
	};

	return RUN_ROWS(move_rows, test_move) + cmocka_run_group_tests(tests, NULL, NULL);
}
