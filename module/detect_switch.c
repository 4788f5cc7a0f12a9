// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule B: an entry is not switched to a new page before the old translation
 * died.
 *
 * Seen at a checked access, or when a fill finds another page under a live
 * translation: the page table shows a new page, and the translation of the old
 * one still lives. The order of the looks makes it a proof: first the page
 * table, then whether the translation is dead. Had the kernel invalidated
 * before it switched, as rule B wants, then whoever sees the new entry sees the
 * dead translation, too: devtlb_atc_kill() stores, devtlb_atc_drain() has a
 * full barrier, then the kernel stores the entry; here we load the entry, have
 * a read barrier, and load "dead".
 *
 * Two legal cases look the same and are told apart:
 *
 * - A zap cleared the entry, another thread faulted a new page in, and the
 *   zap's batched flush is still to come. CPUs are as stale as we are. The
 *   gather that will flush is counted in mm->tlb_flush_pending from before it
 *   clears the entry until after it notified.
 * - KSM and the split of a huge zero page replace a read-only page by another
 *   read-only page with the same bytes, and may notify later.
 */
#include <linux/highmem.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/uaccess.h>

#include "atc.h"
#include "contain.h"
#include "detect_switch.h"
#include "pasid.h"
#include "walk.h"

static bool read_u64(unsigned long pfn, unsigned long va, u64 *value)
{
	u64 *at = pfn_to_kaddr(pfn) + offset_in_page(va);

	__get_kernel_nofault(value, at, u64, poisoned);
	return true;

poisoned:
	return false;
}

/**
 * devtlb_same_bytes() - do two frames hold the same?
 * @pfn: a frame
 * @other_pfn: another
 *
 * Context: any.
 * Return: true if they do, and both can be read.
 */
bool devtlb_same_bytes(unsigned long pfn, unsigned long other_pfn)
{
	unsigned long offset;

	for (offset = 0; offset < PAGE_SIZE; offset += sizeof(u64)) {
		u64 here, there;

		if (!read_u64(pfn, offset, &here) ||
		    !read_u64(other_pfn, offset, &there) || here != there)
			return false;
	}
	return true;
}

static bool still_maps(struct mm_struct *mm, unsigned long va, unsigned long pfn)
{
	struct devtlb_page page;

	return devtlb_walk(mm, va, DEVTLB_WALK_LOOK, &page) &&
	       devtlb_page_pfn_at(&page, va) == pfn;
}

static void raise(struct devtlb_atc *atc, struct devtlb_translation *translation,
		  unsigned long va, const struct devtlb_page *page)
{
	struct devtlb_pasid *pasid = devtlb_pasid_of_atc(atc);
	struct devtlb_finding finding = {
		.rule = DEVTLB_RULE_B,
		.breach = DEVTLB_BREACH_SWITCHED,
	};

	devtlb_finding_describe(&finding, translation, va & PAGE_MASK);
	finding.new_pfn = devtlb_page_pfn_at(page, va);
	finding.table_rights = page->rights;
	devtlb_finding_raise(&pasid->findings, &pasid->site_log, translation,
			     &finding);
}

/**
 * devtlb_detect_switch() - compare a translation with what the page table shows
 * @atc: the ATC
 * @translation: in use: the caller is in an access, or holds atc->lock
 * @va: address
 * @page: what a walk found there since
 * @load: the load that the translation was just used for, or NULL
 *
 * A translation that is proven stale loses its right to store at once; loads go
 * on through it until its page is freed, or a fill replaces it, so that what
 * they get can be shown.
 *
 * Context: interrupts off, the mm loaded and not closed.
 */
void devtlb_detect_switch(struct devtlb_atc *atc,
			  struct devtlb_translation *translation,
			  unsigned long va, const struct devtlb_page *page,
			  const struct devtlb_load *load)
{
	unsigned long old_pfn = devtlb_translation_pfn_at(translation, va);
	unsigned long new_pfn = devtlb_page_pfn_at(page, va);
	bool pending;
	u64 has;

	if (new_pfn == old_pfn)
		return;
	if (!((READ_ONCE(translation->rights) | page->rights) & DEVTLB_WRITE) &&
	    devtlb_same_bytes(old_pfn, new_pfn))
		return;

	/*
	 * What is read is the process's only if its frame is mapped before and
	 * after.
	 */
	if (!read_u64(new_pfn, va, &has) || !still_maps(atc->mm, va, new_pfn))
		return;
	/*
	 * In this order: the entry, the pending flush, "dead". A gather counts
	 * itself, clears the entry, notifies, uncounts itself: who saw the
	 * entry that was faulted in after it, and no pending flush, sees
	 * "dead".
	 */
	smp_rmb();
	pending = mm_tlb_flush_pending(atc->mm);
	/*
	 * Pairs with the barrier in devtlb_atc_drain(): see the top of this
	 * file.
	 */
	smp_rmb();
	if (READ_ONCE(translation->dead))
		return;
	if (pending) {
		atomic64_inc(&devtlb_pasid_of_atc(atc)->zap_races);
		return;
	}

	if (load && load->got != has)
		devtlb_stale_read_note(&devtlb_pasid_of_atc(atc)->findings,
				       translation,
				       &(struct devtlb_stale_read) {
						.va = va,
						.got = load->got,
						.has = has,
						.by = load->by,
						.new_pfn = new_pfn,
				       });
	if (xchg(&translation->condemned, true))
		return;
	raise(atc, translation, va, page);
	if (devtlb_contain())
		WRITE_ONCE(translation->rights, DEVTLB_READ);
}
