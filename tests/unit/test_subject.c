#include "core/subject.h"

#include "base/text.h"
#include "tests/rows.h"

struct row {
	const char *name, *subject;
	const char *prefix;		/* "reply", "forward" or "" */
	const char *tags, *keys;	/* joined by '|' */
	const char *lead;		/* key/round */
	const char *bare;
	bool hidden;
};

static const struct row rows[] = {
	{ "plain", "Høring om lokalplan", "", "", "", "", "Høring om lokalplan", false },
	{ "nothing", NULL, "", "", "", "", "", false },
	{ "reply", "SV: Høring", "reply", "", "", "", "Høring", false },
	{ "reply without space", "Sv:Høring", "reply", "", "", "", "Høring", false },
	{ "reply with space before colon", "Re : Høring", "reply", "", "", "", "Høring", false },
	{ "reply with no-break spaces", "RE\u00A0:\u00A0[GODKENDT]", "reply", "GODKENDT", "", "", "", false },
	{ "counted reply", "SV[2]: Re(3): Høring", "reply", "", "", "", "Høring", false },
	{ "German reply", "AW: WG: Høring", "reply", "", "", "", "Høring", false },
	{ "forward", "VS: SV: Høring", "forward", "", "", "", "Høring", false },
	{ "forwards of other programs", "Fwd: FW: WG: RE: x", "forward", "", "", "", "x", false },
	{ "reply to a forward", "SV: VS: x", "reply", "", "", "", "x", false },
	{ "a tag behind a forward prefix is another's", "SV: VS: [GODKENDT] x", "reply", "", "", "", "x", false },
	{ "a tag before it is not", "[RETUR] SV: VS: [GODKENDT] x", "reply", "RETUR", "", "", "x", false },
	{ "a key behind it counts all the same", "SV: VS: MT-2026-0042/1 x", "reply", "", "MT-2026-0042",
		"MT-2026-0042/1", "x", false },
	{ "a word is no prefix", "Svar: Høring", "", "", "", "", "Svar: Høring", false },
	{ "prefix without colon", "SV Høring", "", "", "", "", "SV Høring", false },
	{ "absence is no prefix", "Automatisk svar: [GODKENDT]", "", "", "", "", "Automatisk svar: [GODKENDT]", false },
	{ "tag", "[GODKENDT] Svar til borger", "", "GODKENDT", "", "", "Svar til borger", false },
	{ "tag in small letters", "sv: [godkendt] svar", "reply", "GODKENDT", "", "", "svar", false },
	{ "Danish letters go up", "[hører til mt-2026-0042]", "", "HØRER TIL MT-2026-0042", "", "", "", false },
	{ "prefix after tag", "SV: [GODKENDT] SV: Høring", "reply", "GODKENDT", "", "", "Høring", false },
	{ "forward after tag decides when outermost", "[GODKENDT] VS: Høring",
		"forward", "GODKENDT", "", "", "Høring", false },
	{ "two tags", "[NY FRIST 14-04-2026] [RETUR] x", "", "NY FRIST 14-04-2026|RETUR", "", "", "x", false },
	{ "tags without space", "SV:[A][B]x", "reply", "A|B", "", "", "x", false },
	{ "white space in a tag", "[  ny \t frist   14/4 ]", "", "NY FRIST 14/4", "", "", "", false },
	{ "unknown tag", "[Hvad er det?] x", "", "HVAD ER DET?", "", "", "x", false },
	{ "tag later is text", "Sagen er [GODKENDT]", "", "", "", "", "Sagen er [GODKENDT]", false },
	{ "mark", "[EKSTERN] SV: [GODKENDT] x", "reply", "GODKENDT", "", "", "x", false },
	{ "mark after prefix", "SV: [External] [GODKENDT] x", "reply", "GODKENDT", "", "", "x", false },
	{ "hash mark", "#sikker SV: #Sikker [GODKENDT]", "reply", "GODKENDT", "", "", "", false },
	{ "hash mark is a whole word", "#sikkerhed x", "", "", "", "", "#sikkerhed x", false },
	{ "key in brackets is no tag", "SV: [MT-2026-0042] [GODKENDT] x",
		"reply", "GODKENDT", "MT-2026-0042", "MT-2026-0042/0", "x", false },
	{ "one tap", "MT-2026-0042/2 [GODKENDT]", "", "GODKENDT", "MT-2026-0042", "MT-2026-0042/2", "", false },
	{ "one tap in brackets", "SV: [MT-2026-0042/12] [GODKENDT] Svar",
		"reply", "GODKENDT", "MT-2026-0042", "MT-2026-0042/12", "Svar", false },
	{ "key and colon", "MT-2026-0042: Høring", "", "", "MT-2026-0042", "MT-2026-0042/0", "Høring", false },
	{ "key and dash", "MT-2026-0042 - Høring", "", "", "MT-2026-0042", "MT-2026-0042/0", "Høring", false },
	{ "key later", "Høring (MT-2026-0042), KB-2026-12345",
		"", "", "MT-2026-0042|KB-2026-12345", "", "Høring (MT-2026-0042), KB-2026-12345", false },
	{ "key twice", "MT-2026-0042 og MT-2026-0042",
		"", "", "MT-2026-0042", "MT-2026-0042/0", "og MT-2026-0042", false },
	{ "two lead keys", "[MT-2026-0001] [MT-2026-0002/3] x",
		"", "", "MT-2026-0001|MT-2026-0002", "MT-2026-0001|MT-2026-0002/3", "x", false },
	{ "a lead key twice, the second with its round", "MT-2026-0001 MT-2026-0001/1 [GODKENDT]",
		"", "GODKENDT", "MT-2026-0001", "MT-2026-0001/1", "", false },
	{ "a lead key twice, the first with its round", "[MT-2026-0001/1] SV: [MT-2026-0001] x",
		"reply", "", "MT-2026-0001", "MT-2026-0001/1", "x", false },
	{ "two rounds", "MT-2026-0001/2 [MT-2026-0001/1] x", "", "", "MT-2026-0001", "MT-2026-0001/-1", "x", false },
	{ "one round twice", "MT-2026-0001/2 [MT-2026-0001/2] x", "", "", "MT-2026-0001", "MT-2026-0001/2", "x", false },
	{ "no round is round 0", "MT-2026-0001/0 x", "", "", "MT-2026-0001", "MT-2026-0001/-1", "x", false },
	{ "round 0 beside another", "MT-2026-0001/00 MT-2026-0001/1 x",
		"", "", "MT-2026-0001", "MT-2026-0001/-1", "x", false },
	{ "Danish key", "ÆØÅ-2026-0001", "", "", "ÆØÅ-2026-0001", "ÆØÅ-2026-0001/0", "", false },
	{ "key between quotes", "om “MT-2026-0042” og –MT-2026-0043–",
		"", "", "MT-2026-0042|MT-2026-0043", "", "om “MT-2026-0042” og –MT-2026-0043–", false },
	{ "no keys", "mt-2026-0042 A-2026-0042 MT-26-0042 MT-2026-042 MT-2026 0042 MT–2026–0042",
		"", "", "", "", "mt-2026-0042 A-2026-0042 MT-26-0042 MT-2026-042 MT-2026 0042 MT–2026–0042", false },
	{ "keys inside words", "MT-2026-0042s frist, åMT-2026-0043 MT_MT-2026-0044_b",
		"", "", "MT-2026-0042|MT-2026-0043|MT-2026-0044", "",
		"MT-2026-0042s frist, åMT-2026-0043 MT_MT-2026-0044_b", false },
	{ "a key has eight letters at most", "ABCDEFGHI-2026-0001 ÆØÅÆØÅÆØÅ-2026-0002",
		"", "", "BCDEFGHI-2026-0001|ØÅÆØÅÆØÅ-2026-0002", "", "ABCDEFGHI-2026-0001 ÆØÅÆØÅÆØÅ-2026-0002", false },
	{ "keys do not overlap", "x MT-2026-2026-0001 MT-2026-0042-0043KB-2026-0001",
		"", "", "MT-2026-2026|MT-2026-0042|KB-2026-0001", "", "x MT-2026-2026-0001 MT-2026-0042-0043KB-2026-0001",
		false },
	{ "a word with a key in it is no lead", "MT-2026-0042s [GODKENDT]",
		"", "", "MT-2026-0042", "", "MT-2026-0042s [GODKENDT]", false },
	{ "key with more is a tag", "[MT-2026-0042 GODKENDT]",
		"", "MT-2026-0042 GODKENDT", "MT-2026-0042", "", "", false },
	{ "round that is none", "MT-2026-0042/x [GODKENDT]",
		"", "", "MT-2026-0042", "MT-2026-0042/0", "/x [GODKENDT]", false },
	{ "unclosed", "[GODKENDT x", "", "", "", "", "[GODKENDT x", false },
	{ "nested", "[A [GODKENDT]] x", "", "", "", "", "[A [GODKENDT]] x", false },
	{ "empty brackets", "[ ] [GODKENDT]", "", "", "", "", "[ ] [GODKENDT]", false },
	{ "zero width in a tag", "[GOD\u200BKENDT] x", "", "", "", "", "[GOD\u200BKENDT] x", true },
	{ "bidi in a tag", "SV: [\u202EGODKENDT] x", "reply", "", "", "", "[\u202EGODKENDT] x", true },
	{ "control in a tag", "[GODKENDT\x07] x", "", "", "", "", "[GODKENDT\x07] x", true },
	{ "C1 in a tag", "[GODKENDT\xC2\x85] x", "", "", "", "", "[GODKENDT\xC2\x85] x", true },
	{ "replaced byte in a tag", "[GOD\uFFFDKENDT] x", "", "", "", "", "[GOD\uFFFDKENDT] x", true },
	{ "hidden before a tag", "\u200B[GODKENDT] x", "", "", "", "", "\u200B[GODKENDT] x", true },
	{ "hidden later is nobody's business", "[RETUR] familie \U0001F468\u200D\U0001F469",
		"", "RETUR", "", "", "familie \U0001F468\u200D\U0001F469", false },
	{ "look-alike letters are other letters", "[GOD\u041AENDT]", "", "GOD\u041AENDT", "", "", "", false },
	{ "long s is no S", "[AF\u017Fendt]", "", "AF\u017Fendt", "", "", "", false },
	{ "dotless i is no I", "[T\u0131l godkendelse]", "", "T\u0131l godkendelse", "", "", "", false },
	{ "full width stays", "\uFF3BGODKENDT\uFF3D", "", "", "", "", "\uFF3BGODKENDT\uFF3D", false },
};

static const char *joined(struct arena *arena, const struct message_strings *strings)
{
	const char *all = "";

	for (size_t i = 0; i < strings->count; i++)
		all = arena_printf(arena, "%s%s%s", all, i ? "|" : "", strings->items[i]);
	return all;
}

static void test_row(void **state)
{
	const struct row *row = *state;
	struct arena arena = ARENA_NULL;
	struct subject subject;

	subject_parse(&arena, &subject_grammar_default, row->subject, &subject);
	assert_string_equal(subject.reply ? "reply" : subject.forward ? "forward" : "", row->prefix);
	assert_string_equal(joined(&arena, &subject.tags), row->tags);
	assert_string_equal(joined(&arena, &subject.keys), row->keys);
	assert_string_equal(subject.lead_keys.count ?
		arena_printf(&arena, "%s/%d", joined(&arena, &subject.lead_keys), subject.lead_round) : "", row->lead);
	assert_string_equal(subject.bare, row->bare);
	assert_int_equal(subject.hidden, row->hidden);
	assert_false(subject.too_many_tags);
	arena_done(&arena);
}

static void test_own_grammar(void **state)
{
	static const char *const replies[] = { "ODP" }, *const marks[] = { "{Udefra}" };
	const struct subject_grammar grammar = { .replies = { replies, 1 }, .marks = { marks, 1 } };
	struct arena arena = ARENA_NULL;
	struct subject subject;

	(void)state;
	subject_parse(&arena, &grammar, "{UDEFRA} odp: [EKSTERN] VS: x", &subject);
	assert_true(subject.reply);
	assert_string_equal(joined(&arena, &subject.tags), "EKSTERN");
	assert_string_equal(subject.bare, "VS: x");
	arena_done(&arena);
}

static void test_too_many(void **state)
{
	struct arena arena = ARENA_NULL;
	struct text text = TEXT_NULL;
	struct subject subject;

	(void)state;
	for (int i = 0; i < 40; i++)
		text_addf(&text, "[T%d] ", i);
	for (int i = 0; i < MESSAGE_KEYS_MAX + 10; i++)
		text_addf(&text, "MT-2026-%04d ", i);
	subject_parse(&arena, &subject_grammar_default, text_string(&text), &subject);
	assert_int_equal(subject.tags.count, MESSAGE_TAGS_MAX);
	assert_string_equal(subject.tags.items[MESSAGE_TAGS_MAX - 1], "T15");
	assert_int_equal(subject.keys.count, MESSAGE_KEYS_MAX);
	assert_true(subject.too_many_tags);
	text_done(&text);
	arena_done(&arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = { cmocka_unit_test(test_own_grammar), cmocka_unit_test(test_too_many) };

	return RUN_ROWS(rows, test_row) + cmocka_run_group_tests(tests, NULL, NULL);
}
