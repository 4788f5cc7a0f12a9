// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <string.h>

#include "client.h"
#include "command.h"
#include "number.h"
#include "repeat.h"
#include "report.h"
#include "run.h"
#include "selection.h"

#define DEFAULT_ROUNDS		8
#define DEFAULT_TIMEOUT_S	60
#define NUMBER_MAX		1000000

/* What the command line asks for. */
struct request {
	struct selection selection;
	struct run_options options;
	/* Of clean runs over and over; 0 for one clean and one armed. */
	unsigned int duration;
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

static int parse(int argc, char **argv, struct request *request)
{
	enum {
		JSON = 1, KTAP, MUTANT, FRACTURE, CHECK, ROUNDS, TIMEOUT, WIDEN,
		DURATION
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
		default:
			return usage_error("devtlb test does not know \"%s\", or it lacks its value",
					   argv[optind - 1]);
		}
	}
	if (err)
		return err;
	if (request->duration && request->options.nr_mutants > 0)
		return usage_error("--duration makes clean runs, so it does not go with --mutant");
	return select_scenarios(&request->selection, argv + optind,
				argc - optind, NULL);
}

/* A scenario is as bad as the worst of its runs, and skipped if any is. */
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
		else if (strcmp(one, "skip") == 0 && strcmp(verdict, "ok") == 0)
			verdict = "skip";
	}
	return verdict;
}

static struct json_object *test_scenario(const struct scenario *scenario,
					 const struct run_options *options)
{
	struct json_object *result = json_object_new_object();
	struct json_object *runs = json_object_new_array();

	if (options->nr_mutants > 0) {
		json_object_array_add(runs, run_scenario(scenario, RUN_MUTANT,
							 options));
	} else {
		json_object_array_add(runs, run_scenario(scenario, RUN_CLEAN,
							 options));
		json_object_array_add(runs, run_scenario(scenario, RUN_ARMED,
							 options));
	}
	set_string(result, "name", scenario->name);
	set_string(result, "title", scenario->title);
	set_string(result, "verdict", verdict_of(runs));
	json_object_object_add(result, "runs", runs);
	return result;
}

/* What all scenarios came to. */
struct totals {
	unsigned int passed;
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
	return totals->passed ? EXIT_NOTHING_FOUND : EXIT_SKIPPED;
}

static void add_totals(struct json_object *all, const struct totals *totals,
		       bool armed)
{
	set_number(all, "passed", totals->passed);
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
		struct json_object *result =
			test_scenario(request->selection.scenario[i],
				      &request->options);

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
	request->report->end(all);
	return exit_status(&totals);
}

static int test(int argc, char **argv)
{
	struct request request = {
		.options = {
			.check_every = 1,
			.rounds = DEFAULT_ROUNDS,
			.timeout = DEFAULT_TIMEOUT_S,
		},
		.report = &text_report,
	};
	struct json_object *all;
	struct client *client;
	int status = parse(argc, argv, &request);

	if (status)
		return status;
	client = open_client_for_runs();
	if (!client)
		return EXIT_USAGE;
	all = new_header(client);
	status = run_request(&request, all);
	json_object_put(all);
	client_close(client);
	return status;
}

COMMAND(test) = {
	.name = "test",
	.arguments = "[--json | --ktap] [--mutant KIND[:KEY=VALUE,...]]... [--widen range-end=US | FUNCTION=US]... [--duration S] [--fracture] [--check every=N] [--rounds N] [--timeout S] [SCENARIO]...",
	.title = "run scenarios on this kernel: each clean, then with its notifications dropped",
	.run = test,
};
