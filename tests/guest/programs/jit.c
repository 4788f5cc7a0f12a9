// SPDX-License-Identifier: GPL-2.0-only
/*
 * A just-in-time compiler: functions are written to pages that are writable, made
 * executable, called, and made writable again for others; and a second kind, whose
 * pages are mapped twice.
 */
#include <pthread.h>

#include "program.h"

#define PAGES	64
#define THREADS	2

typedef uint32_t (*function)(void);

/* mov $value, %eax; ret */
static void emit(char *at, uint32_t value)
{
	at[0] = 0xb8;
	memcpy(at + 1, &value, sizeof(value));
	at[5] = 0xc3;
}

static void call(char *at, uint32_t want)
{
	uint32_t got = ((function)at)();

	if (got != want)
		wrong("the function", got, want);
}

static void protect(char *at, size_t size, int how)
{
	if (mprotect(at, size, how))
		fail("mprotect");
}

static void flip(char *code, uint32_t value)
{
	uint32_t i;

	protect(code, PAGES * PAGE, PROT_READ | PROT_WRITE);
	for (i = 0; i < PAGES; i++)
		emit(code + i * PAGE, value + i);
	protect(code, PAGES * PAGE, PROT_READ | PROT_EXEC);
	for (i = 0; i < PAGES; i++)
		call(code + i * PAGE, value + i);
	/* One alone, as patching a call site does. */
	i = value % PAGES;
	protect(code + i * PAGE, PAGE, PROT_READ | PROT_WRITE);
	emit(code + i * PAGE, ~value);
	protect(code + i * PAGE, PAGE, PROT_READ | PROT_EXEC);
	call(code + i * PAGE, ~value);
}

static void twice(uint32_t value)
{
	int file = memfd_create("code", 0);
	char *writable, *executable;

	if (ftruncate(file, PAGE))
		fail("memfd");
	writable = map(PAGE, MAP_SHARED, file);
	executable = mmap(NULL, PAGE, PROT_READ | PROT_EXEC, MAP_SHARED, file, 0);
	emit(writable, value);
	call(executable, value);
	munmap(executable, PAGE);
	munmap(writable, PAGE);
	close(file);
}

static void *compile(void *number)
{
	uint32_t value = (uintptr_t)number << 24;
	char *code = map_anonymous(PAGES * PAGE);

	while (time_left()) {
		value += PAGES;
		flip(code, value);
		twice(value);
		if (value / PAGES % 16 == 0)
			madvise(code, PAGES * PAGE, MADV_DONTNEED);
	}
	return NULL;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	uintptr_t i;

	program_begin(argc, argv);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, compile, (void *)(i + 1)))
			fail("pthread_create");
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	return 0;
}
