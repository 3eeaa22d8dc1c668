/*
 * reach - whom an answer must reach, and who has not got it yet. Pure.
 *
 * Everybody of one role, the workflow's audience, is to have the same information at the same time (D3b, D4); or those
 * to whom a recorded decision restricts the answer. Who they are is asked of the directory of a day: a member who has
 * left the council by then is not waited for. Once the inquiry has ended, a correction must reach those whom the answer
 * has reached (D5), whatever they are by then. An address stands for its person, a distribution list for its people;
 * whoever is on Bcc nobody can see. Nobody stands in for a person here: an answer is for the member himself.
 */
#ifndef CORE_REACH_H
#define CORE_REACH_H

#include "base/arena.h"
#include "core/directory.h"
#include "core/inquiry.h"
#include "core/message.h"
#include "core/workflow.h"

#include <stdbool.h>
#include <stddef.h>

enum { REACH_PEOPLE_MAX = 200 };	/* of an audience (workflow_check), and of those whom an answer has reached */

/*
 * The list or group that a word names, as the directory calls it: a list by its name, its address or what stands before
 * the @, a role by its name, with blanks for hyphens or without. Capital and small letters are alike. NULL: none.
 */
const char *reach_find_list(struct arena *arena, const struct directory *directory, const char *word);

/* Who chairs the list of this title, as reach_find_list() gives it, or one that stands for the group; NULL: nobody. */
const struct directory_person *reach_find_chair(const struct directory *directory, const char *title);

/* The names that such a word may be, those like it first; at most max. */
struct message_strings reach_near_lists(struct arena *arena, const struct directory *directory, const char *word,
	size_t max);

/*
 * Ids of those whom the answer must reach on the directory's day; none: that cannot be known. inquiry: NULL while there
 * is none. audience: to whom it is restricted (struct inquiry_reach), NULL: to the workflow's; once the inquiry has
 * ended it is not asked for.
 */
struct message_strings reach_wanted(struct arena *arena, const struct workflow *workflow,
	const struct directory *directory, const struct inquiry *inquiry, const char *audience);

/* The ids in `had` and those of whoever of the wanted stands in To or Cc of the message. */
struct message_strings reach_add(struct arena *arena, const struct directory *directory, const struct message *message,
	const struct message_strings *had, const struct message_strings *wanted);

/* Is there any wanted, and has everyone got it? */
bool reach_is_all(const struct message_strings *had, const struct message_strings *wanted);

/*
 * The people who must have the answer, or its correction, and have not got it, while any mail of it has fallen short;
 * nobody otherwise. In the order of the group.
 */
const struct directory_person *const *reach_missing(struct arena *arena, const struct workflow *workflow,
	const struct directory *directory, const struct inquiry *inquiry, size_t *ret_count);

#endif
