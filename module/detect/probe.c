// SPDX-License-Identifier: GPL-2.0-only
/*
 * Probes: where the detectors watch the kernel. They exist while a PASID is
 * bound (invariant 9).
 *
 * A probe runs in the middle of mm/, in any context but NMI, under any of its
 * locks. It allocates, frees and prints nothing; the locks that it takes are
 * never held around anything that a probe sits on (invariant 3).
 */
#include <linux/kprobes.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/string.h>
#include <linux/tracepoint.h>

#include "compat/kprobe.h"
#include "detect/copy.h"
#include "detect/free.h"
#include "detect/switch.h"
#include "detect/probe.h"

static struct devtlb_probe * const probes[] = {
	&devtlb_probe_page_free,
	&devtlb_probe_hugetlb_free,
	&devtlb_probe_new_anon_rmap,
	&devtlb_probe_anon_rmap,
	&devtlb_probe_anon_rmap_pmd,
	&devtlb_probe_hugetlb_rmap,
	&devtlb_probe_remove_migration,
	&devtlb_probe_folio_copy,
	&devtlb_probe_folio_mc_copy,
	&devtlb_probe_hugetlb_cow,
	&devtlb_probe_wp_fault,
	&devtlb_probe_cow_copy,
};

/* Protects users, and the probes' coming and going; the self-test's. */
static DEFINE_MUTEX(users_mutex);
static unsigned int users;

/*
 * Self-test: a function of our own, with a probe of the kind that the others
 * are. Kprobes can be disarmed, and ftrace switched off, for all at any time and
 * behind our back (/sys/kernel/debug/kprobes/enabled,
 * /proc/sys/kernel/ftrace_enabled): a probe then counts as registered and never
 * fires. Tracepoints have no such switch.
 */
static bool test_fired;

static noinline void probe_test_target(void)
{
	/* What is called is not optimised away. */
	barrier();
}

static int probe_test_fire(struct kprobe *kprobe, struct pt_regs *regs)
{
	WRITE_ONCE(test_fired, true);
	return 0;
}

NOKPROBE_SYMBOL(probe_test_fire);

static struct kprobe test_probe;
static bool test_attached;

static void attach_test(void)
{
	test_probe = (struct kprobe) {
		.addr = (void *)probe_test_target,
		.pre_handler = probe_test_fire,
	};
	test_attached = devtlb_kprobe_on_entry(&test_probe);
}

static void detach_test(void)
{
	if (test_attached)
		unregister_kprobe(&test_probe);
	test_attached = false;
}

/* users_mutex is held. */
static bool kprobes_fire(void)
{
	if (!test_attached)
		return false;
	WRITE_ONCE(test_fired, false);
	probe_test_target();
	return READ_ONCE(test_fired);
}

static void match_tracepoint(struct tracepoint *tracepoint, void *arg)
{
	struct devtlb_probe *probe = arg;

	if (strcmp(tracepoint->name, probe->tracepoint_name) == 0)
		probe->tracepoint = tracepoint;
}

static bool attach_tracepoint(struct devtlb_probe *probe)
{
	for_each_kernel_tracepoint(match_tracepoint, probe);
	if (!probe->tracepoint ||
	    tracepoint_probe_register(probe->tracepoint,
				      probe->tracepoint_probe, NULL))
		return false;
	WRITE_ONCE(probe->attached, probe->tracepoint_name);
	return true;
}

static bool attach_function(struct devtlb_probe *probe)
{
	unsigned int i;

	for (i = 0; i < DEVTLB_PROBE_FUNCTIONS && probe->functions[i].name; i++) {
		probe->kprobe = (struct kprobe) {
			.symbol_name = probe->functions[i].name,
			.pre_handler = probe->functions[i].handler,
		};
		if (devtlb_kprobe_on_entry(&probe->kprobe)) {
			WRITE_ONCE(probe->attached, probe->functions[i].name);
			return true;
		}
	}
	return false;
}

/**
 * devtlb_probe_attach() - watch a place from now on
 * @probe: not attached
 *
 * Context: may sleep; the caller serialises.
 * Return: false where the kernel does not offer it.
 */
bool devtlb_probe_attach(struct devtlb_probe *probe)
{
	return probe->tracepoint_name ? attach_tracepoint(probe)
				      : attach_function(probe);
}

/**
 * devtlb_probe_detach() - the counterpart of devtlb_probe_attach()
 * @probe: may be detached
 *
 * Context: may sleep; the caller serialises, and calls
 * tracepoint_synchronize_unregister() before what the probe uses goes away.
 */
void devtlb_probe_detach(struct devtlb_probe *probe)
{
	if (!probe->attached)
		return;
	if (probe->tracepoint_name)
		tracepoint_probe_unregister(probe->tracepoint,
					    probe->tracepoint_probe, NULL);
	else
		unregister_kprobe(&probe->kprobe);
	WRITE_ONCE(probe->attached, NULL);
}

static void detach_all(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		devtlb_probe_detach(probes[i]);
	detach_test();
	tracepoint_synchronize_unregister();
}

static int attach_all(struct netlink_ext_ack *extack)
{
	size_t i;

	attach_test();
	for (i = 0; i < ARRAY_SIZE(probes); i++) {
		if (devtlb_probe_attach(probes[i]) || !probes[i]->required)
			continue;
		NL_SET_ERR_MSG_MOD(extack,
				   "this kernel has no mm_page_free tracepoint; it needs CONFIG_TRACEPOINTS");
		detach_all();
		return -EOPNOTSUPP;
	}
	return 0;
}

/**
 * devtlb_probes_get() - watch from now on
 * @extack: receives the reason of a failure
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; on 0, devtlb_probes_put() must follow.
 */
int devtlb_probes_get(struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&users_mutex);
	if (users == 0)
		err = attach_all(extack);
	if (!err)
		users++;
	mutex_unlock(&users_mutex);
	return err;
}

/**
 * devtlb_probes_put() - the counterpart of devtlb_probes_get()
 *
 * Context: may sleep. After the last one no probe runs any more.
 */
void devtlb_probes_put(void)
{
	mutex_lock(&users_mutex);
	if (--users == 0)
		detach_all();
	mutex_unlock(&users_mutex);
}

/**
 * devtlb_probe_describe() - describe a probe
 * @i: which, from 0
 * @state: the result
 *
 * Context: may sleep.
 * Return: false when there are not that many; probes that are neither attached
 * nor missed have no name.
 */
bool devtlb_probe_describe(unsigned int i, struct devtlb_probe_state *state)
{
	struct devtlb_probe *probe;

	if (i >= ARRAY_SIZE(probes))
		return false;
	probe = probes[i];

	mutex_lock(&users_mutex);
	*state = (struct devtlb_probe_state) {
		.rule = probe->rule,
		.name = probe->attached,
		.attached = probe->attached,
		.silent = probe->attached && !probe->tracepoint_name &&
			  !kprobes_fire(),
		.misses = probe->kprobe.nmissed,
	};
	if (!probe->attached && users > 0 && !probe->optional)
		state->name = probe->tracepoint_name ? :
			      probe->functions[0].name;
	mutex_unlock(&users_mutex);
	return true;
}
