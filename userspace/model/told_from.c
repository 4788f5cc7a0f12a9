// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <stddef.h>
#include <string.h>

#include "model/catalogue.h"
#include "model/kernel_release.h"
#include "model/result.h"
#include "model/site_pattern.h"
#include "model/told_from.h"

#define SITES_MAX	4

/**
 * struct told_from - the sites of a scenario
 * @scenario: its name
 * @site: patterns of site_pattern.h, by enum devtlb_callback: each notifies
 */
struct told_from {
	const char *scenario;
	const char *site[2][SITES_MAX];
};

#define BOTH(of, ...)							\
	{								\
		of, {							\
			[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { __VA_ARGS__ }, \
			[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { __VA_ARGS__ }, \
		}							\
	}

static const struct told_from table[] = {
#ifndef WITHOUT_NAMES
	BOTH("big-zap", "unmap_page_range|tlb_flush_mmu", "tlb_finish_mmu"),
	BOTH("brk-shrink", "unmap_region|vms_clear_ptes"),
	BOTH("collapse", "collapse_huge_page"),
	BOTH("collapse-fill", "collapse_huge_page"),
	{ "collapse-shmem", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"try_to_unmap_one", "collapse_and_free_pmd"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"try_to_unmap_one|try_to_unmap_flush",
			"retract_page_tables|collapse_file"
		},
	} },
	BOTH("collapse-shmem-other", "try_to_unmap_one"),
	BOTH("collapse-table", "collapse_pte_mapped_thp"),
	BOTH("compaction", "try_to_migrate_one"),
	BOTH("cow", "wp_page_copy"),
	BOTH("cow-unshare", "wp_page_copy"),
	BOTH("dontneed", "zap_page_range_single"),
	BOTH("exec", "begin_new_exec|exec_mmap"),
	BOTH("exit", "exit_mmap"),
	BOTH("file-cow", "wp_page_copy"),
	BOTH("forced-cow", "wp_page_copy", "__get_user_pages"),
	{ "fork", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "copy_page_range" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "dup_mmap" },
	} },
	BOTH("hostile",
	     "zap_page_range_single", "clear_refs_write", "do_mprotect_pkey",
	     "wp_page_copy"),
	BOTH("hugetlb-cow", "hugetlb_wp"),
	BOTH("hugetlb-cow-fractured", "hugetlb_wp"),
	BOTH("hugetlb-dontneed", "zap_page_range_single"),
	{ "hugetlb-fork", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"copy_hugetlb_page_range"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "dup_mmap" },
	} },
	BOTH("hugetlb-hwpoison", "try_to_unmap_one"),
	BOTH("hugetlb-hwpoison-fractured", "try_to_unmap_one"),
	BOTH("hugetlb-migrate", "try_to_migrate_one"),
	BOTH("hugetlb-migrate-fractured", "try_to_migrate_one"),
	BOTH("hugetlb-mprotect", "hugetlb_change_protection"),
	BOTH("hugetlb-mremap", "move_hugetlb_page_tables"),
	BOTH("hugetlb-mremap-migrate", "move_hugetlb_page_tables"),
	{ "hugetlb-munmap", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"__unmap_hugepage_range"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"unmap_region|vms_clear_ptes"
		},
	} },
	BOTH("hugetlb-punch", "unmap_hugepage_range"),
	BOTH("hugetlb-share-hwpoison", "huge_pmd_unshare_flush"),
	BOTH("hugetlb-share-migrate", "huge_pmd_unshare_flush"),
	BOTH("hugetlb-share-migrate-child", "try_to_migrate_one"),
	BOTH("hugetlb-share-mprotect", "hugetlb_change_protection"),
	{ "hugetlb-share-munmap", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"tlb_flush_unshared_tables|__unmap_hugepage_range"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"__unmap_hugepage_range|huge_pmd_unshare_flush"
		},
	} },
	BOTH("hugetlb-share-split", "hugetlb_unshare_pmds"),
	BOTH("hugetlb-share-userfaultfd",
	     "hugetlb_unshare_all_pmds|hugetlb_unshare_pmds"),
	BOTH("hugetlb-soft-offline", "try_to_migrate_one"),
	BOTH("hugetlb-truncate", "unmap_hugepage_range"),
	BOTH("hwpoison", "try_to_unmap_one"),
	BOTH("khugepaged", "collapse_huge_page", "khugepaged"),
	BOTH("khugepaged-shmem",
	     "try_to_unmap_one", "khugepaged",
	     "collapse_and_free_pmd|retract_page_tables"),
	BOTH("ksm", "write_protect_page|try_to_merge_one_page", "wp_page_copy"),
	BOTH("ksm-write",
	     "write_protect_page|try_to_merge_one_page", "wp_page_copy"),
	{ "lazyfree", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"madvise_free_single_vma", "try_to_unmap_one"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"madvise_free_single_vma|do_madvise", "try_to_unmap_one"
		},
	} },
	BOTH("madvise-remove", "shmem_fallocate"),
	BOTH("map-fixed", "mmap_region|__mmap_region"),
	{ "mbind-thp", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "try_to_migrate_one" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"__split_huge_pmd", "try_to_migrate_one"
		},
	} },
	BOTH("memcg-reclaim", "madvise_cold|do_madvise", "try_to_unmap_one"),
	BOTH("memory-offline", "try_to_migrate_one"),
	BOTH("migrate", "try_to_migrate_one"),
	BOTH("migrate-shared", "try_to_migrate_one", "rmap_walk_file"),
	{ "mprotect", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"change_protection", "do_mprotect_pkey"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "do_mprotect_pkey" },
	} },
	BOTH("mrelease", "__oom_reap_task_mm"),
	BOTH("mremap", "move_page_tables"),
	BOTH("mremap-back", "move_page_tables", "try_to_migrate_one"),
	BOTH("mremap-keep", "move_page_tables"),
	BOTH("mremap-migrate", "move_page_tables", "try_to_migrate_one"),
	BOTH("mremap-pmd", "move_page_tables"),
	BOTH("mremap-pud", "move_page_tables"),
	BOTH("mremap-shrink", "unmap_region|vms_clear_ptes"),
	{ "munmap", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"unmap_vmas", "unmap_region"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"unmap_region|vms_clear_ptes"
		},
	} },
	BOTH("nested-zap", "tlb_finish_mmu", "unmap_region|vms_clear_ptes"),
	BOTH("numa-migrate", "change_prot_numa", "try_to_migrate_one"),
	{ "pagemap-scan", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"pagemap_scan_pmd_entry"
		},
	} },
	{ "pagemap-scan-hugetlb", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"pagemap_scan_hugetlb_entry"
		},
	} },
	{ "pagemap-scan-thp", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"pagemap_scan_pmd_entry"
		},
	} },
	BOTH("pageout", "try_to_unmap_one"),
	BOTH("pageout-file", "try_to_unmap_one"),
	BOTH("pageout-shmem", "try_to_unmap_one"),
	BOTH("process-pageout", "try_to_unmap_one"),
	BOTH("process-vm-writev", "wp_page_copy", "__get_user_pages"),
	BOTH("prot-none", "do_mprotect_pkey"),
	BOTH("punch-hole", "shmem_fallocate"),
	BOTH("refill", "zap_page_range_single"),
	BOTH("shared-dontneed",
	     "zap_pte_range|unmap_page_range", "zap_page_range_single"),
	BOTH("shmem-thp-dontneed", "__split_huge_pmd"),
	BOTH("shmem-thp-mprotect", "__split_huge_pmd"),
	BOTH("shmem-thp-mremap", "__split_huge_pmd"),
	BOTH("shmem-thp-munmap", "__split_huge_pmd"),
	BOTH("shmem-thp-pageout", "try_to_unmap_one"),
	BOTH("shmem-thp-punch", "__split_huge_pmd", "shmem_fallocate"),
	BOTH("shmem-thp-split", "try_to_unmap_one"),
	BOTH("shmem-thp-truncate", "__split_huge_pmd", "shmem_setattr"),
	BOTH("shmem-thp-unmap", "zap_page_range_single"),
	BOTH("soft-dirty", "clear_refs_write"),
	BOTH("soft-offline", "try_to_migrate_one"),
	{ "tables", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"tlb_finish_mmu", "unmap_region"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"tlb_finish_mmu", "unmap_region|vms_clear_ptes"
		},
	} },
	{ "tcp-zerocopy", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"unmap_page_range < zap_page_range", "zap_page_range < tcp_zerocopy_receive"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"unmap_page_range < zap_page_range_single"
		},
	} },
	{ "thp-cow", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "wp_page_copy" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"__split_huge_pmd", "wp_page_copy"
		},
	} },
	{ "thp-fork", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "copy_page_range" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "dup_mmap" },
	} },
	{ "thp-lazyfree", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"madvise_free_single_vma", "try_to_unmap_one"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"madvise_free_huge_pmd", "try_to_unmap_one"
		},
	} },
	BOTH("thp-migrate", "try_to_migrate_one"),
	BOTH("thp-mprotect", "do_mprotect_pkey"),
	{ "thp-mremap", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "move_page_tables" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "move_huge_pmd" },
	} },
	{ "thp-mremap-split", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "move_page_tables" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"__split_huge_pmd", "move_page_tables"
		},
	} },
	BOTH("thp-munmap", "unmap_region|vms_clear_ptes"),
	BOTH("thp-pageout", "try_to_unmap_one"),
	BOTH("thp-reclaim", "try_to_unmap_one"),
	{ "thp-soft-dirty", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "clear_refs_write" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"clear_refs_pte_range", "clear_refs_write"
		},
	} },
	{ "thp-split", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = {
			"zap_page_range_single"
		},
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"__split_huge_pmd", "zap_page_range_single"
		},
	} },
	BOTH("thp-split-page", "try_to_migrate_one"),
	{ "thp-zero-page", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "wp_page_copy" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "do_huge_pmd_wp_page" },
	} },
	BOTH("truncate", "shmem_setattr"),
	BOTH("truncate-private", "shmem_setattr"),
	BOTH("uffd-copy", "try_to_unmap_one"),
	{ "uffd-move", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"move_pages_pte|move_pages"
		},
	} },
	{ "uffd-move-thp", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "move_pages_huge_pmd" },
	} },
	{ "uffd-move-thp-split", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "__split_huge_pmd" },
	} },
	{ "uffd-move-zero", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"move_pages_pte|move_pages"
		},
	} },
	{ "uffd-move-zero-thp", {
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = { "move_pages_huge_pmd" },
	} },
	BOTH("uffd-wp", "uffd_wp_range"),
	BOTH("uffd-wp-hugetlb", "hugetlb_change_protection", "uffd_wp_range"),
	{ "uffd-wp-race", {
		[DEVTLB_CALLBACK_INVALIDATE_RANGE] = { "uffd_wp_range" },
		[DEVTLB_CALLBACK_ARCH_INVALIDATE] = {
			"uffd_wp_range", "do_wp_page"
		},
	} },
	BOTH("uffd-wp-shmem", "uffd_wp_range"),
	BOTH("uffd-wp-thp", "uffd_wp_range"),
	BOTH("uprobe", "__replace_page"),
	BOTH("uprobe-huge",
	     "__split_huge_pmd", "__replace_page", "collapse_pte_mapped_thp"),
	BOTH("uprobe-write", "__replace_page"),
	BOTH("writeback", "page_vma_mkclean_one"),
	BOTH("zero-page", "wp_page_copy"),
#endif
	{ .scenario = NULL }
};

static const struct told_from *find(const char *scenario)
{
	const struct told_from *told;

	for (told = table; told->scenario; told++) {
		if (strcmp(told->scenario, scenario) == 0)
			return told;
	}
	return NULL;
}

void told_from_expect(const char *scenario)
{
	const struct told_from *told = find(scenario);
	int callback, i;

	for (callback = 0; told && callback < 2; callback++) {
		for (i = 0; i < SITES_MAX; i++)
			site_expect(told->site[callback][i]);
	}
}

static bool is_told(struct json_object *run, const char *site)
{
	size_t i;

	for (i = 0; i < get_length(run, "sites"); i++) {
		if (chain_has_any(get_string(get_element(run, "sites", i), "chain"),
				  site))
			return true;
	}
	return false;
}

/* A run that was skipped, or broke, need not have come to its operation. */
static bool is_over(struct json_object *run)
{
	return !is(run, "verdict", "skip") && !is(run, "verdict", "broken");
}

void told_from_compare(struct json_object *run, const char *scenario,
		       enum devtlb_callback callback)
{
	struct json_object *elsewhere = json_object_new_array();
	const struct told_from *told = NULL;
	int i;

	if (is_over(run) && catalogue_is_of(kernel_release()))
		told = find(scenario);

	for (i = 0; told && i < SITES_MAX && told->site[callback][i]; i++) {
		const char *site = told->site[callback][i];

		if (!is_told(run, site))
			json_object_array_add(elsewhere,
					      json_object_new_string(site));
	}
	json_object_object_add(run, "elsewhere", elsewhere);
}
