// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule D: when the operation has returned, nothing cached is wider than the
 * page table.
 *
 * An audit compares every live translation, and every table of the page-walk
 * cache, with a fresh walk. A difference
 * alone proves nothing: the kernel itself (reclaim, compaction, NUMA balancing)
 * may be in the middle of an operation whose notification is still to come. So
 * what differs is looked at again, with mmap_lock held for writing: then no fork,
 * mprotect, mremap, munmap or collapse is under way, or begins. What may be under
 * way are
 *
 * - zaps of truncated files, which count as pending flushes, and are waited for;
 * - single pages under rmap (migration, reclaim, write-back, KSM), which stay
 *   locked until their notification, and are waited for, too;
 * - from 6.4 on, faults and moves of userfaultfd under the lock of one area. They
 *   change an entry and notify in one hold of the page-table lock (COW), or hold
 *   the page's lock (migration to another node). A hold of a page-table lock is an
 *   RCU read-side section: preemption is off, and PREEMPT_RT's locks enter one. So
 *   between two looks a grace period passes, begun after the first one: whoever
 *   was in such a hold at the first look has notified by the second one, whatever
 *   had stopped its CPU. A translation that looks wrong both times, and lived
 *   through, was wrong for another reason.
 *
 * A notification that is merely late removes the translation; one that never
 * comes does not.
 *
 * Two kinds of audit go about it. One that somebody asked for looks at all, takes
 * the time that it takes, and can be killed. A mirror's is of a program that has
 * other things to do: it looks at a few suspects, holds mmap_lock for
 * milliseconds, does not wait for it, and leaves what stays unresolved for another
 * time. What it left is counted.
 *
 * The tables of the page-walk cache are looked at in the same way. Whoever takes a
 * page table away tells before it is freed, or put to another use: before what
 * follows returns. By what is under way then:
 *
 * - munmap, mremap, exec and collapse of anonymous memory hold mmap_lock for
 *   writing until they have told;
 * - zaps that free tables (Linux 6.14), and whoever unshares a page table of
 *   hugetlbfs, have a flush pending until they have told;
 * - collapse of a file in other address spaces (retract_page_tables() in Linux
 *   6.12) clears the entry and tells in one hold of the page-table lock; before
 *   6.4 it holds mmap_lock for writing;
 * - no lock of a page says anything about a table.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/mm_inline.h>
#include <linux/rcupdate.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>

#include "compat/mmap_lock.h"
#include "detect/audit.h"
#include "detect/audit_look.h"
#include "detect/finding.h"
#include "detect/subject.h"
#include "device/pasid.h"
#include "device/walk.h"

/* Looks at what differs, 0.3 seconds in all. */
#define SETTLE_LOOKS	15
#define SETTLE_MS	20
/* Looks for the end of pending flushes, ten seconds in all. */
#define FLUSH_TRIES	500
/* Looks for pages that are no longer locked, ten seconds in all. */
#define LOCK_TRIES	500

/* For how long an audit of suspects may hold mmap_lock, and how often it polls. */
#define HOLD_MAX_NS	(10 * NSEC_PER_MSEC)
#define POLL_US		200

/* What was looked at last, if there is room for it. */
static void remember_suspect(struct devtlb_glance *glance)
{
	if (glance->nr_suspects == DEVTLB_SUSPECTS_MAX)
		return;
	glance->suspect[glance->nr_suspects++] = (struct devtlb_suspect) {
		.cache = glance->cache,
		.va = glance->rest.start - 1,
	};
}

/**
 * devtlb_audit_glance() - look at some translations and tables, once
 * @pasid: bound; its jobs mutex is held
 * @glance: goes on
 * @max: so many at most
 *
 * Holds nothing still and proves nothing: what stays wrong from glance to glance
 * is for an audit.
 *
 * Context: may sleep; the mm loaded.
 * Return: false if there is nothing left to look at.
 */
bool devtlb_audit_glance(struct devtlb_pasid *pasid,
			 struct devtlb_glance *glance, unsigned int max)
{
	struct devtlb_audit audit = { };

	lockdep_assert_held(&pasid->jobs);
	for (; glance->cache < DEVTLB_NR_CACHES && max > 0; max--) {
		u64 lasting = audit.lasting;

		if (!devtlb_audit_look_at_next(pasid, DEVTLB_GLANCE,
					       glance->cache, &glance->rest,
					       &audit)) {
			glance->cache++;
			glance->rest = DEVTLB_ALL_ADDRESSES;
		} else if (audit.lasting != lasting) {
			remember_suspect(glance);
		}
	}
	glance->wrong += audit.suspects;
	glance->lasting += audit.lasting;
	return glance->cache < DEVTLB_NR_CACHES;
}

/* What looked wrong, and could not be decided. */
static void count_unresolved(struct devtlb_pasid *pasid, u64 suspects)
{
	atomic64_add(suspects, &devtlb_subject_of(pasid)->unresolved);
}

/**
 * devtlb_audit_exit() - audit a PASID whose process is gone, if it is to be
 * @pasid: its ->release was called by the exit of the address space, and has
 *	removed nothing yet
 *
 * Nobody uses the address space any more: what is said at the top of this file
 * about mmap_lock holds without it; what it says of holds of a page-table lock, by
 * others that know the pages or the file, is heeded. What may still be under way
 * then is left out, and counted.
 *
 * Context: ->release; may sleep.
 */
void devtlb_audit_exit(struct devtlb_pasid *pasid)
{
	struct devtlb_audit audit = { };

	if (!devtlb_subject_of(pasid)->audited_at_exit)
		return;
	devtlb_audit_look_at_all(pasid, DEVTLB_GLANCE, &audit);
	if (audit.suspects) {
		synchronize_rcu();
		devtlb_audit_look_at_all(pasid, DEVTLB_LAST_LOOK, &audit);
	}
	count_unresolved(pasid, audit.suspects);
}

/* What the process has where a finding is about: a page, or a table. */
static unsigned long new_pfn_of(struct devtlb_pasid *pasid,
				const struct devtlb_finding *finding)
{
	struct devtlb_table_path path;
	struct devtlb_page page;

	if (finding->breach == DEVTLB_BREACH_TABLE_FREED) {
		devtlb_look_at_tables(pasid->mm, finding->at, &path);
		return path.pfn[devtlb_table_level_of(finding->shift)] ? :
		       DEVTLB_PFN_NONE;
	}
	return devtlb_look(pasid->mm, finding->at, &page) ?
	       devtlb_page_pfn_at(&page, finding->at) : DEVTLB_PFN_NONE;
}

/*
 * Rule A could not look up what the process has. Later may be too late: it is
 * now.
 */
static void resolve_new_pfns(struct devtlb_pasid *pasid)
{
	struct devtlb_findings *findings = devtlb_subject_of(pasid)->findings;
	struct devtlb_finding finding;
	unsigned int i;

	for (i = 0; devtlb_finding_get(findings, i, &finding); i++) {
		unsigned long new_pfn = DEVTLB_PFN_NONE;
		unsigned long flags;

		if (finding.new_pfn != DEVTLB_PFN_UNKNOWN ||
		    finding.pasid != pasid->object.id)
			continue;
		raw_spin_lock_irqsave(&pasid->atc.lock, flags);
		if (!pasid->atc.closed)
			new_pfn = new_pfn_of(pasid, &finding);
		raw_spin_unlock_irqrestore(&pasid->atc.lock, flags);
		devtlb_finding_set_new_pfn(findings, i, new_pfn);
	}
}

/* Sleeps between two looks; -EINTR when the audit is not wanted any more. */
static int sleep_between_looks(void)
{
	msleep(SETTLE_MS);
	return fatal_signal_pending(current) ? -EINTR : 0;
}

/* Waits for the end of pending flushes; -EBUSY when it does not come. */
static int flushes_end(struct mm_struct *mm)
{
	int tries, err = 0;

	for (tries = 0; !err && tries < FLUSH_TRIES; tries++) {
		if (!mm_tlb_flush_pending(mm))
			return 0;
		err = sleep_between_looks();
	}
	return err ? : -EBUSY;
}

/*
 * Raises what stayed wrong; of pages that are locked, when they no longer are.
 * Returns -EBUSY when that takes too long to say anything.
 */
static int look_last(struct devtlb_pasid *pasid, struct devtlb_audit *audit)
{
	int err = flushes_end(pasid->mm);
	int tries;

	for (tries = 0; !err && tries < LOCK_TRIES; tries++) {
		devtlb_audit_look_at_all(pasid, DEVTLB_LAST_LOOK, audit);
		if (!audit->suspects)
			return 0;
		err = sleep_between_looks();
	}
	return err ? : -EBUSY;
}

/* Looks at what a glance found; counts in audit->suspects what looks wrong now. */
static void look_at_suspects(struct devtlb_pasid *pasid,
			     enum devtlb_audit_look look,
			     const struct devtlb_glance *glance,
			     struct devtlb_audit *audit)
{
	unsigned int i;

	audit->suspects = 0;
	for (i = 0; i < glance->nr_suspects; i++) {
		const struct devtlb_suspect *suspect = &glance->suspect[i];
		struct devtlb_range rest = { suspect->va, suspect->va };

		devtlb_audit_look_at_next(pasid, look, suspect->cache, &rest,
					  audit);
	}
}

/* Waits for a grace period that begins now; false if it is not over in time. */
static bool grace_period_ends(u64 until_ns)
{
	unsigned long state = start_poll_synchronize_rcu_expedited();

	while (!poll_state_synchronize_rcu(state)) {
		if (ktime_get_ns() > until_ns)
			return false;
		usleep_range(POLL_US, 2 * POLL_US);
	}
	return true;
}

/* mmap_lock is held for writing. */
static void settle_suspects(struct devtlb_pasid *pasid,
			    const struct devtlb_glance *glance,
			    struct devtlb_audit *audit)
{
	u64 until_ns = ktime_get_ns() + HOLD_MAX_NS;

	look_at_suspects(pasid, DEVTLB_LOOK_AGAIN, glance, audit);
	if (audit->suspects && grace_period_ends(until_ns))
		look_at_suspects(pasid, DEVTLB_LAST_LOOK, glance, audit);
}

/**
 * devtlb_audit_suspects() - audit what a glance found wrong, in milliseconds
 * @pasid: bound; its jobs mutex is held
 * @glance: it has ended
 *
 * Context: may sleep; the mm loaded. Takes mmap_lock for writing only if it is to
 * be had at once, and for HOLD_MAX_NS at most, but for what the scheduler adds.
 * Return: false if something could not be decided; it is counted, and may be
 * decided later.
 */
bool devtlb_audit_suspects(struct devtlb_pasid *pasid,
			   const struct devtlb_glance *glance)
{
	struct devtlb_audit audit = { .suspects = glance->nr_suspects };
	struct mm_struct *mm = pasid->mm;

	lockdep_assert_held(&pasid->jobs);
	/* An address space that is going away is audited at its exit. */
	if (!mmget_not_zero(mm))
		return true;
	if (mmap_write_trylock(mm)) {
		settle_suspects(pasid, glance, &audit);
		mmap_write_unlock(mm);
	}
	mmput_async(mm);
	count_unresolved(pasid, audit.suspects);
	resolve_new_pfns(pasid);
	return !audit.suspects;
}

/* Looks again, with the address space held still. */
static int settle(struct devtlb_pasid *pasid, struct devtlb_audit *audit)
{
	struct mm_struct *mm = pasid->mm;
	unsigned int looks;
	int err = 0;

	/* An address space that is going away has nothing to look at. */
	if (!mmget_not_zero(mm))
		return 0;
	if (mmap_write_lock_killable(mm)) {
		mmput_async(mm);
		return -EINTR;
	}
	/* Without delay at first: mostly, that is all. */
	devtlb_audit_look_at_all(pasid, DEVTLB_LOOK_AGAIN, audit);
	if (audit->suspects)
		synchronize_rcu();
	for (looks = 0; looks < SETTLE_LOOKS && audit->suspects && !err; looks++) {
		err = sleep_between_looks();
		devtlb_audit_look_at_all(pasid, DEVTLB_LOOK_AGAIN, audit);
	}
	if (audit->suspects && !err)
		err = look_last(pasid, audit);
	mmap_write_unlock(mm);
	mmput_async(mm);
	return err;
}

static int audit_all(struct devtlb_pasid *pasid, struct devtlb_audit *audit)
{
	/* Pairs with the release in pasid_release(). */
	if (smp_load_acquire(&pasid->released)) {
		devtlb_audit_look_at_all(pasid, DEVTLB_LOOK_AT_OUTLIVING, audit);
		return 0;
	}
	devtlb_audit_look_at_all(pasid, DEVTLB_FIRST_LOOK, audit);
	return audit->suspects ? settle(pasid, audit) : 0;
}

/**
 * devtlb_audit() - audit a PASID
 * @pasid: bound; its jobs mutex is held
 * @audit: the result; what it finds is raised as findings
 *
 * A process may keep its mmap_lock for as long as it likes: whoever is killed does
 * not wait for that.
 *
 * Context: a kernel thread without an mm; may sleep, 0.3 seconds when something
 * differs, and can be killed.
 * Return: 0; -EBUSY when the address space was never quiet for long enough to
 * tell; -EINTR when the thread was killed.
 */
int devtlb_audit(struct devtlb_pasid *pasid, struct devtlb_audit *audit)
{
	int err;

	lockdep_assert_held(&pasid->jobs);
	*audit = (struct devtlb_audit) { };
	/* A walk needs the mm loaded. */
	kthread_use_mm(pasid->mm);
	err = audit_all(pasid, audit);
	resolve_new_pfns(pasid);
	kthread_unuse_mm(pasid->mm);
	return err;
}
