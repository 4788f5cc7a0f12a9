// SPDX-License-Identifier: GPL-2.0-only
/*
 * Prefetches: translations of what is present, and of nothing else. Nothing is
 * faulted in and nothing is pinned. The mirror lives on looks; a prefetch of a
 * range has the device hold all of it when it returns, but for what changes
 * meanwhile, and has the page walker come through the tables that have no entry,
 * too: the kernel must not free one of these behind its back either.
 */
#include <linux/bits.h>
#include <linux/irqflags.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/kthread.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "device/atc.h"
#include "device/fill.h"
#include "device/pasid.h"
#include "device/prefetch.h"
#include "device/recycle.h"
#include "device/section.h"
#include "device/table_level.h"

/* Looks between two chances for others to run. */
#define BURST		64

/*
 * How often invalidations may overtake the fill of one page: then somebody is at
 * work there, and what he leaves is present again for the next prefetch.
 */
#define OVERTAKEN_MAX	16

static bool prefetch_is_held(struct devtlb_atc *atc, unsigned long va,
			     bool write, const struct devtlb_page *page)
{
	struct devtlb_translation *translation;
	u8 wanted = DEVTLB_READ;

	if ((page->rights & DEVTLB_WRITE) && (page->dirty || write))
		wanted |= DEVTLB_WRITE;
	translation = devtlb_store_lookup(&atc->store, va);
	if (!translation || READ_ONCE(translation->dead))
		return false;
	if (translation->shift < page->shift && !atc->fracture)
		return false;
	if (devtlb_translation_pfn_at(translation, va) !=
	    devtlb_page_pfn_at(page, va))
		return false;
	/* Containment is for good. */
	return READ_ONCE(translation->contained) ||
	       !(wanted & ~READ_ONCE(translation->rights));
}

/**
 * devtlb_prefetch_look() - is what an address has held?
 * @atc: the ATC
 * @user: who looks
 * @va: the address
 * @write: a writable translation is wanted of whatever is writable; otherwise of
 *	what is dirty already
 * @page: receives what the page table has there
 *
 * As an access of a device thread does: in a section, so that the translation
 * stays a translation and the tables stay tables while we look; see atc.c.
 *
 * Context: the user's own thread, the mm loaded (kthread_use_mm()).
 * Return: what there is.
 */
enum devtlb_presence devtlb_prefetch_look(struct devtlb_atc *atc,
					  struct devtlb_atc_user *user,
					  unsigned long va, bool write,
					  struct devtlb_page *page)
{
	enum devtlb_presence presence;
	unsigned long flags;

	local_irq_save(flags);
	devtlb_section_begin(&user->accessing);
	if (READ_ONCE(atc->closed))
		presence = DEVTLB_CLOSED;
	else if (!devtlb_look(atc->mm, va, page))
		presence = DEVTLB_HOLE;
	else if (prefetch_is_held(atc, va, write, page))
		presence = DEVTLB_HELD;
	else
		presence = DEVTLB_NOT_HELD;
	devtlb_section_end(&user->accessing);
	local_irq_restore(flags);
	return presence;
}

/* Returns 0 if a translation was filled. */
static int prefetch_fill(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			 unsigned long va, bool write,
			 const struct devtlb_page *page)
{
	unsigned int tries = 0;
	int err;

	write = write && (page->rights & DEVTLB_WRITE);
	do {
		err = devtlb_atc_fill(atc, user, va, write);
	} while (err == -EAGAIN && ++tries < OVERTAKEN_MAX);
	return err;
}

/*
 * Lets go of what is held at an address, as an ATC that needs room does. Only of
 * what a look has found to be true: what is not is a detector's to see; and not of
 * what is contained, for that is for good (invariant 6). Returns whether it did.
 */
static bool prefetch_evict(struct devtlb_atc *atc, unsigned long va)
{
	struct devtlb_translation *dying = NULL, *translation;
	unsigned long flags;

	raw_spin_lock_irqsave(&atc->lock, flags);
	translation = devtlb_store_lookup(&atc->store, va);
	if (translation && !READ_ONCE(translation->contained))
		devtlb_atc_kill(translation, &dying);
	raw_spin_unlock_irqrestore(&atc->lock, flags);
	devtlb_atc_recycle(atc, dying);
	return dying;
}

/*
 * Is it where a table without entries may begin? Once a table is enough: the
 * page-walk cache remembers it, and what has entries it knows by their fills.
 */
static bool prefetch_walks_hole(const struct devtlb_prefetch *prefetch,
				unsigned long va, const struct devtlb_page *hole)
{
	unsigned long offset = va & (BIT(DEVTLB_TABLE_SHIFT) - 1);

	/* One of 4K is an entry of a table. */
	return hole->shift == PAGE_SHIFT &&
	       (!offset || va == prefetch->range.start);
}

/*
 * Looks at one address, and fills what is not held; @va goes on to the next one.
 * Returns a negative errno if there is no point in going on.
 */
static int prefetch_one(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			unsigned long *va, struct devtlb_prefetch *prefetch)
{
	struct devtlb_page page;
	enum devtlb_presence presence =
		devtlb_prefetch_look(atc, user, *va, prefetch->write, &page);
	unsigned int shift;
	u64 pages;
	int err = 0;

	if (presence == DEVTLB_CLOSED)
		return -ESRCH;
	shift = page.shift;
	if (presence != DEVTLB_HOLE && atc->fracture)
		shift = PAGE_SHIFT;
	pages = 1ULL << (shift - PAGE_SHIFT);
	if (presence != DEVTLB_HOLE)
		prefetch->present += pages;
	if (presence == DEVTLB_HELD)
		prefetch->held += pages;
	if (presence == DEVTLB_HELD && prefetch->again &&
	    prefetch_evict(atc, *va))
		presence = DEVTLB_NOT_HELD;
	if (presence == DEVTLB_HOLE && prefetch_walks_hole(prefetch, *va, &page))
		err = prefetch_fill(atc, user, *va, false, &page);
	if (presence == DEVTLB_NOT_HELD) {
		err = prefetch_fill(atc, user, *va, prefetch->write, &page);
		if (!err)
			prefetch->filled += pages;
	}
	*va = devtlb_range_of_page(*va, shift).last + 1;
	/* What is not there any more, or not writable, or changes, is no failure. */
	return err == -ESRCH || err == -ENOMEM ? err : 0;
}

static int prefetch_range(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			  struct devtlb_prefetch *prefetch)
{
	unsigned long last = min(prefetch->range.last, TASK_SIZE_MAX - 1);
	unsigned long va = prefetch->range.start;
	unsigned int looks;
	int err = 0;

	/* No page ends with the last byte there is, so @va does not wrap. */
	for (looks = 1; !err && va <= last; looks++) {
		err = prefetch_one(atc, user, &va, prefetch);
		if (looks % BURST)
			continue;
		cond_resched();
		if (fatal_signal_pending(current))
			err = -EINTR;
	}
	/* An address space that is gone has nothing present. */
	return err == -ESRCH ? 0 : err;
}

/**
 * struct prefetcher - who fills for a prefetch
 * @user: as the ATC sees it
 * @rcu: a drain may look at it for one more grace period
 */
struct prefetcher {
	struct devtlb_atc_user user;
	struct rcu_head rcu;
};

/**
 * devtlb_prefetch() - have the device hold what is present
 * @pasid: bound, or released by now
 * @prefetch: what is asked for; receives what it came to, which is 0 before
 *
 * Context: a kernel thread without an mm; may sleep, and can be killed.
 * Return: 0; -EINTR when the thread was killed; -ENOMEM.
 */
int devtlb_prefetch(struct devtlb_pasid *pasid, struct devtlb_prefetch *prefetch)
{
	struct prefetcher *prefetcher = kzalloc(sizeof(*prefetcher), GFP_KERNEL);
	int err;

	if (!prefetcher)
		return -ENOMEM;
	devtlb_atc_add_user(&pasid->atc, &prefetcher->user);
	kthread_use_mm(pasid->mm);
	err = prefetch_range(&pasid->atc, &prefetcher->user, prefetch);
	kthread_unuse_mm(pasid->mm);
	devtlb_atc_remove_user(&pasid->atc, &prefetcher->user);
	devtlb_atc_supply_free(&prefetcher->user.supply);
	kfree_rcu(prefetcher, rcu);
	return err;
}
