/*
 * err - the text of what went wrong, wrapped with context on its way up.
 *
 * Functions return 0 when they did their work; a negative value when they cannot continue, with the reason in a
 * struct err that every caller on the way may wrap; a positive value for a condition that their header names and
 * that only the direct caller handles. Outputs are untouched unless 0 is returned.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stddef.h>

#define ERR_TEXT_MAX 1024

struct err {
	char text[ERR_TEXT_MAX];	/* UTF-8, one line, NUL-terminated; cut when too long */
};

#define ERR_NULL { .text = "" }

/* Sets the text. Always returns -1, so that `return err_set(...)` reads as what it is. err may be NULL. */
int err_set(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Puts "context: " before the text. Always returns -1. err may be NULL. */
int err_wrap(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));

#define NODISCARD __attribute__((warn_unused_result))
#define CLEANUP(function) __attribute__((cleanup(function)))

#endif
