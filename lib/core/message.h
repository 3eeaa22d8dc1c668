/*
 * message - one received mail as plain data.
 *
 * io/mime fills it from bytes; nothing above ever sees a header or a GMime type again. Everything is capped before
 * it gets here, decoded to valid UTF-8 in NFC, and free of control characters: what was not is named in defects.
 * All memory belongs to the arena given to the parser. Strings are NULL, lists empty, when absent.
 */
#ifndef CORE_MESSAGE_H
#define CORE_MESSAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	MESSAGE_HEADER_MAX = 64 * 1024,		/* bytes of header block that are parsed; the rest is a defect */
	MESSAGE_PREFIX_MAX = 64 * 1024,		/* bytes of body that are fetched where a rule needs the text */
	MESSAGE_REFERENCES_MAX = 200,		/* the newest are kept */
	MESSAGE_RECIPIENTS_MAX = 500,		/* of To and of Cc */
	MESSAGE_TAGS_MAX = 16,
	MESSAGE_KEYS_MAX = 200,			/* more than MESSAGE_SUBJECT_MAX holds */
	MESSAGE_LINKS_MAX = 50,
	MESSAGE_SUBJECT_MAX = 2000,		/* bytes */
	MESSAGE_QUOTED_TO_MAX = 1000,		/* bytes */
	MESSAGE_ID_MAX = 998,			/* bytes (RFC 5322 line) */
	MESSAGE_TRACES_MAX = 120,
	MESSAGE_ROUND_VOID = -1,
	MESSAGE_RECEIVED_MAX = 50,		/* more than this many Received fields is a loop */
};

/* What sort of mail it is; the first that matches. Only HUMAN moves a step, unless a rule says automatic = true. */
enum message_kind {
	MESSAGE_ABSENCE,	/* an out-of-office reply */
	MESSAGE_BOUNCE,		/* a delivery status notification (RFC 3464), or mail with a null return path */
	MESSAGE_RECEIPT,	/* a read or delivery receipt (RFC 8098) */
	MESSAGE_LIST,		/* a mailing list or newsletter */
	MESSAGE_AUTOMATIC,	/* any other mail that no person wrote (RFC 3834) */
	MESSAGE_HUMAN,
};

/* "absence" … "human": the words of `fristctl parse --json`. */
const char *message_kind_name(enum message_kind kind);

struct message_address {
	const char *name;	/* display name; NULL when there is none */
	const char *address;	/* addr-spec, lower case, allow-listed characters only, CPR masked; never NULL */
};

struct message_addresses {
	const struct message_address *items;
	size_t count;
};

struct message_strings {
	const char *const *items;
	size_t count;
};

/* One recipient block of a delivery status notification (RFC 3464, 2.3). */
struct message_bounce {
	const char *address;	/* Final-Recipient, or Original-Recipient; lower case */
	const char *action;	/* failed, delayed, delivered, relayed, expanded */
	const char *status;	/* 5.1.1 */
};

/* The fields that servers on the way wrote, in the order of the header block. */
enum message_trace_field {
	MESSAGE_TRACE_RECEIVED,
	MESSAGE_TRACE_AUTHENTICATION_RESULTS,	/* RFC 8601 */
	MESSAGE_TRACE_AUTH_AS,			/* X-MS-Exchange-Organization-AuthAs */
};

struct message_trace {
	enum message_trace_field field;
	const char *value;	/* raw octets made valid UTF-8; comments kept */
};

struct message {
	const char *message_id;			/* without brackets */
	struct message_strings in_reply_to;	/* ids without brackets, in order, each once */
	struct message_strings references;	/* likewise */
	const char *frist_id;			/* X-Frist-Id: an id of our own, if its form is right (it proves nothing) */

	const struct message_address *from;	/* NULL unless there is exactly one field with exactly one valid address */
	const struct message_address *sender;	/* the Sender field, likewise: somebody sends on behalf of From */
	struct message_addresses to, cc;
	const char *subject;			/* decoded, unfolded, NFC, CPR masked; prefixes kept */
	int64_t date;				/* of the Date field, seconds UTC; 0 when absent or unreadable */
	int64_t received_at;			/* of the newest Received field, likewise */

	enum message_kind kind;
	bool automatic;				/* somebody's program wrote it: never answered, or two programs write on for ever */
	bool newsletter;			/* a list that one may leave but not write to */
	bool spam;				/* a filter on the way took it for that */
	bool encrypted;				/* S/MIME or PGP: nobody but its recipient can read it */
	bool forward, reply;			/* by the outermost prefix; without one, reply = has In-Reply-To */
	struct message_strings tags;		/* in tag position, upper case, arguments kept, unknown ones too */
	size_t own_tags;			/* so many of them stand before any prefix: nobody but the sender put them there */
	struct message_strings keys;		/* [A-ZÆØÅ]{2,8}-\d{4}-\d{4,} anywhere in the subject, each once */
	struct message_strings lead_keys;	/* those in tag position (one-tap subjects: "MT-2026-0042/2 [GODKENDT]") */
	int lead_round;				/* the round they name; 0: none; MESSAGE_ROUND_VOID: none that there is, or two */
	const char *bare_subject;		/* without prefixes, marks, tags and key; "" when nothing is left; never NULL */

	/* Evidence for trust, as received but unfolded, topmost first. core/trust judges it. */
	struct { const struct message_trace *items; size_t count; } traces;

	/* From the text parts of a fetched body; absent when only the header was fetched. */
	bool has_text;
	bool has_cpr;				/* something like a personal number stands in it, quotes included */
	const char *first_line;			/* first non-blank line above any quote or signature; NULL if none */
	bool goes_on;				/* more follows it than a greeting or a name */
	struct message_strings links;		/* URLs in the text above any quote */
	struct message_strings attachments;	/* file names */
	const char *top_text;			/* text above any quote, capped at 4 KiB */
	const char *quoted_from;		/* address in the first quoted head ("Fra: … Sendt: … Til: …"), lower case */
	const char *quoted_to;			/* whom that head names: names and addresses as they stand, CPR masked */
	int quoted_date;			/* the day that it names (calendar.h); 0: none that can be read */

	struct { const struct message_bounce *items; size_t count; } bounces;
	const char *bounced_id;			/* Message-ID of the mail that a bounce, absence or receipt is about */
	struct message_strings defects;		/* short stable words: "header-too-long", "two-from", … */
	uint8_t identity[32];			/* SHA-256 over id, from, date, subject, to, cc as received, and the text where
						   there is no id: content identity */
};

/* Is this word among the strings? */
bool message_strings_have(const struct message_strings *strings, const char *word);

/* The same, where capital and small letters (ASCII) are one, as in logins. */
bool message_strings_have_fold(const struct message_strings *strings, const char *word);

#endif
