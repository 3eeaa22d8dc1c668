/* fristctl - asks, checks and commands. Everything it can do is a row of CTL_COMMANDS. */
#include "ctl.h"

#include "base/clock.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_ROW(name) &ctl_##name,
static const struct ctl_command *const commands[] = { CTL_COMMANDS(COMMAND_ROW) NULL };
#undef COMMAND_ROW

static const char default_config[] = "/etc/fristd/fristd.conf";

int ctl_usage(const struct ctl_command *command, const char *format, ...)
{
	const char *name = command ? command->name : "", *space = command ? " " : "";
	va_list args;

	fprintf(stderr, "fristctl%s%s: ", space, name);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, " (try: fristctl %s%s--help)\n", name, space);
	return CTL_USAGE;
}

int ctl_find_format(const struct ctl_command *command, const char *name, enum ctl_format *ret_format)
{
	static const char *const names[] = { [CTL_TABLE] = "table", [CTL_CSV] = "csv", [CTL_JSON] = "json" };

	for (size_t i = 0; i < COUNT_OF(names); i++) {
		if (strcmp(names[i], name) == 0) {
			*ret_format = (enum ctl_format)i;
			return 0;
		}
	}
	return ctl_usage(command, "\"%.60s\" is no format: table, csv or json", name);
}

int ctl_fail(const char *format, ...)
{
	va_list args;

	fputs("fristctl: ", stderr);
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fputc('\n', stderr);
	return CTL_FAILED;
}

int64_t ctl_now(void)
{
	const char *stepped = getenv("FRIST_NOW");

	return stepped ? strtoll(stepped, NULL, 10) : clock_real.now(&clock_real);
}

/* The option that argument names, up to a '='. */
static const struct ctl_option *find_option(const struct ctl_option *options, size_t count, const char *argument)
{
	size_t length = strcspn(argument, "=");

	for (size_t i = 0; i < count; i++)
		if (strlen(options[i].name) == length && strncmp(options[i].name, argument, length) == 0)
			return &options[i];
	return NULL;
}

/* A file whose name begins with a hyphen follows a "--". */
int ctl_take_options(const struct ctl_command *command, int *argc, char **argv,
	const struct ctl_option *options, size_t count)
{
	int operands = 0;

	for (int i = 0; i < *argc; i++) {
		const struct ctl_option *option;
		char *equals = strchr(argv[i], '=');

		if (strcmp(argv[i], "--") == 0) {
			while (++i < *argc)
				argv[operands++] = argv[i];
			break;
		}
		if (argv[i][0] != '-' || !argv[i][1]) {
			argv[operands++] = argv[i];
			continue;
		}
		option = find_option(options, count, argv[i]);
		if (!option && (strcmp(argv[i], "--config") == 0 || strncmp(argv[i], "--config=", 9) == 0))
			return ctl_usage(command, "--config goes before the command");
		if (!option)
			return ctl_usage(command, "unknown option %s", argv[i]);
		if (option->flag && equals)
			return ctl_usage(command, "%s takes no value", option->name);
		if (option->flag)
			*option->flag = true;
		else if (equals)
			*option->value = equals + 1;
		else if (i + 1 < *argc)
			*option->value = argv[++i];
		else
			return ctl_usage(command, "%s needs a value", option->name);
	}
	*argc = operands;
	return 0;
}

static void print_help(void)
{
	puts("usage: fristctl [--config FILE] COMMAND ...\n");
	for (int i = 0; commands[i]; i++)
		printf("  %-10s %s\n", commands[i]->name, commands[i]->summary);
	printf("\n  --config FILE   the configuration; else %s\n"
		"  --version       say which version this is\n"
		"  --help          this text; after a command: what it does\n", default_config);
}

static int run_command(const struct ctl *ctl, int argc, char **argv)
{
	for (int i = 0; commands[i]; i++) {
		if (strcmp(commands[i]->name, argv[0]) != 0)
			continue;
		if (argc > 1 && strcmp(argv[1], "--help") == 0) {
			printf("usage: fristctl %s %s\n\n%s", argv[0], commands[i]->arguments, commands[i]->help);
			return CTL_OK;
		}
		return commands[i]->run(ctl, argc - 1, argv + 1);
	}
	return ctl_usage(NULL, "unknown command %s", argv[0]);
}

/* Options before the command are fristctl's own; those behind it are the command's. */
static int run(int argc, char **argv)
{
	struct ctl ctl = { .config = default_config };
	int at = 1;

	for (; at < argc && argv[at][0] == '-'; at++) {
		if (strcmp(argv[at], "--help") == 0) {
			print_help();
			return CTL_OK;
		}
		if (strcmp(argv[at], "--version") == 0) {
			puts("fristctl " FRIST_VERSION);
			return CTL_OK;
		}
		if (strncmp(argv[at], "--config=", 9) == 0)
			ctl = (struct ctl){ argv[at] + 9, true };
		else if (strcmp(argv[at], "--config") != 0)
			return ctl_usage(NULL, "unknown option %s", argv[at]);
		else if (at + 1 == argc)
			return ctl_usage(NULL, "--config needs a value");
		else
			ctl = (struct ctl){ argv[++at], true };
	}
	if (at == argc)
		return ctl_usage(NULL, "no command given");
	return run_command(&ctl, argc - at, argv + at);
}

int main(int argc, char **argv)
{
	int status = run(argc, argv);

	/* A full disk behind a > must not pass for success. */
	if (fflush(stdout) != 0 || ferror(stdout))
		return ctl_fail("cannot write the answer: %s", strerror(errno));
	return status;
}
