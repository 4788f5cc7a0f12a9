/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_TABLE_CACHE_H
#define DEVTLB_TABLE_CACHE_H

#include "device/store.h"
#include "device/table_level.h"

/* Of each level but the lowest, as many tables as processors remember, or more. */
#define DEVTLB_UPPER_SLOTS	16

/**
 * struct devtlb_table_cache - where the page-table pages of a PASID are
 * @lowest: of DEVTLB_TABLE_OF_4K, without limit: one for each 2M of memory
 * @upper: of each level after it, one for each address, modulo the slots
 * @upper_used: of each level, a bit for each slot that has one
 * @held: tables in it, of all levels
 *
 * A table is a struct devtlb_translation with @table set, of the memory that it
 * maps. Whoever uses the cache holds the ATC's lock.
 */
struct devtlb_table_cache {
	struct devtlb_store lowest;
	struct devtlb_translation *upper[DEVTLB_TABLE_LEVELS][DEVTLB_UPPER_SLOTS];
	u16 upper_used[DEVTLB_TABLE_LEVELS];
	unsigned long held;
};

static inline unsigned int devtlb_upper_slot(enum devtlb_table_level level,
					     unsigned long va)
{
	return (va >> devtlb_table_shift(level)) % DEVTLB_UPPER_SLOTS;
}

/*
 * Can there be a table of an upper level in a range? For those who ask often, and
 * mostly of a few pages.
 */
static inline bool
devtlb_table_cache_may_have(const struct devtlb_table_cache *cache,
			    enum devtlb_table_level level,
			    struct devtlb_range range)
{
	unsigned int shift = devtlb_table_shift(level);
	u16 used = cache->upper_used[level];

	if (!used)
		return false;
	if (range.start >> shift != range.last >> shift)
		return true;
	return used & (1U << devtlb_upper_slot(level, range.start));
}

int devtlb_table_cache_init(struct devtlb_table_cache *cache);
void devtlb_table_cache_destroy(struct devtlb_table_cache *cache);

struct devtlb_translation *
devtlb_table_cache_first(const struct devtlb_table_cache *cache,
			 enum devtlb_table_level level, struct devtlb_range range);
struct devtlb_translation *
devtlb_table_cache_at(const struct devtlb_table_cache *cache,
		      enum devtlb_table_level level, unsigned long va);
struct devtlb_translation *
devtlb_table_cache_in_the_way(struct devtlb_table_cache *cache,
			      const struct devtlb_translation *table);
int devtlb_table_cache_insert(struct devtlb_table_cache *cache,
			      struct devtlb_translation *table,
			      struct devtlb_node_supply *supply);
void devtlb_table_cache_remove(struct devtlb_table_cache *cache,
			       struct devtlb_translation *table);

#endif /* DEVTLB_TABLE_CACHE_H */
