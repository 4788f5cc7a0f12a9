// SPDX-License-Identifier: GPL-2.0-only
/* NUMA for scenarios: raw system calls, for all that is needed is two nodes. */
#include <errno.h>
#include <linux/mempolicy.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenario.h"

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
 * need_two_nodes() - two NUMA nodes that have memory
 * @run: the run; skipped where there are not two
 */
struct nodes need_two_nodes(struct run *run)
{
	FILE *file = fopen("/sys/devices/system/node/has_memory", "r");
	char list[256] = "";
	int node[2];

	if (!file || !fgets(list, sizeof(list), file) ||
	    parse_list(list, node, 2) < 2)
		run_skip(run, "needs two NUMA nodes with memory; boot with numa=fake=2, or give the guest two nodes");
	fclose(file);
	return (struct nodes) { node[0], node[1] };
}

/**
 * node_of() - where a page is
 * @run: the run
 * @at: its address
 */
int node_of(struct run *run, const void *at)
{
	int status = -1;

	if (syscall(SYS_move_pages, 0, 1UL, &at, NULL, &status, 0) < 0)
		run_broken(run, "move_pages: %s", strerror(errno));
	if (status < 0)
		run_broken(run, "move_pages cannot tell where the page is: %s",
			   strerror(-status));
	return status;
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
	void **pages = calloc(nr, sizeof(*pages));
	int *nodes = calloc(nr, sizeof(*nodes));
	int *status = calloc(nr, sizeof(*status));
	unsigned long i;

	if (!pages || !nodes || !status)
		run_broken(run, "out of memory");
	for (i = 0; i < nr; i++) {
		pages[i] = at + i * stride;
		nodes[i] = node;
	}
	if (syscall(SYS_move_pages, 0, nr, pages, nodes, status, MPOL_MF_MOVE) < 0)
		run_broken(run, "move_pages: %s", strerror(errno));
	for (i = 0; i < nr; i++) {
		if (status[i] != node)
			run_broken(run, "page %lu of %lu did not migrate to node %d: %s",
				   i + 1, nr, node,
				   status[i] < 0 ? strerror(-status[i])
						 : "it stayed where it was");
	}
	free(pages);
	free(nodes);
	free(status);
}
