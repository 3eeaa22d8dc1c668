/*
 * ctl_rows - the rows of the register, as several commands list them.
 */
#ifndef DAEMON_CTL_ROWS_H
#define DAEMON_CTL_ROWS_H

#include "base/arena.h"
#include "core/compliance.h"
#include "core/register.h"
#include "io/conf.h"
#include "io/json.h"
#include "io/store.h"

struct ctl_rows {
	struct register_row *items;
	size_t count, capacity;
	struct directory day;		/* who holds what on the day of `now`; filled with the first row */
};

/* Appends the row of an inquiry as things stand at `now`, of all rows the same. Everything lives in the arena. */
NODISCARD int ctl_rows_add(struct ctl_rows *rows, struct arena *arena, const struct conf *conf, struct store *store,
	const struct inquiry *inquiry, int64_t now, struct err *err);

/* Appends every inquiry of a workflow, or of all (NULL), in the order of their keys. -1: the database fails. */
NODISCARD int ctl_rows_read(struct ctl_rows *rows, struct arena *arena, const struct conf *conf, struct store *store,
	const struct workflow *workflow, int64_t now, struct err *err);

/* One row, and all rows as an array: what `fristctl register --format json` prints. */
struct json *ctl_row_json(const struct register_row *row);
struct json *ctl_rows_json(const struct ctl_rows *rows);

/* A time as RFC 3339 in UTC; 0 is no time: null. */
void ctl_put_time(struct json *object, const char *key, int64_t at);

/* A date as 2026-04-14; COMPLIANCE_NO_DATE is no date: null. */
void ctl_put_date(struct json *object, const char *key, int date);

#endif
