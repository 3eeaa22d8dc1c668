/*
 * compliance - who has the mandatory course, and how far each unit fulfils what is asked (docs/guidelines.md, B1-B3).
 * Pure.
 *
 * The criteria stand in the course file and are the same for everybody: who has been here long enough to be
 * experienced, by when a new employee must have the course, and when a completed one is to be refreshed. Whatever is
 * due on a date is in order on that day and late on the next. Everybody who has a unit in the directory is asked for
 * the course, and counts where the directory has him, wherever he took it.
 *
 * Known limits: the directory knows units as they are now, so a person who has moved counts in his new unit also when
 * the report is about a quarter before that; and an inquiry knows the clock of its last round only.
 */
#ifndef CORE_COMPLIANCE_H
#define CORE_COMPLIANCE_H

#include "base/arena.h"
#include "base/text.h"
#include "core/calendar.h"
#include "core/directory.h"
#include "core/inquiry.h"
#include "core/message.h"
#include "core/workflow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define COMPLIANCE_NO_DATE INT32_MIN

/* The course and its criteria, as the course file says. */
struct compliance_course {
	const char *name;			/* "God sagsbehandling" */
	struct message_strings also;		/* other courses that count as well */
	int new_months;				/* after the first day: a new employee has until then */
	int experienced_months;			/* after the first day: from then on he is experienced */
	int refresher_months;			/* after a completion: the experienced refresh it by then */
	int fulfils_percent, partly_percent;	/* so many at least */
	const char *deadline;			/* of the workflows: by which an inquiry is to be answered */
	const char *source;			/* "kurser.conf:9"; NULL: there is no course file */
	const char *deadline_source;
};

enum compliance_format { COMPLIANCE_E_LEARNING, COMPLIANCE_ATTENDANCE };

/* "e-learning", "attendance": the words of the CSV file and the database. */
const char *compliance_format_word(enum compliance_format format);

/* Somebody began the course, and perhaps completed it. */
struct compliance_record {
	const char *person;			/* id in the directory */
	const char *course;
	const char *unit;			/* where he was then */
	enum compliance_format format;
	int started, completed;			/* dates; completed may be COMPLIANCE_NO_DATE */
};

/* The name under which the course file knows this course, however its letters are written; NULL: it does not. */
const char *compliance_find_course(const struct compliance_course *course, const char *name);

/* ---- periods ---- */

struct compliance_period {
	int year, quarter;
	int from, until;			/* dates, both included */
};

/* "2026Q3". -1: not that, or outside the years of the calendar. */
NODISCARD int compliance_parse_period(const char *text, struct compliance_period *ret_period, struct err *err);

/* The quarter in which the date lies, and the last that has ended before it. */
struct compliance_period compliance_period_of(int date);
struct compliance_period compliance_last_period(int date);

/* "2026Q3", and for people "3. kvartal 2026". */
const char *compliance_period_word(struct arena *arena, const struct compliance_period *period);
const char *compliance_period_title(struct arena *arena, const struct compliance_period *period);

/* ---- people ---- */

enum compliance_state {
	COMPLIANCE_ABSENT,			/* not employed on that day, or in no unit: nothing is asked */
	COMPLIANCE_NEW,				/* has not completed it and still has time: nothing is asked yet */
	COMPLIANCE_VALID,
	COMPLIANCE_MISSING,			/* has not completed it, and the time for it has passed */
	COMPLIANCE_OVERDUE,			/* completed it, and should have refreshed it */
};

/* "new", "valid", "missing", "refresher-due"; for people "ny", "har kurset", "mangler kurset" … */
const char *compliance_state_word(enum compliance_state state);
const char *compliance_state_title(enum compliance_state state);

/* How a person stands on a date. Dates that there are none of are COMPLIANCE_NO_DATE. */
struct compliance_standing {
	const struct directory_person *person;
	enum compliance_state state;
	bool experienced;
	int started;				/* of a course that was begun last and not completed */
	int completed;				/* last */
	int due;				/* by when he is to have it, or to refresh it */
};

/*
 * The records are sorted by person. What happened after the date is not known on it. Somebody without a first day in
 * the directory is experienced: whoever was there before such days were noted.
 */
void compliance_judge(const struct compliance_course *course, const struct compliance_record *records, size_t count,
	const struct directory_person *person, int date, struct compliance_standing *ret_standing);

/* ---- units ---- */

enum compliance_verdict { COMPLIANCE_NOT_ASKED, COMPLIANCE_FULFILS, COMPLIANCE_PARTLY, COMPLIANCE_FAILS };

/* "fulfils", "partly", "fails", NULL when nobody is asked; for people "opfylder" …, "ingen skal have det". */
const char *compliance_verdict_word(enum compliance_verdict verdict);
const char *compliance_verdict_title(enum compliance_verdict verdict);

/* Two findings beside each other, never one figure: who has the course, and which inquiries were answered in time. */
struct compliance_unit {
	const char *name;			/* NULL: inquiries of nobody with a unit */
	size_t asked, valid, new;		/* people */
	enum compliance_verdict verdict;
	size_t due, in_time;			/* inquiries */
};

struct compliance_units {
	struct compliance_unit *items;
	size_t count;
};

/* A row for each unit of the directory, in its order, and a last one without a name, as of a date. */
void compliance_count_people(struct arena *arena, const struct compliance_course *course,
	const struct directory *directory, const struct compliance_record *records, size_t count, int date,
	struct compliance_units *ret_units);

/*
 * Counts an inquiry whose clock of the course's deadline ends in the period, and not after now: answered in time is one
 * whose clock stopped before that. It counts for the unit of the first assigned of its workflow; one that turned out to
 * be none is not counted. workflow may be NULL: it is configured no more.
 */
void compliance_count_inquiry(const struct compliance_course *course, const struct directory *directory,
	const struct workflow *workflow, const struct inquiry *inquiry, const struct compliance_period *period,
	int64_t now, struct compliance_units *units);

/* ---- reports ---- */

/* A period as it is reported: the units, and who of their people has yet to do something. */
struct compliance_report {
	const struct compliance_course *course;
	struct compliance_period period;
	int date;				/* as of which day: the period's last, or today */
	struct compliance_units units;
	struct compliance_standing *people;
	size_t people_count;
};

/* Those who lack the course or its refresher, and new ones who still have time; who is longest late comes first. */
void compliance_list_people(struct arena *arena, const struct compliance_course *course,
	const struct directory *directory, const struct compliance_record *records, size_t count, int date,
	struct compliance_report *report);

/* For a person at a terminal: Danish, at most 80 columns, two tables. Names are only those of one unit's people. */
void compliance_write_table(struct arena *arena, const struct compliance_report *report, struct text *out);
void compliance_write_people(struct arena *arena, const struct compliance_report *report, const char *unit,
	struct text *out);

/* The name of the record's person, or his id where the directory has him no more. */
const char *compliance_record_name(const struct directory *directory, const struct compliance_record *record);

/* What is registered, as it is: the caller chooses whose. */
void compliance_write_records(struct arena *arena, const struct directory *directory,
	const struct compliance_record *records, size_t count, struct text *out);

/*
 * RFC 4180, as table_write_csv() writes it, with a header line: period,as_of,unit,must_have,valid,new,percent,
 * fulfilment,inquiries_due,inquiries_in_time,inquiries_percent;
 * unit,person,name,state,experienced,started,completed,due; and
 * person,name,course,unit,format,started,completed. Dates are YYYY-MM-DD.
 */
void compliance_write_csv(struct arena *arena, const struct compliance_report *report, struct text *out);
void compliance_write_people_csv(struct arena *arena, const struct compliance_report *report, const char *unit,
	struct text *out);
void compliance_write_records_csv(struct arena *arena, const struct directory *directory,
	const struct compliance_record *records, size_t count, struct text *out);

/* Whole percent, rounded down: what is shown says the same as the verdict. -1: of nothing. */
int compliance_percent(size_t part, size_t whole);

#endif
