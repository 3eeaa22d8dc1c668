/*
 * Addresses are read by hand, for GMime parses them recursively and a sender chooses the depth. A field is taken apart
 * in one pass: quoted strings, comments, angles and signs fill a struct mailbox, and a comma, semicolon or the end
 * finishes it. Strict where an address is concerned (it may become evidence of who wrote), lenient with names.
 */
#include "io/mime_address.h"

#include "base/err.h"
#include "base/text.h"
#include "core/privacy.h"
#include "io/mime_field.h"

#include <string.h>

enum { NAME_MAX_BYTES = 256, LOCAL_MAX = 64, DOMAIN_MAX = 253, LABEL_MAX = 63 };

#define LETTERS_AND_DIGITS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"

/* Atoms with single dots between them, `length` bytes in all. */
static bool is_dotted(const char *text, size_t length, const char *allowed, size_t atom_max)
{
	size_t atom = 0;

	for (size_t i = 0; i < length; i++) {
		if (text[i] == '.') {
			if (!atom)
				return false;
			atom = 0;
		} else if (!strchr(allowed, text[i]) || ++atom > atom_max) {
			return false;
		}
	}
	return atom > 0;
}

/* No label begins or ends with a hyphen (RFC 1123, 2.1). */
static bool has_good_hyphens(const char *domain)
{
	return domain[0] != '-' && domain[strlen(domain) - 1] != '-' && !strstr(domain, ".-") && !strstr(domain, "-.");
}

/* What we believe and what we send to: RFC 5321's Dot-string, without quoted local parts or address literals. */
bool mime_address_is_valid(const char *address)
{
	const char *at = strrchr(address, '@');
	size_t local = at ? (size_t)(at - address) : 0, domain = at ? strlen(at + 1) : 0;

	/* "=?" is made of atom characters: an encoded word inside an address is a disguise. */
	if (!local || local > LOCAL_MAX || !domain || domain > DOMAIN_MAX || strstr(address, "=?"))
		return false;
	return is_dotted(address, local, LETTERS_AND_DIGITS "!#$%&'*+-/=?^_`{|}~", LOCAL_MAX) &&
		is_dotted(at + 1, domain, LETTERS_AND_DIGITS "-", LABEL_MAX) && has_good_hyphens(at + 1);
}

/* One mailbox while it is read. */
struct mailbox {
	struct text phrase, comment, spec;	/* without an angle the spec is what would have been a phrase, as it stands */
	bool angle, closed, extra;		/* <; >; something behind it */
};

static void mailbox_reset(struct mailbox *mailbox)
{
	text_done(&mailbox->phrase);
	text_done(&mailbox->comment);
	text_done(&mailbox->spec);
	*mailbox = (struct mailbox){ .angle = false };
}

/* Reads the quoted string or comment that begins at `at`; returns what follows it, or the end when it is not closed. */
static const char *read_quoted(const char *at, struct text *text)
{
	for (at++; *at && *at != '"'; at++) {
		if (*at == '\\' && at[1])
			at++;
		text_add_bytes(text, at, 1);
	}
	return *at ? at + 1 : at;
}

static const char *trimmed(struct arena *arena, const struct text *text)
{
	const char *start = text_string(text) + strspn(text_string(text), " ");
	size_t length = strlen(start);

	while (length > 0 && start[length - 1] == ' ')
		length--;
	return arena_strndup(arena, start, length);
}

/*
 * The address that a spec comes to without comments, quotes and the white space around its signs (RFC 5322, 3.4.1 and
 * 4.4). "" where they part what is one word.
 */
static const char *plain_spec(struct arena *arena, const char *spec)
{
	struct text plain CLEANUP(text_done) = TEXT_NULL, comment CLEANUP(text_done) = TEXT_NULL;
	bool begun = false, ended = false, quoted = false;	/* the word at hand */

	while (*spec) {
		if (*spec == ' ' || *spec == '(') {
			spec = *spec == '(' ? mime_field_comment(spec, &comment) : spec + 1;
			ended = begun;
		} else if (*spec == '.' || *spec == '@') {
			text_add_bytes(&plain, spec++, 1);
			begun = ended = quoted = false;
		} else if (ended || (*spec == '"' && (begun || strchr(text_string(&plain), '@')))) {
			return "";
		} else if (*spec == '"') {
			spec = read_quoted(spec, &plain);
			begun = ended = quoted = true;
		} else {
			size_t length = strcspn(spec, " (.@\"");

			text_add_bytes(&plain, spec, length);
			spec += length;
			begun = true;
		}
	}
	return quoted ? "" : arena_strdup(arena, text_string(&plain));
}

/* Decoded, capped, without a CPR number; NULL for an empty one. */
static const char *display_name(struct arena *arena, const char *raw, struct mime_defects *defects)
{
	char *name = mime_text_decoded(arena, raw, defects);

	if (text_cut(name, NAME_MAX_BYTES))
		mime_defect(defects, "name-too-long");
	privacy_mask_cpr(name);
	return *name ? name : NULL;
}

/* Puts a finished mailbox into the list, if it is one. */
static void finish(struct arena *arena, struct mailbox *mailbox, struct mime_address_list *list,
	struct mime_defects *defects)
{
	const char *phrase = trimmed(arena, &mailbox->phrase), *comment = trimmed(arena, &mailbox->comment);
	const char *spec = trimmed(arena, &mailbox->spec), *plain = plain_spec(arena, spec);
	bool intact = !mailbox->angle || (mailbox->closed && !mailbox->extra);
	char *address;

	if (!mailbox->angle && !*spec) {
		mailbox_reset(mailbox);
		return;
	}
	/* A source route (RFC 5322, 4.4): obsolete, and no From may have one. */
	if (mailbox->angle && (*spec == '@' || strchr(spec, ':')))
		list->route = true;
	if (!intact || !mime_address_is_valid(plain)) {
		list->refused++;
		mime_defect(defects, strstr(spec, "=?") && strchr(spec, '@') ? "encoded-address" : "bad-address");
	} else if (list->count == MESSAGE_RECIPIENTS_MAX) {
		mime_defect(defects, "too-many-recipients");
	} else {
		const char *name = mailbox->angle && *phrase ? phrase : comment;

		address = text_lower(arena, plain);
		privacy_mask_cpr(address);
		list->items[list->count++] = (struct message_address){
			.name = display_name(arena, name, defects), .address = address,
		};
	}
	mailbox_reset(mailbox);
}

/* White space between the words of a name is a space, however much there is (RFC 5322, 3.2.2). */
static void add_words(struct text *phrase, const char *at, size_t length)
{
	const char *end = at + length;

	while (at < end) {
		const char *space = memchr(at, ' ', (size_t)(end - at)), *word_end = space ? space : end;

		text_add_bytes(phrase, at, (size_t)(word_end - at));
		if (space && phrase->length && phrase->data[phrase->length - 1] != ' ')
			text_add(phrase, " ");
		at = word_end + (space != NULL);
	}
}

/* Takes what is neither quoted nor in a comment: a sign, or a run of bytes without one. Returns what follows. */
static const char *take_run(struct mailbox *mailbox, const char *at)
{
	bool inside = mailbox->angle && !mailbox->closed;
	size_t length = strcspn(at, inside ? ">" : "\"(,;:<");

	if (inside) {
		text_add_bytes(&mailbox->spec, at, length);
		mailbox->closed = at[length] == '>';
		return at + length + mailbox->closed;
	}
	if (*at == '<') {
		mailbox->extra = mailbox->angle;
		mailbox->angle = true;
		text_done(&mailbox->spec);
		return at + 1;
	}
	length = length ? length : 1;
	if (mailbox->closed) {
		mailbox->extra = mailbox->extra || strspn(at, " ") < length;
	} else {
		add_words(&mailbox->phrase, at, length);
		text_add_bytes(&mailbox->spec, at, length);
	}
	return at + length;
}

/* Takes a quoted string or a comment outside of an angle, where a comment parts words as white space does. */
static const char *take_quoted(struct mailbox *mailbox, const char *at)
{
	const char *after = *at == '"' ? read_quoted(at, &mailbox->phrase) : mime_field_comment(at, &mailbox->comment);

	mailbox->extra = mailbox->extra || (mailbox->closed && *at == '"');
	if (!mailbox->angle)
		text_add_bytes(&mailbox->spec, *at == '"' ? at : " ", *at == '"' ? (size_t)(after - at) : 1);
	return after;
}

/* A colon outside of an angle ends the name of a group; its members are taken like any others. */
void mime_address_read(struct arena *arena, const char *raw, struct mime_address_list *list,
	struct mime_defects *defects)
{
	struct mailbox mailbox = { .angle = false };

	while (*raw) {
		bool inside = mailbox.angle && !mailbox.closed;

		if ((*raw == '"' || *raw == '(') && !inside) {
			raw = take_quoted(&mailbox, raw);
		} else if ((*raw == ',' || *raw == ';') && !inside) {
			finish(arena, &mailbox, list, defects);
			raw++;
		} else if (*raw == ':' && !inside && !mailbox.closed) {
			list->group = true;
			mailbox_reset(&mailbox);
			raw++;
		} else {
			raw = take_run(&mailbox, raw);
		}
	}
	finish(arena, &mailbox, list, defects);
}
