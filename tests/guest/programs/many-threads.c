// SPDX-License-Identifier: GPL-2.0-only
/*
 * 1,000 threads at a time, each with a stack that it writes to, gives a part of up
 * and writes to again; they end in any order, and their stacks are unmapped.
 */
#include <pthread.h>

#include "program.h"

#define THREADS	1000
#define STACK	(64 * 1024UL)
#define DEPTH	(8 * PAGE)

static void *work(void *number)
{
	char deep[DEPTH + PAGE];
	char *aligned = (char *)(((uintptr_t)deep + PAGE - 1) & ~(PAGE - 1));
	size_t i;

	for (i = 0; i < DEPTH / PAGE; i++)
		*word_of(aligned, i) = (uintptr_t)number + i;
	sched_yield();
	for (i = 0; i < DEPTH / PAGE; i++)
		check_word("stack", aligned, i, (uintptr_t)number + i);
	madvise(aligned, DEPTH / 2, MADV_DONTNEED);
	for (i = 0; i < DEPTH / 2 / PAGE; i++)
		check_word("given up", aligned, i, 0);
	return NULL;
}

int main(int argc, char **argv)
{
	static pthread_t threads[THREADS];
	pthread_attr_t attributes;
	uintptr_t i;

	program_begin(argc, argv);
	pthread_attr_init(&attributes);
	pthread_attr_setstacksize(&attributes, STACK);
	do {
		for (i = 0; i < THREADS; i++)
			if (pthread_create(&threads[i], &attributes, work, (void *)(i << 32)))
				fail("pthread_create");
		for (i = 0; i < THREADS; i++)
			pthread_join(threads[i], NULL);
	} while (time_left());
	return 0;
}
