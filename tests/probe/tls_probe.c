/*
 * tls_probe HOST PORT CA implicit|starttls|plain TIMEOUT_MS BYTES_MAX CANCEL_MS
 *
 * Connects, says "hello", reads until the stream fails, and prints how far it came: "connected" (after the handshake),
 * "read N" (bytes in all), and last the outcome's name and text. CANCEL_MS > 0 cancels after so long. The socket's
 * number is above 1024, where select(2) would write beyond its set.
 */
#include "io/tls.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/timerfd.h>
#include <unistd.h>

static const char *const outcomes[] = {
	[TLS_DONE] = "done", [TLS_UNREACHABLE] = "unreachable", [TLS_UNTRUSTED] = "untrusted", [TLS_CLOSED] = "closed",
	[TLS_TIMED_OUT] = "timed-out", [TLS_CANCELLED] = "cancelled", [TLS_REFUSED] = "refused",
};

static void use_up_descriptors(void)
{
	struct rlimit limit;

	getrlimit(RLIMIT_NOFILE, &limit);
	limit.rlim_cur = limit.rlim_max < 2048 ? limit.rlim_max : 2048;
	setrlimit(RLIMIT_NOFILE, &limit);
	while (dup(STDERR_FILENO) < 1024)
		;
}

static int report(enum tls_outcome outcome, const char *text)
{
	printf("%s %s\n", outcomes[outcome], text);
	return outcome == TLS_DONE ? 0 : 1;
}

static int cancel_after(int64_t milliseconds)
{
	struct itimerspec when = { .it_value = { milliseconds / 1000, milliseconds % 1000 * 1000000 } };
	int fd = milliseconds > 0 ? timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC) : -1;

	if (fd >= 0)
		timerfd_settime(fd, 0, &when, NULL);
	return fd;
}

/* In clear: "go" or "go" with something smuggled in behind it. */
static void upgrade(struct tls_stream *stream)
{
	char line[64];

	if (tls_stream_read(stream, line, sizeof(line)) > 0 && tls_stream_upgrade(stream) == TLS_DONE)
		printf("upgraded\n");
}

int main(int argc, char **argv)
{
	struct tls_target target = { .cancel_fd = -1 };
	struct tls_stream *stream = NULL;
	struct err err = ERR_NULL;
	enum tls_outcome outcome;
	char bytes[4096];
	ssize_t count;
	size_t total = 0;
	int status;

	if (argc != 8)
		return 2;
	use_up_descriptors();
	target.host = argv[1];
	target.port = (uint16_t)strtoul(argv[2], NULL, 10);
	target.ca_file = argv[3][0] ? argv[3] : NULL;
	target.implicit = strcmp(argv[4], "implicit") == 0;
	target.cancel_fd = cancel_after(strtoimax(argv[7], NULL, 10));
	outcome = tls_stream_connect(&target, strtoimax(argv[5], NULL, 10), &stream, &err);
	if (outcome != TLS_DONE)
		return report(outcome, err.text);
	tls_stream_set_deadline(stream, strtoimax(argv[5], NULL, 10), strtoumax(argv[6], NULL, 10));
	if (strcmp(argv[4], "starttls") == 0)
		upgrade(stream);
	printf("connected %s\n", tls_stream_is_secure(stream) ? "securely" : "in clear");
	if (tls_stream_write(stream, "hello\r\n", 7) == 7)
		while ((count = tls_stream_read(stream, bytes, sizeof(bytes))) > 0)
			total += (size_t)count;
	printf("read %zu\n", total);
	status = report(tls_stream_outcome(stream), tls_stream_error(stream));
	tls_stream_free(&stream);
	return status;
}
