/* fristctl check - proves the whole configuration, without touching mail or database. */
#include "ctl.h"

#include "base/text.h"
#include "engine/setup.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

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

static void warn(const char *source, const char *text)
{
	fprintf(stderr, "%s: warning: %s\n", source, text);
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
		warn(source, err.text);
	explicit_bzero(secret, sizeof(secret));
}

/* What is allowed and hardly meant is a warning. */
static void look_at_mailbox(const struct conf_mailbox *mailbox)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;

	if (mailbox->trust.kind == TRUST_PROFILE_NONE)
		warn(mailbox->source, arena_printf(&arena,
			"mailbox \"%s\" has no trust profile: nobody is believed, so approvals by mail are off",
			mailbox->name));
	look_at_secret(mailbox->source, &mailbox->imap);
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
			warn(role->source, arena_printf(&arena, "nobody has the role \"%s\" on %s: the mailbox owner gets what is "
				"for it", role->name, calendar_format_date(&arena, date, CALENDAR_ISO)));
	}
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
	for (size_t i = 0; i < conf->mailboxes_count; i++)
		look_at_mailbox(&conf->mailboxes[i]);
	look_at_secret(conf->smtp_source, &conf->smtp);
	look_at_terms(conf, calendar_local(ctl_now()).date);
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
		"What is allowed but seldom meant, such as a mailbox without a trust profile or a password that\n"
		"cannot be read from here, is a line \"file:line: warning: ...\" and leaves the status 0.\n"
		"Nothing is changed, and no server is asked.\n",
	.run = check,
};
