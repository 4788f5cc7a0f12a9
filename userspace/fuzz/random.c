// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz/random.h"

/* A Weyl sequence, its bits mixed by the finalizer of SplitMix64. */
uint64_t random_next(struct random *random)
{
	uint64_t mixed = random->state += 0x9e3779b97f4a7c15;

	mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9;
	mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111eb;
	return mixed ^ (mixed >> 31);
}

long random_below(struct random *random, long below)
{
	return random_next(random) % below;
}

bool random_percent(struct random *random, unsigned int percent)
{
	return random_below(random, 100) < percent;
}
