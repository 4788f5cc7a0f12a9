// SPDX-License-Identifier: GPL-2.0-only
/*
 * userfaultfd for scenarios. The kernel ends every wait for an answer when the
 * run dies, and its file with it: nothing has to be undone.
 */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "scenario.h"
#include "userfaultfd.h"

/* A page may be busy for a while. */
#define TRIES	2000

/**
 * struct uffd - a userfaultfd of this process
 * @run: whose
 * @fd: the file
 * @page_size: of what is unprotected at a store
 */
struct uffd {
	struct run *run;
	int fd;
	size_t page_size;
};

/* The argument of the ioctl that moves pages, by a name that no header has. */
struct move {
	uint64_t to;
	uint64_t from;
	uint64_t bytes;
	uint64_t mode;
	int64_t moved;
};

#define IOCTL_MOVE	_IOWR(UFFDIO, 0x05, struct move)

static const struct {
	uint64_t feature;
	const char *what;
} names[] = {
	{ UFFD_FEATURE_MISSING_SHMEM, "shared memory (Linux 4.11)" },
	{ UFFD_FEATURE_PAGEFAULT_FLAG_WP, "write protection (Linux 5.7)" },
	{ UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
	  "write protection of shared and hugetlbfs memory (Linux 5.19)" },
	{ UFFD_FEATURE_WP_ASYNC, "asynchronous write protection (Linux 6.7)" },
	{ UFFD_FEATURE_MOVE, "UFFDIO_MOVE (Linux 6.8)" },
};

static int open_file(void)
{
	return syscall(SYS_userfaultfd, O_CLOEXEC);
}

/* Only a file that was never asked tells; it cannot be used afterwards. */
static uint64_t all_features(void)
{
	struct uffdio_api api = { .api = UFFD_API };
	int fd = open_file();

	if (fd < 0)
		return 0;
	if (ioctl(fd, UFFDIO_API, &api))
		api.features = 0;
	close(fd);
	return api.features;
}

bool uffd_has(uint64_t feature)
{
	return all_features() & feature;
}

static void need_features(struct run *run, uint64_t features)
{
	uint64_t missing = features & ~all_features();
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (missing & names[i].feature)
			run_skip(run, "this kernel's userfaultfd has no %s",
				 names[i].what);
	}
	if (missing)
		run_skip(run, "this kernel's userfaultfd lacks the features %#llx",
			 (unsigned long long)missing);
}

struct uffd *uffd_open(struct run *run, uint64_t features)
{
	struct uffdio_api api = { .api = UFFD_API, .features = features };
	struct uffd *uffd = calloc(1, sizeof(*uffd));

	if (!uffd)
		run_broken(run, "out of memory");
	uffd->run = run;
	uffd->fd = open_file();
	if (uffd->fd < 0)
		run_skip(run, "userfaultfd: %s; the kernel needs CONFIG_USERFAULTFD=y",
			 strerror(errno));
	need_features(run, features);
	if (ioctl(uffd->fd, UFFDIO_API, &api))
		run_broken(run, "UFFDIO_API: %s", strerror(errno));
	return uffd;
}

static struct uffdio_range range_of(const void *at, size_t bytes)
{
	return (struct uffdio_range) { .start = (uintptr_t)at, .len = bytes };
}

void uffd_register(struct uffd *uffd, void *at, size_t bytes, uint64_t mode)
{
	struct uffdio_register arg = {
		.range = range_of(at, bytes),
		.mode = mode,
	};

	if (ioctl(uffd->fd, UFFDIO_REGISTER, &arg))
		run_broken(uffd->run, "UFFDIO_REGISTER: %s", strerror(errno));
}

static int change_protection(const struct uffd *uffd, const void *at,
			     size_t bytes, uint64_t mode)
{
	struct uffdio_writeprotect arg = {
		.range = range_of(at, bytes),
		.mode = mode,
	};

	return ioctl(uffd->fd, UFFDIO_WRITEPROTECT, &arg);
}

void uffd_write_protect(struct uffd *uffd, void *at, size_t bytes)
{
	if (change_protection(uffd, at, bytes, UFFDIO_WRITEPROTECT_MODE_WP))
		run_broken(uffd->run, "UFFDIO_WRITEPROTECT: %s",
			   strerror(errno));
}

static void *answer_stores(void *arg)
{
	struct uffd *uffd = arg;
	struct uffd_msg msg;

	while (read(uffd->fd, &msg, sizeof(msg)) == sizeof(msg)) {
		uintptr_t at = msg.arg.pagefault.address;

		if (msg.event != UFFD_EVENT_PAGEFAULT)
			continue;
		at &= ~(uffd->page_size - 1);
		/* Wakes who waits, too. */
		if (change_protection(uffd, (void *)at, uffd->page_size, 0))
			run_broken(uffd->run, "UFFDIO_WRITEPROTECT: %s",
				   strerror(errno));
	}
	run_broken(uffd->run, "read from a userfaultfd: %s", strerror(errno));
}

void uffd_answer_stores(struct uffd *uffd, size_t page_size)
{
	pthread_t thread;
	int err;

	uffd->page_size = page_size;
	err = pthread_create(&thread, NULL, answer_stores, uffd);
	if (err)
		run_broken(uffd->run, "pthread_create: %s", strerror(err));
	pthread_detach(thread);
}

static void nap(void)
{
	usleep(1000);
}

void uffd_move(struct uffd *uffd, void *to, void *from, size_t bytes)
{
	size_t done = 0;
	int tries;

	for (tries = 0; tries < TRIES; tries++) {
		struct move arg = {
			.to = (uintptr_t)to + done,
			.from = (uintptr_t)from + done,
			.bytes = bytes - done,
		};

		if (ioctl(uffd->fd, IOCTL_MOVE, &arg) == 0)
			return;
		if (errno != EAGAIN && errno != EBUSY)
			break;
		if (arg.moved > 0)
			done += arg.moved;
		else
			nap();
	}
	run_broken(uffd->run, "UFFDIO_MOVE: %s", strerror(errno));
}

bool uffd_copy(struct uffd *uffd, void *to, const void *from)
{
	struct uffdio_copy arg = {
		.dst = (uintptr_t)to,
		.src = (uintptr_t)from,
		.len = SMALL_PAGE,
	};

	if (ioctl(uffd->fd, UFFDIO_COPY, &arg) == 0)
		return true;
	if (errno != EEXIST)
		run_broken(uffd->run, "UFFDIO_COPY: %s", strerror(errno));
	return false;
}
