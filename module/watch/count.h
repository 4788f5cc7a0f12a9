/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_COUNT_H
#define DEVTLB_COUNT_H

#include <linux/types.h>

struct devtlb_pasid;
struct devtlb_process;
struct devtlb_site_count;
struct devtlb_watch;
struct devtlb_watch_count;

void devtlb_watch_count(struct devtlb_watch *watch,
			struct devtlb_watch_count *count);
void devtlb_watch_count_site(struct devtlb_watch *watch, u16 site,
			     struct devtlb_site_count *count);
void devtlb_watch_keep_counts(struct devtlb_watch *watch,
			      const struct devtlb_process *process,
			      struct devtlb_pasid *pasid);

#endif /* DEVTLB_COUNT_H */
