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
 * @jobs: serialises threads' coming and going, audits, mutants, unbinding; see
 *	devtlb_pasid_lock()
 * @jobs_lock: protects the next two
 * @holder: who has @jobs and is to be killed by an unbinding, or NULL
 * @unbound: nobody gets @jobs any more
 * @threads: device threads by id, changed under @jobs
 * @next_thread: number of the next one, perhaps; under @jobs
 * @nr_stopped: of @threads, those that were stopped; under @jobs
 * @threads_forgotten: stopped threads that are no longer in @threads; under
 *	@jobs
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
	spinlock_t jobs_lock;	/* protects holder and unbound */
	struct task_struct *holder;
	bool unbound;
	struct xarray threads;
	u32 next_thread;
	unsigned int nr_stopped;
	u64 threads_forgotten;
};

static inline struct devtlb_pasid *devtlb_pasid_of_atc(struct devtlb_atc *atc)
{
	return container_of(atc, struct devtlb_pasid, atc);
}

int devtlb_pasid_init(struct devtlb_pasid *pasid, struct mm_struct *mm,
		      bool fracture);
void devtlb_pasid_destroy(struct devtlb_pasid *pasid);
int devtlb_pasid_lock(struct devtlb_pasid *pasid);
void devtlb_pasid_unlock(struct devtlb_pasid *pasid);
void devtlb_pasid_lock_for_good(struct devtlb_pasid *pasid);

#endif /* DEVTLB_PASID_H */
