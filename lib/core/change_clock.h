/*
 * change_clock - how the clocks of an inquiry run, stand and stop. Part of core/change.
 *
 * A deadline that counts from the letter has one last day in the first round, whenever its clock starts, stops and
 * goes on: counted from the day on which the letter that was passed on came, where that is known, else from its arrival
 * here.
 */
#ifndef CORE_CHANGE_CLOCK_H
#define CORE_CHANGE_CLOCK_H

#include "core/change.h"

/* What entering the step, or staying there, at an instant does to the clock of every deadline. */
void change_clocks(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar, int step,
	bool next_round, int64_t at);

/* The clocks that the rule starts and stops (change_rule_clocks() says how). */
void change_clocks_by_rule(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	const struct workflow_rule *rule, int64_t at);

/* Does a clock run or stand that only a rule started? It is to be met whatever becomes of the rest. */
bool change_is_promised(const struct inquiry *inquiry, const struct workflow *workflow);

/* Every clock stops; one that stands has stopped when it began to. */
void change_stop_clocks(struct inquiry *inquiry, int64_t at);

/*
 * What was left of a stopped clock on the day on which it stopped, in the unit of its deadline: negative when its last
 * day had passed by then.
 */
struct calendar_length change_clock_left(const struct inquiry_clock *clock, const struct workflow_deadline *deadline,
	const struct calendar *calendar);

#endif
