/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_AUDIT_H
#define DEVTLB_DETECT_AUDIT_H

#include <linux/types.h>

#include "range.h"

struct devtlb_pasid;

/**
 * struct devtlb_audit - the result of an audit
 * @held: translations compared
 * @breaches: translations that breach rule D
 * @suspects: private: translations that looked wrong at the last look
 * @exempt: read-only translations of another page with equal bytes
 */
struct devtlb_audit {
	u64 held;
	u64 breaches;
	u64 suspects;
	u64 exempt;
};

bool devtlb_audit_glance(struct devtlb_pasid *pasid, struct devtlb_range *rest,
			 unsigned int max, u64 *suspects);
int devtlb_audit(struct devtlb_pasid *pasid, struct devtlb_audit *audit);

#endif /* DEVTLB_DETECT_AUDIT_H */
