// SPDX-License-Identifier: GPL-2.0-only
/*
 * Two processes that map a gigabyte of a hugetlbfs file share the page-table
 * page for it. When one of them changes something there, the kernel takes the
 * whole gigabyte out of an address space at once: seed 002, and CVE-2021-4002,
 * where no TLB was told. The device is to be told, of whichever process.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <linux/userfaultfd.h>
#include <signal.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "runner/fixture.h"
#include "fixtures/scenario.h"
#include "model/wait_until.h"

/* What a page-table page of large pages maps. */
#define GIGABYTE	(1UL << 30)

/*
 * Three pages are there, of this gigabyte: one that is used, and two of which the
 * device only holds translations. They go with the first, wherever they are.
 */
#define USED_BYTES	LARGE_PAGE
#define PROOF(at)	((at) + LARGE_PAGE)
#define FAR(at)		((at) + GIGABYTE / 2)
#define STRIDE		(LARGE_PAGE / 4)

/* A page may be busy for a while. */
#define BUSY_S	5

/* What one of the processes does to the memory. */
typedef void (*deed)(struct run *run, char *at);

/**
 * struct sharer - a child that has this process's memory mapped, too
 * @pid: the child
 * @orders: where it is told what to do
 * @reports: where it says that it did
 */
struct sharer {
	pid_t pid;
	int orders[2];
	int reports[2];
};

static char *map_gigabyte(struct run *run)
{
	void *at = reserve_aligned(run, GIGABYTE, GIGABYTE);

	if (mmap(at, GIGABYTE, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_FIXED |
		 MAP_ANONYMOUS | MAP_NORESERVE | MAP_HUGETLB |
		 (21 << MAP_HUGE_SHIFT), -1, 0) == MAP_FAILED)
		run_skip(run, "no 2M huge pages to map (%s); run: echo 8 > /proc/sys/vm/nr_hugepages",
			 strerror(errno));
	return at;
}

static void touch(struct run *run, char *at)
{
	*(volatile char *)at = 1;
}

static void obey(struct run *run, char *at, struct sharer *sharer)
	__attribute__((noreturn));

/* Here run_broken() has nobody to tell but the other end of the pipe. */
static void obey(struct run *run, char *at, struct sharer *sharer)
{
	deed act;

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	run_forget(run);
	close(sharer->orders[1]);
	close(sharer->reports[0]);
	while (read(sharer->orders[0], &act, sizeof(act)) == sizeof(act)) {
		act(run, at);
		if (write(sharer->reports[1], "", 1) != 1)
			break;
	}
	_exit(0);
}

static void let_do(struct run *run, struct sharer *sharer, deed act)
{
	char done;

	if (write(sharer->orders[1], &act, sizeof(act)) != sizeof(act) ||
	    read(sharer->reports[0], &done, 1) != 1)
		run_broken(run, "the other process failed to do its part");
}

static void start_sharer(struct run *run, struct sharer *sharer, char *at)
{
	if (pipe(sharer->orders) || pipe(sharer->reports))
		run_broken(run, "pipe: %s", strerror(errno));
	sharer->pid = fork();
	if (sharer->pid < 0)
		run_broken(run, "fork: %s", strerror(errno));
	if (sharer->pid == 0)
		obey(run, at, sharer);
	close(sharer->orders[0]);
	close(sharer->reports[1]);
}

static void end_sharer(struct run *run, struct sharer *sharer)
{
	child_end(run, sharer->pid);
	close(sharer->orders[1]);
	close(sharer->reports[0]);
}

/*
 * fork() leaves out the page table of shared memory. What only this process has
 * touched is there none the less when the child has touched what is beside it:
 * its fault has linked this process's table.
 */
static void share(struct run *run, struct sharer *sharer, char *at)
{
	if (is_mapped_by(run, sharer->pid, PROOF(at)))
		run_broken(run, "fork() copied the page table of shared memory");
	let_do(run, sharer, touch);
	if (!is_mapped_by(run, sharer->pid, PROOF(at)))
		run_skip(run, "this kernel shares no page tables of hugetlbfs pages");
}

/* Maps memory whose page table a child shares. */
static char *begin_sharing(struct run *run, struct sharer *sharer)
{
	char *at = map_gigabyte(run);

	touch(run, at);
	touch(run, PROOF(at));
	touch(run, FAR(at));
	start_sharer(run, sharer, at);
	share(run, sharer, at);
	return at;
}

static void end_sharing(struct run *run, struct sharer *sharer, char *at)
{
	end_sharer(run, sharer);
	munmap(at, GIGABYTE);
}

static void hold_neighbours(struct run *run, char *at)
{
	device_hold(run, PROOF(at), LARGE_PAGE);
	device_hold(run, FAR(at), LARGE_PAGE);
}

/* While the device, of whichever process is bound, uses the memory. */
static void act_and_check(struct run *run, const char *name,
			  struct sharer *actor, char *at, deed act)
{
	struct sweep *sweep = sweep_start(run, at, USED_BYTES, STRIDE,
					  SWEEP_LOAD_STORE);

	sweep_wait_pass(sweep);
	hold_neighbours(run, at);
	operation_begin(run, name, at, USED_BYTES);
	if (actor)
		let_do(run, actor, act);
	else
		act(run, at);
	operation_end(run);
	sweep_wait_pass(sweep);

	run_check(run);
	sweep_stop(sweep);
}

/*
 * While the device only holds what it has. What it uses it would ask for again,
 * this process would share the table again, and all that it holds would be right.
 */
static void act_while_held(struct run *run, const char *name,
			   struct sharer *actor, char *at, deed act)
{
	device_hold(run, at, USED_BYTES);
	hold_neighbours(run, at);
	operation_begin(run, name, at, USED_BYTES);
	let_do(run, actor, act);
	operation_end(run);

	run_check(run);
}

/*
 * This process does it, and its own device is told. It can not share any more
 * then, so it has no page but the one that the device asks for.
 */
static void own_rounds(struct run *run, const char *name, deed act)
{
	while (run_next_round(run)) {
		struct sharer sharer;
		char *at = begin_sharing(run, &sharer);

		act_and_check(run, name, NULL, at, act);
		if (is_mapped_by(run, getpid(), PROOF(at)))
			run_broken(run, "the page table is still shared");
		end_sharing(run, &sharer, at);
	}
}

/* Returns its node, or a negative errno. */
static int touch_and_move(struct run *run, char *at, int to)
{
	int status = -EBUSY;
	void *page = at;

	touch(run, at);
	if (syscall(SYS_move_pages, 0, 1UL, &page, &to, &status,
		    MPOL_MF_MOVE_ALL) < 0)
		run_broken(run, "move_pages: %s", strerror(errno));
	return status;
}

/*
 * By either process, of a page that both map. Whoever unshares has no page there
 * any more that could be asked for its node.
 */
static void migrate(struct run *run, char *at)
{
	struct nodes nodes = need_two_nodes(run);
	int to = node_of(run, at) == nodes.first ? nodes.second : nodes.first;
	int status;

	wait_until((status = touch_and_move(run, at, to)) == to, BUSY_S);
	if (status != to)
		run_skip(run, "a page did not migrate to node %d: %s", to,
			 strerror(-status));
}

/*
 * The process that was unshared from has its translations of the neighbour no
 * more, or reads what somebody else has next in the page that the file gives up.
 */
static void migrate_and_free(struct run *run, char *at)
{
	migrate(run, at);
	if (madvise(PROOF(at), LARGE_PAGE, MADV_REMOVE))
		run_broken(run, "madvise(MADV_REMOVE): %s", strerror(errno));
}

static void share_migrate(struct run *run)
{
	need_two_nodes(run);
	while (run_next_round(run)) {
		struct sharer sharer;
		char *at = begin_sharing(run, &sharer);

		act_while_held(run, "migration", &sharer, at, migrate);
		/* Links the table again. */
		touch(run, at);
		act_and_check(run, "migration", &sharer, at, migrate_and_free);
		end_sharing(run, &sharer, at);
	}
}

SCENARIO(hugetlb_share_migrate) = {
	.name = "hugetlb-share-migrate",
	/* Reverse mappings have the parent first: it is the one that unshares. */
	.title = "has a child migrate a hugetlbfs page whose page table is shared",
	.run = share_migrate,
};

static void share_migrate_child(struct run *run)
{
	need_two_nodes(run);
	while (run_next_round(run)) {
		struct sharer sharer;
		char *at = begin_sharing(run, &sharer);

		run_bind_other(run, sharer.pid);
		act_and_check(run, "migration", NULL, at, migrate);
		end_sharing(run, &sharer, at);
	}
}

SCENARIO(hugetlb_share_migrate_child) = {
	.name = "hugetlb-share-migrate-child",
	.title = "migrates a hugetlbfs page whose page table is shared, and a child's device is told",
	.run = share_migrate_child,
};

static void poison_first(struct run *run, char *at)
{
	poison_page(run, at);
}

static void share_hwpoison(struct run *run)
{
	unsigned int round;

	prepare_hugetlb_poison(run);
	for (round = 0; run_next_round(run); round++) {
		struct sharer sharer;
		char *at = begin_sharing(run, &sharer);
		uint64_t frame = frame_of(run, at);

		if (round % 2)
			act_and_check(run, "memory failure", &sharer, at,
				      poison_first);
		else
			act_while_held(run, "memory failure", &sharer, at,
				       poison_first);
		end_sharing(run, &sharer, at);
		unpoison_hugetlb(run, frame);
	}
}

SCENARIO(hugetlb_share_hwpoison) = {
	.name = "hugetlb-share-hwpoison",
	.title = "has a child poison a hugetlbfs page whose page table is shared",
	.run = share_hwpoison,
};

static void unmap(struct run *run, char *at)
{
	if (munmap(at, GIGABYTE))
		run_broken(run, "munmap: %s", strerror(errno));
}

static void share_munmap(struct run *run)
{
	own_rounds(run, "munmap()", unmap);
}

SCENARIO(hugetlb_share_munmap) = {
	.name = "hugetlb-share-munmap",
	.title = "unmaps hugetlbfs pages whose page table is shared",
	.run = share_munmap,
};

static void protect(struct run *run, char *at)
{
	if (mprotect(at, GIGABYTE, PROT_READ))
		run_broken(run, "mprotect: %s", strerror(errno));
}

static void share_mprotect(struct run *run)
{
	own_rounds(run, "mprotect()", protect);
}

SCENARIO(hugetlb_share_mprotect) = {
	.name = "hugetlb-share-mprotect",
	.title = "makes hugetlbfs pages read-only whose page table is shared",
	.run = share_mprotect,
};

/* What is left of the gigabyte can share no page table. */
static void split(struct run *run, char *at)
{
	if (munmap(at + GIGABYTE - LARGE_PAGE, LARGE_PAGE))
		run_broken(run, "munmap: %s", strerror(errno));
}

static void share_split(struct run *run)
{
	own_rounds(run, "split of an area", split);
}

SCENARIO(hugetlb_share_split) = {
	.name = "hugetlb-share-split",
	.title = "unmaps the end of a gigabyte whose page table is shared",
	.run = share_split,
};

static void watch_writes(struct run *run, char *at)
{
	static int fd = -1;
	struct uffdio_api api = {
		.api = UFFD_API,
		.features = UFFD_FEATURE_PAGEFAULT_FLAG_WP |
			    UFFD_FEATURE_WP_HUGETLBFS_SHMEM,
	};
	struct uffdio_register all = {
		.range = { .start = (uintptr_t)at, .len = GIGABYTE },
		.mode = UFFDIO_REGISTER_MODE_WP,
	};

	/* Not in the same round, for that changes the protection once more. */
	if (fd >= 0)
		close(fd);
	fd = syscall(SYS_userfaultfd, O_CLOEXEC);
	if (fd < 0 || ioctl(fd, UFFDIO_API, &api) ||
	    ioctl(fd, UFFDIO_REGISTER, &all))
		run_skip(run, "userfaultfd cannot watch writes to hugetlbfs pages: %s; the kernel needs CONFIG_USERFAULTFD=y and CONFIG_PTE_MARKER_UFFD_WP=y",
			 strerror(errno));
}

static void share_userfaultfd(struct run *run)
{
	own_rounds(run, "UFFDIO_REGISTER", watch_writes);
}

SCENARIO(hugetlb_share_userfaultfd) = {
	.name = "hugetlb-share-userfaultfd",
	.title = "registers with userfaultfd hugetlbfs pages whose page table is shared",
	.run = share_userfaultfd,
};
