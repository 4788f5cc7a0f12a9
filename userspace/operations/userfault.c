// SPDX-License-Identifier: GPL-2.0-only
/*
 * userfaultfd: pages that are moved, and writes that the kernel tracks. Nobody is
 * ever asked: where the kernel cannot answer by itself, there is none of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/userfaultfd.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "operations/arena.h"
#include "operations/operation.h"
#include "operations/source.h"

/* Newer than many a header; by names that none has. */
#define FEATURE_HUGETLB_SHMEM	(1ULL << 12)
#define FEATURE_UNPOPULATED	(1ULL << 13)
#define FEATURE_ASYNC		(1ULL << 15)
#define FEATURE_MOVE		(1ULL << 16)
#define MOVE_HOLES		(1ULL << 1)

struct userfault_move {
	uint64_t to;
	uint64_t from;
	uint64_t bytes;
	uint64_t mode;
	int64_t moved;
};

struct userfault_scan {
	uint64_t size;
	uint64_t flags;
	uint64_t start;
	uint64_t end;
	uint64_t stopped_at;
	uint64_t regions;
	uint64_t nr_regions;
	uint64_t max_pages;
	uint64_t inverted;
	uint64_t all_of;
	uint64_t any_of;
	uint64_t tell;
};

#define IOCTL_MOVE		_IOWR(UFFDIO, 0x05, struct userfault_move)
#define IOCTL_SCAN		_IOWR('f', 16, struct userfault_scan)
#define SCAN_PROTECTS		(1ULL << 0)
#define SCAN_IS_WRITTEN		(1ULL << 1)

static const struct word tracked[] = {
	{ "protect", UFFDIO_WRITEPROTECT_MODE_WP, "UFFDIO_WRITEPROTECT_MODE_WP" },
	{ "unprotect", 0, "0" },
	{ }
};

static int userfault_open(uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	int fd = syscall(SYS_userfaultfd, O_CLOEXEC | O_NONBLOCK);
	int err;

	if (fd < 0)
		return -errno;
	if (!ioctl(fd, UFFDIO_API, &api))
		return fd;
	err = -errno;
	close(fd);
	return err;
}

/* The one that tracks; what a child has is its parent's. */
static int userfault_tracker(void)
{
	static int fd = -1;
	static pid_t owner;

	if (fd >= 0 && owner == getpid())
		return fd;
	if (fd >= 0)
		close(fd);
	owner = getpid();
	fd = userfault_open(FEATURE_HUGETLB_SHMEM | FEATURE_UNPOPULATED |
			    FEATURE_ASYNC);
	return fd;
}

static struct uffdio_range userfault_range(long page, long pages)
{
	return (struct uffdio_range) {
		.start = (uintptr_t)at(page), .len = pages * PAGE,
	};
}

static long userfault_register(int fd, struct uffdio_range range, uint64_t mode)
{
	struct uffdio_register arg = { .range = range, .mode = mode };

	return ioctl(fd, UFFDIO_REGISTER, &arg) ? -errno : 0;
}

static long track(const long *argument)
{
	struct uffdio_writeprotect arg = {
		.range = userfault_range(argument[0], argument[1]),
		.mode = argument[2],
	};
	int fd = userfault_tracker();
	long err;

	if (fd < 0)
		return fd;
	err = userfault_register(fd, arg.range, UFFDIO_REGISTER_MODE_WP);
	if (err)
		return err;
	return ioctl(fd, UFFDIO_WRITEPROTECT, &arg) ? -errno : 0;
}

static long untrack(const long *argument)
{
	struct uffdio_range range = userfault_range(argument[0], argument[1]);
	int fd = userfault_tracker();

	if (fd < 0)
		return fd;
	return ioctl(fd, UFFDIO_UNREGISTER, &range) ? -errno : 0;
}

static long scan(const long *argument)
{
	struct userfault_scan arg = {
		.size = sizeof(arg),
		.flags = SCAN_PROTECTS,
		.start = (uintptr_t)at(argument[0]),
		.end = (uintptr_t)at(argument[0] + argument[1]),
		.all_of = SCAN_IS_WRITTEN,
		.tell = SCAN_IS_WRITTEN,
	};
	int fd = open("/proc/self/pagemap", O_RDONLY | O_CLOEXEC);
	long scanned;

	if (fd < 0)
		return -errno;
	scanned = ioctl(fd, IOCTL_SCAN, &arg) < 0 ? -errno : 0;
	close(fd);
	return scanned;
}

/* Where they go, there is nothing yet. */
static long map_destination(const long *argument)
{
	long page = argument[0], pages = argument[1], to = argument[2];
	void *mapped;

	if (to < page + pages && page < to + pages)
		return -EINVAL;
	mapped = mmap(at(to), pages * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
	return mapped == MAP_FAILED ? -errno : 0;
}

/* Only while it moves is anybody asked for what is missing. */
static long move_pages_of(int fd, const long *argument)
{
	struct uffdio_range to = userfault_range(argument[2], argument[1]);
	struct userfault_move move = {
		.to = to.start,
		.from = (uintptr_t)at(argument[0]),
		.bytes = to.len,
		.mode = MOVE_HOLES,
	};
	long err = userfault_register(fd, to, UFFDIO_REGISTER_MODE_MISSING);

	if (err)
		return err;
	return ioctl(fd, IOCTL_MOVE, &move) ? -errno : 0;
}

static long transfer(const long *argument)
{
	int fd = userfault_open(FEATURE_MOVE);
	long err;

	if (fd < 0)
		return fd;
	err = map_destination(argument) ? : move_pages_of(fd, argument);
	/* Which unregisters. */
	close(fd);
	return err;
}

OPERATION(track) = {
	.name = "track",
	.title = "has the kernel track writes, UFFD_FEATURE_WP_ASYNC",
	.argument = {
		ANY_PAGE("page"), ANY_PAGES("pages"), ONE_OF("mode", tracked),
	},
	PERFORM(track),
	.weight = 5,
};

OPERATION(untrack) = {
	.name = "untrack",
	.title = "lets it track no more, UFFDIO_UNREGISTER",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(untrack),
	.weight = 2,
};

OPERATION(scan) = {
	.name = "scan",
	.title = "has it protect again what was written, PAGEMAP_SCAN",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages") },
	PERFORM(scan),
	.weight = 4,
};

OPERATION(transfer) = {
	.name = "transfer",
	.title = "maps anew, and moves pages there, UFFDIO_MOVE",
	.argument = { ANY_PAGE("page"), ANY_PAGES("pages"), ANY_PAGE("to") },
	PERFORM(transfer),
	.effect = EFFECT_TRANSFER,
	.weight = 6,
};

SOURCE();
