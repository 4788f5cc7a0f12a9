// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lockless page-table walk (invariant 4).
 *
 * What keeps the tables alive while we read them: interrupts are off, and the
 * mm is loaded on this CPU. Whoever frees a table of a live mm first sends an
 * IPI to every CPU on which the mm is loaded (mmu_gather's flush,
 * tlb_remove_table_sync_one()), or waits for an RCU grace period; either one
 * waits for us. rcu_read_lock() alone would not do: x86 without paravirt
 * frees tables right after the IPI. A kernel thread gets the mm loaded by
 * kthread_use_mm(). That the tables still exist when the walk begins is the
 * caller's to know: no walk begins after ->release (atc.c).
 *
 * What the walk may believe: only the bits that hardware believes. mm/ calls
 * entries "present" that no walker may use (PROT_NONE, a PMD that is being
 * split), and never notifies when such an entry goes away.
 */
#include <linux/irqflags.h>
#include <linux/mm.h>
#include <linux/pgtable.h>
#include <linux/sched.h>

#include "device/walk.h"

#ifndef CONFIG_X86_64
#error "devtlb knows the page-table format of x86-64 only"
#endif

/* Intel SDM 3A 4.6.1: a user-mode walk needs both at every level. */
#define ENTRY_USABLE	(_PAGE_PRESENT | _PAGE_USER)

static bool entry_usable(unsigned long entry)
{
	return (entry & ENTRY_USABLE) == ENTRY_USABLE;
}

/* A leaf entry, as a walk found it. */
struct leaf {
	unsigned long *entryp;
	unsigned long entry;
	unsigned long pfn;
	unsigned int shift;
};

/*
 * Sets the accessed and dirty bits as the IOMMU does (VT-d 3.6.2, AMD IOMMU
 * 2.2.7.4): atomically, before the translation is used, and only while the
 * entry is still the one that was read. Returns false when it changed
 * meanwhile.
 */
static bool set_accessed_dirty(struct leaf *leaf, enum devtlb_walk_intent intent,
			       bool writable)
{
	unsigned long wanted = leaf->entry | _PAGE_ACCESSED;

	if (intent == DEVTLB_WALK_LOOK || intent == DEVTLB_WALK_PROT_NONE)
		return true;
	if (intent == DEVTLB_WALK_WRITE && writable)
		wanted |= _PAGE_DIRTY;
	if (wanted == leaf->entry)
		return true;
	if (!try_cmpxchg(leaf->entryp, &leaf->entry, wanted))
		return false;
	leaf->entry = wanted;
	return true;
}

/*
 * On newer kernels a PMD with the huge zero page is special, too, and modules
 * cannot ask which page that is. It is a folio of a PMD's size that nobody owns (neither
 * anonymous, nor a file's, nor on an LRU list), and never mapped for writing.
 * A driver's own memory can look so; that is unmapped, with a notification,
 * before it is freed, and its free is seen as any other.
 */
static bool is_huge_zero(const struct leaf *leaf)
{
	struct page *page = pfn_to_page(leaf->pfn);

	return leaf->shift == PMD_SHIFT && !(leaf->entry & _PAGE_RW) &&
	       PageHead(page) &&
	       compound_order(page) == PMD_SHIFT - PAGE_SHIFT &&
	       !READ_ONCE(page->mapping) && !PageLRU(page);
}

/* Is this a frame whose free is seen? */
static bool frame_usable(const struct leaf *leaf)
{
	if (!pfn_valid(leaf->pfn))
		return false;
	/* Its last use is not seen: no event, and DAX has no free at all. */
	if (is_zone_device_page(pfn_to_page(leaf->pfn)))
		return false;
	/*
	 * pte_special(), pmd_special(): a driver's own mapping, or the zero
	 * page.
	 */
	return !(leaf->entry & _PAGE_SPECIAL) || is_zero_pfn(leaf->pfn) ||
	       is_huge_zero(leaf);
}

static unsigned long table_of(const void *entryp)
{
	return PHYS_PFN(__pa(entryp));
}

/* @entry points to a table of @level. */
static __always_inline void note_table(struct devtlb_table_path *path,
				       enum devtlb_table_level level,
				       unsigned long entry)
{
	if (path)
		path->pfn[level] = (entry & PTE_PFN_MASK) >> PAGE_SHIFT;
}

/* @above: the bits that all the levels above have. */
static bool finish_leaf(unsigned long va, struct leaf leaf, unsigned long above,
			enum devtlb_walk_intent intent,
			struct devtlb_page *page)
{
	bool writable = leaf.entry & above & _PAGE_RW;

	if (!frame_usable(&leaf))
		return false;
	if (!set_accessed_dirty(&leaf, intent, writable))
		return false;

	page->va = va & ~((1UL << leaf.shift) - 1);
	page->pfn = leaf.pfn;
	page->table_pfn = table_of(leaf.entryp);
	page->shift = leaf.shift;
	page->rights = DEVTLB_READ | (writable ? DEVTLB_WRITE : 0);
	page->dirty = leaf.entry & _PAGE_DIRTY;
	return true;
}

/* Inlined, so that whoever wants no @path does not pay for it. */
static __always_inline bool walk(struct mm_struct *mm, unsigned long va,
				 enum devtlb_walk_intent intent,
				 struct devtlb_page *page,
				 struct devtlb_table_path *path)
{
	unsigned long above = ~0UL;
	struct leaf leaf;
	pgd_t *pgdp, pgd;
	p4d_t *p4dp, p4d;
	pud_t *pudp, pud;
	pmd_t *pmdp, pmd;
	pte_t *ptep, pte;

	lockdep_assert_irqs_disabled();
	if (path)
		*path = (struct devtlb_table_path) { };
	page->shift = PGDIR_SHIFT;
	if (va >= TASK_SIZE_MAX)
		return false;

	/*
	 * Each entry is read once into a local copy: what was tested is what is
	 * followed, whatever other CPUs do to the original.
	 */
	pgdp = pgd_offset(mm, va);
	pgd = READ_ONCE(*pgdp);
	if (!entry_usable(pgd_val(pgd)))
		return false;
	above &= pgd_val(pgd);
	/* With four levels the entry of the root is read once more, below. */
	if (pgtable_l5_enabled())
		note_table(path, DEVTLB_TABLE_OF_512G, pgd_val(pgd));

	p4dp = p4d_offset(&pgd, va);
	p4d = READ_ONCE(*p4dp);
	page->shift = P4D_SHIFT;
	if (!entry_usable(p4d_val(p4d)))
		return false;
	above &= p4d_val(p4d);
	note_table(path, DEVTLB_TABLE_OF_1G, p4d_val(p4d));

	pudp = pud_offset(&p4d, va);
	pud = READ_ONCE(*pudp);
	page->shift = PUD_SHIFT;
	if (!entry_usable(pud_val(pud)))
		return false;
	if (pud_val(pud) & _PAGE_PSE) {
		leaf = (struct leaf) { &pudp->pud, pud_val(pud), pud_pfn(pud),
				       PUD_SHIFT };
		return finish_leaf(va, leaf, above, intent, page);
	}
	above &= pud_val(pud);
	note_table(path, DEVTLB_TABLE_OF_2M, pud_val(pud));

	pmdp = pmd_offset(&pud, va);
	pmd = READ_ONCE(*pmdp);
	page->shift = PMD_SHIFT;
	if (!entry_usable(pmd_val(pmd)))
		return false;
	if (pmd_val(pmd) & _PAGE_PSE) {
		leaf = (struct leaf) { &pmdp->pmd, pmd_val(pmd), pmd_pfn(pmd),
				       PMD_SHIFT };
		return finish_leaf(va, leaf, above, intent, page);
	}
	above &= pmd_val(pmd);
	note_table(path, DEVTLB_TABLE_OF_4K, pmd_val(pmd));

	ptep = pte_offset_kernel(&pmd, va);
	pte = READ_ONCE(*ptep);
	page->shift = PAGE_SHIFT;
	if (!entry_usable(pte_val(pte)) &&
	    !(intent == DEVTLB_WALK_PROT_NONE && pte_protnone(pte)))
		return false;
	leaf = (struct leaf) { &ptep->pte, pte_val(pte), pte_pfn(pte),
			       PAGE_SHIFT };
	return finish_leaf(va, leaf, above, intent, page);
}

/**
 * devtlb_walk() - find the page that an address maps to
 * @mm: address space
 * @va: any address; those that user space cannot have are not present
 * @intent: which bits to set on the way
 * @page: the result
 * @path: the tables that it came through
 *
 * Context: interrupts off, @mm loaded on this CPU, its tables not yet torn
 * down. Takes no lock.
 * Return: false when hardware would see no present user page there, and when
 * the entry changed under the walk: no translation may be remembered of either
 * (PCIe ATS: a completion with R=W=0 is not cached). @path is valid all the same:
 * paging-structure caches may remember it (Intel SDM 3A 4.10.3.1: what counts is
 * the entry that points to the table).
 */
bool devtlb_walk(struct mm_struct *mm, unsigned long va,
		 enum devtlb_walk_intent intent, struct devtlb_page *page,
		 struct devtlb_table_path *path)
{
	if (WARN_ON_ONCE(current->mm != mm)) {
		*path = (struct devtlb_table_path) { };
		return false;
	}
	return walk(mm, va, intent, page, path);
}

/**
 * devtlb_look() - look at the page that an address maps to
 * @mm: address space
 * @va: any address
 * @page: the result
 *
 * Context: interrupts off, and either as devtlb_walk(), or in a callback or
 * probe whose caller keeps the tables of @va: it holds the page-table lock,
 * mmap_lock, or a lock of the reverse mapping, which whoever unmaps takes for
 * writing before it frees tables (free_pgtables() unlinks the areas). Collapse,
 * which may take less, sends an IPI to all CPUs or waits for an RCU grace period
 * first. Takes no lock.
 * Return: false when hardware would see no present user page there.
 */
bool devtlb_look(struct mm_struct *mm, unsigned long va,
		 struct devtlb_page *page)
{
	return walk(mm, va, DEVTLB_WALK_LOOK, page, NULL);
}

/**
 * devtlb_look_at_tables() - look at the tables on the way to an address
 * @mm: address space
 * @va: any address, whatever is mapped there
 * @path: the result
 *
 * Context: as devtlb_look().
 */
void devtlb_look_at_tables(struct mm_struct *mm, unsigned long va,
			   struct devtlb_table_path *path)
{
	struct devtlb_page page;

	walk(mm, va, DEVTLB_WALK_LOOK, &page, path);
}

/**
 * devtlb_still_maps() - does an address map to the same page as before?
 * @mm: address space
 * @va: any address
 * @page: what an earlier walk found there
 *
 * Context: as devtlb_look().
 * Return: true if frame and size are the same.
 */
bool devtlb_still_maps(struct mm_struct *mm, unsigned long va,
		       const struct devtlb_page *page)
{
	struct devtlb_page now;

	return devtlb_look(mm, va, &now) && now.pfn == page->pfn &&
	       now.shift == page->shift;
}
