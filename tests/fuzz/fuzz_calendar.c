/* Dates, lengths and closing days as anybody may write them. */
#include "core/calendar.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	char *text = arena_strndup(&arena, (const char *)data, size);
	struct calendar_closing closing;
	struct calendar house = { &closing, 1 };
	struct calendar_length length = { 5, CALENDAR_WORKING_DAYS };
	struct err err = ERR_NULL;
	int date = 0, again = 0;

	if (calendar_parse_date(text, 20000, &date) == 0) {
		char *iso = calendar_format_date(&arena, date, CALENDAR_ISO);

		if (calendar_parse_date(iso, CALENDAR_NO_REFERENCE, &again) != 0 || again != date)
			abort();
	}
	if (calendar_parse_length(text, &length, &err) == 0 && abs(length.count) > CALENDAR_LENGTH_MAX)
		abort();
	if (calendar_parse_closing(text, "lukket", &closing, &err) != 0)
		house.closing_count = 0;
	calendar_explain(&arena, &house, calendar_utc(date, 600), length, true);
	return 0;
}
