// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device TLB of a PASID: what it is, who uses it, and which races there are.
 * With it the page-walk cache: filled and invalidated with the translations
 * (tables.c, table_cache.c).
 *
 * Lock		protects		taken
 * ----		--------		-----
 * atc->lock	the caches (changes),	by callbacks and probes, in any
 *		invalidate_seq,		context; by fills, and by whoever
 *		closed, draining,	compares from above
 *		spare, counters
 * those of	see hooks.h		inside atc->lock, in an access, or
 * the hooks				alone
 * atc->users	(RCU)			changed under atc->lock
 *
 * All are raw and taken with interrupts off: the callbacks run under the
 * page-table lock and in the free path. Nothing is allocated or freed under
 * them (invariant 3). Nobody drains under one that an access takes.
 *
 * Three races, and what decides each:
 *
 * Access against invalidation (invariant 2). An access marks itself in flight,
 * then looks its translation up; an invalidation removes the translation, then
 * waits for accesses in flight. Each side stores, has a full barrier, then
 * loads: devtlb_section_begin() and drain_sections(). So either the access does
 * not find the translation, or the invalidation waits for the access. An access
 * has interrupts off: the wait is short. An invalidation that removes nothing may
 * overlap another's removal, or a fill's or an audit's, whose drain still runs,
 * and must not return before that: @draining counts what was removed and not
 * yet drained. Until it is drained nobody is told that a translation was
 * released: whoever asks from above for those of a page that is freed finds it
 * there, dead, and drains.
 *
 * Fill against invalidation (invariant 2). A fill samples invalidate_seq,
 * walks, and installs under the lock only if the sequence has not moved. A
 * callback that took the lock first has moved it; one that takes it later finds
 * the translation installed. A fill that sampled the new value acquires what
 * the callback's caller did before: it walks the page table after the change.
 *
 * Fill against a missing notification (invariant 6). Nobody moves the sequence
 * then. So a fill first tells that it fills, so that the translation can be
 * found by its frame, has a full barrier, and looks at the page table once more.
 * If the entry still maps the page, it is not free yet, and its free, which
 * comes after the entry was cleared, finds the translation.
 */
#include <linux/rculist.h>

#include "device/atc.h"
#include "device/invalidate.h"
#include "device/recycle.h"

/**
 * devtlb_atc_init() - make an empty, open ATC
 * @atc: the ATC
 * @mm: its address space; the caller holds mm_count as long as there are users
 * @fracture: hold large pages as 4K translations
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_atc_init(struct devtlb_atc *atc, struct mm_struct *mm, bool fracture)
{
	atc->mm = mm;
	atc->fracture = fracture;
	raw_spin_lock_init(&atc->lock);
	INIT_LIST_HEAD(&atc->users);
	if (devtlb_store_init(&atc->store))
		return -ENOMEM;
	if (devtlb_table_cache_init(&atc->tables)) {
		devtlb_store_destroy(&atc->store);
		return -ENOMEM;
	}
	return 0;
}

/**
 * devtlb_atc_add_user() - let a device thread access through an ATC
 * @atc: the ATC
 * @user: zeroed, with its id set
 *
 * Context: any.
 */
void devtlb_atc_add_user(struct devtlb_atc *atc, struct devtlb_atc_user *user)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	list_add_tail_rcu(&user->entry, &atc->users);
	raw_spin_unlock_irqrestore(&atc->lock, flags);
}

/**
 * devtlb_atc_remove_user() - end a device thread's use of an ATC
 * @atc: the ATC
 * @user: makes no access any more; a drain may look at it for one more RCU
 *	grace period
 *
 * Context: any.
 */
void devtlb_atc_remove_user(struct devtlb_atc *atc,
			    struct devtlb_atc_user *user)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	list_del_rcu(&user->entry);
	raw_spin_unlock_irqrestore(&atc->lock, flags);
}

/**
 * devtlb_atc_add_defect() - give the device a defect, for good
 * @atc: the ATC
 * @mutant: enum devtlb_mutant, one of the device
 *
 * Context: any.
 */
void devtlb_atc_add_defect(struct devtlb_atc *atc, unsigned int mutant)
{
	set_bit(mutant, &atc->defects);
}

/**
 * devtlb_atc_destroy() - free everything an ATC holds
 * @atc: no user, no callback and no audit is left
 *
 * What another PASID's notifications are misrouted to us finds nothing from now
 * on; what it found before is waited for.
 *
 * Context: may sleep.
 */
void devtlb_atc_destroy(struct devtlb_atc *atc)
{
	/* Translations that a mutant kept past ->release may be left. */
	WRITE_ONCE(atc->defects, 0);
	devtlb_atc_invalidate(atc, DEVTLB_INVALIDATE_ALL);
	devtlb_translations_free(devtlb_atc_take_all_spare(atc));
	devtlb_table_cache_destroy(&atc->tables);
	devtlb_store_destroy(&atc->store);
}
