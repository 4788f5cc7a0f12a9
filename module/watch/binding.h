/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_BINDING_H
#define DEVTLB_BINDING_H

#include "detect/subject.h"
#include "mutant/mutant.h"

struct netlink_ext_ack;

/**
 * struct devtlb_binding_spec - how an address space is bound
 * @pid: whose it is, in the initial PID namespace
 * @comm: that process's name
 * @fracture: hold large pages as 4K translations
 * @owner: number of whom the PASID belongs to; 0 for a watch's
 * @watch: number of the watch that makes it, or 0
 * @findings: where what is found goes; NULL for findings of its own
 * @dont_wait: give up with -EAGAIN rather than wait for the mmap_lock
 */
struct devtlb_binding_spec {
	pid_t pid;
	const char *comm;
	bool fracture;
	u32 owner;
	u32 watch;
	struct devtlb_findings *findings;
	bool dont_wait;
};

/**
 * struct devtlb_binding - a PASID with all that belongs to it
 * @subject: what the detectors see, and the PASID itself
 * @mutants: what is done to its notifications
 * @watch: number of the watch that made it, or 0
 */
struct devtlb_binding {
	struct devtlb_subject subject;
	struct devtlb_mutants mutants;
	u32 watch;
};

static inline struct devtlb_binding *
devtlb_binding_of(struct devtlb_pasid *pasid)
{
	return container_of(devtlb_subject_of(pasid), struct devtlb_binding,
			    subject);
}

struct devtlb_pasid *devtlb_bind(struct mm_struct *mm,
				 const struct devtlb_binding_spec *spec,
				 struct netlink_ext_ack *extack);
void devtlb_unbind(struct devtlb_pasid *pasid);
void devtlb_unbind_owner(u32 owner);
void devtlb_unbind_all(void);

struct devtlb_pasid *devtlb_pasid_get(u32 id);
struct devtlb_pasid *devtlb_pasid_get_next(u32 *id);
void devtlb_pasid_put(struct devtlb_pasid *pasid);
u32 devtlb_pasids_bound(void);

#endif /* DEVTLB_BINDING_H */
