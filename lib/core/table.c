#include "core/table.h"

#include <string.h>

enum { GAP = 2 };

void table_widen(size_t *widths, const char *const *cells, size_t columns)
{
	for (size_t i = 0; i < columns; i++) {
		size_t width = text_columns(cells[i]);

		if (width > widths[i])
			widths[i] = width;
	}
}

void table_fit(size_t *widths, size_t columns, const struct table_narrow *narrow, size_t count)
{
	size_t sum = (columns - 1) * GAP;

	for (size_t i = 0; i < columns; i++)
		sum += widths[i];
	for (size_t i = 0; i < count; i++) {
		size_t *width = &widths[narrow[i].column], least = narrow[i].least;
		size_t over = sum > TABLE_WIDTH ? sum - TABLE_WIDTH : 0;
		size_t spare = *width > least ? *width - least : 0, less = over < spare ? over : spare;

		*width -= less;
		sum -= less;
	}
}

const char *table_cut(struct arena *arena, const char *cell, size_t width)
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
void table_write_line(struct arena *arena, const char *const *cells, const size_t *widths, size_t columns,
	struct text *out)
{
	size_t pending = 0;

	for (size_t i = 0; i < columns; i++) {
		const char *cell = table_cut(arena, cells[i], widths[i]);

		if (*cell) {
			text_addf(out, "%*s%s", (int)pending, "", cell);
			pending = 0;
		}
		pending += widths[i] - text_columns(cell) + GAP;
	}
	text_add(out, "\n");
}

static void write_cell(struct text *out, const char *cell)
{
	text_add(out, "\"");
	if (*cell && strchr("=+-@\t\r", *cell))
		text_add(out, "'");
	for (; *cell; cell++)
		text_add_bytes(out, *cell == '"' ? "\"\"" : cell, *cell == '"' ? 2 : 1);
	text_add(out, "\"");
}

void table_write_csv(const char *const *cells, size_t columns, struct text *out)
{
	for (size_t i = 0; i < columns; i++) {
		write_cell(out, cells[i] ? cells[i] : "");
		text_add(out, i + 1 < columns ? "," : "\r\n");
	}
}
