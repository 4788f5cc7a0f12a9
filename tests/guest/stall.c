// SPDX-License-Identifier: GPL-2.0-only
/*
 * stall PAGES: makes PAGES pages read-only, and then takes mmap_lock for writing
 * again and again, until it has done so for five seconds. With the notification of
 * the first dropped, the device's mirror has something to audit all the while. Says
 * how long the lock was not to be had at worst, in milliseconds.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096UL
/* For the mirror, to hold a translation of every page. */
#define MIRROR_US	700000
#define SECONDS		5

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

/* Takes mmap_lock for writing twice, and returns how long that took. */
static double take_lock(void)
{
	double start = now();
	void *at = mmap(NULL, PAGE, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS, -1,
			0);

	munmap(at, PAGE);
	return now() - start;
}

int main(int argc, char **argv)
{
	size_t bytes = PAGE * (argc == 2 ? strtoul(argv[1], NULL, 0) : 0);
	double end, worst = 0;
	char *memory;

	memory = mmap(NULL, bytes, PROT_READ | PROT_WRITE,
		      MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (memory == MAP_FAILED)
		return 2;
	memset(memory, 1, bytes);
	usleep(MIRROR_US);
	mprotect(memory, bytes, PROT_READ);
	end = now() + SECONDS;
	while (now() < end) {
		double took = take_lock();

		if (took > worst)
			worst = took;
		usleep(1000);
	}
	printf("worst %.0f ms\n", worst * 1000);
	return 0;
}
