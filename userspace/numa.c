// SPDX-License-Identifier: GPL-2.0-only
/* NUMA for scenarios: raw system calls, for all that is needed is two nodes. */
#include <errno.h>
#include <linux/mempolicy.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#include "scenario.h"

/* Of a node. */
#define CPUS_MAX	1024

/* A page may be busy, or swapped out, for a while. */
#define TRIES	200

/*
 * Parses "0-1,4"; returns how many numbers it stands for, and the first @max.
 */
static int parse_list(const char *list, int *numbers, int max)
{
	int nr = 0;

	while (*list >= '0' && *list <= '9') {
		char *end;
		long first = strtol(list, &end, 10);
		long last = first;

		if (*end == '-')
			last = strtol(end + 1, &end, 10);
		for (; first <= last; first++) {
			if (nr < max)
				numbers[nr] = first;
			nr++;
		}
		list = *end == ',' ? end + 1 : end;
	}
	return nr;
}

/**
 * find_nodes() - two NUMA nodes that have memory
 * @nodes: receives them; twice the same where there are not two
 */
void find_nodes(struct nodes *nodes)
{
	FILE *file = fopen("/sys/devices/system/node/has_memory", "r");
	char list[256] = "";
	int node[2] = { 0, 0 };

	if (file && fgets(list, sizeof(list), file) &&
	    parse_list(list, node, 2) < 2)
		node[1] = node[0];
	if (file)
		fclose(file);
	*nodes = (struct nodes) { node[0], node[1] };
}

/**
 * need_two_nodes() - two NUMA nodes that have memory
 * @run: the run; skipped where there are not two
 */
struct nodes need_two_nodes(struct run *run)
{
	struct nodes nodes;

	find_nodes(&nodes);
	if (nodes.first == nodes.second)
		run_skip(run, "needs two NUMA nodes with memory; boot with numa=fake=2, or give the guest two nodes");
	return nodes;
}

/* Writes where each of the pages is, or a negative errno. */
static void ask_nodes(struct run *run, void *at, size_t stride,
		      unsigned long nr, int *status)
{
	void *pages[nr];
	unsigned long i;

	for (i = 0; i < nr; i++)
		pages[i] = at + i * stride;
	if (syscall(SYS_move_pages, 0, nr, pages, NULL, status, 0) < 0)
		run_broken(run, "move_pages: %s", strerror(errno));
}

static void try_to_move(struct run *run, void *at, size_t stride,
			unsigned long nr, int node)
{
	int nodes[nr], status[nr];
	void *pages[nr];
	unsigned long i;

	for (i = 0; i < nr; i++) {
		pages[i] = at + i * stride;
		nodes[i] = node;
	}
	/* Tells of the pages that it did not get to nothing at all. */
	if (syscall(SYS_move_pages, 0, nr, pages, nodes, status, MPOL_MF_MOVE) < 0)
		run_broken(run, "move_pages: %s", strerror(errno));
}

static void nap(void)
{
	struct timespec time = { .tv_nsec = 10000000 };

	nanosleep(&time, NULL);
}

/**
 * node_of() - where a page is
 * @run: the run
 * @at: its address
 */
int node_of(struct run *run, void *at)
{
	int tries, status;

	for (tries = 0; tries < TRIES; tries++) {
		ask_nodes(run, at, SMALL_PAGE, 1, &status);
		if (status >= 0)
			return status;
		nap();
	}
	run_broken(run, "move_pages cannot tell where the page is: %s",
		   strerror(-status));
}

/**
 * pages_elsewhere() - how many pages are not on a node
 * @run: the run
 * @at: memory
 * @bytes: of it
 * @stride: size of its pages
 * @node: the node
 *
 * One that is on its way counts.
 */
size_t pages_elsewhere(struct run *run, void *at, size_t bytes, size_t stride,
		       int node)
{
	unsigned long nr = bytes / stride;
	size_t elsewhere = 0;
	int status[nr];
	unsigned long i;

	ask_nodes(run, at, stride, nr, status);
	for (i = 0; i < nr; i++)
		elsewhere += status[i] != node;
	return elsewhere;
}

/**
 * move_to_node() - migrate pages
 * @run: the run; broken when they did not all arrive
 * @at: memory
 * @bytes: of it
 * @stride: size of its pages
 * @node: where to
 */
void move_to_node(struct run *run, void *at, size_t bytes, size_t stride,
		  int node)
{
	unsigned long nr = bytes / stride;
	size_t left = nr;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		try_to_move(run, at, stride, nr, node);
		left = pages_elsewhere(run, at, bytes, stride, node);
		if (left == 0)
			return;
		nap();
	}
	run_broken(run, "%zu of %lu pages did not migrate to node %d", left, nr,
		   node);
}

static cpu_set_t cpus_of_node(struct run *run, int node)
{
	char path[64], list[4096] = "";
	int cpus[CPUS_MAX];
	cpu_set_t set;
	FILE *file;
	int i, nr;

	snprintf(path, sizeof(path), "/sys/devices/system/node/node%d/cpulist",
		 node);
	file = fopen(path, "r");
	if (!file || !fgets(list, sizeof(list), file))
		run_broken(run, "%s: %s", path, strerror(errno));
	fclose(file);
	nr = parse_list(list, cpus, CPUS_MAX);
	if (nr == 0)
		run_skip(run, "node %d has no CPUs; give each node one", node);
	CPU_ZERO(&set);
	for (i = 0; i < nr && i < CPUS_MAX; i++)
		CPU_SET(cpus[i], &set);
	return set;
}

/**
 * run_task_on_node() - let a task run on the CPUs of a node only
 * @run: the run; skipped where the node has no CPU
 * @task: its thread id; 0 for the caller
 * @node: the node
 */
void run_task_on_node(struct run *run, pid_t task, int node)
{
	cpu_set_t set = cpus_of_node(run, node);

	if (sched_setaffinity(task, sizeof(set), &set))
		run_broken(run, "sched_setaffinity: %s", strerror(errno));
}

/**
 * keep_where_it_is() - keep automatic migration away from memory
 * @at: memory
 * @bytes: of it
 *
 * NUMA balancing does not look at memory that has a policy. A kernel that has
 * no policies has no balancing.
 */
void keep_where_it_is(void *at, size_t bytes)
{
	syscall(SYS_mbind, at, bytes, MPOL_LOCAL, NULL, 0UL, 0);
}
