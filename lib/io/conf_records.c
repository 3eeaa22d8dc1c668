/*
 * A CSV file of starts and completions: first read by a table, as people are; then each line held against the people,
 * the units and the course of the configuration. A line that names nobody would be counted for nobody, and nobody would
 * notice: so one bad line refuses the file.
 */
#include "io/conf.h"

#include "core/privacy.h"
#include "io/conf_csv.h"

#include <stdlib.h>
#include <string.h>

enum {
	RECORDS_MAX = 20000,
	SHOWN_MAX = 100,	/* bytes of a wrong name */
};

#define FIELD(type, member) .field = offsetof(type, member)

/* A line. Dates are 0 where there is none: those that are read lie after 1990. */
struct line {
	struct compliance_record record;
	const char *source;
};

static const struct conf_choice format_words[] = {
	{ "e-learning", COMPLIANCE_E_LEARNING }, { "attendance", COMPLIANCE_ATTENDANCE }, { NULL, 0 },
};

static const struct conf_key line_keys[] = {
	{ "start", CONF_TEXT, "the day on which the course was begun", .required = true,
	  FIELD(struct line, record.started), .parse = conf_parse_day },
	{ "completion", CONF_TEXT, "the day on which it was completed; empty: not yet",
	  FIELD(struct line, record.completed), .parse = conf_parse_day },
	{ "format", CONF_TEXT, "how it was taken: e-learning or attendance", .required = true,
	  FIELD(struct line, record.format), .parse = conf_parse_choice, .choices = format_words },
	{ "unit", CONF_TEXT, "the person's unit", .required = true, FIELD(struct line, record.unit),
	  .parse = conf_parse_name },
	{ "person", CONF_TEXT, "the person's id or address in people.conf", .required = true,
	  FIELD(struct line, record.person), .parse = conf_parse_words },
	{ "course", CONF_TEXT, "the course, as the course file calls it", .required = true,
	  FIELD(struct line, record.course), .parse = conf_parse_words },
};
static const struct conf_table line_table =
	CONF_TABLE("a line of courses", line_keys, struct line, .source = offsetof(struct line, source));

/* What the lines are held against. */
struct registrar {
	struct conf_reader *reader;
	const struct conf *conf;
	struct message_strings ids, units, courses;
	int today;
};

/* All that a name may be, for the one that is most like a wrong one. */
static void list_names(struct registrar *registrar)
{
	struct arena *arena = registrar->reader->arena;
	const struct conf *conf = registrar->conf;
	const char **ids = arena_array(arena, conf->directory.people_count, sizeof(*ids));
	const char **units = arena_array(arena, conf->directory.units_count, sizeof(*units));
	const char **courses = arena_array(arena, conf->course.also.count + 1, sizeof(*courses));

	for (size_t i = 0; i < conf->directory.people_count; i++)
		ids[i] = conf->directory.people[i].id;
	for (size_t i = 0; i < conf->directory.units_count; i++)
		units[i] = conf->directory.units[i].name;
	courses[0] = conf->course.name;
	for (size_t i = 0; i < conf->course.also.count; i++)
		courses[i + 1] = conf->course.also.items[i];
	registrar->ids = (struct message_strings){ ids, conf->directory.people_count };
	registrar->units = (struct message_strings){ units, conf->directory.units_count };
	registrar->courses = (struct message_strings){ courses, conf->course.also.count + 1 };
}

static void fault_unknown(struct registrar *registrar, const struct line *line, const char *what,
	const struct message_strings *known, const char *name, const char *remedy)
{
	char *shown = arena_strdup(registrar->reader->arena, name);

	text_cut(shown, SHOWN_MAX);
	workflow_fault_add(registrar->reader->faults, line->source, "there is no %s \"%s\": %s%s", what, shown, remedy,
		workflow_did_you_mean(registrar->reader->arena, known, name));
}

/* A number that a payroll uses as a name is not kept, nor told again. */
static void resolve_person(struct registrar *registrar, struct line *line)
{
	const struct directory *directory = &registrar->conf->directory;
	const char *name = line->record.person;
	const struct directory_person *person;

	if (privacy_has_cpr(name)) {
		workflow_fault_add(registrar->reader->faults, line->source,
			"\"person\" is a CPR number: write the person's id or address in people.conf");
		return;
	}
	person = directory_person(directory, name);
	if (!person)
		person = directory_person_at(directory, text_lower(registrar->reader->arena, name));
	if (person)
		line->record.person = person->id;
	else
		fault_unknown(registrar, line, "person", &registrar->ids, name,
			"write an id or address of people.conf, which also keeps those who have left");
}

static void check_days(struct registrar *registrar, const struct line *line)
{
	const struct compliance_record *record = &line->record;
	struct workflow_faults *faults = registrar->reader->faults;

	if (record->started > registrar->today)
		workflow_fault_add(faults, line->source, "\"start\" lies in the future: leave the line out until then");
	if (record->completed > registrar->today)
		workflow_fault_add(faults, line->source, "\"completion\" lies in the future: leave it empty until then");
	if (record->completed && record->completed < record->started)
		workflow_fault_add(faults, line->source, "\"completion\" lies before \"start\"");
}

/* What is missing in a line has a fault already. */
static void resolve_line(struct registrar *registrar, struct line *line)
{
	struct compliance_record *record = &line->record;
	const char *course = record->course ? compliance_find_course(&registrar->conf->course, record->course) : NULL;

	if (record->person)
		resolve_person(registrar, line);
	if (record->unit && !message_strings_have(&registrar->units, record->unit))
		fault_unknown(registrar, line, "unit", &registrar->units, record->unit, "write one of people.conf");
	if (record->course && !course)
		fault_unknown(registrar, line, "course", &registrar->courses, record->course,
			arena_printf(registrar->reader->arena, "%s says which count; leave others out",
				registrar->conf->course.source));
	if (course)
		record->course = course;
	check_days(registrar, line);
	if (!record->completed)
		record->completed = COMPLIANCE_NO_DATE;
}

/* By what makes a record one; the place in the file at last. */
static int compare_lines(const void *a, const void *b)
{
	const struct line *one = *(const struct line *const *)a, *other = *(const struct line *const *)b;
	int order = strcmp(one->record.person, other->record.person);

	if (order == 0)
		order = strcmp(one->record.course, other->record.course);
	if (order == 0)
		order = one->record.started - other->record.started;
	return order != 0 ? order : (one > other) - (one < other);
}

static bool is_same(const struct line *one, const struct line *other)
{
	return strcmp(one->record.person, other->record.person) == 0 &&
		strcmp(one->record.course, other->record.course) == 0 && one->record.started == other->record.started;
}

/* Of two that say different things, nobody knows which is right. Every line is whole. */
static void check_twice(struct registrar *registrar, const struct line *lines, size_t count)
{
	const struct line **sorted = arena_array(registrar->reader->arena, count, sizeof(const struct line *));

	for (size_t i = 0; i < count; i++)
		sorted[i] = &lines[i];
	if (count)
		qsort(sorted, count, sizeof(const struct line *), compare_lines);
	for (size_t i = 1; i < count; i++)
		if (is_same(sorted[i - 1], sorted[i]))
			workflow_fault_add(registrar->reader->faults, sorted[i]->source,
				"the same person's course with the same start is at %s already: leave one of them",
				sorted[i - 1]->source);
}

/* A wrong field is told as it stands: but for CPR numbers, in whatever column they are. */
static void mask_faults(struct workflow_faults *faults, size_t from)
{
	for (size_t i = from; i < faults->count; i++) {
		char *text = arena_strdup(faults->arena, faults->items[i].text);

		privacy_mask_cpr(text);
		faults->items[i].text = text;
	}
}

static void reader_done(struct conf_reader *reader)
{
	text_done(&reader->hashed);
}

int conf_read_courses(struct arena *arena, const struct conf *conf, const char *path, int today,
	struct workflow_faults *faults, struct compliance_record **ret_records, size_t *ret_count)
{
	struct conf_reader reader CLEANUP(reader_done) = { .arena = arena, .faults = faults, .folder = "" };
	struct registrar registrar = { .reader = &reader, .conf = conf, .today = today };
	struct compliance_record *records;
	size_t before = faults->count, count = 0;
	struct line *lines;
	void *items = NULL;

	if (conf_csv_read(&reader, path, arena_printf(arena, "%s:1", path), &line_table, RECORDS_MAX, &items, &count) != 0)
		count = 0;
	lines = items;
	list_names(&registrar);
	/* a file of other people's ids has a fault a line, and each is compared with every id: no more than are told */
	for (size_t i = 0; i < count && faults->count < WORKFLOW_FAULTS_MAX; i++)
		resolve_line(&registrar, &lines[i]);
	if (faults->count == before)
		check_twice(&registrar, lines, count);
	if (faults->count > before) {
		mask_faults(faults, before);
		return 1;
	}
	records = arena_array(arena, count, sizeof(*records));
	for (size_t i = 0; i < count; i++)
		records[i] = lines[i].record;
	*ret_records = records;
	*ret_count = count;
	return 0;
}
