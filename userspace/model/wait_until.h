/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for what nobody tells of: looking again and again, for a time. */
#ifndef WAIT_UNTIL_H
#define WAIT_UNTIL_H

#include <stdbool.h>
#include <time.h>

#include "model/elapsed.h"

/* Between two looks. */
#define WAIT_NAP_NS	1000000

/*
 * Looks at @condition, an expression, until it is true, for at most so many
 * @seconds, and once at least. Its value is whether it became true.
 */
#define wait_until(condition, seconds)	look_until(condition, seconds, WAIT_NAP_NS)

/* The same without a nap, where what is waited for is a race to be in. */
#define spin_until(condition, seconds)	look_until(condition, seconds, 0)

#define look_until(condition, seconds, nap_ns)				\
({									\
	const struct timespec look_nap = { .tv_nsec = (nap_ns) };	\
	struct timespec look_start;					\
	bool look_met;							\
									\
	clock_gettime(CLOCK_MONOTONIC, &look_start);			\
	while (!(look_met = (condition)) &&				\
	       seconds_since(&look_start) < (seconds)) {		\
		if (look_nap.tv_nsec)					\
			nanosleep(&look_nap, NULL);			\
	}								\
	look_met;							\
})

#endif /* WAIT_UNTIL_H */
