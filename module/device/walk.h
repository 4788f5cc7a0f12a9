/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_WALK_H
#define DEVTLB_WALK_H

#include <linux/mm_types.h>
#include <linux/types.h>

#include "device/table_level.h"
#include "device/translation.h"

/**
 * enum devtlb_walk_intent - what a walk is for
 * @DEVTLB_WALK_LOOK: to look only: changes nothing in the page table
 * @DEVTLB_WALK_READ: to fill a translation for loads: sets the accessed bit
 * @DEVTLB_WALK_WRITE: to fill one for stores: sets the dirty bit as well, where
 *	the page is writable
 * @DEVTLB_WALK_PROT_NONE: a mutant's: to look, and to take a PROT_NONE entry of
 *	4K for a present one
 */
enum devtlb_walk_intent {
	DEVTLB_WALK_LOOK,
	DEVTLB_WALK_READ,
	DEVTLB_WALK_WRITE,
	DEVTLB_WALK_PROT_NONE,
};

/**
 * struct devtlb_page - a present leaf of the page table
 * @va: first address of the page
 * @pfn: its first frame
 * @table_pfn: the page-table page that holds the leaf
 * @shift: log2 of its size; where there is no leaf, of the hole around @va that
 *	one look can tell
 * @rights: what every level grants: DEVTLB_READ, DEVTLB_WRITE
 * @dirty: the dirty bit is set
 */
struct devtlb_page {
	unsigned long va;
	unsigned long pfn;
	unsigned long table_pfn;
	u8 shift;
	u8 rights;
	bool dirty;
};

/**
 * struct devtlb_table_path - the page-table pages on the way to an address
 * @pfn: those below the root, by enum devtlb_table_level; 0 where the walk came to
 *	none
 */
struct devtlb_table_path {
	unsigned long pfn[DEVTLB_TABLE_LEVELS];
};

bool devtlb_walk(struct mm_struct *mm, unsigned long va,
		 enum devtlb_walk_intent intent, struct devtlb_page *page,
		 struct devtlb_table_path *path);
bool devtlb_look(struct mm_struct *mm, unsigned long va,
		 struct devtlb_page *page);
void devtlb_look_at_tables(struct mm_struct *mm, unsigned long va,
			   struct devtlb_table_path *path);
bool devtlb_still_maps(struct mm_struct *mm, unsigned long va,
		       const struct devtlb_page *page);

static inline unsigned long devtlb_page_pfn_at(const struct devtlb_page *page,
					       unsigned long va)
{
	return page->pfn + ((va - page->va) >> PAGE_SHIFT);
}

#endif /* DEVTLB_WALK_H */
