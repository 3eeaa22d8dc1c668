/*
 * sysd - what systemd wants to hear: readiness, status, watchdog, and the journal. Owns libsystemd.
 *
 * All of it does nothing when the program was not started by systemd.
 */
#ifndef IO_SYSD_H
#define IO_SYSD_H

#include "base/log.h"

#include <stdbool.h>

/* Everything stands: configuration, database, timers. */
void sysd_ready(void);

/* A reload begins; sysd_ready() ends it. */
void sysd_reloading(void);

/* The program is about to end. */
void sysd_stopping(void);

/* The line that `systemctl status` shows. */
void sysd_status(const char *text);

/* Feeds the watchdog. */
void sysd_alive(void);

/* How often it must be fed, in milliseconds; 0: there is none. */
int sysd_watchdog_ms(void);

/*
 * Has systemd given us the journal as standard error, or given it to whoever started us (JOURNAL_STREAM is set)? Then
 * sysd_journal writes with fields.
 */
bool sysd_has_journal(void);

/* A sink for log_set_sink(): one journal entry a record, its fields as FRIST_<NAME>. */
void sysd_journal(enum log_level level, const char *event, const char *message,
	const struct log_field *fields, size_t count);

#endif
