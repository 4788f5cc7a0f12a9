// SPDX-License-Identifier: GPL-2.0-only
/*
 * Owners: the sockets that PASIDs, watches and jobs belong to (invariant 7).
 *
 * The port of a socket may be another's as soon as the socket is gone; the
 * number of an owner is never used again. So what a socket leaves behind can be
 * ended by a work item: whoever closes the socket, which may be a tool that is
 * killed, and all that register with netlink's notifier chain meanwhile, do not
 * wait for it.
 */
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>
#include <linux/xarray.h>

#include "netlink/job.h"
#include "netlink/owner.h"
#include "watch/binding.h"
#include "watch/watch.h"

/**
 * struct devtlb_owner - a socket that something belongs to
 * @id: its number
 * @work: ends what is left of it
 */
struct devtlb_owner {
	u32 id;
	struct work_struct work;
};

/* By port: those whose sockets are open. */
static DEFINE_XARRAY(owners);
/* Protects last_id; two threads may make their first requests at a time. */
static DEFINE_MUTEX(owners_mutex);
static u32 last_id;

static struct workqueue_struct *ending;

int devtlb_owners_init(void)
{
	ending = alloc_workqueue("devtlb_ending", WQ_UNBOUND, 0);
	return ending ? 0 : -ENOMEM;
}

/**
 * devtlb_owners_exit() - forget all owners
 *
 * Context: may sleep; no request comes any more, and no socket's end.
 */
void devtlb_owners_exit(void)
{
	struct devtlb_owner *owner;
	unsigned long portid;

	destroy_workqueue(ending);
	xa_for_each(&owners, portid, owner)
		kfree(owner);
	xa_destroy(&owners);
}

static void stop_all_of(u32 id)
{
	devtlb_watches_stop_owner(id);
	devtlb_unbind_owner(id);
}

static void end_owner(struct work_struct *work)
{
	struct devtlb_owner *owner = container_of(work, struct devtlb_owner,
						  work);

	/* What the jobs wait for may be that these end. */
	stop_all_of(owner->id);
	devtlb_jobs_wait(owner->id);
	/* And what they made before they were killed. */
	stop_all_of(owner->id);
	kfree(owner);
}

static struct devtlb_owner *new_owner(u32 portid)
{
	struct devtlb_owner *owner = kzalloc(sizeof(*owner), GFP_KERNEL);

	if (!owner)
		return NULL;
	INIT_WORK(&owner->work, end_owner);
	/* 0 is nobody. */
	if (!++last_id)
		last_id++;
	owner->id = last_id;
	if (xa_err(xa_store(&owners, portid, owner, GFP_KERNEL))) {
		kfree(owner);
		return NULL;
	}
	return owner;
}

/**
 * devtlb_owner_of_socket() - the number of an owner
 * @portid: of its socket, which is open: a request came from it and is under way
 *
 * Context: may sleep.
 * Return: the number; 0 when there is no memory.
 */
u32 devtlb_owner_of_socket(u32 portid)
{
	struct devtlb_owner *owner;
	u32 id;

	mutex_lock(&owners_mutex);
	owner = xa_load(&owners, portid);
	if (!owner)
		owner = new_owner(portid);
	id = owner ? owner->id : 0;
	mutex_unlock(&owners_mutex);
	return id;
}

/**
 * devtlb_owner_end() - a socket was closed
 * @portid: its port
 *
 * Context: may sleep; does not wait until what belongs to it has ended.
 */
void devtlb_owner_end(u32 portid)
{
	struct devtlb_owner *owner = xa_erase(&owners, portid);

	if (!owner)
		return;
	devtlb_jobs_kill(owner->id);
	queue_work(ending, &owner->work);
}
