#include "core/digest_course.h"

#include "core/digest_row.h"

#include <string.h>

static bool is_leader(const struct directory_unit *unit, const struct directory_person *person)
{
	return unit->leader && strcmp(unit->leader->id, person->id) == 0;
}

bool digest_leads(const struct directory *directory, const struct directory_person *person)
{
	for (size_t i = 0; i < directory->units_count; i++)
		if (is_leader(&directory->units[i], person))
			return true;
	return false;
}

static void set_date(struct arena *arena, struct template_data *data, const char *name, int date)
{
	if (date != COMPLIANCE_NO_DATE)
		template_set(data, name, calendar_format_date(arena, date, CALENDAR_LONG));
}

static void set_share(struct arena *arena, struct template_data *data, const char *name, size_t part, size_t whole)
{
	if (whole)
		template_set(data, name, arena_printf(arena, "%d" DIGEST_NO_BREAK "%%", compliance_percent(part, whole)));
}

static void add_people(struct arena *arena, const struct compliance_report *report, const char *unit,
	struct template_data *data)
{
	for (size_t i = 0; i < report->people_count; i++) {
		const struct compliance_standing *one = &report->people[i];
		struct template_data *item;

		if (strcmp(one->person->unit, unit) != 0)
			continue;
		item = template_append(data, "mangler");
		template_set(item, "medarbejder", digest_clean(arena, one->person->name));
		template_set(item, "staar", compliance_state_title(one->state));
		set_date(arena, item, "paabegyndt", one->started);
		set_date(arena, item, "gennemfoert", one->completed);
		set_date(arena, item, "senest", one->due);
	}
}

/* Numbers of nothing are not set: what is said of them is left out. */
static void add_unit(struct arena *arena, const struct compliance_report *report, const struct compliance_unit *unit,
	struct template_data *data)
{
	struct template_data *item = template_append(data, "enheder");

	template_set(item, "enhed", unit->name);
	if (unit->asked) {
		template_set_count(item, "skal_have", unit->asked);
		template_set_count(item, "har", unit->valid);
		template_set(item, "kravet", compliance_verdict_title(unit->verdict));
	}
	set_share(arena, item, "andel", unit->valid, unit->asked);
	if (unit->new)
		template_set_count(item, "nye", unit->new);
	if (unit->due) {
		template_set_count(item, "frister", unit->due);
		template_set_count(item, "i_tide", unit->in_time);
	}
	set_share(arena, item, "i_tide_andel", unit->in_time, unit->due);
	add_people(arena, report, unit->name, item);
}

void digest_fill_courses(struct arena *arena, const struct directory *directory, const struct compliance_report *report,
	const struct directory_person *reader, struct template_data *data)
{
	template_set(data, "kursus", digest_clean(arena, report->course->name));
	template_set(data, "kvartal", compliance_period_title(arena, &report->period));
	/* the rows are the directory's units, and one more */
	for (size_t i = 0; i < directory->units_count && i < report->units.count; i++)
		if (is_leader(&directory->units[i], reader))
			add_unit(arena, report, &report->units.items[i], data);
}
