/* fristctl courses - registers who began and completed the mandatory course, from a file; and shows a unit's. */
#include "ctl.h"

#include "base/text.h"
#include "ctl_rows.h"

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

/* ---- list ---- */

/* What a unit's people took, and what it reads from. */
struct listing {
	struct arena arena;
	struct conf conf;
	struct store *store;
	struct compliance_record *records;
	size_t count;
};

static void listing_done(struct listing *listing)
{
	store_close(listing->store);
	arena_done(&listing->arena);
}

static void write_json(struct listing *listing)
{
	struct json *array CLEANUP(json_freep) = json_new_array();

	for (size_t i = 0; i < listing->count; i++) {
		const struct compliance_record *record = &listing->records[i];
		struct json *object = json_new_object();

		json_put_string(object, "person", record->person);
		json_put_string(object, "name", compliance_record_name(&listing->conf.directory, record));
		json_put_string(object, "course", record->course);
		json_put_string(object, "unit", record->unit);
		json_put_string(object, "format", compliance_format_word(record->format));
		ctl_put_date(object, "started", record->started);
		ctl_put_date(object, "completed", record->completed);
		json_add(array, object);
	}
	json_print(array, stdout);
}

static void write_csv(struct listing *listing)
{
	struct text out CLEANUP(text_done) = TEXT_NULL;

	compliance_write_records_csv(&listing->arena, &listing->conf.directory, listing->records, listing->count, &out);
	fputs(text_string(&out), stdout);
}

static void write_table(struct listing *listing)
{
	struct text out CLEANUP(text_done) = TEXT_NULL;

	compliance_write_records(&listing->arena, &listing->conf.directory, listing->records, listing->count, &out);
	fputs(text_string(&out), stdout);
}

static void (*const writers[])(struct listing *listing) = {
	[CTL_TABLE] = write_table, [CTL_CSV] = write_csv, [CTL_JSON] = write_json,
};

/* By the unit of the record: where he was then, also when the unit is there no more. */
static void keep_unit(struct listing *listing, const char *unit)
{
	size_t kept = 0;

	for (size_t i = 0; i < listing->count; i++)
		if (strcmp(listing->records[i].unit, unit) == 0)
			listing->records[kept++] = listing->records[i];
	listing->count = kept;
}

static int list(const struct ctl *ctl, const char *unit, enum ctl_format format)
{
	struct listing listing CLEANUP(listing_done) = { .store = NULL };
	struct err err = ERR_NULL;

	if (ctl_load_conf(ctl, &listing.arena, &listing.conf) != 0)
		return CTL_FAILED;
	if (store_open_reader(listing.conf.database, &listing.store, &err) != 0 ||
	    store_list_courses(listing.store, &listing.arena, &listing.records, &listing.count, &err) < 0)
		return ctl_fail("%s", err.text);
	keep_unit(&listing, unit);
	writers[format](&listing);
	return CTL_OK;
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	const char *format_name = NULL;
	const struct ctl_option options[] = { { "--format", .value = &format_name } };
	enum ctl_format format = CTL_TABLE;

	if (ctl_take_options(&ctl_courses, &argc, argv, options, COUNT_OF(options)) != 0)
		return CTL_USAGE;
	if (argc == 2 && strcmp(argv[0], "import") == 0 && !format_name)
		return import(ctl, argv[1]);
	if (argc != 2 || strcmp(argv[0], "list") != 0)
		return ctl_usage(&ctl_courses, "say import and one FILE, or list and one UNIT");
	if (format_name && ctl_find_format(&ctl_courses, format_name, &format) != 0)
		return CTL_USAGE;
	return list(ctl, argv[1], format);
}

const struct ctl_command ctl_courses = {
	.name = "courses",
	.arguments = "import FILE | list UNIT [--format table|csv|json]",
	.summary = "register starts and completions of the mandatory course",
	.help =
		"import registers what a CSV file says of the course. Its first line names the columns, in any\n"
		"order: start, completion (empty: not yet), format (e-learning or attendance), unit, person (id or\n"
		"address in people.conf) and course. UTF-8; dates as 2026-04-14 or 14-04-2026.\n"
		"\n"
		"A person's course that began on one day is one record: the same file again changes nothing, a\n"
		"corrected or longer one corrects, completes and adds. An empty completion takes none back.\n"
		"A line with a fault is told as file:line, and then nothing of the file is imported.\n"
		"fristd may be running.\n"
		"\n"
		"list shows what is registered of those who were in a unit when they took the course.\n"
		"\n"
		"  --format FORMAT   of list: table (for people, at most 80 columns), csv (RFC 4180), or\n"
		"                    json: [{person, name, course, unit, format: e-learning|attendance, started,\n"
		"                    completed}]\n",
	.run = run,
};
