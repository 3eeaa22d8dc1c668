/*
 * mime_decode - what GMime does for us. This file's .c owns GMime (and the GLib that comes with it).
 *
 * GMime never sees a whole message, nor an address: it parses recursively, and a sender chooses the depth. It gets
 * single values, capped here, and blocks of encoded bytes. Every function is safe in any thread after the first
 * mime_decode_init().
 */
#ifndef IO_MIME_DECODE_H
#define IO_MIME_DECODE_H

#include "base/arena.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { MIME_DECODE_VALUE_MAX = 8 * 1024 };	/* bytes of a Content-Type or Content-Disposition that are looked at */

/* Once per process, before the first thread; further calls do nothing. */
void mime_decode_init(void);

/* Undoes a Content-Transfer-Encoding: base64 or quoted-printable; any other (NULL too) copies. NUL-terminated. */
char *mime_decode_transfer(struct arena *arena, const char *encoding, const char *bytes, size_t length,
	size_t *ret_length);

/* A Content-Type (RFC 2045, parameters by RFC 2231). Strings are NULL when absent, type and subtype lower case. */
struct mime_type {
	const char *type, *subtype, *charset, *boundary, *name, *report_type;
};

void mime_decode_type(struct arena *arena, const char *value, struct mime_type *ret_type);

/* A Content-Disposition (RFC 2183): is it "attachment", and the file name or NULL. */
void mime_decode_disposition(struct arena *arena, const char *value, bool *ret_attachment, const char **ret_name);

#endif
