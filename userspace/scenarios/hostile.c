// SPDX-License-Identifier: GPL-2.0-only
/*
 * Everything at once, in one process, with the device in all of it: what the
 * kernel may legally do at the same time must not be reported. Each part is a
 * piece of memory, what is done to it again and again by threads of its own,
 * and a device thread that sweeps it. What this kernel cannot do is left out.
 *
 * A part leaves its addresses mapped whenever it is between two steps, and maps
 * at fixed addresses only: nobody else's memory can get in between.
 */
#include <fcntl.h>
#include <linux/mempolicy.h>
#include <pthread.h>
#include <stdint.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "fixtures/scenario.h"

#ifndef MADV_COLLAPSE
#define MADV_COLLAPSE	25
#endif

#define ROUND_NS	500000000
#define STEPS_MAX	2

struct part;

typedef void (*step_fn)(struct part *part);

/**
 * struct part - one kind of hostility
 * @step: what each thread does again and again
 * @bytes: of memory
 * @stride: of the device's sweep
 * @sweep: its kind
 * @advice: about the memory, for madvise()
 * @at: the memory, aligned to 2M; behind it is as much that only it uses
 */
struct part {
	step_fn step[STEPS_MAX];
	size_t bytes;
	size_t stride;
	enum sweep_kind sweep;
	int advice;
	char *at;
};

/* Of one thread. */
struct hostile_thread {
	pthread_t id;
	struct part *part;
	step_fn step;
};

static bool quiet;
static pthread_barrier_t all_there;
static uint64_t counter;
static struct nodes nodes;

static uint64_t next_value(void)
{
	return __atomic_add_fetch(&counter, 1, __ATOMIC_RELAXED);
}

static void nap(long milliseconds)
{
	struct timespec time = { .tv_nsec = milliseconds * 1000000 };

	nanosleep(&time, NULL);
}

static void touch(struct part *part)
{
	fill_pattern(part->at, part->bytes, next_value());
}

/* Nothing may be there, so a failure changes nothing. */
static void map_at(char *at, size_t bytes, int protection)
{
	if (mmap(at, bytes, protection, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED |
		 MAP_NORESERVE, -1, 0) == at)
		madvise(at, bytes, MADV_NOHUGEPAGE);
}

/* One thread gives up what another one touches. */
static void zap(struct part *part)
{
	madvise(part->at, part->bytes, MADV_DONTNEED);
}

/*
 * Equal pages again and again. Not written to while they may be merged, for the
 * reason that ksm.c has.
 */
static void merge(struct part *part)
{
	madvise(part->at, part->bytes, MADV_UNMERGEABLE);
	touch(part);
	madvise(part->at, part->bytes, MADV_MERGEABLE);
	nap(20);
}

/* A read maps the huge zero page; the write splits or replaces it. */
static void huge_zero(struct part *part)
{
	madvise(part->at, part->bytes, MADV_DONTNEED);
	(void)*(volatile char *)part->at;
	nap(1);
	*(volatile uint64_t *)(part->at + LARGE_PAGE / 2) = next_value();
	nap(1);
}

/* Copies in both: the child's, and the parent's while the child is there. */
static void fork_storm(struct part *part)
{
	pid_t child = fork();

	if (child == 0) {
		touch(part);
		_exit(0);
	}
	touch(part);
	if (child > 0)
		waitpid(child, NULL, 0);
}

static void protect(struct part *part)
{
	mprotect(part->at, part->bytes, PROT_READ);
	mprotect(part->at, part->bytes, PROT_READ | PROT_WRITE);
	touch(part);
}

static void page_out(struct part *part)
{
	madvise(part->at, part->bytes, MADV_PAGEOUT);
	touch(part);
}

/* The upper half moves away, and back to where it merges with the lower one. */
static void move(struct part *part)
{
	size_t half = part->bytes / 2;
	char *from = part->at + half;
	char *to = part->at + part->bytes;

	if (mremap(from, half, half, MREMAP_MAYMOVE | MREMAP_FIXED, to) != to)
		return;
	map_at(from, half, PROT_NONE);
	if (mremap(to, half, half, MREMAP_MAYMOVE | MREMAP_FIXED, from) != from)
		map_at(from, half, PROT_READ | PROT_WRITE);
	map_at(to, half, PROT_NONE);
	touch(part);
}

/* A large page is split by the loss of a piece, and collapsed again. */
static void split(struct part *part)
{
	madvise(part->at + LARGE_PAGE / 2, SMALL_PAGE, MADV_DONTNEED);
	mprotect(part->at, SMALL_PAGE, PROT_READ);
	mprotect(part->at, SMALL_PAGE, PROT_READ | PROT_WRITE);
	touch(part);
	if (madvise(part->at, part->bytes, MADV_COLLAPSE))
		madvise(part->at, part->bytes, MADV_DONTNEED);
}

/* All that a page-table page maps, so that it is freed as well. */
static void unmap(struct part *part)
{
	munmap(part->at, part->bytes);
	map_at(part->at, part->bytes, PROT_READ | PROT_WRITE);
	fill_pattern(part->at, 16 * SMALL_PAGE, next_value());
}

/* Pages that are busy stay where they are. */
static void migrate(struct part *part)
{
	enum { PAGES = 16 };
	void *pages[PAGES];
	int to[PAGES], status[PAGES];
	uint64_t turn = next_value();
	int i;

	for (i = 0; i < PAGES; i++) {
		pages[i] = part->at + i * SMALL_PAGE;
		to[i] = (turn + i) % 2 ? nodes.first : nodes.second;
	}
	if (nodes.first != nodes.second)
		syscall(SYS_move_pages, 0, (unsigned long)PAGES, pages, to,
			status, MPOL_MF_MOVE);
	touch(part);
	nap(1);
}

/* Of the whole process. */
static void soft_dirty(struct part *part)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY);

	if (fd >= 0) {
		if (write(fd, "4", 1) < 0)
			nap(100);
		close(fd);
	}
	touch(part);
	nap(10);
}

#define SMALL_PART(nr, ...)						\
	{								\
		.bytes = (nr) * SMALL_PAGE, .stride = SMALL_PAGE,	\
		.sweep = SWEEP_LOAD_STORE, .advice = MADV_NOHUGEPAGE,	\
		.step = { __VA_ARGS__ },				\
	}
#define LARGE_PART(what, ...)						\
	{								\
		.bytes = LARGE_PAGE, .stride = LARGE_PAGE / 32,		\
		.sweep = SWEEP_LOAD_STORE, .advice = (what),		\
		.step = { __VA_ARGS__ },				\
	}

static struct part parts[] = {
	SMALL_PART(64, zap, touch),
	SMALL_PART(16, fork_storm),
	SMALL_PART(16, protect),
	SMALL_PART(64, page_out),
	SMALL_PART(32, move),
	SMALL_PART(16, migrate),
	SMALL_PART(16, soft_dirty),
	LARGE_PART(MADV_HUGEPAGE, huge_zero),
	LARGE_PART(MADV_HUGEPAGE, split),
	LARGE_PART(MADV_NOHUGEPAGE, unmap),
	/* The device's stores would make the pages differ. */
	{
		.bytes = 32 * SMALL_PAGE, .stride = SMALL_PAGE,
		.sweep = SWEEP_LOAD, .advice = MADV_MERGEABLE,
		.step = { merge },
	},
};

#define NR_PARTS	(sizeof(parts) / sizeof(parts[0]))

static void prepare(struct run *run, struct part *part)
{
	part->at = reserve_aligned(run, 2 * LARGE_PAGE, LARGE_PAGE);
	map_at(part->at, part->bytes, PROT_READ | PROT_WRITE);
	madvise(part->at, part->bytes, part->advice);
	touch(part);
}

static void *thread_main(void *arg)
{
	struct hostile_thread *thread = arg;

	/* A thread's stack is mapped wherever there is a hole. */
	pthread_barrier_wait(&all_there);
	/* One step at least, however late it first runs. */
	do {
		thread->step(thread->part);
	} while (!__atomic_load_n(&quiet, __ATOMIC_RELAXED));
	return NULL;
}

static size_t plan_threads(struct hostile_thread *threads)
{
	size_t nr = 0, i;
	int step;

	for (i = 0; i < NR_PARTS; i++) {
		for (step = 0; step < STEPS_MAX && parts[i].step[step]; step++)
			threads[nr++] = (struct hostile_thread) {
				.part = &parts[i], .step = parts[i].step[step],
			};
	}
	return nr;
}

static void start_threads(struct run *run, struct hostile_thread *threads,
			  size_t nr)
{
	size_t i;

	quiet = false;
	pthread_barrier_init(&all_there, NULL, nr);
	for (i = 0; i < nr; i++) {
		if (pthread_create(&threads[i].id, NULL, thread_main,
				   &threads[i]))
			run_broken(run, "cannot start a thread");
	}
}

static void stop_threads(struct hostile_thread *threads, size_t nr)
{
	__atomic_store_n(&quiet, true, __ATOMIC_RELAXED);
	while (nr > 0)
		pthread_join(threads[--nr].id, NULL);
}

/* The part of which the armed run drops what tells of it. */
#define ZAPPED		0

/*
 * Before everything begins at once, so that what is learned of it is about it
 * alone: without word of the others' forks and protections the device's stores
 * would all be held back, and no part would get on.
 */
static void zap_alone(struct run *run, struct sweep *sweep)
{
	struct part *part = &parts[ZAPPED];

	touch(part);
	sweep_wait_pass(sweep);
	operation_begin(run, "MADV_DONTNEED", part->at, part->bytes);
	zap(part);
	operation_end(run);
}

static void hostile(struct run *run)
{
	struct hostile_thread threads[NR_PARTS * STEPS_MAX];
	struct timespec round = { .tv_nsec = ROUND_NS };
	struct sweep *sweeps[NR_PARTS];
	size_t nr = plan_threads(threads);
	size_t i;

	start_ksm(run);
	find_nodes(&nodes);
	for (i = 0; i < NR_PARTS; i++)
		prepare(run, &parts[i]);
	for (i = 0; i < NR_PARTS; i++)
		sweeps[i] = sweep_start(run, parts[i].at, parts[i].bytes,
					parts[i].stride, parts[i].sweep);
	while (run_next_round(run)) {
		zap_alone(run, sweeps[ZAPPED]);
		start_threads(run, threads, nr);
		nanosleep(&round, NULL);
		stop_threads(threads, nr);
		for (i = 0; i < NR_PARTS; i++)
			sweep_wait_pass(sweeps[i]);
		run_check(run);
		for (i = 0; i < NR_PARTS; i++)
			sweep_check_stored(sweeps[i]);
	}
	for (i = 0; i < NR_PARTS; i++)
		sweep_stop_stored(sweeps[i]);
}

SCENARIO(hostile) = {
	.name = "hostile",
	.title = "does everything at once to memory that the device uses",
	/* As many as it takes for each of its threads to get on. */
	.rounds = 3,
	.slow = true,
	.run = hostile,
};
