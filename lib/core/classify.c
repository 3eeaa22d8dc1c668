/*
 * The order of the tests is the law: an absence may bear the marks of a list or a robot, a bounce is often auto-replied
 * as well, and only what is none of those is taken for what a person wrote.
 */
#include "core/classify.h"

#include <string.h>
#include <strings.h>

/* Does a header value begin with word, whole, before any parameter or comment? */
static bool says(const char *value, const char *word)
{
	size_t length = strlen(word);

	if (!value)
		return false;
	value += strspn(value, " \t");
	return strncasecmp(value, word, length) == 0 && (!value[length] || strchr(" \t;(,", value[length]));
}

/* What Outlook, Gmail and the phones of this country put before the subject of an absence notice. */
bool classify_tells_absence(const char *subject)
{
	static const char *const starts[] = {
		"Automatisk svar:", "Autosvar:", "Autosvar -", "Automatisk autosvar:",
		"Automatic reply:", "Automatic response:", "Auto reply:", "Autoreply:", "Out of Office:",
		"Out of Office AutoReply:", "Ikke til stede:", "Ikke til stede-besked:", "Fraværsbesked:",
		"Fraværsmeddelelse:", "Automatische Antwort:", "Abwesenheitsnotiz:", "Automatiskt svar:",
	};

	for (size_t i = 0; i < sizeof(starts) / sizeof(starts[0]); i++)
		if (subject && strncasecmp(subject, starts[i], strlen(starts[i])) == 0)
			return true;
	return subject && strcasecmp(subject, "Autosvar") == 0;
}

static bool is_from_mailer(const struct classify_facts *facts)
{
	return facts->from && strncasecmp(facts->from, "mailer-daemon@", 14) == 0;
}

/* RFC 5321, 4.5.5: notices go out with an empty reverse path, so that nothing answers them. */
static bool has_null_return_path(const struct classify_facts *facts)
{
	return facts->return_path && (!*facts->return_path || strcmp(facts->return_path, "<>") == 0);
}

/* Exim and Postfix mark their bounces auto-replied as well, and read receipts may be: those are reports. */
static bool is_absence(const struct classify_facts *facts)
{
	if (facts->report_type)
		return false;
	if (classify_tells_absence(facts->subject) || facts->autoreply || says(facts->precedence, "auto_reply"))
		return true;
	if (says(facts->suppress, "all") && facts->inbox_rules_loop)
		return true;
	return says(facts->auto_submitted, "auto-replied") && !facts->failed_recipients && !is_from_mailer(facts);
}

/* A delivery report in which everybody got it is a receipt; one failure makes it a bounce. */
static bool is_receipt(const struct classify_facts *facts)
{
	if (says(facts->report_type, "disposition-notification"))
		return true;
	return says(facts->report_type, "delivery-status") && facts->delivered_count > 0 && !facts->undelivered_count;
}

static bool is_bounce(const struct classify_facts *facts)
{
	if (is_receipt(facts))
		return false;
	return says(facts->report_type, "delivery-status") || facts->failed_recipients || is_from_mailer(facts) ||
		has_null_return_path(facts);
}

/* Precedence was never standardised; lists and bulk senders set it all the same (RFC 3834, 2). */
static bool is_list(const struct classify_facts *facts)
{
	return facts->list || says(facts->precedence, "list") || says(facts->precedence, "bulk") ||
		says(facts->precedence, "junk");
}

/* RFC 3834, 5: any Auto-Submitted but "no". Too many Received: it goes round in circles. */
static bool is_automatic(const struct classify_facts *facts)
{
	return (facts->auto_submitted && !says(facts->auto_submitted, "no")) || facts->report_type || facts->ours ||
		facts->received_count > MESSAGE_RECEIVED_MAX;
}

enum message_kind classify_kind(const struct classify_facts *facts)
{
	static const struct { bool (*is)(const struct classify_facts *); enum message_kind kind; } tests[] = {
		{ is_absence, MESSAGE_ABSENCE }, { is_bounce, MESSAGE_BOUNCE }, { is_receipt, MESSAGE_RECEIPT },
		{ is_list, MESSAGE_LIST }, { is_automatic, MESSAGE_AUTOMATIC },
	};

	for (size_t i = 0; i < sizeof(tests) / sizeof(tests[0]); i++)
		if (tests[i].is(facts))
			return tests[i].kind;
	return MESSAGE_HUMAN;
}

/* Stems of words, in Danish and English: gateways report failures as ordinary mails from their own sender. */
bool classify_tells_failure(const char *text)
{
	static const char *const words[] = {
		"ikke lever", "ikke blev", "ikke afle", "ikke afsend", "ikke sendt", "ikke send", "ikke modtag", "ikke tilmeld",
		"kunne ikke", "uleveret", "aldrig", "afvent", "annulle", "ugyldig", "bliver", "fejl", "afvis", "mislyk",
		"returner", "fritaget", "undeliver", "not deliver", "not be deliver", "not sent", "could not", "fail", "reject",
	};

	for (size_t i = 0; text && i < sizeof(words) / sizeof(words[0]); i++)
		if (strcasestr(text, words[i]))
			return true;
	return false;
}

bool classify_is_delivered(const char *action)
{
	return says(action, "delivered") || says(action, "relayed") || says(action, "expanded");
}
