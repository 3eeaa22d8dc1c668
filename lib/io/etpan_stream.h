/*
 * etpan_stream - lets libetpan read and write over a tls_stream.
 *
 * libetpan's own streams verify no certificate, use select(2), count time per read and spin at the end of a stream;
 * this driver has none of that. Every byte that arrives is first shown to an inspector, which may refuse it before any
 * parser sees it. `struct _mailstream` is libetpan's type (`mailstream`), opaque to everybody but imap and smtp.
 */
#ifndef IO_ETPAN_STREAM_H
#define IO_ETPAN_STREAM_H

#include "base/err.h"
#include "io/tls.h"

#include <stddef.h>

struct _mailstream;

/* Looks at bytes as they arrive, in order; negative with err set refuses them and fails the stream (TLS_REFUSED). */
typedef int etpan_inspector(void *context, const char *bytes, size_t length, struct err *err);

/*
 * A libetpan stream over stream, which stays the caller's and must live longer. inspector may be NULL. The result is
 * libetpan's once given to mailimap_connect() or mailsmtp_init(), else freed with mailstream_close().
 */
struct _mailstream *etpan_stream_new(struct tls_stream *stream, etpan_inspector *inspector, void *context);

/*
 * STARTTLS was answered: shakes hands on the tls_stream below. Refused when anything is left that came in clear (a
 * man in the middle puts answers there).
 */
enum tls_outcome etpan_stream_upgrade(struct _mailstream *etpan) NODISCARD;

#endif
