// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "report/chain.h"
#include "report/coverage_report.h"
#include "report/limit.h"
#include "model/finding.h"
#include "model/scenario.h"
#include "report/report.h"

static void begin(struct json_object *header, unsigned int rows)
{
	int width = scenario_names_width();

	printf("devtlb %s, Linux %s, notified by ->%s\n\n",
	       get_string(header, "version"), get_string(header, "kernel"),
	       get_string(header, "callback"));
	if (get_string(header, "unknown-kernel")[0])
		printf("%s\n\n", get_string(header, "unknown-kernel"));
	if (get_number(header, "duration"))
		printf("%-*s %-7s %9s %9s %9s\n", width, "scenario", "clean",
		       "runs", "rounds", "findings");
	else if (get_flag(header, "mutant"))
		printf("%-*s %s\n", width, "scenario", "mutant");
	else
		printf("%-*s %-7s %s\n", width, "scenario", "clean", "armed");
}

/* An armed run that shows what it is for. */
static bool is_caught(struct json_object *run)
{
	return is(run, "kind", "armed") && is(run, "verdict", "ok");
}

static const char *run_word(struct json_object *run)
{
	const char *verdict = get_string(run, "verdict");
	size_t found = get_length(run, "findings");

	if (strcmp(verdict, "skip") == 0)
		return "skip";
	if (strcmp(verdict, "broken") == 0)
		return "BROKEN";
	if (is_caught(run))
		return "caught";
	if (is(run, "kind", "armed") &&
	    !count_proofs(get_array(run, "findings")))
		return "MISSED";
	if (strcmp(verdict, "known") == 0)
		return "known";
	if (found)
		return "FOUND";
	return strcmp(verdict, "ok") == 0 ? "ok" : "FAIL";
}

static struct json_object *run_of(struct json_object *result, const char *kind)
{
	size_t i;

	for (i = 0; i < get_length(result, "runs"); i++) {
		struct json_object *run = get_element(result, "runs", i);

		if (strcmp(get_string(run, "kind"), kind) == 0)
			return run;
	}
	return NULL;
}

/* Of a run that stands for many: how many they were. */
static void print_tally(struct json_object *run)
{
	unsigned long long findings = 0;
	size_t i;

	for (i = 0; i < get_length(run, "findings"); i++)
		findings += get_number(get_element(run, "findings", i), "count");
	printf(" %9llu %9llu %9llu", get_number(run, "runs"),
	       get_number(run, "rounds"), findings);
}

/* No failure: what is told is told, from wherever. */
static void print_elsewhere(struct json_object *run)
{
	size_t i;

	for (i = 0; i < get_length(run, "elsewhere"); i++)
		printf("  told from elsewhere: nothing came from %s, as it does on the kernels of the catalogue\n",
		       json_object_get_string(get_element(run, "elsewhere", i)));
}

static void print_reasons(struct json_object *result)
{
	size_t i;

	for (i = 0; i < get_length(result, "runs"); i++) {
		struct json_object *run = get_element(result, "runs", i);

		if (get_string(run, "reason")[0])
			printf("  %s: %s\n", get_string(run, "kind"),
			       get_string(run, "reason"));
		print_elsewhere(run);
		if (!is_caught(run) && !is(run, "verdict", "known"))
			print_findings(run);
	}
}

/* Why a scenario was skipped: by the first of its runs that was. */
static const char *reason_of_skip(struct json_object *result)
{
	struct json_object *run = NULL;
	size_t i;

	for (i = 0; i < get_length(result, "runs"); i++) {
		run = get_element(result, "runs", i);
		if (is(run, "verdict", "skip"))
			break;
	}
	return get_string(run, "reason");
}

static void print_caught(struct json_object *run)
{
	size_t nr = get_length(run, "withheld");

	printf(" rule %s, with %s", get_string(run, "caught"),
	       short_chain(json_object_get_string(get_element(run, "withheld", 0)),
			   NULL, 0));
	if (nr > 1)
		printf(" and %zu more", nr - 1);
	printf(" dropped");
}

static void scenario(struct json_object *result)
{
	struct json_object *clean = run_of(result, "clean");
	struct json_object *armed = run_of(result, "armed");
	struct json_object *mutant = run_of(result, "mutant");

	printf("%-*s %-7s", scenario_names_width(), get_string(result, "name"),
	       run_word(mutant ? : clean));
	if (get_number(clean, "runs"))
		print_tally(clean);
	if (armed)
		printf(" %-7s", run_word(armed));
	if (strcmp(get_string(result, "verdict"), "skip") == 0) {
		printf(" %s\n", reason_of_skip(result));
		return;
	}
	if (armed && is_caught(armed))
		print_caught(armed);
	printf("\n");
	print_reasons(result);
}

static void end(struct json_object *all)
{
	if (json_object_object_get(all, "interrupted-after"))
		printf("\ninterrupted after %llu of %llu scenarios",
		       get_number(all, "interrupted-after"),
		       get_number(all, "selected"));
	printf("\n%llu passed, ", get_number(all, "passed"));
	if (get_number(all, "known"))
		printf("%llu known, ", get_number(all, "known"));
	printf("%llu failed, %llu skipped\n", get_number(all, "failed"),
	       get_number(all, "skipped"));
	if (get_number(all, "duration"))
		printf("%llu runs, %llu rounds in %llu s\n",
		       get_number(all, "runs"), get_number(all, "rounds"),
		       get_number(all, "duration"));
	/* A part of the scenarios covers a part of the sites. */
	if (get_flag(all, "all") && json_object_object_get(all, "coverage"))
		print_coverage_sum(json_object_object_get(all, "coverage"));
	else if (json_object_object_get(all, "coverage"))
		print_coverage_new(json_object_object_get(all, "coverage"));
	print_limits(all, "");
	if (get_flag(all, "proven"))
		printf("Every clean run was followed by one with its notifications dropped, which was\n"
		       "caught: what is green here could have been red.\n");
}

const struct report text_report = {
	.begin = begin,
	.scenario = scenario,
	.end = end,
};
