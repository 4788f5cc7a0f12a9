// SPDX-License-Identifier: GPL-2.0-only
/* Swap space, for scenarios that reclaim memory. */
#include <stdio.h>

#include "scenario.h"

/**
 * need_swap() - go on only where there is swap
 * @run: the run; skipped without
 */
void need_swap(struct run *run)
{
	FILE *file = fopen("/proc/swaps", "r");
	char line[512];
	int lines = 0;

	while (file && fgets(line, sizeof(line), file))
		lines++;
	if (file)
		fclose(file);
	/* The first one is the heading. */
	if (lines < 2)
		run_skip(run, "there is no swap; run: modprobe zram && echo 256M > /sys/block/zram0/disksize && mkswap /dev/zram0 && swapon /dev/zram0");
}
