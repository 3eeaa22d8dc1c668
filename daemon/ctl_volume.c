#include "ctl_volume.h"

#include "base/text.h"
#include "core/table.h"
#include "ctl_rows.h"

#include <inttypes.h>
#include <stdio.h>

/* One mailbox on one day, or in all. */
struct day {
	const char *mailbox;
	int date;
	struct register_volume counts;
};

struct volume {
	struct arena arena;
	struct conf conf;
	struct store *store;
	const struct compliance_period *period;
	struct day *days;
	size_t count, capacity;
};

static void volume_done(struct volume *volume)
{
	store_close(volume->store);
	arena_done(&volume->arena);
}

/* The figures by their names, in the order in which they are shown. */
static const struct figure {
	const char *key, *title;
	size_t offset;
} figures[] = {
	{ "in", "Ind", offsetof(struct register_volume, in) },
	{ "noise", "Robotter", offsetof(struct register_volume, noise) },
	{ "out", "Ud", offsetof(struct register_volume, out) },
	{ "inquiries", "Henvendelser", offsetof(struct register_volume, inquiries) },
	{ "answered", "Afsluttet", offsetof(struct register_volume, answered) },
	{ "late", "For sent", offsetof(struct register_volume, late) },
};

enum { COLUMNS = 2 + COUNT_OF(figures) };

static int64_t *value_of(struct register_volume *counts, const struct figure *figure)
{
	return (int64_t *)(void *)((char *)counts + figure->offset);
}

static bool is_empty(struct register_volume *counts)
{
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		if (*value_of(counts, &figures[i]) != 0)
			return false;
	return true;
}

static int read_days(struct volume *volume, const char *mailbox, int64_t now, struct err *err)
{
	int today = calendar_local(now).date;

	for (int date = volume->period->from; date <= volume->period->until && date <= today; date++) {
		struct day day = { .mailbox = mailbox, .date = date };

		if (store_count_volume(volume->store, mailbox, calendar_utc(date, 0), calendar_end(date), now, &day.counts,
				err) < 0)
			return -1;
		if (is_empty(&day.counts))
			continue;
		volume->days = arena_grow(&volume->arena, volume->days, volume->count, &volume->capacity,
			sizeof(*volume->days));
		volume->days[volume->count++] = day;
	}
	return 0;
}

static int read_volume(const struct ctl *ctl, struct volume *volume, int64_t now)
{
	struct err err = ERR_NULL;

	if (ctl_load_conf(ctl, &volume->arena, &volume->conf) != 0)
		return CTL_FAILED;
	if (store_open_reader(volume->conf.database, &volume->store, &err) != 0)
		return ctl_fail("%s", err.text);
	for (size_t i = 0; i < volume->conf.mailboxes_count; i++)
		if (read_days(volume, volume->conf.mailboxes[i].name, now, &err) < 0)
			return ctl_fail("%s", err.text);
	return CTL_OK;
}

static void fill_cells(struct volume *volume, struct day *day, const char *date, const char *cells[COLUMNS])
{
	cells[0] = date;
	cells[1] = day->mailbox;
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		cells[2 + i] = arena_printf(&volume->arena, "%" PRId64, *value_of(&day->counts, &figures[i]));
}

static struct day sum_up(struct volume *volume)
{
	struct day sum = { .mailbox = "" };

	for (size_t i = 0; i < volume->count; i++)
		for (size_t j = 0; j < COUNT_OF(figures); j++)
			*value_of(&sum.counts, &figures[j]) += *value_of(&volume->days[i].counts, &figures[j]);
	return sum;
}

/* For a person: a line a day and mailbox, and their sum. */
static void write_table(struct volume *volume, struct text *out)
{
	static const struct table_narrow narrow[] = { { 1, 8 } };
	const char *(*cells)[COLUMNS] = arena_array(&volume->arena, volume->count + 2, sizeof(*cells));
	struct day sum = sum_up(volume);
	size_t widths[COLUMNS] = { 0 };

	cells[0][0] = "Dag";
	cells[0][1] = "Postkasse";
	for (size_t i = 0; i < COUNT_OF(figures); i++)
		cells[0][2 + i] = figures[i].title;
	for (size_t i = 0; i < volume->count; i++)
		fill_cells(volume, &volume->days[i], calendar_format_date(&volume->arena, volume->days[i].date,
			CALENDAR_NUMERIC), cells[i + 1]);
	fill_cells(volume, &sum, "I alt", cells[volume->count + 1]);
	for (size_t i = 0; i < volume->count + 2; i++)
		table_widen(widths, cells[i], COLUMNS);
	table_fit(widths, COLUMNS, narrow, COUNT_OF(narrow));
	text_addf(out, "Post i %s\n\n", compliance_period_title(&volume->arena, volume->period));
	for (size_t i = 0; i < volume->count + 2; i++)
		table_write_line(&volume->arena, cells[i], widths, COLUMNS, out);
}

static void write_csv(struct volume *volume, struct text *out)
{
	const char *cells[COLUMNS] = { "date", "mailbox" };

	for (size_t i = 0; i < COUNT_OF(figures); i++)
		cells[2 + i] = figures[i].key;
	table_write_csv(cells, COLUMNS, out);
	for (size_t i = 0; i < volume->count; i++) {
		fill_cells(volume, &volume->days[i], calendar_format_date(&volume->arena, volume->days[i].date, CALENDAR_ISO),
			cells);
		table_write_csv(cells, COLUMNS, out);
	}
}

static void write_json(struct volume *volume)
{
	struct json *object CLEANUP(json_freep) = json_new_object();
	struct json *days = json_new_array();

	json_put_string(object, "period", compliance_period_word(&volume->arena, volume->period));
	for (size_t i = 0; i < volume->count; i++) {
		struct json *day = json_new_object();

		ctl_put_date(day, "date", volume->days[i].date);
		json_put_string(day, "mailbox", volume->days[i].mailbox);
		for (size_t j = 0; j < COUNT_OF(figures); j++)
			json_put_integer(day, figures[j].key, *value_of(&volume->days[i].counts, &figures[j]));
		json_add(days, day);
	}
	json_put(object, "days", days);
	json_print(object, stdout);
}

int ctl_write_volume(const struct ctl *ctl, const struct compliance_period *period, enum ctl_format format,
	int64_t now)
{
	struct volume volume CLEANUP(volume_done) = { .store = NULL, .period = period };
	struct text out CLEANUP(text_done) = TEXT_NULL;
	int status = read_volume(ctl, &volume, now);

	if (status != CTL_OK)
		return status;
	if (format == CTL_JSON)
		write_json(&volume);
	else if (format == CTL_CSV)
		write_csv(&volume, &out);
	else
		write_table(&volume, &out);
	fputs(text_string(&out), stdout);
	return CTL_OK;
}
