// SPDX-License-Identifier: GPL-2.0-only
/* KSM: one that looks at all there is, and then sleeps again. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "operations/operation.h"
#include "operations/source.h"

#define KSM		"/sys/kernel/mm/ksm/"
/* A page is merged by the second scan that finds it unchanged. */
#define SCANS		3
#define SCAN_NAP_NS	10000000
/* For one scan. Where nobody has memory to be merged there is none at all. */
#define SCAN_NAPS_MAX	60

static long ksm_put(const char *path, const char *text)
{
	int fd = open(path, O_WRONLY | O_CLOEXEC);
	long err = 0;

	if (fd < 0)
		return -errno;
	if (write(fd, text, strlen(text)) < 0)
		err = -errno;
	close(fd);
	return err;
}

static long ksm_scans(void)
{
	FILE *file = fopen(KSM "full_scans", "re");
	long scans = 0;

	if (!file)
		return 0;
	if (fscanf(file, "%ld", &scans) != 1)
		scans = 0;
	fclose(file);
	return scans;
}

/* Returns false when it does not come. */
static bool ksm_wait_for_scan(void)
{
	const struct timespec nap = { .tv_nsec = SCAN_NAP_NS };
	long before = ksm_scans();
	int naps;

	for (naps = 0; naps < SCAN_NAPS_MAX && ksm_scans() == before; naps++)
		nanosleep(&nap, NULL);
	return ksm_scans() != before;
}

static long merge(const long *argument)
{
	long err = ksm_put(KSM "pages_to_scan", "10000") ? :
		   ksm_put(KSM "sleep_millisecs", "0") ? :
		   ksm_put(KSM "run", "1");
	int scans = 0;

	if (err)
		return err;
	while (scans < SCANS && ksm_wait_for_scan())
		scans++;
	return ksm_put(KSM "run", "0");
}

OPERATION(merge) = {
	.name = "merge",
	.title = "has KSM merge what is the same",
	PERFORM(merge),
	.weight = 2,
};

SOURCE();
