// SPDX-License-Identifier: GPL-2.0-only
/*
 * NUMA balancing moves large pages to the node of the thread that touches them:
 * the seed of rule C. It takes the access away first (change_prot_numa), and
 * migrates at the fault that follows. A device that was not told of either
 * stores to the page while it is copied.
 *
 * The fault of a device's page request says, too, who touches the page, so the
 * device threads run on that same node.
 */
#include <stdint.h>

#include "fixtures/scenario.h"
#include "model/wait_until.h"
#include "runner/setting.h"

#define PAGES	32
#define BYTES	(PAGES * LARGE_PAGE)
#define STRIDE	(LARGE_PAGE / 16)

#define TOUCHES		200
#define TIMEOUT_S	20

#define BALANCING	"/sys/kernel/debug/sched/numa_balancing/"

static void balance_fast(struct run *run)
{
	/*
	 * All memory at each scan. The kernel bounds how much it scans in a
	 * second, so more at once would make the scans rarer.
	 */
	static const struct setting settings[] = {
		{ BALANCING "scan_size_mb", "64" },
		{ BALANCING "scan_delay_ms", "1" },
		{ BALANCING "scan_period_min_ms", "1" },
		{ BALANCING "scan_period_max_ms", "1" },
		{ "/proc/sys/kernel/numa_balancing", "1" },
	};

	if (!settings_change(run, settings,
			     sizeof(settings) / sizeof(settings[0])))
		run_skip(run, "no NUMA balancing to set up: the kernel needs CONFIG_NUMA_BALANCING=y and CONFIG_SCHED_DEBUG=y, and debugfs: mount -t debugfs none /sys/kernel/debug");
}

static void touch(void *at)
{
	int i, page;

	for (i = 0; i < TOUCHES; i++) {
		for (page = 0; page < PAGES; page++)
			(void)*(volatile char *)(at + page * LARGE_PAGE);
	}
}

static size_t touch_and_count(struct run *run, void *at, int node)
{
	touch(at);
	return pages_elsewhere(run, at, BYTES, LARGE_PAGE, node);
}

/* Touches the memory from a node until it is there. */
static void pull(struct run *run, void *at, int node)
{
	size_t left;

	spin_until((left = touch_and_count(run, at, node)) == 0, TIMEOUT_S);
	if (left > 0)
		run_skip(run, "%zu of %d pages did not come to node %d in %d seconds; free some memory there",
			 left, PAGES, node, TIMEOUT_S);
}

static void numa_migrate(struct run *run)
{
	struct nodes nodes = need_two_nodes(run);
	struct sweep *sweep;
	void *at;

	balance_fast(run);
	at = map_large(run, BYTES);
	sweep = sweep_start(run, at, BYTES, STRIDE, SWEEP_COUNT);
	while (run_next_round(run)) {
		int to = node_of(run, at) == nodes.first ? nodes.second
							 : nodes.first;

		run_task_on_node(run, 0, to);
		sweep_run_on_node(sweep, to);
		sweep_wait_pass(sweep);
		operation_begin(run, "NUMA balancing", at, BYTES);
		pull(run, at, to);
		operation_end(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
}

SCENARIO(numa_migrate) = {
	.name = "numa-migrate",
	/* NUMA balancing takes its time. */
	.slow = true,
	.title = "lets NUMA balancing migrate large pages that the device writes to",
	.run = numa_migrate,
};
