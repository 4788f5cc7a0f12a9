// SPDX-License-Identifier: GPL-2.0-only
/* The heap shrinks: brk() unmaps its end. */
#include <errno.h>
#include <malloc.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "fixtures/scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

/* What malloc() gets while the heap is ours comes out of this. */
#define MALLOC_RESERVE	(1 << 20)

static void reserve_for_malloc(struct run *run)
{
	void *memory;

	mallopt(M_TOP_PAD, MALLOC_RESERVE);
	memory = malloc(MALLOC_RESERVE / 16);
	if (!memory)
		run_broken(run, "out of memory");
	free(memory);
}

/* From a page's first byte on. */
static char *align_break(struct run *run)
{
	uintptr_t end = (uintptr_t)sbrk(0);

	if (sbrk(-end % SMALL_PAGE) == (void *)-1)
		run_broken(run, "sbrk: %s", strerror(errno));
	return sbrk(0);
}

static void move_break(struct run *run, char *from, intptr_t by)
{
	if (sbrk(0) != from)
		run_broken(run, "malloc() took memory from the heap meanwhile");
	if (sbrk(by) == (void *)-1)
		run_broken(run, "sbrk: %s", strerror(errno));
}

static void brk_shrink(struct run *run)
{
	struct sweep *sweep;
	char *at;

	reserve_for_malloc(run);
	at = align_break(run);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD_STORE);
	while (run_next_round(run)) {
		move_break(run, at, BYTES);
		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);

		operation_begin(run, "brk()", at, BYTES);
		move_break(run, at + BYTES, -(intptr_t)BYTES);
		operation_end(run);

		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(brk_shrink) = {
	.name = "brk-shrink",
	.title = "gives up the end of the heap that the device writes to",
	.run = brk_shrink,
};
