// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

#define BYTES	(2 * LARGE_PAGE)

static void protect(struct run *run, void *at, int protection)
{
	if (mprotect(at, BYTES, protection))
		run_broken(run, "mprotect: %s", strerror(errno));
}

static void hugetlb_mprotect(struct run *run)
{
	void *at = map_hugetlb(run, BYTES);
	struct sweep *sweep = sweep_start(run, at, BYTES, LARGE_PAGE / 16,
					  SWEEP_LOAD_STORE);

	while (run_next_round(run)) {
		sweep_wait_pass(sweep);

		/*
		 * The device's stores fail from here on, and its loads go on.
		 */
		operation_begin(run, "mprotect()", at, BYTES);
		protect(run, at, PROT_READ);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		protect(run, at, PROT_READ | PROT_WRITE);
	}
	sweep_stop(sweep);
}

SCENARIO(hugetlb_mprotect) = {
	.name = "hugetlb-mprotect",
	.title = "makes hugetlbfs pages read-only that the device writes to",
	.run = hugetlb_mprotect,
};
