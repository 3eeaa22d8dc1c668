/*
 * libetpan reads and writes through a driver of ours over io/tls: so all its bytes have deadline and cap, are inspected
 * before they are parsed, and its own sockets, TLS and select(2) are never used.
 */
#include "io/etpan_stream.h"

#include <libetpan/mailstream.h>
#include <stdlib.h>

enum { BUFFER_SIZE = 16 * 1024 };	/* libetpan moves the rest of the buffer at every line */

struct link {
	struct tls_stream *stream;	/* not owned */
	etpan_inspector *inspector;
	void *context;
};

static ssize_t low_read(mailstream_low *low, void *bytes, size_t size)
{
	struct link *link = low->data;
	ssize_t count = tls_stream_read(link->stream, bytes, size);
	struct err err = ERR_NULL;

	if (count > 0 && link->inspector && link->inspector(link->context, bytes, (size_t)count, &err) < 0) {
		tls_stream_refuse(link->stream, "%s", err.text);
		return -1;
	}
	return count;
}

static ssize_t low_write(mailstream_low *low, const void *bytes, size_t size)
{
	struct link *link = low->data;

	/* libetpan takes 0 for progress and comes again for ever */
	return size > 0 ? tls_stream_write(link->stream, bytes, size) : 0;
}

/* The stream is its owner's; what libetpan closes is only its view of it. */
static int low_close(mailstream_low *low)
{
	(void)low;
	return 0;
}

/* Nothing in libetpan may wait on the descriptor with select(2) on its own. */
static int low_get_fd(mailstream_low *low)
{
	(void)low;
	return -1;
}

static void low_free(mailstream_low *low)
{
	free(low->data);
	free(low);
}

static void low_cancel(mailstream_low *low)
{
	(void)low;
}

static mailstream_low_driver driver = {
	.mailstream_read = low_read,
	.mailstream_write = low_write,
	.mailstream_close = low_close,
	.mailstream_get_fd = low_get_fd,
	.mailstream_free = low_free,
	.mailstream_cancel = low_cancel,
};

struct _mailstream *etpan_stream_new(struct tls_stream *stream, etpan_inspector *inspector, void *context)
{
	struct link *link = calloc(1, sizeof(*link));
	mailstream_low *low;
	mailstream *etpan;

	if (!link)
		abort();
	*link = (struct link){ stream, inspector, context };
	low = mailstream_low_new(link, &driver);
	if (!low)
		abort();
	etpan = mailstream_new(low, BUFFER_SIZE);
	if (!etpan)
		abort();
	return etpan;
}

/* What came in clear behind the answer may be an attacker's: it is not read as if it had come encrypted. */
enum tls_outcome etpan_stream_upgrade(struct _mailstream *etpan)
{
	struct link *link = mailstream_get_low(etpan)->data;

	if (etpan->read_buffer_len > 0)
		tls_stream_refuse(link->stream, "the server sent data in clear behind its answer to STARTTLS");
	return tls_stream_upgrade(link->stream);
}
