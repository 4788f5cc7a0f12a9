// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "client/client.h"
#include "cli/command.h"
#include "model/coverage.h"
#include "model/defect.h"
#include "model/kernel_release.h"
#include "model/number.h"
#include "model/operation.h"
#include "model/told_from.h"
#include "model/verdict.h"
#include "report/limit.h"
#include "report/progress.h"
#include "runner/interrupt.h"
#include "runner/repeat.h"
#include "report/report.h"
#include "runner/run.h"
#include "cli/selection.h"

#define DEFAULT_ROUNDS		8
#define QUICK_ROUNDS		2
#define DEFAULT_TIMEOUT_S	60
#define NUMBER_MAX		1000000

/* What the command line asks for. */
struct request {
	struct selection selection;
	struct run_options options;
	struct client *client;
	/* No scenario was named, and none left out. */
	bool all;
	/* Of clean runs over and over; 0 for one clean and one armed. */
	unsigned int duration;
	bool quick;
	const struct report *report;
};

enum {
	JSON = 256, KTAP, MUTANT, FRACTURE, CHECK, ROUNDS, TIMEOUT, WIDEN, DURATION,
	WIDE, QUICK, EXPECTATIONS
};

static const struct argp_option options[] = {
	{ "quick", QUICK, NULL, 0,
	  "Two rounds, and without the scenarios that take long", 0 },
	{ "json", JSON, NULL, 0,
	  "Print JSON when all scenarios have run, instead of text", 0 },
	{ "ktap", KTAP, NULL, 0, "Print KTAP, a row for each run", 0 },
	{ "mutant", MUTANT, "KIND[:KEY=VALUE,...]", 0,
	  "Instead of the two runs, one with this defect, as in drop:site=wp_page_copy; \"devtlb list --mutants\" shows the kinds; keys: site, whole, nth, times, probability, seed, delay. Up to 8",
	  0 },
	{ "widen", WIDEN, "range-end=US|FUNCTION=US", 0,
	  "Hold back the end of each notifier range, or a kernel function, by so many microseconds",
	  0 },
	{ "duration", DURATION, "S", 0,
	  "Clean runs only, over and over for S seconds", 0 },
	{ "wide", WIDE, NULL, 0,
	  "Leave large flushes announced as flushes of all, where the kernel does that; they hide ranges that are too short",
	  0 },
	{ "kernel-expectations", EXPECTATIONS, "FILE", 0,
	  "Findings that this kernel is known for, instead of those that devtlb knows of",
	  0 },
	{ "fracture", FRACTURE, NULL, 0,
	  "Hold large pages as 4K translations", 0 },
	{ "check", CHECK, "every=N", 0,
	  "Check every N-th access (default 1); 0 for none", 0 },
	{ "rounds", ROUNDS, "N", 0,
	  "Make N rounds in each run (default 8, or what the scenario wants)", 0 },
	{ "timeout", TIMEOUT, "S", 0,
	  "A run that takes longer is broken (default 60)", 0 },
	{ }
};

static int add_mutant(struct run_options *options, const char *text,
		      struct parse_error *error)
{
	if (options->nr_mutants == DEVTLB_MUTANTS_MAX)
		return parse_failed(error, "at most %d mutants",
				    DEVTLB_MUTANTS_MAX);
	return parse_mutant(&options->mutants[options->nr_mutants++], text,
			    error);
}

/* "every=N" */
static int parse_check(struct run_options *options, const char *text,
		       struct parse_error *error)
{
	static const char prefix[] = "every=";

	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return parse_failed(error, "--check wants every=N, not \"%s\"",
				    text);
	return parse_number("--check every=", text + strlen(prefix), 0,
			    NUMBER_MAX, &options->check_every, error);
}

static int read_expectations(struct run_options *options, const char *path,
			     struct parse_error *error)
{
	if (options->expectations.file)
		return parse_failed(error, "--kernel-expectations wants one file");
	return expectations_read(&options->expectations, path, error);
}

static int choose_report(struct request *request, const struct report *report,
			 struct parse_error *error)
{
	if (request->report && request->report != report)
		return parse_failed(error, "--json and --ktap are two forms of one report; write one of them");
	request->report = report;
	return 0;
}

static int take_run_option(struct run_options *options, int key,
			   const char *value, struct parse_error *error)
{
	switch (key) {
	case MUTANT:
		return add_mutant(options, value, error);
	case CHECK:
		return parse_check(options, value, error);
	case ROUNDS:
		return parse_number("--rounds", value, 1, NUMBER_MAX,
				    &options->rounds, error);
	case TIMEOUT:
		return parse_number("--timeout", value, 1, NUMBER_MAX,
				    &options->timeout, error);
	case WIDEN:
		return parse_window(&options->window, value, error);
	case EXPECTATIONS:
		return read_expectations(options, value, error);
	case WIDE:
		options->wide = true;
		return 0;
	default:
		options->fracture = true;
		return 0;
	}
}

static int take_option(void *context, int key, const char *value,
		       struct parse_error *error)
{
	struct request *request = context;

	switch (key) {
	case JSON:
		return choose_report(request, &json_report, error);
	case KTAP:
		return choose_report(request, &ktap_report, error);
	case DURATION:
		return parse_number("--duration", value, 1, NUMBER_MAX,
				    &request->duration, error);
	case QUICK:
		request->quick = true;
		return 0;
	default:
		return take_run_option(&request->options, key, value, error);
	}
}

static int parse(const struct command *command, int argc, char **argv,
		 struct request *request)
{
	int first = parse_arguments(command, argc, argv, request);

	if (first < 0)
		return -first;
	if (request->duration && request->options.nr_mutants > 0)
		return usage_error("--duration makes clean runs, so it does not go with --mutant");
	if (!request->report)
		request->report = &text_report;
	request->options.usual_rounds = request->quick ? QUICK_ROUNDS :
							 DEFAULT_ROUNDS;
	request->all = first == argc && !request->quick;
	return select_scenarios(&request->selection, argv + first, argc - first,
				&(struct unnamed) {
					.defects = true,
					.quick = request->quick,
				});
}

/* The runs of scenario number @i. */
static struct json_object *run_kinds(const struct request *request,
				     unsigned int i)
{
	static const enum run_kind proven[] = { RUN_CLEAN, RUN_ARMED };
	static const enum run_kind mutated[] = { RUN_MUTANT };
	bool mutants = request->options.nr_mutants > 0;
	const enum run_kind *kinds = mutants ? mutated : proven;
	const struct scenario *scenario = request->selection.scenario[i];
	struct json_object *runs = json_object_new_array();
	struct run_options options = request->options;
	size_t kind;

	for (kind = 0; kind < (mutants ? 1 : 2); kind++) {
		struct json_object *run;

		progress("%u of %u: %s, %s", i + 1, request->selection.nr,
			 scenario->name, run_kind_name(kinds[kind]));
		run = run_scenario(scenario, kinds[kind], &options);
		json_object_array_add(runs, run);
		if (kinds[kind] != RUN_CLEAN)
			continue;
		told_from_compare(run, scenario->name,
				  client_callback(request->client));
		/* The armed run drops what the clean one learned. */
		options.nr_mutants = mutants_of_learned(run, DEVTLB_MUTANT_DROP,
							options.mutants);
	}
	progress_end();
	return runs;
}

static struct json_object *test_scenario(const struct request *request,
					 unsigned int i)
{
	const struct scenario *scenario = request->selection.scenario[i];
	struct json_object *result = json_object_new_object();
	struct json_object *runs = run_kinds(request, i);

	set_string(result, "name", scenario->name);
	set_string(result, "title", scenario->title);
	set_string(result, "verdict", verdict_of_runs(runs));
	json_object_object_add(result, "runs", runs);
	return result;
}

/* What all scenarios came to. */
struct totals {
	unsigned int passed;
	unsigned int known;
	unsigned int failed;
	unsigned int broken;
	unsigned int skipped;
	unsigned int unproven;
	unsigned long long runs;
	unsigned long long rounds;
};

/* Is it green, though its armed run has shown nothing? */
static bool is_unproven(struct json_object *result)
{
	return get_length(result, "runs") == 2 &&
	       is(get_element(result, "runs", 0), "verdict", "ok") &&
	       is(get_element(result, "runs", 1), "verdict", "skip");
}

static void count(struct totals *totals, struct json_object *result)
{
	const char *verdict = get_string(result, "verdict");
	size_t i;

	if (strcmp(verdict, "ok") == 0)
		totals->passed++;
	else if (strcmp(verdict, "known") == 0)
		totals->known++;
	else if (strcmp(verdict, "skip") == 0)
		totals->skipped++;
	else if (strcmp(verdict, "broken") == 0)
		totals->broken++;
	else
		totals->failed++;
	totals->unproven += is_unproven(result);
	for (i = 0; i < get_length(result, "runs"); i++) {
		struct json_object *run = get_element(result, "runs", i);

		/* One that stands for many says for how many. */
		totals->runs += json_object_object_get(run, "runs") ?
				get_number(run, "runs") : 1;
		totals->rounds += get_number(run, "rounds");
	}
}

static int exit_status(const struct totals *totals)
{
	if (totals->failed)
		return EXIT_FOUND;
	if (totals->broken)
		return EXIT_USAGE;
	return totals->passed + totals->known ? EXIT_NOTHING_FOUND :
						EXIT_SKIPPED;
}

static void add_totals(struct json_object *all, const struct totals *totals,
		       bool armed)
{
	set_number(all, "passed", totals->passed);
	set_number(all, "known", totals->known);
	set_number(all, "failed", totals->failed + totals->broken);
	set_number(all, "skipped", totals->skipped);
	set_number(all, "runs", totals->runs);
	set_number(all, "rounds", totals->rounds);
	json_object_object_add(all, "proven", json_object_new_boolean(
		armed && totals->passed > 0 && !interrupted() &&
		totals->failed + totals->broken + totals->unproven == 0));
}

/* Reports each scenario as soon as it is done. */
static struct json_object *test_all(const struct request *request)
{
	struct json_object *results = json_object_new_array();
	unsigned int i;

	for (i = 0; i < request->selection.nr; i++) {
		struct json_object *result = test_scenario(request, i);

		/* What was cut short says nothing. */
		if (interrupted()) {
			json_object_put(result);
			break;
		}
		request->report->scenario(result);
		json_object_array_add(results, result);
	}
	return results;
}

/* Reports when the time has passed. */
static struct json_object *repeat_all(const struct request *request)
{
	struct json_object *results = repeat_scenarios(request->selection.scenario,
						       request->selection.nr,
						       &request->options,
						       request->duration);
	size_t i;

	for (i = 0; i < json_object_array_length(results); i++)
		request->report->scenario(json_object_array_get_idx(results, i));
	return results;
}

/* What the clean runs covered; armed ones may have changed what happened. */
static struct json_object *coverage_of(struct json_object *results,
				       enum devtlb_callback callback)
{
	struct json_object *coverage = coverage_new(callback);
	size_t i;

	for (i = 0; i < json_object_array_length(results); i++) {
		struct json_object *result = json_object_array_get_idx(results, i);
		struct json_object *clean = get_element(result, "runs", 0);

		coverage_add(coverage, get_string(result, "name"),
			     get_array(clean, "sites"));
	}
	return coverage;
}

/* While something is bound: the client's own PASID. */
static struct json_object *limits_of(struct client *client)
{
	struct json_object *limits = json_object_new_array();
	struct json_object *info;

	if (client_info(client, &info) == 0) {
		add_probe_limits(limits, info);
		json_object_put(info);
	}
	add_zap_races_limit(limits, runs_zap_races());
	return limits;
}

/* What such a kernel is known for, nobody has read yet. */
static void note_unknown_kernel(const struct request *request,
				struct json_object *all)
{
	char note[128];

	if (request->options.expectations.file ||
	    !defects_unknown(kernel_release()))
		return;
	snprintf(note, sizeof(note),
		 "unknown kernel, newer than Linux %s: findings are shown as they are",
		 defects_known_up_to());
	set_string(all, "unknown-kernel", note);
}

static int run_request(const struct request *request, struct json_object *all)
{
	bool armed = !request->duration && request->options.nr_mutants == 0;
	struct json_object *results;
	struct totals totals = { };
	size_t i;

	json_object_object_add(all, "mutant", json_object_new_boolean(
		request->options.nr_mutants > 0));
	set_number(all, "duration", request->duration);
	note_unknown_kernel(request, all);
	request->report->begin(all, request->selection.nr * (armed ? 2 : 1));
	results = request->duration ? repeat_all(request) : test_all(request);
	for (i = 0; i < json_object_array_length(results); i++)
		count(&totals, json_object_array_get_idx(results, i));
	json_object_object_add(all, "scenarios", results);
	add_totals(all, &totals, armed);
	if (armed)
		json_object_object_add(all, "coverage",
				       coverage_of(results, client_callback(request->client)));
	json_object_object_add(all, "limits", limits_of(request->client));
	json_object_object_add(all, "all", json_object_new_boolean(
		request->all));
	if (interrupted())
		set_number(all, "interrupted-after",
			   json_object_array_length(results));
	set_number(all, "selected", request->selection.nr);
	request->report->end(all);
	return interrupted() ? EXIT_INTERRUPTED : exit_status(&totals);
}

static int test(const struct command *command, int argc, char **argv)
{
	struct request request = {
		.options = {
			.check_every = 1,
			.timeout = DEFAULT_TIMEOUT_S,
		},
	};
	struct parse_error error = { };
	struct json_object *all;
	int status = parse(command, argc, argv, &request);

	if (status)
		return status;
	request.client = open_client_for_runs();
	if (!request.client)
		return EXIT_USAGE;
	if (!request.options.wide && !ranges_can_be_exact(request.client))
		fprintf(stderr, "devtlb: large flushes are announced as flushes of all, which hide ranges that are too short; for exact ranges: mount -t debugfs none /sys/kernel/debug\n");
	interrupts_take();
	if (!request.options.expectations.file)
		defects_expect(&request.options.expectations, kernel_release());
	if (expectations_check(&request.options.expectations,
			       client_callback(request.client), &error)) {
		status = usage_error("%s", error.text);
	} else {
		all = new_header(request.client);
		status = run_request(&request, all);
		json_object_put(all);
	}
	expectations_free(&request.options.expectations);
	client_close(request.client);
	return status;
}

COMMAND(test) = {
	.name = "test",
	.arguments = "[SCENARIO]...",
	.title = "runs scenarios on this kernel, each clean and then armed",
	.help = "Without SCENARIO, all of them. In the armed run the notifications that the scenario depends on are dropped, which must be caught: that is the proof that the clean run could have been red.",
	.options = options,
	.option = take_option,
	.run = test,
};
