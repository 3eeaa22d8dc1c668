#include "core/trust.h"

#include "base/text.h"
#include "core/privacy.h"

#include <string.h>
#include <strings.h>

enum {
	COMMENT_DEPTH_MAX = 32,		/* what goes beyond any of these is not read, and so not believed */
	RESULTS_MAX = 64,
	PROPERTIES_MAX = 64,
};

#define FIELD_NAME "Authentication-Results: "

/* What one result, field or all of them say about From, in rising order: the worst wins. */
enum verdict { SILENT, VOUCHES, CONTRADICTS };

/* The question: may this From be believed? */
struct question {
	struct arena *arena;
	const struct trust_profile *profile;
	const struct directory *directory;
	const struct trust_mailbox *mailbox;
	const struct message *message;
	const char *from, *domain;
};

const char *trust_grade_name(enum trust_grade grade)
{
	static const char *const names[] = {
		[TRUST_NONE] = "none", [TRUST_ALIGNED] = "aligned", [TRUST_INTERNAL] = "internal",
	};

	return names[grade];
}

/* Reading: functions that return bool return false when the text breaks the grammar of RFC 8601, 2.2 */

static bool skip_comment(const char **at)
{
	int depth = 0;

	do {
		if (**at == '(')
			depth++;
		else if (**at == ')')
			depth--;
		else if (**at == '\\' && (*at)[1])
			(*at)++;
		else if (!**at || **at == '\\')
			return false;
		(*at)++;
	} while (depth > 0 && depth <= COMMENT_DEPTH_MAX);
	return depth == 0;
}

static bool skip_cfws(const char **at)
{
	for (;;) {
		*at += strspn(*at, " \t\r\n");
		if (**at != '(')
			return true;
		if (!skip_comment(at))
			return false;
	}
}

/* Is the sign c next, comments and space before it apart? Steps over it then. */
static bool take_sign(const char **at, char c)
{
	const char *ahead = *at;

	if (!skip_cfws(&ahead) || *ahead != c)
		return false;
	*at = ahead + 1;
	return true;
}

static bool read_keyword(const char **at, const char **ret_start, size_t *ret_length)
{
	if (!skip_cfws(at))
		return false;
	*ret_start = *at;
	*ret_length = strspn(*at, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_");
	*at += *ret_length;
	return *ret_length > 0;
}

static bool is_word(const char *start, size_t length, const char *word)
{
	return strlen(word) == length && strncasecmp(start, word, length) == 0;
}

static bool skip_quoted(const char **at)
{
	for ((*at)++; **at != '"'; (*at)++) {
		if (**at == '\\')
			(*at)++;
		if (!**at)
			return false;
	}
	(*at)++;
	return true;
}

/* Characters of an unquoted value: more than RFC 8601 allows, since base64 and IPv6 addresses stand there unquoted. */
static void skip_bare(const char **at)
{
	while ((unsigned char)**at > ' ' && **at != '\x7F' && !strchr(";()\"\\", **at))
		(*at)++;
}

static char *unquote(struct arena *arena, const char *start, const char *end)
{
	char *value = arena_alloc(arena, (size_t)(end - start) + 1), *to = value;

	for (; start < end; start++) {
		if (*start == '"')
			continue;
		if (*start == '\\')
			start++;
		*to++ = *start;
	}
	return value;
}

/* A bare word, a quoted string, or a quoted local part with its domain; without the quotes. Perhaps empty. */
static bool read_value(struct arena *arena, const char **at, const char **ret_value)
{
	const char *start;

	if (!skip_cfws(at))
		return false;
	start = *at;
	if (*start == '"' && !skip_quoted(at))
		return false;
	if (*at == start || **at == '@')
		skip_bare(at);
	*ret_value = unquote(arena, start, *at);
	return !**at || strchr(" \t\r\n;(", **at);
}

/* An optional version; *ret_known is whether it is ours. */
static bool read_version(const char **at, bool *ret_known)
{
	const char *start;
	size_t length;

	if (!skip_cfws(at))
		return false;
	start = *at;
	length = strspn(start, "0123456789");
	*at += length;
	*ret_known = length == 0 || is_word(start, length, "1");
	return true;
}

/* Judging one result */

static bool is_from_domain(const struct question *question, const char *value)
{
	return strcasecmp(question->domain, value) == 0;
}

/* The mailbox has logins of its own; a person's address and aliases are logins of his as well, as anybody's here is. */
static bool is_tied_login(const struct question *question, const char *login)
{
	const struct directory_person *person;

	if (message_strings_have(&question->mailbox->addresses, question->from))
		return message_strings_have_fold(&question->mailbox->logins, login);
	person = directory_person_at(question->directory, question->from);
	if (!person)
		return directory_is_internal(question->directory, question->from) && strcasecmp(question->from, login) == 0;
	return message_strings_have_fold(&person->logins, login) || strcasecmp(person->address, login) == 0 ||
		message_strings_have_fold(&person->aliases, login);
}

static const struct method {
	const char *name, *property;
	bool (*matches)(const struct question *question, const char *value);
	bool single;		/* a server has one result of it; without the property it is about this message all the same */
	bool exclusive;		/* passing for another speaks against From */
} methods[] = {
	{ "dmarc", "header.from", is_from_domain, .single = true },
	{ "dkim", "header.d", is_from_domain, .single = false },
	{ "auth", "smtp.auth", is_tied_login, .single = true, .exclusive = true },
};

/* One result of a field: its method (NULL: one that we do not weigh), what it says, about whom. */
struct result {
	const struct method *method;
	bool pass, fail;
	const char *value;
};

/*
 * pass for From vouches; pass for another contradicts where a server has one login only; fail contradicts where it is
 * about From.
 */
static enum verdict weigh_result(const struct question *question, const struct result *result)
{
	bool matches = result->value && result->method->matches(question, result->value);

	if (result->pass && matches)
		return VOUCHES;
	if (result->pass && result->value && result->method->exclusive)
		return CONTRADICTS;
	if (result->fail && (matches || (result->method->single && (!result->value || result->method->exclusive))))
		return CONTRADICTS;
	return SILENT;
}

/* Reading a field */

static const struct method *find_method(const char *name, size_t length)
{
	for (size_t i = 0; i < COUNT_OF(methods); i++)
		if (is_word(name, length, methods[i].name))
			return &methods[i];
	return NULL;
}

/* ptype.property=value, or a word without a dot: reason=value, and action=none as Exchange Online writes it. */
static bool read_property(struct arena *arena, const char **at, struct result *result)
{
	const char *type, *name = "", *value;
	size_t type_length, name_length = 0;

	if (!read_keyword(at, &type, &type_length) ||
	    (take_sign(at, '.') && !read_keyword(at, &name, &name_length)) ||
	    !take_sign(at, '=') || !read_value(arena, at, &value))
		return false;
	if (!result->method || strncasecmp(result->method->property, type, type_length) != 0 ||
	    result->method->property[type_length] != '.' ||
	    !is_word(name, name_length, result->method->property + type_length + 1))
		return true;
	if (result->value)
		return false;
	result->value = value;
	return true;
}

/* method[/version] "=" result, then properties up to the semicolon or the end. */
static bool read_result(struct arena *arena, const char **at, struct result *ret_result)
{
	const char *name, *says;
	size_t name_length, says_length;
	bool known = true;

	*ret_result = (struct result){ .method = NULL };
	if (!read_keyword(at, &name, &name_length) || (take_sign(at, '/') && !read_version(at, &known)) ||
	    !take_sign(at, '=') || !read_keyword(at, &says, &says_length))
		return false;
	ret_result->method = known ? find_method(name, name_length) : NULL;
	ret_result->pass = is_word(says, says_length, "pass");
	ret_result->fail = is_word(says, says_length, "fail");
	for (int i = 0; i < PROPERTIES_MAX; i++) {
		const char *before = *at;

		if (!skip_cfws(at))
			return false;
		if (!**at || **at == ';')
			return true;
		if (*at == before || !read_property(arena, at, ret_result))
			return false;
	}
	return false;
}

/* [CFWS] "none", and nothing else */
static bool is_no_result(const char *at)
{
	const char *word;
	size_t length;

	return read_keyword(&at, &word, &length) && is_word(word, length, "none") && skip_cfws(&at) && !*at;
}

/* Results with semicolons between them; a last semicolon may have nothing after it. */
static bool read_results(const struct question *question, const char *at, enum verdict *ret_verdict)
{
	bool seen[COUNT_OF(methods)] = { false };

	*ret_verdict = SILENT;
	if (is_no_result(at))
		return true;
	for (int i = 0; i < RESULTS_MAX; i++) {
		struct result result;
		enum verdict verdict;

		if (!skip_cfws(&at))
			return false;
		if (!*at)
			return true;
		if (!read_result(question->arena, &at, &result))
			return false;
		at += *at == ';';
		if (!result.method)
			continue;
		/* Two answers to one question: one of them is not our server's. */
		if (result.method->single && seen[result.method - methods])
			return false;
		seen[result.method - methods] = true;
		verdict = weigh_result(question, &result);
		*ret_verdict = verdict > *ret_verdict ? verdict : *ret_verdict;
	}
	return false;
}

/* Is there a method at the beginning, where others have their authserv-id? */
static bool lacks_authserv_id(const char *at)
{
	const char *word;
	size_t length;

	return read_keyword(&at, &word, &length) && take_sign(&at, '=');
}

/* Is the field ours by its authserv-id? Moves *at behind id and version. What cannot be read so far is nobody's. */
static bool is_ours(const struct question *question, const char **at)
{
	const char *id;
	bool known;

	return question->profile->authserv_id && read_value(question->arena, at, &id) &&
		strcasecmp(id, question->profile->authserv_id) == 0 && read_version(at, &known) && known;
}

/* The verdict of one field; topmost: it is the first of all. Returns false when it is not ours. */
static bool judge_field(const struct question *question, const char *value, bool topmost, enum verdict *ret_verdict)
{
	const char *at = value;
	bool online = question->profile->kind == TRUST_PROFILE_EXCHANGE_ONLINE;
	bool readable;

	if (online && lacks_authserv_id(at)) {
		if (!topmost)
			return false;
		readable = read_results(question, at, ret_verdict);
	} else {
		if (!is_ours(question, &at))
			return false;
		readable = take_sign(&at, ';') && read_results(question, at, ret_verdict);
	}
	if (!readable)
		*ret_verdict = CONTRADICTS;
	return true;
}

/* The border */

static bool is_border_host(const struct message_strings *border, const char *name, size_t length)
{
	for (size_t i = 0; i < border->count; i++) {
		size_t host = strlen(border->items[i]);

		if (host == length && strncasecmp(border->items[i], name, length) == 0)
			return true;
		if (*border->items[i] == '.' && length > host &&
		    strncasecmp(border->items[i], name + length - host, host) == 0)
			return true;
	}
	return false;
}

/*
 * Did the border write this Received? Comments are not told apart: a client's HELO name may open or close one, and
 * ending too early only costs the client his own trust.
 */
static bool is_of_border(const struct message_strings *border, const char *received)
{
	static const char space[] = " \t\r\n()<>;,\"";
	bool after_by = false;

	for (const char *at = received + strspn(received, space); *at; at += strspn(at, space)) {
		size_t length = strcspn(at, space);

		if (after_by && is_border_host(border, at, length))
			return true;
		after_by = is_word(at, length, "by");
		at += length;
	}
	return border->count == 0;
}

/* Grades */

/* A line fit to be stored and shown: one, capped between characters, without the CPR numbers of addresses. */
static const char *evidence(struct arena *arena, const char *before, const char *line)
{
	char *text = arena_printf(arena, "%s%s", before, line);

	privacy_mask_cpr(text);		/* before it is cut: half a number would say half of it */
	text_cut(text, TRUST_EVIDENCE_MAX);
	for (char *at = text; *at; at++)
		if ((unsigned char)*at < ' ' || *at == '\x7F')
			*at = ' ';
	return text;
}

/* What all fields of ours above the border say together, and the line that says it. */
struct testimony {
	enum verdict verdict;
	const char *line;		/* NULL: none of ours */
	bool border;			/* was the border reached? */
};

/* From the top down to the border, and the worst of what our fields say. */
static void hear_fields(const struct question *question, struct testimony *ret_testimony)
{
	bool topmost = true;

	*ret_testimony = (struct testimony){ .verdict = SILENT };
	for (size_t i = 0; i < question->message->traces.count && !ret_testimony->border; i++) {
		const struct message_trace *trace = &question->message->traces.items[i];
		enum verdict verdict;

		if (trace->field == MESSAGE_TRACE_RECEIVED)
			ret_testimony->border = is_of_border(&question->profile->border, trace->value);
		if (trace->field != MESSAGE_TRACE_AUTHENTICATION_RESULTS)
			continue;
		if (judge_field(question, trace->value, topmost, &verdict) &&
		    (!ret_testimony->line || verdict > ret_testimony->verdict)) {
			ret_testimony->verdict = verdict;
			ret_testimony->line = trace->value;
		}
		topmost = false;
	}
}

/* Whatever comes of it, the line that it rests on is kept: an approval may be asked about years later. */
static void judge_aligned(const struct question *question, struct trust *ret_trust)
{
	struct arena *arena = question->arena;
	struct testimony testimony;

	hear_fields(question, &testimony);
	if (!testimony.border)
		ret_trust->evidence = "no Received of our border: it is unknown which fields are ours";
	else if (!testimony.line)
		ret_trust->evidence = "no Authentication-Results of ours above the border";
	else if (testimony.verdict == CONTRADICTS)
		ret_trust->evidence = evidence(arena, "speaks against From, or cannot be read: " FIELD_NAME, testimony.line);
	else if (testimony.verdict == SILENT)
		ret_trust->evidence = evidence(arena, "does not vouch for From: " FIELD_NAME, testimony.line);
	else
		*ret_trust = (struct trust){ .grade = TRUST_ALIGNED, .trusted = true,
			.evidence = evidence(arena, FIELD_NAME, testimony.line) };
}

/* Returns false when the header leaves it open who sent this. */
static bool judge_internal(const struct question *question, struct trust *ret_trust)
{
	const char *value = NULL;
	size_t count = 0;

	for (size_t i = 0; i < question->message->traces.count; i++) {
		if (question->message->traces.items[i].field != MESSAGE_TRACE_AUTH_AS)
			continue;
		value = question->message->traces.items[i].value;
		count++;
	}
	ret_trust->evidence = "no X-MS-Exchange-Organization-AuthAs";
	if (count > 1)
		ret_trust->evidence = "more than one X-MS-Exchange-Organization-AuthAs: forged";
	else if (count == 1)
		ret_trust->evidence = evidence(question->arena, "X-MS-Exchange-Organization-AuthAs: ", value);
	if (count == 1 && strcmp(value, "Internal") == 0) {	/* as Exchange writes it, to the letter */
		ret_trust->grade = TRUST_INTERNAL;
		ret_trust->trusted = true;
	}
	return count > 1 || ret_trust->trusted;
}

/* Whoever sends this in From's name; NULL: From himself. A delegate of the shared mailbox: it is nobody's own name. */
static const char *find_delegate(const struct question *question)
{
	const struct message_address *sender = question->message->sender;
	const struct directory_person *person;

	if (!sender || strcmp(sender->address, question->from) == 0 ||
	    message_strings_have(&question->mailbox->addresses, question->from))
		return NULL;
	person = directory_person_at(question->directory, question->from);
	return person && directory_person_at(question->directory, sender->address) == person ? NULL : sender->address;
}

/* What the mailbox itself sent never met a server that would vouch for it; whoever can write there is in already. */
static bool is_own_sent(const struct question *question)
{
	return question->mailbox->sent_items && question->message->traces.count == 0 &&
		question->profile->kind != TRUST_PROFILE_NONE &&
		message_strings_have(&question->mailbox->addresses, question->from);
}

/* Why nothing that the header says can be believed, whatever vouches for it; NULL: nothing of the kind. */
static const char *find_doubt(const struct message *message)
{
	static const struct { const char *defect, *evidence; } doubts[] = {
		{ "header-too-long", "the header is too long to be read: nobody knows what the rest of it says" },
		{ "too-many-traces", "too many Received, Authentication-Results or AuthAs: not all of them were read" },
		{ "bad-sender", "Sender is not exactly one valid address: it is unknown who sends on behalf of From" },
	};

	for (size_t i = 0; i < COUNT_OF(doubts); i++)
		if (message_strings_have(&message->defects, doubts[i].defect))
			return doubts[i].evidence;
	return NULL;
}

/* Does our server vouch for question->from? */
static void judge_server(const struct question *question, struct trust *ret_trust)
{
	switch (question->profile->kind) {
	case TRUST_PROFILE_NONE:
		ret_trust->evidence = "the mailbox has no trust profile";
		break;
	case TRUST_PROFILE_EXCHANGE:
		judge_internal(question, ret_trust);
		break;
	case TRUST_PROFILE_EXCHANGE_ONLINE:
		if (!judge_internal(question, ret_trust))
			judge_aligned(question, ret_trust);
		break;
	case TRUST_PROFILE_AUTHSERV:
		judge_aligned(question, ret_trust);
		break;
	}
}

/* He must be vouched for himself, and people.conf must say that he sends in From's name. */
static void judge_delegate(const struct question *question, const char *delegate, struct trust *ret_trust)
{
	struct question his = *question;
	struct trust judged = { .grade = TRUST_NONE };

	his.from = delegate;
	his.domain = strrchr(delegate, '@') + 1;
	judge_server(&his, &judged);
	if (directory_sends_for(directory_person_at(question->directory, delegate),
			directory_person_at(question->directory, question->from))) {
		*ret_trust = judged;
		ret_trust->evidence = evidence(question->arena,
			arena_printf(question->arena, "sent on behalf of From by %s: ", delegate), judged.evidence);
	} else {
		ret_trust->sent_by = judged.trusted ? delegate : NULL;
		ret_trust->evidence = evidence(question->arena, "sent on behalf of From, who is not vouched for, by ", delegate);
	}
}

static void judge_from(const struct question *question, struct trust *ret_trust)
{
	const char *delegate = find_delegate(question);

	if (is_own_sent(question))
		*ret_trust = (struct trust){ .grade = TRUST_ALIGNED, .trusted = true,
			.evidence = "in the sent items of the mailbox, and came by no server" };
	else if (delegate)
		judge_delegate(question, delegate, ret_trust);
	else
		judge_server(question, ret_trust);
}

void trust_judge(struct arena *arena, const struct trust_profile *profile, const struct directory *directory,
	const struct trust_mailbox *mailbox, const struct message *message, struct trust *ret_trust)
{
	struct question question = {
		.arena = arena, .profile = profile, .directory = directory, .mailbox = mailbox, .message = message,
	};
	const char *at = message->from ? strrchr(message->from->address, '@') : NULL, *doubt = find_doubt(message);

	*ret_trust = (struct trust){ .grade = TRUST_NONE,
		.evidence = doubt ? doubt : "From is not exactly one valid address" };
	if (!at || doubt)
		return;
	question.from = message->from->address;
	question.domain = at + 1;
	judge_from(&question, ret_trust);
}
