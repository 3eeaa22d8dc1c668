/*
 * fristd - watches shared mailboxes and sees to it that nobody misses a deadline. See fristd(8).
 *
 * The main thread only waits: for signals, for the supervisor's watchdog, and, in tests, for the stepped clock.
 */
#include "base/clock.h"
#include "base/log.h"
#include "base/text.h"
#include "engine/engine.h"
#include "engine/setup.h"
#include "io/sysd.h"
#include "stepped.h"

#include <errno.h>
#include <getopt.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sysexits.h>
#include <unistd.h>

#define DEFAULT_CONFIG "/etc/fristd/fristd.conf"

/* fristd.service is not started again after EXIT_MEND: trying helps no more until a person has mended something. */
enum { EXIT_OK = 0, EXIT_FAILED = 1, EXIT_USAGE = 2, EXIT_MEND = EX_CONFIG, STATUS_MS = 5000 };

struct program {
	const char *config;
	const char *socket;		/* of the stepped clock; NULL: real time */
	struct setup *setup;
	struct store *store;
	struct stepped *stepped;
	struct engine *engine;
	int signals_fd;
	int status;			/* with which it ends */
};

static const char usage[] =
	"usage: fristd [--config FILE]\n"
	"Watches the mailboxes of the configuration (default " DEFAULT_CONFIG ") until it is told to end.\n"
	"SIGHUP: reads the configuration again. SIGTERM: ends. See fristd(8) and fristd.conf(5).\n";

/* Negative: nothing is left to do. --stepped-clock is for tests, and stands in no help. */
static int read_options(int argc, char **argv, struct program *program)
{
	static const struct option options[] = {
		{ "config", required_argument, NULL, 'c' },
		{ "stepped-clock", required_argument, NULL, 's' },
		{ "help", no_argument, NULL, 'h' },
		{ "version", no_argument, NULL, 'v' },
		{ NULL, 0, NULL, 0 },
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case 'c':
			program->config = optarg;
			break;
		case 's':
			program->socket = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return -1;
		case 'v':
			puts("fristd " FRIST_VERSION);
			return -1;
		default:
			fputs(usage, stderr);
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		fprintf(stderr, "fristd: unexpected argument %s\n%s", argv[optind], usage);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

/* Every fault on a line of its own, all at once, for the journal; fristctl check has the same for a person. */
static struct setup *load(const char *config)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	struct workflow_faults faults = { .arena = &arena };
	struct setup *setup = setup_load(config, &faults);

	for (size_t i = 0; !setup && i < faults.count; i++)
		log_event(LOG_LEVEL_ERROR, "configuration", faults.items[i].text, { "at", faults.items[i].source });
	return setup;
}

/* Returns EXIT_OK, or the status to end with. A database that another fristd has is free when that one ends. */
static int start(struct program *program, struct err *err)
{
	struct clock *clock = &clock_real;
	int result;

	if (program->socket) {
		if (stepped_new(program->socket, &program->stepped, err) < 0)
			return EXIT_FAILED;
		clock = stepped_clock(program->stepped);
	}
	result = store_open(program->setup->conf.database, &program->store, err);
	if (result != 0)
		return result == STORE_FOREIGN || result == STORE_NEWER ? EXIT_MEND : EXIT_FAILED;
	result = setup_check_inquiries(program->setup, err);
	if (result != 0)
		return result == SETUP_UNFIT ? EXIT_MEND : EXIT_FAILED;
	return engine_start(program->setup, program->store, clock, &program->engine, err) < 0 ? EXIT_FAILED : EXIT_OK;
}

/*
 * The whole new configuration is validated first; with anything wrong the old one stays in force. false: the workers
 * could not be started again, and only a new start helps.
 */
static bool reload(struct program *program)
{
	struct setup *setup = load(program->config);
	struct err err = ERR_NULL;
	bool running;

	if (!setup) {
		log_event(LOG_LEVEL_ERROR, "reload", "the new configuration has faults; the old one stays in force");
		return true;
	}
	if (strcmp(setup->conf.database, program->setup->conf.database) != 0) {
		log_event(LOG_LEVEL_ERROR, "reload", "another database needs a restart; the old configuration stays in force");
		setup_free(setup);
		return true;
	}
	if (setup_check_inquiries(setup, &err) != 0) {
		log_event(LOG_LEVEL_ERROR, "reload", "the new configuration does not fit; the old one stays in force",
			{ "reason", err.text });
		setup_free(setup);
		return true;
	}
	/* From here on there is no way back: the old workers are gone. */
	sysd_reloading();
	running = engine_reload(program->engine, setup, &err) == 0;
	setup_free(program->setup);
	program->setup = setup;
	if (running) {
		sysd_ready();
		log_event(LOG_LEVEL_NOTICE, "reload", "the new configuration is in force");
	} else {
		log_event(LOG_LEVEL_ERROR, "reload", "not every worker could be started; ending, to be started anew",
			{ "reason", err.text });
		program->status = EXIT_FAILED;
	}
	return running;
}

/* Returns false when the program is to end. */
static bool take_signal(struct program *program)
{
	struct signalfd_siginfo info;

	if (read(program->signals_fd, &info, sizeof(info)) != sizeof(info))
		return true;
	return info.ssi_signo == SIGHUP && reload(program);
}

/* Every few seconds: what `systemctl status` shows, and the watchdog's food as long as all threads are heard of. */
static void report(struct program *program)
{
	struct text status CLEANUP(text_done) = TEXT_NULL, trouble CLEANUP(text_done) = TEXT_NULL;

	engine_status(program->engine, &status);
	sysd_status(text_string(&status));
	if (engine_is_alive(program->engine, &trouble))
		sysd_alive();
	else
		log_event(LOG_LEVEL_ERROR, "watchdog", "not fed", { "reason", text_string(&trouble) });
}

/* Three reports for each time that the watchdog allows, so that one late one is no death. */
static void run(struct program *program)
{
	int interval = sysd_watchdog_ms() / 3;
	bool running = true;

	if (interval <= 0 || interval > STATUS_MS)
		interval = STATUS_MS;
	while (running) {
		struct pollfd fds[] = {
			{ .fd = program->signals_fd, .events = POLLIN },
			{ .fd = program->stepped ? stepped_fd(program->stepped) : -1, .events = POLLIN },
		};

		report(program);
		if (poll(fds, 2, interval) <= 0)
			continue;
		if (fds[1].revents)
			stepped_serve(program->stepped, program->engine);
		if (fds[0].revents)
			running = take_signal(program);
	}
}

/* Blocked in every thread, taken by the main thread alone. */
static int block_signals(void)
{
	sigset_t set;

	signal(SIGPIPE, SIG_IGN);
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
	return signalfd(-1, &set, SFD_CLOEXEC);
}

/* In the order of who uses whom; each takes NULL, so it may be called wherever a start stopped. */
static void stop(struct program *program)
{
	engine_stop(program->engine);
	store_close(program->store);
	stepped_free(program->stepped);
	setup_free(program->setup);
	close(program->signals_fd);
}

int main(int argc, char **argv)
{
	struct program program = { .config = DEFAULT_CONFIG };
	struct err err = ERR_NULL;
	int status = read_options(argc, argv, &program);

	if (status != EXIT_OK)
		return status < 0 ? EXIT_OK : status;
	setrlimit(RLIMIT_CORE, &(struct rlimit){ 0, 0 });	/* memory holds passwords */
	if (sysd_has_journal())
		log_set_sink(sysd_journal);
	program.signals_fd = block_signals();
	if (program.signals_fd < 0) {
		log_event(LOG_LEVEL_ERROR, "start", "cannot hear signals", { "reason", strerror(errno) });
		return EXIT_FAILED;
	}
	program.setup = load(program.config);
	if (!program.setup) {
		log_event(LOG_LEVEL_ERROR, "start", "mend the faults that fristctl check shows, then systemctl restart fristd");
		return EXIT_MEND;
	}
	status = start(&program, &err);
	if (status != EXIT_OK) {
		log_event(LOG_LEVEL_ERROR, "start",
			status == EXIT_MEND ? "cannot start: mend this, then systemctl restart fristd" : "cannot start",
			{ "reason", err.text });
		stop(&program);
		return status;
	}
	sysd_ready();
	log_event(LOG_LEVEL_NOTICE, "start", "fristd " FRIST_VERSION " watches");
	run(&program);
	sysd_stopping();
	log_event(LOG_LEVEL_NOTICE, "stop", "ending after the work at hand");
	stop(&program);
	return program.status;
}
