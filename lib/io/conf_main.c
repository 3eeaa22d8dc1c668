/*
 * fristd.conf as tables that io/conf_read reads by, the innermost first. Types, limits, defaults and `doc` are all
 * there is to a key; a lint holds fristd.conf(5) to them.
 */
#include "io/conf_main.h"

#define FIELD(type, member) .field = offsetof(type, member)
#define NAMES .parse = conf_parse_name

enum { MAILBOXES_MAX = 32, WINDOWS_MAX = 8, CLOSINGS_MAX = 200 };

static const struct conf_choice tls_words[] = {
	{ "implicit", CONF_TLS_IMPLICIT }, { "starttls", CONF_TLS_STARTTLS }, { NULL, 0 },
};
static const struct conf_choice profile_words[] = {
	{ "none", TRUST_PROFILE_NONE }, { "exchange", TRUST_PROFILE_EXCHANGE },
	{ "exchange-online", TRUST_PROFILE_EXCHANGE_ONLINE }, { "authserv", TRUST_PROFILE_AUTHSERV }, { NULL, 0 },
};

#define SERVER_KEYS(default_port, default_tls) \
	{ "host", CONF_TEXT, "name of the server, as its certificate has it", .required = true, \
	  FIELD(struct conf_server, host), .parse = conf_parse_host }, \
	{ "port", CONF_INTEGER, "its port", .fallback = default_port, .min = 1, .max = 65535, \
	  FIELD(struct conf_server, port) }, \
	{ "tls", CONF_TEXT, "encrypted from the first byte, or by STARTTLS; there is no connection without", \
	  .fallback = default_tls, FIELD(struct conf_server, tls), .parse = conf_parse_choice, .choices = tls_words }, \
	{ "ca_file", CONF_TEXT, "certificates of the authorities to trust instead of the system's", \
	  FIELD(struct conf_server, ca_file), .parse = conf_parse_path }, \
	{ "user", CONF_TEXT, "who logs in", .required = true, FIELD(struct conf_server, user) }, \
	{ "password_file", CONF_TEXT, "file with the password, mode 0400 or 0600, or credential:NAME", \
	  .required = true, \
	  FIELD(struct conf_server, password_file), .parse = conf_parse_secret }, \
	{ "timeout_s", CONF_INTEGER, "seconds that one command may take", .fallback = "60", .min = 1, .max = 600, \
	  FIELD(struct conf_server, timeout_s) }

static const struct conf_key imap_keys[] = { SERVER_KEYS("993", "implicit") };
static const struct conf_table imap_table = CONF_TABLE("imap", imap_keys, struct conf_server);
static const struct conf_key smtp_keys[] = { SERVER_KEYS("587", "starttls") };
static const struct conf_table smtp_table = CONF_TABLE("smtp", smtp_keys, struct conf_server);

static const struct conf_key trust_keys[] = {
	{ "profile", CONF_TEXT, "how our own servers vouch for a sender", .required = true,
	  FIELD(struct trust_profile, kind), .parse = conf_parse_choice, .choices = profile_words },
	{ "authserv_id", CONF_TEXT, "with profile authserv: how our server calls itself in Authentication-Results",
	  FIELD(struct trust_profile, authserv_id), .parse = conf_parse_host },
	{ "border", CONF_TEXTS, "our servers that take mail, as they call themselves after \"by\" in Received",
	  .max = 50, FIELD(struct trust_profile, border), .parse = conf_parse_border },
};
static const struct conf_table trust_table = CONF_TABLE("trust", trust_keys, struct trust_profile);

static const struct conf_key mailbox_keys[] = {
	{ "name", CONF_TEXT, "its name in logs and in the register", .required = true,
	  FIELD(struct conf_main_mailbox, mailbox.name), NAMES },
	{ "title", CONF_TEXT, "what people see as the sender of our mails", .required = true,
	  FIELD(struct conf_main_mailbox, mailbox.title) },
	{ "addresses", CONF_TEXTS, "its addresses; the first is the one we send from", .required = true, .min = 1,
	  .max = 50,
	  FIELD(struct conf_main_mailbox, mailbox.addresses), .parse = conf_parse_address },
	{ "channels", CONF_TEXTS, "addresses that only pass on what came another way: scanned letters, Digital Post",
	  .max = 50, FIELD(struct conf_main_mailbox, mailbox.channels), .parse = conf_parse_address },
	{ "logins", CONF_TEXTS, "names under which our mail server knows those who may send as the mailbox", .max = 200,
	  FIELD(struct conf_main_mailbox, mailbox.logins), .parse = conf_parse_login },
	{ "workflow", CONF_TEXTS, "the file in the folder of workflows, without .conf; of several the first is its own",
	  .required = true, .min = 1, .max = 8, FIELD(struct conf_main_mailbox, workflows), NAMES },
	{ "imap", CONF_GROUP, "where its mail is read", .required = true,
	  FIELD(struct conf_main_mailbox, mailbox.imap), .table = &imap_table },
	{ "folders", CONF_TEXTS, "the folders to read; else all but drafts, junk and deleted", .max = 500,
	  FIELD(struct conf_main_mailbox, mailbox.folders) },
	{ "poll_s", CONF_INTEGER, "seconds after which a folder is looked at anyway", .fallback = "180", .min = 1,
	  .max = 540,
	  FIELD(struct conf_main_mailbox, mailbox.poll_s) },
	{ "open_since", CONF_TEXT, "older mail is imported at the first start and not acted upon", .required = true,
	  FIELD(struct conf_main_mailbox, mailbox.open_since), .parse = conf_parse_date },
	{ "trust", CONF_GROUP, "how far the sender of a mail is believed; without it approvals by mail are off",
	  FIELD(struct conf_main_mailbox, mailbox.trust), .table = &trust_table },
};
static const struct conf_table mailbox_table = CONF_TABLE("mailbox", mailbox_keys, struct conf_main_mailbox,
	.source = offsetof(struct conf_main_mailbox, source));

static const struct conf_key window_keys[] = {
	{ "from", CONF_TEXT, "mails leave from this time of day on", .required = true,
	  FIELD(struct calendar_window, from_minutes), .parse = conf_parse_minutes },
	{ "until", CONF_TEXT, "and before this", .required = true,
	  FIELD(struct calendar_window, until_minutes), .parse = conf_parse_minutes },
};
static const struct conf_table window_table = CONF_TABLE("sending", window_keys, struct calendar_window);

static const struct conf_key closing_keys[] = {
	{ "date", CONF_TEXT, "\"24-12\" (every year) or \"15-05-2026\"", .required = true, .field = 0,
	  .parse = conf_parse_closing },
	{ "name", CONF_TEXT, "what people call the day", .required = true, FIELD(struct calendar_closing, name) },
};
static const struct conf_table closing_table = CONF_TABLE("closing day", closing_keys, struct calendar_closing);

static const struct conf_key main_keys[] = {
	{ "database", CONF_TEXT, "the file that holds the register", .required = true,
	  FIELD(struct conf_main, conf.database), .source = offsetof(struct conf_main, conf.database_source),
	  .parse = conf_parse_path },
	{ "people", CONF_TEXT, "the file of people, roles and units", .fallback = "people.conf",
	  FIELD(struct conf_main, people), .source = offsetof(struct conf_main, people_source),
	  .parse = conf_parse_path },
	{ "workflows", CONF_TEXT, "the folder of workflow files", .fallback = "workflows",
	  FIELD(struct conf_main, workflows), .source = offsetof(struct conf_main, workflows_source),
	  .parse = conf_parse_path },
	{ "templates", CONF_TEXT, "the folder of the texts of our mails", .fallback = "templates",
	  FIELD(struct conf_main, conf.templates), .source = offsetof(struct conf_main, templates_source),
	  .parse = conf_parse_path },
	{ "copy_to", CONF_TEXT, "address that gets a copy of every mail we send; none where the server keeps sent mail",
	  FIELD(struct conf_main, conf.copy_to), .source = offsetof(struct conf_main, conf.copy_to_source),
	  .parse = conf_parse_address },
	{ "sends_per_minute", CONF_INTEGER, "no more mails a minute than this", .fallback = "20", .min = 1, .max = 1000,
	  FIELD(struct conf_main, conf.sends_per_minute) },
	{ "asker_days", CONF_INTEGER, "days for which it is known what else the citizen of an open inquiry has open; 0: never",
	  .fallback = "730", .min = 0, .max = 3650, FIELD(struct conf_main, conf.asker_days) },
	{ "sending", CONF_GROUPS, "the hours of a working day in which mails leave; else all", .max = WINDOWS_MAX,
	  FIELD(struct conf_main, conf.sending), .count = offsetof(struct conf_main, conf.sending_count),
	  .source = offsetof(struct conf_main, sending_source), .table = &window_table },
	{ "closing_days", CONF_GROUPS, "days on which the house is closed although they are no public holidays",
	  .max = CLOSINGS_MAX, FIELD(struct conf_main, closings), .count = offsetof(struct conf_main, closings_count),
	  .table = &closing_table },
	{ "smtp", CONF_GROUP, "the server that takes our mails", .required = true, FIELD(struct conf_main, conf.smtp),
	  .source = offsetof(struct conf_main, conf.smtp_source), .table = &smtp_table },
	{ "mailboxes", CONF_GROUPS, "the shared mailboxes", .required = true, .min = 1, .max = MAILBOXES_MAX,
	  FIELD(struct conf_main, mailboxes), .count = offsetof(struct conf_main, mailboxes_count),
	  .table = &mailbox_table },
};
const struct conf_table conf_main_table = CONF_TABLE("fristd.conf", main_keys, struct conf_main);
