// SPDX-License-Identifier: GPL-2.0-only
/*
 * Edges: of which piece of a notification, and of which translations in it, a
 * mutant says nothing. Kernels are broken there rather than by a site that falls
 * silent: at the last page of a range, at the end of a page table, at what is
 * dirty, shared, or a piece of a large folio.
 */
#include <linux/align.h>
#include <linux/limits.h>
#include <linux/minmax.h>
#include <linux/mm.h>
#include <linux/page-flags.h>

#include "device/translation.h"
#include "mutant/edge.h"

/* From the first boundary within @range on. */
static bool edge_beyond(unsigned long size, struct devtlb_range range,
			struct devtlb_range *piece)
{
	unsigned long boundary = ALIGN_DOWN(range.start, size) + size;

	/* Where the last piece of the address space ends is no boundary. */
	if (!boundary || boundary > range.last)
		return false;
	*piece = (struct devtlb_range) { boundary, range.last };
	return true;
}

/**
 * devtlb_edge_piece() - the piece of a range that a mutant withholds
 * @kind: the mutant
 * @range: what the kernel told of
 * @piece: the result; untouched when there is none
 *
 * Context: any.
 * Return: false if the range has no such piece.
 */
bool devtlb_edge_piece(enum devtlb_mutant kind, struct devtlb_range range,
		       struct devtlb_range *piece)
{
	switch (kind) {
	case DEVTLB_MUTANT_TRIM:
		return edge_beyond(PAGE_SIZE, range, piece);
	case DEVTLB_MUTANT_BEYOND_TABLE:
		return edge_beyond(PMD_SIZE, range, piece);
	case DEVTLB_MUTANT_BEYOND_PUD:
		return edge_beyond(PUD_SIZE, range, piece);
	case DEVTLB_MUTANT_FIRST_PAGE:
		piece->start = range.start;
		piece->last = min(range.last, range.start | ~PAGE_MASK);
		return true;
	case DEVTLB_MUTANT_LAST_PAGE:
		piece->start = max(range.start, range.last & PAGE_MASK);
		piece->last = range.last;
		return true;
	default:
		*piece = range;
		return true;
	}
}

/* May other page tables map the page, too? */
static bool edge_is_shared(struct folio *folio, unsigned long pfn)
{
	if (!folio_test_anon(folio))
		return true;
	/* The flag of a hugetlb page is in its first frame. */
	if (folio_test_hugetlb(folio))
		return !PageAnonExclusive(&folio->page);
	return !PageAnonExclusive(pfn_to_page(pfn));
}

/**
 * devtlb_edge_is_of() - is a translation one of those that a mutant is about?
 * @only: of which
 * @translation: live; of a page, or of the page-walk cache
 *
 * What it looks at is the page's business, and may change at any time: whoever
 * asks wants a defect, not an answer that stays true.
 *
 * Context: any; atc->lock is held, so rule A's probe keeps the page from being
 * freed before the translation is gone.
 * Return: true if it is.
 */
bool devtlb_edge_is_of(enum devtlb_only only,
		       const struct devtlb_translation *translation)
{
	struct folio *folio;

	if (translation->table || only == DEVTLB_ONLY_TABLES)
		return translation->table && only == DEVTLB_ONLY_TABLES;
	folio = page_folio(pfn_to_page(translation->pfn));
	switch (only) {
	case DEVTLB_ONLY_WRITABLE:
		return translation->rights & DEVTLB_WRITE;
	case DEVTLB_ONLY_SHARED:
		return edge_is_shared(folio, translation->pfn);
	case DEVTLB_ONLY_PTE_MAPPED:
		return translation->shift == PAGE_SHIFT &&
		       !translation->fractured && folio_test_large(folio);
	default:
		return true;
	}
}
