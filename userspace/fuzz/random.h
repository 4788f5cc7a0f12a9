/* SPDX-License-Identifier: GPL-2.0-only */
/* Random numbers: a seed says all of them. */
#ifndef FUZZ_RANDOM_H
#define FUZZ_RANDOM_H

#include <stdbool.h>
#include <stdint.h>

/**
 * struct random - a source of them
 * @state: any value to begin with
 */
struct random {
	uint64_t state;
};

uint64_t random_next(struct random *random);
/* From 0 on, below @below. */
long random_below(struct random *random, long below);
/* True in @percent of all cases. */
bool random_percent(struct random *random, unsigned int percent);

#endif /* FUZZ_RANDOM_H */
