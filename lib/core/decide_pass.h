/*
 * decide_pass - what the files of decide share: one message on its way through the decision.
 *
 *   decide.c         the order of questions
 *   decide_choose.c  which of several workflows of a mailbox
 *   decide_rules.c   the rules of the workflow
 *   decide_reach.c   whom an answer has reached
 *   decide_verbs.c   the verbs that every workflow has
 *   decide_parts.c   splitting an inquiry, and joining it again
 *   decide_news.c    what a person must look at although it fits no rule
 *   decide_warn.c    a personal number that goes outside
 *   decide_words.c   outcomes and reasons in words
 */
#ifndef CORE_DECIDE_PASS_H
#define CORE_DECIDE_PASS_H

#include "core/decide.h"
#include "core/roles.h"
#include "core/tag.h"

struct decide_pass {
	struct arena *arena;
	const struct decide_facts *facts;
	const struct decide_mailbox *home;	/* of the inquiry found; else where the message lies */
	const struct decide_event *event;
	const struct message *message;
	struct roles roles;
	const char *sender;		/* address; NULL: not exactly one valid */
	const char *named_list;		/* the list or group that the tag names, as the directory calls it; NULL: none */
	struct decision *decision;
};

/* Sets the outcome and why. */
void decide_conclude(struct decide_pass *pass, enum decide_outcome outcome, enum decide_reason reason);

/* Starts the new image from that of the inquiry found; the same again when it was started already. */
struct inquiry *decide_begin_change(struct decide_pass *pass);

/* The workflow that a new inquiry follows. */
const struct workflow *decide_opening(const struct decide_pass *pass);

/* Starts the image of a new inquiry, at no step yet. */
struct inquiry *decide_open_inquiry(struct decide_pass *pass);

/* Wants a mail sent at once; the same mail to the same person once. once: see struct decide_mail. */
void decide_add_mail(struct decision *decision, const char *to, const char *template, bool once);

/* May the sender act in a role that keeps the mailbox? */
bool decide_is_owner(const struct decide_pass *pass);

/* May it come from outside? Who has no valid address may be anybody. */
bool decide_is_from_outside(const struct decide_pass *pass);

/* May what comes say who asked (A1)? Inquiry and receipt may come as two mails, before anybody is given it. */
bool decide_may_complete(const struct decide_pass *pass);

/* Is it a stranger's own letter in a known thread, where strangers open nothing themselves? */
bool decide_is_strangers_letter(const struct decide_pass *pass);

/* Is it neither a reply nor of the subject of the inquiry found, and placed there by nobody? */
bool decide_has_other_topic(const struct decide_pass *pass);

/* May a mail of the inquiry found be a new matter, or another letter in the old one? */
bool decide_brings_news(const struct decide_pass *pass);

/* May it be the answer that everybody waits for (A7), from somebody whose answer no rule expects? */
bool decide_may_be_answer(const struct decide_pass *pass);

/*
 * The rule for this tag (NULL: by shape). None: ret_reason says what stood nearest in the way, of a rule that would
 * have matched but for that; trust before step before role, for the sender can do something about the first.
 */
const struct workflow_rule *decide_find_rule(const struct decide_pass *pass, const struct tag *tag,
	enum decide_reason *ret_reason);

/* Does the word only say what the closed inquiry ended by: would a rule of the sender's lead where it is already? */
bool decide_is_done(const struct decide_pass *pass, const struct tag *tag);

/* Does any rule listen to this word of the sender, in the role that he acts in? */
bool decide_is_heard(const struct decide_pass *pass, const struct tag *tag);

/* Is the sender somebody known, with a role whose mail opens inquiries, even if he acts in another? */
bool decide_is_opener(const struct decide_pass *pass);

/* Does any stranger's mail open an inquiry here (P)? */
bool decide_opens_to_strangers(const struct decide_pass *pass);

/* Would the mail open an inquiry by its shape, in any role of the sender, if it belonged to none? */
bool decide_would_open(const struct decide_pass *pass);

/* Where the mailbox stands. In neither list it is on bcc, which is how a secretariat proves a sending (A10). */
enum workflow_place decide_mailbox_place(const struct decide_pass *pass);

/* Has the sender a role whose programs tell by mail what happened (automatic = true), such as a gateway? */
bool decide_is_messenger(const struct decide_pass *pass);

/*
 * May a rule with automatic = true follow the mail? Only a receipt, or what a program or person writes that tells of no
 * failure: never a bounce, and no notice that somebody is away, but a machine's own reply. What stands in the
 * inquiry's own subject is not taken for such news.
 */
bool decide_is_receipt(const struct decide_pass *pass);

/*
 * Is what is decided once more, placed by a person or for a better copy, about something that no longer stands? A step
 * or round has begun since; for a word, also when a person's mail has come since: it may hold another draft.
 */
bool decide_is_overtaken(const struct decide_pass *pass, bool by_word);

/* Has the answer gone to everybody whom it must reach, with this mail and those before it, if the rule is followed? */
bool decide_reaches_all(const struct decide_pass *pass, const struct workflow_rule *rule);

/* Is anybody known to whom the rule restricts the answer? */
bool decide_has_audience(const struct decide_pass *pass, const struct workflow_rule *rule);

/* Notes in the image whom the answer, or its correction, has reached by now, and who alone is to have it. */
void decide_record_reach(struct decide_pass *pass, const struct workflow_rule *rule, struct inquiry *inquiry);

/* Tells whoever sent something like a personal number to an ordinary address outside (I5). */
void decide_warn(struct decide_pass *pass);

/* Carries out what a rule says, and concludes. */
void decide_apply_rule(struct decide_pass *pass, const struct workflow_rule *rule);

/* May the sender use the verb on the inquiry found? If not, ret_reason says why. */
bool decide_may_use_verb(const struct decide_pass *pass, const struct tag *tag, enum decide_reason *ret_reason);

/* Can the verb do without the inquiry that the message belongs to? */
bool decide_verb_stands_alone(const struct tag *tag);

/* Carries out a verb that may be used, and concludes. */
void decide_carry_out_verb(struct decide_pass *pass, const struct tag *tag);

/* [DEL n]: the inquiry becomes the first of n parts, each of which goes its own way. */
void decide_split(struct decide_pass *pass, const struct tag *tag);

/* Is nothing said yet of the other parts, so that they may become one inquiry again? */
bool decide_may_join_parts(const struct decide_pass *pass);

/* Ends the other parts: what they are about is the inquiry's again. */
void decide_join_parts(struct decide_pass *pass);

#endif
