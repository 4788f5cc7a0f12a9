// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device TLB: fill, access, invalidate. With it the page-walk cache: filled
 * and invalidated with the translations, in a store of its own, for rule A.
 *
 * Lock		protects		taken
 * ----		--------		-----
 * atc->lock	the stores (changes),	by callbacks and probes, in any
 *		invalidate_seq,		context; by fills and audits
 *		closed, draining,
 *		spare, counters
 * bucket->lock	see reverse_map.c	inside atc->lock, or alone
 * findings	see finding.c		inside either, alone, and in an access
 * ->lock
 * log->lock	see site.c		inside either, alone, and in an access
 * delivery->	see delivery.c,		alone
 * lock, mutants	mutant.c
 * ->lock
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
 * yet drained. Until it is drained a translation also stays in the reverse map:
 * a free of its page finds it there, dead, and drains.
 *
 * Fill against invalidation (invariant 2). A fill samples invalidate_seq,
 * walks, and installs under the lock only if the sequence has not moved. A
 * callback that took the lock first has moved it; one that takes it later finds
 * the translation installed. A fill that sampled the new value acquires what
 * the callback's caller did before: it walks the page table after the change.
 *
 * Fill against a missing notification (invariant 6). Nobody moves the sequence
 * then. So a fill first files the translation in the reverse map, has a full
 * barrier, and looks at the page table once more. If the entry still maps the
 * page, it is not free yet, and its free, which comes after the entry was
 * cleared, finds the translation.
 */
#include <linux/delay.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/srcu.h>
#include <linux/uaccess.h>

#include "device/atc.h"
#include "device/contain.h"
#include "detect/switch.h"
#include "device/pasid.h"
#include "detect/reverse_map.h"
#include "device/section.h"
#include "device/walk.h"

/* Translations handled under one hold of the lock, with interrupts off. */
#define LOCK_BATCH	512

static struct kmem_cache *translation_cache;

int devtlb_atc_module_init(void)
{
	translation_cache = kmem_cache_create("devtlb_translation",
					      sizeof(struct devtlb_translation),
					      0, 0, NULL);
	return translation_cache ? 0 : -ENOMEM;
}

void devtlb_atc_module_exit(void)
{
	kmem_cache_destroy(translation_cache);
}

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
	if (devtlb_store_init(&atc->tables)) {
		devtlb_store_destroy(&atc->store);
		return -ENOMEM;
	}
	return 0;
}

static void free_chain(struct devtlb_translation *first)
{
	while (first) {
		struct devtlb_translation *next = first->next;

		kmem_cache_free(translation_cache, first);
		first = next;
	}
}

static void free_supply(struct devtlb_fill_supply *supply)
{
	devtlb_node_supply_free(&supply->nodes);
	free_chain(supply->spare);
	supply->spare = NULL;
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
 * devtlb_atc_supply_free() - free what no fill took
 * @supply: empty afterwards
 *
 * Context: no fill uses it; a removed user's, after its RCU grace period.
 */
void devtlb_atc_supply_free(struct devtlb_atc_supply *supply)
{
	free_supply(&supply->page);
	free_supply(&supply->table);
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
 * devtlb_atc_has_defect() - does the device have a defect?
 * @atc: the ATC
 * @mutant: enum devtlb_mutant
 *
 * Return: true if it does.
 */
bool devtlb_atc_has_defect(const struct devtlb_atc *atc, unsigned int mutant)
{
	return READ_ONCE(atc->defects) & BIT(mutant);
}

/* Waits for what is in flight of one kind: @section is a member of a user. */
static void drain_sections(struct devtlb_atc *atc, size_t section)
{
	struct devtlb_atc_user *user;

	/* Pairs with the barrier in devtlb_section_begin(). */
	smp_mb();
	rcu_read_lock();
	list_for_each_entry_rcu(user, &atc->users, entry)
		devtlb_section_wait((void *)user + section);
	rcu_read_unlock();
}

/**
 * devtlb_atc_drain() - wait until no access in flight uses a dead translation
 * @atc: its translations that matter were marked dead before
 *
 * Context: any, with or without a bucket lock; not under atc->lock or the
 * findings' lock.
 */
void devtlb_atc_drain(struct devtlb_atc *atc)
{
	drain_sections(atc, offsetof(struct devtlb_atc_user, accessing));
}

/**
 * devtlb_atc_guard_stores() - make no store that the page table does not grant
 * @atc: the ATC
 *
 * For mutants (invariant 6). There is no way back.
 *
 * Context: as devtlb_atc_drain(). When it returns no unguarded store is in
 * flight.
 */
void devtlb_atc_guard_stores(struct devtlb_atc *atc)
{
	WRITE_ONCE(atc->guard_stores, true);
	devtlb_atc_drain(atc);
}

static void drain_walks(struct devtlb_atc *atc)
{
	drain_sections(atc, offsetof(struct devtlb_atc_user, walking));
}

static struct devtlb_store *
store_of(const struct devtlb_translation *translation)
{
	struct devtlb_atc *atc = translation->atc;

	return translation->table ? &atc->tables : &atc->store;
}

/**
 * devtlb_atc_kill() - take a translation out of its store
 * @translation: in the store
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
	devtlb_store_remove(store_of(translation), translation);
	atc->draining++;
	translation->next = *dying;
	*dying = translation;
}

/* Lets drained translations be used again. */
static void retire(struct devtlb_atc *atc, struct devtlb_translation *dying)
{
	struct devtlb_translation *translation, *last = dying;
	unsigned long flags;
	unsigned int nr = 0;

	for (translation = dying; translation; translation = translation->next) {
		devtlb_reverse_map_del(translation);
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
static void keep_for_holders(struct devtlb_atc *atc,
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

/* Drained translations: their memory is for others now, or soon. */
static void let_go(struct devtlb_atc *atc, struct devtlb_translation *dying)
{
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_EARLY_ACK))
		keep_for_holders(atc, dying);
	else
		retire(atc, dying);
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
	let_go(atc, dying);
}

/* Accesses with EARLY_ACK: from the lookup to the last use of what it found. */
DEFINE_STATIC_SRCU(late_accesses);

/*
 * What EARLY_ACK acknowledged is still held by accesses that it did not wait
 * for: they are waited for here, in a task that holds no lock, before its memory
 * can be used again. An access that begins later does not find it any more.
 */
static void recycle_unacknowledged(struct devtlb_atc *atc)
{
	struct devtlb_translation *dying;
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	dying = atc->unacknowledged;
	atc->unacknowledged = NULL;
	raw_spin_unlock_irqrestore(&atc->lock, flags);
	if (!dying)
		return;
	synchronize_srcu(&late_accesses);
	devtlb_atc_drain(atc);
	retire(atc, dying);
}

/* Waits until nothing is drained any more; nothing is left to be killed. */
static struct devtlb_translation *take_all_spare(struct devtlb_atc *atc)
{
	struct devtlb_translation *spare = NULL;
	unsigned int draining;
	unsigned long flags;

	do {
		recycle_unacknowledged(atc);
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
	free_chain(take_all_spare(atc));
	devtlb_store_destroy(&atc->tables);
	devtlb_store_destroy(&atc->store);
}

static void move_invalidate_seq(struct devtlb_atc *atc)
{
	/* Pairs with the acquire in devtlb_atc_fill(). */
	smp_store_release(&atc->invalidate_seq, atc->invalidate_seq + 1);
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

/* What is left of @rest after the translation that was just dealt with. */
static bool go_on_after(const struct devtlb_translation *translation,
			struct devtlb_range *rest)
{
	struct devtlb_range page = devtlb_translation_range(translation);

	if (devtlb_atc_has_defect(translation->atc, DEVTLB_MUTANT_FRACTURE_HEAD) &&
	    translation->fractured)
		page = devtlb_range_of_page(page.start, PMD_SHIFT);
	if (page.last >= rest->last)
		return false;
	rest->start = page.last + 1;
	return true;
}

/* What a turn of an invalidation did. */
struct killed {
	struct devtlb_translation *dying;
	u16 covered;
};

/*
 * Kills what a store has of a notification's range, at most @max translations;
 * @rest becomes what is left to look at. Returns whether there may be more.
 */
static bool kill_range(struct devtlb_atc *atc, struct devtlb_store *store,
		       const struct devtlb_notification *notification,
		       struct devtlb_range *rest, unsigned int max,
		       struct killed *killed)
{
	struct devtlb_translation *translation;

	for (; max > 0; max--) {
		translation = devtlb_store_first(store, *rest);
		if (!translation)
			return false;
		if (!spared_by_defect(translation, notification->range)) {
			if (notification->tables_held && !atc->closed &&
			    !translation->table)
				devtlb_detect_late(translation, notification);
			if (translation->withheld_site != DEVTLB_NO_SITE)
				killed->covered = translation->withheld_site;
			devtlb_atc_kill(translation, &killed->dying);
			if (!translation->table)
				atc->invalidated++;
		}
		if (!go_on_after(translation, rest))
			return false;
	}
	return true;
}

/* Kills all that is in the range; returns whether there is anything to drain. */
static bool kill_all(struct devtlb_atc *atc,
		     const struct devtlb_notification *notification,
		     struct killed *killed)
{
	struct devtlb_range tables = notification->range;
	struct devtlb_range pages = notification->range;
	bool more_tables = true, more_pages = true;
	unsigned long flags;
	bool drain;

	/* What is filled between turns was walked after the sequence moved. */
	do {
		raw_spin_lock_irqsave(&atc->lock, flags);
		move_invalidate_seq(atc);
		if (more_tables)
			more_tables = kill_range(atc, &atc->tables, notification,
						 &tables, LOCK_BATCH, killed);
		if (more_pages)
			more_pages = kill_range(atc, &atc->store, notification,
						&pages, LOCK_BATCH, killed);
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
 * Where the page tables can be read, each translation is compared with them
 * before it dies: see detect_switch.c.
 *
 * Context: any; neither sleeps nor allocates (invariant 3). Costs
 * O(translations removed + device threads).
 */
void devtlb_atc_invalidate(struct devtlb_atc *atc,
			   const struct devtlb_notification *notification)
{
	struct killed killed = { .covered = DEVTLB_NO_SITE };
	bool drain = kill_all(atc, notification, &killed);

	/* Guarded stores must not rely on what a defect spared. */
	if (drain || READ_ONCE(atc->guard_stores))
		devtlb_atc_drain(atc);
	if (killed.dying)
		let_go(atc, killed.dying);
	if (killed.covered != DEVTLB_NO_SITE &&
	    notification->site != DEVTLB_NO_SITE &&
	    killed.covered != notification->site)
		devtlb_site_log_cover(&devtlb_pasid_of_atc(atc)->site_log,
				      killed.covered, notification->site);
}

/*
 * Is a translation wider than the page table, where a notification is about it?
 * Where one can't look, it counts as that.
 */
static bool is_stale(const struct devtlb_translation *translation,
		     const struct devtlb_notification *notification)
{
	unsigned long va = max(translation->va, notification->range.start);
	struct devtlb_page page;

	if (!notification->tables_held || translation->atc->closed)
		return true;
	return !devtlb_look(translation->atc->mm, va, &page) ||
	       devtlb_page_pfn_at(&page, va) !=
	       devtlb_translation_pfn_at(translation, va) ||
	       (READ_ONCE(translation->rights) & ~page.rights);
}

/* As kill_range(), but only notes the site and counts. */
static bool note_range(struct devtlb_store *store, struct devtlb_range *rest,
		       unsigned int max,
		       const struct devtlb_notification *notification,
		       u64 *survived, u64 *stale)
{
	struct devtlb_translation *translation;

	for (; max > 0; max--) {
		unsigned long last;

		translation = devtlb_store_first(store, *rest);
		if (!translation)
			return false;
		WRITE_ONCE(translation->withheld_site, notification->site);
		if (!translation->table) {
			++*survived;
			*stale += is_stale(translation, notification);
		}
		last = devtlb_translation_range(translation).last;
		if (last >= rest->last)
			return false;
		rest->start = last + 1;
	}
	return true;
}

static u64 note_store(struct devtlb_atc *atc, struct devtlb_store *store,
		      const struct devtlb_notification *notification,
		      u64 *stale)
{
	struct devtlb_range rest = notification->range;
	unsigned long flags;
	u64 survived = 0;
	bool more;

	do {
		raw_spin_lock_irqsave(&atc->lock, flags);
		move_invalidate_seq(atc);
		more = note_range(store, &rest, LOCK_BATCH, notification,
				  &survived, stale);
		raw_spin_unlock_irqrestore(&atc->lock, flags);
	} while (more);
	return survived;
}

/**
 * devtlb_atc_note_withheld() - a mutant withheld a notification from the device
 * @atc: the ATC
 * @notification: what it was
 * @stale: raised by those of the result that are wider than the page table
 *
 * Fills in flight still fail, and accesses in flight are waited for: what the
 * mutant hides is an invalidation, not that the page table is changing under a
 * walk. A guarded store that begins afterwards sees the change (invariant 6).
 *
 * Context: any.
 * Return: how many translations live on because of it.
 */
u64 devtlb_atc_note_withheld(struct devtlb_atc *atc,
			     const struct devtlb_notification *notification,
			     u64 *stale)
{
	u64 survived = note_store(atc, &atc->tables, notification, stale) +
		       note_store(atc, &atc->store, notification, stale);

	devtlb_atc_drain(atc);
	return survived;
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
	drain_walks(atc);
	/* A checked access walks, too, if it began before closed was set. */
	devtlb_atc_drain(atc);

	if (!keep)
		devtlb_atc_invalidate(atc, DEVTLB_INVALIDATE_ALL);
}

static int fill_supply(struct devtlb_atc *atc, struct devtlb_fill_supply *supply)
{
	unsigned long flags;

	if (!supply->spare) {
		raw_spin_lock_irqsave(&atc->lock, flags);
		supply->spare = atc->spare;
		if (supply->spare)
			atc->spare = supply->spare->next;
		raw_spin_unlock_irqrestore(&atc->lock, flags);
		if (supply->spare)
			supply->spare->next = NULL;
	}
	if (!supply->spare)
		supply->spare = kmem_cache_zalloc(translation_cache, GFP_KERNEL);
	if (!supply->spare)
		return -ENOMEM;
	return devtlb_node_supply_fill(&supply->nodes);
}

static int prepare_fill(struct devtlb_atc *atc, struct devtlb_atc_user *user)
{
	if (READ_ONCE(atc->unacknowledged))
		recycle_unacknowledged(atc);
	return fill_supply(atc, &user->supply.page) ? :
	       fill_supply(atc, &user->supply.table);
}

static void init_translation(struct devtlb_translation *translation,
			     struct devtlb_atc *atc, u32 filler,
			     unsigned long va, const struct devtlb_page *page)
{
	*translation = (struct devtlb_translation) {
		.va = page->va,
		.pfn = page->pfn,
		.shift = page->shift,
		.rights = DEVTLB_READ,
		.atc = atc,
		.filler = filler,
		.filled_ns = ktime_get_mono_fast_ns(),
	};
	/*
	 * Invariant 4: W only with D set. A clean page may be discarded without
	 * a word (MADV_FREE), which is right only if nobody can write to it.
	 */
	if ((page->rights & DEVTLB_WRITE) &&
	    (page->dirty || devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_DIRTY)))
		translation->rights |= DEVTLB_WRITE;
	if (atc->fracture && page->shift != PAGE_SHIFT) {
		translation->va = va & PAGE_MASK;
		translation->pfn = devtlb_page_pfn_at(page, va);
		translation->shift = PAGE_SHIFT;
		translation->fractured = true;
	}
}

/* A translation that lives on because of a mutant, and is what is filled now. */
static void note_right(struct devtlb_atc *atc,
		       const struct devtlb_translation *old, unsigned long va,
		       const struct devtlb_page *page)
{
	if (old->withheld_site != DEVTLB_NO_SITE &&
	    devtlb_translation_pfn_at(old, va) == devtlb_page_pfn_at(page, va) &&
	    !(old->rights & ~page->rights))
		devtlb_site_log_right(&devtlb_pasid_of_atc(atc)->site_log,
				      old->withheld_site);
}

/*
 * Takes out what a new translation overlaps: an upgraded or resized page. One
 * that was for another frame is no replacement, but a proof that the kernel
 * switched the entry and did not say so.
 */
static void replace(struct devtlb_atc *atc, struct devtlb_range range,
		    const struct devtlb_page *page,
		    struct devtlb_translation **dying)
{
	struct devtlb_translation *old;

	while ((old = devtlb_store_first(&atc->store, range))) {
		unsigned long va = max(old->va, range.start);

		devtlb_detect_switch(old, va, page, DEVTLB_IN_FILL, NULL);
		note_right(atc, old, va, page);
		devtlb_atc_kill(old, dying);
	}
}

/*
 * Files a translation in the reverse map, then looks whether it is still true.
 *
 * In this order: see the top of this file. Pairs with the atomic operations,
 * full barriers, by which mm/ clears an entry and then drops the last reference
 * to its page, or to its page-table page.
 */
static bool file_and_recheck(struct devtlb_translation *translation,
			     unsigned long va, const struct devtlb_page *page)
{
	struct devtlb_atc *atc = translation->atc;
	struct devtlb_page now;

	devtlb_reverse_map_add(translation);
	smp_mb();
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_RECHECK) ||
	    devtlb_atc_has_defect(atc, DEVTLB_MUTANT_PROT_NONE))
		return true;
	if (devtlb_look(atc->mm, va, &now) && now.pfn == page->pfn &&
	    now.shift == page->shift && now.table_pfn == page->table_pfn)
		return true;
	devtlb_reverse_map_del(translation);
	return false;
}

/*
 * The same for a table: it must be where it was, whatever is in it.
 */
static bool file_table_and_recheck(struct devtlb_translation *table,
				   unsigned long va, unsigned long table_pfn)
{
	struct devtlb_page now;

	devtlb_reverse_map_add(table);
	smp_mb();
	if (devtlb_atc_has_defect(table->atc, DEVTLB_MUTANT_NO_RECHECK))
		return true;
	devtlb_look(table->atc->mm, va, &now);
	if (now.table_pfn == table_pfn)
		return true;
	devtlb_reverse_map_del(table);
	return false;
}

/*
 * Caches the table in which the walk for @va ended. Tables of 1G pages and of
 * larger ones span more than the store can hold: they are left out.
 */
static void install_table(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			  unsigned long table_pfn, unsigned int page_shift,
			  unsigned long va, struct devtlb_translation **dying)
{
	unsigned int shift = page_shift + DEVTLB_NODE_BITS;
	struct devtlb_translation *table = user->supply.table.spare;
	struct devtlb_translation *old;

	if (!devtlb_store_holds_shift(shift))
		return;
	old = devtlb_store_first(&atc->tables, devtlb_range_of_page(va, shift));
	if (old && old->shift == shift && old->pfn == table_pfn &&
	    !READ_ONCE(old->dead))
		return;

	*table = (struct devtlb_translation) {
		.va = devtlb_range_of_page(va, shift).start,
		.pfn = table_pfn,
		.shift = shift,
		.rights = DEVTLB_READ,
		.atc = atc,
		.filler = user->id,
		.filled_ns = ktime_get_mono_fast_ns(),
		.table = true,
	};
	if (!file_table_and_recheck(table, va, table_pfn))
		return;
	while ((old = devtlb_store_first(&atc->tables,
					 devtlb_translation_range(table))))
		devtlb_atc_kill(old, dying);
	if (WARN_ON_ONCE(devtlb_store_insert(&atc->tables, table,
					     &user->supply.table.nodes))) {
		devtlb_reverse_map_del(table);
		return;
	}
	user->supply.table.spare = NULL;
}

static int install(struct devtlb_atc *atc, struct devtlb_atc_user *user,
		   const struct devtlb_page *page, unsigned long va,
		   struct devtlb_translation **dying)
{
	struct devtlb_translation *translation = user->supply.page.spare;
	int err;

	if (!file_and_recheck(translation, va, page))
		return -EAGAIN;
	replace(atc, devtlb_translation_range(translation), page, dying);
	err = devtlb_store_insert(&atc->store, translation,
				  &user->supply.page.nodes);
	if (WARN_ON_ONCE(err)) {
		devtlb_reverse_map_del(translation);
		return err;
	}
	user->supply.page.spare = NULL;
	atc->fills++;
	install_table(atc, user, page->table_pfn, page->shift, va, dying);
	return 0;
}

static enum devtlb_walk_intent intent_of_fill(const struct devtlb_atc *atc,
					      bool write)
{
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_PROT_NONE) && !write)
		return DEVTLB_WALK_PROT_NONE;
	if (write && !devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_DIRTY))
		return DEVTLB_WALK_WRITE;
	return DEVTLB_WALK_READ;
}

/* Did an invalidation overtake the fill that sampled @seq? */
static bool overtaken(const struct devtlb_atc *atc, unsigned long seq)
{
	if (atc->closed)
		return true;
	return atc->invalidate_seq != seq &&
	       !devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_RECHECK);
}

/*
 * How long NO_RECHECK keeps its window open. The kernel can get on meanwhile:
 * flushes of the CPUs' TLBs wait for a CPU that has interrupts off.
 */
#define WALK_WINDOW_US	100

/*
 * A walk found no page in a table: of that, the page-walk cache remembers where
 * the table is.
 */
static void remember_table(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			   unsigned long table_pfn, unsigned long va,
			   unsigned long seq,
			   struct devtlb_translation **dying)
{
	if (!table_pfn)
		return;
	raw_spin_lock(&atc->lock);
	if (!overtaken(atc, seq))
		install_table(atc, user, table_pfn, PAGE_SHIFT, va, dying);
	raw_spin_unlock(&atc->lock);
}

/**
 * devtlb_atc_fill() - translation request and completion
 * @atc: the ATC
 * @user: the device thread
 * @va: address
 * @write: a translation that grants stores is wanted
 *
 * Context: the user's own thread, the mm loaded (kthread_use_mm()); may sleep.
 * Return: 0: filled; -ENOENT: no present page grants it (R=W=0): a page request
 * may help; -EAGAIN: an invalidation overtook it, ask again; -ESRCH: the
 * address space is gone; -ENOMEM.
 */
int devtlb_atc_fill(struct devtlb_atc *atc, struct devtlb_atc_user *user,
		    unsigned long va, bool write)
{
	struct devtlb_translation *dying = NULL;
	struct devtlb_page page;
	unsigned long flags;
	unsigned long seq;
	int err;

	err = prepare_fill(atc, user);
	if (err)
		return err;

	local_irq_save(flags);
	devtlb_section_begin(&user->walking);
	/* After devtlb_section_begin(): devtlb_atc_close() waits, or we see it. */
	if (READ_ONCE(atc->closed)) {
		err = -ESRCH;
		goto out;
	}
	/* Pairs with the release in move_invalidate_seq(). */
	seq = smp_load_acquire(&atc->invalidate_seq);
	if (!devtlb_walk(atc->mm, va, intent_of_fill(atc, write), &page)) {
		remember_table(atc, user, page.table_pfn, va, seq, &dying);
		err = -ENOENT;
		goto out;
	}
	if (write && !(page.rights & DEVTLB_WRITE)) {
		err = -ENOENT;
		goto out;
	}
	init_translation(user->supply.page.spare, atc, user->id, va, &page);
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_RECHECK)) {
		local_irq_restore(flags);
		udelay(WALK_WINDOW_US);
		local_irq_save(flags);
	}

	raw_spin_lock(&atc->lock);
	if (overtaken(atc, seq))
		err = -EAGAIN;
	else
		err = install(atc, user, &page, va, &dying);
	if (err == -EAGAIN)
		atc->fill_retries++;
	raw_spin_unlock(&atc->lock);
out:
	devtlb_section_end(&user->walking);
	local_irq_restore(flags);
	devtlb_atc_recycle(atc, dying);
	return err;
}

/*
 * What the page table shows at an access. The walk comes before the access:
 * what it shows was so when the access was made.
 */
struct view {
	bool present;
	struct devtlb_page page;
};

static struct view look(struct devtlb_atc *atc, unsigned long va)
{
	struct view view = { };

	/* Closed: the tables may be gone; see devtlb_atc_close(). */
	if (!READ_ONCE(atc->closed))
		view.present = devtlb_look(atc->mm, va, &view.page);
	return view;
}

static bool shows_other_page(const struct view *view,
			     const struct devtlb_translation *translation,
			     unsigned long va)
{
	return view->present && devtlb_page_pfn_at(&view->page, va) !=
				devtlb_translation_pfn_at(translation, va);
}

/*
 * Can a mutant have kept a translation alive? One of the kernel's notifications
 * has marked those that it did; one of the device's own may do it to any.
 */
static bool may_be_kept(struct devtlb_atc *atc,
			const struct devtlb_translation *translation)
{
	return READ_ONCE(atc->guard_stores) &&
	       (READ_ONCE(atc->defects) ||
		READ_ONCE(translation->withheld_site) != DEVTLB_NO_SITE);
}

/*
 * May a store be made? (invariant 6) Not where the process has another page
 * now. Gone or read-only in the table, while the translation lives, is legal
 * for a moment in most operations, and a store made then counts. Only a mutant
 * can make that moment last: then the store is not made.
 */
static bool store_allowed(struct devtlb_atc *atc,
			  const struct devtlb_translation *translation,
			  unsigned long va, const struct view *view)
{
	if (!devtlb_contain())
		return true;
	if (shows_other_page(view, translation, va))
		return false;
	return !may_be_kept(atc, translation) ||
	       (view->present && (view->page.rights & DEVTLB_WRITE));
}

static enum devtlb_access_result
access_through(struct devtlb_atc *atc, struct devtlb_atc_user *user,
	       struct devtlb_translation *translation,
	       struct devtlb_access *access)
{
	unsigned long pfn = devtlb_translation_pfn_at(translation, access->va);
	u64 *at = pfn_to_kaddr(pfn) + offset_in_page(access->va);
	struct devtlb_load load = { .by = user->id };
	struct view view = { };

	if (access->check || access->write)
		view = look(atc, access->va);

	if (access->write) {
		if (!store_allowed(atc, translation, access->va, &view))
			goto suppressed;
		__put_kernel_nofault(at, &access->value, u64, poisoned);
	} else {
		__get_kernel_nofault(&access->value, at, u64, poisoned);
	}

	if (access->check && shows_other_page(&view, translation, access->va)) {
		load.got = access->value;
		devtlb_detect_switch(translation, access->va, &view.page,
				     DEVTLB_IN_ACCESS,
				     access->write ? NULL : &load);
	}
	return DEVTLB_ACCESS_DONE;

suppressed:
	devtlb_lost_store_note(devtlb_pasid_of_atc(atc)->findings, translation);
	if (shows_other_page(&view, translation, access->va))
		devtlb_detect_switch(translation, access->va, &view.page,
				     DEVTLB_IN_ACCESS, NULL);
	return DEVTLB_ACCESS_SUPPRESSED;

poisoned:
	return DEVTLB_ACCESS_POISONED;
}

static bool grants(struct devtlb_translation *translation, u8 right)
{
	/* The defect: a device must ask for a translation again. */
	if (right == DEVTLB_WRITE && !READ_ONCE(translation->contained) &&
	    devtlb_atc_has_defect(translation->atc, DEVTLB_MUTANT_UPGRADE))
		cmpxchg(&translation->rights, DEVTLB_READ,
			DEVTLB_READ | DEVTLB_WRITE);
	return READ_ONCE(translation->rights) & right;
}

/* The translation that an access can use, or NULL. */
static struct devtlb_translation *find_granting(struct devtlb_atc *atc,
						const struct devtlb_access *access)
{
	u8 right = access->write ? DEVTLB_WRITE : DEVTLB_READ;
	struct devtlb_translation *translation;

	translation = devtlb_store_lookup(&atc->store, access->va);
	if (translation && !READ_ONCE(translation->dead) &&
	    grants(translation, right))
		return translation;
	return NULL;
}

/*
 * How long an access takes with EARLY_ACK. Much longer than a CPU needs to
 * change an entry: one that goes through the pages that a device thread goes
 * through, too, comes past it while the access to some page is under way. A
 * shorter one can miss it for ever, if both take the same time for a page.
 */
#define LATE_ACCESS_US	300

/*
 * A defect: what was looked up is used later, whatever happened to it
 * meanwhile. Nobody waits for an access in its window, so that invalidations are
 * acknowledged too early; but for the access itself, as always: what a guarded
 * store looked at is so when the store is made (invariant 6).
 */
static enum devtlb_access_result access_late(struct devtlb_atc *atc,
					     struct devtlb_atc_user *user,
					     struct devtlb_access *access)
{
	enum devtlb_access_result result = DEVTLB_ACCESS_MISS;
	struct devtlb_translation *translation;
	unsigned long flags;
	int in_flight;

	in_flight = srcu_read_lock(&late_accesses);
	translation = find_granting(atc, access);
	if (translation) {
		usleep_range(LATE_ACCESS_US, 2 * LATE_ACCESS_US);
		local_irq_save(flags);
		devtlb_section_begin(&user->accessing);
		result = access_through(atc, user, translation, access);
		devtlb_section_end(&user->accessing);
		local_irq_restore(flags);
	}
	srcu_read_unlock(&late_accesses, in_flight);
	return result;
}

/**
 * devtlb_atc_access() - a translated load or store
 * @atc: the ATC
 * @user: the device thread
 * @access: what to do; receives what was loaded
 *
 * Uses what the ATC holds and never looks for more: a stale translation is used
 * like any other.
 *
 * Context: the user's own thread, the mm loaded; may sleep.
 * Return: what became of it.
 */
enum devtlb_access_result devtlb_atc_access(struct devtlb_atc *atc,
					    struct devtlb_atc_user *user,
					    struct devtlb_access *access)
{
	enum devtlb_access_result result = DEVTLB_ACCESS_MISS;
	struct devtlb_translation *translation;
	unsigned long flags;

	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_EARLY_ACK))
		return access_late(atc, user, access);

	local_irq_save(flags);
	devtlb_section_begin(&user->accessing);
	translation = find_granting(atc, access);
	if (translation)
		result = access_through(atc, user, translation, access);
	devtlb_section_end(&user->accessing);
	local_irq_restore(flags);
	return result;
}
