// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule B: an entry is not switched to a new page before the old translation
 * died.
 *
 * It is seen in four places, always by the same comparison: the page table
 * shows, or is about to show, a new page, and the translation of the old one
 * still lives.
 *
 * - In a checked access. The order of the looks makes it a proof: first the
 *   page table, then whether a flush is pending. Had the kernel invalidated
 *   before it switched, as rule B wants, the callback would have waited for
 *   this access to end: so the new entry cannot be there yet. Whether the
 *   translation is dead by now does not matter: if it is, the device
 *   acknowledged too early.
 * - In a fill that finds another page under a live translation. It holds
 *   atc->lock, under which a callback removes translations: had there been one
 *   before the switch, the translation would be gone.
 * - In the callback itself, which looks at the entry of each translation that
 *   it removes: a late notification, the first time, with its stack.
 * - At the switch. Under the page-table lock, just before it sets the entry,
 *   mm/ adds the new page to the reverse mapping of its area. The old entry is
 *   cleared by then, and whoever was to be told has been. Some callers add the
 *   page before they clear the entry (uprobes, KSM): there it still maps the
 *   old page, and nothing can be said yet.
 *
 * Two legal cases look the same and are told apart:
 *
 * - A zap cleared the entry, another thread faulted a new page in, and the
 *   zap's batched flush is still to come. CPUs are as stale as we are. The
 *   gather that will flush is counted in mm->tlb_flush_pending from before it
 *   clears the entry until after it notified. A copy on write is no such case: the
 *   fault that maps the copy has cleared the entry itself.
 * - KSM and the split of a huge zero page replace a read-only page by another
 *   read-only page with the same bytes, and may notify later.
 */
#include <linux/highmem.h>
#include <linux/hugetlb.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/rmap.h>
#include <linux/uaccess.h>
#include <trace/events/migrate.h>

#include "detect/copy.h"
#include "detect/finding.h"
#include "detect/probe.h"
#include "detect/subject.h"
#include "detect/switch.h"
#include "device/atc.h"
#include "device/contain.h"
#include "device/pasid.h"
#include "device/visit.h"
#include "device/walk.h"

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

static void raise(struct devtlb_translation *translation, unsigned long va,
		  unsigned long new_pfn, u8 table_rights,
		  enum devtlb_sighting sighting)
{
	struct devtlb_pasid *pasid = devtlb_pasid_of_atc(translation->atc);
	struct devtlb_finding finding = {
		.rule = DEVTLB_RULE_B,
		.breach = DEVTLB_BREACH_SWITCHED,
	};

	devtlb_finding_describe(&finding, translation, va & PAGE_MASK);
	finding.new_pfn = new_pfn;
	finding.table_rights = table_rights;
	if (sighting == DEVTLB_IN_KERNEL)
		devtlb_stack_save(&finding.stack);
	devtlb_finding_raise(pasid, translation, &finding);
}

/* Proven stale: raises it, once, and takes away the right to store. */
static void condemn(struct devtlb_translation *translation, unsigned long va,
		    unsigned long new_pfn, u8 table_rights,
		    enum devtlb_sighting sighting)
{
	if (xchg(&translation->condemned, true))
		return;
	raise(translation, va, new_pfn, table_rights, sighting);
	if (devtlb_contain())
		devtlb_translation_contain(translation);
}

/* Is it, for all that one can see, a zap that raced with a fault? */
static bool is_zap_race(struct devtlb_translation *translation)
{
	struct devtlb_atc *atc = translation->atc;

	/*
	 * After the look at the entry. A gather counts itself, clears the
	 * entry, notifies, uncounts itself: who saw the entry that was faulted
	 * in after it, and no pending flush, would see the translation gone.
	 */
	smp_rmb();
	if (!mm_tlb_flush_pending(atc->mm))
		return false;
	atomic64_inc(&devtlb_subject_of_atc(atc)->zap_races);
	return true;
}

/**
 * devtlb_detect_switch() - compare a translation with what the page table shows
 * @translation: alive when the caller found it
 * @va: address
 * @page: what a walk found there since
 * @sighting: where the caller is
 * @load: the load that the translation was just used for, or NULL
 *
 * A translation that is proven stale loses its right to store at once; loads go
 * on through it until its page is freed, or a fill replaces it, so that what
 * they get can be shown.
 *
 * Context: interrupts off; devtlb_look() can be used for @va.
 */
void devtlb_detect_switch(struct devtlb_translation *translation,
			  unsigned long va, const struct devtlb_page *page,
			  enum devtlb_sighting sighting,
			  const struct devtlb_load *load)
{
	unsigned long old_pfn = devtlb_translation_pfn_at(translation, va);
	unsigned long new_pfn = devtlb_page_pfn_at(page, va);
	struct devtlb_atc *atc = translation->atc;
	u64 has;

	if (!devtlb_detects(DEVTLB_RULE_B) || new_pfn == old_pfn)
		return;
	if (!((READ_ONCE(translation->rights) | page->rights) & DEVTLB_WRITE) &&
	    devtlb_same_bytes(old_pfn, new_pfn))
		return;
	/*
	 * What is read is the process's only if its frame is mapped before and
	 * after.
	 */
	if (!read_u64(new_pfn, va, &has) || !devtlb_still_maps(atc->mm, va, page))
		return;
	if (is_zap_race(translation))
		return;
	/* Rule A's probe kills without atc->lock, and has told. */
	if (sighting != DEVTLB_IN_ACCESS && READ_ONCE(translation->dead))
		return;

	if (load && load->got != has)
		devtlb_stale_read_note(devtlb_subject_of_atc(atc)->findings,
				       translation,
				       &(struct devtlb_stale_read) {
						.va = va,
						.got = load->got,
						.has = has,
						.by = load->by,
						.new_pfn = new_pfn,
				       });
	condemn(translation, va, new_pfn, page->rights, sighting);
}

/**
 * devtlb_detect_late() - does a notification come too late?
 * @translation: what it is about to remove
 * @notification: what it was told
 *
 * Where the tables can be read, looks at the entries, as long as they are
 * present: one that shows another page was switched before the device was told.
 * One that was cleared is what a notification in time finds.
 *
 * Context: a callback, atc->lock held, interrupts off. Costs O(entries that map
 * what the notification covers of the translation).
 */
void devtlb_detect_late(struct devtlb_translation *translation,
			const struct devtlb_notification *notification)
{
	struct devtlb_range range = devtlb_translation_range(translation);
	struct mm_struct *mm = translation->atc->mm;
	unsigned long at = max(range.start, notification->range.start);
	unsigned long last = min(range.last, notification->range.last);
	struct devtlb_page page;

	if (translation->table || !notification->tables_held ||
	    translation->atc->closed)
		return;
	while (at <= last && !READ_ONCE(translation->condemned)) {
		if (!devtlb_look(mm, at, &page))
			return;
		devtlb_detect_switch(translation, at, &page, DEVTLB_IN_KERNEL,
				     NULL);
		at = devtlb_range_of_page(at, page.shift).last + 1;
	}
}

/* A page that mm/ is about to map, or has just mapped. */
struct new_mapping {
	unsigned long va;
	unsigned long nr;
	unsigned long pfn;
};

/* What a live translation has to say to it; atc->lock is held. */
static void meet_new_mapping(struct devtlb_translation *translation,
			     unsigned long at, void *arg)
{
	const struct new_mapping *mapping = arg;
	unsigned long new_pfn = mapping->pfn +
				((at - mapping->va) >> PAGE_SHIFT);
	struct devtlb_page page;

	/* The same page again: a split, or a swap-in before the write-out. */
	if (devtlb_translation_pfn_at(translation, at) == new_pfn)
		return;
	if (devtlb_look(translation->atc->mm, at, &page)) {
		devtlb_detect_switch(translation, at, &page, DEVTLB_IN_KERNEL,
				     NULL);
		return;
	}
	if (READ_ONCE(translation->dead))
		return;
	if (!devtlb_maps_copy(translation->atc->mm, at,
			      devtlb_translation_pfn_at(translation, at),
			      new_pfn) &&
	    is_zap_race(translation))
		return;
	condemn(translation, at, new_pfn, 0, DEVTLB_IN_KERNEL);
}

/*
 * Is an address translated? Nearly every new page is where nothing was before,
 * and that is known without the lock: a fill that we miss looks at the page
 * table after it is installed (fill_tell_and_recheck(), with a full barrier between),
 * and does not find there any more what whoever called us has cleared, by an
 * atomic operation, before.
 */
static bool is_translated(const struct devtlb_pasid *pasid, unsigned long va)
{
	return devtlb_store_lookup(&pasid->atc.store, va);
}

static void detect_new_mapping(struct devtlb_pasid *pasid,
			       struct new_mapping *mapping)
{
	struct devtlb_range range = {
		.start = mapping->va,
		.last = mapping->va + (mapping->nr << PAGE_SHIFT) - 1,
	};

	if (mapping->nr == 1 && !is_translated(pasid, mapping->va))
		return;
	devtlb_atc_visit(&pasid->atc, range, meet_new_mapping, mapping);
}

/*
 * The functions that add an anonymous page to the reverse mapping, with the
 * page-table lock of @va held.
 */
static void add_rmap(struct vm_area_struct *vma, unsigned long va,
		     struct page *page, unsigned long nr)
{
	struct new_mapping mapping = {
		.va = va,
		.nr = nr,
		.pfn = page_to_pfn(page),
	};
	struct devtlb_subject *subject;

	if (!devtlb_detects(DEVTLB_RULE_B))
		return;
	devtlb_for_each_subject(subject, vma->vm_mm)
		detect_new_mapping(&subject->notifier.pasid, &mapping);
}

/* (page or folio, vma, address, ...): all of the page. */
static void probe_whole_page(struct ftrace_regs *regs)
{
	struct page *page = (void *)ftrace_regs_get_argument(regs, 0);
	struct vm_area_struct *vma = (void *)ftrace_regs_get_argument(regs, 1);
	unsigned long nr = compound_nr(page);

	add_rmap(vma, ALIGN_DOWN(ftrace_regs_get_argument(regs, 2),
				 nr << PAGE_SHIFT), page, nr);
}

/* RMAP_COMPOUND, which went away with page_add_anon_rmap(). */
#define PAGE_ADD_ANON_COMPOUND	BIT(1)

/* (page, vma, address, flags): one page, or all of a large one. */
static void probe_page_add_anon(struct ftrace_regs *regs)
{
	struct page *page = (void *)ftrace_regs_get_argument(regs, 0);
	struct vm_area_struct *vma = (void *)ftrace_regs_get_argument(regs, 1);
	unsigned long va = ftrace_regs_get_argument(regs, 2);
	unsigned long flags = ftrace_regs_get_argument(regs, 3);
	unsigned long nr = flags & PAGE_ADD_ANON_COMPOUND ? PTRS_PER_PTE : 1;

	add_rmap(vma, va & PAGE_MASK, page, nr);
}

/* (folio, page, nr, vma, address, flags) */
static void probe_folio_add_anon_ptes(struct ftrace_regs *regs)
{
	struct page *page = (void *)ftrace_regs_get_argument(regs, 1);
	int nr = ftrace_regs_get_argument(regs, 2);
	struct vm_area_struct *vma = (void *)ftrace_regs_get_argument(regs, 3);

	add_rmap(vma, ftrace_regs_get_argument(regs, 4) & PAGE_MASK, page, nr);
}

/* (folio, page, vma, address, flags) */
static void probe_folio_add_anon_pmd(struct ftrace_regs *regs)
{
	struct page *page = (void *)ftrace_regs_get_argument(regs, 1);
	struct vm_area_struct *vma = (void *)ftrace_regs_get_argument(regs, 2);

	add_rmap(vma, ftrace_regs_get_argument(regs, 3) & PMD_MASK, page,
		 PTRS_PER_PTE);
}

static void detect_new_entry(struct devtlb_pasid *pasid, unsigned long va)
{
	struct devtlb_atc *atc = &pasid->atc;
	struct devtlb_translation *translation;
	struct devtlb_page page;
	unsigned long flags;

	if (!is_translated(pasid, va))
		return;
	raw_spin_lock_irqsave(&atc->lock, flags);
	translation = devtlb_store_first(&atc->store,
					 (struct devtlb_range) { va, va });
	if (translation && !atc->closed && devtlb_look(atc->mm, va, &page))
		devtlb_detect_switch(translation, va, &page, DEVTLB_IN_KERNEL,
				     NULL);
	raw_spin_unlock_irqrestore(&atc->lock, flags);
}

/*
 * The end of a page's migration: the new entry is there. The tracepoint does
 * not say whose it is; where the process migrates its own page, it is that
 * one's, and if not, this is a look like any other.
 */
static void probe_remove_migration_pte(void *data, unsigned long addr,
				       unsigned long pte, int order)
{
	struct devtlb_subject *subject;

	if (!devtlb_detects(DEVTLB_RULE_B) || !current->mm)
		return;
	rcu_read_lock();
	devtlb_for_each_subject(subject, current->mm)
		detect_new_entry(&subject->notifier.pasid, addr);
	rcu_read_unlock();
}

/* The tracepoint has the prototype of its probe, or this does not compile. */
static void __maybe_unused check_prototypes(void)
{
	check_trace_callback_type_remove_migration_pte(probe_remove_migration_pte);
}

struct devtlb_probe devtlb_probe_new_anon_rmap = {
	.rule = DEVTLB_RULE_B,
	.functions = {
		/* 6.5 and later; before. */
		{ "folio_add_new_anon_rmap", probe_whole_page },
		{ "page_add_new_anon_rmap", probe_whole_page },
	},
};

struct devtlb_probe devtlb_probe_anon_rmap = {
	.rule = DEVTLB_RULE_B,
	.functions = {
		/* 6.8 and later; before. */
		{ "folio_add_anon_rmap_ptes", probe_folio_add_anon_ptes },
		{ "page_add_anon_rmap", probe_page_add_anon },
	},
};

struct devtlb_probe devtlb_probe_anon_rmap_pmd = {
	.rule = DEVTLB_RULE_B,
	/* Before 6.8, page_add_anon_rmap() was for both. */
	.optional = true,
	.functions = {
		{ "folio_add_anon_rmap_pmd", probe_folio_add_anon_pmd },
	},
};

struct devtlb_probe devtlb_probe_hugetlb_rmap = {
	.rule = DEVTLB_RULE_B,
	.functions = {
		/* 6.7 and later; before. */
		{ "hugetlb_add_new_anon_rmap", probe_whole_page },
		{ "hugepage_add_new_anon_rmap", probe_whole_page },
	},
};

struct devtlb_probe devtlb_probe_remove_migration = {
	.rule = DEVTLB_RULE_B,
	.tracepoint_name = "remove_migration_pte",
	.tracepoint_probe = probe_remove_migration_pte,
};
