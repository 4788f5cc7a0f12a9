// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "model/page_monitor.h"

#define PAGE_SHIFT	12

bool page_monitor_read(const char *path, uint64_t page, uint64_t *word)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t got;
	int why;

	if (fd < 0)
		return false;
	got = pread(fd, word, sizeof(*word), page * sizeof(*word));
	/* Behind the last one there is nothing. */
	why = got < 0 ? errno : ENXIO;
	close(fd);
	errno = why;
	return got == sizeof(*word);
}

bool page_monitor_entry(pid_t pid, uint64_t address, uint64_t *entry)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	return page_monitor_read(path, address >> PAGE_SHIFT, entry);
}
