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

#include "fixtures/filesystem.h"
#include "fixtures/partner.h"
#include "fixtures/scenario.h"

/* More than the LRU batches of a CPU hold back from being freed. */
#define BYTES	(64 * SMALL_PAGE)

/**
 * struct mapped - a file that is mapped
 * @file: the file
 * @at: where it is mapped, in the partner, too
 */
struct mapped {
	int file;
	void *at;
};

/* @flags: MAP_SHARED or MAP_PRIVATE. */
static struct mapped map_tmpfs(struct run *run, int flags)
{
	int directory = mount_tmpfs(run, "never");
	int file = create_file(run, directory, BYTES);

	return (struct mapped) { file, map_file(run, file, BYTES, flags) };
}

/* Dirty pages: for these the kernel flushes under the page-table lock. */
static void shared_dontneed(struct run *run)
{
	struct mapped mapped = map_tmpfs(run, MAP_SHARED);
	struct sweep *sweep = sweep_start(run, mapped.at, BYTES, SMALL_PAGE,
					  SWEEP_COUNT);

	while (run_next_round(run)) {
		fill_pattern(mapped.at, BYTES, 1);
		sweep_wait_pass(sweep);

		operation_begin(run, "MADV_DONTNEED", mapped.at, BYTES);
		if (madvise(mapped.at, BYTES, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		operation_end(run);
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
	.run = shared_dontneed,
};

/* @remove: what the partner does; it leaves the file as long as before. */
static void remove_rounds(struct run *run, int flags,
			  int (*remove)(void *context), const char *what)
{
	struct mapped mapped = map_tmpfs(run, flags);
	struct partner *partner = partner_start(run, remove, &mapped);
	struct sweep *sweep = sweep_start(run, mapped.at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(mapped.at, BYTES, 1);
		sweep_wait_pass(sweep);

		operation_begin(run, what, mapped.at, BYTES);
		partner_work(partner, what);
		operation_end(run);
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
	struct mapped *mapped = context;

	return fallocate(mapped->file, FALLOC_FL_PUNCH_HOLE |
			 FALLOC_FL_KEEP_SIZE, 0, BYTES) ? errno : 0;
}

static void punch_hole_scenario(struct run *run)
{
	remove_rounds(run, MAP_SHARED, punch, "fallocate");
}

SCENARIO(punch_hole) = {
	.name = "punch-hole",
	.title = "lets another process punch a hole in a file that is mapped",
	.run = punch_hole_scenario,
};

/* Behind the end of the file the device gets no translation. */
static int truncate_and_grow(void *context)
{
	struct mapped *mapped = context;

	if (ftruncate(mapped->file, 0) || ftruncate(mapped->file, BYTES))
		return errno;
	return 0;
}

static void truncate_scenario(struct run *run)
{
	remove_rounds(run, MAP_SHARED, truncate_and_grow, "ftruncate");
}

SCENARIO(truncate) = {
	.name = "truncate",
	.title = "lets another process truncate a file that is mapped",
	.run = truncate_scenario,
};

/* Copies that the process made go with the pages that they are of. */
static void truncate_private(struct run *run)
{
	remove_rounds(run, MAP_PRIVATE, truncate_and_grow, "ftruncate");
}

SCENARIO(truncate_private) = {
	.name = "truncate-private",
	.title = "lets another process truncate a file of which there are private copies",
	.run = truncate_private,
};

static int advise_remove(void *context)
{
	struct mapped *mapped = context;

	return madvise(mapped->at, BYTES, MADV_REMOVE) ? errno : 0;
}

static void madvise_remove(struct run *run)
{
	remove_rounds(run, MAP_SHARED, advise_remove, "madvise(MADV_REMOVE)");
}

SCENARIO(madvise_remove) = {
	.name = "madvise-remove",
	.title = "lets another process give up shared memory, by MADV_REMOVE",
	.run = madvise_remove,
};
