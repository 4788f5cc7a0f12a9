// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device threads: kernel threads that run a program of accesses through the ATC
 * of their PASID, with the process's mm loaded for the walks that fills make.
 *
 * A thread holds no mm_users: the process may exit under it. ->release closes
 * the ATC, the next fill says so, and the thread ends by itself.
 */
#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/mm.h>
#include <linux/sched.h>
#include <linux/sched/signal.h>
#include <linux/slab.h>

#include "device/access.h"
#include "device/fill.h"
#include "device/killable.h"
#include "device/page_request.h"
#include "device/pasid.h"
#include "device/thread.h"

/* Instructions between two looks at whether to stop or to let others run. */
#define BURST		64
/* Tries of a wait at full speed, before it begins to sleep between them. */
#define WAIT_SPINS	1000
#define WAIT_SLEEP_US	20
/*
 * Page requests for one access that all succeed and yet bring no translation:
 * memory that the process can use and no ATS device can (a driver's mapping).
 */
#define PAGE_REQUESTS_MAX	1000

static atomic_t nr_threads;

/* A running program. */
struct machine {
	struct devtlb_thread *thread;
	u64 reg[DEVTLB_REGS];
	unsigned int pc;
};

static bool should_stop(void)
{
	cond_resched();
	return kthread_should_stop();
}

/*
 * Gets a translation that grants the access. Returns 0: try the access again;
 * -EFAULT: the process has no such memory; -ESRCH: the process is gone; -EINTR.
 */
static int miss(struct devtlb_thread *thread, const struct devtlb_access *access)
{
	struct devtlb_pasid *pasid = thread->pasid;
	unsigned int requests = 0;

	for (;;) {
		int err = devtlb_atc_fill(&pasid->atc, &thread->user,
					  access->va, access->write);

		if (err == -ENOENT) {
			if (++requests > PAGE_REQUESTS_MAX)
				return -EFAULT;
			atomic64_inc(&pasid->page_requests);
			err = devtlb_page_request(pasid->mm, access->va,
						  access->write);
			if (err)
				return err;
		} else if (err != -EAGAIN && err != -ENOMEM) {
			return err;
		}
		if (should_stop())
			return -EINTR;
	}
}

/*
 * Makes one access, with all the translation requests and page requests that it
 * takes. Returns 0, also for a store that containment held back, or an error of
 * miss().
 */
static int do_access(struct devtlb_thread *thread, struct devtlb_access *access)
{
	u64 nr = thread->accesses + 1;

	WRITE_ONCE(thread->accesses, nr);
	access->check = thread->check_every && nr % thread->check_every == 0;
	if (access->check)
		WRITE_ONCE(thread->checked, thread->checked + 1);

	for (;;) {
		int err;

		switch (devtlb_atc_access(&thread->pasid->atc, &thread->user,
					  access)) {
		case DEVTLB_ACCESS_DONE:
			return 0;
		case DEVTLB_ACCESS_SUPPRESSED:
			atomic64_inc(&thread->pasid->suppressed_stores);
			return 0;
		case DEVTLB_ACCESS_POISONED:
			err = -EFAULT;
			break;
		case DEVTLB_ACCESS_MISS:
			err = miss(thread, access);
			break;
		}
		if (err == -EFAULT)
			WRITE_ONCE(thread->faults, thread->faults + 1);
		if (err)
			return err;
		/* It may be lost again before it is used, again and again. */
		if (should_stop())
			return -EINTR;
	}
}

static unsigned long operand(const struct machine *machine,
			     const struct devtlb_insn *insn)
{
	return insn->addr + machine->reg[insn->index] * insn->stride;
}

static int load(struct machine *machine, const struct devtlb_insn *insn,
		u64 *value)
{
	struct devtlb_access access = { .va = operand(machine, insn) };
	int err = do_access(machine->thread, &access);

	if (!err)
		*value = access.value;
	return err;
}

static int store(struct machine *machine, const struct devtlb_insn *insn)
{
	struct devtlb_access access = {
		.va = operand(machine, insn),
		.value = machine->reg[insn->reg],
		.write = true,
	};

	return do_access(machine->thread, &access);
}

static int wait_until(struct machine *machine, const struct devtlb_insn *insn)
{
	unsigned int tries = 0;
	u64 value;

	for (;;) {
		int err = load(machine, insn, &value);

		if (err || value == insn->value)
			return err;
		if (should_stop())
			return -EINTR;
		if (READ_ONCE(machine->thread->pasid->released))
			return -ESRCH;
		if (++tries > WAIT_SPINS)
			usleep_range(WAIT_SLEEP_US, 2 * WAIT_SLEEP_US);
	}
}

static void log_value(struct devtlb_thread *thread, u64 value)
{
	u64 nr = thread->nr_log;

	if (nr < DEVTLB_LOG_MAX)
		WRITE_ONCE(thread->log[nr], value);
	/* Pairs with the acquire of whoever reads the log. */
	smp_store_release(&thread->nr_log, nr + 1);
}

static int step(struct machine *machine)
{
	struct devtlb_thread *thread = machine->thread;
	const struct devtlb_insn *insn = &thread->program.insn[machine->pc++];
	u64 *reg = &machine->reg[insn->reg];

	switch (insn->op) {
	case DEVTLB_OP_LOAD:
		return load(machine, insn, reg);
	case DEVTLB_OP_STORE:
		return store(machine, insn);
	case DEVTLB_OP_SET:
		*reg = insn->value;
		return 0;
	case DEVTLB_OP_ADD:
		*reg += insn->value;
		return 0;
	case DEVTLB_OP_FENCE:
		/*
		 * Pairs with whatever the process orders its own accesses by.
		 */
		smp_mb();
		return 0;
	case DEVTLB_OP_WAIT:
		return wait_until(machine, insn);
	case DEVTLB_OP_LOOP:
		if (++*reg == insn->value)
			*reg = 0;
		else
			machine->pc = insn->target;
		return 0;
	case DEVTLB_OP_LOG:
		log_value(thread, *reg);
		return 0;
	}
	return -EINVAL;
}

static u32 run(struct devtlb_thread *thread)
{
	struct machine machine = { .thread = thread };
	unsigned int burst = 0;

	while (machine.pc < thread->program.nr) {
		int err = step(&machine);

		/*
		 * A fault ends the instruction, as a refused access does; not
		 * more.
		 */
		if (err == -ESRCH)
			return DEVTLB_THREAD_RELEASED;
		if (err == -EINTR)
			return DEVTLB_THREAD_STOPPED;
		if (++burst >= BURST) {
			burst = 0;
			if (should_stop())
				return DEVTLB_THREAD_STOPPED;
			/* Without a miss, nothing else would tell it. */
			if (READ_ONCE(thread->pasid->released))
				return DEVTLB_THREAD_RELEASED;
		}
	}
	return DEVTLB_THREAD_FINISHED;
}

static int device_thread(void *arg)
{
	struct devtlb_thread *thread = arg;
	u32 state;

	/* A page request may wait for user space. */
	devtlb_killable(&thread->killed);
	kthread_use_mm(thread->pasid->mm);
	state = run(thread);
	kthread_unuse_mm(thread->pasid->mm);
	WRITE_ONCE(thread->state, state);

	/* kthread_stop() needs the task to be there. */
	for (;;) {
		set_current_state(TASK_IDLE);
		if (kthread_should_stop())
			break;
		schedule();
	}
	__set_current_state(TASK_RUNNING);
	return 0;
}

/* Under the jobs mutex: forgets the oldest of those that were stopped. */
static void forget_stopped(struct devtlb_pasid *pasid)
{
	struct devtlb_thread *thread;
	unsigned long id;

	xa_for_each(&pasid->threads, id, thread) {
		if (thread->task)
			continue;
		xa_erase(&pasid->threads, id);
		pasid->nr_stopped--;
		WRITE_ONCE(pasid->threads_forgotten,
			   pasid->threads_forgotten + 1);
		devtlb_thread_put(thread);
		return;
	}
}

/* A number that no thread of the PASID has had. */
static int add_to_pasid(struct devtlb_thread *thread)
{
	struct devtlb_pasid *pasid = thread->pasid;
	int err;

	if (pasid->nr_stopped >= DEVTLB_STOPPED_MAX)
		forget_stopped(pasid);
	err = xa_alloc_cyclic(&pasid->threads, &thread->user.id, thread,
			      xa_limit_31b, &pasid->next_thread, GFP_KERNEL);
	return err < 0 ? err : 0;
}

/**
 * devtlb_thread_start() - start a device thread
 * @pasid: bound; its jobs mutex is held
 * @insn: a program that devtlb_program_check() accepts
 * @nr: its instructions
 * @check_every: check every N-th access; 0 for none
 *
 * Context: may sleep.
 * Return: the thread, with a number of its own, or an ERR_PTR(): -EBUSY where
 * DEVTLB_THREADS_MAX run already.
 */
struct devtlb_thread *devtlb_thread_start(struct devtlb_pasid *pasid,
					  const struct devtlb_insn *insn,
					  unsigned int nr, u32 check_every)
{
	struct devtlb_thread *thread;
	struct task_struct *task;
	int err;

	lockdep_assert_held(&pasid->jobs);
	if (atomic_read(&pasid->nr_threads) >= DEVTLB_THREADS_MAX)
		return ERR_PTR(-EBUSY);
	thread = kvzalloc(sizeof(*thread), GFP_KERNEL);
	if (!thread)
		return ERR_PTR(-ENOMEM);
	kref_init(&thread->ref);
	thread->pasid = pasid;
	thread->program.nr = nr;
	memcpy(thread->program.insn, insn, nr * sizeof(*insn));
	thread->check_every = check_every;

	err = add_to_pasid(thread);
	if (err)
		goto err_put;
	devtlb_atc_add_user(&pasid->atc, &thread->user);
	task = kthread_create(device_thread, thread, "devtlb/%u:%u", pasid->object.id,
			      thread->user.id);
	if (IS_ERR(task)) {
		err = PTR_ERR(task);
		goto err_remove;
	}
	thread->task = get_task_struct(task);
	atomic_inc(&nr_threads);
	atomic_inc(&pasid->nr_threads);
	wake_up_process(task);
	return thread;

err_remove:
	xa_erase(&pasid->threads, thread->user.id);
	devtlb_atc_remove_user(&pasid->atc, &thread->user);
	synchronize_rcu();
	devtlb_atc_supply_free(&thread->user.supply);
err_put:
	devtlb_thread_put(thread);
	return ERR_PTR(err);
}

/* Ends the thread; it stays a user of the ATC for an RCU grace period. */
static void end_thread(struct devtlb_thread *thread)
{
	devtlb_kill(thread->task, &thread->killed);
	kthread_stop(thread->task);
	put_task_struct(thread->task);
	thread->task = NULL;
	/* One that was stopped before it first ran has not said so. */
	if (thread->state == DEVTLB_THREAD_RUNNING)
		thread->state = DEVTLB_THREAD_STOPPED;
	devtlb_atc_remove_user(&thread->pasid->atc, &thread->user);
	thread->pasid->nr_stopped++;
	atomic_dec(&nr_threads);
	atomic_dec(&thread->pasid->nr_threads);
}

/**
 * devtlb_thread_stop() - stop a device thread
 * @thread: its PASID's jobs mutex is held; may have been stopped before
 *
 * Context: may sleep. When it returns the thread makes no access any more; what
 * it counted and logged stays.
 */
void devtlb_thread_stop(struct devtlb_thread *thread)
{
	if (!thread->task)
		return;
	end_thread(thread);
	/* No drain looks at it any more. */
	synchronize_rcu();
	devtlb_atc_supply_free(&thread->user.supply);
}

/**
 * devtlb_threads_stop() - stop all device threads of a PASID
 * @pasid: its jobs mutex is held
 *
 * Context: may sleep. As devtlb_thread_stop() for each, in one RCU grace
 * period.
 */
void devtlb_threads_stop(struct devtlb_pasid *pasid)
{
	struct devtlb_thread *thread;
	unsigned long id;

	xa_for_each(&pasid->threads, id, thread) {
		if (thread->task)
			end_thread(thread);
	}
	synchronize_rcu();
	xa_for_each(&pasid->threads, id, thread)
		devtlb_atc_supply_free(&thread->user.supply);
}

/**
 * devtlb_thread_get_next() - find the next device thread of a PASID
 * @pasid: the caller has a reference
 * @id: the lowest number that will do; receives the one found
 *
 * Return: the thread with a reference, or NULL.
 */
struct devtlb_thread *devtlb_thread_get_next(struct devtlb_pasid *pasid, u32 *id)
{
	struct devtlb_thread *thread;
	unsigned long index = *id;

	xa_lock(&pasid->threads);
	thread = xa_find(&pasid->threads, &index, U32_MAX, XA_PRESENT);
	if (thread)
		kref_get(&thread->ref);
	xa_unlock(&pasid->threads);
	*id = index;
	return thread;
}

static void thread_free(struct kref *ref)
{
	kvfree(container_of(ref, struct devtlb_thread, ref));
}

/**
 * devtlb_thread_put() - let go of a device thread
 * @thread: from devtlb_thread_get_next(); or stopped, and out of its PASID's
 *	list
 *
 * Context: may sleep.
 */
void devtlb_thread_put(struct devtlb_thread *thread)
{
	kref_put(&thread->ref, thread_free);
}

/**
 * devtlb_threads_exist() - device threads of all PASIDs
 *
 * Return: their number, without those that were stopped.
 */
u32 devtlb_threads_exist(void)
{
	return atomic_read(&nr_threads);
}
