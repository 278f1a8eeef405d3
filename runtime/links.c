/* SPDX-License-Identifier: MIT */
/* links -- see links.h. */
#include "links.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "setting.h"

static int folder = -1;   /* RUN_DIR/APP */
static char begun[32];    /* fn.N that links_begin() made */
static char in_force[32]; /* fn.N that "fn" leads to; "" for none */
static char before[32];   /* the one before it: who connects may be in there */

/* A folder of links, and all in it. */
static void
remove_folder(const char *name)
{
	struct dirent *entry;
	DIR *dir;
	int fd;

	fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return;
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return;
	}
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			unlinkat(dirfd(dir), entry->d_name, 0);
	closedir(dir);
	unlinkat(folder, name, AT_REMOVEDIR);
}

static void
read_in_force(void)
{
	ssize_t len = readlinkat(folder, "fn", in_force, sizeof(in_force) - 1);

	in_force[len > 0 ? len : 0] = '\0';
}

static void
sweep_one(const char *name, bool (*used)(const char *file))
{
	struct stat st;

	if (strncmp(name, "fn.", 3) == 0) {
		if (strcmp(name, in_force) != 0 && strcmp(name, before) != 0)
			remove_folder(name);
	} else if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) == 0 &&
	           S_ISSOCK(st.st_mode) && !used(name)) {
		unlinkat(folder, name, 0);
	}
}

bool
links_open(void)
{
	char path[LINKS_PATH_MAX];
	int len;

	len = snprintf(path, sizeof(path), "%s/%s",
	    setting_text(SETTING_RUN_DIR), setting_text(SETTING_APP));
	if (len < 0 || (size_t)len >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return false;
	}
	if (mkdir(path, 0750) != 0 && errno != EEXIST)
		return false;
	folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (folder < 0)
		return false;
	read_in_force();
	return true;
}

bool
links_sweep(bool (*used)(const char *file))
{
	struct dirent *entry;
	DIR *dir;
	int fd;

	fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd < 0)
		return false;
	dir = fdopendir(fd);
	if (dir == NULL) {
		close(fd);
		return false;
	}
	while ((entry = readdir(dir)) != NULL)
		if (entry->d_name[0] != '.')
			sweep_one(entry->d_name, used);
	closedir(dir);
	return true;
}

/* The generation in force may be made anew: then its folder has another name.
 */
bool
links_begin(int generation)
{
	snprintf(begun, sizeof(begun), "fn.%d", generation);
	if (strcmp(begun, in_force) == 0)
		snprintf(begun, sizeof(begun), "fn.%d.new", generation);
	remove_folder(begun);
	return mkdirat(folder, begun, 0750) == 0;
}

bool
links_add(const char *name, bool canary, const char *path)
{
	const char *slash = strrchr(path, '/');
	char link[LINKS_PATH_MAX], target[LINKS_PATH_MAX];

	snprintf(target, sizeof(target), "..%s", slash);
	snprintf(link, sizeof(link), "%s/%s%s.sock", begun, name,
	    canary ? "~canary" : "");
	return symlinkat(target, folder, link) == 0;
}

bool
links_commit(void)
{
	if (unlinkat(folder, "fn~", 0) != 0 && errno != ENOENT)
		return false;
	if (symlinkat(begun, folder, "fn~") != 0 ||
	    renameat(folder, "fn~", folder, "fn") != 0)
		return false;
	if (before[0] != '\0' && strcmp(before, begun) != 0)
		remove_folder(before);
	memcpy(before, in_force, sizeof(before));
	memcpy(in_force, begun, sizeof(in_force));
	return true;
}

void
links_remove(const char *name)
{
	char link[LINKS_PATH_MAX];

	snprintf(link, sizeof(link), "fn/%s.sock", name);
	unlinkat(folder, link, 0);
	snprintf(link, sizeof(link), "fn/%s~canary.sock", name);
	unlinkat(folder, link, 0);
}

void
links_close(void)
{
	if (folder < 0)
		return;
	unlinkat(folder, "fn", 0);
	if (in_force[0] != '\0')
		remove_folder(in_force);
	if (before[0] != '\0')
		remove_folder(before);
	close(folder);
	folder = -1;
}
