/*
 * ctl - what the commands of fristctl share.
 *
 * A command is a `const struct ctl_command ctl_NAME` in some ctl_*.c and a line in CTL_COMMANDS. Its help text is all
 * that `fristctl NAME --help` prints. A command writes its answer to stdout, and on failure one clear line to stderr.
 */
#ifndef DAEMON_CTL_H
#define DAEMON_CTL_H

#include "base/arena.h"
#include "engine/setup.h"
#include "io/conf.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every command, in the order of --help. */
#define CTL_COMMANDS(COMMAND) \
	COMMAND(check) \
	COMMAND(register) \
	COMMAND(show) \
	COMMAND(parse) \
	COMMAND(explain) \
	COMMAND(replay) \
	COMMAND(calendar) \
	COMMAND(courses) \
	COMMAND(report) \
	COMMAND(flow)

#define CTL_NO_COURSE "no file of the workflows says which course is asked for: course = { ... }, see fristd.conf(5)"

enum {				/* exit status */
	CTL_OK = 0,
	CTL_FAILED = 1,
	CTL_USAGE = 2,
};

/* What was given before the command. */
struct ctl {
	const char *config;	/* path of fristd.conf */
	bool config_given;	/* on the command line: then it must be there */
};

struct ctl_command {
	const char *name;
	const char *arguments;	/* the synopsis after the name: "--json FILE..." */
	const char *summary;	/* one line, no full stop */
	const char *help;	/* paragraphs of lines, the last one ended by a line feed */

	/* argv[0] is the first thing after the command's name. Returns an exit status. */
	int (*run)(const struct ctl *ctl, int argc, char **argv);
};

#define CTL_DECLARE(name) extern const struct ctl_command ctl_##name;
CTL_COMMANDS(CTL_DECLARE)
#undef CTL_DECLARE

/* An option of a command: --name, or --name VALUE and --name=VALUE when it has a value. */
struct ctl_option {
	const char *name;	/* "--json" */
	bool *flag;		/* set to true when given; or */
	const char **value;	/* set to what was given; the last one wins */
};

/*
 * Takes the options out of argv, wherever they stand before a "--", and leaves the operands in their order with
 * *argc as their number. Returns 0, or CTL_USAGE after saying what is wrong.
 */
int ctl_take_options(const struct ctl_command *command, int *argc, char **argv,
	const struct ctl_option *options, size_t count);

/* What --format says of a list. */
enum ctl_format { CTL_TABLE, CTL_CSV, CTL_JSON };

/* The format of this name. Returns 0, or CTL_USAGE after saying which there are. */
int ctl_find_format(const struct ctl_command *command, const char *name, enum ctl_format *ret_format);

/* "fristctl NAME: message" and where help is to be found, on stderr. Returns CTL_USAGE. */
int ctl_usage(const struct ctl_command *command, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* "fristctl: message" on stderr. Returns CTL_FAILED. */
int ctl_fail(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A line "file:line: what is wrong" for every fault, on stderr. Returns CTL_FAILED. */
int ctl_print_faults(const struct workflow_faults *faults);

/*
 * Reads and validates the configuration; its strings live in the arena. Returns 0, or CTL_FAILED after a line for every
 * fault.
 */
int ctl_load_conf(const struct ctl *ctl, struct arena *arena, struct conf *ret_conf);

/* The same with the templates, for what decides or writes as fristd does; NULL after a line for every fault. */
struct setup *ctl_load_setup(const struct ctl *ctl);

/*
 * The mailbox of this name. Without a name (NULL) the first one with an address among the message's recipients, else
 * the first of all; message may be NULL. NULL: no mailbox has that name.
 */
const struct conf_mailbox *ctl_find_mailbox(const struct conf *conf, const char *name, const struct message *message);

/* "there is no mailbox nope; there are: mt, post", and the same of workflows by their ids. Returns CTL_FAILED. */
int ctl_fail_mailbox(const struct conf *conf, const char *name);
int ctl_fail_workflow(const struct conf *conf, const char *name);

/* The workflow with this id, key or name, however its letters are written; NULL: there is none. */
const struct workflow *ctl_find_workflow(const struct conf *conf, const char *word);

/* The time of day. FRIST_NOW, seconds since 1970, stands in for it where a stepped clock tells the daemon's time. */
int64_t ctl_now(void);

#endif
