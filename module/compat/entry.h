/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_ENTRY_H
#define DEVTLB_ENTRY_H

#include <linux/atomic.h>
#include <linux/ftrace.h>
#include <linux/types.h>

/* Before 6.3 its callers looked into it. */
#ifndef ftrace_regs_get_argument
#define ftrace_regs_get_argument(regs, n) \
	regs_get_kernel_argument(&(regs)->regs, n)
#endif

/* Runs before a function, with its arguments: ftrace_regs_get_argument(). */
typedef void (*devtlb_entry_fn)(struct ftrace_regs *regs);

#define DEVTLB_ENTRY_BITS	5
/* Not all places: a search ends at a free one. */
#define DEVTLB_ENTRIES_MAX	(1 << (DEVTLB_ENTRY_BITS - 1))

/**
 * struct devtlb_entries - entries of kernel functions, where something is called
 * @ops: for ftrace
 * @entry: by the hash of the location where ftrace is called; 0 in a free place
 * @nr: how many
 * @misses: calls that were missed, because they came inside another one
 */
struct devtlb_entries {
#ifdef CONFIG_DYNAMIC_FTRACE_WITH_ARGS
	struct ftrace_ops ops;
#endif
	struct {
		unsigned long location;
		devtlb_entry_fn fn;
	} entry[1 << DEVTLB_ENTRY_BITS];
	unsigned int nr;
	atomic_long_t misses;
};

bool devtlb_entries_init(struct devtlb_entries *entries);
void devtlb_entries_destroy(struct devtlb_entries *entries);
bool devtlb_entries_add(struct devtlb_entries *entries, const char *function,
			devtlb_entry_fn fn);
bool devtlb_entries_start(struct devtlb_entries *entries);
void devtlb_entries_stop(struct devtlb_entries *entries);
bool devtlb_entries_fire(struct devtlb_entries *entries);

#endif /* DEVTLB_ENTRY_H */
