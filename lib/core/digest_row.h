/*
 * digest_row - what a letter's template is told about one inquiry. Part of core/digest.
 */
#ifndef CORE_DIGEST_ROW_H
#define CORE_DIGEST_ROW_H

#include "core/digest.h"

/* A space at which no line is broken; becomes a plain one when the letter is done. */
#define DIGEST_NO_BREAK "\xc2\xa0"

/* A value from outside as a template may have it: one line, nothing invisible, CPR numbers masked; NULL for NULL. */
const char *digest_clean(struct arena *arena, const char *value);

/* Sets the names of INQUIRY_NAMES. person: the reader, or NULL. */
void digest_fill_inquiry(struct arena *arena, const struct register_row *row, const struct directory_person *person,
	int64_t now, struct template_data *data);

/*
 * Appends to the list svarmuligheder what the reader at this address may answer by one tap, if he holds the step: each
 * tag that a rule takes from him there, alone and with nothing else asked; sets kan_godkende and the like. A tap goes
 * to the mailbox, with a copy to who writes the answer.
 */
void digest_fill_answers(struct arena *arena, const struct directory *directory, const struct digest_row *row,
	const char *address, struct template_data *data);

/*
 * Sets mangler, who must have the answer and has not got it, mangler_link, a mail to exactly those with the mailbox on
 * cc, unless it would be longer than programs take, and kun_til, to whom alone the answer is to go. And sendt_ind_af,
 * who of us sent the inquiry in.
 */
void digest_fill_reach(struct arena *arena, const struct digest_row *row, struct template_data *data);

/* Sets what else the citizen has open. */
void digest_fill_others(struct arena *arena, const struct digest_row *row, struct template_data *data);

/* Sets the names of the template DIGEST_SPLIT; in item of the wrapper's list, a link for each part that is nobody's. */
void digest_fill_parts(struct arena *arena, const struct digest_single *single, struct template_data *data,
	struct template_data *item);

/* The template of this name, or NULL. */
const struct template_file *digest_template(const struct digest_house *house, const char *name);

/*
 * Fills the list borgerbrev of a letter: the words of the template DIGEST_CITIZEN, with the names in data, and a link
 * that opens them as a mail to the citizen. -1: there is no such template, or its result is too large.
 */
NODISCARD int digest_fill_interim(struct arena *arena, const struct digest_house *house, const struct register_row *row,
	const struct template_data *data, struct template_data *item, struct err *err);

/* Sets the names of the template DIGEST_REFUSED: the word, why it did not count, and what would. */
void digest_fill_refusal(struct arena *arena, const struct digest_house *house, const struct digest_single *single,
	struct template_data *data);

#endif
