/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_ACCESS_H
#define DEVTLB_ACCESS_H

#include <linux/types.h>

struct devtlb_atc;
struct devtlb_atc_user;

/**
 * struct devtlb_access - a load or a store of eight bytes
 * @va: address, aligned to eight
 * @value: what to store; what was loaded
 * @write: it is a store
 * @check: compare with the page table
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

enum devtlb_access_result devtlb_atc_access(struct devtlb_atc *atc,
					    struct devtlb_atc_user *user,
					    struct devtlb_access *access);

#endif /* DEVTLB_ACCESS_H */
