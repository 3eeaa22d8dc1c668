/*
 * register - the list of all inquiries and where each stands (A2), one row an inquiry. Pure.
 *
 * A row is computed from the inquiry, its workflow, the people and the clock; nothing of it is stored.
 */
#ifndef CORE_REGISTER_H
#define CORE_REGISTER_H

#include "base/arena.h"
#include "base/text.h"
#include "core/calendar.h"
#include "core/directory.h"
#include "core/inquiry.h"
#include "core/workflow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* OVERDUE: a clock's due instant has passed, or had when it began to stand. FINAL: in a final step, or closed. */
enum register_state { REGISTER_OPEN, REGISTER_OVERDUE, REGISTER_FINAL };

/* "open", "overdue", "final": the words of `fristctl register --format json`. */
const char *register_state_word(enum register_state state);

#define REGISTER_NO_DATE INT32_MIN

/* A deadline of an open inquiry that is still to be met: its clock runs or stands. */
struct register_clock {
	const struct inquiry_clock *clock;
	bool overdue;				/* of one that stands: it was when it began to stand */
	int due;				/* the due date; of one that stands and was not overdue: REGISTER_NO_DATE */
	int left;				/* days to it, or kept for when it goes on; negative when overdue */
	enum calendar_unit unit;		/* of left */
	int days_late;				/* when it is overdue: calendar days since the due date */
};

struct register_row {
	const struct inquiry *inquiry;
	const struct workflow *workflow;
	const char *step_title;			/* the step's id when the workflow has no such step any more */
	const char *holder_role;		/* NULL, like name and address, when nobody holds it: it is final */
	const struct directory_person *holder;
	enum register_state state;
	int64_t due_at;				/* of the running clock that ends first, else of the last one; 0: none, or it stands */
	int due;				/* the due date, or REGISTER_NO_DATE */
	int promised;				/* the day by which the citizen was promised an answer, or REGISTER_NO_DATE */
	int expected;				/* when the answer is to come: due, unless that passed or nothing runs */
	int day, days;				/* "day 3 of 5"; day 0: not begun; days 0: not counted from the start (set by hand, or gone on) */
	int left;				/* days to the due date in the deadline's own unit, negative when overdue */
	enum calendar_unit unit;		/* of day, days and left */
	const char *title;			/* its subject, and which part it is of a letter that was split; NULL */
	struct message_strings also;		/* keys of those that were the same matter; the caller's to fill */
	const char *note;			/* "rykket 14/4": what a rule noted last; NULL: nothing */
	const char *explanation;		/* how the running clock was counted, one line; NULL: none runs */
	const char *unseen[INQUIRY_UNSEEN_MAX];	/* titles of the steps that were passed over unseen */
	size_t unseen_count;
	struct register_clock clocks[INQUIRY_CLOCKS_MAX];	/* the running ones first, what is due first before the rest */
	size_t clocks_count;
	const struct directory_person *const *missing;	/* who must have the answer and has not got it (core/reach) */
	size_t missing_count;
	const char *audience;			/* to whom alone the answer is to go, in words; NULL: to all */
	const char *decided_by, *decided_with;	/* names of those who decided that; NULL: not known */
};

/*
 * Must its deadlines be told apart by their names? There are several, or the only one is not the workflow's first,
 * which is the one that everybody thinks of.
 */
bool register_names_deadlines(const struct register_row *row);

/*
 * Has the row speak of the deadline of this name, if it runs, instead of the one that is due first: its due date, days
 * and explanation.
 */
void register_focus(struct arena *arena, struct register_row *row, const struct calendar *calendar,
	const char *deadline, int64_t now);

/* "07-04-2026", "07-04-2026, overskredet med 2 dage", "står stille, 4 arbejdsdage tilbage". */
const char *register_clock_words(struct arena *arena, const struct register_clock *clock);

/* The clock that stands where nothing runs and something does; NULL else. */
const struct register_clock *register_standing(const struct register_row *row);

/* "4 arbejdsdage tilbage", "overskredet med 1 dag": what is kept of a clock that stands. */
const char *register_standing_words(struct arena *arena, const struct register_clock *clock);

/*
 * The row of an inquiry at an instant. Its holder is the person who answers for the step's role (ladder_person());
 * where that fell to an owner of the mailbox, holder_role is the owner's role. Points into inquiry, workflow and
 * directory.
 */
void register_fill(struct arena *arena, const struct workflow *workflow, const struct directory *directory,
	const struct calendar *calendar, const struct inquiry *inquiry, int64_t now, struct register_row *ret_row);

/* How much came to a mailbox and went in some time, and what became of the inquiries that came in it (P4). */
struct register_volume {
	int64_t in;				/* mails from outside that people wrote */
	int64_t noise;				/* and those of robots, newsletters, spam */
	int64_t out;				/* mails from us to somebody outside */
	int64_t inquiries;			/* of these: */
	int64_t answered;			/* that have ended */
	int64_t late;				/* that met a deadline too late, or have missed it so far */
};

/* Order of urgency for qsort() over rows: what is due first comes first, what is final last, then by key. */
int register_compare(const void *a, const void *b);

/* A table for a person at a terminal: Danish, at most 80 columns, unseen steps on lines of their own. */
void register_write_table(struct arena *arena, const struct register_row *rows, size_t count, struct text *out);

/*
 * RFC 4180 with a header line: key,workflow,round,step,holder_role,holder_name,holder_address,addressed_to,received,
 * due,state,unseen,case_link,note,also,subject. Dates are local, YYYY-MM-DD. Cells as table_write_csv() makes them
 * harmless.
 */
void register_write_csv(struct arena *arena, const struct register_row *rows, size_t count, struct text *out);

#endif
