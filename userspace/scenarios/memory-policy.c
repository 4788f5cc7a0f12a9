// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory policy moves what somebody else maps, and pieces of large pages.
 */
#include <errno.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "runner/fixture.h"
#include "fixtures/scenario.h"
#include "model/wait_until.h"

#define PAGES		16
#define SMALL_BYTES	(PAGES * SMALL_PAGE)

/* A page may be busy for a while. */
#define BUSY_S	5

static int other_node(struct run *run, void *at)
{
	struct nodes nodes = need_two_nodes(run);

	return node_of(run, at) == nodes.first ? nodes.second : nodes.first;
}

static void bind_to_node(struct run *run, void *at, size_t bytes, int node)
{
	unsigned long mask = 1UL << node;

	/* The kernel takes one bit less than it is told. */
	if (syscall(SYS_mbind, at, bytes, MPOL_BIND, &mask,
		    8 * sizeof(mask), MPOL_MF_MOVE))
		run_broken(run, "mbind: %s", strerror(errno));
}

static size_t bind_and_count(struct run *run, void *at, size_t bytes, int node)
{
	bind_to_node(run, at, bytes, node);
	return pages_elsewhere(run, at, bytes, SMALL_PAGE, node);
}

/* The pages that were busy stay where they are, and the call is good. */
static void bind_until_there(struct run *run, void *at, size_t bytes, int node)
{
	size_t left;

	wait_until((left = bind_and_count(run, at, bytes, node)) == 0, BUSY_S);
	if (left > 0)
		run_skip(run, "%zu of %zu pages did not come to node %d",
			 left, bytes / SMALL_PAGE, node);
}

/*
 * A policy for half of a large page: the area is split, and its entry with it.
 * The page is migrated by its small entries; the device may still hold the large
 * one.
 */
static void mbind_thp(struct run *run)
{
	need_two_nodes(run);
	while (run_next_round(run)) {
		char *at = map_large(run, LARGE_PAGE);
		struct sweep *sweep;

		keep_where_it_is(at, LARGE_PAGE);
		sweep = sweep_start(run, at, LARGE_PAGE, LARGE_PAGE / 16,
				    SWEEP_COUNT);
		sweep_wait_pass(sweep);
		operation_begin(run, "mbind()", at, LARGE_PAGE);
		bind_until_there(run, at, LARGE_PAGE / 2, other_node(run, at));
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_stop_stored(sweep);
		munmap(at, LARGE_PAGE);
	}
}

SCENARIO(mbind_thp) = {
	.name = "mbind-thp",
	.title = "binds half of a transparent huge page to another node",
	.run = mbind_thp,
};

/**
 * struct shared - memory that two processes map
 * @at: where
 * @node: where the child is to move it; shared, too
 */
struct shared {
	char *at;
	volatile int *node;
};

static void *map_shared(struct run *run, size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		run_broken(run, "mmap: %s", strerror(errno));
	return at;
}

static void move_shared(const struct shared *shared)
{
	void *pages[PAGES];
	int nodes[PAGES], status[PAGES];
	int i;

	for (i = 0; i < PAGES; i++) {
		pages[i] = shared->at + i * SMALL_PAGE;
		nodes[i] = *shared->node;
	}
	syscall(SYS_move_pages, 0, PAGES, pages, nodes, status,
		MPOL_MF_MOVE_ALL);
}

static void move_when_woken(const struct shared *shared)
	__attribute__((noreturn));

static void move_when_woken(const struct shared *shared)
{
	int i;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* It moves only what it maps itself. */
	for (i = 0; i < PAGES; i++)
		(void)*(volatile char *)(shared->at + i * SMALL_PAGE);
	for (;;) {
		raise(SIGSTOP);
		move_shared(shared);
	}
}

static void wait_stopped(struct run *run, pid_t child)
{
	int status;

	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
		run_broken(run, "the child that moves pages died");
}

static pid_t fork_mover(struct run *run, const struct shared *shared)
{
	pid_t child = fork();

	if (child < 0)
		run_broken(run, "fork: %s", strerror(errno));
	if (child == 0) {
		run_forget(run);
		move_when_woken(shared);
	}
	wait_stopped(run, child);
	return child;
}

static size_t wake_and_count(struct run *run, const struct shared *shared,
			     pid_t child)
{
	kill(child, SIGCONT);
	wait_stopped(run, child);
	return pages_elsewhere(run, shared->at, SMALL_BYTES, SMALL_PAGE,
			       *shared->node);
}

static void let_child_move(struct run *run, const struct shared *shared,
			   pid_t child)
{
	*shared->node = other_node(run, shared->at);
	if (!wait_until(wake_and_count(run, shared, child) == 0, BUSY_S))
		run_skip(run, "shared pages did not migrate to node %d",
			 *shared->node);
}

/* Not by the process that is told: the kernel finds it by the pages. */
static void migrate_shared(struct run *run)
{
	const struct shared shared = {
		.at = map_shared(run, SMALL_BYTES),
		.node = map_shared(run, SMALL_PAGE),
	};
	struct sweep *sweep;
	pid_t child;

	need_two_nodes(run);
	fill_pattern(shared.at, SMALL_BYTES, 1);
	child = fork_mover(run, &shared);
	sweep = sweep_start(run, shared.at, SMALL_BYTES, SMALL_PAGE,
			    SWEEP_COUNT);
	while (run_next_round(run)) {
		sweep_wait_pass(sweep);
		operation_begin(run, "migration by another process", shared.at,
				SMALL_BYTES);
		let_child_move(run, &shared, child);
		operation_end(run);
		run_check(run);
		sweep_wait_pass(sweep);

		run_check(run);
		sweep_check_stored(sweep);
	}
	sweep_stop_stored(sweep);
	child_end(run, child);
}

SCENARIO(migrate_shared) = {
	.name = "migrate-shared",
	.title = "lets another process migrate pages that both map",
	.run = migrate_shared,
};
