#include "io/store_private.h"

static const char *write_date(struct arena *arena, int date)
{
	return date == COMPLIANCE_NO_DATE ? NULL : calendar_format_date(arena, date, CALENDAR_ISO);
}

/* What is no date comes from a database that a person has edited. */
static int read_date(const char *text)
{
	int date = COMPLIANCE_NO_DATE;

	return text && calendar_parse_date(text, CALENDAR_NO_REFERENCE, &date) == 0 ? date : COMPLIANCE_NO_DATE;
}

int store_put_course(struct store *store, const struct compliance_record *record, int64_t now,
	enum store_change *ret_change, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *started = write_date(&arena, record->started), *completed = write_date(&arena, record->completed);
	const char *format = compliance_format_word(record->format);
	int64_t added, changed = 0;

	if (DB_CHANGE(store->db, &added, err, "INSERT INTO course_record (person, course, started_on, completed_on,"
			" format, unit, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT DO NOTHING",
			DB_TEXT(record->person), DB_TEXT(record->course), DB_TEXT(started), DB_TEXT(completed),
			DB_TEXT(format), DB_TEXT(record->unit), DB_INT(now)) < 0)
		return -1;
	if (!added && DB_CHANGE(store->db, &changed, err, "UPDATE course_record SET"
			" completed_on = coalesce(?4, completed_on), format = ?5, unit = ?6, changed_at = ?7"
			" WHERE person = ?1 AND course = ?2 AND started_on = ?3"
			" AND (completed_on IS NOT coalesce(?4, completed_on) OR format <> ?5 OR unit <> ?6)",
			DB_TEXT(record->person), DB_TEXT(record->course), DB_TEXT(started), DB_TEXT(completed),
			DB_TEXT(format), DB_TEXT(record->unit), DB_INT(now)) < 0)
		return -1;
	*ret_change = added ? STORE_ADDED : changed ? STORE_CHANGED : STORE_SAME;
	return 0;
}

int store_list_courses(struct store *store, struct arena *arena, struct compliance_record **ret_records,
	size_t *ret_count, struct err *err)
{
	struct db_rows rows CLEANUP(db_rows_done) = DB_SELECT(store->db,
		"SELECT person, course, unit, format = 'attendance', started_on, completed_on FROM course_record"
		" ORDER BY person, course, started_on", DB_NONE);
	struct store_list list = { .arena = arena, .size = sizeof(struct compliance_record) };
	int result;

	while ((result = db_next(&rows, err)) == DB_ROW)
		*(struct compliance_record *)store_list_add(&list) = (struct compliance_record){
			.person = db_text(&rows, 0, arena), .course = db_text(&rows, 1, arena),
			.unit = db_text(&rows, 2, arena),
			.format = db_int(&rows, 3) ? COMPLIANCE_ATTENDANCE : COMPLIANCE_E_LEARNING,
			.started = read_date(db_text(&rows, 4, arena)), .completed = read_date(db_text(&rows, 5, arena)),
		};
	if (result < 0)
		return -1;
	*ret_records = list.items;
	*ret_count = list.count;
	return 0;
}
