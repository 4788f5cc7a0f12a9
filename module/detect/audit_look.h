/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_AUDIT_LOOK_H
#define DEVTLB_DETECT_AUDIT_LOOK_H

#include <linux/types.h>

#include "detect/audit.h"
#include "device/atc.h"
#include "device/range.h"

struct devtlb_pasid;

/**
 * enum devtlb_audit_look - which look at a cached entry it is, in an audit
 * @DEVTLB_GLANCE: a mirror's; or the first one at the exit
 * @DEVTLB_FIRST_LOOK: an audit's first one, at all
 * @DEVTLB_LOOK_AGAIN: at those that looked wrong
 * @DEVTLB_LAST_LOOK: at those that looked wrong: what is still so breaches rule D
 * @DEVTLB_LOOK_AT_OUTLIVING: the only one after ->release
 */
enum devtlb_audit_look {
	DEVTLB_GLANCE,
	DEVTLB_FIRST_LOOK,
	DEVTLB_LOOK_AGAIN,
	DEVTLB_LAST_LOOK,
	DEVTLB_LOOK_AT_OUTLIVING,
};

bool devtlb_audit_look_at_next(struct devtlb_pasid *pasid,
			       enum devtlb_audit_look look,
			       enum devtlb_cache cache,
			       struct devtlb_range *rest,
			       struct devtlb_audit *audit);
void devtlb_audit_look_at_all(struct devtlb_pasid *pasid,
			      enum devtlb_audit_look look,
			      struct devtlb_audit *audit);

#endif /* DEVTLB_DETECT_AUDIT_LOOK_H */
