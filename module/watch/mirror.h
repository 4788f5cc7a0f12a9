/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_MIRROR_H
#define DEVTLB_MIRROR_H

#include <linux/types.h>

#include "device/atc.h"
#include "detect/audit.h"

struct devtlb_pasid;

#define DEVTLB_FAULTS_MAX	256

/**
 * struct devtlb_mirror_count - what mirroring came to
 * @present: present 4K pages that sweeps met, each time
 * @mirrored: of them, those of which a translation was held already
 * @not_mirrored: of them, those that were not filled for want of room
 * @sweeps: sweeps that were completed
 * @prefetches: translations filled because a fault was seen
 * @audits: audits that glances gave reason for
 */
struct devtlb_mirror_count {
	u64 present;
	u64 mirrored;
	u64 not_mirrored;
	u64 sweeps;
	u64 prefetches;
	u64 audits;
};

/**
 * struct devtlb_mirror - how far the mirror of one PASID is
 * @user: whoever mirrors, as the ATC sees it
 * @write: ask for writable translations of clean pages, too
 * @cursor: where the sweep goes on; 0 between two sweeps
 * @swept: end of the last sweep, in jiffies
 * @quiet: without a sign of change, for how long no other one begins, in jiffies
 * @seen_notifications: how many had come when the sweep began
 * @seen_faults: up to which fault @fault was looked at
 * @nr_faults: how many were put into @fault
 * @fault: where faults began, a ring; an entry that was overwritten is found by
 *	the next sweep
 * @glance: the glance that is under way
 * @next_glance: when to begin one, in jiffies
 * @next_audit: no audit before, in jiffies
 * @audit_every: not more frequently than that, in jiffies
 * @wrong: the last glance found something
 * @suspicious: glances in a row that found what lasts
 * @count: what it came to
 *
 * All but @nr_faults and @fault belong to one thread; others read @count.
 */
struct devtlb_mirror {
	struct devtlb_atc_user user;
	bool write;
	unsigned long cursor;
	unsigned long swept;
	unsigned long quiet;
	u64 seen_notifications;
	unsigned int seen_faults;
	atomic_t nr_faults;
	unsigned long fault[DEVTLB_FAULTS_MAX];
	struct devtlb_glance glance;
	unsigned long next_glance;
	unsigned long next_audit;
	unsigned long audit_every;
	bool wrong;
	unsigned int suspicious;
	struct devtlb_mirror_count count;
};

void devtlb_mirror_init(struct devtlb_mirror *mirror,
			struct devtlb_pasid *pasid, bool write);
void devtlb_mirror_note_fault(struct devtlb_mirror *mirror, unsigned long va);
bool devtlb_mirror_is_quiet(const struct devtlb_mirror *mirror,
			    struct devtlb_pasid *pasid);
void devtlb_mirror_run(struct devtlb_mirror *mirror, struct devtlb_pasid *pasid,
		       struct devtlb_atc_supply *supply, u64 *room);

#endif /* DEVTLB_MIRROR_H */
