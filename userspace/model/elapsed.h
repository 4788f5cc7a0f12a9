/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef ELAPSED_H
#define ELAPSED_H

#include <time.h>

/* By CLOCK_MONOTONIC. */
static inline double seconds_since(const struct timespec *start)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec - start->tv_sec +
	       (now.tv_nsec - start->tv_nsec) / 1e9;
}

#endif /* ELAPSED_H */
