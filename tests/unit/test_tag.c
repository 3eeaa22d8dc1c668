#include "core/tag.h"

#include "core/subject.h"
#include "core/workflow.h"
#include "tests/rows.h"

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

static const struct workflow_tag words[] = {
	{ .name = "GODKENDT" },
	{ .name = "RETUR", .aliases = STRINGS("KOMMENTARER", "RET TIL") },
	{ .name = "TIL GODKENDELSE" },
	{ .name = "TIL" },
	{ .name = "AFSENDT" },
};

static const struct workflow_rule rules[] = {
	{ .when = { .tag = "GODKENDT", .sender = STRINGS("chef") } },
	{ .when = { .tag = "RETUR", .sender = STRINGS("leder", "chef") } },
	{ .when = { .tag = "TIL GODKENDELSE", .sender = STRINGS("sagsbehandler") } },
};

static const struct workflow workflow = { .tags = words, .tags_count = 5, .rules = rules, .rules_count = 3 };
static const struct workflow without_approval = { .tags = words + 1, .tags_count = 4 };

/* tag_parse */

struct parse_row {
	const char *name, *text;
	int result;
	const char *word, *argument;
	bool verb;
};

static const struct parse_row parse_rows[] = {
	{ "word", "GODKENDT", 0, "GODKENDT", NULL, false },
	{ "word of two words", "TIL GODKENDELSE", 0, "TIL GODKENDELSE", NULL, false },
	{ "alias", "KOMMENTARER", 0, "RETUR", NULL, false },
	{ "verb", "AFSLUT", 0, "AFSLUT", NULL, true },
	{ "verb of two words", "IKKE HENVENDELSE", 0, "IKKE HENVENDELSE", NULL, true },
	{ "new inquiry", "NY HENVENDELSE", 0, "NY HENVENDELSE", NULL, true },
	{ "undo", "FORTRYD", 0, "FORTRYD", NULL, true },
	{ "date", "NY FRIST 14-04-2026", 0, "NY FRIST", "14-04-2026", true },
	{ "date without a year", "NY FRIST 14/4", 0, "NY FRIST", "14/4", true },
	{ "date in words", "NY FRIST 14. APRIL", 0, "NY FRIST", "14. APRIL", true },
	{ "leap day without a year", "NY FRIST 29/2", 0, "NY FRIST", "29/2", true },
	{ "key", "HØRER TIL MT-2026-0042", 0, "HØRER TIL", "MT-2026-0042", true },
	{ "the same matter", "SAMME SOM MT-2026-0042", 0, "SAMME SOM", "MT-2026-0042", true },
	{ "parts", "DEL 3", 0, "DEL", "3", true },
	{ "name", "FLYT TIL KB", 0, "FLYT TIL", "KB", true },
	{ "name of several words", "FLYT TIL KB POSTKASSEN", 0, "FLYT TIL", "KB POSTKASSEN", true },

	{ "no date", "NY FRIST", TAG_BAD_ARGUMENT, "NY FRIST", NULL, true },
	{ "not a date", "NY FRIST SNART", TAG_BAD_ARGUMENT, "NY FRIST", "SNART", true },
	{ "no such date", "NY FRIST 31-02-2026", TAG_BAD_ARGUMENT, "NY FRIST", "31-02-2026", true },
	{ "no key", "HØRER TIL", TAG_BAD_ARGUMENT, "HØRER TIL", NULL, true },
	{ "not a key", "HØRER TIL BORGMESTEREN", TAG_BAD_ARGUMENT, "HØRER TIL", "BORGMESTEREN", true },
	{ "key with more behind", "HØRER TIL MT-2026-0042 OG 43", TAG_BAD_ARGUMENT, "HØRER TIL", "MT-2026-0042 OG 43",
		true },
	{ "key with a round", "HØRER TIL MT-2026-0042/2", TAG_BAD_ARGUMENT, "HØRER TIL", "MT-2026-0042/2", true },
	{ "the same as nothing", "SAMME SOM", TAG_BAD_ARGUMENT, "SAMME SOM", NULL, true },
	{ "no parts", "DEL", TAG_BAD_ARGUMENT, "DEL", NULL, true },
	{ "one part", "DEL 1", TAG_BAD_ARGUMENT, "DEL", "1", true },
	{ "too many parts", "DEL 10", TAG_BAD_ARGUMENT, "DEL", "10", true },
	{ "parts that are no number", "DEL MED BYG", TAG_BAD_ARGUMENT, "DEL", "MED BYG", true },
	{ "another word that begins so", "DELVIST", TAG_UNKNOWN, "DELVIST", NULL, false },
	{ "no name", "FLYT TIL", TAG_BAD_ARGUMENT, "FLYT TIL", NULL, true },
	{ "verb with more behind", "AFSLUT SAGEN", TAG_BAD_ARGUMENT, "AFSLUT", "SAGEN", true },
	{ "approved with remarks", "GODKENDT MED BEMÆRKNINGER", TAG_BAD_ARGUMENT, "GODKENDT", "MED BEMÆRKNINGER", false },
	{ "alias with more behind", "KOMMENTARER TIL BILAG", TAG_BAD_ARGUMENT, "RETUR", "TIL BILAG", false },

	{ "not approved", "IKKE GODKENDT", TAG_UNKNOWN, NULL, NULL, false },
	{ "longer word", "GODKENDTE", TAG_UNKNOWN, NULL, NULL, false },
	{ "shorter word", "GODKEND", TAG_UNKNOWN, NULL, NULL, false },
	{ "word and a stop", "GODKENDT.", TAG_UNKNOWN, NULL, NULL, false },
	{ "Cyrillic O", "G\xD0\x9E" "DKENDT", TAG_UNKNOWN, NULL, NULL, false },
	{ "Greek E", "GODK\xCE\x95NDT", TAG_UNKNOWN, NULL, NULL, false },
	{ "fullwidth letters", "\xEF\xBC\xA7ODKENDT", TAG_UNKNOWN, NULL, NULL, false },
	{ "zero-width space", "GOD\xE2\x80\x8BKENDT", TAG_UNKNOWN, NULL, NULL, false },
	{ "soft hyphen behind", "GODKENDT\xC2\xAD", TAG_UNKNOWN, NULL, NULL, false },
	{ "combining dot", "GODKENDT\xCC\xA3", TAG_UNKNOWN, NULL, NULL, false },
	{ "small letters are not upper case", "Godkendt", TAG_UNKNOWN, NULL, NULL, false },
	{ "other words", "SAG 12/345", TAG_UNKNOWN, NULL, NULL, false },
	{ "empty", "", TAG_UNKNOWN, NULL, NULL, false },
};

static void test_parse(void **state)
{
	const struct parse_row *row = *state;
	struct tag tag = { .word = NULL };

	assert_int_equal(tag_parse(&workflow, row->text, &tag), row->result);
	if (row->result == TAG_UNKNOWN) {
		assert_null(tag.word);
		return;
	}
	assert_string_equal(tag.word, row->word);
	assert_int_equal(tag.verb, row->verb);
	assert_int_equal(tag.which != TAG_STEP, row->verb);
	if (row->argument)
		assert_string_equal(tag.argument, row->argument);
	else
		assert_null(tag.argument);
}

/* tag_find_fresh */

/* What it answers, by its header; BELOW_KNOWN: an unseen answer to a known mail of the inquiry. */
enum answers { NEW, TO_KNOWN, TO_UNKNOWN, BELOW_KNOWN };

struct row {
	const char *name, *subject;
	enum answers answers;
	const char *ancestors[3];
	const char *first_line;
	enum tag_finding finding;
	const char *word;
	enum decide_reason reason;	/* of CARRIED and VOID */
};

#define RULE DECIDE_BY_RULE	/* stands where there is no reason */

static const struct row rows[] = {
	{ "nothing", "Klage over byggesag", NEW, { NULL }, NULL, TAG_NONE, NULL, RULE },
	{ "plain reply", "SV: Klage", TO_KNOWN, { "Klage" }, "Tak", TAG_NONE, NULL, RULE },
	{ "tag in a new mail", "[NY HENVENDELSE] Klage", NEW, { NULL }, NULL, TAG_COUNTS, "NY HENVENDELSE", RULE },
	{ "tag before the prefix", "[GODKENDT] SV: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "tag after the prefix", "SV: [GODKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "tag in small letters", "SV: [godkendt] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "tag after a mark", "[EKSTERN] SV: [GODKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "tag after the key", "SV: MT-2026-0042: [GODKENDT] Klage", TO_KNOWN, { "MT-2026-0042: Klage" }, NULL, TAG_COUNTS,
		"GODKENDT", RULE },
	{ "tag after an unknown one", "SV: [SAG 12] [GODKENDT] Klage", TO_KNOWN, { "[SAG 12] Klage" }, NULL, TAG_COUNTS,
		"GODKENDT", RULE },
	{ "alias", "SV: [KOMMENTARER] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "RETUR", RULE },
	{ "spaces within", "SV: [ TIL   GODKENDELSE ] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "TIL GODKENDELSE",
		RULE },
	{ "the same tag twice", "[GODKENDT] SV: [Godkendt] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "GODKENDT",
		RULE },
	{ "a tag and its alias", "[RETUR] SV: [KOMMENTARER] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "RETUR",
		RULE },
	{ "tag within the subject", "SV: Klage [GODKENDT]", TO_KNOWN, { "Klage" }, NULL, TAG_NONE, NULL, RULE },
	{ "tag in the subject of a reply with no prefix", "[GODKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS,
		"GODKENDT", RULE },

	{ "sticky", "SV: [GODKENDT] Klage", TO_KNOWN, { "SV: [GODKENDT] Klage", "Klage" }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_NOT_FRESH },
	{ "sticky, moved before the prefix", "[GODKENDT] SV: Klage", TO_KNOWN, { "SV: [GODKENDT] Klage" }, NULL,
		TAG_CARRIED,
		"GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "sticky, in other letters", "SV: [GODKENDT] Klage", TO_KNOWN, { "[Godkendt] SV: Klage" }, NULL, TAG_CARRIED,
		"GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "sticky from an older ancestor", "SV: [GODKENDT] Klage", TO_KNOWN, { "SV: Klage", "[GODKENDT] SV: Klage",
		"Klage" },
		NULL, TAG_CARRIED, "GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "sticky, with spaces", "SV: [NY FRIST 14/4] Klage", TO_KNOWN, { "[ Ny\xC2\xA0 Frist  14/4 ] Klage" }, NULL,
		TAG_CARRIED, "NY FRIST", DECIDE_BY_NOT_FRESH },
	{ "sticky alias", "SV: [KOMMENTARER] Klage", TO_KNOWN, { "[RETUR] Klage" }, NULL, TAG_CARRIED, "RETUR",
		DECIDE_BY_NOT_FRESH },
	{ "from the citizen's own subject", "SV: [GODKENDT] Klage", TO_KNOWN, { "VS: [GODKENDT] Klage",
		"[GODKENDT] Klage" },
		NULL, TAG_CARRIED, "GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "from within the citizen's subject", "SV: [GODKENDT] Klage", TO_KNOWN, { "Klage over [godkendt] byggeri" }, NULL,
		TAG_CARRIED, "GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "a fresh tag beside a sticky one", "[GODKENDT] SV: [RETUR] Klage", TO_KNOWN, { "SV: [RETUR] Klage" }, NULL,
		TAG_COUNTS, "GODKENDT", RULE },
	{ "a fresh tag behind sticky ones", "SV: [RETUR] [TIL GODKENDELSE] [GODKENDT] Klage", TO_KNOWN,
		{ "[RETUR] [TIL GODKENDELSE] Klage" }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "the same verb with another date", "[NY FRIST 20/4] SV: [NY FRIST 14/4] Klage", TO_KNOWN,
		{ "[NY FRIST 14/4] Klage" }, NULL, TAG_COUNTS, "NY FRIST", RULE },
	{ "ancestor's bracket does not end", "SV: [GODKENDT] [GODKENDT Klage", TO_KNOWN, { "[GODKENDT Klage" }, NULL,
		TAG_COUNTS, "GODKENDT", RULE },
	{ "ancestor's brackets within brackets", "SV: [GODKENDT] Klage", TO_KNOWN, { "[[GODKENDT]] Klage" }, NULL,
		TAG_CARRIED,
		"GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "ancestor without a subject", "SV: [GODKENDT]", TO_KNOWN, { "" }, NULL, TAG_COUNTS, "GODKENDT", RULE },

	{ "unseen parent", "SV: [GODKENDT] Klage", TO_UNKNOWN, { NULL }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_PARENT_UNKNOWN },
	{ "unseen parent, older ones known", "SV: [GODKENDT] Klage", TO_UNKNOWN, { "Klage" }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_PARENT_UNKNOWN },
	{ "unseen parent, the tag in an older one", "SV: [GODKENDT] Klage", TO_UNKNOWN, { "[GODKENDT] Klage" }, NULL,
		TAG_CARRIED, "GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "reply by its prefix only", "SV: [GODKENDT] Klage", NEW, { NULL }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_PARENT_UNKNOWN },
	{ "another mail under a known id", "SV: [GODKENDT] Klage, kan du tiltræde?", TO_KNOWN, { "Klage" }, NULL,
		TAG_CARRIED, "GODKENDT", DECIDE_BY_PARENT_UNKNOWN },
	{ "the grandparent's subject is not the parent's", "SV: [GODKENDT] Klage", TO_KNOWN, { "Larm", "Klage" }, NULL,
		TAG_CARRIED, "GODKENDT", DECIDE_BY_PARENT_UNKNOWN },
	{ "another mail under a known id, that says nothing else", "SV: [GODKENDT]", TO_KNOWN, { "Klage" }, NULL,
		TAG_CARRIED, "GODKENDT", DECIDE_BY_PARENT_UNKNOWN },
	{ "a subject written anew", "[GODKENDT] Svaret til Jensen", TO_KNOWN, { "Klage" }, NULL, TAG_COUNTS, "GODKENDT",
		RULE },
	{ "a subject in other letters and spaces", "Sv: [GODKENDT]  KLAGE over\xC2\xA0larm", TO_KNOWN,
		{ "[SAG 12] VS: Klage  over larm" }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "unseen parent, no prefix", "[GODKENDT] Klage", TO_UNKNOWN, { NULL }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_PARENT_UNKNOWN },
	{ "verb to an unseen parent", "[AFSLUT] SV: Klage", TO_UNKNOWN, { NULL }, NULL, TAG_CARRIED, "AFSLUT",
		DECIDE_BY_PARENT_UNKNOWN },

	{ "forward", "VS: [GODKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_CARRIED, "GODKENDT", DECIDE_BY_FORWARD },
	{ "tag before a forward's prefix", "[GODKENDT] VS: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_FORWARD },
	{ "forward of a reply", "FW: SV: [GODKENDT] Klage", TO_KNOWN, { "SV: Klage" }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_FORWARD },
	{ "forward with an approving line", "VS: Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_NONE, NULL, RULE },
	{ "reply to a forward", "[GODKENDT] SV: VS: Klage", TO_KNOWN, { "VS: Klage" }, NULL, TAG_COUNTS, "GODKENDT", RULE },

	{ "two tags", "[GODKENDT] [RETUR] SV: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_VOID, "GODKENDT",
		DECIDE_BY_SEVERAL_TAGS },
	{ "three tags, the last another", "[GODKENDT] [GODKENDT] [RETUR] SV: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_VOID,
		"GODKENDT", DECIDE_BY_SEVERAL_TAGS },
	{ "a tag and a verb", "[GODKENDT] [AFSLUT] SV: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_VOID, "GODKENDT",
		DECIDE_BY_SEVERAL_TAGS },
	{ "one verb with two dates", "[NY FRIST 14/4] [NY FRIST 20/4] SV: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_VOID,
		"NY FRIST", DECIDE_BY_SEVERAL_TAGS },
	{ "verb without its date", "[NY FRIST] SV: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_VOID, "NY FRIST",
		DECIDE_BY_BAD_ARGUMENT },
	{ "approved with remarks in the tag", "[GODKENDT MED BEMÆRKNINGER] SV: Klage", TO_KNOWN, { "Klage" }, NULL,
		TAG_VOID,
		"GODKENDT", DECIDE_BY_BAD_ARGUMENT },
	{ "approved, and approved with remarks", "[GODKENDT] [GODKENDT MED BEMÆRKNINGER] SV: Klage", TO_KNOWN,
		{ "Klage" }, NULL,
		TAG_VOID, "GODKENDT", DECIDE_BY_SEVERAL_TAGS },
	{ "not approved", "[IKKE GODKENDT] SV: Klage", TO_KNOWN, { "Klage" }, NULL, TAG_CARRIED, "IKKE GODKENDT",
		DECIDE_BY_UNKNOWN_TAG },
	{ "unknown tag", "SV: [GODKENDES] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_CARRIED, "GODKENDES",
		DECIDE_BY_UNKNOWN_TAG },
	{ "unknown tag beside a sticky one", "SV: [SAG 12] [GODKENDT] Klage", TO_KNOWN, { "[GODKENDT] Klage" }, NULL,
		TAG_CARRIED, "GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "Cyrillic O", "SV: [G\xD0\x9E" "DKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_CARRIED, "G\xD0\x9E" "DKENDT",
		DECIDE_BY_UNKNOWN_TAG },
	{ "Cyrillic small letters", "SV: [g\xD0\xBE" "dkendt] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_CARRIED,
		"G\xD0\x9E" "DKENDT", DECIDE_BY_UNKNOWN_TAG },
	{ "fullwidth brackets", "SV: \xEF\xBC\xBBGODKENDT\xEF\xBC\xBD Klage", TO_KNOWN, { "Klage" }, NULL, TAG_NONE, NULL,
		RULE },
	{ "zero-width space", "SV: [GOD\xE2\x80\x8BKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_NONE, NULL, RULE },
	{ "bidi override", "SV: [\xE2\x80\xAETDNEKDOG] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_NONE, NULL, RULE },
	{ "bidi mark before the bracket", "SV: \xE2\x80\x8F[GODKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_NONE, NULL,
		RULE },

	{ "one tap", "MT-2026-0042/2 [GODKENDT]", NEW, { NULL }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "one tap, no round", "MT-2026-0042 [GODKENDT]", NEW, { NULL }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "one tap, stale", "MT-2026-0042/1 [GODKENDT]", NEW, { NULL }, NULL, TAG_VOID, "GODKENDT", DECIDE_BY_WRONG_ROUND },
	{ "one tap, of a round to come", "MT-2026-0042/3 [GODKENDT]", NEW, { NULL }, NULL, TAG_VOID, "GODKENDT",
		DECIDE_BY_WRONG_ROUND },
	{ "one tap, round in brackets", "[MT-2026-0042/1] [GODKENDT]", NEW, { NULL }, NULL, TAG_VOID, "GODKENDT",
		DECIDE_BY_WRONG_ROUND },
	{ "one tap, stale, behind the key alone", "MT-2026-0042 MT-2026-0042/1 [GODKENDT]", NEW, { NULL }, NULL, TAG_VOID,
		"GODKENDT", DECIDE_BY_WRONG_ROUND },
	{ "one tap, round 0", "MT-2026-0042/0 [GODKENDT]", NEW, { NULL }, NULL, TAG_VOID, "GODKENDT",
		DECIDE_BY_WRONG_ROUND },
	{ "one tap, two rounds", "MT-2026-0042/2 MT-2026-0042/1 [GODKENDT]", NEW, { NULL }, NULL, TAG_VOID, "GODKENDT",
		DECIDE_BY_WRONG_ROUND },
	{ "one tap, round behind the tag", "[GODKENDT] MT-2026-0042/1", NEW, { NULL }, NULL, TAG_VOID, "GODKENDT",
		DECIDE_BY_WRONG_ROUND },
	{ "the key of another inquiry", "SV: MT-2026-0043: [GODKENDT] Klage", TO_KNOWN, { "Klage" }, NULL, TAG_VOID,
		"GODKENDT", DECIDE_BY_TWO_CANDIDATES },
	{ "the key of another inquiry beside its own", "MT-2026-0042 MT-2026-0043 [GODKENDT]", NEW, { NULL }, NULL,
		TAG_VOID, "GODKENDT", DECIDE_BY_TWO_CANDIDATES },
	{ "the number of another house's system", "SV: MT-2026-0042: [SAG-2026-0043] [GODKENDT] Klage", TO_KNOWN,
		{ "MT-2026-0042: [SAG-2026-0043] Klage" }, NULL, TAG_COUNTS, "GODKENDT", RULE },
	{ "the key of another inquiry, an approving line", "SV: MT-2026-0043: Klage", TO_KNOWN, { "Klage" }, "Godkendt",
		TAG_VOID, "GODKENDT", DECIDE_BY_TWO_CANDIDATES },
	{ "answer to a one tap", "SV: MT-2026-0042/2 [GODKENDT]", TO_KNOWN, { "MT-2026-0042/2 [GODKENDT]" }, NULL,
		TAG_CARRIED,
		"GODKENDT", DECIDE_BY_NOT_FRESH },
	{ "stale round and an approving line", "SV: MT-2026-0042/1 Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_VOID,
		"GODKENDT", DECIDE_BY_WRONG_ROUND },
	{ "stale round and nothing said", "SV: MT-2026-0042/1 Klage", TO_KNOWN, { "Klage" }, "Tak", TAG_NONE, NULL, RULE },

	{ "first line", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_COUNTS, "GODKENDT", RULE },
	{ "first line, small letters", "SV: Klage", TO_KNOWN, { "Klage" }, "godkendt", TAG_COUNTS, "GODKENDT", RULE },
	{ "first line with a stop", "SV: Klage", TO_KNOWN, { "Klage" }, "GODKENDT.", TAG_COUNTS, "GODKENDT", RULE },
	{ "first line with a shout and spaces", "SV: Klage", TO_KNOWN, { "Klage" }, "  Godkendt!\xC2\xA0 ", TAG_COUNTS,
		"GODKENDT", RULE },
	{ "first line of a reply without prefix", "Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_COUNTS, "GODKENDT",
		RULE },
	{ "first line to an unseen parent", "SV: Klage", TO_UNKNOWN, { NULL }, "Godkendt", TAG_CARRIED, "GODKENDT",
		DECIDE_BY_PARENT_UNKNOWN },
	{ "first line to an unseen parent, older ones known", "SV: Klage", TO_UNKNOWN, { "Klage" }, "Godkendt",
		TAG_CARRIED, "GODKENDT", DECIDE_BY_PARENT_UNKNOWN },
	{ "first line to another mail under a known id", "SV: Frokost?", TO_KNOWN, { "Klage" }, "Godkendt", TAG_CARRIED,
		"GODKENDT", DECIDE_BY_PARENT_UNKNOWN },
	{ "first line and the same tag", "[GODKENDT] SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_COUNTS, "GODKENDT",
		RULE },
	{ "first line and a sticky tag", "SV: [RETUR] Klage", TO_KNOWN, { "[RETUR] Klage" }, "Godkendt", TAG_COUNTS,
		"GODKENDT",
		RULE },
	{ "first line and a sticky approval", "SV: [GODKENDT] Klage", TO_KNOWN, { "[GODKENDT] Klage" }, "Godkendt",
		TAG_COUNTS,
		"GODKENDT", RULE },
	{ "first line and a fresh tag", "[RETUR] SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_VOID, "GODKENDT",
		DECIDE_BY_SEVERAL_TAGS },
	{ "first line and a tag with remarks", "[GODKENDT MED BEMÆRKNINGER] SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt",
		TAG_VOID, "GODKENDT", DECIDE_BY_SEVERAL_TAGS },
	{ "first line and a tag, to an unseen parent", "SV: [RETUR] Klage", TO_UNKNOWN, { NULL }, "Godkendt", TAG_CARRIED,
		"RETUR", DECIDE_BY_PARENT_UNKNOWN },
	{ "first line and a sticky tag, to an unseen parent", "SV: [RETUR] Klage", TO_UNKNOWN, { "[RETUR] Klage" },
		"Godkendt", TAG_CARRIED, "GODKENDT", DECIDE_BY_PARENT_UNKNOWN },
	{ "first line below a known mail", "SV: Klage", BELOW_KNOWN, { "VS: Klage" }, "Godkendt", TAG_COUNTS, "GODKENDT",
		RULE },
	{ "first line below a known mail, the draft's tag", "SV: [TIL GODKENDELSE] Klage", BELOW_KNOWN, { "VS: Klage" },
		"Godkendt", TAG_COUNTS, "GODKENDT", RULE },
	{ "first line below a known mail, a tag that may be his", "SV: [RETUR] Klage", BELOW_KNOWN, { "VS: Klage" },
		"Godkendt", TAG_VOID, "GODKENDT", DECIDE_BY_SEVERAL_TAGS },
	{ "first line below a known mail, two tags that may be his", "SV: [RETUR] [GODKENDT] Klage", BELOW_KNOWN,
		{ "VS: Klage" }, "Godkendt", TAG_VOID, "GODKENDT", DECIDE_BY_SEVERAL_TAGS },
	{ "first line below a known mail, a verb", "SV: [AFSLUT] Klage", BELOW_KNOWN, { "VS: Klage" }, "Godkendt",
		TAG_VOID, "GODKENDT", DECIDE_BY_SEVERAL_TAGS },
	{ "first line below a known mail, about something else", "SV: Pressesvar", BELOW_KNOWN, { "VS: Klage" },
		"Godkendt", TAG_CARRIED, "GODKENDT", DECIDE_BY_PARENT_UNKNOWN },
	{ "tag below a known mail", "SV: [GODKENDT] Klage", BELOW_KNOWN, { "VS: Klage" }, NULL, TAG_CARRIED, "GODKENDT",
		DECIDE_BY_PARENT_UNKNOWN },
	{ "first line and an unknown tag", "SV: [SAG 12] Klage", TO_KNOWN, { "[SAG 12] Klage" }, "Godkendt", TAG_COUNTS,
		"GODKENDT", RULE },
	{ "first line of a new mail", "Klage", NEW, { NULL }, "Godkendt", TAG_NONE, NULL, RULE },
	{ "first line: not approved", "SV: Klage", TO_KNOWN, { "Klage" }, "Ikke godkendt", TAG_NONE, NULL, RULE },
	{ "first line: with remarks", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt med bemærkninger", TAG_CARRIED, "GODKENDT",
		DECIDE_BY_NOT_ALONE },
	{ "first line: with a name", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt, Hanne", TAG_CARRIED, "GODKENDT",
		DECIDE_BY_NOT_ALONE },
	{ "first line: a question", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt?", TAG_CARRIED, "GODKENDT",
		DECIDE_BY_NOT_ALONE },
	{ "first line: two stops", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt..", TAG_CARRIED, "GODKENDT",
		DECIDE_BY_NOT_ALONE },
	{ "first line: quoted", "SV: Klage", TO_KNOWN, { "Klage" }, "> Godkendt", TAG_NONE, NULL, RULE },
	{ "first line: in quotation marks", "SV: Klage", TO_KNOWN, { "Klage" }, "\"Godkendt\"", TAG_NONE, NULL, RULE },
	{ "first line: stop apart", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt .", TAG_CARRIED, "GODKENDT",
		DECIDE_BY_NOT_ALONE },
	{ "first line: Cyrillic o", "SV: Klage", TO_KNOWN, { "Klage" }, "G\xD0\xBE" "dkendt", TAG_NONE, NULL, RULE },
	{ "first line: zero-width space", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt\xE2\x80\x8B", TAG_CARRIED, "GODKENDT",
		DECIDE_BY_NOT_ALONE },
	{ "first line: approves", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendes", TAG_NONE, NULL, RULE },
	{ "first line: empty", "SV: Klage", TO_KNOWN, { "Klage" }, "", TAG_NONE, NULL, RULE },
};

/* A message as core/subject reads its subject. */
static struct message make_message(struct arena *arena, const struct row *row)
{
	static const char *const parent[] = { "parent@example.dk" };
	struct message message = { .kind = MESSAGE_HUMAN, .subject = row->subject, .first_line = row->first_line };
	struct subject subject;

	subject_parse(arena, &subject_grammar_default, row->subject, &subject);
	if (row->answers != NEW)
		message.in_reply_to = message.references = (struct message_strings){ parent, 1 };
	message.forward = subject.forward;
	message.reply = subject.reply || (!subject.forward && row->answers != NEW);
	message.tags = subject.tags;
	message.lead_keys = subject.lead_keys;
	message.lead_round = subject.lead_round;
	return message;
}

static size_t list_ancestors(const struct row *row, struct decide_ancestor *ancestors)
{
	size_t count = 0;

	for (; count < 3 && row->ancestors[count]; count++)
		ancestors[count] = (struct decide_ancestor){ .subject = row->ancestors[count], .parent = count == 0 };
	return count;
}

static void check(struct arena *arena, const struct row *row, const struct tag_context *context)
{
	struct tag tag = { .word = NULL };
	enum decide_reason reason = DECIDE_BY_RULE;

	assert_int_equal(tag_find_fresh(arena, context, &tag, &reason), row->finding);
	if (row->finding != TAG_NONE)
		assert_string_equal(tag.word, row->word);
	assert_string_equal(decide_reason_word(reason), decide_reason_word(row->reason));
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_NULL;
	struct decide_ancestor ancestors[3] = { { .subject = NULL } };
	struct message message = make_message(&arena, row);
	struct tag_context context = {
		.workflow = &workflow, .message = &message, .ancestors = ancestors,
		.ancestors_count = list_ancestors(row, ancestors), .parent_unknown = row->answers >= TO_UNKNOWN,
		.threaded = row->answers == BELOW_KNOWN, .to_writer = true, .answers_draft = true, .acting_role = "chef",
		.key = "MT-2026-0042", .round = 2,
	};

	check(&arena, row, &context);
	arena_done(&arena);
}

/* Whatever else would count: from a robot nothing does. */
static void test_robots(void **state)
{
	static const struct row row = { "", "[GODKENDT] SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_CARRIED,
		"GODKENDT",
		DECIDE_BY_NOT_HUMAN };
	struct arena arena = ARENA_NULL;

	(void)state;
	for (int kind = MESSAGE_ABSENCE; kind <= MESSAGE_HUMAN; kind++) {
		struct decide_ancestor ancestors[3] = { { .subject = "Klage", .parent = true } };
		struct message message = make_message(&arena, &row);
		struct tag_context context = { .workflow = &workflow, .message = &message, .ancestors = ancestors,
			.ancestors_count = 1 };

		message.kind = (enum message_kind)kind;
		message.automatic = kind == MESSAGE_HUMAN;
		check(&arena, &row, &context);
	}
	arena_done(&arena);
}

/* A workflow that knows no approval takes the first line for what it is: text. */
static void test_workflow_without_approval(void **state)
{
	static const struct row row = { "", "SV: Klage", TO_KNOWN, { "Klage" }, "Godkendt", TAG_NONE, NULL, RULE };
	struct arena arena = ARENA_NULL;
	struct decide_ancestor ancestor = { .subject = "Klage", .parent = true };
	struct message message = make_message(&arena, &row);
	struct tag_context context = { .workflow = &without_approval, .message = &message, .ancestors = &ancestor,
		.ancestors_count = 1 };

	(void)state;
	check(&arena, &row, &context);
	arena_done(&arena);
}

/* Before the inquiry is known, no round is wrong. */
static void test_round_of_no_inquiry(void **state)
{
	static const struct row row = { "", "MT-2026-0042/7 [GODKENDT]", NEW, { NULL }, NULL, TAG_COUNTS, "GODKENDT",
		RULE };
	struct arena arena = ARENA_NULL;
	struct message message = make_message(&arena, &row);
	struct tag_context context = { .workflow = &workflow, .message = &message };

	(void)state;
	check(&arena, &row, &context);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_robots),
		cmocka_unit_test(test_workflow_without_approval),
		cmocka_unit_test(test_round_of_no_inquiry),
	};

	return RUN_ROWS(parse_rows, test_parse) + RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
