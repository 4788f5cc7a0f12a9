// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "client/client.h"
#include "cli/command.h"
#include "model/coverage.h"
#include "report/limit.h"
#include "cli/number.h"
#include "report/progress.h"
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

static int add_mutant(struct run_options *options, const char *text)
{
	if (options->nr_mutants == MUTANTS_MAX)
		return usage_error("at most %d mutants", MUTANTS_MAX);
	return parse_mutant(&options->mutants[options->nr_mutants++], text);
}

/* "every=N" */
static int parse_check(struct run_options *options, const char *text)
{
	static const char prefix[] = "every=";

	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return usage_error("--check wants every=N, not \"%s\"", text);
	return parse_number("--check every=", text + strlen(prefix), 0,
			    NUMBER_MAX, &options->check_every);
}

static int read_expectations(struct run_options *options, const char *path)
{
	if (options->expectations.file)
		return usage_error("--kernel-expectations wants one file");
	return expectations_read(&options->expectations, path);
}

static int parse(int argc, char **argv, struct request *request)
{
	enum {
		JSON = 1, KTAP, MUTANT, FRACTURE, CHECK, ROUNDS, TIMEOUT, WIDEN,
		DURATION, EXACT, QUICK, EXPECTATIONS
	};
	static const struct option options[] = {
		{ "json", no_argument, NULL, JSON },
		{ "ktap", no_argument, NULL, KTAP },
		{ "mutant", required_argument, NULL, MUTANT },
		{ "fracture", no_argument, NULL, FRACTURE },
		{ "check", required_argument, NULL, CHECK },
		{ "rounds", required_argument, NULL, ROUNDS },
		{ "timeout", required_argument, NULL, TIMEOUT },
		{ "widen", required_argument, NULL, WIDEN },
		{ "duration", required_argument, NULL, DURATION },
		{ "exact", no_argument, NULL, EXACT },
		{ "quick", no_argument, NULL, QUICK },
		{ "kernel-expectations", required_argument, NULL, EXPECTATIONS },
		{ NULL, 0, NULL, 0 }
	};
	int option, err = 0;

	opterr = 0;
	while (!err && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case JSON:
			request->report = &json_report;
			break;
		case KTAP:
			request->report = &ktap_report;
			break;
		case MUTANT:
			err = add_mutant(&request->options, optarg);
			break;
		case FRACTURE:
			request->options.fracture = true;
			break;
		case CHECK:
			err = parse_check(&request->options, optarg);
			break;
		case ROUNDS:
			err = parse_number("--rounds", optarg, 1, NUMBER_MAX,
					   &request->options.rounds);
			break;
		case TIMEOUT:
			err = parse_number("--timeout", optarg, 1, NUMBER_MAX,
					   &request->options.timeout);
			break;
		case WIDEN:
			err = parse_window(&request->options.window, optarg);
			break;
		case DURATION:
			err = parse_number("--duration", optarg, 1, NUMBER_MAX,
					   &request->duration);
			break;
		case EXACT:
			request->options.exact = true;
			break;
		case QUICK:
			request->quick = true;
			break;
		case EXPECTATIONS:
			err = read_expectations(&request->options, optarg);
			break;
		default:
			return unknown_option(argv);
		}
	}
	if (err)
		return err;
	if (request->duration && request->options.nr_mutants > 0)
		return usage_error("--duration makes clean runs, so it does not go with --mutant");
	request->options.usual_rounds = request->quick ? QUICK_ROUNDS :
							 DEFAULT_ROUNDS;
	request->all = optind == argc && !request->quick;
	return select_scenarios(&request->selection, argv + optind,
				argc - optind, &(struct unnamed) {
					.defects = request->options.expectations.file,
					.quick = request->quick,
				});
}

/* A scenario is as bad as the worst of its runs. */
static const char *verdict_of(struct json_object *runs)
{
	const char *verdict = "ok";
	size_t i;

	for (i = 0; i < json_object_array_length(runs); i++) {
		const char *one = get_string(json_object_array_get_idx(runs, i),
					      "verdict");

		if (strcmp(one, "broken") == 0)
			return "broken";
		if (strcmp(one, "fail") == 0)
			verdict = "fail";
		else if (strcmp(one, "ok") != 0 && strcmp(verdict, "fail") != 0 &&
			 strcmp(verdict, "skip") != 0)
			verdict = one;
	}
	return verdict;
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
	size_t kind;

	for (kind = 0; kind < (mutants ? 1 : 2); kind++) {
		progress("%u of %u: %s, %s", i + 1, request->selection.nr,
			 scenario->name, run_kind_name(kinds[kind]));
		json_object_array_add(runs, run_scenario(scenario, kinds[kind],
							 &request->options));
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
	set_string(result, "verdict", verdict_of(runs));
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
	unsigned long long runs;
	unsigned long long rounds;
};

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
		armed && totals->passed > 0 &&
		totals->failed + totals->broken == 0));
}

/* Reports each scenario as soon as it is done. */
static struct json_object *test_all(const struct request *request)
{
	struct json_object *results = json_object_new_array();
	unsigned int i;

	for (i = 0; i < request->selection.nr; i++) {
		struct json_object *result = test_scenario(request, i);

		request->report->scenario(result);
		json_object_array_add(results, result);
	}
	return results;
}

/* Reports when the time has passed. */
static struct json_object *repeat_all(const struct request *request)
{
	struct json_object *results = repeat_scenarios(&request->selection,
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
	return limits;
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
	request->report->end(all);
	return exit_status(&totals);
}

static int test(int argc, char **argv)
{
	struct request request = {
		.options = {
			.check_every = 1,
			.timeout = DEFAULT_TIMEOUT_S,
		},
		.report = &text_report,
	};
	struct json_object *all;
	int status = parse(argc, argv, &request);

	if (status)
		return status;
	request.client = open_client_for_runs();
	if (!request.client)
		return EXIT_USAGE;
	status = expectations_check(&request.options.expectations,
				    client_callback(request.client));
	if (!status) {
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
	.arguments = "[--json | --ktap] [--mutant KIND[:KEY=VALUE,...]]... [--widen range-end=US | FUNCTION=US]... [--duration S] [--quick] [--exact] [--kernel-expectations FILE] [--fracture] [--check every=N] [--rounds N] [--timeout S] [SCENARIO]...",
	.title = "run scenarios on this kernel: each clean, then with its notifications dropped",
	.run = test,
};
