/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Contents: what the first word of each page must read as, in each actor. Where
 * nobody can say, because an operation failed half way, it may be anything, until
 * it is read.
 */
#ifndef CONTENTS_H
#define CONTENTS_H

#include <stdbool.h>
#include <stdint.h>

#include "fuzz/page_content.h"
#include "fuzz/sequence.h"
#include "operations/actor.h"

/**
 * struct wrong_content - a page that reads as it must not
 * @actor: whose
 * @page: which
 * @has: what it has
 * @expected: what it must have
 */
struct wrong_content {
	unsigned int actor;
	long page;
	uint64_t has;
	uint64_t expected;
};

struct contents;

struct contents *contents_new(void);
void contents_free(struct contents *contents);
/* A new sequence begins. */
void contents_begin(struct contents *contents);
/*
 * An actor has performed a step. Returns false and says which page is wrong, if
 * one is.
 */
bool contents_perform(struct contents *contents, const struct step *step,
		      const struct answer *answer, struct wrong_content *wrong);
enum backing contents_backing(const struct contents *contents,
			      unsigned int actor, long page);
/* The number of the object, or a number above those for shared anonymous memory. */
int contents_object(const struct contents *contents, unsigned int actor,
		    long page);

#endif /* CONTENTS_H */
