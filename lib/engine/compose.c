/*
 * A letter is composed in two steps: first everything that it may speak of is gathered into rows (add_reminders(),
 * add_sections()), which also finds the mailbox that it is sent from; then core/digest renders it. What the gathering
 * finds untrue by now is withdrawn on the way.
 */
#include "engine/compose.h"

#include "core/confidential.h"
#include "core/digest.h"
#include "core/digest_course.h"
#include "core/register.h"
#include "core/tag.h"
#include "engine/fulfilment.h"
#include "engine/morning.h"

#include <string.h>

enum { VOLUME_DAYS = 30 };	/* besides what came since the last working day */

/* One letter in the making. */
struct composition {
	struct clerk *clerk;
	struct arena *arena;
	const struct outbox_row *row;
	struct digest_house house;
	const struct digest_mailbox *mailboxes;	/* as configured, in that order */
	size_t first;			/* of those that the letter speaks of; as many as there are: of none yet */
	struct composed *composed;
	struct morning morning;		/* of today */
	int64_t now;
};

/* A growing list of rows in the arena. */
struct rows {
	struct digest_row *items;
	size_t count, capacity;
};

static void add_row(struct composition *composition, struct rows *rows, const struct digest_row *row)
{
	rows->items = arena_grow(composition->arena, rows->items, rows->count, &rows->capacity, sizeof(*rows->items));
	rows->items[rows->count++] = *row;
}

/*
 * What the letter speaks of goes into the outbox: a reply to it belongs there, or to one of several. Where there is no
 * room for all, those that are noted are several.
 */
static void note_inquiry(struct composed *composed, int64_t inquiry)
{
	for (size_t i = 0; i < composed->inquiries_count; i++)
		if (composed->inquiries[i] == inquiry)
			return;
	if (composed->inquiries_count < COMPOSE_INQUIRIES_MAX)
		composed->inquiries[composed->inquiries_count++] = inquiry;
}

/* Its place in the configuration; as many as there are: it is no longer configured. */
static size_t find_mailbox(const struct composition *composition, const char *name)
{
	const struct conf *conf = composition->clerk->conf;
	size_t index = 0;

	while (index < conf->mailboxes_count && strcmp(conf->mailboxes[index].name, name) != 0)
		index++;
	return index;
}

/* Of the mailboxes that it speaks of, the first configured is the letter's From. */
static void note_mailbox(struct composition *composition, size_t index)
{
	if (index < composition->first)
		composition->first = index;
}

/* A unit leader's own: those given to him by name, and those that people of his unit have. */
static bool is_own(const struct composition *composition, const struct inquiry *inquiry,
	const struct directory_person *person)
{
	const struct directory *directory = composition->house.directory;

	for (size_t i = 0; i < inquiry->assignments_count; i++) {
		const struct directory_person *assigned = directory_person(directory, inquiry->assignments[i].person);

		if (assigned && (directory_present(directory, assigned) == person || assigned == person ||
		    directory_present(directory, directory_leader_of(directory, assigned)) == person))
			return true;
	}
	return false;
}

/* 0, or COMPOSE_BROKEN when the configuration that it needs is gone. intent: the reminder that it is; NULL: none. */
static int fill_row(struct composition *composition, const struct inquiry *inquiry, const struct outbox_intent *intent,
	struct digest_row *ret_row, struct err *err)
{
	const struct conf *conf = composition->clerk->conf;
	const struct workflow *workflow = clerk_workflow(composition->clerk, inquiry->workflow);
	struct register_row *row = arena_alloc(composition->arena, sizeof(*row));
	size_t mailbox = find_mailbox(composition, inquiry->mailbox);
	const struct directory_person *sender;
	const char *opening_id, *from;

	if (!workflow || mailbox == conf->mailboxes_count) {
		err_set(err, "%s: its mailbox %s or workflow %s is no longer configured", inquiry->key,
			inquiry->mailbox, inquiry->workflow);
		return COMPOSE_BROKEN;
	}
	if (store_find_opening(composition->clerk->store, composition->arena, inquiry->id, &opening_id, &from,
			err) < 0)
		return -1;
	sender = directory_person_at(composition->house.directory, from);
	register_fill(composition->arena, workflow, composition->house.directory, &conf->calendar, inquiry,
		composition->now, row);
	if (intent)
		register_focus(composition->arena, row, &conf->calendar, intent->clock, composition->now);
	*ret_row = (struct digest_row){ .row = row, .mailbox = &composition->mailboxes[mailbox],
		.template = intent ? intent->template : NULL, .copy = intent && intent->copy, .opening_id = opening_id,
		.sent_in_by = sender ? sender->name : NULL };
	note_mailbox(composition, mailbox);
	return store_list_same(composition->clerk->store, composition->arena, inquiry->key, &row->also, err);
}

/* May the reader know what another inquiry is about: is it of the mailbox at hand, his, or one of those he oversees? */
static bool may_know(const struct composition *composition, const struct inquiry *at_hand, const struct inquiry *other,
	const struct directory_person *reader)
{
	const struct workflow *workflow = clerk_workflow(composition->clerk, other->workflow);

	if (strcmp(at_hand->mailbox, other->mailbox) == 0 || is_own(composition, other, reader))
		return true;
	for (size_t i = 0; workflow && i < workflow->digests_count; i++) {
		const struct workflow_digest *digest = &workflow->digests[i];

		if (digest->view != WORKFLOW_VIEW_OWN && digest->view != WORKFLOW_VIEW_SHARES &&
		    directory_has_role(composition->house.directory, reader, digest->role))
			return true;
	}
	return false;
}

/* What else the citizen has open, for whoever works on the inquiry. */
static int add_others(struct composition *composition, const struct inquiry *inquiry,
	const struct directory_person *reader, struct digest_row *row, struct err *err)
{
	const struct conf *conf = composition->clerk->conf;
	struct digest_other *others = arena_array(composition->arena, DIGEST_OTHERS_MAX, sizeof(*others));
	struct inquiry *found;
	size_t count;

	if (store_list_askers_other(composition->clerk->store, composition->arena, inquiry->id, DIGEST_OTHERS_MAX, &found,
			&count, err) < 0)
		return -1;
	row->others = others;
	for (size_t i = 0; i < count; i++) {
		size_t mailbox = find_mailbox(composition, found[i].mailbox);

		if (mailbox < conf->mailboxes_count)
			others[row->others_count++] = (struct digest_other){ found[i].key,
				may_know(composition, inquiry, &found[i], reader) ? inquiry_title(composition->arena, &found[i]) : NULL,
				conf->mailboxes[mailbox].title };
	}
	return 0;
}

/* ---- the morning mail ---- */

/*
 * Would it be called today as it was this morning? Not when the inquiry has moved on, nor when somebody else has it, or
 * its deadline is another one.
 */
static bool is_still_wanted(const struct composition *composition, const struct inquiry *inquiry,
	const struct outbox_intent *intent)
{
	struct ladder_call calls[MORNING_CALLS_MAX];
	size_t count;

	if (inquiry->round != intent->round || strcmp(inquiry->step, intent->step) != 0)
		return false;
	count = morning_calls(&composition->morning, composition->clerk, inquiry, calls);
	for (size_t i = 0; i < count; i++) {
		if (strcmp(calls[i].clock, intent->clock) != 0 || calls[i].rung != intent->rung ||
		    calls[i].due_at != intent->due_at)
			continue;
		for (size_t j = 0; j < calls[i].people_count; j++)
			if (strcmp(calls[i].people[j]->id, composition->row->person) == 0)
				return true;
	}
	return false;
}

static int add_reminder(struct composition *composition, const struct outbox_intent *intent, struct rows *rows,
	struct err *err)
{
	struct inquiry *inquiry = arena_alloc(composition->arena, sizeof(*inquiry));
	struct digest_row row;
	int result;

	if (store_load_inquiry(composition->clerk->store, composition->arena, intent->inquiry, inquiry, err) != 0)
		return err_wrap(err, "inquiry %lld", (long long)intent->inquiry);
	result = is_still_wanted(composition, inquiry, intent) ?
		fill_row(composition, inquiry, intent, &row, err) : COMPOSE_EMPTY;
	/* Only this intent is withdrawn, also when it cannot be written: the others in the mail are still true. */
	if (result != 0)
		return result < 0 ? -1 : outbox_withdraw_intent(composition->clerk->store, intent->id, err);
	if (add_others(composition, inquiry, directory_person(composition->house.directory, composition->row->person), &row,
			err) < 0)
		return -1;
	add_row(composition, rows, &row);
	note_inquiry(composition->composed, inquiry->id);
	return 0;
}

static int add_reminders(struct composition *composition, struct rows *rows, struct err *err)
{
	struct outbox_intent *intents;
	size_t count;

	if (outbox_intents(composition->clerk->store, composition->arena, composition->row->id, &intents, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if (add_reminder(composition, &intents[i], rows, err) < 0)
			return -1;
	return 0;
}

/* Every open inquiry of the mailbox that the view shows, page by page. only: those of this workflow; NULL: all. */
static int list_open(struct composition *composition, const struct conf_mailbox *mailbox, const struct workflow *only,
	enum workflow_view view, const struct directory_person *person, struct rows *rows, struct err *err)
{
	int64_t after = 0;

	for (;;) {
		struct inquiry *inquiries;
		size_t count;

		if (store_list_inquiries(composition->clerk->store, composition->arena, mailbox->name, true, after,
				&inquiries, &count, err) < 0)
			return -1;
		if (count == 0)
			return 0;
		for (size_t i = 0; i < count; i++) {
			struct digest_row row;
			int result;

			if (only && strcmp(inquiries[i].workflow, only->id) != 0)
				continue;
			if (view == WORKFLOW_VIEW_OWN && !is_own(composition, &inquiries[i], person))
				continue;
			result = fill_row(composition, &inquiries[i], NULL, &row, err);
			if (result < 0)
				return -1;
			if (result != 0)
				continue;
			if (row.row->holder == person && add_others(composition, &inquiries[i], person, &row, err) < 0)
				return -1;
			add_row(composition, rows, &row);
			note_inquiry(composition->composed, inquiries[i].id);
		}
		after = inquiries[count - 1].id;
	}
}

/* Is this person the one of the role's group who gets its digest today? Of unit leaders each does. */
static bool gets_digest(const struct composition *composition, const struct workflow *workflow,
	const struct workflow_digest *digest, const struct directory_person *person)
{
	const struct directory *directory = composition->house.directory;
	const struct directory_role *role = directory_role(directory, digest->role);

	if (!role || role->count == 0)
		return false;
	return digest->view == WORKFLOW_VIEW_OWN ? directory_has_role(directory, person, digest->role) :
		ladder_reader(workflow, directory, digest) == person;
}

/* For the owner: mail that fitted nothing, or that could not be read. */
static int add_waiting(struct composition *composition, const char *mailbox, struct digest_section *section,
	struct err *err)
{
	struct store_waiting *waiting;
	struct digest_waiting *items;

	if (store_list_waiting(composition->clerk->store, composition->arena, mailbox, &waiting,
			&section->waiting_count, &section->waiting_total, err) < 0)
		return -1;
	items = arena_array(composition->arena, section->waiting_count, sizeof(*items));
	for (size_t i = 0; i < section->waiting_count; i++)
		items[i] = (struct digest_waiting){ waiting[i].from, waiting[i].subject, waiting[i].arrived_at,
			waiting[i].reason, waiting[i].folder };
	section->waiting = items;
	composition->composed->overview |= section->waiting_count > 0;
	return 0;
}

/* For the owner: how many mails of the days since the last working day are not registered. Each is told once. */
static int add_confidential(struct composition *composition, const char *mailbox, struct digest_section *section,
	struct err *err)
{
	int today = calendar_local(composition->now).date;
	int since = calendar_add_working_days(&composition->clerk->conf->calendar, today, -1, false);

	return store_count_confidential(composition->clerk->store, mailbox, calendar_utc(since, 0), calendar_utc(today, 0),
		&section->confidential, err);
}

/* For the owner: mails of ours that came back or were refused; noted in the outbox as told by this one. */
static int add_undelivered(struct composition *composition, const char *mailbox, struct digest_section *section,
	struct err *err)
{
	struct outbox_refused *refused;
	struct digest_undelivered *items;

	if (outbox_tell_refused(composition->clerk->store, composition->arena, mailbox,
			composition->row->id, &refused, &section->undelivered_count, err) < 0)
		return -1;
	items = arena_array(composition->arena, section->undelivered_count, sizeof(*items));
	for (size_t i = 0; i < section->undelivered_count; i++)
		items[i] = (struct digest_undelivered){ refused[i].address, refused[i].subject, refused[i].reply,
			refused[i].settled_at };
	section->undelivered = items;
	return 0;
}

/* What came since the last working day began, and in the last weeks. */
static int add_volumes(struct composition *composition, const char *mailbox, struct digest_section *section,
	struct err *err)
{
	const struct calendar *calendar = &composition->clerk->conf->calendar;
	int today = calendar_local(composition->now).date;
	const int first[] = { calendar_add_working_days(calendar, today, -1, false), today - VOLUME_DAYS };
	struct digest_volume *volumes = arena_array(composition->arena, COUNT_OF(first), sizeof(*volumes));

	for (size_t i = 0; i < COUNT_OF(first); i++) {
		volumes[i].first = first[i];
		volumes[i].last = today - 1;
		if (store_count_volume(composition->clerk->store, mailbox, calendar_utc(first[i], 0), calendar_utc(today, 0),
				composition->now, &volumes[i].counts, err) < 0)
			return -1;
	}
	section->volumes = volumes;
	section->volumes_count = COUNT_OF(first);
	return 0;
}

/* What an owner sees of the mailbox besides inquiries. */
static int add_owners_lists(struct composition *composition, const char *mailbox, struct digest_section *section,
	struct err *err)
{
	return add_waiting(composition, mailbox, section, err) < 0 ||
		add_confidential(composition, mailbox, section, err) < 0 ||
		add_undelivered(composition, mailbox, section, err) < 0 ? -1 : 0;
}

/*
 * A person may have several roles, and each its digest; rows that stand in one are left out of the next (core/digest).
 * The digests of the mailbox's own workflow are about all of it, those of another about its inquiries alone.
 */
static int add_digests(struct composition *composition, const struct conf_mailbox *mailbox,
	const struct workflow *workflow, const struct directory_person *person, struct digest_section *section,
	struct digest_overview *overviews, struct err *err)
{
	bool own = workflow == mailbox->workflow;

	for (size_t i = 0; i < workflow->digests_count; i++) {
		const struct workflow_digest *digest = &workflow->digests[i];
		struct rows rows = { .items = NULL };

		if (!gets_digest(composition, workflow, digest, person))
			continue;
		if (digest->view == WORKFLOW_VIEW_SHARES) {
			if (own && add_volumes(composition, mailbox->name, section, err) < 0)
				return -1;
			continue;
		}
		if (list_open(composition, mailbox, own ? NULL : workflow, digest->view, person, &rows, err) < 0 ||
		    (own && digest->view == WORKFLOW_VIEW_OWNER &&
		     add_owners_lists(composition, mailbox->name, section, err) < 0))
			return -1;
		overviews[section->overviews_count++] = (struct digest_overview){ digest->view, rows.items, rows.count };
	}
	return 0;
}

static int add_overviews(struct composition *composition, const struct conf_mailbox *mailbox,
	const struct directory_person *person, struct digest_section *section, struct err *err)
{
	struct digest_overview *overviews = arena_array(composition->arena,
		(mailbox->others_count + 1) * WORKFLOW_DIGESTS_MAX, sizeof(*overviews));
	const struct workflow *workflow;

	section->overviews = overviews;
	for (size_t i = 0; (workflow = conf_mailbox_workflow(mailbox, i)); i++)
		if (add_digests(composition, mailbox, workflow, person, section, overviews, err) < 0)
			return -1;
	return 0;
}

/* A section for each mailbox, in the order of the configuration; most stay empty, and are not shown. */
static int add_sections(struct composition *composition, struct digest_morning *morning, struct err *err)
{
	const struct conf *conf = composition->clerk->conf;
	struct digest_section *sections =
		arena_array(composition->arena, conf->mailboxes_count, sizeof(*sections));

	for (size_t i = 0; i < conf->mailboxes_count; i++) {
		sections[i].mailbox = &composition->mailboxes[i];
		if (add_overviews(composition, &conf->mailboxes[i], morning->person, &sections[i], err) < 0)
			return -1;
		if (sections[i].waiting_total > 0 || sections[i].undelivered_count > 0 || sections[i].volumes_count > 0 ||
		    sections[i].confidential > 0)
			note_mailbox(composition, i);
	}
	morning->sections = sections;
	morning->sections_count = conf->mailboxes_count;
	return 0;
}

/* Empty when no mailbox has anything for this person by now. */
static int compose_morning(struct composition *composition, struct err *err)
{
	const struct conf *conf = composition->clerk->conf;
	struct digest_morning morning = {
		.person = directory_person(composition->house.directory, composition->row->person),
	};
	struct rows reminders = { .items = NULL };

	if (!morning.person)	/* gone from people.conf since the mail was wanted */
		return COMPOSE_EMPTY;
	if (add_reminders(composition, &reminders, err) < 0 || add_sections(composition, &morning, err) < 0)
		return -1;
	/* A list asks nothing of anybody: that it happens to hold one inquiry makes no answer to it one about that. */
	if (reminders.count == 0 && composition->composed->inquiries_count == 1)
		composition->composed->inquiries_count = 0;
	if (composition->first == conf->mailboxes_count)
		return COMPOSE_EMPTY;
	morning.reminders = reminders.items;
	morning.reminders_count = reminders.count;
	composition->house.mailbox = &composition->mailboxes[composition->first];
	return digest_compose(composition->arena, &composition->house, &morning, &composition->composed->letter,
		err) == 0 ? 0 : COMPOSE_BROKEN;
}

/* ---- single letters ---- */

/*
 * What a leader is told of the quarter before the one in which the mail was wanted, however late it leaves. Empty for
 * who leads nothing by now, or when no course is asked for any more.
 */
static int add_report(struct composition *composition, const struct directory_person *person,
	struct digest_single *single, struct err *err)
{
	const struct conf *conf = composition->clerk->conf;
	struct compliance_report *report = arena_alloc(composition->arena, sizeof(*report));
	struct compliance_period period =
		compliance_last_period(calendar_local(composition->row->created_at).date);

	if (!conf->course.source || !person || !digest_leads(composition->house.directory, person))
		return COMPOSE_EMPTY;
	single->report = report;
	return fulfilment_read(composition->arena, conf, composition->clerk->store, &period, composition->now, report,
		err);
}

/* What it tells of was taken back in the meantime; or nobody is told of a later answer, for it has ended. */
static bool is_taken_back(const char *template, const struct inquiry *inquiry)
{
	if (strcmp(template, DIGEST_SPLIT) == 0)
		return !inquiry->part_of;
	return strcmp(template, DECIDE_INTERIM_TEMPLATE) == 0 &&
		(!inquiry->promised_at || (!inquiry_is_open(inquiry) && !inquiry->same_as));
}

/* Which of the mailbox's workflows has the word; else its own. */
static const struct workflow *find_said(const struct conf_mailbox *mailbox, const char *word)
{
	const struct workflow *workflow;

	for (size_t i = 1; word && (workflow = conf_mailbox_workflow(mailbox, i)); i++) {
		struct tag tag;

		if (tag_parse(workflow, word, &tag) != TAG_UNKNOWN && !tag.verb)
			return workflow;
	}
	return mailbox->workflow;
}

/* To whom one may write in confidence, by the first of the mailbox's workflows that says so. */
static const char *find_refer(const struct composition *composition, const struct conf_mailbox *mailbox)
{
	const struct workflow *workflow;
	const char *refer = NULL;

	for (size_t i = 0; !refer && (workflow = conf_mailbox_workflow(mailbox, i)); i++)
		refer = confidential_refer(composition->arena, workflow, composition->house.directory);
	return refer;
}

/* A mail about one message or one inquiry, or none, by a template of its own. */
static int compose_single(struct composition *composition, struct err *err)
{
	const struct outbox_row *row = composition->row;
	const struct conf *conf = composition->clerk->conf;
	const struct directory_person *person = directory_person_at(composition->house.directory, row->address);
	struct digest_single single = {
		.template = row->template, .address = row->address, .name = person ? person->name : NULL,
	};
	struct inquiry *inquiry = arena_alloc(composition->arena, sizeof(*inquiry));
	struct digest_row *about = arena_alloc(composition->arena, sizeof(*about));
	struct store_answered answered = { .message_id = NULL };
	struct inquiry *parts = NULL;
	int result;

	if (row->mail && store_find_answered(composition->clerk->store, composition->arena, row->mail, &answered, err) < 0)
		return -1;
	if (row->inquiry) {
		if (store_load_inquiry(composition->clerk->store, composition->arena, row->inquiry, inquiry, err) != 0)
			return err_wrap(err, "inquiry %lld", (long long)row->inquiry);
		/* what was only noted of an open inquiry is no news when it has ended in the meantime */
		if (row->mail && answered.outcome == DECIDE_NOTED && !inquiry_is_open(inquiry))
			return COMPOSE_EMPTY;
		if (is_taken_back(row->template, inquiry))
			return COMPOSE_EMPTY;
		result = fill_row(composition, inquiry, NULL, about, err);
		if (result != 0)
			return result;
		single.row = about;
		note_inquiry(composition->composed, inquiry->id);
	} else if ((composition->first = find_mailbox(composition, row->mailbox)) == conf->mailboxes_count) {
		err_set(err, "mailbox %s is no longer configured", row->mailbox);
		return COMPOSE_BROKEN;
	}
	if (strcmp(row->template, DIGEST_COURSES) == 0) {
		result = add_report(composition, person, &single, err);
		if (result != 0)
			return result;
	}
	if (strcmp(row->template, DIGEST_SPLIT) == 0 && store_list_parts(composition->clerk->store, composition->arena,
			inquiry->part_of, &parts, &single.parts_count, err) < 0)
		return -1;
	single.parts = parts;
	composition->house.mailbox = &composition->mailboxes[composition->first];
	single.refer_to = find_refer(composition, &conf->mailboxes[composition->first]);
	single.workflow = inquiry->key ? clerk_workflow(composition->clerk, inquiry->workflow) :
		find_said(&conf->mailboxes[composition->first], answered.tag);
	single.tag = answered.tag;
	single.reason = answered.reason;
	if (strcmp(row->template, DIGEST_REFUSED) == 0 || strcmp(row->template, DECIDE_WARNING_TEMPLATE) == 0) {
		/* it answers the mail that did not count, or that went outside */
		single.in_reply_to = answered.message_id;
		single.references = answered.references;
	}
	result = digest_compose_single(composition->arena, &composition->house, &single, &composition->composed->letter, err);
	return result < 0 ? COMPOSE_BROKEN : 0;
}

static const struct digest_mailbox *list_mailboxes(struct arena *arena, const struct conf *conf,
	const struct directory *directory)
{
	struct digest_mailbox *mailboxes = arena_array(arena, conf->mailboxes_count, sizeof(*mailboxes));

	for (size_t i = 0; i < conf->mailboxes_count; i++) {
		const struct conf_mailbox *mailbox = &conf->mailboxes[i];
		const struct directory_person *owner = ladder_owner(mailbox->workflow, directory);

		mailboxes[i] = (struct digest_mailbox){
			.title = mailbox->title, .address = mailbox->addresses.items[0], .addresses = mailbox->addresses,
			.owner_name = owner ? owner->name : NULL, .owner_address = owner ? owner->address : NULL,
		};
	}
	return mailboxes;
}

int compose_letter(struct clerk *clerk, struct arena *arena, const struct outbox_row *row,
	struct composed *ret_composed, struct err *err)
{
	const struct conf *conf = clerk->conf;
	int64_t now = clerk->clock->now(clerk->clock);
	struct composition composition = {
		.clerk = clerk, .arena = arena, .row = row, .composed = ret_composed, .now = now,
		.first = conf->mailboxes_count,
		.house = { .templates = clerk->templates->items, .templates_count = clerk->templates->count, .now = now },
	};
	int result;

	/* Of now, not of when it was wanted: a mail that waited over midnight speaks of the new day. */
	morning_begin(clerk, arena, now, &composition.morning);
	composition.house.directory = composition.morning.directory;
	composition.mailboxes = list_mailboxes(arena, conf, composition.house.directory);
	ret_composed->inquiries_count = 0;
	ret_composed->overview = false;
	result = row->morning ? compose_morning(&composition, err) : compose_single(&composition, err);
	if (result != 0)
		return result;
	ret_composed->letter.message_id = row->message_id;
	ret_composed->letter.frist_id = row->frist_id;
	ret_composed->letter.date = now;
	return outbox_set_ends(clerk->store, row->id, conf->mailboxes[composition.first].name,
		ret_composed->letter.to.items[0].address, ret_composed->overview || ret_composed->inquiries_count > 1, err);
}
