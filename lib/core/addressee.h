/*
 * addressee - whom the citizen wrote to, and who he is, as far as a forwarded letter says so (A1).
 *
 * The secretariat forwards the citizen's letter; the head of that letter stands in the text (core/quote.h). It proves
 * nothing, so no rule asks for it: it is what the register shows. A word of the workflow's `addressees` counts only
 * whole, with no letter, digit, underscore or hyphen beside it, in capital or small letters: "borgmester" stands in
 * borgmester@example.dk, and not in "borgmestersekretariatet" or "vice-borgmester". The file lists each word's forms.
 */
#ifndef CORE_ADDRESSEE_H
#define CORE_ADDRESSEE_H

#include "core/inquiry.h"
#include "core/message.h"
#include "core/workflow.h"

/*
 * The title of the first addressee of the workflow who is named in the quoted To; where nobody is, above the quote;
 * where nobody is, in the subject. NULL: in none of them. A title that stands alone there names itself: so it is kept
 * of a mail that waits.
 */
const char *addressee_title(struct arena *arena, const struct workflow *workflow, const struct message *message);

/* Who asks: the sender or, where that is one of us, who wrote the quoted mail; NULL where that is one of us as well. */
const char *addressee_asker(const struct directory *directory, const struct message *message);

/* Sets addressed_to and asker where the inquiry lacks them. Returns whether either was set. */
bool addressee_fill(struct arena *arena, const struct workflow *workflow, const struct directory *directory,
	const struct message *message, struct inquiry *inquiry);

#endif
