// SPDX-License-Identifier: GPL-2.0-only
/*
 * PASIDs: an address space bound to the device, from bind to unbind.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * pasid->jobs		threads, unbound; audits	nothing of ours
 * xa_lock of pasids	the list			nothing sleeps in it
 * by_mm_lock		by_mm (changes; RCU)		nothing of ours
 *
 * Life of a PASID: bound (in the list, notifier registered), then unbound by
 * whoever takes it out of the list first: by number, at the end of its socket,
 * or at rmmod, which first waits for the other two (main.c). The memory stays
 * until the last reference is put, for readers that found it in the list
 * before.
 */
#include <linux/hashtable.h>
#include <linux/mm.h>
#include <linux/mmap_lock.h>
#include <linux/mmu_notifier.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>

#include "detect/audit.h"
#include "detect/probe.h"
#include "device/invalidate.h"
#include "device/pasid.h"
#include "device/thread.h"
#include "netlink/netlink.h"
#include "watch/watch.h"

static DEFINE_XARRAY_ALLOC1(pasids);
static u32 next_id;

/* For the probes, which see an mm and may not take the list's lock. */
static DEFINE_HASHTABLE(by_mm, 8);
static DEFINE_SPINLOCK(by_mm_lock);

static void pasid_invalidate(struct mmu_notifier *notifier,
			     struct mm_struct *mm,
			     unsigned long start, unsigned long end)
{
	devtlb_deliver(container_of(notifier, struct devtlb_pasid, notifier),
		       start, end);
}

static void pasid_release(struct mmu_notifier *notifier, struct mm_struct *mm)
{
	struct devtlb_pasid *pasid = container_of(notifier, struct devtlb_pasid,
						  notifier);
	bool withheld = false;

	/* An unbinding calls it, too; that is no word of the kernel's. */
	if (!READ_ONCE(pasid->unbound)) {
		/* A program may not live for long enough for another audit. */
		if (pasid->watch)
			devtlb_audit_exit(pasid);
		withheld = devtlb_deliver_release(pasid);
	}

	devtlb_atc_close(&pasid->atc, withheld);
	/* Pairs with the acquire in audit_all(): what lives then, lives on. */
	smp_store_release(&pasid->released, true);
}

/* Invariant 1: as an ATS device, neither the start nor the end of a range. */
static const struct mmu_notifier_ops notifier_ops = {
	.arch_invalidate_secondary_tlbs = pasid_invalidate,
	.release = pasid_release,
};

static void pasid_free(struct kref *ref)
{
	struct devtlb_pasid *pasid = container_of(ref, struct devtlb_pasid, ref);
	struct devtlb_thread *thread;
	unsigned long id;

	xa_for_each(&pasid->threads, id, thread)
		devtlb_thread_free(thread);
	xa_destroy(&pasid->threads);
	if (pasid->watch)
		devtlb_watch_put(pasid->watch);
	else
		devtlb_findings_destroy(&pasid->own_findings);
	devtlb_site_log_destroy(&pasid->site_log);
	mutex_destroy(&pasid->jobs);
	mmdrop(pasid->mm);
	kfree(pasid);
}

/**
 * devtlb_pasid_put() - let go of a PASID
 * @pasid: from devtlb_pasid_get() and the like
 *
 * Context: may sleep.
 */
void devtlb_pasid_put(struct devtlb_pasid *pasid)
{
	kref_put(&pasid->ref, pasid_free);
}

/* A watch outlives its PASIDs, and keeps what was found about them. */
static int init_findings(struct devtlb_pasid *pasid, struct devtlb_watch *watch)
{
	if (watch) {
		pasid->watch = devtlb_watch_hold(watch);
		pasid->findings = &watch->findings;
		return 0;
	}
	pasid->findings = &pasid->own_findings;
	return devtlb_findings_init(pasid->findings);
}

static struct devtlb_pasid *pasid_alloc(struct mm_struct *mm,
					const struct devtlb_binding *binding)
{
	struct devtlb_pasid *pasid = kzalloc(sizeof(*pasid), GFP_KERNEL);

	if (!pasid)
		return NULL;
	/* Work items and probes may look at it after the notifier is gone. */
	mmgrab(mm);
	pasid->mm = mm;
	kref_init(&pasid->ref);
	mutex_init(&pasid->jobs);
	xa_init_flags(&pasid->threads, XA_FLAGS_ALLOC1);
	pasid->notifier.ops = &notifier_ops;
	devtlb_mutants_init(&pasid->mutants);
	devtlb_delivery_init(&pasid->delivery);
	pasid->pid = binding->pid;
	strscpy(pasid->comm, binding->comm, sizeof(pasid->comm));
	pasid->owner = binding->owner;
	if (init_findings(pasid, binding->watch) ||
	    devtlb_site_log_init(&pasid->site_log) ||
	    devtlb_atc_init(&pasid->atc, mm, binding->fracture)) {
		devtlb_pasid_put(pasid);
		return NULL;
	}
	return pasid;
}

static void show_to_probes(struct devtlb_pasid *pasid)
{
	spin_lock(&by_mm_lock);
	hash_add_rcu(by_mm, &pasid->by_mm, (unsigned long)pasid->mm);
	spin_unlock(&by_mm_lock);
}

/* One RCU grace period later no probe looks at it any more. */
static void hide_from_probes(struct devtlb_pasid *pasid)
{
	spin_lock(&by_mm_lock);
	hash_del_rcu(&pasid->by_mm);
	spin_unlock(&by_mm_lock);
}

/**
 * devtlb_pasids_of_mm() - for each PASID of an address space
 * @mm: the address space
 * @fn: what to do; it may not sleep
 * @arg: for @fn
 *
 * Context: any but NMI.
 */
void devtlb_pasids_of_mm(struct mm_struct *mm,
			 void (*fn)(struct devtlb_pasid *pasid, void *arg),
			 void *arg)
{
	struct devtlb_pasid *pasid;

	rcu_read_lock();
	hash_for_each_possible_rcu(by_mm, pasid, by_mm, (unsigned long)mm) {
		if (pasid->mm == mm)
			fn(pasid, arg);
	}
	rcu_read_unlock();
}

/**
 * devtlb_notifier_register() - register a notifier
 * @notifier: with its operations
 * @mm: the caller holds mm_users
 *
 * As mmu_notifier_register(), but a process may keep its mmap_lock for ever.
 *
 * Context: may sleep.
 * Return: 0; -EINTR when the task is killed meanwhile, or has a signal pending;
 * or another negative errno.
 */
int devtlb_notifier_register(struct mmu_notifier *notifier,
			     struct mm_struct *mm)
{
	int err;

	if (mmap_write_lock_killable(mm))
		return -EINTR;
	err = __mmu_notifier_register(notifier, mm);
	mmap_write_unlock(mm);
	return err;
}

/**
 * devtlb_pasid_bind() - bind an address space
 * @mm: the caller holds mm_users
 * @binding: how
 * @extack: receives the reason of a failure; may be NULL
 *
 * Context: may sleep; takes @mm's mmap_lock, and gives up with -EINTR when the
 * task is killed meanwhile.
 * Return: the PASID, with a reference for the caller; or an ERR_PTR().
 */
struct devtlb_pasid *devtlb_pasid_bind(struct mm_struct *mm,
				       const struct devtlb_binding *binding,
				       struct netlink_ext_ack *extack)
{
	struct devtlb_pasid *pasid;
	int err;

	err = devtlb_probes_get(extack);
	if (err)
		return ERR_PTR(err);

	pasid = pasid_alloc(mm, binding);
	if (!pasid) {
		err = -ENOMEM;
		goto err_probes;
	}
	err = devtlb_notifier_register(&pasid->notifier, mm);
	if (err)
		goto err_atc;
	show_to_probes(pasid);
	kref_get(&pasid->ref);
	/* Cyclic: listeners may still have findings of the last one's. */
	err = xa_alloc_cyclic(&pasids, &pasid->id, pasid, xa_limit_31b,
			      &next_id, GFP_KERNEL);
	if (err < 0)
		goto err_unregister;
	return pasid;

err_unregister:
	kref_put(&pasid->ref, pasid_free);
	hide_from_probes(pasid);
	synchronize_rcu();
	mmu_notifier_unregister(&pasid->notifier, mm);
err_atc:
	devtlb_atc_destroy(&pasid->atc);
	devtlb_pasid_put(pasid);
err_probes:
	devtlb_probes_put();
	return ERR_PTR(err);
}

/* Ends the binding; the caller took the PASID out of the list. */
static void pasid_end(struct devtlb_pasid *pasid)
{
	/* Its RCU grace period is that of devtlb_threads_stop(). */
	hide_from_probes(pasid);
	mutex_lock(&pasid->jobs);
	WRITE_ONCE(pasid->unbound, true);
	devtlb_threads_stop(pasid);
	mutex_unlock(&pasid->jobs);

	devtlb_window_stop(pasid);
	/*
	 * Calls ->release if exit did not; after it no callback runs any more.
	 */
	mmu_notifier_unregister(&pasid->notifier, pasid->mm);
	devtlb_delivery_stop(&pasid->delivery);
	devtlb_mutants_destroy(&pasid->mutants);
	/* Before the probes go: what a mutant kept must not outlive them. */
	devtlb_atc_destroy(&pasid->atc);
	devtlb_probes_put();
	devtlb_netlink_send_findings(pasid->findings);
	devtlb_pasid_put(pasid);
}

/**
 * devtlb_pasid_unbind() - end a binding
 * @pasid: the caller has a reference
 *
 * Context: may sleep. When it returns no access is made and no callback runs,
 * unless somebody else is unbinding it: then that one sees to it.
 */
void devtlb_pasid_unbind(struct devtlb_pasid *pasid)
{
	if (xa_cmpxchg(&pasids, pasid->id, pasid, NULL, GFP_KERNEL) == pasid)
		pasid_end(pasid);
}

static void unbind_matching(bool (*match)(struct devtlb_pasid *, u32), u32 arg)
{
	struct devtlb_pasid *pasid;
	u32 id = 0;

	while ((pasid = devtlb_pasid_get_next(&id))) {
		if (match(pasid, arg))
			devtlb_pasid_unbind(pasid);
		devtlb_pasid_put(pasid);
		id++;
	}
}

static bool is_owned_by(struct devtlb_pasid *pasid, u32 owner)
{
	return pasid->owner == owner;
}

static bool is_any(struct devtlb_pasid *pasid, u32 unused)
{
	return true;
}

/**
 * devtlb_pasid_unbind_owner() - unbind what belongs to a socket (invariant 7)
 * @owner: the socket's netlink port
 *
 * Context: may sleep.
 */
void devtlb_pasid_unbind_owner(u32 owner)
{
	unbind_matching(is_owned_by, owner);
}

/**
 * devtlb_pasid_unbind_all() - unbind everything, at rmmod
 *
 * Context: may sleep; nobody can bind any more.
 */
void devtlb_pasid_unbind_all(void)
{
	unbind_matching(is_any, 0);
}

/**
 * devtlb_pasid_get() - find a PASID
 * @id: its number
 *
 * Return: the PASID with a reference, or NULL.
 */
struct devtlb_pasid *devtlb_pasid_get(u32 id)
{
	struct devtlb_pasid *pasid;

	xa_lock(&pasids);
	pasid = xa_load(&pasids, id);
	if (pasid)
		kref_get(&pasid->ref);
	xa_unlock(&pasids);
	return pasid;
}

/**
 * devtlb_pasid_get_next() - find the next PASID
 * @id: the lowest number that will do; receives the one found
 *
 * Return: the PASID with a reference, or NULL.
 */
struct devtlb_pasid *devtlb_pasid_get_next(u32 *id)
{
	struct devtlb_pasid *pasid;
	unsigned long index = *id;

	xa_lock(&pasids);
	pasid = xa_find(&pasids, &index, U32_MAX, XA_PRESENT);
	if (pasid)
		kref_get(&pasid->ref);
	xa_unlock(&pasids);
	*id = index;
	return pasid;
}

/**
 * devtlb_pasids_bound() - how many there are
 *
 * Return: their number.
 */
u32 devtlb_pasids_bound(void)
{
	struct devtlb_pasid *pasid;
	unsigned long id;
	u32 nr = 0;

	xa_for_each(&pasids, id, pasid)
		nr++;
	return nr;
}
