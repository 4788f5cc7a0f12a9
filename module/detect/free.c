// SPDX-License-Identifier: GPL-2.0-only
/*
 * Rule A: a page is not freed while it is translated.
 *
 * The mm_page_free tracepoint fires once for each free to the page allocator,
 * at its start: the last reference is gone, and nobody else can have the page
 * yet. It comes for compound pages as a whole, for page-table pages, which the
 * page-walk cache may hold, for anonymous and for file pages (after truncation,
 * say). Pages of hugetlbfs go back to their pool instead, which a probe sees;
 * the pool's own pages come to the page allocator later, untranslated.
 *
 * A translation found then is a breach; it is killed and drained before the
 * probe returns, so no access of ours reaches the next owner's page (invariant
 * 6).
 */
#include <linux/mm.h>
#include <linux/sched.h>
#include <trace/events/kmem.h>

#include "detect/finding.h"
#include "detect/free.h"
#include "detect/probe.h"
#include "detect/reverse_map.h"
#include "device/contain.h"
#include "device/drain.h"
#include "device/pasid.h"

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
		.breach = translation->table ? DEVTLB_BREACH_TABLE_FREED
					     : DEVTLB_BREACH_FREED,
	};
	struct page_free *page_free = arg;

	/* Somebody killed it, and has perhaps not drained it yet. */
	if (READ_ONCE(translation->dead)) {
		devtlb_reverse_map_unlink(translation);
		devtlb_atc_drain(translation->atc);
		return;
	}

	if (!page_free->have_stack) {
		devtlb_stack_save(&page_free->stack);
		page_free->have_stack = true;
	}
	devtlb_finding_describe(&finding, translation, translation->va +
				((pfn - translation->pfn) << PAGE_SHIFT));
	finding.stack = page_free->stack;
	devtlb_finding_raise(pasid, translation, &finding);

	if (!devtlb_contain())
		return;
	/*
	 * Dead, but still in the store, whose lock we may not take here: the
	 * next invalidation or fill takes it out, or an audit.
	 */
	WRITE_ONCE(translation->dead, true);
	devtlb_reverse_map_unlink(translation);
	devtlb_atc_drain(translation->atc);
}

static void pages_freed(unsigned long pfn, unsigned long nr)
{
	struct page_free page_free = { };

	if (devtlb_detects(DEVTLB_RULE_A))
		devtlb_reverse_map_visit(pfn, nr, found_translated,
					 &page_free);
}

static void probe_mm_page_free(void *data, struct page *page,
			       unsigned int order)
{
	pages_freed(page_to_pfn(page), 1UL << order);
}

/*
 * free_huge_folio() and free_huge_page() have the head page as first argument.
 */
static void probe_free_huge(struct ftrace_regs *regs)
{
	struct page *page = (struct page *)ftrace_regs_get_argument(regs, 0);

	pages_freed(page_to_pfn(page), compound_nr(page));
}

/* The tracepoint has the prototype of its probe, or this does not compile. */
static void __maybe_unused check_prototypes(void)
{
	check_trace_callback_type_mm_page_free(probe_mm_page_free);
}

struct devtlb_probe devtlb_probe_page_free = {
	.rule = DEVTLB_RULE_A,
	.tracepoint_name = "mm_page_free",
	.tracepoint_probe = probe_mm_page_free,
	.required = true,
};

struct devtlb_probe devtlb_probe_hugetlb_free = {
	.rule = DEVTLB_RULE_A,
	.functions = {
		/* 6.6 and later; before. */
		{ "free_huge_folio", probe_free_huge },
		{ "free_huge_page", probe_free_huge },
	},
};
