/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_SWITCH_H
#define DEVTLB_DETECT_SWITCH_H

#include <linux/types.h>

struct devtlb_notification;
struct devtlb_page;
struct devtlb_probe;
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

/**
 * enum devtlb_sighting - where a switch is seen
 * @DEVTLB_IN_ACCESS: in an access through the translation
 * @DEVTLB_IN_FILL: in a fill, with atc->lock held
 * @DEVTLB_IN_KERNEL: in a callback or probe, with atc->lock held: the stack is
 *	that of the kernel function that switched the entry, or told so too late
 */
enum devtlb_sighting {
	DEVTLB_IN_ACCESS,
	DEVTLB_IN_FILL,
	DEVTLB_IN_KERNEL,
};

void devtlb_detect_switch(struct devtlb_translation *translation,
			  unsigned long va, const struct devtlb_page *page,
			  enum devtlb_sighting sighting,
			  const struct devtlb_load *load);
void devtlb_detect_late(struct devtlb_translation *translation,
			const struct devtlb_notification *notification);
bool devtlb_same_bytes(unsigned long pfn, unsigned long other_pfn);

extern struct devtlb_probe devtlb_probe_new_anon_rmap;
extern struct devtlb_probe devtlb_probe_anon_rmap;
extern struct devtlb_probe devtlb_probe_anon_rmap_pmd;
extern struct devtlb_probe devtlb_probe_hugetlb_rmap;
extern struct devtlb_probe devtlb_probe_remove_migration;

#endif /* DEVTLB_DETECT_SWITCH_H */
