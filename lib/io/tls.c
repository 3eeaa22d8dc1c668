/*
 * A stream is plain or TLS. Every read and write is tried first, and only when it would block does await() wait: for
 * the descriptor, cancel_fd, or the deadline. A failure sticks: once there is one, each call returns at once with the
 * first cause, so callers may check in the end.
 */
#include "io/tls.h"

#include "base/clock.h"
#include "io/tls_words.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <openssl/err.h>
#include <openssl/ssl.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

enum { HOST_MAX = 256, CONNECT_BYTES_MAX = 256 * 1024 };

struct tls_stream {
	int fd, cancel_fd;
	SSL_CTX *context;
	SSL *ssl;				/* NULL while plain */
	char host[HOST_MAX];
	char *ca_file;				/* owned; NULL: the system's store */
	int64_t deadline_ms;
	int64_t grace_ms;			/* how long a cancel still lets it wait */
	size_t bytes_left;
	enum tls_outcome outcome;
	struct err error;
};

/* The first failure is the cause; what follows it is noise. */
__attribute__((format(printf, 3, 4)))
static enum tls_outcome fail(struct tls_stream *stream, enum tls_outcome outcome, const char *format, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	if (stream->outcome != TLS_DONE)
		return stream->outcome;
	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	err_set(&stream->error, "%s", text);
	return stream->outcome = outcome;
}

void tls_stream_refuse(struct tls_stream *stream, const char *format, ...)
{
	char text[ERR_TEXT_MAX];
	va_list args;

	va_start(args, format);
	vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	fail(stream, TLS_REFUSED, "%s", text);
}

enum tls_outcome tls_stream_outcome(const struct tls_stream *stream)
{
	return stream->outcome;
}

const char *tls_stream_error(const struct tls_stream *stream)
{
	return stream->error.text;
}

bool tls_stream_is_secure(const struct tls_stream *stream)
{
	return stream->ssl != NULL;
}

void tls_stream_set_deadline(struct tls_stream *stream, int64_t timeout_ms, size_t bytes_max)
{
	stream->deadline_ms = clock_monotonic_ms() + timeout_ms;
	stream->bytes_left = bytes_max;
	stream->grace_ms = 0;
}

void tls_stream_set_grace(struct tls_stream *stream, int64_t grace_ms)
{
	stream->grace_ms = grace_ms;
}

/* Waits for fd, cancel_fd or end_fd until a moment: TLS_DONE, TLS_CANCELLED, TLS_TIMED_OUT. */
static enum tls_outcome wait_until(int fd, int cancel_fd, int end_fd, short events, int64_t until_ms)
{
	struct pollfd fds[] = { { .fd = fd, .events = events }, { .fd = cancel_fd, .events = POLLIN },
		{ .fd = end_fd, .events = POLLIN } };

	for (;;) {
		int64_t left_ms = until_ms - clock_monotonic_ms();
		int ready = poll(fds, 3, left_ms < 0 ? 0 : left_ms > INT32_MAX ? INT32_MAX : (int)left_ms);

		if (ready > 0 && fds[1].revents)
			return TLS_CANCELLED;
		if (ready > 0 && fds[0].revents)
			return TLS_DONE;
		if (ready > 0 || left_ms <= 0)
			return TLS_TIMED_OUT;
	}
}

/* Cancelled while there is grace: not given up, but waited for no longer than that. */
static enum tls_outcome await_with_grace(struct tls_stream *stream, short events)
{
	enum tls_outcome outcome = wait_until(stream->fd, stream->cancel_fd, -1, events, stream->deadline_ms);
	int64_t end_ms = clock_monotonic_ms() + stream->grace_ms;

	if (outcome != TLS_CANCELLED || stream->grace_ms == 0)
		return outcome;
	if (end_ms < stream->deadline_ms)
		stream->deadline_ms = end_ms;
	stream->cancel_fd = -1;
	return wait_until(stream->fd, -1, -1, events, stream->deadline_ms);
}

static enum tls_outcome await(struct tls_stream *stream, short events)
{
	switch (await_with_grace(stream, events)) {
	case TLS_TIMED_OUT:
		return fail(stream, TLS_TIMED_OUT, "%s did not answer in time", stream->host);
	case TLS_CANCELLED:
		return fail(stream, TLS_CANCELLED, "cancelled");
	default:
		return TLS_DONE;
	}
}

/* recv(2) under the caps: the number of bytes, 0 when one must wait, -1 when the stream has failed. */
static ssize_t receive(struct tls_stream *stream, void *bytes, size_t size)
{
	ssize_t count;

	/* also asked when data is at hand: a server that drips may never let us wait */
	if (clock_monotonic_ms() >= stream->deadline_ms) {
		fail(stream, TLS_TIMED_OUT, "%s did not finish its answer in time", stream->host);
		return -1;
	}
	if (stream->bytes_left == 0) {
		fail(stream, TLS_REFUSED, "%s sent more than allowed in answer to one command", stream->host);
		return -1;
	}
	count = recv(stream->fd, bytes, size < stream->bytes_left ? size : stream->bytes_left, 0);
	if (count > 0) {
		stream->bytes_left -= (size_t)count;
		return count;
	}
	if (count < 0 && (errno == EAGAIN || errno == EINTR))
		return 0;
	if (count == 0)
		fail(stream, TLS_CLOSED, "%s closed the connection", stream->host);
	else
		fail(stream, TLS_CLOSED, "connection to %s broke: %s", stream->host, strerror(errno));
	return -1;
}

/* send(2) without SIGPIPE: the number of bytes, 0 when one must wait, -1 when the stream has failed. */
static ssize_t transmit(struct tls_stream *stream, const void *bytes, size_t size)
{
	ssize_t count = send(stream->fd, bytes, size, MSG_NOSIGNAL);

	if (count >= 0)
		return count;
	if (errno == EAGAIN || errno == EINTR)
		return 0;
	fail(stream, TLS_CLOSED, "connection to %s broke: %s", stream->host, strerror(errno));
	return -1;
}

/* OpenSSL's own socket BIO knows neither our caps nor MSG_NOSIGNAL. */

static int bio_read(BIO *bio, char *bytes, int size)
{
	ssize_t count = receive(BIO_get_data(bio), bytes, (size_t)size);

	BIO_clear_retry_flags(bio);
	if (count != 0)
		return (int)count;
	BIO_set_retry_read(bio);
	return -1;
}

static int bio_write(BIO *bio, const char *bytes, int size)
{
	ssize_t count = transmit(BIO_get_data(bio), bytes, (size_t)size);

	BIO_clear_retry_flags(bio);
	if (count != 0)
		return (int)count;
	BIO_set_retry_write(bio);
	return -1;
}

/* Nothing is buffered here: a flush is done before it begins. */
static long bio_ctrl(BIO *bio, int command, long number, void *pointer)
{
	(void)bio, (void)number, (void)pointer;
	return command == BIO_CTRL_FLUSH;
}

static BIO_METHOD *bio_method;

static void make_bio_method(void)
{
	bio_method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "fristd stream");
	if (!bio_method)
		abort();
	BIO_meth_set_read(bio_method, bio_read);
	BIO_meth_set_write(bio_method, bio_write);
	BIO_meth_set_ctrl(bio_method, bio_ctrl);
}

static BIO *bio_new(struct tls_stream *stream)
{
	static pthread_once_t once = PTHREAD_ONCE_INIT;
	BIO *bio;

	pthread_once(&once, make_bio_method);
	bio = BIO_new(bio_method);
	if (!bio)
		abort();
	BIO_set_data(bio, stream);
	BIO_set_init(bio, 1);
	return bio;
}

/* OpenSSL decides; this only finds the words while the certificate at fault is at hand. */
static int verify(int ok, X509_STORE_CTX *store)
{
	SSL *ssl = X509_STORE_CTX_get_ex_data(store, SSL_get_ex_data_X509_STORE_CTX_idx());
	struct tls_stream *stream = SSL_get_app_data(ssl);
	char why[ERR_TEXT_MAX];

	if (!ok && X509_STORE_CTX_get_current_cert(store)) {
		tls_words_refusal(store, stream->host, why, sizeof(why));
		fail(stream, TLS_UNTRUSTED, "%s", why);
	}
	return ok;
}

/* Not for programmers: what an administrator can do something about. */
static void describe_handshake_failure(struct tls_stream *stream)
{
	unsigned long error = ERR_peek_error();
	const char *reason = ERR_reason_error_string(error);

	switch (ERR_GET_REASON(error)) {
	case SSL_R_UNSUPPORTED_PROTOCOL:
	case SSL_R_TLSV1_ALERT_PROTOCOL_VERSION:
		fail(stream, TLS_UNTRUSTED, "%s speaks no TLS 1.2 or newer", stream->host);
		break;
	case SSL_R_WRONG_VERSION_NUMBER:
		fail(stream, TLS_UNTRUSTED, "%s does not answer in TLS on this port (is it one for STARTTLS?)",
			stream->host);
		break;
	default:
		fail(stream, TLS_UNTRUSTED, "TLS with %s failed: %s", stream->host, reason ? reason : "no reason");
	}
}

/* What to do about a return of SSL_read, SSL_write or SSL_connect that is not positive: TLS_DONE to try again. */
static enum tls_outcome after(struct tls_stream *stream, int result, bool handshake)
{
	int error = SSL_get_error(stream->ssl, result);

	if (stream->outcome != TLS_DONE)
		return stream->outcome;
	if (error == SSL_ERROR_WANT_READ)
		return await(stream, POLLIN);
	if (error == SSL_ERROR_WANT_WRITE)
		return await(stream, POLLOUT);
	if (error == SSL_ERROR_ZERO_RETURN)
		return fail(stream, TLS_CLOSED, "%s closed the connection", stream->host);
	if (handshake)
		describe_handshake_failure(stream);
	return fail(stream, TLS_CLOSED, "TLS connection to %s broke", stream->host);
}

/* Read for every connection: a renewed file needs no restart. */
static enum tls_outcome load_authorities(struct tls_stream *stream)
{
	int loaded = stream->ca_file ? SSL_CTX_load_verify_file(stream->context, stream->ca_file) :
		SSL_CTX_set_default_verify_paths(stream->context);

	if (loaded == 1)
		return TLS_DONE;
	return fail(stream, TLS_UNTRUSTED, "cannot read certificates from %s",
		stream->ca_file ? stream->ca_file : "the system's store");
}

bool tls_is_ca_file(const char *path)
{
	X509_STORE *store = X509_STORE_new();
	bool loaded;

	if (!store)
		abort();
	loaded = X509_STORE_load_file(store, path) == 1;
	X509_STORE_free(store);
	ERR_clear_error();
	return loaded;
}

static bool is_address(const char *host)
{
	struct in6_addr address;

	return inet_pton(AF_INET, host, &address) == 1 || inet_pton(AF_INET6, host, &address) == 1;
}

/* Whom we expect, and whom we say we expect (RFC 6066: no address as server name). */
static bool expect_host(struct tls_stream *stream)
{
	if (is_address(stream->host))
		return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(stream->ssl), stream->host) == 1;
	SSL_set_hostflags(stream->ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
	return SSL_set1_host(stream->ssl, stream->host) == 1 &&
		SSL_set_tlsext_host_name(stream->ssl, stream->host) == 1;
}

enum tls_outcome tls_stream_upgrade(struct tls_stream *stream)
{
	BIO *bio;
	int result;

	if (stream->outcome != TLS_DONE)
		return stream->outcome;
	stream->context = SSL_CTX_new(TLS_client_method());
	if (!stream->context || SSL_CTX_set_min_proto_version(stream->context, TLS1_2_VERSION) != 1)
		return fail(stream, TLS_UNTRUSTED, "cannot set up TLS");
	if (load_authorities(stream) != TLS_DONE)
		return stream->outcome;
	SSL_CTX_set_verify(stream->context, SSL_VERIFY_PEER, verify);
	/* Renegotiation and compression have cost others dear (CVE-2009-3555, CRIME), and nobody needs them. */
	SSL_CTX_set_options(stream->context, SSL_OP_NO_RENEGOTIATION | SSL_OP_NO_COMPRESSION);
	/* A write that would block is repeated with what is left, and from wherever that lies by then. */
	SSL_CTX_set_mode(stream->context, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
	stream->ssl = SSL_new(stream->context);
	if (!stream->ssl || !expect_host(stream))
		return fail(stream, TLS_UNTRUSTED, "cannot set up TLS");
	bio = bio_new(stream);
	SSL_set_bio(stream->ssl, bio, bio);
	SSL_set_app_data(stream->ssl, stream);
	do {
		ERR_clear_error();
		result = SSL_connect(stream->ssl);
		if (result == 1)
			return TLS_DONE;
	} while (after(stream, result, true) == TLS_DONE);
	return stream->outcome;
}

/* After an attempt that moved nothing: waits, or finds that the stream has failed. */
static void settle(struct tls_stream *stream, int result, short events)
{
	if (stream->ssl)
		(void)after(stream, result, false);
	else if (result == 0)
		(void)await(stream, events);
}

ssize_t tls_stream_read(struct tls_stream *stream, void *bytes, size_t size)
{
	int piece = size < INT32_MAX ? (int)size : INT32_MAX;

	while (stream->outcome == TLS_DONE) {
		ssize_t count;

		ERR_clear_error();
		count = stream->ssl ? SSL_read(stream->ssl, bytes, piece) : receive(stream, bytes, size);
		if (count > 0)
			return count;
		settle(stream, (int)count, POLLIN);
	}
	return -1;
}

ssize_t tls_stream_write(struct tls_stream *stream, const void *bytes, size_t size)
{
	int piece = size < INT32_MAX ? (int)size : INT32_MAX;

	while (stream->outcome == TLS_DONE) {
		ssize_t count;

		ERR_clear_error();
		count = stream->ssl ? SSL_write(stream->ssl, bytes, piece) : transmit(stream, bytes, size);
		if (count > 0)
			return count;
		settle(stream, (int)count, POLLOUT);
	}
	return -1;
}

/* Is there anything to read now? A record may hold a ticket or a new key and no data. */
static bool has_data(struct tls_stream *stream)
{
	char byte;
	int result;

	if (!stream->ssl)
		return true;
	ERR_clear_error();
	result = SSL_peek(stream->ssl, &byte, 1);
	return result > 0 || SSL_get_error(stream->ssl, result) != SSL_ERROR_WANT_READ;
}

/* Data that OpenSSL has read already does not make the descriptor readable. */
enum tls_outcome tls_stream_wait(struct tls_stream *stream, int64_t timeout_ms, int end_fd)
{
	int64_t until_ms = clock_monotonic_ms() + timeout_ms;
	enum tls_outcome outcome = stream->outcome;

	if (stream->ssl && SSL_pending(stream->ssl) > 0)
		return outcome;
	while (outcome == TLS_DONE) {
		outcome = wait_until(stream->fd, stream->cancel_fd, end_fd, POLLIN, until_ms);
		if (outcome == TLS_DONE && has_data(stream))
			break;
	}
	return outcome;
}

/* One address within its share of the time; the socket, or -1 with the reason in *ret_errno. */
static int connect_address(struct tls_stream *stream, const struct addrinfo *address, int64_t until_ms, int *ret_errno)
{
	int on = 1, error = 0, fd;
	socklen_t length = sizeof(error);
	enum tls_outcome waited = TLS_DONE;

	fd = socket(address->ai_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (fd < 0) {
		*ret_errno = errno;
		return -1;
	}
	if (connect(fd, address->ai_addr, address->ai_addrlen) < 0) {
		error = errno;
		if (error == EINPROGRESS) {
			waited = wait_until(fd, stream->cancel_fd, -1, POLLOUT, until_ms);
			getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &length);
		}
	}
	if (waited == TLS_CANCELLED)
		fail(stream, TLS_CANCELLED, "cancelled");
	if (waited == TLS_TIMED_OUT)
		error = ETIMEDOUT;
	if (waited != TLS_DONE || error) {
		close(fd);
		*ret_errno = error;
		return -1;
	}
	/* Commands are small, and each waits for the answer to the one before. */
	setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
	setsockopt(fd, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof(on));
	return fd;
}

/* Each address in turn, with its share of the time that is left. */
static enum tls_outcome connect_host(struct tls_stream *stream, uint16_t port)
{
	struct addrinfo hints = { .ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV }, *addresses = NULL;
	char service[8];
	int error, last_errno = 0, left = 0;

	snprintf(service, sizeof(service), "%u", (unsigned)port);
	error = getaddrinfo(stream->host, service, &hints, &addresses);
	if (error)
		return fail(stream, TLS_UNREACHABLE, "no address for %s: %s", stream->host,
			error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
	for (struct addrinfo *address = addresses; address; address = address->ai_next)
		left++;
	for (struct addrinfo *address = addresses; address && stream->fd < 0 && stream->outcome == TLS_DONE;
		address = address->ai_next, left--) {
		int64_t now_ms = clock_monotonic_ms();

		/* one dead address must not eat the time of those after it */
		stream->fd = connect_address(stream, address, now_ms + (stream->deadline_ms - now_ms) / left,
			&last_errno);
	}
	freeaddrinfo(addresses);
	if (stream->fd >= 0 || stream->outcome != TLS_DONE)
		return stream->outcome;
	return fail(stream, TLS_UNREACHABLE, "cannot reach %s port %u: %s", stream->host, (unsigned)port,
		strerror(last_errno));
}

/* The name lookup is the one wait that cancel_fd does not end: getaddrinfo() has its own time-outs. */
enum tls_outcome tls_stream_connect(const struct tls_target *target, int64_t timeout_ms,
	struct tls_stream **ret_stream, struct err *err)
{
	struct tls_stream *stream = calloc(1, sizeof(*stream));
	enum tls_outcome outcome;

	if (!stream)
		abort();
	stream->fd = -1;
	stream->cancel_fd = target->cancel_fd;
	snprintf(stream->host, sizeof(stream->host), "%s", target->host);
	if (target->ca_file) {
		stream->ca_file = strdup(target->ca_file);
		if (!stream->ca_file)
			abort();
	}
	tls_stream_set_deadline(stream, timeout_ms, CONNECT_BYTES_MAX);
	outcome = connect_host(stream, target->port);
	if (outcome == TLS_DONE && target->implicit)
		outcome = tls_stream_upgrade(stream);
	if (outcome != TLS_DONE) {
		err_set(err, "%s", stream->error.text);
		tls_stream_free(&stream);
		return outcome;
	}
	*ret_stream = stream;
	return TLS_DONE;
}

void tls_stream_free(struct tls_stream **stream)
{
	struct tls_stream *old = *stream;

	*stream = NULL;
	if (!old)
		return;
	/* a close notify if it goes out at once; nobody waits for it */
	if (old->ssl && old->outcome == TLS_DONE)
		SSL_shutdown(old->ssl);
	SSL_free(old->ssl);
	SSL_CTX_free(old->context);
	if (old->fd >= 0)
		close(old->fd);
	free(old->ca_file);
	free(old);
}
