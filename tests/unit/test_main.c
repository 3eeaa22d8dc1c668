/* Two workflows of one mailbox: the main mailbox (P), in which council members' forwards (I) begin in another. */
#include "engine/setup.h"
#include "tests/conf_change.h"
#include "tests/member_acts.h"
#include "tests/rows.h"
#include "tests/story.h"

#define MAIN .conf = "tests/data/main/fristd.conf"
#define LETTER { .from = CITIZEN, .to = "mt", .subject = "Hul i vejen", .forged = true, .outcome = "opened", \
	.rule = "P2", .step = "modtaget", .key = "POST-2026-0001" }
#define MEMBERS { PASSED_ON("medlem-b", "VS: Lys på stien"), .outcome = "opened", .rule = "I7", .step = "modtaget", \
	.key = "MED-2026-0001" }

static const struct story stories[] = {
	{ MAIN, .name = "a citizen's letter and a member's forward", .acts = { LETTER, MEMBERS,
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Hul i vejen", .answers = 1, .outcome = "moved", .rule = "P3",
		  .step = "besvaret", .key = "POST-2026-0001" },
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Lys på stien", .answers = 2, .outcome = "moved",
		  .rule = "I7-besvaret", .step = "besvaret", .key = "MED-2026-0001" } } },
	{ MAIN, .name = "the same citizen, by himself and through a member", .acts = { LETTER,
		{ PASSED_ON("medlem-b", "VS: Hul i vejen"), .outcome = "opened", .rule = "I7", .key = "MED-2026-0001" } } },
	{ MAIN, .name = "a member's word", .acts = {
		{ PASSED_ON("medlem-b", "[SVARER SELV] VS: Hul i vejen"), .outcome = "opened", .rule = "I1",
		  .step = "hos-medlem", .key = "MED-2026-0001" },
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001/1 [BESVARET AF MEDLEM]", .outcome = "moved",
		  .rule = "I6-ord", .step = "besvaret-af-medlem", .key = "MED-2026-0001" } } },
	{ MAIN, .name = "a member's word that cannot be followed waits and is told", .acts = {
		{ PASSED_ON("medlem-b", "[DAGSORDEN UDVALG Teknikken] VS: Hul i vejen"), .outcome = "waiting",
		  .reason = "unknown-list", .mail = "ikke-talt>medlem-b" } } },
	{ MAIN, .name = "a colleague's forward is the main mailbox's", .acts = {
		{ .from = "kollega@example.dk", .to = "mt", .subject = "VS: Hul i vejen", .quoted_from = CITIZEN,
		  .outcome = "opened", .rule = "P2-videre", .key = "POST-2026-0001" } } },
	{ MAIN, .name = "so is that of a member whose term is over", .acts = {
		{ .at = "2026-04-01 09:00", PASSED_ON("medlem-c", "[SVARER SELV] VS: Hul i vejen"), .outcome = "opened",
		  .rule = "P2-videre", .step = "modtaget", .key = "POST-2026-0001" } } },
	{ MAIN, .name = "who forges a member opens one for the administration", .acts = {
		{ PASSED_ON("medlem-b", "[SVARER SELV] VS: Hul i vejen"), .forged = true, .outcome = "opened",
		  .rule = "I7-uvis", .step = "modtaget", .key = "MED-2026-0001" } } },
	{ MAIN, .name = "a citizen who writes a member's word", .acts = {
		{ .from = CITIZEN, .to = "mt", .subject = "[SVARER SELV] Hul i vejen", .forged = true, .outcome = "opened",
		  .rule = "P2", .step = "modtaget", .key = "POST-2026-0001" } } },
	{ MAIN, .name = "a member's own question waits", .acts = {
		{ .from = "medlem-b", .to = "mt", .subject = "Hvornår er der borgermøde?", .outcome = "waiting",
		  .reason = "no-inquiry" } } },
	{ MAIN, .name = "a robot is counted once", .acts = {
		{ .from = "nyt@shop.example", .to = "mt", .subject = "Tilbud", .forged = true, .automatic = true,
		  .outcome = "automatic", .reason = "not-human" } } },
	{ MAIN, .name = "the owner opens what waits in the mailbox's own", .acts = {
		{ .from = "medlem-b", .to = "mt", .subject = "Hvornår er der borgermøde?", .outcome = "waiting" },
		{ .from = "postbud", .to = "mt", .subject = "[NY HENVENDELSE] SV: Hvornår er der borgermøde?", .answers = 1,
		  .outcome = "opened", .rule = "NY HENVENDELSE", .key = "POST-2026-0001" } } },
	{ MAIN, .name = "and moves from one to the other", .acts = { MEMBERS,
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001 [FLYT TIL POST]", .outcome = "commanded",
		  .step = "modtaget", .key = "MED-2026-0001" },
		{ .from = "mt", .to = CITIZEN, .subject = "SV: Lys på stien", .answers = 1, .outcome = "moved", .rule = "P3",
		  .step = "besvaret", .key = "MED-2026-0001" } } },
	{ MAIN, .name = "but not to where it is", .acts = { MEMBERS,
		{ .from = "postbud", .to = "mt", .subject = "MED-2026-0001 [FLYT TIL MED]", .outcome = "refused",
		  .reason = "bad-argument", .mail = "ikke-talt>postbud" } } },
};

/* What the order or the names of a mailbox's workflows may do wrong; each is a fault with an example. */
static const struct list { const char *name, *workflows, *fault; } lists[] = {
	{ "both as they are meant", "[ \"post\", \"medlem\" ]", NULL },
	{ "the wider one last", "[ \"medlem\", \"post\" ]",
	  "workflow \"post\" by its rule \"P2-videre\" and \"medlem\" by \"I7\" can both open a matter here, for example by a "
	  "mail from byrådsmedlem, as a forward" },
	{ "one of them twice", "[ \"post\", \"post\" ]", "the mailbox names the workflow \"post\" twice" },
	{ "one that there is not", "[ \"post\", \"medlm\" ]", "there is no workflow \"medlm\"; did you mean \"medlem\"?" },
};

static void test_list(void **state)
{
	const struct list *row = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	char path[] = SOURCE_ROOT "/tests/data/main/test-XXXXXX.conf", text[8192];
	FILE *file = fopen(SOURCE_ROOT "/tests/data/main/fristd.conf", "r");
	size_t length = fread(text, 1, sizeof(text) - 1, file);
	int descriptor = mkstemps(path, 5);
	struct setup *setup;
	bool found = false;

	fclose(file);
	text[length] = '\0';
	file = fdopen(descriptor, "w");
	fputs(conf_change_apply(&arena, text, "[ \"post\", \"medlem\" ]", row->workflows), file);
	fclose(file);
	setup = setup_load(path, &faults);
	remove(path);
	setup_free(setup);
	for (size_t i = 0; row->fault && i < faults.count; i++)
		found = found || strstr(faults.items[i].text, row->fault);
	if (row->fault ? !found : faults.count > 0) {
		conf_change_print(&faults);
		fail_msg("expected … %s …", row->fault ? row->fault : "nothing");
	}
}

int main(void)
{
	return RUN_ROWS(stories, story_test) + RUN_ROWS(lists, test_list);
}
