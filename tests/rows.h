/*
 * rows - a table of named rows is a group of tests: RUN_ROWS(rows, function) runs function once a row, with the row
 * as *state, under the row's own name. The rows' struct begins with `const char *name`.
 */
#ifndef TESTS_ROWS_H
#define TESTS_ROWS_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static inline int rows_run(const char *group, const void *rows, size_t count, size_t size, CMUnitTestFunction test)
{
	struct CMUnitTest *tests = calloc(count, sizeof(*tests));
	int failed;

	for (size_t i = 0; i < count; i++) {
		const char *row = (const char *)rows + i * size;

		memcpy(&tests[i].name, row, sizeof(tests[i].name));
		tests[i].test_func = test;
		tests[i].initial_state = (void *)(uintptr_t)row;
	}
	failed = _cmocka_run_group_tests(group, tests, count, NULL, NULL);
	free(tests);
	return failed;
}

#define RUN_ROWS(rows, test) rows_run(#test, rows, sizeof(rows) / sizeof((rows)[0]), sizeof((rows)[0]), test)

#endif
