// SPDX-License-Identifier: GPL-2.0-only
#include <linux/minmax.h>
#include <linux/spinlock.h>

#include "device/atc.h"
#include "device/visit.h"

/* Translations handled under one hold of the lock, with interrupts off. */
#define LOCK_BATCH	512

/* Returns whether there is more in @rest. */
static bool visit_some(struct devtlb_atc *atc, struct devtlb_range *rest,
		       devtlb_visit_fn fn, void *arg)
{
	struct devtlb_translation *translation;
	unsigned int i;

	for (i = 0; i < LOCK_BATCH; i++) {
		unsigned long last;

		translation = atc->closed ? NULL :
			      devtlb_store_first(&atc->store, *rest);
		if (!translation)
			return false;
		fn(translation, max(translation->va, rest->start), arg);
		last = devtlb_translation_range(translation).last;
		if (last >= rest->last)
			return false;
		rest->start = last + 1;
	}
	return true;
}

/**
 * devtlb_atc_visit() - visit the translations of a range
 * @atc: the ATC; once it is closed there is nothing to visit
 * @range: any
 * @fn: called for each, with atc->lock held
 * @arg: for @fn
 *
 * Context: any; atc->lock not held.
 */
void devtlb_atc_visit(struct devtlb_atc *atc, struct devtlb_range range,
		      devtlb_visit_fn fn, void *arg)
{
	unsigned long flags;
	bool more;

	do {
		raw_spin_lock_irqsave(&atc->lock, flags);
		more = visit_some(atc, &range, fn, arg);
		raw_spin_unlock_irqrestore(&atc->lock, flags);
	} while (more);
}
