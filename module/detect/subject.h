/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_SUBJECT_H
#define DEVTLB_SUBJECT_H

#include <linux/hash.h>
#include <linux/rculist.h>
#include <linux/types.h>

#include "notifier/notifier.h"

struct devtlb_findings;

/**
 * struct devtlb_subject - a PASID, as the detectors see it
 * @notifier: what notifies it, and the PASID itself
 * @by_mm: in the table of devtlb_for_each_subject()
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

#define DEVTLB_SUBJECT_BITS	8

extern struct hlist_head devtlb_subjects[1 << DEVTLB_SUBJECT_BITS];

static inline struct hlist_head *devtlb_subjects_at(const struct mm_struct *mm)
{
	return &devtlb_subjects[hash_ptr(mm, DEVTLB_SUBJECT_BITS)];
}

/* The one at @node or after it that is of an address space. */
static inline struct devtlb_subject *
devtlb_subject_from(struct hlist_node *node, const struct mm_struct *mm)
{
	for (; node; node = rcu_dereference_check(hlist_next_rcu(node),
						  rcu_read_lock_any_held())) {
		struct devtlb_subject *subject =
			hlist_entry(node, struct devtlb_subject, by_mm);

		if (subject->notifier.pasid.mm == mm)
			return subject;
	}
	return NULL;
}

static inline struct devtlb_subject *
devtlb_subject_first(const struct mm_struct *mm)
{
	struct hlist_head *at = devtlb_subjects_at(mm);

	return devtlb_subject_from(rcu_dereference_check(hlist_first_rcu(at),
							 rcu_read_lock_any_held()),
				   mm);
}

static inline struct devtlb_subject *
devtlb_subject_next(const struct devtlb_subject *subject)
{
	return devtlb_subject_from(rcu_dereference_check(hlist_next_rcu(&subject->by_mm),
							 rcu_read_lock_any_held()),
				   subject->notifier.pasid.mm);
}

/**
 * devtlb_for_each_subject() - for each PASID of an address space
 * @subject: a struct devtlb_subject pointer
 * @mm: the address space
 *
 * Probes begin with it, of all processes: it is a few instructions where there
 * is none.
 *
 * Context: any but NMI; an RCU read-side section, or preemption off.
 */
#define devtlb_for_each_subject(subject, mm)		\
	for ((subject) = devtlb_subject_first(mm); (subject); \
	     (subject) = devtlb_subject_next(subject))

#endif /* DEVTLB_SUBJECT_H */
