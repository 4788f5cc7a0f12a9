// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the device costs, in ns of CPU time an operation: with a clock that counts
 * instructions (DEVTLB_TCG=icount, --cpus 1) these are exact to a percent. Prints
 * one line each: name and number.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#include "client/client.h"

#define PAGE		4096UL
#define PAGES		2048UL
#define HITS		200000ULL
#define OPERATIONS	4000
#define PATIENCE_S	120

static struct client *client;

static void die(const char *what)
{
	fprintf(stderr, "cost: %s: %s\n", what, client_error(client));
	exit(1);
}

static void print(const char *name, double ns)
{
	printf("%-28s %10.1f\n", name, ns);
}

/* CPU time of the kernel thread of that name. */
static unsigned long long time_of_thread(const char *name)
{
	struct dirent *entry;
	DIR *proc = opendir("/proc");
	unsigned long long ns = 0;

	while (proc && (entry = readdir(proc))) {
		char path[300], comm[32] = "";
		FILE *file;

		snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
		file = fopen(path, "r");
		if (!file)
			continue;
		if (fscanf(file, "%31s", comm) != 1)
			comm[0] = '\0';
		fclose(file);
		if (strcmp(comm, name) != 0)
			continue;
		snprintf(path, sizeof(path), "/proc/%s/schedstat", entry->d_name);
		file = fopen(path, "r");
		if (file && fscanf(file, "%llu", &ns) != 1)
			ns = 0;
		if (file)
			fclose(file);
	}
	if (proc)
		closedir(proc);
	return ns;
}

static void wait_until_finished(uint32_t pasid, uint32_t thread)
{
	struct timespec nap = { .tv_nsec = 20000000 };
	int tries;

	for (tries = 0; tries < PATIENCE_S * 50; tries++) {
		struct json_object *threads;
		bool finished = false;
		size_t i;

		if (client_threads(client, pasid, &threads))
			die("threads");
		for (i = 0; i < json_object_array_length(threads); i++) {
			struct json_object *one =
				json_object_array_get_idx(threads, i);

			if (json_object_get_uint64(json_object_object_get(one, "id")) != thread)
				continue;
			finished = strcmp(json_object_get_string(
				json_object_object_get(one, "state")),
				"finished") == 0;
		}
		json_object_put(threads);
		if (finished)
			return;
		nanosleep(&nap, NULL);
	}
	die("a device thread does not finish");
}

/* CPU time of a program on the device, in ns. */
static double run(uint32_t pasid, const struct devtlb_insn *program,
		  unsigned int nr, uint32_t check_every)
{
	char name[32];
	uint32_t thread;
	double ns;

	if (client_thread_start(client, pasid, program, nr, check_every, &thread))
		die("start a device thread");
	wait_until_finished(pasid, thread);
	snprintf(name, sizeof(name), "devtlb/%u:%u", pasid, thread);
	ns = time_of_thread(name);
	if (client_thread_stop(client, pasid, thread))
		die("stop a device thread");
	return ns;
}

static double run_access(uint32_t pasid, void *at, uint32_t op,
			 uint32_t check_every)
{
	const struct devtlb_insn program[] = {
		{ .op = op, .reg = 1, .addr = (uintptr_t)at },
		{ .op = DEVTLB_OP_LOOP, .reg = 2, .value = HITS },
	};

	return run(pasid, program, 2, check_every) / HITS;
}

static double run_sweep(uint32_t pasid, void *at)
{
	const struct devtlb_insn program[] = {
		{ .op = DEVTLB_OP_LOAD, .reg = 1, .index = 0,
		  .addr = (uintptr_t)at, .stride = PAGE },
		{ .op = DEVTLB_OP_LOOP, .reg = 0, .value = PAGES },
	};

	return run(pasid, program, 2, 0) / PAGES;
}

static double now_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * 1e9 + now.tv_nsec;
}

static char *map(size_t bytes)
{
	char *at = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
			MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

	if (at == MAP_FAILED)
		die("mmap");
	madvise(at, bytes, MADV_NOHUGEPAGE);
	return at;
}

static double dontneed(void)
{
	char *at = map(PAGE);
	double start, sum = 0;
	int i;

	for (i = 0; i < OPERATIONS; i++) {
		*(volatile char *)at = 1;
		start = now_ns();
		madvise(at, PAGE, MADV_DONTNEED);
		sum += now_ns() - start;
	}
	munmap(at, PAGE);
	return sum / OPERATIONS;
}

static double cow(void)
{
	char *at = map(OPERATIONS * PAGE);
	double start;
	int i;

	for (i = 0; i < OPERATIONS; i++)
		(void)*(volatile char *)(at + i * PAGE);
	start = now_ns();
	for (i = 0; i < OPERATIONS; i++)
		*(volatile char *)(at + i * PAGE) = 1;
	start = now_ns() - start;
	munmap(at, OPERATIONS * PAGE);
	return start / OPERATIONS;
}

static double map_touch_unmap(void)
{
	double start = now_ns();
	int i;

	for (i = 0; i < OPERATIONS; i++) {
		char *at = mmap(NULL, PAGE, PROT_READ | PROT_WRITE,
				MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		*(volatile char *)at = 1;
		munmap(at, PAGE);
	}
	return (now_ns() - start) / OPERATIONS;
}

static void print_operations(const char *how)
{
	char name[64];

	snprintf(name, sizeof(name), "dontneed-%s", how);
	print(name, dontneed());
	snprintf(name, sizeof(name), "cow-%s", how);
	print(name, cow());
	snprintf(name, sizeof(name), "map-touch-unmap-%s", how);
	print(name, map_touch_unmap());
}

int main(void)
{
	char *memory = map(PAGES * PAGE);
	uint32_t pasid;

	client = client_open();
	if (!client_connected(client))
		die("connect");
	memset(memory, 1, PAGES * PAGE);
	print_operations("unbound");
	if (client_bind(client, 0, false, &pasid))
		die("bind");
	print("fill", run_sweep(pasid, memory));
	print("hit", run_access(pasid, memory, DEVTLB_OP_LOAD, 0));
	print("hit-checked", run_access(pasid, memory, DEVTLB_OP_LOAD, 1));
	print("store", run_access(pasid, memory, DEVTLB_OP_STORE, 0));
	print_operations("bound");
	client_unbind(client, pasid);
	client_close(client);
	return 0;
}
