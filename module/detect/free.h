/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_FREE_H
#define DEVTLB_DETECT_FREE_H

struct devtlb_probe;

extern struct devtlb_probe devtlb_probe_page_free;
extern struct devtlb_probe devtlb_probe_hugetlb_free;

#endif /* DEVTLB_DETECT_FREE_H */
