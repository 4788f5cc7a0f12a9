// SPDX-License-Identifier: GPL-2.0-only
/* Page frames, for scenarios that name them to the kernel. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "scenario.h"

#define ENTRY_PRESENT	(1ULL << 63)
#define ENTRY_FRAME	((1ULL << 55) - 1)

/**
 * frame_of() - the number of the page frame that is mapped somewhere
 * @run: the run
 * @at: the address
 *
 * Return: 0 where no page is mapped.
 */
uint64_t frame_of(struct run *run, const void *at)
{
	int fd = open("/proc/self/pagemap", O_RDONLY);
	uint64_t entry;

	if (fd < 0 || pread(fd, &entry, sizeof(entry), (uintptr_t)at /
			    SMALL_PAGE * sizeof(entry)) != sizeof(entry))
		run_skip(run, "/proc/self/pagemap: %s; the kernel needs CONFIG_PROC_PAGE_MONITOR=y",
			 strerror(errno));
	close(fd);
	return entry & ENTRY_PRESENT ? entry & ENTRY_FRAME : 0;
}
