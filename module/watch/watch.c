// SPDX-License-Identifier: GPL-2.0-only
/*
 * Watches: trees of processes that the device mirrors.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * watch->lock		processes and their state,	nothing of ours; the
 *			stopping, counts, mutants	table's and site logs'
 *							locks are inside
 * by_mm_lock		by_mm (changes; RCU)		watch->lock
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
#include <linux/cred.h>
#include <linux/hashtable.h>
#include <linux/hrtimer.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/ktime.h>
#include <linux/mm.h>
#include <linux/netlink.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>
#include <linux/stringify.h>
#include <linux/vmalloc.h>
#include <linux/xarray.h>

#include "detect/finding.h"
#include "detect/probe.h"
#include "device/killable.h"
#include "watch/binding.h"
#include "watch/follow.h"
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

static DEFINE_HASHTABLE(by_mm, 10);
static DEFINE_RAW_SPINLOCK(by_mm_lock);

/* Unbinds processes that are gone. */
static struct workqueue_struct *reaper;

int devtlb_watch_module_init(void)
{
	reaper = alloc_workqueue("devtlb_reaper", WQ_UNBOUND, 0);
	return reaper ? 0 : -ENOMEM;
}

void devtlb_watch_module_exit(void)
{
	destroy_workqueue(reaper);
}

/**
 * devtlb_process_of_mm() - does an address space belong to a watch?
 * @mm: it
 *
 * Context: RCU read-side section; any but NMI.
 * Return: the process, or NULL.
 */
struct devtlb_process *devtlb_process_of_mm(const struct mm_struct *mm)
{
	struct devtlb_process *process;

	hash_for_each_possible_rcu(by_mm, process, by_mm, (unsigned long)mm) {
		if (process->mm == mm)
			return process;
	}
	return NULL;
}

static void process_free(struct kref *ref)
{
	struct devtlb_process *process =
		container_of(ref, struct devtlb_process, ref);

	mmdrop(process->mm);
	devtlb_watch_put(process->watch);
	kfree_rcu(process, rcu);
}

static void process_put(struct devtlb_process *process)
{
	kref_put(&process->ref, process_free);
}

static void do_bind(struct work_struct *work);
static void do_reap(struct work_struct *work);

static struct devtlb_process *
process_alloc(struct devtlb_watch *watch, struct mm_struct *mm, pid_t pid,
	      const char *comm, gfp_t gfp)
{
	struct devtlb_process *process = kzalloc(sizeof(*process), gfp);

	if (!process)
		return NULL;
	kref_init(&process->ref);
	mmgrab(mm);
	process->mm = mm;
	process->watch = devtlb_watch_hold(watch);
	process->pid = pid;
	strscpy(process->comm, comm, sizeof(process->comm));
	init_completion(&process->binder_done);
	INIT_WORK(&process->bind_work, do_bind);
	INIT_WORK(&process->reap_work, do_reap);
	return process;
}

/*
 * Adds a process to its watch; an mm belongs to one watch at most. Returns false
 * when it does already, or when the watch stops.
 */
static bool process_add(struct devtlb_process *process,
			enum devtlb_process_state state)
{
	struct devtlb_watch *watch = process->watch;
	unsigned long flags;
	bool added;

	process->state = state;
	process->since = jiffies;
	raw_spin_lock_irqsave(&watch->lock, flags);
	raw_spin_lock(&by_mm_lock);
	added = !watch->stopping && !devtlb_process_of_mm(process->mm);
	if (added) {
		kref_get(&process->ref);
		list_add_tail(&process->entry, &watch->processes);
		hash_add_rcu(by_mm, &process->by_mm,
			     (unsigned long)process->mm);
		watch->seen += state != DEVTLB_PROCESS_ANCESTOR;
	}
	raw_spin_unlock(&by_mm_lock);
	raw_spin_unlock_irqrestore(&watch->lock, flags);
	return added;
}

/* Out of the list and the table; watch->lock is held. */
static void process_unlist(struct devtlb_process *process)
{
	list_del(&process->entry);
	raw_spin_lock(&by_mm_lock);
	hash_del_rcu(&process->by_mm);
	raw_spin_unlock(&by_mm_lock);
}

/* The mutants that were asked for: no more than a PASID can have. */
static int add_mutants(struct devtlb_watch *watch, struct devtlb_pasid *pasid)
{
	/* Pairs with the release in devtlb_watch_add_mutant(). */
	unsigned int nr = smp_load_acquire(&watch->nr_mutants);
	unsigned int i;
	int err = 0;

	if (mutex_lock_killable(&pasid->jobs))
		return -EINTR;
	for (i = 0; !err && i < nr; i++)
		err = devtlb_mutant_add(pasid,
					&devtlb_binding_of(pasid)->mutants,
					&watch->mutant[i], NULL);
	mutex_unlock(&pasid->jobs);
	return err;
}

/* Somebody holds mm_users; there is room, which was counted. */
static int bind_counted(struct devtlb_process *process, bool dont_wait)
{
	struct devtlb_watch *watch = process->watch;
	const struct devtlb_binding_spec spec = {
		.pid = process->pid,
		.comm = process->comm,
		.fracture = watch->limits.fracture,
		.watch = watch->object.id,
		.findings = watch->findings,
		.dont_wait = dont_wait,
	};
	struct devtlb_pasid *pasid;
	int err;

	pasid = devtlb_bind(process->mm, &spec, NULL);
	if (IS_ERR(pasid))
		return PTR_ERR(pasid);
	err = add_mutants(watch, pasid);
	if (err) {
		devtlb_unbind(pasid);
		devtlb_pasid_put(pasid);
		return err;
	}
	devtlb_mirror_init(&process->mirror, pasid, watch->limits.write);
	/* Pairs with the acquire in bound_pasid(). */
	smp_store_release(&process->pasid, pasid);
	return 0;
}

/* Nobody else binds it. */
static int process_bind(struct devtlb_process *process, bool dont_wait)
{
	struct devtlb_watch *watch = process->watch;
	int err = -EDQUOT;

	/* watch_end() waits for us, or we see that it began. */
	if (READ_ONCE(watch->stopping))
		return -ESRCH;
	if (atomic_inc_return(&watch->nr_bound) <= watch->limits.processes)
		err = bind_counted(process, dont_wait);
	if (err)
		atomic_dec(&watch->nr_bound);
	return err;
}

/* Its mm is held by whoever waits for us. */
static void do_bind(struct work_struct *work)
{
	struct devtlb_process *process =
		container_of(work, struct devtlb_process, bind_work);

	process_bind(process, false);
}

/*
 * Binds in a worker, and waits: a task that has a signal pending can't register
 * a notifier (mm_take_all_locks() gives up).
 */
static void process_bind_and_wait(struct devtlb_process *process)
{
	queue_work(system_unbound_wq, &process->bind_work);
	flush_work(&process->bind_work);
}

/* Binds in the calling thread, which can be killed: watch_end() does. */
static int process_bind_here(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	unsigned long flags;
	int err;

	err = process_bind(process, false);
	raw_spin_lock_irqsave(&watch->lock, flags);
	process->binder = NULL;
	raw_spin_unlock_irqrestore(&watch->lock, flags);
	complete_all(&process->binder_done);
	return err;
}

static struct devtlb_pasid *bound_pasid(struct devtlb_process *process)
{
	/* Pairs with the release in bind_counted(). */
	return smp_load_acquire(&process->pasid);
}

/* There is no memory for it; nor can what descends from it be followed. */
static void count_lost(struct devtlb_watch *watch)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	watch->seen++;
	watch->unwatched++;
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/**
 * devtlb_process_forked() - a process of a watch has forked
 * @parent: the process
 * @child: has not run yet; its mm is a copy
 *
 * Context: the parent's fork, preemption off, an RCU read-side section.
 */
void devtlb_process_forked(struct devtlb_process *parent,
			   struct task_struct *child)
{
	enum devtlb_process_state state = DEVTLB_PROCESS_WAITING;
	struct devtlb_watch *watch = parent->watch;
	struct devtlb_process *process;

	if (READ_ONCE(parent->state) == DEVTLB_PROCESS_ANCESTOR)
		state = DEVTLB_PROCESS_ANCESTOR;
	process = process_alloc(watch, child->mm, task_tgid_nr(child),
				child->comm, GFP_ATOMIC);
	if (!process) {
		count_lost(watch);
		return;
	}
	process_add(process, state);
	process_put(process);
}

/* The process that is running, with a reference; NULL if it is not watched. */
static struct devtlb_process *own_process(void)
{
	struct devtlb_process *process;

	rcu_read_lock();
	process = devtlb_process_of_mm(current->mm);
	if (process && !kref_get_unless_zero(&process->ref))
		process = NULL;
	rcu_read_unlock();
	return process;
}

/**
 * devtlb_process_executes() - a process executes something
 * @mm: its address space to be, empty so far
 * @name: what it executes
 *
 * Context: the process's exec; may sleep. Called again for the interpreter of a
 * script.
 */
void devtlb_process_executes(struct mm_struct *mm, const char *name)
{
	struct devtlb_process *old = own_process();
	struct devtlb_process *process;

	if (!old)
		return;
	process = process_alloc(old->watch, mm, task_tgid_nr(current), name,
				GFP_KERNEL);
	if (process) {
		if (process_add(process, DEVTLB_PROCESS_EXECUTING)) {
			/* With vfork it is the parent's, and goes on. */
			WRITE_ONCE(old->replaced, true);
			process_bind_and_wait(process);
		}
		process_put(process);
	} else {
		count_lost(old->watch);
	}
	process_put(old);
}

/**
 * devtlb_process_executed() - an exec is over
 * @process: what was executed
 *
 * Context: the process's exec, before its first instruction; preemption off, an
 * RCU read-side section.
 */
void devtlb_process_executed(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	process->state = bound_pasid(process) ? DEVTLB_PROCESS_RUNNING
					      : DEVTLB_PROCESS_WAITING;
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/* Bound while it was there: then ->release comes, at the end. */
static bool process_is_gone(struct devtlb_process *process)
{
	struct devtlb_pasid *pasid = bound_pasid(process);

	return pasid ? READ_ONCE(pasid->released)
		     : atomic_read(&process->mm->mm_users) == 0;
}

/* Is it there, and watched, or will it be? watch->lock is held. */
static bool process_is_alive(struct devtlb_process *process)
{
	return process->state != DEVTLB_PROCESS_ANCESTOR &&
	       !process->turned_down && !process_is_gone(process);
}

/* Is what it will replace alive? watch->lock is held. */
static bool process_replaces_another(struct devtlb_process *process)
{
	struct devtlb_process *other;

	if (process->state != DEVTLB_PROCESS_EXECUTING)
		return false;
	list_for_each_entry(other, &process->watch->processes, entry) {
		if (other != process && other->pid == process->pid &&
		    process_is_alive(other))
			return true;
	}
	return false;
}

static void add_count(struct devtlb_watch_count *count,
		      const struct devtlb_process *process,
		      struct devtlb_pasid *pasid)
{
	const struct devtlb_site_log *log = &devtlb_notifier_of(pasid)->site_log;
	const struct devtlb_mirror_count *mirror = &process->mirror.count;

	count->mirror.present += READ_ONCE(mirror->present);
	count->mirror.mirrored += READ_ONCE(mirror->mirrored);
	count->mirror.not_mirrored += READ_ONCE(mirror->not_mirrored);
	count->mirror.sweeps += READ_ONCE(mirror->sweeps);
	count->mirror.prefetches += READ_ONCE(mirror->prefetches);
	count->mirror.audits += READ_ONCE(mirror->audits);
	count->held += READ_ONCE(pasid->atc.store.held);
	count->fills += READ_ONCE(pasid->atc.fills);
	count->notifications += READ_ONCE(log->nr);
	count->withheld += READ_ONCE(log->withheld);
	count->invalidated += READ_ONCE(pasid->atc.invalidated);
	count->zap_races += atomic64_read(&devtlb_subject_of(pasid)->zap_races);
	count->unresolved += atomic64_read(&devtlb_subject_of(pasid)->unresolved);
}

/**
 * devtlb_watch_count() - count what a watch came to
 * @watch: it
 * @count: the result
 *
 * Context: any. Costs O(processes).
 */
void devtlb_watch_count(struct devtlb_watch *watch,
			struct devtlb_watch_count *count)
{
	struct devtlb_process *process;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	*count = watch->gone;
	list_for_each_entry(process, &watch->processes, entry) {
		struct devtlb_pasid *pasid = bound_pasid(process);

		count->alive += process_is_alive(process) &&
				!process_replaces_another(process);
		if (pasid)
			add_count(count, process, pasid);
	}
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/**
 * devtlb_watch_count_site() - count what a site told a watch
 * @watch: it
 * @site: the site
 * @count: the result
 *
 * Context: any. Costs O(processes).
 */
void devtlb_watch_count_site(struct devtlb_watch *watch, u16 site,
			     struct devtlb_site_count *count)
{
	struct devtlb_process *process;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	*count = watch->sites[site];
	list_for_each_entry(process, &watch->processes, entry) {
		struct devtlb_pasid *pasid = bound_pasid(process);
		struct devtlb_site_count here;

		if (!pasid)
			continue;
		devtlb_site_log_get(&devtlb_notifier_of(pasid)->site_log, site,
				    &here);
		devtlb_site_count_merge(count, &here);
	}
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/* What is counted of a process that goes; watch->lock is held. */
static void keep_counts(struct devtlb_watch *watch,
			const struct devtlb_process *process,
			struct devtlb_pasid *pasid)
{
	u16 site;

	add_count(&watch->gone, process, pasid);
	watch->gone.held = 0;
	for (site = 0; site < devtlb_sites_known(); site++) {
		struct devtlb_site_count here;

		devtlb_site_log_get(&devtlb_notifier_of(pasid)->site_log, site,
				    &here);
		devtlb_site_count_merge(&watch->sites[site], &here);
	}
}

static void do_reap(struct work_struct *work)
{
	struct devtlb_process *process =
		container_of(work, struct devtlb_process, reap_work);
	struct devtlb_pasid *pasid = process->pasid;
	struct devtlb_watch *watch = process->watch;
	u64 started = current->se.sum_exec_runtime;

	devtlb_atc_remove_user(&pasid->atc, &process->mirror.user);
	/* Its grace periods are those of the removed user, too. */
	devtlb_unbind(pasid);
	devtlb_pasid_put(pasid);
	atomic_dec(&watch->nr_bound);
	atomic64_add(current->se.sum_exec_runtime - started, &watch->reap_time);
	process_put(process);
}

/*
 * Forked, and gone before it could be bound; watch->lock is held. That is little
 * loss where it executed something at once: then that is watched.
 */
static void count_unbound(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;

	if (process->state == DEVTLB_PROCESS_ANCESTOR || process->turned_down)
		return;
	if (READ_ONCE(process->replaced))
		watch->seen--;
	else
		watch->missed++;
}

/* Lets go of a process; nobody else uses it but readers under RCU. */
static void process_remove(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	struct devtlb_pasid *pasid = process->pasid;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	process_unlist(process);
	if (pasid)
		keep_counts(watch, process, pasid);
	else
		count_unbound(process);
	raw_spin_unlock_irqrestore(&watch->lock, flags);

	if (pasid)
		queue_work(reaper, &process->reap_work);
	else
		process_put(process);
}

/* Binds what was forked, or what found no room before. */
static void try_bind(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	unsigned long flags;
	int err;

	/* process_is_gone() sees it. */
	if (!mmget_not_zero(process->mm))
		return;
	/* The others want to be mirrored: when it is busy, the next time. */
	err = process_bind(process, true);
	/* Ours may be the last reference. */
	mmput_async(process->mm);

	raw_spin_lock_irqsave(&watch->lock, flags);
	if (!err)
		process->state = DEVTLB_PROCESS_RUNNING;
	watch->unwatched += !!err - process->turned_down;
	process->turned_down = err;
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

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
	struct devtlb_pasid *pasid = bound_pasid(process);

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

/* The process after one, or the first; NULL at the end. */
static struct devtlb_process *next_process(struct devtlb_watch *watch,
					   struct devtlb_process *process)
{
	struct list_head *entry = process ? &process->entry : &watch->processes;
	struct devtlb_process *next = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	if (!list_is_last(entry, &watch->processes))
		next = list_next_entry(list_entry(entry, struct devtlb_process,
						  entry), entry);
	raw_spin_unlock_irqrestore(&watch->lock, flags);
	return next;
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
	struct devtlb_process *process = next_process(watch, NULL);

	while (process && !kthread_should_stop()) {
		/* It may be removed. */
		struct devtlb_process *next = next_process(watch, process);

		if (process_is_gone(process)) {
			process_remove(process);
		} else if (is_due(process)) {
			try_bind(process);
			keep_to_share(allowance);
		}
		process = next;
	}
}

/* Returns whether there was anything to do. */
static bool mirror_all(struct devtlb_watch *watch, struct allowance *allowance,
		       struct devtlb_atc_supply *supply)
{
	struct devtlb_process *process = next_process(watch, NULL);
	u64 room = room_for_translations(watch);
	bool busy = false;

	for (; process && !kthread_should_stop();
	     process = next_process(watch, process)) {
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

/**
 * devtlb_watch_put() - let go of a watch
 * @watch: from devtlb_watch_get() and the like
 *
 * Context: may sleep, unless somebody else has a reference for sure.
 */
void devtlb_watch_put(struct devtlb_watch *watch)
{
	devtlb_object_put(&watch->object);
}

/**
 * devtlb_watch_hold() - one more reference
 * @watch: the caller has one
 *
 * Return: @watch.
 */
struct devtlb_watch *devtlb_watch_hold(struct devtlb_watch *watch)
{
	devtlb_object_get(&watch->object);
	return watch;
}

/* Ends the wait of devtlb_watch_add() for a process that keeps its mmap_lock. */
static void end_binding(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	struct task_struct *binder;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	binder = process->binder;
	if (binder)
		get_task_struct(binder);
	raw_spin_unlock_irqrestore(&watch->lock, flags);
	if (!binder)
		return;
	send_sig(SIGKILL, binder, 1);
	put_task_struct(binder);
	wait_for_completion(&process->binder_done);
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
		end_binding(process);
		process_remove(process);
	}
	flush_workqueue(reaper);
	/*
	 * Where another watch keeps the hooks: what they found before it left
	 * the table, and us with it.
	 */
	synchronize_rcu();
	devtlb_findings_tell(watch->findings);
	devtlb_probes_put();
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
	err = devtlb_probes_get(extack);
	if (err)
		return ERR_PTR(err);
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
	devtlb_probes_put();
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
	process = process_alloc(watch, mm, task_tgid_nr(task), comm, GFP_KERNEL);
	if (!process)
		return -ENOMEM;
	if (!from_exec)
		process->binder = current;
	if (!process_add(process, from_exec ? DEVTLB_PROCESS_ANCESTOR
					    : DEVTLB_PROCESS_EXECUTING)) {
		NL_SET_ERR_MSG_MOD(extack, "that process is watched already");
		err = -EEXIST;
	} else if (!from_exec) {
		err = process_bind_here(process);
		devtlb_process_executed(process);
		/* For want of room or memory, it is counted and tried again. */
		if (err != -EINTR)
			err = 0;
	}
	process_put(process);
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
