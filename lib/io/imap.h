/*
 * imap - reads a mailbox over IMAP, and changes nothing in it.
 *
 * A connection is used by one thread; every call blocks, for at most the account's time-out (imap_idle: its own), and
 * ends early when cancel_fd becomes readable. Folders are opened with EXAMINE, mail is fetched with BODY.PEEK: no flag
 * ever changes. Mail is named by UID only; sequence numbers are not used. ENVELOPE and BODYSTRUCTURE are never asked
 * for (see imap_guard.h). All sizes are capped before they are asked for.
 *
 * After any outcome but IMAP_OK and IMAP_NO the connection is out of step: free it and connect anew. The caller goes on
 * from the last UID that it has stored; nothing here remembers any.
 *
 * This file owns libetpan's IMAP.
 */
#ifndef IO_IMAP_H
#define IO_IMAP_H

#include "base/arena.h"
#include "base/err.h"
#include "io/imap_name.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	IMAP_BATCH_MAX = 500,			/* UIDs in one fetch */
	IMAP_HEADER_MAX = 64 * 1024,		/* bytes of a header block */
	IMAP_START_MAX = 1024 * 1024,		/* bytes of the start of a message */
	IMAP_FOLDERS_MAX = 10000,
};

enum imap_outcome {
	IMAP_OK,		/* done */
	IMAP_NO,		/* the server refused this command; the connection can go on */
	IMAP_AUTH_REFUSED,	/* name or password refused: back off slowly, accounts get locked */
	IMAP_UNTRUSTED,		/* certificate or TLS refused: a person must look at it */
	IMAP_DISCONNECTED,	/* unreachable, closed, said BYE, or too slow: connect again after a while */
	IMAP_PROTOCOL,		/* said something that is not IMAP, or more than allowed: connect again after a while */
	IMAP_THROTTLED,		/* asked us to wait: connect again after wait_ms */
	IMAP_CANCELLED,		/* cancel_fd became readable */
};

/* Filled by every call that does not return IMAP_OK. */
struct imap_fault {
	struct err err;		/* for an administrator, with the server's own words; never a password */
	int64_t wait_ms;	/* with IMAP_THROTTLED: what the server asked for, at most an hour */
};

#define IMAP_FAULT_NULL { .wait_ms = 0 }

struct imap_account {
	const char *host;
	uint16_t port;
	bool starttls;		/* begin in clear and upgrade; otherwise TLS from the first byte */
	const char *ca_file;	/* PEM; NULL: the system's store */
	const char *user, *password;
	int timeout_s;		/* for each command */
};

struct imap_folder {
	const char *name;	/* UTF-8, for people and configuration */
	const char *raw;	/* for commands */
	char delimiter;		/* of the hierarchy; 0: none */
	enum imap_use use;
};

struct imap_state {
	uint32_t uidvalidity;	/* never 0 */
	uint32_t uidnext;	/* 0: the server did not say */
	uint32_t exists;
};

struct imap_mail {
	uint32_t uid;
	int64_t received;	/* INTERNALDATE, seconds since 1970 UTC */
	uint32_t size;		/* RFC822.SIZE, bytes */
	const char *header;	/* the header block as it came, up to IMAP_HEADER_MAX bytes; may hold zero bytes */
	size_t header_length;
	bool header_is_cut;	/* the block is longer than that */
};

struct imap;

/* What an outcome is called in a log: "ok", "no", "auth-refused", … */
const char *imap_outcome_name(enum imap_outcome outcome);

/*
 * Connects, upgrades where told to, logs in and asks for capabilities. With IMAP_OK *ret_imap is the caller's, to be
 * freed with imap_free(). cancel_fd: an eventfd, never read here, or -1. The strings of account need not live on.
 * IMAP_NO: the server knows us but cannot take us now (RFC 5530 UNAVAILABLE, INUSE, LIMIT).
 */
enum imap_outcome imap_connect(const struct imap_account *account, int cancel_fd, struct imap **ret_imap,
	struct imap_fault *fault) NODISCARD;

/* Says LOGOUT if in step, waiting at most two seconds; frees; sets *imap to NULL. Accepts NULL in it. */
void imap_free(struct imap **imap);

/* Does the server offer IDLE (RFC 2177)? If not, call imap_noop() every so often and look by UID. */
bool imap_has_idle(const struct imap *imap);

/*
 * All folders that can be opened, in the server's order, allocated in arena. use comes from the attribute, else from
 * the name, else from the folder above. IMAP_PROTOCOL when there are more than IMAP_FOLDERS_MAX. A name with control
 * characters in it, which no command could carry, is left out.
 */
enum imap_outcome imap_list(struct imap *imap, struct arena *arena, struct imap_folder **ret_folders, size_t *ret_count,
	struct imap_fault *fault) NODISCARD;

/* Opens a folder, read-only. IMAP_NO: no such folder, or no right to it; then no folder is open. */
enum imap_outcome imap_examine(struct imap *imap, const char *raw, struct imap_state *ret_state,
	struct imap_fault *fault) NODISCARD;

/* Asks how a folder stands without opening it, unless it is open: then it is opened anew. IMAP_NO as above. */
enum imap_outcome imap_status(struct imap *imap, const char *raw, struct imap_state *ret_state,
	struct imap_fault *fault) NODISCARD;

/*
 * The UIDs from..to (inclusive, from >= 1) that exist in the open folder, rising, allocated in arena. What is not in
 * there any more was expunged. to may be UINT32_MAX.
 */
enum imap_outcome imap_search(struct imap *imap, uint32_t from, uint32_t to, struct arena *arena, uint32_t **ret_uids,
	size_t *ret_count, struct imap_fault *fault) NODISCARD;

/*
 * Dates, sizes and header blocks of up to IMAP_BATCH_MAX messages, allocated in arena, by rising UID. uids must rise. A
 * message that is missing in the answer has been expunged, or the server could not read it: imap_search() tells. Never
 * answers with a UID that was not asked for. IMAP_NO: the server gave none of them. When one message upsets server or
 * parser, the whole batch is lost with IMAP_PROTOCOL: ask for its messages singly on the next connection.
 */
enum imap_outcome imap_fetch(struct imap *imap, const uint32_t *uids, size_t count, struct arena *arena,
	struct imap_mail **ret_mails, size_t *ret_count, struct imap_fault *fault) NODISCARD;

/*
 * Asks for what the next imap_fetch() will ask for, and does not wait: the server works meanwhile. That imap_fetch(),
 * of the same UIDs, must be the next command on the connection, or imap_free().
 */
enum imap_outcome imap_fetch_ahead(struct imap *imap, const uint32_t *uids, size_t count,
	struct imap_fault *fault) NODISCARD;

/*
 * The first size bytes (at most IMAP_START_MAX) of a message with its header, allocated in arena and NUL-terminated
 * behind *ret_length bytes. *ret_bytes is NULL when the message is not there any more.
 */
enum imap_outcome imap_fetch_start(struct imap *imap, uint32_t uid, size_t size, struct arena *arena,
	const char **ret_bytes, size_t *ret_length, struct imap_fault *fault) NODISCARD;

/*
 * Waits in IDLE until the server tells of new messages (*ret_news true; at once when it has told since imap_search() or
 * imap_examine()), or timeout_ms has passed (false). A doorbell,
 * not a feed: look by UID afterwards in any case. Servers and NATs drop connections that are silent for long:
 * timeout_ms is at most nine minutes. IMAP_NO: the server refuses IDLE; imap_has_idle() is false from then on.
 * IMAP_DISCONNECTED also when the server tells news but never lets IDLE begin (Outlook): connect again and look by UID.
 * end_fd (never read here; -1: none) ends the wait like the end of the time, when readable.
 */
enum imap_outcome imap_idle(struct imap *imap, int64_t timeout_ms, int end_fd, bool *ret_news,
	struct imap_fault *fault) NODISCARD;

/* Does nothing but keep the connection, and lets the server tell of news. */
enum imap_outcome imap_noop(struct imap *imap, struct imap_fault *fault) NODISCARD;

#endif
