// SPDX-License-Identifier: GPL-2.0-only
/*
 * MADV_DONTNEED, while another thread reads and then writes what is being zapped:
 * what was read is the zero page, or a page of a file, and the write copies that,
 * next to an entry that is gone and not flushed yet.
 */
#include <pthread.h>

#include "program.h"

#define PAGES	2048

static char *memory;
static volatile bool zapping, stop;

static void *touch(void *unused)
{
	size_t i;

	while (!stop) {
		for (i = 0; i < PAGES && zapping; i++) {
			(void)*word_of(memory, i);
			*word_of(memory, i) = 1;
		}
	}
	return NULL;
}

static void zap_once(void)
{
	size_t i;

	for (i = 0; i < PAGES; i++)
		*word_of(memory, i) = 2;
	/* The device looks at it meanwhile. */
	usleep(100000);
	zapping = true;
	madvise(memory, PAGES * PAGE, MADV_DONTNEED);
	zapping = false;
}

static void zap(char *mapped)
{
	pthread_t thread;
	int round;

	memory = mapped;
	stop = false;
	madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE);
	if (pthread_create(&thread, NULL, touch, NULL))
		fail("pthread_create");
	for (round = 0; round < 5; round++)
		zap_once();
	stop = true;
	pthread_join(thread, NULL);
	munmap(memory, PAGES * PAGE);
}

int main(int argc, char **argv)
{
	int file = memfd_create("zap", 0);

	program_begin(argc, argv);
	if (file < 0 || ftruncate(file, PAGES * PAGE))
		fail("memfd");
	do {
		zap(map_anonymous(PAGES * PAGE));
		zap(map(PAGES * PAGE, MAP_PRIVATE, file));
	} while (time_left());
	return 0;
}
