/*
 * tag - the words in brackets by which people tell us what they mean, and when such a word counts.
 *
 * A tag counts when it stands in tag position (core/subject finds those) and is fresh: said in this very message, not
 * carried along from one that it answers. Who may say it, and whether he is vouched
 * for, is core/decide's question.
 *
 * The words are those that every workflow has, the verbs, and those that the workflow's file declares, each with its
 * aliases; they take an argument where the file says so.
 */
#ifndef CORE_TAG_H
#define CORE_TAG_H

#include "base/arena.h"
#include "core/decide.h"
#include "core/message.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TAG_APPROVED "GODKENDT"		/* what the first line of a reply may say instead */

enum tag_argument { TAG_ARGUMENT_NONE, TAG_ARGUMENT_DATE, TAG_ARGUMENT_KEY, TAG_ARGUMENT_NAME, TAG_ARGUMENT_PARTS };

/* X(name, word, what follows it) */
#define TAG_VERBS(X) \
	X(NEW_INQUIRY, "NY HENVENDELSE", NONE) \
	X(BELONGS_TO, "HØRER TIL", KEY) \
	X(SAME_AS, "SAMME SOM", KEY) \
	X(SPLIT, "DEL", PARTS)				/* into 2 to 9 */ \
	X(MOVE_TO, "FLYT TIL", NAME)			/* of a mailbox */ \
	X(NEW_DEADLINE, "NY FRIST", DATE) \
	X(INTERIM, "MELLEMSVAR", DATE)			/* the citizen is told of a later date */ \
	X(CLOSE, "AFSLUT", NONE) \
	X(UNDO, "FORTRYD", NONE) \
	X(NOT_INQUIRY, "IKKE HENVENDELSE", NONE)

enum tag_which {
	TAG_STEP,			/* a word of the workflow */
#define X(name, word, argument) TAG_##name,
	TAG_VERBS(X)
#undef X
};

struct tag {
	enum tag_which which;
	const char *word;		/* the verb, or the name of the workflow's tag */
	const char *argument;		/* upper case, as written; a date can be read, a key has its form; NULL: takes none */
	bool in_forward;		/* counts also in front of a forward's prefix (the workflow's file says so) */
	bool verb;			/* built in: carried out by core/decide, not by a rule of the workflow */
	bool again;			/* not fresh, but said more often here than in any ancestor: somebody put it there anew */
};

/* Positive conditions of tag_parse(). */
enum {
	TAG_UNKNOWN = 1,		/* no word that means anything here */
	TAG_BAD_ARGUMENT = 2,		/* missing, not of its kind, or one too many; ret_tag is set all the same */
};

/* Reads the content of one pair of brackets: upper case, white space folded, as in message.tags. */
NODISCARD int tag_parse(const struct workflow *workflow, const char *text, struct tag *ret_tag);

/* What bears on the freshness of the tags of a message. */
struct tag_context {
	const struct workflow *workflow;
	const struct message *message;
	const struct decide_ancestor *ancestors;	/* the known messages that it answers, newest first */
	size_t ancestors_count;
	bool parent_unknown;		/* not all messages that it answers directly are among the known ones */
	bool to_writer;			/* it goes to who writes the answer */
	bool answers_draft;		/* the newest that it answers is by him, or by who approves before its sender */
	bool holds_step;		/* the sender is asked: it is his turn */
	bool threaded;			/* it is known by what it answers, not by a key or what others name as well */
	int64_t draft_at;		/* arrival of the newest mail from who writes the answer to its sender; 0: none */
	const char *acting_role;	/* of the sender; NULL: none */
	const char *key;		/* of the inquiry it belongs to; NULL: of none */
	const char *merged;		/* of the one that it was found by, which was the same as that; NULL */
	int round;			/* of the inquiry it belongs to; 0: of none */
	int64_t round_at;		/* arrival of the message that opened the round */
};

/* Is the line "Godkendt" (TAG_APPROVED) alone, in any case, perhaps with one . or ! after it, and blanks around? */
bool tag_is_approval(const char *line);

enum tag_finding {
	TAG_NONE,		/* nothing is said by tag or first line */
	TAG_COUNTS,		/* ret_tag is said, now, by this message */
	TAG_CARRIED,		/* tags are there, but none that this message says: look at its shape; reason tells why */
	TAG_VOID,		/* it says something by tag that cannot be followed: nothing may move; reason tells why */
};

/*
 * Which tag of the message counts.
 *
 *   CARRIED  NOT_HUMAN, FORWARD, PARENT_UNKNOWN, NOT_FRESH, UNKNOWN_TAG, NO_DRAFT, NOT_ALONE
 *   VOID     SEVERAL_TAGS    two different ones are fresh, or the first line and a fresh tag contradict
 *            BAD_ARGUMENT    the fresh tag's argument is wrong
 *            TWO_CANDIDATES  a key in tag position is that of another inquiry, known or not (keys of other letters are
 *                            those of other systems)
 *            WRONG_ROUND     the keys in tag position name another round than the inquiry's (a stale one-tap link),
 *                            round 0 or two rounds; or it approves in answer to a mail of an earlier round
 *            MERGED          it approves, or presses a button, of an inquiry that was the same as another
 *            OLD_DRAFT       it approves in answer to a mail older than the writer's newest to its sender
 *
 * Fresh is what stands in brackets in no ancestor's subject, anywhere in it; when it answers something that was not
 * seen, nothing is fresh. Seen is a parent that is known and, since ids are reused, has the subject that stands behind
 * the reply prefix, but for prefixes, marks, tags and keys. The same tag twice is one, aliases included. Unknown words
 * are passed over beside known; alone they are UNKNOWN_TAG when they are fresh.
 *
 * An approval (see above) as the first line of a human's reply is GODKENDT, from whom a rule hears that: it is never
 * carried along. It must be likely that it answers the draft: a mail of who writes the answer, of another who approves
 * it, or of ours to whoever's turn it is (else NO_DRAFT). "Godkendt" and more is none (NOT_ALONE). When the parent was
 * not seen, as the draft need not be (A6), it goes to who writes the answer, and the inquiry was found by an older mail
 * whose subject stands behind the reply prefix. A tag that is fresh, or that the sender may have said to the unseen
 * parent, must not say another thing.
 *
 * Of a forward only what stands in front of its prefix may count, and only words that the file allows there: everything
 * behind it may be the words of whoever wrote the mail that is passed on. FORWARD where there is no such word.
 *
 * ret_tag is set except with NONE: to the tag in question; its word is the unknown text when no word is known.
 * ret_reason is set with CARRIED and VOID.
 */
enum tag_finding tag_find_fresh(struct arena *arena, const struct tag_context *context, struct tag *ret_tag,
	enum decide_reason *ret_reason);

#endif
