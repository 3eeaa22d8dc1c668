#include "io/conf_course.h"


enum { ALSO_MAX = 20 };

#define FIELD(type, member) .field = offsetof(type, member)
#define MONTHS(member) .required = true, .min = 1, .max = 600, FIELD(struct compliance_course, member)
#define PERCENT(member) .required = true, .min = 1, .max = 100, FIELD(struct compliance_course, member)

static const struct conf_key course_keys[] = {
	{ "name", CONF_TEXT, "the course that everybody in a unit must have", .required = true,
	  FIELD(struct compliance_course, name), .parse = conf_parse_words },
	{ "also", CONF_TEXTS, "other courses that count as well, such as a refresher", .max = ALSO_MAX,
	  FIELD(struct compliance_course, also), .parse = conf_parse_words },
	{ "new_months", CONF_INTEGER, "so long after the first day a new employee has time to complete it",
	  MONTHS(new_months) },
	{ "experienced_months", CONF_INTEGER, "so long after the first day an employee is experienced",
	  MONTHS(experienced_months) },
	{ "refresher_months", CONF_INTEGER, "so long after the last completion the experienced are to refresh it",
	  MONTHS(refresher_months) },
	{ "fulfils_percent", CONF_INTEGER, "a unit fulfils when so many of those who must have it have it",
	  PERCENT(fulfils_percent) },
	{ "partly_percent", CONF_INTEGER, "and fulfils partly when so many have", PERCENT(partly_percent) },
	{ "deadline", CONF_TEXT, "the deadline of the workflows by which inquiries are to be answered", .required = true,
	  FIELD(struct compliance_course, deadline), .source = offsetof(struct compliance_course, deadline_source),
	  .parse = conf_parse_name },
};
const struct conf_table conf_course_table = CONF_TABLE("course", course_keys, struct compliance_course,
	.source = offsetof(struct compliance_course, source));

/* Every deadline's name, once for each workflow that has it. */
static struct message_strings deadline_names(struct arena *arena, const struct workflow *workflows, size_t count)
{
	const char **names = arena_array(arena, count * WORKFLOW_DEADLINES_MAX, sizeof(*names));
	struct message_strings known = { .items = names };

	for (size_t i = 0; i < count; i++)
		for (size_t j = 0; j < workflows[i].deadlines_count; j++)
			if (workflows[i].deadlines[j].name)
				names[known.count++] = workflows[i].deadlines[j].name;
	return known;
}

void conf_course_check(struct conf_reader *reader, const struct compliance_course *course,
	const struct workflow *workflows, size_t count)
{
	struct message_strings known = deadline_names(reader->arena, workflows, count);

	/* 0: it has a fault of its own */
	if (course->fulfils_percent && course->partly_percent > course->fulfils_percent)
		workflow_fault_add(reader->faults, course->source,
			"\"partly_percent\" is more than \"fulfils_percent\": nobody could fulfil it partly");
	/* Without any deadline the workflows could not be read, and have faults of their own. */
	if (known.count && course->deadline && !message_strings_have(&known, course->deadline))
		workflow_fault_add(reader->faults, course->deadline_source, "no workflow has a deadline \"%s\"%s",
			course->deadline, workflow_did_you_mean(reader->arena, &known, course->deadline));
}
