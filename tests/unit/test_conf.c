/* The samples in conf/ are right as they stand; each row changes one of them in one place. */
#include "io/conf.h"

#include "base/text.h"

#include "tests/conf_change.h"

#include <dirent.h>
#include <sys/stat.h>
#include <unistd.h>

static const char *const files[] = { "fristd.conf", "people.conf", "workflows/borgmester.conf",
	"workflows/kurser.conf" };
enum { FILES = sizeof(files) / sizeof(files[0]) };

static const char *const templates[] = { "morgenmail", "borgeren-rykker", "delt", "paamindelse", "rykker",
	"svarfrist-udloeber", "overskredet", "ikke-fordelt", "gennemsyn", "send-videre", "afsendt", "aktindsigt",
	"aktindsigt-overskredet", "mellemsvar", "mellemsvar-borger", "ikke-talt", "kurser" };
enum { TEMPLATES = sizeof(templates) / sizeof(templates[0]) };

static char folder[64];

static const char *path_of(struct arena *arena, const char *name)
{
	return arena_printf(arena, "%s/%s", folder, name);
}

static void write_bytes(const char *path, const char *bytes, size_t size)
{
	FILE *file = fopen(path, "wb");

	assert_non_null(file);
	assert_int_equal(fwrite(bytes, 1, size, file), size);
	assert_int_equal(fclose(file), 0);
	assert_int_equal(chmod(path, 0644), 0);
}

static void write_text(struct arena *arena, const char *name, const char *text)
{
	write_bytes(path_of(arena, name), text, strlen(text));
}

static const char *sample(struct arena *arena, const char *name)
{
	const char *path = arena_printf(arena, "%s/conf/%s", SOURCE_ROOT, name);
	char *bytes = arena_alloc(arena, 64 * 1024);
	FILE *file = fopen(path, "rb");

	assert_non_null(file);
	assert_true(fread(bytes, 1, 64 * 1024 - 1, file) < 64 * 1024 - 1);
	assert_int_equal(fclose(file), 0);
	return bytes;
}

static void empty_folder(const char *path)
{
	DIR *entries = opendir(path);
	const struct dirent *entry;
	char name[512];

	while (entries && (entry = readdir(entries))) {
		snprintf(name, sizeof(name), "%s/%s", path, entry->d_name);
		(void)unlink(name);
	}
	if (entries)
		closedir(entries);
}

/* A fresh copy of the samples, with all templates. */
static int set_up(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	strcpy(folder, "/tmp/fristd-conf-XXXXXX");
	assert_non_null(mkdtemp(folder));
	assert_int_equal(mkdir(path_of(&arena, "workflows"), 0755), 0);
	assert_int_equal(mkdir(path_of(&arena, "templates"), 0755), 0);
	for (size_t i = 0; i < FILES; i++)
		write_text(&arena, files[i], sample(&arena, files[i]));
	for (size_t i = 0; i < TEMPLATES; i++)
		write_text(&arena, arena_printf(&arena, "templates/%s.txt", templates[i]), "Hej\n");
	return 0;
}

static int tear_down(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	empty_folder(path_of(&arena, "workflows"));
	empty_folder(path_of(&arena, "templates"));
	empty_folder(folder);
	(void)rmdir(path_of(&arena, "workflows"));
	(void)rmdir(path_of(&arena, "templates"));
	return rmdir(folder);
}

static int load(struct arena *arena, struct workflow_faults *faults, struct conf *ret_conf)
{
	*faults = (struct workflow_faults){ .arena = arena };
	return conf_load(arena, path_of(arena, "fristd.conf"), faults, ret_conf);
}

static const char *change_file(struct arena *arena, const char *name, const char *old, const char *new)
{
	const char *text = conf_change_apply(arena, sample(arena, name), old, new);

	write_text(arena, name, text);
	return text;
}

#define MAIN .file = "fristd.conf"
#define PEOPLE .file = "people.conf"
#define FLOW .file = "workflows/borgmester.conf"
#define COURSE .file = "workflows/kurser.conf"

static const struct conf_change changes[] = {
	/* what any file may get wrong */
	{ .name = "unknown key", MAIN, "sends_per_minute", "send_per_minute", NULL,
	  "did you mean \"sends_per_minute\"?" },
	{ .name = "key of nowhere near", MAIN, "sends_per_minute", "colour", NULL,
	  "fristd.conf has no key \"colour\"" },
	{ .name = "unknown key in a group", MAIN, "user = ", "usr = ", NULL,
	  "smtp has no key \"usr\"; did you mean \"user\"?", 1 },
	{ .name = "missing key", MAIN, "host = \"smtp.example.dk\";", "", "smtp = {", "smtp lacks \"host\"" },
	{ .name = "missing group", MAIN, "smtp = {", "smpt = {", NULL,
	  "fristd.conf has no key \"smpt\"; did you mean \"smtp\"?", 1 },
	{ .name = "text for number", MAIN, "port = 587", "port = \"587\"", NULL,
	  "\"port\" must be a whole number, not a text" },
	{ .name = "fraction for number", MAIN, "port = 587", "port = 587.5", NULL, "not a number with a point" },
	{ .name = "number for text", MAIN, "\"smtp.example.dk\"", "25", NULL,
	  "\"host\" must be a text in quotes, not a whole number" },
	{ .name = "text for flag", FLOW, "final = true", "final = \"ja\"", NULL, "\"final\" must be true or false", 1 },
	{ .name = "text for group", MAIN, "imap = {", "imap = \"imap\"; ignored = {", NULL,
	  "\"imap\" must be a group { }", 1 },
	{ .name = "group for list", MAIN, "sending = ( { from = \"07:00\"; until = \"16:00\"; } )",
	  "sending = { from = \"07:00\"; until = \"16:00\"; }", NULL, "\"sending\" must be a list ( ) of groups { }" },
	{ .name = "texts for groups", MAIN, "( { from = \"07:00\"; until = \"16:00\"; } )", "( \"07:00\" )", NULL,
	  "\"sending\" must be" },
	{ .name = "number among texts", MAIN, "addresses = [ \"mt@example.dk\" ]",
	  "addresses = ( \"mt@example.dk\", 1 )", NULL,
	  "\"addresses\" must be a text in quotes, or several" },
	{ .name = "too small", MAIN, "poll_s = 180", "poll_s = 0", NULL, "\"poll_s\" is 0; it must be from 1 to 540" },
	{ .name = "too large", MAIN, "poll_s = 180", "poll_s = 541", NULL, "it must be from 1 to 540" },
	{ .name = "beyond 32 bits", MAIN, "port = 587", "port = 4294967883L", NULL, "\"port\" is 4294967883" },
	{ .name = "beyond 64 bits", MAIN, "port = 587", "port = 99999999999999999999", NULL,
	  "\"port\" is out of range; it must be from 1 to 65535" },
	{ .name = "empty list", MAIN, "addresses = [ \"mt@example.dk\" ]", "addresses = [ ]", NULL, "has 0 entries" },
	{ .name = "too few steps", FLOW, "steps = (", "steps = ( { id = \"x\"; final = true; } ); ignored = (", NULL,
	  "\"steps\" has 1 entries; there must be 2 to 32", 1 },
	{ .name = "empty text", MAIN, "title = \"MT Borgmesterhenvendelser\"", "title = \"  \"", NULL,
	  "which says nothing" },
	{ .name = "line end in a text", MAIN, "\"MT Borgmesterhenvendelser\"", "\"MT\\r\\nBcc: x\"", NULL,
	  "cannot be seen" },
	{ .name = "bidi in a text", MAIN, "MT Borgmesterhenvendelser", "MT \u202eBorg", NULL, "cannot be seen" },
	{ .name = "stray byte in a text", MAIN, "\"MT Borgmesterhenvendelser\"", "\"MT\\xff\"", NULL,
	  "cannot be seen" },
	{ .name = "not UTF-8", MAIN, "nytårsaftensdag", "nyt\xe5rsaftensdag", NULL, "this line is not UTF-8" },
	{ .name = "syntax", MAIN, "port = 587;", "port = = 587;", NULL, "syntax error: is a \";\"" },
	{ .name = "bracket never closed", PEOPLE, "roles = (", "roles = ( (", "role = \"gateway\"", "syntax error" },
	{ .name = "same key twice", MAIN, "sends_per_minute = 20;", "database = \"x\";", NULL,
	  "this key stands here twice: leave one of the two out" },
	{ .name = "comment never closed", MAIN, "database = \"/var", "/* database = \"/var", NULL,
	  "a comment is opened here by /* and never closed by */" },
	{ .name = "comment never closed at the end", MAIN, "# folders = ", "/* # \"*\" folders = ", NULL,
	  "a comment is opened here by /* and never closed" },
	{ .name = "include", MAIN, "database = \"/var/lib/fristd/fristd.db\";", "\t@include \"/etc/passwd\"", NULL,
	  "@include is not allowed" },

	/* forms of text */
	{ .name = "address without domain", MAIN, "fristd-kopi@example.dk", "kopi", NULL,
	  "\"copy_to\" is \"kopi\", which is no address" },
	{ .name = "address with a name", MAIN, "fristd-kopi@example.dk", "IT <it@example.dk>", NULL, "which is no address" },
	{ .name = "address with two @", MAIN, "fristd-kopi@example.dk", "a@b@example.dk", NULL, "which is no address" },
	{ .name = "address in letters that look alike", MAIN, "fristd-kopi@example.dk", "it@ex\u0430mple.dk", NULL,
	  "which is no address" },
	{ .name = "address with a line end", MAIN, "fristd-kopi@example.dk", "it@example.dk\\nx", NULL, "cannot be seen" },
	{ .name = "address of one label", MAIN, "fristd-kopi@example.dk", "it@localhost", NULL, "which is no address" },
	{ .name = "address with a dot at the end", MAIN, "fristd-kopi@example.dk", "it.@example.dk", NULL,
	  "which is no address" },
	{ .name = "address with an empty label", MAIN, "fristd-kopi@example.dk", "it@example..dk", NULL,
		"which is no address" },
	{ .name = "host with a slash", MAIN, "smtp.example.dk", "smtp.example.dk/x", NULL,
	  "which is no name of a host" },
	{ .name = "host with a port", MAIN, "smtp.example.dk", "smtp.example.dk:587", NULL,
	  "which is no name of a host or domain such as mail.example.dk, nor an address: a port has a key of its own" },
	{ .name = "host with an empty label", MAIN, "smtp.example.dk", "smtp..dk", NULL, "which is no name of a host" },
	{ .name = "host that ends with a dot", MAIN, "smtp.example.dk", "smtp.example.dk.", NULL,
	  "which is no name of a host" },
	{ .name = "no such address of a host", MAIN, "smtp.example.dk", "2001:db8::1::2", NULL,
	  "which is no name of a host" },
	{ .name = "domain with an empty label", PEOPLE, "domains = [ \"example.dk\"",
	  "domains = [ \"example.dk\", \"a..b\"", NULL, "\"domains\" is \"a..b\", which is no name of a host" },
	{ .name = "border of an empty label", MAIN, "\"mx.example.dk\"", "\"..example.dk\"", NULL,
	  "which is no name of a host" },
	{ .name = "unknown choice", MAIN, "tls = \"starttls\"", "tls = \"none\"", NULL,
	  "which is none of \"implicit\", \"starttls\"" },
	{ .name = "no date", MAIN, "\"2026-01-01\"", "\"1. januar\"", NULL, "which is no date such as" },
	{ .name = "day that is not there", MAIN, "\"15-05-2026\"", "\"31-04-2026\"", NULL, "which is no day such as" },
	{ .name = "no time of day", MAIN, "\"07:00\"", "\"7\"", NULL, "which is no time of day" },
	{ .name = "minute 60", MAIN, "\"07:00\"", "\"07:60\"", NULL, "which is no time of day" },
	{ .name = "after midnight", MAIN, "\"16:00\"", "\"24:01\"", NULL, "which is no time of day" },
	{ .name = "window backwards", MAIN, "\"16:00\"", "\"06:00\"", NULL,
	  "\"sending\" number 1 ends before it begins" },
	{ .name = "credential with a path", MAIN, "credential:smtp", "credential:../smtp", NULL,
	  "which names no credential" },
	{ .name = "no length", FLOW, "length = \"5 arbejdsdage\"", "length = \"fem dage\"", NULL,
	  "which is no length such as" },
	{ .name = "length of no day", FLOW, "length = \"5 arbejdsdage\"", "length = \"0 dage\"", NULL,
	  "one day at least" },
	{ .name = "name with a space", MAIN, "name = \"mt\"", "name = \"mt nord\"", NULL, "which is no name" },
	{ .name = "key in small letters", FLOW, "key = \"MT\"", "key = \"mt\"", NULL, "which cannot begin a key" },
	{ .name = "key of one letter", FLOW, "key = \"MT\"", "key = \"Ø\"", NULL, "which cannot begin a key" },
	{ .name = "tag in brackets", FLOW, "name = \"AFSENDT\"", "name = \"[AFSENDT]\"", NULL, "which is no tag", 1 },
	{ .name = "pattern of any URL", FLOW, "https://sbsys.example.dk/*", "*", NULL, "which is no pattern" },
	{ .name = "star in the middle", FLOW, "https://sbsys.example.dk/*", "https://*.dk/", NULL,
	  "which is no pattern" },

	/* fristd.conf */
	{ .name = "unknown workflow", MAIN, "workflow = \"borgmester\"", "workflow = \"borgmster\"",
	  "  {\n    name = \"mt\"",
	  "there is no workflow \"borgmster\"; did you mean \"borgmester\"?" },
	{ .name = "authserv without its id", MAIN, "authserv_id = \"mail.example.dk\";", "", "  {\n    name = \"mt\"",
	  "needs \"authserv_id\"" },
	{ .name = "copies to the mailbox", MAIN, "fristd-kopi@example.dk", "MT@example.dk", NULL,
	  "copies need a place of their own" },
	{ .name = "mailbox of a person", MAIN, "addresses = [ \"mt@example.dk\" ]",
	  "addresses = [ \"chef@example.dk\" ]",
	  "  {\n    name = \"mt\"", "is the address of \"chef\"" },
	{ .name = "certificates that are not there", MAIN, "# ca_file = \"ca.pem\";", "ca_file = \"ca.pem\";",
	  "smtp = {",
	  "ca.pem cannot be read: No such file" },
	{ .name = "no such people file", MAIN, "people = \"people.conf\"", "people = \"folk.conf\"", NULL,
	  "folk.conf cannot be read" },
	{ .name = "no such folder of workflows", MAIN, "workflows = \"workflows\"", "workflows = \"regler\"", NULL,
	  "cannot be read: No such file" },
	{ .name = "certificates that are a folder", MAIN, "# ca_file = \"ca.pem\";", "ca_file = \"templates\";",
	  "smtp = {", "templates holds no certificates in PEM" },
	{ .name = "certificates that are none", MAIN, "# ca_file = \"ca.pem\";", "ca_file = \"people.conf\";",
	  "smtp = {", "people.conf holds no certificates in PEM" },
	{ .name = "no such folder of templates", MAIN, "templates = \"templates\"", "templates = \"breve\"", NULL,
	  "cannot be read: No such file" },

	/* people.conf */
	{ .name = "unknown member", PEOPLE, "members = [ \"chef\" ]", "members = [ \"cheff\" ]", NULL,
	  "there is no person \"cheff\"; did you mean \"chef\"?", 1 },
	{ .name = "unknown unit", PEOPLE, "unit = \"sekretariat\"", "unit = \"sekretariatet\"",
	  "{ id = \"postkasseansvarlig\"",
	  "there is no unit \"sekretariatet\"; did you mean \"sekretariat\"?" },
	{ .name = "unknown leader", PEOPLE, "leader = \"leder-vej\"", "leader = \"leder-vejen\"", NULL,
	  "there is no person \"leder-vejen\"" },
	{ .name = "person twice", PEOPLE, "id = \"leder-park\"", "id = \"leder-vej\"", NULL,
	  "there is a person \"leder-vej\" already", 2 },
	{ .name = "address twice", PEOPLE, "\"leder.park@example.dk\"", "\"Leder.Vej@example.dk\"", NULL,
	  "leder.vej@example.dk is already an address of \"leder-vej\"" },
	{ .name = "alias twice", PEOPLE, "\"afdelingschef@example.dk\"", "\"leder.vej@example.dk\"", NULL,
	  "leder.vej@example.dk is already an address of \"leder-vej\"" },
	{ .name = "login of two", PEOPLE, "logins = [ \"leder.park@example.dk\" ]",
	  "logins = [ \"LVEJ\", \"Chef@example.dk\" ]", "{ id = \"chef\"",
	  "chef@example.dk is already a login of \"leder-park\"" },
	{ .name = "login that is an address", PEOPLE, "logins = [ \"spl@example.dk\" ]",
	  "logins = [ \"Leder.Vej@example.dk\" ]",
	  "{ id = \"spl\"", "Leder.Vej@example.dk is already an address of \"leder-vej\"" },
	{ .name = "address that is a login", PEOPLE, "logins = [ \"leder.vej@example.dk\" ]",
	  "logins = [ \"leder.vej@example.dk\", \"spl.medarbejder@example.dk\" ]", "{ id = \"spl-medarbejder\"",
	  "spl.medarbejder@example.dk is already a login of \"leder-vej\"" },
	{ .name = "login that is an alias", PEOPLE, "logins = [ \"spl@example.dk\" ]",
	  "logins = [ \"afdelingschef@example.dk\" ]",
	  "{ id = \"spl\"", "afdelingschef@example.dk is already an address of \"chef\"" },
	{ .name = "login of a mailbox's address", PEOPLE, "logins = [ \"spl@example.dk\" ]",
	  "logins = [ \"MT@example.dk\" ]",
	  "{ id = \"spl\"", "MT@example.dk is the address of the mailbox at " },
	{ .name = "never at work", PEOPLE, "logins = [ \"spl@example.dk\" ]",
	  "weekdays_off = \"mandag, tirsdag, onsdag, torsdag, fredag\"", NULL, "which leaves no working day" },
	{ .name = "role twice", PEOPLE, "role = \"gateway\"", "role = \"spl\"", NULL,
	  "there is a role \"spl\" already", 1 },
	{ .name = "unit twice", PEOPLE, "name = \"park\"", "name = \"vej\"", NULL, "there is a unit \"vej\" already",
	  2 },
	{ .name = "reserved role", PEOPLE, "{ role = \"gateway\"", "{ role = \"medarbejder\"", NULL,
	  "has a meaning of its own", 1 },
	{ .name = "role of no workflow", PEOPLE, "units = (", "roles2 = (", NULL, "people.conf has no key \"roles2\"",
	  6 },
	{ .name = "person without an address", PEOPLE, "address = \"noreply@digitalpost.example.dk\";", "",
	  "{ id = \"digital-post\"",
	  "person lacks \"address\"", 2 },

	{ .name = "left before he began", PEOPLE, "logins = [ \"chef@example.dk\" ]",
	  "employed_from = \"02-01-2026\"; employed_until = \"01-01-2026\"", "{ id = \"chef\"",
	  "\"employed_until\" lies before \"employed_from\"" },
	{ .name = "no first day", PEOPLE, "logins = [ \"chef@example.dk\" ]", "employed_from = \"i maj\"", NULL,
	  "which is no date such as" },

	/* the course */
	{ .name = "no criterion", COURSE, "refresher_months = 36;", "", "course = {",
	  "course lacks \"refresher_months\"" },
	{ .name = "no months", COURSE, "new_months = 3", "new_months = 0", NULL, "it must be from 1 to 600" },
	{ .name = "more than all", COURSE, "fulfils_percent = 95", "fulfils_percent = 101", NULL,
	  "it must be from 1 to 100" },
	{ .name = "nobody could fulfil partly", COURSE, "partly_percent = 75", "partly_percent = 96", "course = {",
	  "is more than \"fulfils_percent\"" },
	{ .name = "no such deadline", COURSE, "deadline = \"svar\"", "deadline = \"svra\"", NULL,
	  "no workflow has a deadline \"svra\"; did you mean \"svar\"?" },
	{ .name = "unknown kind of file", COURSE, "course = {", "kursus = {", "# Kurset",
	  "the file needs either \"workflow\" or \"course\"", 1 },
	{ .name = "both kinds in a file", COURSE, "course = {", "workflow = 1; course = {", "# Kurset",
	  "the file needs either \"workflow\" or \"course\"", 1 },
	{ .name = "a mailbox of the course", MAIN, "workflow = \"borgmester\"", "workflow = \"kurser\"",
	  "  {\n    name = \"mt\"", "there is no workflow \"kurser\"" },

	/* what the workflow proves; the rest of that is in test_workflow.c */
	{ .name = "template in a ladder", FLOW, "template = \"rykker\"", "template = \"ryk\"", NULL,
	  "there is no template \"ryk\"" },
	{ .name = "two rules for one mail", FLOW, "to = \"enhedsleder\"; not_to = \"afdelingschef\"; trusted",
	  "to = \"enhedsleder\"; trusted",
	  "{ cite = \"A5-chef\"",
	  "a mail from sagsbehandler, to enhedsleder and afdelingschef, trusted, without a tag" },
};

static void test_change(void **state)
{
	const struct conf_change *change = *state;
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *before = sample(&arena, change->file), *after;
	struct workflow_faults faults;
	struct conf conf;

	set_up(NULL);
	after = change_file(&arena, change->file, change->old, change->new);
	assert_int_equal(load(&arena, &faults, &conf), 1);
	assert_int_equal(tear_down(NULL), 0);
	conf_change_expect(&faults, change,
		conf_change_source(&arena, change, path_of(&arena, change->file), before, after));
}

static void test_samples_are_right(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	const struct conf_mailbox *mailbox;
	const struct workflow *workflow;
	struct conf conf;

	(void)state;
	if (load(&arena, &faults, &conf) != 0)
		conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
	assert_string_equal(conf.database, "/var/lib/fristd/fristd.db");
	assert_string_equal(conf.templates, path_of(&arena, "templates"));
	assert_int_equal(conf.sending_count, 1);
	assert_int_equal(conf.sending[0].from_minutes, 420);
	assert_int_equal(conf.sending[0].until_minutes, 960);
	assert_int_equal(conf.smtp.port, 587);
	assert_int_equal(conf.smtp.tls, CONF_TLS_STARTTLS);
	assert_string_equal(calendar_closing(&conf.calendar, calendar_join(2031, 12, 24)), "juleaftensdag");
	assert_null(calendar_closing(&conf.calendar, calendar_join(2027, 5, 15)));
	assert_int_equal(conf.mailboxes_count, 1);
	mailbox = &conf.mailboxes[0];
	assert_string_equal(mailbox->addresses.items[0], "mt@example.dk");
	assert_int_equal(mailbox->imap.tls, CONF_TLS_IMPLICIT);
	assert_int_equal(mailbox->trust.kind, TRUST_PROFILE_AUTHSERV);
	assert_true(mailbox->open_since == 1767222000);	/* midnight of 2026-01-01 in Copenhagen */
	workflow = mailbox->workflow;
	assert_string_equal(workflow->id, "borgmester");
	assert_string_equal(workflow->steps[1].title, "hos sagsbehandler");
	assert_string_equal(workflow->steps[3].title, "godkendt af enhedsleder");
	assert_string_equal(workflow->steps[7].title, "hos SPL");
	assert_true(workflow->steps[8].final);
	assert_true(workflow->steps[7].has_review);
	assert_int_equal(workflow->steps[7].review.count, 5);
	assert_false(workflow->steps[0].has_review);
	assert_int_equal(workflow->rules[0].when.known, WORKFLOW_NO);
	assert_int_equal(workflow->rules[0].when.trusted, WORKFLOW_ANY);
	assert_int_equal(workflow->rules[workflow->rules_count - 1].when.known, WORKFLOW_YES);
	assert_int_equal(workflow->rules[workflow->rules_count - 1].when.trusted, WORKFLOW_YES);
	assert_int_equal(workflow->deadlines[0].ladder[0].at.count, -2);
	assert_true(workflow->deadlines[0].restart);
	assert_false(workflow->deadlines[0].closing_days);
	assert_non_null(directory_person_at(&conf.directory, "afdelingschef@example.dk"));
	assert_string_equal(directory_leader_of(&conf.directory,
		directory_person(&conf.directory, "medarbejder-park"))->id, "leder-park");
}

static void test_course(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *text = sample(&arena, "workflows/kurser.conf");
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	assert_int_equal(load(&arena, &faults, &conf), 0);
	assert_int_equal(conf.workflows_count, 1);
	assert_string_equal(conf.course.name, "God sagsbehandling");
	assert_int_equal(conf.course.also.count, 1);
	assert_int_equal(conf.course.refresher_months, 36);
	write_text(&arena, "workflows/b-kurser.conf", text);
	assert_int_equal(load(&arena, &faults, &conf), 1);
	assert_int_equal(faults.count, 1);
	assert_non_null(strstr(faults.items[0].text, "there is a course already, at"));
	assert_int_equal(unlink(path_of(&arena, "workflows/b-kurser.conf")), 0);
	assert_int_equal(unlink(path_of(&arena, "templates/kurser.txt")), 0);
	assert_int_equal(load(&arena, &faults, &conf), 1);
	assert_int_equal(faults.count, 1);
	assert_non_null(strstr(faults.items[0].text, "the folder of templates lacks kurser.txt"));
	assert_int_equal(unlink(path_of(&arena, "workflows/kurser.conf")), 0);
	assert_int_equal(load(&arena, &faults, &conf), 0);
	assert_null(conf.course.source);
}

/* What payrolls write for a day that they do not know, or that has not come. */
static void test_employed(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	const struct directory_person *chef;
	struct conf conf;

	(void)state;
	change_file(&arena, "people.conf", "logins = [ \"chef@example.dk\" ]",
		"employed_from = \"1900-01-01\"; employed_until = \"9999-12-31\"");
	if (load(&arena, &faults, &conf) != 0)
		conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
	chef = directory_person(&conf.directory, "chef");
	assert_int_equal(chef->employed_from, 0);
	assert_int_equal(chef->employed_until, 0);
	change_file(&arena, "people.conf", "logins = [ \"chef@example.dk\" ]",
		"employed_from = \"01-08-2025\"; employed_until = \"2026-11-30\"");
	assert_int_equal(load(&arena, &faults, &conf), 0);
	chef = directory_person(&conf.directory, "chef");
	assert_int_equal(chef->employed_from, calendar_join(2025, 8, 1));
	assert_int_equal(chef->employed_until, calendar_join(2026, 11, 30));
}

/* Whoever keeps the register answers and assigns as the mailbox, logged in under a name of his own. */
static void test_owners_may_send_as_the_mailbox(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	assert_int_equal(load(&arena, &faults, &conf), 0);
	for (size_t i = 0; i < conf.workflows[0].owners.count; i++) {
		const struct directory_role *role = directory_role(&conf.directory, conf.workflows[0].owners.items[i]);

		for (size_t j = 0; j < role->count; j++)
			if (!message_strings_have(&conf.mailboxes[0].logins, role->members[j]->logins.items[0]))
				fail_msg("%s may not", role->members[j]->id);
	}
}

/* All but A1, and what only tells that a citizen has written, believe nobody whom our own server does not vouch for. */
static void test_rules_want_trust(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	assert_int_equal(load(&arena, &faults, &conf), 0);
	for (size_t i = 0; i < conf.workflows[0].rules_count; i++) {
		const struct workflow_rule *rule = &conf.workflows[0].rules[i];

		if (rule->when.known == WORKFLOW_YES && rule->when.trusted != WORKFLOW_YES && (rule->to || !rule->note))
			fail_msg("rule %s", rule->cite);
	}
}

static void test_several_faults(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	change_file(&arena, "fristd.conf", "poll_s = 180", "poll_s = 0; pol = 1");
	change_file(&arena, "people.conf", "leader = \"leder-park\"", "leader = \"leder-prk\"");
	change_file(&arena, "workflows/borgmester.conf", "template = \"overskredet\"",
		"template = \"overskredt\"; tll = 1");
	assert_int_equal(load(&arena, &faults, &conf), 1);
	conf_change_print(&faults);
	assert_int_equal(faults.count, 5);
	assert_non_null(strstr(faults.items[0].text, "no key \"pol\""));
	assert_non_null(strstr(faults.items[1].text, "\"poll_s\" is 0"));
	assert_non_null(strstr(faults.items[2].text, "\"leder-prk\""));
	assert_non_null(strstr(faults.items[3].text, "rung has no key \"tll\""));
	assert_non_null(strstr(faults.items[4].text, "\"overskredt\""));
}

/* The conf that is in use stays as it is when a new one has faults. */
static void test_untouched_by_faults(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct conf conf = { .sends_per_minute = 77 };
	struct workflow_faults faults;

	(void)state;
	change_file(&arena, "fristd.conf", "poll_s = 180", "poll_s = 0");
	assert_int_equal(load(&arena, &faults, &conf), 1);
	assert_int_equal(conf.sends_per_minute, 77);
	assert_null(conf.database);
}

static void test_defaults(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	write_text(&arena, "fristd.conf", "database = \"f.db\";\n"
		"smtp = { host = \"s.example.dk\"; user = \"u\"; password_file = \"secret\"; };\n"
		"mailboxes = ( { name = \"mt\"; title = \"MT\"; addresses = \"MT@Example.DK\";\n"
		"  workflow = \"borgmester\";\n"
		"  imap = { host = \"i.example.dk\"; user = \"u\"; password_file = \"/etc/secret\"; };\n"
		"  open_since = \"1-3-2026\"; } );\n");
	if (load(&arena, &faults, &conf) != 0)
		conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
	assert_string_equal(conf.database, path_of(&arena, "f.db"));
	assert_string_equal(conf.smtp.password_file, path_of(&arena, "secret"));
	assert_int_equal(conf.smtp.port, 587);
	assert_int_equal(conf.smtp.tls, CONF_TLS_STARTTLS);
	assert_int_equal(conf.mailboxes[0].imap.port, 993);
	assert_int_equal(conf.mailboxes[0].imap.tls, CONF_TLS_IMPLICIT);
	assert_int_equal(conf.mailboxes[0].imap.timeout_s, 60);
	assert_string_equal(conf.mailboxes[0].imap.password_file, "/etc/secret");
	assert_int_equal(conf.mailboxes[0].poll_s, 180);
	assert_int_equal(conf.mailboxes[0].trust.kind, TRUST_PROFILE_NONE);
	assert_string_equal(conf.mailboxes[0].addresses.items[0], "mt@example.dk");
	assert_int_equal(conf.sends_per_minute, 20);
	assert_int_equal(conf.sending_count, 0);
	assert_null(conf.copy_to);
}

/* The hash tells whether anything that was read has changed, and nothing else. */
static void test_hash(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct conf first, again, changed;
	struct workflow_faults faults;

	(void)state;
	assert_int_equal(load(&arena, &faults, &first), 0);
	write_text(&arena, "templates/ny.txt", "Ny\n");
	assert_int_equal(load(&arena, &faults, &again), 0);
	assert_memory_equal(first.hash, again.hash, sizeof(first.hash));
	for (size_t i = 0; i < FILES; i++) {
		change_file(&arena, files[i], "#", "##");
		assert_int_equal(load(&arena, &faults, &changed), 0);
		assert_memory_not_equal(again.hash, changed.hash, sizeof(first.hash));
		again = changed;
	}
}

static void expect_refused(const char *name, const char *fault)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	assert_int_equal(load(&arena, &faults, &conf), 1);
	conf_change_print(&faults);
	assert_int_equal(faults.count, 1);
	assert_non_null(strstr(faults.items[0].text, fault));
	assert_non_null(strstr(faults.items[0].source, name));
	assert_non_null(strrchr(faults.items[0].source, ':'));
}

static void test_writable_for_everybody(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	for (size_t i = 0; i < FILES; i++) {
		assert_int_equal(chmod(path_of(&arena, files[i]), 0646), 0);
		/* where people.conf is named, in fristd.conf, its fault is shown */
		expect_refused(i == 1 ? "fristd.conf:" : files[i], "may be written by everybody");
		assert_int_equal(chmod(path_of(&arena, files[i]), 0644), 0);
	}
}

static void test_no_ordinary_file(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	assert_int_equal(unlink(path_of(&arena, "fristd.conf")), 0);
	expect_refused("fristd.conf:1", "No such file");
	assert_int_equal(mkfifo(path_of(&arena, "fristd.conf"), 0600), 0);
	expect_refused("fristd.conf:1", "is no ordinary file");
	assert_int_equal(rename(path_of(&arena, "fristd.conf"), path_of(&arena, "ca.pem")), 0);
	change_file(&arena, "fristd.conf", "# ca_file = ", "ca_file = ");
	expect_refused("fristd.conf:", "ca.pem holds no certificates in PEM");
}

static void test_too_large(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	char *bytes = arena_alloc(&arena, 1024 * 1024 + 1);

	(void)state;
	memset(bytes, '\n', 1024 * 1024 + 1);
	write_bytes(path_of(&arena, "fristd.conf"), bytes, 1024 * 1024 + 1);
	expect_refused("fristd.conf:1", "is larger than 1048576 bytes");
}

static void test_deeply_nested(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	char *bytes = arena_alloc(&arena, 1024 * 1024);

	(void)state;
	memset(bytes, '(', 1024 * 1024);
	memcpy(bytes, "a =", 3);
	write_bytes(path_of(&arena, "fristd.conf"), bytes, 1024 * 1024);
	expect_refused("fristd.conf:1", "memory exhausted");
}

static void test_nul_byte(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	write_bytes(path_of(&arena, "fristd.conf"), "\n\na = \"\0\";\n", 11);
	expect_refused("fristd.conf:3", "NUL byte");
}

/* One word to whoever saved it so, and not one for every line. */
static void test_utf16(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	write_bytes(path_of(&arena, "fristd.conf"), "\xff\xfe" "a\0\n\0b\0\n\0", 10);
	expect_refused("fristd.conf:1", "the file is UTF-16: save it as UTF-8");
	write_bytes(path_of(&arena, "fristd.conf"), "\xfe\xff" "\0a\0\n\0b\0\n", 10);
	expect_refused("fristd.conf:1", "the file is UTF-16: save it as UTF-8");
	write_bytes(path_of(&arena, "fristd.conf"), "a\0\n\0b\0\n\0", 8);
	expect_refused("fristd.conf:1", "the file is UTF-16: save it as UTF-8");
}

/* What looks like the beginning of a comment is none in a text or in another comment. */
static void test_comments(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	change_file(&arena, "fristd.conf", "database = ", "/* one\n# \" two */ # three /*\n// four /*\ndatabase = ");
	change_file(&arena, "people.conf", "Enhedsleder Vej", "Enhedsleder \\\"/* Vej");
	if (load(&arena, &faults, &conf) != 0)
		conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
}

static void test_hosts(void **state)
{
	static const char *const hosts[] = { "mail", "192.0.2.7", "2001:db8::1", "::1", "a-b.example.dk" };
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	for (size_t i = 0; i < sizeof(hosts) / sizeof(hosts[0]); i++) {
		change_file(&arena, "fristd.conf", "smtp.example.dk", hosts[i]);
		if (load(&arena, &faults, &conf) != 0)
			conf_change_print(&faults);
		assert_int_equal(faults.count, 0);
		assert_string_equal(conf.smtp.host, hosts[i]);
	}
}

/* One word about the folder, and none about what would lie in it. */
static void test_no_workflows(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	empty_folder(path_of(&arena, "workflows"));
	expect_refused("fristd.conf:", "workflows holds no .conf file: a workflow is one");
	write_text(&arena, "workflows/kurser.conf", sample(&arena, "workflows/kurser.conf"));
	expect_refused("fristd.conf:", "there is no workflow \"borgmester\"");
}

/* As Windows writes it: with a byte order mark, and both line ends. */
static void test_windows_file(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *from = sample(&arena, "people.conf");
	struct text text CLEANUP(text_done) = TEXT_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	text_add(&text, "\xef\xbb\xbf");
	for (; *from; from++)
		text_add_bytes(&text, *from == '\n' ? "\r\n" : from, *from == '\n' ? 2 : 1);
	write_text(&arena, "people.conf", text_string(&text));
	if (load(&arena, &faults, &conf) != 0)
		conf_change_print(&faults);
	assert_int_equal(faults.count, 0);
}

/* Letters that a Mac takes apart are the same letters. */
static void test_decomposed_letters(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	change_file(&arena, "fristd.conf", "nytårsaftensdag", "nyta\u030arsaftensdag");
	assert_int_equal(load(&arena, &faults, &conf), 0);
	assert_string_equal(calendar_closing(&conf.calendar, calendar_join(2026, 12, 31)), "nytårsaftensdag");
}

static void test_two_workflows(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *text = sample(&arena, "workflows/borgmester.conf");
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	write_text(&arena, "workflows/anden.conf", text);
	write_text(&arena, "workflows/.skjult.conf", "nonsense");
	write_text(&arena, "workflows/borgmester.conf~", "nonsense");
	expect_refused("borgmester.conf:", "the key \"MT\" is already that of");
	write_text(&arena, "workflows/anden.conf", conf_change_apply(&arena, text, "key = \"MT\"", "key = \"ÆØ\""));
	assert_int_equal(load(&arena, &faults, &conf), 0);
	assert_int_equal(conf.workflows_count, 2);
	assert_string_equal(conf.workflows[0].id, "anden");
	assert_ptr_equal(conf.mailboxes[0].workflow, &conf.workflows[1]);
}

static void test_unused_role(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	(void)state;
	change_file(&arena, "people.conf", "{ role = \"gateway\"",
		"{ role = \"gatewaj\"; members = \"chef\"; },\n  { role = \"gateway\"");
	expect_refused("people.conf:", "no workflow has a role \"gatewaj\"; did you mean \"gateway\"?");
}

static void test_role_without_people(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	change_file(&arena, "people.conf", "{ role = \"afdelingschef\"", "{ role = \"afdelingschefen\"");
	assert_int_equal(load(&arena, &faults, &conf), 1);
	conf_change_print(&faults);
	assert_int_equal(faults.count, 2);
	assert_non_null(strstr(faults.items[0].source, "borgmester.conf:"));
	assert_non_null(strstr(faults.items[0].text, "nobody can have the role \"afdelingschef\""));
	assert_non_null(strstr(faults.items[1].text, "no workflow has a role \"afdelingschefen\"; did you mean"));
}

static void test_two_mailboxes(void **state)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const char *text = sample(&arena, "fristd.conf"), *entry = strstr(text, "  {\n    name = \"mt\"");
	const char *twice = arena_printf(&arena, "%.*s,\n%s", (int)(strstr(text, "\n);") - text), text, entry);
	struct workflow_faults faults;
	struct conf conf;

	(void)state;
	write_text(&arena, "fristd.conf", twice);
	assert_int_equal(load(&arena, &faults, &conf), 1);
	assert_int_equal(faults.count, 2);
	assert_non_null(strstr(faults.items[0].text, "there is a mailbox \"mt\" already"));
	assert_non_null(strstr(faults.items[1].text, "mt@example.dk is already an address of the mailbox"));
}

#define IN_FOLDER(test) cmocka_unit_test_setup_teardown(test, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_FOLDER(test_samples_are_right), IN_FOLDER(test_rules_want_trust), IN_FOLDER(test_course),
		IN_FOLDER(test_employed),
		IN_FOLDER(test_owners_may_send_as_the_mailbox), IN_FOLDER(test_several_faults),
		IN_FOLDER(test_untouched_by_faults), IN_FOLDER(test_defaults), IN_FOLDER(test_hash),
		IN_FOLDER(test_writable_for_everybody), IN_FOLDER(test_no_ordinary_file), IN_FOLDER(test_too_large),
		IN_FOLDER(test_deeply_nested), IN_FOLDER(test_nul_byte), IN_FOLDER(test_windows_file),
		IN_FOLDER(test_utf16), IN_FOLDER(test_comments), IN_FOLDER(test_hosts), IN_FOLDER(test_no_workflows),
		IN_FOLDER(test_decomposed_letters), IN_FOLDER(test_two_workflows), IN_FOLDER(test_unused_role),
		IN_FOLDER(test_role_without_people), IN_FOLDER(test_two_mailboxes),
	};

	return RUN_ROWS(changes, test_change) + cmocka_run_group_tests_name("conf", tests, NULL, NULL);
}
