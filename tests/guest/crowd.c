// SPDX-License-Identifier: GPL-2.0-only
/*
 * crowd PROCESSES...: what a fork costs in a watch that has so many idle processes,
 * and what the watch's thread does about them, in time of a clock that counts
 * instructions. Prints one line each: name and number.
 */
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "guest.h"
#include "model/elapsed.h"
#include "model/wait_until.h"
#include "model/watch_limits.h"

#define PATIENCE_S	3600
#define FORKS		400
#define IDLE_S		4
/* More than anybody asks for here. */
#define PROCESSES_MAX	8192

/* Shared with the process that is watched, and forks. */
static struct {
	bool watched;
	bool bound;
	bool measured;
	double average_us;
	double worst_us;
} *shared;

static bool is_set(const bool *flag)
{
	return __atomic_load_n(flag, __ATOMIC_ACQUIRE);
}

static void set(bool *flag)
{
	__atomic_store_n(flag, true, __ATOMIC_RELEASE);
}

/* The worst is as long as somebody keeps a lock from it. */
static void measure_forks(void)
{
	int i;

	for (i = 0; i < FORKS; i++) {
		struct timespec start;
		double took;
		pid_t child;

		clock_gettime(CLOCK_MONOTONIC, &start);
		child = fork();
		if (child == 0)
			_exit(0);
		took = 1e6 * seconds_since(&start);
		waitpid(child, NULL, 0);
		shared->average_us += took / FORKS;
		if (took > shared->worst_us)
			shared->worst_us = took;
	}
}

/* Forks as many idle ones, and goes on forking when they are bound. */
static void run_parent(unsigned int idle)
{
	wait_until(is_set(&shared->watched), PATIENCE_S);
	while (idle-- > 0) {
		if (fork() == 0) {
			prctl(PR_SET_PDEATHSIG, SIGKILL);
			for (;;)
				pause();
		}
	}
	wait_until(is_set(&shared->bound), PATIENCE_S);
	measure_forks();
	set(&shared->measured);
	for (;;)
		pause();
}

static void print(const char *name, unsigned int idle, double value,
		  const char *unit)
{
	printf("%-20s beside %5u idle ones %10.1f %s\n", name, idle, value, unit);
}

/* All that is there is mirrored: a second has brought nothing new. */
static bool has_settled(uint32_t watch)
{
	const struct timespec second = { .tv_sec = 1 };
	uint64_t before = watch_number(watch, "fills");

	nanosleep(&second, NULL);
	return watch_number(watch, "fills") == before;
}

/* While nothing happens: of one CPU. */
static double share_of_thread(uint32_t watch)
{
	const struct timespec idle = { .tv_sec = IDLE_S };
	uint64_t before;

	wait_until(has_settled(watch), PATIENCE_S);
	before = watch_number(watch, "time");
	nanosleep(&idle, NULL);
	return (watch_number(watch, "time") - before) / (IDLE_S * 1e7);
}

static bool measure(unsigned int idle)
{
	const struct watch_limits limits = {
		.processes = PROCESSES_MAX,
		.share = 100,
	};
	bool measured = false;
	uint32_t watch = 0;
	pid_t parent;

	memset(shared, 0, sizeof(*shared));
	parent = fork();
	if (parent == 0)
		run_parent(idle);
	if (!client_watch_start(client, &limits, &watch) &&
	    !client_watch_add(client, watch, parent, false)) {
		set(&shared->watched);
		wait_until(watch_number(watch, "processes") > idle, PATIENCE_S);
		print("watch's thread", idle, share_of_thread(watch), "%");
		set(&shared->bound);
		measured = wait_until(is_set(&shared->measured), PATIENCE_S);
		print("fork, average", idle, shared->average_us, "us");
		print("fork, worst", idle, shared->worst_us, "us");
	}
	kill(parent, SIGKILL);
	waitpid(parent, NULL, 0);
	client_watch_stop(client, watch);
	return measured;
}

int main(int argc, char **argv)
{
	int i;

	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	shared = mmap(NULL, sizeof(*shared), PROT_READ | PROT_WRITE,
		      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	for (i = 1; i < argc; i++) {
		if (!measure(strtoul(argv[i], NULL, 0))) {
			fprintf(stderr, "crowd: %s\n", client_error(client));
			return 1;
		}
	}
	client_close(client);
	return 0;
}
