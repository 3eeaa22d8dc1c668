/*
 * people.conf: first read by tables, in which people are named by id; then resolved into the directory, where roles and
 * units point at people. Everything that is named twice, or names nobody, is a fault with the places of both.
 */
#include "io/conf_people.h"

#include "io/conf_csv.h"

#include <string.h>
#include <strings.h>

#define FIELD(type, member) .field = offsetof(type, member)
#define NAMES .parse = conf_parse_name

/* Payrolls write years such as 1900 and 9999 for a day that is not known or not set: 0. */
static int parse_employed(struct conf_reader *reader, const struct conf_key *key, const char *text, void *ret_field,
	struct err *err)
{
	int date = 0;

	if (calendar_parse_date(text, CALENDAR_NO_REFERENCE, &date) != CALENDAR_OUT_OF_RANGE)
		return conf_parse_day(reader, key, text, ret_field, err);
	memcpy(ret_field, &date, sizeof(date));
	return 0;
}

static const struct conf_key absence_keys[] = {
	{ "from", CONF_TEXT, "the first day", .required = true, FIELD(struct directory_absence, from),
	  .parse = conf_parse_day },
	{ "until", CONF_TEXT, "the last day", .required = true, FIELD(struct directory_absence, until),
	  .parse = conf_parse_day },
	{ "stand_in", CONF_TEXT, "id of who stands in this time; else the person's own stand_in",
	  FIELD(struct directory_absence, stand_in), NAMES },
};
static const struct conf_table absence_table =
	CONF_TABLE("absence", absence_keys, struct directory_absence, .source = offsetof(struct directory_absence, source));

static const struct conf_key person_keys[] = {
	{ "id", CONF_TEXT, "the name by which all files and the register know this person", .required = true,
	  FIELD(struct directory_person, id), NAMES },
	{ "name", CONF_TEXT, "what people read", .required = true, FIELD(struct directory_person, name) },
	{ "address", CONF_TEXT, "where mail to this person goes", .required = true,
	  FIELD(struct directory_person, address), .parse = conf_parse_address },
	{ "aliases", CONF_TEXTS, "other addresses of the same person", .max = 20,
	  FIELD(struct directory_person, aliases), .parse = conf_parse_address },
	{ "logins", CONF_TEXTS, "names under which our own mail server knows this person", .max = 20,
	  FIELD(struct directory_person, logins), .parse = conf_parse_login },
	{ "unit", CONF_TEXT, "the unit", FIELD(struct directory_person, unit), NAMES },
	{ "stand_in", CONF_TEXT, "id of who stands in while this person is away", FIELD(struct directory_person, stand_in),
	  NAMES },
	{ "away", CONF_GROUPS, "when this person is away: mail to him goes to the stand-in, who may act in his roles",
	  .max = 100, FIELD(struct directory_person, absences), .count = offsetof(struct directory_person, absences_count),
	  .table = &absence_table },
	{ "weekdays_off", CONF_TEXT, "days of the week on which this person does not work: \"onsdag, fredag\"",
	  FIELD(struct directory_person, weekdays_off), .parse = conf_parse_weekdays },
	{ "on_behalf_of", CONF_TEXTS, "ids of those in whose name this person may send", .max = 20,
	  FIELD(struct directory_person, on_behalf_of), NAMES },
	{ "employed_from", CONF_TEXT, "the first day of employment, or of casework, from which the course file counts",
	  FIELD(struct directory_person, employed_from), .parse = parse_employed },
	{ "employed_until", CONF_TEXT, "the last one; the course is not asked for after it",
	  FIELD(struct directory_person, employed_until), .parse = parse_employed },
};
static const struct conf_table person_table =
	CONF_TABLE("person", person_keys, struct directory_person, .source = offsetof(struct directory_person, source));

static const struct conf_key role_keys[] = {
	{ "role", CONF_TEXT, "a role of the workflows", .required = true, FIELD(struct conf_people_role, name), NAMES },
	{ "members", CONF_TEXTS, "ids of the people who have it; the first is written to", .required = true, .min = 1,
	  FIELD(struct conf_people_role, members), NAMES },
	{ "from", CONF_TEXT, "the first day on which they have it, of a council's term", FIELD(struct conf_people_role, from),
	  .parse = conf_parse_day },
	{ "until", CONF_TEXT, "the last day", FIELD(struct conf_people_role, until), .parse = conf_parse_day },
};
static const struct conf_table role_table =
	CONF_TABLE("role", role_keys, struct conf_people_role, .source = offsetof(struct conf_people_role, source));

static const struct conf_key unit_keys[] = {
	{ "name", CONF_TEXT, "the unit", .required = true, FIELD(struct conf_people_unit, name), NAMES },
	{ "leader", CONF_TEXT, "id of the person who leads it", .required = true,
	  FIELD(struct conf_people_unit, leader), NAMES },
};
static const struct conf_table unit_table =
	CONF_TABLE("unit", unit_keys, struct conf_people_unit, .source = offsetof(struct conf_people_unit, source));

static const struct conf_key list_keys[] = {
	{ "address", CONF_TEXT, "mail to this address goes to all of them", FIELD(struct conf_people_list, address),
	  .parse = conf_parse_address },
	{ "name", CONF_TEXT, "what people call it, as after KUN FAGUDVALG", FIELD(struct conf_people_list, name),
	  .parse = conf_parse_words },
	{ "group", CONF_TEXT, "the role whose group it stands for", FIELD(struct conf_people_list, role), NAMES },
	{ "members", CONF_TEXTS, "or the ids of those for whom it stands", FIELD(struct conf_people_list, members), NAMES },
	{ "chair", CONF_TEXT, "of a committee: id of who chairs it", FIELD(struct conf_people_list, chair), NAMES },
	{ "from", CONF_TEXT, "the first day on which it is so", FIELD(struct conf_people_list, from),
	  .parse = conf_parse_day },
	{ "until", CONF_TEXT, "the last day", FIELD(struct conf_people_list, until), .parse = conf_parse_day },
};
static const struct conf_table list_table =
	CONF_TABLE("list", list_keys, struct conf_people_list, .source = offsetof(struct conf_people_list, source));

static const struct conf_key people_keys[] = {
	{ "domains", CONF_TEXTS, "our own mail domains", .required = true, .min = 1, .max = 100,
	  FIELD(struct conf_people, domains), .parse = conf_parse_host },
	{ "csv", CONF_TEXT, "a CSV file with more people, one a line, its columns named as the keys of a person",
	  FIELD(struct conf_people, csv), .source = offsetof(struct conf_people, csv_source), .parse = conf_parse_path },
	{ "people", CONF_GROUPS, "everybody who may have a part in an inquiry", .max = CONF_PEOPLE_MAX,
	  FIELD(struct conf_people, people), .count = offsetof(struct conf_people, people_count),
	  .table = &person_table },
	{ "roles", CONF_GROUPS, "who has which role", .required = true, .min = 1, .max = 100,
	  FIELD(struct conf_people, roles), .count = offsetof(struct conf_people, roles_count), .table = &role_table },
	{ "units", CONF_GROUPS, "the units and their leaders", .max = 500,
	  FIELD(struct conf_people, units), .count = offsetof(struct conf_people, units_count), .table = &unit_table },
	{ "lists", CONF_GROUPS, "addresses and names that stand for several people", .max = 500,
	  FIELD(struct conf_people, lists), .count = offsetof(struct conf_people, lists_count), .table = &list_table },
};
const struct conf_table conf_people_table = CONF_TABLE("people.conf", people_keys, struct conf_people);

static bool has_address(const struct directory_person *person, const char *address)
{
	return strcasecmp(person->address, address) == 0 || message_strings_have_fold(&person->aliases, address);
}

/* Addresses vouch as logins do (core/trust), so they are one kind of name here. */
static void check_own(struct conf_reader *reader, const struct directory_person *person,
	const struct directory_person *other, const char *name)
{
	bool address = has_address(other, name);

	if (address || message_strings_have_fold(&other->logins, name))
		workflow_fault_add(reader->faults, person->source, "%s is already %s of \"%s\" at %s", name,
			address ? "an address" : "a login", other->id, other->source);
}

static void check_names(struct conf_reader *reader, const struct directory_person *person,
	const struct directory_person *other)
{
	check_own(reader, person, other, person->address);
	for (size_t i = 0; i < person->aliases.count; i++)
		check_own(reader, person, other, person->aliases.items[i]);
	for (size_t i = 0; i < person->logins.count; i++)
		if (!has_address(person, person->logins.items[i]))
			check_own(reader, person, other, person->logins.items[i]);
}

/* Ids, addresses and logins belong to one person each: whose approval would it be otherwise? */
static void check_person(struct conf_reader *reader, const struct message_strings *units,
	const struct directory *directory, const struct directory_person *person)
{
	for (const struct directory_person *other = directory->people; other < person; other++) {
		if (strcmp(other->id, person->id) == 0)
			workflow_fault_add(reader->faults, person->source, "there is a person \"%s\" already, at %s",
				person->id, other->source);
		check_names(reader, person, other);
	}
	if (person->unit && !message_strings_have(units, person->unit))
		workflow_fault_add(reader->faults, person->source, "there is no unit \"%s\"%s", person->unit,
			workflow_did_you_mean(reader->arena, units, person->unit));
}

/* NULL after a fault that names the id most like it. */
static const struct directory_person *find_person(struct conf_reader *reader, const struct directory *directory,
	const char *id, const char *source)
{
	const struct directory_person *person = directory_person(directory, id);
	struct message_strings known = { .count = directory->people_count };
	const char **ids;

	if (person || !id)
		return person;
	ids = arena_array(reader->arena, directory->people_count, sizeof(*ids));
	for (size_t i = 0; i < directory->people_count; i++)
		ids[i] = directory->people[i].id;
	known.items = ids;
	workflow_fault_add(reader->faults, source, "there is no person \"%s\"%s", id,
		workflow_did_you_mean(reader->arena, &known, id));
	return NULL;
}

static void fault_twice(struct conf_reader *reader, const char *what, const char *name, const char *source,
	const char *other)
{
	workflow_fault_add(reader->faults, source, "there is a %s \"%s\" already, at %s", what, name, other);
}

/* A group may follow another of the same name, as one council the other. */
static bool is_overlap(int from, int until, int other_from, int other_until)
{
	return (!other_until || from <= other_until) && (!until || other_from <= until);
}

static void check_term(struct conf_reader *reader, int from, int until, const char *source)
{
	if (until && until < from)
		workflow_fault_add(reader->faults, source, "\"until\" lies before \"from\"");
}

/* The people with these ids, of those who exist. */
static const struct directory_person *const *find_people(struct conf_reader *reader, const struct directory *directory,
	const struct message_strings *ids, const char *source, size_t *ret_count)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	const struct directory_person **people = arena_array(reader->arena, ids->count, sizeof(*people));

	*ret_count = 0;
	for (size_t i = 0; i < ids->count; i++) {
		const struct directory_person *person = find_person(reader, directory, ids->items[i], source);

		if (person)
			people[(*ret_count)++] = person;
	}
	return people;
}

static void add_role(struct conf_reader *reader, const struct conf_people_role *role, struct directory_role *roles,
	struct directory *directory)
{
	struct directory_role *added = &roles[directory->roles_count];

	if (workflow_role_is_reserved(role->name))
		workflow_fault_add(reader->faults, role->source,
			"the role \"%s\" has a meaning of its own: leave it out",
			role->name);
	check_term(reader, role->from, role->until, role->source);
	for (size_t i = 0; i < directory->roles_count; i++)
		if (strcmp(roles[i].name, role->name) == 0 &&
		    is_overlap(role->from, role->until, roles[i].from, roles[i].until))
			fault_twice(reader, "role", role->name, role->source, roles[i].source);
	*added = (struct directory_role){ .name = role->name, .source = role->source,
		.from = role->from, .until = role->until };
	added->members = find_people(reader, directory, &role->members, role->source, &added->count);
	directory->roles_count++;
}

/* At one time no two lists have one name, or one address. */
static void check_list_twice(struct conf_reader *reader, const struct conf_people_list *list,
	const struct directory_list *other)
{
	if (!is_overlap(list->from, list->until, other->from, other->until))
		return;
	if (list->address && other->address && strcmp(list->address, other->address) == 0)
		fault_twice(reader, "list", list->address, list->source, other->source);
	if (list->name && other->name && text_equal_fold(list->name, other->name))
		fault_twice(reader, "list", list->name, list->source, other->source);
}

/* Whom a mail reaches must be certain: an address is one person's, or stands for several, and never both. */
static void check_list(struct conf_reader *reader, const struct conf_people_list *list,
	const struct directory *directory)
{
	const struct directory_person *person = directory_person_at(directory, list->address);

	check_term(reader, list->from, list->until, list->source);
	if (!list->address && !list->name)
		workflow_fault_add(reader->faults, list->source, "a list needs an \"address\" or a \"name\"");
	if (list->name && workflow_role_is_reserved(list->name))
		workflow_fault_add(reader->faults, list->source, "the word \"%s\" has a meaning of its own: name the list otherwise",
			list->name);
	if ((list->role != NULL) == (list->members.count > 0))
		workflow_fault_add(reader->faults, list->source,
			"a list stands either for a \"group\" or for \"members\"");
	if (list->role && !directory_role(directory, list->role))
		workflow_fault_add(reader->faults, list->source, "no group of people has the role \"%s\"", list->role);
	if (person)
		workflow_fault_add(reader->faults, list->source,
			"%s is already an address of \"%s\" at %s: a list is nobody's own", list->address, person->id,
			person->source);
	for (size_t i = 0; i < directory->lists_count; i++)
		check_list_twice(reader, list, &directory->lists[i]);
}

static void add_list(struct conf_reader *reader, const struct conf_people_list *list, struct directory_list *lists,
	struct directory *directory)
{
	struct directory_list *added = &lists[directory->lists_count];

	check_list(reader, list, directory);
	*added = (struct directory_list){ .name = list->name, .address = list->address, .role = list->role,
		.source = list->source, .from = list->from, .until = list->until };
	added->members = find_people(reader, directory, &list->members, list->source, &added->count);
	added->chair = find_person(reader, directory, list->chair, list->source);
	directory->lists_count++;
}

static void check_stand_in(struct conf_reader *reader, const struct directory *directory,
	const struct directory_person *person, const char *stand_in, const char *source)
{
	if (stand_in && find_person(reader, directory, stand_in, source) == person)
		workflow_fault_add(reader->faults, source, "\"%s\" cannot stand in for himself", person->id);
}

/* What a person says of others. */
static void check_others(struct conf_reader *reader, const struct directory *directory,
	const struct directory_person *person)
{
	check_stand_in(reader, directory, person, person->stand_in, person->source);
	if (person->employed_until && person->employed_until < person->employed_from)
		workflow_fault_add(reader->faults, person->source, "\"employed_until\" lies before \"employed_from\"");
	for (size_t i = 0; i < person->absences_count; i++) {
		const struct directory_absence *absence = &person->absences[i];

		check_stand_in(reader, directory, person, absence->stand_in, absence->source);
		if (absence->until < absence->from)
			workflow_fault_add(reader->faults, absence->source, "\"until\" lies before \"from\"");
	}
	for (size_t i = 0; i < person->on_behalf_of.count; i++)
		(void)find_person(reader, directory, person->on_behalf_of.items[i], person->source);
}

static void add_unit(struct conf_reader *reader, const struct conf_people_unit *unit, struct directory_unit *units,
	struct directory *directory)
{
	for (size_t i = 0; i < directory->units_count; i++)
		if (strcmp(units[i].name, unit->name) == 0)
			fault_twice(reader, "unit", unit->name, unit->source, units[i].source);
	units[directory->units_count++] = (struct directory_unit){ .name = unit->name, .source = unit->source,
		.leader = find_person(reader, directory, unit->leader, unit->source) };
}

static struct message_strings unit_names(struct arena *arena, const struct conf_people *people)
{
	const char **names = arena_array(arena, people->units_count, sizeof(*names));
	size_t count = 0;

	for (size_t i = 0; i < people->units_count; i++)
		if (people->units[i].name)
			names[count++] = people->units[i].name;
	return (struct message_strings){ .items = names, .count = count };
}

/* The people of the file and those of its CSV file, in one array. */
static const struct directory_person *join_people(struct conf_reader *reader, const struct conf_people *people,
	size_t *ret_count)
{
	struct directory_person *all;
	void *more = NULL;
	size_t more_count = 0;

	if (people->csv && conf_csv_read(reader, people->csv, people->csv_source, &person_table,
			CONF_PEOPLE_MAX - people->people_count, &more, &more_count) != 0)
		more_count = 0;
	*ret_count = people->people_count + more_count;
	all = arena_array(reader->arena, *ret_count, sizeof(*all));
	if (people->people_count > 0)
		memcpy(all, people->people, people->people_count * sizeof(*all));
	if (more_count > 0)
		memcpy(all + people->people_count, more, more_count * sizeof(*all));
	return all;
}

/* Whoever lacks an id or an address has got a fault for it; what follows need not look for that again. */
void conf_people_resolve(struct conf_reader *reader, const struct conf_people *people, struct directory *ret_directory)
{
	size_t count;
	const struct directory_person *all = join_people(reader, people, &count);
	struct directory_person *kept = arena_array(reader->arena, count, sizeof(*kept));
	struct directory_role *roles = arena_array(reader->arena, people->roles_count, sizeof(*roles));
	struct directory_unit *units = arena_array(reader->arena, people->units_count, sizeof(*units));
	struct directory_list *lists = arena_array(reader->arena, people->lists_count, sizeof(*lists));
	struct message_strings names = unit_names(reader->arena, people);
	struct directory directory = { .people = kept, .roles = roles, .units = units, .lists = lists,
		.domains = people->domains };

	for (size_t i = 0; i < count; i++)
		if (all[i].id && all[i].address)
			kept[directory.people_count++] = all[i];
	for (size_t i = 0; i < directory.people_count; i++) {
		check_person(reader, &names, &directory, &kept[i]);
		check_others(reader, &directory, &kept[i]);
	}
	for (size_t i = 0; i < people->roles_count; i++)
		if (people->roles[i].name)
			add_role(reader, &people->roles[i], roles, &directory);
	for (size_t i = 0; i < people->units_count; i++)
		if (people->units[i].name)
			add_unit(reader, &people->units[i], units, &directory);
	for (size_t i = 0; i < people->lists_count; i++)
		add_list(reader, &people->lists[i], lists, &directory);
	*ret_directory = directory;
}
