/* SPDX-License-Identifier: GPL-2.0-only */
/* What a choice of what comes next depends on. */
#ifndef GENERATOR_H
#define GENERATOR_H

#include <stdbool.h>

#include "fuzz/contents.h"
#include "fuzz/random.h"

/* Places that operations have made interesting. */
#define PLACES_MAX	16

struct trial;

/* More operations than there are. */
#define OPERATIONS_MOST	96

/**
 * struct generator - what choices depend on
 * @random: where they come from
 * @contents: what there is
 * @trial: in which the kernel can be asked
 * @first: the first page of those that this sequence works on
 * @pages: how many it works on
 * @place: ends of the latest ranges, a ring
 * @nr_places: how many were put in
 * @stay_percent: of this sequence's operations, so many work where the one before
 *	them did
 * @here: the first page of what that one worked on; negative for nothing yet
 * @here_pages: how many it worked on
 * @user: who has just mapped that, or loaded from it, or forked, and is to use it;
 *	negative for nobody
 * @attracted: to stay there, for what is there now is rare
 * @value: what was stored last
 * @factor: of each operation's weight, in this sequence
 * @racing: some are performed in the background
 */
struct generator {
	struct random *random;
	const struct contents *contents;
	const struct trial *trial;
	long first;
	long pages;
	long place[PLACES_MAX];
	unsigned int nr_places;
	unsigned int stay_percent;
	long here;
	long here_pages;
	int user;
	bool attracted;
	long value;
	unsigned int factor[OPERATIONS_MOST];
	bool racing;
};

#endif /* GENERATOR_H */
