/*
 * How people really behave, a row a sentence, as far as no other file tells it: the same letter thrice and three
 * matters in one mail are test_kin.c's, thanks and asking again test_citizen.c's, answers by phone test_post.c's.
 */
#include "tests/mayor_acts.h"
#include "tests/story.h"

#include "tests/rows.h"

#define BEHAVE .conf = "tests/data/behave/fristd.conf"
#define CITIZEN "borger@citizens.example"

static const struct story stories[] = {
	{ .name = "answers 'Godkendt' on a phone without touching the subject", .acts = { AT_HEAD,
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 5,
		  .text = "Godkendt\n\nVenlig hilsen", .outcome = "moved", .rule = "A6", .step = "godkendt" } } },
	{ .name = "sends on behalf of another, who said nothing himself", .acts = { AT_HEAD,
		{ .from = "chef", .sender = "stedfortraeder", .to = "medarbejder-vej", .cc = "mt",
		  .subject = "SV: [GODKENDT] Hul i vejen", .answers = 5, .outcome = "refused", .reason = "untrusted",
		  .step = "hos-afdelingschef", .mail = "ikke-talt>stedfortraeder" } } },
	{ BEHAVE, .name = "sends on behalf of another, who lets him", .acts = { AT_HEAD,
		{ .from = "chef", .sender = "stedfortraeder", .to = "medarbejder-vej", .cc = "mt",
		  .subject = "SV: [GODKENDT] Hul i vejen", .answers = 5, .outcome = "moved", .rule = "A6",
		  .step = "godkendt" } } },
	{ .name = "drags mail to Behandlet: the same mail in another folder is no second one", .acts = { AT_HEAD,
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "[GODKENDT] SV: Hul i vejen", .answers = 5,
		  .outcome = "moved", .rule = "A6", .step = "godkendt" },
		{ .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .copy_of = 1, .outcome = "duplicate",
		  .reason = "seen-before" },
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "[GODKENDT] SV: Hul i vejen", .answers = 5,
		  .copy_of = 6, .outcome = "duplicate", .reason = "seen-before" } },
	  .holder = "medarbejder-vej", .round = 1 },
	{ .name = "deletes it once filed: what answers the deleted mail finds its inquiry all the same", .acts = { AT_HEAD,
		{ .from = "medarbejder-vej", .to = "leder-vej", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 1,
		  .outcome = "moved", .rule = "A5", .step = "hos-enhedsleder", .inquiry = 1 } } },
	{ .name = "uses S/MIME: what stands in the subject counts, the text that nobody can read says nothing",
	  .acts = { AT_HEAD,
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 5,
		  .encrypted = true, .outcome = "noted", .step = "hos-afdelingschef" },
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: [GODKENDT] Hul i vejen", .answers = 5,
		  .encrypted = true, .outcome = "moved", .rule = "A6", .step = "godkendt" },
		{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: Hul i vejen", .answers = 7, .encrypted = true,
		  .outcome = "noted", .step = "godkendt" } },
	  .holder = "medarbejder-vej", .due = "2026-03-30" },
	{ .conf = "tests/data/post/fristd.conf",
	  .name = "uses S/MIME, tunnel mail and encrypted archives: a letter that only its recipient can read is no less one",
	  .acts = {
		{ .from = CITIZEN, .to = "mt", .subject = "Fortroligt", .forged = true, .encrypted = true, .outcome = "opened",
		  .rule = "P2-krypteret", .step = "krypteret", .inquiry = 1 },
		{ .from = "sikkerpost@region.example", .to = "mt", .subject = "#sikker Tunnelmail", .forged = true,
		  .encrypted = true, .outcome = "opened", .rule = "P2-krypteret", .inquiry = 2 },
		{ .from = CITIZEN, .to = "mt", .subject = "Adgangskoden kommer for sig", .text = "Se journal.7z", .forged = true,
		  .outcome = "opened", .rule = "P2", .inquiry = 3 } } },
	{ .name = "gets [EKSTERN] put before every outside subject by the server: a word behind it counts",
	  .acts = { AT_HEAD,
		{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "[EKSTERN] SV: [GODKENDT] Hul i vejen",
		  .answers = 5, .outcome = "moved", .rule = "A6", .step = "godkendt" } } },
	{ .conf = "tests/data/post/fristd.conf",
	  .name = "gets [EKSTERN] put before every outside subject by the server: it is no word", .acts = {
		{ .from = CITIZEN, .to = "mt", .subject = "[EKSTERN] Hul i vejen", .forged = true, .outcome = "opened",
		  .rule = "P2", .inquiry = 1 },
		{ .from = "mt", .to = CITIZEN, .subject = "SV: [EKSTERN] Hul i vejen", .answers = 1, .outcome = "moved",
		  .rule = "P3", .inquiry = 1 } } },
	{ BEHAVE, .name = "takes July off, and is both unit leader and acting head: he is asked once, as the head",
	  .acts = {
		{ .at = "2026-07-06 09:00", .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .outcome = "opened",
		  .inquiry = 1 },
		GIVEN,
		{ .from = "medarbejder-vej", .to = "leder-vej", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 2,
		  .outcome = "moved", .rule = "A5-chef", .step = "hos-afdelingschef" },
		{ .from = "leder-vej", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: [GODKENDT] Hul i vejen",
		  .answers = 3, .outcome = "moved", .rule = "A6", .step = "godkendt" } },
	  .unseen = "hos-enhedsleder klar-til-afdelingschef" },
	{ BEHAVE, .name = "takes July off: in June nobody approves for the head", .acts = { AT_HEAD,
		{ .from = "leder-vej", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: [GODKENDT] Hul i vejen",
		  .answers = 5, .outcome = "noted", .rule = "A5-godkendt-sent", .step = "hos-afdelingschef" } } },
};

int main(void)
{
	return RUN_ROWS(stories, story_test);
}
