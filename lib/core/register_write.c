#include "core/register.h"

#include "core/table.h"
#include "core/template.h"

#include <string.h>

enum { COLUMNS = 5 };

static const struct table_narrow narrow[] = { { 2, 16 }, { 1, 20 }, { 2, 8 }, { 1, 8 }, { 0, 12 }, { 4, 8 } };

static const char *date_of(struct arena *arena, int date, enum calendar_form form)
{
	return date == REGISTER_NO_DATE ? "" : calendar_format_date(arena, date, form);
}

/* The last column: how it stands, in as few words as a column holds. */
static const char *standing(struct arena *arena, const struct register_row *row)
{
	if (row->state == REGISTER_FINAL)
		return row->inquiry->closed ? row->inquiry->closed : "færdig";
	if (row->state == REGISTER_OVERDUE)
		return "over fristen";
	if (register_standing(row))
		return "står stille";
	if (row->day > 0 && row->days > 0)
		return arena_printf(arena, "dag %d af %d", row->day, row->days);
	return row->day > 0 ? arena_printf(arena, "dag %d", row->day) : "";
}

static void fill_cells(struct arena *arena, const struct register_row *row, const char *cells[COLUMNS])
{
	cells[0] = row->inquiry->round > 1 ? arena_printf(arena, "%s/%d", row->inquiry->key, row->inquiry->round) :
		row->inquiry->key;
	cells[1] = row->step_title;
	cells[2] = row->holder ? row->holder->name : "";
	cells[3] = date_of(arena, row->due, CALENDAR_NUMERIC);
	cells[4] = standing(arena, row);
}

static const char *join(struct arena *arena, const char *const *items, size_t count, const char *between)
{
	const char *joined = "";

	for (size_t i = 0; i < count; i++)
		joined = arena_printf(arena, "%s%s%s", joined, i ? between : "", items[i]);
	return joined;
}

/* Lines of its own below the row that it belongs to. */
static void write_below(struct arena *arena, const char *words, struct text *out)
{
	text_add(out, template_wrap(arena, arena_printf(arena, "    %s", words), TABLE_WIDTH));
}

/* A title without blanks in it may be wider than a line. */
static void write_unseen(struct arena *arena, const struct register_row *row, struct text *out)
{
	const char *titles[INQUIRY_UNSEEN_MAX];

	for (size_t i = 0; i < row->unseen_count; i++)
		titles[i] = table_cut(arena, row->unseen[i], TABLE_WIDTH - strlen("    ,"));
	write_below(arena, arena_printf(arena, "ikke set: %s", join(arena, titles, row->unseen_count, ", ")), out);
}

/* What is kept of a clock that stands, on a line of its own; of several deadlines each. */
static void write_deadlines(struct arena *arena, const struct register_row *row, struct text *out)
{
	for (size_t i = 0; register_names_deadlines(row) && i < row->clocks_count; i++)
		write_below(arena, arena_printf(arena, "frist for %s: %s", row->clocks[i].clock->deadline,
			register_clock_words(arena, &row->clocks[i])), out);
	if (register_standing(row) && !register_names_deadlines(row))
		write_below(arena, arena_printf(arena, "fristen står stille, %s",
			register_standing_words(arena, register_standing(row))), out);
}

/* Of an answer that must reach several: to whom alone it goes, and who has not got it. */
static void write_reach(struct arena *arena, const struct register_row *row, struct text *out)
{
	const char **names = arena_array(arena, row->missing_count, sizeof(*names));

	for (size_t i = 0; i < row->missing_count; i++)
		names[i] = table_cut(arena, row->missing[i]->name, TABLE_WIDTH - strlen("    ,"));
	if (row->audience)
		write_below(arena, arena_printf(arena, "kun til: %s", row->audience), out);
	if (row->missing_count > 0)
		write_below(arena, arena_printf(arena, "mangler hos: %s", join(arena, names, row->missing_count, ", ")), out);
}

void register_write_table(struct arena *arena, const struct register_row *rows, size_t count, struct text *out)
{
	static const char *const heads[COLUMNS] = { "Nummer", "Trin", "Hos", "Frist", "Står" };
	const char *(*cells)[COLUMNS] = arena_array(arena, count, sizeof(*cells));
	size_t widths[COLUMNS] = { 0 };

	table_widen(widths, heads, COLUMNS);
	for (size_t i = 0; i < count; i++) {
		fill_cells(arena, &rows[i], cells[i]);
		table_widen(widths, cells[i], COLUMNS);
	}
	table_fit(widths, COLUMNS, narrow, COUNT_OF(narrow));
	table_write_line(arena, heads, widths, COLUMNS, out);
	for (size_t i = 0; i < count; i++) {
		table_write_line(arena, cells[i], widths, COLUMNS, out);
		if (rows[i].also.count > 0)
			write_below(arena, arena_printf(arena, "også %s", join(arena, rows[i].also.items, rows[i].also.count, ", ")),
				out);
		if (rows[i].note)
			write_below(arena, rows[i].note, out);
		write_deadlines(arena, &rows[i], out);
		if (rows[i].promised != REGISTER_NO_DATE)
			write_below(arena, arena_printf(arena, "lovet borgeren: %s",
				date_of(arena, rows[i].promised, CALENDAR_NUMERIC)), out);
		if (rows[i].unseen_count > 0)
			write_unseen(arena, &rows[i], out);
		write_reach(arena, &rows[i], out);
	}
}

void register_write_csv(struct arena *arena, const struct register_row *rows, size_t count, struct text *out)
{
	text_add(out, "key,workflow,round,step,holder_role,holder_name,holder_address,addressed_to,received,due,state,"
		"unseen,case_link,note,also,subject\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct register_row *row = &rows[i];
		const struct inquiry *inquiry = row->inquiry;
		const char *cells[] = {
			inquiry->key, inquiry->workflow, arena_printf(arena, "%d", inquiry->round), inquiry->step,
			row->holder_role, row->holder ? row->holder->name : NULL,
			row->holder ? row->holder->address : NULL, inquiry->addressed_to,
			calendar_format_date(arena, calendar_local(inquiry->received_at).date, CALENDAR_ISO),
			date_of(arena, row->due, CALENDAR_ISO), register_state_word(row->state),
			join(arena, inquiry->unseen, inquiry->unseen_count, " "), inquiry->case_link, row->note,
			join(arena, row->also.items, row->also.count, " "), row->title,
		};

		table_write_csv(cells, COUNT_OF(cells), out);
	}
}
