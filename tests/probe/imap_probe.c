/*
 * imap_probe HOST PORT implicit|starttls CA USER PASSWORD TIMEOUT_S CANCEL_MS [COMMAND ARGUMENT...]...
 *
 * Connects and runs the commands in turn, printing one line of tab-separated fields for each thing found, until the
 * first fault: "fault OUTCOME WAIT_MS TEXT", exit status 1.
 *
 *   folders                name, raw name, use          examine RAW, status RAW    uidvalidity uidnext exists
 *   search FROM TO         the UIDs                     fetch FROM TO              one line a message, in batches
 *   count FROM TO          fetches, prints totals       start UID BYTES            the text, line ends as blanks
 *   idle MS                "news" or "quiet"            noop
 *   lacks-idle             "true" or "false"            pairs FROM TO              as fetch, in batches of two,
 *                                                                                  each asked for ahead
 */
#include "io/imap.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

static const char *const uses[] = {
	[IMAP_USE_ORDINARY] = "ordinary", [IMAP_USE_SENT] = "sent",
	[IMAP_USE_DRAFTS] = "drafts", [IMAP_USE_JUNK] = "junk",
	[IMAP_USE_TRASH] = "trash", [IMAP_USE_VIRTUAL] = "virtual", [IMAP_USE_NO_MAIL] = "no-mail",
};

static uint32_t number(const char *text)
{
	return (uint32_t)strtoul(text, NULL, 10);
}

static enum imap_outcome folders(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	struct imap_folder *found = NULL;
	size_t count = 0;
	enum imap_outcome outcome = imap_list(imap, &arena, &found, &count, fault);

	(void)arguments;
	for (size_t i = 0; i < count; i++)
		printf("%s\t%s\t%s\n", found[i].name, found[i].raw, uses[found[i].use]);
	return outcome;
}

static enum imap_outcome print_state(enum imap_outcome outcome, const struct imap_state *state)
{
	if (outcome == IMAP_OK)
		printf("%" PRIu32 "\t%" PRIu32 "\t%" PRIu32 "\n", state->uidvalidity, state->uidnext, state->exists);
	return outcome;
}

static enum imap_outcome examine(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	struct imap_state state = { 0 };

	return print_state(imap_examine(imap, arguments[0], &state, fault), &state);
}

static enum imap_outcome status(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	struct imap_state state = { 0 };

	return print_state(imap_status(imap, arguments[0], &state, fault), &state);
}

static enum imap_outcome search(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	uint32_t *uids = NULL;
	size_t count = 0;
	enum imap_outcome outcome = imap_search(imap, number(arguments[0]), number(arguments[1]), &arena, &uids, &count,
		fault);

	if (outcome == IMAP_OK) {
		for (size_t i = 0; i < count; i++)
			printf("%s%" PRIu32, i ? " " : "", uids[i]);
		printf("\n");
	}
	return outcome;
}

static void print_mail(const struct imap_mail *mail)
{
	const char *subject = memmem(mail->header, mail->header_length, "\nSubject: ", 10);
	int length = subject ? (int)strcspn(subject + 1, "\r\n") : 0;

	printf("%" PRIu32 "\t%" PRId64 "\t%" PRIu32 "\t%zu\t%s\t%.*s\n", mail->uid, mail->received, mail->size,
		mail->header_length, mail->header_is_cut ? "cut" : "whole", length, subject ? subject + 1 : "");
}

static enum imap_outcome each_batch(struct imap *imap, char **arguments, size_t max, bool print,
	struct imap_fault *fault)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	uint32_t *uids = NULL;
	size_t count = 0, total = 0, bytes = 0;
	enum imap_outcome outcome = imap_search(imap, number(arguments[0]), number(arguments[1]), &arena, &uids, &count,
		fault);

	for (size_t at = 0, asked; at < count && outcome == IMAP_OK; at += asked) {
		CLEANUP(arena_done) struct arena batch = ARENA_NULL;
		struct imap_mail *mails = NULL;
		size_t got = 0, left;

		asked = count - at < max ? count - at : max;
		left = count - at - asked;
		outcome = imap_fetch(imap, uids + at, asked, &batch, &mails, &got, fault);
		if (outcome == IMAP_OK)
			outcome = imap_fetch_ahead(imap, uids + at + asked, left < max ? left : max, fault);
		for (size_t i = 0; i < got; i++) {
			bytes += mails[i].header_length;
			if (print)
				print_mail(&mails[i]);
		}
		total += got;
	}
	if (outcome == IMAP_OK && !print)
		printf("%zu\t%zu\n", total, bytes);
	return outcome;
}

static enum imap_outcome fetch(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	return each_batch(imap, arguments, IMAP_BATCH_MAX, true, fault);
}

static enum imap_outcome fetch_pairs(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	return each_batch(imap, arguments, 2, true, fault);
}

static enum imap_outcome count_all(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	return each_batch(imap, arguments, IMAP_BATCH_MAX, false, fault);
}

static enum imap_outcome start(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	CLEANUP(arena_done) struct arena arena = ARENA_NULL;
	const char *bytes = NULL;
	size_t length = 0;
	enum imap_outcome outcome = imap_fetch_start(imap, number(arguments[0]), number(arguments[1]), &arena, &bytes,
		&length, fault);

	if (outcome != IMAP_OK)
		return outcome;
	if (!bytes) {
		printf("gone\n");
		return outcome;
	}
	printf("%zu\t", length);
	for (size_t i = 0; i < length; i++)
		putchar(bytes[i] == '\r' || bytes[i] == '\n' ? ' ' : bytes[i]);
	putchar('\n');
	return outcome;
}

static enum imap_outcome idle(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	bool news = false;
	enum imap_outcome outcome = imap_idle(imap, strtoimax(arguments[0], NULL, 10), -1, &news, fault);

	if (outcome == IMAP_OK)
		printf("%s\n", news ? "news" : "quiet");
	return outcome;
}

static enum imap_outcome noop(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	(void)arguments;
	return imap_noop(imap, fault);
}

static enum imap_outcome lacks_idle(struct imap *imap, char **arguments, struct imap_fault *fault)
{
	(void)arguments, (void)fault;
	printf("%s\n", imap_has_idle(imap) ? "false" : "true");
	return IMAP_OK;
}

static const struct command {
	const char *name;
	int arguments;
	enum imap_outcome (*run)(struct imap *imap, char **arguments, struct imap_fault *fault);
} commands[] = {
	{ "folders", 0, folders }, { "examine", 1, examine }, { "status", 1, status }, { "search", 2, search },
	{ "fetch", 2, fetch }, { "pairs", 2, fetch_pairs }, { "count", 2, count_all }, { "start", 2, start },
	{ "idle", 1, idle }, { "noop", 0, noop }, { "lacks-idle", 0, lacks_idle },
};

static const struct command *find_command(const char *name, int left)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (strcmp(commands[i].name, name) == 0 && commands[i].arguments <= left)
			return &commands[i];
	fprintf(stderr, "imap_probe: no such command: %s\n", name);
	exit(2);
}

static int cancel_after(int64_t milliseconds)
{
	struct itimerspec when = { .it_value = { milliseconds / 1000, milliseconds % 1000 * 1000000 } };
	int fd = milliseconds > 0 ? timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) : -1;

	if (fd >= 0)
		timerfd_settime(fd, 0, &when, NULL);
	return fd;
}

int main(int argc, char **argv)
{
	struct imap_fault fault = IMAP_FAULT_NULL;
	struct imap_account account;
	struct imap *imap = NULL;
	enum imap_outcome outcome;

	if (argc < 9)
		return 2;
	setvbuf(stdout, NULL, _IOLBF, 0);
	account = (struct imap_account){ argv[1], (uint16_t)number(argv[2]), strcmp(argv[3], "starttls") == 0, argv[4],
		argv[5], argv[6], (int)number(argv[7]) };
	outcome = imap_connect(&account, cancel_after(strtoimax(argv[8], NULL, 10)), &imap, &fault);
	for (int at = 9; at < argc && outcome == IMAP_OK;) {
		const struct command *command = find_command(argv[at], argc - at - 1);

		outcome = command->run(imap, argv + at + 1, &fault);
		at += 1 + command->arguments;
	}
	if (outcome != IMAP_OK)
		printf("fault\t%s\t%" PRId64 "\t%s\n", imap_outcome_name(outcome), fault.wait_ms, fault.err.text);
	imap_free(&imap);
	return outcome == IMAP_OK ? 0 : 1;
}
