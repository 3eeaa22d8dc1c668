#include "engine/gather_kin.h"

#include "base/text.h"

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

static bool takes_back(const struct gathering *gathering)
{
	return message_strings_have(&gathering->message->tags, "FORTRYD");
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
	struct inquiry items[THREAD_CANDIDATES_MAX + 1];
	size_t count;
};

static void add_kin(struct kin *kin, const struct inquiry *inquiry)
{
	for (size_t i = 0; i < kin->count; i++)
		if (kin->items[i].id == inquiry->id)
			return;
	if (kin->count < COUNT_OF(kin->items))
		kin->items[kin->count++] = *inquiry;
}

/* The inquiry with this row id, or what it was merged into. */
static int load_kin(struct gathering *gathering, struct kin *kin, int64_t id, struct err *err)
{
	struct inquiry inquiry;
	const char *key;

	if (store_load_inquiry(gathering->clerk->store, gathering->arena, id, &inquiry, err) != 0)
		return err_wrap(err, "inquiry %lld", (long long)id);
	key = inquiry.key;
	if (!takes_back(gathering) && kin_follow(gathering, &inquiry, err) < 0)
		return -1;
	if (inquiry.key != key)
		gathering->facts.merged = key;
	add_kin(kin, &inquiry);
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
	for (size_t i = 0; i < count; i++) {
		if (kin_follow(gathering, &parts[i], err) < 0)
			return -1;
		add_kin(kin, &parts[i]);
	}
	return 0;
}

/* Of what belongs together one key in the subject, by who may name it, says which is meant. NULL: none does. */
static struct inquiry *find_keyed(struct kin *kin, const struct store_thread *thread)
{
	struct inquiry *keyed = NULL;

	for (size_t i = 0; i < thread->hits_count; i++) {
		const struct thread_hit *hit = &thread->hits[i];

		for (size_t j = 0; hit->rung == THREAD_KEY && hit->allowed && j < kin->count; j++) {
			if (kin->items[j].id != hit->inquiry)
				continue;
			if (keyed)
				return NULL;
			keyed = &kin->items[j];
		}
	}
	return keyed;
}

/* Are all of them parts of one letter? */
static bool is_family(const struct kin *kin)
{
	for (size_t i = 0; i < kin->count; i++)
		if (!kin->items[i].part_of || strcmp(kin->items[i].part_of, kin->items[0].part_of) != 0)
			return false;
	return kin->count > 0;
}

static void conclude(struct gathering *gathering, struct kin *kin, struct inquiry *meant)
{
	struct thread_result *thread = &gathering->facts.thread;

	*thread = (struct thread_result){ .rung = meant ? THREAD_KEY : thread->rung };
	if (meant || kin->count == 1) {
		gathering->loaded = meant ? meant : &kin->items[0];
		thread->inquiry = gathering->loaded->id;
		return;
	}
	for (size_t i = 0; i < kin->count && i < THREAD_CANDIDATES_MAX; i++)
		thread->candidates[thread->candidates_count++] = kin->items[i].id;
}

/*
 * One inquiry that nothing else belongs to is all there is to it, and costs nothing more. Of a letter that was split
 * the key comes first, then what is answered.
 */
int kin_settle(struct gathering *gathering, const struct store_thread *thread, struct err *err)
{
	const struct thread_result *found = &gathering->facts.thread;
	struct inquiry *meant = NULL;
	struct kin *kin;

	if (found->rung == THREAD_NONE)
		return 0;
	kin = arena_alloc(gathering->arena, sizeof(*kin));
	kin->count = 0;
	if (found->inquiry && load_kin(gathering, kin, found->inquiry, err) < 0)
		return -1;
	for (size_t i = 0; i < found->candidates_count; i++)
		if (load_kin(gathering, kin, found->candidates[i], err) < 0)
			return -1;
	if (is_family(kin)) {
		bool whole = kin->count > 1 || is_of_whole(gathering, &kin->items[0]);

		if (whole && add_parts(gathering, kin, kin->items[0].part_of, err) < 0)
			return -1;
		meant = whole ? find_keyed(kin, thread) : NULL;
	}
	conclude(gathering, kin, meant);
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
	for (size_t i = 0; i < count; i++)	/* but itself */
		if (parts[i].id == inquiry->id)
			memmove(&parts[i], &parts[i + 1], (--count - i) * sizeof(*parts));
	facts->parts = parts;
	facts->parts_count = count;
	return 0;
}
