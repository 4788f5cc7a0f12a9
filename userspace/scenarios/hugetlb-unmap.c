// SPDX-License-Identifier: GPL-2.0-only
/*
 * Ways to give up hugetlbfs pages: these go back to their pool, where the next
 * one takes them from.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixtures/scenario.h"

#define BYTES	(2 * LARGE_PAGE)
#define STRIDE	(LARGE_PAGE / 16)

static void hugetlb_munmap(struct run *run)
{
	while (run_next_round(run)) {
		void *at = map_hugetlb(run, BYTES);
		struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE,
						  SWEEP_LOAD_STORE);

		sweep_wait_pass(sweep);

		operation_begin(run, "munmap()", at, BYTES);
		if (munmap(at, BYTES))
			run_broken(run, "munmap: %s", strerror(errno));
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(hugetlb_munmap) = {
	.name = "hugetlb-munmap",
	.title = "unmaps hugetlbfs pages that the device writes to",
	.run = hugetlb_munmap,
};

static void hugetlb_dontneed(struct run *run)
{
	void *at = map_hugetlb(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);

		operation_begin(run, "MADV_DONTNEED", at, BYTES);
		must_advise(run, at, BYTES, MADV_DONTNEED, "MADV_DONTNEED");
		operation_end(run);
		/* The device faults the memory in again, as zeroes. */
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(hugetlb_dontneed) = {
	.name = "hugetlb-dontneed",
	.title = "gives up hugetlbfs pages that the device writes to, by MADV_DONTNEED",
	.run = hugetlb_dontneed,
};

/* The process takes pages out of a file that it maps. */
static void shrink_rounds(struct run *run, const char *name,
			  void (*shrink)(struct run *run, int fd))
{
	int fd = create_hugetlb_file(run, BYTES);
	void *at = map_hugetlb_file(run, fd, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, STRIDE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		fill_pattern(at, BYTES, 1);
		sweep_wait_pass(sweep);
		operation_begin(run, name, at, BYTES);
		shrink(run, fd);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
	}
	sweep_stop(sweep);
}

static void punch(struct run *run, int fd)
{
	if (fallocate(fd, FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE, 0, BYTES))
		run_broken(run, "fallocate(FALLOC_FL_PUNCH_HOLE): %s",
			   strerror(errno));
}

static void hugetlb_punch(struct run *run)
{
	shrink_rounds(run, "fallocate(FALLOC_FL_PUNCH_HOLE)", punch);
}

SCENARIO(hugetlb_punch) = {
	.name = "hugetlb-punch",
	.title = "punches a hole into a hugetlbfs file that the device writes to",
	.run = hugetlb_punch,
};

static void resize(struct run *run, int fd, off_t size)
{
	if (ftruncate(fd, size))
		run_broken(run, "ftruncate: %s", strerror(errno));
}

static void truncate_and_grow(struct run *run, int fd)
{
	resize(run, fd, 0);
	/* For the next round. */
	resize(run, fd, BYTES);
}

static void hugetlb_truncate(struct run *run)
{
	shrink_rounds(run, "ftruncate()", truncate_and_grow);
}

SCENARIO(hugetlb_truncate) = {
	.name = "hugetlb-truncate",
	.title = "truncates a hugetlbfs file that the device writes to",
	.run = hugetlb_truncate,
};
