#include "base/text.h"
#include "io/conf.h"
#include "io/conf_read.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SECRET_MAX = 1024 };

static bool has_control(const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++)
		if ((unsigned char)bytes[i] < 0x20 || bytes[i] == 0x7f)
			return true;
	return false;
}

static void close_file(int *file)
{
	if (*file >= 0)
		close(*file);
}

/*
 * The path of a secret, and the permissions that nobody but its owner may have. systemd opens credentials by an ACL,
 * which looks like a right of the group; a file is its owner's alone.
 */
static const char *secret_path(struct arena *arena, const char *password_file, mode_t *ret_refused, struct err *err)
{
	const char *folder = getenv("CREDENTIALS_DIRECTORY");

	*ret_refused = S_IRWXG | S_IRWXO;
	if (!text_starts_with(password_file, "credential:"))
		return password_file;
	*ret_refused = S_IRWXO;
	if (!folder) {
		err_set(err, "systemd has given no credentials (LoadCredential= in the unit)");
		return NULL;
	}
	return conf_path(arena, folder, strchr(password_file, ':') + 1);
}

/*
 * Reads at most size bytes; how many, or -1. Permissions are asked of the open file: nobody can change it in between.
 */
static ssize_t read_guarded(const char *path, mode_t refused, char *bytes, size_t size, struct err *err)
{
	int file CLEANUP(close_file) = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat status;
	ssize_t got;

	if (file < 0 || fstat(file, &status) != 0)
		return err_set(err, "%s cannot be read: %s", path, strerror(errno));
	if (!S_ISREG(status.st_mode))
		return err_set(err, "%s is no ordinary file", path);
	if (status.st_mode & refused)
		return err_set(err, "%s may be read by others (mode %04o): chmod 600", path, status.st_mode & 07777);
	got = read(file, bytes, size);
	return got < 0 ? err_set(err, "%s cannot be read: %s", path, strerror(errno)) : got;
}

int conf_read_secret(const char *password_file, char *ret_secret, size_t size, struct err *err)
{
	struct arena arena CLEANUP(arena_done) = ARENA_NULL;
	char bytes[SECRET_MAX + 3] = "";	/* room for a line end, and to see that there is more */
	mode_t refused;
	const char *path = secret_path(&arena, password_file, &refused, err);
	ssize_t got = path ? read_guarded(path, refused, bytes, sizeof(bytes), err) : -1;
	size_t length = got < 0 ? 0 : (size_t)got;
	int status = -1;

	if (length > 0 && bytes[length - 1] == '\n')
		length--;
	if (length > 0 && bytes[length - 1] == '\r')
		length--;
	if (got >= 0 && length == 0)
		err_set(err, "%s is empty", path);
	else if (got >= 0 && (length > SECRET_MAX || length >= size))
		err_set(err, "%s holds more than %zu bytes", path, size > SECRET_MAX ? (size_t)SECRET_MAX : size - 1);
	else if (got >= 0 && has_control(bytes, length))
		err_set(err, "%s holds more than one line, or characters that cannot be typed", path);
	else if (got >= 0) {
		memcpy(ret_secret, bytes, length);
		ret_secret[length] = '\0';
		status = 0;
	}
	explicit_bzero(bytes, sizeof(bytes));
	return status;
}
