// SPDX-License-Identifier: GPL-2.0-only
/*
 * What mutants do each time, and what happens at the module's limits and to those
 * who may not use it. Prints TAP.
 */
#include <errno.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "model/elapsed.h"
#include "model/mutant.h"
#include "model/wait_until.h"
#include "model/watch_limits.h"
#include "model/window.h"

#define PAGE		4096UL
#define OPERATIONS	70
#define THREADS		80
#define PATIENCE_S	60
/* Longer than from one sweep to the next. */
#define SWEEP_S		10
/* Notifications that can be held back at a time: DEVTLB_LATE_MAX. */
#define LATE_MAX	64

/* Notifications of DONTNEED come with one for each page that was there. */
static void zap(char *at)
{
	*(volatile char *)at = 1;
	madvise(at, PAGE, MADV_DONTNEED);
}

static char *map(size_t pages)
{
	char *at = mmap(NULL, pages * PAGE, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	madvise(at, pages * PAGE, MADV_NOHUGEPAGE);
	return at;
}

/* How many notifications of so many zaps does a mutant withhold? */
static uint64_t withheld_by(struct mutant mutant, unsigned int zaps)
{
	char *at = map(1);
	uint64_t withheld;
	uint32_t pasid;

	snprintf(mutant.site, sizeof(mutant.site), "do_madvise");
	if (client_bind(client, 0, false, &pasid) ||
	    client_mutant_add(client, pasid, &mutant))
		return ~0ULL;
	while (zaps--)
		zap(at);
	withheld = count_of(pasid, "withheld-invalidations");
	client_unbind(client, pasid);
	munmap(at, PAGE);
	return withheld;
}

static void nth_and_times(void)
{
	uint64_t all = withheld_by((struct mutant) {
		.kind = DEVTLB_MUTANT_DROP }, 20);
	uint64_t from_third = withheld_by((struct mutant) {
		.kind = DEVTLB_MUTANT_DROP, .nth = 3 }, 20);
	uint64_t twice = withheld_by((struct mutant) {
		.kind = DEVTLB_MUTANT_DROP, .nth = 3, .times = 2 }, 20);

	report(all >= 20 && from_third == all - 2,
	       "a mutant acts from its N-th notification on",
	       "%llu of %llu", (unsigned long long)from_third,
	       (unsigned long long)all);
	report(twice == 2, "a mutant acts so many times at most",
	       "%llu times, not 2",
	       (unsigned long long)twice);
}

static void probability(void)
{
	const struct mutant mutant = {
		.kind = DEVTLB_MUTANT_DROP,
		.probability = 500000,
		.seed = 7,
	};
	uint64_t first = withheld_by(mutant, 100);
	uint64_t second = withheld_by(mutant, 100);

	report(first > 20 && first < 180 && first == second,
	       "a mutant acts with its probability, and a seed does so again",
	       "%llu, then %llu", (unsigned long long)first,
	       (unsigned long long)second);
}

/* Waits until so many were delivered, or none is any more. */
static uint64_t delivered_late(uint32_t pasid, uint64_t want)
{
	wait_until(count_of(pasid, "late-invalidations") >= want, PATIENCE_S);
	return count_of(pasid, "late-invalidations");
}

/* More than can be held back: the last ones become one. */
static void late_ones_merge(void)
{
	const struct mutant defer = {
		.kind = DEVTLB_MUTANT_DEFER,
		.delay = 3000,
	};
	uint64_t withheld, late;
	char *at = map(OPERATIONS);
	uint32_t pasid;
	size_t i;

	if (client_bind(client, 0, false, &pasid) ||
	    client_mutant_add(client, pasid, &defer)) {
		report(false, "what is held back beyond the limit is merged", "cannot begin");
		return;
	}
	for (i = 0; i < OPERATIONS; i++)
		zap(at + i * PAGE);
	withheld = count_of(pasid, "withheld-invalidations");
	late = delivered_late(pasid, LATE_MAX);
	report(withheld >= OPERATIONS && late >= LATE_MAX && late < withheld,
	       "what is held back beyond the limit is merged, and delivered",
	       "%llu withheld, %llu delivered late",
	       (unsigned long long)withheld, (unsigned long long)late);
	client_unbind(client, pasid);
	munmap(at, OPERATIONS * PAGE);
}

static pthread_barrier_t barrier;

/* A copy on write of the zero page: both callbacks come within the range. */
static void *copy_at_once(void *at)
{
	(void)*(volatile char *)at;
	pthread_barrier_wait(&barrier);
	*(volatile char *)at = 1;
	pthread_barrier_wait(&barrier);
	/* Until what came of it is counted. */
	pthread_barrier_wait(&barrier);
	return NULL;
}

/*
 * More ranges at a time than are remembered: the others hold nothing back. The
 * window is there for the copies only: stacks come and go one by one.
 */
static void many_open_ranges(void)
{
	const struct mutant late = { .kind = DEVTLB_MUTANT_LATE };
	const struct window window = { .range_end = 500000 };
	uint64_t withheld, delivered, all;
	pthread_t thread[THREADS];
	char *at = map(THREADS);
	uint32_t pasid;
	size_t i;

	pthread_barrier_init(&barrier, NULL, THREADS + 1);
	for (i = 0; i < THREADS; i++)
		pthread_create(&thread[i], NULL, copy_at_once, at + i * PAGE);
	if (client_bind(client, 0, false, &pasid) ||
	    client_mutant_add(client, pasid, &late) ||
	    client_window_set(client, pasid, &window)) {
		report(false, "more open ranges than are remembered", "cannot begin");
		return;
	}
	pthread_barrier_wait(&barrier);
	pthread_barrier_wait(&barrier);
	withheld = count_of(pasid, "withheld-invalidations");
	delivered = delivered_late(pasid, withheld);
	all = count_of(pasid, "invalidations");
	client_window_set(client, pasid, &(const struct window) { .range_end = 1 });
	pthread_barrier_wait(&barrier);
	for (i = 0; i < THREADS; i++)
		pthread_join(thread[i], NULL);
	/* Of so many at once some found no room: they were told of at once. */
	report(withheld > 0 && withheld < THREADS && delivered == withheld &&
	       all >= THREADS,
	       "with more open ranges than are remembered, all that is held back is delivered",
	       "%llu withheld, %llu delivered late, %llu in all",
	       (unsigned long long)withheld, (unsigned long long)delivered,
	       (unsigned long long)all);
	client_unbind(client, pasid);
	munmap(at, THREADS * PAGE);
}

static void too_many_mutants(void)
{
	const struct mutant drop = {
		.kind = DEVTLB_MUTANT_DROP,
		.site = "nothing_is_called_that",
	};
	uint32_t pasid;
	int err, nr = 0;

	if (client_bind(client, 0, false, &pasid))
		err = 0;
	else
		for (err = 0; !err && nr < 100; nr++)
			err = client_mutant_add(client, pasid, &drop);
	report(err == -ENOSPC && nr == DEVTLB_MUTANTS_MAX + 1 &&
	       strstr(client_error(client), "at most"),
	       "one mutant too many is refused, in words", "error %d after %d",
	       err, nr);
	client_unbind(client, pasid);
}

/* A process in which nothing happens. */
static pid_t start_idle(void)
{
	pid_t child = fork();

	if (child == 0) {
		pause();
		_exit(0);
	}
	return child;
}

static void end_idle(pid_t child)
{
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
}

static void two_watches(void)
{
	const struct watch_limits limits = { .share = 5 };
	uint32_t one = 0, other = 0;
	struct json_object *watches;
	pid_t child = start_idle();
	size_t nr = 0;
	int err;

	err = client_watch_start(client, &limits, &one) ? :
	      client_watch_start(client, &limits, &other) ? :
	      client_watch_add(client, one, child, false);
	if (!err && client_watches(client, &watches) == 0) {
		nr = json_object_array_length(watches);
		json_object_put(watches);
	}
	report(!err && nr == 2 && one != other, "two watches go on at a time",
	       "error %d, %zu watches", err, nr);
	err = client_watch_add(client, other, child, false);
	report(err == -EEXIST && strstr(client_error(client), "watched already"),
	       "a process belongs to one watch at most", "error %d", err);
	client_watch_stop(client, one);
	client_watch_stop(client, other);
	end_idle(child);
}

/* Seconds until the next sweep has ended. */
static double until_next_sweep(uint32_t watch)
{
	uint64_t before = watch_number(watch, "sweeps");
	struct timespec start;

	clock_gettime(CLOCK_MONOTONIC, &start);
	wait_until(watch_number(watch, "sweeps") > before, SWEEP_S);
	return seconds_since(&start);
}

/* All of it is mirrored, and nothing comes. */
static void idle_process(void)
{
	const struct watch_limits limits = { .share = 50 };
	double wait[3] = { };
	uint32_t watch = 0;
	pid_t child = start_idle();
	int i, err;

	err = client_watch_start(client, &limits, &watch) ? :
	      client_watch_add(client, watch, child, false);
	/* Until one that found nothing new. */
	while (!err && until_next_sweep(watch) < 0.5)
		;
	for (i = 0; !err && i < 3; i++)
		wait[i] = until_next_sweep(watch);
	report(!err && wait[0] > 1.5 && wait[1] > 3 && wait[2] < 6,
	       "an idle process is swept less and less often, up to a limit",
	       "error %d, after %.1f, %.1f and %.1f s", err, wait[0], wait[1],
	       wait[2]);
	client_watch_stop(client, watch);
	end_idle(child);
}

/* In a process of its own, which @leave changes: what does the client say? */
static void refused(void (*leave)(void), const char *words, const char *name)
{
	int status = 1;
	pid_t child = fork();

	if (child == 0) {
		uint32_t pasid;

		leave();
		client = client_open();
		if (client_connected(client))
			client_bind(client, 0, false, &pasid);
		if (strstr(client_error(client), words))
			_exit(0);
		printf("# %s\n", client_error(client));
		fflush(stdout);
		_exit(1);
	}
	waitpid(child, &status, 0);
	report(status == 0, name, "status %#x", status);
}

static void leave_network(void)
{
	unshare(CLONE_NEWNET);
}

static void keep_net_admin_only(void)
{
	struct __user_cap_header_struct header = { _LINUX_CAPABILITY_VERSION_3, 0 };
	const struct __user_cap_data_struct data[2] = {
		{ .effective = 1U << CAP_NET_ADMIN, .permitted = 1U << CAP_NET_ADMIN },
	};

	syscall(SYS_capset, &header, data);
}

int main(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	nth_and_times();
	probability();
	late_ones_merge();
	many_open_ranges();
	too_many_mutants();
	two_watches();
	idle_process();
	refused(leave_network, "network namespace",
		"another network namespace is told where to go");
	refused(keep_net_admin_only, "CAP_SYS_ADMIN",
		"CAP_NET_ADMIN is not enough, in words");
	client_close(client);
	return 0;
}
