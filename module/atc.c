// SPDX-License-Identifier: GPL-2.0-only
/*
 * The device TLB: fill, access, invalidate.
 *
 * Lock		protects		taken
 * ----		--------		-----
 * atc->lock	the store (changes),	by callbacks, in any context; by fills
 *		invalidate_seq,		and audits
 *		closed, draining,
 *		spare, counters
 * bucket->lock	see reverse_map.c	inside atc->lock, or alone
 * findings	see finding.c		inside either, alone, and in an access
 * ->lock
 * log->lock	see site.c		inside either, alone, and in an access
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
 * loads: section_begin() and devtlb_atc_drain(). So either the access does not
 * find the translation, or the invalidation waits for the access. An access has
 * interrupts off: the wait is short. An invalidation that removes nothing may
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
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/uaccess.h>

#include "atc.h"
#include "contain.h"
#include "detect_switch.h"
#include "reverse_map.h"
#include "walk.h"

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
	return devtlb_store_init(&atc->store);
}

static void free_chain(struct devtlb_translation *first)
{
	while (first) {
		struct devtlb_translation *next = first->next;

		kmem_cache_free(translation_cache, first);
		first = next;
	}
}

/**
 * devtlb_atc_destroy() - free everything an ATC holds
 * @atc: no user, no callback and no audit is left
 *
 * Context: may sleep.
 */
void devtlb_atc_destroy(struct devtlb_atc *atc)
{
	/* Translations that a mutant kept past ->release may be left. */
	devtlb_atc_invalidate(atc, (struct devtlb_range) { 0, ULONG_MAX });
	free_chain(atc->spare);
	devtlb_store_destroy(&atc->store);
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
 * devtlb_atc_free_user() - free what a removed user kept for its fills
 * @user: removed
 */
void devtlb_atc_free_user(struct devtlb_atc_user *user)
{
	devtlb_node_supply_free(&user->nodes);
	free_chain(user->spare);
	user->spare = NULL;
}

static void section_begin(unsigned long *section)
{
	WRITE_ONCE(*section, *section + 1);
	/* Pairs with the barrier in devtlb_atc_drain(). */
	smp_mb();
}

static void section_end(unsigned long *section)
{
	/* Pairs with the acquire in wait_for_section(). */
	smp_store_release(section, *section + 1);
}

static void wait_for_section(const unsigned long *section)
{
	unsigned long seen = smp_load_acquire(section);

	if (!(seen & 1))
		return;
	while (smp_load_acquire(section) == seen)
		cpu_relax();
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
	struct devtlb_atc_user *user;

	/* Pairs with the barrier in section_begin(). */
	smp_mb();
	rcu_read_lock();
	list_for_each_entry_rcu(user, &atc->users, entry)
		wait_for_section(&user->accessing);
	rcu_read_unlock();
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
	struct devtlb_atc_user *user;

	/* Pairs with the barrier in section_begin(). */
	smp_mb();
	rcu_read_lock();
	list_for_each_entry_rcu(user, &atc->users, entry)
		wait_for_section(&user->walking);
	rcu_read_unlock();
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
	devtlb_store_remove(&atc->store, translation);
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
	retire(atc, dying);
}

/*
 * Kills what overlaps @range, at most @max translations; @range becomes what is
 * left to look at. Returns how many.
 */
static unsigned int kill_range(struct devtlb_atc *atc,
			       struct devtlb_range *range, unsigned int max,
			       struct devtlb_translation **dying)
{
	struct devtlb_translation *translation;
	unsigned int nr = 0;

	while (nr < max &&
	       (translation = devtlb_store_first(&atc->store, *range))) {
		range->start = max(range->start, translation->va);
		devtlb_atc_kill(translation, dying);
		nr++;
	}
	return nr;
}

static void move_invalidate_seq(struct devtlb_atc *atc)
{
	/* Pairs with the acquire in devtlb_atc_fill(). */
	smp_store_release(&atc->invalidate_seq, atc->invalidate_seq + 1);
}

/**
 * devtlb_atc_invalidate() - invalidate a range (invariant 2)
 * @atc: the ATC
 * @range: any range; a translation that overlaps it by one byte dies whole
 *
 * Context: any; neither sleeps nor allocates (invariant 3). Costs
 * O(translations removed + device threads).
 */
void devtlb_atc_invalidate(struct devtlb_atc *atc, struct devtlb_range range)
{
	struct devtlb_translation *dying = NULL;
	unsigned long flags;
	unsigned int nr;
	bool drain;

	/* What is filled between turns was walked after the sequence moved. */
	do {
		raw_spin_lock_irqsave(&atc->lock, flags);
		move_invalidate_seq(atc);
		nr = kill_range(atc, &range, LOCK_BATCH, &dying);
		atc->invalidated += nr;
		drain = atc->draining > 0;
		raw_spin_unlock_irqrestore(&atc->lock, flags);
	} while (nr == LOCK_BATCH);

	if (drain)
		devtlb_atc_drain(atc);
	if (dying)
		retire(atc, dying);
}

/* As kill_range(), but only notes the site; returns if there may be more. */
static bool note_range(struct devtlb_atc *atc, struct devtlb_range *range,
		       unsigned int max, u16 site)
{
	struct devtlb_translation *translation;

	for (; max > 0; max--) {
		unsigned long last;

		translation = devtlb_store_first(&atc->store, *range);
		if (!translation)
			return false;
		translation->dropped_site = site;
		last = devtlb_translation_range(translation).last;
		if (last >= range->last)
			return false;
		range->start = last + 1;
	}
	return true;
}

/**
 * devtlb_atc_note_dropped() - a mutant kept a notification from the device
 * @atc: the ATC
 * @range: what it was about
 * @site: where it came from
 *
 * Fills in flight still fail, and accesses in flight are waited for: what the
 * mutant hides is an invalidation, not that the page table is changing under a
 * walk. A guarded store that begins afterwards sees the change (invariant 6).
 *
 * Context: any.
 */
void devtlb_atc_note_dropped(struct devtlb_atc *atc, struct devtlb_range range,
			     u16 site)
{
	unsigned long flags;
	bool more;

	do {
		raw_spin_lock_irqsave(&atc->lock, flags);
		move_invalidate_seq(atc);
		more = note_range(atc, &range, LOCK_BATCH, site);
		raw_spin_unlock_irqrestore(&atc->lock, flags);
	} while (more);
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
	drain_walks(atc);
	/* A checked access walks, too, if it began before closed was set. */
	devtlb_atc_drain(atc);

	if (!keep)
		devtlb_atc_invalidate(atc,
				      (struct devtlb_range) { 0, ULONG_MAX });
}

static int prepare_fill(struct devtlb_atc *atc, struct devtlb_atc_user *user)
{
	unsigned long flags;

	if (!user->spare) {
		raw_spin_lock_irqsave(&atc->lock, flags);
		user->spare = atc->spare;
		if (user->spare)
			atc->spare = user->spare->next;
		raw_spin_unlock_irqrestore(&atc->lock, flags);
		if (user->spare)
			user->spare->next = NULL;
	}
	if (!user->spare)
		user->spare = kmem_cache_zalloc(translation_cache, GFP_KERNEL);
	if (!user->spare)
		return -ENOMEM;
	return devtlb_node_supply_fill(&user->nodes);
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
	if ((page->rights & DEVTLB_WRITE) && page->dirty)
		translation->rights |= DEVTLB_WRITE;
	if (atc->fracture && page->shift != PAGE_SHIFT) {
		translation->va = va & PAGE_MASK;
		translation->pfn = devtlb_page_pfn_at(page, va);
		translation->shift = PAGE_SHIFT;
	}
}

static bool still_maps(struct mm_struct *mm, unsigned long va,
		       const struct devtlb_page *page)
{
	struct devtlb_page now;

	return devtlb_walk(mm, va, DEVTLB_WALK_LOOK, &now) &&
	       now.pfn == page->pfn && now.shift == page->shift;
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
		devtlb_detect_switch(atc, old, max(old->va, range.start), page,
				     NULL);
		devtlb_atc_kill(old, dying);
	}
}

static int install(struct devtlb_atc *atc, struct devtlb_atc_user *user,
		   const struct devtlb_page *page, unsigned long va,
		   struct devtlb_translation **dying)
{
	struct devtlb_translation *translation = user->spare;
	int err;

	/*
	 * In this order: see the top of this file. Pairs with the atomic
	 * operations, full barriers, by which mm/ clears an entry and then drops
	 * the last reference to its page.
	 */
	devtlb_reverse_map_add(translation);
	smp_mb();
	if (!still_maps(atc->mm, va, page)) {
		devtlb_reverse_map_del(translation);
		return -EAGAIN;
	}

	replace(atc, devtlb_translation_range(translation), page, dying);
	err = devtlb_store_insert(&atc->store, translation, &user->nodes);
	if (WARN_ON_ONCE(err)) {
		devtlb_reverse_map_del(translation);
		return err;
	}
	user->spare = NULL;
	atc->fills++;
	return 0;
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
	section_begin(&user->walking);
	/* After section_begin(): devtlb_atc_close() waits, or we see it. */
	if (READ_ONCE(atc->closed)) {
		err = -ESRCH;
		goto out;
	}
	/* Pairs with the release in move_invalidate_seq(). */
	seq = smp_load_acquire(&atc->invalidate_seq);
	if (!devtlb_walk(atc->mm, va, write ? DEVTLB_WALK_WRITE : DEVTLB_WALK_READ,
			 &page) ||
	    (write && !(page.rights & DEVTLB_WRITE))) {
		err = -ENOENT;
		goto out;
	}
	init_translation(user->spare, atc, user->id, va, &page);

	raw_spin_lock(&atc->lock);
	if (atc->invalidate_seq != seq || atc->closed)
		err = -EAGAIN;
	else
		err = install(atc, user, &page, va, &dying);
	if (err == -EAGAIN)
		atc->fill_retries++;
	raw_spin_unlock(&atc->lock);
out:
	section_end(&user->walking);
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
		view.present = devtlb_walk(atc->mm, va, DEVTLB_WALK_LOOK,
					   &view.page);
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
 * May a store be made? (invariant 6) Not where the process has another page
 * now. Gone or read-only in the table, while the translation lives, is legal
 * for a moment in most operations, and a store made then counts. Only a mutant
 * can make that moment last, so with one on the store is not made.
 */
static bool store_allowed(struct devtlb_atc *atc,
			  const struct devtlb_translation *translation,
			  unsigned long va, const struct view *view)
{
	if (!devtlb_contain())
		return true;
	if (shows_other_page(view, translation, va))
		return false;
	return !READ_ONCE(atc->guard_stores) ||
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
		devtlb_detect_switch(atc, translation, access->va, &view.page,
				     access->write ? NULL : &load);
	}
	return DEVTLB_ACCESS_DONE;

suppressed:
	if (shows_other_page(&view, translation, access->va))
		devtlb_detect_switch(atc, translation, access->va, &view.page,
				     NULL);
	return DEVTLB_ACCESS_SUPPRESSED;

poisoned:
	return DEVTLB_ACCESS_POISONED;
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
 * Context: the user's own thread, the mm loaded.
 * Return: what became of it.
 */
enum devtlb_access_result devtlb_atc_access(struct devtlb_atc *atc,
					    struct devtlb_atc_user *user,
					    struct devtlb_access *access)
{
	u8 right = access->write ? DEVTLB_WRITE : DEVTLB_READ;
	enum devtlb_access_result result = DEVTLB_ACCESS_MISS;
	struct devtlb_translation *translation;
	unsigned long flags;

	local_irq_save(flags);
	section_begin(&user->accessing);
	translation = devtlb_store_lookup(&atc->store, access->va);
	if (translation && !READ_ONCE(translation->dead) &&
	    (READ_ONCE(translation->rights) & right))
		result = access_through(atc, user, translation, access);
	section_end(&user->accessing);
	local_irq_restore(flags);
	return result;
}
