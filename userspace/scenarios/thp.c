// SPDX-License-Identifier: GPL-2.0-only
/*
 * What has a scenario of its own for small pages, done to a transparent huge
 * page, whose one entry the kernel handles in other functions.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "fixtures/scenario.h"
#include "model/wait_until.h"

#define STRIDE	(LARGE_PAGE / 16)

static void protect(struct run *run, void *at, int protection)
{
	if (mprotect(at, LARGE_PAGE, protection))
		run_broken(run, "mprotect: %s", strerror(errno));
}

static void thp_mprotect(struct run *run)
{
	char *at = map_large(run, LARGE_PAGE);
	struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, STRIDE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		sweep_wait_pass(sweep);

		operation_begin(run, "mprotect()", at, LARGE_PAGE);
		protect(run, at, PROT_READ);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		protect(run, at, PROT_READ | PROT_WRITE);
	}
	sweep_stop(sweep);
}

SCENARIO(thp_mprotect) = {
	.name = "thp-mprotect",
	.title = "makes a transparent huge page read-only that the device writes to",
	.run = thp_mprotect,
};

static void clear_soft_dirty(struct run *run)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	if (fd < 0)
		run_skip(run, "no /proc/self/clear_refs: the kernel needs CONFIG_PROC_PAGE_MONITOR=y");
	if (write(fd, "4", 1) != 1)
		run_broken(run, "/proc/self/clear_refs: %s", strerror(errno));
	close(fd);
}

static void thp_soft_dirty(struct run *run)
{
	char *at = map_large(run, LARGE_PAGE);
	struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, STRIDE,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "soft-dirty", at, LARGE_PAGE);
		clear_soft_dirty(run);
		operation_end(run);
		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(thp_soft_dirty) = {
	.name = "thp-soft-dirty",
	.title = "clears the soft-dirty bit of a transparent huge page",
	.run = thp_soft_dirty,
};

static void thp_munmap(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, STRIDE,
						  SWEEP_LOAD_STORE);

		sweep_wait_pass(sweep);

		operation_begin(run, "munmap()", at, LARGE_PAGE);
		if (munmap(at, LARGE_PAGE))
			run_broken(run, "munmap: %s", strerror(errno));
		operation_end(run);

		run_check(run);
		sweep_stop(sweep);
	}
}

SCENARIO(thp_munmap) = {
	.name = "thp-munmap",
	.title = "unmaps a transparent huge page that the device writes to",
	.run = thp_munmap,
};

static void thp_fork(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, STRIDE,
						  SWEEP_LOAD_STORE);
		pid_t child;

		sweep_wait_pass(sweep);
		operation_begin(run, "fork()", at, LARGE_PAGE);
		child = child_fork(run);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop_stored(sweep);
		child_end(run, child);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_fork) = {
	.name = "thp-fork",
	.title = "forks while the device writes to a transparent huge page",
	.run = thp_fork,
};

/*
 * The kernel replaces the huge zero page by a page of its own, or by 4K zero
 * pages of which it copies one.
 */
static void thp_zero_page(struct run *run)
{
	uint64_t round;

	for (round = 1; run_next_round(run); round++) {
		char *at = map_large_zero(run);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, STRIDE,
						  SWEEP_LOAD);

		sweep_wait_pass(sweep);

		operation_begin(run, "copy on write", at, LARGE_PAGE);
		*(volatile uint64_t *)(at + LARGE_PAGE / 2) = round;
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_zero_page) = {
	.name = "thp-zero-page",
	.title = "writes where a read mapped the huge zero page",
	.run = thp_zero_page,
};

#define SPLIT	"/sys/kernel/debug/split_huge_pages"

/* A page that is busy stays whole. */
#define BUSY_S	5

static void split_once(struct run *run, void *at)
{
	int fd = open(SPLIT, O_WRONLY);
	char request[64];
	int length;

	if (fd < 0)
		run_skip(run, "%s: %s; run: mount -t debugfs none /sys/kernel/debug",
			 SPLIT, strerror(errno));
	length = snprintf(request, sizeof(request), "%d,%p,%p", getpid(), at,
			  at + LARGE_PAGE);
	if (write(fd, request, length) < 0)
		run_broken(run, "%s: %s", SPLIT, strerror(errno));
	close(fd);
}

static bool is_split(struct run *run, void *at)
{
	split_once(run, at);
	return !is_mapped_large(run, at);
}

static void split_now(struct run *run, void *at)
{
	if (!wait_until(is_split(run, at), BUSY_S))
		run_skip(run, "the large page was not split in %d seconds",
			 BUSY_S);
}

/*
 * What is left are 4K pages in the same frames, so that a translation of 2M is
 * as good as before; but for those that nobody wrote to, which are freed, and
 * the zero page mapped in their place.
 */
static void thp_split_page(struct run *run)
{
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		char *last = at + LARGE_PAGE - SMALL_PAGE;
		uint64_t frame = present_frame_of(run, last);
		struct sweep *sweep = sweep_start(run, at, LARGE_PAGE, STRIDE,
						  SWEEP_LOAD);

		sweep_wait_pass(sweep);
		operation_begin(run, "split", at, LARGE_PAGE);
		split_now(run, at);
		operation_end(run);
		if (present_frame_of(run, last) == frame)
			run_skip(run, "this kernel frees no page when it splits a large one (Linux 6.12)");
		run_check(run);
		sweep_stop(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(thp_split_page) = {
	.name = "thp-split-page",
	.title = "splits a transparent huge page of which most is zero",
	.run = thp_split_page,
};
