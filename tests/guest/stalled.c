// SPDX-License-Identifier: GPL-2.0-only
/*
 * A write fault whose CPU stands still between the entry and the notification, for
 * longer than an audit looks: it has not broken anything yet. Where the fault holds
 * no mmap_lock (from Linux 6.4 on), nothing but a grace period tells. Prints TAP.
 */
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "guest.h"
#include "model/elapsed.h"
#include "model/window.h"

#define PAGE		4096UL
#define PAGES		6UL
/* An audit looks for 300 ms before it asks what may be under way. */
#define STALL_US	700000
#define STALLED_S	(0.9 * PAGES * STALL_US / 1e6)

static char *memory;
static bool wrote;

static void move_to_cpu(size_t cpu)
{
	cpu_set_t cpus;

	CPU_ZERO(&cpus);
	CPU_SET(cpu, &cpus);
	sched_setaffinity(0, sizeof(cpus), &cpus);
}

/* Copies the zero page, so many times, on each CPU as often as on any other. */
static void *write_all(void *unused)
{
	long nr_cpus = sysconf(_SC_NPROCESSORS_ONLN);
	size_t i;

	for (i = 0; i < PAGES; i++) {
		move_to_cpu(i % nr_cpus);
		*(volatile char *)(memory + i * PAGE) = 1;
	}
	__atomic_store_n(&wrote, true, __ATOMIC_RELEASE);
	return NULL;
}

static void read_all(void)
{
	size_t i;

	for (i = 0; i < PAGES; i++)
		(void)*(volatile char *)(memory + i * PAGE);
}

int main(void)
{
	/* It is called when the entry is cleared, and tells the device. */
	static const struct window window = {
		.function = "flush_tlb_mm_range",
		.function_delay = STALL_US,
	};
	struct client_prefetch prefetch = { };
	struct client_audit audit = { };
	unsigned int audits = 0;
	struct timespec start;
	uint64_t breaches = 0;
	uint32_t pasid = 0;
	pthread_t writer;
	double took;
	int err;

	setvbuf(stdout, NULL, _IOLBF, 0);
	client = connect_or_bail_out();
	memory = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE);
	read_all();
	err = client_bind(client, 0, false, &pasid) ? :
	      client_prefetch(client, pasid, (uintptr_t)memory, PAGES * PAGE,
			      false, false, &prefetch) ? :
	      client_window_set(client, pasid, &window);
	clock_gettime(CLOCK_MONOTONIC, &start);
	pthread_create(&writer, NULL, write_all, NULL);
	while (!err && !__atomic_load_n(&wrote, __ATOMIC_ACQUIRE)) {
		err = client_audit(client, pasid, &audit);
		breaches += audit.breaches;
		audits++;
	}
	pthread_join(writer, NULL);
	took = seconds_since(&start);
	report(!err && prefetch.filled == PAGES && audits > 0 && took > STALLED_S,
	       "CPUs stand still between entries and notifications while audits look",
	       "error %d, %llu filled, %u audits, %.1f s", err,
	       (unsigned long long)prefetch.filled, audits, took);
	report(!breaches && !count_of(pasid, "findings"),
	       "... which find nothing", "%llu breaches, %llu findings",
	       (unsigned long long)breaches,
	       (unsigned long long)count_of(pasid, "findings"));
	client_close(client);
	return 0;
}
