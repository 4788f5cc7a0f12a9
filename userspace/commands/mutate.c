// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "client/client.h"
#include "cli/command.h"
#include "runner/interrupt.h"
#include "runner/mutation.h"
#include "report/limit.h"
#include "report/mutation_report.h"
#include "report/progress.h"
#include "report/report.h"
#include "model/number.h"
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
		      size_t length, struct parse_error *error)
{
	const struct {
		const char *name;
		bool *wanted;
	} kinds[] = {
		{ "drop", &options->drop }, { "late", &options->late },
		{ "trim", &options->trim }, { "edge", &options->edge },
	};
	size_t i;

	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (strlen(kinds[i].name) == length &&
		    strncmp(kinds[i].name, kind, length) == 0) {
			*kinds[i].wanted = true;
			return 0;
		}
	}
	return parse_failed(error, "--kinds wants some of drop,late,trim,edge, not \"%.*s\"",
			    (int)length, kind);
}

/* "drop,late" */
static int parse_kinds(struct mutation_options *options, const char *text,
		       struct parse_error *error)
{
	int err;

	options->drop = false;
	options->late = false;
	options->trim = false;
	options->edge = false;
	for (;;) {
		size_t length = strcspn(text, ",");

		err = parse_kind(options, text, length, error);
		if (err || !text[length])
			return err;
		text += length + 1;
	}
}

enum { JSON = 256, ROUNDS, TIMEOUT, KINDS };

static const struct argp_option options[] = {
	{ "kinds", KINDS, "drop,late,trim,edge", 0,
	  "Which of these to try at each site, or at all of a scenario's (default all)", 0 },
	{ "rounds", ROUNDS, "N", 0, "Make N rounds in each run (default 3)", 0 },
	{ "timeout", TIMEOUT, "S", 0,
	  "A run that takes longer is broken (default 60)", 0 },
	{ "json", JSON, NULL, 0,
	  "Print JSON, with the reason for each mutant, instead of text", 0 },
	{ }
};

static int take_option(void *context, int key, const char *value,
		       struct parse_error *error)
{
	struct request *request = context;
	struct run_options *run = &request->options.run;

	switch (key) {
	case ROUNDS:
		return parse_number("--rounds", value, 1, NUMBER_MAX,
				    &run->rounds, error);
	case TIMEOUT:
		return parse_number("--timeout", value, 1, NUMBER_MAX,
				    &run->timeout, error);
	case KINDS:
		return parse_kinds(&request->options, value, error);
	default:
		request->json = true;
		return 0;
	}
}

static int parse(const struct command *command, int argc, char **argv,
		 struct request *request)
{
	/* Its runs take minutes, and cover what the others cover. */
	static const struct unnamed unnamed = { .except = "hostile" };
	int first = parse_arguments(command, argc, argv, request);

	if (first < 0)
		return -first;
	return select_scenarios(&request->selection, argv + first, argc - first,
				&unnamed);
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

	for (i = 0; i < request->selection.nr; i++) {
		struct json_object *result =
			mutate_scenario(request->selection.scenario[i],
					&request->options);

		/* What was cut short says nothing. */
		if (interrupted()) {
			json_object_put(result);
			break;
		}
		json_object_array_add(results, result);
	}
	return results;
}

static struct json_object *mutate_devices(const struct request *request)
{
	struct json_object *results = json_object_new_array();
	const struct mutant_type *type;

	for (type = mutant_types; type->kind; type++) {
		if (type->of_device && !interrupted() &&
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
	struct json_object *limits = json_object_new_array();
	struct timespec begin, end;

	clock_gettime(CLOCK_MONOTONIC, &begin);
	json_object_object_add(all, "scenarios", mutate_scenarios(request));
	json_object_object_add(all, "device", mutate_devices(request));
	progress_end();
	clock_gettime(CLOCK_MONOTONIC, &end);
	set_number(all, "seconds", end.tv_sec - begin.tv_sec);
	add_score(all);
	add_zap_races_limit(limits, runs_zap_races());
	json_object_object_add(all, "limits", limits);
	if (request->json)
		print_json(all);
	else
		print_mutation(all);
	if (interrupted())
		fprintf(stderr, "devtlb: interrupted: the score is that of what ran until then\n");
}

static int mutate(const struct command *command, int argc, char **argv)
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
			.edge = true,
		},
	};
	struct json_object *all;
	struct client *client;
	int status = parse(command, argc, argv, &request);

	if (status)
		return status;
	client = open_client_for_runs();
	if (!client)
		return EXIT_USAGE;
	interrupts_take();
	request.options.callback = client_callback(client);
	all = new_header(client);
	run_request(&request, all);
	status = interrupted() ? EXIT_INTERRUPTED : exit_status(all);
	json_object_put(all);
	client_close(client);
	return status;
}

COMMAND(mutate) = {
	.name = "mutate",
	.arguments = "[SCENARIO]...",
	.title = "tells which notifications are needed, in time and whole",
	.help = "Each notification is dropped, delayed or trimmed in turn, each edge is left out of all of a scenario's, and the device is given each of its own defects: each must be caught, or have a reason.",
	.options = options,
	.option = take_option,
	.run = mutate,
};
