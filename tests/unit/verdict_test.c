// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a run has shown and learned: userspace/model/verdict.c, operation.c and
 * defect.c.
 */
#include <stdio.h>
#include <string.h>

#include "model/defect.h"
#include "model/result.h"
#include "model/verdict.h"
#include "tap.h"

static const struct operations nothing_learned;
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

/* Of what outlives a notification that is withheld, so much is right. */
static unsigned int survived, right, covered;

/* An armed run that dropped what came from "a"; puts nothing. */
static const char *verdict_of(struct json_object *finding,
			      const struct expectation *expectation)
{
	struct json_object *site = json_object_new_object();
	struct evidence evidence = {
		.kind = RUN_ARMED,
		.operations = &nothing_learned,
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
	set_number(site, "survived", survived);
	set_number(site, "right", right);
	set_number(site, "covered", covered);
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

/* What is right need not be removed; what is not, and was not found, is missed. */
static void what_lives_on(void)
{
	survived = 3;
	right = 2;
	expect_true(strcmp(verdict_of(NULL, NULL), "fail") == 0);
	covered = 1;
	expect_true(strcmp(verdict_of(NULL, NULL), "skip") == 0);
	covered = 0;
	right = 3;
	expect_true(strcmp(verdict_of(NULL, NULL), "skip") == 0);
	expect_true(strcmp(verdict_of(new_finding("A", "freed", "a < main"),
				      NULL), "ok") == 0);
	/* What only others removed says nothing of what was dropped. */
	covered = 3;
	right = 0;
	expect_true(strcmp(verdict_of(NULL, NULL), "fail") == 0);
	survived = 0;
	covered = 0;
}

/* A site that retired so many translations. */
static struct json_object *sites_with(const char *chain, uint64_t retired)
{
	struct json_object *sites = json_object_new_array();
	struct json_object *site = json_object_new_object();

	set_string(site, "chain", chain);
	set_number(site, "count", 1);
	set_number(site, "retired", retired);
	json_object_array_add(sites, site);
	return sites;
}

static void learn(struct operations *operations, const char *name, bool proves,
		  const char *chain, uint64_t retired)
{
	struct operation *operation = operation_find(operations, name, proves);
	struct json_object *sites = sites_with(chain, retired);

	operation->times++;
	operation_learn(operation, sites);
	json_object_put(sites);
}

/* A clean run that found nothing. */
static const char *clean_verdict(const struct operations *operations,
				 char reason[1024])
{
	struct evidence evidence = {
		.kind = RUN_CLEAN,
		.operations = operations,
		.checked = 1,
		.findings = json_object_new_array(),
		.sites = json_object_new_array(),
		.pasid = json_object_new_object(),
	};
	const char *verdict = judge(&evidence, reason, 1024);

	json_object_put(evidence.findings);
	json_object_put(evidence.sites);
	json_object_put(evidence.pasid);
	return verdict;
}

static void it_happened(void)
{
	struct operations operations = { .nr = 0 };
	char reason[1024];

	learn(&operations, "unmap", true, "a < main", 0);
	learn(&operations, "unmap", true, "a < main", 3);
	expect_true(strcmp(clean_verdict(&operations, reason), "ok") == 0);
	operations_forget(&operations);
}

static void it_did_nothing(void)
{
	struct operations operations = { .nr = 0 };
	char reason[1024];

	expect_true(strcmp(clean_verdict(&operations, reason), "broken") == 0);
	learn(&operations, "unmap", true, "a < main", 3);
	learn(&operations, "merge", false, "a < main", 0);
	expect_true(strcmp(clean_verdict(&operations, reason), "broken") == 0);
	expect_true(strstr(reason, "not covered: \"merge\""));
	operations_forget(&operations);
}

static void it_was_not_told(void)
{
	struct operations operations = { .nr = 0 };
	char reason[1024];

	learn(&operations, "unmap", true, "a < main", 0);
	operations.of[0].silent = (struct silent_page) { 0x5000, 0x12, 0x34 };
	expect_true(strcmp(clean_verdict(&operations, reason), "fail") == 0);
	expect_true(strstr(reason, "the page at 0x5000"));
	operations_forget(&operations);
}

static void what_is_dropped(void)
{
	struct json_object *clean = json_object_new_object();
	struct mutant mutants[DEVTLB_MUTANTS_MAX];
	struct operations operations = { .nr = 0 };
	unsigned int nr;

	learn(&operations, "merge", false, "before < main", 1);
	learn(&operations, "unmap", true, "a < main", 1);
	learn(&operations, "unmap", true, "b < main", 1);
	learn(&operations, "unmap", true, "b < main", 1);
	json_object_object_add(clean, "operations",
			       operations_to_json(&operations));
	nr = mutants_of_learned(clean, DEVTLB_MUTANT_DROP, mutants);
	expect_long(nr, 2);
	expect_true(strcmp(mutants[0].site, "a < main") == 0 &&
		    mutants[0].whole_chain);
	expect_true(strcmp(mutants[1].site, "b < main") == 0);
	expect_true(!drop_chain(mutants, &nr, "a < main"));
	expect_true(drop_chain(mutants, &nr, "c < main"));
	json_object_put(clean);
	operations_forget(&operations);
}

static const char *of_runs(const char *clean, const char *armed)
{
	struct json_object *runs = json_object_new_array();
	const char *verdict;
	int kind;

	for (kind = RUN_CLEAN; kind <= RUN_ARMED; kind++) {
		struct json_object *run = json_object_new_object();

		set_string(run, "kind", run_kind_name(kind));
		set_string(run, "verdict", kind == RUN_CLEAN ? clean : armed);
		json_object_array_add(runs, run);
	}
	verdict = verdict_of_runs(runs);
	json_object_put(runs);
	return verdict;
}

static void the_worst_of_its_runs(void)
{
	expect_true(strcmp(of_runs("ok", "ok"), "ok") == 0);
	expect_true(strcmp(of_runs("known", "ok"), "known") == 0);
	expect_true(strcmp(of_runs("ok", "skip"), "skip") == 0);
	expect_true(strcmp(of_runs("ok", "fail"), "fail") == 0);
	expect_true(strcmp(of_runs("ok", "broken"), "broken") == 0);
	expect_true(strcmp(of_runs("skip", "fail"), "fail") == 0);
	expect_true(strcmp(of_runs("broken", "fail"), "broken") == 0);
}

/* Where the kernel tells nothing, there is nothing to drop. */
static void what_was_found_stands(void)
{
	expect_true(strcmp(of_runs("fail", "broken"), "fail") == 0);
}

static bool knows(const char *release, const char *scenario)
{
	struct expectations known;
	bool does;

	defects_expect(&known, release);
	does = find_expectation(&known, scenario);
	expectations_free(&known);
	return does;
}

static void which_kernels(void)
{
	expect_true(knows("6.1.0-56-amd64", "ksm-write"));
	expect_true(!knows("6.1.0-56-amd64", "hugetlb-cow-fractured"));
	expect_true(!knows("6.12.117+deb12-amd64", "ksm-write"));
	expect_true(knows("6.12.117+deb12-amd64", "hugetlb-cow-fractured"));
	/* Mended somewhere between those that were read. */
	expect_true(knows("6.12.0", "uprobe-write"));
	expect_true(!knows("6.18.44", "uprobe-write"));
	expect_true(!knows("7.3.4", "uprobe-write"));
	expect_true(!defects_unknown("7.3.4") && defects_unknown("7.4.0-rc1"));
	expect_true(!knows("7.4.0-rc1", "hugetlb-cow-fractured"));
	expect_true(strcmp(defect_history("N1"), "since 6.6, not mended") == 0);
	expect_true(strcmp(defect_history("U1"), "up to 6.12, not in 7.3") == 0);
}

static const struct tap_row rows[] = {
	{ "an armed run is good by what was withheld from its sites",
	  what_was_dropped },
	{ "the kernel's own defect does not make it good", the_kernel_s_own },
	{ "nor does what was withheld elsewhere", what_somebody_else_withheld },
	{ "a lost store does, where nothing is known of the kernel",
	  a_lost_store },
	{ "nothing found is a failure", nothing },
	{ "unless all that lived on is right: then nothing is shown",
	  what_lives_on },
	{ "a clean run is good when each operation took something away",
	  it_happened },
	{ "one that did nothing is not covered, nor is a scenario without any",
	  it_did_nothing },
	{ "one that changed a page and told nothing fails, and names the page",
	  it_was_not_told },
	{ "what is dropped is what told of the operations that prove something",
	  what_is_dropped },
	{ "a scenario is as bad as the worst of its runs",
	  the_worst_of_its_runs },
	{ "but what its clean run found stands when the armed one breaks",
	  what_was_found_stands },
	{ "which kernels have which defects goes by series", which_kernels },
};

int main(void)
{
	return tap_run(rows, sizeof(rows) / sizeof(rows[0]));
}
