// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule C: a page is not copied away while a writable translation of it lives.
 *
 * Stores that the device makes after the copy began may be in the old page
 * only: the process never sees them. It is seen where a copy begins, and told
 * from the frame that is copied:
 *
 * - A folio that no page table maps any more is copied as a whole: it moves
 *   (migration, a ring of aio, a page of shmem). Every entry was replaced, and
 *   every device told, before. A folio that is still mapped stays where it is: a
 *   copy of it takes nothing away (write-back by FUSE, say).
 * - COW copies what an entry maps read-only. Whoever had write-protected it told
 *   the device before anybody could fault on it, or has marked the flush as
 *   pending. Which address a copy is made for is known from the arguments
 *   (hugetlb), or from those of the fault that it is made in.
 *
 * Why a writable translation proves COW's breach. The fault found the entry
 * read-only under the page-table lock, and holds a reference to the page, so
 * that nobody makes the entry writable by taking the page for his own
 * meanwhile. A writable translation was therefore filled before the entry was
 * write-protected, which was before the fault took the page-table lock. There
 * are two ways to keep faults out until the device was told: with mmap_lock held
 * for writing (fork, mprotect) it was told before the fault began; or
 * mm->tlb_flush_pending is raised before the entry is changed, and lowered after
 * the device was told (userfaultfd). To tell the device takes atc->lock. So
 * while we hold that, a translation that lives, and no flush that is pending,
 * means that nobody will tell it before the copy.
 *
 * Lock			protects		taken inside
 * ----			--------		------------
 * wp_fault->lock	one record		atc->lock, or alone
 */
#include <linux/hash.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/sched.h>

#include "detect/copy.h"
#include "detect/finding.h"
#include "detect/probe.h"
#include "detect/reverse_map.h"
#include "detect/subject.h"
#include "device/atc.h"
#include "device/contain.h"
#include "device/drain.h"
#include "device/pasid.h"
#include "device/visit.h"
#include "device/walk.h"

static bool is_writable(const struct devtlb_translation *translation)
{
	return !translation->table && !READ_ONCE(translation->dead) &&
	       (READ_ONCE(translation->rights) & DEVTLB_WRITE);
}

static void raise_copied(struct devtlb_translation *translation,
			 unsigned long at)
{
	struct devtlb_pasid *pasid = devtlb_pasid_of_atc(translation->atc);
	struct devtlb_finding finding = {
		.rule = DEVTLB_RULE_C,
		.breach = DEVTLB_BREACH_COPIED,
	};

	devtlb_finding_describe(&finding, translation, at);
	finding.flush_pending = mm_tlb_flush_pending(pasid->mm);
	devtlb_stack_save(&finding.stack);
	devtlb_finding_raise(pasid, translation, &finding);
	/* Stores in flight land before the copy begins; others are refused. */
	if (devtlb_contain())
		devtlb_translation_contain(translation);
}

static void found_moving(struct devtlb_translation *translation,
			 unsigned long pfn, void *arg)
{
	if (!is_writable(translation))
		return;
	raise_copied(translation, translation->va +
				  ((pfn - translation->pfn) << PAGE_SHIFT));
	devtlb_atc_drain(translation->atc);
}

/* (destination, source) */
static void probe_folio_copy(struct ftrace_regs *regs)
{
	struct folio *source = (void *)ftrace_regs_get_argument(regs, 1);

	if (devtlb_detects(DEVTLB_RULE_C) && !folio_mapped(source))
		devtlb_reverse_map_visit(folio_pfn(source),
					 folio_nr_pages(source), found_moving,
					 NULL);
}

/**
 * struct cow - a copy on write
 * @mm: where
 * @range: what is copied, by address
 * @pfn: the first frame that is copied
 * @found: the result: translations that breach the rule
 */
struct cow {
	struct mm_struct *mm;
	struct devtlb_range range;
	unsigned long pfn;
	unsigned int found;
};

static unsigned long cow_pfn_at(const struct cow *cow, unsigned long va)
{
	return cow->pfn + ((va - cow->range.start) >> PAGE_SHIFT);
}

/* Can the device write to what is copied? atc->lock is held. */
static bool may_write_to(const struct devtlb_translation *translation,
			 const struct cow *cow, unsigned long at)
{
	return is_writable(translation) &&
	       devtlb_translation_pfn_at(translation, at) == cow_pfn_at(cow, at);
}

/*
 * What is said at the top of this file. The tables are held: by the lock of the
 * fault, mmap_lock or that of the area. An entry that has changed since the fault
 * looked at it makes the kernel throw the copy away.
 */
static void meet_cow(struct devtlb_translation *translation, unsigned long at,
		     void *arg)
{
	struct devtlb_atc *atc = translation->atc;
	struct cow *cow = arg;
	struct devtlb_page page;

	if (!may_write_to(translation, cow, at) ||
	    !devtlb_look(atc->mm, at, &page) ||
	    devtlb_page_pfn_at(&page, at) != cow_pfn_at(cow, at) ||
	    (page.rights & DEVTLB_WRITE))
		return;
	/* Pairs with the page-table lock, taken after it was raised. */
	smp_rmb();
	if (mm_tlb_flush_pending(atc->mm)) {
		atomic64_inc(&devtlb_subject_of_atc(atc)->zap_races);
		return;
	}
	raise_copied(translation, at);
	cow->found++;
}

static void detect_cow(struct cow *cow)
{
	struct devtlb_subject *subject;

	if (!devtlb_detects(DEVTLB_RULE_C))
		return;
	devtlb_for_each_subject(subject, cow->mm) {
		struct devtlb_atc *atc = &subject->notifier.pasid.atc;

		cow->found = 0;
		devtlb_atc_visit(atc, cow->range, meet_cow, cow);
		if (cow->found)
			devtlb_atc_drain(atc);
	}
}

/*
 * (destination, source, address, area), pages or folios of hugetlb. Fork copies
 * some, too, but for an area that nobody translates yet.
 */
static void probe_hugetlb_cow(struct ftrace_regs *regs)
{
	struct page *source = (void *)ftrace_regs_get_argument(regs, 1);
	unsigned long va = ftrace_regs_get_argument(regs, 2);
	struct vm_area_struct *vma = (void *)ftrace_regs_get_argument(regs, 3);
	unsigned int shift = PAGE_SHIFT + compound_order(source);
	struct cow cow = {
		.mm = vma->vm_mm,
		.range = devtlb_range_of_page(va, shift),
		.pfn = page_to_pfn(source),
	};

	detect_cow(&cow);
}

/**
 * struct wp_fault - a write fault on a page that the device holds
 * @lock: protects the rest
 * @task: who faults, or NULL
 * @faults: how many faults @task had completed
 * @mm: where, which need not be the task's own
 * @va: address of the page
 * @pfn: what its entry maps, read-only
 * @copy: the frame that it was copied to, or 0
 *
 * The fault copies the page, or takes it for the process's own and copies
 * nothing. Then the record is stale, and must not be taken for that of a later
 * copy. A fault that completes is counted in its task; one that fails is not, and
 * what the task copies next of that very frame, while the entry is still the
 * same, is as much of a breach.
 *
 * A record that another task overwrites is lost: then less is found, or decided.
 */
struct wp_fault {
	raw_spinlock_t lock;
	struct task_struct *task;
	unsigned long faults;
	struct mm_struct *mm;
	unsigned long va;
	unsigned long pfn;
	unsigned long copy;
};

#define WP_FAULT_BITS	8

static struct wp_fault wp_faults[1 << WP_FAULT_BITS] = {
	[0 ... (1 << WP_FAULT_BITS) - 1] = {
		.lock = __RAW_SPIN_LOCK_UNLOCKED(wp_faults.lock),
	},
};

static struct wp_fault *own_wp_fault(void)
{
	return &wp_faults[hash_ptr(current, WP_FAULT_BITS)];
}

static unsigned long completed_faults(void)
{
	return current->min_flt + current->maj_flt;
}

static void note_wp_fault(const struct cow *cow)
{
	struct wp_fault *wp_fault = own_wp_fault();
	unsigned long flags;

	raw_spin_lock_irqsave(&wp_fault->lock, flags);
	WRITE_ONCE(wp_fault->task, current);
	wp_fault->faults = completed_faults();
	wp_fault->mm = cow->mm;
	wp_fault->va = cow->range.start;
	wp_fault->pfn = cow->pfn;
	wp_fault->copy = 0;
	raw_spin_unlock_irqrestore(&wp_fault->lock, flags);
}

/* Does this task's fault copy @pfn, to @copy? */
static bool wp_fault_copies(unsigned long pfn, unsigned long copy,
			    struct cow *cow)
{
	struct wp_fault *wp_fault = own_wp_fault();
	unsigned long flags;
	bool found;

	/* Only this task writes its own address there. */
	if (READ_ONCE(wp_fault->task) != current)
		return false;
	raw_spin_lock_irqsave(&wp_fault->lock, flags);
	found = wp_fault->task == current && wp_fault->pfn == pfn &&
		wp_fault->faults == completed_faults();
	if (found) {
		wp_fault->copy = copy;
		*cow = (struct cow) {
			.mm = wp_fault->mm,
			.range = devtlb_range_of_page(wp_fault->va, PAGE_SHIFT),
			.pfn = pfn,
		};
	}
	raw_spin_unlock_irqrestore(&wp_fault->lock, flags);
	return found;
}

/**
 * devtlb_maps_copy() - does this task's fault map the copy of a page?
 * @mm: where
 * @va: where there
 * @pfn: the page
 * @copy: what is about to be mapped, under the page-table lock
 *
 * Then the entry of @va mapped @pfn until the fault itself cleared it: otherwise
 * the fault would have thrown its copy away. Nobody else's flush is to come for
 * that.
 *
 * Context: any.
 * Return: true if that is known.
 */
bool devtlb_maps_copy(struct mm_struct *mm, unsigned long va,
		      unsigned long pfn, unsigned long copy)
{
	struct wp_fault *wp_fault = own_wp_fault();
	unsigned long flags;
	bool maps;

	if (READ_ONCE(wp_fault->task) != current)
		return false;
	raw_spin_lock_irqsave(&wp_fault->lock, flags);
	maps = wp_fault->task == current && wp_fault->mm == mm &&
	       wp_fault->va == (va & PAGE_MASK) && wp_fault->pfn == pfn &&
	       wp_fault->copy == copy &&
	       wp_fault->faults == completed_faults();
	raw_spin_unlock_irqrestore(&wp_fault->lock, flags);
	return maps;
}

/* Does the device hold what the entry maps? */
static bool wp_fault_is_held(struct devtlb_atc *atc, const struct cow *cow)
{
	struct devtlb_translation *translation;
	unsigned long flags;
	bool held;

	if (!devtlb_store_lookup(&atc->store, cow->range.start))
		return false;
	raw_spin_lock_irqsave(&atc->lock, flags);
	translation = devtlb_store_first(&atc->store, cow->range);
	held = translation && !READ_ONCE(translation->dead) &&
	       devtlb_translation_pfn_at(translation,
					 cow->range.start) == cow->pfn;
	raw_spin_unlock_irqrestore(&atc->lock, flags);
	return held;
}

/*
 * (fault), with the page-table lock held.
 *
 * Of a zero page no copy is made: what replaces it is cleared. And a frame near
 * which nothing is translated is not held, nor will be with the right to store,
 * for its entry grants none now. Whoever filled before it was write-protected has
 * counted it before that, and so before our lock of the page table.
 */
static void probe_wp_fault(struct ftrace_regs *regs)
{
	struct vm_fault *vmf = (void *)ftrace_regs_get_argument(regs, 0);
	unsigned long pfn = pte_pfn(vmf->orig_pte);
	struct devtlb_subject *subject;
	struct cow cow;

	if (is_zero_pfn(pfn) || !devtlb_reverse_map_has_near(pfn))
		return;
	cow = (struct cow) {
		.mm = vmf->vma->vm_mm,
		.range = devtlb_range_of_page(vmf->address, PAGE_SHIFT),
		.pfn = pfn,
	};
	devtlb_for_each_subject(subject, cow.mm) {
		if (!wp_fault_is_held(&subject->notifier.pasid.atc, &cow))
			continue;
		note_wp_fault(&cow);
		return;
	}
}

/* (destination, source, bytes), kernel addresses. */
static void probe_copy(struct ftrace_regs *regs)
{
	void *copy = (void *)ftrace_regs_get_argument(regs, 0);
	void *source = (void *)ftrace_regs_get_argument(regs, 1);
	struct cow cow;

	if (virt_addr_valid(source) && virt_addr_valid(copy) &&
	    wp_fault_copies(PHYS_PFN(__pa(source)), PHYS_PFN(__pa(copy)),
			    &cow))
		detect_cow(&cow);
}

struct devtlb_probe devtlb_probe_folio_copy = {
	.rule = DEVTLB_RULE_C,
	.functions = {
		{ "folio_copy", probe_folio_copy },
	},
};

struct devtlb_probe devtlb_probe_folio_mc_copy = {
	.rule = DEVTLB_RULE_C,
#ifndef DEVTLB_HAVE_FOLIO_MC_COPY
	/* Before 6.11 folio_copy() did all. */
	.optional = true,
#endif
	.functions = {
		{ "folio_mc_copy", probe_folio_copy },
	},
};

struct devtlb_probe devtlb_probe_hugetlb_cow = {
	.rule = DEVTLB_RULE_C,
	.functions = {
		/* 6.5 and later; before. */
		{ "copy_user_large_folio", probe_hugetlb_cow },
		{ "copy_user_huge_page", probe_hugetlb_cow },
	},
};

struct devtlb_probe devtlb_probe_wp_fault = {
	.rule = DEVTLB_RULE_C,
	.functions = {
		{ "do_wp_page", probe_wp_fault },
	},
};

/* 6.2 and later, and what has it from there: before, COW's copy is inlined. */
struct devtlb_probe devtlb_probe_cow_copy = {
	.rule = DEVTLB_RULE_C,
	.functions = {
#ifdef DEVTLB_HAVE_COPY_MC_USER_HIGHPAGE
		{ "copy_mc_to_kernel", probe_copy },
#else
		{ "copy_mc_user_highpage", probe_copy },
#endif
	},
};
