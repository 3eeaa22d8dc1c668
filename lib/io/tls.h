/*
 * tls - one connection to a server, encrypted and verified, under a deadline.
 *
 * A stream is TLS 1.2 or newer from the first byte, or plain until it is upgraded (STARTTLS). The certificate's chain,
 * dates and name are always verified, against the system's store or one CA file; there is no way to switch that off.
 * Revocation is not looked up.
 *
 * Every command has one absolute deadline on the monotonic clock and a cap on the bytes received, so that a server that
 * drips or floods holds nobody. A readable cancel_fd ends whatever waits, unless it was given grace. The first failure
 * sticks: every later call on the stream fails at once with the same outcome and text. Waiting is poll(2): a descriptor
 * may be any number.
 *
 * A stream belongs to one thread at a time; only cancel_fd may be written by others. The process need not ignore
 * SIGPIPE. Known limit: name lookup (getaddrinfo) keeps to the resolver's own time limit and cannot be cancelled.
 */
#ifndef IO_TLS_H
#define IO_TLS_H

#include "base/err.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Are there certificates to trust in the file (PEM)? It is read again for every connection. */
bool tls_is_ca_file(const char *path) NODISCARD;

enum tls_outcome {
	TLS_DONE,		/* it worked */
	TLS_UNREACHABLE,	/* no address for the name, or no address answered */
	TLS_UNTRUSTED,		/* the certificate or the TLS handshake was refused, by us or by the server */
	TLS_CLOSED,		/* the server closed the connection, or it broke */
	TLS_TIMED_OUT,		/* the deadline passed */
	TLS_CANCELLED,		/* cancel_fd became readable */
	TLS_REFUSED,		/* the server sent more than allowed, or what a reader above refused */
};

struct tls_target {
	const char *host;	/* DNS name or address; what the certificate must be for */
	uint16_t port;
	bool implicit;		/* TLS from the first byte; otherwise plain until tls_stream_upgrade() */
	const char *ca_file;	/* PEM; NULL: the system's store */
	int cancel_fd;		/* an eventfd that is never read here, or -1 */
};

struct tls_stream;

/*
 * Connects, trying all addresses of the name in turn, and with implicit TLS shakes hands; blocks for at most timeout_ms
 * (and the name lookup). On TLS_DONE *ret_stream is the caller's, to be freed with tls_stream_free(); otherwise err
 * says why, in words for an administrator. The strings of target need not live on.
 */
enum tls_outcome tls_stream_connect(const struct tls_target *target, int64_t timeout_ms,
	struct tls_stream **ret_stream, struct err *err) NODISCARD;

/*
 * Turns a plain stream into TLS, within the current deadline. The caller makes sure that nothing it has already read is
 * left over: such bytes came in clear and must not be believed after the upgrade.
 */
enum tls_outcome tls_stream_upgrade(struct tls_stream *stream) NODISCARD;

/* Begins a command: from now it has timeout_ms, and may receive bytes_max bytes (as counted on the wire). */
void tls_stream_set_deadline(struct tls_stream *stream, int64_t timeout_ms, size_t bytes_max);

/* Within the command begun, cancel_fd does not end the stream at once but leaves it that long. */
void tls_stream_set_grace(struct tls_stream *stream, int64_t grace_ms);

/* Waits for data; at least 1 byte, or -1 on any failure and at the end of the stream. Never 0. */
ssize_t tls_stream_read(struct tls_stream *stream, void *bytes, size_t size) NODISCARD;

/* Writes at least one of size (at least 1) bytes; the number written, or -1. */
ssize_t tls_stream_write(struct tls_stream *stream, const void *bytes, size_t size) NODISCARD;

/*
 * Waits up to timeout_ms, which the deadline must allow for, until a read would find something (data, end or error):
 * TLS_DONE. Else TLS_TIMED_OUT or TLS_CANCELLED, neither of which sticks, or what the stream has already failed with.
 * Readable, end_fd (-1: none) ends the time.
 */
enum tls_outcome tls_stream_wait(struct tls_stream *stream, int64_t timeout_ms, int end_fd) NODISCARD;

/* Fails the stream from above with TLS_REFUSED, unless it has failed before. */
void tls_stream_refuse(struct tls_stream *stream, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* TLS_DONE as long as nothing has failed. */
enum tls_outcome tls_stream_outcome(const struct tls_stream *stream);

/* Why the stream failed; "" as long as nothing has. Valid as long as the stream. */
const char *tls_stream_error(const struct tls_stream *stream);

/* Is the stream encrypted by now? */
bool tls_stream_is_secure(const struct tls_stream *stream);

/* Closes without waiting for the server, frees, sets *stream to NULL. Accepts NULL in it. */
void tls_stream_free(struct tls_stream **stream);

#endif
