/*
 * countdown - kills the program at the n-th thing that it does to the world: a write to a file, a flush of one, octets
 * sent to a server. Preloaded by e2e/test_kill.py.
 *
 * FRIST_COUNT names a file of eight bytes, mapped: how many were done so far. FRIST_KILL_AT: SIGKILL before that one;
 * without it all are only counted.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

static atomic_long *count;
static long kill_at;

__attribute__((constructor)) static void start(void)
{
	const char *path = getenv("FRIST_COUNT"), *at = getenv("FRIST_KILL_AT");
	int fd = path ? open(path, O_RDWR | O_CLOEXEC) : -1;
	void *map = fd < 0 ? MAP_FAILED : mmap(NULL, sizeof(*count), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (map == MAP_FAILED)
		abort();
	close(fd);
	count = map;
	kill_at = at ? strtol(at, NULL, 10) : 0;
}

static void tick(void)
{
	if (count && atomic_fetch_add(count, 1) + 1 == kill_at)
		kill(getpid(), SIGKILL);
}

/* A server, that is; not the log, the supervisor, or another thread. */
static void tick_if_server(int fd)
{
	struct sockaddr address = { .sa_family = AF_UNSPEC };
	socklen_t length = sizeof(address);

	if (getsockname(fd, &address, &length) == 0 && (address.sa_family == AF_INET || address.sa_family == AF_INET6))
		tick();
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int fd, const void *bytes, size_t size)
{
	tick_if_server(fd);
	return REAL(write)(fd, bytes, size);
}

ssize_t send(int fd, const void *bytes, size_t size, int flags)
{
	tick_if_server(fd);
	return REAL(send)(fd, bytes, size, flags);
}

ssize_t sendto(int fd, const void *bytes, size_t size, int flags, const struct sockaddr *to, socklen_t length)
{
	tick_if_server(fd);
	return REAL(sendto)(fd, bytes, size, flags, to, length);
}

ssize_t pwrite(int fd, const void *bytes, size_t size, off_t at)
{
	tick();
	return REAL(pwrite)(fd, bytes, size, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t size, off64_t at)
{
	tick();
	return REAL(pwrite64)(fd, bytes, size, at);
}

int fsync(int fd)
{
	tick();
	return REAL(fsync)(fd);
}

int fdatasync(int fd)
{
	tick();
	return REAL(fdatasync)(fd);
}

int ftruncate(int fd, off_t size)
{
	tick();
	return REAL(ftruncate)(fd, size);
}

int ftruncate64(int fd, off64_t size)
{
	tick();
	return REAL(ftruncate64)(fd, size);
}

int unlink(const char *path)
{
	tick();
	return REAL(unlink)(path);
}
