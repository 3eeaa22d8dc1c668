/* The ordinary way of a council member's question as acts (tests/story.h), up to where a story begins. */
#ifndef TESTS_COUNCIL_ACTS_H
#define TESTS_COUNCIL_ACTS_H

#define KB .conf = "tests/data/kb/fristd.conf"
#define ASKED { .from = "medlem-a", .to = "mt", .subject = "Hvor mange elever går der i skole?", .outcome = "opened", \
	.rule = "D3", .step = "modtaget", .inquiry = 1, .mail = "kb-kvittering>medlem-a" }
#define GIVEN ASKED, { .from = "sekretær", .to = "medarbejder", .cc = "mt", \
	.subject = "VS: Hvor mange elever går der i skole?", .answers = 1, .outcome = "moved", .rule = "D3-fordelt", \
	.step = "hos-sagsbehandler", .inquiry = 1 }
/* the draft (act 3) at the director */
#define SUBMITTED GIVEN, { .from = "medarbejder", .to = "direktør", .cc = "mt", \
	.subject = "SV: Hvor mange elever går der i skole?", .answers = 2, .outcome = "moved", .rule = "D3b-forelagt", \
	.step = "hos-direktør", .inquiry = 1 }
#define APPROVED SUBMITTED, { .from = "direktør", .to = "medarbejder", .cc = "sekretær mt", \
	.subject = "SV: Hvor mange elever går der i skole?", .answers = 3, .text = "Godkendt", .outcome = "moved", \
	.rule = "D3b-godkendt", .step = "godkendt", .inquiry = 1, .mail = "kb-send-til-alle>sekretær" }
#define ANSWER(whom) .from = "sekretær", .to = whom, .cc = "mt", .subject = "SV: Hvor mange elever går der i skole?", \
	.answers = 1, .inquiry = 1
#define SENT .outcome = "moved", .rule = "D3b-udsendt", .step = "udsendt", .mail = "kb-udsendt>medarbejder"
#define FELL_SHORT .outcome = "moved", .rule = "D3b-mangler", .step = "godkendt", .mail = "kb-mangler>sekretær"

#endif
