/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the programs of this directory share. Each takes the seconds that it is to
 * work, looks at its own data all the time, and exits with 0, with 1 when data is
 * not what it wrote, or with 4 when the kernel lacks what it is about.
 */
#ifndef PROGRAM_H
#define PROGRAM_H

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>
#include <unistd.h>

#define PAGE	4096UL
#define MEGA	(1024 * 1024UL)
#define LACKING	4

static time_t program_end;

static inline void program_begin(int argc, char **argv)
{
	program_end = time(NULL) + (argc > 1 ? atoi(argv[1]) : 3);
}

static inline bool time_left(void)
{
	return time(NULL) < program_end;
}

static inline void fail(const char *what)
{
	perror(what);
	exit(1);
}

static inline void lacking(const char *what)
{
	perror(what);
	exit(LACKING);
}

static inline void wrong(const char *what, uint64_t got, uint64_t want)
{
	fprintf(stderr, "%s: got %#llx, wrote %#llx\n", what, (unsigned long long)got,
		(unsigned long long)want);
	exit(1);
}

static inline char *map(size_t size, int flags, int fd)
{
	char *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, flags, fd, 0);

	if (memory == MAP_FAILED)
		fail("mmap");
	return memory;
}

static inline char *map_anonymous(size_t size)
{
	return map(size, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1);
}

/* The first word of a page. */
static inline volatile uint64_t *word_of(char *memory, size_t page)
{
	return (volatile uint64_t *)(memory + page * PAGE);
}

static inline void check_word(const char *what, char *memory, size_t page, uint64_t want)
{
	uint64_t got = *word_of(memory, page);

	if (got != want)
		wrong(what, got, want);
}

#endif
