/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_MUTANT_H
#define DEVTLB_MUTANT_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "devtlb.h"
#include "notifier/filter.h"

struct devtlb_pasid;
struct netlink_ext_ack;

/**
 * struct devtlb_mutant_spec - a mutant of how notifications reach the device
 * @kind: what it does
 * @site: to which notifications: those with these functions in their chain; all
 *	if empty
 * @whole_chain: @site is all of the chain
 * @pages_min: to those of so many pages of 4K, or more
 * @pages_max: to those of so many, or fewer; 0 for no limit
 * @only: to what in them; 0 for all. DEVTLB_ONLY_FOREIGN: to those from others
 *	than the process
 * @nth: acts from the N-th of them on
 * @every: from there on, to the first of so many; 0 and 1 for all
 * @times: acts so often at most; 0 for no limit
 * @probability: of acting each time, in millionths
 * @seed: of the random numbers
 * @delay_ms: of DEVTLB_MUTANT_DEFER
 * @other: of DEVTLB_MUTANT_MISROUTE, with a reference; or NULL
 */
struct devtlb_mutant_spec {
	enum devtlb_mutant kind;
	char site[DEVTLB_CHAIN_MAX];
	bool whole_chain;
	u32 pages_min;
	u32 pages_max;
	enum devtlb_only only;
	u32 nth;
	u32 every;
	u32 times;
	u32 probability;
	u64 seed;
	u32 delay_ms;
	struct devtlb_pasid *other;
};

/**
 * struct devtlb_counted_mutant - a mutant, and how it fares
 * @spec: what it is
 * @matched: how many notifications it was about
 * @acted: on how many of them it acted
 */
struct devtlb_counted_mutant {
	struct devtlb_mutant_spec spec;
	u64 matched;
	u64 acted;
};

/**
 * struct devtlb_mutants - the mutants of a PASID; only ever added to
 * @filter: asks us what is done to notifications
 * @lock: a leaf; of others' locks, a notification's atc->lock is not held
 * @nr: how many
 * @mutant: in the order they came; room for DEVTLB_MUTANTS_MAX, or NULL before
 *	the first of them. Few PASIDs have any, and there may be thousands.
 */
struct devtlb_mutants {
	struct devtlb_filter filter;
	raw_spinlock_t lock;
	unsigned int nr;
	struct devtlb_counted_mutant *mutant;
};

bool devtlb_mutant_is_of_device(enum devtlb_mutant kind);
bool devtlb_mutant_is_of_pieces(enum devtlb_mutant kind);

void devtlb_mutants_init(struct devtlb_mutants *mutants);
void devtlb_mutants_destroy(struct devtlb_mutants *mutants);
int devtlb_mutant_add(struct devtlb_pasid *pasid,
		      struct devtlb_mutants *mutants,
		      const struct devtlb_mutant_spec *spec,
		      struct netlink_ext_ack *extack);

#endif /* DEVTLB_MUTANT_H */
