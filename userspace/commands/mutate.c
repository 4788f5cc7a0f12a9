// SPDX-License-Identifier: GPL-2.0-only
#include <getopt.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/client.h"
#include "cli/command.h"
#include "runner/mutation.h"
#include "report/mutation_report.h"
#include "cli/number.h"
#include "report/progress.h"
#include "report/report.h"
#include "model/score.h"
#include "cli/selection.h"

#define DEFAULT_ROUNDS		3
#define DEFAULT_TIMEOUT_S	60
#define NUMBER_MAX		1000000

/* What the command line asks for. */
struct request {
	struct selection selection;
	struct mutation_options options;
	bool json;
};

static int parse_kind(struct mutation_options *options, const char *kind,
		      size_t length)
{
	const struct mutant_type *type = find_mutant_type(kind, length);

	switch (type ? type->kind : 0) {
	case DEVTLB_MUTANT_DROP:
		options->drop = true;
		return 0;
	case DEVTLB_MUTANT_LATE:
		options->late = true;
		return 0;
	case DEVTLB_MUTANT_TRIM:
		options->trim = true;
		return 0;
	default:
		return usage_error("--kinds wants some of drop,late,trim, not \"%.*s\"",
				   (int)length, kind);
	}
}

/* "drop,late" */
static int parse_kinds(struct mutation_options *options, const char *text)
{
	int err;

	options->drop = false;
	options->late = false;
	options->trim = false;
	for (;;) {
		size_t length = strcspn(text, ",");

		err = parse_kind(options, text, length);
		if (err || !text[length])
			return err;
		text += length + 1;
	}
}

static int parse(int argc, char **argv, struct request *request)
{
	enum { JSON = 1, ROUNDS, TIMEOUT, KINDS };
	static const struct option options[] = {
		{ "json", no_argument, NULL, JSON },
		{ "rounds", required_argument, NULL, ROUNDS },
		{ "timeout", required_argument, NULL, TIMEOUT },
		{ "kinds", required_argument, NULL, KINDS },
		{ NULL, 0, NULL, 0 }
	};
	/* Its runs take minutes, and cover what the others cover. */
	static const struct unnamed unnamed = { .except = "hostile" };
	struct run_options *run = &request->options.run;
	int option, err = 0;

	opterr = 0;
	while (!err && (option = getopt_long(argc, argv, "", options, NULL)) != -1) {
		switch (option) {
		case JSON:
			request->json = true;
			break;
		case ROUNDS:
			err = parse_number("--rounds", optarg, 1, NUMBER_MAX,
					   &run->rounds);
			break;
		case TIMEOUT:
			err = parse_number("--timeout", optarg, 1, NUMBER_MAX,
					   &run->timeout);
			break;
		case KINDS:
			err = parse_kinds(&request->options, optarg);
			break;
		default:
			return unknown_option(argv);
		}
	}
	if (err)
		return err;
	return select_scenarios(&request->selection, argv + optind,
				argc - optind, &unnamed);
}

static bool is_selected(const struct selection *selection, const char *name)
{
	unsigned int i;

	for (i = 0; i < selection->nr; i++) {
		if (strcmp(selection->scenario[i]->name, name) == 0)
			return true;
	}
	return false;
}

static struct json_object *mutate_scenarios(const struct request *request)
{
	struct json_object *results = json_object_new_array();
	unsigned int i;

	for (i = 0; i < request->selection.nr; i++)
		json_object_array_add(results,
				      mutate_scenario(request->selection.scenario[i],
						      &request->options));
	return results;
}

static struct json_object *mutate_devices(const struct request *request)
{
	struct json_object *results = json_object_new_array();
	const struct mutant_type *type;

	for (type = mutant_types; type->name; type++) {
		if (type->of_device &&
		    is_selected(&request->selection,
				type->killer[request->options.callback].scenario))
			json_object_array_add(results,
					      mutate_device(type, &request->options));
	}
	return results;
}

static int exit_status(struct json_object *all)
{
	if (get_number(all, "unexplained") || get_number(all, "failed"))
		return EXIT_FOUND;
	if (get_number(all, "broken"))
		return EXIT_USAGE;
	return get_number(all, "mutants") ? EXIT_NOTHING_FOUND : EXIT_SKIPPED;
}

static void run_request(const struct request *request, struct json_object *all)
{
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	json_object_object_add(all, "scenarios", mutate_scenarios(request));
	json_object_object_add(all, "device", mutate_devices(request));
	progress_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	set_number(all, "seconds", end.tv_sec - begin.tv_sec);
	add_score(all);
	if (request->json)
		print_json(all);
	else
		print_mutation(all);
}

static int mutate(int argc, char **argv)
{
	struct request request = {
		.options = {
			.run = {
				.check_every = 1,
				.rounds = DEFAULT_ROUNDS,
				.timeout = DEFAULT_TIMEOUT_S,
			},
			.drop = true,
			.late = true,
			.trim = true,
		},
	};
	struct json_object *all;
	struct client *client;
	int status = parse(argc, argv, &request);

	if (status)
		return status;
	client = open_client_for_runs();
	if (!client)
		return EXIT_USAGE;
	request.options.callback = client_callback(client);
	all = new_header(client);
	run_request(&request, all);
	status = exit_status(all);
	json_object_put(all);
	client_close(client);
	return status;
}

COMMAND(mutate) = {
	.name = "mutate",
	.arguments = "[--json] [--rounds N] [--timeout S] [--kinds drop,late,trim] [SCENARIO]...",
	.title = "mutation score: each notification dropped, delayed or trimmed in turn, and each defect of the device, must be caught",
	.run = mutate,
};
