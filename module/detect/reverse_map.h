/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_REVERSE_MAP_H
#define DEVTLB_REVERSE_MAP_H

#include <linux/types.h>

#include "device/hooks.h"
#include "device/translation.h"

/* Called for a translation that covers @pfn; may ..._unlink() it. */
typedef void (*devtlb_reverse_map_fn)(struct devtlb_translation *translation,
				      unsigned long pfn, void *arg);

int devtlb_reverse_map_init(void);
void devtlb_reverse_map_exit(void);

int devtlb_reverse_map_supply(struct devtlb_filing *filing);
void devtlb_reverse_map_unsupply(struct devtlb_filing *filing);
void devtlb_reverse_map_add(struct devtlb_translation *translation,
			    struct devtlb_filing *filing);
void devtlb_reverse_map_del(struct devtlb_translation *translation);
void devtlb_reverse_map_unlink(struct devtlb_translation *translation);
bool devtlb_reverse_map_has_near(unsigned long pfn);
void devtlb_reverse_map_visit(unsigned long first_pfn, unsigned long nr,
			      devtlb_reverse_map_fn fn, void *arg);
u64 devtlb_reverse_map_held(void);

#endif /* DEVTLB_REVERSE_MAP_H */
