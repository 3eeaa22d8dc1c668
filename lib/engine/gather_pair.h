/*
 * gather_pair - a copy of what a colleague or member wrote to a citizen, by nothing but who wrote to whom (I6): it
 * comes as a new mail without any threading. Part of engine/gather.
 */
#ifndef ENGINE_GATHER_PAIR_H
#define ENGINE_GATHER_PAIR_H

#include "engine/gather.h"

/*
 * Where nothing else points anywhere: the open inquiries of a citizen to whom it is, or whose letter it quotes, that
 * were given to its sender, in a workflow that asks for copies. Only of a sender who is vouched for, and no forward.
 */
NODISCARD int pair_find(const struct gathering *gathering, struct thread_hit *ret_hits, size_t max, size_t *ret_count,
	struct err *err);

#endif
