// SPDX-License-Identifier: GPL-2.0-only
/* 512 small pages are copied into a large one, and freed. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

/* Small pages, in memory that may be collapsed. */
static void prepare(struct run *run, void *at)
{
	if (madvise(at, LARGE_PAGE, MADV_NOHUGEPAGE))
		run_skip(run, "this kernel has no transparent huge pages");
	madvise(at, LARGE_PAGE, MADV_DONTNEED);
	fill_pattern(at, LARGE_PAGE, 1);
	madvise(at, LARGE_PAGE, MADV_HUGEPAGE);
}

static void protect(struct run *run, void *at, int protection)
{
	if (mprotect(at, LARGE_PAGE, protection))
		run_broken(run, "mprotect: %s", strerror(errno));
}

static char *reserve(struct run *run)
{
	char *at;

	hold_khugepaged(run);
	at = reserve_aligned(run, LARGE_PAGE, LARGE_PAGE);
	protect(run, at, PROT_READ | PROT_WRITE);
	return at;
}

static void collapse(struct run *run)
{
	char *at = reserve(run);
	struct sweep *sweep;

	while (run_next_round(run)) {
		prepare(run, at);
		sweep = sweep_start(run, at, LARGE_PAGE, LARGE_PAGE / 32,
				    SWEEP_COUNT);
		sweep_wait_pass(sweep);
		operation_begin(run, "collapse", at, LARGE_PAGE);
		must_collapse(run, collapse_now(at));
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop_stored(sweep);
	}
}

SCENARIO(collapse) = {
	.name = "collapse",
	.title = "collapses 4K pages that the device writes to, by MADV_COLLAPSE",
	.run = collapse,
};

/*
 * The device walks the page table while it is taken away: what a walk saw that
 * began before, the device must not keep. It keeps it with --mutant no-recheck.
 */
static void collapse_fill(struct run *run)
{
	char *at = reserve(run);
	struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, SMALL_PAGE,
					  SWEEP_LOAD);

	while (run_next_round(run)) {
		prepare(run, at);
		sweep_wait_pass(sweep);
		/* Has the device translate all of it anew, from now on. */
		protect(run, at, PROT_READ);
		protect(run, at, PROT_READ | PROT_WRITE);
		operation_begin(run, "collapse", at, LARGE_PAGE);
		must_collapse(run, collapse_now(at));
		operation_end(run);

		sweep_wait_pass(sweep);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(collapse_fill) = {
	.name = "collapse-fill",
	.title = "collapses 4K pages while the device begins to translate them",
	.run = collapse_fill,
};
