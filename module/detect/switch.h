/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_DETECT_SWITCH_H
#define DEVTLB_DETECT_SWITCH_H

#include <linux/types.h>

#include "device/hooks.h"

struct devtlb_notification;
struct devtlb_page;
struct devtlb_probe;
struct devtlb_translation;

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
