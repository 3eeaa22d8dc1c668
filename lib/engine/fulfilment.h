/*
 * fulfilment - a quarter's report, from the configuration and the database. Reads only: fristctl and the daily round
 * ask it.
 */
#ifndef ENGINE_FULFILMENT_H
#define ENGINE_FULFILMENT_H

#include "core/compliance.h"
#include "io/conf.h"
#include "io/store.h"

/*
 * The report of a period that has begun, as of its last day, or of today while it runs. The configuration has a course.
 * Everything lives in the arena. -1: the database fails.
 */
NODISCARD int fulfilment_read(struct arena *arena, const struct conf *conf, struct store *store,
	const struct compliance_period *period, int64_t now, struct compliance_report *ret_report, struct err *err);

#endif
