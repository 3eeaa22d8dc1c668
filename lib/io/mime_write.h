/*
 * mime_write - the bytes of a mail that we send.
 *
 * Written by hand rather than by GMime: boundaries and ids are our own, the same letter always gives the same bytes,
 * and every byte of the header block goes through one function that lets nothing but printable ASCII pass. The result
 * is 7-bit clean, has CRLF line ends, and no line is longer than RFC 5322 allows.
 */
#ifndef IO_MIME_WRITE_H
#define IO_MIME_WRITE_H

#include "base/err.h"
#include "base/text.h"
#include "core/letter.h"

enum { MIME_WRITE_REFERENCES_MAX = 20 };	/* the first and the newest are kept */

/*
 * Writes the letter: multipart/alternative, or text alone when html is NULL; quoted-printable; marked as automatic
 * (RFC 3834: Auto-Submitted, and X-Auto-Response-Suppress for Exchange), with no Precedence.
 *
 * -1 with err when it must not go out: a control character in a name or subject, an address outside the allow-list,
 * nobody in To, an id of ours that is malformed, text that is no UTF-8. Ids in in_reply_to and references come from
 * others: those that are malformed are left out.
 */
NODISCARD int mime_write_letter(const struct letter *letter, struct text *ret_bytes, struct err *err);

#endif
