// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kprobes.h>

#include "compat/kprobe.h"

/* Registers a kprobe that is not on yet; false where ftrace does not call it. */
static bool kprobe_register_off(struct kprobe *kprobe)
{
	/* Only its place can tell which kind it is. */
	kprobe->flags = KPROBE_FLAG_DISABLED;
	if (register_kprobe(kprobe))
		return false;
	if (kprobe->flags & KPROBE_FLAG_FTRACE)
		return true;
	unregister_kprobe(kprobe);
	return false;
}

/**
 * devtlb_kprobe_on_entry() - register a kprobe that runs as a function call
 * @kprobe: its symbol and pre-handler are set, the rest is zero
 *
 * One by breakpoint runs as an NMI does, and may not take our locks.
 *
 * Context: may sleep.
 * Return: true if it is registered; false where the kernel has no such
 * function, or no ftrace on it.
 */
bool devtlb_kprobe_on_entry(struct kprobe *kprobe)
{
	if (!kprobe_register_off(kprobe))
		return false;
	if (!enable_kprobe(kprobe))
		return true;
	unregister_kprobe(kprobe);
	return false;
}

/**
 * devtlb_kprobe_locate() - where does a function call ftrace?
 * @kprobe: its symbol or address is set, the rest is zero
 *
 * Context: may sleep.
 * Return: the place; 0 where the kernel has no such function, or no ftrace on it.
 */
unsigned long devtlb_kprobe_locate(struct kprobe *kprobe)
{
	unsigned long location;

	if (!kprobe_register_off(kprobe))
		return 0;
	location = (unsigned long)kprobe->addr;
	unregister_kprobe(kprobe);
	return location;
}
