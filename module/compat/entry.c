// SPDX-License-Identifier: GPL-2.0-only
/*
 * Entries of kernel functions: something of ours is called there, by ftrace, with
 * the function's arguments. A kprobe would save all registers and look itself up
 * in a table of the whole kernel's: half a page fault's own cost.
 *
 * One ftrace_ops has all entries of a set: to let go of one takes a grace period
 * of all tasks, for one of them may have been preempted in the trampoline, or in
 * what we were called for; unregister_ftrace_function() waits for it. So after
 * devtlb_entries_stop() no text of ours is run, and nothing that it uses is used.
 */
#include <linux/compiler.h>
#include <linux/hash.h>
#include <linux/kprobes.h>
#include <linux/trace_recursion.h>

#include "compat/entry.h"
#include "compat/kprobe.h"

#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS

static unsigned int entry_place(unsigned long location)
{
	return hash_long(location, DEVTLB_ENTRY_BITS);
}

static unsigned int entry_next_place(unsigned int place)
{
	return (place + 1) & ((1 << DEVTLB_ENTRY_BITS) - 1);
}

/*
 * In the middle of the kernel, in any context but NMI. What is called for a
 * function calls none that has an entry; what a tracer's or a kprobe's own code
 * calls is missed.
 */
static void notrace entries_enter(unsigned long location, unsigned long caller,
				  struct ftrace_ops *ops,
				  struct ftrace_regs *regs)
{
	struct devtlb_entries *entries =
		container_of(ops, struct devtlb_entries, ops);
	unsigned int place = entry_place(location);
	/* Turns preemption off, too. */
	int bit = ftrace_test_recursion_trylock(location, caller);

	if (bit < 0) {
		atomic_long_inc(&entries->misses);
		return;
	}
	while (entries->entry[place].location != location)
		place = entry_next_place(place);
	entries->entry[place].fn(regs);
	ftrace_test_recursion_unlock(bit);
}

static bool entries_add_at(struct devtlb_entries *entries,
			   unsigned long location, devtlb_entry_fn fn)
{
	unsigned int place = entry_place(location);

	if (!location || entries->nr == DEVTLB_ENTRIES_MAX ||
	    ftrace_set_filter_ip(&entries->ops, location, 0, 0))
		return false;
	while (entries->entry[place].location)
		place = entry_next_place(place);
	entries->entry[place].fn = fn;
	entries->entry[place].location = location;
	entries->nr++;
	return true;
}

/*
 * Self-test: a function of our own. ftrace can be switched off for all, at any
 * time and behind our back (/proc/sys/kernel/ftrace_enabled): what is called then
 * counts as registered.
 */
static bool test_fired;

static noinline void entries_test_target(void)
{
	/* What is called is not optimised away. */
	barrier();
}

static void entries_test_fire(struct ftrace_regs *regs)
{
	WRITE_ONCE(test_fired, true);
}

/**
 * devtlb_entries_init() - prepare to be called
 * @entries: zeroed
 *
 * Context: may sleep.
 * Return: false where ftrace cannot do it.
 */
bool devtlb_entries_init(struct devtlb_entries *entries)
{
	struct kprobe kprobe = { .addr = (void *)entries_test_target };

	entries->ops.func = entries_enter;
	return entries_add_at(entries, devtlb_kprobe_locate(&kprobe),
			      entries_test_fire);
}

/**
 * devtlb_entries_destroy() - the counterpart of devtlb_entries_init()
 * @entries: not started; may be zeroed
 *
 * Context: may sleep.
 */
void devtlb_entries_destroy(struct devtlb_entries *entries)
{
	ftrace_free_filter(&entries->ops);
}

/**
 * devtlb_entries_add() - have something called at the entry of a function
 * @entries: initialised, not started
 * @function: symbol
 * @fn: what is called while it is started: before the function, in any context but
 *	NMI, with preemption off
 *
 * Context: may sleep.
 * Return: false where the kernel has no such function, or no ftrace in it.
 */
bool devtlb_entries_add(struct devtlb_entries *entries, const char *function,
			devtlb_entry_fn fn)
{
	struct kprobe kprobe = { .symbol_name = function };

	return entries_add_at(entries, devtlb_kprobe_locate(&kprobe), fn);
}

/**
 * devtlb_entries_start() - call what was added, from now on
 * @entries: initialised: without the self-test, all functions would call us
 *
 * Context: may sleep.
 * Return: false if ftrace refuses.
 */
bool devtlb_entries_start(struct devtlb_entries *entries)
{
	return !register_ftrace_function(&entries->ops);
}

/**
 * devtlb_entries_stop() - the counterpart of devtlb_entries_start()
 * @entries: started
 *
 * Context: may sleep. When it returns nothing is called any more, nor running.
 */
void devtlb_entries_stop(struct devtlb_entries *entries)
{
	unregister_ftrace_function(&entries->ops);
}

/**
 * devtlb_entries_fire() - is what was added called?
 * @entries: started
 *
 * Context: a task; the caller serialises, those of other sets, too.
 * Return: false if it is not, whatever devtlb_entries_start() has said.
 */
bool devtlb_entries_fire(struct devtlb_entries *entries)
{
	WRITE_ONCE(test_fired, false);
	entries_test_target();
	return READ_ONCE(test_fired);
}

#else /* No ftrace that gives arguments: no entry is found. */

bool devtlb_entries_init(struct devtlb_entries *entries)
{
	return false;
}

void devtlb_entries_destroy(struct devtlb_entries *entries) { }

bool devtlb_entries_add(struct devtlb_entries *entries, const char *function,
			devtlb_entry_fn fn)
{
	return false;
}

bool devtlb_entries_start(struct devtlb_entries *entries)
{
	return false;
}

void devtlb_entries_stop(struct devtlb_entries *entries) { }

bool devtlb_entries_fire(struct devtlb_entries *entries)
{
	return false;
}

#endif
