// SPDX-License-Identifier: GPL-2.0-only
/*
 * Follows processes: where an address space comes from another one.
 *
 * What descends from an address space of a watch belongs to the watch: fork
 * copies one, exec replaces one. Threads and vfork share one.
 *
 * - exec: a binary format that takes no binary. The kernel asks every format
 *   when the new address space is there and empty, and nothing of it runs yet; it
 *   can sleep there, so the PASID is bound before the first instruction. It is
 *   mirrored when exec is over, which a tracepoint tells: before that, no device
 *   could know the address space.
 * - fork: a tracepoint, before the child runs. No notifier can be registered in
 *   one, for that sleeps: the child is only noted, and bound by the watch's
 *   thread if it lives. What it forks and executes until then is followed all the
 *   same.
 * - faults: a tracepoint; where something new will be present.
 *
 * The tracepoints are used only while there is a watch (invariant 9). The binary
 * format stays until the module goes: an exec that has asked it goes on to the
 * next one in the list, without a lock or a reference but that to the module, so
 * only when nobody has one may it leave the list. Without a watch it costs an
 * exec one lookup.
 */
#include <linux/binfmts.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/tracepoint.h>
#include <trace/events/sched.h>
#ifdef DEVTLB_HAVE_ASM_TRACE_EXCEPTIONS
#include <asm/trace/exceptions.h>
#else
#include <trace/events/exceptions.h>
#endif

#include "watch/follow.h"
#include "detect/probe.h"
#include "watch/process.h"
#include "watch/watch.h"

static int load_binary(struct linux_binprm *bprm)
{
	devtlb_process_executes(bprm->mm, kbasename(bprm->filename));
	/* Not ours: the next format, please. */
	return -ENOEXEC;
}

static struct linux_binfmt follow_binfmt = {
	.module = THIS_MODULE,
	.load_binary = load_binary,
};

static void probe_fork(void *data, struct task_struct *parent,
		       struct task_struct *child)
{
	struct devtlb_process *process;

	/* A thread, a vfork, or a kernel thread. */
	if (!child->mm || child->mm == parent->mm)
		return;
	rcu_read_lock();
	process = devtlb_process_of_mm(parent->mm);
	if (process)
		devtlb_process_forked(process, child);
	rcu_read_unlock();
}

static void probe_exec(void *data, struct task_struct *task, pid_t old_pid,
		       struct linux_binprm *bprm)
{
	struct devtlb_process *process;

	rcu_read_lock();
	process = devtlb_process_of_mm(task->mm);
	if (process)
		devtlb_process_executed(process);
	rcu_read_unlock();
}

static void probe_fault(void *data, unsigned long va, struct pt_regs *regs,
			unsigned long error_code)
{
	struct devtlb_process *process;

	rcu_read_lock();
	process = devtlb_process_of_mm(current->mm);
	if (process)
		devtlb_mirror_note_fault(&process->mirror, va);
	rcu_read_unlock();
}

/* The tracepoints have the prototypes of their probes, or this does not compile. */
static void __maybe_unused check_prototypes(void)
{
	check_trace_callback_type_sched_process_fork(probe_fork);
	check_trace_callback_type_sched_process_exec(probe_exec);
	check_trace_callback_type_page_fault_user(probe_fault);
}

static struct devtlb_probe fork_probe = {
	.tracepoint_name = "sched_process_fork",
	.tracepoint_probe = probe_fork,
	.required = true,
};

static struct devtlb_probe exec_probe = {
	.tracepoint_name = "sched_process_exec",
	.tracepoint_probe = probe_exec,
	.required = true,
};

static struct devtlb_probe fault_probe = {
	.tracepoint_name = "page_fault_user",
	.tracepoint_probe = probe_fault,
};

static struct devtlb_probe * const probes[] = {
	&fork_probe,
	&exec_probe,
	&fault_probe,
};

static struct devtlb_probe_set probe_set = {
	.probe = probes,
	.nr = ARRAY_SIZE(probes),
};

static DEFINE_MUTEX(binfmt_mutex);
static bool has_binfmt;

static void insert_binfmt_once(void)
{
	mutex_lock(&binfmt_mutex);
	if (!has_binfmt)
		insert_binfmt(&follow_binfmt);
	has_binfmt = true;
	mutex_unlock(&binfmt_mutex);
}

/**
 * devtlb_follow_get() - follow processes from now on
 * @extack: receives the reason of a failure
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; on 0, devtlb_follow_put() must follow.
 */
int devtlb_follow_get(struct netlink_ext_ack *extack)
{
	int err = devtlb_probe_set_get(&probe_set, extack);

	if (!err)
		insert_binfmt_once();
	return err;
}

/**
 * devtlb_follow_put() - the counterpart of devtlb_follow_get()
 *
 * Context: may sleep. After the last one no hook runs any more, but for those of
 * exec: they find no watch.
 */
void devtlb_follow_put(void)
{
	devtlb_probe_set_put(&probe_set);
}

/* No exec is under way that has asked our format: it would keep the module. */
void devtlb_follow_module_exit(void)
{
	if (has_binfmt)
		unregister_binfmt(&follow_binfmt);
	devtlb_probe_set_exit(&probe_set);
}
