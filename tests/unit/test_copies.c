/*
 * One mail, several copies: in another folder, forged, or rewritten on the way. Content identity does not cover body
 * and threading, so what a copy says counts only as far as that copy is vouched for.
 */
#include "tests/story.h"

#include "tests/rows.h"

#define SBSYS "https://sbsys.example.dk/sag/4711"
#define OPENED { .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .outcome = "opened", .step = "modtaget", \
	.inquiry = 1 }
#define GIVEN { .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "chef leder-vej mt", \
	.subject = "VS: Hul i vejen", .answers = 1, .outcome = "moved", .step = "hos-sagsbehandler" }
/* act 3: the draft is with the head of department */
#define AT_HEAD OPENED, GIVEN, \
	{ .from = "medarbejder-vej", .to = "chef", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 2, \
	  .outcome = "moved", .step = "hos-afdelingschef" }
#define APPROVAL(...) { .from = "chef", .to = "mt", .subject = "SV: [GODKENDT] Hul i vejen", __VA_ARGS__ }
#define BY_LINE(...) { .from = "chef", .to = "mt", .subject = "SV: Hul i vejen", .answers = 3, __VA_ARGS__ }
/* act 5: the answer is with the secretariat */
#define AT_SECRETARIAT OPENED, GIVEN, \
	{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS, \
	  .outcome = "moved", .step = "svar-modtaget" }, \
	{ .from = "postkasseansvarlig", .to = "spl", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 3, \
	  .outcome = "moved", .step = "hos-spl" }
#define DUPLICATE .outcome = "duplicate", .reason = "seen-before"

static const struct story stories[] = {
	{ .name = "the copy that is vouched for counts after one that is not", .acts = { AT_HEAD,
		APPROVAL(.answers = 3, .forged = true, .outcome = "refused", .reason = "untrusted"),
		APPROVAL(.copy_of = 4, .answers = 3, .outcome = "moved", .rule = "A6", .step = "godkendt", .inquiry = 1) } },
	{ .name = "a week later, by which time others have acted, it says nothing any more", .acts = { AT_HEAD,
		APPROVAL(.answers = 3, .forged = true, .outcome = "refused"),
		APPROVAL(.at = "2026-03-31 10:00", .copy_of = 4, .answers = 3, DUPLICATE) },
	  .holder = "chef" },
	{ .name = "it counts once, and no copy after it says anything", .acts = { AT_HEAD,
		APPROVAL(.answers = 3, .forged = true, .outcome = "refused"),
		APPROVAL(.copy_of = 4, .answers = 3, .outcome = "moved", .step = "godkendt"),
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "[RETUR] SV: Hul i vejen", .answers = 3,
		  .outcome = "moved", .step = "hos-sagsbehandler" },
		APPROVAL(.copy_of = 4, .answers = 3, DUPLICATE),
		APPROVAL(.copy_of = 4, .answers = 3, .forged = true, DUPLICATE) },
	  .holder = "medarbejder-vej" },
	{ .name = "it approves no draft that came after the copy before it", .acts = { AT_HEAD,
		APPROVAL(.answers = 3, .forged = true, .outcome = "refused", .reason = "untrusted"),
		{ .from = "medarbejder-vej", .to = "chef", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 3,
		  .outcome = "noted" },
		APPROVAL(.copy_of = 4, .answers = 3, .outcome = "refused", .reason = "overtaken", .step = "hos-afdelingschef",
			.mail = "ikke-talt>postkasseansvarlig") },
	  .holder = "chef" },
	{ .name = "a forged copy after the true one changes nothing", .acts = { AT_HEAD,
		BY_LINE(.text = "Ikke endnu", .outcome = "noted"),
		BY_LINE(.copy_of = 4, .text = "Godkendt", .forged = true, DUPLICATE),
		BY_LINE(.copy_of = 4, .text = "Godkendt", DUPLICATE) },
	  .holder = "chef" },
	{ .name = "a first line that only the forged copy has approves nothing", .acts = { AT_HEAD,
		BY_LINE(.text = "Godkendt", .forged = true, .outcome = "refused", .reason = "untrusted"),
		BY_LINE(.copy_of = 4, .text = "Ikke endnu", .outcome = "noted") },
	  .holder = "chef" },
	{ .name = "a first line that the forged copy lacks approves", .acts = { AT_HEAD,
		BY_LINE(.text = "Ikke endnu", .forged = true, .outcome = "noted"),
		BY_LINE(.copy_of = 4, .text = "Godkendt", .outcome = "moved", .rule = "A6", .step = "godkendt") } },
	{ .name = "a case link that only the forged copy has is no answer", .acts = { OPENED, GIVEN,
		{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = SBSYS,
		  .forged = true, .outcome = "refused", .reason = "untrusted" },
		{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: Hul i vejen", .answers = 2, .copy_of = 3,
		  .text = "Svaret kommer", .outcome = "noted", .step = "hos-sagsbehandler" } } },
	{ .name = "a forged copy that names another thread does not lead the true one astray", .acts = { AT_HEAD,
		{ .from = "spl", .to = "mt", .subject = "VS: Støj", .outcome = "opened", .inquiry = 2 },
		APPROVAL(.answers = 4, .forged = true, .outcome = "noted", .inquiry = 2),
		APPROVAL(.copy_of = 5, .answers = 3, .outcome = "moved", .rule = "A6", .step = "godkendt", .inquiry = 1) } },
	{ .name = "what a forged copy names is forgotten with it", .acts = { AT_HEAD,
		APPROVAL(.answers = -1, .forged = true, .outcome = "waiting"),
		APPROVAL(.copy_of = 4, .answers = 3, .outcome = "moved", .step = "godkendt"),
		{ .from = "borger@citizens.example", .to = "mt", .subject = "Støj", .answers = -1, .forged = true,
		  .outcome = "waiting", .reason = "no-inquiry" } } },
	{ .name = "a forged copy in a robot's clothes", .acts = { AT_HEAD,
		APPROVAL(.answers = 3, .forged = true, .automatic = true, .outcome = "automatic"),
		APPROVAL(.copy_of = 4, .answers = 3, .outcome = "moved", .step = "godkendt") } },
	{ .name = "a list's or robot's copy that is vouched for does not swallow the word of the direct one",
	  .acts = { AT_HEAD,
		APPROVAL(.answers = 3, .automatic = true, .outcome = "automatic"),
		APPROVAL(.copy_of = 4, .answers = 3, .outcome = "moved", .rule = "A6", .step = "godkendt", .inquiry = 1),
		APPROVAL(.copy_of = 4, .answers = 3, .automatic = true, DUPLICATE) } },
	{ .name = "a robot's copy after the direct one says nothing", .acts = { AT_HEAD,
		APPROVAL(.answers = 3, .outcome = "moved", .rule = "A6", .step = "godkendt"),
		APPROVAL(.copy_of = 4, .answers = 3, .automatic = true, DUPLICATE) } },
	{ .name = "a forged copy that opens an inquiry does not swallow the word of the true one",
	  .acts = { AT_SECRETARIAT,
		{ .from = "spl", .to = "mt", .subject = "SV: [RETUR] Hul i vejen", .forged = true, .outcome = "opened",
		  .inquiry = 2 },
		{ .from = "spl", .to = "mt", .subject = "SV: [RETUR] Hul i vejen", .copy_of = 5, .answers = 4,
		  .outcome = "moved", .rule = "A9", .step = "modtaget", .inquiry = 1 },
		{ .from = "spl", .to = "mt", .subject = "SV: [RETUR] Hul i vejen", .copy_of = 5, .answers = 4, DUPLICATE } },
	  .round = 2 },
	{ .name = "a letter that was opened unvouched is not opened again", .acts = {
		{ .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .forged = true, .outcome = "opened", .inquiry = 1 },
		{ .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .copy_of = 1, DUPLICATE },
		{ .from = "spl", .to = "mt", .subject = "VS: Støj", .outcome = "opened", .inquiry = 2 } } },
	{ .name = "the gateway's receipt, first unvouched: one letter to the caseworker", .acts = { AT_SECRETARIAT,
		{ .from = "digital-post", .to = "mt", .subject = "Kvittering for afsendt: MT-2026-0001", .automatic = true,
		  .forged = true, .outcome = "automatic" },
		{ .from = "digital-post", .to = "mt", .subject = "Kvittering for afsendt: MT-2026-0001", .automatic = true,
		  .copy_of = 5, .outcome = "moved", .step = "afsendt", .inquiry = 1, .mail = "afsendt>medarbejder-vej" },
		{ .from = "digital-post", .to = "mt", .subject = "Kvittering for afsendt: MT-2026-0001", .automatic = true,
		  .copy_of = 5, DUPLICATE } } },
	{ .name = "a word that does not count is told once", .acts = { OPENED, GIVEN,
		{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: [GODKENDT] Hul i vejen", .answers = 2, .forged = true,
		  .outcome = "refused" },
		{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: [GODKENDT] Hul i vejen", .answers = 2, .copy_of = 3,
		  .outcome = "refused", .reason = "wrong-role", .mail = "ikke-talt>medarbejder-vej" },
		{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: [GODKENDT] Hul i vejen", .answers = 2, .copy_of = 3,
		  DUPLICATE } } },
	{ .name = "where the owner has placed it, it stays", .acts = { OPENED, GIVEN,
		{ .from = "medarbejder-vej", .to = "mt", .subject = "Svar", .text = SBSYS, .forged = true,
		  .outcome = "waiting" },
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "SV: [HØRER TIL MT-2026-0001] Svar", .answers = 3,
		  .outcome = "commanded", .step = "hos-sagsbehandler", .inquiry = 1 },
		{ .from = "medarbejder-vej", .to = "mt", .subject = "Svar", .text = SBSYS, .copy_of = 3, .outcome = "moved",
		  .rule = "A7", .step = "svar-modtaget", .inquiry = 1 } } },
	{ .name = "what the owner has said is no inquiry is none", .acts = { OPENED,
		{ .from = "leder-vej", .to = "mt", .subject = "Frokost", .forged = true, .outcome = "waiting" },
		{ .from = "postkasseansvarlig", .to = "mt", .subject = "SV: [IKKE HENVENDELSE] Frokost", .answers = 2,
		  .outcome = "commanded" },
		{ .from = "leder-vej", .to = "mt", .subject = "Frokost", .copy_of = 2, DUPLICATE } } },
};

int main(void)
{
	return RUN_ROWS(stories, story_test);
}
