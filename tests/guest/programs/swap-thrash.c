// SPDX-License-Identifier: GPL-2.0-only
/*
 * Twice the memory that its cgroup allows, in a random order, by three processes
 * that share a half of it: pages go to swap and come back all the time.
 */
#include <sys/stat.h>
#include <sys/wait.h>

#include "program.h"

#define GROUP	"/sys/fs/cgroup/swap-thrash"
#define LIMIT	(24 * MEGA)
#define PAGES	(2 * LIMIT / PAGE)

static void put(const char *path, const char *value)
{
	FILE *file = fopen(path, "w");

	if (!file || fputs(value, file) < 0 || fclose(file))
		lacking(path);
}

/* Pages that are all alike would be none in zram. */
static void thrash(char *memory, unsigned int seed)
{
	uint64_t *mine = calloc(PAGES, sizeof(*mine));
	size_t i, page;

	while (time_left()) {
		for (i = 0; i < 4096; i++) {
			page = rand_r(&seed) % PAGES;
			check_word("swapped", memory, page, mine[page]);
			mine[page] = (uint64_t)rand_r(&seed) << 32 | page;
			*word_of(memory, page) = mine[page];
		}
	}
	free(mine);
}

int main(int argc, char **argv)
{
	char *memory = map_anonymous(PAGES * PAGE), number[32];
	int i, status, failed = 0;

	program_begin(argc, argv);
	put("/sys/fs/cgroup/cgroup.subtree_control", "+memory");
	mkdir(GROUP, 0755);
	sprintf(number, "%lu", LIMIT);
	put(GROUP "/memory.max", number);
	sprintf(number, "%d", getpid());
	put(GROUP "/cgroup.procs", number);
	/* Shared with the children until they write. */
	for (i = 0; i < (int)PAGES; i++)
		*word_of(memory, i) = 0;
	for (i = 0; i < 3; i++) {
		if (fork() == 0) {
			thrash(memory, i + 1);
			exit(0);
		}
	}
	while (wait(&status) > 0)
		failed |= status;
	put("/sys/fs/cgroup/cgroup.procs", number);
	rmdir(GROUP);
	return failed != 0;
}
