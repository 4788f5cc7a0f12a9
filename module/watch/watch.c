// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches: trees of processes that the device mirrors.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * watch->leaving	processes from being removed,	(a mutex)
 *			gone, sites
 * watch->lock		processes and their state,	watch->leaving; the
 *			stopping, counts, mutants	table's and site logs'
 *							locks are inside
 *
 * Who adds a process: the hooks of follow.c, in any context that a fork or an
 * exec has, and devtlb_watch_add(). Who removes one: the watch's thread, once
 * its address space is gone, and after that thread whoever stops the watch. So
 * the thread may use a process of the list without a lock.
 *
 * Life of a process: in the list and the table; bound by a work item (exec waits
 * for it, of which nobody else has the mmap_lock), by devtlb_watch_add(), which
 * waits for the mmap_lock until the watch ends, or, if it was forked, by the
 * thread, which does not wait; at the end, out of the list and the table, and
 * unbound by another work item.
 * Unbinding waits for grace periods: those of many processes do it at the same
 * time.
 */
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/sched/mm.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <linux/vmalloc.h>

#include "detect/finding.h"
#include "detect/detector.h"
#include "device/killable.h"
#include "mutant/mutant.h"
#include "watch/binding.h"
#include "watch/count.h"
#include "watch/follow.h"
#include "watch/process.h"
#include "watch/reap.h"
#include "watch/spare.h"
#include "watch/watch.h"

/* What the thread may be ahead of its share by. */
#define BURST_NS	(5 * NSEC_PER_MSEC)
/*
 * What it owes at most: a hypervisor's other guests are charged to it, too, and
 * that must not blind it for long.
 */
#define DEBT_NS		(50 * NSEC_PER_MSEC)
/* Between two rounds: while something happens, and at most. */
#define NAP_MIN_NS	(8 * NSEC_PER_MSEC)
#define NAP_MAX_NS	(64 * NSEC_PER_MSEC)

/* What a forked process must live before it is bound. */
#define BIND_AFTER	msecs_to_jiffies(8)

static struct devtlb_registry watches = DEVTLB_REGISTRY_INIT(watches);

/*
 * A CPU goes on having loaded what a kernel thread used last. If that were an
 * address space that we mirror, whoever frees its tables would send an IPI to
 * a CPU that has no use for it, and perhaps sleeps. So we leave one loaded that
 * hardly ever changes: of who asked for the watch.
 */
static void load_idle_mm(struct devtlb_watch *watch)
{
	kthread_use_mm(watch->idle_mm);
	kthread_unuse_mm(watch->idle_mm);
}

/* Returns whether there was anything to do. */
static bool process_mirror(struct devtlb_process *process,
			   struct devtlb_atc_supply *supply, u64 *room)
{
	struct devtlb_pasid *pasid = devtlb_process_pasid(process);

	if (READ_ONCE(process->state) != DEVTLB_PROCESS_RUNNING ||
	    devtlb_mirror_is_quiet(&process->mirror, pasid))
		return false;
	devtlb_mirror_run(&process->mirror, pasid, supply, room);
	load_idle_mm(process->watch);
	return true;
}

static void nap(u64 ns)
{
	ktime_t time = ns_to_ktime(ns);

	set_current_state(TASK_IDLE);
	if (!kthread_should_stop())
		schedule_hrtimeout_range(&time, ns / 4, HRTIMER_MODE_REL);
	__set_current_state(TASK_RUNNING);
}

/**
 * struct allowance - what the thread may use
 * @watch: whose
 * @now: when it was last looked at
 * @used: CPU time used by then
 * @left: what may be used at once, in ns; negative when too much was
 */
struct allowance {
	struct devtlb_watch *watch;
	u64 now;
	u64 used;
	s64 left;
};

static void settle_accounts(struct allowance *allowance)
{
	u32 share = allowance->watch->limits.share;
	u64 now = ktime_get_ns();
	u64 used = current->se.sum_exec_runtime +
		   atomic64_read(&allowance->watch->reap_time);

	allowance->left += (s64)((now - allowance->now) / 100 * share) -
			   (s64)(used - allowance->used);
	allowance->left = clamp_t(s64, allowance->left, -DEBT_NS, BURST_NS);
	allowance->now = now;
	allowance->used = used;
	WRITE_ONCE(allowance->watch->time, used);
}

/* Sleeps until the share allows to go on. */
static void keep_to_share(struct allowance *allowance)
{
	u32 share = allowance->watch->limits.share;

	settle_accounts(allowance);
	while (allowance->left < 0 && !kthread_should_stop()) {
		nap(min_t(u64, -allowance->left * 100 / share, NAP_MAX_NS));
		settle_accounts(allowance);
	}
}

static u64 room_for_translations(struct devtlb_watch *watch)
{
	struct devtlb_watch_count count;

	devtlb_watch_count(watch, &count);
	if (count.held >= watch->limits.translations)
		return 0;
	return watch->limits.translations - count.held;
}

/*
 * Binding takes locks that parent and child share, and more time than a child
 * has that only exits: it must live for a while first.
 */
static bool is_due(const struct devtlb_process *process)
{
	return READ_ONCE(process->state) == DEVTLB_PROCESS_WAITING &&
	       time_after(jiffies, process->since + BIND_AFTER);
}

/* Lets go of who is gone, and binds who waits. */
static void bind_all(struct devtlb_watch *watch, struct allowance *allowance)
{
	struct devtlb_process *process = devtlb_process_next(watch, NULL);

	while (process && !kthread_should_stop()) {
		/* It may be removed. */
		struct devtlb_process *next = devtlb_process_next(watch, process);

		if (devtlb_process_is_gone(process)) {
			devtlb_process_remove(process);
		} else if (is_due(process)) {
			devtlb_process_try_bind(process);
			keep_to_share(allowance);
		}
		process = next;
	}
}

/* Returns whether there was anything to do. */
static bool mirror_all(struct devtlb_watch *watch, struct allowance *allowance,
		       struct devtlb_atc_supply *supply)
{
	struct devtlb_process *process = devtlb_process_next(watch, NULL);
	u64 room = room_for_translations(watch);
	bool busy = false;

	for (; process && !kthread_should_stop();
	     process = devtlb_process_next(watch, process)) {
		if (!process_mirror(process, supply, &room))
			continue;
		busy = true;
		keep_to_share(allowance);
	}
	return busy;
}

static int watch_thread(void *arg)
{
	struct devtlb_watch *watch = arg;
	struct allowance allowance = {
		.watch = watch,
		.now = ktime_get_ns(),
	};
	struct devtlb_atc_supply supply = { };
	u64 pause = NAP_MIN_NS;

	devtlb_killable(&watch->killed);
	while (!kthread_should_stop()) {
		bind_all(watch, &allowance);
		if (mirror_all(watch, &allowance, &supply))
			pause = NAP_MIN_NS;
		else
			pause = min(2 * pause, NAP_MAX_NS);
		nap(pause);
	}
	devtlb_atc_supply_free(&supply);
	return 0;
}

static struct devtlb_watch *watch_of(struct devtlb_object *object)
{
	return object ? container_of(object, struct devtlb_watch, object) : NULL;
}

static void watch_free(struct devtlb_object *object)
{
	struct devtlb_watch *watch = watch_of(object);

	devtlb_findings_put(watch->findings);
	mmdrop(watch->idle_mm);
	vfree(watch->mutant);
	vfree(watch->sites);
	kfree(watch);
}

static void stop_adding(struct devtlb_watch *watch)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	WRITE_ONCE(watch->stopping, true);
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

static void watch_end(struct devtlb_object *object)
{
	struct devtlb_watch *watch = watch_of(object);
	struct devtlb_process *process, *next;

	stop_adding(watch);
	devtlb_kill(watch->thread, &watch->killed);
	kthread_stop(watch->thread);
	/* The hooks: of ours they may still use what they found before. */
	devtlb_follow_put();
	synchronize_rcu();
	list_for_each_entry_safe(process, next, &watch->processes, entry) {
		/* Bound by now, or never: see process_bind(). */
		flush_work(&process->bind_work);
		devtlb_process_end_binding(process);
		devtlb_process_remove(process);
	}
	devtlb_reap_flush();
	/*
	 * Where another watch keeps the hooks: what they found before it left
	 * the table, and us with it.
	 */
	synchronize_rcu();
	devtlb_findings_tell(watch->findings);
	devtlb_probe_set_put(&devtlb_detectors);
}

static const struct devtlb_object_ops watch_ops = {
	.end = watch_end,
	.free = watch_free,
};

static struct devtlb_watch *
watch_alloc(const struct devtlb_watch_limits *limits, u32 owner)
{
	struct devtlb_watch *watch = kzalloc(sizeof(*watch), GFP_KERNEL);

	if (!watch)
		return NULL;
	devtlb_object_init(&watch->object, owner, &watch_ops);
	watch->limits = *limits;
	watch->idle_mm = current->mm;
	mmgrab(watch->idle_mm);
	mutex_init(&watch->leaving);
	raw_spin_lock_init(&watch->lock);
	INIT_LIST_HEAD(&watch->processes);
	watch->sites = vcalloc(DEVTLB_SITES_MAX, sizeof(*watch->sites));
	watch->mutant = vcalloc(DEVTLB_MUTANTS_MAX, sizeof(*watch->mutant));
	watch->findings = devtlb_findings_new();
	if (!watch->findings || !watch->sites || !watch->mutant) {
		devtlb_watch_put(watch);
		return NULL;
	}
	return watch;
}

/* Gives the watch its number and its thread. */
static int watch_run(struct devtlb_watch *watch)
{
	struct task_struct *thread;
	int err = devtlb_registry_reserve(&watches, &watch->object);

	if (err)
		return err;
	watch->findings->watch = watch->object.id;
	thread = kthread_run(watch_thread, watch, "devtlb_watch/%u",
			     watch->object.id);
	if (IS_ERR(thread)) {
		devtlb_registry_cancel(&watches, &watch->object);
		return PTR_ERR(thread);
	}
	watch->thread = thread;
	devtlb_registry_publish(&watches, &watch->object);
	return 0;
}

/**
 * devtlb_watch_start() - start a watch
 * @limits: what it may use
 * @owner: number of whom it belongs to
 * @extack: receives the reason of a failure
 *
 * Context: may sleep.
 * Return: the watch, with a reference for the caller; or an ERR_PTR().
 */
struct devtlb_watch *
devtlb_watch_start(const struct devtlb_watch_limits *limits, u32 owner,
		   struct netlink_ext_ack *extack)
{
	struct devtlb_watch *watch;
	int err;

	/* Not with each process that comes and goes. */
	err = devtlb_probe_set_get(&devtlb_detectors, extack);
	if (err)
		return ERR_PTR(err);
	devtlb_spare_fill();
	err = devtlb_follow_get(extack);
	if (err)
		goto err_probes;
	err = -ENOMEM;
	watch = watch_alloc(limits, owner);
	if (!watch)
		goto err_follow;
	err = watch_run(watch);
	if (err)
		goto err_watch;
	return watch;

err_watch:
	devtlb_watch_put(watch);
err_follow:
	devtlb_follow_put();
err_probes:
	devtlb_probe_set_put(&devtlb_detectors);
	return ERR_PTR(err);
}

static int add_mm(struct devtlb_watch *watch, struct mm_struct *mm,
		  struct task_struct *task, bool from_exec,
		  struct netlink_ext_ack *extack)
{
	struct devtlb_process *process;
	char comm[TASK_COMM_LEN];
	int err = 0;

	get_task_comm(comm, task);
	process = devtlb_process_new(watch, mm, task_tgid_nr(task), comm);
	if (!process)
		return -ENOMEM;
	if (!from_exec)
		process->binder = current;
	if (!devtlb_process_add(process, from_exec ? DEVTLB_PROCESS_ANCESTOR
					    : DEVTLB_PROCESS_EXECUTING)) {
		NL_SET_ERR_MSG_MOD(extack, "that process is watched already");
		err = -EEXIST;
	} else if (!from_exec) {
		err = devtlb_process_bind_here(process);
		devtlb_process_executed(process);
		/* For want of room or memory, it is counted and tried again. */
		if (err != -EINTR)
			err = 0;
	}
	devtlb_process_put(process);
	return err;
}

/**
 * devtlb_watch_add() - have a watch follow a process
 * @watch: the caller has a reference
 * @task: any thread of the process
 * @from_exec: not what it runs now, but what it executes next
 * @extack: receives the reason of a failure
 *
 * Context: a kernel thread of its own, which can be killed: it waits for the
 * address space's mmap_lock, until it has it or the watch ends.
 * Return: 0, also when it cannot be bound for want of room, which is counted; or
 * a negative errno.
 */
int devtlb_watch_add(struct devtlb_watch *watch, struct task_struct *task,
		     bool from_exec, struct netlink_ext_ack *extack)
{
	struct mm_struct *mm = get_task_mm(task);
	int err;

	if (!mm) {
		NL_SET_ERR_MSG_MOD(extack, "that process has no memory of its own: it is a kernel thread, or it exits");
		return -ESRCH;
	}
	err = add_mm(watch, mm, task, from_exec, extack);
	/* Not mmput(): see devtlb_page_request(). */
	mmput_async(mm);
	return err;
}

/**
 * devtlb_watch_add_mutant() - give a mutant to all that is bound from now on
 * @watch: the caller has a reference
 * @spec: it; not DEVTLB_MUTANT_MISROUTE
 * @extack: receives the reason of a failure
 *
 * Context: any.
 * Return: 0 or -ENOSPC.
 */
int devtlb_watch_add_mutant(struct devtlb_watch *watch,
			    const struct devtlb_mutant_spec *spec,
			    struct netlink_ext_ack *extack)
{
	unsigned long flags;
	unsigned int nr;

	raw_spin_lock_irqsave(&watch->lock, flags);
	nr = watch->nr_mutants;
	if (nr < DEVTLB_MUTANTS_MAX) {
		watch->mutant[nr] = *spec;
		/* Pairs with the acquire in add_mutants(). */
		smp_store_release(&watch->nr_mutants, nr + 1);
	}
	raw_spin_unlock_irqrestore(&watch->lock, flags);
	if (nr < DEVTLB_MUTANTS_MAX)
		return 0;
	NL_SET_ERR_MSG_MOD(extack, "a watch has at most "
			   __stringify(DEVTLB_MUTANTS_MAX) " mutants");
	return -ENOSPC;
}

/**
 * devtlb_watch_stop() - end a watch
 * @watch: the caller has a reference
 *
 * Context: may sleep. When it returns no PASID of it is left, unless somebody
 * else stops it: then that one sees to it.
 */
void devtlb_watch_stop(struct devtlb_watch *watch)
{
	devtlb_object_end(&watches, &watch->object);
}

/**
 * devtlb_watches_stop_owner() - stop what belongs to a socket (invariant 7)
 * @owner: the socket's number as an owner
 *
 * Context: may sleep.
 */
void devtlb_watches_stop_owner(u32 owner)
{
	devtlb_registry_end_owner(&watches, owner);
}

/**
 * devtlb_watches_stop_all() - stop all, at rmmod
 *
 * Context: may sleep; nobody can start one any more.
 */
void devtlb_watches_stop_all(void)
{
	devtlb_registry_end_all(&watches);
}

/**
 * devtlb_watch_get() - find a watch
 * @id: its number
 *
 * Return: the watch with a reference, or NULL.
 */
struct devtlb_watch *devtlb_watch_get(u32 id)
{
	return watch_of(devtlb_registry_get(&watches, id));
}

/**
 * devtlb_watch_get_next() - find the next watch
 * @id: the lowest number that will do; receives the one found
 *
 * Return: the watch with a reference, or NULL.
 */
struct devtlb_watch *devtlb_watch_get_next(u32 *id)
{
	return watch_of(devtlb_registry_get_next(&watches, id));
}
