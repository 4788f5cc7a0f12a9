/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_AUDIT_H
#define DEVTLB_DETECT_AUDIT_H

#include <linux/types.h>

#include "device/range.h"

struct devtlb_pasid;

/**
 * struct devtlb_audit - the result of an audit
 * @held: translations compared
 * @tables: page-table pages of the page-walk cache compared
 * @breaches: of both, those that breach rule D
 * @suspects: private: of both, those that looked wrong at the last look
 * @lasting: private: of them, those that had looked wrong before
 * @exempt: read-only translations of another page with equal bytes
 */
struct devtlb_audit {
	u64 held;
	u64 tables;
	u64 breaches;
	u64 suspects;
	u64 lasting;
	u64 exempt;
};

#define DEVTLB_SUSPECTS_MAX	64

/**
 * struct devtlb_suspect - what looked wrong at a glance
 * @va: an address in it
 * @cache: enum devtlb_cache
 */
struct devtlb_suspect {
	unsigned long va;
	u8 cache;
};

/**
 * struct devtlb_glance - a look at all that is cached, which proves nothing
 * @rest: what is left to look at, in @cache
 * @cache: enum devtlb_cache
 * @wrong: what looked wrong
 * @lasting: of that, what looked wrong at the last glance, too
 * @suspect: the first ones of those
 * @nr_suspects: how many are there
 */
struct devtlb_glance {
	struct devtlb_range rest;
	unsigned int cache;
	u64 wrong;
	u64 lasting;
	struct devtlb_suspect suspect[DEVTLB_SUSPECTS_MAX];
	unsigned int nr_suspects;
};

bool devtlb_audit_glance(struct devtlb_pasid *pasid,
			 struct devtlb_glance *glance, unsigned int max);
bool devtlb_audit_suspects(struct devtlb_pasid *pasid,
			   const struct devtlb_glance *glance);
void devtlb_audit_exit(struct devtlb_pasid *pasid);
int devtlb_audit(struct devtlb_pasid *pasid, struct devtlb_audit *audit);

#endif /* DEVTLB_DETECT_AUDIT_H */
