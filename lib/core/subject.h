/*
 * subject - the grammar of a subject line.
 *
 * At the start of a subject stand, in any order and number: reply and forward prefixes (`SV:` `RE[2]:` `VS :`), marks
 * that a server put there (`[EKSTERN]`), tags (`[GODKENDT]`), and the key of an inquiry, bare or in brackets, perhaps
 * with its round (`MT-2026-0042/2`). This stretch is the tag position; it ends at the first thing that is none of
 * these. What follows is the bare subject. Keys count anywhere. A tag behind a forward prefix that was answered
 * (`SV: VS: [GODKENDT]`) is passed over: whoever wrote the mail that was forwarded said that.
 *
 * Look-alike letters are simply other letters. A tag with a character that nobody sees is refused, not cleaned.
 */
#ifndef CORE_SUBJECT_H
#define CORE_SUBJECT_H

#include "base/arena.h"
#include "core/message.h"

struct subject_grammar {
	struct message_strings replies;		/* "SV", without the colon */
	struct message_strings forwards;	/* "VS" */
	struct message_strings marks;		/* "[EKSTERN]", "#sikker": passed over, letter case ignored */
};

/* SV RE AW, VS FW FWD WG, and the marks that Danish authorities' gateways are known to add. */
extern const struct subject_grammar subject_grammar_default;

struct subject {
	bool forward, reply;			/* what the outermost prefix says; neither when there is none */
	struct message_strings tags;		/* upper case, inner white space folded, arguments kept */
	size_t own_tags;			/* so many of them stand before any prefix */
	struct message_strings keys;		/* what looks like one, anywhere, even inside a word; each once, in order */
	struct message_strings lead_keys;	/* those in tag position, each once, in order */
	int lead_round;				/* the round they name; 0: none; MESSAGE_ROUND_VOID: round 0, or two rounds */
	const char *unmarked;			/* the subject behind the marks that it begins with; never NULL */
	const char *bare;			/* the rest, trimmed; never NULL */
	bool hidden;				/* something in tag position was refused for its hidden characters */
	bool too_many_tags;			/* beyond MESSAGE_TAGS_MAX: the first are kept */
};

/* Reads a subject: valid UTF-8, NFC, unfolded; NULL is read as "". Results live in the arena. */
void subject_parse(struct arena *arena, const struct subject_grammar *grammar, const char *subject,
	struct subject *ret_subject);

/*
 * A bare subject without the word that makes it a receipt and what joins them, in upper case, perhaps ""; NULL when it
 * begins with none of the words.
 */
const char *subject_of_receipt(struct arena *arena, const struct message_strings *words, const char *subject);

/* The length in bytes of the inquiry key that text begins with ([A-ZÆØÅ]{2,8}-\d{4}-\d{4,}, then no word), or 0. */
size_t subject_key_length(const char *text);

/* How often the key stands in a subject, anywhere and in any case of letters. The subject may be NULL. */
size_t subject_count_key(const char *subject, const char *key);

#endif
