/* The main mailbox (P): strangers write, whoever is inside answers, and robots only count. */
#include "tests/story.h"

#include "tests/rows.h"

#define CITIZEN "borger@citizens.example"
#define OTHER "nabo@citizens.example"
#define COLLEAGUE "byg.medarbejder@example.dk"	/* in no people.conf */
#define BYG "byg@example.dk"
#define SCANNER "scanner@example.dk"
#define LETTER { .from = CITIZEN, .to = "mt", .subject = "Hul i vejen", .forged = true, .outcome = "opened", \
	.rule = "P2", .step = "modtaget", .inquiry = 1 }
#define POST .conf = "tests/data/post/fristd.conf"

static const struct story stories[] = {
	{ POST, .name = "P2 a citizen's letter: seven days, all of which count", .acts = { LETTER },
	  .holder = "postbud", .due = "2026-03-30", .asker = CITIZEN, .closed = "" },
	{ POST, .name = "P3 answered as the mailbox", .acts = { LETTER,
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Hul i vejen", .answers = 1, .outcome = "moved", .rule = "P3",
		  .step = "besvaret", .inquiry = 1 } },
	  .unseen = "", .closed = "" },
	{ POST, .name = "P3 answered by a colleague whom people.conf does not know", .acts = { LETTER,
		{ .from = COLLEAGUE, .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .outcome = "moved",
		  .rule = "P3", .step = "besvaret", .inquiry = 1 } } },
	{ POST, .name = "P3 a stranger's answer is none", .acts = { LETTER,
		{ .from = OTHER, .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true,
		  .outcome = "noted", .step = "modtaget", .inquiry = 1 } } },
	{ POST, .name = "P3 nor is one that nobody vouches for", .acts = { LETTER,
		{ .from = COLLEAGUE, .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true,
		  .outcome = "refused", .reason = "untrusted", .step = "modtaget", .inquiry = 1 } } },
	{ POST, .name = "P3 nor a copy to the citizen of what asks a colleague", .acts = { LETTER,
		{ .from = "postbud", .to = COLLEAGUE, .cc = "mt " CITIZEN, .subject = "SV: Hul i vejen", .answers = 1,
		  .outcome = "noted", .step = "modtaget", .inquiry = 1 } } },
	{ POST, .name = "P3 a receipt keeps the deadline, and the answer is still wanted", .acts = { LETTER,
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Kvittering: Hul i vejen", .answers = 1, .outcome = "moved",
		  .rule = "P3-kvittering", .step = "kvitteret", .inquiry = 1 },
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Hul i vejen", .answers = 1, .outcome = "moved", .rule = "P3",
		  .step = "besvaret", .inquiry = 1 } } },
	{ POST, .name = "P3 an answer in the thread of the receipt is the answer", .acts = { LETTER,
		{ .from = "mt", .to = CITIZEN, .subject = "Tak for din henvendelse", .answers = 1, .outcome = "moved",
		  .rule = "P3-kvittering", .step = "kvitteret", .inquiry = 1 },
		{ .from = COLLEAGUE, .to = CITIZEN, .cc = "mt", .subject = "SV: Tak for din henvendelse", .answers = 2,
		  .outcome = "moved", .rule = "P3", .step = "besvaret", .inquiry = 1 } } },
	{ POST, .name = "P3 on the telephone", .acts = { LETTER,
		{ .from = COLLEAGUE, .to = "mt", .subject = "[BESVARET TELEFONISK] SV: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "P3-telefon", .step = "besvaret", .inquiry = 1 } } },
	{ POST, .name = "P3 by Digital Post", .acts = { LETTER,
		{ .from = "postbud", .to = "mt", .subject = "POST-2026-0001 [BESVARET PÅ PAPIR]", .outcome = "moved",
		  .rule = "P3-digital-post", .step = "besvaret", .inquiry = 1 } } },
	{ POST, .name = "P3 the citizen's own word says nothing", .acts = {
		{ .from = CITIZEN, .to = "mt", .subject = "[BESVARET TELEFONISK] Hul i vejen", .forged = true,
		  .outcome = "opened", .step = "modtaget", .inquiry = 1 },
		{ .from = CITIZEN, .to = "mt", .subject = "POST-2026-0001 [BESVARET TELEFONISK]", .forged = true,
		  .outcome = "refused", .reason = "wrong-role", .step = "modtaget", .inquiry = 1 } } },
	{ POST, .name = "P5 passed on to another mailbox of the house", .acts = { LETTER,
		{ .from = "mt", .to = BYG, .subject = "VS: Hul i vejen", .answers = 1, .outcome = "moved", .rule = "P5",
		  .step = "videresendt", .inquiry = 1 } },
	  .closed = "videresendt til byg@example.dk" },
	{ POST, .name = "P5 passed on to somebody known", .acts = { LETTER,
		{ .from = "postbud", .to = "mt postleder", .subject = "VS: Hul i vejen", .answers = 1, .outcome = "moved",
		  .rule = "P5", .step = "videresendt", .inquiry = 1 } },
	  .closed = "videresendt til Leder af postteam" },
	{ POST, .name = "P5 a forward to the citizen is an answer", .acts = { LETTER,
		{ .from = "mt", .to = CITIZEN " " BYG, .subject = "VS: Hul i vejen", .answers = 1, .outcome = "moved",
		  .rule = "P3", .step = "besvaret", .inquiry = 1 } } },
	{ POST, .name = "P2 what only its recipient can read", .acts = {
		{ .from = CITIZEN, .to = "mt", .subject = "Fortroligt", .forged = true, .encrypted = true, .outcome = "opened",
		  .rule = "P2-krypteret", .step = "krypteret", .inquiry = 1 },
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Fortroligt", .answers = 1, .outcome = "moved", .rule = "P3",
		  .step = "besvaret", .inquiry = 1 } },
	  .unseen = "" },
	{ POST, .name = "P2 a scanned letter is a person's, and the scanner has asked nothing", .acts = {
		{ .from = SCANNER, .to = "mt", .subject = "Scannet brev 17", .forged = true, .automatic = true,
		  .outcome = "opened", .rule = "P2-kanal", .step = "modtaget", .inquiry = 1 },
		{ .from = SCANNER, .to = "mt", .subject = "Scannet brev 18", .forged = true, .automatic = true,
		  .outcome = "opened", .rule = "P2-kanal", .step = "modtaget", .inquiry = 2 },
		{ .from = "mt", .to = SCANNER, .subject = "SV: Scannet brev 17", .answers = 1, .outcome = "noted",
		  .step = "modtaget", .inquiry = 1 } },
	  .asker = "" },
	{ POST, .name = "P2 Digital Post comes from outside and is nobody's own mail", .acts = {
		{ .from = "noreply@digitalpost.example", .to = "mt", .subject = "Ny post", .forged = true, .automatic = true,
		  .quoted_from = CITIZEN, .outcome = "opened", .rule = "P2-kanal", .step = "modtaget", .inquiry = 1 } },
	  .asker = "" },
	{ POST, .name = "P2 what a channel brings is never told that its words do not count", .acts = { LETTER,
		{ .from = SCANNER, .to = "mt", .subject = "POST-2026-0001 [BESVARET TELEFONISK]", .automatic = true,
		  .outcome = "refused", .step = "modtaget", .inquiry = 1 } } },
	{ POST, .name = "P2 a colleague passes a citizen's mail on", .acts = {
		{ .from = COLLEAGUE, .to = "mt", .subject = "VS: Hul i vejen", .quoted_from = CITIZEN, .outcome = "opened",
		  .rule = "P2-videre", .step = "modtaget", .inquiry = 1 } },
	  .asker = CITIZEN },
	{ POST, .name = "a colleague's own question is a person's to sort out", .acts = {
		{ .from = COLLEAGUE, .to = "mt", .subject = "Åbningstider", .outcome = "waiting", .reason = "no-inquiry" } } },
	{ POST, .name = "robots, newsletters and spam open nothing", .acts = {
		{ .from = "nyt@shop.example", .to = "mt", .subject = "Tilbud", .forged = true, .automatic = true,
		  .outcome = "automatic", .reason = "not-human" },
		{ .from = OTHER, .to = "mt", .subject = "Vind en bil", .forged = true, .spam = true, .outcome = "automatic",
		  .reason = "spam" } } },
	{ POST, .name = "what a filter takes for spam in a known thread is heard", .acts = { LETTER,
		{ .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true, .spam = true,
		  .outcome = "noted", .rule = "P3-rykker", .inquiry = 1, .mail = "borgeren-rykker>postbud" } } },
	{ POST, .name = "thanks after the answer open nothing", .acts = { LETTER,
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Hul i vejen", .answers = 1, .outcome = "moved",
		  .step = "besvaret" },
		{ .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .forged = true, .text = "Tusind tak!",
		  .outcome = "noted", .reason = "closed", .step = "besvaret", .inquiry = 1 } } },
	{ POST, .name = "a new letter in an old thread is looked at", .acts = { LETTER,
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Hul i vejen", .answers = 1, .outcome = "moved",
		  .step = "besvaret" },
		{ .from = CITIZEN, .to = "mt", .subject = "Støj om natten", .answers = 2, .forged = true,
		  .outcome = "waiting", .inquiry = 1 } } },
	{ POST, .name = "two citizens write the same", .acts = { LETTER,
		{ .from = OTHER, .to = "mt", .subject = "Hul i vejen", .forged = true, .outcome = "opened", .inquiry = 2 },
		{ .from = "mt", .to = OTHER, .subject = "SV: Hul i vejen", .answers = 2, .outcome = "moved", .rule = "P3",
		  .step = "besvaret", .inquiry = 2 } },
	  .closed = "", .holder = "postbud" },
	{ POST, .name = "an answer to another citizen is no answer to this one", .acts = { LETTER,
		{ .from = "mt", .to = OTHER, .subject = "SV: Hul i vejen", .answers = 1, .outcome = "noted",
		  .step = "modtaget", .inquiry = 1 } } },
};

int main(void)
{
	return RUN_ROWS(stories, story_test);
}
