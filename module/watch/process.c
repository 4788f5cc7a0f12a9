// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processes: address spaces that belong to a watch, until they are gone.
 *
 * Lock			protects			taken inside
 * ----			--------			------------
 * by_mm_lock		by_mm (changes; RCU)		watch->lock
 *
 * watch->lock is in watch.c, and how a process lives.
 */
#include <linux/completion.h>
#include <linux/hashtable.h>
#include <linux/jiffies.h>
#include <linux/mm.h>
#include <linux/rculist.h>
#include <linux/sched/mm.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "compat/workqueue.h"
#include "mutant/mutant.h"
#include "watch/binding.h"
#include "watch/process.h"
#include "watch/spare.h"
#include "watch/watch.h"

static DEFINE_HASHTABLE(by_mm, 10);
static DEFINE_RAW_SPINLOCK(by_mm_lock);

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

/**
 * devtlb_process_put() - let go of a process
 * @process: the caller has a reference
 *
 * Context: may sleep, unless the list has a reference for sure.
 */
void devtlb_process_put(struct devtlb_process *process)
{
	kref_put(&process->ref, process_free);
}

/**
 * devtlb_process_pasid() - the PASID of a process
 * @process: the process
 *
 * Return: it, or NULL while it is not bound.
 */
struct devtlb_pasid *devtlb_process_pasid(struct devtlb_process *process)
{
	/* Pairs with the release in bind_counted(). */
	return smp_load_acquire(&process->pasid);
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
	/* Pairs with the acquire in devtlb_process_pasid(). */
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

static void process_init(struct devtlb_process *process,
			 struct devtlb_watch *watch, struct mm_struct *mm,
			 pid_t pid, const char *comm)
{
	kref_init(&process->ref);
	mmgrab(mm);
	process->mm = mm;
	process->watch = devtlb_watch_hold(watch);
	process->pid = pid;
	strscpy(process->comm, comm, sizeof(process->comm));
	init_completion(&process->binder_done);
	INIT_WORK(&process->bind_work, do_bind);
}

/**
 * devtlb_process_new() - make a process of a watch
 * @watch: the caller has a reference
 * @mm: its address space; somebody keeps it meanwhile
 * @pid: its number in the initial PID namespace
 * @comm: its name
 *
 * Context: may sleep.
 * Return: the process, in no list, with a reference; or NULL.
 */
struct devtlb_process *
devtlb_process_new(struct devtlb_watch *watch, struct mm_struct *mm, pid_t pid,
		   const char *comm)
{
	struct devtlb_process *process = kzalloc(sizeof(*process), GFP_KERNEL);

	if (process)
		process_init(process, watch, mm, pid, comm);
	return process;
}

/**
 * devtlb_process_add() - add a process to its watch
 * @process: in no list
 * @state: as which
 *
 * An mm belongs to one watch at most.
 *
 * Context: any but NMI.
 * Return: false when it belongs to one already, or when the watch stops.
 */
bool devtlb_process_add(struct devtlb_process *process,
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

/* A process executes another: until one of them is gone, or the exec is over. */
static void process_replace(struct devtlb_process *old,
			    struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	unsigned long flags;

	raw_spin_lock_irqsave(&watch->lock, flags);
	/* A task that has vforked has its parent's, which lives on. */
	if (old->pid == process->pid && !list_empty(&old->entry) &&
	    !list_empty(&process->entry)) {
		/* Of an exec that failed. */
		if (old->replacer)
			old->replacer->replaces = NULL;
		process->replaces = old;
		old->replacer = process;
	}
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/* watch->lock is held. */
static void process_forget_others(struct devtlb_process *process)
{
	if (process->replaces)
		process->replaces->replacer = NULL;
	if (process->replacer)
		process->replacer->replaces = NULL;
	process->replaces = NULL;
	process->replacer = NULL;
}

/**
 * devtlb_process_unlist() - take a process out of the list and the table
 * @process: in them
 *
 * Context: watch->lock held.
 */
void devtlb_process_unlist(struct devtlb_process *process)
{
	process_forget_others(process);
	list_del_init(&process->entry);
	raw_spin_lock(&by_mm_lock);
	hash_del_rcu(&process->by_mm);
	raw_spin_unlock(&by_mm_lock);
}

/**
 * devtlb_process_next() - go through the processes of a watch
 * @watch: it
 * @process: the one before, or NULL
 *
 * Context: nobody else removes one: watch->leaving is held, or it is the watch's
 * thread. Interrupts are off for one step at a time.
 * Return: the next one, or NULL at the end.
 */
struct devtlb_process *devtlb_process_next(struct devtlb_watch *watch,
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

/**
 * devtlb_process_is_gone() - is the address space of a process gone?
 * @process: the process
 *
 * One that was bound while it was there is told so, by ->release.
 *
 * Context: any.
 * Return: true if it is, for good.
 */
bool devtlb_process_is_gone(struct devtlb_process *process)
{
	struct devtlb_pasid *pasid = devtlb_process_pasid(process);

	return pasid ? READ_ONCE(pasid->released)
		     : atomic_read(&process->mm->mm_users) == 0;
}

/*
 * Binds in a worker, and waits: a task that has a signal pending can't register
 * a notifier (mm_take_all_locks() gives up).
 */
static void devtlb_process_bind_and_wait(struct devtlb_process *process)
{
	queue_work(system_dfl_wq, &process->bind_work);
	flush_work(&process->bind_work);
}

/* Binds in the calling thread, which can be killed: watch_end() does. */
int devtlb_process_bind_here(struct devtlb_process *process)
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
	process = devtlb_spare_take();
	if (!process) {
		count_lost(watch);
		return;
	}
	process_init(process, watch, child->mm, task_tgid_nr(child),
		     child->comm);
	devtlb_process_add(process, state);
	devtlb_process_put(process);
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
	process = devtlb_process_new(old->watch, mm, task_tgid_nr(current), name);
	if (process) {
		if (devtlb_process_add(process, DEVTLB_PROCESS_EXECUTING)) {
			/* With vfork it is the parent's, and goes on. */
			WRITE_ONCE(old->replaced, true);
			process_replace(old, process);
			devtlb_process_bind_and_wait(process);
		}
		devtlb_process_put(process);
	} else {
		count_lost(old->watch);
	}
	devtlb_process_put(old);
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
	process->state = devtlb_process_pasid(process) ? DEVTLB_PROCESS_RUNNING
					      : DEVTLB_PROCESS_WAITING;
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/*
 * Is there no room for it, or no memory? One that keeps its mmap_lock at the
 * moment, or exits, or whose watch ends, has not been turned down: it is there
 * and waits.
 */
static bool is_refusal(int err)
{
	return err && err != -EAGAIN && err != -ESRCH && err != -EINTR;
}

/**
 * devtlb_process_try_bind() - bind what was forked, or what found no room before
 * @process: in the list
 *
 * Context: the watch's thread; may sleep. The others want to be mirrored: when
 * the process keeps its mmap_lock, it does not wait; the next time, then.
 */
void devtlb_process_try_bind(struct devtlb_process *process)
{
	struct devtlb_watch *watch = process->watch;
	unsigned long flags;
	bool refused;
	int err;

	/* devtlb_process_is_gone() sees it. */
	if (!mmget_not_zero(process->mm))
		return;
	/* The others want to be mirrored: when it is busy, the next time. */
	err = process_bind(process, true);
	/* Ours may be the last reference. */
	mmput_async(process->mm);

	raw_spin_lock_irqsave(&watch->lock, flags);
	if (!err)
		process->state = DEVTLB_PROCESS_RUNNING;
	refused = is_refusal(err);
	watch->unwatched += refused - process->turned_down;
	process->turned_down = refused;
	raw_spin_unlock_irqrestore(&watch->lock, flags);
}

/**
 * devtlb_process_end_binding() - end the wait of devtlb_process_bind_here()
 * @process: may keep its mmap_lock
 *
 * Context: may sleep.
 */
void devtlb_process_end_binding(struct devtlb_process *process)
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
