/* What fits no rule and may still be what somebody waits for, or somebody's letter: a person must see it. */
#include "tests/story.h"

#include "tests/rows.h"

#define SBSYS "https://sbsys.example.dk/sag/4711"
#define ORDINARY { .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .outcome = "opened", .inquiry = 1 }
#define LETTER { .from = "spl", .to = "mt", .subject = "VS: Hul i vejen hos direktøren", \
	.quoted_from = "borger@citizens.example", .outcome = "opened", .inquiry = 1 }
#define GIVEN { .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "chef leder-vej mt", \
	.subject = "VS: Hul i vejen", .answers = 1, .outcome = "moved", .step = "hos-sagsbehandler" }

static const struct story stories[] = {
	{ .name = "A7 an answer by somebody else waits, once, and holds nothing up", .acts = { ORDINARY, GIVEN,
		{ .from = "medarbejder-park", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS,
		  .outcome = "waiting", .reason = "perhaps-answer", .step = "hos-sagsbehandler", .inquiry = 1 },
		{ .from = "leder-vej", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS,
		  .outcome = "waiting", .reason = "perhaps-answer", .step = "hos-sagsbehandler", .inquiry = 1 },
		{ .from = "chef", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS,
		  .outcome = "waiting", .reason = "perhaps-answer", .step = "hos-sagsbehandler", .inquiry = 1 },
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen", .answers = 1, .text = SBSYS, .outcome = "noted" },
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS,
		  .outcome = "noted" },
		{ .from = "chef", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS, .forged = true,
		  .outcome = "noted" },
		{ .from = "medarbejder-park", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = "Her er svaret",
		  .outcome = "noted" },
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "SV: [HØRER TIL MT-2026-0001] Hul i vejen",
		  .answers = 4, .outcome = "commanded" },
		{ .from = "postkasseansvarlig", .to = "spl", .cc = "mt", .subject = "VS: Hul i vejen", .answers = 3,
		  .text = SBSYS, .outcome = "moved", .rule = "A8-uset", .step = "hos-spl" },
		{ .from = "medarbejder-park", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS "2",
		  .outcome = "noted", .step = "hos-spl" } } },
	{ .name = "A7 to everybody on the head's approval waits", .acts = { ORDINARY, GIVEN,
		{ .from = "medarbejder-vej", .to = "chef", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 2,
		  .outcome = "moved", .step = "hos-afdelingschef" },
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "[GODKENDT] SV: Hul i vejen", .answers = 3,
		  .outcome = "moved", .step = "godkendt" },
		{ .from = "medarbejder-vej", .to = "chef", .cc = "leder-vej mt", .subject = "SV: [GODKENDT] SV: Hul i vejen",
		  .answers = 4, .text = SBSYS, .outcome = "waiting", .reason = "perhaps-answer", .step = "godkendt" },
		{ .from = "medarbejder-vej", .to = "postkasseansvarlig leder-vej", .cc = "mt", .subject = "SV: Hul i vejen",
		  .answers = 2, .text = SBSYS, .outcome = "waiting", .reason = "perhaps-answer", .step = "godkendt" },
		{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: Hul i vejen", .answers = 4, .text = SBSYS,
		  .outcome = "moved", .rule = "A7", .step = "svar-modtaget" } } },
	{ .name = "A7 the second of two who were asked answers", .acts = { ORDINARY,
		{ .from = "postkasseansvarlig", .to = "medarbejder-vej medarbejder-park", .cc = "leder-vej mt",
		  .subject = "VS: Hul i vejen", .answers = 1, .outcome = "moved", .step = "hos-sagsbehandler" },
		{ .from = "medarbejder-park", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS,
		  .outcome = "waiting", .reason = "perhaps-answer", .step = "hos-sagsbehandler" } } },
	{ .name = "a link that stands in the subject, or is known, is no answer", .acts = {
		{ .from = "spl", .to = "mt", .subject = "VS: Hul i vejen 26.04.01-P19-12", .outcome = "opened" },
		{ .from = "leder-vej", .to = "mt", .subject = "SV: Hul i vejen 26.04.01-P19-12", .answers = 1,
		  .text = "Hvem har 26.04.01-P19-12 nu?", .outcome = "noted" },
		{ .from = "medarbejder-park", .to = "mt", .subject = "SV: Hul i vejen 26.04.01-P19-12", .answers = 1,
		  .text = SBSYS, .outcome = "moved", .rule = "A7-uset", .step = "svar-modtaget" },
		{ .from = "chef", .to = "mt", .subject = "[RETUR] SV: Hul i vejen 26.04.01-P19-12", .answers = 3,
		  .outcome = "moved", .step = "hos-sagsbehandler" },
		{ .from = "leder-vej", .to = "mt", .subject = "SV: Hul i vejen 26.04.01-P19-12", .answers = 3,
		  .text = SBSYS " Er der nyt?", .outcome = "noted" } } },
	{ .name = "another letter that the secretariat quotes in its answer waits for the owner", .acts = { LETTER, GIVEN,
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1,
		  .text = "En nabo har også skrevet", .quoted_from = "nabo@citizens.example", .outcome = "waiting",
		  .reason = "perhaps-new", .step = "hos-sagsbehandler", .inquiry = 1 },
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 1,
		  .text = "Som borgeren skrev", .quoted_from = "borger@citizens.example", .outcome = "noted" },
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen hos direktøren", .answers = 2, .text = "Tak",
		  .quoted_from = "postkasseansvarlig@example.dk", .outcome = "noted" },
		{ .from = "spl", .to = "nabo@citizens.example", .cc = "mt", .subject = "SV: Hul i vejen hos direktøren",
		  .answers = 1, .quoted_from = "nabo@citizens.example", .outcome = "noted" } },
	  .asker = "borger@citizens.example" },
	{ .name = "a letter that is quoted before anybody knows who asked completes the inquiry", .acts = { ORDINARY,
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen", .answers = 1,
		  .quoted_from = "borger@citizens.example", .outcome = "noted" } },
	  .asker = "borger@citizens.example" },
	{ .name = "the citizen has written again about what is closed", .acts = { LETTER,
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "SV: [AFSLUT] Hul i vejen hos direktøren",
		  .answers = 1, .outcome = "commanded" },
		{ .from = "spl", .to = "mt", .subject = "SV: Hul i vejen: Borgeren har skrevet igen", .answers = 1,
		  .text = "Nu er asfalten væk", .quoted_from = "borger@citizens.example", .outcome = "waiting",
		  .reason = "closed" },
		{ .from = "spl", .to = "borger@citizens.example", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1,
		  .quoted_from = "borger@citizens.example", .outcome = "noted", .reason = "closed" } } },
	{ .name = "a letter that an owner forwards to the mailbox without a word waits", .acts = {
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "VS: Hul i vejen",
		  .quoted_from = "borger@citizens.example", .outcome = "waiting", .reason = "no-inquiry" },
		{ .from = "stedfortraeder", .to = "mt", .subject = "FW: Larm", .outcome = "waiting", .reason = "no-inquiry" },
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "Støj fra havnen",
		  .quoted_from = "nabo@citizens.example", .outcome = "waiting", .reason = "no-inquiry" },
		{ .from = "stedfortraeder", .to = "mt", .subject = "SV: [NY HENVENDELSE] Hul i vejen", .answers = 1,
		  .outcome = "opened", .inquiry = 1 },
		{ .from = "postkasseansvarlig", .to = "stedfortraeder", .cc = "mt", .subject = "VS: Ferieplan",
		  .outcome = "unrelated" },
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "Ferieplan", .outcome = "unrelated" } },
	  .asker = "borger@citizens.example" },
	{ .name = "a receipt that does not say for what opens nothing", .acts = { ORDINARY,
		{ .from = "spl", .to = "mt", .subject = "VS: Tak for din henvendelse", .outcome = "waiting",
		  .reason = "no-inquiry" },
		{ .from = "spl", .to = "mt", .subject = "VS: Kvittering", .outcome = "waiting", .reason = "no-inquiry" } } },
	{ .name = "a word of ours that belongs to nothing opens nothing, and its sender hears it", .acts = {
		{ .from = "spl", .to = "mt", .subject = "[AFSENDT] Hul i vejen", .outcome = "refused",
		  .reason = "no-inquiry", .mail = "ikke-talt>spl" },
		{ .from = "spl", .to = "mt", .subject = "[AFSENDT] Hul i vejen", .forged = true, .outcome = "opened" },
		{ .from = "spl", .to = "mt", .subject = "VS: [AFSENDT] min pakke", .outcome = "opened" },
		{ .from = "spl", .to = "mt", .subject = "[GODKENDT] nabo klager", .outcome = "opened" } } },
};

int main(void)
{
	return RUN_ROWS(stories, story_test);
}
