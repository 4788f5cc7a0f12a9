// SPDX-License-Identifier: GPL-2.0-only
/*
 * munmap() of all that a page-table page maps frees that page, too. A device
 * may cache where the table is, to walk less: it must forget that with the
 * translations, or it walks memory that is somebody else's.
 */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* What one page of entries maps; the neighbours are in other tables. */
#define BYTES	LARGE_PAGE
#define STRIDE	(BYTES / 16)

static void tables(struct run *run)
{
	char *at = reserve_aligned(run, BYTES, BYTES);

	while (run_next_round(run)) {
		struct sweep *sweep;

		if (mmap(at, BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE |
			 MAP_ANONYMOUS | MAP_FIXED, -1, 0) != at)
			run_broken(run, "mmap: %s", strerror(errno));
		madvise(at, BYTES, MADV_NOHUGEPAGE);
		fill_pattern(at, BYTES, 1);
		sweep = sweep_start(run, at, BYTES, STRIDE, SWEEP_LOAD_STORE);
		sweep_wait_pass(sweep);

		operation_begin(run, "munmap()", at, BYTES);
		if (munmap(at, BYTES))
			run_broken(run, "munmap: %s", strerror(errno));
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(tables) = {
	.name = "tables",
	.title = "unmaps memory together with the page table that maps it",
	.run = tables,
};
