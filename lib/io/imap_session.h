/*
 * imap_session - what the files of imap share: a connection, and how a command begins and ends. For imap*.c only.
 */
#ifndef IO_IMAP_SESSION_H
#define IO_IMAP_SESSION_H

#include "io/imap.h"
#include "io/imap_guard.h"
#include "io/tls.h"

#include <libetpan/mailimap.h>

enum { IMAP_ANSWER_MAX = 8 * 1024 * 1024 };	/* bytes of an answer without mail in it */

struct imap {
	mailimap *session;			/* NULL until connected */
	struct tls_stream *stream;
	struct imap_guard guard;		/* sees all that arrives on the stream */
	int64_t timeout_ms;			/* of a command */
	bool has_idle, lists_special_use;
	bool is_out_of_step;			/* nothing but imap_free() any more */
	char *open;				/* the folder that is open, as the server writes it; NULL: none */
	size_t ahead_count;			/* UIDs of the fetch that is under way; 0: none */
	uint32_t ahead_uid;			/* the first of them */
};

/* Before a command: deadline and caps start anew. */
void imap_session_begin(struct imap *imap, size_t bytes_max);

/* After a command: what became of it, by libetpan's result, the stream's state and the server's words. */
enum imap_outcome imap_session_conclude(struct imap *imap, const char *verb, int result,
	struct imap_fault *fault) NODISCARD;

/*
 * Says a command, given as text without tag and line end; without waiting for the answer. Puts a tag before it, not a
 * blank behind it as mailimap_custom_command() does, which a strict server refuses.
 */
bool imap_session_say(struct imap *imap, const char *command) NODISCARD;

/* Begins anew, reads the answer to what was said, and concludes. The answer is in session->imap_response_info. */
enum imap_outcome imap_session_hear(struct imap *imap, const char *verb, size_t bytes_max,
	struct imap_fault *fault) NODISCARD;

/* All of it, around a command given as text without tag and line end. The answer is in session->imap_response_info. */
enum imap_outcome imap_session_run(struct imap *imap, const char *verb, const char *command, size_t bytes_max,
	struct imap_fault *fault) NODISCARD;

/* Sends what is to follow a tag, or DONE; puts the line end behind it. */
bool imap_session_send(struct imap *imap, const char *line) NODISCARD;

/* The answer was IMAP, but lacks what it must have: IMAP_PROTOCOL. */
enum imap_outcome imap_session_fail(struct imap *imap, struct imap_fault *fault, const char *text) NODISCARD;

#endif
