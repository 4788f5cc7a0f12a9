// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that KSM merges and khugepaged collapses, while threads write to a part
 * of it: pages become equal, are made one, are written to, and become equal again.
 */
#include <pthread.h>

#include "program.h"

#define SIZE	(8 * MEGA)
#define PAGES	(SIZE / PAGE)
#define THREADS	2

static char *memory;

static void *work(void *number)
{
	uint64_t value = 0;
	size_t i;

	while (time_left()) {
		value = (value + 1) % 4;
		for (i = (uintptr_t)number; i < PAGES; i += THREADS) {
			/* Three quarters of the time as the others. */
			*word_of(memory, i) = i % 8 ? 0 : value;
			check_word("written", memory, i, i % 8 ? 0 : value);
		}
		usleep(20000);
		for (i = (uintptr_t)number; i < PAGES; i += THREADS)
			check_word("merged", memory, i, i % 8 ? 0 : value);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	uintptr_t i;

	program_begin(argc, argv);
	memory = map_anonymous(SIZE);
	memset(memory, 0, SIZE);
	if (madvise(memory, SIZE, MADV_MERGEABLE))
		lacking("MADV_MERGEABLE");
	madvise(memory, SIZE / 2, MADV_HUGEPAGE);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, (void *)i))
			fail("pthread_create");
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
