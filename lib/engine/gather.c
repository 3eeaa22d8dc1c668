/*
 * Which inquiry is meant is asked by what the message refers to; only where that points nowhere may it be a receipt
 * that follows its inquiry (A1). Then everything is loaded that the inquiry, a verb or the ancestors may add.
 */
#include "engine/gather.h"

#include "base/text.h"
#include "core/subject.h"
#include "engine/gather_kin.h"
#include "engine/gather_pair.h"

#include <string.h>

enum { RECEIPT_DAYS = 1 };	/* a receipt follows its inquiry within that many working days */

/* May he name any key? Colleagues may, and whoever else people.conf knows, such as the gateway; all vouched for. */
static bool is_trusted_internal(const struct gathering *gathering)
{
	const struct directory *directory = &gathering->clerk->conf->directory;
	const char *from = gathering->message->from ? gathering->message->from->address : NULL;

	return gathering->trust->trusted &&
		(directory_is_internal(directory, from) || directory_person_at(directory, from));
}

/* A1: the receipt that the citizen got may follow the inquiry as a second mail without any threading. */
static int find_receipt(struct gathering *gathering, struct thread_hit *ret_hits, size_t max, size_t *ret_count,
	struct err *err)
{
	const struct conf_mailbox *mailbox = gathering->mailbox;
	const struct workflow *workflow = mailbox->workflow;
	const char *subject = subject_of_receipt(gathering->arena, &workflow->receipt_words,
		gathering->message->bare_subject);
	int64_t ids[THREAD_CANDIDATES_MAX], since;

	*ret_count = 0;
	/* Whose receipt is not vouched for may be anybody's: it must not tie itself to an inquiry by its subject. */
	if (!subject || !gathering->trust->trusted)
		return 0;
	if (!*subject) {	/* it does not say for what it is */
		gathering->facts.stray_receipt = true;
		return 0;
	}
	since = calendar_utc(calendar_add_working_days(&gathering->clerk->conf->calendar,
		calendar_local(gathering->arrived_at).date, -RECEIPT_DAYS, false), 0);
	if (store_find_by_subject(gathering->clerk->store, mailbox->name, workflow->steps[0].id, since, subject, ids,
			max < THREAD_CANDIDATES_MAX ? max : THREAD_CANDIDATES_MAX, ret_count, err) < 0)
		return -1;
	/* A receipt whose inquiry is not here opens none of its own. */
	gathering->facts.stray_receipt = *ret_count == 0;
	for (size_t i = 0; i < *ret_count; i++)
		ret_hits[i] = (struct thread_hit){ .rung = THREAD_RECEIPT, .inquiry = ids[i], .allowed = true };
	return 0;
}

/* Ids and keys first; only where none of them points anywhere is a receipt looked for by its subject. */
static int find_thread(struct gathering *gathering, struct err *err)
{
	struct decide_facts *facts = &gathering->facts;
	struct thread_hit receipts[THREAD_CANDIDATES_MAX];
	struct store_thread thread;
	size_t receipts_count = 0;

	if (store_find_thread(gathering->clerk->store, gathering->arena, gathering->message,
			is_trusted_internal(gathering), &thread, err) < 0)
		return -1;
	facts->parent_unknown = thread.parent_unknown;
	facts->ancestors = thread.ancestors;
	facts->ancestors_count = thread.ancestors_count;
	if (facts->thread.rung == THREAD_PLACED)
		return 0;	/* a person has said where it belongs; but whether its parent was seen counts for its tags */
	if (thread.hits_count == 0) {
		if (find_receipt(gathering, receipts, THREAD_CANDIDATES_MAX, &receipts_count, err) < 0)
			return -1;
		if (receipts_count == 0 && !facts->stray_receipt &&
		    pair_find(gathering, receipts, THREAD_CANDIDATES_MAX, &receipts_count, err) < 0)
			return -1;
		thread.hits = receipts;
		thread.hits_count = receipts_count;
	}
	kin_leave_out_named(gathering, &thread);
	thread_find(thread.hits, thread.hits_count, &facts->thread);
	return kin_settle(gathering, &thread, err);
}

/* One writer's newest draft to one address, if it is newer than what is known. */
static int look_for_draft(struct gathering *gathering, const struct inquiry *inquiry,
	const struct directory_person *writer, const char *to, struct err *err)
{
	int64_t at;

	if (!writer || !to)
		return 0;
	if (store_find_draft(gathering->clerk->store, inquiry->id, writer->id, to, gathering->arrived_at, &at, err) < 0)
		return -1;
	if (at > gathering->facts.draft_at)
		gathering->facts.draft_at = at;
	return 0;
}

/* By convention the first of `assigned` writes the answer, or his stand-in; a person is written to by any address. */
static int find_draft(struct gathering *gathering, const struct inquiry *inquiry, struct err *err)
{
	const struct directory *directory = gathering->facts.directory;
	const struct message_strings *assigned = &gathering->facts.workflow->assigned;
	const struct directory_person *reader = gathering->message->from ?
		directory_person_at(directory, gathering->message->from->address) : NULL;
	const struct directory_person *writers[2];

	/* Only an approval is of a draft. */
	if (gathering->message->tags.count == 0 && !gathering->message->first_line)
		return 0;
	writers[0] = assigned->count ? directory_person(directory, inquiry_assigned(inquiry, assigned->items[0])) : NULL;
	writers[1] = directory_present(directory, writers[0]);
	for (size_t i = 0; reader && i < COUNT_OF(writers) && (i == 0 || writers[1] != writers[0]); i++) {
		if (look_for_draft(gathering, inquiry, writers[i], reader->address, err) < 0)
			return -1;
		for (size_t j = 0; j < reader->aliases.count; j++)
			if (look_for_draft(gathering, inquiry, writers[i], reader->aliases.items[j], err) < 0)
				return -1;
	}
	return 0;
}

/* Has somebody passed on the asker's letter before? Asked only of what passes one on that was not seen here. */
static int find_passed_on(struct gathering *gathering, const struct inquiry *inquiry, struct err *err)
{
	const char *quoted = gathering->message->quoted_from;

	if (!quoted || !inquiry->asker || strcmp(quoted, inquiry->asker) != 0 || !gathering->facts.parent_unknown)
		return 0;
	return store_is_named(gathering->clerk->store, gathering->message, &gathering->facts.passed_on_before, err);
}

/* The inquiry found, the workflow that it follows, and what [FORTRYD] would bring back. */
static int load_inquiries(struct gathering *gathering, struct err *err)
{
	struct store *store = gathering->clerk->store;
	struct arena *arena = gathering->arena;
	struct decide_facts *facts = &gathering->facts;
	struct inquiry *inquiry = gathering->loaded;
	int result;

	if (facts->thread.inquiry) {
		if (!inquiry) {	/* a person has placed the mail there */
			inquiry = arena_alloc(arena, sizeof(*inquiry));
			if (store_load_inquiry(store, arena, facts->thread.inquiry, inquiry, err) != 0)
				return err_wrap(err, "inquiry %lld", (long long)facts->thread.inquiry);
		}
		facts->inquiry = inquiry;
		facts->workflow = clerk_workflow(gathering->clerk, inquiry->workflow);
		if (!facts->workflow) {	/* it has ended, else no setup without its workflow is taken: as good as unknown */
			facts->inquiry = NULL;
			facts->workflow = gathering->mailbox->workflow;
			facts->thread = (struct thread_result){ .rung = THREAD_NONE };
			return 0;
		}
		if (find_draft(gathering, inquiry, err) < 0 || find_passed_on(gathering, inquiry, err) < 0)
			return -1;
		if (facts->said_at && store_latest_at(store, inquiry->id, gathering->again, &facts->latest_at, err) < 0)
			return -1;
		if (gathering->message->tags.count == 0)
			return 0;	/* without a word nothing is taken back */
		inquiry = arena_alloc(arena, sizeof(*inquiry));
		result = store_load_before(store, arena, facts->inquiry->id, inquiry, &facts->before_by,
			&facts->before_at, err);
		if (result < 0)
			return -1;
		facts->before = result == 0 ? inquiry : NULL;
		return kin_load_parts(gathering, err);
	}
	return 0;
}

/*
 * The inquiry that a [HØRER TIL KEY] or [SAMME SOM KEY] names, or what that is the same as; its key stands in the
 * subject like any other.
 */
static int load_named(struct gathering *gathering, struct err *err)
{
	struct decide_facts *facts = &gathering->facts;

	for (size_t i = 0; i < gathering->message->tags.count; i++) {
		const char *key = kin_named_key(gathering->message->tags.items[i]);
		struct inquiry *named;
		int result;

		if (!key)
			continue;
		named = arena_alloc(gathering->arena, sizeof(*named));
		result = store_find_inquiry(gathering->clerk->store, gathering->arena, key, named, err);
		gathering->named_id = result == 0 ? named->id : 0;
		if (result < 0 || (result == 0 && kin_follow(gathering, named, err) < 0))
			return -1;
		facts->named_workflow = result == 0 ? clerk_workflow(gathering->clerk, named->workflow) : NULL;
		if (facts->named_workflow)
			facts->named = named;
	}
	return 0;
}

/* All mailboxes, for [FLYT TIL …] may name any of them; facts.mailbox is the one at hand. */
static void fill_mailboxes(struct gathering *gathering)
{
	const struct conf *conf = gathering->clerk->conf;
	struct decide_mailbox *mailboxes = arena_array(gathering->arena, conf->mailboxes_count, sizeof(*mailboxes));

	for (size_t i = 0; i < conf->mailboxes_count; i++) {
		const struct conf_mailbox *mailbox = &conf->mailboxes[i];

		mailboxes[i] = (struct decide_mailbox){ mailbox->name, mailbox->title, mailbox->addresses,
			mailbox->channels, mailbox->workflow, mailbox->others, mailbox->others_count,
			clerk_warns_of_cpr(mailbox) };
		if (strcmp(mailbox->name, gathering->mailbox->name) == 0)
			gathering->facts.mailbox = &mailboxes[i];
	}
	gathering->facts.mailboxes = mailboxes;
	gathering->facts.mailboxes_count = conf->mailboxes_count;
}

int gather_facts(struct gathering *gathering, struct err *err)
{
	const struct conf *conf = gathering->clerk->conf;
	struct decide_facts *facts = &gathering->facts;
	struct store *store = gathering->clerk->store;
	int year = calendar_split(calendar_local(gathering->arrived_at).date).year;

	facts->workflow = gathering->mailbox->workflow;
	fill_mailboxes(gathering);
	facts->directory = clerk_directory(gathering->clerk, gathering->arena, gathering->arrived_at);
	facts->calendar = &conf->calendar;
	if (facts->past)
		return 0;
	if (load_named(gathering, err) < 0 || find_thread(gathering, err) < 0 || load_inquiries(gathering, err) < 0)
		return -1;
	facts->opening = gathering->mailbox->workflow;
	if (!facts->inquiry && facts->thread.candidates_count == 0 && gathering->mailbox->others_count > 0)
		facts->workflow = facts->opening = decide_choose_workflow(gathering->arena, facts,
			&(struct decide_event){ gathering->message, *gathering->trust, gathering->arrived_at });
	return store_next_key(store, gathering->arena, facts->opening->key, year, &facts->next_key, err);
}
