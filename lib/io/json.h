/*
 * json - building, printing and reading JSON. This file's .c owns jansson.
 *
 * Keys keep the order in which they were put. Text must be UTF-8; what is not becomes U+FFFD, so printing never fails
 * on a value. A child belongs to its parent from the moment it is put or added: only the root is freed. Running out of
 * memory aborts (see base/arena.h).
 */
#ifndef IO_JSON_H
#define IO_JSON_H

#include "base/arena.h"
#include "base/text.h"
#include "core/message.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

struct json;

struct json *json_new_object(void);
struct json *json_new_array(void);

/* Frees a root and everything below it. Accepts NULL. */
void json_free(struct json *root);
void json_freep(struct json **root);	/* for CLEANUP() */

/* Puts a member into an object. A NULL text or child becomes null. */
void json_put_string(struct json *object, const char *key, const char *text);
void json_put_integer(struct json *object, const char *key, int64_t value);
void json_put_bool(struct json *object, const char *key, bool value);
void json_put(struct json *object, const char *key, struct json *child);
void json_put_strings(struct json *object, const char *key, const struct message_strings *strings);

/* Appends to an array, likewise. */
void json_add_string(struct json *array, const char *text);
void json_add(struct json *array, struct json *child);

/* Prints the value on one line, and a line feed. Write errors stay in the FILE. */
void json_print(const struct json *root, FILE *file);

/* Adds text as a JSON string, or null for NULL: for what is written too often to build a tree first. */
void json_write_string(struct text *text, const char *string);

/* Reads one value; NULL when the text is no JSON, or carries U+0000. The root is the caller's to free. */
struct json *json_read(const char *text, size_t length);

/* A member of an object; NULL, 0 or false when it is missing or of another type. It lives as long as the root. */
const struct json *json_get(const struct json *object, const char *key);
const char *json_get_string(const struct json *object, const char *key);
int64_t json_get_integer(const struct json *object, const char *key);
bool json_get_bool(const struct json *object, const char *key);

/* An array: its length (0 when it is none or NULL), an item, an item's text (NULL when it is no string). */
size_t json_length(const struct json *array);
const struct json *json_item(const struct json *array, size_t index);
const char *json_item_string(const struct json *array, size_t index);

#endif
