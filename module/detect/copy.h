/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_COPY_H
#define DEVTLB_DETECT_COPY_H

#include <linux/mm_types.h>

struct devtlb_probe;

bool devtlb_maps_copy(struct mm_struct *mm, unsigned long va,
		      unsigned long pfn, unsigned long copy);

extern struct devtlb_probe devtlb_probe_folio_copy;
extern struct devtlb_probe devtlb_probe_folio_mc_copy;
extern struct devtlb_probe devtlb_probe_hugetlb_cow;
extern struct devtlb_probe devtlb_probe_wp_fault;
extern struct devtlb_probe devtlb_probe_cow_copy;

#endif /* DEVTLB_DETECT_COPY_H */
