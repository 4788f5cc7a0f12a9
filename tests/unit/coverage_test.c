// SPDX-License-Identifier: GPL-2.0-only
/* Which row of the catalogue a site belongs to: userspace/model/coverage.c. */
#include <stdbool.h>
#include <string.h>

#include "model/catalogue.h"
#include "model/coverage.h"
#include "model/kernel_function.h"
#include "model/result.h"
#include "model/site_pattern.h"
#include "tap.h"

/* A kernel that inlined f into caller_of_f, and has nothing that begins with x. */
const char *kernel_function(const char *name)
{
	if (strcmp(name, "f") == 0)
		return "caller_of_f";
	return name[0] == 'x' ? NULL : name;
}

void kernel_function_expect(const char *name)
{
}

static const struct known_site known[] = {
	{ .path = "narrow", .site = "a < b" },
	{ .path = "wide", .site = "a" },
	{ .path = "held", .site = "c", .lock = LOCK_HELD },
	{ .path = "not held", .site = "c", .lock = LOCK_NOT_HELD },
	{ .path = "inlined", .site = "f" },
	{ .path = "one of two", .site = "x1|d" },
	{ .path = "not in this kernel", .site = "x2" },
	{ .path = "out of reach", .site = "e", .unreachable = "needs more" },
	{ .path = NULL }
};

const struct known_site *catalogue(enum devtlb_callback callback)
{
	return known;
}

void catalogue_expect(enum devtlb_callback callback)
{
}

static void add(struct json_object *coverage, const char *scenario,
		const char *chain, unsigned int count, unsigned int under_lock,
		unsigned int smallest, unsigned int largest)
{
	struct json_object *sites = json_object_new_array();
	struct json_object *site = json_object_new_object();

	set_string(site, "chain", chain);
	set_number(site, "count", count);
	set_number(site, "under-lock", under_lock);
	set_number(site, "smallest", smallest);
	set_number(site, "largest", largest);
	json_object_array_add(sites, site);
	coverage_add(coverage, scenario, sites);
	json_object_put(sites);
}

/* Of one notification from one place. */
static struct json_object *covered_by(const char *chain)
{
	struct json_object *coverage =
		coverage_new(DEVTLB_CALLBACK_INVALIDATE_RANGE);

	add(coverage, "s", chain, 1, 0, 4096, 4096);
	return coverage;
}

static long count_of(struct json_object *coverage, const char *path)
{
	size_t i;

	for (i = 0; i < get_length(coverage, "known"); i++) {
		struct json_object *row = get_element(coverage, "known", i);

		if (is(row, "path", path))
			return get_number(row, "count");
	}
	return -1;
}

static void the_first_row_that_matches(void)
{
	struct json_object *coverage = covered_by("a < b < main");

	expect_long(count_of(coverage, "narrow"), 1);
	expect_long(count_of(coverage, "wide"), 0);
	json_object_put(coverage);
	coverage = covered_by("a < main");
	expect_long(count_of(coverage, "narrow"), 0);
	expect_long(count_of(coverage, "wide"), 1);
	json_object_put(coverage);
}

static void whole_names_that_follow_one_another(void)
{
	struct json_object *coverage = covered_by("aa < ab < ba < a_");

	expect_long(get_length(coverage, "new"), 1);
	json_object_put(coverage);
	coverage = covered_by("a < z < b");
	expect_long(count_of(coverage, "narrow"), 0);
	expect_long(count_of(coverage, "wide"), 1);
	json_object_put(coverage);
}

static void what_no_row_matches_is_new(void)
{
	struct json_object *coverage = covered_by("somebody < new");

	add(coverage, "t", "somebody < new", 2, 0, 4096, 8192);
	expect_long(get_length(coverage, "new"), 1);
	expect_long(get_number(get_element(coverage, "new", 0), "count"), 3);
	expect_true(is(get_element(coverage, "new", 0), "chain", "somebody < new"));
	expect_long(get_length(get_element(coverage, "new", 0), "scenarios"), 2);
	json_object_put(coverage);
}

static void with_the_lock_and_without(void)
{
	struct json_object *coverage =
		coverage_new(DEVTLB_CALLBACK_INVALIDATE_RANGE);

	add(coverage, "s", "c < main", 5, 2, 4096, 4096);
	expect_long(count_of(coverage, "held"), 2);
	expect_long(count_of(coverage, "not held"), 3);
	expect_long(get_length(coverage, "new"), 0);
	json_object_put(coverage);
}

static void what_is_inlined(void)
{
	struct json_object *coverage = covered_by("caller_of_f < main");

	expect_long(count_of(coverage, "inlined"), 1);
	json_object_put(coverage);
}

static void one_of_several_alternatives(void)
{
	struct json_object *coverage = covered_by("z < d");

	expect_long(count_of(coverage, "one of two"), 1);
	json_object_put(coverage);
}

static void smallest_and_largest(void)
{
	struct json_object *coverage = covered_by("d < main");
	struct json_object *row = get_element(coverage, "known", 5);

	add(coverage, "s", "d < other", 2, 1, 0, 8192);
	expect_long(get_number(row, "count"), 3);
	expect_long(get_number(row, "under-lock"), 1);
	expect_long(get_number(row, "smallest"), 0);
	expect_long(get_number(row, "largest"), 8192);
	expect_long(get_length(row, "scenarios"), 1);
	json_object_put(coverage);
}

static void what_counts_as_reachable(void)
{
	struct json_object *coverage = covered_by("a < b");
	struct coverage_sum sum = coverage_sum(coverage);

	/* All but what this kernel lacks, and what is out of reach. */
	expect_long(sum.reachable, 6);
	expect_long(sum.reached, 1);
	add(coverage, "s", "e < main", 1, 0, 4096, 4096);
	sum = coverage_sum(coverage);
	expect_long(sum.reachable, 7);
	expect_long(sum.reached, 2);
	json_object_put(coverage);
}

static const struct tap_row rows[] = {
	{ "a site belongs to the first row that matches",
	  the_first_row_that_matches },
	{ "names match as a whole, and one after the other",
	  whole_names_that_follow_one_another },
	{ "a site that no row matches is new", what_no_row_matches_is_new },
	{ "two rows share what came with the lock and without",
	  with_the_lock_and_without },
	{ "a caller stands for what was inlined into it", what_is_inlined },
	{ "any alternative will do", one_of_several_alternatives },
	{ "ranges and counts of several sites add up", smallest_and_largest },
	{ "what is absent or out of reach is not missed",
	  what_counts_as_reachable },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}
