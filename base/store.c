/* SPDX-License-Identifier: MIT */
/* store -- see store.h. */
#include "store.h"

#include <errno.h>
#include <fcntl.h>
#include <json-c/json.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "json_in.h"

enum {
	READ_BYTES = 16 * 1024,
};

/* Where a reason goes. */
struct why {
	char *text;
	size_t size;
};

static bool bad(const struct why *why, const char *fmt, ...) PRINTF_LIKE(2, 3);

static bool
bad(const struct why *why, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	vsnprintf(why->text, why->size, fmt, ap);
	va_end(ap);
	return false;
}

bool
store_is_hash(const char *text)
{
	return strlen(text) == STORE_HASH_CHARS &&
	       strspn(text, "0123456789abcdef") == STORE_HASH_CHARS;
}

bool
store_path(char *to, const char *store, const char *hash, const char *file)
{
	int len = snprintf(to, STORE_PATH_MAX, "%s/%s/%s", store, hash, file);

	return len > 0 && len < STORE_PATH_MAX;
}

/* The whole of a file of JSON; NULL when it cannot be had, with errno ENOENT
 * when there is none. */
static struct json_object *
read_file_of_json(const char *path, const struct why *why)
{
	struct buf text = buf_new(STORE_FILE_MAX_BYTES);
	struct json_object *root = NULL;
	enum json_in_status st;
	char chunk[READ_BYTES];
	int fd, error;
	ssize_t n;

	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0) {
		error = errno;
		bad(why, "%s: %s", path, strerror(error));
		errno = error;
		return NULL;
	}
	do {
		n = read(fd, chunk, sizeof(chunk));
		if (n > 0)
			buf_add(&text, chunk, (size_t)n);
	} while (n > 0 || (n < 0 && errno == EINTR));
	error = errno;
	close(fd);
	if (n < 0)
		bad(why, "%s: %s", path, strerror(error));
	else if (text.failed || text.len == 0)
		bad(why, "%s is %s", path,
		    text.no_memory ? "more than memory has room for"
		    : text.failed  ? "too long"
		                   : "empty");
	else if ((st = json_in_parse(text.data, text.len, &root)) != JSON_IN_OK)
		bad(why, "%s %s", path, json_in_message(st));
	else if (!json_object_is_type(root, json_type_object)) {
		bad(why, "%s is no JSON object", path);
		json_object_put(root);
		root = NULL;
	}
	buf_free(&text);
	errno = EINVAL;
	return root;
}

/* The text of a member; NULL when it is absent, or no text. */
static const char *
text_in(struct json_object *from, const char *key)
{
	struct json_object *value;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_string))
		return NULL;
	return json_object_get_string(value);
}

/* The number of a member; 0 when it is absent, none, or not 1 to max. */
static int
number_in(struct json_object *from, const char *key, int max)
{
	struct json_object *value;
	int64_t number;

	if (!json_object_object_get_ex(from, key, &value) ||
	    !json_object_is_type(value, json_type_int))
		return 0;
	number = json_object_get_int64(value);
	return number < 1 || number > max ? 0 : (int)number;
}

/* A HASH, or nothing where it may be absent. */
static bool
take_hash(struct json_object *from, const char *key, bool needed,
    char to[STORE_HASH_CHARS + 1])
{
	const char *text = text_in(from, key);

	if (text == NULL)
		return !needed;
	if (!store_is_hash(text))
		return false;
	memcpy(to, text, STORE_HASH_CHARS + 1);
	return true;
}

static bool
take_function(struct json_object *from, struct store_function *to)
{
	const char *name;

	if (!json_object_is_type(from, json_type_object))
		return false;
	name = text_in(from, "name");
	if (name == NULL || descriptor_name_problem(name) != NULL)
		return false;
	snprintf(to->name, sizeof(to->name), "%s", name);
	to->share = number_in(from, "share", 100);
	return take_hash(from, "release", true, to->release) &&
	       take_hash(from, "previous", false, to->previous) &&
	       take_hash(from, "canary", false, to->canary) &&
	       (to->canary[0] == '\0') == (to->share == 0);
}

static bool
take_generation(struct json_object *root, struct store_generation *g,
    const char *path, const struct why *why)
{
	const char *at = text_in(root, "at"), *reason = text_in(root, "why");
	struct json_object *list;
	size_t n;

	g->number = number_in(root, "generation", STORE_GENERATION_MAX);
	if (g->number == 0 || at == NULL || reason == NULL ||
	    !json_object_object_get_ex(root, "functions", &list) ||
	    !json_object_is_type(list, json_type_array))
		return bad(why, "%s is no generation", path);
	n = json_object_array_length(list);
	if (n > STORE_FUNCTIONS_MAX)
		return bad(
		    why, "%s has over %d functions", path, STORE_FUNCTIONS_MAX);
	g->at = strdup(at);
	g->why = strdup(reason);
	g->functions = calloc(n + 1, sizeof(*g->functions));
	if (g->at == NULL || g->why == NULL || g->functions == NULL)
		return bad(why, "memory is out");
	for (; g->n < (int)n; g->n++) {
		if (!take_function(
		        json_object_array_get_idx(list, (size_t)g->n),
		        &g->functions[g->n]))
			return bad(why, "%s: function %d is none", path, g->n);
		if (g->n > 0 && strcmp(g->functions[g->n - 1].name,
		                    g->functions[g->n].name) >= 0)
			return bad(why, "%s is not sorted by name", path);
	}
	return true;
}

enum store_status
store_read(const char *store, const char *app, int number,
    struct store_generation *g, char *problem, size_t size)
{
	struct why why = {problem, size};
	char path[STORE_PATH_MAX], file[32] = "current";
	struct json_object *root;
	struct stat st;
	bool good;

	*g = (struct store_generation){0};
	if (number > 0)
		snprintf(file, sizeof(file), "%d.json", number);
	if (!store_path(path, store, app, file)) {
		bad(&why, "the path of the store is too long");
		return STORE_BAD;
	}
	root = read_file_of_json(path, &why);
	/* A link that leads nowhere is a fault, and no beginning. */
	if (root == NULL)
		return errno == ENOENT && lstat(path, &st) != 0 ? STORE_NONE
		                                                : STORE_BAD;
	good = take_generation(root, g, path, &why);
	json_object_put(root);
	if (good && number > 0 && g->number != number)
		good = bad(&why, "%s is generation %d", path, g->number);
	if (good)
		return STORE_READ;
	store_free(g);
	return STORE_BAD;
}

bool
store_make_current(const char *store, const char *app, int number)
{
	char link[STORE_PATH_MAX], beside[STORE_PATH_MAX], file[32];

	snprintf(file, sizeof(file), "%d.json", number);
	if (!store_path(link, store, app, "current") ||
	    !store_path(beside, store, app, "current~")) {
		errno = ENAMETOOLONG;
		return false;
	}
	if (unlink(beside) != 0 && errno != ENOENT)
		return false;
	return symlink(file, beside) == 0 && rename(beside, link) == 0;
}

void
store_free(struct store_generation *g)
{
	free(g->at);
	free(g->why);
	free(g->functions);
	*g = (struct store_generation){0};
}

static int
by_function_name(const void *key, const void *element)
{
	const struct store_function *f = element;

	return strcmp(key, f->name);
}

const struct store_function *
store_find(const struct store_generation *g, const char *name)
{
	if (g->n == 0)
		return NULL;
	return bsearch(name, g->functions, (size_t)g->n, sizeof(*g->functions),
	    by_function_name);
}

struct descriptor *
store_printed(const char *store, const char *hash, const char *name,
    struct json_object **printed, char *problem, size_t size)
{
	struct why why = {problem, size};
	char program[STORE_PATH_MAX], path[STORE_PATH_MAX];
	struct json_object *root;
	struct descriptor *d;

	*printed = NULL;
	if (!store_path(program, store, hash, name) ||
	    !store_path(path, store, hash, "describe.json")) {
		bad(&why, "the path of the store is too long");
		return NULL;
	}
	if (access(program, X_OK) != 0) {
		bad(&why, "%s: %s", program, strerror(errno));
		return NULL;
	}
	root = read_file_of_json(path, &why);
	if (root == NULL)
		return NULL;
	d = descriptor_take(program, root, problem, size);
	if (d != NULL)
		*printed = root;
	else
		json_object_put(root);
	return d;
}

struct descriptor *
store_descriptor(const char *store, const char *hash, const char *name,
    char *problem, size_t size)
{
	struct json_object *printed;
	struct descriptor *d;

	d = store_printed(store, hash, name, &printed, problem, size);
	json_object_put(printed);
	return d;
}
