// SPDX-License-Identifier: GPL-2.0-only
#include <stdbool.h>
#include <string.h>

#include "model/free_path.h"
#include "model/result.h"

/* How the names of its functions begin, from Linux 6.1 on. */
static const char * const beginnings[] = {
	/* The page allocator, hugetlbfs's pool, and references that are put. */
	"free_", "__free_", "__put_", "put_page", "put_pages", "folio_put",
	"__folio_put", "folios_put", "release_pages", "page_table_free",
	/* A gather's pages, once it has flushed. */
	"tlb_batch_pages_flush", "__tlb_batch_free", "tlb_remove_table_",
	/* Pages that wait on a CPU's list for the LRU's lock. */
	"folio_batch_move_lru", "folio_batch_add_and_move",
	"__folio_batch_add_and_move", "pagevec_lru_move_fn", "folio_add_lru",
	"lru_add", "folio_putback_lru",
};

static bool is_of_free_path(const char *frame)
{
	size_t i;

	for (i = 0; i < sizeof(beginnings) / sizeof(beginnings[0]); i++) {
		if (strncmp(frame, beginnings[i], strlen(beginnings[i])) == 0)
			return true;
	}
	return false;
}

size_t free_path_length(struct json_object *finding)
{
	size_t i, nr = get_length(finding, "stack");

	if (!is(finding, "rule", "A"))
		return 0;
	for (i = 0; i < nr; i++) {
		if (!is_of_free_path(json_object_get_string(
				get_element(finding, "stack", i))))
			return i;
	}
	return 0;
}
