/* SPDX-License-Identifier: GPL-2.0-only */
/* What is known of one page, and what becomes of that. */
#ifndef PAGE_CONTENT_H
#define PAGE_CONTENT_H

#include <stdbool.h>
#include <stdint.h>

/* What an address has. */
enum backing {
	BACKING_NOTHING,
	BACKING_ANONYMOUS,	/* private, and no object's */
	BACKING_PRIVATE,	/* an object's, or a copy of it */
	BACKING_SHARED,		/* an object's */
	BACKING_UNKNOWN,	/* any of these */
};

/* What is known of a word. */
enum certainty {
	CERTAIN,
	/* It, or 0. */
	OR_ZERO,
	UNCERTAIN,
};

struct word_content {
	uint64_t value;
	enum certainty certainty;
};

/* Has a private page of an object become a copy? */
enum ownership { NOT_OWN, OWN, PERHAPS_OWN };

/* What becomes of a page in a child. */
enum heritage { INHERITED, NOT_INHERITED, WIPED, DOUBTFUL };

/**
 * struct page_content - one page of one actor
 * @backing: what is there
 * @hugetlb: of hugetlbfs
 * @own: of BACKING_PRIVATE
 * @heritage: what becomes of it at fork()
 * @object: whose it is, and which page of it
 * @offset: likewise
 * @word: what it has, unless it is the object's
 */
struct page_content {
	enum backing backing;
	bool hugetlb;
	enum ownership own;
	enum heritage heritage;
	int object;
	long offset;
	struct word_content word;
};

void unmap_page(struct page_content *page);
/* It may be mapped or not, and this or that. */
void doubt_page(struct page_content *page);
/* What is mapped is known; what it has is not. */
void doubt_word(struct page_content *page);
void discard_page(struct page_content *page);
/* Pages in a row. */
void discard_pages(struct page_content *page, long pages);
void lazily_free_page(struct page_content *page);
/* The kernel may have made a copy of what is an object's. */
void copy_page(struct page_content *page);
/* As a child has it. */
void inherit_page(struct page_content *page);

#endif /* PAGE_CONTENT_H */
