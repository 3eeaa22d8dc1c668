#include "engine/gather_kin.h"

#include "base/text.h"
#include "core/subject.h"

#include <string.h>

enum { HOPS_MAX = 16 };		/* from one that was merged to what it was merged into */

#define SAME_AS "SAMME SOM "

const char *kin_named_key(const char *tag)
{
	static const char *const words[] = { "HØRER TIL ", SAME_AS };

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (text_starts_with(tag, words[i]))
			return tag + strlen(words[i]);
	return NULL;
}

static bool says_undo(const struct message_strings *tags)
{
	return message_strings_have(tags, "FORTRYD");
}

/* Said here and now: a word that the subject drags along takes nothing back, nor does what a forward or robot says. */
static bool takes_back(const struct gathering *gathering)
{
	const struct decide_facts *facts = &gathering->facts;
	const struct message *message = gathering->message;

	if (!says_undo(&message->tags) || message->forward || message->kind != MESSAGE_HUMAN || facts->parent_unknown)
		return false;
	for (size_t i = 0; i < facts->ancestors_count; i++) {
		struct subject carried;

		subject_parse(gathering->arena, &subject_grammar_default, facts->ancestors[i].subject, &carried);
		if (says_undo(&carried.tags))
			return false;
	}
	return true;
}

/* The keys of the subject stand in the order of their hits, so the hit with this key is known by what it points at. */
void kin_leave_out_named(const struct gathering *gathering, struct store_thread *thread)
{
	const struct inquiry *named = gathering->facts.named;
	bool same = false;
	size_t kept = 0;

	for (size_t i = 0; i < gathering->message->tags.count; i++)
		same = same || text_starts_with(gathering->message->tags.items[i], SAME_AS);
	for (size_t i = 0; i < thread->hits_count; i++) {
		const struct thread_hit *hit = &thread->hits[i];

		if (!same || !named || hit->rung != THREAD_KEY || hit->lead || hit->inquiry != gathering->named_id)
			thread->hits[kept++] = *hit;
	}
	thread->hits_count = kept;
}

int kin_follow(const struct gathering *gathering, struct inquiry *inquiry, struct err *err)
{
	for (int hops = 0; inquiry->same_as && hops < HOPS_MAX; hops++) {
		int result = store_find_inquiry(gathering->clerk->store, gathering->arena, inquiry->same_as, inquiry, err);

		if (result != 0)
			return result < 0 ? -1 : 0;
	}
	return 0;
}

/* What the mail may be about, each once. */
struct kin {
	struct inquiry **items;
	size_t count, capacity;
};

static void add_kin(const struct gathering *gathering, struct kin *kin, struct inquiry *inquiry)
{
	for (size_t i = 0; i < kin->count; i++)
		if (kin->items[i]->id == inquiry->id)
			return;
	kin->items = arena_grow(gathering->arena, kin->items, kin->count, &kin->capacity, sizeof(struct inquiry *));
	kin->items[kin->count++] = inquiry;
}

static int load_kin(const struct gathering *gathering, struct kin *kin, int64_t id, struct err *err)
{
	struct inquiry *inquiry = arena_alloc(gathering->arena, sizeof(*inquiry));

	if (store_load_inquiry(gathering->clerk->store, gathering->arena, id, inquiry, err) != 0)
		return err_wrap(err, "inquiry %lld", (long long)id);
	add_kin(gathering, kin, inquiry);
	return 0;
}

/* Is the other one that this was the same as until after what is answered came? */
static int was_same(const struct gathering *gathering, const struct inquiry *inquiry, int64_t other, bool *ret_was,
	struct err *err)
{
	const struct decide_facts *facts = &gathering->facts;

	*ret_was = false;
	if (other == inquiry->id || facts->ancestors_count == 0)
		return 0;
	return store_was_same(gathering->clerk->store, other, inquiry->key, facts->ancestors[0].arrived_at, ret_was, err);
}

/*
 * What came in the thread of one while that was merged with another, and is answered now that this was taken back, may
 * be about either.
 */
static int add_parted(const struct gathering *gathering, struct kin *kin, const struct store_thread *thread,
	bool *ret_parted, struct err *err)
{
	size_t count = kin->count;

	for (size_t i = 0; i < thread->hits_count; i++) {
		const struct thread_hit *hit = &thread->hits[i];
		bool was = false;

		for (size_t j = 0; hit->rung == THREAD_REFERENCE && !was && j < count; j++)
			if (was_same(gathering, kin->items[j], hit->inquiry, &was, err) < 0)
				return -1;
		if (was && load_kin(gathering, kin, hit->inquiry, err) < 0)
			return -1;
		*ret_parted = *ret_parted || was;
	}
	return 0;
}

/* Is it of a letter that was split, and does what is answered not say more than that letter? */
static bool is_of_whole(const struct gathering *gathering, const struct inquiry *inquiry)
{
	const struct decide_facts *facts = &gathering->facts;

	if (!inquiry->part_of || takes_back(gathering))
		return false;
	for (size_t i = 0; i < facts->ancestors_count; i++) {
		const struct decide_ancestor *ancestor = &facts->ancestors[i];

		if (ancestor->arrived_at > inquiry->split_at && (ancestor->own || ancestor->inquiry == inquiry->id))
			return false;
	}
	return true;
}

static int add_parts(const struct gathering *gathering, struct kin *kin, const char *key, struct err *err)
{
	struct inquiry *parts;
	size_t count;

	if (store_list_parts(gathering->clerk->store, gathering->arena, key, &parts, &count, err) < 0)
		return -1;
	for (size_t i = 0; i < count; i++)
		add_kin(gathering, kin, &parts[i]);
	return 0;
}

/* The first part has the key of the whole: where the subject only drags it along from before, it says nothing. */
static bool is_carried(const struct gathering *gathering, const struct inquiry *part)
{
	const struct decide_facts *facts = &gathering->facts;

	for (size_t i = 0; i < facts->ancestors_count; i++) {
		const struct decide_ancestor *ancestor = &facts->ancestors[i];

		if (ancestor->arrived_at <= part->split_at && subject_count_key(ancestor->subject, part->key) >=
		    subject_count_key(gathering->message->subject, part->key))
			return true;
	}
	return false;
}

/* Of what belongs together one key in the subject, by who may name it, says which is meant. NULL: none does. */
static struct inquiry *find_keyed(const struct gathering *gathering, const struct kin *kin,
	const struct store_thread *thread)
{
	struct inquiry *keyed = NULL;

	for (size_t i = 0; i < thread->hits_count; i++) {
		const struct thread_hit *hit = &thread->hits[i];

		for (size_t j = 0; hit->rung == THREAD_KEY && hit->allowed && j < kin->count; j++) {
			if (kin->items[j]->id != hit->inquiry || is_carried(gathering, kin->items[j]))
				continue;
			if (keyed)
				return NULL;
			keyed = kin->items[j];
		}
	}
	return keyed;
}

/* Are all of them parts of one letter? */
static bool is_family(const struct kin *kin)
{
	for (size_t i = 0; i < kin->count; i++)
		if (!kin->items[i]->part_of || strcmp(kin->items[i]->part_of, kin->items[0]->part_of) != 0)
			return false;
	return kin->count > 0;
}

/* Each becomes what it was merged into; of the first `found`, which the mail itself points at, that is noted. */
static int follow_all(struct gathering *gathering, const struct kin *kin, size_t found, struct kin *ret_kin,
	struct err *err)
{
	*ret_kin = (struct kin){ .items = NULL };
	for (size_t i = 0; i < kin->count; i++) {
		struct inquiry *inquiry = kin->items[i];
		const char *key = inquiry->key;
		int64_t id = inquiry->id;

		if (!takes_back(gathering) && kin_follow(gathering, inquiry, err) < 0)
			return -1;
		if (i < found && inquiry->id != id)
			gathering->facts.merged = key;
		add_kin(gathering, ret_kin, inquiry);
	}
	return 0;
}

static void conclude(struct gathering *gathering, const struct kin *kin, bool keyed)
{
	struct thread_result *thread = &gathering->facts.thread;

	*thread = (struct thread_result){ .rung = keyed ? THREAD_KEY : thread->rung };
	if (kin->count == 1) {
		gathering->loaded = kin->items[0];
		thread->inquiry = gathering->loaded->id;
		return;
	}
	for (size_t i = 0; i < kin->count && i < THREAD_CANDIDATES_MAX; i++)
		thread->candidates[thread->candidates_count++] = kin->items[i]->id;
}

/* What the thread points at, and what that may be as well. ret_several: only a key can say which of them is meant. */
static int collect(const struct gathering *gathering, const struct store_thread *thread, struct kin *kin,
	bool *ret_several, struct err *err)
{
	const struct thread_result *found = &gathering->facts.thread;

	if (found->inquiry && load_kin(gathering, kin, found->inquiry, err) < 0)
		return -1;
	for (size_t i = 0; i < found->candidates_count; i++)
		if (load_kin(gathering, kin, found->candidates[i], err) < 0)
			return -1;
	return add_parted(gathering, kin, thread, ret_several, err);
}

/*
 * One inquiry that nothing else belongs to is all there is to it, and costs nothing more. Of a letter that was split
 * the key comes first, then what is answered; what became of its parts since does not change which of them is meant.
 */
int kin_settle(struct gathering *gathering, const struct store_thread *thread, struct err *err)
{
	struct kin kin = { .items = NULL }, followed;
	struct inquiry *keyed;
	bool several = false;
	size_t pointed_at;

	if (gathering->facts.thread.rung == THREAD_NONE)
		return 0;
	if (collect(gathering, thread, &kin, &several, err) < 0)
		return -1;
	if (!kin.items)
		return 0;
	pointed_at = kin.count;
	if (is_family(&kin) && (kin.count > 1 || is_of_whole(gathering, kin.items[0]))) {
		several = true;
		if (add_parts(gathering, &kin, kin.items[0]->part_of, err) < 0)
			return -1;
	}
	keyed = several ? find_keyed(gathering, &kin, thread) : NULL;
	if (keyed) {
		kin = (struct kin){ .items = &keyed, .count = 1 };
		pointed_at = 1;
	}
	if (follow_all(gathering, &kin, pointed_at, &followed, err) < 0)
		return -1;
	conclude(gathering, &followed, keyed != NULL);
	return 0;
}

int kin_load_parts(struct gathering *gathering, struct err *err)
{
	struct store *store = gathering->clerk->store;
	struct decide_facts *facts = &gathering->facts;
	const struct inquiry *inquiry = facts->inquiry;
	int year = calendar_split(calendar_local(gathering->arrived_at).date).year;
	struct inquiry *parts;
	size_t count;

	for (size_t i = 0; i < gathering->message->tags.count; i++)
		if (text_starts_with(gathering->message->tags.items[i], "DEL ") &&
		    store_next_key(store, gathering->arena, facts->workflow->key, year, &facts->part_key, err) < 0)
			return -1;
	if (!takes_back(gathering) || !inquiry->part_of)
		return 0;
	if (store_list_parts(store, gathering->arena, inquiry->part_of, &parts, &count, err) < 0)
		return -1;
	facts->parts = parts;
	for (size_t i = 0; i < count; i++)	/* but itself, and what an earlier split made and was joined since */
		if (parts[i].id != inquiry->id && parts[i].split_at == inquiry->split_at)
			parts[facts->parts_count++] = parts[i];
	return 0;
}
