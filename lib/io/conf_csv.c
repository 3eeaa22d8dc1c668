/*
 * A list of people as a directory or a spreadsheet exports it (RFC 4180). The first line names the keys of the table,
 * so a column is read by the same parser as the key in a configuration file, and faults say file and line in the same
 * way.
 */
#include "io/conf_csv.h"

#include <string.h>

enum { COLUMNS_MAX = 64, ENTRIES_MAX = 64 };

/* Reads on through the bytes of a file. */
struct csv {
	struct conf_reader *reader;
	const char *at;
	unsigned line;
	char separator;
	const char *fields[COLUMNS_MAX];	/* of the record at hand */
	size_t fields_count;
	const char *source;			/* where it begins */
};

static bool is_end_of_line(char c)
{
	return c == '\n' || c == '\r' || c == '\0';
}

/* In quotes: two are one, and everything else, line ends included, is text. */
static const char *take_quoted(struct csv *csv)
{
	struct text field CLEANUP(text_done) = TEXT_NULL;

	for (csv->at++; *csv->at; csv->at++) {
		if (*csv->at == '"' && csv->at[1] != '"') {
			csv->at++;
			return arena_strdup(csv->reader->arena, text_string(&field));
		}
		if (*csv->at == '"')
			csv->at++;
		csv->line += *csv->at == '\n';
		text_add_bytes(&field, csv->at, 1);
	}
	workflow_fault_add(csv->reader->faults, csv->source, "a quote is opened here and never closed");
	return arena_strdup(csv->reader->arena, text_string(&field));
}

/* Blanks around a field that is not quoted are no part of it. */
static const char *take_field(struct csv *csv)
{
	const char *begin;

	csv->at += strspn(csv->at, " ");
	if (*csv->at == '"')
		return take_quoted(csv);
	begin = csv->at;
	while (!is_end_of_line(*csv->at) && *csv->at != csv->separator)
		csv->at++;
	for (const char *end = csv->at;; end--)
		if (end == begin || end[-1] != ' ')
			return arena_strndup(csv->reader->arena, begin, (size_t)(end - begin));
}

/* The next record that is no empty line; false: there is none. */
static bool next_record(struct csv *csv)
{
	for (; is_end_of_line(*csv->at); csv->at++) {
		if (!*csv->at)
			return false;
		csv->line += *csv->at == '\n';
	}
	csv->source = arena_printf(csv->reader->arena, "%s:%u", csv->reader->path, csv->line);
	for (csv->fields_count = 0;; csv->at++) {
		const char *field = take_field(csv);

		if (csv->fields_count < COLUMNS_MAX)
			csv->fields[csv->fields_count++] = field;
		csv->at += strcspn(csv->at, (char[]){ csv->separator, '\r', '\n', '\0' });
		if (is_end_of_line(*csv->at))
			return true;
	}
}

static const struct conf_key *find_key(const struct conf_table *table, const char *name)
{
	for (size_t i = 0; i < table->keys_count; i++)
		if (text_equal_fold(table->keys[i].name, name) &&
		    (table->keys[i].type == CONF_TEXT || table->keys[i].type == CONF_TEXTS))
			return &table->keys[i];
	return NULL;
}

/* The second would write over what the first says. */
static bool is_twice(const struct csv *csv, const struct conf_key *const *keys, size_t column)
{
	for (size_t i = 0; i < column; i++)
		if (keys[i] == keys[column]) {
			workflow_fault_add(csv->reader->faults, csv->source, "the first line has the column \"%s\" twice",
				keys[column]->name);
			return true;
		}
	return false;
}

/* Every column must be a key, and every required key a column; of lists each entry is parsed. */
static bool read_columns(struct csv *csv, const struct conf_table *table, const struct conf_key *ret_keys[COLUMNS_MAX])
{
	const char *names[COLUMNS_MAX];
	struct message_strings known = { names, 0 };
	bool sound = true;

	for (size_t i = 0; i < table->keys_count && known.count < COLUMNS_MAX; i++)
		if (find_key(table, table->keys[i].name))
			names[known.count++] = table->keys[i].name;
	for (size_t i = 0; i < csv->fields_count; i++) {
		ret_keys[i] = find_key(table, csv->fields[i]);
		if (!ret_keys[i] && text_has_hidden(csv->fields[i]))
			workflow_fault_add(csv->reader->faults, csv->source,
				"the name of column %zu holds characters that cannot be seen", i + 1);
		else if (!ret_keys[i])
			workflow_fault_add(csv->reader->faults, csv->source, "%s has no column \"%.100s\"%s", table->name,
				csv->fields[i], workflow_did_you_mean(csv->reader->arena, &known, csv->fields[i]));
		sound = sound && ret_keys[i] && !is_twice(csv, ret_keys, i);
	}
	for (size_t i = 0; i < table->keys_count; i++) {
		bool there = !table->keys[i].required;

		for (size_t j = 0; j < csv->fields_count; j++)
			there = there || ret_keys[j] == &table->keys[i];
		if (!there)
			workflow_fault_add(csv->reader->faults, csv->source, "the first line lacks the column \"%s\": %s",
				table->keys[i].name, table->keys[i].doc);
		sound = sound && there;
	}
	return sound;
}

/* Several in one field, parted by blanks, commas, semicolons or bars, as exports have them. */
static void take_list(struct csv *csv, const struct conf_key *key, const char *field, void *ret_field)
{
	const char **items = arena_array(csv->reader->arena, ENTRIES_MAX, sizeof(*items));
	struct message_strings list = { items, 0 };

	for (const char *at = field + strspn(field, " ,;|"); *at; at += strspn(at, " ,;|")) {
		size_t length = strcspn(at, " ,;|");
		const char *entry = arena_strndup(csv->reader->arena, at, length);

		at += length;
		if (list.count == ENTRIES_MAX)
			workflow_fault_add(csv->reader->faults, csv->source, "\"%s\" has more than %d entries", key->name,
				ENTRIES_MAX);
		else if (conf_take_text(csv->reader, csv->source, key, entry, &items[list.count]) == 0)
			list.count++;
		if (list.count == ENTRIES_MAX)
			break;
	}
	memcpy(ret_field, &list, sizeof(list));
}

/* A record may be shorter than the first line: the rest of its fields are empty. */
static void take_record(struct csv *csv, const struct conf_table *table, const struct conf_key *const *keys,
	size_t keys_count, char *ret_item)
{
	if (table->source)
		memcpy(ret_item + table->source, &csv->source, sizeof(csv->source));
	if (csv->fields_count > keys_count)
		workflow_fault_add(csv->reader->faults, csv->source, "%zu fields, and the first line names %zu",
			csv->fields_count, keys_count);
	for (size_t i = 0; i < keys_count; i++) {
		const char *field = i < csv->fields_count ? csv->fields[i] : "";

		if (!*field && keys[i]->required)
			workflow_fault_add(csv->reader->faults, csv->source, "%s lacks \"%s\": %s", table->name,
				keys[i]->name, keys[i]->doc);
		else if (*field && keys[i]->type == CONF_TEXTS)
			take_list(csv, keys[i], field, ret_item + keys[i]->field);
		else if (*field)
			(void)!conf_take_text(csv->reader, csv->source, keys[i], field, ret_item + keys[i]->field);
	}
}

/* Danish spreadsheets write semicolons, for the comma is in their numbers. */
static char find_separator(const char *bytes)
{
	size_t length = strcspn(bytes, "\r\n");

	return memchr(bytes, ';', length) ? ';' : memchr(bytes, '\t', length) ? '\t' : ',';
}

int conf_csv_read(struct conf_reader *reader, const char *path, const char *source, const struct conf_table *table,
	size_t max, void **ret_items, size_t *ret_count)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	const struct conf_key *keys[COLUMNS_MAX];
	struct csv csv = { .reader = reader, .line = 1 };
	char *bytes, *items;
	size_t size, columns, count = 0;

	if (conf_slurp(reader, path, source, &bytes, &size) != 0)
		return 1;
	csv.at = bytes + (text_starts_with(bytes, byte_order_mark) ? strlen(byte_order_mark) : 0);
	csv.separator = find_separator(csv.at);
	if (memchr(bytes, '\0', size) || !text_is_utf8(bytes, size)) {
		workflow_fault_add(reader->faults, source, "the file %s is not UTF-8: save it with that encoding", path);
		return 1;
	}
	if (!next_record(&csv)) {
		workflow_fault_add(reader->faults, source, "the file %s is empty", path);
		return 1;
	}
	columns = csv.fields_count;
	if (!read_columns(&csv, table, keys))
		return 1;
	items = arena_array(reader->arena, max, table->size);
	while (next_record(&csv)) {
		if (count == max) {
			workflow_fault_add(reader->faults, csv.source, "the file has more than %zu lines", max);
			break;
		}
		take_record(&csv, table, keys, columns, items + count++ * table->size);
	}
	*ret_items = items;
	*ret_count = count;
	return 0;
}
