/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_PROBE_H
#define DEVTLB_PROBE_H

#include <linux/kprobes.h>
#include <linux/tracepoint.h>

#include "devtlb.h"

struct netlink_ext_ack;

#define DEVTLB_PROBE_FUNCTIONS	2

/**
 * struct devtlb_probe_function - a kernel function that a probe may sit on
 * @name: symbol
 * @handler: runs before the function, in any context but NMI
 */
struct devtlb_probe_function {
	const char *name;
	kprobe_pre_handler_t handler;
};

/**
 * struct devtlb_probe - a place in the kernel that is watched
 * @rule: the detector's; unused elsewhere
 * @tracepoint_name: the tracepoint, or NULL for a function
 * @tracepoint_probe: what the tracepoint calls, with the prototype that it has
 * @functions: the first of these that the kernel has, newest kernel first
 * @required: nothing can be bound or watched without it
 * @optional: its absence says nothing
 * @tracepoint: private
 * @kprobe: private
 * @attached: private: name of what it sits on, or NULL
 */
struct devtlb_probe {
	enum devtlb_rule rule;
	const char *tracepoint_name;
	void *tracepoint_probe;
	struct devtlb_probe_function functions[DEVTLB_PROBE_FUNCTIONS];
	bool required;
	bool optional;
	struct tracepoint *tracepoint;
	struct kprobe kprobe;
	const char *attached;
};

/**
 * struct devtlb_probe_state - a probe, for people
 * @rule: whose it is
 * @name: of what it sits on, or of what it would sit on
 * @attached: it sits there now
 * @silent: it does, and does not fire
 * @misses: hits that it missed
 */
struct devtlb_probe_state {
	enum devtlb_rule rule;
	const char *name;
	bool attached;
	bool silent;
	unsigned long misses;
};

int devtlb_probes_get(struct netlink_ext_ack *extack);
void devtlb_probes_put(void);
bool devtlb_probe_describe(unsigned int i, struct devtlb_probe_state *state);

bool devtlb_probe_attach(struct devtlb_probe *probe);
void devtlb_probe_detach(struct devtlb_probe *probe);

#endif /* DEVTLB_PROBE_H */
