#include "base/text.h"
#include "io/imap_session.h"

#include <assert.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

enum { SEARCH_SPAN = 100 * 1000 };	/* a search answers with hardly more UIDs than this */

static int compare_uids(const void *a, const void *b)
{
	uint32_t left = *(const uint32_t *)a, right = *(const uint32_t *)b;

	return (left > right) - (left < right);
}

/* What a server answers outside of the range is dropped: uids must rise, and none come twice. */
static enum imap_outcome search_span(struct imap *imap, uint32_t from, uint32_t to, struct text *uids,
	struct imap_fault *fault)
{
	enum imap_outcome outcome;
	char command[64];
	clist *found;

	snprintf(command, sizeof(command), "UID SEARCH UID %" PRIu32 ":%" PRIu32, from, to);
	outcome = imap_session_run(imap, "UID SEARCH", command, IMAP_ANSWER_MAX, fault);
	if (outcome != IMAP_OK)
		return outcome;
	found = imap->session->imap_response_info->rsp_search_result;
	for (clistiter *at = found ? clist_begin(found) : NULL; at; at = clist_next(at)) {
		const uint32_t *uid = clist_content(at);

		if (*uid >= from && *uid <= to)
			text_add_bytes(uids, uid, sizeof(*uid));
	}
	return IMAP_OK;
}

/* Where a search from here may end, so that its answer stays small in a folder of any size. */
static uint32_t span_end(const struct mailimap_selection_info *info, uint32_t from, uint32_t to)
{
	/* A small folder, no message above, or a short span: one search does. */
	if (!info || info->sel_exists <= SEARCH_SPAN || from >= info->sel_uidnext || to - from < SEARCH_SPAN)
		return to;
	return from + SEARCH_SPAN - 1;
}

enum imap_outcome imap_search(struct imap *imap, uint32_t from, uint32_t to, struct arena *arena, uint32_t **ret_uids,
	size_t *ret_count, struct imap_fault *fault)
{
	CLEANUP(text_done) struct text found = TEXT_NULL;
	uint32_t *uids;
	size_t count, unique = 0;

	imap->guard.news = false;	/* what was told before this is found by it */
	for (uint64_t at = from; at <= to;) {
		uint32_t end = span_end(imap->session->imap_selection_info, (uint32_t)at, to);
		enum imap_outcome outcome = search_span(imap, (uint32_t)at, end, &found, fault);

		if (outcome != IMAP_OK)
			return outcome;
		at = (uint64_t)end + 1;
	}
	count = found.length / sizeof(*uids);
	uids = arena_array(arena, count, sizeof(*uids));
	if (count > 0)
		memcpy(uids, found.data, found.length);
	qsort(uids, count, sizeof(*uids), compare_uids);
	for (size_t i = 0; i < count; i++)
		if (unique == 0 || uids[i] != uids[unique - 1])
			uids[unique++] = uids[i];
	*ret_uids = uids;
	*ret_count = unique;
	return IMAP_OK;
}

/* INTERNALDATE in seconds since 1970 UTC; 0 for a date that is none. */
static int64_t seconds_of(const struct mailimap_date_time *date)
{
	struct tm tm = { .tm_year = date->dt_year - 1900, .tm_mon = date->dt_month - 1, .tm_mday = date->dt_day,
		.tm_hour = date->dt_hour, .tm_min = date->dt_min, .tm_sec = date->dt_sec };

	if (date->dt_year < 1970 || date->dt_year > 9999 || date->dt_month < 1 || date->dt_month > 12 ||
		date->dt_day < 1 || date->dt_day > 31 || date->dt_hour < 0 || date->dt_hour > 23 || date->dt_min < 0 ||
		date->dt_min > 59 || date->dt_sec < 0 || date->dt_sec > 60 || abs(date->dt_zone) > 1400)
		return 0;
	return timegm(&tm) - ((int64_t)date->dt_zone / 100 * 60 + date->dt_zone % 100) * 60;
}

/* What one FETCH answer holds of what we ask for. */
struct answer {
	const struct mailimap_date_time *date;
	const struct mailimap_msg_att_body_section *section;
	uint32_t uid, size;
	bool has_size;
};

/* Servers add what was not asked for, such as flags: everything else is passed over. */
static struct answer read_answer(const struct mailimap_msg_att *attributes)
{
	struct answer answer = { 0 };

	for (clistiter *at = clist_begin(attributes->att_list); at; at = clist_next(at)) {
		const struct mailimap_msg_att_item *item = clist_content(at);
		const struct mailimap_msg_att_static *fixed = item->att_data.att_static;

		if (item->att_type != MAILIMAP_MSG_ATT_ITEM_STATIC)
			continue;
		if (fixed->att_type == MAILIMAP_MSG_ATT_UID) {
			answer.uid = fixed->att_data.att_uid;
		} else if (fixed->att_type == MAILIMAP_MSG_ATT_INTERNALDATE) {
			answer.date = fixed->att_data.att_internal_date;
		} else if (fixed->att_type == MAILIMAP_MSG_ATT_RFC822_SIZE) {
			answer.size = fixed->att_data.att_rfc822_size;
			answer.has_size = true;
		} else if (fixed->att_type == MAILIMAP_MSG_ATT_BODY_SECTION &&
			fixed->att_data.att_body_section->sec_body_part) {
			answer.section = fixed->att_data.att_body_section;
		}
	}
	return answer;
}

/* A refusal after some of the messages came is an answer too (some were expunged meanwhile, RFC 5530). */
static enum imap_outcome take_answers(struct imap *imap, enum imap_outcome outcome, clist **ret_answers)
{
	if (outcome == IMAP_NO && clist_count(imap->session->imap_response_info->rsp_fetch_list) > 0)
		outcome = IMAP_OK;
	if (outcome == IMAP_OK)
		*ret_answers = imap->session->imap_response_info->rsp_fetch_list;
	return outcome;
}

/* "1:500,502": the set of a batch is one line, however many UIDs are in it. */
static void add_uid_set(struct text *text, const uint32_t *uids, size_t count)
{
	for (size_t i = 0, last; i < count; i = last + 1) {
		for (last = i; last + 1 < count && uids[last + 1] == uids[last] + 1;)
			last++;
		text_addf(text, "%s%" PRIu32, i > 0 ? "," : "", uids[i]);
		if (last > i)
			text_addf(text, ":%" PRIu32, uids[last]);
	}
}

static void fill_mail(struct imap_mail *mail, const struct answer *answer, struct arena *arena)
{
	size_t length = answer->section->sec_length;

	mail->uid = answer->uid;
	mail->received = seconds_of(answer->date);
	mail->size = answer->size;
	mail->header_is_cut = length > IMAP_HEADER_MAX;
	mail->header_length = mail->header_is_cut ? IMAP_HEADER_MAX : length;
	mail->header = arena_strndup(arena, answer->section->sec_body_part, mail->header_length);
}

static size_t headers_max(size_t count)
{
	return count * (IMAP_HEADER_MAX + 1024) * 9 / 8 + IMAP_ANSWER_MAX;	/* an eighth for what TLS adds */
}

enum imap_outcome imap_fetch_ahead(struct imap *imap, const uint32_t *uids, size_t count, struct imap_fault *fault)
{
	CLEANUP(text_done) struct text command = TEXT_NULL;

	assert(imap->ahead_count == 0);
	if (count == 0)
		return IMAP_OK;
	text_add(&command, "UID FETCH ");
	add_uid_set(&command, uids, count);
	/* one byte more than we keep tells that there was more */
	text_addf(&command, " (UID INTERNALDATE RFC822.SIZE BODY.PEEK[HEADER]<0.%d>)", IMAP_HEADER_MAX + 1);
	imap_session_begin(imap, headers_max(count));
	if (!imap_session_say(imap, text_string(&command)))
		return imap_session_conclude(imap, "UID FETCH", MAILIMAP_ERROR_STREAM, fault);
	imap->ahead_count = count;
	imap->ahead_uid = uids[0];
	return IMAP_OK;
}

/* The answers to the fetch of these that is under way, or is begun now. */
static enum imap_outcome fetch_headers(struct imap *imap, const uint32_t *uids, size_t count, clist **ret_answers,
	struct imap_fault *fault)
{
	enum imap_outcome outcome = IMAP_OK;

	assert(imap->ahead_count == 0 || (imap->ahead_count == count && imap->ahead_uid == uids[0]));
	if (imap->ahead_count == 0)
		outcome = imap_fetch_ahead(imap, uids, count, fault);
	if (outcome != IMAP_OK || count == 0)
		return outcome;
	imap->ahead_count = 0;
	return take_answers(imap, imap_session_hear(imap, "UID FETCH", headers_max(count), fault), ret_answers);
}

enum imap_outcome imap_fetch(struct imap *imap, const uint32_t *uids, size_t count, struct arena *arena,
	struct imap_mail **ret_mails, size_t *ret_count, struct imap_fault *fault)
{
	struct imap_mail *mails = arena_array(arena, count, sizeof(*mails));
	clist *answers = NULL;
	enum imap_outcome outcome = fetch_headers(imap, uids, count, &answers, fault);
	size_t filled = 0;

	if (outcome != IMAP_OK)
		return outcome;
	for (clistiter *at = answers ? clist_begin(answers) : NULL; at; at = clist_next(at)) {
		struct answer answer = read_answer(clist_content(at));
		const uint32_t *asked = bsearch(&answer.uid, uids, count, sizeof(*uids), compare_uids);

		/* also unasked: flags that somebody changed, and the last message for n:* */
		if (asked && answer.date && answer.section && answer.has_size)
			fill_mail(&mails[asked - uids], &answer, arena);
	}
	for (size_t i = 0; i < count; i++)
		if (mails[i].uid)
			mails[filled++] = mails[i];
	*ret_mails = mails;
	*ret_count = filled;
	return IMAP_OK;
}

/* BODY.PEEK: reading must not set \Seen. */
enum imap_outcome imap_fetch_start(struct imap *imap, uint32_t uid, size_t size, struct arena *arena,
	const char **ret_bytes, size_t *ret_length, struct imap_fault *fault)
{
	const char *bytes = NULL;
	size_t length = 0, capped = size < IMAP_START_MAX ? size : IMAP_START_MAX;
	enum imap_outcome outcome;
	clist *answers = NULL;
	char command[96];

	snprintf(command, sizeof(command), "UID FETCH %" PRIu32 " (UID BODY.PEEK[]<0.%zu>)", uid, capped);
	outcome = take_answers(imap, imap_session_run(imap, "UID FETCH", command, capped * 9 / 8 + IMAP_ANSWER_MAX, fault),
		&answers);
	if (outcome != IMAP_OK)
		return outcome;
	for (clistiter *at = clist_begin(answers); at; at = clist_next(at)) {
		struct answer answer = read_answer(clist_content(at));

		if (answer.uid != uid || !answer.section)
			continue;
		length = answer.section->sec_length < capped ? answer.section->sec_length : capped;
		bytes = arena_strndup(arena, answer.section->sec_body_part, length);
	}
	*ret_bytes = bytes;
	*ret_length = length;
	return IMAP_OK;
}
