/*
 * conf_csv - reads a list of equal things from a CSV file (RFC 4180), by the same table that reads them from libconfig.
 * Only conf*.c include this.
 *
 * The first line names the columns: keys of the table that are texts, in any order. Columns are separated by what the
 * first line is separated by: semicolons, as a Danish Excel writes them, tabs or commas. An entry of a list ends at a
 * blank, a comma, a semicolon or a bar. An empty field is as if it were not there. UTF-8 only.
 */
#ifndef IO_CONF_CSV_H
#define IO_CONF_CSV_H

#include "io/conf_read.h"

/*
 * Reads the file into an array of the table's structs, in the arena, at most max. Returns 0, also when there were
 * faults in it; 1 when nothing could be read. source: the key that names the file.
 */
NODISCARD int conf_csv_read(struct conf_reader *reader, const char *path, const char *source,
	const struct conf_table *table, size_t max, void **ret_items, size_t *ret_count);

#endif
