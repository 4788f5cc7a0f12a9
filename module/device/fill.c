// SPDX-License-Identifier: GPL-2.0-only
/*
 * Fills: translation requests and their completions. The races are at the top
 * of atc.c.
 */
#include <linux/compiler.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/processor.h>
#include <linux/timekeeping.h>

#include "device/atc.h"
#include "device/fill.h"
#include "device/hooks.h"
#include "device/recycle.h"
#include "device/section.h"
#include "device/supply.h"
#include "device/tables.h"
#include "device/walk.h"

static int fill_prepare(struct devtlb_atc *atc, struct devtlb_atc_user *user)
{
	if (READ_ONCE(atc->unacknowledged))
		devtlb_atc_recycle_unacknowledged(atc);
	return devtlb_atc_supply_fill(atc, &user->supply);
}

static void fill_init(struct devtlb_translation *translation,
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

/*
 * Takes out what a new translation overlaps: an upgraded or resized page, or
 * one of another frame, which somebody above has to say something about.
 */
static void fill_replace(struct devtlb_atc *atc, struct devtlb_range range,
			 const struct devtlb_page *page,
			 struct devtlb_translation **dying)
{
	struct devtlb_translation *old;

	while ((old = devtlb_store_first(&atc->store, range))) {
		devtlb_hooks->replacing(old, max(old->va, range.start), page);
		devtlb_atc_kill(old, dying);
	}
}

/*
 * Tells of a translation, then looks whether it is still true.
 *
 * In this order: see the top of atc.c. Pairs with the atomic operations, full
 * barriers, by which mm/ clears an entry and then drops the last reference to
 * its page, or to its page-table page.
 */
static bool fill_tell_and_recheck(struct devtlb_translation *translation,
				  struct devtlb_filing *filing,
				  unsigned long va,
				  const struct devtlb_page *page)
{
	struct devtlb_atc *atc = translation->atc;
	struct devtlb_page now;

	devtlb_hooks->filled(translation, filing);
	smp_mb();
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_RECHECK) ||
	    devtlb_atc_has_defect(atc, DEVTLB_MUTANT_PROT_NONE))
		return true;
	if (devtlb_look(atc->mm, va, &now) && now.pfn == page->pfn &&
	    now.shift == page->shift && now.table_pfn == page->table_pfn)
		return true;
	devtlb_hooks->released(translation);
	return false;
}

static int fill_install(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			const struct devtlb_page *page,
			const struct devtlb_table_path *path, unsigned long va,
			struct devtlb_translation **dying)
{
	struct devtlb_translation *translation = user->supply.page;
	int err;

	if (!fill_tell_and_recheck(translation, &user->supply.filing, va, page))
		return -EAGAIN;
	fill_replace(atc, devtlb_translation_range(translation), page, dying);
	err = devtlb_store_insert(&atc->store, translation,
				  &user->supply.page_nodes);
	if (WARN_ON_ONCE(err)) {
		devtlb_hooks->released(translation);
		return err;
	}
	user->supply.page = NULL;
	atc->fills++;
	devtlb_tables_install(atc, user, va, path, dying);
	return 0;
}

static enum devtlb_walk_intent fill_intent(const struct devtlb_atc *atc,
					   bool write)
{
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_PROT_NONE) && !write)
		return DEVTLB_WALK_PROT_NONE;
	if (write && !devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_DIRTY))
		return DEVTLB_WALK_WRITE;
	return DEVTLB_WALK_READ;
}

/* Did an invalidation overtake the fill that sampled @seq? */
static bool fill_is_overtaken(const struct devtlb_atc *atc, unsigned long seq)
{
	if (atc->closed)
		return true;
	return atc->invalidate_seq != seq &&
	       !devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_RECHECK);
}

/*
 * How long NO_RECHECK keeps its window open, if no invalidation comes. Long
 * against what the kernel does between two of them, so that a fill is in its
 * window when one comes.
 */
#define WALK_WINDOW_US	1000

/*
 * Until an invalidation overtakes it. The kernel can get on meanwhile: flushes
 * of the CPUs' TLBs wait for a CPU that has interrupts off.
 */
static void fill_linger(const struct devtlb_atc *atc, unsigned long seq)
{
	u64 end = ktime_get_mono_fast_ns() + WALK_WINDOW_US * NSEC_PER_USEC;

	local_irq_enable();
	/* By the clock: what udelay() counts in may be calibrated wrongly. */
	while (READ_ONCE(atc->invalidate_seq) == seq &&
	       ktime_get_mono_fast_ns() < end)
		cpu_relax();
	local_irq_disable();
}

/*
 * A walk found no page: of that, the page-walk cache remembers where the tables
 * are.
 */
static void fill_remember_tables(struct devtlb_atc *atc,
				 struct devtlb_atc_user *user, unsigned long va,
				 const struct devtlb_table_path *path,
				 unsigned long seq,
				 struct devtlb_translation **dying)
{
	raw_spin_lock(&atc->lock);
	if (!fill_is_overtaken(atc, seq))
		devtlb_tables_install(atc, user, va, path, dying);
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
	struct devtlb_table_path path;
	struct devtlb_page page;
	unsigned long flags;
	unsigned long seq;
	int err;

	err = fill_prepare(atc, user);
	if (err)
		return err;

	local_irq_save(flags);
	devtlb_section_begin(&user->walking);
	/* After devtlb_section_begin(): devtlb_atc_close() waits, or we see it. */
	if (READ_ONCE(atc->closed)) {
		err = -ESRCH;
		goto out;
	}
	/* Pairs with the release in invalidate_move_seq(). */
	seq = smp_load_acquire(&atc->invalidate_seq);
	if (!devtlb_walk(atc->mm, va, fill_intent(atc, write), &page, &path)) {
		fill_remember_tables(atc, user, va, &path, seq, &dying);
		err = -ENOENT;
		goto out;
	}
	if (write && !(page.rights & DEVTLB_WRITE)) {
		err = -ENOENT;
		goto out;
	}
	fill_init(user->supply.page, atc, user->id, va, &page);
	if (devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_RECHECK))
		fill_linger(atc, seq);

	raw_spin_lock(&atc->lock);
	if (fill_is_overtaken(atc, seq))
		err = -EAGAIN;
	else
		err = fill_install(atc, user, &page, &path, va, &dying);
	if (err == -EAGAIN)
		atc->fill_retries++;
	raw_spin_unlock(&atc->lock);
out:
	devtlb_section_end(&user->walking);
	local_irq_restore(flags);
	devtlb_atc_recycle(atc, dying);
	return err;
}
