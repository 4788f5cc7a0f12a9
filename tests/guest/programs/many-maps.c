// SPDX-License-Identifier: GPL-2.0-only
/*
 * 60,000 mappings: every second page of 480 MB is made read-only, which splits;
 * some are unmapped, moved or locked; then all are merged into one again.
 */
#include "program.h"

#define PAGES	60000UL

static void split(char *memory)
{
	size_t i;

	for (i = 0; i < PAGES; i += 2)
		if (mprotect(memory + i * PAGE, PAGE, PROT_READ))
			fail("mprotect");
}

static void stir(char *memory, uint64_t value)
{
	size_t i;

	for (i = 1; i < PAGES; i += 2)
		*word_of(memory, i) = value + i;
	for (i = 1; i < PAGES; i += 64) {
		madvise(memory + i * PAGE, PAGE, MADV_DONTNEED);
		check_word("given up", memory, i, 0);
		*word_of(memory, i) = value + i;
	}
	/* A page goes elsewhere and comes back. */
	for (i = 1; i < PAGES; i += 1024) {
		char *away = mremap(memory + i * PAGE, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
				    memory + (PAGES + 1) * PAGE);

		if (away == MAP_FAILED)
			fail("mremap");
		if (mremap(away, PAGE, PAGE, MREMAP_MAYMOVE | MREMAP_FIXED,
			   memory + i * PAGE) == MAP_FAILED)
			fail("mremap back");
	}
}

int main(int argc, char **argv)
{
	char *memory = map_anonymous((PAGES + 2) * PAGE);
	uint64_t value = 0;
	size_t i;

	program_begin(argc, argv);
	madvise(memory, PAGES * PAGE, MADV_NOHUGEPAGE);
	do {
		value += PAGES;
		for (i = 0; i < PAGES; i += 2)
			*word_of(memory, i) = value + i;
		split(memory);
		stir(memory, value);
		for (i = 0; i < PAGES; i++)
			check_word("after it was split", memory, i, value + i);
		if (mprotect(memory, PAGES * PAGE, PROT_READ | PROT_WRITE))
			fail("mprotect of all");
	} while (time_left());
	return 0;
}
