// SPDX-License-Identifier: GPL-2.0-only
/*
 * innocent KIND: a program that does what looks like a breach, and is none.
 *
 * zap-read-write: one thread zaps memory; another one reads and writes what is
 * being zapped. The read finds the page gone, and maps the zero page; the write
 * copies that, and tells the device, which may still hold the page that was
 * there before: the zap has not flushed yet.
 * zap-file: the same in a private mapping of a file: what is copied is the file's.
 * zap-write: the write finds nothing there: nothing is copied.
 *
 * Ends when that has been seen often enough; fails when it is not to be had.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#define PAGES		2048
#define PAGE		4096UL
#define ENOUGH		64
#define TRIES		400
/* For the mirror, to hold a translation of every page. */
#define MIRROR_US	150000

static volatile char *memory;
static bool reads;
static atomic_bool zapping, ends;
static atomic_uint seen;

/* Touches all that is being zapped, and counts what it finds zapped. */
static void touch_all(void)
{
	size_t i;

	for (i = 0; i < PAGES && zapping; i++) {
		volatile char *page = memory + i * PAGE;

		if (!reads)
			*page = 1;
		else if (*page == 0)
			seen++;
		*page = 1;
	}
}

static void *touch(void *unused)
{
	while (!ends) {
		if (zapping)
			touch_all();
	}
	return NULL;
}

static volatile char *map(const char *kind)
{
	int flags = MAP_PRIVATE | MAP_ANONYMOUS, file = -1;
	void *at;

	if (strcmp(kind, "zap-file") == 0) {
		file = memfd_create("innocent", 0);
		if (file < 0 || ftruncate(file, PAGES * PAGE))
			return NULL;
		flags = MAP_PRIVATE;
	}
	at = mmap(NULL, PAGES * PAGE, PROT_READ | PROT_WRITE, flags, file, 0);
	if (at == MAP_FAILED)
		return NULL;
	/* Pages that are zapped, read and copied one by one. */
	madvise(at, PAGES * PAGE, MADV_NOHUGEPAGE);
	return at;
}

static void zap(void)
{
	size_t i;

	for (i = 0; i < PAGES; i++)
		memory[i * PAGE] = 2;
	usleep(MIRROR_US);
	zapping = true;
	madvise((void *)memory, PAGES * PAGE, MADV_DONTNEED);
	zapping = false;
	if (!reads)
		seen++;
}

int main(int argc, char **argv)
{
	pthread_t toucher;
	unsigned int tries;

	reads = argc == 2 && strcmp(argv[1], "zap-write") != 0;
	memory = argc == 2 ? map(argv[1]) : NULL;
	if (!memory || pthread_create(&toucher, NULL, touch, NULL))
		return 2;
	for (tries = 0; tries < TRIES && seen < ENOUGH; tries++)
		zap();
	ends = true;
	pthread_join(toucher, NULL);
	printf("%u times in %u tries\n", seen, tries);
	return seen < ENOUGH;
}
