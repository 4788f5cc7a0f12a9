// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes: places in the kernel that are watched, in sets that come with their
 * first user and go with the last (invariant 9).
 *
 * A probe runs in the middle of mm/, in any context but NMI, under any of its
 * locks. It allocates, frees and prints nothing; the locks that it takes are
 * never held around anything that a probe sits on (invariant 3).
 */
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "detect/probe.h"

/* Protects all of all sets; the self-test's. */
static DEFINE_MUTEX(sets_mutex);

static void match_tracepoint(struct tracepoint *tracepoint, void *arg)
{
	struct devtlb_probe *probe = arg;

	if (strcmp(tracepoint->name, probe->tracepoint_name) == 0)
		probe->tracepoint = tracepoint;
}

static void probe_locate_tracepoint(struct devtlb_probe *probe)
{
	for_each_kernel_tracepoint(match_tracepoint, probe);
	if (probe->tracepoint)
		probe->place = probe->tracepoint_name;
}

static void probe_locate_function(struct devtlb_probe *probe,
				  struct devtlb_entries *entries)
{
	unsigned int i;

	for (i = 0; i < DEVTLB_PROBE_FUNCTIONS && probe->functions[i].name; i++) {
		if (!devtlb_entries_add(entries, probe->functions[i].name,
					probe->functions[i].fn))
			continue;
		probe->place = probe->functions[i].name;
		return;
	}
}

/* What the kernel has does not change: once is enough. */
static void probe_set_locate(struct devtlb_probe_set *set)
{
	bool can_enter = false, tried = false;
	unsigned int i;

	if (set->located)
		return;
	for (i = 0; i < set->nr; i++) {
		struct devtlb_probe *probe = set->probe[i];

		if (probe->tracepoint_name) {
			probe_locate_tracepoint(probe);
			continue;
		}
		if (!tried)
			can_enter = devtlb_entries_init(&set->entries);
		tried = true;
		if (can_enter)
			probe_locate_function(probe, &set->entries);
		if (probe->place)
			set->has_entries = true;
	}
	set->located = true;
}

static bool probe_attach(struct devtlb_probe *probe, bool entered)
{
	if (!probe->place)
		return false;
	return probe->tracepoint ?
	       !tracepoint_probe_register(probe->tracepoint,
					  probe->tracepoint_probe, NULL) :
	       entered;
}

static void probe_set_detach(struct devtlb_probe_set *set)
{
	bool entered = false;
	unsigned int i;

	for (i = 0; i < set->nr; i++) {
		struct devtlb_probe *probe = set->probe[i];

		if (probe->attached && probe->tracepoint)
			tracepoint_probe_unregister(probe->tracepoint,
						    probe->tracepoint_probe,
						    NULL);
		else
			entered |= probe->attached;
		probe->attached = false;
	}
	if (entered)
		devtlb_entries_stop(&set->entries);
	tracepoint_synchronize_unregister();
}

static int probe_set_attach(struct devtlb_probe_set *set,
			    struct netlink_ext_ack *extack)
{
	bool entered;
	unsigned int i;

	probe_set_locate(set);
	entered = set->has_entries && devtlb_entries_start(&set->entries);
	for (i = 0; i < set->nr; i++) {
		struct devtlb_probe *probe = set->probe[i];

		probe->attached = probe_attach(probe, entered);
	}
	for (i = 0; i < set->nr; i++) {
		if (set->probe[i]->attached || !set->probe[i]->required)
			continue;
		NL_SET_ERR_MSG_MOD(extack,
				   "this kernel lacks a tracepoint of mm or sched; it needs CONFIG_TRACEPOINTS");
		probe_set_detach(set);
		return -EOPNOTSUPP;
	}
	return 0;
}

/**
 * devtlb_probe_set_get() - watch from now on
 * @set: it
 * @extack: receives the reason of a failure
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; on 0, devtlb_probe_set_put() must follow.
 */
int devtlb_probe_set_get(struct devtlb_probe_set *set,
			 struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&sets_mutex);
	if (set->users == 0)
		err = probe_set_attach(set, extack);
	if (!err)
		set->users++;
	mutex_unlock(&sets_mutex);
	return err;
}

/**
 * devtlb_probe_set_put() - the counterpart of devtlb_probe_set_get()
 * @set: it
 *
 * Context: may sleep. After the last one no probe of it runs any more.
 */
void devtlb_probe_set_put(struct devtlb_probe_set *set)
{
	mutex_lock(&sets_mutex);
	if (--set->users == 0)
		probe_set_detach(set);
	mutex_unlock(&sets_mutex);
}

/**
 * devtlb_probe_set_exit() - free what a set has, at rmmod
 * @set: without users; may never have had one
 *
 * Context: may sleep.
 */
void devtlb_probe_set_exit(struct devtlb_probe_set *set)
{
	devtlb_entries_destroy(&set->entries);
}

/**
 * devtlb_probe_set_describe() - describe probes
 * @set: theirs
 * @fn: called for each that is attached, or missed by a user; until it returns
 *	other than 0
 * @arg: for @fn
 *
 * Context: may sleep.
 * Return: what @fn returned last, or 0.
 */
int devtlb_probe_set_describe(struct devtlb_probe_set *set,
			      devtlb_probe_state_fn fn, void *arg)
{
	bool fires = true;
	unsigned int i;
	int ret = 0;

	mutex_lock(&sets_mutex);
	if (set->users > 0 && set->has_entries)
		fires = devtlb_entries_fire(&set->entries);
	for (i = 0; i < set->nr && set->users > 0 && !ret; i++) {
		const struct devtlb_probe *probe = set->probe[i];
		const struct devtlb_probe_state state = {
			.rule = probe->rule,
			.name = probe->place ? : probe->tracepoint_name ? :
				probe->functions[0].name,
			.attached = probe->attached,
			.silent = probe->attached && !probe->tracepoint &&
				  !fires,
		};

		if (probe->attached || !probe->optional)
			ret = fn(&state, arg);
	}
	mutex_unlock(&sets_mutex);
	return ret;
}

/**
 * devtlb_probe_set_misses() - how much was missed
 * @set: whose probes did
 *
 * Return: how often one did not run where it should have, since the module came.
 */
u64 devtlb_probe_set_misses(struct devtlb_probe_set *set)
{
	return atomic_long_read(&set->entries.misses);
}
