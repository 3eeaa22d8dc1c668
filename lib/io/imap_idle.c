#include "io/imap_session.h"

#include "base/clock.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>
#include <strings.h>

/*
 * libetpan's own IDLE waits with select(2), does not look into its buffer first, and hangs when news comes before the
 * "+" (Outlook does that). So lines are read here, and only the buffer is shared with it.
 */

enum { NEWS_BEFORE_PLUS_MS = 2000 };

struct idle {
	struct imap *imap;
	char tag[16];		/* with the blank behind it */
	bool is_accepted;	/* "+" has come */
	bool is_done;		/* the tagged answer has come */
	bool is_refused;	/* and it was NO or BAD */
	bool news;
};

/* * 23 EXISTS, * 1 RECENT. Flags come and go all day, and an expunge brings nothing to read. */
static bool is_news(const char *line)
{
	if (strncmp(line, "* ", 2) != 0 || !isdigit((unsigned char)line[2]))
		return false;
	line += 2;
	line += strspn(line, "0123456789");
	return strncasecmp(line, " EXISTS", 7) == 0 || strncasecmp(line, " RECENT", 7) == 0;
}

/* Takes in one line; false when the stream fails or the server says BYE. */
static bool take_line(struct idle *idle)
{
	struct imap *imap = idle->imap;
	const char *line = mailstream_read_line(imap->session->imap_stream, imap->session->imap_stream_buffer);

	if (!line)
		return false;
	if (line[0] == '+') {
		idle->is_accepted = true;
	} else if (strncmp(line, idle->tag, strlen(idle->tag)) == 0) {
		idle->is_done = true;
		idle->is_refused = strncasecmp(line + strlen(idle->tag), "OK", 2) != 0;
	} else if (is_news(line)) {
		idle->news = true;
	}
	return imap->guard.bye[0] == '\0';
}

/* IDLE, up to the "+", or the refusal. */
static bool start(struct idle *idle)
{
	struct imap *imap = idle->imap;

	imap_session_begin(imap, IMAP_ANSWER_MAX);
	if (mailimap_send_current_tag(imap->session) != MAILIMAP_NO_ERROR || !imap_session_send(imap, "IDLE"))
		return false;
	snprintf(idle->tag, sizeof(idle->tag), "%i ", imap->session->imap_tag);
	while (!idle->is_accepted && !idle->is_done) {
		bool was_news = idle->news;

		if (!take_line(idle))
			return false;
		/* Outlook tells the news and forgets the "+": the caller finds out sooner by a broken connection */
		if (idle->news && !was_news && imap->timeout_ms > NEWS_BEFORE_PLUS_MS)
			tls_stream_set_deadline(imap->stream, NEWS_BEFORE_PLUS_MS, IMAP_ANSWER_MAX);
	}
	return true;
}

/* Until news, the end of the time, or failure (false). */
static bool listen_for_news(struct idle *idle, int64_t timeout_ms, int end_fd, bool *ret_cancelled)
{
	struct imap *imap = idle->imap;
	int64_t until_ms = clock_monotonic_ms() + timeout_ms;

	while (!idle->news && !idle->is_done) {
		int64_t left_ms = until_ms - clock_monotonic_ms();

		if (left_ms <= 0)
			return true;
		if (imap->session->imap_stream->read_buffer_len == 0) {
			enum tls_outcome waited;

			tls_stream_set_deadline(imap->stream, left_ms + imap->timeout_ms, IMAP_ANSWER_MAX);
			waited = tls_stream_wait(imap->stream, left_ms, end_fd);
			*ret_cancelled = waited == TLS_CANCELLED;
			if (waited == TLS_TIMED_OUT)
				return true;
			if (waited != TLS_DONE)
				return false;
		}
		/* what has begun to arrive arrives within the time of a command */
		imap_session_begin(imap, IMAP_ANSWER_MAX);
		if (!take_line(idle))
			return false;
	}
	return true;
}

/* DONE, unless the server has ended it already; news may still come before the tagged answer. */
static bool stop(struct idle *idle)
{
	imap_session_begin(idle->imap, IMAP_ANSWER_MAX);
	if (idle->is_done)
		return true;
	if (!imap_session_send(idle->imap, "DONE"))
		return false;
	while (!idle->is_done)
		if (!take_line(idle))
			return false;
	return true;
}

enum imap_outcome imap_idle(struct imap *imap, int64_t timeout_ms, int end_fd, bool *ret_news,
	struct imap_fault *fault)
{
	struct idle idle = { .imap = imap };
	bool cancelled = false;

	*ret_news = imap->guard.news;
	imap->guard.news = false;
	if (*ret_news)		/* an answer since the last imap_search() has told it, and no server tells it twice */
		return IMAP_OK;
	if (!start(&idle))
		return imap_session_conclude(imap, "IDLE", MAILIMAP_ERROR_STREAM, fault);
	if (idle.is_done && idle.is_refused) {
		imap->has_idle = false;
		return imap_session_conclude(imap, "IDLE", MAILIMAP_ERROR_CUSTOM_COMMAND, fault);
	}
	if (!listen_for_news(&idle, timeout_ms, end_fd, &cancelled)) {
		if (!cancelled)
			return imap_session_conclude(imap, "IDLE", MAILIMAP_ERROR_STREAM, fault);
		imap->is_out_of_step = true;
		err_set(&fault->err, "cancelled");
		return IMAP_CANCELLED;
	}
	if (!stop(&idle) || idle.is_refused)
		return imap_session_conclude(imap, "IDLE", MAILIMAP_ERROR_STREAM, fault);
	*ret_news = idle.news;
	imap->guard.news = false;
	return IMAP_OK;
}
