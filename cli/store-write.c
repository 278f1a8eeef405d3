/* SPDX-License-Identifier: MIT */
/* store-write -- see store-write.h: releases. */
#include "store-write.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "out.h"
#include "stamp.h"
#include "store-file.h"

enum {
	COPY_BYTES = 64 * 1024,
	ARRIVAL_MAX_BYTES = 64 * 1024,
};

static bool
copy_failed(char *problem, size_t size, const char *what)
{
	snprintf(problem, size, "%s: %s", what, strerror(errno));
	return false;
}

/* Copy from one to the other, to < 0 for nowhere, and take the hash of what
 * went through.  False with errno. */
static bool
pump(int from, int to, char hash[STORE_HASH_CHARS + 1])
{
	unsigned char digest[crypto_hash_sha256_BYTES];
	crypto_hash_sha256_state state;
	unsigned char *chunk = malloc(COPY_BYTES);
	ssize_t n = -1, done;

	if (chunk == NULL || sodium_init() < 0)
		return false;
	crypto_hash_sha256_init(&state);
	for (;;) {
		n = read(from, chunk, COPY_BYTES);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			break;
		crypto_hash_sha256_update(&state, chunk, (unsigned long long)n);
		done = to < 0 ? n : write(to, chunk, (size_t)n);
		if (done != n) {
			errno = done >= 0 ? ENOSPC : errno;
			n = -1;
			break;
		}
	}
	free(chunk);
	crypto_hash_sha256_final(&state, digest);
	sodium_bin2hex(hash, STORE_HASH_CHARS + 1, digest, sizeof(digest));
	return n == 0;
}

bool
store_write_hash(const char *path, char hash[STORE_HASH_CHARS + 1],
    char *problem, size_t size)
{
	bool good;
	int fd;

	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return copy_failed(problem, size, path);
	good = pump(fd, -1, hash);
	if (!good)
		copy_failed(problem, size, path);
	close(fd);
	return good;
}

bool
store_write_has(const char *store, const char *hash, const char *name)
{
	char path[STORE_PATH_MAX];

	/* A folder is renamed into place when all of it is there. */
	return store_path(path, store, hash, name) && access(path, X_OK) == 0;
}

bool
store_write_take(const char *store, const char *path, const char *name,
    struct store_arrival *arrival, char *problem, size_t size)
{
	int from, to, len;
	bool good;

	*arrival = (struct store_arrival){.folder = ""};
	len = snprintf(
	    arrival->folder, sizeof(arrival->folder), "%s/.new-XXXXXX", store);
	if (len < 0 ||
	    (size_t)len + DESCRIPTOR_NAME_MAX + 2 >= sizeof(arrival->program)) {
		errno = ENAMETOOLONG;
		arrival->folder[0] = '\0';
		return copy_failed(problem, size, store);
	}
	if (mkdtemp(arrival->folder) == NULL) {
		arrival->folder[0] = '\0';
		return copy_failed(problem, size, store);
	}
	memcpy(arrival->program, arrival->folder, (size_t)len);
	snprintf(arrival->program + len, DESCRIPTOR_NAME_MAX + 2, "/%s", name);
	from = open(path, O_RDONLY | O_CLOEXEC);
	to = open(
	    arrival->program, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0700);
	good = from >= 0 && to >= 0 && pump(from, to, arrival->hash) &&
	       fchmod(to, 0555) == 0 && chmod(arrival->folder, 0755) == 0;
	if (!good)
		copy_failed(problem, size, from < 0 ? path : arrival->program);
	if (from >= 0)
		close(from);
	if (to >= 0)
		close(to);
	if (!good)
		store_write_forget(arrival);
	return good;
}

/* Another release of that name with the same first digits would have the same
 * socket. */
static bool
collides(const char *store, const char *hash, const char *name)
{
	struct dirent *entry;
	bool found = false;
	DIR *dir;

	dir = opendir(store);
	while (dir != NULL && !found && (entry = readdir(dir)) != NULL)
		found = strncmp(entry->d_name, hash, STORE_SHORT_CHARS) == 0 &&
		        strcmp(entry->d_name, hash) != 0 &&
		        store_is_hash(entry->d_name) &&
		        store_write_has(store, entry->d_name, name);
	if (dir != NULL)
		closedir(dir);
	return found;
}

/* A text into a file of the folder. */
static bool
write_paper(const struct store_arrival *arrival, const char *file,
    const char *text, size_t len, char *problem, size_t size)
{
	char path[STORE_PATH_MAX];
	int n = snprintf(path, sizeof(path), "%s/%s", arrival->folder, file);

	if (n < 0 || (size_t)n >= sizeof(path)) {
		errno = ENAMETOOLONG;
		return copy_failed(problem, size, file);
	}
	return store_file_put(path, text, len, problem, size);
}

bool
store_write_describe(const char *store, const char *name,
    const struct store_arrival *arrival, struct json_object *printed,
    const char *why, char *problem, size_t size)
{
	struct out o = out_new(ARRIVAL_MAX_BYTES);
	char now[STAMP_TEXT_BYTES];
	const char *text = json_object_to_json_string_ext(
	    printed, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE);
	bool good = false;

	stamp_now(now);
	out_begin(&o, NULL);
	out_text(&o, "at", now);
	out_text(&o, "why", why);
	out_end(&o);
	if (collides(store, arrival->hash, name))
		snprintf(problem, size,
		    "another release of it begins with %.*s, too: change "
		    "anything in it",
		    STORE_SHORT_CHARS, arrival->hash);
	else if (text == NULL || o.buf.failed)
		snprintf(problem, size, "memory is out");
	else
		good = write_paper(arrival, "describe.json", text, strlen(text),
		           problem, size) &&
		       write_paper(arrival, "arrival.json", o.buf.data,
		           o.buf.len, problem, size);
	buf_free(&o.buf);
	return good;
}

static bool
place(const char *store, struct store_arrival *arrival, const char *name,
    char *problem, size_t size)
{
	char to[STORE_PATH_MAX];
	bool there;

	if (!store_path(to, store, arrival->hash, "")) {
		snprintf(problem, size, "the path of the store is too long");
		return false;
	}
	to[strlen(to) - 1] = '\0'; /* the '/' */
	if (!store_file_place(arrival->folder, to, &there, problem, size)) {
		if (!there)
			return false;
		if (!store_write_has(store, arrival->hash, name)) {
			snprintf(problem, size,
			    "%s is in the store under another name",
			    arrival->hash);
			return false;
		}
		store_write_forget(arrival);
	}
	arrival->folder[0] = '\0';
	return true;
}

bool
store_write_place(const char *store, struct store_arrival *const *arrivals,
    const char *const *names, int n, char *problem, size_t size)
{
	if (n == 0)
		return true;
	if (!store_file_flush(store, problem, size))
		return false;
	for (int i = 0; i < n; i++)
		if (!place(store, arrivals[i], names[i], problem, size))
			return false;
	return store_file_sync(store, problem, size);
}

void
store_write_forget(const struct store_arrival *arrival)
{
	if (arrival->folder[0] != '\0')
		store_file_remove(arrival->folder);
}
