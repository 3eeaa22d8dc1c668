/*
 * A subject is read from the left by takers (prefix, mark, bare key, brackets), again and again, until none of them
 * fits: all that they took is tag position, and what is left is the bare subject. Keys are looked for anywhere, before
 * that. What looks like a tag behind the first ordinary word is ordinary text.
 */
#include "core/subject.h"

#include "base/text.h"

#include <stdlib.h>
#include <string.h>

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

const struct subject_grammar subject_grammar_default = {
	.replies = STRINGS("SV", "RE", "AW"),
	.forwards = STRINGS("VS", "FW", "FWD", "WG"),
	.marks = STRINGS("[EKSTERN]", "[EXTERNAL]", "[EXT]", "[EKSTERN MAIL]", "[EKSTERN E-MAIL]", "[SIKKER]",
		"[SIKKERMAIL]", "[SIKKER MAIL]", "[SIKKER E-MAIL]", "#sikker", "#sikkermail", "#sikkerpost"),
};

/* Where the reader stands, and what it has found. */
struct reader {
	struct arena *arena;
	const struct subject_grammar *grammar;
	const char *at;
	const char *tags[MESSAGE_TAGS_MAX];
	const char *lead_keys[MESSAGE_KEYS_MAX];
	size_t tag_count;
	bool seen_prefix, seen_forward;
	struct subject found;
};

/* Does the character that ends where `at` begins belong to a word? */
static bool follows_word(const char *start, const char *at)
{
	if (at == start)
		return false;
	for (at--; at > start && ((unsigned char)*at & 0xC0) == 0x80;)
		at--;
	return text_begins_word(at);
}

/* The bytes of white space that text begins with: a space, a tab, or a no-break space. */
static size_t space_length(const char *text)
{
	if (*text == ' ' || *text == '\t')
		return 1;
	return text_starts_with(text, "\xC2\xA0") ? 2 : 0;
}

static void skip_space(const char **at)
{
	size_t length;

	while ((length = space_length(*at)) > 0)
		*at += length;
}

/* The length of what stands at text if it is word but for the case of letters, or 0. */
static size_t fold_length(const char *text, const char *word)
{
	char candidate[128];
	size_t length = 0;

	/* Most words differ in their first letter, and in ASCII only by the bit of its case do two fold to one. */
	if (!((*text | *word) & 0x80) && ((*text ^ *word) & ~0x20))
		return 0;
	for (const char *character = word; *character; character += text_character_length(character)) {
		if (!text[length])
			return 0;
		length += text_character_length(text + length);
	}
	if (!length || length >= sizeof(candidate))
		return 0;
	memcpy(candidate, text, length);
	candidate[length] = '\0';
	return text_equal_fold(candidate, word) ? length : 0;
}

static size_t key_letter_length(const char *text)
{
	if (*text >= 'A' && *text <= 'Z')
		return 1;
	/* Æ, Ø and Å begin with the same byte, few other characters of a subject do */
	if (*text != '\xC3')
		return 0;
	return text[1] == '\x86' || text[1] == '\x98' || text[1] == '\x85' ? 2 : 0;
}

static size_t digits_length(const char *text)
{
	size_t length = 0;

	while (text_is_digit(text[length]))
		length++;
	return length;
}

/* The length of what [A-ZÆØÅ]{2,8}-\d{4}-\d{4,} matches at the beginning of text, or 0. */
/* Greedy in letters and digits: "XMT-2026-00421" is one key and not another one inside it. */
static size_t key_match_length(const char *text)
{
	size_t letters = 0, at = 0, step, digits;

	while ((step = key_letter_length(text + at)) > 0 && letters < 9) {
		at += step;
		letters++;
	}
	if (letters < 2 || letters > 8 || text[at] != '-' || digits_length(text + at + 1) != 4)
		return 0;
	at += 5;
	if (text[at] != '-')
		return 0;
	digits = digits_length(text + at + 1);
	return digits < 4 ? 0 : at + 1 + digits;
}

/* A key that goes on as a word is no key. */
size_t subject_key_length(const char *text)
{
	size_t length = key_match_length(text);

	return text_begins_word(text + length) ? 0 : length;
}

size_t subject_count_key(const char *subject, const char *key)
{
	size_t count = 0;

	while (subject && (subject = strcasestr(subject, key))) {
		subject += strlen(key);
		count++;
	}
	return count;
}

/* The length of the key with its "/2", if it has one. The round is untouched when there is none. */
static size_t key_and_round_length(const char *text, size_t *ret_key, int *ret_round)
{
	size_t key = subject_key_length(text), digits;

	if (!key)
		return 0;
	*ret_key = key;
	if (text[key] != '/')
		return key;
	digits = digits_length(text + key + 1);
	if (digits < 1 || digits > 4 || text_begins_word(text + key + 1 + digits))
		return key;
	*ret_round = (int)strtol(text + key + 1, NULL, 10);
	if (*ret_round == 0)
		*ret_round = MESSAGE_ROUND_VOID;
	return key + 1 + digits;
}

/* Anywhere, also inside a word: only a key that exists leads to an inquiry (io/store). */
static void find_keys(struct arena *arena, const char *subject, struct message_strings *ret_keys)
{
	const char **keys = arena_array(arena, MESSAGE_KEYS_MAX, sizeof(*keys));
	struct message_strings found = { .items = keys };

	for (const char *at = subject; *at && found.count < MESSAGE_KEYS_MAX; at++) {
		size_t length = key_match_length(at);
		const char *key;

		if (!length)
			continue;
		key = arena_strndup(arena, at, length);
		if (!message_strings_have(&found, key))
			keys[found.count++] = key;
		at += length - 1;
	}
	*ret_keys = found;
}

/* The length of one of the prefixes with its colon: "SV:", "Re :", "SV[2]:", "Re(2):". */
static size_t prefix_length(const struct message_strings *prefixes, const char *text)
{
	for (size_t i = 0; i < prefixes->count; i++) {
		const char *at = text + fold_length(text, prefixes->items[i]);

		if (at == text)
			continue;
		if (*at == '[' || *at == '(') {
			size_t digits = digits_length(at + 1);

			if (!digits || at[1 + digits] != (*at == '[' ? ']' : ')'))
				continue;
			at += digits + 2;
		}
		skip_space(&at);
		if (*at == ':')
			return (size_t)(at + 1 - text);
	}
	return 0;
}

/* The outermost prefix says what this mail is; a forward further in says that the tags behind it are another's. */
static bool take_prefix(struct reader *reader)
{
	size_t reply = prefix_length(&reader->grammar->replies, reader->at);
	size_t forward = reply ? 0 : prefix_length(&reader->grammar->forwards, reader->at);

	if (!reply && !forward)
		return false;
	if (!reader->seen_prefix) {
		reader->found.reply = reply > 0;
		reader->found.forward = forward > 0;
		reader->found.own_tags = reader->tag_count;
		reader->seen_prefix = true;
	} else if (forward) {
		reader->seen_forward = true;
	}
	reader->at += reply + forward;
	return true;
}

/* What servers put before every subject from outside. A mark ends where a word ends: "#sikkerhed" is none. */
static bool take_mark(struct reader *reader)
{
	const struct message_strings *marks = &reader->grammar->marks;

	for (size_t i = 0; i < marks->count; i++) {
		size_t length = fold_length(reader->at, marks->items[i]);

		if (!length || (follows_word(reader->at, reader->at + length) && text_begins_word(reader->at + length)))
			continue;
		reader->at += length;
		return true;
	}
	return false;
}

/* Two rounds that differ name none: an inquiry cannot be at both. */
static void add_lead_key(struct reader *reader, const char *text, size_t length, int round)
{
	struct subject *found = &reader->found;
	const char *key = arena_strndup(reader->arena, text, length);

	found->lead_keys.items = reader->lead_keys;
	if (found->lead_keys.count < MESSAGE_KEYS_MAX && !message_strings_have(&found->lead_keys, key))
		reader->lead_keys[found->lead_keys.count++] = key;
	if (round && found->lead_round && round != found->lead_round)
		found->lead_round = MESSAGE_ROUND_VOID;
	else if (round)
		found->lead_round = round;
}

/* As our own buttons and people's answers write it: "MT-2026-0042/2 …". */
static bool take_bare_key(struct reader *reader)
{
	size_t key = 0, length;
	int round = 0;

	length = key_and_round_length(reader->at, &key, &round);
	if (!length)
		return false;
	add_lead_key(reader, reader->at, key, round);
	reader->at += length;
	if (*reader->at == ':')
		reader->at++;
	return true;
}

/* Runs of white space become one space, those at the ends go. */
static char *fold_space(struct arena *arena, const char *text, size_t length)
{
	char *copy = arena_alloc(arena, length + 1), *to = copy;
	const char *end = text + length;

	while (text < end) {
		size_t space = space_length(text);

		if (!space)
			*to++ = *text++;
		else if (to > copy && to[-1] != ' ')
			*to++ = ' ';
		text += space;
	}
	if (to > copy && to[-1] == ' ')
		to--;
	*to = '\0';
	return copy;
}

/* U+FFFD stands where the decoder found a control character or a byte that meant nothing. */
static bool is_unclean(const char *text)
{
	return text_has_hidden(text) || strstr(text, "\xEF\xBF\xBD");
}

/* Upper case; but some letters only look like others there (a long s is a capital S): such a tag stays as it is. */
static const char *upper_tag(struct arena *arena, const char *content)
{
	const char *upper = text_upper(arena, content);

	return strcmp(text_lower(arena, upper), text_lower(arena, content)) == 0 ? upper : content;
}

static void add_tag(struct reader *reader, const char *content)
{
	if (reader->tag_count == MESSAGE_TAGS_MAX)
		reader->found.too_many_tags = true;
	else
		reader->tags[reader->tag_count++] = upper_tag(reader->arena, content);
}

/* A tag, or a key in brackets. What hides characters is neither, and ends tag position. */
static bool take_brackets(struct reader *reader)
{
	size_t length, key = 0;
	const char *content;
	int round = 0;

	if (*reader->at != '[')
		return false;
	length = strcspn(reader->at + 1, "[]");
	if (reader->at[1 + length] != ']')
		return false;
	content = fold_space(reader->arena, reader->at + 1, length);
	if (!*content)
		return false;
	if (is_unclean(content)) {
		reader->found.hidden = true;
		return false;
	}
	if (key_and_round_length(content, &key, &round) == strlen(content))
		add_lead_key(reader, content, key, round);
	else if (!reader->seen_forward)
		add_tag(reader, content);
	reader->at += length + 2;
	return true;
}

/* What is left, without the dash or colon that set it off from a key. */
static const char *bare_subject(struct arena *arena, const char *rest)
{
	static const char *const separators[] = { "-", ":", "–", "—" };

	for (size_t i = 0; i < sizeof(separators) / sizeof(separators[0]); i++) {
		const char *after = rest + strlen(separators[i]);

		if (text_starts_with(rest, separators[i]) && space_length(after)) {
			rest = after;
			break;
		}
	}
	return fold_space(arena, rest, strlen(rest));
}

/* Is the next character one that a reader does not see? */
static bool stands_before_hidden(const char *at)
{
	char character[8] = "";
	size_t length;

	if (!*at)
		return false;
	length = text_character_length(at);
	if (length < sizeof(character))
		memcpy(character, at, length);
	return text_has_hidden(character);
}

static struct message_strings keep(struct arena *arena, const char *const *strings, size_t count)
{
	const char **kept = arena_array(arena, count, sizeof(*kept));

	if (count)
		memcpy(kept, strings, count * sizeof(*kept));
	return (struct message_strings){ .items = kept, .count = count };
}

void subject_parse(struct arena *arena, const struct subject_grammar *grammar, const char *subject,
	struct subject *ret_subject)
{
	static bool (*const takers[])(struct reader *) = { take_prefix, take_mark, take_bare_key, take_brackets };
	struct reader reader = { .arena = arena, .grammar = grammar, .at = subject ? subject : "" };
	size_t taker;

	find_keys(arena, reader.at, &reader.found.keys);
	do
		skip_space(&reader.at);
	while (take_mark(&reader));
	/* Absence notices begin with their words, but for the marks that a server put before them (core/classify). */
	reader.found.unmarked = arena_strdup(arena, reader.at);
	do {
		skip_space(&reader.at);
		for (taker = 0; taker < sizeof(takers) / sizeof(takers[0]); taker++)
			if (takers[taker](&reader))
				break;
	} while (taker < sizeof(takers) / sizeof(takers[0]));
	if (stands_before_hidden(reader.at))
		reader.found.hidden = true;
	if (!reader.seen_prefix)
		reader.found.own_tags = reader.tag_count;
	reader.found.tags = keep(arena, reader.tags, reader.tag_count);
	reader.found.lead_keys = keep(arena, reader.lead_keys, reader.found.lead_keys.count);
	reader.found.bare = bare_subject(arena, reader.at);
	*ret_subject = reader.found;
}

/* Behind the blanks, colon or dash that join two parts; whole characters, for a dash shares bytes with many others. */
static const char *skip_joint(const char *text)
{
	static const char *const joints[] = { " ", ":", "-", "–" };

	for (size_t i = 0; i < sizeof(joints) / sizeof(joints[0]);) {
		if (text_starts_with(text, joints[i])) {
			text += strlen(joints[i]);
			i = 0;
		} else {
			i++;
		}
	}
	return text;
}

const char *subject_of_receipt(struct arena *arena, const struct message_strings *words, const char *subject)
{
	char *upper = text_upper(arena, subject);

	for (size_t i = 0; i < words->count; i++) {
		const char *word = text_upper(arena, words->items[i]), *found = strstr(upper, word);

		if (found == upper)
			return skip_joint(upper + strlen(word));
	}
	return NULL;
}
