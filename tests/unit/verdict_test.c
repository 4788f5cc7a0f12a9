// SPDX-License-Identifier: GPL-2.0-only
/* What a run has shown: userspace/model/verdict.c. */
#include <stdio.h>
#include <string.h>

#include "model/result.h"
#include "model/verdict.h"
#include "tap.h"

static const struct scenario_sites expected = { .reach = { "a" } };
static const struct expectation known = {
	.name = "K1", .scenario = "only", .rules = "A", .breach = "",
};

static const struct mutant drop_a = { .kind = DEVTLB_MUTANT_DROP, .site = "a" };

static struct json_object *new_finding(const char *rule, const char *breach,
				       const char *withheld)
{
	struct json_object *finding = json_object_new_object();

	set_string(finding, "rule", rule);
	set_string(finding, "breach", breach);
	if (withheld)
		set_string(finding, "withheld-site", withheld);
	return finding;
}

/* An armed run that dropped what came from "a"; puts nothing. */
static const char *verdict_of(struct json_object *finding,
			      const struct expectation *expectation)
{
	struct json_object *site = json_object_new_object();
	struct evidence evidence = {
		.kind = RUN_ARMED,
		.expected = &expected,
		.mutants = &drop_a,
		.nr_mutants = 1,
		.known = expectation,
		.checked = 1,
		.findings = json_object_new_array(),
		.sites = json_object_new_array(),
		.pasid = json_object_new_object(),
	};
	static char reason[1024];
	const char *verdict;

	set_string(site, "chain", "a < main");
	set_number(site, "count", 1);
	set_number(site, "withheld", 1);
	json_object_array_add(evidence.sites, site);
	if (finding)
		json_object_array_add(evidence.findings, finding);
	verdict = judge(&evidence, reason, sizeof(reason));
	json_object_put(evidence.findings);
	json_object_put(evidence.sites);
	json_object_put(evidence.pasid);
	return verdict;
}

static void what_was_dropped(void)
{
	expect_true(strcmp(verdict_of(new_finding("A", "freed", "a < main"),
				      NULL), "ok") == 0);
	expect_true(strcmp(verdict_of(new_finding("A", "freed", "a < main"),
				      &known), "ok") == 0);
}

static void the_kernel_s_own(void)
{
	expect_true(strcmp(verdict_of(new_finding("A", "freed", NULL), &known),
			   "fail") == 0);
	expect_true(strcmp(verdict_of(new_finding("A", "freed", NULL), NULL),
			   "fail") == 0);
}

static void what_somebody_else_withheld(void)
{
	expect_true(strcmp(verdict_of(new_finding("A", "freed", "b < main"),
				      NULL), "fail") == 0);
}

static void a_lost_store(void)
{
	expect_true(strcmp(verdict_of(new_finding("C", "lost-store", NULL),
				      NULL), "ok") == 0);
	expect_true(strcmp(verdict_of(new_finding("C", "lost-store", NULL),
				      &known), "fail") == 0);
}

static void nothing(void)
{
	expect_true(strcmp(verdict_of(NULL, NULL), "fail") == 0);
}

static const struct tap_row rows[] = {
	{ "an armed run is good by what was withheld from its sites",
	  what_was_dropped },
	{ "the kernel's own defect does not make it good", the_kernel_s_own },
	{ "nor does what was withheld elsewhere", what_somebody_else_withheld },
	{ "a lost store does, where nothing is known of the kernel",
	  a_lost_store },
	{ "nothing found is a failure", nothing },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}
