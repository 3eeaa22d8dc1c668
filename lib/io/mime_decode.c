#include "io/mime_decode.h"

#include <gmime/gmime.h>
#include <string.h>
#include <strings.h>

enum { DATE_MAX = 200 };

static const int64_t year_2200 = INT64_C(7258118400);

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

int64_t mime_decode_date(const char *value)
{
	char text[DATE_MAX + 1];
	size_t length = strnlen(value, DATE_MAX);
	GDateTime *date;
	int64_t seconds;

	memcpy(text, value, length);
	text[length] = '\0';
	date = g_mime_utils_header_decode_date(text);
	if (!date)
		return 0;
	seconds = g_date_time_to_unix(date);
	g_date_time_unref(date);
	return seconds > 0 && seconds < year_2200 ? seconds : 0;
}

void mime_decode_digest(const void *bytes, size_t length, uint8_t ret_digest[32])
{
	GChecksum *checksum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize size = 32;

	g_checksum_update(checksum, bytes, (gssize)length);
	g_checksum_get_digest(checksum, ret_digest, &size);
	g_checksum_free(checksum);
}
