// SPDX-License-Identifier: GPL-2.0-only
/*
 * The kernel takes a page frame away that is going bad, and migrates what is in
 * it; or one that is bad, of which nothing can be saved.
 *
 * The frame is given back to the kernel at once; a run that is killed in
 * between leaves one 4K page out of use until the next boot.
 */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scenario.h"

#ifndef MADV_SOFT_OFFLINE
#define MADV_SOFT_OFFLINE	101
#endif

#define BYTES	(16 * SMALL_PAGE)

/* The page that is taken away. */
#define BAD	(8 * SMALL_PAGE)

#define UNPOISON	"/sys/kernel/debug/hwpoison/unpoison-pfn"

/* The kernel signals us that it took the page, and we know. */
static void ignore(int signal)
{
	(void)signal;
}

static void prepare(struct run *run)
{
	/* SIG_IGN would have us killed: the kernel insists. */
	signal(SIGBUS, ignore);
	if (access(UNPOISON, W_OK))
		run_skip(run, "%s: %s; run: modprobe hwpoison-inject; mount -t debugfs none /sys/kernel/debug",
			 UNPOISON, strerror(errno));
}

static void give_back(struct run *run, uint64_t frame)
{
	FILE *file = fopen(UNPOISON, "w");

	if (file)
		fprintf(file, "%llu", (unsigned long long)frame);
	if (!file || fclose(file))
		run_broken(run, "cannot give page frame %llu back: %s",
			   (unsigned long long)frame, strerror(errno));
}

static void take_away(struct run *run, void *at, int advice)
{
	if (madvise(at, SMALL_PAGE, advice) == 0)
		return;
	if (errno == EINVAL || errno == EPERM)
		run_skip(run, "madvise: %s; the kernel needs CONFIG_MEMORY_FAILURE=y, and the tool CAP_SYS_ADMIN",
			 strerror(errno));
	run_broken(run, "madvise: %s", strerror(errno));
}

static void soft_offline(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep;

	prepare(run);
	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_COUNT);
	while (run_next_round(run)) {
		uint64_t frame = frame_of(run, at + BAD);

		sweep_wait_pass(sweep);
		take_away(run, at + BAD, MADV_SOFT_OFFLINE);
		give_back(run, frame);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(soft_offline) = {
	.name = "soft-offline",
	.title = "takes a page frame out of use that the device writes to",
	.sites = SITES_OF_BOTH(.reach = { "try_to_migrate_one" },
				.drop = { "try_to_migrate_one" }),
	.run = soft_offline,
};

static void hwpoison(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_LOAD_STORE);

	prepare(run);
	while (run_next_round(run)) {
		uint64_t frame;

		fill_pattern(at, BYTES, 1);
		frame = frame_of(run, at + BAD);
		sweep_wait_pass(sweep);

		take_away(run, at + BAD, MADV_HWPOISON);
		/* Nobody reads that page any more, the device no more than us. */
		sweep_wait_pass(sweep);
		run_check(run);

		if (madvise(at + BAD, SMALL_PAGE, MADV_DONTNEED))
			run_broken(run, "madvise(MADV_DONTNEED): %s",
				   strerror(errno));
		give_back(run, frame);
	}
	sweep_stop(sweep);
}

SCENARIO(hwpoison) = {
	.name = "hwpoison",
	.title = "loses a page to a memory failure while the device writes to it",
	.sites = SITES_OF_BOTH(.reach = { "try_to_unmap_one" },
				.drop = { "try_to_unmap_one" }),
	.run = hwpoison,
};
