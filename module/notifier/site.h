/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SITE_H
#define DEVTLB_SITE_H

#include <linux/spinlock.h>
#include <linux/types.h>

#include "devtlb.h"
#include "device/notification.h"
#include "device/range.h"

/* Site 1 stands for all that found no room in the table. */
#define DEVTLB_SITE_OVERFLOW	1
/* Fewer in a test's build. */
#ifndef DEVTLB_SITES_MAX
#define DEVTLB_SITES_MAX	512
#endif
#define DEVTLB_RECENT_MAX	128

/**
 * struct devtlb_site_count - what one site told
 * @count: notifications
 * @withheld: of them withheld from the device by a mutant
 * @under_lock: of them with preemption off
 * @smallest: bytes of the smallest range
 * @largest: bytes of the largest range; U64_MAX for a full flush
 * @survived: translations that lived on because it was withheld
 * @stale: of those, translations that were wider than the page table already
 * @right: of those, translations that proved right: see account.c for this and
 *	the next three
 * @covered: of those, translations that another site's notification removed
 * @late: of those, translations that the notification removed after all
 * @again: of those, translations that another site's was withheld from next
 * @retired: translations that its notifications removed in the last operation
 *	and that the page table did not grant any more: see operation.c; of one
 *	PASID, never merged
 * @covered_by: the site that removed the last of @covered
 */
struct devtlb_site_count {
	u64 count;
	u64 withheld;
	u64 under_lock;
	u64 smallest;
	u64 largest;
	u64 survived;
	u64 stale;
	u64 right;
	u64 covered;
	u64 late;
	u64 again;
	u64 retired;
	u16 covered_by;
};

/* One notification, as it is remembered for a while. */
struct devtlb_recent {
	struct devtlb_range range;
	u16 site;
};

/**
 * struct devtlb_site_log - the notifications of one PASID
 * @lock: protects all of it; taken inside atc->lock and bucket locks, or alone
 * @count: by site
 * @recent: the last ones, a ring
 * @nr_recent: how many were ever put into it
 * @nr: notifications
 * @withheld: of them withheld from the device by a mutant
 * @empty: of them with an empty range
 * @operation: the memory of which operation.c counts what is retired
 * @in_operation: while it does
 * @before_operation: @nr_recent when it began
 */
struct devtlb_site_log {
	raw_spinlock_t lock;
	struct devtlb_site_count *count;
	struct devtlb_recent recent[DEVTLB_RECENT_MAX];
	u64 nr_recent;
	u64 nr;
	u64 withheld;
	u64 empty;
	struct devtlb_range operation;
	bool in_operation;
	u64 before_operation;
};

int devtlb_sites_init(void);
void devtlb_sites_exit(void);

u16 devtlb_site_here(void);
u64 devtlb_stacks_unwound(void);
const char *devtlb_site_chain(u16 site);
bool devtlb_site_has_functions(u16 site, const char *functions);
u16 devtlb_sites_known(void);

int devtlb_site_log_init(struct devtlb_site_log *log);
void devtlb_site_log_destroy(struct devtlb_site_log *log);
void devtlb_site_log_add(struct devtlb_site_log *log, u16 site,
			 unsigned long start, unsigned long end,
			 bool under_lock, bool withheld);
u16 devtlb_site_log_last(struct devtlb_site_log *log,
			 struct devtlb_range range);
struct devtlb_recent devtlb_site_log_nearest(struct devtlb_site_log *log,
					     struct devtlb_range range);
void devtlb_site_log_get(struct devtlb_site_log *log, u16 site,
			 struct devtlb_site_count *count);
void devtlb_site_count_merge(struct devtlb_site_count *into,
			     const struct devtlb_site_count *from);
void devtlb_site_total(u16 site, struct devtlb_site_count *count);

#endif /* DEVTLB_SITE_H */
