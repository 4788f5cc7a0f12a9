// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "client.h"
#include "command.h"
#include "kernel_function.h"
#include "report.h"
#include "run.h"
#include "scenario.h"

REGISTRY(scenarios, struct scenario);

#define SELECTED_MAX		256
#define DEFAULT_ROUNDS		8
#define DEFAULT_TIMEOUT_S	60

/* What the command line asks for. */
struct request {
	const struct scenario *selected[SELECTED_MAX];
	unsigned int nr_selected;
	struct run_options options;
	const struct report *report;
};

static const struct scenario *find_scenario(const char *name)
{
	const struct scenario * const *scenario;

	for_each_registered(scenario, scenarios) {
		if (strcmp((*scenario)->name, name) == 0)
			return *scenario;
	}
	return NULL;
}

static bool is_function_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < DEVTLB_SYMBOL_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
	       length;
}

/* "drop:site=FUNCTION" */
static int parse_mutant(struct run_options *options, const char *text)
{
	static const char prefix[] = "drop:site=";

	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return usage_error("\"%s\" is no mutant; write drop:site=FUNCTION",
				   text);
	if (!is_function_name(text + strlen(prefix)))
		return usage_error("\"%s\" names no kernel function; write drop:site=FUNCTION, as in drop:site=wp_page_copy",
				   text);
	if (!kernel_function(text + strlen(prefix)))
		return usage_error("this kernel has no function \"%s\" (/proc/kallsyms); \"devtlb sites\" shows the functions that notify",
				   text + strlen(prefix));
	if (options->nr_mutants == MUTANTS_MAX)
		return usage_error("at most %d mutants", MUTANTS_MAX);
	options->mutants[options->nr_mutants++] = text + strlen(prefix);
	return 0;
}

static int parse_number(const char *option, const char *text,
			unsigned int lowest, unsigned int *value)
{
	char *end;
	unsigned long number = strtoul(text, &end, 10);

	if (text[0] < '0' || text[0] > '9' || *end || number < lowest ||
	    number > 1000000)
		return usage_error("%s wants a number from %u to 1000000, not \"%s\"",
				   option, lowest, text);
	*value = number;
	return 0;
}

/* "every=N" */
static int parse_check(struct run_options *options, const char *text)
{
	static const char prefix[] = "every=";

	if (strncmp(text, prefix, strlen(prefix)) != 0)
		return usage_error("--check wants every=N, not \"%s\"", text);
	return parse_number("--check every=", text + strlen(prefix), 0,
			    &options->check_every);
}

static int parse(int argc, char **argv, struct request *request)
{
	enum { JSON = 1, KTAP, MUTANT, FRACTURE, CHECK, ROUNDS, TIMEOUT };
	static const struct option options[] = {
		{ "json", no_argument, NULL, JSON },
		{ "ktap", no_argument, NULL, KTAP },
		{ "mutant", required_argument, NULL, MUTANT },
		{ "fracture", no_argument, NULL, FRACTURE },
		{ "check", required_argument, NULL, CHECK },
		{ "rounds", required_argument, NULL, ROUNDS },
		{ "timeout", required_argument, NULL, TIMEOUT },
		{ NULL, 0, NULL, 0 }
	};
	const struct scenario * const *scenario;
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
			err = parse_mutant(&request->options, optarg);
			break;
		case FRACTURE:
			request->options.fracture = true;
			break;
		case CHECK:
			err = parse_check(&request->options, optarg);
			break;
		case ROUNDS:
			err = parse_number("--rounds", optarg, 1,
					   &request->options.rounds);
			break;
		case TIMEOUT:
			err = parse_number("--timeout", optarg, 1,
					   &request->options.timeout);
			break;
		default:
			return usage_error("devtlb test does not know \"%s\", or it lacks its value",
					   argv[optind - 1]);
		}
	}
	for (; !err && optind < argc; optind++) {
		const struct scenario *found = find_scenario(argv[optind]);

		if (!found)
			return usage_error("there is no scenario \"%s\"; \"devtlb list\" shows them",
					   argv[optind]);
		if (request->nr_selected == SELECTED_MAX)
			return usage_error("too many scenarios");
		request->selected[request->nr_selected++] = found;
	}
	if (!err && request->nr_selected == 0) {
		for_each_registered(scenario, scenarios)
			request->selected[request->nr_selected++] = *scenario;
	}
	return err;
}

static void set_string(struct json_object *object, const char *key,
		       const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
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

static struct json_object *new_header(struct client *client)
{
	struct json_object *header = json_object_new_object();
	struct utsname uts;

	uname(&uts);
	json_object_object_add(header, "schema", json_object_new_int(1));
	set_string(header, "version", client_module_version(client));
	set_string(header, "kernel", uts.release);
	set_string(header, "callback",
		   client_callback(client) == DEVTLB_CALLBACK_INVALIDATE_RANGE ?
		   "invalidate_range" : "arch_invalidate_secondary_tlbs");
	return header;
}

/* How many scenarios came to what. */
struct totals {
	unsigned int passed;
	unsigned int failed;
	unsigned int broken;
	unsigned int skipped;
};

static void count(struct totals *totals, const char *verdict)
{
	if (strcmp(verdict, "ok") == 0)
		totals->passed++;
	else if (strcmp(verdict, "skip") == 0)
		totals->skipped++;
	else if (strcmp(verdict, "broken") == 0)
		totals->broken++;
	else
		totals->failed++;
}

static int exit_status(const struct totals *totals)
{
	if (totals->failed)
		return EXIT_FOUND;
	if (totals->broken)
		return EXIT_USAGE;
	return totals->passed ? EXIT_NOTHING_FOUND : EXIT_SKIPPED;
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
	struct json_object *all, *results;
	struct totals totals = { };
	struct client *client;
	uint32_t pasid;
	unsigned int i;
	int err = parse(argc, argv, &request);

	if (err)
		return err;
	client = open_client();
	if (!client)
		return EXIT_USAGE;
	all = new_header(client);
	json_object_object_add(all, "mutant", json_object_new_boolean(
		request.options.nr_mutants > 0));
	/*
	 * Binds nothing of interest, but for the whole time: the module's
	 * probes come and go with the first and the last PASID, and each time
	 * kernel text is patched on all CPUs, which is slow, and which some
	 * emulators get wrong.
	 */
	if (client_bind(client, 0, false, &pasid))
		return client_failed(client);

	request.report->begin(all, request.nr_selected *
			      (request.options.nr_mutants ? 1 : 2));
	results = json_object_new_array();
	for (i = 0; i < request.nr_selected; i++) {
		struct json_object *result = test_scenario(request.selected[i],
							   &request.options);

		count(&totals, get_string(result, "verdict"));
		request.report->scenario(result);
		json_object_array_add(results, result);
	}
	json_object_object_add(all, "scenarios", results);
	json_object_object_add(all, "passed",
			       json_object_new_int(totals.passed));
	json_object_object_add(all, "failed",
			       json_object_new_int(totals.failed + totals.broken));
	json_object_object_add(all, "skipped",
			       json_object_new_int(totals.skipped));
	json_object_object_add(all, "proven", json_object_new_boolean(
		request.options.nr_mutants == 0 && totals.passed > 0 &&
		totals.failed + totals.broken == 0));
	request.report->end(all);
	json_object_put(all);
	client_close(client);
	return exit_status(&totals);
}

COMMAND(test) = {
	.name = "test",
	.arguments = "[--json | --ktap] [--mutant drop:site=FUNCTION]... [--fracture] [--check every=N] [--rounds N] [--timeout S] [SCENARIO]...",
	.title = "run scenarios on this kernel: each clean, then with its notifications dropped",
	.run = test,
};
