// SPDX-License-Identifier: GPL-2.0-only
/* Guard regions: marked in the page table, where pages were. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

#ifndef MADV_GUARD_INSTALL
#define MADV_GUARD_INSTALL	102
#define MADV_GUARD_REMOVE	103
#endif

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

static void advise(struct run *run, void *at, int advice)
{
	if (madvise(at, BYTES, advice) == 0)
		return;
	if (errno == EINVAL)
		run_skip(run, "this kernel has no MADV_GUARD_INSTALL (Linux 6.13)");
	run_broken(run, "madvise(%d): %s", advice, strerror(errno));
}

static void guard(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD_STORE);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);

		operation_begin(run, "MADV_GUARD_INSTALL", at, BYTES);
		advise(run, at, MADV_GUARD_INSTALL);
		operation_end(run);
		/* Every access asks for a page, and gets none. */
		sweep_wait_pass(sweep);
		run_check(run);

		advise(run, at, MADV_GUARD_REMOVE);
		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(guard) = {
	.name = "guard",
	.title = "makes a guard region of memory that the device goes on asking for",
	.run = guard,
};
