/* fristctl explain - what fristd would do with a message, tried on a copy of the register. */
#include "ctl.h"

#include "base/text.h"
#include "ctl_rows.h"
#include "engine/clerk.h"
#include "io/json.h"
#include "io/mailfile.h"
#include "io/mime.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

/* What every FILE is tried on. */
struct bench {
	struct setup *setup;
	struct store *store;		/* in memory */
	struct clock clock;
	int64_t now;
	struct clerk clerk;
	const char *mailbox;		/* --mailbox, or NULL */
	bool json;
};

/* What became of one FILE. */
struct trial {
	const char *path;
	struct message message;
	struct trust trust;
	struct clerk_result result;
};

static int64_t bench_now(struct clock *clock)
{
	return ((struct bench *)((char *)clock - offsetof(struct bench, clock)))->now;
}

static void bench_done(struct bench *bench)
{
	if (bench->clerk.store)
		clerk_done(&bench->clerk);
	store_close(bench->store);
	setup_free(bench->setup);
}

/* A copy in memory, so that even a mistake here could not change the register. */
static int open_bench(const struct ctl *ctl, struct bench *bench)
{
	struct err err = ERR_NULL;
	const char *database;
	int result;

	bench->setup = ctl_load_setup(ctl);
	if (!bench->setup)
		return CTL_FAILED;
	if (bench->mailbox && !ctl_find_mailbox(&bench->setup->conf, bench->mailbox, NULL))
		return ctl_fail_mailbox(&bench->setup->conf, bench->mailbox);
	/* Where fristd has not run yet, not even the folder may be there: the register is empty. */
	database = bench->setup->conf.database;
	result = access(database, F_OK) < 0 && errno == ENOENT ? store_open_memory(&bench->store, &err) :
		store_open_copy(database, &bench->store, &err);
	if (result != 0)
		return ctl_fail("%s", err.text);
	bench->now = ctl_now();
	bench->clock.now = bench_now;
	clerk_init(&bench->clerk, bench->store, &bench->clock, bench->setup);
	return 0;
}

/* ---- what comes of it ---- */

static bool is_unreadable(const struct trial *trial)
{
	return message_strings_have(&trial->message.defects, "unreadable");
}

static const char *step_before(const struct clerk_result *result)
{
	return result->has_before ? result->before.step : NULL;
}

static const char *step_after(const struct clerk_result *result)
{
	return result->decision.changed ? result->decision.after.step : step_before(result);
}

static const char *found_by(const struct clerk_result *result)
{
	return thread_rung_word(result->thread.rung);
}

static void print_json(const struct trial *trial)
{
	const struct clerk_result *result = &trial->result;
	struct json *object CLEANUP(json_freep) = json_new_object(), *trust = json_new_object();

	json_put_string(trust, "grade", trust_grade_name(trial->trust.grade));
	json_put_bool(trust, "trusted", trial->trust.trusted);
	json_put_string(trust, "evidence", trial->trust.evidence);
	json_put_string(object, "file", trial->path);
	json_put_string(object, "kind", is_unreadable(trial) ? NULL : message_kind_name(trial->message.kind));
	json_put(object, "trust", trust);
	json_put_string(object, "inquiry", result->key);
	json_put_string(object, "found_by", found_by(result));
	json_put_string(object, "acting_role", result->decision.acting_role);
	json_put_string(object, "rule", result->decision.rule);
	json_put_string(object, "step_before", step_before(result));
	json_put_string(object, "step_after", step_after(result));
	json_put_string(object, "outcome", decide_outcome_word(result->outcome));
	json_put_string(object, "reason", decide_reason_word(result->reason));
	json_print(object, stdout);
}

static void print_line(const char *name, const char *value)
{
	if (value)
		printf("  %-12s %s\n", name, value);
}

static void print_text(struct arena *arena, const struct trial *trial)
{
	const struct clerk_result *result = &trial->result;
	const char *before = step_before(result), *after = step_after(result);

	puts(trial->path);
	print_line("kind", is_unreadable(trial) ? NULL : message_kind_name(trial->message.kind));
	print_line("trust", arena_printf(arena, "%s, %s: %s", trust_grade_name(trial->trust.grade),
		trial->trust.trusted ? "trusted" : "not trusted", trial->trust.evidence));
	print_line("inquiry", result->key ?
		arena_printf(arena, "%s (found by: %s)", result->key, found_by(result)) : "none");
	print_line("acting role", result->decision.acting_role);
	print_line("rule", result->decision.rule);
	if (after)
		print_line("step", before ? arena_printf(arena, "%s -> %s", before, after) : after);
	print_line("outcome", decide_outcome_word(result->outcome));
	print_line("reason", decide_reason_sentence(result->reason));
}

/* ---- trying it ---- */

/* Arrived now, decided, and never happened. */
static int try_message(struct bench *bench, struct arena *arena, const struct text *bytes, struct trial *trial,
	struct err *err)
{
	const struct conf *conf = &bench->setup->conf;
	const struct conf_mailbox *mailbox;
	struct message *message = &trial->message;
	int result;

	/* Parsed once to learn whose it is, then as that mailbox's mail is parsed. */
	mime_parse(arena, &subject_grammar_default, text_string(bytes), bytes->length, message);
	mailbox = ctl_find_mailbox(conf, bench->mailbox, message);
	clerk_parse(&bench->clerk, arena, mailbox, text_string(bytes), bytes->length, message);
	trust_judge(arena, &mailbox->trust, &conf->directory,
		&(struct trust_mailbox){ .addresses = mailbox->addresses, .logins = mailbox->logins }, message, &trial->trust);
	if (store_begin(bench->store, err) < 0)
		return -1;
	result = clerk_receive(&bench->clerk, arena, mailbox,
		&(struct clerk_input){ .message = message, .arrived_at = bench->now }, &trial->result, err);
	store_rollback(bench->store);	/* the next FILE finds the register as this one did */
	return result;
}

/* Explains one file, whatever it holds. CTL_FAILED when it is no mail, or the database fails. */
static int explain_file(struct bench *bench, const char *path)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct trial trial = { .path = path };
	struct err err = ERR_NULL;

	if (mailfile_read_path(path, &bytes, &err) < 0)
		return ctl_fail("%s", err.text);
	if (try_message(bench, &arena, &bytes, &trial, &err) < 0)
		return ctl_fail("%s: %s", path, err.text);
	if (bench->json)
		print_json(&trial);
	else
		print_text(&arena, &trial);
	return is_unreadable(&trial) ? CTL_FAILED : CTL_OK;
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	struct bench bench CLEANUP(bench_done) = { .setup = NULL };
	const struct ctl_option options[] = {
		{ "--json", &bench.json, NULL },
		{ "--mailbox", NULL, &bench.mailbox },
	};
	int status = CTL_OK;

	if (ctl_take_options(&ctl_explain, &argc, argv, options, sizeof(options) / sizeof(options[0])) != 0)
		return CTL_USAGE;
	if (!argc)
		return ctl_usage(&ctl_explain, "no file given");
	mime_init();
	if (open_bench(ctl, &bench) != 0)
		return CTL_FAILED;
	for (int i = 0; i < argc; i++)
		if (explain_file(&bench, argv[i]) != CTL_OK)
			status = CTL_FAILED;
	return status;
}

const struct ctl_command ctl_explain = {
	.name = "explain",
	.arguments = "[--json] [--mailbox NAME] FILE...",
	.summary = "what fristd would do with a mail now, and why",
	.help =
		"Tries each FILE, a mail as it was received, on a copy of the register in memory, as if it arrived now:\n"
		"who is believed to have sent it, which inquiry it belongs to, which rule applies. Nothing is changed or\n"
		"sent, and one FILE knows nothing of the others. Of what is no mail that is told (reason\n"
		"unreadable); then, and when a FILE cannot be opened, the exit status is 1 in the end.\n"
		"\n"
		"  --json            one object a line: {file, kind, trust: {grade, trusted, evidence}, inquiry, found_by,\n"
		"                    acting_role, rule, step_before, step_after, outcome, reason}; what is not known is null\n"
		"  --mailbox NAME    the mailbox it came to; else the one among its recipients, or the first configured\n",
	.run = run,
};
