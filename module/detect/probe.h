/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_PROBE_H
#define DEVTLB_PROBE_H

#include <linux/tracepoint.h>

#include "compat/entry.h"
#include "devtlb.h"

struct netlink_ext_ack;

#define DEVTLB_PROBE_FUNCTIONS	2

/**
 * struct devtlb_probe_function - a kernel function that a probe may sit on
 * @name: symbol
 * @fn: runs before the function
 */
struct devtlb_probe_function {
	const char *name;
	devtlb_entry_fn fn;
};

/**
 * struct devtlb_probe - a place in the kernel that is watched
 * @rule: the detector's; unused elsewhere
 * @tracepoint_name: the tracepoint, or NULL for a function
 * @tracepoint_probe: what the tracepoint calls, with the prototype that it has
 * @functions: the first of these that the kernel has, newest kernel first
 * @required: nothing can be bound or watched without it
 * @optional: its absence says nothing
 * @place: private: name of the tracepoint or function that the kernel has, or
 *	NULL
 * @tracepoint: private
 * @attached: private
 */
struct devtlb_probe {
	enum devtlb_rule rule;
	const char *tracepoint_name;
	void *tracepoint_probe;
	struct devtlb_probe_function functions[DEVTLB_PROBE_FUNCTIONS];
	bool required;
	bool optional;
	const char *place;
	struct tracepoint *tracepoint;
	bool attached;
};

/**
 * struct devtlb_probe_set - probes that come and go together
 * @probe: they
 * @nr: how many
 * @users: private: who needs them
 * @located: private: the kernel was searched for their places
 * @has_entries: private: some are on functions
 * @entries: private: those
 */
struct devtlb_probe_set {
	struct devtlb_probe * const *probe;
	unsigned int nr;
	unsigned int users;
	bool located;
	bool has_entries;
	struct devtlb_entries entries;
};

/**
 * struct devtlb_probe_state - a probe, for people
 * @rule: whose it is
 * @name: of what it sits on, or of what it would sit on
 * @attached: it sits there now
 * @silent: it does, and does not fire
 */
struct devtlb_probe_state {
	enum devtlb_rule rule;
	const char *name;
	bool attached;
	bool silent;
};

typedef int (*devtlb_probe_state_fn)(const struct devtlb_probe_state *state,
				     void *arg);

int devtlb_probe_set_get(struct devtlb_probe_set *set,
			 struct netlink_ext_ack *extack);
void devtlb_probe_set_put(struct devtlb_probe_set *set);
void devtlb_probe_set_exit(struct devtlb_probe_set *set);
int devtlb_probe_set_describe(struct devtlb_probe_set *set,
			      devtlb_probe_state_fn fn, void *arg);
u64 devtlb_probe_set_misses(struct devtlb_probe_set *set);

#endif /* DEVTLB_PROBE_H */
