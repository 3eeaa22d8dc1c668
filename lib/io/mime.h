/*
 * mime - received octets as a struct message.
 *
 * It never fails on what a sender wrote: what cannot be read becomes a word in defects, and "unreadable" alone when
 * nothing could be had. Time and memory are bounded by the caps of core/message.h; nothing recurses.
 *
 * Defects: bad-address bad-date bad-encoding bad-from bad-header-line bad-message-id bad-sender control-characters
 * encoded-address header-too-long hidden-characters name-too-long nested-too-deep no-boundary no-date no-from
 * no-message-id raw-8bit subject-too-long too-many-parts too-many-recipients too-many-references too-many-tags
 * too-many-traces two-content-type two-date two-from two-message-id two-sender two-subject unknown-charset unreadable
 */
#ifndef IO_MIME_H
#define IO_MIME_H

#include "base/arena.h"
#include "core/message.h"
#include "core/subject.h"

/* Once per process, before the first thread; further calls do nothing. */
void mime_init(void);

/*
 * Reads a message, or its header alone, or its header and the first bytes of its body, cut anywhere. A leading mbox
 * "From " line is passed over. Of the body MESSAGE_PREFIX_MAX bytes are looked at. Results live in the arena; bytes
 * need not outlive the call.
 */
void mime_parse(struct arena *arena, const struct subject_grammar *grammar, const void *bytes, size_t length,
	struct message *ret_message);

#endif
