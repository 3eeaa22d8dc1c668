#include "base/log.h"

#include "base/text.h"

#include <stdio.h>
#include <string.h>

enum { FIELDS_MAX = 24, VALUE_MAX = 400 };

/* <4>: the level as systemd reads it off a service's standard error (sd-daemon(3)). */
static void write_to_stderr(enum log_level level, const char *event, const char *message,
	const struct log_field *fields, size_t count)
{
	struct text line = TEXT_NULL;

	text_addf(&line, "<%d>%s: %s", (int)level, event, message);
	for (size_t i = 0; i < count; i++) {
		text_add(&line, " ");
		text_add(&line, fields[i].name);
		text_add(&line, "=\"");
		text_add(&line, fields[i].value);
		text_add(&line, "\"");
	}
	text_add(&line, "\n");
	fputs(text_string(&line), stderr);	/* one call, one line, also between threads */
	text_done(&line);
}

/* Set once, before any thread is started. */
static log_sink *current_sink = write_to_stderr;

void log_set_sink(log_sink *sink)
{
	current_sink = sink ? sink : write_to_stderr;
}

/* Controls, quotes and what is not UTF-8 become \xNN: a terminal or a log parser sees only text. */
static void escape(const char *value, char *ret_text, size_t size)
{
	bool utf8 = text_is_utf8(value, strlen(value)) && !text_has_hidden(value);
	size_t length = 0;

	for (; *value && length + 5 < size; value++) {
		unsigned char byte = (unsigned char)*value;

		if (byte < 0x20 || byte == 0x7f || byte == '"' || byte == '\\' || (byte >= 0x80 && !utf8))
			length += (size_t)snprintf(ret_text + length, size - length, "\\x%02x", byte);
		else
			ret_text[length++] = *value;
	}
	/* never end in the middle of a character */
	while (*value && length > 0 && ((unsigned char)*value & 0xc0) == 0x80 && utf8) {
		value--;
		length--;
	}
	ret_text[length] = '\0';
}

/* Fields without a value are left out, so callers need not ask. */
void log_write(enum log_level level, const char *event, const char *message,
	const struct log_field *fields, size_t count)
{
	struct log_field kept[FIELDS_MAX];
	char values[FIELDS_MAX][VALUE_MAX], text[VALUE_MAX * 2];
	size_t used = 0;

	for (size_t i = 0; i < count && used < FIELDS_MAX; i++) {
		if (!fields[i].value)
			continue;
		escape(fields[i].value, values[used], VALUE_MAX);
		kept[used] = (struct log_field){ fields[i].name, values[used] };
		used++;
	}
	escape(message, text, sizeof(text));
	current_sink(level, event, text, kept, used);
}
