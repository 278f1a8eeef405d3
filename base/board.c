/* SPDX-License-Identifier: MIT */
/* board -- see board.h. */
#include "board.h"

#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "stamp.h"

struct board_slot *
board_attach(void)
{
	const char *text;
	struct board *board;
	char *end;
	long slot;

	text = getenv("MAYFLY_SLOT");
	if (text == NULL)
		return NULL;
	slot = strtol(text, &end, 10);
	if (end == text || *end != '\0' || slot < 0 || slot >= BOARD_SLOTS)
		return NULL;
	board = mmap(NULL, sizeof(*board), PROT_READ | PROT_WRITE, MAP_SHARED,
	    BOARD_FD_BOARD, 0);
	if (board == MAP_FAILED)
		return NULL;
	close(BOARD_FD_BOARD);
	return &board->slots[slot];
}

void
board_enter(struct board_slot *slot, enum board_state state)
{
	atomic_store(&slot->since_ns, stamp_monotonic_ns());
	atomic_store(&slot->state, state);
}
