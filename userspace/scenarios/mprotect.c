// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <string.h>
#include <sys/mman.h>

#include "fixtures/scenario.h"

#define BYTES	(16 * SMALL_PAGE)

static void protect(struct run *run, void *at, int protection)
{
	if (mprotect(at, BYTES, protection))
		run_broken(run, "mprotect: %s", strerror(errno));
}

static void mprotect_scenario(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD_STORE);
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

SCENARIO(mprotect) = {
	.name = "mprotect",
	.title = "makes memory read-only that the device writes to",
	.run = mprotect_scenario,
};

/*
 * mprotect(PROT_NONE) leaves the entries in the page table, with the page's
 * number and without the hardware's present bit. A device that filled from them
 * would not be told when they go: the kernel flushes nothing for an entry that
 * is not present.
 */
static void prot_none(struct run *run)
{
	char *at = map_small(run, BYTES);
	struct sweep *sweep;

	fill_pattern(at, BYTES, 1);
	sweep = sweep_start(run, at, BYTES, SMALL_PAGE, SWEEP_LOAD_STORE);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);

		operation_begin(run, "mprotect(PROT_NONE)", at, BYTES);
		protect(run, at, PROT_NONE);
		operation_end(run);
		/* Every access asks for a translation, and gets none. */
		sweep_wait_pass(sweep);
		run_check(run);

		protect(run, at, PROT_READ | PROT_WRITE);
		sweep_wait_pass(sweep);
		run_check(run);
	}
	sweep_stop(sweep);
}

SCENARIO(prot_none) = {
	.name = "prot-none",
	.title = "makes memory inaccessible that the device goes on asking for",
	.run = prot_none,
};
