// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/catalogue.h"
#include "model/coverage.h"
#include "model/result.h"
#include "model/site_pattern.h"

static const char * const lock_names[] = {
	[LOCK_EITHER] = "",
	[LOCK_HELD] = "held",
	[LOCK_NOT_HELD] = "not held",
};

static struct json_object *new_row(const struct known_site *known)
{
	struct json_object *row = json_object_new_object();

	set_string(row, "path", known->path);
	set_string(row, "site", known->site);
	set_string(row, "lock", lock_names[known->lock]);
	set_string(row, "unreachable", known->unreachable ? : "");
	json_object_object_add(row, "absent", json_object_new_boolean(
		!kernel_has_any(known->site)));
	json_object_object_add(row, "scenarios", json_object_new_array());
	return row;
}

struct json_object *coverage_new(enum devtlb_callback callback)
{
	struct json_object *coverage = json_object_new_object();
	struct json_object *rows = json_object_new_array();
	const struct known_site *known;

	catalogue_expect(callback);
	for (known = catalogue(callback); known->path; known++)
		json_object_array_add(rows, new_row(known));
	json_object_object_add(coverage, "known", rows);
	json_object_object_add(coverage, "new", json_object_new_array());
	return coverage;
}

/* Of a site that notified with and without the lock, each row takes its part. */
static unsigned long long count_for(struct json_object *row,
				    struct json_object *site)
{
	unsigned long long held = get_number(site, "under-lock");

	if (is(row, "lock", lock_names[LOCK_HELD]))
		return held;
	if (is(row, "lock", lock_names[LOCK_NOT_HELD]))
		return get_number(site, "count") - held;
	return get_number(site, "count");
}

static void name_scenario(struct json_object *row, const char *scenario)
{
	struct json_object *names = get_array(row, "scenarios");
	size_t i;

	for (i = 0; i < json_object_array_length(names); i++) {
		if (strcmp(json_object_get_string(json_object_array_get_idx(names, i)),
			   scenario) == 0)
			return;
	}
	json_object_array_add(names, json_object_new_string(scenario));
}

static void merge(struct json_object *row, struct json_object *site,
		  unsigned long long count, const char *scenario)
{
	unsigned long long smallest = get_number(site, "smallest");
	unsigned long long largest = get_number(site, "largest");

	if (!get_number(row, "count") || smallest < get_number(row, "smallest"))
		set_number(row, "smallest", smallest);
	if (largest > get_number(row, "largest"))
		set_number(row, "largest", largest);
	set_number(row, "count", get_number(row, "count") + count);
	set_number(row, "under-lock", get_number(row, "under-lock") +
		   get_number(site, "under-lock"));
	if (scenario)
		name_scenario(row, scenario);
}

static bool row_is_for(struct json_object *row, const char *chain)
{
	return chain_has_any(chain, get_string(row, "site"));
}

/*
 * The first row that a chain matches says which path it is; rows with the same
 * pattern differ in the lock.
 */
static bool add_to_known(struct json_object *coverage, struct json_object *site,
			 const char *scenario)
{
	struct json_object *rows = get_array(coverage, "known");
	const char *chain = get_string(site, "chain");
	const char *pattern = NULL;
	bool added = false;
	size_t i;

	for (i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);
		unsigned long long count = count_for(row, site);

		if (pattern ? !is(row, "site", pattern) :
			      !row_is_for(row, chain))
			continue;
		pattern = get_string(row, "site");
		if (count > 0)
			merge(row, site, count, scenario);
		added |= count > 0;
	}
	return added;
}

static void add_to_new(struct json_object *coverage, struct json_object *site,
		       const char *scenario)
{
	struct json_object *rows = get_array(coverage, "new");
	const char *chain = get_string(site, "chain");
	struct json_object *row;
	size_t i;

	for (i = 0; i < json_object_array_length(rows); i++) {
		row = json_object_array_get_idx(rows, i);
		if (is(row, "chain", chain)) {
			merge(row, site, get_number(site, "count"), scenario);
			return;
		}
	}
	row = json_object_new_object();
	set_string(row, "chain", chain);
	json_object_object_add(row, "scenarios", json_object_new_array());
	merge(row, site, get_number(site, "count"), scenario);
	json_object_array_add(rows, row);
}

void coverage_add(struct json_object *coverage, const char *scenario,
		  struct json_object *sites)
{
	size_t i;

	for (i = 0; sites && i < json_object_array_length(sites); i++) {
		struct json_object *site = json_object_array_get_idx(sites, i);

		if (!add_to_known(coverage, site, scenario))
			add_to_new(coverage, site, scenario);
	}
}

static bool is_reachable(struct json_object *row)
{
	return !get_flag(row, "absent") && !get_string(row, "unreachable")[0];
}

struct coverage_sum coverage_sum(struct json_object *coverage)
{
	struct coverage_sum sum = { .reachable = 0 };
	size_t i;

	for (i = 0; i < get_length(coverage, "known"); i++) {
		struct json_object *row = get_element(coverage, "known", i);
		bool reached = get_number(row, "count") > 0;

		sum.reached += reached;
		/* Something may get there all the same. */
		sum.reachable += reached || is_reachable(row);
	}
	return sum;
}
