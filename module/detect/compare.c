// SPDX-License-Identifier: GPL-2.0-only
/* Rule D: is what the device cached wider than the page table? */
#include <linux/minmax.h>
#include <linux/mm.h>

#include "detect/compare.h"
#include "detect/finding.h"
#include "detect/switch.h"
#include "device/translation.h"

/*
 * A split of an anonymous large page may move the dirty bit from its entry to
 * the page, and make clean entries, without a word (6.1): what the device
 * stores is not lost, the page is dirty for good.
 */
static bool is_dirty_in_folio(unsigned long pfn)
{
	struct folio *folio = page_folio(pfn_to_page(pfn));

	return folio_test_anon(folio) && folio_test_dirty(folio);
}

static enum devtlb_comparison
compare_piece(const struct devtlb_translation *translation, unsigned long at,
	      bool present, const struct devtlb_page *page,
	      enum devtlb_breach *breach)
{
	unsigned long pfn = devtlb_translation_pfn_at(translation, at);

	if (!present) {
		*breach = DEVTLB_BREACH_MISSING;
		return DEVTLB_DIFFERENT;
	}
	if (devtlb_page_pfn_at(page, at) != pfn) {
		if (!((translation->rights | page->rights) & DEVTLB_WRITE) &&
		    devtlb_same_bytes(pfn, devtlb_page_pfn_at(page, at)))
			return DEVTLB_SAME_BYTES;
		*breach = DEVTLB_BREACH_OTHER_PAGE;
		return DEVTLB_DIFFERENT;
	}
	if (translation->rights & ~page->rights) {
		*breach = DEVTLB_BREACH_MORE_PERMISSIVE;
		return DEVTLB_DIFFERENT;
	}
	/* Invariant 4: the dirty bit was set when W was granted. */
	if ((translation->rights & DEVTLB_WRITE) && !page->dirty &&
	    !is_dirty_in_folio(pfn)) {
		*breach = DEVTLB_BREACH_CLEAN;
		return DEVTLB_DIFFERENT;
	}
	return DEVTLB_SAME_PAGE;
}

/*
 * Is a table of the page-walk cache where it was? What its entries say does not
 * matter, nor does a large page that is there instead: a walker would go on from
 * the table.
 */
static enum devtlb_comparison
compare_table(struct mm_struct *mm, const struct devtlb_translation *table,
	      struct devtlb_difference *difference)
{
	enum devtlb_table_level level = devtlb_table_level_of(table->shift);
	struct devtlb_table_path path;

	devtlb_look_at_tables(mm, table->va, &path);
	if (path.pfn[level] == table->pfn)
		return DEVTLB_SAME_PAGE;
	*difference = (struct devtlb_difference) {
		.breach = DEVTLB_BREACH_TABLE_DETACHED,
		.at = table->va,
		.new_pfn = path.pfn[level] ? : DEVTLB_PFN_NONE,
	};
	return DEVTLB_DIFFERENT;
}

/*
 * Piece by piece, as the page table cuts it. Of several differences the first is
 * described; where other pieces are right, what is wrong is that the translation
 * is there for more than the table still maps.
 */
static enum devtlb_comparison
compare_pages(struct mm_struct *mm, const struct devtlb_translation *translation,
	      struct devtlb_difference *difference)
{
	struct devtlb_range range = devtlb_translation_range(translation);
	enum devtlb_comparison worst = DEVTLB_SAME_PAGE;
	unsigned long at = range.start;
	bool has_right_piece = false;

	while (at <= range.last) {
		struct devtlb_page page;
		bool present = devtlb_look(mm, at, &page);
		enum devtlb_breach breach;
		enum devtlb_comparison piece =
			compare_piece(translation, at, present, &page, &breach);

		if (piece == DEVTLB_DIFFERENT && worst != DEVTLB_DIFFERENT)
			*difference = (struct devtlb_difference) {
				.breach = breach,
				.at = at,
				.new_pfn = present ?
					   devtlb_page_pfn_at(&page, at) :
					   DEVTLB_PFN_NONE,
				.rights = present ? page.rights : 0,
			};
		worst = max(worst, piece);
		has_right_piece |= piece != DEVTLB_DIFFERENT;
		if (worst == DEVTLB_DIFFERENT && has_right_piece)
			break;
		/* Equal bytes were seen of one frame, not of the whole page. */
		if (piece == DEVTLB_SAME_BYTES)
			at += PAGE_SIZE;
		else
			at = devtlb_range_of_page(at, page.shift).last + 1;
	}
	if (worst == DEVTLB_DIFFERENT && has_right_piece)
		difference->breach = DEVTLB_BREACH_PARTLY_COVERED;
	return worst;
}

/**
 * devtlb_compare() - compare what the device cached with the page table
 * @mm: its address space
 * @translation: or a table; cannot go away meanwhile
 * @difference: what differs, when something does
 *
 * Context: as devtlb_look(), for all of the translation.
 * Return: the worst that a piece of it came to.
 */
enum devtlb_comparison devtlb_compare(struct mm_struct *mm,
				      const struct devtlb_translation *translation,
				      struct devtlb_difference *difference)
{
	return translation->table ? compare_table(mm, translation, difference) :
				    compare_pages(mm, translation, difference);
}
