/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_ATC_H
#define DEVTLB_ATC_H

#include <linux/bits.h>
#include <linux/compiler.h>
#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "device/notification.h"
#include "device/store.h"
#include "device/supply.h"
#include "device/table_cache.h"
#include "device/translation.h"
#include "devtlb.h"

/**
 * struct devtlb_atc - the device TLB of one PASID
 * @mm: address space; the owner holds mm_count, never mm_users
 * @fracture: hold large pages as 4K translations, as PCIe ATS allows
 * @guard_stores: make no store that the page table does not grant: set with a
 *	mutant
 * @defects: bits of enum devtlb_mutant: mutants of the device itself
 * @lock: see the table in atc.c
 * @store: the translations
 * @tables: the page-walk cache: for each piece of memory, the page-table pages
 *	that it is mapped by. Accesses never use it: see tables.c
 * @invalidate_seq: +1 for each invalidation; fences fills
 * @closed: after ->release: no walk may begin, no fill be installed
 * @draining: translations that were killed, and may still be accessed through
 * @spare: translations whose memory can be used again
 * @unacknowledged: translations that were killed, and that accesses may hold for
 *	which DEVTLB_MUTANT_EARLY_ACK did not wait
 * @users: device threads that may access through it, for draining (RCU)
 * @fills: translations filled
 * @fill_retries: fills that an invalidation overtook
 * @invalidated: translations removed by invalidations
 */
struct devtlb_atc {
	struct mm_struct *mm;
	bool fracture;
	bool guard_stores;
	unsigned long defects;
	raw_spinlock_t lock;
	struct devtlb_store store;
	struct devtlb_table_cache tables;
	unsigned long invalidate_seq;
	bool closed;
	unsigned int draining;
	struct devtlb_translation *spare;
	struct devtlb_translation *unacknowledged;
	struct list_head users;
	u64 fills;
	u64 fill_retries;
	u64 invalidated;
};

/**
 * struct devtlb_atc_user - a device thread, as the ATC sees it
 * @entry: in devtlb_atc.users
 * @accessing: odd while an access is in flight; only its own thread writes it
 * @walking: odd while a fill is in flight; likewise
 * @id: the thread; 0 for the mirror and for a prefetch
 * @supply: for the next fill
 */
struct devtlb_atc_user {
	struct list_head entry;
	unsigned long accessing;
	unsigned long walking;
	u32 id;
	struct devtlb_atc_supply supply;
};

/**
 * enum devtlb_cache - the caches of an ATC
 * @DEVTLB_CACHE_PAGES: the translations
 * @DEVTLB_CACHE_TABLES: the page-walk cache, its lowest level; those above it
 *	follow
 * @DEVTLB_NR_CACHES: how many there are
 */
enum devtlb_cache {
	DEVTLB_CACHE_PAGES,
	DEVTLB_CACHE_TABLES,
	DEVTLB_NR_CACHES = DEVTLB_CACHE_TABLES + DEVTLB_TABLE_LEVELS,
};

/**
 * devtlb_atc_first() - the lowest of what a cache has of a range
 * @atc: the ATC; atc->lock is held
 * @cache: which cache
 * @range: any
 *
 * Return: it, or NULL.
 */
static inline struct devtlb_translation *
devtlb_atc_first(const struct devtlb_atc *atc, enum devtlb_cache cache,
		 struct devtlb_range range)
{
	if (cache == DEVTLB_CACHE_PAGES)
		return devtlb_store_first(&atc->store, range);
	if (cache == DEVTLB_CACHE_TABLES)
		return devtlb_store_first(&atc->tables.lowest, range);
	return devtlb_table_cache_first(&atc->tables, cache - DEVTLB_CACHE_TABLES,
					range);
}

int devtlb_atc_init(struct devtlb_atc *atc, struct mm_struct *mm, bool fracture);
void devtlb_atc_destroy(struct devtlb_atc *atc);

void devtlb_atc_add_user(struct devtlb_atc *atc, struct devtlb_atc_user *user);
void devtlb_atc_remove_user(struct devtlb_atc *atc,
			    struct devtlb_atc_user *user);
void devtlb_atc_add_defect(struct devtlb_atc *atc, unsigned int mutant);

/**
 * devtlb_atc_has_defect() - does the device have a defect?
 * @atc: the ATC
 * @mutant: enum devtlb_mutant
 *
 * Return: true if it does.
 */
static inline bool devtlb_atc_has_defect(const struct devtlb_atc *atc,
					 unsigned int mutant)
{
	return READ_ONCE(atc->defects) & BIT(mutant);
}

#endif /* DEVTLB_ATC_H */
