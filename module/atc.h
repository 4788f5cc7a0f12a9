/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_ATC_H
#define DEVTLB_ATC_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "range.h"
#include "store.h"
#include "translation.h"

/**
 * struct devtlb_atc - the device TLB of one PASID
 * @mm: address space; the owner holds mm_count, never mm_users
 * @fracture: hold large pages as 4K translations, as PCIe ATS allows
 * @guard_stores: make no store that the page table does not grant: set with a
 *	mutant
 * @lock: see the table in atc.c
 * @store: the translations
 * @invalidate_seq: +1 for each invalidation; fences fills
 * @closed: after ->release: no walk may begin, no fill be installed
 * @draining: translations that were killed, and may still be accessed through
 * @spare: translations whose memory can be used again
 * @users: device threads that may access through it, for draining (RCU)
 * @fills: translations filled
 * @fill_retries: fills that an invalidation overtook
 * @invalidated: translations removed by invalidations
 */
struct devtlb_atc {
	struct mm_struct *mm;
	bool fracture;
	bool guard_stores;
	raw_spinlock_t lock;
	struct devtlb_store store;
	unsigned long invalidate_seq;
	bool closed;
	unsigned int draining;
	struct devtlb_translation *spare;
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
 * @id: the thread
 * @nodes: what the next fill may need
 * @spare: what the next fill will need
 */
struct devtlb_atc_user {
	struct list_head entry;
	unsigned long accessing;
	unsigned long walking;
	u32 id;
	struct devtlb_node_supply nodes;
	struct devtlb_translation *spare;
};

/**
 * struct devtlb_access - a load or a store of eight bytes
 * @va: address, aligned to eight
 * @value: what to store; what was loaded
 * @write: it is a store
 * @check: compare with the page table (rule B)
 */
struct devtlb_access {
	unsigned long va;
	u64 value;
	bool write;
	bool check;
};

/**
 * enum devtlb_access_result - what became of an access
 * @DEVTLB_ACCESS_DONE: made
 * @DEVTLB_ACCESS_MISS: no translation grants it: fill, then try again
 * @DEVTLB_ACCESS_SUPPRESSED: containment held a store back: the process no
 *	longer has that page there
 * @DEVTLB_ACCESS_POISONED: the frame can't be reached (secret or bad memory)
 */
enum devtlb_access_result {
	DEVTLB_ACCESS_DONE,
	DEVTLB_ACCESS_MISS,
	DEVTLB_ACCESS_SUPPRESSED,
	DEVTLB_ACCESS_POISONED,
};

int devtlb_atc_module_init(void);
void devtlb_atc_module_exit(void);

int devtlb_atc_init(struct devtlb_atc *atc, struct mm_struct *mm, bool fracture);
void devtlb_atc_destroy(struct devtlb_atc *atc);

void devtlb_atc_add_user(struct devtlb_atc *atc, struct devtlb_atc_user *user);
void devtlb_atc_remove_user(struct devtlb_atc *atc,
			    struct devtlb_atc_user *user);
void devtlb_atc_free_user(struct devtlb_atc_user *user);

int devtlb_atc_fill(struct devtlb_atc *atc, struct devtlb_atc_user *user,
		    unsigned long va, bool write);
enum devtlb_access_result devtlb_atc_access(struct devtlb_atc *atc,
					    struct devtlb_atc_user *user,
					    struct devtlb_access *access);

void devtlb_atc_invalidate(struct devtlb_atc *atc, struct devtlb_range range);
void devtlb_atc_note_dropped(struct devtlb_atc *atc, struct devtlb_range range,
			     u16 site);
void devtlb_atc_close(struct devtlb_atc *atc, bool keep);
void devtlb_atc_guard_stores(struct devtlb_atc *atc);
void devtlb_atc_drain(struct devtlb_atc *atc);

void devtlb_atc_kill(struct devtlb_translation *translation,
		     struct devtlb_translation **dying);
void devtlb_atc_recycle(struct devtlb_atc *atc,
			struct devtlb_translation *dying);

#endif /* DEVTLB_ATC_H */
