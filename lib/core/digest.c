/*
 * A letter is rendered in two layers: each thing about an inquiry by its own template, in plain text, into items of
 * lists; then the wrapper (DIGEST_WRAPPER) around those lists, as text and as HTML. An inquiry stands in a letter once:
 * reminders come first, and an overview leaves out what stands there already.
 */
#include "core/digest.h"

#include "core/confidential.h"
#include "core/digest_course.h"
#include "core/digest_row.h"

#include <stdlib.h>
#include <string.h>

/* One letter in the making. */
struct draft {
	struct arena *arena;
	const struct digest_house *house;
	const struct directory_person *person;	/* the reader; NULL: of a single letter */
	const char *name, *address;
	struct template_data *data;		/* of the wrapper */
	const struct digest_row **shown;	/* those that stand in it */
	size_t shown_count, waits, overdue;
	const char *subject;			/* of the last template about one inquiry */
};

const struct template_file *digest_template(const struct digest_house *house, const char *name)
{
	for (size_t i = 0; i < house->templates_count; i++)
		if (strcmp(house->templates[i].name, name) == 0)
			return &house->templates[i];
	return NULL;
}

/* What every template may name; of the mailbox that it speaks of. */
static void fill_house(const struct draft *draft, const struct digest_mailbox *mailbox, struct template_data *data)
{
	template_set(data, "navn", digest_clean(draft->arena, draft->name ? draft->name : draft->address));
	template_set(data, "dato", calendar_format_date(draft->arena, calendar_local(draft->house->now).date,
		CALENDAR_SPOKEN));
	template_set(data, "postkasse", mailbox->address);
	template_set(data, "postkasse_navn", mailbox->title);
	template_set(data, "ansvarlig", mailbox->owner_name);
	template_set(data, "ansvarlig_adresse", mailbox->owner_address);
}

/* Somebody who stands in reads mails about people whom he does not know to be away. */
static void add_absent(struct draft *draft)
{
	const struct directory *directory = draft->house->directory;

	for (size_t i = 0; i < directory->people_count; i++) {
		const struct directory_person *absent = &directory->people[i];

		if (absent != draft->person && directory_present(directory, absent) == draft->person)
			template_set(template_append(draft->data, "fravaerende"), "fravaerende_navn",
				digest_clean(draft->arena, absent->name));
	}
}

/* By key: the same inquiry may be a reminder and a row of several overviews. */
static bool is_shown(const struct draft *draft, const struct digest_row *row)
{
	for (size_t i = 0; i < draft->shown_count; i++)
		if (strcmp(draft->shown[i]->row->inquiry->key, row->row->inquiry->key) == 0)
			return true;
	return false;
}

/* Does an inquiry of this mailbox stand in the letter already? */
static bool has_shown(const struct draft *draft, const struct digest_mailbox *mailbox)
{
	for (size_t i = 0; i < draft->shown_count; i++)
		if (draft->shown[i]->mailbox == mailbox)
			return true;
	return false;
}

static void note_shown(struct draft *draft, const struct digest_row *row)
{
	draft->shown[draft->shown_count++] = row;
	/* What he is asked to do, and what lies with him, though it is told him as a copy or in a list. */
	draft->waits += (row->template && !row->copy) || (draft->person && row->row->holder == draft->person);
	draft->overdue += row->row->state == REGISTER_OVERDUE;
}

/* Adds each paragraph of a text as one line. */
static void add_paragraphs(struct arena *arena, const char *text, struct template_data *item)
{
	while (*(text += strspn(text, "\n"))) {
		const char *end = strstr(text, "\n\n");
		size_t length = end ? (size_t)(end - text) : strlen(text);
		char *paragraph = arena_strndup(arena, text, length);

		for (char *at = paragraph; (at = strchr(at, '\n'));)
			*at = ' ';
		template_set(template_append(item, "afsnit"), "tekst", paragraph);
		text += length;
	}
}

/* Spaces that do not break have steered the wrapping of lines; whoever searches a mail looks for plain ones. */
static char *with_plain_spaces(struct arena *arena, const char *text)
{
	char *copy = arena_strdup(arena, text), *to = copy;

	for (; *text; text++)
		if (strncmp(text, DIGEST_NO_BREAK, strlen(DIGEST_NO_BREAK)) == 0) {
			*to++ = ' ';
			text += strlen(DIGEST_NO_BREAK) - 1;
		} else {
			*to++ = *text;
		}
	*to = '\0';
	return copy;
}

/* Brackets in a subject of ours would make somebody else's words a tag in the reply. */
static int render_subject(struct draft *draft, const struct template_file *file, const struct template_data *data,
	struct err *err)
{
	const char *subject;
	char *copy;

	if (template_render_line(draft->arena, file->subject, data, &subject, err) < 0)
		return -1;
	copy = with_plain_spaces(draft->arena, subject);
	draft->subject = copy;
	while ((copy = strpbrk(copy, "[]")))
		*copy = *copy == '[' ? '(' : ')';
	return 0;
}

/* Renders what the template says about one inquiry into an item of the wrapper's list `breve`. */
static int add_words(struct draft *draft, const char *template, const struct template_data *data,
	struct template_data *item, struct err *err)
{
	const struct template_file *file = digest_template(draft->house, template);
	const char *text;

	if (!file)
		return err_set(err, "there is no template %s", template);
	if (template_render(draft->arena, file->text, data, &text, err) < 0)
		return -1;
	add_paragraphs(draft->arena, text, item);
	return render_subject(draft, file, data, err);
}

/* The letter's own words go into `breve`, with what is known of the inquiry; its template sees the same names. */
static int add_reminder(struct draft *draft, const struct digest_row *row, struct err *err)
{
	struct template_data *data = template_data_new(draft->arena), *item = template_append(draft->data, "breve");
	struct template_data *const both[] = { data, item };

	for (size_t i = 0; i < 2; i++) {
		fill_house(draft, row->mailbox, both[i]);
		digest_fill_inquiry(draft->arena, row->row, draft->person, draft->house->now, both[i]);
		digest_fill_answers(draft->arena, draft->house->directory, row, draft->address, both[i]);
		digest_fill_reach(draft->arena, row, both[i]);
		digest_fill_others(draft->arena, row, both[i]);
		template_set(both[i], "orientering", row->copy ? "ja" : NULL);
	}
	template_set(item, "detaljer", "ja");
	note_shown(draft, row);
	return add_words(draft, row->template, data, item, err);
}

/* To whom it is a copy it is less urgent. The last resort is the place in the array: qsort is not stable. */
static int compare_rows(const void *a, const void *b)
{
	const struct digest_row *one = *(const struct digest_row *const *)a, *other = *(const struct digest_row *const *)b;

	if (one->copy != other->copy)
		return one->copy ? 1 : -1;
	if (register_compare(one->row, other->row) != 0)
		return register_compare(one->row, other->row);
	return one < other ? -1 : one > other;
}

/* The rows that the letter does not show yet, the most urgent first. */
static const struct digest_row **sort_rows(const struct draft *draft, const struct digest_row *rows, size_t count,
	size_t *ret_count)
{
	const struct digest_row **sorted = arena_array(draft->arena, count, sizeof(const struct digest_row *));
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (rows[i].template || !is_shown(draft, &rows[i]))
			sorted[kept++] = &rows[i];
	if (kept > 0)
		qsort(sorted, kept, sizeof(const struct digest_row *), compare_rows);
	*ret_count = kept;
	return sorted;
}

/* Beyond DIGEST_ROWS_MAX rows are counted, not shown; they count as overdue all the same. */
static void add_overview(struct draft *draft, const struct digest_mailbox *mailbox,
	const struct digest_overview *overview, struct template_data *section)
{
	static const char *const views[] = {
		[WORKFLOW_VIEW_OWN] = "egne", [WORKFLOW_VIEW_ALL] = "alle", [WORKFLOW_VIEW_PLACES] = "steder",
		[WORKFLOW_VIEW_OWNER] = "alle",
	};
	size_t count;
	const struct digest_row **rows = sort_rows(draft, overview->rows, overview->count, &count);
	struct template_data *item;

	if (count == 0)
		return;
	item = template_append(section, "oversigter");
	template_set(item, views[overview->view], "ja");
	template_set(item, "oevrige", has_shown(draft, mailbox) ? "ja" : NULL);
	for (size_t i = 0; i < count; i++) {
		struct template_data *row;

		note_shown(draft, rows[i]);
		if (i >= DIGEST_ROWS_MAX)
			continue;
		row = template_append(item, "raekker");
		digest_fill_inquiry(draft->arena, rows[i]->row, draft->person, draft->house->now, row);
		digest_fill_others(draft->arena, rows[i], row);
		digest_fill_answers(draft->arena, draft->house->directory, rows[i], draft->address, row);
		digest_fill_reach(draft->arena, rows[i], row);
	}
	if (count > DIGEST_ROWS_MAX)
		template_set_count(item, "flere", count - DIGEST_ROWS_MAX);
}

static const char *minute_of(struct arena *arena, int64_t at)
{
	struct calendar_local local = calendar_local(at);

	return arena_printf(arena, "%s kl. %d.%02d", calendar_format_date(arena, local.date, CALENDAR_SPOKEN),
		local.minutes / 60, local.minutes % 60);
}

/* What could not be placed or read, each with its reason in plain words. */
static void add_waiting(struct draft *draft, const struct digest_section *section, struct template_data *data)
{
	for (size_t i = 0; i < section->waiting_count; i++) {
		const struct digest_waiting *waiting = &section->waiting[i];
		struct template_data *item = template_append(data, "uplacerede");
		bool readable = waiting->from || waiting->subject;

		template_set(item, "fra", digest_clean(draft->arena, waiting->from));
		template_set(item, "emne", digest_clean(draft->arena, waiting->subject));
		template_set(item, "ulaeselig", readable ? NULL : "ja");
		template_set(item, "ankom", minute_of(draft->arena, waiting->arrived_at));
		template_set(item, "mappe", digest_clean(draft->arena, waiting->folder));
		template_set(item, "aarsag", digest_reason_why(waiting->reason));
		if (readable && waiting->reason != DECIDE_BY_ELSEWHERE)
			template_set(data, "kan_placeres", "ja");
	}
	if (section->waiting_count > 0)
		template_set(data, "har_uplacerede", "ja");
	if (section->waiting_total > section->waiting_count) {
		template_set_count(data, "flere_uplacerede", section->waiting_total - section->waiting_count);
		template_set(data, "kan_placeres", "ja");
	}
}

static void add_undelivered(struct draft *draft, const struct digest_section *section, struct template_data *data)
{
	for (size_t i = 0; i < section->undelivered_count; i++) {
		const struct digest_undelivered *undelivered = &section->undelivered[i];
		struct template_data *item = template_append(data, "ikke_modtaget");

		template_set(item, "til", digest_clean(draft->arena, undelivered->to));
		template_set(item, "emne", digest_clean(draft->arena, undelivered->subject));
		template_set(item, "hvornaar", minute_of(draft->arena, undelivered->at));
		template_set(item, "serversvar", digest_clean(draft->arena, undelivered->reply));
	}
	if (section->undelivered_count > 0)
		template_set(data, "har_ikke_modtaget", "ja");
}

static void set_share(struct draft *draft, struct template_data *item, const char *name, int64_t part, int64_t whole)
{
	enum { PERMILLE = 1000, TENTHS = 10 };
	int64_t share = whole > 0 ? (PERMILLE * part + whole / 2) / whole : 0;

	/* rounding must not say that all is well when it is not */
	if (share == PERMILLE && part < whole)
		share--;
	if (whole > 0)
		template_set(item, name, arena_printf(draft->arena, "%d,%d %%", (int)(share / TENTHS), (int)(share % TENTHS)));
}

static void set_number(struct draft *draft, struct template_data *item, const char *name, int64_t number)
{
	template_set(item, name, arena_printf(draft->arena, "%lld", (long long)number));
}

/* Figures for those who see to it that there are hands enough; no letter by letter (P4). */
static void add_volumes(struct draft *draft, const struct digest_section *section, struct template_data *data)
{
	for (size_t i = 0; i < section->volumes_count; i++) {
		const struct digest_volume *volume = &section->volumes[i];
		const struct register_volume *counts = &volume->counts;
		struct template_data *item = template_append(data, "tal");

		template_set(item, "fra_dag", calendar_format_date(draft->arena, volume->first, CALENDAR_SPOKEN));
		if (volume->last != volume->first)
			template_set(item, "til_dag", calendar_format_date(draft->arena, volume->last, CALENDAR_SPOKEN));
		set_number(draft, item, "ind", counts->in);
		set_number(draft, item, "stoej", counts->noise);
		set_number(draft, item, "ud", counts->out);
		set_number(draft, item, "henvendelser", counts->inquiries);
		set_number(draft, item, "besvaret", counts->answered);
		set_share(draft, item, "andel_besvaret", counts->answered, counts->inquiries);
		set_number(draft, item, "for_sent", counts->late);
		set_share(draft, item, "andel_til_tiden", counts->inquiries - counts->late, counts->inquiries);
	}
	if (section->volumes_count > 0)
		template_set(data, "har_tal", "ja");
}

static void add_section(struct draft *draft, const struct digest_section *section)
{
	struct template_data *data = template_append(draft->data, "postkasser");

	fill_house(draft, section->mailbox, data);
	add_volumes(draft, section, data);
	if (section->confidential > 0)
		template_set_count(data, "fortrolige", section->confidential);
	template_set(data, "fortrolige_flere", section->confidential > 1 ? "ja" : NULL);
	for (size_t i = 0; i < section->overviews_count; i++)
		add_overview(draft, section->mailbox, &section->overviews[i], data);
	add_waiting(draft, section, data);
	add_undelivered(draft, section, data);
}

/* Renders the wrapper around what was gathered. alone: the subject stays that of the one thing in it. */
static int finish(struct draft *draft, bool alone, struct letter *letter, struct err *err)
{
	const struct template_file *file = digest_template(draft->house, DIGEST_WRAPPER);
	struct message_address *to = arena_alloc(draft->arena, sizeof(*to));
	const char *text, *html = NULL;

	if (!file)
		return err_set(err, "there is no template %s", DIGEST_WRAPPER);
	if (template_render(draft->arena, file->text, draft->data, &text, err) < 0 ||
	    (file->html && template_render(draft->arena, file->html, draft->data, &html, err) < 0))
		return -1;
	if (!alone && render_subject(draft, file, draft->data, err) < 0)
		return -1;
	*to = (struct message_address){ .name = digest_clean(draft->arena, draft->name), .address = draft->address };
	letter->from = (struct message_address){
		.name = draft->house->mailbox->title, .address = draft->house->mailbox->address,
	};
	letter->to = (struct message_addresses){ to, 1 };
	letter->subject = draft->subject;
	letter->text = with_plain_spaces(draft->arena, template_wrap(draft->arena, text, DIGEST_WIDTH));
	letter->html = html ? with_plain_spaces(draft->arena, html) : NULL;
	letter->date = draft->house->now;
	return 0;
}

/* RFC 5322, 3.6.4: the references of the message that is answered, then its own id. */
static void answer(struct arena *arena, struct letter *letter, const char *id, const struct message_strings *references)
{
	size_t before = references ? references->count : 0;
	const char **ids = arena_array(arena, before + 1, sizeof(const char *));

	if (!id)
		return;
	if (before > 0)
		memcpy(ids, references->items, before * sizeof(const char *));
	ids[before] = letter->in_reply_to = id;
	letter->references = (struct message_strings){ ids, before + 1 };
}

/* What concerns the mailbox rather than an inquiry. */
static size_t count_mails(const struct digest_section *section)
{
	return section->waiting_total + section->undelivered_count + section->volumes_count + section->confidential;
}

static void count_all(const struct digest_morning *morning, size_t *ret_rows, size_t *ret_mails)
{
	*ret_rows = morning->reminders_count;
	*ret_mails = 0;
	for (size_t i = 0; i < morning->sections_count; i++) {
		*ret_mails += count_mails(&morning->sections[i]);
		for (size_t j = 0; j < morning->sections[i].overviews_count; j++)
			*ret_rows += morning->sections[i].overviews[j].count;
	}
}

/* Does it speak of another mailbox than the one that it comes from? */
static bool has_several(const struct draft *draft, const struct digest_morning *morning)
{
	const struct digest_mailbox *mailbox = draft->house->mailbox;

	for (size_t i = 0; i < draft->shown_count; i++)
		if (draft->shown[i]->mailbox != mailbox)
			return true;
	for (size_t i = 0; i < morning->sections_count; i++)
		if (morning->sections[i].mailbox != mailbox && count_mails(&morning->sections[i]) > 0)
			return true;
	return false;
}

static int add_reminders(struct draft *draft, const struct digest_morning *morning, struct err *err)
{
	size_t count;
	const struct digest_row **reminders = sort_rows(draft, morning->reminders, morning->reminders_count, &count);

	for (size_t i = 0; i < count; i++)
		if (!is_shown(draft, reminders[i]) && add_reminder(draft, reminders[i], err) < 0)
			return -1;
	return 0;
}

int digest_compose(struct arena *arena, const struct digest_house *house, const struct digest_morning *morning,
	struct letter *ret_letter, struct err *err)
{
	struct draft draft = {
		.arena = arena, .house = house, .person = morning->person, .name = morning->person->name,
		.address = morning->person->address, .data = template_data_new(arena),
	};
	struct letter letter = { .subject = NULL };
	size_t rows, mails;
	bool alone;

	count_all(morning, &rows, &mails);
	if (rows == 0 && mails == 0)
		return DIGEST_EMPTY;
	draft.shown = arena_array(arena, rows, sizeof(const struct digest_row *));
	fill_house(&draft, house->mailbox, draft.data);
	template_set(draft.data, "morgen", "ja");
	add_absent(&draft);
	if (add_reminders(&draft, morning, err) < 0)
		return -1;
	for (size_t i = 0; i < morning->sections_count; i++)
		add_section(&draft, &morning->sections[i]);
	if (draft.waits > 0)
		template_set_count(draft.data, "antal_venter", draft.waits);
	if (draft.overdue > 0)
		template_set_count(draft.data, "antal_overskredet", draft.overdue);
	template_set(draft.data, "flere_postkasser", has_several(&draft, morning) ? "ja" : NULL);
	/*
	 * A mail about one thing answers the mail that opened it and has its subject; then programs show them together.
	 */
	alone = morning->reminders_count > 0 && draft.shown_count == 1 && mails == 0;
	if (alone)
		answer(arena, &letter, draft.shown[0]->opening_id, NULL);
	else
		template_set(draft.data, "samlet", "ja");
	if (finish(&draft, alone, &letter, err) < 0)
		return -1;
	*ret_letter = letter;
	return 0;
}

/* In the wrapper as well, as its only letter: all mails of a house look alike. */
int digest_compose_single(struct arena *arena, const struct digest_house *house, const struct digest_single *single,
	struct letter *ret_letter, struct err *err)
{
	struct draft draft = {
		.arena = arena, .house = house, .name = single->name, .address = single->address,
		.data = template_data_new(arena),
	};
	struct template_data *data = template_data_new(arena), *item = template_append(draft.data, "breve");
	const struct directory_person *person = directory_person_at(house->directory, single->address);
	bool refused = strcmp(single->template, DIGEST_REFUSED) == 0;
	struct letter letter = { .subject = NULL };

	draft.person = person;
	if (!draft.name && person)
		draft.name = person->name;
	fill_house(&draft, house->mailbox, draft.data);
	fill_house(&draft, house->mailbox, data);
	if (single->row) {
		digest_fill_inquiry(arena, single->row->row, draft.person, house->now, data);
		digest_fill_inquiry(arena, single->row->row, draft.person, house->now, item);
		digest_fill_reach(arena, single->row, data);
		digest_fill_reach(arena, single->row, item);
		digest_fill_answers(arena, house->directory, single->row, single->address, item);
		answer(arena, &letter, single->row->opening_id, NULL);
	}
	if (refused)
		digest_fill_refusal(arena, house, single, data);
	if (single->parts_count > 0)
		digest_fill_parts(arena, single, data, item);
	if (single->row && strcmp(single->template, DECIDE_INTERIM_TEMPLATE) == 0 &&
	    digest_fill_interim(arena, house, single->row->row, data, item, err) < 0)
		return -1;
	if (strcmp(single->template, CONFIDENTIAL_TEMPLATE) == 0) {
		template_set(data, "henvis_til", digest_clean(arena, single->refer_to));
		template_set(draft.data, "fortroligt", "ja");
	}
	if (single->report && person)
		digest_fill_courses(arena, house->directory, single->report, person, data);
	answer(arena, &letter, single->in_reply_to, &single->references);
	if (add_words(&draft, single->template, data, item, err) < 0 ||
	    finish(&draft, true, &letter, err) < 0)
		return -1;
	*ret_letter = letter;
	return 0;
}
