// SPDX-License-Identifier: GPL-2.0-only
/* mmap(MAP_FIXED) unmaps what was there before. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

static void map_over(struct run *run, void *at)
{
	if (mmap(at, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE |
		 MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at)
		run_broken(run, "mmap: %s", strerror(errno));
}

static void map_fixed(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);

		operation_begin(run, "mmap(MAP_FIXED)", at, BYTES);
		map_over(run, at);
		operation_end(run);
		/* The device faults the new memory in. */
		sweep_wait_pass(sweep);

		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(map_fixed) = {
	.name = "map-fixed",
	.title = "maps over memory that the device writes to, by MAP_FIXED",
	.run = map_fixed,
};
