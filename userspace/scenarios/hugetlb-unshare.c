// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes that map the same 1G of a hugetlbfs file share the page table for
 * it. What needs a table of its own drops the shared one, and with it every
 * translation of 1G at once; the pages stay where they are, and are faulted in
 * again.
 */
#include <errno.h>
#include <linux/mempolicy.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "run.h"
#include "scenario.h"
#include "userfaultfd.h"

/* What a page table for hugetlbfs pages of 2M maps. */
#define TABLE_BYTES	(1UL << 30)

/* Only these pages exist. */
#define PAGES		2
#define BYTES		(PAGES * LARGE_PAGE)

/* A page may be busy for a while. */
#define TRIES		200

/* There is no reserve for 1G: who finds no page is killed. */
static void need_huge_pages(struct run *run)
{
	munmap(map_hugetlb(run, BYTES), BYTES);
}

static void map_shared(struct run *run, void *at)
{
	void *got = mmap(at, TABLE_BYTES, PROT_READ | PROT_WRITE,
			 MAP_SHARED | MAP_ANONYMOUS | MAP_NORESERVE |
			 MAP_FIXED | MAP_HUGETLB | (21 << MAP_HUGE_SHIFT),
			 -1, 0);

	if (got != at)
		run_broken(run, "mmap: %s", strerror(errno));
}

static void unmap_shared(struct run *run, void *at)
{
	if (mmap(at, TABLE_BYTES, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS |
		 MAP_NORESERVE | MAP_FIXED, -1, 0) != at)
		run_broken(run, "mmap: %s", strerror(errno));
}

static void touch_and_stop(struct run *run, void *at)
	__attribute__((noreturn));

static void touch_and_stop(struct run *run, void *at)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run_forget(run);
	fill_pattern(at, BYTES, 1);
	raise(SIGSTOP);
	_exit(1);
}

/* A child that has made the page table; fork() copies none of shared memory. */
static pid_t fork_sharer(struct run *run, void *at)
{
	pid_t child = fork();
	int status;

	if (child < 0)
		run_broken(run, "fork: %s", strerror(errno));
	if (child == 0)
		touch_and_stop(run, at);
	if (waitpid(child, &status, WUNTRACED) != child || !WIFSTOPPED(status))
		run_broken(run, "the child that shares memory died; free some huge pages, or run: echo 8 > /proc/sys/vm/nr_hugepages");
	return child;
}

/* Then one touch brings what the child touched. */
static void need_shared_table(struct run *run, char *at)
{
	unsigned char there = 0;

	(void)*(volatile char *)at;
	if (mincore(at + LARGE_PAGE, SMALL_PAGE, &there))
		run_broken(run, "mincore: %s", strerror(errno));
	if (!(there & 1))
		run_skip(run, "this kernel shares no page tables; it needs CONFIG_ARCH_WANT_HUGE_PMD_SHARE=y");
}

static void unshare_rounds(struct run *run,
			   void (*unshare)(struct run *run, void *at))
{
	void *at;

	need_huge_pages(run);
	at = reserve_aligned(run, TABLE_BYTES, TABLE_BYTES);
	while (run_next_round(run)) {
		struct sweep *sweep;
		pid_t child;

		map_shared(run, at);
		child = fork_sharer(run, at);
		need_shared_table(run, at);
		sweep = sweep_start(run, at, BYTES, LARGE_PAGE / 16,
				    SWEEP_COUNT);
		sweep_wait_pass(sweep);

		unshare(run, at);
		run_check(run);
		sweep_wait_pass(sweep);
		run_check(run);

		sweep_stop_stored(sweep);
		child_end(run, child);
		unmap_shared(run, at);
	}
}

/* A file per round: the last one went with the mapping. */
static void register_for_wp(struct run *run, void *at)
{
	struct uffd *uffd = uffd_open(run, UFFD_FEATURE_WP_HUGETLBFS_SHMEM);

	uffd_register(uffd, at, TABLE_BYTES, UFFDIO_REGISTER_MODE_WP);
}

/* A piece gets an area of its own, so that none covers 1G any more. */
static void split_area(struct run *run, void *at)
{
	if (madvise(at, TABLE_BYTES / 2, MADV_DONTFORK))
		run_broken(run, "madvise(MADV_DONTFORK): %s", strerror(errno));
}

static void try_to_move(struct run *run, char *at, int node)
{
	void *pages[PAGES] = { at, at + LARGE_PAGE };
	int nodes[PAGES] = { node, node };
	int status[PAGES];

	/* Of other processes, too; tells of what it did not get to nothing. */
	if (syscall(SYS_move_pages, 0, PAGES, pages, nodes, status,
		    MPOL_MF_MOVE_ALL) < 0)
		run_broken(run, "move_pages: %s", strerror(errno));
}

/* Who shares the table of a page loses it before the page migrates. */
static void migrate_pages(struct run *run, void *at)
{
	struct nodes nodes = need_two_nodes(run);
	struct timespec nap = { .tv_nsec = 10000000 };
	int to = node_of(run, at) == nodes.first ? nodes.second : nodes.first;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		try_to_move(run, at, to);
		if (pages_elsewhere(run, at, BYTES, LARGE_PAGE, to) == 0)
			return;
		nanosleep(&nap, NULL);
	}
	run_broken(run, "shared hugetlbfs pages did not migrate to node %d", to);
}

static void hugetlb_migrate_shared(struct run *run)
{
	need_two_nodes(run);
	unshare_rounds(run, migrate_pages);
}

static void uffd_register_scenario(struct run *run)
{
	unshare_rounds(run, register_for_wp);
}

static void hugetlb_split(struct run *run)
{
	unshare_rounds(run, split_area);
}

SCENARIO(uffd_register) = {
	.name = "uffd-register",
	.title = "registers hugetlbfs pages, whose page table a child shares, with a userfaultfd",
	.sites = SITES_OF_BOTH(.reach = { "hugetlb_unshare_pmds",
					  "userfaultfd_register|userfaultfd_ioctl" },
				.drop = { "hugetlb_unshare_pmds" }),
	.run = uffd_register_scenario,
};

SCENARIO(hugetlb_split) = {
	.name = "hugetlb-split",
	.title = "splits an area of hugetlbfs pages, whose page table a child shares",
	.sites = SITES_OF_BOTH(.reach = { "hugetlb_unshare_pmds",
					  "hugetlb_split|__split_vma" },
				.drop = { "hugetlb_unshare_pmds" }),
	.run = hugetlb_split,
};

SCENARIO(hugetlb_migrate_shared) = {
	.name = "hugetlb-migrate-shared",
	.title = "migrates hugetlbfs pages, whose page table a child shares",
	.sites = SITES_OF_BOTH(.reach = { "huge_pmd_unshare_flush",
					  "try_to_migrate_one" },
				.drop = { "try_to_migrate_one" }),
	.run = hugetlb_migrate_shared,
};
