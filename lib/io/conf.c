/*
 * Everything that fristd.conf names is read in one go: fristd.conf, people.conf, the names of the templates, then each
 * workflow against both, then the mailboxes against all. A file that cannot be read is NULL further on, and what
 * depends on it asks nothing of it: so one fault is told of once.
 */
#include "io/conf.h"

#include "core/digest.h"
#include "io/conf_course.h"
#include "io/conf_main.h"
#include "io/conf_people.h"
#include "io/conf_read.h"
#include "io/conf_workflow.h"
#include "io/crypto.h"
#include "io/tls.h"

#include <errno.h>
#include <string.h>
#include <strings.h>
#include <sys/stat.h>
#include <unistd.h>

enum { WORKFLOWS_MAX = 32, TEMPLATES_MAX = 500 };

static void reader_done(struct conf_reader *reader)
{
	text_done(&reader->hashed);
}

/* Certificates are read when a server is first spoken to: too late to hear of it. */
static void check_ca_file(struct conf_reader *reader, const char *path, const char *source)
{
	struct stat status;

	if (!path)
		return;
	if (access(path, R_OK) != 0)
		workflow_fault_add(reader->faults, source, "the file %s cannot be read: %s", path, strerror(errno));
	else if (stat(path, &status) != 0 || !S_ISREG(status.st_mode) || !tls_is_ca_file(path))
		workflow_fault_add(reader->faults, source, "%s holds no certificates in PEM", path);
}

/* What comes by a channel is nobody's own mail. */
static void check_channel(struct conf_reader *reader, const struct conf_main *main, const struct directory *directory,
	size_t index, const char *channel)
{
	const struct conf_main_mailbox *entry = &main->mailboxes[index];
	const struct directory_person *person = directory_person_at(directory, channel);

	if (person)
		workflow_fault_add(reader->faults, entry->source, "the channel %s is the address of \"%s\" at %s", channel,
			person->id, person->source);
	for (size_t i = 0; i < main->mailboxes_count; i++)
		if (message_strings_have(&main->mailboxes[i].mailbox.addresses, channel))
			workflow_fault_add(reader->faults, entry->source, "the channel %s is an address of the mailbox at %s", channel,
				main->mailboxes[i].source);
}

/* Whoever logs in as the mailbox would be that person, who alone may approve. */
static void check_logins(struct conf_reader *reader, const struct directory *directory,
	const struct conf_main_mailbox *entry, const char *address)
{
	for (size_t i = 0; i < directory->people_count; i++) {
		const struct directory_person *person = &directory->people[i];

		for (size_t j = 0; j < person->logins.count; j++)
			if (strcasecmp(person->logins.items[j], address) == 0)
				workflow_fault_add(reader->faults, person->source,
					"%s is the address of the mailbox at %s: a mailbox is no person",
					person->logins.items[j], entry->source);
	}
}

/* An address is one mailbox's or one person's: else nobody knew who wrote as it. */
static void check_address(struct conf_reader *reader, const struct conf_main *main, const struct directory *directory,
	size_t index, const char *address)
{
	const struct conf_main_mailbox *entry = &main->mailboxes[index];
	const struct directory_person *person = directory_person_at(directory, address);

	for (size_t i = 0; i < index; i++)
		if (message_strings_have(&main->mailboxes[i].mailbox.addresses, address))
			workflow_fault_add(reader->faults, entry->source,
				"%s is already an address of the mailbox at %s", address,
				main->mailboxes[i].source);
	if (person)
		workflow_fault_add(reader->faults, entry->source,
			"%s is the address of \"%s\" at %s: a mailbox is no person",
			address, person->id, person->source);
	else if (directory_list_at(directory, address))
		workflow_fault_add(reader->faults, directory_list_at(directory, address)->source,
			"%s is an address of the mailbox at %s: a mailbox is no list", address, entry->source);
	else
		check_logins(reader, directory, entry, address);
	if (main->conf.copy_to && strcmp(main->conf.copy_to, address) == 0)
		workflow_fault_add(reader->faults, main->conf.copy_to_source,
			"\"copy_to\" is an address of the mailbox at %s: copies need a place of their own",
			entry->source);
}

static const struct workflow *find_workflow(const struct conf *conf, const char *id)
{
	for (size_t i = 0; id && i < conf->workflows_count; i++)
		if (strcmp(conf->workflows[i].id, id) == 0)
			return &conf->workflows[i];
	return NULL;
}

static void check_mailbox(struct conf_reader *reader, const struct conf_main *main, const struct directory *directory,
	size_t index)
{
	const struct conf_main_mailbox *entry = &main->mailboxes[index];
	const struct conf_mailbox *mailbox = &entry->mailbox;

	for (size_t i = 0; i < index; i++)
		if (mailbox->name && main->mailboxes[i].mailbox.name &&
		    strcmp(mailbox->name, main->mailboxes[i].mailbox.name) == 0)
			workflow_fault_add(reader->faults, entry->source, "there is a mailbox \"%s\" already, at %s",
				mailbox->name, main->mailboxes[i].source);
	for (size_t i = 0; i < mailbox->addresses.count; i++)
		check_address(reader, main, directory, index, mailbox->addresses.items[i]);
	for (size_t i = 0; i < mailbox->channels.count; i++)
		check_channel(reader, main, directory, index, mailbox->channels.items[i]);
	if (mailbox->trust.kind == TRUST_PROFILE_AUTHSERV && !mailbox->trust.authserv_id)
		workflow_fault_add(reader->faults, entry->source,
			"the trust profile \"authserv\" needs \"authserv_id\": how our server calls itself");
	check_ca_file(reader, mailbox->imap.ca_file, entry->source);
}

const struct workflow *conf_mailbox_workflow(const struct conf_mailbox *mailbox, size_t index)
{
	if (index == 0)
		return mailbox->workflow;
	return index <= mailbox->others_count ? mailbox->others[index - 1] : NULL;
}

/* The first that is named is the mailbox's own, and comes last where a matter is opened. */
static void check_together(struct conf_reader *reader, const struct conf *conf, const struct conf_mailbox *mailbox)
{
	for (size_t i = 0; i < mailbox->others_count; i++) {
		for (size_t j = i + 1; j < mailbox->others_count; j++)
			workflow_check_together(mailbox->others[i], mailbox->others[j], &conf->directory, mailbox->source,
				reader->faults);
		if (mailbox->workflow)
			workflow_check_together(mailbox->others[i], mailbox->workflow, &conf->directory, mailbox->source,
				reader->faults);
	}
}

static void resolve_workflows(struct conf_reader *reader, const struct conf_main_mailbox *entry,
	const struct message_strings *workflows, const struct conf *conf, struct conf_mailbox *mailbox)
{
	/* NOLINTNEXTLINE(bugprone-sizeof-expression): an array of pointers is meant */
	const struct workflow **others = arena_array(reader->arena, entry->workflows.count, sizeof(*others));
	size_t before = reader->faults->count;

	mailbox->others = others;
	mailbox->others_count = 0;
	for (size_t i = 0; i < entry->workflows.count; i++) {
		const char *name = entry->workflows.items[i];
		const struct workflow *workflow = find_workflow(conf, name);

		if (workflows && name && !message_strings_have(workflows, name))
			workflow_fault_add(reader->faults, entry->source, "there is no workflow \"%s\"%s", name,
				workflow_did_you_mean(reader->arena, workflows, name));
		for (size_t j = 0; name && j < i; j++)
			if (entry->workflows.items[j] && strcmp(entry->workflows.items[j], name) == 0)
				workflow_fault_add(reader->faults, entry->source, "the mailbox names the workflow \"%s\" twice", name);
		if (i == 0)
			mailbox->workflow = workflow;
		else if (workflow)
			others[mailbox->others_count++] = workflow;
	}
	if (reader->faults->count == before)
		check_together(reader, conf, mailbox);
}

/* Mailboxes point at workflows; the list knows those that lie there although they could not be read. */
static void resolve_mailboxes(struct conf_reader *reader, const struct conf_main *main,
	const struct message_strings *workflows, struct conf *conf)
{
	struct conf_mailbox *mailboxes = arena_array(reader->arena, main->mailboxes_count, sizeof(*mailboxes));

	for (size_t i = 0; i < main->mailboxes_count; i++) {
		const struct conf_main_mailbox *entry = &main->mailboxes[i];

		check_mailbox(reader, main, &conf->directory, i);
		mailboxes[i] = entry->mailbox;
		mailboxes[i].source = entry->source;
		resolve_workflows(reader, entry, workflows, conf, &mailboxes[i]);
	}
	conf->mailboxes = mailboxes;
	conf->mailboxes_count = main->mailboxes_count;
}

/* Returns the names, or NULL when what templates there are cannot be known. The folder has a name. */
static const struct message_strings *list_templates(struct conf_reader *reader, const struct conf_main *main,
	struct conf *conf)
{
	/* what the program itself asks for, whatever the workflow */
	static const char *const needed[] = { "morgenmail", WORKFLOW_REVIEW_TEMPLATE, "ikke-talt",
		"mellemsvar", "mellemsvar-borger" };

	if (conf_list_folder(reader, conf->templates, ".txt", TEMPLATES_MAX, main->templates_source,
		&conf->template_names) != 0)
		return NULL;
	for (size_t i = 0; i < sizeof(needed) / sizeof(needed[0]); i++)
		if (!message_strings_have(&conf->template_names, needed[i]))
			workflow_fault_add(reader->faults, main->templates_source, "the folder %s lacks %s.txt",
				conf->templates, needed[i]);
	return &conf->template_names;
}

/* "hos-enhedsleder" reads "hos enhedsleder" where no title is given. */
static void fill_titles(struct arena *arena, struct workflow *workflow)
{
	struct workflow_step *steps = arena_array(arena, workflow->steps_count, sizeof(*steps));

	for (size_t i = 0; i < workflow->steps_count; i++) {
		char *title = arena_strdup(arena, workflow->steps[i].id);

		steps[i] = workflow->steps[i];
		for (char *at = title; at && *at; at++)
			if (*at == '-')
				*at = ' ';
		if (!steps[i].title)
			steps[i].title = title;
	}
	workflow->steps = steps;
}

/* Names are looked into even when the file has faults; what is proved needs all of it. */
static void take_workflow(struct conf_reader *reader, const struct workflow *read, const struct directory *directory,
	const struct message_strings *templates, bool sound, struct workflow *workflow)
{
	const char *id = workflow->id;

	*workflow = *read;
	workflow->id = id;
	fill_titles(reader->arena, workflow);
	if (sound)
		workflow_check(workflow, directory, templates, reader->faults);
	else
		(void)workflow_check_names(workflow, directory, templates, reader->faults);
}

/* One course is asked for: reports have one table, and one answer to who fulfils. */
static void take_course(struct conf_reader *reader, const struct compliance_course *read,
	struct compliance_course *course)
{
	if (course->source)
		workflow_fault_add(reader->faults, read->source, "there is a course already, at %s", course->source);
	else
		*course = *read;
}

/* Returns whether the file is a workflow's; a file that cannot be read passes for one. */
static bool load_workflow(struct conf_reader *reader, const struct conf_main *main, const struct directory *directory,
	const struct message_strings *templates, struct workflow *workflow, struct compliance_course *course)
{
	struct conf_workflow_file file = { .has_workflow = false };
	size_t before = reader->faults->count;
	const char *path = arena_printf(reader->arena, "%s/%s.conf", main->workflows, workflow->id);

	if (conf_read_file(reader, path, NULL, &conf_workflow_table, &file) != 0)
		return true;
	if (file.has_workflow == file.has_course)
		workflow_fault_add(reader->faults, arena_printf(reader->arena, "%s:1", path),
			"the file needs either \"workflow\" or \"course\"");
	if (file.course.source)
		take_course(reader, &file.course, course);
	if (file.workflow.source)
		take_workflow(reader, &file.workflow, directory, templates, reader->faults->count == before, workflow);
	return file.has_workflow || !file.has_course;
}

static void check_key(struct conf_reader *reader, const struct workflow *workflows, size_t index)
{
	for (size_t i = 0; workflows[index].key && i < index; i++)
		if (workflows[i].key && strcmp(workflows[i].key, workflows[index].key) == 0)
			workflow_fault_add(reader->faults, workflows[index].source,
				"the key \"%s\" is already that of %s",
				workflows[index].key, workflows[i].source);
}

/* Whose roles need people: a guideline that no mailbox follows may lie there all the same. */
static bool is_followed(const struct conf_main *main, const char *workflow)
{
	for (size_t i = 0; i < main->mailboxes_count; i++)
		if (message_strings_have(&main->mailboxes[i].workflows, workflow))
			return true;
	return false;
}

/* Of the names those that are a course's are left out. */
static void load_workflows(struct conf_reader *reader, const struct conf_main *main, const struct directory *directory,
	const struct message_strings *templates, struct message_strings *names, struct conf *conf)
{
	struct workflow *workflows = arena_array(reader->arena, names->count, sizeof(*workflows));
	const char **ids = arena_array(reader->arena, names->count, sizeof(*ids));
	size_t count = 0;

	for (size_t i = 0; i < names->count; i++) {
		const char *id = names->items[i];

		workflows[count].id = id;
		if (!load_workflow(reader, main, is_followed(main, id) ? directory : NULL, templates, &workflows[count],
				&conf->course))
			continue;
		ids[count] = id;
		check_key(reader, workflows, count++);
	}
	*names = (struct message_strings){ ids, count };
	conf->workflows = workflows;
	conf->workflows_count = count;
	if (conf->course.source)
		conf_course_check(reader, &conf->course, workflows, count);
	if (conf->course.source && templates && !message_strings_have(templates, DIGEST_COURSES))
		workflow_fault_add(reader->faults, conf->course.source, "the folder of templates lacks %s.txt, by which "
			"leaders are told of each quarter", DIGEST_COURSES);
}

/* A workflow that could not be read may ask for any role. */
static bool all_roles_known(const struct conf *conf)
{
	if (conf->workflows_count == 0)
		return false;
	for (size_t i = 0; i < conf->workflows_count; i++)
		if (conf->workflows[i].roles.count == 0)
			return false;
	return true;
}

/* A role that no workflow asks for is a slip of the pen: its people would have no part in anything. */
static void check_roles_used(struct conf_reader *reader, const struct conf *conf)
{
	if (!all_roles_known(conf))
		return;
	for (size_t i = 0; i < conf->directory.roles_count; i++) {
		const struct directory_role *role = &conf->directory.roles[i];
		const char *near = "";
		bool used = false;

		for (size_t j = 0; j < conf->workflows_count && !used; j++) {
			used = message_strings_have(&conf->workflows[j].roles, role->name);
			if (!*near)
				near = workflow_did_you_mean(reader->arena, &conf->workflows[j].roles, role->name);
		}
		if (!used)
			workflow_fault_add(reader->faults, role->source, "no workflow has a role \"%s\"%s",
				role->name, near);
	}
}

/* Returns the directory, or NULL when who is who cannot be known. */
static const struct directory *load_people(struct conf_reader *reader, const struct conf_main *main, struct conf *conf)
{
	struct conf_people people = { .people_count = 0 };

	if (conf_read_file(reader, main->people, main->people_source, &conf_people_table, &people) != 0)
		return NULL;
	conf_people_resolve(reader, &people, &conf->directory);
	return &conf->directory;
}

static void check_sending(struct conf_reader *reader, const struct conf_main *main, bool sound)
{
	for (size_t i = 0; i < main->conf.sending_count; i++) {
		const struct calendar_window *window = &main->conf.sending[i];

		/* until 0: midnight, which is before everything, or no time of day at all, of which there is a fault */
		if (window->from_minutes >= window->until_minutes && (window->until_minutes > 0 || sound))
			workflow_fault_add(reader->faults, main->sending_source,
				"\"sending\" number %zu ends before it begins", i + 1);
	}
}

/* What is wrong in one file, or which one it is, does not keep the others from being read. */
static void load_all(struct conf_reader *reader, const struct conf_main *main, struct conf *conf)
{
	struct message_strings names = { .count = 0 };
	const struct directory *directory;
	const struct message_strings *templates;
	bool listed;

	*conf = main->conf;
	conf->calendar = (struct calendar){ .closings = main->closings, .closing_count = main->closings_count };
	check_sending(reader, main, reader->faults->count == 0);
	check_ca_file(reader, conf->smtp.ca_file, conf->smtp_source);
	directory = main->people ? load_people(reader, main, conf) : NULL;
	templates = conf->templates ? list_templates(reader, main, conf) : NULL;
	listed = main->workflows && conf_list_folder(reader, main->workflows, ".conf", WORKFLOWS_MAX,
		main->workflows_source, &names) == 0;
	if (listed && names.count == 0) {
		workflow_fault_add(reader->faults, main->workflows_source,
			"the folder %s holds no .conf file: a workflow is one",
			main->workflows);
		listed = false;
	}
	load_workflows(reader, main, directory, templates, &names, conf);
	if (listed && directory)
		check_roles_used(reader, conf);
	resolve_mailboxes(reader, main, listed ? &names : NULL, conf);
	crypto_sha256(reader->hashed.data, reader->hashed.length, conf->hash);
}

int64_t conf_next_sending(const struct conf *conf, int64_t at)
{
	return calendar_next_sending(&conf->calendar, conf->sending, conf->sending_count, at);
}

static const char *if_there(const char *path)
{
	return path && access(path, F_OK) == 0 ? path : NULL;
}

/*
 * A fristd.conf that cannot be read does not say where the other files are: they are looked at where they usually are,
 * which is what an empty one would say.
 */
static void assume_defaults(const struct conf_reader *reader, struct conf_main *main)
{
	struct workflow_faults ignored = { .arena = reader->arena };
	struct conf_reader defaults CLEANUP(reader_done) = {
		.arena = reader->arena, .faults = &ignored, .folder = reader->folder,
	};

	if (conf_read_bytes(&defaults, "", "", 0, &conf_main_table, main) != 0)
		return;
	main->people = if_there(main->people);
	main->workflows = if_there(main->workflows);
	main->conf.templates = if_there(main->conf.templates);
}

/* With faults only the templates' names are returned, so that setup_load() can look into those as well. */
int conf_load(struct arena *arena, const char *path, struct workflow_faults *faults, struct conf *ret_conf)
{
	struct conf_reader reader CLEANUP(reader_done) = { .arena = arena, .faults = faults };
	const char *slash = strrchr(path, '/'), *source = arena_printf(arena, "%s:1", path);
	struct conf_main main = { .people_source = source, .workflows_source = source, .templates_source = source };
	struct conf conf;

	if (!faults->arena)
		faults->arena = arena;
	reader.folder = slash ? arena_strndup(arena, path, slash == path ? 1 : (size_t)(slash - path)) : "";
	if (conf_read_file(&reader, path, NULL, &conf_main_table, &main) != 0)
		assume_defaults(&reader, &main);
	load_all(&reader, &main, &conf);
	if (faults->count > 0) {
		ret_conf->templates = conf.templates;
		ret_conf->template_names = conf.template_names;
		return 1;
	}
	*ret_conf = conf;
	return 0;
}
