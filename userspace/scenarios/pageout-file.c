// SPDX-License-Identifier: GPL-2.0-only
/* Reclaim of a file's pages: to swap, or just dropped when the disk has them. */
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/filesystem.h"
#include "fixtures/scenario.h"

/* More than the LRU batches of the CPUs hold back from reclaim. */
#define BYTES	(64 * SMALL_PAGE)

static void page_out(struct run *run, void *at)
{
	must_advise(run, at, BYTES, MADV_PAGEOUT, "MADV_PAGEOUT");
}

static void pageout_shmem(struct run *run)
{
	struct sweep *sweep;
	void *at;
	int file;

	need_swap(run);
	file = create_file(run, mount_tmpfs(run, "never"), BYTES);
	at = map_file(run, file, BYTES, MAP_SHARED);
	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "swap-out", at, BYTES);
		page_out(run, at);
		operation_end(run);
		run_check(run);
		/* From swap. */
		sweep_wait_pass(sweep);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(pageout_shmem) = {
	.name = "pageout-shmem",
	.title = "swaps out pages of a tmpfs that the device writes to",
	.run = pageout_shmem,
};

/* The device only loads, so that the pages are clean. */
static void pageout_file(struct run *run)
{
	int file = create_file(run, mount_ext4(run), BYTES);
	void *at = map_file(run, file, BYTES, MAP_SHARED);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	if (msync(at, BYTES, MS_SYNC))
		run_broken(run, "msync: %s", strerror(errno));
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "reclaim", at, BYTES);
		page_out(run, at);
		operation_end(run);
		run_check(run);
		/* From the disk. */
		sweep_wait_pass(sweep);
	}
	sweep_stop(sweep);
}

SCENARIO(pageout_file) = {
	.name = "pageout-file",
	.title = "reclaims clean pages of a file that the device reads",
	.run = pageout_file,
};
