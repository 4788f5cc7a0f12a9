/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_VISIT_H
#define DEVTLB_VISIT_H

#include "device/range.h"

struct devtlb_atc;
struct devtlb_translation;

/* Called for a translation that overlaps the range, at its first address there. */
typedef void (*devtlb_visit_fn)(struct devtlb_translation *translation,
				unsigned long at, void *arg);

void devtlb_atc_visit(struct devtlb_atc *atc, struct devtlb_range range,
		      devtlb_visit_fn fn, void *arg);

#endif /* DEVTLB_VISIT_H */
