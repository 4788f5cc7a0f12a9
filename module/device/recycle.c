// SPDX-License-Identifier: GPL-2.0-only
/*
 * The death of translations: out of the store, drained, told, and kept for
 * other fills. Nothing is freed before the ATC is (invariant 3).
 */
#include <linux/lockdep.h>
#include <linux/sched.h>
#include <linux/spinlock.h>

#include "device/atc.h"
#include "device/drain.h"
#include "device/hooks.h"
#include "device/recycle.h"

/**
 * devtlb_atc_kill() - take a translation, or a table, out of its cache
 * @translation: in the cache
 * @dying: chain that it is put on, for devtlb_atc_recycle()
 *
 * Context: atc->lock held.
 */
void devtlb_atc_kill(struct devtlb_translation *translation,
		     struct devtlb_translation **dying)
{
	struct devtlb_atc *atc = translation->atc;

	lockdep_assert_held(&atc->lock);
	WRITE_ONCE(translation->dead, true);
	if (translation->table)
		devtlb_table_cache_remove(&atc->tables, translation);
	else
		devtlb_store_remove(&atc->store, translation);
	atc->draining++;
	translation->next = *dying;
	*dying = translation;
}

/* Lets drained translations be used again. */
static void recycle_retire(struct devtlb_atc *atc,
			   struct devtlb_translation *dying)
{
	struct devtlb_translation *translation, *last = dying;
	unsigned long flags;
	unsigned int nr = 0;

	for (translation = dying; translation; translation = translation->next) {
		devtlb_hooks->released(translation);
		last = translation;
		nr++;
	}

	raw_spin_lock_irqsave(&atc->lock, flags);
	last->next = atc->spare;
	atc->spare = dying;
	atc->draining -= nr;
	raw_spin_unlock_irqrestore(&atc->lock, flags);
}

/* Accesses that EARLY_ACK does not wait for may still look at them. */
static void recycle_keep_for_holders(struct devtlb_atc *atc,
				     struct devtlb_translation *dying)
{
	struct devtlb_translation *last = dying;
	unsigned long flags;

	while (last->next)
		last = last->next;
	raw_spin_lock_irqsave(&atc->lock, flags);
	last->next = atc->unacknowledged;
	atc->unacknowledged = dying;
	raw_spin_unlock_irqrestore(&atc->lock, flags);
}

/**
 * devtlb_atc_recycle_drained() - let drained translations be used again
 * @atc: the ATC
 * @dying: what devtlb_atc_kill() chained, drained since; not NULL
 *
 * Context: any; no lock held.
 */
void devtlb_atc_recycle_drained(struct devtlb_atc *atc,
				struct devtlb_translation *dying)
{
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_EARLY_ACK))
		recycle_keep_for_holders(atc, dying);
	else
		recycle_retire(atc, dying);
}

/**
 * devtlb_atc_recycle() - drain, then let killed translations be used again
 * @atc: the ATC
 * @dying: what devtlb_atc_kill() chained; may be NULL
 *
 * Context: any; no lock held.
 */
void devtlb_atc_recycle(struct devtlb_atc *atc,
			struct devtlb_translation *dying)
{
	if (!dying)
		return;
	devtlb_atc_drain(atc);
	devtlb_atc_recycle_drained(atc, dying);
}

/**
 * devtlb_atc_recycle_unacknowledged() - reuse what was acknowledged too early
 * @atc: the ATC
 *
 * What EARLY_ACK acknowledged is still held by accesses that it did not wait
 * for: they are waited for here, in a task that holds no lock, before its memory
 * can be used again. An access that begins later does not find it any more.
 *
 * Context: may sleep.
 */
void devtlb_atc_recycle_unacknowledged(struct devtlb_atc *atc)
{
	struct devtlb_translation *dying;
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	dying = atc->unacknowledged;
	atc->unacknowledged = NULL;
	raw_spin_unlock_irqrestore(&atc->lock, flags);
	if (!dying)
		return;
	devtlb_atc_drain_late(atc);
	recycle_retire(atc, dying);
}

/**
 * devtlb_atc_take_all_spare() - take what can be used again, all of it
 * @atc: nothing is left in it to be killed
 *
 * Context: may sleep: waits until nothing is drained any more.
 * Return: a chain, or NULL.
 */
struct devtlb_translation *devtlb_atc_take_all_spare(struct devtlb_atc *atc)
{
	struct devtlb_translation *spare = NULL;
	unsigned int draining;
	unsigned long flags;

	do {
		devtlb_atc_recycle_unacknowledged(atc);
		raw_spin_lock_irqsave(&atc->lock, flags);
		draining = atc->draining;
		if (!draining) {
			spare = atc->spare;
			atc->spare = NULL;
		}
		raw_spin_unlock_irqrestore(&atc->lock, flags);
		cond_resched();
	} while (draining);
	return spare;
}
