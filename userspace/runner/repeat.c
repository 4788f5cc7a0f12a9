// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "report/progress.h"
#include "runner/interrupt.h"
#include "runner/repeat.h"
#include "model/result.h"

/**
 * struct tally - what the runs of one scenario came to
 * @scenario: which
 * @runs: so many
 * @rounds: in all of them
 * @seconds: in all of them
 * @failed: runs that found something, or did not reach their sites
 * @broken: runs that failed themselves
 * @known: runs that found what is known
 * @skipped: it cannot run here
 * @reason: of the last run that failed or broke; else of the last that has one
 * @findings: each different one once, with the sum of the counts
 */
struct tally {
	const struct scenario *scenario;
	unsigned long long runs;
	unsigned long long rounds;
	double seconds;
	unsigned long long failed;
	unsigned long long broken;
	unsigned long long known;
	bool skipped;
	char *reason;
	struct json_object *findings;
};

static double now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_MONOTONIC, &time);
	return time.tv_sec + time.tv_nsec / 1e9;
}

static bool same_string(struct json_object *one, struct json_object *other,
			const char *key)
{
	return strcmp(get_string(one, key), get_string(other, key)) == 0;
}

static bool same_stack(struct json_object *one, struct json_object *other)
{
	size_t i, nr = get_length(one, "stack");

	if (get_length(other, "stack") != nr)
		return false;
	for (i = 0; i < nr; i++) {
		if (strcmp(json_object_get_string(get_element(one, "stack", i)),
			   json_object_get_string(get_element(other, "stack", i))) != 0)
			return false;
	}
	return true;
}

/* As the module does within one PASID. */
static bool same_finding(struct json_object *one, struct json_object *other)
{
	return same_string(one, other, "rule") &&
	       same_string(one, other, "breach") &&
	       get_number(one, "size") == get_number(other, "size") &&
	       same_string(one, other, "last-site") &&
	       same_stack(one, other);
}

static void add_finding(struct json_object *findings,
			struct json_object *finding)
{
	size_t i;

	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *known = json_object_array_get_idx(findings, i);

		if (same_finding(known, finding)) {
			set_number(known, "count",
				   get_number(known, "count") +
				   get_number(finding, "count"));
			return;
		}
	}
	set_number(finding, "seq", i + 1);
	json_object_array_add(findings, json_object_get(finding));
}

static void add_run(struct tally *tally, struct json_object *run)
{
	const char *verdict = get_string(run, "verdict");
	const char *reason = get_string(run, "reason");
	bool was_good = tally->failed + tally->broken == 0;
	bool is_good;
	size_t i;

	tally->runs++;
	tally->rounds += get_number(run, "rounds");
	if (strcmp(verdict, "fail") == 0)
		tally->failed++;
	else if (strcmp(verdict, "broken") == 0)
		tally->broken++;
	else if (strcmp(verdict, "known") == 0)
		tally->known++;
	else if (strcmp(verdict, "skip") == 0)
		tally->skipped = true;
	is_good = strcmp(verdict, "fail") != 0 && strcmp(verdict, "broken") != 0;
	if (reason[0] && (was_good || !is_good)) {
		free(tally->reason);
		tally->reason = strdup(reason);
	}
	for (i = 0; i < get_length(run, "findings"); i++)
		add_finding(tally->findings, get_element(run, "findings", i));
}

static const char *verdict_of(const struct tally *tally)
{
	if (tally->failed > 0)
		return "fail";
	if (tally->broken > 0)
		return "broken";
	if (tally->skipped)
		return "skip";
	return tally->known > 0 ? "known" : "ok";
}

static struct json_object *result_of(struct tally *tally)
{
	struct json_object *result = json_object_new_object();
	struct json_object *runs = json_object_new_array();
	struct json_object *run = json_object_new_object();
	char reason[1024] = "";

	if (tally->failed + tally->broken > 0)
		snprintf(reason, sizeof(reason), "%llu of %llu runs; the last: %s",
			 tally->failed + tally->broken, tally->runs,
			 tally->reason);
	else if (tally->reason)
		snprintf(reason, sizeof(reason), "%s", tally->reason);
	set_string(run, "kind", "clean");
	set_string(run, "verdict", verdict_of(tally));
	set_string(run, "reason", reason);
	set_number(run, "runs", tally->runs);
	set_number(run, "rounds", tally->rounds);
	json_object_object_add(run, "seconds",
			       json_object_new_double(tally->seconds));
	json_object_object_add(run, "findings", tally->findings);
	json_object_array_add(runs, run);

	set_string(result, "name", tally->scenario->name);
	set_string(result, "title", tally->scenario->title);
	set_string(result, "verdict", verdict_of(tally));
	json_object_object_add(result, "runs", runs);
	free(tally->reason);
	return result;
}

/* One run of each scenario; returns how many there were. */
static unsigned int repeat_once(struct tally *tallies, unsigned int nr,
				const struct run_options *options,
				double begin, unsigned int seconds)
{
	unsigned int i, runs = 0;

	for (i = 0; i < nr; i++) {
		struct tally *tally = &tallies[i];
		struct json_object *run;
		double start = now();

		if (tally->skipped || interrupted() ||
		    (tally->runs > 0 && start - begin >= seconds))
			continue;
		progress("%.0f of %u s: %s, run %llu, %zu findings",
			 start - begin, seconds, tally->scenario->name,
			 tally->runs + 1,
			 json_object_array_length(tally->findings));
		run = run_scenario(tally->scenario, RUN_CLEAN, options);
		/* What was cut short says nothing. */
		if (!interrupted())
			add_run(tally, run);
		tally->seconds += now() - start;
		json_object_put(run);
		runs++;
	}
	return runs;
}

struct json_object *repeat_scenarios(const struct scenario * const *scenarios,
				     unsigned int nr,
				     const struct run_options *options,
				     unsigned int seconds)
{
	struct tally *tallies = calloc(nr, sizeof(*tallies));
	struct json_object *results = json_object_new_array();
	double begin = now();
	unsigned int i;

	if (!tallies)
		abort();
	for (i = 0; i < nr; i++) {
		tallies[i].scenario = scenarios[i];
		tallies[i].findings = json_object_new_array();
	}
	while (repeat_once(tallies, nr, options, begin, seconds) > 0)
		;
	progress_end();
	for (i = 0; i < nr; i++) {
		if (tallies[i].runs > 0)
			json_object_array_add(results, result_of(&tallies[i]));
	}
	free(tallies);
	return results;
}
