/* SPDX-License-Identifier: GPL-2.0-only */
/* Where something may be done: at the edges of what there is. */
#ifndef PLACE_H
#define PLACE_H

#include <stdbool.h>

#include "fuzz/generator.h"

/* So many pages as batches, tables and the limits of flushes hold, or one more. */
long place_edge(struct random *random);
/* A range has ended here: an interesting place. */
void place_note(struct generator *generator, long page);
/* The nearest page of the arena. */
long place_inside(long page);
/* The first page behind the area that has @page. */
long place_area_end(const struct generator *generator, unsigned int actor,
		    long page);
bool place_is_mapped(const struct generator *generator, unsigned int actor,
		     long page);
/* Is next to nothing mapped yet? */
bool place_is_empty(struct generator *generator, unsigned int actor);
/* -1, 0 or 1 */
long place_nudge(struct generator *generator);
/* A page at an edge of something. */
long place_at_edge(struct generator *generator, unsigned int actor);
/*
 * @page if it is mapped; or another one at an edge that is, if one is soon found.
 * @present: and the kernel has a page there.
 */
long place_in_use(struct generator *generator, unsigned int actor, long page,
		  bool present);

#endif /* PLACE_H */
