#include "engine/compose.h"

#include "core/digest.h"
#include "core/register.h"

#include <string.h>

enum { WAITING_MAX = 100 };

/* One letter in the making. */
struct composition {
	struct clerk *clerk;
	struct arena *arena;
	const struct outbox_row *row;
	const struct conf_mailbox *mailbox;
	struct digest_house house;
	struct composed *composed;
	int64_t now;
};

/* A growing list of rows in the arena. */
struct rows {
	struct digest_row *items;
	size_t count, capacity;
};

static void add_row(struct composition *composition, struct rows *rows, const struct digest_row *row)
{
	if (rows->count == rows->capacity) {
		size_t capacity = rows->capacity ? rows->capacity * 2 : 16;
		struct digest_row *items = arena_array(composition->arena, capacity, sizeof(*items));

		if (rows->count)
			memcpy(items, rows->items, rows->count * sizeof(*items));
		rows->items = items;
		rows->capacity = capacity;
	}
	rows->items[rows->count++] = *row;
}

static void note_inquiry(struct composed *composed, int64_t inquiry)
{
	for (size_t i = 0; i < composed->inquiries_count; i++)
		if (composed->inquiries[i] == inquiry)
			return;
	if (composed->inquiries_count < COMPOSE_INQUIRIES_MAX)
		composed->inquiries[composed->inquiries_count++] = inquiry;
}

static int fill_row(struct composition *composition, const struct inquiry *inquiry, const char *template, bool copy,
	struct digest_row *ret_row, struct err *err)
{
	const struct conf *conf = composition->clerk->conf;
	const struct workflow *workflow = clerk_workflow(composition->clerk, inquiry->workflow);
	struct register_row *row = arena_alloc(composition->arena, sizeof(*row));
	const char *opening_id;

	if (!workflow) {
		err_set(err, "%s: its workflow %s is no longer configured", inquiry->key, inquiry->workflow);
		return COMPOSE_BROKEN;
	}
	if (store_find_opening_id(composition->clerk->store, composition->arena, inquiry->id, &opening_id, err) < 0)
		return -1;
	register_fill(composition->arena, workflow, &conf->directory, &conf->calendar, inquiry, composition->now, row);
	*ret_row = (struct digest_row){ .row = row, .template = template, .copy = copy, .opening_id = opening_id };
	return 0;
}

/* ---- the morning mail ---- */

static bool is_still_wanted(const struct inquiry *inquiry, const struct outbox_intent *intent)
{
	if (!inquiry_is_open(inquiry) || inquiry->round != intent->round || strcmp(inquiry->step, intent->step) != 0)
		return false;
	if (strcmp(intent->clock, LADDER_REVIEW) == 0)
		return inquiry->step_at == intent->due_at;
	for (size_t i = 0; i < inquiry->clocks_count; i++) {
		const struct inquiry_clock *clock = &inquiry->clocks[i];

		if (!clock->stopped_at && (clock->due_at == intent->due_at ||
		    (strcmp(intent->clock, LADDER_UNASSIGNED) == 0 && clock->started_at == intent->due_at)))
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
	if (!clerk_workflow(composition->clerk, inquiry->workflow) || !is_still_wanted(inquiry, intent))
		return outbox_withdraw_intent(composition->clerk->store, intent->id, err);
	result = fill_row(composition, inquiry, intent->template, intent->copy, &row, err);
	if (result != 0)
		return result;
	add_row(composition, rows, &row);
	note_inquiry(composition->composed, inquiry->id);
	return 0;
}

static int add_reminders(struct composition *composition, struct rows *rows, struct err *err)
{
	struct outbox_intent *intents;
	size_t count;
	int result;

	if (outbox_intents(composition->clerk->store, composition->arena, composition->row->id, &intents, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		if ((result = add_reminder(composition, &intents[i], rows, err)) != 0)
			return result;
	return 0;
}

/* A unit leader's own: those given to him by name, and those that people of his unit have. */
static bool is_own(const struct composition *composition, const struct inquiry *inquiry,
	const struct directory_person *person)
{
	const struct directory *directory = &composition->clerk->conf->directory;

	for (size_t i = 0; i < inquiry->assignments_count; i++) {
		const struct directory_person *assigned = directory_person(directory, inquiry->assignments[i].person);

		if (assigned == person || directory_leader_of(directory, assigned) == person)
			return true;
	}
	return false;
}

static int list_open(struct composition *composition, enum workflow_view view,
	const struct directory_person *person, struct rows *rows, struct err *err)
{
	int64_t after = 0;

	for (;;) {
		struct inquiry *inquiries;
		size_t count;

		if (store_list_inquiries(composition->clerk->store, composition->arena, composition->mailbox->workflow->id,
				true, after, &inquiries, &count, err) < 0)
			return -1;
		if (count == 0)
			return 0;
		for (size_t i = 0; i < count; i++) {
			struct digest_row row;

			if (view == WORKFLOW_VIEW_OWN && !is_own(composition, &inquiries[i], person))
				continue;
			if (fill_row(composition, &inquiries[i], NULL, false, &row, err) != 0)
				return -1;
			add_row(composition, rows, &row);
		}
		after = inquiries[count - 1].id;
	}
}

/* Is this person the one of the role's group who gets its digest? Of unit leaders each does. */
static bool gets_digest(const struct composition *composition, const struct workflow_digest *digest,
	const struct directory_person *person)
{
	const struct directory *directory = &composition->clerk->conf->directory;
	const struct directory_role *role = directory_role(directory, digest->role);

	if (!role || role->count == 0)
		return false;
	return digest->view == WORKFLOW_VIEW_OWN ? directory_has_role(directory, person, digest->role) :
		role->members[0] == person;
}

static int add_waiting(struct composition *composition, struct digest_morning *morning, struct err *err)
{
	struct store_waiting *waiting;
	struct digest_waiting *items;

	if (store_list_waiting(composition->clerk->store, composition->arena, composition->mailbox->name, &waiting,
			&morning->waiting_count, &morning->waiting_total, err) < 0)
		return -1;
	items = arena_array(composition->arena, morning->waiting_count, sizeof(*items));
	for (size_t i = 0; i < morning->waiting_count; i++)
		items[i] = (struct digest_waiting){ waiting[i].from, waiting[i].subject, waiting[i].arrived_at,
			waiting[i].reason, waiting[i].folder };
	morning->waiting = items;
	return 0;
}

static int add_undelivered(struct composition *composition, struct digest_morning *morning, struct err *err)
{
	struct outbox_refused *refused;
	struct digest_undelivered *items;

	if (outbox_tell_refused(composition->clerk->store, composition->arena, composition->mailbox->name,
			composition->row->id, &refused, &morning->undelivered_count, err) < 0)
		return -1;
	items = arena_array(composition->arena, morning->undelivered_count, sizeof(*items));
	for (size_t i = 0; i < morning->undelivered_count; i++)
		items[i] = (struct digest_undelivered){ refused[i].address, refused[i].subject, refused[i].reply,
			refused[i].settled_at };
	morning->undelivered = items;
	return 0;
}

static int add_overviews(struct composition *composition, struct digest_morning *morning, struct err *err)
{
	const struct workflow *workflow = composition->mailbox->workflow;
	struct digest_overview *overviews =
		arena_array(composition->arena, workflow->digests_count, sizeof(*overviews));

	for (size_t i = 0; i < workflow->digests_count; i++) {
		const struct workflow_digest *digest = &workflow->digests[i];
		struct rows rows = { .items = NULL };

		if (!gets_digest(composition, digest, morning->person))
			continue;
		if (list_open(composition, digest->view, morning->person, &rows, err) < 0)
			return -1;
		if (digest->view == WORKFLOW_VIEW_OWNER && (add_waiting(composition, morning, err) < 0 ||
		    add_undelivered(composition, morning, err) < 0))
			return -1;
		overviews[morning->overviews_count++] = (struct digest_overview){ digest->view, rows.items, rows.count };
	}
	morning->overviews = overviews;
	return 0;
}

static int compose_morning(struct composition *composition, struct err *err)
{
	struct digest_morning morning = {
		.person = directory_person(&composition->clerk->conf->directory, composition->row->person),
	};
	struct rows reminders = { .items = NULL };
	int result;

	if (!morning.person)	/* gone from people.conf since the mail was wanted */
		return COMPOSE_EMPTY;
	result = add_reminders(composition, &reminders, err);
	if (result != 0)
		return result;
	if (add_overviews(composition, &morning, err) < 0)
		return -1;
	morning.reminders = reminders.items;
	morning.reminders_count = reminders.count;
	result = digest_compose(composition->arena, &composition->house, &morning, &composition->composed->letter, err);
	if (result < 0)
		return COMPOSE_BROKEN;
	return result == DIGEST_EMPTY ? COMPOSE_EMPTY : 0;
}

/* ---- single letters ---- */

static int compose_single(struct composition *composition, struct err *err)
{
	const struct outbox_row *row = composition->row;
	const struct directory_person *person =
		directory_person_at(&composition->clerk->conf->directory, row->address);
	struct digest_single single = {
		.template = row->template, .address = row->address, .name = person ? person->name : NULL,
	};
	struct inquiry *inquiry = arena_alloc(composition->arena, sizeof(*inquiry));
	struct digest_row *about = arena_alloc(composition->arena, sizeof(*about));
	struct store_answered answered = { .message_id = NULL };
	int result;

	if (row->mail && store_find_answered(composition->clerk->store, composition->arena, row->mail, &answered, err) < 0)
		return -1;
	if (row->inquiry) {
		if (store_load_inquiry(composition->clerk->store, composition->arena, row->inquiry, inquiry, err) != 0)
			return err_wrap(err, "inquiry %lld", (long long)row->inquiry);
		result = fill_row(composition, inquiry, NULL, false, about, err);
		if (result != 0)
			return result;
		single.row = about;
		note_inquiry(composition->composed, inquiry->id);
	}
	single.tag = answered.tag;
	single.reason = answered.reason;
	if (strcmp(row->template, DIGEST_REFUSED) == 0) {	/* it answers the mail that did not count */
		single.in_reply_to = answered.message_id;
		single.references = answered.references;
	}
	result = digest_compose_single(composition->arena, &composition->house, &single, &composition->composed->letter, err);
	return result < 0 ? COMPOSE_BROKEN : 0;
}

static void fill_house(struct composition *composition)
{
	const struct conf *conf = composition->clerk->conf;
	const struct conf_mailbox *mailbox = composition->mailbox;
	struct inquiry nobody = { .step = mailbox->workflow->steps[0].id };
	const struct directory_person *owner =
		ladder_person(mailbox->workflow, &conf->directory, &nobody, mailbox->workflow->owners.items[0]);

	composition->house = (struct digest_house){
		.directory = &conf->directory, .templates = composition->clerk->templates->items,
		.templates_count = composition->clerk->templates->count, .now = composition->now,
		.mailbox = {
			.title = mailbox->title, .address = mailbox->addresses.items[0], .addresses = mailbox->addresses,
			.owner_name = owner ? owner->name : NULL, .owner_address = owner ? owner->address : NULL,
		},
	};
}

int compose_letter(struct clerk *clerk, struct arena *arena, const struct outbox_row *row,
	struct composed *ret_composed, struct err *err)
{
	struct composition composition = {
		.clerk = clerk, .arena = arena, .row = row, .mailbox = clerk_mailbox(clerk, row->mailbox),
		.composed = ret_composed, .now = clerk->clock->now(clerk->clock),
	};
	int result;

	ret_composed->inquiries_count = 0;
	if (!composition.mailbox)	/* the mailbox is no longer configured */
		return COMPOSE_EMPTY;
	fill_house(&composition);
	result = row->morning ? compose_morning(&composition, err) : compose_single(&composition, err);
	if (result != 0)
		return result;
	ret_composed->letter.message_id = row->message_id;
	ret_composed->letter.frist_id = row->frist_id;
	ret_composed->letter.date = composition.now;
	return 0;
}
