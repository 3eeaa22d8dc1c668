/* fristctl check - proves the whole configuration, without touching mail or database. */
#include "ctl.h"

#include "base/text.h"
#include "engine/setup.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { SECRET_SIZE = 2048 };

/* On standard error, as compilers write them; fristd's go to the journal. */
int ctl_print_faults(const struct workflow_faults *faults)
{
	for (size_t i = 0; i < faults->count; i++)
		fprintf(stderr, "%s: %s\n", faults->items[i].source, faults->items[i].text);
	return CTL_FAILED;
}

int ctl_load_conf(const struct ctl *ctl, struct arena *arena, struct conf *ret_conf)
{
	struct workflow_faults faults = { .arena = arena };

	return conf_load(arena, ctl->config, &faults, ret_conf) == 0 ? 0 : ctl_print_faults(&faults);
}

struct setup *ctl_load_setup(const struct ctl *ctl)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct setup *setup = setup_load(ctl->config, &faults);

	if (!setup)
		ctl_print_faults(&faults);
	return setup;
}

static bool reaches(const struct conf_mailbox *mailbox, const struct message_addresses *addresses)
{
	for (size_t i = 0; i < addresses->count; i++)
		if (message_strings_have(&mailbox->addresses, addresses->items[i].address))
			return true;
	return false;
}

const struct conf_mailbox *ctl_find_mailbox(const struct conf *conf, const char *name, const struct message *message)
{
	for (size_t i = 0; i < conf->mailboxes_count; i++) {
		const struct conf_mailbox *mailbox = &conf->mailboxes[i];

		if (name ? strcmp(mailbox->name, name) == 0 :
		    message && (reaches(mailbox, &message->to) || reaches(mailbox, &message->cc)))
			return mailbox;
	}
	return name ? NULL : &conf->mailboxes[0];
}

static int fail_unknown(const char *what, const char *name, const struct text *known, size_t count)
{
	return ctl_fail("there is no %s %.60s; there %s: %s", what, name, count == 1 ? "is" : "are", text_string(known));
}

int ctl_fail_mailbox(const struct conf *conf, const char *name)
{
	struct text known CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < conf->mailboxes_count; i++)
		text_addf(&known, "%s%s", i ? ", " : "", conf->mailboxes[i].name);
	return fail_unknown("mailbox", name, &known, conf->mailboxes_count);
}

int ctl_fail_workflow(const struct conf *conf, const char *name)
{
	struct text known CLEANUP(text_done) = TEXT_NULL;

	for (size_t i = 0; i < conf->workflows_count; i++)
		text_addf(&known, "%s%s", i ? ", " : "", conf->workflows[i].id);
	return fail_unknown("workflow", name, &known, conf->workflows_count);
}

const struct workflow *ctl_find_workflow(const struct conf *conf, const char *word)
{
	for (size_t i = 0; i < conf->workflows_count; i++) {
		const struct workflow *workflow = &conf->workflows[i];

		if (text_equal_fold(word, workflow->id) || text_equal_fold(word, workflow->key) ||
		    text_equal_fold(word, workflow->name))
			return workflow;
	}
	return NULL;
}

__attribute__((format(printf, 2, 3)))
static void warn(const char *source, const char *format, ...)
{
	va_list args;

	fprintf(stderr, "%s: warning: ", source);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
}

/*
 * The daemon's passwords may well be hidden from whoever checks: that one cannot be read is worth a word and no fault.
 * Credentials exist only for the service.
 */
static void look_at_secret(const char *source, const struct conf_server *server)
{
	struct err err = ERR_NULL;
	char secret[SECRET_SIZE];

	if (text_starts_with(server->password_file, "credential:") && !getenv("CREDENTIALS_DIRECTORY"))
		return;
	if (conf_read_secret(server->password_file, secret, sizeof(secret), &err) != 0)
		warn(source, "%s", err.text);
	explicit_bzero(secret, sizeof(secret));
}

/* Ports that are known for one kind of TLS: with the other a connection waits in vain for the first word. */
static void look_at_port(const char *source, const struct conf_server *server)
{
	static const int implicit[] = { 465, 993 }, plain[] = { 25, 143, 587 };

	for (size_t i = 0; server->tls == CONF_TLS_STARTTLS && i < sizeof(implicit) / sizeof(implicit[0]); i++)
		if (server->port == implicit[i])
			warn(source, "port %d is usually encrypted from the first byte: tls = \"implicit\" is meant, or another port",
				server->port);
	for (size_t i = 0; server->tls == CONF_TLS_IMPLICIT && i < sizeof(plain) / sizeof(plain[0]); i++)
		if (server->port == plain[i])
			warn(source, "port %d usually speaks plain first: tls = \"starttls\" is meant, or another port", server->port);
}

static void look_at_server(const char *source, const struct conf_server *server)
{
	look_at_port(source, server);
	look_at_secret(source, server);
}

static void look_at_trust(const struct conf_mailbox *mailbox)
{
	if (mailbox->trust.kind == TRUST_PROFILE_NONE)
		warn(mailbox->source, "mailbox \"%s\" has no trust profile: nobody is believed, so approvals by mail are off",
			mailbox->name);
	else if (mailbox->trust.kind != TRUST_PROFILE_AUTHSERV && mailbox->trust.authserv_id)
		warn(mailbox->source, "mailbox \"%s\" has an authserv_id, which only the trust profile \"authserv\" asks for",
			mailbox->name);
}

/* What is allowed and hardly meant is a warning. */
static void look_at_mailbox(const struct conf *conf, const struct conf_mailbox *mailbox, int64_t now)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	look_at_trust(mailbox);
	for (size_t i = 0; i < mailbox->addresses.count; i++)
		if (!directory_is_internal(&conf->directory, mailbox->addresses.items[i]))
			warn(mailbox->source, "mailbox \"%s\" has the address %s, outside \"domains\" of people.conf",
				mailbox->name, mailbox->addresses.items[i]);
	if (mailbox->open_since > now)
		warn(mailbox->source, "mailbox \"%s\" is open since %s: nothing that comes before is acted upon", mailbox->name,
			calendar_format_date(&arena, calendar_local(mailbox->open_since).date, CALENDAR_ISO));
	look_at_server(mailbox->source, &mailbox->imap);
}

/* Every mail that we send says something of a citizen's matter. */
static void look_at_copies(const struct conf *conf)
{
	const struct directory_person *person = directory_person_at(&conf->directory, conf->copy_to);

	if (person)
		warn(conf->copy_to_source, "the copy of every mail goes to \"%s\": a folder of its own is meant", person->id);
	else if (conf->copy_to && !directory_is_internal(&conf->directory, conf->copy_to))
		warn(conf->copy_to_source, "the copy of every mail goes to %s, outside \"domains\" of people.conf",
			conf->copy_to);
}

/* Made when the package is installed, or when the service first starts; a name that nobody meant is not. */
static void look_at_database(const struct conf *conf)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	char *folder = arena_strdup(&arena, conf->database), *slash = strrchr(folder, '/');

	if (!slash || slash == folder)
		return;
	*slash = '\0';
	if (access(folder, F_OK) != 0 && errno == ENOENT)
		warn(conf->database_source, "the folder %s of the database is not there yet", folder);
}

/* Could our server vouch for anybody whom the rule expects? For citizens and strangers nobody can. */
static bool expects_colleague(const struct workflow_rule *rule)
{
	static const char *const words[] = { WORKFLOW_ROLE_ASKER, WORKFLOW_ROLE_OUTSIDER, WORKFLOW_ROLE_CHANNEL };
	static const struct message_strings others = { words, sizeof(words) / sizeof(words[0]) };

	for (size_t i = 0; i < rule->when.sender.count; i++)
		if (!message_strings_have(&others, rule->when.sender.items[i]))
			return true;
	return false;
}

/* Opening a matter needs no trust: better one too many than one overlooked. */
static void look_at_workflow(const struct workflow *workflow)
{
	for (size_t i = 0; i < workflow->rules_count; i++) {
		const struct workflow_rule *rule = &workflow->rules[i];

		if (rule->when.known == WORKFLOW_YES && rule->when.trusted != WORKFLOW_YES && (rule->to || rule->assign_count) &&
		    expects_colleague(rule))
			warn(rule->source, "anybody can forge the mail of rule \"%s\", which moves a known matter: say trusted = true",
				rule->cite);
	}
}

/* What has passed is no matter any more. */
static void look_at_absences(const struct directory_person *person, int today)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	for (size_t i = 0; i < person->absences_count; i++) {
		const struct directory_absence *absence = &person->absences[i];

		if (absence->until >= today && !absence->stand_in && !person->stand_in)
			warn(absence->source, "nobody stands in for \"%s\", who is away until %s: mail waits for him all the same",
				person->id, calendar_format_date(&arena, absence->until, CALENDAR_ISO));
	}
}

static bool has_members(const struct conf *conf, const char *role, int date)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	const struct directory_role *group;
	struct directory day;

	directory_on(&arena, &conf->directory, date, &day);
	group = directory_role(&day, role);
	return group && group->count > 0;
}

/* Terms end while nobody looks at the file, and what is for the role then goes to the mailbox owner. */
static void look_at_terms(const struct conf *conf, int today)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	for (size_t i = 0; i < conf->directory.roles_count; i++) {
		const struct directory_role *role = &conf->directory.roles[i];
		int date = role->until >= today ? role->until + 1 : today;

		if (!has_members(conf, role->name, date))
			warn(role->source, "nobody has the role \"%s\" on %s: the mailbox owner gets what is for it", role->name,
				calendar_format_date(&arena, date, CALENDAR_ISO));
	}
}

static void look_at_all(const struct conf *conf, int64_t now)
{
	int today = calendar_local(now).date;

	look_at_database(conf);
	look_at_copies(conf);
	look_at_server(conf->smtp_source, &conf->smtp);
	for (size_t i = 0; i < conf->mailboxes_count; i++)
		look_at_mailbox(conf, &conf->mailboxes[i], now);
	for (size_t i = 0; i < conf->directory.people_count; i++)
		look_at_absences(&conf->directory.people[i], today);
	look_at_terms(conf, today);
	for (size_t i = 0; i < conf->workflows_count; i++)
		look_at_workflow(&conf->workflows[i]);
}

static int check(const struct ctl *ctl, int argc, char **argv)
{
	struct setup *setup;
	const struct conf *conf;

	if (ctl_take_options(&ctl_check, &argc, argv, NULL, 0) != 0)
		return CTL_USAGE;
	if (argc > 0)
		return ctl_usage(&ctl_check, "unexpected argument %s", argv[0]);
	setup = ctl_load_setup(ctl);
	if (!setup)
		return CTL_FAILED;
	conf = &setup->conf;
	look_at_all(conf, ctl_now());
	printf("%s: no faults (mailboxes: %zu, workflows: %zu, people: %zu)\n", ctl->config, conf->mailboxes_count,
		conf->workflows_count, conf->directory.people_count);
	setup_free(setup);
	return CTL_OK;
}

const struct ctl_command ctl_check = {
	.name = "check",
	.arguments = "",
	.summary = "validate the whole configuration",
	.help =
		"Reads fristd.conf, people.conf, every workflow file and every template.\n"
		"Every fault is a line \"file:line: what is wrong\" on standard error; then the exit status is 1.\n"
		"What is allowed but seldom meant, such as a mailbox without a trust profile, a rule that a forged\n"
		"mail could use or a password that cannot be read from here, is a line\n"
		"\"file:line: warning: ...\" and leaves the status 0.\n"
		"Nothing is changed, and no server is asked.\n",
	.run = check,
};
