#include "ctl_rows.h"

#include <string.h>
#include <time.h>

/* An inquiry may outlive its workflow's file: it is shown all the same, without a holder. */
static const struct workflow *workflow_of(struct arena *arena, const struct conf *conf, const struct inquiry *inquiry)
{
	struct workflow *missing;

	for (size_t i = 0; i < conf->workflows_count; i++)
		if (strcmp(conf->workflows[i].id, inquiry->workflow) == 0)
			return &conf->workflows[i];
	missing = arena_alloc(arena, sizeof(*missing));
	missing->id = missing->name = missing->key = inquiry->workflow;
	return missing;
}

int ctl_rows_add(struct ctl_rows *rows, struct arena *arena, const struct conf *conf, struct store *store,
	const struct inquiry *inquiry, int64_t now, struct err *err)
{
	struct register_row *row;

	if (rows->day.day == DIRECTORY_NO_DAY)
		directory_on(arena, &conf->directory, calendar_local(now).date, &rows->day);
	rows->items = arena_grow(arena, rows->items, rows->count, &rows->capacity, sizeof(*rows->items));
	row = &rows->items[rows->count++];
	register_fill(arena, workflow_of(arena, conf, inquiry), &rows->day, &conf->calendar, inquiry, now, row);
	return store_list_same(store, arena, inquiry->key, &row->also, err);
}

/* All of the register in memory: what is printed is sorted or measured as a whole. */
int ctl_rows_read(struct ctl_rows *rows, struct arena *arena, const struct conf *conf, struct store *store,
	const struct workflow *workflow, int64_t now, struct err *err)
{
	struct inquiry *page;
	size_t count = 0;
	int64_t after = 0;

	do {
		if (store_list_inquiries(store, arena, NULL, false, after, &page, &count, err) < 0)
			return -1;
		for (size_t i = 0; i < count; i++)
			if ((!workflow || strcmp(page[i].workflow, workflow->id) == 0) &&
			    ctl_rows_add(rows, arena, conf, store, &page[i], now, err) < 0)
				return -1;
		if (count)
			after = page[count - 1].id;
	} while (count);
	return 0;
}

/* RFC 3339, UTC; null for no time. */
void ctl_put_time(struct json *object, const char *key, int64_t at)
{
	char text[32];
	time_t seconds = (time_t)at;
	struct tm utc;

	if (at == 0 || !gmtime_r(&seconds, &utc) || strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%SZ", &utc) == 0)
		json_put(object, key, NULL);
	else
		json_put_string(object, key, text);
}

void ctl_put_date(struct json *object, const char *key, int date)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	json_put_string(object, key, date == COMPLIANCE_NO_DATE ? NULL : calendar_format_date(&arena, date, CALENDAR_ISO));
}

static struct json *holder_json(const struct register_row *row)
{
	struct json *object;

	if (!row->holder)
		return NULL;
	object = json_new_object();
	json_put_string(object, "role", row->holder_role);
	json_put_string(object, "name", row->holder->name);
	json_put_string(object, "address", row->holder->address);
	return object;
}

/* What is still to be met, each by its name. */
static struct json *deadlines_json(const struct register_row *row)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < row->clocks_count; i++) {
		const struct register_clock *clock = &row->clocks[i];
		struct json *object = json_new_object();

		json_put_string(object, "name", clock->clock->deadline);
		ctl_put_time(object, "due", clock->due == REGISTER_NO_DATE ? 0 : clock->clock->due_at);
		json_put_bool(object, "standing", clock->clock->standing);
		json_put_integer(object, "left", clock->left);
		json_put_string(object, "unit", clock->unit == CALENDAR_DAYS ? "days" : "working days");
		json_add(array, object);
	}
	return array;
}

/* To whom alone the answer goes, and who decided that (D3b). */
static struct json *only_to_json(const struct register_row *row)
{
	struct json *object;

	if (!row->audience)
		return NULL;
	object = json_new_object();
	json_put_string(object, "to", row->audience);
	json_put_string(object, "decided_by", row->decided_by);
	json_put_string(object, "decided_with", row->decided_with);
	return object;
}

static struct json *missing_json(const struct register_row *row)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < row->missing_count; i++)
		json_add_string(array, row->missing[i]->name);
	return array;
}

struct json *ctl_row_json(const struct register_row *row)
{
	const struct inquiry *inquiry = row->inquiry;
	const struct message_strings unseen = { inquiry->unseen, inquiry->unseen_count };
	struct json *object = json_new_object();

	json_put_string(object, "key", inquiry->key);
	json_put_string(object, "workflow", inquiry->workflow);
	json_put_integer(object, "round", inquiry->round);
	json_put_string(object, "step", inquiry->step);
	json_put(object, "holder", holder_json(row));
	json_put_string(object, "addressed_to", inquiry->addressed_to);
	ctl_put_time(object, "received", inquiry->received_at);
	ctl_put_time(object, "due", row->due_at);
	json_put(object, "deadlines", deadlines_json(row));
	json_put_string(object, "state", register_state_word(row->state));
	json_put_strings(object, "unseen", &unseen);
	json_put_string(object, "case_link", inquiry->case_link);
	json_put_string(object, "note", row->note);
	json_put_strings(object, "also", &row->also);
	json_put(object, "only_to", only_to_json(row));
	json_put(object, "missing", missing_json(row));
	ctl_put_date(object, "promised", row->promised == REGISTER_NO_DATE ? COMPLIANCE_NO_DATE : row->promised);
	return object;
}

struct json *ctl_rows_json(const struct ctl_rows *rows)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < rows->count; i++)
		json_add(array, ctl_row_json(&rows->items[i]));
	return array;
}
