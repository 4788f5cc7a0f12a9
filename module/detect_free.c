// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule A: a page is not freed while it is translated.
 *
 * The mm_page_free tracepoint fires at the start of every free to the page
 * allocator: the last reference is gone, and nobody else can have the page yet.
 * Pages of hugetlbfs go back to their pool instead, which a kprobe sees. A
 * translation found then is a breach; it is killed and drained before the probe
 * returns, so no access of ours reaches the next owner's page (invariant 6).
 *
 * A probe runs in any context but NMI, under any lock of mm/. It allocates,
 * frees and prints nothing; the locks that it takes are never held around a
 * free (invariant 3), so it cannot meet itself.
 *
 * The probes exist while a PASID is bound (invariant 9).
 */
#include <linux/kprobes.h>
#include <linux/mm.h>
#include <linux/mutex.h>
#include <linux/netlink.h>
#include <linux/sched.h>
#include <linux/stacktrace.h>
#include <linux/tracepoint.h>

#include "contain.h"
#include "detect_free.h"
#include "pasid.h"
#include "reverse_map.h"

/* One free: its stack is saved when the first translation is found. */
struct page_free {
	bool have_stack;
	struct devtlb_stack stack;
};

static void found_translated(struct devtlb_translation *translation,
			     unsigned long pfn, void *arg)
{
	struct devtlb_pasid *pasid = devtlb_pasid_of_atc(translation->atc);
	struct devtlb_finding finding = {
		.rule = DEVTLB_RULE_A,
		.breach = DEVTLB_BREACH_FREED,
	};
	struct page_free *page_free = arg;

	/* Somebody killed it, and has perhaps not drained it yet. */
	if (READ_ONCE(translation->dead)) {
		devtlb_reverse_map_unlink(translation);
		devtlb_atc_drain(translation->atc);
		return;
	}

	if (!page_free->have_stack) {
		page_free->stack.nr =
			stack_trace_save(page_free->stack.frame,
					 DEVTLB_STACK_MAX, 0);
		page_free->have_stack = true;
	}
	devtlb_finding_describe(&finding, translation, translation->va +
				((pfn - translation->pfn) << PAGE_SHIFT));
	finding.stack = page_free->stack;
	devtlb_finding_raise(&pasid->findings, &pasid->site_log, translation,
			     &finding);

	if (!devtlb_contain())
		return;
	/*
	 * Dead, but still in the store, whose lock we may not take here: the
	 * next invalidation, fill or audit takes it out.
	 */
	WRITE_ONCE(translation->dead, true);
	devtlb_reverse_map_unlink(translation);
	devtlb_atc_drain(translation->atc);
}

static void pages_freed(unsigned long pfn, unsigned long nr)
{
	struct page_free page_free = { };

	devtlb_reverse_map_visit(pfn, nr, found_translated, &page_free);
}

static void probe_mm_page_free(void *data, struct page *page,
			       unsigned int order)
{
	pages_freed(page_to_pfn(page), 1UL << order);
}

/*
 * free_huge_folio() and free_huge_page() have the head page as first argument.
 */
static int probe_free_huge(struct kprobe *probe, struct pt_regs *regs)
{
	struct page *page = (struct page *)regs_get_kernel_argument(regs, 0);

	pages_freed(page_to_pfn(page), compound_nr(page));
	return 0;
}

NOKPROBE_SYMBOL(probe_free_huge);

static DEFINE_MUTEX(users_mutex);
static unsigned int users;
static struct tracepoint *mm_page_free;
static struct kprobe hugetlb_probe;
static const char *hugetlb_function;

static void match_tracepoint(struct tracepoint *tracepoint, void *arg)
{
	if (strcmp(tracepoint->name, "mm_page_free") == 0)
		mm_page_free = tracepoint;
}

static void start_hugetlb_probe(void)
{
	/* 6.6 and later; before. */
	static const char * const functions[] = {
		"free_huge_folio", "free_huge_page",
	};
	size_t i;

	for (i = 0; i < ARRAY_SIZE(functions); i++) {
		hugetlb_probe = (struct kprobe) {
			.symbol_name = functions[i],
			.pre_handler = probe_free_huge,
		};
		if (register_kprobe(&hugetlb_probe))
			continue;
		/*
		 * One by breakpoint runs as an NMI does, and may not take our
		 * locks.
		 */
		if (hugetlb_probe.flags & KPROBE_FLAG_FTRACE) {
			WRITE_ONCE(hugetlb_function, functions[i]);
			return;
		}
		unregister_kprobe(&hugetlb_probe);
	}
	/* No hugetlbfs, kprobes or ftrace: audits still see what this would. */
}

static int start_probes(struct netlink_ext_ack *extack)
{
	int err;

	for_each_kernel_tracepoint(match_tracepoint, NULL);
	if (!mm_page_free) {
		NL_SET_ERR_MSG(extack,
			       "this kernel has no mm_page_free tracepoint; it needs CONFIG_TRACEPOINTS");
		return -EOPNOTSUPP;
	}
	err = tracepoint_probe_register(mm_page_free, probe_mm_page_free, NULL);
	if (err)
		return err;
	start_hugetlb_probe();
	return 0;
}

static void stop_probes(void)
{
	if (hugetlb_function)
		unregister_kprobe(&hugetlb_probe);
	WRITE_ONCE(hugetlb_function, NULL);
	tracepoint_probe_unregister(mm_page_free, probe_mm_page_free, NULL);
	tracepoint_synchronize_unregister();
}

/**
 * devtlb_detect_free_get() - watch frees from now on
 * @extack: receives the reason of a failure
 *
 * Context: may sleep.
 * Return: 0 or a negative errno; on 0, devtlb_detect_free_put() must follow.
 */
int devtlb_detect_free_get(struct netlink_ext_ack *extack)
{
	int err = 0;

	mutex_lock(&users_mutex);
	if (users == 0)
		err = start_probes(extack);
	if (!err)
		users++;
	mutex_unlock(&users_mutex);
	return err;
}

/**
 * devtlb_detect_free_put() - the counterpart of devtlb_detect_free_get()
 *
 * Context: may sleep. After the last one no probe runs any more.
 */
void devtlb_detect_free_put(void)
{
	mutex_lock(&users_mutex);
	if (--users == 0)
		stop_probes();
	mutex_unlock(&users_mutex);
}

/**
 * devtlb_detect_free_hugetlb() - where frees of hugetlb pages are seen
 *
 * Return: a kernel function, or NULL when they are not seen now.
 */
const char *devtlb_detect_free_hugetlb(void)
{
	return READ_ONCE(hugetlb_function);
}
