/*
 * conf_read - reads a libconfig file by tables into plain structs. Only conf*.c include this; conf_read.c owns
 * libconfig.
 *
 * One table describes one kind of group: every key with its type, whether it must be there, its default, its bounds,
 * and where its value goes. Whatever the tables do not say is a fault: an unknown key, a wrong type, a value out of
 * range. Reading goes on after a fault, so that all are found in one pass.
 */
#ifndef IO_CONF_READ_H
#define IO_CONF_READ_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "core/workflow.h"

#include <stdbool.h>
#include <stddef.h>

enum {
	CONF_FILE_MAX = 1024 * 1024,	/* bytes of one file */
	CONF_TEXT_MAX = 1000,		/* bytes of one text */
	CONF_ITEMS_MAX = 1000,		/* of one list, unless its key says otherwise */
};

struct conf_reader {
	struct arena *arena;
	struct workflow_faults *faults;
	const char *path;		/* of the file being read, for faults */
	const char *folder;		/* relative paths in a file start here; "": where we are */
	struct text hashed;		/* name and bytes of every file read so far */
};

enum conf_type {
	CONF_TEXT,		/* text, put where `field` says by `parse` */
	CONF_TEXTS,		/* one text or an array of them: struct message_strings */
	CONF_INTEGER,		/* whole number from min to max: int */
	CONF_FLAG,		/* true or false: bool */
	CONF_WANT,		/* true or false: enum workflow_want, ANY when absent */
	CONF_GROUP,		/* { … }: the struct of `table`, in place */
	CONF_GROUPS,		/* ( { … }, { … } ): an array of them and, at `count`, how many */
};

struct conf_key;

/* Puts what text says into the field. Returns 0; -1: err ends the sentence "KEY is "text", …". */
typedef int conf_parse(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err);

struct conf_choice {
	const char *word;	/* NULL ends a list */
	int value;
};

struct conf_table {
	const char *name;			/* as faults and fristd.conf(5) call such a group: "imap" */
	const struct conf_key *keys;
	size_t keys_count;
	size_t size;				/* of the struct */
	size_t source;				/* offset of `const char *source` in it; 0: it has none */
};

#define CONF_TABLE(table_name, table_keys, type, ...) \
	{ .name = (table_name), .keys = (table_keys), .keys_count = sizeof(table_keys) / sizeof((table_keys)[0]), \
	  .size = sizeof(type), ##__VA_ARGS__ }

struct conf_key {
	const char *name;
	enum conf_type type;
	const char *doc;			/* one line */
	bool required;
	const char *fallback;			/* the default, as it would stand in the file, unquoted; or NULL */
	long min, max;				/* of an integer: its value; of groups and texts: how many */
	size_t field;				/* offset in the struct */
	size_t count;				/* CONF_GROUPS: offset of a size_t */
	size_t present;				/* offset of a bool that is set when the key is there; 0: none */
	size_t source;				/* offset of a `const char *` for file:line of the key; 0: none */
	conf_parse *parse;			/* NULL: any text */
	const struct conf_choice *choices;	/* of conf_parse_choice and conf_parse_flag */
	const struct conf_table *table;		/* CONF_GROUP, CONF_GROUPS */
};

/*
 * Reads the file at path into ret_struct, which is as large as the table says and zeroed. Returns 0, also when there
 * were faults in it; 1 when the file as a whole could not be read: there is a fault, ret_struct is untouched.
 * Refused: no ordinary file, writable for everybody, larger than CONF_FILE_MAX, not UTF-8, @include. The source is the
 * key that names the file, or NULL.
 */
NODISCARD int conf_read_file(struct conf_reader *reader, const char *path, const char *source,
	const struct conf_table *table, void *ret_struct);

/* The same for bytes that are in memory; path is what faults call them. */
NODISCARD int conf_read_bytes(struct conf_reader *reader, const char *path, const char *bytes, size_t size,
	const struct conf_table *table, void *ret_struct);

/* The bytes of a file that is not libconfig's, in the arena. Returns 1 after a fault, as conf_read_file(). */
NODISCARD int conf_slurp(struct conf_reader *reader, const char *path, const char *source, char **ret_bytes,
	size_t *ret_size);

/*
 * Takes one text as the value of a key, or of one entry of a list: checks what holds for any text and hands it to the
 * key's parser. Returns 1 after a fault at source.
 */
NODISCARD int conf_take_text(struct conf_reader *reader, const char *source, const struct conf_key *key,
	const char *text, void *ret_field);

/* path, or when it is relative, folder/path; in the arena. */
const char *conf_path(struct arena *arena, const char *folder, const char *path);

/*
 * The names, sorted, of the files in the folder that end in suffix, without it. Hidden files are left out. Returns 1
 * after a fault at source, the key that names the folder: it cannot be read, or there are more than max. Names are set
 * anyway.
 */
NODISCARD int conf_list_folder(struct conf_reader *reader, const char *folder, const char *suffix, size_t max,
	const char *source, struct message_strings *ret_names);

/* Forms of text (conf_forms.c). Each says in its complaint what would be right. */
conf_parse conf_parse_name;		/* "hos-spl": lower-case letters, digits and hyphens */
conf_parse conf_parse_words;		/* any text with something in it */
conf_parse conf_parse_tag;		/* upper-cased; no brackets */
conf_parse conf_parse_key;		/* "MT": 2 to 8 of A-ZÆØÅ */
conf_parse conf_parse_cite;		/* "A10b" */
conf_parse conf_parse_address;		/* lower-cased; allow-listed characters */
conf_parse conf_parse_host;		/* name or IP address, lower-cased */
conf_parse conf_parse_border;		/* likewise; ".example.dk" is every host below it */
conf_parse conf_parse_path;		/* made absolute or relative to where we are */
conf_parse conf_parse_secret;		/* likewise, or credential:NAME */
conf_parse conf_parse_login;		/* no white space */
conf_parse conf_parse_pattern;		/* of case links, see core/caselink.h */
conf_parse conf_parse_length;		/* struct calendar_length */
conf_parse conf_parse_period;		/* likewise, at least one day */
conf_parse conf_parse_date;		/* int64_t, midnight in Copenhagen */
conf_parse conf_parse_day;		/* int, a date (core/calendar.h) */
conf_parse conf_parse_weekdays;		/* "onsdag, fredag": unsigned, a bit (1 << ISO weekday) each */
conf_parse conf_parse_minutes;		/* "07:30" to "24:00": int */
conf_parse conf_parse_closing;		/* "24-12": struct calendar_closing, but for its name */
conf_parse conf_parse_choice;		/* one of choices: int, or an enum */
conf_parse conf_parse_flag;		/* likewise: bool */

#endif
