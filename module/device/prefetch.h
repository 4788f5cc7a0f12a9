/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_PREFETCH_H
#define DEVTLB_PREFETCH_H

#include <linux/types.h>

#include "device/range.h"
#include "device/walk.h"

struct devtlb_atc;
struct devtlb_atc_user;
struct devtlb_pasid;

/**
 * enum devtlb_presence - what an address has for a device that faults nothing in
 * @DEVTLB_CLOSED: the address space is gone
 * @DEVTLB_HOLE: no present page
 * @DEVTLB_NOT_HELD: a page, of which a fill would give more than is held
 * @DEVTLB_HELD: a page, and the translation that there is to have
 */
enum devtlb_presence {
	DEVTLB_CLOSED,
	DEVTLB_HOLE,
	DEVTLB_NOT_HELD,
	DEVTLB_HELD,
};

/**
 * struct devtlb_prefetch - a prefetch, and what it came to, in 4K pages
 * @range: where
 * @write: ask for writable translations of whatever is writable, which dirties
 *	pages
 * @again: let go of what is held, and fill it once more
 * @present: present pages that it met
 * @held: of them, those of which a translation was held already
 * @filled: of them, those of which one was filled
 */
struct devtlb_prefetch {
	struct devtlb_range range;
	bool write;
	bool again;
	u64 present;
	u64 held;
	u64 filled;
};

enum devtlb_presence devtlb_prefetch_look(struct devtlb_atc *atc,
					  struct devtlb_atc_user *user,
					  unsigned long va, bool write,
					  struct devtlb_page *page);
int devtlb_prefetch(struct devtlb_pasid *pasid,
		    struct devtlb_prefetch *prefetch);

#endif /* DEVTLB_PREFETCH_H */
