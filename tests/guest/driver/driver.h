/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What driver.ko does for the process that asks, through /dev/driver. The paths of
 * the kernel that only drivers take are taken by it.
 */
#ifndef DEVTLB_TESTS_DRIVER_H
#define DEVTLB_TESTS_DRIVER_H

#include <linux/ioctl.h>
#include <linux/types.h>

/**
 * struct driver_range - memory of the caller
 * @start: where it begins, a multiple of 4K
 * @pages: how many pages of 4K: DRIVER_PAGES_MAX at most
 */
struct driver_range {
	__u64 start;
	__u64 pages;
};

#define DRIVER_PAGES_MAX	16

/* Migrates private memory to other pages, and returns how many migrated. */
#define DRIVER_MIGRATE		_IOW('d', 1, struct driver_range)
/*
 * Write-protects a shared mapping of a file, and returns how many entries had
 * been written to.
 */
#define DRIVER_WRITE_PROTECT	_IOW('d', 2, struct driver_range)
/* Returns where a mapping is being made, once it has a page; 0 if none is. */
#define DRIVER_MAPPING		_IOR('d', 3, __u64)
/* Lets the mapping that is being made fail. */
#define DRIVER_FAIL_MAPPING	_IO('d', 4)

#endif /* DEVTLB_TESTS_DRIVER_H */
