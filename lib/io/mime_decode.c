#include "io/mime_decode.h"

#include <gmime/gmime.h>
#include <string.h>
#include <strings.h>
#include <time.h>

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

/* Reads a number of `min` to `max` digits at *at, and the sign behind it. */
static bool read_number(const char **at, size_t min, size_t max, char sign, int *ret_number)
{
	size_t digits = strspn(*at, "0123456789");

	*ret_number = 0;
	if (digits < min || digits > max || (*at)[digits] != sign)
		return false;
	for (size_t i = 0; i < digits; i++)
		*ret_number = *ret_number * 10 + (*at)[i] - '0';
	*at += digits + 1;
	return true;
}

/* "Jan ", counted from 0; -1: none. */
static int read_month(const char **at)
{
	static const char *const months[] = { "Jan ", "Feb ", "Mar ", "Apr ", "May ", "Jun ", "Jul ", "Aug ", "Sep ",
		"Oct ", "Nov ", "Dec " };

	for (int i = 0; i < 12; i++) {
		if (strncmp(*at, months[i], 4) == 0) {
			*at += 4;
			return i;
		}
	}
	return -1;
}

/* The form that nearly all dates have: "Thu, 1 Jan 2026 08:00:00 +0100". False for any other, which GMime reads. */
static bool read_common_date(const char *at, int64_t *ret_seconds)
{
	struct tm tm = { 0 };
	int month, day, zone;
	int64_t sign;

	at += strspn(at, " ");
	at += strcspn(at, ", ") == 3 && at[3] == ',' && at[4] == ' ' ? 5 : 0;
	if (!read_number(&at, 1, 2, ' ', &day) || (month = read_month(&at)) < 0 ||
	    !read_number(&at, 4, 4, ' ', &tm.tm_year) || !read_number(&at, 2, 2, ':', &tm.tm_hour) ||
	    !read_number(&at, 2, 2, ':', &tm.tm_min) || !read_number(&at, 2, 2, ' ', &tm.tm_sec))
		return false;
	sign = *at == '-' ? -1 : 1;
	if ((*at != '+' && *at != '-') || strlen(++at) != 4 || !read_number(&at, 4, 4, '\0', &zone) || zone % 100 > 59 ||
	    zone > 1400 || tm.tm_year < 1970 || tm.tm_hour > 23 || tm.tm_min > 59 || tm.tm_sec > 59)
		return false;
	tm.tm_year -= 1900;
	tm.tm_mon = month;
	tm.tm_mday = day;
	*ret_seconds = timegm(&tm) - sign * (zone / 100 * 60 + zone % 100) * 60;
	return tm.tm_mon == month && tm.tm_mday == day;	/* no 30 February, which timegm() takes for 2 March */
}

int64_t mime_decode_date(const char *value)
{
	char text[DATE_MAX + 1];
	size_t length = strnlen(value, DATE_MAX);
	GDateTime *date;
	int64_t seconds;

	if (!read_common_date(value, &seconds)) {
		memcpy(text, value, length);
		text[length] = '\0';
		date = g_mime_utils_header_decode_date(text);
		if (!date)
			return 0;
		seconds = g_date_time_to_unix(date);
		g_date_time_unref(date);
	}
	return seconds > 0 && seconds < year_2200 ? seconds : 0;
}
