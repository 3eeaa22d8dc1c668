/* Inquiries sent straight to a council member (I): who answers, by when, and that members are left alone. */
#include "core/ladder.h"
#include "engine/setup.h"
#include "tests/member_acts.h"
#include "tests/rows.h"
#include "tests/story.h"

static const struct story stories[] = {
	/* the administration answers */
	{ MED, .name = "I7 a forward alone: the administration answers", .acts = { SENT_IN },
	  .holder = "postbud", .asker = CITIZEN, .due = "2026-04-09", .closed = "" },
	{ MED, .name = "I7 the whole way", .acts = { GIVEN,
		{ .from = "medarbejder", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 2,
		  .outcome = "moved", .rule = "I7-besvaret", .step = "besvaret", .inquiry = 1 } },
	  .unseen = "", .deadlines = "", .closed = "" },
	{ MED, .name = "I7 a colleague whom nobody gave it answers", .acts = { SENT_IN,
		{ .from = "kollega@example.dk", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "I7-besvaret", .step = "besvaret" } } },
	{ MED, .name = "I7 a receipt is no answer", .acts = { SENT_IN,
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Kvittering: Hul i vejen", .answers = 1, .outcome = "noted",
		  .step = "modtaget" } } },
	{ MED, .name = "I7 on the telephone", .acts = { GIVEN,
		{ .from = "medarbejder", .to = "mt", .subject = "MED-2026-0001 [BESVARET TELEFONISK]", .outcome = "moved",
		  .rule = "I7-telefon", .step = "besvaret" } } },
	{ MED, .name = "I7 from another of his addresses, for which nobody vouches", .acts = {
		{ PASSED_ON("b@parti.example", "VS: Hul i vejen"), .forged = true, .outcome = "opened", .rule = "I7-uvis",
		  .step = "modtaget", .inquiry = 1 } },
	  .asker = CITIZEN },
	{ MED, .name = "I7 a question of his own is a person's to sort out", .acts = {
		{ .from = "medlem-b", .to = "mt", .subject = "Hvornår er der borgermøde?", .outcome = "waiting",
		  .reason = "no-inquiry" } } },
	{ MED, .name = "I7 who is a member from April", .acts = {
		{ .at = "2026-04-01 09:00", PASSED_ON("medlem-d", "VS: Hul i vejen"), .outcome = "opened", .rule = "I7",
		  .inquiry = 1 } } },

	/* by when */
	{ MED, .name = "I2 ten working days from the day on which the member got it", .acts = {
		{ PASSED_ON("medlem-b", "VS: Hul i vejen"), .quoted_on = "2026-03-20", .outcome = "opened", .inquiry = 1 } },
	  .due = "2026-04-08" },
	{ MED, .name = "I2 from the forward where no day can be read", .acts = { SENT_IN }, .due = "2026-04-09" },
	{ MED, .name = "I2 a day that has not come is none", .acts = {
		{ PASSED_ON("medlem-b", "VS: Hul i vejen"), .quoted_on = "2026-03-24", .outcome = "opened", .inquiry = 1 } },
	  .due = "2026-04-09" },
	{ MED, .name = "I2 a day of last year is none", .acts = {
		{ PASSED_ON("medlem-b", "VS: Hul i vejen"), .quoted_on = "2025-03-20", .outcome = "opened", .inquiry = 1 } },
	  .due = "2026-04-09" },
	{ MED, .name = "I2 thirty days are believed, and the day has passed", .acts = {
		{ PASSED_ON("medlem-b", "VS: Hul i vejen"), .quoted_on = "2026-02-21", .outcome = "opened", .inquiry = 1 } },
	  .due = "2026-03-06" },
	{ MED, .name = "I2 a forger's day is none", .acts = {
		{ PASSED_ON("medlem-b", "VS: Hul i vejen"), .quoted_on = "2026-03-20", .forged = true, .outcome = "opened",
		  .inquiry = 1 } },
	  .due = "2026-04-09" },
	{ MED, .name = "I2 a colleague's mail that is quoted says nothing of the citizen's", .acts = {
		{ .from = "medlem-b", .to = "mt", .subject = "VS: Hul i vejen", .quoted_from = "leder.vej@example.dk",
		  .quoted_on = "2026-03-20", .outcome = "opened", .inquiry = 1 } },
	  .due = "2026-04-09", .asker = "" },
	{ MED, .name = "I2 handed over late, the day is the same", .acts = {
		{ PASSED_ON("medlem-b", "[SVARER SELV] VS: Hul i vejen"), .quoted_on = "2026-03-20", .outcome = "opened",
		  .rule = "I1", .inquiry = 1 },
		{ .at = "2026-04-07 09:00", PASSED_ON("medlem-b", "VS: Hul i vejen"), .answers = 1, .outcome = "moved",
		  .rule = "I1-alligevel", .step = "modtaget" } },
	  .due = "2026-04-08" },
	{ MED, .name = "I2 taken over and handed back, the day is the same", .acts = { GIVEN,
		{ .from = "medlem-b", .to = "mt", .subject = "MED-2026-0001 [SVARER SELV]", .outcome = "moved",
		  .rule = "I1-siden", .step = "hos-medlem", .mail = "medlem-tager-over>medarbejder" },
		{ .at = "2026-04-07 09:00", PASSED_ON("medlem-b", "VS: Hul i vejen"), .answers = 1, .outcome = "moved",
		  .rule = "I1-alligevel", .step = "modtaget" } },
	  .due = "2026-04-09" },
	{ MED, .name = "I2 the citizen asks again, and who has it hears", .acts = { GIVEN,
		{ .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true, .outcome = "noted",
		  .rule = "I2-rykker", .mail = "borgeren-rykker>medarbejder" } } },
	{ MED, .name = "I2 the citizen asks again while the member answers: the owner hears", .acts = { PERSONAL,
		{ .from = CITIZEN, .to = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true, .outcome = "noted",
		  .rule = "I2-rykker", .mail = "borgeren-rykker>postbud" } } },

	/* the member answers */
	{ MED, .name = "I1 noted, and nobody is told", .acts = { PERSONAL },
	  .deadlines = "", .holder = "postbud", .closed = "" },
	{ MED, .name = "I1 in a mail of his own", .acts = {
		{ .from = "medlem-b", .to = "mt", .subject = "[SVARER SELV] Hul i vejen", QUOTED, .outcome = "opened",
		  .rule = "I1", .step = "hos-medlem", .inquiry = 1 } } },
	{ MED, .name = "I6 his answer in the thread ends it", .acts = { PERSONAL,
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "I6", .step = "besvaret-af-medlem", .inquiry = 1 } },
	  .closed = "", .unseen = "" },
	{ MED, .name = "I6 the owner knows that he has answered", .acts = { PERSONAL,
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001/1 [BESVARET AF MEDLEM]", .outcome = "moved",
		  .rule = "I6-ord", .step = "besvaret-af-medlem" } } },
	{ MED, .name = "I6 what he writes while the administration has it ends nothing", .acts = { GIVEN,
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .outcome = "noted",
		  .rule = "I6-ogsaa", .step = "hos-sagsbehandler", .mail = "medlem-har-skrevet>medarbejder" } },
	  .noted = "medlemmet har skrevet til borgeren 2026-03-23", .due = "2026-04-09" },

	/* a copy of the answer, which nothing ties to the inquiry */
#define COPY .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "Om vejen"
	{ MED, .name = "I6 a new mail to the citizen is a candidate that the owner confirms", .acts = { PERSONAL,
		{ COPY, .outcome = "noted", .rule = "I6-kopi", .step = "hos-medlem", .inquiry = 1,
		  .mail = "medlem-kopi>postbud" },
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001/1 [BESVARET AF MEDLEM]", .outcome = "moved",
		  .rule = "I6-ord", .step = "besvaret-af-medlem" } } },
	{ MED, .name = "I6 his word moves nothing by it", .acts = { SENT_IN,
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "[SVARER SELV] Om vejen", .outcome = "noted",
		  .rule = "I6-kopi", .step = "modtaget", .mail = "medlem-kopi>postbud" } } },
	{ MED, .name = "I6 also where nobody has it yet the owner's word counts, as the letter to him says", .acts = { SENT_IN,
		{ COPY, .outcome = "noted", .rule = "I6-kopi", .step = "modtaget", .mail = "medlem-kopi>postbud" },
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001/1 [BESVARET AF MEDLEM]", .outcome = "moved",
		  .rule = "I7-medlem", .step = "besvaret-af-medlem" } } },
	{ MED, .name = "I6 and where somebody works on it, who is told", .acts = { GIVEN,
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001/1 [BESVARET AF MEDLEM]", .outcome = "moved",
		  .rule = "I7-medlem-siden", .step = "besvaret-af-medlem", .mail = "medlem-tager-over>medarbejder" } } },
	{ MED, .name = "I6 with the letter in it, to the mailbox alone", .acts = { PERSONAL,
		{ .from = "medlem-b", .to = "mt", .subject = "Mit svar", QUOTED, .outcome = "noted", .rule = "I6-kopi",
		  .step = "hos-medlem", .mail = "medlem-kopi>postbud" } } },
	{ MED, .name = "I6 two open ones: it waits", .acts = { PERSONAL,
		{ PASSED_ON("medlem-b", "[SVARER SELV] VS: Støj"), .outcome = "opened", .inquiry = 2 },
		{ COPY, .outcome = "waiting", .reason = "two-candidates" } } },
	{ MED, .name = "I6 another forward of the citizen's is a new one", .acts = { PERSONAL,
		{ PASSED_ON("medlem-b", "VS: Støj"), .outcome = "opened", .rule = "I7", .inquiry = 2 } } },
	{ MED, .name = "I6 to another citizen it is none", .acts = { PERSONAL,
		{ .from = "medlem-b", .to = "nabo@citizens.example", .cc = "mt", .subject = "Om vejen", .outcome = "waiting",
		  .reason = "no-inquiry" } } },
	{ MED, .name = "I6 from another member it is none", .acts = { PERSONAL,
		{ .from = "formand-a", .to = CITIZEN, .cc = "mt", .subject = "Om vejen", .outcome = "waiting",
		  .reason = "no-inquiry" } } },
	{ MED, .name = "I6 nor one that nobody vouches for", .acts = { PERSONAL,
		{ COPY, .forged = true, .outcome = "waiting", .reason = "no-inquiry" } } },
	{ MED, .name = "I6 nor when the inquiry has ended", .acts = { PERSONAL,
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001 [AFSLUT]", .outcome = "commanded" },
		{ COPY, .outcome = "waiting", .reason = "no-inquiry" } } },

	/* a draft */
	{ MED, .name = "I4 a chair's draft goes to him, and he answers", .acts = { DRAFT_WANTED,
		{ .from = "postbud", .to = "medarbejder", .cc = "leder mt", .subject = "VS: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "I4-fordelt", .step = "udkast-undervejs" },
		{ .from = "medarbejder", .to = "formand-a", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 2,
		  .outcome = "moved", .rule = "I4-udkast", .step = "hos-medlem" },
		{ .from = "formand-a", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "I6", .step = "besvaret-af-medlem" } },
	  .unseen = "" },
	{ MED, .name = "I4 the mayor's, at once", .acts = {
		{ PASSED_ON("borgmester", "[UDKAST] VS: Hul i vejen"), .outcome = "opened", .rule = "I4",
		  .step = "udkast-ønsket", .inquiry = 1 } },
	  .due = "2026-04-09" },
	{ MED, .name = "I4 a chair asks for it later", .acts = {
		{ PASSED_ON("formand-a", "VS: Hul i vejen"), .outcome = "opened", .rule = "I7", .inquiry = 1 },
		{ .from = "postbud", .to = "medarbejder", .cc = "mt", .subject = "VS: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "I7-fordelt" },
		{ .from = "formand-a", .to = "mt", .subject = "MED-2026-0001 [UDKAST ØNSKES]", .outcome = "moved",
		  .rule = "I4-sagsbehandler", .step = "udkast-undervejs", .mail = "medlem-udkast>medarbejder" } } },
	{ MED, .name = "I4 others are told, and the administration has it", .acts = {
		{ PASSED_ON("medlem-b", "[UDKAST ØNSKES] VS: Hul i vejen"), .outcome = "opened", .rule = "I4-andre",
		  .step = "modtaget", .inquiry = 1, .mail = "medlem-kun-formand>medlem-b" } },
	  .due = "2026-04-09" },
	{ MED, .name = "I4 others are told later, too", .acts = { SENT_IN,
		{ .from = "medlem-b", .to = "mt", .subject = "MED-2026-0001 [UDKAST ØNSKES]", .outcome = "noted",
		  .rule = "I4-andre-siden", .step = "modtaget", .mail = "medlem-kun-formand>medlem-b" } } },

	/* an agenda */
	{ MED, .name = "I8 the council's goes to the mayor", .acts = {
		{ PASSED_ON("medlem-b", "[DAGSORDEN BYRÅD] VS: Hul i vejen"), .outcome = "opened", .rule = "I8",
		  .step = "dagsorden", .inquiry = 1, .mail = "medlem-dagsorden>borgmester" },
		{ .from = "postbud", .to = "borgmester", .cc = "mt", .subject = "VS: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "I8-sendt", .step = "dagsorden-foreslået" } },
	  .deadlines = "", .unseen = "" },
	{ MED, .name = "I8 the mayor has it already", .acts = {
		{ .from = "medlem-b", .to = "borgmester", .cc = "mt", .subject = "[DAGSORDEN BYRÅDET] VS: Hul i vejen", QUOTED,
		  .outcome = "opened", .rule = "I8-kopi", .step = "dagsorden-foreslået", .inquiry = 1 } } },
	{ MED, .name = "I8 it is the mayor's own", .acts = {
		{ PASSED_ON("borgmester", "[DAGSORDEN BYRÅD] VS: Hul i vejen"), .outcome = "opened", .rule = "I8-selv",
		  .step = "dagsorden-foreslået", .inquiry = 1 } } },
	{ MED, .name = "I8 a committee's goes to its chair", .acts = {
		{ PASSED_ON("medlem-b", "[DAGSORDEN UDVALG Teknikudvalget] VS: Hul i vejen"), .outcome = "opened",
		  .rule = "I8-udvalg", .step = "dagsorden", .inquiry = 1, .mail = "medlem-dagsorden>formand-a" } } },
	{ MED, .name = "I8 nobody knows who chairs it: the owner sees to it", .acts = {
		{ PASSED_ON("medlem-b", "[DAGSORDEN Kulturudvalget] VS: Hul i vejen"), .outcome = "opened", .rule = "I8-udvalg",
		  .step = "dagsorden", .inquiry = 1, .mail = "medlem-dagsorden>postbud" } } },
	{ MED, .name = "I8 there is no such committee: told, and not lost", .acts = {
		{ PASSED_ON("medlem-b", "[DAGSORDEN UDVALG Teknikken] VS: Hul i vejen"), .outcome = "waiting",
		  .reason = "unknown-list", .mail = "ikke-talt>medlem-b" } } },
	{ MED, .name = "I8 nor later", .acts = { SENT_IN,
		{ .from = "medlem-b", .to = "mt", .subject = "MED-2026-0001 [DAGSORDEN UDVALG Teknikken]", .outcome = "refused",
		  .reason = "unknown-list", .step = "modtaget", .mail = "ikke-talt>medlem-b" },
		{ .from = "medlem-b", .to = "mt", .subject = "MED-2026-0001 [DAGSORDEN UDVALG Teknik]", .outcome = "moved",
		  .rule = "I8-udvalg-siden", .step = "dagsorden", .mail = "medlem-dagsorden>formand-a" } } },

	/* a personal number */
#define WARNED .mail = "cpr-advarsel>medlem-b"
#define NUMBER "Kære borger. Dit nummer er 010180-1234."
	{ MED, .name = "I5 a number in what goes outside: its sender is told, and it is decided as ever", .acts = { PERSONAL,
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .text = NUMBER,
		  .outcome = "moved", .rule = "I6", .step = "besvaret-af-medlem", WARNED } } },
	{ MED, .name = "I5 each mail once, however often it is seen", .acts = { PERSONAL,
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .text = NUMBER,
		  .outcome = "moved", WARNED },
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .text = NUMBER,
		  .copy_of = 2, .outcome = "duplicate" } } },
	{ MED, .name = "I5 in the subject", .acts = {
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "Om xxxxxx-xxxx", .outcome = "waiting", WARNED } } },
	{ MED, .name = "I5 from a colleague whom people.conf does not know", .acts = {
		{ .from = "kollega@example.dk", .to = CITIZEN, .cc = "mt", .subject = "Svar", .text = NUMBER,
		  .outcome = "waiting", .mail = "cpr-advarsel>kollega@example.dk" } } },
	{ MED, .name = "I5 within the house it is safe", .acts = { GIVEN,
		{ .from = "medarbejder", .to = "medlem-b", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 2, .text = NUMBER,
		  .outcome = "noted", .step = "hos-sagsbehandler" } } },
	{ MED, .name = "I5 by Digital Post it is safe", .acts = {
		{ .from = "medarbejder", .to = "xxxxxxxxxx@post.example", .cc = "mt", .subject = "Svar", .text = NUMBER,
		  .outcome = "waiting" } } },
	{ MED, .name = "I5 a citizen may write his own", .acts = { SENT_IN,
		{ .from = CITIZEN, .to = "mt nabo@citizens.example", .subject = "SV: Hul i vejen", .answers = 1, .forged = true,
		  .text = NUMBER, .outcome = "noted", .mail = "borgeren-rykker>postbud" } } },
	{ MED, .name = "I5 who forges a member makes no mail to him", .acts = {
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "Svar", .text = NUMBER, .forged = true,
		  .outcome = "waiting" } } },
	{ MED, .name = "I5 as the mailbox nobody is known to tell", .acts = {
		{ .from = "mt", .to = CITIZEN, .subject = "Svar", .text = NUMBER, .outcome = "unrelated" } } },
	{ MED, .name = "I5 a telephone number of that shape", .acts = {
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "Svar", .text = "Ring på tlf. 0101801234",
		  .outcome = "waiting" } } },
	{ .conf = NULL, .name = "I5 where no workflow asks for it", .acts = {
		{ .from = "medarbejder-vej", .to = CITIZEN, .cc = "mt", .subject = "Svar", .text = NUMBER,
		  .outcome = "waiting" } } },
	{ MED, .name = "I5 five a day are enough", .acts = {
#define ONE_MORE .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "Svar", .text = NUMBER, .outcome = "waiting"
		{ ONE_MORE, WARNED }, { ONE_MORE, WARNED }, { ONE_MORE, WARNED }, { ONE_MORE, WARNED }, { ONE_MORE, WARNED },
		{ ONE_MORE } } },

	/* attacks */
	{ MED, .name = "who forges a member opens one for the administration, and no more", .acts = {
		{ PASSED_ON("medlem-b", "[SVARER SELV] VS: Hul i vejen"), .forged = true, .outcome = "opened",
		  .rule = "I7-uvis", .step = "modtaget", .inquiry = 1 } },
	  .due = "2026-04-09", .holder = "postbud" },
	{ MED, .name = "who forges a member's word in a known one", .acts = { SENT_IN,
		{ .from = "medlem-b", .to = "mt", .subject = "MED-2026-0001 [SVARER SELV]", .forged = true,
		  .outcome = "refused", .reason = "untrusted", .step = "modtaget" } } },
	{ MED, .name = "who forges a member's answer", .acts = { PERSONAL,
		{ .from = "medlem-b", .to = CITIZEN, .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1, .forged = true,
		  .outcome = "refused", .reason = "untrusted", .step = "hos-medlem" } } },
	{ MED, .name = "a member whose term is over", .acts = {
		{ .at = "2026-04-01 09:00", PASSED_ON("medlem-c", "[SVARER SELV] VS: Hul i vejen"), .outcome = "waiting",
		  .reason = "no-inquiry" } } },
	{ MED, .name = "his word counts no more either", .acts = {
		{ PASSED_ON("medlem-c", "VS: Hul i vejen"), .outcome = "opened", .rule = "I7", .inquiry = 1 },
		{ .at = "2026-04-01 09:00", .from = "medlem-c", .to = "mt", .subject = "MED-2026-0001 [SVARER SELV]",
		  .outcome = "refused", .reason = "wrong-role", .step = "modtaget", .mail = "ikke-talt>medlem-c" } } },
	{ MED, .name = "another member says nothing of it", .acts = { SENT_IN,
		{ .from = "formand-a", .to = "mt", .subject = "MED-2026-0001 [SVARER SELV]", .outcome = "refused",
		  .reason = "wrong-role", .step = "modtaget", .mail = "ikke-talt>formand-a" } } },
	{ MED, .name = "a citizen says nothing of it", .acts = { SENT_IN,
		{ .from = CITIZEN, .to = "mt", .subject = "MED-2026-0001 [SVARER SELV]", .forged = true, .outcome = "noted",
		  .rule = "I2-rykker", .step = "modtaget", .mail = "borgeren-rykker>postbud" } } },
	{ MED, .name = "a citizen's letter with the word opens nothing here, and waits", .acts = {
		{ .from = CITIZEN, .to = "mt", .subject = "[SVARER SELV] Hul i vejen", .forged = true, .outcome = "waiting",
		  .reason = "no-inquiry" } } },
	{ MED, .name = "a citizen's word in the subject that is passed on is not the member's", .acts = {
		{ PASSED_ON("medlem-b", "VS: [SVARER SELV] Hul i vejen"), .outcome = "opened", .rule = "I7",
		  .step = "modtaget", .inquiry = 1 } } },
	{ MED, .name = "nor one behind two prefixes", .acts = {
		{ PASSED_ON("medlem-b", "VS: SV: [SVARER SELV] VS: Hul i vejen"), .outcome = "opened", .rule = "I7",
		  .step = "modtaget", .inquiry = 1 } } },
	{ MED, .name = "a word in front of a forward that may not stand there", .acts = { PERSONAL,
		{ PASSED_ON("postbud", "[BESVARET AF MEDLEM] VS: Hul i vejen"), .answers = 1, .outcome = "noted",
		  .step = "hos-medlem" } } },
	{ MED, .name = "a word that stood in front of a mail known here is not said again", .acts = {
		{ PASSED_ON("medlem-b", "[SVARER SELV] VS: Hul i vejen"), .outcome = "opened", .rule = "I1", .inquiry = 1 },
		{ PASSED_ON("medlem-b", "[SVARER SELV] VS: Hul i vejen"), .answers = 1, .outcome = "moved",
		  .rule = "I1-alligevel", .step = "modtaget" } } },
};

static int64_t instant(int year, int month, int day, int hour)
{
	return calendar_utc(calendar_join(year, month, day), hour * 60);
}

/* An inquiry of medlem-b at the step; its clock started, as far as the step lets it run. */
static void make_inquiry(struct inquiry *inquiry, const struct workflow *workflow, const char *step, bool given)
{
	*inquiry = (struct inquiry){ .key = "MED-2026-0001", .workflow = workflow->id, .mailbox = "post", .step = step,
		.round = 1, .received_at = instant(2026, 3, 23, 9), .round_at = instant(2026, 3, 23, 9),
		.step_at = instant(2026, 3, 23, 9) };
	inquiry->assignments[inquiry->assignments_count++] = (struct inquiry_assignment){ "byrådsmedlem", "medlem-b" };
	if (given)
		inquiry->assignments[inquiry->assignments_count++] = (struct inquiry_assignment){ "sagsbehandler",
			"medarbejder" };
	for (size_t i = 0; i < workflow->deadlines_count; i++)
		if (!message_strings_have(&workflow->deadlines[i].stop, step))
			inquiry->clocks[inquiry->clocks_count++] = (struct inquiry_clock){ .deadline = workflow->deadlines[i].name,
				.started_at = inquiry->received_at, .due_at = calendar_end(calendar_join(2026, 4, 9)) };
}

/* The law: at whatever step, given or not, and however late, no rung and no review calls a member. */
static void test_no_member_is_ever_reminded(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct setup *setup = setup_load(SOURCE_ROOT "/tests/data/medlem/fristd.conf", &faults);
	const struct workflow *workflow;
	size_t called = 0;

	(void)state;
	assert_non_null(setup);
	workflow = setup->conf.mailboxes[0].workflow;
	for (size_t step = 0; step < workflow->steps_count * 2; step++) {
		struct inquiry inquiry;

		make_inquiry(&inquiry, workflow, workflow->steps[step / 2].id, step % 2);
		if (workflow->steps[step / 2].final)
			continue;
		for (int day = 0; day < 400; day++) {
			struct ladder_call calls[LADDER_CALLS_MAX];
			int64_t now = instant(2026, 3, 23, 9) + day * INT64_C(86400);
			struct directory directory;
			size_t count;

			directory_on(&arena, &setup->conf.directory, calendar_local(now).date, &directory);
			count = ladder_calls(workflow, &directory, &setup->conf.calendar, &inquiry, now, calls);
			for (size_t i = 0; i < count; i++)
				for (size_t j = 0; j < calls[i].people_count; j++, called++)
					assert_false(directory_is_member(&directory, calls[i].people[j], "byrådsmedlem") ||
						directory_is_member(&directory, calls[i].people[j], "borgmester"));
		}
	}
	assert_true(called > 1000);
	/* nor has any of them a morning digest, or a step of his own */
	for (size_t i = 0; i < workflow->digests_count; i++)
		assert_string_equal(workflow->digests[i].role, "postteam");
	setup_free(setup);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_no_member_is_ever_reminded) };

	return cmocka_run_group_tests(tests, NULL, NULL) + RUN_ROWS(stories, story_test);
}
