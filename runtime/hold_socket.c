/* SPDX-License-Identifier: MIT */
/* hold_socket -- see hold_socket.h. */
#include "hold_socket.h"

#include <errno.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "hold_store.h"
#include "log.h"

static int socket_fd = -1;
static char socket_name[16]; /* "@" and five hex digits: unix(7), autobind */

int
hold_socket_open(void)
{
	struct sockaddr_un address = {.sun_family = AF_UNIX};
	socklen_t len = sizeof(address);
	int fd, yes = 1;

	fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0 ||
	    setsockopt(fd, SOL_SOCKET, SO_PASSCRED, &yes, sizeof(yes)) != 0 ||
	    bind(fd, (const struct sockaddr *)&address,
	        sizeof(address.sun_family)) != 0 ||
	    getsockname(fd, (struct sockaddr *)&address, &len) != 0)
		return -1;
	snprintf(socket_name, sizeof(socket_name), "@%.*s",
	    (int)(len - offsetof(struct sockaddr_un, sun_path) - 1),
	    address.sun_path + 1);
	socket_fd = hold_store_above(fd);
	return socket_fd;
}

const char *
hold_socket_name(void)
{
	return socket_name;
}

static void
read_control(struct msghdr *header, struct hold_message *m)
{
	struct cmsghdr *c;
	struct ucred who;
	size_t bytes;

	for (c = CMSG_FIRSTHDR(header); c != NULL; c = CMSG_NXTHDR(header, c)) {
		bytes = c->cmsg_len - CMSG_LEN(0);
		if (c->cmsg_level != SOL_SOCKET)
			continue;
		if (c->cmsg_type == SCM_RIGHTS) {
			memcpy(m->fds, CMSG_DATA(c), bytes);
			m->nfds = (int)(bytes / sizeof(m->fds[0]));
		} else if (c->cmsg_type == SCM_CREDENTIALS) {
			memcpy(&who, CMSG_DATA(c), sizeof(who));
			m->sender = who.pid;
		}
	}
}

bool
hold_socket_receive(struct hold_message *m)
{
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(struct ucred)) +
		           CMSG_SPACE(sizeof(m->fds))];
	} control;
	struct iovec part = {.iov_base = m->text, .iov_len = sizeof(m->text)};
	struct msghdr header = {
	    .msg_iov = &part,
	    .msg_iovlen = 1,
	    .msg_control = &control,
	    .msg_controllen = sizeof(control),
	};
	ssize_t len;

	do
		len = recvmsg(
		    socket_fd, &header, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
	while (len < 0 && errno == EINTR);
	if (len < 0)
		return false;
	m->sender = 0;
	m->nfds = 0;
	read_control(&header, m);
	m->valid =
	    m->sender != 0 && (header.msg_flags & MSG_TRUNC) == 0 &&
	    notify_parse((struct span){m->text, (size_t)len}, &m->notify);
	if ((header.msg_flags & MSG_CTRUNC) != 0)
		log_warn(
		    "there was no room for a descriptor of %d", (int)m->sender);
	return true;
}

void
hold_socket_discard(struct hold_message *m)
{
	for (int i = 0; i < m->nfds; i++)
		close(m->fds[i]);
	m->nfds = 0;
}
