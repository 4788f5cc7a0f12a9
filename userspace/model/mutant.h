/* SPDX-License-Identifier: GPL-2.0-only */
/* Mutants: deliberate defects, as the user writes them. */
#ifndef MUTANT_H
#define MUTANT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devtlb.h"

struct parse_error;

/**
 * struct mutant - a deliberate defect; what is 0 or empty was not asked for
 * @kind: what it does
 * @site: to which notifications: functions as in a site's chain
 * @whole_chain: @site is all of the chain
 * @pages_min: to those of so many pages of 4K, or more
 * @pages_max: to those of so many, or fewer
 * @only: to what in them
 * @nth: it acts from the N-th such notification on
 * @every: from there on, on the first of so many
 * @times: it acts so many times at most
 * @probability: of acting each time, in millionths
 * @seed: of the random numbers behind @probability
 * @delay: milliseconds of DEVTLB_MUTANT_DEFER
 * @other: the PASID that hears what DEVTLB_MUTANT_MISROUTE misroutes; whoever
 *	adds the mutant sets it
 */
struct mutant {
	enum devtlb_mutant kind;
	char site[DEVTLB_CHAIN_MAX];
	bool whole_chain;
	uint32_t pages_min;
	uint32_t pages_max;
	enum devtlb_only only;
	uint32_t nth;
	uint32_t every;
	uint32_t times;
	uint32_t probability;
	uint64_t seed;
	uint32_t delay;
	uint32_t other;
};

/**
 * struct mutant_killer - how a defect of the device must show
 * @scenario: that must find it
 * @fracture: the device must hold large pages as 4K translations
 * @rules: of which one must be broken
 */
struct mutant_killer {
	const char *scenario;
	bool fracture;
	const char *rules;
};

/**
 * struct mutant_type - a kind of mutant
 * @kind: its number
 * @title: completes "With this mutant ..."
 * @of_device: a defect of the device itself; else of how notifications reach it
 * @killer: of a defect of the device, by enum devtlb_callback
 */
struct mutant_type {
	enum devtlb_mutant kind;
	const char *title;
	bool of_device;
	struct mutant_killer killer[2];
};

/* Ends with kind 0. */
extern const struct mutant_type mutant_types[];

/*
 * What a kernel leaves out where it forgets an edge, as parse_mutant() takes
 * them; ends with NULL. Not page tables: what of the page-walk cache lives on,
 * nobody accounts for.
 */
extern const char * const mutant_edges[];

const char *mutant_name(enum devtlb_mutant kind);
bool mutant_is_of_device(enum devtlb_mutant kind);
/* The others have it come late or elsewhere, as a whole. */
bool mutant_withholds_pieces(enum devtlb_mutant kind);
/* NULL when there is no such kind; @length bytes of @name count. */
const struct mutant_type *find_mutant_type(const char *name, size_t length);

/*
 * "KIND[:KEY=VALUE[,KEY=VALUE]...]". Returns 0, or a negative errno and leaves a
 * sentence.
 */
int parse_mutant(struct mutant *mutant, const char *text,
		 struct parse_error *error);

#endif /* MUTANT_H */
