// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel merges pages with equal bytes. That the device goes on reading one
 * of the others is legal, for it cannot tell; until the process writes: then the
 * copy must be told before it is seen.
 *
 * The process writes to no page that is about to be merged: up to Linux 6.5, KSM
 * tells the device that it made the page read-only when a fault may already have
 * copied it, and what the device stores meanwhile is lost. Not even one store is
 * safe: where the kernel is slow to return from its fault, it faults again.
 */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "fixtures/scenario.h"
#include "model/wait_until.h"

#define PAGES	16
#define BYTES	(PAGES * SMALL_PAGE)

/* One sees that a page stays as it is, the next one that it equals another. */
#define SCANS	4

#define TIMEOUT_S	20

static long merged_pages(struct run *run)
{
	FILE *file = fopen("/proc/self/ksm_merging_pages", "r");
	long pages;

	if (!file || fscanf(file, "%ld", &pages) != 1)
		run_skip(run, "the kernel does not tell how many pages it merged (/proc/self/ksm_merging_pages): it needs CONFIG_KSM=y");
	fclose(file);
	return pages;
}

static long full_scans(struct run *run)
{
	static const char path[] = "/sys/kernel/mm/ksm/full_scans";
	FILE *file = fopen(path, "r");
	long scans;

	if (!file || fscanf(file, "%ld", &scans) != 1)
		run_broken(run, "cannot read %s", path);
	fclose(file);
	return scans;
}

/*
 * A page that was written to counts as merged until a scan comes by, and the
 * scan under way may be past it: the one after that must have ended.
 */
static void wait_merged(struct run *run)
{
	long scans = full_scans(run) + 2;

	if (!wait_until(full_scans(run) >= scans && merged_pages(run) >= PAGES,
			TIMEOUT_S))
		run_skip(run, "%ld of %d equal pages were merged in %d seconds",
			 merged_pages(run), PAGES, TIMEOUT_S);
}

static void need_ksm(struct run *run)
{
	if (!start_ksm(run))
		run_skip(run, "this kernel does not merge pages; it needs CONFIG_KSM=y");
}

static void *map_mergeable(struct run *run)
{
	void *at;

	need_ksm(run);
	at = map_small(run, BYTES);
	if (madvise(at, BYTES, MADV_MERGEABLE))
		run_broken(run, "madvise(MADV_MERGEABLE): %s", strerror(errno));
	return at;
}

static void ksm(struct run *run)
{
	void *at = map_mergeable(run);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD);
	uint64_t round;

	pause_ksm(run);
	for (round = 1; run_next_round(run); round++) {
		fill_pattern(at, BYTES, 2 * round);
		sweep_wait_pass(sweep);
		preparation_begin(run, "merge by KSM", at, BYTES);
		resume_ksm(run);
		wait_merged(run);
		pause_ksm(run);
		operation_end(run);
		run_check(run);

		sweep_wait_pass(sweep);
		operation_begin(run, "copy on write", at, BYTES);
		fill_pattern(at, BYTES, 2 * round + 1);
		operation_end(run);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(ksm) = {
	.name = "ksm",
	.title = "writes to pages that the kernel merged because they were equal",
	.run = ksm,
};

/*
 * Pauses of 0 to 40 ms, and longer from second to second: a page that is written
 * to all the time is never merged, for each end of a range is held back in the
 * middle of a merge; and the slower the machine, the longer a merge takes.
 */
static void pause_writing(unsigned int nr, long seconds)
{
	long ms = nr % 5 * 10 * (1 + seconds / 2);

	nanosleep(&(struct timespec) { .tv_nsec = ms * 1000000L }, NULL);
}

/* Until some pages were merged; then for some scans more. */
static void write_while_merging(struct run *run, void *at)
{
	struct timespec now, start;
	long scans = LONG_MAX;
	unsigned int writes = 0;

	clock_gettime(CLOCK_MONOTONIC, &start);
	now = start;
	do {
		/* Always the same, so that the pages are equal. */
		fill_pattern(at, BYTES, 1);
		pause_writing(writes++, now.tv_sec - start.tv_sec);
		if (scans == LONG_MAX && merged_pages(run) > 0)
			scans = full_scans(run) + SCANS;
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec > TIMEOUT_S)
			run_skip(run, "no equal pages were merged in %d seconds",
				 TIMEOUT_S);
	} while (full_scans(run) < scans);
}

/* What the other one takes care not to do. */
static void ksm_write(struct run *run)
{
	void *at = map_mergeable(run);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD);

	while (run_next_round(run)) {
		operation_begin(run, "copy on write during a merge by KSM", at,
				BYTES);
		write_while_merging(run, at);
		operation_end(run);
		sweep_wait_pass(sweep);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(ksm_write) = {
	.name = "ksm-write",
	.title = "writes to pages while the kernel merges them",
	.shows = "S1",
	.range_end = 20000,
	/* Each takes seconds, with each end of a range held back. */
	.rounds = 2,
	.slow = true,
	.run = ksm_write,
};
