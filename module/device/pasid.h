/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_PASID_H
#define DEVTLB_PASID_H

#include <linux/mm_types.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/xarray.h>

#include "device/atc.h"
#include "device/registry.h"

/**
 * struct devtlb_pasid - one bound address space, as the device knows it
 * @object: its number, whose it is
 * @mm: bound address space; with mm_count, never mm_users
 * @pid: whose it was when it was bound, in the initial PID namespace
 * @comm: the process's name then
 * @released: ->release has returned: the address space is gone, or @unbound
 * @atc: device TLB
 * @page_requests: faults handled for the device
 * @suppressed_stores: stores that containment held back
 * @nr_threads: device threads that were not stopped
 * @jobs: serialises threads' coming and going, audits, mutants, unbinding
 * @unbound: no thread or audit may start, under @jobs
 * @threads: device threads by id, under @jobs
 */
struct devtlb_pasid {
	struct devtlb_object object;
	struct mm_struct *mm;
	pid_t pid;
	char comm[TASK_COMM_LEN];
	bool released;
	struct devtlb_atc atc;
	atomic64_t page_requests;
	atomic64_t suppressed_stores;
	atomic_t nr_threads;
	struct mutex jobs;	/* threads, audits, unbinding: one at a time */
	bool unbound;
	struct xarray threads;
};

static inline struct devtlb_pasid *devtlb_pasid_of_atc(struct devtlb_atc *atc)
{
	return container_of(atc, struct devtlb_pasid, atc);
}

int devtlb_pasid_init(struct devtlb_pasid *pasid, struct mm_struct *mm,
		      bool fracture);
void devtlb_pasid_destroy(struct devtlb_pasid *pasid);

#endif /* DEVTLB_PASID_H */
