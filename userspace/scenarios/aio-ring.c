// SPDX-License-Identifier: GPL-2.0-only
/*
 * The ring of an asynchronous I/O context is memory of the process that the kernel
 * writes to. It can be migrated, and has a way of its own to do that: it copies
 * the page with the ring's lock held.
 */
#include <errno.h>
#include <linux/aio_abi.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "fixtures/scenario.h"

/* The first page has a header; events that nobody waits for are behind it. */
#define EVENTS		1024
#define EVENTS_AT(ring)	((char *)(ring) + SMALL_PAGE)
#define BYTES		(4 * SMALL_PAGE)

static aio_context_t set_up(struct run *run)
{
	aio_context_t context = 0;

	if (syscall(SYS_io_setup, EVENTS, &context))
		run_skip(run, "io_setup: %s; the kernel needs CONFIG_AIO=y, and room in /proc/sys/fs/aio-max-nr",
			 strerror(errno));
	return context;
}

static void aio_ring(struct run *run)
{
	struct nodes nodes = need_two_nodes(run);
	/* What the kernel calls the context is where its ring is. */
	aio_context_t context = set_up(run);
	char *at = EVENTS_AT(context);
	struct sweep *sweep = sweep_start(run, at, BYTES, SMALL_PAGE,
					  SWEEP_COUNT);

	while (run_next_round(run)) {
		int to = node_of(run, at) == nodes.first ? nodes.second
							 : nodes.first;

		sweep_wait_pass(sweep);
		operation_begin(run, "migration", at, BYTES);
		move_to_node(run, at, BYTES, SMALL_PAGE, to);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
	syscall(SYS_io_destroy, context);
}

SCENARIO(aio_ring) = {
	.name = "aio-ring",
	.title = "migrates the ring of an asynchronous I/O context that the device writes to",
	.run = aio_ring,
};
