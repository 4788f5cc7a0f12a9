/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_ATC_H
#define DEVTLB_ATC_H

#include <linux/list.h>
#include <linux/mm_types.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include "device/range.h"
#include "device/store.h"
#include "device/translation.h"

/**
 * struct devtlb_atc - the device TLB of one PASID
 * @mm: address space; the owner holds mm_count, never mm_users
 * @fracture: hold large pages as 4K translations, as PCIe ATS allows
 * @guard_stores: make no store that the page table does not grant: set with a
 *	mutant
 * @defects: bits of enum devtlb_mutant: mutants of the device itself
 * @lock: see the table in atc.c
 * @store: the translations
 * @tables: the page-walk cache: for each piece of memory, the page-table page
 *	that its pages are mapped by. Accesses never use it: it is there for
 *	rule A, which holds for what a page walker may still read, too
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
	struct devtlb_store tables;
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
 * struct devtlb_fill_supply - what an insertion needs and must not allocate
 * @nodes: for the store
 * @spare: the translation
 */
struct devtlb_fill_supply {
	struct devtlb_node_supply nodes;
	struct devtlb_translation *spare;
};

/**
 * struct devtlb_atc_supply - what a fill needs; whoever fills has one
 * @page: for the translation
 * @table: for the page-walk cache
 */
struct devtlb_atc_supply {
	struct devtlb_fill_supply page;
	struct devtlb_fill_supply table;
};

/**
 * struct devtlb_atc_user - a device thread, as the ATC sees it
 * @entry: in devtlb_atc.users
 * @accessing: odd while an access is in flight; only its own thread writes it
 * @walking: odd while a fill is in flight; likewise
 * @id: the thread; 0 for the mirror
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
 * struct devtlb_notification - a notification, as it reaches the device
 * @range: what it is about
 * @site: where it came from; DEVTLB_NO_SITE for none of the kernel's
 * @tables_held: the page tables of @range can be read: see devtlb_look()
 * @under_lock: preemption is off, as under the page-table lock
 */
struct devtlb_notification {
	struct devtlb_range range;
	u16 site;
	bool tables_held;
	bool under_lock;
};

/* A notification of no kernel function: everything dies. */
#define DEVTLB_INVALIDATE_ALL						\
	(&(struct devtlb_notification) { .range = DEVTLB_ALL_ADDRESSES })

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
 *	longer has that page there, or, where stores are guarded, may not write
 *	to it
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
void devtlb_atc_supply_free(struct devtlb_atc_supply *supply);

int devtlb_atc_fill(struct devtlb_atc *atc, struct devtlb_atc_user *user,
		    unsigned long va, bool write);
enum devtlb_access_result devtlb_atc_access(struct devtlb_atc *atc,
					    struct devtlb_atc_user *user,
					    struct devtlb_access *access);

void devtlb_atc_invalidate(struct devtlb_atc *atc,
			   const struct devtlb_notification *notification);
u64 devtlb_atc_note_withheld(struct devtlb_atc *atc,
			     const struct devtlb_notification *notification,
			     u64 *stale);
void devtlb_atc_close(struct devtlb_atc *atc, bool keep);
void devtlb_atc_guard_stores(struct devtlb_atc *atc);
void devtlb_atc_add_defect(struct devtlb_atc *atc, unsigned int mutant);
bool devtlb_atc_has_defect(const struct devtlb_atc *atc, unsigned int mutant);
void devtlb_atc_drain(struct devtlb_atc *atc);

void devtlb_atc_kill(struct devtlb_translation *translation,
		     struct devtlb_translation **dying);
void devtlb_atc_recycle(struct devtlb_atc *atc,
			struct devtlb_translation *dying);

#endif /* DEVTLB_ATC_H */
