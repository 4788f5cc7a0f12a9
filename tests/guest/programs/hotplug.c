// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory blocks and a CPU go offline and come back, while threads write to memory
 * that is moved out of the way.
 */
#include <dirent.h>
#include <pthread.h>

#include "program.h"

#define THREADS	3
#define PAGES	8192UL

static volatile bool stop;

static bool put(const char *path, const char *value)
{
	FILE *file = fopen(path, "w");
	bool done;

	if (!file)
		return false;
	done = fputs(value, file) >= 0;
	return !fclose(file) && done;
}

static void *work(void *unused)
{
	char *memory = map_anonymous(PAGES * PAGE);
	uint64_t value = 0;
	size_t i;

	while (!stop) {
		value += PAGES;
		for (i = 0; i < PAGES; i++)
			*word_of(memory, i) = value + i;
		for (i = 0; i < PAGES; i++)
			check_word("moved", memory, i, value + i);
	}
	return NULL;
}

static unsigned int cycle_blocks(void)
{
	const char *root = "/sys/devices/system/memory";
	DIR *blocks = opendir(root);
	struct dirent *block;
	char path[300];
	unsigned int n = 0;

	if (!blocks)
		lacking(root);
	while ((block = readdir(blocks)) && time_left()) {
		if (strncmp(block->d_name, "memory", 6))
			continue;
		snprintf(path, sizeof(path), "%s/%s/state", root, block->d_name);
		/* Of most, something cannot be moved. */
		if (put(path, "offline")) {
			n++;
			if (!put(path, "online_movable"))
				put(path, "online");
		}
	}
	closedir(blocks);
	return n;
}

int main(int argc, char **argv)
{
	pthread_t threads[THREADS];
	unsigned int n = 0;
	int i;

	program_begin(argc, argv);
	for (i = 0; i < THREADS; i++)
		if (pthread_create(&threads[i], NULL, work, NULL))
			fail("pthread_create");
	do {
		put("/sys/devices/system/cpu/cpu1/online", "0");
		n += cycle_blocks();
		put("/sys/devices/system/cpu/cpu1/online", "1");
	} while (time_left());
	stop = true;
	for (i = 0; i < THREADS; i++)
		pthread_join(threads[i], NULL);
	fprintf(stderr, "hotplug: %u blocks went offline\n", n);
	return 0;
}
