/* The ordinary way of an inquiry that a council member sends in as acts (tests/story.h), up to where a story begins. */
#ifndef TESTS_MEMBER_ACTS_H
#define TESTS_MEMBER_ACTS_H

#include "core/calendar.h"

#define MED .conf = "tests/data/medlem/fristd.conf"
#define CITIZEN "borger@citizens.example"
#define QUOTED .quoted_from = CITIZEN, .quoted_to = "Medlem B <medlem.b@example.dk>"
#define PASSED_ON(who, what) .from = who, .to = "mt", .subject = what, QUOTED
#define SENT_IN { PASSED_ON("medlem-b", "VS: Hul i vejen"), .outcome = "opened", .rule = "I7", .step = "modtaget", \
	.inquiry = 1 }
#define GIVEN SENT_IN, { .from = "postbud", .to = "medarbejder", .cc = "leder mt", .subject = "VS: Hul i vejen", \
	.answers = 1, .outcome = "moved", .rule = "I7-fordelt", .step = "hos-sagsbehandler", .inquiry = 1 }
#define PERSONAL { PASSED_ON("medlem-b", "[SVARER SELV] VS: Hul i vejen"), .outcome = "opened", .rule = "I1", \
	.step = "hos-medlem", .inquiry = 1 }
#define DRAFT_WANTED { PASSED_ON("formand-a", "[UDKAST ØNSKES] VS: Hul i vejen"), .outcome = "opened", .rule = "I4", \
	.step = "udkast-ønsket", .inquiry = 1 }

#endif
