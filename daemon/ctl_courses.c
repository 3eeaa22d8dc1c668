/* fristctl courses - registers who began and completed the mandatory course, from a file. */
#include "ctl.h"

#include "io/store.h"

#include <stdio.h>
#include <string.h>

/* How many records the file added, changed, and left as they were. */
struct tally {
	size_t changes[STORE_CHANGED + 1];
};

/* All or nothing, and in one go: a running fristd waits for the lock meanwhile. */
static int put_all(struct store *store, const struct compliance_record *records, size_t count, int64_t now,
	struct tally *tally, struct err *err)
{
	if (store_begin(store, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		enum store_change change;

		if (store_put_course(store, &records[i], now, &change, err) < 0)
			return -1;
		tally->changes[change]++;
	}
	return store_commit(store, err);
}

static int store_all(const struct conf *conf, const struct compliance_record *records, size_t count, int64_t now,
	struct tally *tally)
{
	struct store *store = NULL;
	struct err err = ERR_NULL;
	int result = store_open_beside(conf->database, &store, &err);

	if (result == 0)
		result = put_all(store, records, count, now, tally, &err);
	store_close(store);	/* takes back what is not committed */
	return result == 0 ? CTL_OK : ctl_fail("nothing was imported: %s", err.text);
}

static int import(const struct ctl *ctl, const char *path)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct compliance_record *records;
	struct tally tally = { { 0 } };
	int64_t now = ctl_now();
	struct conf conf;
	size_t count;

	if (ctl_load_conf(ctl, &arena, &conf) != 0)
		return CTL_FAILED;
	if (!conf.course.source)
		return ctl_fail(CTL_NO_COURSE);
	if (conf_read_courses(&arena, &conf, path, calendar_local(now).date, &faults, &records, &count) != 0)
		return ctl_print_faults(&faults);
	if (store_all(&conf, records, count, now, &tally) != CTL_OK)
		return CTL_FAILED;
	printf("%s: %zu added, %zu changed, %zu unchanged\n", path, tally.changes[STORE_ADDED],
		tally.changes[STORE_CHANGED], tally.changes[STORE_SAME]);
	return CTL_OK;
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	if (ctl_take_options(&ctl_courses, &argc, argv, NULL, 0) != 0)
		return CTL_USAGE;
	if (argc != 2 || strcmp(argv[0], "import") != 0)
		return ctl_usage(&ctl_courses, "say import and one FILE");
	return import(ctl, argv[1]);
}

const struct ctl_command ctl_courses = {
	.name = "courses",
	.arguments = "import FILE",
	.summary = "register starts and completions of the mandatory course",
	.help =
		"Registers what a CSV file says of the mandatory course. Its first line names the columns, in any\n"
		"order: start, completion (empty: not yet), format (e-learning or attendance), unit, person (id or\n"
		"address in people.conf) and course. UTF-8; dates as 2026-04-14 or 14-04-2026.\n"
		"\n"
		"A person's course that began on one day is one record: the same file again changes nothing, a\n"
		"corrected or longer one corrects, completes and adds. An empty completion takes none back.\n"
		"A line with a fault is told as file:line, and then nothing of the file is imported.\n"
		"fristd may be running.\n",
	.run = run,
};
