#include "core/digest_row.h"

#include "base/text.h"

#include <string.h>

enum { LINK_MAX = 2000 };	/* bytes; Outlook cuts longer ones off without a word, and with them the last addresses */

/* "Anne, Bo og Carl" */
static const char *list_names(struct arena *arena, const struct register_row *row)
{
	struct text names CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < row->missing_count; i++)
		text_addf(&names, "%s%s", i == 0 ? "" : i + 1 < row->missing_count ? ", " : " og ", row->missing[i]->name);
	return arena_strdup(arena, text_string(&names));
}

/* The key comes first in the subject, so that the mail finds its inquiry. */
static const char *write_link(struct arena *arena, const struct digest_row *row)
{
	const struct inquiry *inquiry = row->row->inquiry;
	const char *about = digest_clean(arena, inquiry->subject), *link;
	struct text addresses CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < row->row->missing_count; i++)
		text_addf(&addresses, "%s%s", i ? "," : "", row->row->missing[i]->address);
	link = digest_mailto(arena, text_string(&addresses), arena_printf(arena, "%s: %s", inquiry->key, about ? about : ""),
		row->mailbox->address);
	return strlen(link) <= LINK_MAX ? link : NULL;
}

void digest_fill_reach(struct arena *arena, const struct digest_row *row, struct template_data *data)
{
	template_set(data, "sendt_ind_af", digest_clean(arena, row->sent_in_by));
	template_set(data, "kun_til", digest_clean(arena, row->row->audience));
	if (row->row->missing_count == 0)
		return;
	template_set(data, "mangler", digest_clean(arena, list_names(arena, row->row)));
	template_set(data, "mangler_link", write_link(arena, row));
}
