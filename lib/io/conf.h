/*
 * conf - fristd.conf, people.conf and the workflow files, read by libconfig into plain data.
 *
 * Everything wrong is found in one pass and named as file:line with the remedy: unknown keys, wrong types, values out
 * of range, missing files, roles nobody holds, and whatever workflow_check() proves. Owns libconfig.
 */
#ifndef IO_CONF_H
#define IO_CONF_H

#include "base/arena.h"
#include "base/err.h"
#include "core/calendar.h"
#include "core/compliance.h"
#include "core/directory.h"
#include "core/trust.h"
#include "core/workflow.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum conf_tls { CONF_TLS_IMPLICIT, CONF_TLS_STARTTLS };

/* A server and how to log in. */
struct conf_server {
	const char *host;
	int port;
	enum conf_tls tls;
	const char *ca_file;			/* NULL: the system's authorities */
	const char *user;
	const char *password_file;		/* mode 0400 or 0600, or a systemd credential ("credential:imap-mt") */
	int timeout_s;				/* for one command */
};

struct conf_mailbox {
	const char *name;			/* "mt": names the mailbox in logs and in the register */
	const char *title;			/* "MT Borgmesterhenvendelser": From of the mails that we send */
	struct message_strings addresses;	/* lower case; the first is the one we send from */
	struct message_strings channels;	/* lower case; what they send is a letter on paper, Digital Post */
	struct message_strings logins;		/* who may send as the mailbox (core/trust) */
	const struct workflow *workflow;	/* its own: what no other opens */
	const struct workflow *const *others;	/* that are asked first, in this order */
	size_t others_count;
	struct conf_server imap;
	struct message_strings folders;		/* empty: all but drafts, junk and deleted */
	int poll_s;				/* every folder is looked at this often anyway */
	int64_t open_since;			/* at the first start: older mail is imported and not acted upon */
	struct trust_profile trust;
	const char *source;
};

/* Its own workflow, for 0, then the others; NULL: it has no more. */
const struct workflow *conf_mailbox_workflow(const struct conf_mailbox *mailbox, size_t index);

struct conf {
	const char *database, *database_source;	/* path */
	const struct conf_mailbox *mailboxes;
	size_t mailboxes_count;
	const struct workflow *workflows;	/* all files in the folder but that of the course */
	size_t workflows_count;
	struct compliance_course course;	/* its source is NULL where there is none */
	struct directory directory;
	struct calendar calendar;		/* closing days */
	struct conf_server smtp;
	const char *smtp_source;
	const char *copy_to, *copy_to_source;	/* address that gets a copy of every mail we send */
	const struct calendar_window *sending;	/* sending hours; none: any hour of a working day */
	size_t sending_count;
	int sends_per_minute;
	int asker_days;				/* so long an open inquiry is known to be the same citizen's as another; 0: never */
	const char *templates;			/* folder */
	struct message_strings template_names;	/* the files in it, without .txt */
	uint8_t hash[32];			/* SHA-256 over all files read, stored with every transition */
};

/*
 * Reads and validates everything that `path` names. Relative paths in it are relative to its folder. All strings
 * live in the arena; so do the faults, file by file. Secrets are not read, nor is the database
 * looked at: what is checked is the same for whoever checks it. A file that cannot be read hides no fault of another.
 * Returns 0; 1 when there are faults: ret_conf is then untouched but for its templates, which the caller looks into.
 */
NODISCARD int conf_load(struct arena *arena, const char *path, struct workflow_faults *faults, struct conf *ret_conf);

/*
 * Reads a CSV file of starts and completions of the course (start, completion, format, unit, person, course), which the
 * configuration must have. Persons become ids, courses the names of the course file. Whatever is wrong is a fault, with
 * CPR numbers masked: somebody, a unit or a course that there is not, a day after today, one start twice, a file that
 * is too large (CONF_FILE_MAX, 20000 lines). Returns 0; 1 when there are faults: nothing is returned then.
 */
NODISCARD int conf_read_courses(struct arena *arena, const struct conf *conf, const char *path, int today,
	struct workflow_faults *faults, struct compliance_record **ret_records, size_t *ret_count);

/* The earliest instant at or after `at` at which mail may leave: in sending hours, on no closed day. */
int64_t conf_next_sending(const struct conf *conf, int64_t at);

/*
 * Reads a secret from its file, up to 1 KiB, without its line end. Refused: a file that anybody but its owner may
 * read, an empty secret, one with control characters. "credential:NAME" is NAME in $CREDENTIALS_DIRECTORY
 * (systemd.exec(5)), whose files have no owner of their own: there only what the rest of the world may read is refused.
 */
NODISCARD int conf_read_secret(const char *password_file, char *ret_secret, size_t size, struct err *err);

#endif
