// SPDX-License-Identifier: GPL-2.0-only
/* Files in hugetlbfs, and pages of it that are poisoned, for scenarios. */
#include <errno.h>
#include <fcntl.h>
#include <linux/memfd.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "scenario.h"
#include "setting.h"

#define UNPOISON	"/sys/kernel/debug/hwpoison/unpoison-pfn"

/* Of an entry of /proc/PID/pagemap. */
#define PAGEMAP_PRESENT	(1ULL << 63)
#define PAGEMAP_PFN	((1ULL << 55) - 1)

/**
 * struct pool - the 2M pages of a node
 * @path: the file that says how many there are
 * @pages: how many there were
 */
struct pool {
	char path[96];
	char pages[24];
};

static struct pool pools[2];
static unsigned int nr_pools;

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

static void look_at_pool(struct run *run, int node)
{
	struct pool *pool = &pools[nr_pools++];
	FILE *file;

	snprintf(pool->path, sizeof(pool->path),
		 "/sys/devices/system/node/node%d/hugepages/hugepages-2048kB/nr_hugepages",
		 node);
	file = fopen(pool->path, "r");
	if (!file || fscanf(file, "%23s", pool->pages) != 1)
		run_skip(run, "cannot read %s; the kernel needs CONFIG_HUGETLBFS=y and CONFIG_NUMA=y",
			 pool->path);
	fclose(file);
}

static struct setting size_of_pool(const struct pool *pool)
{
	return (struct setting) { pool->path, pool->pages };
}

/**
 * keep_hugetlb_pools() - have as many 2M pages after the run as before
 * @run: the run; skipped where what is poisoned stays so
 */
void keep_hugetlb_pools(struct run *run)
{
	struct setting settings[2];
	struct nodes nodes;
	unsigned int i;

	if (access(UNPOISON, W_OK))
		run_skip(run, "a page that is poisoned would be lost; run: modprobe hwpoison_inject; mount -t debugfs none /sys/kernel/debug");
	find_nodes(&nodes);
	look_at_pool(run, nodes.first);
	if (nodes.second != nodes.first)
		look_at_pool(run, nodes.second);
	for (i = 0; i < nr_pools; i++)
		settings[i] = size_of_pool(&pools[i]);
	if (!settings_change(run, settings, nr_pools))
		run_skip(run, "cannot set %s", pools[0].path);
}

static uint64_t pagemap_entry(struct run *run, pid_t pid, const void *at)
{
	off_t offset = (uintptr_t)at / SMALL_PAGE * sizeof(uint64_t);
	uint64_t entry;
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/pagemap", pid);
	fd = open(path, O_RDONLY);
	if (fd < 0 || pread(fd, &entry, sizeof(entry), offset) != sizeof(entry))
		run_broken(run, "%s: %s", path, strerror(errno));
	close(fd);
	return entry;
}

/**
 * is_mapped_by() - does a page table map something here?
 * @run: the run
 * @pid: whose
 * @at: the address
 */
bool is_mapped_by(struct run *run, pid_t pid, const void *at)
{
	return pagemap_entry(run, pid, at) & PAGEMAP_PRESENT;
}

/**
 * page_number() - the page frame number of what is mapped
 * @run: the run
 * @at: its address
 */
uint64_t page_number(struct run *run, const void *at)
{
	uint64_t pfn = pagemap_entry(run, getpid(), at) & PAGEMAP_PFN;

	if (!is_mapped_by(run, getpid(), at) || !pfn)
		run_broken(run, "no page is mapped at %p", at);
	return pfn;
}

/**
 * is_page() - is it still this page that is mapped?
 * @run: the run
 * @at: its address
 * @pfn: its page frame number
 */
bool is_page(struct run *run, const void *at, uint64_t pfn)
{
	uint64_t entry = pagemap_entry(run, getpid(), at);

	return (entry & PAGEMAP_PRESENT) && (entry & PAGEMAP_PFN) == pfn;
}

static void ignore(int signal)
{
}

/**
 * survive_poison() - live on when the kernel tells of a poisoned page
 *
 * It tells who poisons one, too, and in a way that SIG_IGN does not prevent.
 */
void survive_poison(void)
{
	struct sigaction action = { .sa_handler = ignore };

	sigaction(SIGBUS, &action, NULL);
}

/**
 * poison_page() - have the kernel believe that a 4K page is broken
 * @run: the run
 * @at: its address
 */
void poison_page(struct run *run, void *at)
{
	if (madvise(at, SMALL_PAGE, MADV_HWPOISON))
		run_skip(run, "madvise(MADV_HWPOISON): %s; the kernel needs CONFIG_MEMORY_FAILURE=y",
			 strerror(errno));
}

static void unpoison(struct run *run, uint64_t pfn)
{
	FILE *file = fopen(UNPOISON, "w");

	if (!file || fprintf(file, "%#llx", (unsigned long long)pfn) < 0 ||
	    fclose(file))
		run_broken(run, "page %#llx stays poisoned: %s",
			   (unsigned long long)pfn, strerror(errno));
}

/**
 * take_back_poisoned() - make a poisoned page as good as new
 * @run: the run
 * @pfn: of the 4K page
 *
 * The kernel may have taken the rest of the 2M page out of its pool.
 */
void take_back_poisoned(struct run *run, uint64_t pfn)
{
	unsigned int i;

	unpoison(run, pfn);
	for (i = 0; i < nr_pools; i++) {
		struct setting setting = size_of_pool(&pools[i]);

		setting_change_again(run, &setting);
	}
}
