// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/result.h"
#include "model/signature.h"
#include "model/site_pattern.h"

/**
 * struct signature - what the findings of a defect have in common
 * @name: of the defect
 * @callback: of the kernels that have it
 * @breach: how a rule is broken; or NULL for any
 * @writable: the device may write to what it holds
 * @function: in the stack, where it is known; or NULL
 * @site: has notified, too: the defect needs it; or NULL
 * @size: of the translation, in bytes; 0 for any
 * @hugetlb: the page is one of hugetlbfs
 */
struct signature {
	const char *name;
	enum devtlb_callback callback;
	const char *breach;
	bool writable;
	const char *function;
	const char *site;
	unsigned long long size;
	bool hugetlb;
};

static const struct signature signatures[] = {
	{ "S1", DEVTLB_CALLBACK_INVALIDATE_RANGE, "copied", true,
	  "wp_page_copy", "write_protect_page", 0, false },
	{ "S2", DEVTLB_CALLBACK_INVALIDATE_RANGE, "switched", false,
	  "mfill_atomic_install_pte", "try_to_unmap_one", 0, false },
	{ "W1", DEVTLB_CALLBACK_INVALIDATE_RANGE, "copied", true,
	  "migrate_pages", "move_page_tables", 0, false },
	{ "W4", DEVTLB_CALLBACK_INVALIDATE_RANGE, "table-freed", false,
	  "free_pgtables", "unmap_vmas", 0, false },
	{ "W5", DEVTLB_CALLBACK_ARCH_INVALIDATE, "copied", true,
	  "migrate_pages", "move_hugetlb_page_tables", 0, false },
	{ "W5", DEVTLB_CALLBACK_ARCH_INVALIDATE, "freed", true,
	  "free_huge_folio", "move_hugetlb_page_tables", 0, false },
	/* Whoever takes a hugetlb page away tells of its first 4K. */
	{ "N1", DEVTLB_CALLBACK_ARCH_INVALIDATE, NULL, false,
	  NULL, NULL, 4096, true },
};

/* "function+0x12/0x345" */
static bool is_frame_of(const char *frame, const char *function)
{
	size_t length = strcspn(frame, "+");

	return strlen(function) == length &&
	       strncmp(frame, function, length) == 0;
}

static bool stack_has(struct json_object *finding, const char *function)
{
	size_t i;

	for (i = 0; i < get_length(finding, "stack"); i++) {
		if (is_frame_of(json_object_get_string(get_element(finding, "stack", i)),
				function))
			return true;
	}
	return false;
}

static bool any_site_has(struct json_object *sites, const char *function)
{
	size_t i, nr = sites ? json_object_array_length(sites) : 0;

	for (i = 0; i < nr; i++) {
		if (chain_has(get_string(json_object_array_get_idx(sites, i), "chain"),
			      function))
			return true;
	}
	return false;
}

static bool matches(const struct signature *signature,
		    struct json_object *finding, struct json_object *sites)
{
	if (signature->breach && !is(finding, "breach", signature->breach))
		return false;
	if (signature->size && get_number(finding, "size") != signature->size)
		return false;
	if (signature->hugetlb && !get_flag(finding, "hugetlb"))
		return false;
	if (signature->writable && !strchr(get_string(finding, "rights"), 'w'))
		return false;
	if (signature->function && !stack_has(finding, signature->function))
		return false;
	return !signature->site || any_site_has(sites, signature->site);
}

const char *signature_of(struct json_object *finding,
			 enum devtlb_callback callback,
			 struct json_object *sites)
{
	size_t i;

	/* That has its cause. */
	if (get_string(finding, "withheld-site")[0])
		return NULL;
	for (i = 0; i < sizeof(signatures) / sizeof(signatures[0]); i++) {
		if (signatures[i].callback == callback &&
		    matches(&signatures[i], finding, sites))
			return signatures[i].name;
	}
	return NULL;
}

void add_signatures(struct json_object *findings, enum devtlb_callback callback,
		    struct json_object *sites)
{
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *name = signature_of(finding, callback, sites);

		if (name)
			set_string(finding, "looks-like", name);
	}
}
