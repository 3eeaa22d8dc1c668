/*
 * What citizens do: "asks again before the deadline ('borgeren rykker': the holder and the secretariat want to know at
 * once)". The mayor's letters and the main mailbox, as their files are shipped.
 */
#include "tests/mayor_acts.h"
#include "tests/story.h"

#include "tests/rows.h"

#define CITIZEN "borger@citizens.example"
#define OTHER "nabo@citizens.example"
#define TOLD .outcome = "noted", .rule = "A11-rykker", .inquiry = 1, \
	.mail = "borgeren-rykker>medarbejder-vej borgeren-rykker>spl"
#define NOT_TOLD .outcome = "noted", .rule = "A11-rykker", .inquiry = 1
#define ASKS_AGAIN .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1, \
	.forged = true
#define GIVEN_LETTER LETTER, { .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "chef leder-vej mt", \
	.subject = "VS: Hul i vejen hos direktøren", .answers = 1, .outcome = "moved", .rule = "A3", \
	.step = "hos-sagsbehandler" }

static const struct story stories[] = {
	{ .name = "asks again before the deadline: the holder and the secretariat hear at once", .acts = { GIVEN_LETTER,
		{ .at = "2026-03-25 10:00", ASKS_AGAIN, .step = "hos-sagsbehandler", TOLD } },
	  .noted = "rykket 2026-03-25", .holder = "medarbejder-vej", .due = "2026-03-30", .round = 1 },
	{ .name = "once a working day, however often he writes", .acts = { GIVEN_LETTER,
		{ .at = "2026-03-25 10:00", ASKS_AGAIN, TOLD },
		{ .at = "2026-03-25 11:00", ASKS_AGAIN, NOT_TOLD },
		{ .at = "2026-03-26 10:00", ASKS_AGAIN, TOLD } },
	  .noted = "rykket 2026-03-26" },
	{ .name = "what he writes in the evening is told the next morning, and is that day's mail", .acts = { GIVEN_LETTER,
		{ .at = "2026-03-25 22:00", ASKS_AGAIN, TOLD },
		{ .at = "2026-03-26 08:00", ASKS_AGAIN, NOT_TOLD } } },
	{ .name = "Saturday, Sunday and Monday are one working day", .acts = { GIVEN_LETTER,
		{ .at = "2026-03-28 12:00", ASKS_AGAIN, TOLD },
		{ .at = "2026-03-29 12:00", ASKS_AGAIN, NOT_TOLD },
		{ .at = "2026-03-30 09:00", ASKS_AGAIN, NOT_TOLD } } },
	{ .name = "whoever holds the step by then hears it, also on a day on which another did", .acts = { GIVEN_LETTER,
		{ .at = "2026-03-25 10:00", ASKS_AGAIN, TOLD },
		{ .from = "medarbejder-vej", .to = "leder-vej", .cc = "mt", .subject = "SV: Hul i vejen hos direktøren",
		  .answers = 2, .outcome = "moved", .rule = "A5" },
		{ .at = "2026-03-25 12:00", ASKS_AGAIN, .outcome = "noted", .rule = "A11-rykker",
		  .mail = "borgeren-rykker>leder-vej" } } },
	{ .name = "nobody has it yet: the owner hears it", .acts = { LETTER,
		{ .at = "2026-03-25 10:00", ASKS_AGAIN, .outcome = "noted", .rule = "A11-rykker",
		  .mail = "borgeren-rykker>postkasseansvarlig borgeren-rykker>spl" } } },
	{ .name = "by the key", .acts = { GIVEN_LETTER,
		{ .from = CITIZEN, .to = "mt", .subject = "Hvor bliver svaret? MT-2026-0001", .forged = true,
		  .outcome = "waiting" },
		{ .from = CITIZEN, .to = "mt", .subject = "MT-2026-0001: hvor bliver svaret?", .forged = true, TOLD } } },
	{ .name = "the secretariat passes his second letter on", .acts = { GIVEN_LETTER,
		{ .from = "spl", .to = "mt", .subject = "VS: Hul i vejen hos direktøren", .answers = 1, .quoted_from = CITIZEN,
		  .unseen = true, .outcome = "noted", .rule = "A11-rykker-spl", .inquiry = 1,
		  .mail = "borgeren-rykker>medarbejder-vej" } },
	  .noted = "rykket 2026-03-23" },
	{ .name = "but not the same letter once more", .acts = {
		{ .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .answers = -1, .quoted_from = CITIZEN,
		  .outcome = "opened", .inquiry = 1 },
		{ .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "mt", .subject = "VS: Hul i vejen",
		  .answers = 1, .outcome = "moved", .rule = "A3" },
		{ .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .answers = -1, .quoted_from = CITIZEN,
		  .outcome = "noted", .inquiry = 1 } },
	  .noted = "" },
	{ .name = "nor does the secretariat ask again when it quotes him, or sends him the receipt", .acts = { GIVEN_LETTER,
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1, .quoted_from = CITIZEN,
		  .outcome = "noted" },
		{ .from = "spl", .to = "mt", .subject = "VS: Kvittering: Hul i vejen hos direktøren", .answers = 1,
		  .quoted_from = CITIZEN, .outcome = "noted" },
		{ .from = "spl", .to = CITIZEN, .cc = "mt", .subject = "VS: Hul i vejen hos direktøren", .answers = 1,
		  .quoted_from = CITIZEN, .outcome = "noted" } },
	  .noted = "" },
	{ .name = "an absence notice of his is none", .acts = { GIVEN_LETTER,
		{ ASKS_AGAIN, .automatic = true, .outcome = "automatic" } },
	  .noted = "" },
	{ .name = "another citizen is not he, nor is who only looks like him", .acts = { GIVEN_LETTER,
		{ .from = OTHER, .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1, .forged = true,
		  .outcome = "waiting", .reason = "perhaps-new" },
		{ .from = "borger@citizens.example.org", .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1,
		  .forged = true, .outcome = "waiting" } },
	  .noted = "" },
	{ .name = "a new matter in the old thread waits for the owner, as before", .acts = { GIVEN_LETTER,
		{ .from = CITIZEN, .to = "mt", .subject = "Støj om natten", .answers = 1, .forged = true, .outcome = "waiting",
		  .reason = "perhaps-new" } },
	  .noted = "" },
	{ .name = "thanks after closing (never reopens), and nobody is told", .acts = { AT_SECRETARIAT,
		{ .from = "spl", .to = "mt", .subject = "MT-2026-0001 [AFSENDT]", .outcome = "moved", .step = "afsendt",
		  .mail = "afsendt>medarbejder-vej" },
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen", .answers = 8, .text = "Borgeren takker",
		  .outcome = "noted", .reason = "closed", .step = "afsendt" },
		{ .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true, .text = "Tusind tak!",
		  .outcome = "waiting", .reason = "closed", .step = "afsendt" } },
	  .noted = "" },
	{ .name = "[FORTRYD] takes back what was decided, not that he asked", .acts = { GIVEN_LETTER,
		{ .at = "2026-03-25 10:00", ASKS_AGAIN, TOLD },
		{ .at = "2026-03-25 12:00", .from = "postkasseansvarlig", .to = "mt", .subject = "MT-2026-0001 [FORTRYD]",
		  .outcome = "commanded", .rule = "FORTRYD", .step = "modtaget" } },
	  .noted = "rykket 2026-03-25" },
};

#define POST .conf = "tests/data/post/fristd.conf"
#define POST_LETTER { .from = CITIZEN, .to = "mt", .subject = "Hul i vejen", .forged = true, .outcome = "opened", \
	.rule = "P2", .step = "modtaget", .inquiry = 1 }
#define POST_AGAIN .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true

static const struct story post_stories[] = {
	{ POST, .name = "asks the main mailbox again: its owners hear it, one mail each", .acts = { POST_LETTER,
		{ .at = "2026-03-25 10:00", POST_AGAIN, .outcome = "noted", .rule = "P3-rykker", .step = "modtaget",
		  .inquiry = 1, .mail = "borgeren-rykker>postbud" },
		{ .at = "2026-03-25 11:00", POST_AGAIN, .outcome = "noted" } },
	  .noted = "rykket 2026-03-25", .due = "2026-03-30" },
	{ POST, .name = "a word of ours in his subject is none of his, and loses nothing", .acts = { POST_LETTER,
		{ .at = "2026-03-25 10:00", .from = CITIZEN, .to = "mt", .subject = "SV: [AFSLUT] Hul i vejen", .answers = 1,
		  .forged = true, .outcome = "noted", .rule = "P3-rykker", .step = "modtaget", .inquiry = 1,
		  .mail = "borgeren-rykker>postbud" },
		{ .at = "2026-03-26 10:00", .from = CITIZEN, .to = "mt", .subject = "[AKTINDSIGT] SV: Hul i vejen",
		  .answers = 1, .forged = true, .outcome = "noted", .rule = "P3-rykker", .inquiry = 1,
		  .mail = "borgeren-rykker>postbud" } },
	  .noted = "rykket 2026-03-26", .due = "2026-03-30" },
	{ POST, .name = "a colleague passes his second mail on", .acts = { POST_LETTER,
		{ .from = "byg.medarbejder@example.dk", .to = "mt", .subject = "VS: Hul i vejen", .answers = 1, .unseen = true,
		  .quoted_from = CITIZEN, .outcome = "noted", .rule = "P3-rykker-videre", .inquiry = 1,
		  .mail = "borgeren-rykker>postbud" } } },
	{ POST, .name = "thanks for the answer reopen nothing, and nobody is told", .acts = { POST_LETTER,
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Hul i vejen", .answers = 1, .outcome = "moved",
		  .step = "besvaret" },
		{ POST_AGAIN, .text = "Tusind tak!", .outcome = "noted", .reason = "closed", .step = "besvaret" } },
	  .noted = "" },
};

int main(void)
{
	return RUN_ROWS(stories, story_test) + RUN_ROWS(post_stories, story_test);
}
