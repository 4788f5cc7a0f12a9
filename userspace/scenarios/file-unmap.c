// SPDX-License-Identifier: GPL-2.0-only
/*
 * Shared file memory goes away: the process gives it up, or, through the file,
 * another process does, and the kernel looks for whoever maps it.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "filesystem.h"
#include "partner.h"
#include "scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

/**
 * struct shared - memory of a file
 * @file: the file
 * @at: where it is mapped, in the partner, too
 */
struct shared {
	int file;
	void *at;
};

static struct shared map_shared(struct run *run)
{
	int directory = mount_tmpfs(run, "never");
	int file = create_file(run, directory, BYTES);

	return (struct shared) { file, map_file(run, file, BYTES, MAP_SHARED) };
}

/* Dirty pages: for these the kernel flushes under the page-table lock. */
static void shared_dontneed(struct run *run)
{
	struct shared shared = map_shared(run);
	struct sweep *sweep = sweep_start(run, shared.at, BYTES, SMALL_PAGE,
					  SWEEP_COUNT);

	while (run_next_round(run)) {
		fill_pattern(shared.at, BYTES, 1);
		sweep_wait_pass(sweep);

		if (madvise(shared.at, BYTES, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		run_check(run);
		/* The file has kept all of it. */
		sweep_wait_pass(sweep);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(shared_dontneed) = {
	.name = "shared-dontneed",
	.title = "unmaps dirty pages of a file, by MADV_DONTNEED",
	.sites = SITES_OF_BOTH(.reach = { "zap_pte_range|unmap_page_range",
					  "zap_page_range_single" },
				/* Each of them alone would do. */
				.drop = { "zap_page_range_single" }),
	.run = shared_dontneed,
};

/* @remove: what the partner does; the file is as long as before after it. */
static void remove_rounds(struct run *run, int (*remove)(void *context),
			  const char *what)
{
	struct shared shared = map_shared(run);
	struct partner *partner = partner_start(run, remove, &shared);
	struct sweep *sweep = sweep_start(run, shared.at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(shared.at, BYTES, 1);
		sweep_wait_pass(sweep);

		partner_work(partner, what);
		run_check(run);
		/* The device faults it in again, as zeroes. */
		sweep_wait_pass(sweep);
		run_check(run);
	}
	sweep_stop(sweep);
	partner_end(partner);
}

static int punch(void *context)
{
	struct shared *shared = context;

	return fallocate(shared->file, FALLOC_FL_PUNCH_HOLE |
			 FALLOC_FL_KEEP_SIZE, 0, BYTES) ? errno : 0;
}

static void punch_hole_scenario(struct run *run)
{
	remove_rounds(run, punch, "fallocate");
}

SCENARIO(punch_hole) = {
	.name = "punch-hole",
	.title = "lets another process punch a hole in a file that is mapped",
	.sites = SITES_OF_BOTH(.reach = { "shmem_fallocate" },
				.drop = { "shmem_fallocate" }),
	.run = punch_hole_scenario,
};

/* Behind the end of the file the device gets no translation. */
static int truncate_and_grow(void *context)
{
	struct shared *shared = context;

	if (ftruncate(shared->file, 0) || ftruncate(shared->file, BYTES))
		return errno;
	return 0;
}

static void truncate_scenario(struct run *run)
{
	remove_rounds(run, truncate_and_grow, "ftruncate");
}

SCENARIO(truncate) = {
	.name = "truncate",
	.title = "lets another process truncate a file that is mapped",
	.sites = SITES_OF_BOTH(.reach = { "shmem_setattr" },
				.drop = { "shmem_setattr" }),
	.run = truncate_scenario,
};

static int advise_remove(void *context)
{
	struct shared *shared = context;

	return madvise(shared->at, BYTES, MADV_REMOVE) ? errno : 0;
}

static void madvise_remove(struct run *run)
{
	remove_rounds(run, advise_remove, "madvise(MADV_REMOVE)");
}

SCENARIO(madvise_remove) = {
	.name = "madvise-remove",
	.title = "lets another process give up shared memory, by MADV_REMOVE",
	.sites = SITES_OF_BOTH(.reach = { "shmem_fallocate" },
				.drop = { "shmem_fallocate" }),
	.run = madvise_remove,
};
