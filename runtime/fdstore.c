/* SPDX-License-Identifier: MIT */
/* fdstore -- see fdstore.h. */
#include "fdstore.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "log.h"
#include "loop.h"
#include "stamp.h"

enum {
	LISTEN_FDS_FIRST = 3, /* SD_LISTEN_FDS_START, sd_listen_fds(3) */
	LINE_BYTES = 12 + FDSTORE_NAME_MAX, /* "FD NAME\n" */
	STATUS_MAX_BYTES = 200,
	OWN_FIRST = 10, /* below are the numbers of instances: board.h */
};

/* What a message to the keeper says. */
enum message_kind {
	MESSAGE_NOTHING, /* taken back */
	MESSAGE_KEEP,
	MESSAGE_FORGET,
	MESSAGE_READY,
	MESSAGE_STATUS, /* the text of that moment */
	MESSAGE_STOPPING,
};

struct message {
	enum message_kind kind;
	struct fdstore_item item;
};

/* What was handed over, by name; the fd of what was taken is -1. */
static struct fdstore_item *items;
static int nitems;

static void on_writable(void *owner, uint32_t events);
static struct watch keeper = {.fd = -1, .on_event = on_writable};
static struct sockaddr_un keeper_address = {.sun_family = AF_UNIX};
static socklen_t keeper_len;
static char *keeper_variable; /* "NOTIFY_SOCKET=...", for fdstore_exec() */

/* A ring; it begins at 0 again whenever it is empty, so that little of its
 * memory is ever touched. */
static struct message queue[FDSTORE_QUEUE_MAX];
static int queue_first, queue_len;
static int64_t retry_ns = INT64_MAX;
static char status_text[STATUS_MAX_BYTES];

/* ---- what was handed over ---- */

static bool
is_item_name(const char *name, size_t len)
{
	if (len == 0 || len > FDSTORE_NAME_MAX)
		return false;
	for (size_t i = 0; i < len; i++) {
		if (name[i] <= ' ' || name[i] > '~' || name[i] == ':')
			return false;
	}
	return true;
}

/* One more; what is no descriptor, or has no name of ours, will be closed with
 * the rest. */
static void
add_item(int fd, const char *name, size_t len)
{
	struct fdstore_item *item = &items[nitems];

	if (!is_item_name(name, len) || fd <= STDERR_FILENO ||
	    fcntl(fd, F_GETFD) < 0)
		return;
	item->fd = fd;
	memcpy(item->name, name, len);
	item->name[len] = '\0';
	nitems++;
}

static bool
make_room(int n)
{
	items = calloc((size_t)n, sizeof(*items));
	return items != NULL;
}

/* A number of the environment; -1 for none. */
static long
variable_number(const char *name)
{
	const char *text = getenv(name);
	char *end;
	long n;

	if (text == NULL || *text < '0' || *text > '9')
		return -1;
	errno = 0;
	n = strtol(text, &end, 10);
	return errno != 0 || *end != '\0' ? -1 : n;
}

/* sd_listen_fds(3). */
static bool
read_listen_fds(void)
{
	const char *at = getenv("LISTEN_FDNAMES");
	long n = variable_number("LISTEN_FDS");
	size_t len;

	if (n <= 0 || at == NULL || variable_number("LISTEN_PID") != getpid())
		return true;
	if (n > FDSTORE_MAX)
		n = FDSTORE_MAX;
	if (!make_room((int)n))
		return false;
	for (int i = 0; i < n; i++) {
		len = strcspn(at, ":");
		add_item(LISTEN_FDS_FIRST + i, at, len);
		at += len;
		at += *at == ':';
	}
	return true;
}

/* The lines of fdstore_exec(). */
static bool
read_lines(const char *text)
{
	int n = 0;
	char *end;
	size_t len;
	long fd;

	for (const char *at = text; *at != '\0'; at++)
		n += *at == '\n';
	if (n == 0)
		return true;
	if (!make_room(n))
		return false;
	while (*text >= '0' && *text <= '9') {
		fd = strtol(text, &end, 10);
		len = strcspn(end, "\n");
		if (*end == ' ' && end[len] == '\n' && fd <= INT32_MAX)
			add_item((int)fd, end + 1, len - 1);
		text = end + len + 1;
	}
	return true;
}

static bool
read_inherited(int fd)
{
	struct stat st;
	char *text;
	bool done;

	if (fstat(fd, &st) != 0)
		return false;
	if (st.st_size > (off_t)FDSTORE_ITEMS_MAX * LINE_BYTES) {
		errno = E2BIG;
		return false;
	}
	text = calloc(1, (size_t)st.st_size + 1);
	if (text == NULL)
		return false;
	done = pread(fd, text, (size_t)st.st_size, 0) == st.st_size &&
	       read_lines(text);
	free(text);
	return done;
}

static int
compare_items(const void *a, const void *b)
{
	const struct fdstore_item *x = a, *y = b;
	int order = strcmp(x->name, y->name);

	return order != 0 ? order : (x->fd > y->fd) - (x->fd < y->fd);
}

/* In order, and of each name the last. */
static void
sort_items(void)
{
	int kept = 0;

	if (nitems > 0)
		qsort(items, (size_t)nitems, sizeof(*items), compare_items);
	for (int i = 0; i < nitems; i++) {
		if (i + 1 < nitems &&
		    strcmp(items[i].name, items[i + 1].name) == 0)
			continue;
		items[kept++] = items[i];
	}
	nitems = kept;
}

/* The original of one that is moved is closed with the rest. */
static bool
move_items(void)
{
	for (int i = 0; i < nitems; i++) {
		if (items[i].fd >= FDSTORE_FIRST) {
			if (fcntl(items[i].fd, F_SETFD, FD_CLOEXEC) != 0)
				return false;
			continue;
		}
		items[i].fd =
		    fcntl(items[i].fd, F_DUPFD_CLOEXEC, FDSTORE_FIRST);
		if (items[i].fd < 0)
			return false;
	}
	return true;
}

static int
compare_descriptors(const void *a, const void *b)
{
	const int *x = a, *y = b;

	return (*x > *y) - (*x < *y);
}

/* Whoever started us may have left us anything. */
static bool
close_others(void)
{
	unsigned first = STDERR_FILENO + 1;
	bool done = true;
	int *kept;

	kept = calloc((size_t)nitems + 1, sizeof(*kept));
	if (kept == NULL)
		return false;
	for (int i = 0; i < nitems; i++)
		kept[i] = items[i].fd;
	qsort(kept, (size_t)nitems, sizeof(*kept), compare_descriptors);
	for (int i = 0; i < nitems && done; i++) {
		if ((unsigned)kept[i] > first)
			done =
			    close_range(first, (unsigned)kept[i] - 1, 0) == 0;
		first = (unsigned)kept[i] + 1;
	}
	done = done && close_range(first, ~0U, 0) == 0;
	free(kept);
	return done;
}

/* ---- the keeper ---- */

static bool
connect_keeper(void)
{
	int fd, moved;

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return false;
	moved = fcntl(fd, F_DUPFD_CLOEXEC, OWN_FIRST);
	close(fd);
	if (moved < 0)
		return false;
	if (connect(moved, (const struct sockaddr *)&keeper_address,
	        keeper_len) != 0) {
		close(moved);
		return false;
	}
	loop_close(&keeper);
	keeper.fd = moved;
	return true;
}

/* sd_notify(3); an address that is none is no keeper. */
static bool
open_keeper(void)
{
	const char *path = getenv("NOTIFY_SOCKET");
	size_t len;

	if (path == NULL || (path[0] != '@' && path[0] != '/'))
		return true;
	len = strlen(path);
	if (len < 2 || len >= sizeof(keeper_address.sun_path))
		return true;
	if (asprintf(&keeper_variable, "NOTIFY_SOCKET=%s", path) < 0) {
		keeper_variable = NULL;
		errno = ENOMEM;
		return false;
	}
	memcpy(keeper_address.sun_path, path, len);
	if (path[0] == '@')
		keeper_address.sun_path[0] = '\0';
	keeper_len = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	(void)connect_keeper(); /* said when it is missed */
	return true;
}

bool
fdstore_open(void)
{
	static const char *const variables[] = {"LISTEN_FDS", "LISTEN_PID",
	    "LISTEN_FDNAMES", "MAYFLY_INHERIT", "NOTIFY_SOCKET"};
	long inherited = variable_number("MAYFLY_INHERIT");
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
	if (inherited > STDERR_FILENO && inherited <= INT32_MAX
	        ? !read_inherited((int)inherited)
	        : !read_listen_fds())
		return false;
	sort_items();
	if (!move_items() || !close_others() || !open_keeper())
		return false;
	for (size_t i = 0; i < LENGTH(variables); i++)
		unsetenv(variables[i]);
	return true;
}

/* ---- messages ---- */

static int
write_message(const struct message *m, char *text, size_t size)
{
	switch (m->kind) {
	case MESSAGE_KEEP:
		return snprintf(
		    text, size, "FDSTORE=1\nFDNAME=%s\nFDPOLL=0", m->item.name);
	case MESSAGE_FORGET:
		return snprintf(
		    text, size, "FDSTOREREMOVE=1\nFDNAME=%s", m->item.name);
	case MESSAGE_READY:
		return snprintf(text, size, "READY=1");
	case MESSAGE_STATUS:
		return snprintf(text, size, "STATUS=%s", status_text);
	case MESSAGE_STOPPING:
		return snprintf(text, size, "STOPPING=1");
	case MESSAGE_NOTHING:
		break;
	}
	return 0;
}

static bool
send_message(const struct message *m)
{
	char text[STATUS_MAX_BYTES + 16];
	union {
		struct cmsghdr header;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = {.bytes = ""};
	struct iovec part = {.iov_base = text};
	struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};

	part.iov_len = (size_t)write_message(m, text, sizeof(text));
	if (part.iov_len == 0)
		return true;
	if (m->kind == MESSAGE_KEEP) {
		message.msg_control = &control;
		message.msg_controllen = sizeof(control);
		control.header.cmsg_level = SOL_SOCKET;
		control.header.cmsg_type = SCM_RIGHTS;
		control.header.cmsg_len = CMSG_LEN(sizeof(int));
		memcpy(CMSG_DATA(&control.header), &m->item.fd, sizeof(int));
	}
	return sendmsg(keeper.fd, &message, MSG_DONTWAIT | MSG_NOSIGNAL) >= 0;
}

static void
lose_keeper(void)
{
	log_error("who keeps the sockets does not listen: %s; they do not "
	          "outlive this process",
	    strerror(errno));
	loop_close(&keeper);
	queue_len = 0;
}

/* What to do when a message could not be sent: true to go on with the next. */
static bool
is_passed_over(const struct message *m)
{
	switch (errno) {
	case EAGAIN:
		if (!loop_add(&keeper, EPOLLOUT))
			retry_ns = stamp_monotonic_ns();
		break;
	case EINTR:
	case ENOBUFS:
	case ENOMEM:
	case ETOOMANYREFS: /* of all processes of this user, unix(7) */
		retry_ns = stamp_monotonic_ns();
		break;
	case ECONNREFUSED:
	case ECONNRESET:
	case ENOTCONN:
	case EPIPE:
		/* One that was started anew has the address that it had. */
		if (connect_keeper() && send_message(m))
			return true;
		if (errno == EAGAIN)
			retry_ns = stamp_monotonic_ns();
		else
			lose_keeper();
		break;
	default:
		log_error("%s is not kept: %s", m->item.name, strerror(errno));
		return true;
	}
	if (retry_ns != INT64_MAX)
		retry_ns += FDSTORE_RETRY_MS * 1000000LL;
	return false;
}

static void
send_queued(void)
{
	const struct message *m;

	if (keeper.added || retry_ns != INT64_MAX)
		return; /* it is not its time yet */
	while (queue_len > 0) {
		m = &queue[queue_first];
		if (!send_message(m) && !is_passed_over(m))
			return;
		queue_first = (queue_first + 1) % FDSTORE_QUEUE_MAX;
		queue_len--;
	}
	queue_first = 0;
}

static void
on_writable(void *owner, uint32_t events)
{
	(void)owner;
	(void)events;
	loop_remove(&keeper);
	send_queued();
}

int64_t
fdstore_tick(int64_t now_ns)
{
	if (retry_ns <= now_ns) {
		retry_ns = INT64_MAX;
		send_queued();
	}
	return retry_ns;
}

bool
fdstore_sent(void)
{
	return queue_len == 0;
}

static bool
enqueue(enum message_kind kind, const char *name, int fd)
{
	static bool told_none, told_full;
	struct message *m;

	if (keeper.fd < 0) {
		if (!told_none && kind == MESSAGE_KEEP)
			log_info("nobody keeps the sockets: they do not "
			         "outlive this process");
		told_none = told_none || kind == MESSAGE_KEEP;
		return false;
	}
	if (queue_len == FDSTORE_QUEUE_MAX) {
		if (!told_full)
			log_error("who keeps the sockets does not read");
		told_full = true;
		return false;
	}
	m = &queue[(queue_first + queue_len++) % FDSTORE_QUEUE_MAX];
	m->kind = kind;
	m->item.fd = fd;
	snprintf(m->item.name, sizeof(m->item.name), "%s", name);
	send_queued();
	return true;
}

bool
fdstore_keep(const char *name, int fd)
{
	if (!is_item_name(name, strlen(name))) {
		log_error("bug: \"%s\" is no name to keep", name);
		return false;
	}
	return enqueue(MESSAGE_KEEP, name, fd);
}

void
fdstore_forget(const char *name)
{
	struct message *m;

	if (!is_item_name(name, strlen(name)))
		return;
	/* Its descriptor is not ours any more when its turn comes. */
	for (int i = 0; i < queue_len; i++) {
		m = &queue[(queue_first + i) % FDSTORE_QUEUE_MAX];
		if (m->kind == MESSAGE_KEEP && strcmp(m->item.name, name) == 0)
			m->kind = MESSAGE_NOTHING;
	}
	enqueue(MESSAGE_FORGET, name, -1);
}

void
fdstore_ready(void)
{
	enqueue(MESSAGE_READY, "", -1);
}

void
fdstore_status(const char *text)
{
	size_t len = strcspn(text, "\n");

	if (len >= sizeof(status_text))
		len = sizeof(status_text) - 1;
	memcpy(status_text, text, len);
	status_text[len] = '\0';
	enqueue(MESSAGE_STATUS, "", -1);
}

void
fdstore_stopping(void)
{
	enqueue(MESSAGE_STOPPING, "", -1);
}

/* ---- taking, handing on ---- */

int
fdstore_take(const char *name)
{
	int low = 0, high = nitems, middle, order, fd;

	while (low < high) {
		middle = low + (high - low) / 2;
		order = strcmp(items[middle].name, name);
		if (order == 0) {
			fd = items[middle].fd;
			items[middle].fd = -1;
			return fd;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return -1;
}

const char *
fdstore_name(int i)
{
	if (i < 0 || i >= nitems)
		return NULL;
	return items[i].fd >= 0 ? items[i].name : "";
}

void
fdstore_close_rest(void)
{
	int closed = 0;

	for (int i = 0; i < nitems; i++) {
		if (items[i].fd < 0)
			continue;
		close(items[i].fd);
		fdstore_forget(items[i].name);
		closed++;
	}
	if (closed > 0)
		log_info("%d descriptors from before are of no use", closed);
	free(items);
	items = NULL;
	nitems = 0;
}

/* The lines, in a memfd; -1 with errno. */
static int
make_inherit(const struct fdstore_item *list, int n)
{
	size_t size = (size_t)n * LINE_BYTES + 1, len = 0;
	char *text;
	int fd;

	if (n > FDSTORE_ITEMS_MAX) {
		errno = E2BIG;
		return -1;
	}
	text = calloc(1, size);
	if (text == NULL)
		return -1;
	for (int i = 0; i < n; i++)
		len += (size_t)snprintf(text + len, size - len, "%d %s\n",
		    list[i].fd, list[i].name);
	fd = memfd_create("mayfly-inherit", MFD_CLOEXEC);
	if (fd >= 0 && pwrite(fd, text, len, 0) != (ssize_t)len) {
		close(fd);
		fd = -1;
	}
	free(text);
	return fd;
}

static bool
let_pass(const struct fdstore_item *list, int n, int flags)
{
	for (int i = 0; i < n; i++) {
		if (fcntl(list[i].fd, F_SETFD, flags) != 0)
			return false;
	}
	return true;
}

/* environ with what fdstore_open() took out of it. */
static char **
make_exec_environment(char *inherit)
{
	char **envp;
	size_t n = 0;

	while (environ[n] != NULL)
		n++;
	envp = calloc(n + 3, sizeof(*envp));
	if (envp == NULL)
		return NULL;
	memcpy(envp, environ, n * sizeof(*envp));
	envp[n++] = inherit;
	envp[n] = keeper_variable;
	return envp;
}

bool
fdstore_exec(const char *path, char *const argv[],
    const struct fdstore_item *list, int n)
{
	char inherit[40];
	char **envp;
	int fd, saved;

	fd = make_inherit(list, n);
	if (fd < 0)
		return false;
	snprintf(inherit, sizeof(inherit), "MAYFLY_INHERIT=%d", fd);
	envp = make_exec_environment(inherit);
	if (envp != NULL && let_pass(list, n, 0) && fcntl(fd, F_SETFD, 0) == 0)
		execve(path, argv, envp);
	saved = errno;
	(void)let_pass(list, n, FD_CLOEXEC);
	free(envp);
	close(fd);
	errno = saved;
	return false;
}
