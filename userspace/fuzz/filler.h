/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The filler: has the device go on filling what is present while operations are
 * performed, by a connection of its own.
 */
#ifndef FILLER_H
#define FILLER_H

#include <stdbool.h>

struct client;
struct filler;
struct oracle;

/* Returns NULL and leaves a sentence with @client when the module is not there. */
struct filler *filler_new(struct client *client);
void filler_free(struct filler *filler);

/*
 * Between these two the device lets go of what it holds and fills it again, over
 * and over; @write: as for oracle_hold(). Whoever is bound meanwhile is left alone.
 */
void filler_begin(struct filler *filler, const struct oracle *oracle, bool write);
void filler_end(struct filler *filler);

#endif /* FILLER_H */
