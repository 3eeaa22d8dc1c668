#include "tests/story.h"

#include "core/ladder.h"
#include "core/privacy.h"
#include "core/quote.h"
#include "core/subject.h"
#include "engine/clerk.h"
#include "io/crypto.h"
#include "io/store_private.h"
#include "tests/rows.h"

/* One story being told. */
struct telling {
	struct arena arena;
	struct setup *setup;
	struct store *store;
	struct clock clock;
	struct clerk clerk;
	int64_t now, told;		/* told: the last row of the outbox that was looked at */
	const struct story_act *acts;
};

static int64_t telling_now(struct clock *clock)
{
	return ((struct telling *)((char *)clock - offsetof(struct telling, clock)))->now;
}

static int64_t local_time(const char *text)
{
	int year, month, day, hour, minute;

	assert_int_equal(sscanf(text, "%d-%d-%d %d:%d", &year, &month, &day, &hour, &minute), 5);
	return calendar_utc(calendar_join(year, month, day), hour * 60 + minute);
}

static const char *address_of(struct telling *telling, const char *who)
{
	const struct directory_person *person;

	if (strcmp(who, "mt") == 0)
		return telling->setup->conf.mailboxes[0].addresses.items[0];
	if (strchr(who, '@'))
		return who;
	person = directory_person(&telling->setup->conf.directory, who);
	if (!person)
		fail_msg("nobody is called %s", who);
	return person->address;
}

static struct message_addresses addresses(struct telling *telling, const char *people)
{
	struct message_address *items = arena_array(&telling->arena, 16, sizeof(*items));
	struct message_addresses list = { items, 0 };
	char *rest = arena_strdup(&telling->arena, people ? people : ""), *who;

	while ((who = strsep(&rest, " ")))
		if (*who)
			items[list.count++].address = address_of(telling, who);
	return list;
}

static const char *act_id(struct telling *telling, int act)
{
	return act < 0 ? "never-seen@example.dk" : arena_printf(&telling->arena, "act-%d@example.dk", act);
}

static struct message_strings one_string(struct telling *telling, const char *text)
{
	const char **items = arena_array(&telling->arena, 1, sizeof(*items));

	items[0] = text;
	return (struct message_strings){ items, text != NULL };
}

/* All ids up the chain of answers, oldest first, as mail programs write them. */
static struct message_strings references(struct telling *telling, int act)
{
	const char **items = arena_array(&telling->arena, STORY_ACTS_MAX, sizeof(*items));
	int chain[STORY_ACTS_MAX], length = 0;

	while (act != 0 && length < STORY_ACTS_MAX) {
		chain[length++] = act;
		act = act > 0 ? telling->acts[act - 1].answers : 0;
	}
	for (int i = 0; i < length; i++)
		items[i] = act_id(telling, chain[length - 1 - i]);
	return (struct message_strings){ items, (size_t)length };
}

static void vouch(struct telling *telling, const struct story_act *act, struct message *message)
{
	struct message_trace *traces = arena_array(&telling->arena, 2, sizeof(*traces));

	traces[0] = (struct message_trace){ MESSAGE_TRACE_AUTHENTICATION_RESULTS,
		arena_printf(&telling->arena, "mail.example.dk; auth=pass smtp.auth=%s",
			act->sender ? address_of(telling, act->sender) : message->from->address) };
	traces[1] = (struct message_trace){ MESSAGE_TRACE_RECEIVED, "from client by mail.example.dk with esmtpsa" };
	message->traces.items = act->forged ? traces + 1 : traces;
	message->traces.count = act->forged ? 1 : 2;
}

/* A report of failure, as most servers write it: what it is about stands within, and nowhere in the header. */
static void bounce(struct telling *telling, const struct story_act *act, struct message *message)
{
	struct message_bounce *items = arena_array(&telling->arena, 1, sizeof(*items));

	*items = (struct message_bounce){ .address = address_of(telling, act->bounced), .action = "failed" };
	message->kind = MESSAGE_BOUNCE;
	message->automatic = true;
	message->reply = false;
	message->bounced_id = message->in_reply_to.items[0];
	message->in_reply_to.count = message->references.count = 0;
	message->bounces.items = items;
	message->bounces.count = 1;
}

static void write_message(struct telling *telling, int number, struct message *ret_message)
{
	const struct story_act *act = &telling->acts[number - 1];
	struct subject subject;
	struct message message = { .message_id = act_id(telling, act->copy_of ? act->copy_of : number) };

	subject_parse(&telling->arena, &subject_grammar_default, act->subject, &subject);
	message.subject = act->subject;
	message.bare_subject = subject.bare;
	message.tags = subject.tags;
	message.own_tags = subject.own_tags;
	message.keys = subject.keys;
	message.lead_keys = subject.lead_keys;
	message.lead_round = subject.lead_round;
	message.forward = subject.forward;
	message.reply = subject.reply || (!subject.forward && act->answers != 0);
	message.to = addresses(telling, act->to);
	message.cc = addresses(telling, act->cc);
	message.from = addresses(telling, act->from).items;
	message.sender = act->sender ? addresses(telling, act->sender).items : NULL;
	if (act->answers) {
		message.in_reply_to = one_string(telling, act_id(telling, act->unseen ? -1 : act->answers));
		message.references = references(telling, act->answers);
	}
	message.kind = act->automatic ? MESSAGE_AUTOMATIC : MESSAGE_HUMAN;
	message.automatic = act->automatic;
	if (act->bounced)
		bounce(telling, act, &message);
	message.spam = act->spam;
	message.encrypted = act->encrypted;
	message.has_text = act->text != NULL;
	message.top_text = act->text;
	message.has_cpr = act->text && privacy_tells_cpr(act->text);
	message.first_line = act->text ? quote_first_line(&telling->arena, act->text) : NULL;
	message.goes_on = act->text && quote_goes_on(act->text);
	message.quoted_from = act->quoted_from;
	message.quoted_to = act->quoted_to;
	if (act->quoted_on)
		assert_int_equal(calendar_parse_date(act->quoted_on, CALENDAR_NO_REFERENCE, &message.quoted_date), 0);
	message.links = one_string(telling, act->text);
	crypto_sha256(message.message_id, strlen(message.message_id), message.identity);
	vouch(telling, act, &message);
	*ret_message = message;
}

static void check_word(int number, const char *what, const char *wanted, const char *got)
{
	if (wanted && (!got || strcmp(wanted, got) != 0))
		fail_msg("act %d: %s is %s, not %s", number, what, got ? got : "nothing", wanted);
}

/* What the act has put into the outbox, beyond what was there. */
static void check_mails(struct telling *telling, int number)
{
	const char *wanted = telling->acts[number - 1].mail, *got = NULL;
	struct err err = ERR_NULL;
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(telling->store->db,
		"SELECT id, template, address FROM outbox WHERE id > ?1 ORDER BY id", DB_INT(telling->told));
	int result;

	while ((result = db_next(&rows, &err)) == DB_ROW) {
		const char *address = db_text(&rows, 2, &telling->arena);
		const struct directory_person *person = directory_person_at(&telling->setup->conf.directory, address);

		telling->told = db_int(&rows, 0);
		got = arena_printf(&telling->arena, "%s%s%s>%s", got ? got : "", got ? " " : "",
			db_text(&rows, 1, &telling->arena), person ? person->id : address);
	}
	assert_int_equal(result, 0);
	if (!wanted && got)
		fail_msg("act %d: sends %s", number, got);
	check_word(number, "mail", wanted, got);
}

static void check_act(struct telling *telling, int number, const struct clerk_result *result)
{
	const struct story_act *act = &telling->acts[number - 1];
	struct err err = ERR_NULL;
	struct inquiry inquiry;
	const char *step = NULL;
	char key[32];

	check_word(number, "reason", act->reason, decide_reason_word(result->reason));
	check_word(number, "outcome", act->outcome, decide_outcome_word(result->outcome));
	check_word(number, "rule", act->rule, result->decision.rule);
	if (act->inquiry) {
		snprintf(key, sizeof(key), "%s-2026-%04d", telling->setup->conf.mailboxes[0].workflow->key, act->inquiry);
		check_word(number, "inquiry", key, result->key);
	}
	check_word(number, "key", act->key, result->key);
	if (act->step && result->key) {
		assert_int_equal(store_find_inquiry(telling->store, &telling->arena, result->key, &inquiry, &err), 0);
		step = inquiry.step;
	}
	check_word(number, "step", act->step, step);
	check_mails(telling, number);
}

static void tell_act(struct telling *telling, int number)
{
	const struct story_act *act = &telling->acts[number - 1];
	struct clerk_result result;
	struct message message;
	struct err err = ERR_NULL;

	telling->now = act->at ? local_time(act->at) : telling->now + 60;
	write_message(telling, number, &message);
	assert_int_equal(store_begin(telling->store, &err), 0);
	if (clerk_receive(&telling->clerk, &telling->arena, &telling->setup->conf.mailboxes[0],
			&(struct clerk_input){ .message = &message, .arrived_at = telling->now }, &result, &err) < 0)
		fail_msg("act %d: %s", number, err.text);
	assert_int_equal(store_commit(telling->store, &err), 0);
	check_act(telling, number, &result);
}

static const char *list_deadlines(struct telling *telling, const struct inquiry *inquiry)
{
	const char *list = "";

	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		const struct inquiry_clock *clock = &inquiry->clocks[i];

		if (!inquiry_clock_is_done(clock))
			list = arena_printf(&telling->arena, "%s%s%s %s", list, *list ? ", " : "", clock->deadline,
				clock->standing ? "står" : calendar_format_date(&telling->arena,
				calendar_end_date(clock->due_at), CALENDAR_ISO));
	}
	return list;
}

static void check_end(struct telling *telling, const struct story *story)
{
	const struct conf *conf = &telling->setup->conf;
	struct err err = ERR_NULL;
	struct inquiry inquiry;
	const struct directory_person *holder;
	const struct inquiry_clock *clock;
	const char *unseen = "";

	if (!story->deadlines && !story->promised && !story->holder && !story->unseen && !story->due && !story->round &&
	    !story->addressed_to && !story->asker && !story->closed && !story->noted)
		return;
	assert_int_equal(store_find_inquiry(telling->store, &telling->arena, arena_printf(&telling->arena, "%s-2026-0001",
		conf->mailboxes[0].workflow->key), &inquiry, &err), 0);
	holder = ladder_person(clerk_workflow(&telling->clerk, inquiry.workflow), &conf->directory, &inquiry,
		WORKFLOW_ROLE_HOLDER);
	check_word(0, "holder", story->holder, holder ? holder->id : NULL);
	for (size_t i = 0; i < inquiry.unseen_count; i++)
		unseen = arena_printf(&telling->arena, "%s%s%s", unseen, *unseen ? " " : "", inquiry.unseen[i]);
	check_word(0, "unseen", story->unseen, unseen);
	clock = inquiry_next_clock(&inquiry);
	check_word(0, "due", story->due, clock ?
		calendar_format_date(&telling->arena, calendar_end_date(clock->due_at), CALENDAR_ISO) : NULL);
	check_word(0, "promised", story->promised, inquiry.promised_at ?
		calendar_format_date(&telling->arena, calendar_end_date(inquiry.promised_at), CALENDAR_ISO) : "");
	check_word(0, "deadlines", story->deadlines, list_deadlines(telling, &inquiry));
	check_word(0, "addressed_to", story->addressed_to, inquiry.addressed_to ? inquiry.addressed_to : "");
	check_word(0, "asker", story->asker, inquiry.asker ? inquiry.asker : "");
	check_word(0, "closed", story->closed, inquiry.closed ? inquiry.closed : "");
	check_word(0, "noted", story->noted, inquiry.noted ? arena_printf(&telling->arena, "%s %s", inquiry.noted,
		calendar_format_date(&telling->arena, calendar_local(inquiry.noted_at).date, CALENDAR_ISO)) : "");
	if (story->round)
		assert_int_equal(inquiry.round, story->round);
}

/* Every column that a mail's words or addresses could get into. */
static const char everything[] =
	"SELECT count(*) FROM (SELECT text FROM (SELECT coalesce(message_id, '') || coalesce(from_address, '')"
	" || coalesce(from_name, '') || coalesce(sender_address, '') || to_list || cc_list || coalesce(subject, '')"
	" || bare_subject || tags || coalesce(asker, '') || trust_evidence AS text FROM mail)"
	" UNION ALL SELECT message_id FROM reference UNION ALL SELECT address || coalesce(subject, '') FROM outbox"
	" UNION ALL SELECT address FROM recipient UNION ALL SELECT address || reply FROM attempt"
	" UNION ALL SELECT address FROM participant UNION ALL SELECT image FROM inquiry UNION ALL SELECT after FROM transition"
	" UNION ALL SELECT CAST(identity AS TEXT) || CAST(message_id AS TEXT) FROM confidential)"
	" WHERE instr(lower(text), ?1)";

static void check_absent(struct telling *telling, const char *words)
{
	char *rest = arena_strdup(&telling->arena, words ? words : ""), *word;
	struct err err = ERR_NULL;
	int64_t found;

	while ((word = strsep(&rest, " "))) {
		if (!*word)
			continue;
		assert_int_equal(DB_GET(telling->store->db, &found, &err, everything, DB_TEXT(word)), 0);
		if (found)
			fail_msg("%s stands in the database", word);
	}
}

/* The courier's part: every mail that waits has left. */
static void send_all(struct telling *telling)
{
	struct err err = ERR_NULL;

	assert_int_equal(DB_RUN(telling->store->db, &err,
		"UPDATE outbox SET state = 'sent', settled_at = 1 WHERE state = 'pending'", DB_NONE), 0);
}

void story_test(void **state)
{
	const struct story *story = *state;
	struct telling telling = { .arena = ARENA_NULL, .clock = { .now = telling_now }, .acts = story->acts };
	struct workflow_faults faults = { .arena = &telling.arena };
	struct err err = ERR_NULL;

	telling.setup = setup_load(arena_printf(&telling.arena, "%s/%s", SOURCE_ROOT,
		story->conf ? story->conf : "conf/fristd.conf"), &faults);
	if (!telling.setup)
		fail_msg("%s: %s", faults.items[0].source, faults.items[0].text);
	assert_int_equal(store_open_memory(&telling.store, &err), 0);
	clerk_init(&telling.clerk, telling.store, &telling.clock, telling.setup);
	telling.now = local_time("2026-03-23 09:00");
	for (int number = 1; number <= STORY_ACTS_MAX && story->acts[number - 1].from; number++)
		tell_act(&telling, number);
	check_end(&telling, story);
	if (story->absent)
		send_all(&telling);
	check_absent(&telling, story->absent);
	clerk_done(&telling.clerk);
	store_close(telling.store);
	setup_free(telling.setup);
	arena_done(&telling.arena);
}
