/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SUBJECT_H
#define DEVTLB_SUBJECT_H

#include <linux/list.h>
#include <linux/types.h>

#include "notifier/notifier.h"

struct devtlb_findings;

/**
 * struct devtlb_subject - a PASID, as the detectors see it
 * @notifier: what notifies it, and the PASID itself
 * @by_mm: in the table of devtlb_subjects_of_mm()
 * @findings: what is found about it, with a reference
 * @zap_races: what looked like a breach of rule B while a flush was pending
 * @unresolved: what looked like a breach of rule D to a watch, and could not be
 *	decided, each time
 * @audited_at_exit: ->release audits it: there may be no other chance
 */
struct devtlb_subject {
	struct devtlb_notifier notifier;
	struct hlist_node by_mm;
	struct devtlb_findings *findings;
	atomic64_t zap_races;
	atomic64_t unresolved;
	bool audited_at_exit;
};

static inline struct devtlb_subject *
devtlb_subject_of(struct devtlb_pasid *pasid)
{
	return container_of(devtlb_notifier_of(pasid), struct devtlb_subject,
			    notifier);
}

static inline struct devtlb_subject *
devtlb_subject_of_atc(struct devtlb_atc *atc)
{
	return devtlb_subject_of(devtlb_pasid_of_atc(atc));
}

void devtlb_subject_show(struct devtlb_subject *subject);
void devtlb_subject_hide(struct devtlb_subject *subject);
void devtlb_subjects_of_mm(struct mm_struct *mm,
			   void (*fn)(struct devtlb_pasid *pasid, void *arg),
			   void *arg);

#endif /* DEVTLB_SUBJECT_H */
