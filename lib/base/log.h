/*
 * log - one structured record per thing that happened.
 *
 * Only engine and daemon log. A record has an event name that never changes (what an operator greps for), a message
 * in English, and fields. Values are escaped and capped here, so that a sender cannot write a line of our log.
 * Records never hold bodies, secrets or subjects. The sink is set once, before the first thread starts.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include <stddef.h>

enum log_level {		/* syslog(3) numbers */
	LOG_LEVEL_ERROR = 3,
	LOG_LEVEL_WARNING = 4,
	LOG_LEVEL_NOTICE = 5,
	LOG_LEVEL_INFO = 6,
	LOG_LEVEL_DEBUG = 7,
};

struct log_field {
	const char *name;	/* lower case, [a-z_]; the journal gets it as FRIST_NAME */
	const char *value;	/* NULL: the field is left out */
};

/* Takes one finished record: values escaped, no NULLs among them. Called from any thread. */
typedef void log_sink(enum log_level level, const char *event, const char *message,
	const struct log_field *fields, size_t count);

/* NULL sets the default: one line to standard error. */
void log_set_sink(log_sink *sink);

void log_write(enum log_level level, const char *event, const char *message,
	const struct log_field *fields, size_t count);

/* log_event(LOG_LEVEL_INFO, "message", "stored", { "uid", uid }, { "outcome", outcome }) */
#define log_event(level, event, message, ...) \
	log_write(level, event, message, (const struct log_field[]){ __VA_ARGS__ }, \
		sizeof((const struct log_field[]){ __VA_ARGS__ }) / sizeof(struct log_field))

#endif
