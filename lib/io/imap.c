/*
 * libetpan speaks IMAP, in three layers of caution: all bytes from the server pass imap_guard first; each command has a
 * deadline and a cap on its answer (imap_session_begin); and a session that got out of step (is_out_of_step) is never
 * used again, since then no answer can be told from the next. Folders are only opened by EXAMINE: nothing that we do
 * changes a mailbox.
 */
#include "io/imap.h"

#include "base/text.h"
#include "io/etpan_stream.h"
#include "io/imap_session.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <time.h>

enum { LOGOUT_MS = 2000, WAIT_MAX_MS = 3600 * 1000 };

const char *imap_outcome_name(enum imap_outcome outcome)
{
	static const char *const names[] = {
		[IMAP_OK] = "ok", [IMAP_NO] = "no",
		[IMAP_AUTH_REFUSED] = "auth-refused", [IMAP_UNTRUSTED] = "untrusted",
		[IMAP_DISCONNECTED] = "disconnected", [IMAP_PROTOCOL] = "protocol", [IMAP_THROTTLED] = "throttled",
		[IMAP_CANCELLED] = "cancelled",
	};

	return names[outcome];
}

static enum imap_outcome outcome_of_stream(enum tls_outcome outcome)
{
	static const enum imap_outcome outcomes[] = {
		[TLS_DONE] = IMAP_OK, [TLS_UNREACHABLE] = IMAP_DISCONNECTED, [TLS_UNTRUSTED] = IMAP_UNTRUSTED,
		[TLS_CLOSED] = IMAP_DISCONNECTED, [TLS_TIMED_OUT] = IMAP_DISCONNECTED, [TLS_CANCELLED] = IMAP_CANCELLED,
		[TLS_REFUSED] = IMAP_PROTOCOL,
	};

	return outcomes[outcome];
}

/* Exchange Online: "BAD Request is throttled. Suggested Backoff Time: 13052 milliseconds" */
static int64_t suggested_wait_ms(const char *said)
{
	static const char words[] = "Suggested Backoff Time:";
	const char *at = strcasestr(said, words);
	int64_t wait_ms;

	if (!at)
		return 0;
	wait_ms = strtoimax(at + strlen(words), NULL, 10);
	return wait_ms < 1 ? 1 : wait_ms > WAIT_MAX_MS ? WAIT_MAX_MS : wait_ms;
}

/* A server's words, fit to be shown. */
static void set_fault(struct imap_fault *fault, const char *context, const char *said)
{
	char text[IMAP_GUARD_TEXT_MAX];

	snprintf(text, sizeof(text), "%s", said);
	if (!text_is_utf8(text, strlen(text)) || text_has_hidden(text))
		for (char *at = text; *at; at++)
			if ((unsigned char)*at >= 0x7f || (unsigned char)*at < 0x20)
				*at = '?';
	/* Exchange's words say what is the matter to nobody who does not know them. */
	err_set(&fault->err, "%s: %s%s", context, text, strcasestr(text, "authenticated but not connected") ?
		" (no right to this mailbox, a wrong user name, or too many requests)" : "");
}

/* The server's own words first, BYE before NO or BAD; then the stream's; then that it cannot be read. */
static enum imap_outcome explain_failure(struct imap *imap, const char *verb, bool is_refusal, struct imap_fault *fault)
{
	const char *said = imap->guard.bye[0] ? imap->guard.bye : imap->guard.status;
	enum tls_outcome stream = tls_stream_outcome(imap->stream);
	char context[64];

	fault->wait_ms = suggested_wait_ms(said);
	if (fault->wait_ms > 0) {
		set_fault(fault, "the server wants us to wait", said);
		return IMAP_THROTTLED;
	}
	if (stream == TLS_CANCELLED || stream == TLS_REFUSED || stream == TLS_UNTRUSTED || (stream && !said[0])) {
		err_set(&fault->err, "%s", tls_stream_error(imap->stream));
		return outcome_of_stream(stream);
	}
	if (imap->guard.bye[0] || stream) {
		set_fault(fault, "the server ended the session", said);
		return IMAP_DISCONNECTED;
	}
	if (said[0]) {
		snprintf(context, sizeof(context), "the server refuses %s", verb);
		set_fault(fault, context, said);
		return is_refusal ? IMAP_NO : IMAP_PROTOCOL;
	}
	err_set(&fault->err, "the server's answer to %s cannot be read", verb);
	return IMAP_PROTOCOL;
}

/* Only a plain NO leaves the session in step; after anything else nobody knows what the next answer belongs to. */
enum imap_outcome imap_session_conclude(struct imap *imap, const char *verb, int result, struct imap_fault *fault)
{
	bool is_refusal = result == MAILIMAP_ERROR_CUSTOM_COMMAND || result == MAILIMAP_ERROR_LOGIN ||
		result == MAILIMAP_ERROR_EXAMINE;
	enum imap_outcome outcome;

	if (result == MAILIMAP_NO_ERROR)
		return IMAP_OK;
	outcome = explain_failure(imap, verb, is_refusal, fault);
	imap->is_out_of_step = outcome != IMAP_NO;
	return outcome;
}

void imap_session_begin(struct imap *imap, size_t bytes_max)
{
	imap_guard_begin(&imap->guard);
	tls_stream_set_deadline(imap->stream, imap->timeout_ms, bytes_max);
}

bool imap_session_send(struct imap *imap, const char *line)
{
	mailstream *stream = imap->session->imap_stream;

	return mailstream_write(stream, line, strlen(line)) == (ssize_t)strlen(line) &&
		mailstream_write(stream, "\r\n", 2) == 2 && mailstream_flush(stream) == 0;
}

bool imap_session_say(struct imap *imap, const char *command)
{
	return mailimap_send_current_tag(imap->session) == MAILIMAP_NO_ERROR && imap_session_send(imap, command);
}

/* The answer to a command that was sent by imap_session_say(). */
static int hear(struct imap *imap)
{
	struct mailimap_response *response = NULL;
	int result;

	if (!mailimap_read_line(imap->session))
		return MAILIMAP_ERROR_STREAM;
	result = mailimap_parse_response(imap->session, &response);
	if (result != MAILIMAP_NO_ERROR)
		return result;
	if (response->rsp_resp_done->rsp_data.rsp_tagged->rsp_cond_state->rsp_type != MAILIMAP_RESP_COND_STATE_OK)
		result = MAILIMAP_ERROR_CUSTOM_COMMAND;
	mailimap_response_free(response);
	return result;
}

enum imap_outcome imap_session_hear(struct imap *imap, const char *verb, size_t bytes_max, struct imap_fault *fault)
{
	imap_session_begin(imap, bytes_max);
	return imap_session_conclude(imap, verb, hear(imap), fault);
}

enum imap_outcome imap_session_run(struct imap *imap, const char *verb, const char *command, size_t bytes_max,
	struct imap_fault *fault)
{
	assert(imap->ahead_count == 0);
	imap_session_begin(imap, bytes_max);
	if (!imap_session_say(imap, command))
		return imap_session_conclude(imap, verb, MAILIMAP_ERROR_STREAM, fault);
	/* It begins anew: saying and hearing each have the whole time-out, for what is said may be as slow as the answer. */
	return imap_session_hear(imap, verb, bytes_max, fault);
}

enum imap_outcome imap_session_fail(struct imap *imap, struct imap_fault *fault, const char *text)
{
	imap->is_out_of_step = true;
	err_set(&fault->err, "%s", text);
	return IMAP_PROTOCOL;
}

/* A line end in a name would end the command, and begin one of somebody else's. */
static bool has_controls(const char *text)
{
	for (; *text; text++)
		if ((unsigned char)*text < 0x20 || *text == 0x7f)
			return true;
	return false;
}

static void note_capability(struct imap *imap, const char *name, bool *special_use, bool *list_extended)
{
	imap->has_idle = imap->has_idle || strcasecmp(name, "IDLE") == 0;
	*special_use = *special_use || strcasecmp(name, "SPECIAL-USE") == 0;
	*list_extended = *list_extended || strcasecmp(name, "LIST-EXTENDED") == 0;
}

/* After LOGIN: servers tell more to those they know (RFC 9051, 6.1.1). */
static enum imap_outcome ask_capabilities(struct imap *imap, struct imap_fault *fault)
{
	enum imap_outcome outcome = imap_session_run(imap, "CAPABILITY", "CAPABILITY", IMAP_ANSWER_MAX, fault);
	const struct mailimap_connection_info *info = imap->session->imap_connection_info;
	bool special_use = false, list_extended = false;

	if (outcome != IMAP_OK)
		return outcome;
	if (!info || !info->imap_capability)
		return imap_session_fail(imap, fault, "the server does not tell its capabilities");
	for (clistiter *at = clist_begin(info->imap_capability->cap_list); at; at = clist_next(at)) {
		const struct mailimap_capability *capability = clist_content(at);

		if (capability->cap_type == MAILIMAP_CAPABILITY_NAME && capability->cap_data.cap_name)
			note_capability(imap, capability->cap_data.cap_name, &special_use, &list_extended);
	}
	/* RETURN is LIST-EXTENDED's word; a server with SPECIAL-USE alone may tell the uses unasked (RFC 6154, 2). */
	imap->lists_special_use = special_use && list_extended;
	return IMAP_OK;
}

/* RFC 5530: it is not the password. */
static bool is_for_now(const char *said)
{
	return strcasestr(said, "[UNAVAILABLE]") || strcasestr(said, "[INUSE]") || strcasestr(said, "[LIMIT]");
}

static enum imap_outcome login(struct imap *imap, const struct imap_account *account, struct imap_fault *fault)
{
	enum imap_outcome outcome;

	if (has_controls(account->user) || has_controls(account->password)) {
		err_set(&fault->err, "the user name or the password holds a control character");
		return IMAP_AUTH_REFUSED;
	}
	imap_session_begin(imap, IMAP_ANSWER_MAX);
	outcome = imap_session_conclude(imap, "LOGIN",
		mailimap_login(imap->session, account->user, account->password), fault);
	if (outcome == IMAP_NO && !is_for_now(imap->guard.status))
		return IMAP_AUTH_REFUSED;
	return outcome;
}

static int inspect(void *context, const char *bytes, size_t length, struct err *err)
{
	struct imap *imap = context;

	return imap_guard_feed(&imap->guard, bytes, length, err);
}

/* What mailimap_connect() does, but for leaking memory at every server that has no room for us. */
static enum imap_outcome read_greeting(struct imap *imap, struct imap_fault *fault)
{
	const char *line;

	imap->session->imap_stream = etpan_stream_new(imap->stream, inspect, imap);
	imap->session->imap_connection_info = mailimap_connection_info_new();
	imap_session_begin(imap, IMAP_ANSWER_MAX);
	line = mailimap_read_line(imap->session);
	if (!line)
		return imap_session_conclude(imap, "the connection", MAILIMAP_ERROR_STREAM, fault);
	if (imap->guard.bye[0])
		return imap_session_conclude(imap, "the connection", MAILIMAP_ERROR_FATAL, fault);
	/* PREAUTH would let a man in the middle keep us from STARTTLS; nobody needs it */
	if (strncasecmp(line, "* PREAUTH", 9) == 0)
		return imap_session_fail(imap, fault, "the server takes us for somebody without asking (PREAUTH)");
	if (strncasecmp(line, "* OK", 4) != 0)
		return imap_session_fail(imap, fault, "the server does not greet as an IMAP server does");
	imap->session->imap_state = MAILIMAP_STATE_NON_AUTHENTICATED;
	return IMAP_OK;
}

/* Greeting, STARTTLS, LOGIN: no password before the connection is encrypted. */
static enum imap_outcome open_session(struct imap *imap, const struct imap_account *account, struct imap_fault *fault)
{
	enum imap_outcome outcome = read_greeting(imap, fault);

	if (outcome != IMAP_OK)
		return outcome;
	if (account->starttls) {
		outcome = imap_session_run(imap, "STARTTLS", "STARTTLS", IMAP_ANSWER_MAX, fault);
		if (outcome == IMAP_OK && etpan_stream_upgrade(imap->session->imap_stream) != TLS_DONE)
			outcome = imap_session_conclude(imap, "STARTTLS", MAILIMAP_ERROR_STREAM, fault);
	}
	if (outcome == IMAP_OK)
		outcome = login(imap, account, fault);
	if (outcome == IMAP_OK)
		outcome = ask_capabilities(imap, fault);
	return outcome;
}

/* Whatever fails on the way frees all of it: there is no half-open session. */
enum imap_outcome imap_connect(const struct imap_account *account, int cancel_fd, struct imap **ret_imap,
	struct imap_fault *fault)
{
	const struct tls_target target = { .host = account->host, .port = account->port, .implicit = !account->starttls,
		.ca_file = account->ca_file, .cancel_fd = cancel_fd };
	struct imap *imap = calloc(1, sizeof(*imap));
	enum imap_outcome outcome;

	if (!imap)
		abort();
	imap->timeout_ms = (int64_t)account->timeout_s * 1000;
	outcome = outcome_of_stream(tls_stream_connect(&target, imap->timeout_ms, &imap->stream, &fault->err));
	if (outcome == IMAP_OK) {
		imap->session = mailimap_new(0, NULL);
		if (!imap->session)
			abort();
		outcome = open_session(imap, account, fault);
	}
	if (outcome != IMAP_OK) {
		imap_free(&imap);
		return outcome;
	}
	*ret_imap = imap;
	return IMAP_OK;
}

void imap_free(struct imap **imap)
{
	struct imap *old = *imap;

	*imap = NULL;
	if (!old)
		return;
	if (old->session) {
		/* libetpan says LOGOUT here, whatever the state of things; on a failed stream that ends at once */
		if (old->is_out_of_step || old->ahead_count > 0)
			tls_stream_refuse(old->stream, "out of step");
		tls_stream_set_deadline(old->stream, LOGOUT_MS, IMAP_ANSWER_MAX);
		mailimap_free(old->session);
	}
	tls_stream_free(&old->stream);
	free(old->open);
	free(old);
}

bool imap_has_idle(const struct imap *imap)
{
	return imap->has_idle;
}

/* The use that the attributes tell, and whether the folder can be opened. */
static bool read_attributes(const struct mailimap_mbx_list_flags *flags, enum imap_use *ret_use)
{
	if (!flags)
		return true;
	if (flags->mbf_type == MAILIMAP_MBX_LIST_FLAGS_SFLAG && flags->mbf_sflag == MAILIMAP_MBX_LIST_SFLAG_NOSELECT)
		return false;
	for (clistiter *at = clist_begin(flags->mbf_oflags); at; at = clist_next(at)) {
		const struct mailimap_mbx_list_oflag *flag = clist_content(at);
		const char *name = flag->of_type == MAILIMAP_MBX_LIST_OFLAG_FLAG_EXT ? flag->of_flag_ext : NULL;

		if (!name)
			continue;
		if (strcasecmp(name + (name[0] == '\\'), "NonExistent") == 0)	/* RFC 5258 */
			return false;
		if (*ret_use == IMAP_USE_ORDINARY)
			*ret_use = imap_use_of_attribute(name);
	}
	return true;
}

/* A folder below one that an attribute marks is of the same use, unless it says otherwise itself. */
static void inherit_uses(struct imap_folder *folders, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		size_t length = strlen(folders[i].raw);

		if (imap_use_is_read(folders[i].use) || !folders[i].delimiter)
			continue;
		for (size_t j = 0; j < count; j++)
			if (folders[j].use == IMAP_USE_ORDINARY &&
				strncmp(folders[j].raw, folders[i].raw, length) == 0 &&
				folders[j].raw[length] == folders[i].delimiter)
				folders[j].use = folders[i].use;
	}
}

/* All folders in one answer; names are kept as the server writes them, for only those it takes back. */
enum imap_outcome imap_list(struct imap *imap, struct arena *arena, struct imap_folder **ret_folders, size_t *ret_count,
	struct imap_fault *fault)
{
	enum imap_outcome outcome = imap_session_run(imap, "LIST", imap->lists_special_use ?
		"LIST \"\" \"*\" RETURN (SPECIAL-USE)" : "LIST \"\" \"*\"", IMAP_ANSWER_MAX, fault);
	struct imap_folder *folders;
	size_t count = 0;
	clist *list;

	if (outcome != IMAP_OK)
		return outcome;
	list = imap->session->imap_response_info->rsp_mailbox_list;
	if (clist_count(list) > IMAP_FOLDERS_MAX)
		return imap_session_fail(imap, fault, "the server lists too many folders");
	folders = arena_array(arena, (size_t)clist_count(list), sizeof(*folders));
	for (clistiter *at = clist_begin(list); at; at = clist_next(at)) {
		const struct mailimap_mailbox_list *item = clist_content(at);
		struct imap_folder folder = { .delimiter = item->mb_delimiter };

		/* a name with a line end in it could not be sent back */
		if (!read_attributes(item->mb_flag, &folder.use) || has_controls(item->mb_name))
			continue;
		folder.raw = arena_strdup(arena, item->mb_name);
		folder.name = imap_name_decode(arena, item->mb_name);
		if (folder.use == IMAP_USE_ORDINARY)
			folder.use = imap_use_of_name(folder.name, folder.delimiter);
		folders[count++] = folder;
	}
	inherit_uses(folders, count);
	*ret_folders = folders;
	*ret_count = count;
	return IMAP_OK;
}

/* EXAMINE and not SELECT: read-only, and no message loses its \Recent. */
enum imap_outcome imap_examine(struct imap *imap, const char *raw, struct imap_state *ret_state,
	struct imap_fault *fault)
{
	const struct mailimap_selection_info *info;
	enum imap_outcome outcome;

	char *open = strdup(raw);	/* first: raw may be the old one */

	if (!open)
		abort();
	free(imap->open);
	imap->open = NULL;
	imap_session_begin(imap, IMAP_ANSWER_MAX);
	outcome = imap_session_conclude(imap, "EXAMINE", mailimap_examine(imap->session, open), fault);
	if (outcome != IMAP_OK) {
		free(open);
		return outcome;
	}
	imap->open = open;
	imap->guard.news = false;	/* nothing has been looked at yet */
	info = imap->session->imap_selection_info;
	if (info->sel_uidvalidity == 0)
		return imap_session_fail(imap, fault, "the server gives the folder no UIDVALIDITY");
	*ret_state = (struct imap_state){ info->sel_uidvalidity, info->sel_uidnext, info->sel_exists };
	return IMAP_OK;
}

static void add_quoted(struct text *text, const char *raw)
{
	text_add(text, "\"");
	for (; *raw; raw++) {
		if (*raw == '"' || *raw == '\\')
			text_add(text, "\\");
		text_add_bytes(text, raw, 1);
	}
	text_add(text, "\"");
}

enum imap_outcome imap_status(struct imap *imap, const char *raw, struct imap_state *ret_state,
	struct imap_fault *fault)
{
	CLEANUP(text_done) struct text command = TEXT_NULL;
	const struct mailimap_mailbox_data_status *status;
	struct imap_state state = { 0 };
	enum imap_outcome outcome;

	/* RFC 3501, 6.3.10: not for the open one, of which Dovecot tells what it was when it was opened */
	if (imap->open && strcmp(imap->open, raw) == 0)
		return imap_examine(imap, raw, ret_state, fault);
	text_add(&command, "STATUS ");
	add_quoted(&command, raw);
	text_add(&command, " (MESSAGES UIDNEXT UIDVALIDITY)");
	outcome = imap_session_run(imap, "STATUS", command.data, IMAP_ANSWER_MAX, fault);
	if (outcome != IMAP_OK)
		return outcome;
	status = imap->session->imap_response_info->rsp_status;
	for (clistiter *at = status && status->st_info_list ? clist_begin(status->st_info_list) : NULL; at;
		at = clist_next(at)) {
		const struct mailimap_status_info *info = clist_content(at);

		if (info->st_att == MAILIMAP_STATUS_ATT_MESSAGES)
			state.exists = info->st_value;
		else if (info->st_att == MAILIMAP_STATUS_ATT_UIDNEXT)
			state.uidnext = info->st_value;
		else if (info->st_att == MAILIMAP_STATUS_ATT_UIDVALIDITY)
			state.uidvalidity = info->st_value;
	}
	if (state.uidvalidity == 0)
		return imap_session_fail(imap, fault, "the server gives the folder no UIDVALIDITY");
	*ret_state = state;
	return IMAP_OK;
}

/* What came meanwhile is told along with its answer (imap_guard.news). */
enum imap_outcome imap_noop(struct imap *imap, struct imap_fault *fault)
{
	return imap_session_run(imap, "NOOP", "NOOP", IMAP_ANSWER_MAX, fault);
}
