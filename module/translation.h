/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_TRANSLATION_H
#define DEVTLB_TRANSLATION_H

#include <linux/types.h>

#include "range.h"

struct devtlb_atc;
struct devtlb_node;

/* Rights of a translation. A load needs READ, a store needs WRITE. */
#define DEVTLB_READ	0x1
#define DEVTLB_WRITE	0x2

/**
 * struct devtlb_translation - what the device cached about one page
 * @va: first address of the page
 * @pfn: page frame of that address; a number, never a reference (invariant 5)
 * @next: the next one on whichever chain owns it: dying, or spare
 * @node: the store's node that holds it; NULL while it is in no store
 * @by_pfn: chain of the reverse map
 * @atc: whose translation it is
 * @filled_ns: when it was filled, CLOCK_MONOTONIC
 * @filler: id of the device thread that filled it
 * @stale_read: where the stale reads through it are noted, 0 for none
 * @dropped_site: site whose notification a mutant kept from it, 0 for none
 * @shift: log2 of the page's size
 * @rights: DEVTLB_READ, DEVTLB_WRITE
 * @dead: no access may begin through it any more. Set before the store lets
 *	go of it; never cleared while an access could still see it
 * @condemned: proven stale (rule B): it grants loads only
 * @suspect: an audit found it wrong and looks again
 */
struct devtlb_translation {
	unsigned long va;
	unsigned long pfn;
	struct devtlb_translation *next;
	struct devtlb_node *node;
	struct hlist_node by_pfn;
	struct devtlb_atc *atc;
	u64 filled_ns;
	u32 filler;
	u16 stale_read;
	u16 dropped_site;
	u8 shift;
	u8 rights;
	bool dead;
	bool condemned;
	bool suspect;
};

static inline struct devtlb_range
devtlb_translation_range(const struct devtlb_translation *translation)
{
	return devtlb_range_of_page(translation->va, translation->shift);
}

/* The frame that holds @va, which the translation must cover. */
static inline unsigned long
devtlb_translation_pfn_at(const struct devtlb_translation *translation,
			  unsigned long va)
{
	return translation->pfn + ((va - translation->va) >> 12);
}

#endif /* DEVTLB_TRANSLATION_H */
