/* SPDX-License-Identifier: GPL-2.0-only */
/* Which operation comes next. */
#ifndef GENERATE_H
#define GENERATE_H

#include <stdbool.h>

#include "fuzz/contents.h"
#include "fuzz/random.h"
#include "fuzz/sequence.h"

/* Places that operations have made interesting. */
#define PLACES_MAX	16

/* More operations than there are. */
#define OPERATIONS_MOST	96

/**
 * struct generator - what choices depend on
 * @random: where they come from
 * @contents: what there is
 * @first: the first page of those that this sequence works on
 * @pages: how many it works on
 * @place: ends of the latest ranges, a ring
 * @nr_places: how many were put in
 * @stay_percent: of this sequence's operations, so many work where the one before
 *	them did
 * @here: the first page of what that one worked on; negative for nothing yet
 * @here_pages: how many it worked on
 * @newcomer: who has just mapped that, and has nothing there yet; negative for nobody
 * @value: what was stored last
 * @factor: of each operation's weight, in this sequence
 * @racing: some are performed in the background
 */
struct generator {
	struct random *random;
	const struct contents *contents;
	long first;
	long pages;
	long place[PLACES_MAX];
	unsigned int nr_places;
	unsigned int stay_percent;
	long here;
	long here_pages;
	int newcomer;
	long value;
	unsigned int factor[OPERATIONS_MOST];
	bool racing;
};

/* A new sequence begins. */
void generate_begin(struct generator *generator);
/* @present: bits of the actors that there are. */
void generate_step(struct generator *generator, unsigned int present,
		   struct step *step);
/* A step as it is was performed: what it was about is interesting now. */
void generate_note(struct generator *generator, const struct step *step);
/* Changes one argument; or nothing, where there is none. */
void generate_change(struct generator *generator, unsigned int present,
		     struct step *step);

#endif /* GENERATE_H */
