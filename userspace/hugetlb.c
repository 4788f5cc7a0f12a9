// SPDX-License-Identifier: GPL-2.0-only
/* Files in hugetlbfs, for scenarios. */
#include <errno.h>
#include <linux/memfd.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scenario.h"

/**
 * create_hugetlb_file() - a file of 2M pages that has no name
 * @run: the run
 * @bytes: a multiple of 2M
 */
int create_hugetlb_file(struct run *run, size_t bytes)
{
	int fd = memfd_create("devtlb", MFD_HUGETLB | MFD_HUGE_2MB);

	if (fd < 0)
		run_skip(run, "no files of 2M huge pages (%s); the kernel needs CONFIG_HUGETLBFS=y",
			 strerror(errno));
	if (ftruncate(fd, bytes))
		run_broken(run, "ftruncate: %s", strerror(errno));
	return fd;
}

/**
 * map_hugetlb_file() - map such a file, shared, and write to it
 * @run: the run; skipped where the pool has no pages
 * @fd: the file
 * @bytes: all of it
 */
void *map_hugetlb_file(struct run *run, int fd, size_t bytes)
{
	void *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);

	if (at == MAP_FAILED)
		run_skip(run, "no free 2M huge pages (%s); run: echo 8 > /proc/sys/vm/nr_hugepages",
			 strerror(errno));
	fill_pattern(at, bytes, 1);
	return at;
}
