/*
 * hang - once a file exists, the next thread that says something to a server never returns, and five minutes pass for
 * all others at once. Preloaded by e2e/test_daemon.py.
 *
 * FRIST_HANG names the file, which is removed. FRIST_HANG_NOT: the time passes, and nobody hangs.
 */
#include <dlfcn.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { PASSED_S = 5 * 60 };

static atomic_bool has_passed;

static void meet(int fd)
{
	struct sockaddr address = { .sa_family = AF_UNSPEC };
	socklen_t length = sizeof(address);
	const char *path = getenv("FRIST_HANG");

	if (getsockname(fd, &address, &length) != 0 || address.sa_family != AF_INET || unlink(path) != 0)
		return;
	atomic_store(&has_passed, true);
	while (!getenv("FRIST_HANG_NOT"))
		pause();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size)
{
	meet(fd);
	return REAL(write)(fd, bytes, size);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	meet(fd);
	return REAL(send)(fd, bytes, size, flags);
}

int clock_gettime(clockid_t id, struct timespec *ret_time)
{
	int result = (int)syscall(SYS_clock_gettime, id, ret_time);

	if (result == 0 && id == CLOCK_MONOTONIC && atomic_load(&has_passed))
		ret_time->tv_sec += PASSED_S;
	return result;
}
