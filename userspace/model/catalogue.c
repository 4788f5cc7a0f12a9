// SPDX-License-Identifier: GPL-2.0-only
/*
 * By reading Linux 6.1 and 6.12: every call of the callback in mm/, kernel/, fs/
 * and arch/x86/. The first row that a chain of functions matches says which path
 * it is, so narrower rows come first.
 */
#include <stddef.h>

#include "model/catalogue.h"
#include "model/kernel_release.h"
#include "model/site_pattern.h"

#define MIGRATES	"needs a driver that migrates memory (tests/drivers.t has one)"
#define EXCLUSIVE	"needs a driver that asks for it (CONFIG_DEVICE_PRIVATE=y)"
#define PUD_MAPPING	"needs a device or DAX mapping of 1G"
#define DAX_PMD		"needs a DAX mapping of 2M"
#define TRACKS_WRITES	"needs a driver that tracks writes, as vmwgfx (tests/drivers.t has one)"
#define FLUSHED_BEFORE	"has nothing left: what drivers and sockets map was flushed at the end of its area"
#define NEW_MEMORY	"is over before a scenario could bind the new memory; \"devtlb run\" gets there"
#define TABLE_BATCH	"needs page tables that are freed in batches: a guest of KVM or Xen"

#define POISONED(walk) \
	"try_to_unmap_one < " walk " < try_to_unmap < hwpoison_user_mappings"

#define SITE(of, at)		{ .path = (of), .site = (at) }
#define HELD(of, at)		{ .path = (of), .site = (at), .lock = LOCK_HELD }
#define NOT_HELD(of, at)	{ .path = (of), .site = (at), .lock = LOCK_NOT_HELD }
#define UNREACHED(of, at, why)	{ .path = (of), .site = (at), .unreachable = (why) }

/*
 * Up to Linux 6.5: explicitly, with the page-table lock held; at the end of a
 * notifier range; and when an mmu_gather has flushed the CPUs' TLBs.
 */
static const struct known_site invalidate_range[] = {
#ifndef WITHOUT_NAMES
	UNREACHED("exec: the stack moves to its place",
		  "shift_arg_pages", NEW_MEMORY),

	/* Explicitly, and what ends the range of these. */
	SITE("copy on write", "wp_page_copy"),
	HELD("uprobe: a page replaced", "__replace_page"),
	NOT_HELD("uprobe: end of the range", "__replace_page"),
	HELD("hugetlb copy on write", "hugetlb_wp"),
	NOT_HELD("hugetlb copy on write: end of the range", "hugetlb_wp"),
	SITE("hwpoison of a hugetlb page, maybe shared by its PMD",
	     POISONED("rmap_walk_file") "|" POISONED("rmap_walk_anon")),
	HELD("swap-out or discard of a page", "try_to_unmap_one"),
	NOT_HELD("unmap of a page by rmap: end of the range",
		 "try_to_unmap_one"),
	HELD("migration of a PMD-shared hugetlb page", "try_to_migrate_one"),
	NOT_HELD("migration of a page: end of the range", "try_to_migrate_one"),
	SITE("split of a PMD that maps a file", "__split_huge_pmd"),
	UNREACHED("split of a PUD", "__split_huge_pud", PUD_MAPPING),
	UNREACHED("migration to a device: zero page",
		  "__migrate_device_pages", MIGRATES),
	UNREACHED("migration to a device: end of the range",
		  "migrate_vma_setup", MIGRATES),
	UNREACHED("a device's exclusive access begins",
		  "make_device_exclusive_range", EXCLUSIVE),

	/* By an mmu_gather. */
	HELD("zap of dirty file pages, or of a full batch",
	     "tlb_flush_mmu < unmap_page_range|unmap_page_range"),
	NOT_HELD("zap of what a driver or a socket maps",
		 "tlb_flush_mmu < unmap_page_range|unmap_page_range"),
	SITE("munmap: flush", "tlb_finish_mmu < unmap_region"),
	SITE("zap: flush", "tlb_finish_mmu < zap_page_range_single"),
	UNREACHED("zap of what a driver or a socket maps: flush",
		  "tlb_finish_mmu < zap_page_range", FLUSHED_BEFORE),
	SITE("MADV_COLD: flush", "tlb_finish_mmu < madvise_cold"),
	SITE("MADV_PAGEOUT: flush", "tlb_finish_mmu < madvise_pageout"),
	SITE("MADV_FREE: flush", "tlb_finish_mmu < madvise_free_single_vma"),
	SITE("mprotect: flush", "tlb_finish_mmu < do_mprotect_pkey"),
	SITE("NUMA hinting: flush", "tlb_finish_mmu < change_prot_numa"),
	SITE("userfaultfd write-protection: flush",
	     "tlb_finish_mmu < uffd_wp_range"),
	SITE("reaped by process_mrelease or the OOM killer: flush",
	     "tlb_finish_mmu < __oom_reap_task_mm"),
	SITE("hugetlb mremap", "move_hugetlb_page_tables"),
	SITE("hugetlb unmapped from a file: flush",
	     "tlb_finish_mmu < unmap_hugepage_range"),
	SITE("hugetlb mprotect", "hugetlb_change_protection"),
	SITE("hugetlb unshared",
	     "hugetlb_unshare_pmds|hugetlb_unshare_all_pmds"),
	UNREACHED("page tables freed in a batch",
		  "tlb_remove_table", TABLE_BATCH),

	/* At the end of a notifier range. */
	SITE("fork, hugetlb", "copy_hugetlb_page_range"),
	SITE("fork", "copy_page_range"),
	SITE("hugetlb unmapped",
	     "__unmap_hugepage_range|huge_pmd_unshare_flush"),
	SITE("munmap: end of the range", "unmap_vmas"),
	SITE("zap: end of the range", "zap_page_range_single"),
	SITE("zap of what a driver or a socket maps: end of the range",
	     "zap_page_range"),
	SITE("mremap", "move_page_tables"),
	SITE("collapse", "collapse_huge_page"),
	SITE("collapse of a file: page table removed", "collapse_and_free_pmd"),
	SITE("MADV_FREE: end of the range", "madvise_free_single_vma"),
	SITE("KSM write-protection", "write_protect_page"),
	SITE("KSM merge", "try_to_merge_one_page|replace_page"),
	SITE("NUMA hinting", "change_protection < change_prot_numa"),
	SITE("userfaultfd write-protection",
	     "change_protection < uffd_wp_range"),
	SITE("mprotect", "change_protection"),
	SITE("writeback: write-protection", "page_vma_mkclean_one"),
	SITE("soft-dirty", "clear_refs_write"),
	SITE("reaped by process_mrelease or the OOM killer: end of the range",
	     "__oom_reap_task_mm"),
	UNREACHED("write-protection by a driver", "wp_clean_post_vma",
		  TRACKS_WRITES),
	SITE("->release", "exit_mmap"),
#endif
	{ .path = NULL }
};

/*
 * Since Linux 6.6: from the architecture's flush of the CPUs' TLBs; here x86.
 */
static const struct known_site arch_invalidate[] = {
#ifndef WITHOUT_NAMES
	UNREACHED("exec: the stack moves to its place",
		  "relocate_vma_down|shift_arg_pages", NEW_MEMORY),

	/* With the page-table lock held. */
	SITE("copy on write", "ptep_clear_flush < wp_page_copy"),
	HELD("write fault while userfaultfd write-protects", "wp_page_copy"),
	SITE("KSM write-protection", "write_protect_page"),
	SITE("KSM merge",
	     "ptep_clear_flush < try_to_merge_one_page|ptep_clear_flush < replace_page"),
	SITE("uprobe", "__replace_page"),
	UNREACHED("writeback: write-protection of 2M",
		  "pmdp_invalidate < page_vma_mkclean_one", DAX_PMD),
	SITE("writeback: write-protection", "page_vma_mkclean_one"),
	SITE("hwpoison of a hugetlb page that is shared by its PMD",
	     "huge_pmd_unshare_flush < try_to_unmap_one"),
	SITE("migration of a hugetlb page that is shared by its PMD",
	     "huge_pmd_unshare_flush < try_to_migrate_one"),
	SITE("unmap of a page by rmap", "ptep_clear_flush < try_to_unmap_one"),
	SITE("unmap of a page by rmap, flush deferred",
	     "set_tlb_ubc_flush_pending < try_to_unmap_one"),
	UNREACHED("discard of a large page", "unmap_huge_pmd_locked",
		  "is called by nothing in Linux 6.12"),
	SITE("migration of a page", "ptep_clear_flush < try_to_migrate_one"),
	SITE("migration of a page, flush deferred",
	     "set_tlb_ubc_flush_pending < try_to_migrate_one"),
	SITE("migration of a large page", "set_pmd_migration_entry"),
	SITE("hugetlb copy on write", "hugetlb_wp"),
	SITE("split of a PMD that maps anonymous memory",
	     "pmdp_invalidate < split_huge_pmd_locked"),
	SITE("split of a PMD that maps a file or zeroes",
	     "pmdp_huge_clear_flush < split_huge_pmd_locked"),
	UNREACHED("split of a PUD", "__split_huge_pud", PUD_MAPPING),
	SITE("MADV_FREE of a large page", "madvise_free_huge_pmd"),
	SITE("hugetlb mremap", "move_hugetlb_page_tables"),
	SITE("mremap of a large page", "move_huge_pmd"),
	SITE("mremap", "move_page_tables"),
	SITE("UFFDIO_MOVE of a large page", "move_pages_huge_pmd"),
	SITE("UFFDIO_MOVE of a page", "ptep_clear_flush < move_pages"),
	SITE("collapse", "pmdp_collapse_flush < collapse_huge_page"),
	SITE("collapse of a file: page table removed in the own memory",
	     "collapse_pte_mapped_thp"),
	SITE("collapse of a file: page table removed",
	     "pmdp_collapse_flush < retract_page_tables"),
	UNREACHED("migration to a device",
		  "migrate_vma_setup|__migrate_device_pages", MIGRATES),
	UNREACHED("a device's exclusive access begins",
		  "make_device_exclusive_range", EXCLUSIVE),
	SITE("PAGEMAP_SCAN, hugetlb", "pagemap_scan_hugetlb_entry"),
	SITE("PAGEMAP_SCAN", "pagemap_scan_pmd_entry"),
	SITE("soft-dirty of a large page", "clear_refs_pte_range"),
	HELD("zap of dirty file pages, or of a full batch",
	     "tlb_flush_mmu < unmap_page_range|unmap_page_range"),
	NOT_HELD("zap of what a driver or a socket maps",
		 "tlb_flush_mmu < unmap_page_range|unmap_page_range"),
	SITE("reclaim finds a large page young", "pmdp_clear_flush_young"),
	SITE("flush that reclaim deferred", "flush_tlb_batched_pending"),

	/* Without it, by an mmu_gather. */
	SITE("munmap", "tlb_finish_mmu < vms_clear_ptes"),
	UNREACHED("failed mmap undone", "tlb_finish_mmu < unmap_region",
		  FLUSHED_BEFORE),
	SITE("zap", "tlb_finish_mmu < zap_page_range_single"),
	SITE("MADV_COLD, MADV_PAGEOUT or MADV_FREE",
	     "tlb_finish_mmu < do_madvise"),
	SITE("mprotect", "tlb_finish_mmu < do_mprotect_pkey"),
	SITE("NUMA hinting", "tlb_finish_mmu < change_prot_numa"),
	SITE("userfaultfd write-protection", "tlb_finish_mmu < uffd_wp_range"),
	SITE("reaped by process_mrelease or the OOM killer",
	     "tlb_finish_mmu < __oom_reap_task_mm"),
	SITE("hugetlb unmapped from a file",
	     "tlb_finish_mmu < unmap_hugepage_range"),
	SITE("hugetlb unmapped",
	     "__unmap_hugepage_range|huge_pmd_unshare_flush"),
	SITE("hugetlb mprotect", "hugetlb_change_protection"),
	SITE("hugetlb unshared",
	     "hugetlb_unshare_pmds|hugetlb_unshare_all_pmds"),
	SITE("fork", "dup_mmap"),
	SITE("soft-dirty", "clear_refs_write"),
	UNREACHED("write-protection by a driver", "wp_clean_post_vma",
		  TRACKS_WRITES),
	UNREACHED("page tables freed in a batch",
		  "tlb_remove_table", TABLE_BATCH),
	SITE("->release", "exit_mmap"),
#endif
	{ .path = NULL }
};

/* By series. */
static const struct kernel_series read[] = { { 6, 1 }, { 6, 12 } };

bool catalogue_is_of(const char *release)
{
	struct kernel_series series = kernel_series(release);
	size_t i;

	for (i = 0; i < sizeof(read) / sizeof(read[0]); i++) {
		if (series_compare(series, read[i]) == 0)
			return true;
	}
	return false;
}

static const struct known_site * const catalogues[] = {
	[DEVTLB_CALLBACK_INVALIDATE_RANGE] = invalidate_range,
	[DEVTLB_CALLBACK_ARCH_INVALIDATE] = arch_invalidate,
};

const struct known_site *catalogue(enum devtlb_callback callback)
{
	return catalogues[callback];
}

void catalogue_expect(enum devtlb_callback callback)
{
	const struct known_site *known;

	for (known = catalogue(callback); known->path; known++)
		site_expect(known->site);
}
