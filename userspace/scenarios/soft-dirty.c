// SPDX-License-Identifier: GPL-2.0-only
/*
 * Soft-dirty tracking makes all of a process's pages read-only, so that its next
 * store to each is seen. One of a device that was not told goes unseen.
 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "fixtures/scenario.h"

#define BYTES	(16 * SMALL_PAGE)

static void clear_soft_dirty(struct run *run)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	if (fd < 0)
		run_skip(run, "no /proc/self/clear_refs: the kernel needs CONFIG_PROC_PAGE_MONITOR=y");
	if (write(fd, "4", 1) != 1)
		run_broken(run, "/proc/self/clear_refs: %s", strerror(errno));
	close(fd);
}

static void soft_dirty(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD_STORE);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "soft-dirty", at, BYTES);
		clear_soft_dirty(run);
		operation_end(run);
		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(soft_dirty) = {
	.name = "soft-dirty",
	.title = "clears the soft-dirty bits of memory that the device writes to",
	.run = soft_dirty,
};
