/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_SWITCH_H
#define DEVTLB_DETECT_SWITCH_H

#include <linux/types.h>

struct devtlb_atc;
struct devtlb_page;
struct devtlb_translation;

/**
 * struct devtlb_load - a load that was just made through a translation
 * @got: what it returned
 * @by: the device thread
 */
struct devtlb_load {
	u64 got;
	u32 by;
};

void devtlb_detect_switch(struct devtlb_atc *atc,
			  struct devtlb_translation *translation,
			  unsigned long va, const struct devtlb_page *page,
			  const struct devtlb_load *load);
bool devtlb_same_bytes(unsigned long pfn, unsigned long other_pfn);

#endif /* DEVTLB_DETECT_SWITCH_H */
