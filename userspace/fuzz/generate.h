/* SPDX-License-Identifier: GPL-2.0-only */
/* Which operation comes next. */
#ifndef GENERATE_H
#define GENERATE_H

#include "fuzz/generator.h"
#include "fuzz/sequence.h"

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
