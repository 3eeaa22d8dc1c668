/*
 * smtp_probe HOST PORT CA implicit|starttls USER PASSWORD TIMEOUT_S FROM FILE RECIPIENT...
 *
 * Sends the bytes of FILE to the recipients, as often as standard input has lines, on one session. Prints a line a
 * recipient: outcome, phase, code, status, text, with tabs between; "-" a message; last "usable" or "unusable". A
 * connection that fails prints "connect" and such a line. SIGUSR1 cancels.
 */
#include "io/smtp.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>

enum { RECIPIENTS_MAX = 100, MESSAGE_MAX = 8 << 20 };

static char message[MESSAGE_MAX];

static int cancel_fd;

static void on_signal(int number)
{
	(void)number;
	eventfd_write(cancel_fd, 1);
}

static void print(const char *who, const struct smtp_result *result)
{
	printf("%s\t%s\t%s\t%d\t%s\t%s\n", who, smtp_outcome_name(result->outcome), smtp_phase_name(result->phase),
		result->code, result->status, result->text);
}

static size_t read_message(const char *path)
{
	FILE *file = fopen(path, "rb");
	size_t length;

	if (!file)
		exit(2);
	length = fread(message, 1, sizeof(message), file);
	fclose(file);
	return length;
}

int main(int argc, char **argv)
{
	struct smtp_result results[RECIPIENTS_MAX], failure;
	struct smtp_session *session = NULL;
	struct smtp_server server = { .cancel_fd = cancel_fd = eventfd(0, EFD_CLOEXEC) };
	size_t length, count = argc > 10 ? (size_t)argc - 10 : 0;
	char line[16];

	if (argc < 11 || count > RECIPIENTS_MAX)
		return 2;
	server.host = argv[1];
	server.port = (uint16_t)strtoul(argv[2], NULL, 10);
	server.ca_file = argv[3];
	server.implicit = strcmp(argv[4], "implicit") == 0;
	server.user = argv[5];
	server.password = argv[6];
	server.timeout_s = (int)strtol(argv[7], NULL, 10);
	length = read_message(argv[9]);
	signal(SIGUSR1, on_signal);
	if (smtp_connect(&server, &session, &failure) != SMTP_DONE) {
		print("connect", &failure);
		return 1;
	}
	while (fgets(line, sizeof(line), stdin)) {
		smtp_send(session, argv[8], "frist-envelope-id", (const char *const *)argv + 10, count, message, length, results);
		for (size_t i = 0; i < count; i++)
			print(argv[10 + i], &results[i]);
		printf("-\n");
		fflush(stdout);
		if (!smtp_is_usable(session))
			break;
	}
	printf("%s\n", smtp_is_usable(session) ? "usable" : "unusable");
	smtp_close(&session);
	return 0;
}
