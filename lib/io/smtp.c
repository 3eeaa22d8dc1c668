/*
 * One session, many messages. libetpan writes the commands; the replies are read by smtp_reply, fed with every byte
 * that arrives, for libetpan keeps too little of them. Each phase has its own deadline, and what the server said in it
 * decides: before the final dot everything that is not success is RETRY or REJECTED, after it only an answer makes an
 * outcome certain.
 */
#include "io/smtp.h"

#include "core/privacy.h"
#include "io/etpan_stream.h"
#include "io/mime_address.h"
#include "io/tls.h"

#include <libetpan/mailsmtp.h>
#include <libetpan/mailstream_helper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum {
	BYTES_MAX = 256 * 1024,		/* received in one phase, TLS and all */
	ENVELOPE_ID_MAX = 64,		/* of the 100 (RFC 3461, 4.4): libetpan's line has 512 bytes for all of MAIL */
	ORCPT_MAX = 200,		/* likewise for RCPT, which has the address twice */
	BODY_LINE_MAX = 998,
	END_FACTOR = 10,		/* giving up after the final dot costs more than waiting */
	GOODBYE_MS = 1000,
	END_GRACE_MS = 10 * 1000,	/* we are told to stop, and the answer decides whether a mail goes twice */
	SECRET_MAX = 1024,
};

struct phase_row {
	int seconds;			/* RFC 5321, 4.5.3.2, where it says something */
	const char *name;
};

static const struct phase_row phases[] = {
	[SMTP_CONNECT] = { 60, "connecting" },
	[SMTP_GREETING] = { 300, "waiting for the server's greeting" },
	[SMTP_HELLO] = { 300, "saying EHLO" },
	[SMTP_STARTTLS] = { 300, "starting TLS" },
	[SMTP_AUTH] = { 300, "logging in" },
	[SMTP_MAIL] = { 300, "naming the sender" },
	[SMTP_RCPT] = { 300, "naming a recipient" },
	[SMTP_DATA] = { 120, "asking to send the message" },
	[SMTP_BODY] = { 600, "sending the message" },
	[SMTP_END] = { 600, "after the end of the message" },
	[SMTP_RESET] = { 60, "resetting the session" },
	[SMTP_QUIT] = { 5, "saying goodbye" },
};

static const char *const outcomes[] = {
	[SMTP_DONE] = "done", [SMTP_RETRY] = "retry", [SMTP_REJECTED] = "rejected", [SMTP_UNSURE] = "unsure",
};

struct smtp_session {
	struct tls_stream *stream;
	mailsmtp *smtp;			/* owns the libetpan stream over `stream` */
	struct smtp_reply reply;	/* to the command at hand */
	enum smtp_phase phase;
	int timeout_s;
	bool broken;			/* out of step, or the server has said goodbye */
};

const char *smtp_phase_name(enum smtp_phase phase)
{
	return phases[phase].name;
}

const char *smtp_outcome_name(enum smtp_outcome outcome)
{
	return outcomes[outcome];
}

/* The configured time-out, but never more than the RFC's; the answer to the final dot gets ten times as long. */
static int64_t phase_ms(const struct smtp_session *session, enum smtp_phase phase)
{
	int seconds = phases[phase].seconds, cap = session->timeout_s * (phase == SMTP_END ? END_FACTOR : 1);

	return (int64_t)(cap > 0 && cap < seconds ? cap : seconds) * 1000;
}

static int inspect(void *context, const char *bytes, size_t length, struct err *err)
{
	struct smtp_session *session = context;

	return smtp_reply_feed(&session->reply, bytes, length, err);
}

/* Begins a phase that ends with a reply. An answer that is there before the question would be taken for its answer. */
static void begin(struct smtp_session *session, enum smtp_phase phase)
{
	session->phase = phase;
	session->reply = (struct smtp_reply){ .hello = phase == SMTP_HELLO };
	tls_stream_set_deadline(session->stream, phase_ms(session, phase), BYTES_MAX);
	if (session->smtp->stream && session->smtp->stream->read_buffer_len > 0)
		tls_stream_refuse(session->stream, "the server answered what it was not asked");
}

/* The code of the reply, 0 when there is none. */
static int reply_code(struct smtp_session *session)
{
	int code = session->reply.complete ? session->reply.code : 0;

	if (!code || code == 421)	/* RFC 5321, 3.8: it closes the channel */
		session->broken = true;
	return code;
}

static void copy_text(char *to, size_t size, const char *text)
{
	snprintf(to, size, "%.*s", (int)size - 1, text);
	privacy_mask_cpr(to);
}

static void fill(const struct smtp_session *session, enum smtp_outcome outcome, struct smtp_result *ret_result)
{
	*ret_result = (struct smtp_result){ .outcome = outcome, .phase = session->phase };
	if (!session->reply.complete) {
		copy_text(ret_result->text, sizeof(ret_result->text), tls_stream_error(session->stream));
		return;
	}
	ret_result->code = session->reply.code;
	memcpy(ret_result->status, session->reply.status, sizeof(ret_result->status));
	memcpy(ret_result->text, session->reply.text, sizeof(ret_result->text));
}

/* What the server's code says about the mail before it was sent. */
static enum smtp_outcome outcome_before_sending(int code)
{
	return code >= 500 && code <= 599 ? SMTP_REJECTED : SMTP_RETRY;
}

static bool is_taken(int code)
{
	return code >= 200 && code <= 299;
}

/* One command in our own words, and its reply. */
/* libetpan writes and reads here, the reply is smtp_reply's: its last line ends the loop. */
static int converse(struct smtp_session *session, const char *line)
{
	mailstream *stream = session->smtp->stream;

	if (mailstream_write(stream, line, strlen(line)) < 0 || mailstream_flush(stream) < 0)
		return reply_code(session);
	while (!session->reply.complete && mailstream_read_line_remove_eol(stream, session->smtp->line_buffer))
		;
	return reply_code(session);
}

/* In place, without a copy of the secret on the heap. */
static void add_base64(char *text, const char *bytes, size_t length)
{
	/* the last: padding */
	static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/=";

	for (text += strlen(text); length > 0; bytes += 3, length -= length < 3 ? length : 3) {
		unsigned char a = (unsigned char)bytes[0], b = length > 1 ? (unsigned char)bytes[1] : 0,
			c = length > 2 ? (unsigned char)bytes[2] : 0;

		*text++ = digits[a >> 2];
		*text++ = digits[(a & 3) << 4 | b >> 4];
		*text++ = digits[length > 1 ? (b & 15) << 2 | c >> 6 : 64];
		*text++ = digits[length > 2 ? c & 63 : 64];
	}
	*text = '\0';
}

/* Says prefix and the secret in base64; the code of the reply. */
static int say_secret(struct smtp_session *session, const char *prefix, const char *secret, size_t length)
{
	char line[2 * SECRET_MAX * 4 / 3 + 64];
	int code;

	begin(session, SMTP_AUTH);
	snprintf(line, sizeof(line), "%s", prefix);
	add_base64(line, secret, length);
	memcpy(line + strlen(line), "\r\n", sizeof("\r\n"));
	code = converse(session, line);
	explicit_bzero(line, sizeof(line));
	return code;
}

/* RFC 4616 */
static int log_in_plain(struct smtp_session *session, const struct smtp_server *server)
{
	char secret[2 * SECRET_MAX];
	int length = snprintf(secret, sizeof(secret), "%c%s%c%s", '\0', server->user, '\0', server->password), code;

	code = say_secret(session, "AUTH PLAIN ", secret, (size_t)length);
	explicit_bzero(secret, sizeof(secret));
	return code;
}

/* Never standardised, but some servers have nothing else: user and password, each when it is asked for. */
static int log_in_login(struct smtp_session *session, const struct smtp_server *server)
{
	int code;

	begin(session, SMTP_AUTH);
	code = converse(session, "AUTH LOGIN\r\n");
	if (code == 334)
		code = say_secret(session, "", server->user, strlen(server->user));
	return code == 334 ? say_secret(session, "", server->password, strlen(server->password)) : code;
}

/* Something of ours, not of the server's, ends the session: it must not pass for a reply. */
static bool refuse(struct smtp_session *session, const char *text)
{
	session->reply = (struct smtp_reply){ .code = 0 };
	tls_stream_refuse(session->stream, "%s", text);
	return false;
}

/* Only after TLS, so a password in clear text is in clear to the server alone. */
static bool log_in(struct smtp_session *session, const struct smtp_server *server)
{
	int offered = session->smtp->auth;

	session->phase = SMTP_AUTH;
	if (strlen(server->user) >= SECRET_MAX / 2 || strlen(server->password) >= SECRET_MAX)
		return refuse(session, "user or password is too long");
	if (offered & MAILSMTP_AUTH_PLAIN)
		return log_in_plain(session, server) == 235;
	if (offered & MAILSMTP_AUTH_LOGIN)
		return log_in_login(session, server) == 235;
	return refuse(session, "the server offers neither AUTH PLAIN nor LOGIN");
}

static bool say_hello(struct smtp_session *session)
{
	begin(session, SMTP_HELLO);
	mailesmtp_ehlo(session->smtp);
	return reply_code(session) == 250;
}

/* EHLO again behind TLS: what the server offered in clear may have been somebody else's offer (RFC 3207, 4.2). */
static bool start_tls(struct smtp_session *session)
{
	begin(session, SMTP_STARTTLS);
	if (!(session->smtp->esmtp & MAILSMTP_ESMTP_STARTTLS))
		return refuse(session, "the server offers no STARTTLS");
	mailesmtp_starttls(session->smtp);
	if (reply_code(session) != 220)
		return false;
	if (etpan_stream_upgrade(session->smtp->stream) != TLS_DONE) {
		session->reply = (struct smtp_reply){ .code = 0 };
		return false;
	}
	return say_hello(session);
}

/* There is no session without TLS and without a login. */
static bool open_session(struct smtp_session *session, const struct smtp_server *server)
{
	begin(session, SMTP_GREETING);
	mailsmtp_connect(session->smtp, etpan_stream_new(session->stream, inspect, session));
	return reply_code(session) == 220 && say_hello(session) && (server->implicit || start_tls(session)) &&
		log_in(session, server);
}

/* Nothing is sent yet, so whatever goes wrong here is for another try: the mail is not to blame. */
enum smtp_outcome smtp_connect(const struct smtp_server *server, struct smtp_session **ret_session,
	struct smtp_result *ret_result)
{
	struct tls_target target = {
		.host = server->host, .port = server->port, .implicit = server->implicit, .ca_file = server->ca_file,
		.cancel_fd = server->cancel_fd,
	};
	struct smtp_session *session = calloc(1, sizeof(*session));
	struct err err = ERR_NULL;

	if (!session)
		abort();
	session->timeout_s = server->timeout_s;
	if (tls_stream_connect(&target, phase_ms(session, SMTP_CONNECT), &session->stream, &err) != TLS_DONE) {
		*ret_result = (struct smtp_result){ .outcome = SMTP_RETRY, .phase = SMTP_CONNECT };
		copy_text(ret_result->text, sizeof(ret_result->text), err.text);
		free(session);
		return SMTP_RETRY;
	}
	session->smtp = mailsmtp_new(0, NULL);
	if (!session->smtp)
		abort();
	if (!open_session(session, server)) {
		fill(session, SMTP_RETRY, ret_result);
		smtp_close(&session);
		return SMTP_RETRY;
	}
	*ret_session = session;
	return SMTP_DONE;
}

/* One message on its way. Recipients that the server has taken so far are marked UNSURE until the end is known. */
struct sending {
	struct smtp_session *session;
	const char *const *recipients;
	size_t count;
	struct smtp_result *results;
};

/* Everybody who is not refused yet. */
static void settle_accepted(struct sending *sending, enum smtp_outcome outcome)
{
	for (size_t i = 0; i < sending->count; i++)
		if (sending->results[i].outcome == SMTP_UNSURE)
			fill(sending->session, outcome, &sending->results[i]);
}

static void refuse_here(struct smtp_result *result, enum smtp_phase phase, const char *status, const char *text)
{
	*result = (struct smtp_result){ .outcome = SMTP_REJECTED, .phase = phase };
	snprintf(result->status, sizeof(result->status), "%s", status);
	snprintf(result->text, sizeof(result->text), "%s", text);
}

/* 7-bit, CRLF, no line too long: with anything else, servers disagree where a message ends. */
static bool is_clean(const char *bytes, size_t length)
{
	size_t line = 0;

	for (size_t i = 0; i < length; i++) {
		unsigned char byte = (unsigned char)bytes[i];

		if (byte == '\r' && i + 1 < length && bytes[i + 1] == '\n') {
			line = 0;
			i++;
		} else if ((byte < 0x20 && byte != '\t') || byte >= 0x7f || ++line > BODY_LINE_MAX) {
			return false;
		}
	}
	return length > 2 && memcmp(bytes + length - 2, "\r\n", 2) == 0;
}

static const char *clean_envelope_id(const char *id)
{
	static const char allowed[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-_@";

	return id && *id && strlen(id) <= ENVELOPE_ID_MAX && !id[strspn(id, allowed)] ? id : NULL;
}

/* A message was begun and not sent: the session is clean again, or of no more use. */
static void reset(struct smtp_session *session)
{
	if (!smtp_is_usable(session))
		return;
	begin(session, SMTP_RESET);
	mailsmtp_reset(session->smtp);
	if (reply_code(session) != 250)
		session->broken = true;
}

/* With SIZE and, where it is offered, an envelope id (RFC 3461, 4.4) by which bounces may name the mail. */
static bool name_sender(struct sending *sending, const char *from, const char *envelope_id, size_t length)
{
	struct smtp_session *session = sending->session;
	int code;

	if (!smtp_is_usable(session))
		refuse(session, "this session has ended");
	begin(session, SMTP_MAIL);
	mailesmtp_mail_size(session->smtp, from, 0, clean_envelope_id(envelope_id), length);
	code = reply_code(session);
	if (!is_taken(code))
		settle_accepted(sending, outcome_before_sending(code));
	return is_taken(code);
}

/* ORCPT is xtext (RFC 3461, 4): what would have to be escaped goes without it. */
static void say_recipient(struct smtp_session *session, const char *address)
{
	char original[ORCPT_MAX + sizeof("rfc822;")];
	bool plain = strlen(address) <= ORCPT_MAX && !strpbrk(address, "+=");

	begin(session, SMTP_RCPT);
	snprintf(original, sizeof(original), "rfc822;%s", plain ? address : "");
	mailesmtp_rcpt(session->smtp, address, 0, plain ? original : NULL);
}

/* How many were taken. */
static size_t name_recipients(struct sending *sending)
{
	size_t taken = 0;

	for (size_t i = 0; i < sending->count && !sending->session->broken; i++) {
		int code;

		if (sending->results[i].outcome != SMTP_UNSURE)
			continue;
		say_recipient(sending->session, sending->recipients[i]);
		code = reply_code(sending->session);
		if (is_taken(code))
			taken++;
		else
			fill(sending->session, outcome_before_sending(code), &sending->results[i]);
	}
	if (sending->session->broken)
		settle_accepted(sending, SMTP_RETRY);
	return sending->session->broken ? 0 : taken;
}

/* 354 and nothing else: after a 2xx the message would be read as commands. */
static bool ask_to_send(struct sending *sending)
{
	int code;

	begin(sending->session, SMTP_DATA);
	mailsmtp_data(sending->session->smtp);
	code = reply_code(sending->session);
	if (code == 354)
		return true;
	if (code < 400)
		sending->session->broken = true;	/* whatever it means, the next line would not be read as we mean it */
	settle_accepted(sending, outcome_before_sending(code));
	return false;
}

/*
 * The message is in the hands of the server once the write that holds the final dot has succeeded: a TLS record is
 * either whole or worthless. From there on, only an answer makes it certain (RFC 1047).
 */
static void send_body(struct sending *sending, const char *bytes, size_t length)
{
	struct smtp_session *session = sending->session;
	int code;

	begin(session, SMTP_BODY);
	/* libetpan adds the line end before the dot */
	if (mailstream_send_data(session->smtp->stream, bytes, length - 2, 0, NULL) < 0) {
		session->broken = true;
		settle_accepted(sending, SMTP_RETRY);
		return;
	}
	begin(session, SMTP_END);
	tls_stream_set_grace(session->stream, END_GRACE_MS);
	code = converse(session, "");
	if (is_taken(code)) {
		settle_accepted(sending, SMTP_DONE);
	} else if (code >= 400) {
		settle_accepted(sending, outcome_before_sending(code));
	} else {
		session->broken = true;
		settle_accepted(sending, SMTP_UNSURE);
	}
}

/* What we would not send is refused here, for each recipient in a result as a server's refusal would be. */
void smtp_send(struct smtp_session *session, const char *envelope_from, const char *envelope_id,
	const char *const *recipients, size_t count, const char *bytes, size_t length, struct smtp_result *ret_results)
{
	struct sending sending = { session, recipients, count, ret_results };
	bool clean = is_clean(bytes, length), sender = !*envelope_from || mime_address_is_valid(envelope_from);
	size_t valid = 0;

	for (size_t i = 0; i < count; i++) {
		ret_results[i] = (struct smtp_result){ .outcome = SMTP_UNSURE };
		if (!clean)
			refuse_here(&ret_results[i], SMTP_BODY, "5.6.0", "the message is not 7-bit text with CRLF line ends");
		else if (!sender)
			refuse_here(&ret_results[i], SMTP_MAIL, "5.1.7", "the sender is no address we would send from");
		else if (!mime_address_is_valid(recipients[i]))
			refuse_here(&ret_results[i], SMTP_RCPT, "5.1.3", "this is no address we would send to");
		else
			valid++;
	}
	if (!valid)
		return;
	if (name_sender(&sending, envelope_from, envelope_id, length) && name_recipients(&sending) && ask_to_send(&sending))
		send_body(&sending, bytes, length);
	else
		reset(session);
}

bool smtp_is_usable(const struct smtp_session *session)
{
	return !session->broken && session->smtp->stream && tls_stream_outcome(session->stream) == TLS_DONE;
}

void smtp_close(struct smtp_session **session)
{
	struct smtp_session *closing = *session;

	*session = NULL;
	if (!closing)
		return;
	begin(closing, SMTP_QUIT);
	if (closing->smtp->stream && mailsmtp_quit(closing->smtp) == MAILSMTP_NO_ERROR)
		(void)!tls_stream_wait(closing->stream, GOODBYE_MS, -1);
	mailsmtp_free(closing->smtp);
	tls_stream_free(&closing->stream);
	free(closing);
}
