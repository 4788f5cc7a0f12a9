// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page-walk cache: where the tables are through which walks came, of each
 * level below the root. Accesses never use it: it is there since a page walker
 * may still read what it remembers. So a table must not be freed, nor put to
 * another use, before the device was told.
 *
 * A walker that finds a table here does not read what points to it, nor any
 * table above: what is cached stays until a notification takes it out, even if a
 * walk from the root comes through another table meanwhile. That one was found
 * by our walk only, which begins at the root each time; a device would not have
 * seen it.
 */
#include <linux/bitops.h>
#include <linux/compiler.h>
#include <linux/ktime.h>

#include "device/atc.h"
#include "device/hooks.h"
#include "device/recycle.h"
#include "device/tables.h"
#include "device/walk.h"

/* What a walk found that is not cached: a bit a level. */
static unsigned long tables_missing(struct devtlb_atc *atc, unsigned long va,
				    const struct devtlb_table_path *path)
{
	enum devtlb_table_level level;
	unsigned long missing = 0;

	for (level = 0; level < DEVTLB_TABLE_LEVELS; level++) {
		struct devtlb_translation *table;

		if (!path->pfn[level])
			continue;
		table = devtlb_table_cache_at(&atc->tables, level, va);
		if (table && !READ_ONCE(table->dead))
			break;
		missing |= BIT(level);
	}
	return missing;
}

static void tables_init(struct devtlb_translation *table, struct devtlb_atc *atc,
			u32 filler, unsigned long va,
			enum devtlb_table_level level, unsigned long pfn)
{
	unsigned int shift = devtlb_table_shift(level);

	*table = (struct devtlb_translation) {
		.va = devtlb_range_of_page(va, shift).start,
		.pfn = pfn,
		.shift = shift,
		.rights = DEVTLB_READ,
		.atc = atc,
		.filler = filler,
		.filled_ns = ktime_get_mono_fast_ns(),
		.table = true,
	};
}

static void tables_insert(struct devtlb_translation *table,
			  struct devtlb_atc_supply *supply,
			  struct devtlb_translation **spare,
			  struct devtlb_translation **dying)
{
	struct devtlb_table_cache *cache = &table->atc->tables;
	struct devtlb_translation *old;

	while ((old = devtlb_table_cache_in_the_way(cache, table)))
		devtlb_atc_kill(old, dying);
	if (WARN_ON_ONCE(devtlb_table_cache_insert(cache, table,
						   &supply->table_nodes))) {
		devtlb_hooks->released(table);
		return;
	}
	*spare = NULL;
}

/*
 * Tells of the tables, then looks whether they are still where they were, whatever
 * is in them: as fill_tell_and_recheck() does for a page.
 */
static noinline void tables_install(struct devtlb_atc *atc,
				    struct devtlb_atc_user *user,
				    unsigned long va, unsigned long missing,
				    const struct devtlb_table_path *path,
				    struct devtlb_translation **dying)
{
	struct devtlb_translation **spare = user->supply.table;
	struct devtlb_table_path now;
	unsigned int level;

	for_each_set_bit(level, &missing, DEVTLB_TABLE_LEVELS) {
		tables_init(spare[level], atc, user->id, va, level,
			    path->pfn[level]);
		devtlb_hooks->filled(spare[level], &user->supply.filing);
	}
	/* Pairs as that in fill_tell_and_recheck(). */
	smp_mb();
	devtlb_look_at_tables(atc->mm, va, &now);
	for_each_set_bit(level, &missing, DEVTLB_TABLE_LEVELS) {
		if (now.pfn[level] == path->pfn[level] ||
		    devtlb_atc_has_defect(atc, DEVTLB_MUTANT_NO_RECHECK))
			tables_insert(spare[level], &user->supply,
				      &spare[level], dying);
		else
			devtlb_hooks->released(spare[level]);
	}
}

/**
 * devtlb_tables_install() - remember the tables through which a walk came
 * @atc: the ATC
 * @user: who walked
 * @va: what the walk was for
 * @path: the tables
 * @dying: receives what it replaces
 *
 * Context: atc->lock held, interrupts off; no invalidation overtook the walk.
 */
void devtlb_tables_install(struct devtlb_atc *atc, struct devtlb_atc_user *user,
			   unsigned long va,
			   const struct devtlb_table_path *path,
			   struct devtlb_translation **dying)
{
	unsigned long missing = tables_missing(atc, va, path);

	if (missing)
		tables_install(atc, user, va, missing, path, dying);
}
