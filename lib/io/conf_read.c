/*
 * A file is read by a table (struct conf_table): for each key its type, its limits, its parser and where in a struct it
 * goes. libconfig gives a tree with line numbers; what it would do by itself, such as opening what an @include names,
 * is refused before. No fault but one of syntax stops the reading: whoever mends a file wants all of them.
 */
#include "io/conf_read.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <libconfig.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#ifdef FRIST_SANITIZE
/*
 * libconfig 1.5 forgets the text that it held where the syntax went wrong: some bytes of each broken file; Graphviz
 * (graph.c) keeps what it learnt of shapes and fonts. The leak check of test builds asks one function about both, so
 * that it goes on telling of ours.
 */
const char *__lsan_default_suppressions(void);	/* NOLINT(bugprone-reserved-identifier) */
const char *__lsan_default_options(void);	/* NOLINT(bugprone-reserved-identifier) */

const char *__lsan_default_suppressions(void)	/* NOLINT(bugprone-reserved-identifier) */
{
	return "leak:libconfig.so\nleak:libgvc.so";
}

const char *__lsan_default_options(void)	/* NOLINT(bugprone-reserved-identifier) */
{
	return "print_suppressions=0";
}
#endif

static const char *source_at(struct conf_reader *reader, unsigned line)
{
	return arena_printf(reader->arena, "%s:%u", reader->path, line ? line : 1);
}

static const char *source_of(struct conf_reader *reader, const config_setting_t *setting)
{
	return source_at(reader, config_setting_source_line(setting));
}

#define fault(reader, setting, ...) workflow_fault_add((reader)->faults, source_of(reader, setting), __VA_ARGS__)

static const char *type_word(int type)
{
	switch (type) {
	case CONFIG_TYPE_GROUP:
		return "a group { }";
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return "a whole number";
	case CONFIG_TYPE_FLOAT:
		return "a number with a point";
	case CONFIG_TYPE_STRING:
		return "a text";
	case CONFIG_TYPE_BOOL:
		return "true or false";
	default:
		return "a list";
	}
}

static const char *wanted_word(enum conf_type type)
{
	static const char *const words[] = {
		[CONF_TEXT] = "a text in quotes", [CONF_TEXTS] = "a text in quotes, or several in [ ]",
		[CONF_INTEGER] = "a whole number", [CONF_FLAG] = "true or false", [CONF_WANT] = "true or false",
		[CONF_GROUP] = "a group { }", [CONF_GROUPS] = "a list ( ) of groups { }",
	};

	return words[type];
}

static void fault_type(struct conf_reader *reader, const config_setting_t *setting, const struct conf_key *key)
{
	fault(reader, setting, "\"%s\" must be %s, not %s", key->name, wanted_word(key->type),
		type_word(config_setting_type(setting)));
}

/* By memcpy: what lies at the offset is a pointer, but to which type only the table knows. */
static void store_pointer(void *base, size_t offset, const void *pointer)
{
	memcpy((char *)base + offset, &pointer, sizeof(pointer));
}

/* Also for the fields of a CSV file: the same faults wherever a text stands. */
int conf_take_text(struct conf_reader *reader, const char *source, const struct conf_key *key, const char *text,
	void *ret_field)
{
	conf_parse *parse = key->parse ? key->parse : conf_parse_words;
	struct err err = ERR_NULL;

	if (strlen(text) > CONF_TEXT_MAX) {
		workflow_fault_add(reader->faults, source, "\"%s\" is longer than %d bytes", key->name, CONF_TEXT_MAX);
		return 1;
	}
	/* The file is UTF-8 as a whole, but "\xff" in a text makes a byte of its own. */
	if (!text_is_utf8(text, strlen(text)) || text_has_hidden(text)) {
		workflow_fault_add(reader->faults, source, "\"%s\" holds characters that cannot be seen, or no UTF-8",
			key->name);
		return 1;
	}
	text = text_nfc(reader->arena, text);
	if (parse(reader, key, text, ret_field, &err) == 0)
		return 0;
	workflow_fault_add(reader->faults, source, "\"%s\" is \"%s\", %s", key->name, text, err.text);
	return 1;
}

static int read_text(struct conf_reader *reader, const config_setting_t *setting, const struct conf_key *key,
	void *ret_field)
{
	return conf_take_text(reader, source_of(reader, setting), key, config_setting_get_string(setting), ret_field);
}

/* One text stands for a list of one. */
static void read_texts(struct conf_reader *reader, const config_setting_t *setting, const struct conf_key *key,
	void *ret_field)
{
	bool one = config_setting_type(setting) == CONFIG_TYPE_STRING;
	size_t count = one ? 1 : (size_t)config_setting_length(setting), kept = 0;
	size_t max = key->max ? (size_t)key->max : CONF_ITEMS_MAX;
	const char **items = arena_array(reader->arena, count, sizeof(*items));
	struct message_strings strings = { .items = items };

	if (count > max || count < (size_t)key->min) {
		fault(reader, setting, "\"%s\" has %zu entries; there must be %ld to %zu", key->name, count, key->min,
			max);
		return;
	}
	for (size_t i = 0; i < count; i++) {
		const config_setting_t *item = one ? setting : config_setting_get_elem(setting, (unsigned)i);

		if (config_setting_type(item) != CONFIG_TYPE_STRING)
			fault_type(reader, item, key);
		else if (read_text(reader, item, key, &items[kept]) == 0)
			kept++;
	}
	strings.count = kept;
	memcpy(ret_field, &strings, sizeof(strings));
}

static void read_integer(struct conf_reader *reader, const config_setting_t *setting, const struct conf_key *key,
	void *ret_field)
{
	long long value = config_setting_get_int64(setting);
	int number = (int)value;

	/* libconfig makes -1 of what is too large for it */
	if (value < 0)
		fault(reader, setting, "\"%s\" is out of range; it must be from %ld to %ld", key->name, key->min, key->max);
	else if (value < key->min || value > key->max)
		fault(reader, setting, "\"%s\" is %lld; it must be from %ld to %ld", key->name, value, key->min,
			key->max);
	else
		memcpy(ret_field, &number, sizeof(number));
}

/* As deep as our own tables are, whatever the file nests. NOLINTBEGIN(misc-no-recursion) */

static void read_group(struct conf_reader *reader, const config_setting_t *group, const struct conf_table *table,
	void *ret_struct);

static void read_groups(struct conf_reader *reader, const config_setting_t *setting, const struct conf_key *key,
	void *ret_struct)
{
	const struct conf_table *table = key->table;
	size_t count = (size_t)config_setting_length(setting), max = key->max ? (size_t)key->max : CONF_ITEMS_MAX;
	char *items;

	if (count > max || count < (size_t)key->min) {
		fault(reader, setting, "\"%s\" has %zu entries; there must be %ld to %zu", key->name, count, key->min,
			max);
		return;
	}
	items = arena_array(reader->arena, count, table->size);
	for (size_t i = 0; i < count; i++) {
		const config_setting_t *item = config_setting_get_elem(setting, (unsigned)i);

		if (config_setting_type(item) == CONFIG_TYPE_GROUP)
			read_group(reader, item, table, items + i * table->size);
		else
			fault_type(reader, item, key);
	}
	store_pointer(ret_struct, key->field, items);
	memcpy((char *)ret_struct + key->count, &count, sizeof(count));
}

/* An empty ( ) or [ ] may be any list. */
static bool has_type(const config_setting_t *setting, enum conf_type type)
{
	switch (config_setting_type(setting)) {
	case CONFIG_TYPE_STRING:
		return type == CONF_TEXT || type == CONF_TEXTS;
	case CONFIG_TYPE_ARRAY:
		return type == CONF_TEXTS || (type == CONF_GROUPS && config_setting_length(setting) == 0);
	case CONFIG_TYPE_LIST:
		return type == CONF_GROUPS || type == CONF_TEXTS;
	case CONFIG_TYPE_INT:
	case CONFIG_TYPE_INT64:
		return type == CONF_INTEGER;
	case CONFIG_TYPE_BOOL:
		return type == CONF_FLAG || type == CONF_WANT;
	case CONFIG_TYPE_GROUP:
		return type == CONF_GROUP;
	default:
		return false;
	}
}

static void read_value(struct conf_reader *reader, const config_setting_t *setting, const struct conf_key *key,
	void *ret_struct)
{
	char *field = (char *)ret_struct + key->field;
	bool flag = key->type == CONF_FLAG || key->type == CONF_WANT ? config_setting_get_bool(setting) : false;
	enum workflow_want want = flag ? WORKFLOW_YES : WORKFLOW_NO;

	switch (key->type) {
	case CONF_TEXT:
		(void)read_text(reader, setting, key, field);
		break;
	case CONF_TEXTS:
		read_texts(reader, setting, key, field);
		break;
	case CONF_INTEGER:
		read_integer(reader, setting, key, field);
		break;
	case CONF_FLAG:
		memcpy(field, &flag, sizeof(flag));
		break;
	case CONF_WANT:
		memcpy(field, &want, sizeof(want));
		break;
	case CONF_GROUP:
		read_group(reader, setting, key->table, field);
		break;
	case CONF_GROUPS:
		read_groups(reader, setting, key, ret_struct);
		break;
	}
}

/* Defaults stand in the table as a person would write them, and go through the same parser. */
static void read_fallback(struct conf_reader *reader, const struct conf_key *key, void *ret_struct)
{
	char *field = (char *)ret_struct + key->field;
	int number;

	if (!key->fallback)
		return;
	if (key->type == CONF_INTEGER) {
		number = (int)strtol(key->fallback, NULL, 10);
		memcpy(field, &number, sizeof(number));
	} else if (key->type == CONF_TEXT && key->parse(reader, key, key->fallback, field, NULL) != 0) {
		abort();	/* a default that its own parser refuses: a table is wrong */
	}
}

/* Where a key may be missing its default is taken, or the field stays zero; `present` tells the difference. */
static void read_key(struct conf_reader *reader, const config_setting_t *group, const struct conf_table *table,
	const struct conf_key *key, void *ret_struct)
{
	const config_setting_t *setting = config_setting_get_member(group, key->name);
	bool present = true;

	if (!setting) {
		if (key->required)
			fault(reader, group, "%s lacks \"%s\": %s", table->name, key->name, key->doc);
		read_fallback(reader, key, ret_struct);
		return;
	}
	if (key->source)
		store_pointer(ret_struct, key->source, source_of(reader, setting));
	if (key->present)
		memcpy((char *)ret_struct + key->present, &present, sizeof(present));
	if (has_type(setting, key->type))
		read_value(reader, setting, key, ret_struct);
	else
		fault_type(reader, setting, key);
}

/* A key that is not known is a fault: a slip of the pen must not pass for a default. */
static void fault_unknown(struct conf_reader *reader, const config_setting_t *setting, const struct conf_table *table)
{
	const char *names[64];
	struct message_strings known = { .items = names };

	for (; known.count < table->keys_count && known.count < sizeof(names) / sizeof(names[0]); known.count++)
		names[known.count] = table->keys[known.count].name;
	fault(reader, setting, "%s has no key \"%.100s\"%s", table->name, config_setting_name(setting),
		workflow_did_you_mean(reader->arena, &known, config_setting_name(setting)));
}

/* The tables nest a few groups deep and never within themselves: so does this. */
static void read_group(struct conf_reader *reader, const config_setting_t *group, const struct conf_table *table,
	void *ret_struct)
{
	if (table->source)
		store_pointer(ret_struct, table->source, source_of(reader, group));
	for (int i = 0; i < config_setting_length(group); i++) {
		const config_setting_t *setting = config_setting_get_elem(group, (unsigned)i);
		bool known = false;

		for (size_t k = 0; k < table->keys_count && !known; k++)
			known = strcmp(table->keys[k].name, config_setting_name(setting)) == 0;
		if (!known)
			fault_unknown(reader, setting, table);
	}
	for (size_t k = 0; k < table->keys_count; k++)
		read_key(reader, group, table, &table->keys[k], ret_struct);
}

/* NOLINTEND(misc-no-recursion) */

/* libconfig would open whatever file an @include names. */
static const char *find_refused(const char *line, size_t length)
{
	size_t blank = 0;

	while (blank < length && (line[blank] == ' ' || line[blank] == '\t'))
		blank++;
	if (length - blank >= 8 && strncmp(line + blank, "@include", 8) == 0)
		return "@include is not allowed: everything stands in one file";
	if (memchr(line, '\0', length))
		return "there is a NUL byte in this line";
	return text_is_utf8(line, length) ? NULL : "this line is not UTF-8: save the file with that encoding";
}

/* Every second byte of what Latin letters begin with is NUL, and most editors mark the file. */
static bool is_utf16(const char *bytes, size_t size)
{
	return size >= 2 && (memcmp(bytes, "\xff\xfe", 2) == 0 || memcmp(bytes, "\xfe\xff", 2) == 0 ||
		!bytes[0] != !bytes[1]);
}

static int check_lines(struct conf_reader *reader, const char *bytes, size_t size)
{
	unsigned number = 1;
	int status = 0;

	for (size_t at = 0; at < size; number++) {
		const char *end = memchr(bytes + at, '\n', size - at);
		size_t length = end ? (size_t)(end - bytes) - at : size - at;
		const char *refused = find_refused(bytes + at, length);

		if (refused) {
			workflow_fault_add(reader->faults, source_at(reader, number), "%s", refused);
			status = 1;
		}
		at += length + 1;
	}
	return status;
}

/* Where the comment ends that begins at text, which is NULL when it never does. */
static const char *skip_comment(const char *text)
{
	const char *end;

	if (text_starts_with(text, "/*")) {
		end = strstr(text + 2, "*/");
		return end ? end + 2 : NULL;
	}
	return *text == '#' || text_starts_with(text, "//") ? text + strcspn(text, "\n") : text;
}

/* The line of a comment that never ends, 0: none. libconfig would pass over the rest of the file in silence. */
static unsigned find_open_comment(const char *text)
{
	unsigned line = 1;
	bool quoted = false;

	while (*text) {
		const char *next = quoted ? text : skip_comment(text);

		if (!next)
			return line;
		if (next == text) {
			quoted = quoted != (*text == '"');
			next += quoted && *text == '\\' && text[1] ? 2 : 1;
		}
		for (; text < next; text++)
			line += *text == '\n';
	}
	return 0;
}

/* What libconfig found wrong, and what is to be done. */
static const char *say_syntax(struct arena *arena, const char *error)
{
	return strcmp(error, "duplicate setting name") == 0 ? "this key stands here twice: leave one of the two out" :
		arena_printf(arena, "%s: is a \";\", a quote or a bracket missing here or on the line before?", error);
}

static void config_done(config_t *config)
{
	config_destroy(config);
}

/* Lines are checked before libconfig sees any of them: it would follow an @include, and end at a NUL. */
int conf_read_bytes(struct conf_reader *reader, const char *path, const char *bytes, size_t size,
	const struct conf_table *table, void *ret_struct)
{
	static const char byte_order_mark[] = "\xef\xbb\xbf";
	config_t config CLEANUP(config_done);
	const char *text;
	unsigned open_comment;

	config_init(&config);
	reader->path = path;
	if (size > CONF_FILE_MAX) {
		workflow_fault_add(reader->faults, source_at(reader, 1), "the file is larger than %d bytes",
			CONF_FILE_MAX);
		return 1;
	}
	if (is_utf16(bytes, size)) {
		workflow_fault_add(reader->faults, source_at(reader, 1), "the file is UTF-16: save it as UTF-8");
		return 1;
	}
	if (check_lines(reader, bytes, size) != 0)
		return 1;
	text = arena_strndup(reader->arena, bytes, size);
	if (text_starts_with(text, byte_order_mark))
		text += strlen(byte_order_mark);
	open_comment = find_open_comment(text);
	if (open_comment) {
		workflow_fault_add(reader->faults, source_at(reader, open_comment),
			"a comment is opened here by /* and never closed by */");
		return 1;
	}
	if (!config_read_string(&config, text)) {
		workflow_fault_add(reader->faults, source_at(reader, (unsigned)config_error_line(&config)), "%s",
			say_syntax(reader->arena, config_error_text(&config)));
		return 1;
	}
	read_group(reader, config_root_setting(&config), table, ret_struct);
	return 0;
}

static void close_file(int *file)
{
	if (*file >= 0)
		close(*file);
}

/*
 * Reads a file of at most CONF_FILE_MAX bytes into the arena. It is opened so that a pipe or a terminal in its place
 * cannot hold us up; one byte more tells that it grew.
 */
static int slurp(struct conf_reader *reader, const char *path, char **ret_bytes, size_t *ret_size, struct err *err)
{
	int file CLEANUP(close_file) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	size_t size = 0, capacity;
	ssize_t more;
	char *bytes;

	if (file < 0 || fstat(file, &status) != 0)
		return err_set(err, "cannot be read: %s", strerror(errno));
	if (!S_ISREG(status.st_mode))
		return err_set(err, "is no ordinary file");
	if (status.st_mode & S_IWOTH)
		return err_set(err, "may be written by everybody (chmod o-w)");
	if (status.st_size > CONF_FILE_MAX)
		return err_set(err, "is larger than %d bytes", CONF_FILE_MAX);
	capacity = (size_t)status.st_size + 1;
	bytes = arena_alloc(reader->arena, capacity);
	do {
		more = read(file, bytes + size, capacity - size);
		if (more < 0)
			return err_set(err, "cannot be read: %s", strerror(errno));
		size += (size_t)more;
	} while (more > 0 && size < capacity);
	if (size == capacity)
		return err_set(err, "grew while it was read");
	*ret_bytes = bytes;
	*ret_size = size;
	return 0;
}

/* All that was read goes into the hash that transitions carry: by which configuration was this decided? */
int conf_slurp(struct conf_reader *reader, const char *path, const char *source, char **ret_bytes, size_t *ret_size)
{
	const char *name = strrchr(path, '/');
	struct err err = ERR_NULL;

	reader->path = path;
	if (slurp(reader, path, ret_bytes, ret_size, &err) != 0) {
		workflow_fault_add(reader->faults, source ? source : source_at(reader, 1), "the file %s %s", path,
			err.text);
		return 1;
	}
	text_add(&reader->hashed, name ? name + 1 : path);
	text_addf(&reader->hashed, " %zu\n", *ret_size);
	text_add_bytes(&reader->hashed, *ret_bytes, *ret_size);
	return 0;
}

int conf_read_file(struct conf_reader *reader, const char *path, const char *source, const struct conf_table *table,
	void *ret_struct)
{
	char *bytes = NULL;
	size_t size = 0;

	if (conf_slurp(reader, path, source, &bytes, &size) != 0)
		return 1;
	return conf_read_bytes(reader, path, bytes, size, table, ret_struct);
}

const char *conf_path(struct arena *arena, const char *folder, const char *path)
{
	return *path == '/' || !*folder ? arena_strdup(arena, path) : arena_printf(arena, "%s/%s", folder, path);
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void close_folder(DIR **folder)
{
	if (*folder)
		closedir(*folder);
}

/* Sorted, so that faults and lists come in the same order everywhere. */
int conf_list_folder(struct conf_reader *reader, const char *folder, const char *suffix, size_t max, const char *source,
	struct message_strings *ret_names)
{
	DIR *open_folder CLEANUP(close_folder) = opendir(folder);
	const char **names = arena_array(reader->arena, max, sizeof(*names));
	size_t tail = strlen(suffix);
	const struct dirent *entry;

	*ret_names = (struct message_strings){ .items = names };
	if (!open_folder) {
		workflow_fault_add(reader->faults, source, "the folder %s cannot be read: %s", folder, strerror(errno));
		return 1;
	}
	while ((entry = readdir(open_folder))) {
		size_t length = strlen(entry->d_name);

		if (entry->d_name[0] == '.' || length <= tail || strcmp(entry->d_name + length - tail, suffix) != 0)
			continue;
		if (ret_names->count == max) {
			workflow_fault_add(reader->faults, source, "the folder %s holds more than %zu files", folder,
				max);
			return 1;
		}
		names[ret_names->count++] = arena_strndup(reader->arena, entry->d_name, length - tail);
	}
	qsort(names, ret_names->count, sizeof(*names), compare_names);
	return 0;
}
