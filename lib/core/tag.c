#include "core/tag.h"

#include "base/text.h"
#include "core/calendar.h"
#include "core/subject.h"
#include "core/workflow.h"

#include <string.h>
#include <strings.h>

/* The words */

static const struct {
	enum tag_which which;
	const char *word;
	enum tag_argument argument;
} verbs[] = {
#define X(name, word, argument) { TAG_##name, word, TAG_ARGUMENT_##argument },
	TAG_VERBS(X)
#undef X
};

static bool is_date(const char *text)
{
	int date;

	/* Any leap year will do: what a day without a year means depends on the day it is read. */
	return calendar_parse_date(text, calendar_join(2000, 1, 1), &date) == 0;
}

static bool is_argument(enum tag_argument kind, const char *text)
{
	size_t key;

	switch (kind) {
	case TAG_ARGUMENT_NONE:
		return !text;
	case TAG_ARGUMENT_DATE:
		return text && is_date(text);
	case TAG_ARGUMENT_KEY:
		key = text ? subject_key_length(text) : 0;
		return key > 0 && !text[key];
	case TAG_ARGUMENT_PARTS:
		return text && *text >= '2' && *text <= '9' && !text[1];
	case TAG_ARGUMENT_NAME:
		return text != NULL;
	}
	return false;
}

/* Does text say the word, alone or with something after it? */
static bool says_word(const char *text, const char *word, const char **ret_rest)
{
	const char *rest = text + strlen(word);

	if (!text_starts_with(text, word) || (*rest && *rest != ' '))
		return false;
	*ret_rest = *rest && rest[1] ? rest + 1 : NULL;
	return true;
}

static bool says_any(const char *text, const struct workflow_tag *tag, const char **ret_rest)
{
	if (says_word(text, tag->name, ret_rest))
		return true;
	for (size_t i = 0; i < tag->aliases.count; i++)
		if (says_word(text, tag->aliases.items[i], ret_rest))
			return true;
	return false;
}

/* A longer name of the workflow may begin with a shorter one: exactly this text comes first. */
static const char *find_name(const struct workflow *workflow, const char *text, const char **ret_rest)
{
	const char *name = workflow_tag_name(workflow, text);

	*ret_rest = NULL;
	for (size_t i = 0; !name && i < workflow->tags_count; i++)
		if (says_any(text, &workflow->tags[i], ret_rest))
			name = workflow->tags[i].name;
	return name;
}

/* A name that find_name() gave. */
static const struct workflow_tag *find_tag(const struct workflow *workflow, const char *name)
{
	const struct workflow_tag *tag = workflow->tags;

	while (strcmp(tag->name, name) != 0)
		tag++;
	return tag;
}

/* Verbs first: no workflow can have a word that begins as one of them does (workflow_check). */
int tag_parse(const struct workflow *workflow, const char *text, struct tag *ret_tag)
{
	const struct workflow_tag *found;
	const char *rest, *name;

	for (size_t i = 0; i < COUNT_OF(verbs); i++) {
		if (!says_word(text, verbs[i].word, &rest))
			continue;
		*ret_tag = (struct tag){ .which = verbs[i].which, .word = verbs[i].word, .argument = rest, .verb = true };
		return is_argument(verbs[i].argument, rest) ? 0 : TAG_BAD_ARGUMENT;
	}
	name = find_name(workflow, text, &rest);
	if (!name)
		return TAG_UNKNOWN;
	found = find_tag(workflow, name);
	*ret_tag = (struct tag){ .which = TAG_STEP, .word = name, .argument = rest, .in_forward = found->in_forward };
	return (rest != NULL) == (found->argument != WORKFLOW_ARGUMENT_NONE) ? 0 : TAG_BAD_ARGUMENT;
}

/* Freshness */

/* What the tags of a message come to, while they are looked at one by one. */
struct tally {
	struct arena *arena;
	const struct tag_context *context;
	bool unseen_parent;
	struct tag fresh, open, other;	/* open: his own, perhaps; other: none that counts. word is NULL where there is none */
	enum decide_reason other_reason;
	int other_weight;
	bool bad_argument, contradiction;
};

static bool is_same(const struct tag *a, const struct tag *b)
{
	if (strcmp(a->word, b->word) != 0 || !a->argument != !b->argument)
		return false;
	return !a->argument || strcmp(a->argument, b->argument) == 0;
}

/* Upper case and white space folded, as subject_parse() does it for message.tags. */
static char *fold(struct arena *arena, const char *text, size_t length)
{
	char *upper = text_upper(arena, arena_strndup(arena, text, length)), *to = upper;

	for (const char *from = upper; *from;) {
		size_t space = *from == ' ' || *from == '\t' ? 1 : text_starts_with(from, "\xC2\xA0") ? 2 : 0;

		if (!space)
			*to++ = *from++;
		else if (to > upper && to[-1] != ' ')
			*to++ = ' ';
		from += space;
	}
	if (to > upper && to[-1] == ' ')
		to--;
	*to = '\0';
	return upper;
}

/* How often a subject says this tag, in brackets, wherever they stand. */
static size_t count_in(const struct tally *tally, const char *subject, const struct tag *tag)
{
	const char *open = subject ? strchr(subject, '[') : NULL;
	size_t count = 0;

	for (; open; open = strchr(open, '[')) {
		size_t length = strcspn(++open, "[]");
		struct tag said = { .word = fold(tally->arena, open, length) };

		if (open[length] == ']' && tag_parse(tally->context->workflow, said.word, &said) >= 0 && is_same(&said, tag))
			count++;
	}
	return count;
}

/* How often the ancestor that says it most often says it. */
static size_t count_carried(const struct tally *tally, const struct tag *tag)
{
	size_t most = 0;

	for (size_t i = 0; i < tally->context->ancestors_count; i++) {
		size_t count = count_in(tally, tally->context->ancestors[i].subject, tag);

		most = count > most ? count : most;
	}
	return most;
}

/* How often the mail says it that is answered directly, from whose subject this one's was taken; else as `carried`. */
static size_t count_by_parent(const struct tally *tally, const struct tag *tag, size_t carried)
{
	const struct decide_ancestor *parent = tally->context->ancestors;

	return parent->parent && !tally->unseen_parent ? count_in(tally, parent->subject, tag) : carried;
}

/* Of all that does not count, what the sender is told: a word of ours first, then what may be his own. */
static void hear_other(struct tally *tally, const struct tag *tag, enum decide_reason reason, int result)
{
	/* A known word outweighs an unknown one; what may be his own outweighs what is only carried along. */
	int weight = (result == TAG_UNKNOWN ? 0 : 2) + (reason == DECIDE_BY_NOT_FRESH && !tag->again ? 1 : 2);

	if (weight <= tally->other_weight)
		return;
	tally->other = *tag;
	tally->other_reason = reason;
	tally->other_weight = weight;
}

/* May it be the sender's own word? Of the workflow's words those are that a rule hears from his role. */
static bool may_say(const struct tag_context *context, const struct tag *tag)
{
	const struct workflow *workflow = context->workflow;

	if (tag->verb)
		return true;
	for (size_t i = 0; context->acting_role && i < workflow->rules_count; i++) {
		const struct workflow_when *when = &workflow->rules[i].when;

		if (when->tag && strcmp(when->tag, tag->word) == 0 && message_strings_have(&when->sender, context->acting_role))
			return true;
	}
	return false;
}

/* What an ancestor said does not count, even put there once more (then he is told); nor what answers the unseen. */
static void hear_tag(struct tally *tally, const char *text)
{
	struct tag tag = { .word = text };
	int result = tag_parse(tally->context->workflow, text, &tag);
	size_t carried = count_carried(tally, &tag);

	if (carried > 0) {
		tag.again = result != TAG_UNKNOWN && count_in(tally, tally->context->message->subject, &tag) >
			count_by_parent(tally, &tag, carried);
		hear_other(tally, &tag, DECIDE_BY_NOT_FRESH, result);
	} else if (result == TAG_UNKNOWN) {
		hear_other(tally, &tag, tally->unseen_parent ? DECIDE_BY_NOT_FRESH : DECIDE_BY_UNKNOWN_TAG, result);
	} else if (tally->unseen_parent) {
		hear_other(tally, &tag, DECIDE_BY_PARENT_UNKNOWN, result);
		if (may_say(tally->context, &tag) && (!tally->open.word || strcmp(tag.word, TAG_APPROVED) != 0))
			tally->open = tag;
	} else if (!tally->fresh.word) {
		tally->fresh = tag;
		tally->bad_argument = result == TAG_BAD_ARGUMENT;
	} else if (!is_same(&tally->fresh, &tag)) {
		tally->contradiction = true;
	}
}

static const char *skip_space(const char *text)
{
	while (*text == ' ' || *text == '\t' || text_starts_with(text, "\xC2\xA0"))
		text += *text == '\xC2' ? 2 : 1;
	return text;
}

/* The one word that counts outside of brackets, and only as the whole first line: phones write it so. */
bool tag_is_approval(const char *line)
{
	static const char *const forms[] = { TAG_APPROVED, TAG_APPROVED ".", TAG_APPROVED "!" };
	char word[sizeof(TAG_APPROVED) + 1] = "";
	size_t length;

	line = skip_space(line);
	length = strcspn(line, " \t\xC2");
	if (length >= sizeof(word) || *skip_space(line + length))
		return false;
	memcpy(word, line, length);
	for (size_t i = 0; i < COUNT_OF(forms); i++)
		if (strcasecmp(word, forms[i]) == 0)
			return true;
	return false;
}

/* Does it say the word first, whatever else it says? */
static bool begins_as_approval(const char *line)
{
	size_t length = strlen(TAG_APPROVED);

	line = skip_space(line);
	return strncasecmp(line, TAG_APPROVED, length) == 0 && !text_begins_word(line + length);
}

/*
 * Behind a reply prefix stands what the subject said of the mail that is answered. Is it that of a known ancestor, or
 * of a parent? When no parent known by that id says so, another mail bears the id, too, or the subject was changed:
 * nobody here knows what it carried.
 */
static bool is_known_subject(struct arena *arena, const struct tag_context *context, bool parent)
{
	struct subject said, heard;

	subject_parse(arena, &subject_grammar_default, context->message->subject, &said);
	for (size_t i = 0; said.reply && i < context->ancestors_count; i++) {
		if (parent && !context->ancestors[i].parent)
			continue;
		subject_parse(arena, &subject_grammar_default, context->ancestors[i].subject, &heard);
		if (text_equal_fold(said.bare, heard.bare))
			return true;
	}
	return !said.reply;
}

static bool has_seen_parent(struct arena *arena, const struct tag_context *context)
{
	return !context->parent_unknown && context->ancestors_count > 0 && is_known_subject(arena, context, true);
}

/* May what is answered be the draft? Our own mails ask for it; what was not seen must be of this very matter. */
static bool answers_draft(const struct tally *tally)
{
	const struct tag_context *context = tally->context;

	if (tally->unseen_parent)
		return context->to_writer && context->threaded && context->parent_unknown && context->ancestors_count > 0 &&
			is_known_subject(tally->arena, context, false);
	return context->answers_draft || (context->ancestors[0].own && context->holds_step);
}

/*
 * The first line is said now, whatever the subject drags along; but a tag that may be said now must agree, and it must
 * be known what was approved.
 */
static void hear_first_line(struct tally *tally)
{
	const struct tag_context *context = tally->context;
	const struct message *message = context->message;
	struct tag approved;

	if (!message->reply || !message->first_line || !begins_as_approval(message->first_line) ||
	    tag_parse(context->workflow, TAG_APPROVED, &approved) != 0 || !may_say(context, &approved))
		return;
	if (message->goes_on || !tag_is_approval(message->first_line)) {
		hear_other(tally, &approved, DECIDE_BY_NOT_ALONE, 0);
		return;
	}
	if (!answers_draft(tally)) {
		hear_other(tally, &approved, tally->unseen_parent ? DECIDE_BY_PARENT_UNKNOWN : DECIDE_BY_NO_DRAFT, 0);
		return;
	}
	if ((tally->fresh.word && !is_same(&tally->fresh, &approved)) ||
	    (tally->open.word && !is_same(&tally->open, &approved)))
		tally->contradiction = true;
	tally->fresh = approved;
	tally->bad_argument = false;
}

/* Is there anything before it that its subject may have been taken from? */
static bool answers_something(const struct message *message)
{
	return message->reply || message->in_reply_to.count > 0 || message->references.count > 0;
}

/* A mail of an earlier round is answered: what it asked for is no longer what waits. */
static bool answers_earlier_round(const struct tag_context *context)
{
	return context->round > 1 && context->ancestors_count > 0 && context->ancestors[0].arrived_at < context->round_at;
}

/* He has been sent another draft since. */
static bool answers_old_draft(const struct tag_context *context)
{
	return context->ancestors_count > 0 && !context->parent_unknown &&
		context->ancestors[0].arrived_at < context->draft_at;
}

/* Is another inquiry named where a one-tap subject names its own? */
static bool names_another(const struct tag_context *context)
{
	const struct message_strings *keys = &context->message->lead_keys;
	size_t letters = context->key ? strcspn(context->key, "-") + 1 : 0;

	for (size_t i = 0; letters && i < keys->count; i++)
		if (strncmp(keys->items[i], context->key, letters) == 0 && strcmp(keys->items[i], context->key) != 0 &&
		    (!context->merged || strcmp(keys->items[i], context->merged) != 0))
			return true;
	return false;
}

/* COUNTS, or VOID with the reason; CARRIED: only words that do not count. Two different words cancel each other. */
static enum tag_finding conclude(const struct tally *tally, struct tag *ret_tag, enum decide_reason *ret_reason)
{
	const struct tag_context *context = tally->context;
	int named = context->message->lead_round;

	if (!tally->fresh.word) {
		if (!tally->other.word)
			return TAG_NONE;
		*ret_tag = tally->other;
		*ret_reason = tally->other_reason;
		return TAG_CARRIED;
	}
	*ret_tag = tally->fresh;
	if (tally->contradiction)
		*ret_reason = DECIDE_BY_SEVERAL_TAGS;
	else if (tally->bad_argument)
		*ret_reason = DECIDE_BY_BAD_ARGUMENT;
	else if (names_another(context))
		*ret_reason = DECIDE_BY_TWO_CANDIDATES;
	else if (context->merged && (named || strcmp(ret_tag->word, TAG_APPROVED) == 0))
		*ret_reason = DECIDE_BY_MERGED;	/* another draft was meant, another round */
	else if ((named && context->round && named != context->round) ||
		 (strcmp(ret_tag->word, TAG_APPROVED) == 0 && answers_earlier_round(context)))
		*ret_reason = DECIDE_BY_WRONG_ROUND;
	else if (strcmp(ret_tag->word, TAG_APPROVED) == 0 && answers_old_draft(context))
		*ret_reason = DECIDE_BY_OLD_DRAFT;
	else
		return TAG_COUNTS;
	return TAG_VOID;
}

/* Robots and forwards carry the words of others. */
static enum tag_finding pass_over(const struct tag_context *context, enum decide_reason reason, struct tag *ret_tag,
	enum decide_reason *ret_reason)
{
	const struct message_strings *tags = &context->message->tags;

	if (tags->count == 0)
		return TAG_NONE;
	*ret_tag = (struct tag){ .word = tags->items[0] };
	for (size_t i = 0; i < tags->count; i++)
		if (tag_parse(context->workflow, tags->items[i], ret_tag) != TAG_UNKNOWN)
			break;
	*ret_reason = reason;
	return TAG_CARRIED;
}

/* Does its sender say a word in front of the forward's prefix that counts there, and from him? */
static bool says_in_forward(const struct tag_context *context)
{
	const struct message *message = context->message;

	for (size_t i = 0; i < message->own_tags; i++) {
		struct tag tag;

		if (tag_parse(context->workflow, message->tags.items[i], &tag) != TAG_UNKNOWN && tag.in_forward &&
		    may_say(context, &tag))
			return true;
	}
	return false;
}

enum tag_finding tag_find_fresh(struct arena *arena, const struct tag_context *context, struct tag *ret_tag,
	enum decide_reason *ret_reason)
{
	const struct message *message = context->message;
	struct tally tally = {
		.arena = arena, .context = context,
		/* what stands before a forward's prefix was in no subject that it was taken from */
		.unseen_parent = !message->forward && answers_something(message) && !has_seen_parent(arena, context),
	};

	if (message->kind != MESSAGE_HUMAN || message->automatic)
		return pass_over(context, DECIDE_BY_NOT_HUMAN, ret_tag, ret_reason);
	if (message->forward && !says_in_forward(context))
		return pass_over(context, DECIDE_BY_FORWARD, ret_tag, ret_reason);
	for (size_t i = 0; i < (message->forward ? message->own_tags : message->tags.count); i++)
		hear_tag(&tally, message->tags.items[i]);
	hear_first_line(&tally);
	return conclude(&tally, ret_tag, ret_reason);
}
