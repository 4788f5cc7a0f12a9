// SPDX-License-Identifier: GPL-2.0-only
/* What takes pages elsewhere: other nodes, compaction, splits of huge pages. */
#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operations/arena.h"
#include "operations/operation.h"
#include "operations/source.h"

#define NODE_MOST	1
#define MOVED_MAX	1100

/* As <numaif.h> has them. */
#define MOVE_POLICY_BIND	2
#define MOVE_ALL		(1 << 1 | 1 << 2)

static long put_text(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	long err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

/* Of oneself or, with its number, of another process. */
static long move_to_node(pid_t pid, const long *argument)
{
	static void *pages[MOVED_MAX];
	static int nodes[MOVED_MAX], status[MOVED_MAX];
	long i, nr = argument[1] < MOVED_MAX ? argument[1] : MOVED_MAX;

	for (i = 0; i < nr; i++) {
		pages[i] = at(argument[0] + i);
		nodes[i] = argument[2];
	}
	return syscall(SYS_move_pages, pid, nr, pages, nodes, status,
		       MOVE_ALL) < 0 ? -errno : 0;
}

static long move_own(const long *argument)
{
	return move_to_node(0, argument);
}

static long move_other(const long *argument)
{
	return move_to_node(argument[0], argument + 1);
}

static long bind_to_node(const long *argument)
{
	unsigned long mask = 1UL << argument[2];

	return syscall(SYS_mbind, at(argument[0]), argument[1] * PAGE,
		       MOVE_POLICY_BIND, &mask, 8 * sizeof(mask),
		       MOVE_ALL) < 0 ? -errno : 0;
}

static long migrate_all(const long *argument)
{
	unsigned long from = 1UL << (NODE_MOST - argument[0]);
	unsigned long to = 1UL << argument[0];

	return syscall(SYS_migrate_pages, 0, 8 * sizeof(from), &from, &to) < 0 ?
	       -errno : 0;
}

static long compact(const long *argument)
{
	return put_text("/proc/sys/vm/compact_memory", "1");
}

static long clear_soft_dirty(const long *argument)
{
	return put_text("/proc/self/clear_refs", "4");
}

static long split(const long *argument)
{
	char text[64];

	snprintf(text, sizeof(text), "%d,0x%lx,0x%lx", getpid(),
		 (unsigned long)at(argument[0]),
		 (unsigned long)at(argument[0] + argument[1]));
	return put_text("/sys/kernel/debug/split_huge_pages", text);
}

OPERATION(move_pages) = {
	.name = "move-pages",
	.title = "moves pages to a node",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), UP_TO("node", NODE_MOST),
	},
	PERFORM(move_own),
	.weight = 10,
};

OPERATION(move_pages_of) = {
	.name = "move-pages-of",
	.title = "moves another actor's pages to a node",
	.argument = {
		ANOTHER("actor"), ANY_PAGE("page"), ANY_PAGES("pages"),
		UP_TO("node", NODE_MOST),
	},
	PERFORM(move_other),
	.weight = 5,
};

OPERATION(mbind) = {
	.name = "mbind",
	.title = "binds memory to a node, and moves it there",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), UP_TO("node", NODE_MOST),
	},
	PERFORM(bind_to_node),
	.weight = 4,
};

OPERATION(migrate_pages) = {
	.name = "migrate-pages",
	.title = "moves all of its memory to a node",
	.argument = { UP_TO("node", NODE_MOST) },
	PERFORM(migrate_all),
	.weight = 2,
};

OPERATION(compact) = {
	.name = "compact",
	.title = "has the kernel compact memory",
	PERFORM(compact),
	.weight = 1,
};

OPERATION(clear_refs) = {
	.name = "clear-refs",
	.title = "clears the soft-dirty bits of its memory",
	PERFORM(clear_soft_dirty),
	.weight = 2,
};

OPERATION(split) = {
	.name = "split",
	.title = "has the kernel split huge pages",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(split),
	.weight = 4,
};

SOURCE();
