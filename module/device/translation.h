/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_TRANSLATION_H
#define DEVTLB_TRANSLATION_H

#include <linux/compiler.h>
#include <linux/types.h>

#include "device/range.h"

struct devtlb_atc;
struct devtlb_node;

/* Rights of a translation. A load needs READ, a store needs WRITE. */
#define DEVTLB_READ	0x1
#define DEVTLB_WRITE	0x2

/**
 * struct devtlb_translation - what the device cached about one page
 * @va: first address of the page
 * @pfn: page frame of that address; a number, never a reference (invariant 5)
 * @next: the next one on whichever chain owns it: dying, unacknowledged, or
 *	spare
 * @node: the store's node that holds it; NULL while it is in no store
 * @by_pfn: chain of the reverse map
 * @atc: whose translation it is
 * @filled_ns: when it was filled, CLOCK_MONOTONIC
 * @filler: id of the device thread that filled it
 * @effect: where the stale reads and lost stores through it are noted, 0 for
 *	none
 * @withheld_site: site whose notification a mutant withheld from it, 0 for none
 * @shift: log2 of the page's size
 * @rights: DEVTLB_READ, DEVTLB_WRITE
 * @dead: no access may begin through it any more. Set before the store lets
 *	go of it; never cleared while an access could still see it
 * @condemned: proven stale
 * @contained: containment took away its right to store, for good
 * @fractured: it is a piece of a larger page
 * @suspect: an audit found it wrong and looks again
 * @table: it is of the page-walk cache: @pfn is the page-table page, one frame,
 *	that maps the piece of memory
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
	u16 effect;
	u16 withheld_site;
	u8 shift;
	u8 rights;
	bool dead;
	bool condemned;
	bool contained;
	bool fractured;
	bool suspect;
	bool table;
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

/* Containment: it grants loads only from now on (invariant 6). */
static inline void
devtlb_translation_contain(struct devtlb_translation *translation)
{
	/* In this order, for DEVTLB_MUTANT_UPGRADE: see access_grants(). */
	WRITE_ONCE(translation->contained, true);
	WRITE_ONCE(translation->rights, DEVTLB_READ);
}

#endif /* DEVTLB_TRANSLATION_H */
