#include "base/err.h"

#include "base/text.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

/* A server's words end up here: what would break a log line becomes a question mark. */
static void flatten(char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			*text = '?';
}

int err_set(struct err *err, const char *format, ...)
{
	if (err) {
		char text[ERR_TEXT_MAX + 1];	/* an argument may be err->text itself; one byte more shows where to cut */
		va_list args;

		va_start(args, format);
		vsnprintf(text, sizeof(text), format, args);
		va_end(args);
		flatten(text);
		text_cut(text, ERR_TEXT_MAX - 1);
		memcpy(err->text, text, ERR_TEXT_MAX);
	}
	return -1;
}

int err_wrap(struct err *err, const char *format, ...)
{
	if (err) {
		/* At most half of it, so that the cause always has room. */
		char context[ERR_TEXT_MAX / 2 + 1];
		va_list args;

		va_start(args, format);
		vsnprintf(context, sizeof(context), format, args);
		va_end(args);
		text_cut(context, ERR_TEXT_MAX / 2 - 1);
		return err_set(err, "%s: %s", context, err->text);
	}
	return -1;
}
