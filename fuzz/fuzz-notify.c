/* SPDX-License-Identifier: MIT */
/*
 * fuzz-notify -- any bytes as a message to mayfly-hold.  What must hold: a name
 * is one that LISTEN_FDNAMES can carry, nobody stores and removes at once, and
 * a line that means nothing, put before the others, changes nothing.
 */
#undef NDEBUG
#include <assert.h>
#include <stdlib.h>
#include <string.h>

#include "die.h"
#include "notify.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
	static const char other[] = "X_MORE=FDSTORE=1\n";
	struct span message = {(const char *)data, len};
	struct notify n, again;
	bool good = notify_parse(message, &n);
	char *more;

	if (len + sizeof(other) - 1 > NOTIFY_BYTES_MAX || len == 0)
		return 0;
	more = xmalloc(len + sizeof(other));
	more[len + sizeof(other) - 1] = '\0';
	memcpy(more, other, sizeof(other) - 1);
	memcpy(more + sizeof(other) - 1, data, len);
	message = (struct span){more, len + sizeof(other) - 1};
	/* Only what is nothing but ends of lines becomes a message by it. */
	if (strspn((const char *)more + sizeof(other) - 1, "\n") < len)
		assert(notify_parse(message, &again) == good);
	if (good) {
		assert(n.name.len >= 1 && n.name.len <= NOTIFY_NAME_MAX);
		for (size_t i = 0; i < n.name.len; i++)
			assert(n.name.at[i] > ' ' && n.name.at[i] <= '~' &&
			       n.name.at[i] != ':');
		assert(!n.store || !n.remove);
		assert(again.ready == n.ready && again.store == n.store &&
		       again.remove == n.remove &&
		       again.stopping == n.stopping &&
		       again.name.len == n.name.len &&
		       memcmp(again.name.at, n.name.at, n.name.len) == 0);
	}
	free(more);
	return 0;
}
