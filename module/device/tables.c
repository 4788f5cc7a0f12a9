// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page-walk cache: where the tables are that walks ended in. Accesses never
 * use it: it is there since a page walker may still read what it remembers, and
 * so a table must not be freed before the device was told.
 */
#include <linux/compiler.h>
#include <linux/ktime.h>

#include "device/atc.h"
#include "device/hooks.h"
#include "device/recycle.h"
#include "device/tables.h"
#include "device/walk.h"

/*
 * Tells of a table, then looks whether it is still where it was, whatever is in
 * it. As fill_tell_and_recheck() does for a page.
 */
static bool tables_tell_and_recheck(struct devtlb_translation *table,
				    unsigned long va, unsigned long table_pfn)
{
	struct devtlb_page now;

	devtlb_hooks->filled(table);
	/* Pairs as that in fill_tell_and_recheck(). */
	smp_mb();
	if (devtlb_atc_has_defect(table->atc, DEVTLB_MUTANT_NO_RECHECK))
		return true;
	devtlb_look(table->atc->mm, va, &now);
	if (now.table_pfn == table_pfn)
		return true;
	devtlb_hooks->released(table);
	return false;
}

/**
 * devtlb_tables_install() - remember the table in which a walk ended
 * @atc: the ATC
 * @user: who walked
 * @table_pfn: the table's frame
 * @page_shift: log2 of the size of the pages that it maps
 * @va: what the walk was for
 * @dying: receives what it replaces
 *
 * Tables of 1G pages and of larger ones span more than the store can hold: they
 * are left out.
 *
 * Context: atc->lock held, interrupts off; no invalidation overtook the walk.
 */
void devtlb_tables_install(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			   unsigned long table_pfn, unsigned int page_shift,
			   unsigned long va, struct devtlb_translation **dying)
{
	unsigned int shift = page_shift + DEVTLB_NODE_BITS;
	struct devtlb_translation *table = user->supply.table.spare;
	struct devtlb_translation *old;

	if (!devtlb_store_holds_shift(shift))
		return;
	old = devtlb_store_first(&atc->tables, devtlb_range_of_page(va, shift));
	if (old && old->shift == shift && old->pfn == table_pfn &&
	    !READ_ONCE(old->dead))
		return;

	*table = (struct devtlb_translation) {
		.va = devtlb_range_of_page(va, shift).start,
		.pfn = table_pfn,
		.shift = shift,
		.rights = DEVTLB_READ,
		.atc = atc,
		.filler = user->id,
		.filled_ns = ktime_get_mono_fast_ns(),
		.table = true,
	};
	if (!tables_tell_and_recheck(table, va, table_pfn))
		return;
	while ((old = devtlb_store_first(&atc->tables,
					 devtlb_translation_range(table))))
		devtlb_atc_kill(old, dying);
	if (WARN_ON_ONCE(devtlb_store_insert(&atc->tables, table,
					     &user->supply.table.nodes))) {
		devtlb_hooks->released(table);
		return;
	}
	user->supply.table.spare = NULL;
}
