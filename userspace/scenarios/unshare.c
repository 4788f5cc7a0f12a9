// SPDX-License-Identifier: GPL-2.0-only
/*
 * Copies without a write: whoever pins a page for reading that a child shares gets
 * a copy of it for good (FAULT_FLAG_UNSHARE), as a page that is pinned must stay
 * the process's. process_vm_readv() pins what it reads.
 */
#include <errno.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

#include "fixtures/scenario.h"

#define BYTES	(16 * SMALL_PAGE)

static void read_pinned(struct run *run, void *at, size_t bytes)
{
	static char copy[BYTES];
	const struct iovec to = { copy, bytes };
	const struct iovec from = { at, bytes };

	if (process_vm_readv(getpid(), &to, 1, &from, 1, 0) != (ssize_t)bytes)
		run_broken(run, "process_vm_readv: %s", strerror(errno));
}

static void cow_unshare(struct run *run)
{
	void *at = map_small(run, BYTES);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD);
	while (run_next_round(run)) {
		pid_t child;

		fill_pattern(at, BYTES, 1);
		child = child_fork(run);
		sweep_wait_pass(sweep);

		operation_begin(run, "unsharing", at, BYTES);
		read_pinned(run, at, BYTES);
		operation_end(run);
		sweep_wait_pass(sweep);

		child_end(run, child);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(cow_unshare) = {
	.name = "cow-unshare",
	.title = "pins pages for reading that a child shares",
	.run = cow_unshare,
};
