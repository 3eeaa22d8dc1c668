/* fristctl report - how far the units fulfil what is asked of them, and how much comes in, quarter by quarter. */
#include "ctl.h"

#include "base/text.h"
#include "ctl_rows.h"
#include "ctl_volume.h"
#include "engine/fulfilment.h"

#include <stdio.h>
#include <string.h>

/* What is reported; unit is NULL, or whose people are listed. */
struct report {
	struct arena arena;
	struct conf conf;
	struct store *store;
	const char *unit;
	struct compliance_report compliance;
};

static void report_done(struct report *report)
{
	store_close(report->store);
	arena_done(&report->arena);
}

/* ---- JSON ---- */

/* null of nothing. */
static void put_percent(struct json *object, const char *key, size_t part, size_t whole)
{
	if (whole)
		json_put_integer(object, key, compliance_percent(part, whole));
	else
		json_put(object, key, NULL);
}

static struct json *unit_json(const struct compliance_unit *unit)
{
	struct json *object = json_new_object(), *inquiries = json_new_object();

	json_put_string(object, "unit", unit->name);
	json_put_integer(object, "must_have", (int64_t)unit->asked);
	json_put_integer(object, "valid", (int64_t)unit->valid);
	json_put_integer(object, "new", (int64_t)unit->new);
	put_percent(object, "percent", unit->valid, unit->asked);
	json_put_string(object, "fulfilment", compliance_verdict_word(unit->verdict));
	json_put_integer(inquiries, "due", (int64_t)unit->due);
	json_put_integer(inquiries, "in_time", (int64_t)unit->in_time);
	put_percent(inquiries, "percent", unit->in_time, unit->due);
	json_put(object, "inquiries", inquiries);
	return object;
}

static struct json *person_json(const struct compliance_standing *standing)
{
	struct json *object = json_new_object();

	json_put_string(object, "person", standing->person->id);
	json_put_string(object, "name", standing->person->name);
	json_put_string(object, "state", compliance_state_word(standing->state));
	json_put_bool(object, "experienced", standing->experienced);
	ctl_put_date(object, "started", standing->started);
	ctl_put_date(object, "completed", standing->completed);
	ctl_put_date(object, "due", standing->due);
	return object;
}

static struct json *units_json(const struct compliance_units *units)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < units->count; i++)
		if (units->items[i].name || units->items[i].due)
			json_add(array, unit_json(&units->items[i]));
	return array;
}

static struct json *people_json(const struct compliance_report *report, const char *unit)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < report->people_count; i++)
		if (strcmp(report->people[i].person->unit, unit) == 0)
			json_add(array, person_json(&report->people[i]));
	return array;
}

static void write_json(struct report *report)
{
	const struct compliance_report *compliance = &report->compliance;
	struct json *object CLEANUP(json_freep) = json_new_object();

	json_put_string(object, "course", compliance->course->name);
	json_put_string(object, "period", compliance_period_word(&report->arena, &compliance->period));
	ctl_put_date(object, "as_of", compliance->date);
	if (report->unit) {
		json_put_string(object, "unit", report->unit);
		json_put(object, "people", people_json(compliance, report->unit));
	} else {
		json_put(object, "units", units_json(&compliance->units));
	}
	json_print(object, stdout);
}

/* ---- texts ---- */

static void write_csv(struct report *report)
{
	struct text out CLEANUP(text_done) = TEXT_NULL;

	if (report->unit)
		compliance_write_people_csv(&report->arena, &report->compliance, report->unit, &out);
	else
		compliance_write_csv(&report->arena, &report->compliance, &out);
	fputs(text_string(&out), stdout);
}

static void write_table(struct report *report)
{
	struct text out CLEANUP(text_done) = TEXT_NULL;

	if (report->unit)
		compliance_write_people(&report->arena, &report->compliance, report->unit, &out);
	else
		compliance_write_table(&report->arena, &report->compliance, &out);
	fputs(text_string(&out), stdout);
}

static void (*const writers[])(struct report *report) = {
	[CTL_TABLE] = write_table, [CTL_CSV] = write_csv, [CTL_JSON] = write_json,
};

/* ---- the command ---- */

static bool has_unit(const struct directory *directory, const char *name)
{
	for (size_t i = 0; i < directory->units_count; i++)
		if (strcmp(directory->units[i].name, name) == 0)
			return true;
	return false;
}

static int read_report(const struct ctl *ctl, const struct compliance_period *period, int64_t now,
	struct report *report)
{
	struct err err = ERR_NULL;

	if (ctl_load_conf(ctl, &report->arena, &report->conf) != 0)
		return CTL_FAILED;
	if (!report->conf.course.source)
		return ctl_fail(CTL_NO_COURSE);
	if (report->unit && !has_unit(&report->conf.directory, report->unit))
		return ctl_fail("there is no unit %.60s", report->unit);
	if (store_open_reader(report->conf.database, &report->store, &err) != 0 ||
	    fulfilment_read(&report->arena, &report->conf, report->store, period, now, &report->compliance, &err) < 0)
		return ctl_fail("%s", err.text);
	return CTL_OK;
}

/* Without a word: of what is fulfilled the last quarter that has ended, of what comes in the one that runs. */
static int find_period(const char *word, int today, bool running, struct compliance_period *ret_period)
{
	struct err err = ERR_NULL;

	*ret_period = running ? compliance_period_of(today) : compliance_last_period(today);
	if (word && compliance_parse_period(word, ret_period, &err) != 0)
		return ctl_usage(&ctl_report, "%s", err.text);
	if (ret_period->from > today)
		return ctl_fail("the period %s has not begun", word);
	return CTL_OK;
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	struct report report CLEANUP(report_done) = { .store = NULL };
	const char *word = NULL, *format_name = "table";
	bool fulfilment = false, volume = false;
	const struct ctl_option options[] = {
		{ "--fulfilment", .flag = &fulfilment }, { "--volume", .flag = &volume }, { "--period", .value = &word },
		{ "--missing", .value = &report.unit }, { "--format", .value = &format_name },
	};
	int64_t now = ctl_now();
	struct compliance_period period;
	enum ctl_format format = CTL_TABLE;
	int status;

	if (ctl_take_options(&ctl_report, &argc, argv, options, COUNT_OF(options)) != 0)
		return CTL_USAGE;
	if (argc > 0)
		return ctl_usage(&ctl_report, "unexpected argument %s", argv[0]);
	if (fulfilment == volume)
		return ctl_usage(&ctl_report, "say which report: --fulfilment or --volume");
	if (volume && report.unit)
		return ctl_usage(&ctl_report, "--missing belongs to --fulfilment");
	if (ctl_find_format(&ctl_report, format_name, &format) != 0)
		return CTL_USAGE;
	status = find_period(word, calendar_local(now).date, volume, &period);
	if (status == CTL_OK && volume)
		return ctl_write_volume(ctl, &period, format, now);
	if (status == CTL_OK)
		status = read_report(ctl, &period, now, &report);
	if (status == CTL_OK)
		writers[format](&report);
	return status;
}

const struct ctl_command ctl_report = {
	.name = "report",
	.arguments = "--fulfilment|--volume [--period 2026Q3] [--missing UNIT] [--format table|csv|json]",
	.summary = "which units fulfil what is asked of them; how much comes in",
	.help =
		"Shows for each unit how many of those who must have the mandatory course have it at the end of\n"
		"a quarter, and whether that fulfils what is asked; beside it, and never mixed with it, how many of\n"
		"the inquiries whose deadline ended in the quarter were answered in time.\n"
		"\n"
		"With --volume: how many mails came from outside and went there, day by day and mailbox by mailbox,\n"
		"and how many of the inquiries that came on that day have ended, or were or are late.\n"
		"\n"
		"  --fulfilment      which units fulfil what is asked of them\n"
		"  --volume          how much comes in, and whether it is answered\n"
		"  --period PERIOD   2026Q3; without it the last quarter that has ended, with --volume the one that\n"
		"                    runs. While a quarter runs, the report is as of today\n"
		"  --missing UNIT    instead, by name: who in the unit lacks the course or its refresher, and who\n"
		"                    is new and has still time\n"
		"  --format FORMAT   table (for people, at most 80 columns), csv (RFC 4180), or\n"
		"                    json: {course, period, as_of, units: [{unit, must_have, valid, new, percent,\n"
		"                    fulfilment: fulfils|partly|fails or null, inquiries: {due, in_time, percent}}]};\n"
		"                    with --missing {course, period, as_of, unit, people: [{person, name,\n"
		"                    state: new|missing|refresher-due, experienced, started, completed, due}]};\n"
		"                    with --volume {period, days: [{date, mailbox, in, noise, out, inquiries,\n"
		"                    answered, late}]}\n",
	.run = run,
};
