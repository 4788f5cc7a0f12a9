// SPDX-License-Identifier: GPL-2.0-only
/* The detectors' probes. They exist while a PASID is bound, or a watch is on. */
#include <linux/kernel.h>

#include "detect/copy.h"
#include "detect/detector.h"
#include "detect/free.h"
#include "detect/switch.h"

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

struct devtlb_probe_set devtlb_detectors = {
	.probe = probes,
	.nr = ARRAY_SIZE(probes),
};
