// SPDX-License-Identifier: GPL-2.0-only
/* Causes and known defects: userspace/model/cause.c, signature.c. */
#include <stdbool.h>
#include <string.h>

#include "model/cause.h"
#include "model/free_path.h"
#include "model/result.h"
#include "model/signature.h"
#include "tap.h"

static struct json_object *add(struct json_object *findings, const char *rule,
			       const char *breach, const char *withheld,
			       const char *frame)
{
	struct json_object *finding = json_object_new_object();
	struct json_object *stack = json_object_new_array();

	set_string(finding, "rule", rule);
	set_string(finding, "breach", breach);
	set_number(finding, "count", 2);
	set_number(finding, "seq", json_object_array_length(findings) + 1);
	if (withheld)
		set_string(finding, "withheld-site", withheld);
	if (frame)
		json_object_array_add(stack, json_object_new_string(frame));
	/* One that was not seen has none at all. */
	if (frame)
		json_object_object_add(finding, "stack", stack);
	else
		json_object_put(stack);
	json_object_array_add(findings, finding);
	return finding;
}

static void one_withheld_site(void)
{
	struct json_object *findings = json_object_new_array();
	struct json_object *causes, *cause;

	add(findings, "A", "freed", "x < main", "free+0x1/0x2");
	add(findings, "D", "missing", "x < main", NULL);
	add(findings, "A", "freed", "y < main", "free+0x1/0x2");
	causes = causes_of(findings);
	expect_long(json_object_array_length(causes), 2);
	cause = json_object_array_get_idx(causes, 0);
	expect_long(get_length(cause, "findings"), 2);
	expect_long(get_number(cause, "count"), 4);
	expect_true(is(cause, "rules", "A D"));
	json_object_put(causes);
	json_object_put(findings);
}

static void one_place(void)
{
	struct json_object *findings = json_object_new_array();
	struct json_object *causes;

	set_string(add(findings, "A", "freed", NULL, "zap+0x1/0x2"),
		   "last-site", "x");
	set_string(add(findings, "A", "freed", NULL, "zap+0x9/0x2"),
		   "last-site", "y");
	add(findings, "A", "freed", NULL, "migrate+0x1/0x2");
	add(findings, "A", "table-freed", NULL, "zap+0x1/0x2");
	causes = causes_of(findings);
	expect_long(json_object_array_length(causes), 3);
	expect_true(is(json_object_array_get_idx(causes, 0), "place", "zap"));
	json_object_put(causes);
	json_object_put(findings);
}

static void add_frame(struct json_object *finding, const char *frame)
{
	json_object_array_add(get_array(finding, "stack"),
			      json_object_new_string(frame));
}

/* Two ways to the allocator are one cause, for the same function let go. */
static void one_that_let_go(void)
{
	struct json_object *findings = json_object_new_array();
	struct json_object *finding, *causes;

	finding = add(findings, "A", "freed", NULL, "free_unref_page+0x1/0x2");
	expect_long(free_path_length(finding), 0);
	add_frame(finding, "zap+0x1/0x2");
	expect_long(free_path_length(finding), 1);
	finding = add(findings, "A", "freed", NULL, "free_unref_folios+0x1/0x2");
	add_frame(finding, "folios_put_refs+0x1/0x2");
	add_frame(finding, "zap+0x1/0x2");
	finding = add(findings, "B", "switched", NULL, "free_unref_page+0x1/0x2");
	add_frame(finding, "zap+0x1/0x2");
	expect_long(free_path_length(finding), 0);
	causes = causes_of(findings);
	expect_long(json_object_array_length(causes), 2);
	expect_true(is(json_object_array_get_idx(causes, 0), "place", "zap"));
	json_object_put(causes);
	json_object_put(findings);
}

static void by_number(void)
{
	struct json_object *findings = json_object_new_array();
	struct json_object *causes;

	add(findings, "A", "freed", NULL, "free+0x1/0x2");
	add(findings, "A", "freed", NULL, "free+0x1/0x2");
	causes = causes_by_number(findings);
	expect_long(json_object_get_uint64(get_element(
		json_object_array_get_idx(causes, 0), "findings", 1)), 2);
	json_object_put(causes);
	json_object_put(findings);
}

static struct json_object *sites_with(const char *chain)
{
	struct json_object *sites = json_object_new_array();
	struct json_object *site = json_object_new_object();

	set_string(site, "chain", chain);
	json_object_array_add(sites, site);
	return sites;
}

static const char *like(const char *withheld, const char *rights,
			const char *chain, enum devtlb_callback callback)
{
	struct json_object *findings = json_object_new_array();
	struct json_object *sites = sites_with(chain);
	struct json_object *finding = add(findings, "C", "copied", withheld,
					  "wp_page_copy+0x637/0x720");
	const char *name;

	set_string(finding, "rights", rights);
	name = signature_of(finding, callback, sites);
	json_object_put(findings);
	json_object_put(sites);
	return name;
}

static void what_ksm_does(void)
{
	const char *ksm = "write_protect_page < ksm_scan_thread";
	enum devtlb_callback old = DEVTLB_CALLBACK_INVALIDATE_RANGE;

	expect_true(like(NULL, "rw", ksm, old));
	expect_true(strcmp(like(NULL, "rw", ksm, old), "S1") == 0);
	expect_true(!like(NULL, "r-", ksm, old));
	expect_true(!like(NULL, "rw", "unmap_vmas < exit_mmap", old));
	expect_true(!like(NULL, "rw", ksm, DEVTLB_CALLBACK_ARCH_INVALIDATE));
}

static void what_a_mutant_does(void)
{
	expect_true(!like("wp_page_copy < main", "rw",
			  "write_protect_page < ksm_scan_thread",
			  DEVTLB_CALLBACK_INVALIDATE_RANGE));
}

static const struct tap_row rows[] = {
	{ "what was withheld from one site has one cause", one_withheld_site },
	{ "and what broke the same rule at one place", one_place },
	{ "that of a freed page is who let go of it", one_that_let_go },
	{ "findings are named by their numbers", by_number },
	{ "KSM's defect is known by what it takes", what_ksm_does },
	{ "what a mutant withheld looks like nothing else",
	  what_a_mutant_does },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}
