// SPDX-License-Identifier: GPL-2.0-only
/*
 * Invalidation (invariant 2). The races are at the top of atc.c.
 */
#include <linux/compiler.h>
#include <linux/mm.h>
#include <linux/spinlock.h>

#include "device/atc.h"
#include "device/drain.h"
#include "device/hooks.h"
#include "device/invalidate.h"
#include "device/recycle.h"

/* Translations handled under one hold of the lock, with interrupts off. */
#define LOCK_BATCH	512

static void invalidate_move_seq(struct devtlb_atc *atc)
{
	/* Pairs with the acquire in devtlb_atc_fill(). */
	smp_store_release(&atc->invalidate_seq, atc->invalidate_seq + 1);
}

/* A mutant withholds a notification from a translation; atc->lock is held. */
static void withhold_one(struct devtlb_translation *translation,
			 const struct devtlb_notification *notification)
{
	devtlb_hooks->withheld(translation, notification);
	WRITE_ONCE(translation->withheld_site, notification->site);
}

/* Does a defect let a translation live that overlaps a range? */
static bool spared_by_defect(const struct devtlb_translation *translation,
			     struct devtlb_range range)
{
	struct devtlb_range page = devtlb_translation_range(translation);

	if (translation->table)
		return devtlb_atc_has_defect(translation->atc,
					     DEVTLB_MUTANT_KEEP_TABLES);
	return devtlb_atc_has_defect(translation->atc,
				     DEVTLB_MUTANT_EXACT_MATCH) &&
	       (page.start < range.start || page.last > range.last);
}

/* What is left of @rest after the page; false if nothing is. */
static bool invalidate_go_on_after(struct devtlb_range page,
				   struct devtlb_range *rest)
{
	if (page.last >= rest->last)
		return false;
	rest->start = page.last + 1;
	return true;
}

/* The page that is done with a translation, but for a defect. */
static struct devtlb_range
invalidate_page_of(const struct devtlb_translation *translation)
{
	struct devtlb_range page = devtlb_translation_range(translation);

	if (devtlb_atc_has_defect(translation->atc, DEVTLB_MUTANT_FRACTURE_HEAD) &&
	    translation->fractured)
		page = devtlb_range_of_page(page.start, PMD_SHIFT);
	return page;
}

/* Does a mutant hide a notification from a translation? */
static bool spared_by_mutant(struct devtlb_translation *translation,
			     const struct devtlb_notification *notification)
{
	struct devtlb_sparing *sparing = notification->sparing;

	if (!sparing || !sparing->spares(sparing, translation))
		return false;
	sparing->nr++;
	withhold_one(translation, notification);
	return true;
}

/*
 * Kills what a cache has of a notification's range, at most @max; @rest becomes
 * what is left to look at. Returns whether there may be more. Inlined: the caller
 * knows which cache it is.
 */
static __always_inline bool
invalidate_some(struct devtlb_atc *atc, enum devtlb_cache cache,
		const struct devtlb_notification *notification,
		struct devtlb_range *rest, unsigned int max,
		struct devtlb_translation **dying)
{
	struct devtlb_translation *translation;

	for (; max > 0; max--) {
		translation = devtlb_atc_first(atc, cache, *rest);
		if (!translation)
			return false;
		if (!spared_by_defect(translation, notification->range) &&
		    !spared_by_mutant(translation, notification)) {
			devtlb_hooks->invalidating(translation, notification);
			devtlb_atc_kill(translation, dying);
			if (!translation->table)
				atc->invalidated++;
		}
		if (!invalidate_go_on_after(invalidate_page_of(translation), rest))
			return false;
	}
	return true;
}

/* Tables of upper levels are never many. */
static void invalidate_upper_tables(struct devtlb_atc *atc,
				    const struct devtlb_notification *notification,
				    struct devtlb_translation **dying)
{
	unsigned int level;

	for (level = DEVTLB_TABLE_OF_2M; level < DEVTLB_TABLE_LEVELS; level++) {
		struct devtlb_range rest = notification->range;

		if (devtlb_table_cache_may_have(&atc->tables, level, rest))
			invalidate_some(atc, DEVTLB_CACHE_TABLES + level,
					notification, &rest, UINT_MAX, dying);
	}
}

/* Kills all that is in the range; returns whether there is anything to drain. */
static bool invalidate_all(struct devtlb_atc *atc,
			   const struct devtlb_notification *notification,
			   struct devtlb_translation **dying)
{
	struct devtlb_range tables = notification->range;
	struct devtlb_range pages = notification->range;
	bool more_tables = true, more_pages = true;
	unsigned long flags;
	bool drain;

	/* What is filled between turns was walked after the sequence moved. */
	do {
		raw_spin_lock_irqsave(&atc->lock, flags);
		invalidate_move_seq(atc);
		if (more_tables)
			more_tables = invalidate_some(atc, DEVTLB_CACHE_TABLES,
						      notification, &tables,
						      LOCK_BATCH, dying);
		if (more_pages)
			more_pages = invalidate_some(atc, DEVTLB_CACHE_PAGES,
						     notification, &pages,
						     LOCK_BATCH, dying);
		invalidate_upper_tables(atc, notification, dying);
		drain = atc->draining > 0;
		raw_spin_unlock_irqrestore(&atc->lock, flags);
	} while (more_tables || more_pages);
	return drain;
}

/**
 * devtlb_atc_invalidate() - invalidate a range (invariant 2)
 * @atc: the ATC
 * @notification: any range; a translation that overlaps it by one byte dies
 *	whole
 *
 * Context: any; neither sleeps nor allocates (invariant 3). Costs
 * O(translations removed + device threads).
 */
void devtlb_atc_invalidate(struct devtlb_atc *atc,
			   const struct devtlb_notification *notification)
{
	struct devtlb_translation *dying = NULL;
	bool drain = invalidate_all(atc, notification, &dying);

	/* Guarded stores must not rely on what a defect spared. */
	if (drain || READ_ONCE(atc->guard_stores))
		devtlb_atc_drain(atc);
	if (dying)
		devtlb_atc_recycle_drained(atc, dying);
}

/* As invalidate_some(), but only tells, and notes the site. */
static bool withhold_some(struct devtlb_atc *atc, enum devtlb_cache cache,
			  const struct devtlb_notification *notification,
			  struct devtlb_range *rest, unsigned int max)
{
	struct devtlb_translation *translation;

	for (; max > 0; max--) {
		translation = devtlb_atc_first(atc, cache, *rest);
		if (!translation)
			return false;
		withhold_one(translation, notification);
		if (!invalidate_go_on_after(devtlb_translation_range(translation),
					    rest))
			return false;
	}
	return true;
}

static void withhold_all(struct devtlb_atc *atc, enum devtlb_cache cache,
			 const struct devtlb_notification *notification)
{
	struct devtlb_range rest = notification->range;
	unsigned long flags;
	bool more;

	do {
		raw_spin_lock_irqsave(&atc->lock, flags);
		invalidate_move_seq(atc);
		more = withhold_some(atc, cache, notification, &rest, LOCK_BATCH);
		raw_spin_unlock_irqrestore(&atc->lock, flags);
	} while (more);
}

/**
 * devtlb_atc_note_withheld() - a mutant withheld a notification from the device
 * @atc: the ATC
 * @notification: what it was
 *
 * Fills in flight still fail, and accesses in flight are waited for: what the
 * mutant hides is an invalidation, not that the page table is changing under a
 * walk. A guarded store that begins afterwards sees the change (invariant 6).
 *
 * Context: any.
 */
void devtlb_atc_note_withheld(struct devtlb_atc *atc,
			      const struct devtlb_notification *notification)
{
	unsigned int cache;

	for (cache = 0; cache < DEVTLB_NR_CACHES; cache++)
		withhold_all(atc, cache, notification);
	devtlb_atc_drain(atc);
}

/**
 * devtlb_atc_close() - the address space is going away
 * @atc: the ATC
 * @keep: a mutant's: leave the translations where they are
 *
 * When it returns no walk is in flight and none will begin, so the page tables
 * may go; and unless @keep, no translation is left and none will come
 * (invariant 2).
 *
 * Context: ->release; may be called again.
 */
void devtlb_atc_close(struct devtlb_atc *atc, bool keep)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	WRITE_ONCE(atc->closed, true);
	raw_spin_unlock_irqrestore(&atc->lock, flags);
	devtlb_atc_drain_walks(atc);
	/* A checked access walks, too, if it began before closed was set. */
	devtlb_atc_drain(atc);

	if (!keep)
		devtlb_atc_invalidate(atc, DEVTLB_INVALIDATE_ALL);
}
