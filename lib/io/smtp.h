/*
 * smtp - hands mail to the municipality's submission server.
 *
 * libetpan's SMTP over a verified tls_stream: TLS from the first byte or by STARTTLS, always; AUTH always. The two
 * things that matter are kept apart: what became of each recipient (an outcome, never a boolean), and in which phase
 * that was decided. Only one phase is ambiguous: after the final dot nobody can tell a lost answer from a lost mail
 * (RFC 1047).
 *
 * A session belongs to one thread; only cancel_fd of the server may be written by others. Blocks, for at most the
 * time-out of each phase. libetpan's share: its EHLO gives the machine's own name, and its SASL (plugins that need not
 * be installed, a time-out of its own) is not used: AUTH is written here, over its stream.
 */
#ifndef IO_SMTP_H
#define IO_SMTP_H

#include "base/err.h"
#include "io/smtp_reply.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum smtp_phase {
	SMTP_CONNECT,
	SMTP_GREETING,
	SMTP_HELLO,
	SMTP_STARTTLS,
	SMTP_AUTH,
	SMTP_MAIL,
	SMTP_RCPT,
	SMTP_DATA,
	SMTP_BODY,
	SMTP_END,	/* from the final dot to its answer */
	SMTP_RESET,
	SMTP_QUIT,
};

enum smtp_outcome {
	SMTP_DONE,	/* the server has taken the mail for this recipient */
	SMTP_RETRY,	/* it has not, and may later: nothing was sent */
	SMTP_REJECTED,	/* it will not: a person must hear of it */
	SMTP_UNSURE,	/* nobody knows; the copy or a person settles it */
};

struct smtp_result {
	enum smtp_outcome outcome;
	enum smtp_phase phase;			/* where that was decided */
	int code;				/* of the server's reply; 0: it gave none */
	char status[SMTP_REPLY_STATUS_MAX];	/* enhanced status, or "" */
	char text[SMTP_REPLY_TEXT_MAX];		/* the server's words, or ours when it said nothing; ASCII, CPR masked */
};

struct smtp_server {
	const char *host;
	uint16_t port;
	bool implicit;		/* TLS from the first byte; otherwise STARTTLS, which the server must offer */
	const char *ca_file;	/* NULL: the system's authorities */
	const char *user, *password;
	int timeout_s;		/* caps every phase's own time; ten times as long in SMTP_END. 0: no cap */
	int cancel_fd;		/* readable: give up, at once but in SMTP_END: there an answer has 10 s yet; -1: none */
};

struct smtp_session;

/* What the phase is called to an operator. */
const char *smtp_phase_name(enum smtp_phase phase);

/* "done", "retry", "rejected", "unsure" */
const char *smtp_outcome_name(enum smtp_outcome outcome);

/*
 * Connects and logs in. SMTP_DONE: *ret_session is the caller's, to be closed with smtp_close(). SMTP_RETRY: ret_result
 * says in which phase it failed and why; code 535 in SMTP_AUTH is a wrong password, with which one must back off.
 */
enum smtp_outcome smtp_connect(const struct smtp_server *server, struct smtp_session **ret_session,
	struct smtp_result *ret_result) NODISCARD;

/*
 * Sends one message to `count` recipients and fills as many ret_results. bytes: as mime_write_letter() makes them
 * (7-bit, CRLF); anything else is refused here, as is an address outside the allow-list: the server never sees it.
 * envelope_from "" is the null path. envelope_id (DSN, RFC 3461) is given where the server offers DSN; NULL: none.
 */
void smtp_send(struct smtp_session *session, const char *envelope_from, const char *envelope_id,
	const char *const *recipients, size_t count, const char *bytes, size_t length, struct smtp_result *ret_results);

/* May another message be sent on this session? */
bool smtp_is_usable(const struct smtp_session *session);

/* QUIT if that still makes sense, waiting a second at most; frees, sets *session to NULL. Accepts NULL in it. */
void smtp_close(struct smtp_session **session);

#endif
