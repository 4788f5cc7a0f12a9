// SPDX-License-Identifier: GPL-2.0-only
/*
 * The page-walk cache's memory: see tables.c for what it is, and fills it. Of
 * the lowest level there is no end, so they are in a store; those above are few,
 * and where two would need the same slot the later one gets it, as in a
 * processor's cache.
 */
#include <linux/errno.h>
#include <linux/minmax.h>

#include "device/table_cache.h"

/**
 * devtlb_table_cache_init() - make an empty cache
 * @cache: zeroed
 *
 * Context: may sleep.
 * Return: 0 or -ENOMEM.
 */
int devtlb_table_cache_init(struct devtlb_table_cache *cache)
{
	return devtlb_store_init(&cache->lowest);
}

/**
 * devtlb_table_cache_destroy() - free what a cache is made of
 * @cache: empty
 *
 * Context: may sleep.
 */
void devtlb_table_cache_destroy(struct devtlb_table_cache *cache)
{
	devtlb_store_destroy(&cache->lowest);
}

/* Neighbours are in neighbouring slots: a small range is looked up in a few. */
static struct devtlb_translation *
first_of_upper(struct devtlb_translation *const *slots,
	       enum devtlb_table_level level, struct devtlb_range range)
{
	unsigned int shift = devtlb_table_shift(level);
	unsigned long more = min((range.last >> shift) - (range.start >> shift),
				 DEVTLB_UPPER_SLOTS - 1UL);
	unsigned int slot = devtlb_upper_slot(level, range.start);
	struct devtlb_translation *first = NULL;

	for (;; more--, slot = (slot + 1) % DEVTLB_UPPER_SLOTS) {
		struct devtlb_translation *table = slots[slot];

		if (table && (!first || table->va < first->va) &&
		    devtlb_ranges_overlap(devtlb_translation_range(table), range))
			first = table;
		if (!more)
			return first;
	}
}

/**
 * devtlb_table_cache_first() - the lowest table of a level in a range
 * @cache: the cache; may be destroyed
 * @level: of the table
 * @range: any; a table is there if it maps a piece of it
 *
 * Context: the caller serialises. Costs O(1) in pages and tables.
 * Return: the table, or NULL.
 */
struct devtlb_translation *
devtlb_table_cache_first(const struct devtlb_table_cache *cache,
			 enum devtlb_table_level level, struct devtlb_range range)
{
	if (cache->held == 0)
		return NULL;
	if (level == DEVTLB_TABLE_OF_4K)
		return devtlb_store_first(&cache->lowest, range);
	return first_of_upper(cache->upper[level], level, range);
}

/**
 * devtlb_table_cache_at() - the table of a level that maps an address
 * @cache: the cache
 * @level: of the table
 * @va: the address
 *
 * Context: the caller serialises.
 * Return: the table, or NULL.
 */
struct devtlb_translation *
devtlb_table_cache_at(const struct devtlb_table_cache *cache,
		      enum devtlb_table_level level, unsigned long va)
{
	struct devtlb_translation *table;

	if (level == DEVTLB_TABLE_OF_4K)
		return devtlb_store_lookup(&cache->lowest, va);
	table = cache->upper[level][devtlb_upper_slot(level, va)];
	if (!table || (table->va ^ va) >> devtlb_table_shift(level))
		return NULL;
	return table;
}

static struct devtlb_translation **
slot_of(struct devtlb_table_cache *cache, const struct devtlb_translation *table)
{
	enum devtlb_table_level level = devtlb_table_level_of(table->shift);

	return &cache->upper[level][devtlb_upper_slot(level, table->va)];
}

/**
 * devtlb_table_cache_in_the_way() - what has to go before a table can be inserted
 * @cache: the cache
 * @table: in no cache
 *
 * Context: the caller serialises.
 * Return: another table, or NULL.
 */
struct devtlb_translation *
devtlb_table_cache_in_the_way(struct devtlb_table_cache *cache,
			      const struct devtlb_translation *table)
{
	if (table->shift == DEVTLB_TABLE_SHIFT)
		return devtlb_store_first(&cache->lowest,
					  devtlb_translation_range(table));
	return *slot_of(cache, table);
}

/* The slot of @table holds @now; NULL for nothing. */
static void set_slot(struct devtlb_table_cache *cache,
		     const struct devtlb_translation *table,
		     struct devtlb_translation *now)
{
	enum devtlb_table_level level = devtlb_table_level_of(table->shift);
	u16 bit = 1U << devtlb_upper_slot(level, table->va);

	*slot_of(cache, table) = now;
	if (now)
		cache->upper_used[level] |= bit;
	else
		cache->upper_used[level] &= ~bit;
}

/**
 * devtlb_table_cache_insert() - add a table
 * @cache: nothing is in the way
 * @table: @va, @shift and the rest are set; in no cache
 * @supply: as of devtlb_store_insert()
 *
 * Context: the caller serialises. Does not allocate.
 * Return: 0, or as devtlb_store_insert().
 */
int devtlb_table_cache_insert(struct devtlb_table_cache *cache,
			      struct devtlb_translation *table,
			      struct devtlb_node_supply *supply)
{
	int err = 0;

	if (table->shift == DEVTLB_TABLE_SHIFT)
		err = devtlb_store_insert(&cache->lowest, table, supply);
	else
		set_slot(cache, table, table);
	if (!err)
		cache->held++;
	return err;
}

/**
 * devtlb_table_cache_remove() - take a table out
 * @cache: the cache
 * @table: is in it
 *
 * Context: the caller serialises. Neither allocates nor frees.
 */
void devtlb_table_cache_remove(struct devtlb_table_cache *cache,
			       struct devtlb_translation *table)
{
	if (table->shift == DEVTLB_TABLE_SHIFT)
		devtlb_store_remove(&cache->lowest, table);
	else
		set_slot(cache, table, NULL);
	cache->held--;
}
