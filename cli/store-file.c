/* SPDX-License-Identifier: MIT */
/* store-file -- see store-file.h. */
#include "store-file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	PATH_BYTES = 4096, /* PATH_MAX */
};

static bool
file_failed(char *problem, size_t size, const char *what)
{
	snprintf(problem, size, "%s: %s", what, strerror(errno));
	return false;
}

static bool
write_all(int fd, const char *text, size_t len)
{
	ssize_t n;

	while (len > 0) {
		n = write(fd, text, len);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0) {
			text += n;
			len -= (size_t)n;
		}
	}
	return true;
}

bool
store_file_put(
    const char *path, const char *text, size_t len, char *problem, size_t size)
{
	bool good;
	int fd;

	fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	good = fd >= 0 && write_all(fd, text, len);
	if (!good)
		file_failed(problem, size, path);
	if (fd >= 0)
		close(fd);
	return good;
}

bool
store_file_write(
    const char *path, const char *text, size_t len, char *problem, size_t size)
{
	char beside[PATH_BYTES];
	struct stat st;
	bool good;
	int fd, n;

	n = snprintf(beside, sizeof(beside), "%s~", path);
	if (n < 0 || (size_t)n >= sizeof(beside)) {
		errno = ENAMETOOLONG;
		return file_failed(problem, size, path);
	}
	fd = open(beside, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	if (fd < 0)
		return file_failed(problem, size, beside);
	/* What was for few stays so. */
	good = (stat(path, &st) != 0 || fchmod(fd, st.st_mode & 07777) == 0) &&
	       write_all(fd, text, len) && fsync(fd) == 0;
	if (!good)
		file_failed(problem, size, beside);
	close(fd);
	if (good && rename(beside, path) != 0)
		good = file_failed(problem, size, path);
	if (!good)
		unlink(beside);
	return good;
}

bool
store_file_flush(const char *folder, char *problem, size_t size)
{
	bool good;
	int fd;

	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	good = fd >= 0 && syncfs(fd) == 0;
	if (!good)
		file_failed(problem, size, folder);
	if (fd >= 0)
		close(fd);
	return good;
}

bool
store_file_sync(const char *folder, char *problem, size_t size)
{
	bool good;
	int fd;

	fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return file_failed(problem, size, folder);
	/* Some file systems do not know this. */
	good = fsync(fd) == 0 || errno == EINVAL;
	if (!good)
		file_failed(problem, size, folder);
	close(fd);
	return good;
}

bool
store_file_place(
    const char *from, const char *to, bool *there, char *problem, size_t size)
{
	*there = false;
	if (rename(from, to) == 0)
		return true;
	*there = errno == EEXIST || errno == ENOTEMPTY;
	return file_failed(problem, size, to);
}

void
store_file_remove(const char *folder)
{
	struct dirent *entry;
	DIR *dir;

	dir = opendir(folder);
	if (dir == NULL)
		return;
	while ((entry = readdir(dir)) != NULL)
		if (strcmp(entry->d_name, ".") != 0 &&
		    strcmp(entry->d_name, "..") != 0)
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	rmdir(folder);
}
