/*
 * change - what a step does to the image of an inquiry: clocks, assignments, what was passed over. Pure.
 */
#ifndef CORE_CHANGE_H
#define CORE_CHANGE_H

#include "core/calendar.h"
#include "core/inquiry.h"
#include "core/roles.h"
#include "core/workflow.h"

#include <stdint.h>

/*
 * Enters a step at an instant. Steps passed over on the way forward are noted as unseen; on the way back what lies
 * ahead is forgotten. Clocks start, stop and go on as the workflow's deadlines say; next_round opens a new round first.
 * A final step ends the inquiry and stops every clock. A date set by hand holds for the round in which it was set:
 * there it outlasts any stop and never stands; a new round goes on with what was left of it, or with a clock of its
 * own.
 */
void change_enter_step(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	int step, bool next_round, int64_t at);

/* Ends the inquiry where it stands, for a reason in words; every clock stops. */
void change_close(struct inquiry *inquiry, const char *why, int64_t at);

/*
 * The clocks that the rule starts and stops, after its step was entered. One that runs or stands already is not begun
 * again; of one that a rule starts again nothing is left over. An inquiry that stood at its end for the last of them
 * ends.
 */
void change_rule_clocks(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	const struct workflow_rule *rule, int64_t at);

/*
 * May it go on under the workflow, and nobody forgets what was asked for by a word? Not while a deadline runs or stands
 * that no step starts, and that the workflow does not have.
 */
bool change_may_carry_clocks(const struct inquiry *from, const struct workflow *followed,
	const struct workflow *workflow);

/*
 * What was asked for by a word (starts), and the day that the citizen was told of, are still to be met when `from` goes
 * on as this inquiry, at its step: of two that are the same the sooner counts. false: there was nothing to carry over.
 */
bool change_carry_clocks(struct inquiry *inquiry, const struct workflow *workflow, const struct calendar *calendar,
	const struct inquiry *from, int64_t at);

/*
 * Moves the end of the main deadline, the first of the workflow whose clock runs or stands, to the end of a day; what
 * stood goes on. false: there is none.
 */
bool change_set_deadline(struct inquiry *inquiry, const struct workflow *workflow, int date);

/*
 * The citizen is promised an answer by the end of a day. It becomes that of the workflow's first deadline, where that
 * runs or stands; no other moves.
 */
void change_promise(struct inquiry *inquiry, const struct workflow *workflow, int date);

/*
 * Gives the role to the people that the rule names, as far as the message names any; whoever had it before loses it. As
 * WORKFLOW_ROLE_ASKER the sender is who asked.
 */
void change_assign(struct inquiry *inquiry, const struct roles *roles, const struct workflow_assign *assign,
	const struct message *message);

#endif
