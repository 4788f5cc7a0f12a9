// SPDX-License-Identifier: GPL-2.0-only
#include "fuzz/page_content.h"

void unmap_page(struct page_content *page)
{
	*page = (struct page_content) { };
}

void doubt_page(struct page_content *page)
{
	page->backing = BACKING_UNKNOWN;
}

void doubt_word(struct page_content *page)
{
	page->own = PERHAPS_OWN;
	page->word.certainty = UNCERTAIN;
}

void discard_page(struct page_content *page)
{
	page->own = NOT_OWN;
	page->word = (struct word_content) { };
}

/* Of hugetlbfs, the last page stays if it is not given up as a whole. */
void discard_pages(struct page_content *page, long pages)
{
	long i;

	for (i = 0; i < pages; i++) {
		if (page[i].hugetlb)
			doubt_word(&page[i]);
		else
			discard_page(&page[i]);
	}
}

void lazily_free_page(struct page_content *page)
{
	if (page->word.certainty == CERTAIN)
		page->word.certainty = OR_ZERO;
}

void copy_page(struct page_content *page)
{
	if (page->own == NOT_OWN)
		page->own = PERHAPS_OWN;
}

void inherit_page(struct page_content *page)
{
	switch (page->heritage) {
	case NOT_INHERITED:
		unmap_page(page);
		break;
	case WIPED:
		discard_page(page);
		break;
	case DOUBTFUL:
		doubt_page(page);
		break;
	default:
		break;
	}
}
