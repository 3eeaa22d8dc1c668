#include "core/register.h"

#include <string.h>

enum { COLUMNS = 5, TABLE_COLUMNS_MAX = 80, GAP = 2 };

/* The columns that give way, in turn, when a line would be too long, and how narrow each may become. */
static const struct { size_t column, least; } narrow[] = {
	{ 2, 16 }, { 1, 20 }, { 2, 8 }, { 1, 8 }, { 0, 12 }, { 4, 8 }
};

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

static void widen(size_t widths[COLUMNS], const char *const cells[COLUMNS])
{
	for (size_t i = 0; i < COLUMNS; i++) {
		size_t columns = text_columns(cells[i]);

		if (columns > widths[i])
			widths[i] = columns;
	}
}

/* Columns give way in the order of `narrow`, until the line fits eighty. */
static void fit(size_t widths[COLUMNS])
{
	size_t sum = (size_t)(COLUMNS - 1) * GAP;

	for (size_t i = 0; i < COLUMNS; i++)
		sum += widths[i];
	for (size_t i = 0; i < sizeof(narrow) / sizeof(narrow[0]); i++) {
		size_t *width = &widths[narrow[i].column], least = narrow[i].least;
		size_t over = sum > TABLE_COLUMNS_MAX ? sum - TABLE_COLUMNS_MAX : 0;
		size_t spare = *width > least ? *width - least : 0, less = over < spare ? over : spare;

		*width -= less;
		sum -= less;
	}
}

/* The cell as far as it fits; a cut one ends in "…". */
static const char *cut(struct arena *arena, const char *cell, size_t width)
{
	char *copy;

	if (text_columns(cell) <= width)
		return cell;
	copy = arena_strdup(arena, cell);
	while (*copy && text_columns(copy) > width - 1)
		text_cut(copy, strlen(copy) - 1);
	return arena_printf(arena, "%s…", copy);
}

/* Blanks at the end of a line are left out: they are only written before the next cell. */
static void write_line(struct arena *arena, const char *const cells[COLUMNS], const size_t widths[COLUMNS],
	struct text *out)
{
	size_t pending = 0;

	for (size_t i = 0; i < COLUMNS; i++) {
		const char *cell = cut(arena, cells[i], widths[i]);

		if (*cell) {
			text_addf(out, "%*s%s", (int)pending, "", cell);
			pending = 0;
		}
		pending += widths[i] - text_columns(cell) + GAP;
	}
	text_add(out, "\n");
}

static const char *join(struct arena *arena, const char *const *items, size_t count, const char *between)
{
	const char *joined = "";

	for (size_t i = 0; i < count; i++)
		joined = arena_printf(arena, "%s%s%s", joined, i ? between : "", items[i]);
	return joined;
}

void register_write_table(struct arena *arena, const struct register_row *rows, size_t count, struct text *out)
{
	static const char *const heads[COLUMNS] = { "Nummer", "Trin", "Hos", "Frist", "Står" };
	const char *(*cells)[COLUMNS] = arena_array(arena, count, sizeof(*cells));
	size_t widths[COLUMNS] = { 0 };

	widen(widths, heads);
	for (size_t i = 0; i < count; i++) {
		fill_cells(arena, &rows[i], cells[i]);
		widen(widths, cells[i]);
	}
	fit(widths);
	write_line(arena, heads, widths, out);
	for (size_t i = 0; i < count; i++) {
		write_line(arena, cells[i], widths, out);
		if (rows[i].unseen_count > 0) {
			const char *unseen = join(arena, rows[i].unseen, rows[i].unseen_count, ", ");

			text_addf(out, "    ikke set: %s\n",
				cut(arena, unseen, TABLE_COLUMNS_MAX - strlen("    ikke set: ")));
		}
	}
}

/* RFC 4180; and a sign that a spreadsheet would take for a formula is made text. */
static void write_cell(struct text *out, const char *cell, const char *end)
{
	if (!cell)
		cell = "";
	text_add(out, "\"");
	if (*cell && strchr("=+-@\t\r", *cell))
		text_add(out, "'");
	for (; *cell; cell++)
		text_add_bytes(out, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
	text_addf(out, "\"%s", end);
}

void register_write_csv(struct arena *arena, const struct register_row *rows, size_t count, struct text *out)
{
	text_add(out, "key,workflow,round,step,holder_role,holder_name,holder_address,addressed_to,received,due,state,"
		"unseen,case_link,subject\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct register_row *row = &rows[i];
		const struct inquiry *inquiry = row->inquiry;
		const char *cells[] = {
			inquiry->key, inquiry->workflow, arena_printf(arena, "%d", inquiry->round), inquiry->step,
			row->holder_role, row->holder ? row->holder->name : NULL,
			row->holder ? row->holder->address : NULL, inquiry->addressed_to,
			calendar_format_date(arena, calendar_local(inquiry->received_at).date, CALENDAR_ISO),
			date_of(arena, row->due, CALENDAR_ISO), register_state_word(row->state),
			join(arena, inquiry->unseen, inquiry->unseen_count, " "), inquiry->case_link, inquiry->subject,
		};

		for (size_t j = 0; j < sizeof(cells) / sizeof(cells[0]); j++)
			write_cell(out, cells[j], j + 1 < sizeof(cells) / sizeof(cells[0]) ? "," : "\r\n");
	}
}
