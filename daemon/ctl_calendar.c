/* fristctl calendar - the days off of a year, and how a deadline is counted. */
#include "ctl.h"

#include "base/text.h"
#include "core/calendar.h"
#include "ctl_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct request {
	bool json, closing_days;
	const char *year;
	const char *from, *length;
};

/* printf counts bytes, people count letters. */
static void print_column(const char *text, size_t columns)
{
	size_t taken = text_columns(text);

	printf("%s%*s", text, taken < columns ? (int)(columns - taken) : 0, "");
}

static void print_date(int date)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	print_column(calendar_format_date(&arena, date, CALENDAR_NUMERIC), 12);
	print_column(calendar_format_date(&arena, date, CALENDAR_WEEKDAY), 9);
}

/* rows is NULL when people read the answer, here and below. */
static void show_day_off(struct json *rows, int date, const char *name, bool closing)
{
	struct json *row;

	if (!name)
		return;
	if (!rows) {
		print_date(date);
		print_column(name, 24);
		puts(closing ? " lukkedag" : " helligdag");
		return;
	}
	row = json_new_object();
	ctl_put_date(row, "date", date);
	json_put_string(row, "name", name);
	json_put_string(row, "kind", closing ? "closing" : "holiday");
	json_add(rows, row);
}

static int show_year(const struct ctl_command *command, const struct calendar *calendar, const struct request *request)
{
	struct json *rows CLEANUP(json_freep) = NULL;
	int year = strlen(request->year) == 4 ? (int)strtol(request->year, NULL, 10) : 0;

	if (year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
		return ctl_usage(command, "the year %.20s is outside %d-%d", request->year, CALENDAR_YEAR_MIN, CALENDAR_YEAR_MAX);
	if (request->json)
		rows = json_new_array();
	for (int date = calendar_join(year, 1, 1); date <= calendar_join(year, 12, 31); date++) {
		show_day_off(rows, date, calendar_holiday(date), false);
		show_day_off(rows, date, calendar_closing(calendar, date), true);
	}
	if (rows)
		json_print(rows, stdout);
	return CTL_OK;
}

/* number is which day of the deadline it is, when why is NULL. */
static void show_day(struct json *rows, int date, const char *why, int number)
{
	struct json *row;

	if (!rows) {
		print_date(date);
		if (why)
			printf("-       %s\n", why);
		else
			printf("dag %d\n", number);
		return;
	}
	row = json_new_object();
	ctl_put_date(row, "date", date);
	json_put_bool(row, "counts", !why);
	json_put_string(row, "why", why);
	json_add(rows, row);
}

static void show_due(struct json *answer, int due)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	if (answer)
		ctl_put_date(answer, "due", due);
	else
		printf("Frist: %s den %s\n", calendar_format_date(&arena, due, CALENDAR_WEEKDAY),
			calendar_format_date(&arena, due, CALENDAR_LONG));
}

static void show_deadline(const struct calendar *calendar, int from, int due, enum calendar_unit unit,
	const struct request *request)
{
	struct json *answer CLEANUP(json_freep) = request->json ? json_new_object() : NULL;
	struct json *days = request->json ? json_new_array() : NULL;
	int number = 0;

	show_due(answer, due);
	for (int date = from + 1; date <= due; date++) {
		const char *why = unit == CALENDAR_WORKING_DAYS ?
			calendar_why_off(calendar, date, request->closing_days) : NULL;

		show_day(days, date, why, why ? number : ++number);
	}
	if (answer) {
		json_put(answer, "days", days);
		json_print(answer, stdout);
	}
}

/* As the register counts it: the day of arrival is no day of the deadline (A0). */
static int count_deadline(const struct ctl_command *command, const struct calendar *calendar,
	const struct request *request)
{
	struct calendar_length length;
	struct err err = ERR_NULL;
	int from = 0, due = 0, year = 0, outcome;

	outcome = calendar_parse_date(request->from, CALENDAR_NO_REFERENCE, &from);
	if (outcome == CALENDAR_NOT_A_DATE)
		return ctl_usage(command, "\"%.60s\" is no date: write it as 2026-04-14 or 14-04-2026", request->from);
	if (calendar_parse_length(request->length, &length, &err) != 0)
		return ctl_usage(command, "%s", err.text);
	if (length.count < 1)
		return ctl_usage(command, "\"%.60s\" is too short: one day at least", request->length);
	if (outcome == 0) {
		due = calendar_add(calendar, from, length, request->closing_days);
		year = calendar_split(due).year;
	}
	if (outcome == CALENDAR_OUT_OF_RANGE || year < CALENDAR_YEAR_MIN || year > CALENDAR_YEAR_MAX)
		return ctl_usage(command, "the deadline reaches outside the years %d-%d", CALENDAR_YEAR_MIN,
			CALENDAR_YEAR_MAX);
	show_deadline(calendar, from, due, length.unit, request);
	return CTL_OK;
}

/* Holidays need no configuration; closing days are the house's own, and stand in it. */
static int load_closing_days(const struct ctl *ctl, struct arena *arena, struct calendar *ret_calendar)
{
	struct conf conf;

	if (!ctl->config_given && access(ctl->config, F_OK) != 0)
		return 0;
	if (ctl_load_conf(ctl, arena, &conf) != 0)
		return CTL_FAILED;
	*ret_calendar = conf.calendar;
	return 0;
}

static bool is_number(const char *text)
{
	return *text && strspn(text, "0123456789") == strlen(text);
}

static int run(const struct ctl *ctl, int argc, char **argv)
{
	struct request request = { .json = false };
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct calendar calendar = { .closing_count = 0 };
	const struct ctl_option options[] = {
		{ "--json", &request.json, NULL },
		{ "--from", NULL, &request.from },
		{ "--length", NULL, &request.length },
		{ "--closing-days", &request.closing_days, NULL },
	};

	if (ctl_take_options(&ctl_calendar, &argc, argv, options, sizeof(options) / sizeof(options[0])) != 0)
		return CTL_USAGE;
	if (load_closing_days(ctl, &arena, &calendar) != 0)
		return CTL_FAILED;
	if (argc == 0 && request.from && request.length)
		return count_deadline(&ctl_calendar, &calendar, &request);
	if (argc != 1 || request.from || request.length)
		return ctl_usage(&ctl_calendar, "give either a YEAR, or --from and --length");
	request.year = argv[0];
	if (!is_number(request.year))
		return ctl_usage(&ctl_calendar, "\"%.60s\" is no year", request.year);
	return show_year(&ctl_calendar, &calendar, &request);
}

const struct ctl_command ctl_calendar = {
	.name = "calendar",
	.arguments = "YEAR [--json] | --from DATE --length LENGTH [--closing-days] [--json]",
	.summary = "the public holidays of a year; how a deadline is counted",
	.help =
		"Lists the days off of a year from 1990 to 2200, or every day of a deadline: from the\n"
		"day after DATE, on which it arrived, until it is due, at the end of the last day.\n"
		"\n"
		"  --from DATE       2026-04-14, 14-04-2026 or 14/4-2026\n"
		"  --length LENGTH   \"5 arbejdsdage\", or \"7 dage\" that all count\n"
		"  --closing-days    the closing days of the configuration do not count either,\n"
		"                    as where a workflow says closing_days = true\n"
		"  --json            [{date, name, kind: holiday|closing}], or\n"
		"                    {due, days: [{date, counts, why}]}\n",
	.run = run,
};
