/* The ordinary way of a letter to the mayor as acts (tests/story.h), up to where a story begins. */
#ifndef TESTS_MAYOR_ACTS_H
#define TESTS_MAYOR_ACTS_H

#define SBSYS "https://sbsys.example.dk/sag/4711"
#define ORDINARY { .from = "spl", .to = "mt", .subject = "VS: Hul i vejen", .outcome = "opened", .rule = "A1", \
	.step = "modtaget", .inquiry = 1 }
#define LETTER { .from = "spl", .to = "mt", .subject = "VS: Hul i vejen hos direktøren", .text = "Til borgmesteren", \
	.quoted_from = "borger@citizens.example", .quoted_to = "Kommunaldirektør <kd@example.dk>", .outcome = "opened", \
	.rule = "A1", .step = "modtaget", .inquiry = 1 }
#define GIVEN { .from = "postkasseansvarlig", .to = "medarbejder-vej", .cc = "chef leder-vej mt", \
	.subject = "VS: Hul i vejen", .answers = 1, .outcome = "moved", .rule = "A3", .step = "hos-sagsbehandler", \
	.inquiry = 1 }
/* the draft at the unit leader (act 3), then at the head of department (act 5) */
#define AT_LEADER ORDINARY, GIVEN, \
	{ .from = "medarbejder-vej", .to = "leder-vej", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 2, \
	  .outcome = "moved", .rule = "A5", .step = "hos-enhedsleder" }
#define AT_HEAD AT_LEADER, \
	{ .from = "leder-vej", .to = "medarbejder-vej", .cc = "mt", .subject = "SV: [GODKENDT] Hul i vejen", .answers = 3, \
	  .outcome = "moved", .rule = "A5-godkendt", .step = "klar-til-afdelingschef" }, \
	{ .from = "medarbejder-vej", .to = "chef", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 3, \
	  .outcome = "moved", .rule = "A5-chef", .step = "hos-afdelingschef" }
#define APPROVED AT_HEAD, \
	{ .from = "chef", .to = "medarbejder-vej", .cc = "mt", .subject = "[GODKENDT] SV: Hul i vejen", .answers = 5, \
	  .outcome = "moved", .rule = "A6", .step = "godkendt" }
#define ANSWERED APPROVED, \
	{ .from = "medarbejder-vej", .to = "mt", .subject = "SV: Hul i vejen", .answers = 6, .text = SBSYS, \
	  .outcome = "moved", .rule = "A7", .step = "svar-modtaget" }
#define AT_SECRETARIAT ANSWERED, \
	{ .from = "postkasseansvarlig", .to = "spl", .cc = "mt", .subject = "SV: Hul i vejen", .answers = 7, \
	  .outcome = "moved", .rule = "A8", .step = "hos-spl" }

#endif
