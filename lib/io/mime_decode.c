#include "io/mime_decode.h"

#include <gmime/gmime.h>
#include <string.h>
#include <strings.h>

/* Once in a process, by whichever thread is first. */
void mime_decode_init(void)
{
	static gsize done;

	if (g_once_init_enter(&done)) {
		g_mime_init();
		g_once_init_leave(&done, 1);
	}
}

char *mime_decode_transfer(struct arena *arena, const char *encoding, const char *bytes, size_t length,
	size_t *ret_length)
{
	GMimeContentEncoding kind = encoding ? g_mime_content_encoding_from_string(encoding) :
		GMIME_CONTENT_ENCODING_DEFAULT;
	GMimeEncoding decoder;
	char *decoded;
	size_t used;

	/* 7bit, 8bit, binary, and whatever nobody knows: the bytes are the text. */
	if (kind != GMIME_CONTENT_ENCODING_BASE64 && kind != GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE) {
		*ret_length = length;
		return arena_strndup(arena, bytes, length);
	}
	g_mime_encoding_init_decode(&decoder, kind);
	decoded = arena_alloc(arena, g_mime_encoding_outlen(&decoder, length) + 1);
	used = g_mime_encoding_step(&decoder, bytes, length, decoded);
	used += g_mime_encoding_flush(&decoder, "", 0, decoded + used);
	decoded[used] = '\0';
	*ret_length = used;
	return decoded;
}

/* A copy of value, cut where GMime shall not go on. */
static char *capped(struct arena *arena, const char *value, size_t max)
{
	return arena_strndup(arena, value, strnlen(value, max));
}

static const char *parameter(struct arena *arena, GMimeContentType *type, const char *name)
{
	return arena_strdup(arena, g_mime_content_type_get_parameter(type, name));
}

static const char *lower(struct arena *arena, const char *word)
{
	char *copy = arena_strdup(arena, word ? word : "");

	for (char *at = copy; *at; at++)
		*at = g_ascii_tolower(*at);
	return copy;
}

void mime_decode_type(struct arena *arena, const char *value, struct mime_type *ret_type)
{
	GMimeContentType *type = g_mime_content_type_parse(NULL, capped(arena, value, MIME_DECODE_VALUE_MAX));

	*ret_type = (struct mime_type){
		.type = lower(arena, g_mime_content_type_get_media_type(type)),
		.subtype = lower(arena, g_mime_content_type_get_media_subtype(type)),
		.charset = parameter(arena, type, "charset"), .boundary = parameter(arena, type, "boundary"),
		.name = parameter(arena, type, "name"), .report_type = parameter(arena, type, "report-type"),
	};
	g_object_unref(type);
}

void mime_decode_disposition(struct arena *arena, const char *value, bool *ret_attachment, const char **ret_name)
{
	GMimeContentDisposition *disposition =
		g_mime_content_disposition_parse(NULL, capped(arena, value, MIME_DECODE_VALUE_MAX));

	*ret_attachment = g_mime_content_disposition_is_attachment(disposition);
	*ret_name = arena_strdup(arena, g_mime_content_disposition_get_parameter(disposition, "filename"));
	g_object_unref(disposition);
}
