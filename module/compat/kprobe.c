// SPDX-License-Identifier: GPL-2.0-only
#include <linux/kprobes.h>

#include "compat/kprobe.h"

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
	/* Only its place can tell which one it is. */
	kprobe->flags = KPROBE_FLAG_DISABLED;
	if (register_kprobe(kprobe))
		return false;
	if ((kprobe->flags & KPROBE_FLAG_FTRACE) && !enable_kprobe(kprobe))
		return true;
	unregister_kprobe(kprobe);
	return false;
}
