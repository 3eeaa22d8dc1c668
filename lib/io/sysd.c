/* Without a supervisor (no NOTIFY_SOCKET) nothing of this but sysd_journal() does anything, so nobody asks for one. */
#include "io/sysd.h"

#include "base/arena.h"
#include "base/err.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <systemd/sd-daemon.h>
#include <systemd/sd-journal.h>
#include <time.h>

enum { FIELDS_MAX = 32 };

void sysd_ready(void)
{
	sd_notify(0, "READY=1");
}

/* sd_notify(3): Type=notify-reload wants the time with it. */
void sysd_reloading(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	sd_notifyf(0, "RELOADING=1\nMONOTONIC_USEC=%lld", (long long)now.tv_sec * 1000000 + now.tv_nsec / 1000);
}

void sysd_stopping(void)
{
	sd_notify(0, "STOPPING=1");
}

void sysd_status(const char *text)
{
	sd_notifyf(0, "STATUS=%s", text);
}

void sysd_alive(void)
{
	sd_notify(0, "WATCHDOG=1");
}

int sysd_watchdog_ms(void)
{
	uint64_t usec = 0;

	return sd_watchdog_enabled(0, &usec) > 0 ? (int)(usec / 1000) : 0;
}

bool sysd_has_journal(void)
{
	return getenv("JOURNAL_STREAM") != NULL;
}

/* "FRIST_UID=42": the journal takes upper-case names only. */
static char *journal_field(struct arena *arena, const struct log_field *field)
{
	char *line = arena_printf(arena, "FRIST_%s=%s", field->name, field->value);

	for (char *at = line; *at != '='; at++)
		if (*at >= 'a' && *at <= 'z')
			*at = (char)(*at - 'a' + 'A');
	return line;
}

/* What `journalctl` shows without asking for fields: the message and the values that an operator looks for. */
static char *journal_message(struct arena *arena, const char *event, const char *message,
	const struct log_field *fields, size_t count)
{
	char *line = arena_printf(arena, "MESSAGE=%s: %s", event, message);

	for (size_t i = 0; i < count; i++)
		line = arena_printf(arena, "%s %s=%s", line, fields[i].name, fields[i].value);
	return line;
}

void sysd_journal(enum log_level level, const char *event, const char *message,
	const struct log_field *fields, size_t count)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct iovec parts[FIELDS_MAX];
	int used = 0;

	parts[used++].iov_base = arena_printf(&arena, "PRIORITY=%d", (int)level);
	parts[used++].iov_base = journal_message(&arena, event, message, fields, count);
	parts[used++].iov_base = arena_printf(&arena, "FRIST_EVENT=%s", event);
	for (size_t i = 0; i < count && used < FIELDS_MAX; i++)
		parts[used++].iov_base = journal_field(&arena, &fields[i]);
	for (int i = 0; i < used; i++)
		parts[i].iov_len = strlen(parts[i].iov_base);
	sd_journal_sendv(parts, used);
}
