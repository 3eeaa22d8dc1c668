#include "core/thread.h"

#include <string.h>

const char *thread_rung_word(enum thread_rung rung)
{
	static const char *const words[] = {
#define X(name, word) [THREAD_##name] = word,
		THREAD_RUNGS(X)
#undef X
	};

	return words[rung];
}

/* A key named by somebody who has no part in the inquiry is a guess. */
static bool is_evidence(const struct thread_hit *hit)
{
	return hit->rung != THREAD_NONE && hit->inquiry != 0 && (hit->rung != THREAD_KEY || hit->allowed);
}

static bool is_better(const struct thread_hit *hit, const struct thread_hit *best)
{
	return hit->rung != best->rung ? hit->rung < best->rung : hit->order < best->order;
}

static const struct thread_hit *find_best(const struct thread_hit *hits, size_t count)
{
	const struct thread_hit *best = NULL;

	for (size_t i = 0; i < count; i++)
		if (is_evidence(&hits[i]) && (!best || is_better(&hits[i], best)))
			best = &hits[i];
	return best;
}

static void add_candidate(struct thread_result *result, int64_t inquiry)
{
	for (size_t i = 0; i < result->candidates_count; i++)
		if (result->candidates[i] == inquiry)
			return;
	if (result->candidates_count < THREAD_CANDIDATES_MAX)
		result->candidates[result->candidates_count++] = inquiry;
}

/* Does the hit carry the same weight as the best one, or contradict it from tag position? */
static bool is_candidate(const struct thread_hit *hit, const struct thread_hit *best)
{
	if (!is_evidence(hit))
		return false;
	if (hit->rung == best->rung && hit->order == best->order)
		return true;
	/* Two messages answered at once, ours and another's, say as much as each other. */
	if (hit->rung <= THREAD_REFERENCE && best->rung <= THREAD_REFERENCE && hit->order == best->order)
		return true;
	return hit->rung == THREAD_KEY && hit->lead;
}

/*
 * A morning mail of ours is about many inquiries, and asks for the key in front of the subject: it says which of them
 * is meant. NULL: there is no key in front or more than one key; or what is answered is another's mail, or does not
 * speak of that one.
 */
static const struct thread_hit *find_chosen(const struct thread_hit *hits, size_t count, const struct thread_hit *best)
{
	const struct thread_hit *key = NULL;
	bool named = false;

	for (size_t i = 0; i < count; i++) {
		if (hits[i].rung != THREAD_KEY)
			continue;
		if (key || !hits[i].lead || !is_evidence(&hits[i]))
			return NULL;
		key = &hits[i];
	}
	for (size_t i = 0; key && i < count; i++) {
		if (&hits[i] == key || !is_candidate(&hits[i], best))
			continue;
		if (hits[i].rung != THREAD_OWN_ID)
			return NULL;
		named = named || hits[i].inquiry == key->inquiry;
	}
	return named ? key : NULL;
}

/* More than one candidate: no inquiry at all, for a wrong one is worse than none. */
void thread_find(const struct thread_hit *hits, size_t count, struct thread_result *ret_result)
{
	const struct thread_hit *best = find_best(hits, count);

	memset(ret_result, 0, sizeof(*ret_result));
	if (!best)
		return;
	ret_result->rung = best->rung;
	add_candidate(ret_result, best->inquiry);
	for (size_t i = 0; i < count; i++)
		if (is_candidate(&hits[i], best))
			add_candidate(ret_result, hits[i].inquiry);
	if (ret_result->candidates_count > 1) {
		best = find_chosen(hits, count, best);
		if (!best)
			return;
	}
	*ret_result = (struct thread_result){ .rung = best->rung, .inquiry = best->inquiry };
}
