/*
 * What must not happen: an approval that nobody gave, an inquiry that gets lost, a crash. Each row is one message that
 * tries, and what becomes of it.
 */
#include "core/decide.h"

#include "core/classify.h"
#include "core/subject.h"
#include "tests/rows.h"

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

#define OWNER "ejer@example.dk"
#define WORKER "sag@example.dk"
#define LEADER "leder@example.dk"
#define HEAD "chef@example.dk"
#define SPL "spl@example.dk"
#define BOTH "begge@example.dk"	/* keeps the mailbox and is of the secretariat */
#define MAILBOX "mt@example.dk"
#define GATEWAY "digitalpost@example.dk"
#define CITIZEN "borger@example.com"

static const struct directory_person people[] = {
	{ .id = "ejer", .address = OWNER }, { .id = "sag", .address = WORKER }, { .id = "leder", .address = LEADER },
	{ .id = "chef", .address = HEAD }, { .id = "spl", .address = SPL },
	{ .id = "gateway", .address = GATEWAY }, { .id = "begge", .address = BOTH },
};

#define ROLE(word, ...) { .name = (word), .members = (const struct directory_person *const[]){ __VA_ARGS__ }, \
	.count = COUNT_OF(((const struct directory_person *const[]){ __VA_ARGS__ })) }

static const struct directory_role roles[] = {
	ROLE("postkasseansvarlig", &people[0], &people[6]), ROLE("enhedsleder", &people[2]),
	ROLE("afdelingschef", &people[3]),
	ROLE("spl", &people[4], &people[6]), ROLE("gateway", &people[5]),
};

static const struct directory directory = { .people = people, .people_count = COUNT_OF(people), .roles = roles,
	.roles_count = COUNT_OF(roles), .domains = STRINGS("example.dk") };

static const struct workflow_tag tags[] = {
	{ .name = "GODKENDT" }, { .name = "RETUR", .aliases = STRINGS("KOMMENTARER") }, { .name = "AFSENDT" },
};

static const struct workflow_step steps[] = {
	{ .id = "modtaget", .holder = "postkasseansvarlig" }, { .id = "hos-sagsbehandler", .holder = "sagsbehandler" },
	{ .id = "hos-afdelingschef", .holder = "afdelingschef" }, { .id = "godkendt", .holder = "sagsbehandler" },
	{ .id = "svar-modtaget", .holder = "postkasseansvarlig" }, { .id = "hos-spl", .holder = "spl" },
	{ .id = "afsendt", .final = true },
};

static const struct workflow_assign to_worker = { "sagsbehandler", WORKFLOW_FROM_TO };

static const struct workflow_rule rules[] = {
	{ .cite = "A1", .to = "modtaget", .when = { .known = WORKFLOW_NO, .sender = STRINGS("spl") } },
	{ .cite = "A3", .from = STRINGS("modtaget", "hos-sagsbehandler"), .to = "hos-sagsbehandler",
		.when = { .known = WORKFLOW_YES, .sender = STRINGS("postkasseansvarlig", "mailbox"),
			.to = STRINGS("medarbejder"), .trusted = WORKFLOW_YES }, .assign = &to_worker, .assign_count = 1 },
	{ .cite = "A6", .from = STRINGS("hos-sagsbehandler", "hos-afdelingschef"), .to = "godkendt",
		.when = { .known = WORKFLOW_YES, .tag = "GODKENDT", .sender = STRINGS("afdelingschef"),
			.trusted = WORKFLOW_YES } },
	{ .cite = "A6-retur", .from = STRINGS("hos-afdelingschef", "godkendt"), .to = "hos-sagsbehandler",
		.when = { .known = WORKFLOW_YES, .tag = "RETUR", .sender = STRINGS("afdelingschef"),
			.trusted = WORKFLOW_YES } },
	{ .cite = "A9", .from = STRINGS("hos-spl"), .to = "modtaget", .next_round = true,
		.when = { .known = WORKFLOW_YES, .tag = "RETUR", .sender = STRINGS("spl"), .trusted = WORKFLOW_YES } },
	{ .cite = "A10", .from = STRINGS("hos-spl"), .to = "afsendt",
		.when = { .known = WORKFLOW_YES, .sender = STRINGS("gateway"), .automatic = true, .trusted = WORKFLOW_YES } },
	{ .cite = "noted", .when = { .known = WORKFLOW_YES, .sender = STRINGS("enhedsleder") } },
};

static const struct workflow workflow = {
	.id = "borgmester", .name = "Borgmesterhenvendelse", .key = "MT",
	.roles = STRINGS("postkasseansvarlig", "sagsbehandler", "enhedsleder", "afdelingschef", "spl", "gateway", "mailbox",
		"medarbejder"),
	.owners = STRINGS("postkasseansvarlig"), .assigned = STRINGS("sagsbehandler"), .tags = tags,
		.tags_count = COUNT_OF(tags),
	.delivery_words = STRINGS("leveret", "kvittering"),
	.steps = steps, .steps_count = COUNT_OF(steps), .rules = rules, .rules_count = COUNT_OF(rules),
};

enum found { NONE, FOUND, TWO };			/* the inquiry that the message belongs to */
/* What it answers; EARLIER: a mail of the round before; BELOW: an unseen answer to a known mail of the inquiry. */
enum parent { NOTHING, KNOWN, EARLIER, UNSEEN, BELOW };

#define OPENED_AT 1000
#define ROUND_AT 5000
#define ARRIVED_AT 9000

struct row {
	const char *name;
	const char *from;
	bool trusted;
	enum found found;
	const char *step;		/* of the inquiry; NULL: hos-afdelingschef */
	int round;			/* of the inquiry; 0: 1 */
	enum parent parent;
	bool parent_is_ours, waits;	/* waits: the parent, for the owner */
	const char *parent_subject;
	const char *subject, *first_line;
	const char *topic;		/* subject of the inquiry; NULL: Klage */
	bool robot;
	enum message_kind kind;		/* of a robot's mail */
	bool newsletter, ours;		/* likewise */
	bool overtaken;			/* it waited; when the owner placed it the inquiry had moved on */
	enum decide_outcome outcome;
	enum decide_reason reason;
	const char *step_after;		/* NULL: unchanged */
};

#define MAIL(who, vouched) .from = (who), .trusted = (vouched)
#define BELONGS(at) .found = FOUND, .step = (at)
#define ANSWERS(to) .parent = KNOWN, .parent_subject = (to)
#define SAYS(text) .subject = (text)
#define ENDS(how, why) .outcome = DECIDE_##how, .reason = DECIDE_BY_##why

static const struct row rows[] = {
	{ "approval", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDT] SV: Klage"), ENDS(MOVED, RULE),
		.step_after = "godkendt" },
	{ "approval, forged", MAIL(HEAD, false), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDT] SV: Klage"),
		ENDS(REFUSED, UNTRUSTED) },
	{ "approval by first line, forged", MAIL(HEAD, false), BELONGS(NULL), ANSWERS("Klage"), SAYS("SV: Klage"),
		.first_line = "Godkendt", ENDS(REFUSED, UNTRUSTED) },
	{ "approval by the citizen", MAIL(CITIZEN, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDT] SV: Klage"),
		ENDS(WAITING, PERHAPS_NEW) },
	{ "approval by the caseworker", MAIL(WORKER, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDT] SV: Klage"),
		ENDS(REFUSED, WRONG_ROLE) },
	{ "approval by the mailbox", MAIL(MAILBOX, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDT] SV: Klage"),
		ENDS(REFUSED, WRONG_ROLE) },
	{ "approval that sticks", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("[GODKENDT] Klage"),
		SAYS("SV: [GODKENDT] Klage"),
		ENDS(NOTED, NOT_FRESH) },
	{ "approval put before one that sticks", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("SV: [GODKENDT] Klage"),
		SAYS("[GODKENDT] SV: [GODKENDT] Klage"), ENDS(REFUSED, NOT_FRESH) },
	{ "the same, forged", MAIL(HEAD, false), BELONGS(NULL), ANSWERS("SV: [GODKENDT] Klage"),
		SAYS("[GODKENDT] SV: [GODKENDT] Klage"), ENDS(NOTED, NOT_FRESH) },
	{ "a mark put there twice", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("[SAG 12] Klage"),
		SAYS("[SAG 12] SV: [SAG 12] Klage"), ENDS(NOTED, NOT_FRESH) },
	{ "approval of something unseen", MAIL(HEAD, true), BELONGS(NULL), .parent = UNSEEN, SAYS("SV: [GODKENDT] Klage"),
		ENDS(REFUSED, PARENT_UNKNOWN) },
	{ "approval by first line of something unseen", MAIL(HEAD, true), BELONGS(NULL), .parent = UNSEEN,
		SAYS("SV: Klage"), .first_line = "Godkendt", ENDS(REFUSED, PARENT_UNKNOWN) },
	{ "approval of another mail under a known id", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"),
		SAYS("SV: [GODKENDT] Klage, vil du tiltræde?"), ENDS(REFUSED, PARENT_UNKNOWN) },
	{ "approval by first line of another mail under a known id", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Frokost?"),
		SAYS("SV: Frokost på torsdag?"), .first_line = "Godkendt", ENDS(REFUSED, PARENT_UNKNOWN) },
	{ "approval in a forward", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("VS: [GODKENDT] Klage"),
		ENDS(NOTED, FORWARD) },
	{ "approval and comments", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDT] [RETUR] SV: Klage"),
		ENDS(REFUSED, SEVERAL_TAGS) },
	{ "approval with remarks", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"),
		SAYS("[GODKENDT MED BEMÆRKNINGER] SV: Klage"), ENDS(REFUSED, BAD_ARGUMENT) },
	{ "approval in an absence notice", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDT] SV: Klage"),
		.first_line = "Godkendt", .robot = true, .kind = MESSAGE_ABSENCE, ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "approval between two inquiries", MAIL(HEAD, true), .found = TWO, SAYS("[GODKENDT] Klage"),
		ENDS(WAITING, TWO_CANDIDATES) },
	{ "approval where nothing waits for it", MAIL(HEAD, true), BELONGS("modtaget"), ANSWERS("Klage"),
		SAYS("[GODKENDT] SV: Klage"), ENDS(REFUSED, WRONG_STEP) },
	{ "approval of what has ended", MAIL(HEAD, true), BELONGS("afsendt"), ANSWERS("Klage"),
		SAYS("[GODKENDT] SV: Klage"),
		ENDS(REFUSED, CLOSED) },
	{ "stale one tap", MAIL(HEAD, true), BELONGS(NULL), .round = 2, SAYS("MT-2026-0042/1 [GODKENDT]"),
		ENDS(REFUSED, WRONG_ROUND) },
	{ "stale one tap behind the key alone", MAIL(HEAD, true), BELONGS(NULL), .round = 2,
		SAYS("MT-2026-0042 MT-2026-0042/1 [GODKENDT]"), ENDS(REFUSED, WRONG_ROUND) },
	{ "one tap of round 0", MAIL(HEAD, true), BELONGS(NULL), .round = 2, SAYS("MT-2026-0042/0 [GODKENDT]"),
		ENDS(REFUSED, WRONG_ROUND) },
	{ "one tap of two inquiries", MAIL(HEAD, true), BELONGS(NULL), SAYS("MT-2026-0042/1 MT-2026-0043 [GODKENDT]"),
		ENDS(REFUSED, TWO_CANDIDATES) },
	{ "one tap", MAIL(HEAD, true), BELONGS(NULL), .round = 2, SAYS("MT-2026-0042/2 [GODKENDT]"), ENDS(MOVED, RULE),
		.step_after = "godkendt" },
	{ "approval of the draft of an earlier round", MAIL(HEAD, true), BELONGS("hos-sagsbehandler"), .round = 2,
		.parent = EARLIER, .parent_subject = "Klage", SAYS("[GODKENDT] SV: Klage"), ENDS(REFUSED, WRONG_ROUND) },
	{ "approval by first line of the draft of an earlier round", MAIL(HEAD, true), BELONGS("hos-sagsbehandler"),
		.round = 2,
		.parent = EARLIER, .parent_subject = "Klage", SAYS("SV: Klage"), .first_line = "Godkendt",
		ENDS(REFUSED, WRONG_ROUND) },
	{ "approval of the draft of this round", MAIL(HEAD, true), BELONGS(NULL), .round = 2, ANSWERS("Klage"),
		SAYS("SV: Klage"),
		.first_line = "Godkendt", ENDS(MOVED, RULE), .step_after = "godkendt" },
	{ "approval that waited until another draft had come", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"),
		SAYS("[GODKENDT] SV: Klage"), .overtaken = true, ENDS(REFUSED, OVERTAKEN) },
	{ "approval that somebody else forwarded", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"),
		SAYS("SV: VS: [GODKENDT] Klage"), ENDS(NOTED, NO_RULE) },
	{ "the secretariat answers an old mail", MAIL(SPL, true), BELONGS("hos-spl"), .round = 2, .parent = EARLIER,
		.parent_subject = "Klage", SAYS("[RETUR] SV: Klage"), ENDS(MOVED, RULE), .step_after = "modtaget" },
	{ "a word close to the one meant", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[GODKENDES] SV: Klage"),
		ENDS(REFUSED, UNKNOWN_TAG) },
	{ "a mark of somebody's system", MAIL(SPL, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("SV: [SAG 12] Klage"),
		ENDS(NOTED, UNKNOWN_TAG) },
	{ "a mark that was there before", MAIL(HEAD, true), BELONGS(NULL), ANSWERS("[SAG 12] Klage"),
		SAYS("SV: [SAG 12] Klage"),
		ENDS(NOTED, NOT_FRESH) },

	{ "new inquiry", MAIL(SPL, true), SAYS("Klage"), ENDS(OPENED, RULE), .step_after = "modtaget" },
	{ "new inquiry, citizen's subject approves", MAIL(SPL, true), SAYS("[GODKENDT] Klage"), ENDS(OPENED, RULE),
		.step_after = "modtaget" },
	{ "new inquiry, citizen's subject closes", MAIL(SPL, true), SAYS("[AFSLUT] min sag"), ENDS(OPENED, RULE),
		.step_after = "modtaget" },
	{ "new inquiry, citizen's subject says too much", MAIL(SPL, true), SAYS("[RETUR] [AFSENDT] Klage"), ENDS(OPENED,
		RULE),
		.step_after = "modtaget" },
	{ "new inquiry, citizen's subject says nonsense", MAIL(SPL, true), SAYS("[NY FRIST NU] Klage"), ENDS(OPENED, RULE),
		.step_after = "modtaget" },
	{ "new inquiry in a forward", MAIL(SPL, true), SAYS("VS: [GODKENDT] Klage"), ENDS(OPENED, RULE),
		.step_after = "modtaget" },
	{ "new inquiry through a mailing list", MAIL(SPL, true), SAYS("Klage"), .robot = true, .kind = MESSAGE_LIST,
		ENDS(WAITING, NOT_HUMAN) },
	{ "new inquiry from a form", MAIL(SPL, true), SAYS("Klage"), .robot = true, .kind = MESSAGE_AUTOMATIC,
		ENDS(WAITING, NOT_HUMAN) },
	{ "a citizen's letter from a form", MAIL(CITIZEN, false), SAYS("Klage"), .robot = true, .kind = MESSAGE_AUTOMATIC,
		ENDS(WAITING, NOT_HUMAN) },
	{ "a citizen's letter through a distribution list", MAIL(CITIZEN, false), SAYS("Klage"), .robot = true,
		.kind = MESSAGE_LIST, ENDS(WAITING, NOT_HUMAN) },
	{ "a form without a valid sender", MAIL(NULL, false), SAYS("Klage"), .robot = true, .kind = MESSAGE_AUTOMATIC,
		ENDS(WAITING, NOT_HUMAN) },
	{ "a citizen's robot that answers in a thread", MAIL(CITIZEN, false), BELONGS(NULL), ANSWERS("Klage"),
		SAYS("SV: Klage"), .robot = true, .kind = MESSAGE_AUTOMATIC, ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "a colleague's robot", MAIL(WORKER, true), SAYS("Rapport"), .robot = true, .kind = MESSAGE_AUTOMATIC,
		ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "a robot of the house", MAIL("scanner@example.dk", true), SAYS("Rapport"), .robot = true,
		.kind = MESSAGE_AUTOMATIC, ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "a stranger's newsletter", MAIL(CITIZEN, true), SAYS("Nyt"), .robot = true, .kind = MESSAGE_LIST,
		.newsletter = true, ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "another fristd", MAIL("fristd@example.org", true), SAYS("Overblik"), .robot = true, .kind = MESSAGE_AUTOMATIC,
		.ours = true, ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "a letter from who is of the secretariat and keeps the mailbox", MAIL(BOTH, true), SAYS("Klage"),
		ENDS(WAITING, NO_INQUIRY) },
	{ "his letter with a citizen's word", MAIL(BOTH, true), SAYS("[GODKENDT] Klage"), ENDS(REFUSED, NO_INQUIRY) },
	{ "his letter, classed as an absence", MAIL(BOTH, true), SAYS("Klage"), .robot = true, .kind = MESSAGE_ABSENCE,
		ENDS(WAITING, NOT_HUMAN) },
	{ "his letter in a known thread", MAIL(BOTH, true), BELONGS("svar-modtaget"), ANSWERS("Klage"), SAYS("VS: Larm"),
		ENDS(WAITING, PERHAPS_NEW) },
	{ "a letter in the thread of another", MAIL(SPL, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("VS: Larm"),
		ENDS(WAITING, PERHAPS_NEW) },
	{ "a letter in the thread of another, through a rule of an inbox", MAIL(SPL, true), BELONGS(NULL),
		ANSWERS("Klage"), SAYS("VS: Larm"), .robot = true, .kind = MESSAGE_ABSENCE, ENDS(WAITING, NOT_HUMAN) },
	{ "a new subject in the thread of another", MAIL(SPL, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("Larm"),
		ENDS(WAITING, PERHAPS_NEW) },
	{ "the letter itself after its receipt", MAIL(SPL, true), BELONGS("modtaget"), ANSWERS("Klage"),
		SAYS("VS: Klage"), ENDS(NOTED, NO_RULE) },
	{ "thanks", MAIL(SPL, true), BELONGS(NULL), ANSWERS("Larm"), SAYS("SV: Larm"), ENDS(NOTED, NO_RULE) },
	{ "a question with the key in front", MAIL(SPL, true), BELONGS(NULL), SAYS("MT-2026-0042: hvor langt er I?"),
		ENDS(NOTED, NO_RULE) },
	{ "a new letter in a thread that has ended", MAIL(SPL, true), BELONGS("afsendt"), ANSWERS("Klage"), SAYS("Larm"),
		ENDS(WAITING, CLOSED) },
	{ "a stranger's absence", MAIL(CITIZEN, false), SAYS("Autosvar"), .robot = true, .kind = MESSAGE_ABSENCE,
		ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "a bounce", MAIL("mailer-daemon@example.com", false), SAYS("Undelivered"), .robot = true, .kind = MESSAGE_BOUNCE,
		ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "a read receipt", MAIL(CITIZEN, false), SAYS("Read"), .robot = true, .kind = MESSAGE_RECEIPT,
		ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "a colleague's absence", MAIL(WORKER, true), SAYS("Fravær"), .robot = true, .kind = MESSAGE_ABSENCE,
		ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "the secretariat's absence, in answer to us", MAIL(SPL, true), .parent = KNOWN, .parent_is_ours = true,
		.parent_subject = "Overblik", SAYS("Automatisk svar: Overblik"), .robot = true, .kind = MESSAGE_ABSENCE,
		ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "new inquiry with the subject of an absence", MAIL(SPL, true), SAYS("Autosvar fra Borgerservice er for langsomt"),
		.robot = true, .kind = MESSAGE_ABSENCE, ENDS(WAITING, NOT_HUMAN) },
	{ "new inquiry redirected by a rule of the inbox", MAIL(SPL, true), SAYS("Klage"), .robot = true,
		.kind = MESSAGE_ABSENCE, ENDS(WAITING, NOT_HUMAN) },
	{ "new inquiry with a null return path", MAIL(SPL, false), SAYS("Klage"), .robot = true, .kind = MESSAGE_BOUNCE,
		ENDS(WAITING, NOT_HUMAN) },
	{ "new inquiry that answers something unseen, classed as absence", MAIL(SPL, true), .parent = UNSEEN,
		SAYS("VS: Klage"), .robot = true, .kind = MESSAGE_ABSENCE, ENDS(WAITING, NOT_HUMAN) },
	{ "the secretariat's read receipt", MAIL(SPL, true), SAYS("Læst: Overblik"), .robot = true,
		.kind = MESSAGE_RECEIPT, ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "straight from a citizen", MAIL(CITIZEN, true), SAYS("Klage"), ENDS(WAITING, NO_INQUIRY) },
	{ "straight from a citizen, with a word", MAIL(CITIZEN, true), SAYS("[GODKENDT] Klage"), ENDS(WAITING,
		NO_INQUIRY) },
	{ "straight from a citizen, with a verb", MAIL(CITIZEN, true), SAYS("[AFSLUT] Klage"), ENDS(WAITING, NO_INQUIRY) },
	{ "straight from a stranger, with a verb", MAIL(CITIZEN, false), SAYS("[NY HENVENDELSE] Klage"),
		ENDS(WAITING, NO_INQUIRY) },
	{ "straight from a citizen, with two words", MAIL(CITIZEN, true), SAYS("[RETUR] [AFSENDT] Klage"),
		ENDS(WAITING, NO_INQUIRY) },
	{ "no valid sender", MAIL(NULL, false), SAYS("[GODKENDT] Klage"), ENDS(WAITING, NO_SENDER) },
	{ "the head approves nothing known", MAIL(HEAD, true), SAYS("[GODKENDT] Klage"), ENDS(REFUSED, NO_INQUIRY) },
	{ "a forged owner closes nothing known", MAIL(OWNER, false), SAYS("[AFSLUT] Klage"), ENDS(WAITING, NO_INQUIRY) },
	{ "the owner closes nothing known", MAIL(OWNER, true), SAYS("[AFSLUT] Klage"), ENDS(REFUSED, NO_INQUIRY) },
	{ "the owner opens by a forward", MAIL(OWNER, true), SAYS("[NY HENVENDELSE] VS: Klage"), ENDS(REFUSED, FORWARD) },

	{ "close", MAIL(OWNER, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[AFSLUT] SV: Klage"), ENDS(COMMANDED, VERB),
		.step_after = "hos-afdelingschef" },
	{ "close, forged", MAIL(OWNER, false), BELONGS(NULL), ANSWERS("Klage"), SAYS("[AFSLUT] SV: Klage"),
		ENDS(REFUSED, UNTRUSTED) },
	{ "close, by the citizen", MAIL(CITIZEN, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[AFSLUT] SV: Klage"),
		ENDS(WAITING, PERHAPS_NEW) },
	{ "close, by the mailbox", MAIL(MAILBOX, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[AFSLUT] SV: Klage"),
		ENDS(REFUSED, WRONG_ROLE) },
	{ "no inquiry at all, said of one that has ended", MAIL(OWNER, true), BELONGS("afsendt"), ANSWERS("Klage"),
		SAYS("[IKKE HENVENDELSE] SV: Klage"), ENDS(REFUSED, CLOSED) },
	{ "belongs elsewhere, said of one that has ended", MAIL(OWNER, true), BELONGS("afsendt"), ANSWERS("Klage"),
		SAYS("[HØRER TIL MT-2026-0007] SV: Klage"), ENDS(REFUSED, CLOSED) },
	{ "two candidates, the owner says which", MAIL(OWNER, true), .found = TWO, ANSWERS("Klage"),
		SAYS("[HØRER TIL MT-2026-0007] SV: Klage"), .waits = true, ENDS(COMMANDED, VERB) },
	{ "two candidates, the owner says none", MAIL(OWNER, true), .found = TWO, ANSWERS("Klage"),
		SAYS("[IKKE HENVENDELSE] SV: Klage"), .waits = true, ENDS(COMMANDED, VERB) },
	{ "two candidates, and nothing that waits belongs to one", MAIL(OWNER, true), .found = TWO, ANSWERS("Klage"),
		SAYS("[HØRER TIL MT-2026-0007] SV: Klage"), ENDS(REFUSED, NO_INQUIRY) },
	{ "two candidates, and nothing that waits is none", MAIL(OWNER, true), .found = TWO, ANSWERS("Klage"),
		SAYS("[IKKE HENVENDELSE] SV: Klage"), ENDS(REFUSED, NO_INQUIRY) },
	{ "two candidates, a forged owner says which", MAIL(OWNER, false), .found = TWO, ANSWERS("Klage"),
		SAYS("[HØRER TIL MT-2026-0007] SV: Klage"), ENDS(WAITING, TWO_CANDIDATES) },
	{ "two candidates, the citizen says which", MAIL(CITIZEN, true), .found = TWO, ANSWERS("Klage"),
		SAYS("[HØRER TIL MT-2026-0007] SV: Klage"), ENDS(WAITING, TWO_CANDIDATES) },
	{ "two candidates, the owner closes", MAIL(OWNER, true), .found = TWO, ANSWERS("Klage"), SAYS("[AFSLUT] SV: Klage"),
		ENDS(WAITING, TWO_CANDIDATES) },
	{ "undo of nothing", MAIL(OWNER, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[FORTRYD] SV: Klage"),
		ENDS(REFUSED, NOTHING_TO_UNDO) },
	{ "a deadline in the past", MAIL(OWNER, true), BELONGS(NULL), ANSWERS("Klage"),
		SAYS("[NY FRIST 01-01-2020] SV: Klage"),
		ENDS(REFUSED, BAD_ARGUMENT) },
	{ "move to nowhere", MAIL(OWNER, true), BELONGS(NULL), ANSWERS("Klage"), SAYS("[FLYT TIL MÅNEN] SV: Klage"),
		ENDS(REFUSED, BAD_ARGUMENT) },

	{ "assignment, forged", MAIL(MAILBOX, false), BELONGS("modtaget"), ANSWERS("Klage"), SAYS("VS: Klage"),
		ENDS(REFUSED, UNTRUSTED) },
	{ "gateway's receipt, forged", MAIL(GATEWAY, false), BELONGS("hos-spl"), ANSWERS("Klage"),
		SAYS("Leveret"), .robot = true, .kind = MESSAGE_AUTOMATIC, ENDS(AUTOMATIC, NOT_HUMAN) },
	{ "gateway's receipt", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"), SAYS("Leveret"),
		.robot = true, .kind = MESSAGE_AUTOMATIC, ENDS(MOVED, RULE), .step_after = "afsendt" },
	{ "gateway's receipt that it sends by itself", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"),
		SAYS("Leveret"), .robot = true, .kind = MESSAGE_ABSENCE, ENDS(MOVED, RULE), .step_after = "afsendt" },
	{ "gateway's receipt by a report", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"), SAYS("Leveret"),
		.robot = true, .kind = MESSAGE_RECEIPT, ENDS(MOVED, RULE), .step_after = "afsendt" },
	{ "gateway's receipt, written like a person's", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"),
		SAYS("Leveret: Klage"), ENDS(MOVED, RULE), .step_after = "afsendt" },
	{ "gateway's receipt for a letter about a fault", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Fejl i lyset"),
		.topic = "Fejl i lyset", SAYS("Leveret: Fejl i lyset"), .robot = true, .kind = MESSAGE_AUTOMATIC,
		ENDS(MOVED, RULE), .step_after = "afsendt" },
	{ "gateway could not deliver", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"),
		SAYS("Kunne ikke leveres: Klage"), .robot = true, .kind = MESSAGE_BOUNCE, ENDS(WAITING, FAILURE) },
	{ "gateway is out of office", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"), SAYS("Automatisk svar: x"),
		.robot = true, .kind = MESSAGE_ABSENCE, ENDS(WAITING, FAILURE) },
	{ "gateway could not deliver, by its subject", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"),
		SAYS("Ikke leveret: Klage"), .robot = true, .kind = MESSAGE_AUTOMATIC, ENDS(WAITING, FAILURE) },
	{ "gateway could not deliver, written like a person's", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"),
		SAYS("Klage: afsendelsen mislykkedes"), ENDS(WAITING, FAILURE) },
	{ "gateway could not deliver, by its first line", MAIL(GATEWAY, true), BELONGS("hos-spl"), ANSWERS("Klage"),
		SAYS("Status for Klage"), .first_line = "Meddelelsen er IKKE LEVERET.", ENDS(WAITING, FAILURE) },
	{ "gateway could not deliver what has ended", MAIL(GATEWAY, true), BELONGS("afsendt"), ANSWERS("Klage"),
		SAYS("Kunne ikke leveres: Klage"), .robot = true, .kind = MESSAGE_BOUNCE, ENDS(WAITING, FAILURE) },
	{ "gateway could not deliver what nobody knows", MAIL(GATEWAY, true), SAYS("Kunne ikke leveres: Klage"),
		.robot = true, .kind = MESSAGE_BOUNCE, ENDS(WAITING, FAILURE) },
	{ "gateway's receipt for what nobody knows", MAIL(GATEWAY, true), SAYS("Leveret"), .robot = true,
		.kind = MESSAGE_AUTOMATIC, ENDS(WAITING, NOT_HUMAN) },
	{ "step that is no longer configured", MAIL(LEADER, true), BELONGS("hos-ingen"), ANSWERS("Klage"),
		SAYS("SV: Klage"),
		ENDS(NOTED, NO_RULE) },
};

static const struct message_address worker_address = { .address = WORKER };

static void make_message(struct arena *arena, const struct row *row, struct message_address *from,
	struct message *ret_message)
{
	static const char *const parent[] = { "parent@example.dk" };
	struct subject subject;

	subject_parse(arena, &subject_grammar_default, row->subject, &subject);
	*from = (struct message_address){ .address = row->from };
	*ret_message = (struct message){
		.message_id = "this@example.dk", .from = row->from ? from : NULL, .to = { &worker_address, 1 },
		.subject = row->subject, .bare_subject = subject.bare, .kind = row->robot ? row->kind : MESSAGE_HUMAN,
		.automatic = row->robot, .forward = subject.forward,
		.reply = subject.reply || (!subject.forward && row->parent != NOTHING), .tags = subject.tags,
		.keys = subject.keys, .lead_keys = subject.lead_keys, .lead_round = subject.lead_round,
		.has_text = true, .first_line = row->first_line,
		.newsletter = row->newsletter, .frist_id = row->ours ? "0123456789abcdef0123456789abcdef" : NULL,
	};
	if (row->parent != NOTHING)
		ret_message->in_reply_to = ret_message->references = (struct message_strings){ parent, 1 };
}

static struct inquiry make_inquiry(const struct row *row)
{
	struct inquiry inquiry = {
		.id = 42, .key = "MT-2026-0042", .workflow = "borgmester", .mailbox = "mt",
		.step = row->step ? row->step : "hos-afdelingschef", .subject = row->topic ? row->topic : "Klage",
		.round = row->round ? row->round : 1, .received_at = OPENED_AT,
			.round_at = row->round > 1 ? ROUND_AT : OPENED_AT,
		.step_at = ROUND_AT, .assignments = { { "sagsbehandler", "sag" } }, .assignments_count = 1,
	};

	if (strcmp(inquiry.step, "afsendt") == 0)
		inquiry.ended_at = ROUND_AT;
	return inquiry;
}

static void check(const struct row *row, const struct inquiry *inquiry, const struct decision *decision)
{
	assert_string_equal(decide_outcome_word(decision->outcome), decide_outcome_word(row->outcome));
	assert_string_equal(decide_reason_word(decision->reason), decide_reason_word(row->reason));
	if (row->step_after)
		assert_string_equal(decision->after.step, row->step_after);
	else
		assert_true(!decision->changed || strcmp(decision->after.step, inquiry->step) == 0);
	if (row->found == TWO)
		assert_false(decision->changed);
}

/* Decides the row's message; the inquiry is the one that it belongs to, if any. */
static void decide_row(struct arena *arena, const struct row *row, const struct inquiry *inquiry,
	struct decision *ret_decision)
{
	static const struct inquiry named = { .id = 7, .key = "MT-2026-0007", .step = "modtaget", .round = 1 };
	const struct decide_mailbox mailbox = { .name = "mt", .title = "MT", .addresses = STRINGS(MAILBOX),
		.workflow = &workflow };
	struct message_address from;
	struct message message;
	/* what a first line answers is the caseworker's draft */
	struct decide_ancestor ancestor = { .from = row->first_line ? WORKER : SPL, .subject = row->parent_subject,
		.parent = row->parent < BELOW,
		.own = row->parent_is_ours, .waiting = row->waits,
		.arrived_at = row->parent == EARLIER ? OPENED_AT + 1 : ROUND_AT + 1 };
	struct decide_facts facts = {
		.workflow = &workflow, .mailbox = &mailbox, .mailboxes = &mailbox, .mailboxes_count = 1,
		.directory = &directory, .inquiry = row->found == FOUND ? inquiry : NULL, .ancestors = &ancestor,
		.ancestors_count = row->parent != NOTHING && row->parent != UNSEEN,
		.parent_unknown = row->parent >= UNSEEN, .named = &named, .next_key = "MT-2026-0043",
	};

	if (row->found == TWO)
		facts.thread = (struct thread_result){ .rung = THREAD_REFERENCE, .candidates = { 7, 42 },
			.candidates_count = 2 };
	else if (row->overtaken)
		facts.thread = (struct thread_result){ .rung = THREAD_PLACED, .inquiry = inquiry->id };
	else if (row->parent == BELOW && row->found == FOUND)
		facts.thread = (struct thread_result){ .rung = THREAD_REFERENCE, .inquiry = inquiry->id };
	facts.said_at = row->overtaken ? ROUND_AT - 1 : 0;
	make_message(arena, row, &from, &message);
	decide_message(arena, &facts, &(struct decide_event){ .message = &message,
		.trust = { .grade = row->trusted ? TRUST_ALIGNED : TRUST_NONE, .trusted = row->trusted, .evidence = "" },
		.arrived_at = row->overtaken ? ROUND_AT - 1 : ARRIVED_AT }, ret_decision);
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_NULL;
	struct inquiry inquiry = make_inquiry(row);
	struct decision decision;

	decide_row(&arena, row, &inquiry, &decision);
	check(row, &inquiry, &decision);
	arena_done(&arena);
}

/* What holds for every message whatsoever. */
static void check_laws(const struct row *row, const struct inquiry *inquiry, const struct decision *decision)
{
	const char *before = row->found == FOUND ? inquiry->step : "";
	const char *after = decision->changed ? decision->after.step : before;
	bool acts = decision->outcome == DECIDE_OPENED || decision->outcome == DECIDE_MOVED ||
		decision->outcome == DECIDE_COMMANDED;

	/* Only an outcome that says so changes anything. */
	assert_int_equal(acts, decision->changed || decision->place || decision->dismiss);
	/* Only the head approves, himself, vouched for. */
	if (strcmp(after, "godkendt") == 0 && strcmp(before, "godkendt") != 0)
		assert_true(row->trusted && !row->robot && row->from && strcmp(row->from, HEAD) == 0);
	/* And his subject names no other round and no other inquiry. */
	if (strcmp(after, "godkendt") == 0 && strcmp(before, "godkendt") != 0)
		assert_true(!strstr(row->subject, "/0") && !strstr(row->subject, "MT-2026-0043") &&
			!strstr(row->subject, row->round == 1 ? "/2" : "/1"));
	/* And he has not answered what nobody saw. */
	if (strcmp(after, "godkendt") == 0 && strcmp(before, "godkendt") != 0)
		assert_true(row->parent != UNSEEN && (row->parent != BELOW || row->first_line));
	/* And what waited meanwhile moves nothing. */
	if (row->overtaken && row->found == FOUND)
		assert_int_not_equal(decision->outcome, DECIDE_MOVED);
	/* Nor does what somebody else forwarded approve. */
	if (strstr(row->subject, "VS: [GODKENDT]") && !row->first_line)
		assert_false(strcmp(after, "godkendt") == 0 && strcmp(before, "godkendt") != 0);
	/* Who is not vouched for opens inquiries and does nothing else (the rule `noted` moves nothing). */
	if (!row->trusted && acts)
		assert_true(decision->outcome == DECIDE_OPENED || strcmp(decision->rule, "noted") == 0);
	/* Who is nobody here does nothing. */
	if (!row->from || strcmp(row->from, CITIZEN) == 0)
		assert_false(acts);
	/*
	 * The citizen's and the secretariat's mails that belong to nothing open an inquiry, wait for a person, or are
	 * refused and told so; only a stranger's absence or bounce, and what the secretariat's program answers to a mail of
	 * ours, are noise.
	 */
	if (row->found != FOUND && row->from && row->kind != MESSAGE_RECEIPT &&
	    ((strcmp(row->from, CITIZEN) == 0 && row->kind >= MESSAGE_LIST) ||
	     (strcmp(row->from, SPL) == 0 && (row->kind >= MESSAGE_LIST || !row->parent_is_ours))))
		assert_true(decision->outcome == DECIDE_OPENED || decision->outcome == DECIDE_WAITING ||
			(decision->outcome == DECIDE_REFUSED && decision->mails_count > 0));
	/* Whatever role he acts in, and wherever it was found: a new subject from who opens inquiries is not passed over. */
	if (row->from && (strcmp(row->from, SPL) == 0 || strcmp(row->from, BOTH) == 0) && !row->robot &&
	    !row->overtaken && (strcmp(row->subject, "Larm") == 0 || strcmp(row->subject, "VS: Larm") == 0))
		assert_true(decision->reason == DECIDE_BY_RULE ||
			(decision->outcome != DECIDE_NOTED && decision->outcome != DECIDE_UNRELATED));
	/* What has ended stays as it ended, but for [FORTRYD]. */
	if (row->found == FOUND && inquiry->ended_at && decision->outcome != DECIDE_OPENED)
		assert_true(!decision->changed || strcmp(decision->rule, "FORTRYD") == 0);
	/* Only what says that all is well ends an inquiry without a person's word. */
	if (row->from && strcmp(row->from, GATEWAY) == 0 && decision->outcome == DECIDE_MOVED)
		assert_true(!row->robot || row->kind == MESSAGE_RECEIPT || row->kind == MESSAGE_AUTOMATIC ||
			(row->kind == MESSAGE_ABSENCE && !classify_tells_absence(row->subject)));
	/* Nobody outside is ever written to. */
	for (size_t i = 0; i < decision->mails_count; i++)
		assert_non_null(strstr(decision->mails[i].to, "@example.dk"));
}

static void check_message(const struct row *row)
{
	struct arena arena = ARENA_NULL;
	struct inquiry inquiry = make_inquiry(row);
	struct decision decision;

	decide_row(&arena, row, &inquiry, &decision);
	check_laws(row, &inquiry, &decision);
	arena_done(&arena);
}

static const char *const senders[] = { NULL, CITIZEN, OWNER, WORKER, LEADER, HEAD, SPL, MAILBOX, BOTH,
	GATEWAY };
static const char *const places[] = { "modtaget", "hos-sagsbehandler", "hos-afdelingschef", "godkendt", "svar-modtaget",
	"hos-spl", "afsendt", "hos-ingen" };
static const char *const subjects[] = {
	"", "Klage", "SV: Klage", "VS: Klage", "Larm", "VS: Larm", "[GODKENDT] Klage", "SV: [GODKENDT] Klage",
	"[GODKENDT] VS: Klage", "SV: VS: [GODKENDT] Klage",
	"MT-2026-0042/1 [GODKENDT]", "MT-2026-0042/2 [GODKENDT]", "MT-2026-0042 [MT-2026-0042/1] [GODKENDT]",
	"MT-2026-0042/0 [GODKENDT]", "MT-2026-0043 MT-2026-0042/1 [GODKENDT]",
	"[RETUR] SV: Klage", "[GODKENDT] [RETUR] SV: Klage",
	"[AFSENDT] SV: Klage", "[AFSLUT] SV: Klage", "[AFSLUT NU] Klage", "[FORTRYD] Klage", "[IKKE HENVENDELSE] SV: Klage",
	"[NY HENVENDELSE] Klage", "[HØRER TIL MT-2026-0007] SV: Klage", "[HØRER TIL MT-2026-0042] SV: Klage",
	"[NY FRIST 14/4] SV: Klage", "[NY FRIST] SV: Klage", "[FLYT TIL MT] SV: Klage", "[SAG 12] Klage",
};
static const enum message_kind kinds[] = { MESSAGE_ABSENCE, MESSAGE_BOUNCE, MESSAGE_AUTOMATIC, MESSAGE_HUMAN };
static const char *const lines[] = { NULL, "Godkendt", "Ikke godkendt" };
static const char *const parents[] = { "Klage", "[GODKENDT] [AFSLUT] [RETUR] Klage" };

/* Everything that one sender can say at one step. */
static void check_sayings(struct row *row)
{
	for (size_t i = 0; i < COUNT_OF(subjects) * COUNT_OF(lines) * COUNT_OF(parents) * 5 * 3; i++) {
		size_t rest = i;

		row->subject = subjects[rest % COUNT_OF(subjects)];
		rest /= COUNT_OF(subjects);
		row->first_line = lines[rest % COUNT_OF(lines)];
		rest /= COUNT_OF(lines);
		row->parent_subject = parents[rest % COUNT_OF(parents)];
		rest /= COUNT_OF(parents);
		row->parent = (enum parent)(rest % 5);
		row->found = (enum found)(rest / 5);
		if (row->robot && (row->parent == EARLIER || row->parent == BELOW || row->parent_subject != parents[0] ||
				row->first_line == lines[COUNT_OF(lines) - 1]))
			continue;	/* of a robot's words it is enough to try the loudest */
		if (row->found == FOUND || row->step == places[0])	/* no inquiry has no step */
			check_message(row);
	}
}

static void test_everything(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(senders) * COUNT_OF(places) * 2 * 2 * (COUNT_OF(kinds) + 1); i++) {
		struct row row = { .from = senders[i % COUNT_OF(senders)] };
		size_t rest = i / COUNT_OF(senders);

		row.step = places[rest % COUNT_OF(places)];
		rest /= COUNT_OF(places);
		row.trusted = rest & 1;
		row.round = rest & 2 ? 2 : 1;
		row.overtaken = rest / 4 == COUNT_OF(kinds);
		row.kind = row.overtaken ? MESSAGE_HUMAN : kinds[rest / 4];
		row.robot = row.kind != MESSAGE_HUMAN;
		check_sayings(&row);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_everything) };

	return RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
