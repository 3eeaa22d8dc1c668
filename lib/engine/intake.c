/*
 * A pass over a folder: search for UIDs above the last one read, then batch after batch: count the try, fetch the
 * headers, ask for the text where it may count, parse, and commit all with how far that is. The try is counted before
 * the first byte is asked for, in a transaction of its own: should a message bring the program down, the next start
 * knows, and takes them one by one.
 */
#include "engine/intake.h"

#include "base/log.h"
#include "io/mime.h"

#include <inttypes.h>
#include <stdio.h>

enum {
	BATCH_MARK = 0,			/* no message has UID 0: under it the tries at a whole batch are counted */
	BYTES_MAX = 4 * 1024 * 1024,	/* as they came, between two commits; parsed they take several times that */
};

/* One folder's pass. */
struct pass {
	struct intake *intake;
	struct store_folder folder;
	uint32_t uidvalidity;
	int64_t started_at;		/* when the mailbox was first read: about older mail nothing is sent */
	bool store_failed;
	bool ahead;			/* the headers of the next batch are on their way, and it is counted as tried */
	bool blameless;			/* what failed was the disk or a lock: no message is to blame */
	size_t bytes;			/* of headers and texts that were parsed and are not committed */
	struct imap_fault *fault;
};

/* A message of a batch: fetched and parsed; then decided, and recorded once that is committed. */
struct item {
	uint32_t uid;
	int64_t received;
	enum { ITEM_READ, ITEM_GONE, ITEM_SET_ASIDE } state;
	struct message message;
	bool seen_before;		/* stored before: its outcome stands, and the rest says nothing */
	enum decide_outcome outcome;
	struct clerk_result result;
};

static void be_heard_of(const struct pass *pass)
{
	pass->intake->is_heard_of(pass->intake->is_heard_of_arg);
}

/* Call under the lock. */
static int store_failed(struct pass *pass)
{
	pass->store_failed = true;
	pass->blameless = store_is_unwell(pass->intake->clerk->store);
	return -1;
}

/*
 * When it came, on our clock: by INTERNALDATE, for Date is the sender's. Without one it counts as new: taken for old it
 * would not be acted upon.
 */
static int64_t arrived_at(const struct pass *pass, int64_t received)
{
	struct clock *clock = pass->intake->clerk->clock;

	return received ? clock->from_server(clock, received) : clock->now(clock);
}

/*
 * Of what came before the mailbox was to be worked on nobody asks what it says: years of mail, one by one. Only where
 * the text tells the mail from others it must be known again, when it is copied with a date of today.
 */
static bool wants_text(const struct pass *pass, const struct item *item)
{
	const struct intake *intake = pass->intake;
	bool past = arrived_at(pass, item->received) < intake->mailbox->open_since;

	return (!past || !item->message.message_id) && clerk_wants_text(intake->clerk, intake->mailbox, &item->message);
}

/* Parses into arena what the server gave of a message, and asks for its text where that may count. */
static enum imap_outcome read_item(struct pass *pass, struct arena *arena, const struct imap_mail *mail,
	struct item *item)
{
	struct arena raw CLEANUP(arena_done) = ARENA_NULL;
	const char *bytes;
	size_t length;
	enum imap_outcome outcome;

	*item = (struct item){ .uid = mail->uid, .received = mail->received, .state = ITEM_READ };
	mime_parse(arena, &subject_grammar_default, mail->header, mail->header_length, &item->message);
	pass->bytes += mail->header_length;
	if (!wants_text(pass, item))
		return IMAP_OK;
	be_heard_of(pass);
	outcome = imap_fetch_start(pass->intake->imap, mail->uid, mail->header_length + MESSAGE_PREFIX_MAX, &raw, &bytes,
		&length, pass->fault);
	if (outcome == IMAP_OK && bytes) {
		mime_parse(arena, &subject_grammar_default, bytes, length, &item->message);
		pass->bytes += length;
	}
	return outcome == IMAP_NO ? IMAP_OK : outcome;	/* expunged meanwhile: the header is what we have */
}

/* What the server does not give when it is asked for this one alone stays gone. */
static enum imap_outcome fetch_alone(struct pass *pass, struct arena *arena, uint32_t uid, struct item *item)
{
	struct arena raw CLEANUP(arena_done) = ARENA_NULL;
	struct imap_mail *mail;
	size_t count;
	enum imap_outcome outcome;

	*item = (struct item){ .uid = uid, .state = ITEM_GONE };
	be_heard_of(pass);
	outcome = imap_fetch(pass->intake->imap, &uid, 1, &raw, &mail, &count, pass->fault);
	return outcome == IMAP_OK && count == 1 ? read_item(pass, arena, mail, item) : outcome;
}

/* The one record of a message: what it came to and why. Ids and words only, no subject, no address. */
static void log_outcome(const struct pass *pass, const struct item *item)
{
	const struct clerk_result *result = item->state == ITEM_READ ? &item->result : NULL;
	const char *outcome = decide_outcome_word(item->outcome);
	char uid[16], uidvalidity[16];

	snprintf(uid, sizeof(uid), "%" PRIu32, item->uid);
	snprintf(uidvalidity, sizeof(uidvalidity), "%" PRIu32, pass->uidvalidity);
	log_event(item->outcome == DECIDE_SET_ASIDE ? LOG_LEVEL_WARNING : LOG_LEVEL_INFO, "message", outcome,
		{ "mailbox", pass->intake->mailbox->name }, { "folder", pass->intake->folder->name },
		{ "uidvalidity", uidvalidity }, { "uid", uid },
		{ "msgid", result && item->outcome != DECIDE_CONFIDENTIAL ? item->message.message_id : NULL },
		{ "outcome", outcome },
		{ "reason", result ? decide_reason_word(result->reason) : NULL },
		{ "inquiry", result ? result->key : NULL },
		{ "rule", result ? result->decision.rule : NULL },
		{ "step", result && result->decision.changed ? result->decision.after.step : NULL },
		{ "trust", result && result->decision.acting_role ? trust_grade_name(result->trust.grade) : NULL });
}

/* Decides one message, or notes that there is nothing to decide on; every UID gets its sighting. */
static int receive_item(struct pass *pass, struct arena *arena, struct item *item, struct err *err)
{
	struct clerk *clerk = pass->intake->clerk;
	const struct clerk_input input = {
		.message = &item->message, .arrived_at = arrived_at(pass, item->received),
		.quiet = arrived_at(pass, item->received) < pass->started_at,
		.sent_items = pass->intake->folder->use == IMAP_USE_SENT,
	};

	if (store_has_sighting(clerk->store, pass->folder.id, pass->uidvalidity, item->uid, &item->seen_before, err) < 0)
		return -1;
	if (item->seen_before)	/* two workers may share a folder for a while; the first one's word stands */
		return 0;
	item->outcome = item->state == ITEM_GONE ? DECIDE_GONE : DECIDE_SET_ASIDE;
	if (item->state == ITEM_READ) {
		if (clerk_receive(clerk, arena, pass->intake->mailbox, &input, &item->result, err) < 0)
			return -1;
		item->outcome = item->result.outcome;
	}
	return store_add_sighting(clerk->store, pass->folder.id, pass->uidvalidity, item->uid, item->result.mail,
		clerk->clock->now(clerk->clock), item->outcome, err);
}

/*
 * One transaction: what the messages came to, and that the folder has been read up to the last of them. is_end: of the
 * batch, whose tries are then forgotten; before that the others of a batch that failed are still taken singly. The
 * first try at the batch that is on its way is counted with it, which saves the disk every second flush.
 */
static int commit_items(struct pass *pass, struct arena *arena, struct item *items, size_t count, bool is_end)
{
	struct clerk *clerk = pass->intake->clerk;
	struct err *err = &pass->fault->err;
	int result;

	be_heard_of(pass);
	pthread_mutex_lock(&clerk->lock);
	result = store_begin(clerk->store, err);
	for (size_t i = 0; result == 0 && i < count; i++)
		result = receive_item(pass, arena, &items[i], err);
	if (result == 0)
		result = store_folder_seen(clerk->store, pass->folder.id, pass->uidvalidity, items[count - 1].uid, err);
	if (result == 0 && is_end)
		result = store_clear_tries(clerk->store, pass->folder.id, err);
	if (result == 0 && is_end && pass->ahead)
		result = store_count_first_try(clerk->store, pass->folder.id, pass->uidvalidity, BATCH_MARK, err);
	if (result == 0)
		result = store_commit(clerk->store, err);
	if (result < 0) {
		store_rollback(clerk->store);
		result = store_failed(pass);
	} else {
		for (size_t i = 0; i < count; i++)
			if (!items[i].seen_before)
				log_outcome(pass, &items[i]);
		clerk_committed(clerk);
	}
	pthread_mutex_unlock(&clerk->lock);
	return result;
}

/* Committed at once, so that it is there when this try is the last thing we did. */
static int count_try(struct pass *pass, uint32_t uid, int *ret_tries)
{
	struct clerk *clerk = pass->intake->clerk;
	int result;

	pthread_mutex_lock(&clerk->lock);
	result = store_count_try(clerk->store, pass->folder.id, pass->uidvalidity, uid, ret_tries, &pass->fault->err);
	if (result < 0)
		result = store_failed(pass);
	pthread_mutex_unlock(&clerk->lock);
	return result;
}

/* Something in this batch failed before: one at a time, so that only the one at fault is set aside. */
static enum imap_outcome take_singly(struct pass *pass, const uint32_t *uids, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct arena arena CLEANUP(arena_done) = ARENA_NULL;
		struct item item = { .uid = uids[i], .state = ITEM_SET_ASIDE };
		int tries;

		if (count_try(pass, uids[i], &tries) < 0)
			return IMAP_OK;
		/* Three times alone; after that it is not even asked for, and stays ITEM_SET_ASIDE. */
		if (tries <= INTAKE_TRIES_MAX) {
			enum imap_outcome outcome = fetch_alone(pass, &arena, uids[i], &item);

			if (outcome != IMAP_OK)
				return outcome;
		}
		if (commit_items(pass, &arena, &item, 1, i + 1 == count) < 0)
			return IMAP_OK;
	}
	return IMAP_OK;
}

static size_t batch_size(size_t left)
{
	return left < IMAP_BATCH_MAX ? left : (size_t)IMAP_BATCH_MAX;
}

struct batch {
	struct arena arena;		/* for items and headers */
	struct arena parsed;		/* for what is not committed */
	const uint32_t *uids;
	struct item *items;
	size_t count, committed;
};

static void batch_done(struct batch *batch)
{
	arena_done(&batch->parsed);
	arena_done(&batch->arena);
}

/* Then what was parsed is done with: the arena is emptied for the next part. */
static int commit_until(struct pass *pass, struct batch *batch, size_t end)
{
	size_t begin = batch->committed;

	if (commit_items(pass, &batch->parsed, batch->items + begin, end - begin, end == batch->count) < 0)
		return -1;
	arena_reset(&batch->parsed);
	batch->committed = end;
	pass->bytes = 0;
	return 0;
}

/*
 * Reads the messages, and commits on the way what would make too much together. A server that fails at one message may
 * leave out all that follow in the same answer: each that is missing is asked for once more.
 */
static enum imap_outcome read_batch(struct pass *pass, struct batch *batch)
{
	struct imap_mail *mails;
	size_t mails_count, next = 0;
	enum imap_outcome outcome;

	pass->bytes = 0;
	pass->ahead = false;
	be_heard_of(pass);
	outcome = imap_fetch(pass->intake->imap, batch->uids, batch->count, &batch->arena, &mails, &mails_count,
		pass->fault);
	for (size_t i = 0; outcome == IMAP_OK && i < batch->count; i++) {
		if (pass->bytes >= BYTES_MAX && commit_until(pass, batch, i) < 0)
			return IMAP_OK;
		if (next < mails_count && mails[next].uid == batch->uids[i])
			outcome = read_item(pass, &batch->parsed, &mails[next++], &batch->items[i]);
		else
			outcome = fetch_alone(pass, &batch->parsed, batch->uids[i], &batch->items[i]);
	}
	return outcome;
}

/* Takes the first batch of uids, and asks for the one behind it. Returns its size in *ret_taken. */
static enum imap_outcome take_batch(struct pass *pass, const uint32_t *uids, size_t left, size_t *ret_taken)
{
	size_t count = *ret_taken = batch_size(left);
	struct batch batch CLEANUP(batch_done) = { .uids = uids, .count = count };
	enum imap_outcome outcome;
	int tries = 1;

	if (!pass->ahead && count_try(pass, BATCH_MARK, &tries) < 0)
		return IMAP_OK;
	/* More than one try: the last one did not get as far as its end. Whatever it was, it is in here. */
	if (tries > 1)
		return take_singly(pass, uids, count);
	batch.items = arena_array(&batch.arena, count, sizeof(*batch.items));
	outcome = read_batch(pass, &batch);
	if (outcome != IMAP_OK || pass->store_failed)
		return outcome;
	/* the server reads the next headers while we decide on these; these are decided on whatever becomes of that */
	be_heard_of(pass);
	outcome = imap_fetch_ahead(pass->intake->imap, uids + count, batch_size(left - count), pass->fault);
	pass->ahead = outcome == IMAP_OK && left > count;
	(void)commit_until(pass, &batch, count);
	return outcome;
}

/* Everything above the last UID that was read, in rising order. */
static enum imap_outcome take_new(struct pass *pass)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	uint32_t *uids;
	size_t count;
	enum imap_outcome outcome;

	if (pass->folder.seen_uid == UINT32_MAX)
		return IMAP_OK;
	be_heard_of(pass);
	outcome = imap_search(pass->intake->imap, pass->folder.seen_uid + 1, UINT32_MAX, &arena, &uids, &count, pass->fault);
	while (outcome == IMAP_OK && !pass->store_failed && count > 0) {
		size_t taken;

		outcome = take_batch(pass, uids, count, &taken);
		uids += taken;
		count -= taken;
	}
	return outcome;
}

/* A new UIDVALIDITY: all UIDs are others now. Content identity keeps the rescan from acting twice. */
static int check_validity(struct pass *pass)
{
	if (pass->folder.uidvalidity == pass->uidvalidity)
		return 0;
	if (pass->folder.uidvalidity != 0)
		log_event(LOG_LEVEL_NOTICE, "uidvalidity", "the server numbered the folder anew; it is read again",
			{ "mailbox", pass->intake->mailbox->name }, { "folder", pass->intake->folder->name });
	pass->folder.seen_uid = 0;
	return store_folder_seen(pass->intake->clerk->store, pass->folder.id, pass->uidvalidity, 0, &pass->fault->err);
}

/* Its row, and since when the mailbox is read; both are made when they are new. */
static int find_folder(struct pass *pass)
{
	struct clerk *clerk = pass->intake->clerk;
	int result;

	pthread_mutex_lock(&clerk->lock);
	result = store_begin(clerk->store, &pass->fault->err);
	if (result == 0)
		result = store_folder(clerk->store, pass->intake->mailbox->name, pass->intake->folder->name, &pass->folder,
			&pass->fault->err);
	if (result == 0)
		result = store_mailbox_started(clerk->store, pass->intake->mailbox->name, clerk->clock->now(clerk->clock),
			&pass->started_at, &pass->fault->err);
	if (result == 0)
		result = check_validity(pass);
	if (result == 0)
		result = store_commit(clerk->store, &pass->fault->err);
	if (result < 0) {
		store_rollback(clerk->store);
		result = store_failed(pass);
	}
	pthread_mutex_unlock(&clerk->lock);
	return result;
}

static void forget_tries(struct pass *pass)
{
	struct clerk *clerk = pass->intake->clerk;
	struct err ignored = ERR_NULL;

	pthread_mutex_lock(&clerk->lock);
	if (store_begin(clerk->store, &ignored) < 0 || store_clear_tries(clerk->store, pass->folder.id, &ignored) < 0 ||
	    store_commit(clerk->store, &ignored) < 0)
		store_rollback(clerk->store);	/* then the next pass goes one by one, which is slower and no less right */
	pthread_mutex_unlock(&clerk->lock);
}

enum imap_outcome intake_folder(struct intake *intake, uint32_t uidvalidity, bool *ret_store_failed,
	struct imap_fault *fault)
{
	struct pass pass = { .intake = intake, .uidvalidity = uidvalidity, .fault = fault };
	enum imap_outcome outcome = IMAP_OK;

	if (find_folder(&pass) == 0)
		outcome = take_new(&pass);
	/*
	 * A disk, a busy server or our own end is no message's fault: its tries must not count towards being set aside.
	 */
	if (pass.blameless || outcome == IMAP_THROTTLED || outcome == IMAP_CANCELLED)
		forget_tries(&pass);
	*ret_store_failed = pass.store_failed;
	return outcome;
}
