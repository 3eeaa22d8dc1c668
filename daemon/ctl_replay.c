/* fristctl replay - what fristd would have done with an archive of old mail. */
#include "ctl.h"

#include "base/text.h"
#include "core/confidential.h"
#include "ctl_rows.h"
#include "engine/replay.h"
#include "io/mailfile.h"
#include "io/mime.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* What was asked for, and how far it is done. */
struct session {
	const char *maildir, *mbox, *mailbox_name, *mails, *from_text, *to_text;
	bool json;
	int from, to;			/* local dates; CALENDAR_NO_REFERENCE: none given */
	struct setup *setup;
	struct mailfile_list archive;
	struct replay replay;
	const struct conf_mailbox *mailbox;
	size_t written;			/* into the folder of --mails */
	bool all_read;
};

static void session_done(struct session *session)
{
	replay_done(&session->replay);
	mailfile_list_done(&session->archive);
	setup_free(session->setup);
}

static const char *local_time(struct arena *arena, int64_t at)
{
	struct calendar_local local = calendar_local(at);

	return arena_printf(arena, "%s %02d:%02d", calendar_format_date(arena, local.date, CALENDAR_ISO),
		local.minutes / 60, local.minutes % 60);
}

/* ---- mails that would have gone ---- */

/* A folder of ours alone: what lies in another is never overwritten, nor mixed with. */
static int prepare_folder(const char *path)
{
	struct dirent *entry;
	bool empty = true;
	DIR *folder;

	if (mkdir(path, 0777) == 0)
		return 0;
	if (errno != EEXIST)
		return ctl_fail("%s: cannot be made: %s", path, strerror(errno));
	folder = opendir(path);
	if (!folder)
		return ctl_fail("%s: %s", path, strerror(errno));
	while (empty && (entry = readdir(folder)))
		empty = strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0;
	closedir(folder);
	return empty ? 0 : ctl_fail("%s: is not empty; name a new folder", path);
}

/* A part of a file's name, made of what is harmless in one. */
static char *file_word(struct arena *arena, const char *text)
{
	char *word = arena_strdup(arena, text);

	for (char *at = word; *at; at++)
		if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789.-@", *at))
			*at = '_';
	return word;
}

/* Numbered, so that a listing of the folder has them in the order of time. */
static int write_mail(struct session *session, const struct replay_mail *mail, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *path = arena_printf(&arena, "%s/%04zu-%s-%s.eml", session->mails, ++session->written,
		calendar_format_date(&arena, calendar_local(mail->at).date, CALENDAR_ISO),
		file_word(&arena, mail->letter->to.items[0].address));
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0666);
	FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
	bool written;

	if (!file) {
		if (fd >= 0)
			close(fd);
		return err_set(err, "%s: %s", path, strerror(errno));
	}
	written = fwrite(mail->bytes, 1, mail->length, file) == mail->length;
	if (fclose(file) != 0 || !written)
		return err_set(err, "%s: cannot be written: %s", path, strerror(errno));
	return 0;
}

static void add_addresses(struct json *array, const struct message_addresses *addresses)
{
	for (size_t i = 0; i < addresses->count; i++)
		json_add_string(array, addresses->items[i].address);
}

static struct json *reminders_json(const struct replay_mail *mail)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < mail->reminders_count; i++) {
		struct json *object = json_new_object();

		json_put_string(object, "inquiry", mail->reminders[i].inquiry);
		json_put_string(object, "template", mail->reminders[i].template);
		json_put_bool(object, "copy", mail->reminders[i].copy);
		json_add(array, object);
	}
	return array;
}

static void print_mail_json(const struct replay_mail *mail)
{
	struct json *object CLEANUP(json_freep) = json_new_object(), *to = json_new_array();
	const struct message_strings inquiries = { mail->inquiries, mail->inquiries_count };

	ctl_put_time(object, "at", mail->at);
	json_put_string(object, "template", mail->template);
	add_addresses(to, &mail->letter->to);
	add_addresses(to, &mail->letter->cc);
	json_put(object, "to", to);
	json_put_string(object, "inquiry", mail->inquiries_count == 1 ? mail->inquiries[0] : NULL);
	json_put_strings(object, "inquiries", &inquiries);
	json_put(object, "reminders", reminders_json(mail));
	json_print(object, stdout);
}

static void print_mail_text(const struct replay_mail *mail)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	printf("%s  mail to %s: %s\n", local_time(&arena, mail->at), mail->letter->to.items[0].address,
		mail->letter->subject);
	for (size_t i = 0; i < mail->reminders_count; i++)
		printf("%18sreminds of %s (%s)\n", "", mail->reminders[i].inquiry, mail->reminders[i].template);
}

/* A mail that would have gone, at its time. */
static int take_mail(void *arg, const struct replay_mail *mail, struct err *err)
{
	struct session *session = arg;

	/* it goes to who wrote what is confidential; that one came is told with the message */
	if (strcmp(mail->template, CONFIDENTIAL_TEMPLATE) == 0)
		return 0;
	if (session->json)
		print_mail_json(mail);
	else
		print_mail_text(mail);
	return session->mails ? write_mail(session, mail, err) : 0;
}

/* ---- messages ---- */

static void print_message_json(const struct mailfile_entry *entry, const struct clerk_result *result,
	const char *before, const char *after)
{
	struct json *object CLEANUP(json_freep) = json_new_object();

	json_put_string(object, "file", entry->name);
	ctl_put_time(object, "at", entry->arrived_at);
	json_put_string(object, "outcome", decide_outcome_word(result->outcome));
	json_put_string(object, "inquiry", result->key);
	json_put_string(object, "rule", result->decision.rule);
	json_put_string(object, "step_before", before);
	json_put_string(object, "step_after", after);
	json_put_string(object, "reason", decide_reason_word(result->reason));
	json_print(object, stdout);
}

static void print_message_text(const struct mailfile_entry *entry, const struct clerk_result *result,
	const char *before, const char *after)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	bool moved = before && after && strcmp(before, after) != 0;

	printf("%s  %s", local_time(&arena, entry->arrived_at), decide_outcome_word(result->outcome));
	if (result->key)
		printf(" %s", result->key);
	if (result->decision.rule)
		printf(" by %s", result->decision.rule);
	if (after)
		printf(", %s%s%s", moved ? before : "", moved ? " -> " : "", after);
	printf(" (%s)\n%18s%s\n", decide_reason_sentence(result->reason), "", entry->name);
}

static void print_message(const struct session *session, const struct mailfile_entry *entry,
	const struct clerk_result *result)
{
	const char *before = result->has_before ? result->before.step : NULL;
	const char *after = result->decision.changed ? result->decision.after.step : before;

	if (session->json)
		print_message_json(entry, result, before, after);
	else
		print_message_text(entry, result, before, after);
}

/* A mail that cannot be read is told of as set aside, and the others go on. */
static int replay_entry(struct session *session, const struct mailfile_entry *entry, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text bytes CLEANUP(text_done) = TEXT_NULL;
	struct message message;
	struct clerk_result result = { .outcome = DECIDE_SET_ASIDE, .reason = DECIDE_BY_UNREADABLE };
	const struct clerk_input input = {
		.message = &message, .arrived_at = entry->arrived_at, .sent_items = entry->sent_items,
	};

	if (mailfile_read(entry, &bytes, err) < 0) {
		ctl_fail("%s", err->text);
		session->all_read = false;
		print_message(session, entry, &result);
		return 0;
	}
	clerk_parse(&session->replay.clerk, &arena, session->mailbox, text_string(&bytes), bytes.length, &message);
	if (replay_receive(&session->replay, &arena, session->mailbox, &input, &result, err) < 0)
		return err_wrap(err, "%s", entry->name);
	print_message(session, entry, &result);
	return 0;
}

/* ---- the whole of it ---- */

/* By the local day of arrival, both ends included. */
static bool is_wanted(const struct session *session, const struct mailfile_entry *entry)
{
	int date = calendar_local(entry->arrived_at).date;

	return (session->from == CALENDAR_NO_REFERENCE || date >= session->from) &&
		(session->to == CALENDAR_NO_REFERENCE || date <= session->to);
}

static int print_register(struct session *session, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct text table CLEANUP(text_done) = TEXT_NULL;
	struct json *array CLEANUP(json_freep) = NULL;
	struct ctl_rows rows = { .count = 0 };

	if (ctl_rows_read(&rows, &arena, &session->replay.setup.conf, session->replay.store, NULL, session->replay.now,
			err) < 0)
		return -1;
	if (session->json) {
		array = ctl_rows_json(&rows);
		json_print(array, stdout);
		return 0;
	}
	register_write_table(&arena, rows.items, rows.count, &table);
	printf("\n%s", text_string(&table));
	return 0;
}

/* From the beginning of the first mail's day, so that its morning is a morning like any other. */
static int replay_archive(struct session *session, struct err *err)
{
	const struct mailfile_list *archive = &session->archive;
	size_t first = 0;
	int64_t start;

	while (first < archive->count && !is_wanted(session, &archive->items[first]))
		first++;
	start = first < archive->count ? calendar_utc(calendar_local(archive->items[first].arrived_at).date, 0) : 0;
	if (replay_init(&session->replay, session->setup, start, take_mail, session, err) < 0)
		return -1;
	session->mailbox = ctl_find_mailbox(&session->replay.setup.conf, session->mailbox_name, NULL);
	for (size_t i = first; i < archive->count && is_wanted(session, &archive->items[i]); i++)
		if (replay_entry(session, &archive->items[i], err) < 0)
			return -1;
	if (first < archive->count && replay_until(&session->replay,
			session->to == CALENDAR_NO_REFERENCE ? session->replay.now : calendar_end(session->to) - 1, err) < 0)
		return -1;
	return print_register(session, err);
}

static int read_date(const char *option, const char *text, int *ret_date)
{
	*ret_date = CALENDAR_NO_REFERENCE;
	if (text && calendar_parse_date(text, CALENDAR_NO_REFERENCE, ret_date) != 0)
		return ctl_usage(&ctl_replay, "%s \"%.60s\" is no date: write it as 2026-04-14 or 14-04-2026", option, text);
	return 0;
}

/* Everything that can be wrong is said before the first mail is read. */
static int read_request(struct session *session, int argc, char **argv)
{
	const struct ctl_option options[] = {
		{ "--maildir", NULL, &session->maildir }, { "--mbox", NULL, &session->mbox },
		{ "--from", NULL, &session->from_text }, { "--to", NULL, &session->to_text },
		{ "--mails", NULL, &session->mails }, { "--mailbox", NULL, &session->mailbox_name },
		{ "--json", &session->json, NULL },
	};

	if (ctl_take_options(&ctl_replay, &argc, argv, options, sizeof(options) / sizeof(options[0])) != 0)
		return CTL_USAGE;
	if (argc > 0)
		return ctl_usage(&ctl_replay, "unexpected argument %s", argv[0]);
	if (!session->maildir == !session->mbox)
		return ctl_usage(&ctl_replay, "give either --maildir or --mbox");
	if (read_date("--from", session->from_text, &session->from) != 0 ||
	    read_date("--to", session->to_text, &session->to) != 0)
		return CTL_USAGE;
	if (session->from_text && session->to_text && session->from > session->to)
		return ctl_usage(&ctl_replay, "--from is later than --to");
	return 0;
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	struct session session CLEANUP(session_done) = { .archive = MAILFILE_LIST_NULL, .all_read = true };
	struct err err = ERR_NULL;
	int result;

	if (read_request(&session, argc, argv) != 0)
		return CTL_USAGE;
	session.setup = ctl_load_setup(ctl);
	if (!session.setup)
		return CTL_FAILED;
	if (session.mailbox_name && !ctl_find_mailbox(&session.setup->conf, session.mailbox_name, NULL))
		return ctl_fail_mailbox(&session.setup->conf, session.mailbox_name);
	mime_init();
	result = session.maildir ? mailfile_list_maildir(session.maildir, &session.archive, &err) :
		mailfile_list_mbox(session.mbox, &session.archive, &err);
	if (result < 0)
		return ctl_fail("%s", err.text);
	if (session.mails && prepare_folder(session.mails) != 0)
		return CTL_FAILED;
	if (replay_archive(&session, &err) < 0)
		return ctl_fail("%s", err.text);
	return session.all_read ? CTL_OK : CTL_FAILED;
}

const struct ctl_command ctl_replay = {
	.name = "replay",
	.arguments = "--maildir|--mbox PATH [--from DATE] [--to DATE] [--mails DIR] [--mailbox NAME] [--json]",
	.summary = "what fristd would have done with old mail",
	.help =
		"Takes old mail in the order of its arrival through the same rules as fristd, on a clock that steps from\n"
		"one thing to the next, into a register in memory; so the mails of every morning are written as well.\n"
		"Nothing is sent, and nothing is changed, neither in the archive nor in the register of fristd. open_since\n"
		"does not count. A mail arrived when its newest Received field says, else its Date, else when its file was\n"
		"last changed, but not later than all the others: then with the mail before it.\n"
		"\n"
		"  --maildir PATH    a Maildir: cur/ and new/, also of subfolders (Maildir++), but for drafts, junk and\n"
		"                    deleted mail\n"
		"  --mbox PATH       an mbox; its mails are called PATH:1, PATH:2 ...\n"
		"  --from DATE       only what arrived on this day or later: 2026-04-14 or 14-04-2026\n"
		"  --to DATE         only what arrived on this day or earlier; the clock goes on to its end. Without it the\n"
		"                    clock stops at the last mail\n"
		"  --mails DIR       writes the mails that would have gone as .eml into DIR, which must be new or empty\n"
		"  --mailbox NAME    the mailbox that this is the mail of; else the first configured\n"
		"  --json            one object a line, as time goes by: a mail received {file, at, outcome, inquiry, rule,\n"
		"                    step_before, step_after, reason}, a mail that would have gone {at, template, to: [],\n"
		"                    inquiry (null unless it is about one), inquiries: [], reminders: [{inquiry, template,\n"
		"                    copy}]}; the last line is the register, as in `fristctl register --format json`\n",
	.run = run,
};
