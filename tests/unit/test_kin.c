/*
 * Inquiries that belong together. "Sends the same letter to mayor, director and main mailbox": [SAMME SOM KEY]. "Puts
 * three matters in one mail": [DEL n].
 */
#include "tests/mayor_acts.h"
#include "tests/story.h"

#include "tests/rows.h"

#define CITIZEN "borger@citizens.example"
/* The same letter twice: MT-2026-0001 (act 1) and MT-2026-0002 (act 2). */
#define TWICE LETTER, { .from = "spl", .to = "mt", .subject = "VS: Hullet", .quoted_from = CITIZEN, \
	.outcome = "opened", .inquiry = 2 }
#define OWNER .from = "postkasseansvarlig", .to = "mt"
#define MERGED TWICE, { OWNER, .subject = "MT-2026-0002 [SAMME SOM MT-2026-0001]", .outcome = "commanded", \
	.rule = "SAMME SOM", .step = "modtaget", .inquiry = 2 }
#define TOLD_OWNER .outcome = "refused", .mail = "ikke-talt>postkasseansvarlig"

static const struct story same_stories[] = {
	{ .name = "the same letter to mayor and director: what comes in the thread of one belongs to the other",
	  .acts = { MERGED,
		{ .from = "spl", .to = "mt", .subject = "SV: Hullet", .answers = 2, .text = "Hvor langt er I?",
		  .outcome = "noted", .inquiry = 1 },
		{ .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "mt", .subject = "VS: Hullet", .answers = 2,
		  .outcome = "moved", .rule = "A3", .step = "hos-sagsbehandler", .inquiry = 1 },
		{ .from = "spl", .to = "mt", .subject = "SV: Hullet", .answers = 5, .outcome = "noted", .inquiry = 1 } },
	  .due = "2026-03-30", .asker = CITIZEN, .closed = "" },
	{ .name = "in answer to the letter", .acts = { TWICE,
		{ OWNER, .subject = "SV: [SAMME SOM MT-2026-0001] Hullet", .answers = 2, .outcome = "commanded",
		  .rule = "SAMME SOM", .inquiry = 2 },
		{ .from = "spl", .to = "mt", .subject = "MT-2026-0002 hvor langt er I?", .outcome = "noted", .inquiry = 1 } } },
	{ .name = "the first ends as the second; its register keeps it", .acts = { TWICE,
		{ OWNER, .subject = "MT-2026-0001 [SAMME SOM MT-2026-0002]", .outcome = "commanded", .inquiry = 1 },
		{ .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1, .forged = true,
		  .outcome = "noted", .rule = "A11-rykker", .inquiry = 2,
		  .mail = "borgeren-rykker>postkasseansvarlig borgeren-rykker>spl" } },
	  .closed = "samme som MT-2026-0002" },
	{ .name = "[FORTRYD] takes it back, by the key or in answer", .acts = { MERGED,
		{ OWNER, .subject = "MT-2026-0002 [FORTRYD]", .outcome = "commanded", .rule = "FORTRYD", .step = "modtaget",
		  .inquiry = 2 },
		{ .from = "spl", .to = "mt", .subject = "SV: Hullet", .answers = 2, .outcome = "noted", .inquiry = 2 },
		{ OWNER, .subject = "MT-2026-0002 [SAMME SOM MT-2026-0001]", .outcome = "commanded", .inquiry = 2 },
		{ OWNER, .subject = "SV: [FORTRYD] MT-2026-0002", .answers = 6, .outcome = "commanded", .rule = "FORTRYD",
		  .inquiry = 2 } } },
	{ .name = "a chain, and no ring", .acts = { MERGED,
		{ .from = "spl", .to = "mt", .subject = "VS: Vejen", .outcome = "opened", .inquiry = 3 },
		{ OWNER, .subject = "MT-2026-0001 [SAMME SOM MT-2026-0003]", .outcome = "commanded", .inquiry = 1 },
		{ .from = "spl", .to = "mt", .subject = "SV: Hullet", .answers = 2, .outcome = "noted", .inquiry = 3 },
		{ OWNER, .subject = "MT-2026-0003 [SAMME SOM MT-2026-0002]", .reason = "same-already", .step = "modtaget",
		  .inquiry = 3, TOLD_OWNER },
		{ OWNER, .subject = "MT-2026-0003 [SAMME SOM MT-2026-0003]", .reason = "same-already", .inquiry = 3,
		  TOLD_OWNER } } },
	{ .name = "not into one that is closed: the letter would have no answer", .acts = { TWICE,
		{ OWNER, .subject = "MT-2026-0001 [AFSLUT]", .outcome = "commanded" },
		{ OWNER, .subject = "MT-2026-0002 [SAMME SOM MT-2026-0001]", .reason = "other-closed", .step = "modtaget",
		  .inquiry = 2, TOLD_OWNER },
		{ OWNER, .subject = "MT-2026-0002 [SAMME SOM MT-2026-0077]", .reason = "no-inquiry", TOLD_OWNER } } },
	{ .name = "only the owners, vouched for", .acts = { TWICE,
		{ .from = "spl", .to = "mt", .subject = "MT-2026-0002 [SAMME SOM MT-2026-0001]", .outcome = "refused",
		  .reason = "wrong-role", .mail = "ikke-talt>spl" },
		{ OWNER, .subject = "SV: [SAMME SOM MT-2026-0001] Hullet", .answers = 2, .forged = true, .outcome = "refused",
		  .reason = "untrusted" } } },
	{ .name = "an approval of what was merged approves nothing: it was of another draft", .acts = { AT_HEAD,
		{ .from = "spl", .to = "mt", .subject = "VS: Hullet", .outcome = "opened", .inquiry = 2 },
		{ .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "mt", .subject = "VS: Hullet", .answers = 6,
		  .outcome = "moved", .rule = "A3", .inquiry = 2 },
		{ .from = "medarbejder-vej", .to = "chef", .cc = "mt", .subject = "SV: Hullet", .answers = 7,
		  .outcome = "moved", .rule = "A5-chef", .inquiry = 2 },
		{ OWNER, .subject = "MT-2026-0002 [SAMME SOM MT-2026-0001]", .outcome = "commanded", .inquiry = 2 },
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: Hullet", .answers = 8,
		  .text = "Godkendt", .outcome = "refused", .reason = "merged", .step = "hos-afdelingschef", .inquiry = 1,
		  .mail = "ikke-talt>chef" },
		{ .from = "chef", .to = "mt", .subject = "MT-2026-0002/1 [GODKENDT]", .outcome = "refused", .reason = "merged",
		  .step = "hos-afdelingschef", .inquiry = 1, .mail = "ikke-talt>chef" },
		{ .from = "chef", .to = "mt", .subject = "MT-2026-0001/1 [GODKENDT]", .outcome = "moved", .rule = "A6",
		  .step = "godkendt", .inquiry = 1 } } },
	{ .name = "nor does another word of the owner's that names what was merged", .acts = { MERGED,
		{ OWNER, .subject = "MT-2026-0002 [AFSLUT]", .reason = "merged", .step = "modtaget", .inquiry = 1, TOLD_OWNER },
		{ OWNER, .subject = "MT-2026-0002 [SAMME SOM MT-2026-0001]", .reason = "same-already", .inquiry = 1,
		  TOLD_OWNER } },
	  .closed = "" },
	{ .name = "of a mail that waits it says where that belongs", .acts = { LETTER,
		{ .from = "nabo@citizens.example", .to = "mt", .subject = "Hul i vejen", .forged = true, .outcome = "waiting" },
		{ OWNER, .subject = "SV: [SAMME SOM MT-2026-0001] Hul i vejen", .answers = 2, .outcome = "commanded" },
		{ .from = "nabo@citizens.example", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .forged = true,
		  .outcome = "waiting", .inquiry = 1 } } },
};

#define SPLIT LETTER, { OWNER, .subject = "SV: [DEL 3] Hul i vejen hos direktøren", .answers = 1, \
	.outcome = "commanded", .rule = "DEL", .step = "modtaget", .inquiry = 1, .mail = "delt>postkasseansvarlig" }
#define GIVE(part, person) { .from = "postkasseansvarlig", .to = person, .cc = "mt", \
	.subject = "MT-2026-000" #part " Hul i vejen hos direktøren (" #part " af 3)", .outcome = "moved", .rule = "A3", \
	.step = "hos-sagsbehandler", .inquiry = part }

static const struct story split_stories[] = {
	{ .name = "three matters in one mail: each part goes its own way, by its key", .acts = { SPLIT,
		{ .at = "2026-03-25 09:00", .from = "postkasseansvarlig", .to = "medarbejder-park", .cc = "mt",
		  .subject = "MT-2026-0002 Hul i vejen hos direktøren (2 af 3)", .outcome = "moved", .rule = "A3",
		  .step = "hos-sagsbehandler", .inquiry = 2 },
		GIVE(3, "medarbejder-vej"), GIVE(1, "medarbejder-vej"),
		{ .from = "medarbejder-park", .to = "mt", .subject = "SV: MT-2026-0002 Hul i vejen hos direktøren (2 af 3)",
		  .answers = 3, .text = SBSYS, .outcome = "moved", .rule = "A7", .step = "svar-modtaget", .inquiry = 2 } },
	  .holder = "medarbejder-vej", .due = "2026-03-30", .asker = CITIZEN, .closed = "" },
	{ .name = "what comes in the common thread without a key moves nothing and waits", .acts = { SPLIT,
		{ .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "mt", .subject = "VS: Hul i vejen hos direktøren",
		  .answers = 1, .outcome = "waiting", .reason = "two-candidates" },
		{ .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1, .forged = true,
		  .outcome = "waiting", .reason = "two-candidates" },
		{ OWNER, .subject = "SV: [HØRER TIL MT-2026-0002] Hul i vejen hos direktøren", .answers = 4,
		  .outcome = "commanded", .mail = "borgeren-rykker>postkasseansvarlig borgeren-rykker>spl" },
		{ .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "mt",
		  .subject = "VS: MT-2026-0003 Hul i vejen hos direktøren", .answers = 1, .outcome = "moved", .rule = "A3",
		  .inquiry = 3 },
		{ .from = "medarbejder-vej", .to = "chef", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 6,
		  .outcome = "moved", .rule = "A5-chef", .inquiry = 3 } } },
	{ .name = "an old approval of the whole approves no part", .acts = { AT_HEAD,
		{ OWNER, .subject = "MT-2026-0001 [DEL 2]", .outcome = "commanded", .step = "hos-afdelingschef", .inquiry = 1,
		  .mail = "delt>postkasseansvarlig" },
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 5,
		  .text = "Godkendt", .outcome = "waiting", .reason = "two-candidates" },
		{ .from = "chef", .to = "mt", .subject = "MT-2026-0001 [GODKENDT]", .outcome = "moved", .rule = "A6",
		  .inquiry = 1 } } },
	{ .name = "who cannot name a key cannot choose a part", .acts = { SPLIT,
		{ .from = "nabo@citizens.example", .to = "mt", .subject = "SV: MT-2026-0002 Hul i vejen hos direktøren",
		  .answers = 1, .forged = true, .outcome = "waiting", .reason = "two-candidates" } } },
	{ .name = "once only, into two to nine, by the owners", .acts = { LETTER,
		{ OWNER, .subject = "MT-2026-0001 [DEL 1]", .reason = "bad-argument", TOLD_OWNER },
		{ OWNER, .subject = "MT-2026-0001 [DEL 10]", .reason = "bad-argument", TOLD_OWNER },
		{ OWNER, .subject = "MT-2026-0001 [DEL TRE]", .reason = "bad-argument", TOLD_OWNER },
		{ .from = "spl", .to = "mt", .subject = "MT-2026-0001 [DEL 2]", .outcome = "refused", .reason = "wrong-role",
		  .mail = "ikke-talt>spl" },
		{ OWNER, .subject = "MT-2026-0001 [DEL 9]", .outcome = "commanded", .mail = "delt>postkasseansvarlig" },
		{ OWNER, .subject = "MT-2026-0001 [DEL 2]", .reason = "split-already", .inquiry = 1, TOLD_OWNER },
		{ OWNER, .subject = "MT-2026-0009 [DEL 2]", .reason = "split-already", .inquiry = 9, TOLD_OWNER },
		{ .from = "spl", .to = "mt", .subject = "VS: Støj", .outcome = "opened", .inquiry = 10 } } },
	{ .name = "[FORTRYD] joins the parts again while nobody has one", .acts = { SPLIT,
		{ OWNER, .subject = "SV: [FORTRYD] Hul i vejen hos direktøren", .answers = 2, .outcome = "commanded",
		  .rule = "FORTRYD", .inquiry = 1 },
		{ .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "mt", .subject = "VS: Hul i vejen hos direktøren",
		  .answers = 1, .outcome = "moved", .rule = "A3", .inquiry = 1 },
		{ .from = "spl", .to = "mt", .subject = "MT-2026-0003 hvor langt er I?", .outcome = "noted", .inquiry = 1 } },
	  .holder = "medarbejder-vej", .due = "2026-03-30" },
	{ .name = "but not when a part has gone on", .acts = { SPLIT, GIVE(2, "medarbejder-park"),
		{ OWNER, .subject = "MT-2026-0001 [FORTRYD]", .reason = "parts-moved", .inquiry = 1, TOLD_OWNER },
		{ OWNER, .subject = "MT-2026-0002 [FORTRYD]", .outcome = "commanded", .inquiry = 2, .step = "modtaget" } } },
	{ .name = "a date that somebody was promised holds for every part", .acts = { LETTER,
		{ OWNER, .subject = "MT-2026-0001 [NY FRIST 14/4]", .outcome = "commanded" },
		{ OWNER, .subject = "MT-2026-0001 [DEL 2]", .outcome = "commanded", .mail = "delt>postkasseansvarlig" },
		{ OWNER, .subject = "MT-2026-0001 [SAMME SOM MT-2026-0002]", .outcome = "commanded" },
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1, .outcome = "noted",
		  .inquiry = 2 } },
	  .closed = "samme som MT-2026-0002" },
};

int main(void)
{
	return RUN_ROWS(same_stories, story_test) + RUN_ROWS(split_stories, story_test);
}
