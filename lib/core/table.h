/*
 * table - rows of cells as text: columns for a person at a terminal, and RFC 4180 for a spreadsheet. Pure.
 */
#ifndef CORE_TABLE_H
#define CORE_TABLE_H

#include "base/arena.h"
#include "base/text.h"

#include <stddef.h>

enum { TABLE_WIDTH = 80 };	/* columns of a line, at most, once it was fitted */

/* A column that gives way when a line would be too long, and how narrow it may become. */
struct table_narrow {
	size_t column, least;
};

/* Widens each column so that it holds its cell. */
void table_widen(size_t *widths, const char *const *cells, size_t columns);

/* Narrows the columns in the order of the list, until a line fits TABLE_WIDTH. */
void table_fit(size_t *widths, size_t columns, const struct table_narrow *narrow, size_t count);

/* The cell as far as it fits; a cut one ends in "…". */
const char *table_cut(struct arena *arena, const char *cell, size_t width);

/* Adds a line of cells, each cut to its column; no blanks at its end. */
void table_write_line(struct arena *arena, const char *const *cells, const size_t *widths, size_t columns,
	struct text *out);

/*
 * Adds a line of CSV (RFC 4180), every cell in quotes, NULL an empty one. A cell that a spreadsheet would take for a
 * formula (it begins with = + - @, tab or CR) gets an apostrophe before it.
 */
void table_write_csv(const char *const *cells, size_t columns, struct text *out);

#endif
