/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_PASID_H
#define DEVTLB_PASID_H

#include <linux/kref.h>
#include <linux/mmu_notifier.h>
#include <linux/mutex.h>
#include <linux/xarray.h>

#include "device/atc.h"
#include "notifier/delivery.h"
#include "detect/finding.h"
#include "mutant/mutant.h"
#include "notifier/site.h"
#include "notifier/window.h"

struct devtlb_watch;
struct netlink_ext_ack;

/**
 * struct devtlb_binding - how an address space is bound
 * @pid: whose it is, in the initial PID namespace
 * @comm: that process's name
 * @fracture: hold large pages as 4K translations
 * @owner: netlink port of the socket that the PASID belongs to; 0 for a watch's
 * @watch: the watch that makes it, or NULL
 */
struct devtlb_binding {
	pid_t pid;
	const char *comm;
	bool fracture;
	u32 owner;
	struct devtlb_watch *watch;
};

/**
 * struct devtlb_pasid - one bound address space
 * @id: its number, unique until it is unbound
 * @ref: keeps the memory; the binding itself ends with devtlb_pasid_unbind()
 * @notifier: only ->invalidate_range and ->release (invariant 1)
 * @mm: bound address space; with mm_count, never mm_users
 * @by_mm: in the table of devtlb_pasids_of_mm()
 * @pid: whose it was when it was bound, in the initial PID namespace
 * @comm: the process's name then
 * @owner: netlink port of the socket that it belongs to (invariant 7); 0 for a
 *	watch's
 * @watch: the watch that made it, with a reference, or NULL
 * @released: ->release has returned: the address space is gone, or @unbound
 * @atc: device TLB
 * @site_log: what notified it
 * @mutants: what is done to its notifications
 * @delivery: how they reach @atc
 * @window: what is held open
 * @findings: what was found: @own_findings, or the watch's
 * @own_findings: what was found about this one; unused in a watch
 * @page_requests: faults handled for the device
 * @suppressed_stores: stores that containment held back
 * @zap_races: what looked like a breach of rule B while a flush was pending
 * @nr_threads: device threads that were not stopped
 * @jobs: serialises threads' coming and going, audits, unbinding
 * @unbound: no thread or audit may start, under @jobs
 * @threads: device threads by id, under @jobs
 */
struct devtlb_pasid {
	u32 id;
	struct kref ref;
	struct mmu_notifier notifier;
	struct mm_struct *mm;
	struct hlist_node by_mm;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	u32 owner;
	struct devtlb_watch *watch;
	bool released;
	struct devtlb_atc atc;
	struct devtlb_site_log site_log;
	struct devtlb_mutants mutants;
	struct devtlb_delivery delivery;
	struct devtlb_window window;
	struct devtlb_findings *findings;
	struct devtlb_findings own_findings;
	atomic64_t page_requests;
	atomic64_t suppressed_stores;
	atomic64_t zap_races;
	atomic_t nr_threads;
	struct mutex jobs;	/* threads, audits, unbinding: one at a time */
	bool unbound;
	struct xarray threads;
};

static inline struct devtlb_pasid *devtlb_pasid_of_atc(struct devtlb_atc *atc)
{
	return container_of(atc, struct devtlb_pasid, atc);
}

int devtlb_notifier_register(struct mmu_notifier *notifier,
			     struct mm_struct *mm);
struct devtlb_pasid *devtlb_pasid_bind(struct mm_struct *mm,
				       const struct devtlb_binding *binding,
				       struct netlink_ext_ack *extack);
void devtlb_pasid_unbind(struct devtlb_pasid *pasid);
void devtlb_pasid_unbind_owner(u32 owner);
void devtlb_pasid_unbind_all(void);

struct devtlb_pasid *devtlb_pasid_get(u32 id);
struct devtlb_pasid *devtlb_pasid_get_next(u32 *id);
void devtlb_pasid_put(struct devtlb_pasid *pasid);
void devtlb_pasids_of_mm(struct mm_struct *mm,
			 void (*fn)(struct devtlb_pasid *pasid, void *arg),
			 void *arg);
u32 devtlb_pasids_bound(void);

#endif /* DEVTLB_PASID_H */
