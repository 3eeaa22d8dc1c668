/*
 * struct json is jansson's json_t under another name, so that no other file includes its header. Lack of memory ends
 * the program; only json_read() can fail, at what is no JSON.
 */
#include "io/json.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *inner(struct json *json)
{
	return (json_t *)json;
}

/* jansson fails only for lack of memory here: values are made of what we checked. */
static struct json *checked(json_t *value)
{
	if (!value)
		abort();
	return (struct json *)value;
}

/* Every byte that does not belong to well-formed UTF-8 becomes U+FFFD: one bad string must not lose a whole answer. */
static struct json *repaired(const char *text)
{
	struct text clean = TEXT_NULL;
	struct json *value;

	while (*text) {
		size_t length = 1, left = strlen(text);

		while (length < 4 && length < left && !text_is_utf8(text, length))
			length++;
		if (text_is_utf8(text, length)) {
			text_add_bytes(&clean, text, length);
			text += length;
		} else {
			text_add(&clean, "\xEF\xBF\xBD");
			text++;
		}
	}
	value = checked(json_string(text_string(&clean)));
	text_done(&clean);
	return value;
}

static struct json *string_or_null(const char *text)
{
	if (!text)
		return checked(json_null());
	return text_is_utf8(text, strlen(text)) ? checked(json_string(text)) : repaired(text);
}

struct json *json_new_object(void)
{
	return checked(json_object());
}

struct json *json_new_array(void)
{
	return checked(json_array());
}

void json_free(struct json *root)
{
	json_decref(inner(root));
}

void json_freep(struct json **root)
{
	json_free(*root);
	*root = NULL;
}

void json_put(struct json *object, const char *key, struct json *child)
{
	if (json_object_set_new(inner(object), key, child ? inner(child) : json_null()) < 0)
		abort();
}

void json_put_string(struct json *object, const char *key, const char *text)
{
	json_put(object, key, string_or_null(text));
}

void json_put_integer(struct json *object, const char *key, int64_t value)
{
	json_put(object, key, checked(json_integer(value)));
}

void json_put_bool(struct json *object, const char *key, bool value)
{
	json_put(object, key, checked(json_boolean(value)));
}

void json_put_strings(struct json *object, const char *key, const struct message_strings *strings)
{
	struct json *array = json_new_array();

	for (size_t i = 0; i < strings->count; i++)
		json_add_string(array, strings->items[i]);
	json_put(object, key, array);
}

void json_add(struct json *array, struct json *child)
{
	if (json_array_append_new(inner(array), child ? inner(child) : json_null()) < 0)
		abort();
}

void json_add_string(struct json *array, const char *text)
{
	json_add(array, string_or_null(text));
}

void json_print(const struct json *root, FILE *file)
{
	if (json_dumpf((const json_t *)root, file, JSON_COMPACT) == 0)
		putc('\n', file);
}

/* Does it stand in JSON as it is? */
static bool is_plain(const char *string)
{
	size_t length = strlen(string);

	for (size_t i = 0; i < length; i++)
		if ((unsigned char)string[i] < 0x20 || string[i] == '"' || string[i] == '\\')
			return false;
	return text_is_utf8(string, length);
}

/* Most texts need no escape, and images are written often: jansson is asked only about the others. */
void json_write_string(struct text *text, const char *string)
{
	json_t *value;
	char *escaped;

	if (string && is_plain(string)) {
		text_add(text, "\"");
		text_add(text, string);
		text_add(text, "\"");
		return;
	}
	value = inner(string_or_null(string));
	escaped = json_dumps(value, JSON_COMPACT | JSON_ENCODE_ANY);
	if (!escaped)
		abort();
	text_add(text, escaped);
	free(escaped);
	json_decref(value);
}

struct json *json_read(const char *text, size_t length)
{
	return (struct json *)json_loadb(text, length, JSON_REJECT_DUPLICATES, NULL);
}

const struct json *json_get(const struct json *object, const char *key)
{
	return (const struct json *)json_object_get((const json_t *)object, key);
}

const char *json_get_string(const struct json *object, const char *key)
{
	return json_string_value((const json_t *)json_get(object, key));
}

int64_t json_get_integer(const struct json *object, const char *key)
{
	return json_integer_value((const json_t *)json_get(object, key));
}

bool json_get_bool(const struct json *object, const char *key)
{
	return json_is_true((const json_t *)json_get(object, key));
}

size_t json_length(const struct json *array)
{
	return json_array_size((const json_t *)array);
}

const struct json *json_item(const struct json *array, size_t index)
{
	return (const struct json *)json_array_get((const json_t *)array, index);
}

const char *json_item_string(const struct json *array, size_t index)
{
	return json_string_value((const json_t *)json_item(array, index));
}
