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
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

#include "scenario.h"

#define PAGES	16
#define BYTES	(PAGES * SMALL_PAGE)

#define TIMEOUT_S	20

static void advise(struct run *run, void *at, int advice)
{
	if (madvise(at, BYTES, advice))
		run_broken(run, "madvise: %s", strerror(errno));
}

static long merged_pages(struct run *run)
{
	FILE *file = fopen("/proc/self/ksm_merging_pages", "r");
	long pages;

	if (!file || fscanf(file, "%ld", &pages) != 1)
		run_skip(run, "the kernel does not tell how many pages it merged (/proc/self/ksm_merging_pages, Linux 5.19)");
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
	struct timespec now, start, nap = { .tv_nsec = 5000000 };
	long scans = full_scans(run);

	clock_gettime(CLOCK_MONOTONIC, &start);
	while (full_scans(run) < scans + 2 || merged_pages(run) < PAGES) {
		clock_gettime(CLOCK_MONOTONIC, &now);
		if (now.tv_sec - start.tv_sec > TIMEOUT_S)
			run_broken(run, "%ld of %d equal pages were merged in %d seconds",
				   merged_pages(run), PAGES, TIMEOUT_S);
		nanosleep(&nap, NULL);
	}
}

static void need_ksm(struct run *run)
{
	if (!start_ksm(run))
		run_skip(run, "this kernel does not merge pages; it needs CONFIG_KSM=y");
}

/* @hold_off: merge nothing while the process writes. */
static void merge_rounds(struct run *run, bool hold_off)
{
	struct sweep *sweep;
	uint64_t round;
	void *at;

	need_ksm(run);
	at = map_small(run, BYTES);
	advise(run, at, MADV_MERGEABLE);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	if (hold_off)
		pause_ksm(run);
	for (round = 1; run_next_round(run); round++) {
		fill_pattern(at, BYTES, 2 * round);
		sweep_wait_pass(sweep);
		resume_ksm(run);
		wait_merged(run);
		if (hold_off)
			pause_ksm(run);
		run_check(run);

		sweep_wait_pass(sweep);
		fill_pattern(at, BYTES, 2 * round + 1);
		run_check(run);
	}
	sweep_stop(sweep);
}

static void ksm(struct run *run)
{
	merge_rounds(run, true);
}

SCENARIO(ksm) = {
	.name = "ksm",
	.title = "writes to pages that the kernel merged because they were equal",
	.sites = SITES_OF_BOTH(.reach = { "write_protect_page|try_to_merge_one_page",
					  "wp_page_copy" },
				.drop = { "wp_page_copy" }),
	.run = ksm,
};

/* What the other one takes care not to do. */
static void ksm_write(struct run *run)
{
	merge_rounds(run, false);
}

SCENARIO(ksm_write) = {
	.name = "ksm-write",
	.title = "writes to pages while the kernel merges them",
	.shows = "S1",
	.range_end = 20000,
	/* Each takes seconds, with each end of a range held back. */
	.rounds = 2,
	.slow = true,
	.sites = SITES_OF_BOTH(.reach = { "write_protect_page|try_to_merge_one_page",
					  "wp_page_copy" },
				.drop = { "wp_page_copy" }),
	.run = ksm_write,
};
