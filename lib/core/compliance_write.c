/* The two findings are two tables, and in CSV columns of their own: nothing here adds one to the other. */
#include "core/compliance.h"

#include "core/table.h"

#include <string.h>

enum { UNIT_COLUMNS = 6, INQUIRY_COLUMNS = 4, PEOPLE_COLUMNS = 5, RECORD_COLUMNS = 5 };

static const char *number(struct arena *arena, size_t value)
{
	return arena_printf(arena, "%zu", value);
}

static const char *date_of(struct arena *arena, int date, enum calendar_form form)
{
	return date == COMPLIANCE_NO_DATE ? "" : calendar_format_date(arena, date, form);
}

/* "" of nothing. */
static const char *share(struct arena *arena, size_t part, size_t whole, const char *sign)
{
	return whole ? arena_printf(arena, "%d%s", compliance_percent(part, whole), sign) : "";
}

/* Lines of so many cells, the first two of which give way when they are too long. */
static void write_lines(struct arena *arena, const char *const *cells, size_t columns, size_t lines, struct text *out)
{
	static const struct table_narrow narrow[] = { { 1, 24 }, { 0, 16 }, { 1, 8 } };
	size_t *widths = arena_array(arena, columns, sizeof(*widths));

	for (size_t i = 0; i < lines; i++)
		table_widen(widths, cells + i * columns, columns);
	table_fit(widths, columns, narrow, COUNT_OF(narrow));
	for (size_t i = 0; i < lines; i++)
		table_write_line(arena, cells + i * columns, widths, columns, out);
}

static void write_title(struct arena *arena, const struct compliance_report *report, const char *unit, struct text *out)
{
	text_addf(out, "%s, %s%s%s\nOpgjort den %s\n\n", report->course->name,
		compliance_period_title(arena, &report->period), unit ? ", " : "", unit ? unit : "",
		calendar_format_date(arena, report->date, CALENDAR_LONG));
}

/* Of people only the rows with a unit: the one without has none of those who are asked. */
static void write_units(struct arena *arena, const struct compliance_report *report, struct text *out)
{
	static const char *const heads[UNIT_COLUMNS] = { "Enhed", "Skal have det", "Har det", "Andel", "Nye", "Kravet" };
	const struct compliance_units *units = &report->units;
	const char *(*cells)[UNIT_COLUMNS] = arena_array(arena, units->count + 1, sizeof(*cells));
	size_t lines = 0;

	memcpy(cells[lines++], heads, sizeof(heads));
	for (size_t i = 0; i < units->count; i++) {
		const struct compliance_unit *unit = &units->items[i];
		const char *const line[UNIT_COLUMNS] = { unit->name, number(arena, unit->asked), number(arena, unit->valid),
			share(arena, unit->valid, unit->asked, " %"), number(arena, unit->new),
			compliance_verdict_title(unit->verdict) };

		if (unit->name)
			memcpy(cells[lines++], line, sizeof(line));
	}
	write_lines(arena, (const char *const *)cells, UNIT_COLUMNS, lines, out);
	text_addf(out, "\nOpfylder: mindst %d %%. Opfylder delvist: mindst %d %%.\n", report->course->fulfils_percent,
		report->course->partly_percent);
}

static void write_inquiries(struct arena *arena, const struct compliance_report *report, struct text *out)
{
	static const char *const heads[INQUIRY_COLUMNS] = { "Enhed", "Frist i kvartalet", "Besvaret i tide", "Andel" };
	const struct compliance_units *units = &report->units;
	const char *(*cells)[INQUIRY_COLUMNS] = arena_array(arena, units->count + 1, sizeof(*cells));
	size_t lines = 0;

	memcpy(cells[lines++], heads, sizeof(heads));
	for (size_t i = 0; i < units->count; i++) {
		const struct compliance_unit *unit = &units->items[i];
		const char *const line[INQUIRY_COLUMNS] = { unit->name ? unit->name : "uden enhed",
			number(arena, unit->due), number(arena, unit->in_time), share(arena, unit->in_time, unit->due, " %") };

		if (unit->name || unit->due)
			memcpy(cells[lines++], line, sizeof(line));
	}
	write_lines(arena, (const char *const *)cells, INQUIRY_COLUMNS, lines, out);
}

void compliance_write_table(struct arena *arena, const struct compliance_report *report, struct text *out)
{
	write_title(arena, report, NULL, out);
	write_units(arena, report, out);
	text_addf(out, "\nHenvendelser, fristen »%s«\n\n", report->course->deadline);
	write_inquiries(arena, report, out);
}

static bool is_of(const struct compliance_standing *standing, const char *unit)
{
	return strcmp(standing->person->unit, unit) == 0;
}

void compliance_write_people(struct arena *arena, const struct compliance_report *report, const char *unit,
	struct text *out)
{
	static const char *const heads[PEOPLE_COLUMNS] = { "Navn", "Står", "Påbegyndt", "Gennemført", "Senest" };
	const char *(*cells)[PEOPLE_COLUMNS] = arena_array(arena, report->people_count + 1, sizeof(*cells));
	size_t lines = 0;

	write_title(arena, report, unit, out);
	memcpy(cells[lines++], heads, sizeof(heads));
	for (size_t i = 0; i < report->people_count; i++) {
		const struct compliance_standing *one = &report->people[i];
		const char *const line[PEOPLE_COLUMNS] = { one->person->name, compliance_state_title(one->state),
			date_of(arena, one->started, CALENDAR_NUMERIC), date_of(arena, one->completed, CALENDAR_NUMERIC),
			date_of(arena, one->due, CALENDAR_NUMERIC) };

		if (is_of(one, unit))
			memcpy(cells[lines++], line, sizeof(line));
	}
	if (lines == 1)
		text_add(out, "Ingen mangler noget.\n");
	else
		write_lines(arena, (const char *const *)cells, PEOPLE_COLUMNS, lines, out);
}

void compliance_write_csv(struct arena *arena, const struct compliance_report *report, struct text *out)
{
	text_add(out, "period,as_of,unit,must_have,valid,new,percent,fulfilment,inquiries_due,inquiries_in_time,"
		"inquiries_percent\r\n");
	for (size_t i = 0; i < report->units.count; i++) {
		const struct compliance_unit *unit = &report->units.items[i];
		const char *const cells[] = {
			compliance_period_word(arena, &report->period), date_of(arena, report->date, CALENDAR_ISO),
			unit->name, number(arena, unit->asked), number(arena, unit->valid), number(arena, unit->new),
			share(arena, unit->valid, unit->asked, ""), compliance_verdict_word(unit->verdict),
			number(arena, unit->due), number(arena, unit->in_time), share(arena, unit->in_time, unit->due, ""),
		};

		if (unit->name || unit->due)
			table_write_csv(cells, COUNT_OF(cells), out);
	}
}

void compliance_write_people_csv(struct arena *arena, const struct compliance_report *report, const char *unit,
	struct text *out)
{
	text_add(out, "unit,person,name,state,experienced,started,completed,due\r\n");
	for (size_t i = 0; i < report->people_count; i++) {
		const struct compliance_standing *one = &report->people[i];
		const char *const cells[] = {
			unit, one->person->id, one->person->name, compliance_state_word(one->state),
			one->experienced ? "true" : "false", date_of(arena, one->started, CALENDAR_ISO),
			date_of(arena, one->completed, CALENDAR_ISO), date_of(arena, one->due, CALENDAR_ISO),
		};

		if (is_of(one, unit))
			table_write_csv(cells, COUNT_OF(cells), out);
	}
}

/* ---- what is registered ---- */

const char *compliance_record_name(const struct directory *directory, const struct compliance_record *record)
{
	const struct directory_person *person = directory_person(directory, record->person);

	return person ? person->name : record->person;
}

void compliance_write_records(struct arena *arena, const struct directory *directory,
	const struct compliance_record *records, size_t count, struct text *out)
{
	static const char *const heads[RECORD_COLUMNS] = { "Navn", "Kursus", "Form", "Påbegyndt", "Gennemført" };
	const char *(*cells)[RECORD_COLUMNS] = arena_array(arena, count + 1, sizeof(*cells));
	size_t lines = 0;

	memcpy(cells[lines++], heads, sizeof(heads));
	for (size_t i = 0; i < count; i++) {
		const struct compliance_record *record = &records[i];
		const char *const line[RECORD_COLUMNS] = { compliance_record_name(directory, record), record->course,
			record->format == COMPLIANCE_ATTENDANCE ? "fremmøde" : "e-læring",
			date_of(arena, record->started, CALENDAR_NUMERIC), date_of(arena, record->completed, CALENDAR_NUMERIC) };

		memcpy(cells[lines++], line, sizeof(line));
	}
	write_lines(arena, (const char *const *)cells, RECORD_COLUMNS, lines, out);
}

void compliance_write_records_csv(struct arena *arena, const struct directory *directory,
	const struct compliance_record *records, size_t count, struct text *out)
{
	text_add(out, "person,name,course,unit,format,started,completed\r\n");
	for (size_t i = 0; i < count; i++) {
		const struct compliance_record *record = &records[i];
		const char *const cells[] = {
			record->person, compliance_record_name(directory, record), record->course, record->unit,
			compliance_format_word(record->format), date_of(arena, record->started, CALENDAR_ISO),
			date_of(arena, record->completed, CALENDAR_ISO),
		};

		table_write_csv(cells, COUNT_OF(cells), out);
	}
}
