#include "core/workflow.h"

#include "io/conf_workflow.h"

#include "tests/conf_change.h"

#define STRINGS(...) { .items = (const char *const[]){ __VA_ARGS__ }, \
	.count = sizeof((const char *const[]){ __VA_ARGS__ }) / sizeof(const char *) }

static const struct directory_person people[] = {
	{ .id = "ejer", .name = "Ejer", .address = "ejer@example.dk" },
	{ .id = "chef", .name = "Chef", .address = "chef@example.dk" },
};
static const struct directory_person *const owners[] = { &people[0] };
static const struct directory_person *const heads[] = { &people[1] };
static const struct directory_role groups[] = {
	{ .name = "ejer", .members = owners, .count = 1 },
	{ .name = "chef", .members = heads, .count = 1 },
	{ .name = "tom", .members = heads, .count = 0 },
};
static const struct directory directory = { .people = people, .people_count = 2, .roles = groups, .roles_count = 3 };
static const struct message_strings templates = STRINGS("brev", "rykker");

static const char base[] =
	"workflow = {\n"
	"  name = \"Prøve\"; key = \"PR\"; audience = \"chef\";\n"
	"  roles = [ \"ejer\", \"sagsbehandler\", \"chef\", \"mailbox\", \"medarbejder\" ];\n"
	"  owners = [ \"ejer\" ];\n"
	"  assigned = [ \"sagsbehandler\" ];\n"
	"  digests = ( { role = \"chef\"; view = \"all\"; } );\n"
	"  tags = (\n"
	"    { name = \"JA\"; aliases = [ \"OK\" ]; },\n"
	"    { name = \"NEJ\"; } );\n"
	"  steps = (\n"
	"    { id = \"ny\"; holder = \"ejer\"; },\n"
	"    { id = \"hos\"; holder = \"sagsbehandler\"; },\n"
	"    { id = \"venter\"; holder = \"chef\"; review = \"2 dage\"; },\n"
	"    { id = \"slut\"; final = true; } );\n"
	"  rules = (\n"
	"    { cite = \"R1\"; to = \"ny\"; when = { thread = \"new\"; sender = \"chef\"; }; },\n"
	"    { cite = \"R2\"; from = \"ny\"; to = \"hos\"; when = { sender = \"ejer\"; to = \"medarbejder\"; };\n"
	"      assign = ( { role = \"sagsbehandler\"; from = \"to\"; } ); },\n"
	"    { cite = \"R3\"; from = \"hos\"; to = \"venter\";"
	"      when = { sender = \"sagsbehandler\"; to = \"chef\"; }; },\n"
	"    { cite = \"R4\"; from = \"venter\"; to = \"slut\";"
	"      when = { tag = \"JA\"; reaches = true; sender = \"chef\"; trusted = true; };\n"
	"      mails = ( { to = \"sagsbehandler\"; template = \"brev\"; } ); },\n"
	"    { cite = \"R5\"; from = \"venter\"; to = \"hos\";"
	"      when = { tag = \"NEJ\"; sender = \"chef\"; trusted = true; }; } );\n"
	"  deadlines = (\n"
	"    { name = \"svar\"; start = \"ny\"; stop = \"venter\"; length = \"5 arbejdsdage\";\n"
	"      ladder = (\n"
	"        { at = \"-1 arbejdsdag\"; to = \"ansvarlig\"; template = \"rykker\"; } ); } );\n"
	"  addressees = (\n"
	"    { title = \"bossen\"; words = [ \"boss\", \"bossen\" ]; },\n"
	"    { title = \"den anden\"; words = \"anden\"; } );\n"
	"};\n";

static void load(struct arena *arena, const char *text, struct workflow_faults *faults, struct workflow *ret_workflow)
{
	struct conf_reader reader = { .arena = arena, .faults = faults, .folder = "" };
	struct conf_workflow_file file = { .workflow = { .id = "test" } };

	assert_int_equal(conf_read_bytes(&reader, "w", text, strlen(text), &conf_workflow_table, &file), 0);
	*ret_workflow = file.workflow;
}

#define RUNG(at) "{ at = \"" at "\"; to = \"ansvarlig\"; template = \"rykker\"; }"
#define LIST_END " ); } );"
#define LAST_RUNG RUNG("-1 arbejdsdag") LIST_END

static const struct conf_change changes[] = {
	/* names */
	{ .name = "unknown role in rule", NULL, "sender = \"chef\"; }; },\n    { cite = \"R2\"",
	  "sender = \"chief\"; }; },\n    { cite = \"R2\"", NULL,
	  "there is no role \"chief\"; did you mean \"chef\"?", 1 },
	{ .name = "unknown role as holder", NULL, "holder = \"ejer\"", "holder = \"direktør\"", NULL,
	  "there is no role \"direktør\"" },
	{ .name = "words for the citizen to an unknown role", NULL, "owners = [ \"ejer\" ];",
	  "owners = [ \"ejer\" ]; interim_to = \"chief\";", "workflow = {", "there is no role \"chief\"" },
	{ .name = "words for the citizen to nobody", NULL, "owners = [ \"ejer\" ];",
	  "owners = [ \"ejer\" ]; interim_to = \"medarbejder\";", "workflow = {",
	  "\"medarbejder\" is nobody to write to" },
	{ .name = "a warning without words", NULL, "owners = [ \"ejer\" ];", "owners = [ \"ejer\" ]; warns_of_cpr = true;",
	  "workflow = {", "there is no template \"cpr-advarsel\"" },
	{ .name = "unknown owner", NULL, "owners = [ \"ejer\" ]", "owners = [ \"ejre\" ]", NULL,
	  "did you mean \"ejer\"?" },
	{ .name = "owner that is nobody", NULL, "owners = [ \"ejer\" ]", "owners = [ \"ejer\", \"medarbejder\" ]", NULL,
	  "\"medarbejder\" cannot keep the register: an owner must be a group of people" },
	{ .name = "owner that sends as the mailbox", NULL, "owners = [ \"ejer\" ]", "owners = [ \"mailbox\" ]", NULL,
	  "\"mailbox\" cannot keep the register: an owner must be a group of people" },
	{ .name = "owner of one inquiry", NULL, "owners = [ \"ejer\" ]", "owners = [ \"sagsbehandler\" ]", NULL,
	  "\"sagsbehandler\" cannot keep the register: an owner must be a group of people" },
	{ .name = "assigned left out", NULL, "  assigned = [ \"sagsbehandler\" ];\n", "", "cite = \"R2\"",
	  "\"sagsbehandler\" is assigned, and the workflow has no \"assigned\" that names it" },
	{ .name = "nobody assigned", NULL, "assigned = [ \"sagsbehandler\" ]", "assigned = []", "cite = \"R2\"",
	  "\"sagsbehandler\" is assigned, and the workflow has no \"assigned\" that names it" },
	{ .name = "misspelt assigned role", NULL, "assigned = [ \"sagsbehandler\" ]", "assigned = [ \"sagsbehandlr\" ]", NULL,
	  "there is no role \"sagsbehandlr\"; did you mean \"sagsbehandler\"?" },
	{ .name = "assigned role that is no name", NULL, "assigned = [ \"sagsbehandler\" ]",
	  "assigned = [ \"Sagsbehandler\" ]", NULL, "\"assigned\" is \"Sagsbehandler\", which is no name" },
	{ .name = "digest twice", NULL, "view = \"all\"; }", "view = \"all\"; }, { role = \"chef\"; view = \"all\"; }", NULL,
	  "\"chef\" has a digest with this view already, at w:6" },
	{ .name = "tags left out", NULL, "tags = (\n    { name = \"JA\"; aliases = [ \"OK\" ]; },\n    { name = \"NEJ\"; } )",
	  "tags = ()", "cite = \"R4\"", "[JA] is asked for, and the workflow has no \"tags\" that declare it" },
	{ .name = "unknown assigned role", NULL, "assigned = [ \"sagsbehandler\" ]",
	  "assigned = [ \"sagsbehandler\", \"x\" ]", NULL,
	  "there is no role \"x\"" },
	{ .name = "assigning what is not assigned", NULL, "{ role = \"sagsbehandler\"; from", "{ role = \"chef\"; from",
	  "cite = \"R2\"", "there is no assigned role \"chef\"", 1 },
	{ .name = "assigning twice", NULL, "from = \"to\"; } )",
	  "from = \"to\"; }, { role = \"sagsbehandler\"; from = \"cc\"; } )",
	  "cite = \"R2\"", "the role \"sagsbehandler\" is assigned twice" },
	{ .name = "unknown role of digest", NULL, "role = \"chef\"; view", "role = \"xyz\"; view", NULL,
	  "there is no role \"xyz\"" },
	{ .name = "unknown role in ladder", NULL, "to = \"ansvarlig\"", "to = \"ansvarlige\"", NULL,
	  "there is no role \"ansvarlige\"" },
	{ .name = "ladder to everybody", NULL, "to = \"ansvarlig\"", "to = \"medarbejder\"", NULL,
	  "\"medarbejder\" is nobody to write to" },
	{ .name = "unknown role in mail", NULL, "mails = ( { to = \"sagsbehandler\"",
	  "mails = ( { to = \"sagsbehandleren\"",
	  "cite = \"R4\"", "did you mean \"sagsbehandler\"?" },
	{ .name = "mails of a rule that changes nothing", NULL, "{ cite = \"R5\";",
	  "{ cite = \"R6\"; when = { sender = \"mailbox\"; };\n"
	  "      mails = ( { to = \"ansvarlig\"; template = \"brev\"; } ); },\n    { cite = \"R5\";",
	  "cite = \"R6\"", "rule \"R6\" changes nothing, so its mails would never be sent: give it a step \"to\", or a" },
	{ .name = "a letter of who asked in a new matter", NULL, "sender = \"chef\"; }; },\n    { cite = \"R2\"",
	  "sender = \"chef\"; asker = true; }; },\n    { cite = \"R2\"", NULL,
	  "rule \"R1\" can never match: in a new matter nobody has asked before, so leave out asker = true" },
	{ .name = "role nobody has", NULL, "\"chef\", \"mailbox\"", "\"chef\", \"vagt\", \"mailbox\"", NULL,
	  "nobody can have the role \"vagt\"" },
	{ .name = "role with an empty group", NULL, "\"chef\", \"mailbox\"", "\"chef\", \"tom\", \"mailbox\"", NULL,
	  "nobody can have the role \"tom\"" },
	{ .name = "role nobody is assigned to", NULL, "assign = ( { role = \"sagsbehandler\"; from = \"to\"; } );",
	  "", "roles = ",
	  "nobody can have the role \"sagsbehandler\"" },
	{ .name = "reserved role", NULL, "\"chef\", \"mailbox\"", "\"chef\", \"ansvarlig\", \"mailbox\"", NULL,
	  "\"ansvarlig\" has a meaning of its own" },
	{ .name = "role twice", NULL, "\"chef\", \"mailbox\"", "\"chef\", \"ejer\", \"mailbox\"", NULL,
	  "roles names \"ejer\" twice" },
	{ .name = "mailbox as recipient", NULL, "to = \"medarbejder\"; }", "to = [ \"medarbejder\", \"mailbox\" ]; }",
	  NULL,
	  "said by mailbox = \"to\"" },
	{ .name = "mailbox as holder", NULL, "holder = \"ejer\"", "holder = \"mailbox\"", NULL,
	  "nobody who could hold step \"ny\"" },
	{ .name = "addressee twice", NULL, "title = \"den anden\"", "title = \"bossen\"", NULL,
	  "there is an addressee \"bossen\" already, at w:28" },
	{ .name = "word of two addressees", NULL, "words = \"anden\"", "words = [ \"anden\", \"BOSSEN\" ]", NULL,
	  "the word \"BOSSEN\" stands already at w:28" },
	{ .name = "word of one addressee twice", NULL, "words = \"anden\"", "words = [ \"anden\", \"anden\" ]", NULL,
	  "the word \"anden\" stands already at w:29" },
	{ .name = "addressee without a word", NULL, "words = \"anden\"", "words = []", NULL, "words" },
	{ .name = "addressee with an empty word", NULL, "words = \"anden\"", "words = \" \"", NULL, "which says nothing" },
	{ .name = "addressee without a title", NULL, "title = \"den anden\"; ", "", NULL, "title" },
	{ .name = "unknown tag", NULL, "tag = \"NEJ\"", "tag = \"NEJ TAK\"", NULL, "there is no tag \"NEJ TAK\"" },
	{ .name = "tag said by the mailbox", NULL, "tag = \"NEJ\"; sender = \"chef\"",
	  "tag = \"NEJ\"; sender = [ \"chef\", \"mailbox\" ]", NULL,
	  "[NEJ] cannot be said by \"mailbox\": nobody knows who wrote as it" },
	{ .name = "tag said by anybody", NULL, "tag = \"NEJ\"; sender = \"chef\"", "tag = \"NEJ\"", NULL,
	  "whoever writes may say [NEJ]: name the roles as sender" },
	{ .name = "tag that nobody vouches for", NULL, "tag = \"NEJ\"; sender = \"chef\"; trusted = true",
	  "tag = \"NEJ\"; sender = \"chef\"", NULL,
	  "anybody can forge [NEJ]: say trusted = true" },
	{ .name = "tag that nobody may vouch for", NULL, "tag = \"NEJ\"; sender = \"chef\"; trusted = true",
	  "tag = \"NEJ\"; sender = \"chef\"; trusted = false", NULL, "anybody can forge [NEJ]: say trusted = true" },
	{ .name = "tag twice", NULL, "{ name = \"NEJ\"; }", "{ name = \"OK\"; }", NULL,
	  "[OK] is declared already, at w:8", 1 },
	{ .name = "alias twice", NULL, "{ name = \"NEJ\"; }", "{ name = \"NEJ\"; aliases = \"ja\"; }", NULL,
	  "[JA] is declared already" },
	{ .name = "built-in verb", NULL, "aliases = [ \"OK\" ]", "aliases = [ \"fortryd\" ]", NULL,
	  "[FORTRYD] is built in" },
	{ .name = "tag that begins with a verb", NULL, "{ name = \"NEJ\"; }",
	  "{ name = \"NEJ\"; aliases = \"afslut sag\"; }", NULL,
	  "[AFSLUT] is built in: no tag of this workflow can be it or begin with it" },
	{ .name = "unknown step from", NULL, "from = \"hos\"", "from = \"hso\"", NULL, "there is no step \"hso\"" },
	{ .name = "unknown step to", NULL, "to = \"venter\"", "to = \"vente\"", NULL, "did you mean \"venter\"?" },
	{ .name = "unknown step of deadline", NULL, "stop = \"venter\"", "stop = \"slutt\"", NULL,
	  "did you mean \"slut\"?" },
	{ .name = "unknown template in mail", NULL, "template = \"brev\"", "template = \"bref\"", "cite = \"R4\"",
	  "there is no template \"bref\"; did you mean \"brev\"?" },
	{ .name = "unknown template in ladder", NULL, "template = \"rykker\"", "template = \"mangler\"", NULL,
	  "there is no template \"mangler\"" },
	{ .name = "step twice", NULL, "{ id = \"hos\"", "{ id = \"ny\"; holder = \"ejer\"; },\n    { id = \"hos\"",
	  NULL,
	  "there is a step \"ny\" already, at w:11" },
	{ .name = "rule twice", NULL, "cite = \"R5\"", "cite = \"R4\"", NULL,
	  "there is a rule \"R4\" already, at w:20" },
	{ .name = "deadline twice", NULL, "template = \"rykker\"; } ); } );",
	  "template = \"rykker\"; } ); },\n{ name = \"svar\"; start = \"ny\"; stop = \"hos\"; length = \"1 dag\"; } );",
	  "{ name = \"svar\"; start = \"ny\"; stop = \"hos\"", "there is a deadline \"svar\" already, at w:24" },

	{ .name = "deadline with the name of a clock", NULL, "name = \"svar\"", "name = \"gennemsyn\"", NULL,
	  "the deadline \"gennemsyn\" has a meaning of its own" },
	{ .name = "deadline with the name of the other", NULL, "name = \"svar\"", "name = \"ikke-fordelt\"", NULL,
	  "the deadline \"ikke-fordelt\" has a meaning of its own" },
	{ .name = "ladder that falls", NULL, LAST_RUNG, RUNG("-1 arbejdsdag") ", " RUNG("-2 arbejdsdage") LIST_END, NULL,
	  "this reminder does not come after the one before it" },
	{ .name = "ladder that stands still", NULL, LAST_RUNG, RUNG("0 dage") ", " RUNG("0 arbejdsdage") LIST_END, NULL,
	  "this reminder does not come after the one before it" },
	{ .name = "ladder that may fall over a weekend", NULL, LAST_RUNG,
	  RUNG("+5 arbejdsdage") ", " RUNG("+6 dage") LIST_END, NULL,
	  "this reminder does not come after the one before it" },
	{ .name = "reminders of what nobody has that fall", NULL, LAST_RUNG,
	  RUNG("-1 arbejdsdag") " ); unassigned = ( " RUNG("2 dage") ", " RUNG("1 dag") LIST_END, NULL,
	  "this reminder does not come after the one before it" },
	{ .name = "reminder before the inquiry", NULL, LAST_RUNG, RUNG("-6 arbejdsdage") LIST_END, NULL,
	  "this reminder would come before the inquiry: the deadline is 5 arbejdsdage" },
	{ .name = "reminder before the inquiry, in other days", NULL,
	  "length = \"5 arbejdsdage\";\n      ladder = (\n        { at = \"-1 arbejdsdag\"",
	  "length = \"5 dage\";\n      ladder = (\n        { at = \"-6 arbejdsdage\"", "{ at = \"-6 arb",
	  "this reminder would come before the inquiry" },
	{ .name = "reminder of what nobody has before it came", NULL, LAST_RUNG,
	  RUNG("-1 arbejdsdag") " ); unassigned = ( " RUNG("-1 arbejdsdag") LIST_END, NULL,
	  "this reminder would come before the inquiry: count from the day of arrival, as \"+1 arbejdsdag\"" },
	{ .name = "copy of a mail", NULL, "mails = ( { to = \"sagsbehandler\";",
	  "mails = ( { to = \"sagsbehandler\"; cc = \"chef\";", NULL, "mail has no key \"cc\"" },

	/* steps */
	{ .name = "no holder", NULL, "{ id = \"hos\"; holder = \"sagsbehandler\"; }", "{ id = \"hos\"; }", NULL,
	  "nobody holds step \"hos\"" },
	{ .name = "out of a final step", NULL, "from = \"hos\"", "from = [ \"hos\", \"slut\" ]", NULL,
	  "step \"slut\" is final" },
	{ .name = "new with a step", NULL, "{ cite = \"R1\";", "{ cite = \"R1\"; from = \"ny\";", NULL,
	  "a rule for a new matter" },
	{ .name = "new without a step", NULL, "to = \"ny\"; ", "", "cite = \"R1\"", "a rule for a new matter" },
	{ .name = "start stops", NULL, "stop = \"venter\"", "stop = [ \"ny\", \"venter\" ]", NULL,
	  "both starts and stops" },
	{ .name = "nothing opens", NULL, "thread = \"new\"; ", "", "workflow = {", "no rule opens a matter", 0 },
	{ .name = "nothing ends", NULL, "final = true;", "holder = \"ejer\"; review = \"1 dag\";", "workflow = {",
	  "no step is final" },
	{ .name = "unreachable", NULL, "{ id = \"slut\"",
	  "{ id = \"glemt\"; holder = \"ejer\"; review = \"1 dag\"; },\n{ id = \"slut\"",
	  NULL, "no rules lead to step \"glemt\"", 1 },
	{ .name = "no way out", NULL, "{ cite = \"R3\"; from = \"hos\"", "{ cite = \"R3\"; from = \"ny\"",
	  "{ id = \"hos\"",
	  "no rules lead from step \"hos\" to a final one" },
	{ .name = "words for no reminder", NULL, " review = \"2 dage\";", " template = \"rykker\";", "{ id = \"venter\"",
	  "has a template for a reminder but no review" },
	{ .name = "a reminder in words that there are not", NULL, "review = \"2 dage\";",
	  "review = \"2 dage\"; template = \"rykkker\";", "{ id = \"venter\"", "there is no template \"rykkker\"" },
	{ .name = "unnoticed after the stop", NULL, " review = \"2 dage\";", "", "{ id = \"venter\"",
	  "nobody would notice" },
	{ .name = "starting a deadline that there is not", NULL, "cite = \"R3\";", "cite = \"R3\"; starts = \"svr\";", NULL,
	  "there is no deadline \"svr\"; did you mean \"svar\"?" },
	{ .name = "stopping a deadline that there is not", NULL, "cite = \"R3\";", "cite = \"R3\"; stops = \"x\";", NULL,
	  "there is no deadline \"x\"" },
	{ .name = "starting and stopping", NULL, "cite = \"R3\";", "cite = \"R3\"; starts = \"svar\"; stops = \"svar\";",
	  NULL, "the rule both starts and stops the deadline \"svar\"" },
	{ .name = "starting at the end", NULL, "cite = \"R4\";", "cite = \"R4\"; starts = \"svar\";", NULL,
	  "the rule starts the deadline \"svar\" where the matter ends" },
	{ .name = "a deadline that nothing starts", NULL, "start = \"ny\"; stop = \"venter\"", "stop = \"venter\"", NULL,
	  "nothing starts the deadline \"svar\": give it start steps, or a rule that starts it" },
	{ .name = "unnoticed after a rule has stopped it", NULL, "cite = \"R2\";", "cite = \"R2\"; stops = \"svar\";",
	  "{ id = \"hos\"", "nobody would notice a matter that stays at \"hos\"" },
	{ .name = "two rules that differ in a deadline only", NULL, "{ cite = \"R5\"",
	  "{ cite = \"R4b\"; from = \"venter\"; to = \"slut\"; stops = \"svar\"; when = { tag = \"JA\"; sender = \"chef\";"
	  " trusted = true; };\n mails = ( { to = \"sagsbehandler\"; template = \"brev\"; } ); },\n    { cite = \"R5\"",
	  "{ cite = \"R4b\"", "rule \"R4b\" and rule \"R4\" at w:20 can both match" },
	{ .name = "unnoticed while it stands", NULL, "stop = \"venter\"", "stop = \"venter\"; stands = \"hos\"",
	  "{ id = \"hos\"", "stays at \"hos\": every deadline stands there; give it a review" },
	{ .name = "standing where it stops", NULL, "stop = \"venter\"", "stop = \"venter\"; stands = \"venter\"", NULL,
	  "the deadline cannot stand at step \"venter\", which stops it: leave it out of stands" },
	{ .name = "standing at the end", NULL, "stop = \"venter\"", "stop = \"venter\"; stands = \"slut\"", NULL,
	  "the deadline cannot stand at step \"slut\", which stops it" },
	{ .name = "standing nowhere", NULL, "stop = \"venter\"", "stop = \"venter\"; stands = \"hoss\"", NULL,
	  "there is no step \"hoss\"; did you mean \"hos\"?" },
	{ .name = "standing twice", NULL, "stop = \"venter\"", "stands = [ \"venter\", \"venter\" ]", NULL,
	  "stands names \"venter\" twice" },
	{ .name = "standing before it begins", NULL, "start = \"ny\"; stop = \"venter\"",
	  "start = \"hos\"; stop = \"venter\"; stands = \"ny\"", NULL,
	  "the deadline \"svar\" never comes to step \"ny\": leave it out of stands", 1 },
	{ .name = "unnoticed without deadline", NULL, "start = \"ny\"; stop = \"venter\"",
	  "start = \"hos\"; stop = \"venter\"",
	  "{ id = \"ny\"", "nobody would notice a matter that stays at \"ny\"" },
	{ .name = "deadline that never runs", NULL, "template = \"rykker\"; } ); } );",
	  "template = \"rykker\"; } ); },\n{ name = \"x\"; start = \"slut\"; length = \"1 dag\"; } );",
	  "{ name = \"x\"", "the deadline \"x\" never runs" },

	/* conditions */
	{ .name = "to forbidden by not_to", NULL, "to = \"medarbejder\"; }",
	  "to = \"medarbejder\"; not_to = [ \"chef\", \"medarbejder\" ]; }",
	  NULL, "\"R2\" can never match: \"not_to\" forbids" },
	{ .name = "cc forbidden by not_cc", NULL, "to = \"medarbejder\"; }",
	  "to = \"medarbejder\"; cc = \"chef\"; not_cc = [ \"chef\", \"ejer\" ]; }", NULL,
	  "\"R2\" can never match: \"not_cc\" forbids" },
	{ .name = "to forbidden by not_cc", NULL, "to = \"medarbejder\"; }",
	  "to = \"medarbejder\"; not_cc = \"medarbejder\"; }", NULL, "\"R2\" can never match: \"not_to\" forbids" },
	{ .name = "unknown role on copy", NULL, "to = \"medarbejder\"; }", "to = \"medarbejder\"; cc = \"cheff\"; }", NULL,
	  "there is no role \"cheff\"" },
	{ .name = "mailbox on copy", NULL, "to = \"medarbejder\"; }", "to = \"medarbejder\"; not_cc = \"mailbox\"; }", NULL,
	  "said by mailbox = \"to\"" },
	{ .name = "reached by nobody knows whom", NULL, " audience = \"chef\";", "", "{ cite = \"R4\"",
	  "rule \"R4\" asks whom the answer reaches, and the workflow has no \"audience\"" },
	{ .name = "audience that there is not", NULL, "audience = \"chef\"", "audience = \"chfe\"", "workflow = {",
	  "there is no role \"chfe\"; did you mean \"chef\"?" },
	{ .name = "audience that is no group", NULL, "audience = \"chef\"", "audience = \"medarbejder\"", "workflow = {",
	  "\"medarbejder\" is no group of people whom an answer must reach" },
	{ .name = "reached as anybody says", NULL, "to = \"medarbejder\"; }", "to = \"medarbejder\"; reaches = false; }", NULL,
	  "rule \"R2\" notes whom the answer has reached, and anybody can send that: say trusted = true" },
	{ .name = "reached and asked for", NULL, "{ cite = \"R4\";", "{ cite = \"R4\"; reached = true;", NULL,
	  "rule \"R4\" counts as having reached everybody: it need not ask" },
	{ .name = "restricted by a word without a name", NULL, "{ cite = \"R4\";", "{ cite = \"R4\"; audience = \"named\";",
	  NULL, "rule \"R4\" restricts the answer to whom its tag names" },
	{ .name = "a name that says nothing", NULL, "{ name = \"NEJ\"; }", "{ name = \"NEJ\"; argument = \"list\"; }",
	  "{ cite = \"R5\"", "[NEJ] names a list, and rule \"R5\" does nothing with it" },
	{ .name = "a chair of no list", NULL, "mails = ( { to = \"sagsbehandler\"", "mails = ( { to = \"formand\"",
	  "{ cite = \"R4\"",
	  "\"formand\" is told by a rule whose tag names a list (argument = \"list\")" },
	{ .name = "a reminder to a chair", NULL, "to = \"ansvarlig\"", "to = \"formand\"", NULL,
	  "\"formand\" is nobody to write to" },
	{ .name = "both and not", NULL, "to = \"medarbejder\"; }",
	  "to = \"medarbejder\"; also = \"chef\"; not_also = [ \"ejer\", \"chef\" ]; }", NULL,
	  "\"R2\" can never match: \"not_also\" forbids all that \"also\" asks for" },
	{ .name = "also somebody that there is not", NULL, "to = \"medarbejder\"; }",
	  "to = \"medarbejder\"; not_also = \"cheff\"; }", NULL, "there is no role \"cheff\"" },
	{ .name = "a deadline that counts from nothing known", NULL, "length = ", "counts_from = \"brevet\"; length = ", NULL,
	  "which is none of \"mail\", \"letter\"" },
	{ .name = "an argument of another kind", NULL, "{ name = \"NEJ\"; }", "{ name = \"NEJ\"; argument = \"dato\"; }",
	  NULL, "which is none of \"none\", \"list\"" },
	{ .name = "who asks is whoever writes", NULL, "{ role = \"sagsbehandler\"; from = \"to\"; }",
	  "{ role = \"sagsbehandler\"; from = \"to\"; }, { role = \"spørger\"; from = \"cc\"; }", "{ cite = \"R2\"",
	  "\"spørger\" is whoever writes: from = \"sender\"" },
	{ .name = "a reminder to who asked", NULL, "to = \"ansvarlig\"", "to = \"spørger\"", NULL,
	  "\"spørger\" is nobody to write to" },
#define CONFIDENTIAL(words, roles) "  addressees = (", \
	"  confidential = { words = \"" words "\"; refer_to = \"" roles "\"; };\n  addressees = (", "  confidential"
	{ .name = "confidential by a tag", NULL, CONFIDENTIAL("ok", "chef"), "[OK] has a meaning already", 1 },
	{ .name = "confidential by a verb", NULL, CONFIDENTIAL("AFSLUT", "chef"), "[AFSLUT] has a meaning already", 1 },
	{ .name = "confidential, to whom there is not", NULL, CONFIDENTIAL("HYS", "cheff"),
	  "there is no role \"cheff\"; did you mean \"chef\"?", 1 },
	{ .name = "confidential, to nobody", NULL, CONFIDENTIAL("HYS", "mailbox"),
	  "\"mailbox\" is nobody to write to", 1 },
	{ .name = "confidential without a letter", NULL, CONFIDENTIAL("HYS", "chef"),
	  "there is no template \"fortroligt\"" },
	{ .name = "restricted at the end", NULL, "{ cite = \"R5\"; from = \"venter\"; to = \"hos\";",
	  "{ cite = \"R6\"; from = \"slut\"; audience = \"asker\"; when = { tag = \"NEJ\"; sender = \"chef\";"
	  " trusted = true; }; },\n{ cite = \"R5\"; from = \"venter\"; to = \"hos\";", "{ cite = \"R6\"",
	  "step \"slut\" is final" },
	{ .name = "new from the assigned", NULL, "sender = \"chef\"; }; },\n    { cite = \"R2\"",
	  "sender = \"sagsbehandler\"; }; },\n    { cite = \"R2\"", NULL, "nobody acts as \"sagsbehandler\"" },
	{ .name = "new to the assigned", NULL, "sender = \"chef\"; }; },\n    { cite = \"R2\"",
	  "sender = \"chef\"; to = \"sagsbehandler\"; }; },\n    { cite = \"R2\"", NULL,
	  "nobody is \"sagsbehandler\"" },
	{ .name = "two rules, one tag", NULL, "tag = \"NEJ\"", "tag = \"JA\"", NULL,
	  "rule \"R5\" and rule \"R4\" at w:20 can both match, for example a mail from chef, after which all have it,"
	  " trusted, tagged [JA],"
	  " at step" },
	{ .name = "two rules of one sender, whatever else he is", NULL, "tag = \"NEJ\"; sender = \"chef\"",
	  "tag = \"JA\"; sender = \"chef\"; also = \"ejer\"", "{ cite = \"R5\"",
	  "a mail from chef, who is also ejer, after which all have it" },
	{ .name = "two rules, tag and alias", NULL, "tag = \"NEJ\"", "tag = \"OK\"", NULL,
	  "[OK] is an alias: rules say \"JA\"", 1 },
	{ .name = "two new rules", NULL, "{ cite = \"R2\"",
	  "{ cite = \"R1b\"; to = \"hos\"; when = { thread = \"new\"; }; },\n{ cite = \"R2\"",
	  NULL, "a mail from chef, without a tag, belonging to no inquiry" },
};

static void test_change(void **state)
{
	const struct conf_change *change = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	const char *text = conf_change_apply(&arena, base, change->old, change->new);
	struct workflow workflow;

	load(&arena, text, &faults, &workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	conf_change_expect(&faults, change, conf_change_source(&arena, change, "w", base, text));
}

/* Two rules at step hos, from the caseworker or whoever `a` and `b` say: do they meet? */
struct pair {
	const char *name;
	const char *a, *b;
	const char *example;		/* NULL: no message matches both */
};

static const struct pair pairs[] = {
	{ "anybody", "", "", "a mail from anybody, without a tag, at step hos" },
	{ "one names the sender", "sender = \"ejer\";", "", "from ejer," },
	{ "other senders", "sender = \"ejer\";", "sender = \"chef\";", NULL },
	{ "a sender in common", "sender = [ \"ejer\", \"chef\" ];", "sender = [ \"mailbox\", \"chef\" ];",
	  "from chef," },
	{ "other recipients", "to = \"ejer\";", "to = \"chef\";", "to ejer and chef," },
	{ "other recipients, one excluded", "to = \"ejer\"; not_to = \"chef\";", "to = \"chef\";", NULL },
	{ "excluded the other way round", "to = \"ejer\";", "to = \"chef\"; not_to = \"ejer\";", NULL },
	{ "excluded but for one", "to = [ \"ejer\", \"medarbejder\" ];", "to = \"chef\"; not_to = \"ejer\";",
	  "to medarbejder and chef," },
	{ "each excludes the other's", "to = \"ejer\"; not_to = \"chef\";", "to = \"chef\"; not_to = \"ejer\";", NULL },
	{ "one excludes what nobody asks for", "not_to = \"ejer\";", "to = \"chef\";", "to chef," },
	{ "both exclude", "not_to = \"ejer\";", "not_to = \"chef\";", "a mail from anybody, without" },
	{ "trusted or not", "trusted = true;", "trusted = false;", NULL },
	{ "trusted or whatever", "trusted = true;", "", "trusted," },
	{ "not trusted", "trusted = false;", "", "not trusted," },
	{ "link or not", "link = true;", "link = false;", NULL },
	{ "link", "link = true;", "link = true;", "with a case link," },
	{ "outside or not", "outside = true;", "outside = false;", NULL },
	{ "outside", "", "outside = true;", "to somebody outside," },
	{ "forward or not", "forward = true;", "forward = false;", NULL },
	{ "forward", "forward = false;", "", "no forward," },
	{ "a letter of who asked or not", "asker = true;", "asker = false;", NULL },
	{ "a letter of who asked", "asker = true;", "", "a letter of who asked," },
	{ "places", "mailbox = \"to\";", "mailbox = \"cc\";", NULL },
	{ "places, bcc", "mailbox = \"to\";", "mailbox = \"bcc\";", NULL },
	{ "one place", "mailbox = \"bcc\";", "", "the mailbox in Bcc," },
	{ "other copies", "cc = \"ejer\";", "cc = \"chef\";", "to or with a copy to ejer and chef," },
	{ "other copies, one excluded", "cc = \"ejer\"; not_cc = \"chef\";", "cc = \"chef\";", NULL },
	{ "a copy where To is excluded", "cc = \"ejer\";", "not_to = \"ejer\";", "with a copy to ejer," },
	{ "To where copies are excluded", "to = \"ejer\";", "not_cc = \"ejer\";", NULL },
	{ "reached or not", "reaches = true;", "reaches = false;", NULL },
	{ "reached", "reaches = true;", "", "after which all have it," },
	{ "not reached", "", "reaches = false;", "after which not all have it," },
	{ "parents may have several roles", "parent = \"ejer\";", "parent = \"chef\";", "answering ejer and chef," },
	{ "one parent", "parent = \"ejer\";", "", "answering ejer," },
	{ "robots", "automatic = true;", "", "at step hos" },
	{ "tag and shape", "tag = \"JA\";", "", NULL },
	{ "two tags", "tag = \"JA\";", "tag = \"NEJ\";", NULL },
	{ "tag and alias", "tag = \"JA\";", "tag = \"OK\";", "tagged [OK]," },
	{ "new and known", "thread = \"known\";", "thread = \"known\";", "at step hos" },
};

static void test_pair(void **state)
{
	const struct pair *pair = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct workflow workflow;
	const char *rules = arena_printf(&arena,
		"{ cite = \"A\"; from = [ \"hos\", \"ny\" ]; to = \"slut\"; when = { %s }; },\n"
		"{ cite = \"B\"; from = [ \"venter\", \"hos\" ]; to = \"venter\"; when = { %s }; } ); deadlines",
		pair->a, pair->b);
	const char *from = strstr(base, "{ cite = \"R1\""), *until = strstr(base, "deadlines");

	load(&arena, arena_printf(&arena, "%.*s%s%s", (int)(from - base), base, rules, until + strlen("deadlines")),
		&faults,
		&workflow);
	workflow_check_rules(&workflow, &directory, &faults);
	assert_int_equal(faults.count, pair->example ? 1 : 0);
	if (pair->example && !strstr(faults.items[0].text, pair->example))
		fail_msg("%s", faults.items[0].text);
}

static void test_base_is_right(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct workflow workflow;

	(void)state;
	load(&arena, base, &faults, &workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
	assert_int_equal(workflow_step_index(&workflow, "venter"), 2);
	assert_int_equal(workflow_step_index(&workflow, "findes ikke"), -1);
	assert_int_equal(workflow_step_index(&workflow, NULL), -1);
	assert_string_equal(workflow_tag_name(&workflow, "OK"), "JA");
	assert_string_equal(workflow_tag_name(&workflow, "NEJ"), "NEJ");
	assert_null(workflow_tag_name(&workflow, "MÅSKE"));
}

/* Two rules that say the same may both match: nothing depends on which. */
static void test_same_outcome(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct workflow workflow;

	(void)state;
	load(&arena, conf_change_apply(&arena, base, "{ cite = \"R5\"",
		"{ cite = \"R5b\"; from = \"venter\"; to = \"hos\"; when = { tag = \"NEJ\"; sender = \"chef\";"
		" to = \"ejer\"; trusted = true; }; },\n"
		"{ cite = \"R5\""),
		&faults, &workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	assert_int_equal(faults.count, 0);
}

/* Rungs in working days and in days are in order when a due day, or the weekend's length, cannot change it. */
static void test_mixed_ladder(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct workflow workflow;

	(void)state;
	load(&arena, conf_change_apply(&arena, base, LAST_RUNG, RUNG("-2 dage") ", " RUNG("-1 dag") ", "
		RUNG("0 arbejdsdage") ", " RUNG("+1 dag") LIST_END), &faults, &workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
}

/* What a rule starts needs no step, and only the end need stop it; but what only a rule starts watches nothing. */
static void test_started_by_rule(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct workflow workflow;
	const char *text = conf_change_apply(&arena, base, "{ cite = \"R3\"; from = \"hos\"; to = \"venter\"",
		"{ cite = \"R6\"; starts = \"indsigt\"; when = { tag = \"JA\"; sender = \"ejer\"; trusted = true; }; },\n"
		"{ cite = \"R3\"; from = \"hos\"; to = \"venter\"");

	(void)state;
	text = conf_change_apply(&arena, text, LAST_RUNG, RUNG("-1 arbejdsdag")
		" ); },\n{ name = \"indsigt\"; length = \"7 arbejdsdage\"; } );");
	load(&arena, text, &faults, &workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
	load(&arena, conf_change_apply(&arena, text, " review = \"2 dage\";", ""), &faults, &workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	assert_int_equal(faults.count, 1);
	assert_non_null(strstr(faults.items[0].text, "stays at \"venter\""));
}

/* A later round starts the clock anew, so a deadline may run at steps that its start never leads to. */
static void test_round_restarts(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct workflow workflow;
	const char *text = conf_change_apply(&arena, base, "stop = \"venter\"", "stop = \"hos\"");

	(void)state;
	text = conf_change_apply(&arena, text, "{ cite = \"R5\"; from = \"venter\"; to = \"hos\"",
		"{ cite = \"R5\"; from = \"venter\"; to = \"om\"; round = \"next\"");
	text = conf_change_apply(&arena, text, "tag = \"NEJ\"; sender = \"chef\"; trusted = true; }; }",
		"tag = \"NEJ\"; sender = \"chef\"; trusted = true; }; },\n"
		"{ cite = \"R6\"; from = \"om\"; to = \"slut\"; when = { sender = \"sagsbehandler\"; }; }");
	text = conf_change_apply(&arena, text, "{ id = \"slut\"",
		"{ id = \"om\"; holder = \"sagsbehandler\"; },\n{ id = \"slut\"");
	load(&arena, text, &faults, &workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	/* hos is where it stops, and venter is reviewed: om is fine because of the new round */
	assert_int_equal(faults.count, 1);
	assert_non_null(strstr(faults.items[0].text, "stays at \"hos\""));
	faults.count = 0;
	load(&arena, conf_change_apply(&arena, text, "length = ", "round = \"continue\"; length = "), &faults,
		&workflow);
	workflow_check(&workflow, &directory, &templates, &faults);
	assert_int_equal(faults.count, 2);
	assert_non_null(strstr(faults.items[1].text, "stays at \"om\""));
}

static void test_faults_end(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };

	(void)state;
	for (int i = 0; i < 2000; i++)
		workflow_fault_add(&faults, "w:1", "number %d", i);
	assert_int_equal(faults.count, WORKFLOW_FAULTS_MAX);
	assert_string_equal(faults.items[0].text, "number 0");
	assert_string_equal(faults.items[WORKFLOW_FAULTS_MAX - 2].text, "number 498");
	assert_non_null(strstr(faults.items[WORKFLOW_FAULTS_MAX - 1].text, "more faults"));
}

static const struct message_strings known = STRINGS("hos-spl", "svar-modtaget", "til", "et");

static void test_did_you_mean(void **state)
{
	static const struct { const char *word, *answer; } rows[] = {
		{ "hos-slp", "; did you mean \"hos-spl\"?" },
		{ "svarmodtaget", "; did you mean \"svar-modtaget\"?" },
		{ "tll", "; did you mean \"til\"?" },
		{ "xx", "" },
		{ "noget helt andet", "" },
		{ "", "" },
	};
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
		assert_string_equal(workflow_did_you_mean(&arena, &known, rows[i].word), rows[i].answer);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_base_is_right),
		cmocka_unit_test(test_same_outcome),
		cmocka_unit_test(test_mixed_ladder),
		cmocka_unit_test(test_started_by_rule),
		cmocka_unit_test(test_round_restarts),
		cmocka_unit_test(test_faults_end),
		cmocka_unit_test(test_did_you_mean),
	};

	return RUN_ROWS(changes, test_change) + RUN_ROWS(pairs, test_pair) +
		cmocka_run_group_tests_name("workflow", tests, NULL, NULL);
}
