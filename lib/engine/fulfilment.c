#include "engine/fulfilment.h"

#include <string.h>

static const struct workflow *find_workflow(const struct conf *conf, const char *id)
{
	for (size_t i = 0; i < conf->workflows_count; i++)
		if (strcmp(conf->workflows[i].id, id) == 0)
			return &conf->workflows[i];
	return NULL;
}

/* Page by page: the register may be long, a page is not. */
static int count_inquiries(const struct conf *conf, struct store *store, int64_t now, struct compliance_report *report,
	struct err *err)
{
	int64_t after = 0;

	for (;;) {
		struct arena page CLEANUP(arena_done) = ARENA_NULL;
		struct inquiry *inquiries;
		size_t count;

		if (store_list_inquiries(store, &page, NULL, false, after, &inquiries, &count, err) < 0)
			return -1;
		if (count == 0)
			return 0;
		for (size_t i = 0; i < count; i++)
			compliance_count_inquiry(&conf->course, &conf->directory, find_workflow(conf, inquiries[i].workflow),
				&inquiries[i], &report->period, now, &report->units);
		after = inquiries[count - 1].id;
	}
}

int fulfilment_read(struct arena *arena, const struct conf *conf, struct store *store,
	const struct compliance_period *period, int64_t now, struct compliance_report *ret_report, struct err *err)
{
	int today = calendar_local(now).date;
	struct compliance_report report = { .course = &conf->course, .period = *period,
		.date = period->until < today ? period->until : today };
	struct compliance_record *records;
	size_t count;

	if (store_list_courses(store, arena, &records, &count, err) < 0)
		return -1;
	compliance_count_people(arena, &conf->course, &conf->directory, records, count, report.date, &report.units);
	compliance_list_people(arena, &conf->course, &conf->directory, records, count, report.date, &report);
	if (count_inquiries(conf, store, now, &report, err) < 0)
		return -1;
	*ret_report = report;
	return 0;
}
