#include "core/digest_row.h"

#include "base/text.h"
#include "core/privacy.h"
#include "core/roles.h"
#include "core/tag.h"

#include <stdlib.h>
#include <string.h>

/* Characters that nobody sees could make a name or a subject read as another. */
static char *without_hidden(struct arena *arena, const char *value)
{
	char *copy = arena_strdup(arena, value), *to = copy;

	for (size_t length; *value; value += length) {
		char character[8] = "";

		length = text_character_length(value);
		if (length < sizeof(character))
			memcpy(character, value, length);
		if ((unsigned char)*value < ' ')
			*to++ = ' ';
		else if (!text_has_hidden(character)) {
			memcpy(to, value, length);
			to += length;
		}
	}
	*to = '\0';
	return copy;
}

const char *digest_clean(struct arena *arena, const char *value)
{
	char *clean;

	if (!value)
		return NULL;
	clean = without_hidden(arena, value);
	privacy_mask_cpr(clean);
	return clean;
}

/* "ons. 8/4" and "8. april" stay on one line. */
static const char *keep_dates(struct arena *arena, const char *text)
{
	struct text kept = TEXT_NULL;
	const char *result;

	for (; *text; text++) {
		text_add_bytes(&kept, text, 1);
		if (text[0] == '.' && text[1] == ' ') {
			text_add(&kept, DIGEST_NO_BREAK);
			text++;
		}
	}
	result = arena_strdup(arena, text_string(&kept));
	text_done(&kept);
	return result;
}

static const char *spoken(struct arena *arena, int date)
{
	return date == REGISTER_NO_DATE ? NULL :
		keep_dates(arena, calendar_format_date(arena, date, CALENDAR_SPOKEN));
}

static const char *day_of(struct arena *arena, int64_t at)
{
	return spoken(arena, calendar_local(at).date);
}

static const char *count_days(struct arena *arena, int days, enum calendar_unit unit)
{
	const char *word = unit == CALENDAR_DAYS ? "dag" : "arbejdsdag";

	return arena_printf(arena, "%d" DIGEST_NO_BREAK "%s%s", days, word, days == 1 ? "" : "e");
}

/* When the due date is, seen from today: "i dag", "om 2 arbejdsdage", "for 1 arbejdsdag siden". */
static const char *when_due(struct arena *arena, const struct register_row *row, int today)
{
	enum calendar_unit unit = row->left ? row->unit : CALENDAR_DAYS;
	int left = row->left ? row->left : row->due - today;

	if (row->due == today)
		return "i dag";
	if (row->due == today + 1)
		return "i morgen";
	if (row->due == today - 1)
		return "i går";
	return left > 0 ? arena_printf(arena, "om %s", count_days(arena, left, unit)) :
		arena_printf(arena, "for %s siden", count_days(arena, -left, unit));
}

/* In the days that the deadline counts in; if none of those has passed yet, in days. */
static const char *overdue_by(struct arena *arena, const struct register_row *row, int today)
{
	if (row->state != REGISTER_OVERDUE)
		return NULL;
	return row->left < 0 ? count_days(arena, -row->left, row->unit) :
		count_days(arena, today - row->due, CALENDAR_DAYS);
}

/* Of a clock that was moved the number would lie: then there is none. */
static const char *day_number(struct arena *arena, const struct register_row *row)
{
	if (row->day <= 0 || row->state != REGISTER_OPEN || row->day > row->days)
		return NULL;
	return arena_printf(arena, "dag %d af %d", row->day, row->days);
}

static const char *unseen_list(struct arena *arena, const struct register_row *row)
{
	const char *list = NULL;

	for (size_t i = 0; i < row->unseen_count; i++)
		list = list ? arena_printf(arena, "%s, %s", list, row->unseen[i]) : row->unseen[i];
	return list;
}

/* The last step in the file to which an approval leads; -1: nothing is approved in this workflow. */
static int approved_step(const struct workflow *workflow)
{
	int last = -1;

	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];
		int step = rule->to && rule->when.tag && strcmp(rule->when.tag, TAG_APPROVED) == 0 ?
			workflow_step_index(workflow, rule->to) : -1;

		last = step > last ? step : last;
	}
	return last;
}

/* Before the last approval neither name is set; after it: was it seen? */
static void fill_approval(const struct register_row *row, struct template_data *data)
{
	const struct inquiry *inquiry = row->inquiry;
	int approved = approved_step(row->workflow);
	bool seen = true;

	if (approved < 0 || workflow_step_index(row->workflow, inquiry->step) < approved)
		return;
	for (size_t i = 0; i < inquiry->unseen_count; i++)
		seen = seen && strcmp(inquiry->unseen[i], row->workflow->steps[approved].id) != 0;
	template_set(data, seen ? "godkendt" : "ikke_godkendt", "ja");
}

/* "onsdag den 8. april (om 2 arbejdsdage)" */
static const char *deadline_words(struct arena *arena, const struct register_clock *clock, int today)
{
	const struct register_row row = { .due = clock->due, .left = clock->left, .unit = clock->unit,
		.state = clock->overdue ? REGISTER_OVERDUE : REGISTER_OPEN };

	if (clock->clock->standing)
		return register_clock_words(arena, clock);
	if (clock->overdue)
		return arena_printf(arena, "%s, overskredet med %s", spoken(arena, clock->due), overdue_by(arena, &row, today));
	return arena_printf(arena, "%s (%s)", spoken(arena, clock->due), when_due(arena, &row, today));
}

static void fill_deadlines(struct arena *arena, const struct register_row *row, int today, struct template_data *data)
{
	for (size_t i = 0; register_names_deadlines(row) && i < row->clocks_count; i++) {
		struct template_data *item = template_append(data, "frister");

		template_set(item, "frist_navn", row->clocks[i].clock->deadline);
		template_set(item, "frist_tekst", deadline_words(arena, &row->clocks[i], today));
	}
}

static void fill_due(struct arena *arena, const struct register_row *row, int today, struct template_data *data)
{
	fill_deadlines(arena, row, today, data);
	/* A year ahead the day alone would not say which. */
	if (row->promised != REGISTER_NO_DATE)
		template_set(data, "lovet", keep_dates(arena, arena_printf(arena, "%s den %s",
			calendar_format_date(arena, row->promised, CALENDAR_WEEKDAY),
			calendar_format_date(arena, row->promised, CALENDAR_LONG))));
	if (register_standing(row))
		template_set(data, "staar_stille", register_standing_words(arena, register_standing(row)));
	if (!row->explanation)
		return;
	template_set(data, "frist", spoken(arena, row->due));
	template_set(data, "hvornaar", when_due(arena, row, today));
	template_set(data, "dag", day_number(arena, row));
	template_set(data, "overskredet", overdue_by(arena, row, today));
	template_set(data, "ventes", spoken(arena, row->expected));
	template_set(data, "forklaring", keep_dates(arena, row->explanation));
}

static const char *list_keys(struct arena *arena, const struct message_strings *keys)
{
	const char *list = NULL;

	for (size_t i = 0; i < keys->count; i++)
		list = list ? arena_printf(arena, "%s, %s", list, keys->items[i]) : keys->items[i];
	return list;
}

void digest_fill_inquiry(struct arena *arena, const struct register_row *row, const struct directory_person *person,
	int64_t now, struct template_data *data)
{
	const struct inquiry *inquiry = row->inquiry;

	template_set(data, "nummer", inquiry->key);
	template_set(data, "emne", digest_clean(arena, row->title));
	template_set(data, "ogsaa", list_keys(arena, &row->also));
	template_set(data, "stilet_til", digest_clean(arena, inquiry->addressed_to));
	if (inquiry->round > 1)
		template_set_count(data, "runde", (size_t)inquiry->round);
	template_set(data, "trin", row->step_title);
	template_set(data, "hos", row->holder ? row->holder->name : NULL);
	template_set(data, "hos_rolle", row->holder_role);
	template_set(data, "hos_dig", person && row->holder == person ? "ja" : NULL);
	template_set(data, "modtaget", day_of(arena, inquiry->received_at));
	template_set(data, "siden", day_of(arena, inquiry->step_at));
	template_set(data, "ikke_set", unseen_list(arena, row));
	template_set(data, "noteret", digest_clean(arena, row->note));
	fill_approval(row, data);
	/* Not masked: a link with digits taken out leads nowhere. */
	template_set(data, "sagslink", inquiry->case_link ? without_hidden(arena, inquiry->case_link) : NULL);
	fill_due(arena, row, calendar_local(now).date, data);
}

/* "MT-2026-0043 »Støj om natten«, POST-2026-0007 i Hovedpostkassen" */
void digest_fill_others(struct arena *arena, const struct digest_row *row, struct template_data *data)
{
	const char *list = NULL;

	for (size_t i = 0; i < row->others_count; i++) {
		const struct digest_other *other = &row->others[i];
		const char *one = other->subject ? arena_printf(arena, "%s »%s«", other->key, digest_clean(arena, other->subject)) :
			arena_printf(arena, "%s i %s", other->key, other->mailbox);

		list = list ? arena_printf(arena, "%s, %s", list, one) : one;
	}
	template_set(data, "borgerens_andre", list);
}

/* The subject of a mail that gives a part to somebody: no word in brackets may come along. */
static const char *part_subject(struct arena *arena, const struct inquiry *part)
{
	char *subject = arena_printf(arena, "%s %s", part->key, inquiry_title(arena, part));

	for (char *at = subject; (at = strpbrk(at, "[]"));)
		*at = *at == '[' ? '(' : ')';
	return digest_clean(arena, subject);
}

void digest_fill_parts(struct arena *arena, const struct digest_single *single, struct template_data *data,
	struct template_data *item)
{
	template_set_count(data, "antal_dele", single->parts_count);
	for (size_t i = 0; i < single->parts_count; i++) {
		const struct inquiry *part = &single->parts[i];
		const char *subject = part_subject(arena, part);
		struct template_data *answer;

		if (!inquiry_is_open(part) || part->assignments_count > 0)
			continue;
		answer = template_append(item, "svarmuligheder");
		template_set(answer, "til_den_rette", "ja");
		template_set(answer, "handling", arena_printf(arena, "Fordel %s (%s)", part->key, part->part));
		template_set(answer, "mailemne", subject);
		template_set(answer, "link", digest_mailto(arena, "", subject, single->row->mailbox->address));
	}
}

/* The tags that say all there is to say, what a person reads on their button, and what tells a template of it. */
static const struct one_tap { const char *tag, *action, *name; } one_taps[] = {
	{ TAG_APPROVED, "Godkend svaret", "kan_godkende" }, { "RETUR", "Send svaret retur", "kan_sende_retur" },
	{ "AFSENDT", "Meld, at svaret er sendt", "kan_melde_afsendt" },
	{ "IVÆRKSÆT", "Sæt arbejdet i gang", "kan_ivaerksaette" },
	{ "BESVARET AF MEDLEM", "Meld, at medlemmet har svaret", "kan_melde_medlemssvar" },
	{ "AFKLARET", "Meld, at medlemmet har fået svar", "kan_melde_afklaret" },
};

static const struct one_tap *find_one_tap(const char *tag)
{
	for (size_t i = 0; tag && i < sizeof(one_taps) / sizeof(one_taps[0]); i++)
		if (strcmp(one_taps[i].tag, tag) == 0)
			return &one_taps[i];
	return NULL;
}

/* Would an empty mail of this role, with the tag and nothing else, be what the rule waits for at this step? */
static bool takes_one_tap(const struct workflow_rule *rule, const char *step, const char *role)
{
	const struct workflow_when *when = &rule->when;

	return rule->to && strcmp(rule->to, step) != 0 && find_one_tap(when->tag) &&
		(rule->from.count == 0 || message_strings_have(&rule->from, step)) &&
		(when->sender.count == 0 || message_strings_have(&when->sender, role)) &&
		when->known != WORKFLOW_NO && when->to.count == 0 && when->parent.count == 0 &&
		when->link != WORKFLOW_YES && when->outside != WORKFLOW_YES && when->forward != WORKFLOW_YES &&
		when->asker != WORKFLOW_YES &&
		when->cc.count == 0 && when->reaches == WORKFLOW_ANY && rule->audience != WORKFLOW_AUDIENCE_NAMED &&
		(when->mailbox == WORKFLOW_PLACE_ANY || when->mailbox == WORKFLOW_PLACE_TO);
}

/* Buttons are for whoever the answer would count from: the holder, in the role in which he would act. */
static bool holds_step(const struct directory *directory, const struct digest_row *row, const char *address,
	const char **ret_role)
{
	const struct workflow *workflow = row->row->workflow;
	const struct inquiry *inquiry = row->row->inquiry;
	const struct roles roles = {
		.workflow = workflow, .directory = directory, .mailbox = &row->mailbox->addresses, .inquiry = inquiry,
	};
	int step = workflow_step_index(workflow, inquiry->step);
	const char *role = roles_acting(&roles, address);

	if (!role || step < 0 || !workflow->steps[step].holder || strcmp(role, workflow->steps[step].holder) != 0)
		return false;
	*ret_role = role;
	return true;
}

/*
 * What others decide about an answer, its writer must hear as well: he is the first of `assigned`, by convention. Not
 * when it is his own tap, nor when the rule has him told at once.
 */
static const char *find_writer(const struct directory *directory, const struct digest_row *row,
	const struct workflow_rule *rule, const char *address)
{
	const struct message_strings *assigned = &row->row->workflow->assigned;
	const char *role = assigned->count > 0 ? assigned->items[0] : NULL;
	const struct directory_person *writer = role ? directory_present(directory,
		directory_person(directory, inquiry_assigned(row->row->inquiry, role))) : NULL;

	if (!writer || writer == directory_person_at(directory, address))
		return NULL;
	for (size_t i = 0; i < rule->mails_count; i++)
		if (message_strings_have(&rule->mails[i].to, role))
			return NULL;
	return writer->address;
}

/* Each tag once, though several rules may ask for it; the round in the subject tells an old button from a new one. */
void digest_fill_answers(struct arena *arena, const struct directory *directory, const struct digest_row *row,
	const char *address, struct template_data *data)
{
	const struct workflow *workflow = row->row->workflow;
	const struct inquiry *inquiry = row->row->inquiry;
	const char *role, *offered[sizeof(one_taps) / sizeof(one_taps[0])];
	struct message_strings had = { offered, 0 };

	if (!inquiry_is_open(inquiry) || !holds_step(directory, row, address, &role))
		return;
	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];
		struct template_data *item;
		const char *subject, *copy;

		if (!takes_one_tap(rule, inquiry->step, role) || message_strings_have(&had, rule->when.tag))
			continue;
		offered[had.count++] = rule->when.tag;
		subject = arena_printf(arena, "%s/%d [%s]", inquiry->key, inquiry->round, rule->when.tag);
		copy = find_writer(directory, row, rule, address);
		template_set(data, find_one_tap(rule->when.tag)->name, "ja");
		item = template_append(data, "svarmuligheder");
		template_set(item, "handling", find_one_tap(rule->when.tag)->action);
		template_set(item, "mailemne", subject);
		template_set(item, "kopi_til", copy);
		template_set(item, "link", digest_mailto(arena, row->mailbox->address, subject, copy));
	}
}

/* Everything but letters, digits and a few signs is escaped, in UTF-8. also: signs more that stay. */
static void add_escaped(struct text *link, const char *value, const char *also)
{
	static const char plain[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

	for (; *value; value++)
		if (strchr(plain, *value) || strchr(also, *value))
			text_add_bytes(link, value, 1);
		else
			text_addf(link, "%%%02X", (unsigned char)*value);
}

const char *digest_mailto_text(struct arena *arena, const char *address, const char *subject, const char *body)
{
	struct text link CLEANUP(text_done) = TEXT_NULL;

	text_add(&link, digest_mailto(arena, address, subject, NULL));
	text_add(&link, "&body=");
	for (const char *line = body; *line;) {
		size_t length = strcspn(line, "\n");

		add_escaped(&link, arena_strndup(arena, line, length), "");
		line += length;
		if (*line) {
			text_add(&link, "%0D%0A");
			line++;
		}
	}
	return link.length > DIGEST_MAILTO_MAX ? NULL : arena_strdup(arena, text_string(&link));
}

const char *digest_mailto(struct arena *arena, const char *address, const char *subject, const char *copy)
{
	struct text link = TEXT_NULL;
	const char *result;

	text_add(&link, "mailto:");
	add_escaped(&link, address, "@,");
	text_add(&link, "?subject=");
	add_escaped(&link, subject, "");
	if (copy) {
		text_add(&link, "&cc=");
		add_escaped(&link, copy, "");
	}
	result = arena_strdup(arena, text_string(&link));
	text_done(&link);
	return result;
}
