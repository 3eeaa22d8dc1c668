/* fristctl register, show - the inquiries and where each stands; one inquiry and what happened to it. */
#include "ctl.h"

#include "base/text.h"
#include "ctl_rows.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What both commands work on. */
struct desk {
	struct arena arena;
	struct conf conf;
	struct store *store;
	int64_t now;
	struct ctl_rows rows;
};

static void desk_done(struct desk *desk)
{
	store_close(desk->store);
	arena_done(&desk->arena);
}

/* The database beside whoever writes it. */
static int open_desk(const struct ctl *ctl, struct desk *desk)
{
	struct err err = ERR_NULL;

	if (ctl_load_conf(ctl, &desk->arena, &desk->conf) != 0)
		return CTL_FAILED;
	desk->now = ctl_now();
	if (store_open_reader(desk->conf.database, &desk->store, &err) != 0)
		return ctl_fail("%s", err.text);
	return 0;
}

/* ---- JSON ---- */

static struct json *transition_json(const struct store_transition *transition)
{
	struct json *object = json_new_object();

	ctl_put_time(object, "at", transition->at);
	json_put_string(object, "rule", transition->rule);
	json_put_string(object, "step_before", transition->step_before);
	json_put_string(object, "step_after", transition->step_after);
	json_put_integer(object, "round", transition->round);
	json_put_string(object, "actor", transition->actor);
	json_put_string(object, "acting_role", transition->acting_role);
	json_put_string(object, "evidence", transition->evidence);
	json_put_string(object, "message_id", transition->message_id);
	json_put_string(object, "subject", transition->subject);
	return object;
}

/* ---- register ---- */

/* In the order of the keys, for programs, here and below. */
static void write_json(struct desk *desk)
{
	struct json *rows CLEANUP(json_freep) = ctl_rows_json(&desk->rows);

	json_print(rows, stdout);
}

static void write_csv(struct desk *desk)
{
	struct text out CLEANUP(text_done) = TEXT_NULL;

	register_write_csv(&desk->arena, desk->rows.items, desk->rows.count, &out);
	fputs(text_string(&out), stdout);
}

/* For a person: what is urgent comes first. */
static void write_table(struct desk *desk)
{
	struct text out CLEANUP(text_done) = TEXT_NULL;

	if (desk->rows.count)
		qsort(desk->rows.items, desk->rows.count, sizeof(desk->rows.items[0]), register_compare);
	register_write_table(&desk->arena, desk->rows.items, desk->rows.count, &out);
	fputs(text_string(&out), stdout);
}

static void (*const writers[])(struct desk *desk) = {
	[CTL_TABLE] = write_table, [CTL_CSV] = write_csv, [CTL_JSON] = write_json,
};

static int run_register(const struct ctl *ctl, int argc, char **argv)
{
	const char *name = NULL, *format_name = "table";
	const struct ctl_option options[] = {
		{ "--workflow", .value = &name }, { "--format", .value = &format_name },
	};
	struct desk desk CLEANUP(desk_done) = { .store = NULL };
	const struct workflow *workflow = NULL;
	enum ctl_format format = CTL_TABLE;
	struct err err = ERR_NULL;

	if (ctl_take_options(&ctl_register, &argc, argv, options, sizeof(options) / sizeof(options[0])) != 0)
		return CTL_USAGE;
	if (argc > 0)
		return ctl_usage(&ctl_register, "unexpected argument %s", argv[0]);
	if (ctl_find_format(&ctl_register, format_name, &format) != 0)
		return CTL_USAGE;
	if (open_desk(ctl, &desk) != 0)
		return CTL_FAILED;
	workflow = name ? ctl_find_workflow(&desk.conf, name) : NULL;
	if (name && !workflow)
		return ctl_fail_workflow(&desk.conf, name);
	if (ctl_rows_read(&desk.rows, &desk.arena, &desk.conf, desk.store, workflow, desk.now, &err) < 0)
		return ctl_fail("%s", err.text);
	writers[format](&desk);
	return CTL_OK;
}

const struct ctl_command ctl_register = {
	.name = "register",
	.arguments = "[--workflow W] [--format table|csv|json]",
	.summary = "every inquiry and where it stands",
	.help =
		"Lists the inquiries of all workflows, or of one. The table has the most urgent first; CSV and\n"
		"JSON have the order of the keys.\n"
		"\n"
		"  --workflow W      its file's name without .conf, its key, or its name\n"
		"  --format FORMAT   table (for people, at most 80 columns), csv (RFC 4180), or\n"
		"                    json: [{key, workflow, round, step, holder: {role, name, address} or null,\n"
		"                    addressed_to, received, due, deadlines: [{name, due, standing, left,\n"
		"                    unit}], state: open|overdue|final, unseen: [], case_link, note, also: [],\n"
		"                    only_to: {to, decided_by, decided_with} or null, missing: [], promised}]\n"
		"\n"
		"Times in JSON are RFC 3339, UTC; due is the first instant that is too late.\n",
	.run = run_register,
};

/* ---- show ---- */

static void show_json(const struct register_row *row, const struct store_transition *history, size_t count)
{
	struct json *object CLEANUP(json_freep) = ctl_row_json(row), *array = json_new_array();

	for (size_t i = 0; i < count; i++)
		json_add(array, transition_json(&history[i]));
	json_put(object, "history", array);
	json_print(object, stdout);
}

static const char *local_time(struct arena *arena, int64_t at)
{
	struct calendar_local local = calendar_local(at);

	return arena_printf(arena, "%s kl. %02d.%02d", calendar_format_date(arena, local.date, CALENDAR_NUMERIC),
		local.minutes / 60, local.minutes % 60);
}

static void show_line(const char *name, const char *value)
{
	if (value && *value)
		printf("%s%*s%s\n", name, (int)(16 - text_columns(name)), "", value);
}

/* D3b: a director decides alone, the secretariat together with one. */
static const char *audience_words(struct arena *arena, const struct register_row *row)
{
	const char *by = row->decided_by ? row->decided_by : "ukendt", *with = row->decided_with;

	return arena_printf(arena, "%s, besluttet af %s%s%s", row->audience, by,
		with && strcmp(with, by) != 0 ? " sammen med " : "", with && strcmp(with, by) != 0 ? with : "");
}

static void show_row(struct arena *arena, const struct register_row *row)
{
	static const char *const states[] = {
		[REGISTER_OPEN] = "åben", [REGISTER_OVERDUE] = "over fristen", [REGISTER_FINAL] = "færdig",
	};
	const struct inquiry *inquiry = row->inquiry;
	const char *holder = row->holder ? arena_printf(arena, "%s <%s>, %s", row->holder->name, row->holder->address,
		row->holder_role) : NULL;

	printf("%s  %s\n\n", inquiry->key, row->title ? row->title : "");
	show_line("Arbejdsgang", row->workflow->name);
	show_line("Trin", row->step_title);
	show_line("Runde", inquiry->round > 1 ? arena_printf(arena, "%d", inquiry->round) : NULL);
	show_line("Står", inquiry->closed ? inquiry->closed : states[row->state]);
	show_line("Hos", holder);
	show_line("Skrevet til", inquiry->addressed_to);
	show_line("Modtaget", local_time(arena, inquiry->received_at));
	if (row->due != REGISTER_NO_DATE)
		show_line("Frist", calendar_format_date(arena, row->due, CALENDAR_NUMERIC));
	show_line("Talt", row->explanation);
	for (size_t i = 0; register_names_deadlines(row) && i < row->clocks_count; i++)
		show_line(i ? "" : "Frister", arena_printf(arena, "%s: %s", row->clocks[i].clock->deadline,
			register_clock_words(arena, &row->clocks[i])));
	if (register_standing(row) && !register_names_deadlines(row))
		show_line("Står stille", register_standing_words(arena, register_standing(row)));
	for (size_t i = 0; i < row->unseen_count; i++)
		show_line(i ? "" : "Ikke set", row->unseen[i]);
	if (row->promised != REGISTER_NO_DATE)
		show_line("Lovet borgeren", calendar_format_date(arena, row->promised, CALENDAR_NUMERIC));
	show_line("Noteret", row->note);
	for (size_t i = 0; i < row->also.count; i++)
		show_line(i ? "" : "Også", row->also.items[i]);
	if (row->audience)
		show_line("Kun til", audience_words(arena, row));
	for (size_t i = 0; i < row->missing_count; i++)
		show_line(i ? "" : "Mangler hos", row->missing[i]->name);
	show_line("Sag", inquiry->case_link);
}

/* What a person reads, as above; a step that the workflow has no more by its id. */
static const char *step_title(const struct workflow *workflow, const char *id)
{
	int index = workflow_step_index(workflow, id);

	return index >= 0 ? workflow->steps[index].title : id;
}

/* Who, in which role, by which rule: what a complaint would ask for. */
static void show_history(struct arena *arena, const struct workflow *workflow, const struct store_transition *history,
	size_t count)
{
	puts("\nForløb");
	for (size_t i = 0; i < count; i++) {
		const struct store_transition *one = &history[i];
		const char *who = one->actor ? one->actor : "ukendt afsender";

		printf("  %s  %s%s%s  (%s)\n", local_time(arena, one->at),
			one->step_before ? step_title(workflow, one->step_before) : "", one->step_before ? " -> " : "",
			step_title(workflow, one->step_after), one->rule);
		printf("    %s%s%s%s%s\n", who, one->acting_role ? ", " : "", one->acting_role ? one->acting_role : "",
			one->subject ? ": " : "", one->subject ? one->subject : "");
	}
}

static int show(struct desk *desk, const char *key, bool json)
{
	struct err err = ERR_NULL;
	struct inquiry inquiry;
	struct store_transition *history;
	size_t count;
	int result = store_find_inquiry(desk->store, &desk->arena, text_upper(&desk->arena, key), &inquiry, &err);

	if (result > 0)
		return ctl_fail("there is no inquiry %.60s", key);
	if (result < 0 || store_list_transitions(desk->store, &desk->arena, inquiry.id, &history, &count, &err) < 0 ||
	    ctl_rows_add(&desk->rows, &desk->arena, &desk->conf, desk->store, &inquiry, desk->now, &err) < 0)
		return ctl_fail("%s", err.text);
	if (json) {
		show_json(&desk->rows.items[0], history, count);
	} else {
		show_row(&desk->arena, &desk->rows.items[0]);
		show_history(&desk->arena, desk->rows.items[0].workflow, history, count);
	}
	return CTL_OK;
}

static int run_show(const struct ctl *ctl, int argc, char **argv)
{
	bool json = false;
	const struct ctl_option options[] = { { "--json", .flag = &json } };
	struct desk desk CLEANUP(desk_done) = { .store = NULL };

	if (ctl_take_options(&ctl_show, &argc, argv, options, 1) != 0)
		return CTL_USAGE;
	if (argc != 1)
		return ctl_usage(&ctl_show, "give one KEY");
	if (!text_is_utf8(argv[0], strlen(argv[0])))
		return ctl_fail("a key is UTF-8");
	if (open_desk(ctl, &desk) != 0)
		return CTL_FAILED;
	return show(&desk, argv[0], json);
}

const struct ctl_command ctl_show = {
	.name = "show",
	.arguments = "KEY [--json]",
	.summary = "one inquiry and what happened to it",
	.help =
		"Shows the inquiry with this key, such as MT-2026-0042: where it stands, and every change, by whom\n"
		"and by which rule.\n"
		"\n"
		"  --json            as in `fristctl register`, with history: [{at, rule, step_before, step_after,\n"
		"                    round, actor, acting_role, evidence, message_id, subject}], oldest first\n",
	.run = run_show,
};
