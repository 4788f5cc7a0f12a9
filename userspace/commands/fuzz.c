// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>

#include "client/client.h"
#include "cli/command.h"
#include "fuzz/hunt.h"
#include "fuzz/program.h"
#include "fuzz/stage.h"
#include "model/number.h"
#include "operations/operation.h"
#include "report/fuzz_report.h"
#include "report/report.h"
#include "runner/interrupt.h"

#define DEFAULT_DURATION_S	60
#define SHRINK_S		120
#define NUMBER_MAX		1000000000

/* What the command line asks for. */
struct request {
	struct hunt_options options;
	struct sequence replay;
	const char *replay_path;
	const char *output;
	const char *program;
	bool seeded;
	bool wide;
	bool list;
	bool json;
};

enum {
	JSON = 256, SEED, OPERATIONS, DURATION, MUTANT, REPLAY, OUTPUT, PROGRAM, KNOWN,
	RACING, SHRINK, WIDE, LIST, ACTOR
};

static const struct argp_option options[] = {
	{ "seed", SEED, "N", 0,
	  "Of all choices; another one each time when it is not given", 0 },
	{ "operations", OPERATIONS, "N", 0, "End after N operations", 0 },
	{ "duration", DURATION, "S", 0,
	  "End after S seconds (default 60, unless --operations is given)", 0 },
	{ "mutant", MUTANT, "KIND[:KEY=VALUE,...]", 0,
	  "Give the device this defect, as in \"devtlb test\". Up to 8", 0 },
	{ "racing", RACING, NULL, 0,
	  "Have the device fill all the time, and some operations performed at the same time as others: \"&\" stands behind them",
	  0 },
	{ "shrink", SHRINK, "S", 0,
	  "Take S seconds at most to make what was found small (default 120)", 0 },
	{ "known", KNOWN, NULL, 0,
	  "What looks like a known defect of docs/findings.md ends it as well", 0 },
	{ "wide", WIDE, NULL, 0,
	  "Leave large flushes announced as flushes of all, where the kernel does that; they hide ranges that are too short",
	  0 },
	{ "replay", REPLAY, "FILE", 0,
	  "Perform the operations in FILE, one a line, and no others", 0 },
	{ "output", OUTPUT, "FILE", 0,
	  "Write the sequence that shows what was found to FILE, for --replay", 0 },
	{ "program", PROGRAM, "FILE", 0,
	  "Write it to FILE as a program in C, which needs libc and uapi/devtlb.h", 0 },
	{ "list", LIST, NULL, 0, "Show the operations and their arguments", 0 },
	{ "json", JSON, NULL, 0, "Print JSON instead of text", 0 },
	{ "actor", ACTOR, "WHO", OPTION_HIDDEN, NULL, 0 },
	{ }
};

static int add_mutant(struct oracle_options *oracle, const char *text,
		      struct parse_error *error)
{
	if (oracle->nr_mutants == DEVTLB_MUTANTS_MAX)
		return parse_failed(error, "at most %d mutants",
				    DEVTLB_MUTANTS_MAX);
	return parse_mutant(&oracle->mutants[oracle->nr_mutants++], text, error);
}

static int take_option(void *context, int key, const char *value,
		       struct parse_error *error)
{
	struct request *request = context;
	struct hunt_options *hunt = &request->options;

	switch (key) {
	case SEED:
		request->seeded = true;
		return parse_number64("--seed", value, 0, UINT64_MAX,
				      &hunt->seed, error);
	case OPERATIONS:
		return parse_number("--operations", value, 1, NUMBER_MAX,
				    &hunt->operations, error);
	case DURATION:
		return parse_number("--duration", value, 1, NUMBER_MAX,
				    &hunt->seconds, error);
	case MUTANT:
		return add_mutant(&hunt->oracle, value, error);
	case REPLAY:
		request->replay_path = value;
		return read_sequence(&request->replay, value, error);
	case OUTPUT:
		request->output = value;
		return 0;
	case PROGRAM:
		request->program = value;
		return 0;
	case SHRINK:
		return parse_number("--shrink", value, 0, NUMBER_MAX,
				    &hunt->shrink_seconds, error);
	case KNOWN:
		hunt->known = true;
		return 0;
	case RACING:
		hunt->racing = true;
		return 0;
	case WIDE:
		request->wide = true;
		return 0;
	case LIST:
		request->list = true;
		return 0;
	case ACTOR:
		actor_resume(value);
	default:
		request->json = true;
		return 0;
	}
}

static void print_words(const struct word *words)
{
	const char *separator = "";

	for (; words->name; words++) {
		printf("%s%s", separator, words->name);
		separator = "|";
	}
}

static void print_argument(const struct argument *argument)
{
	printf(" %s=", argument->name);
	switch (argument->kind) {
	case ARGUMENT_WORD:
	case ARGUMENT_WORDS:
		print_words(argument->words);
		break;
	case ARGUMENT_ACTOR:
	case ARGUMENT_NEW_ACTOR:
		printf("pN");
		break;
	default:
		printf("N");
	}
}

static int list(void)
{
	const struct operation * const *operation;
	int i;

	for_each_registered(operation, operations) {
		printf("%s", (*operation)->name);
		for (i = 0; (*operation)->argument[i].name; i++)
			print_argument(&(*operation)->argument[i]);
		printf("\n    %s\n", (*operation)->title);
	}
	return EXIT_NOTHING_FOUND;
}

/* What can be read again. */
static void write_sequence(FILE *file, const struct request *request,
			   const struct sequence *sequence,
			   struct json_object *report)
{
	unsigned int i;

	fprintf(file, "# devtlb fuzz %s--replay; found on Linux %s with seed %llu\n",
		request->options.racing ? "--racing " : "",
		get_string(report, "kernel"), get_number(report, "seed"));
	for (i = 0; i < sequence->nr; i++)
		fprintf(file, "%s\n", step_text(&sequence->step[i]));
}

static void write_as_program(FILE *file, const struct request *request,
			     const struct sequence *sequence,
			     struct json_object *report)
{
	write_program(file, sequence, report, &request->options.oracle, true);
}

/* Returns 0 or an exit status. */
static int write_file(const char *path, const struct request *request,
		      const struct sequence *sequence,
		      struct json_object *report,
		      void (*write)(FILE *file, const struct request *request,
				    const struct sequence *sequence,
				    struct json_object *report))
{
	FILE *file;
	int failed;

	if (!path)
		return 0;
	file = fopen(path, "w");
	if (!file)
		return usage_error("%s cannot be written: %s", path,
				   strerror(errno));
	write(file, request, sequence, report);
	failed = ferror(file);
	if (fclose(file) || failed)
		return usage_error("%s cannot be written: %s", path,
				   strerror(errno));
	return 0;
}

static void add_all(struct json_object *to, struct json_object *from)
{
	json_object_object_foreach(from, key, value)
		json_object_object_add(to, key, json_object_get(value));
}

static int report_all(const struct request *request, struct client *client,
		      struct json_object *hunted, const struct sequence *least)
{
	struct json_object *report = new_header(client);
	bool found = json_object_object_get(hunted, "found");
	int status = found ? EXIT_FOUND : EXIT_NOTHING_FOUND;

	add_all(report, hunted);
	if (request->json)
		print_json(report);
	else
		print_hunt(report);
	if (found)
		status = write_file(request->output, request, least, report,
				    write_sequence) ? :
			 write_file(request->program, request, least, report,
				    write_as_program) ? : status;
	json_object_put(report);
	return status;
}

static int hunt_and_report(const struct request *request, struct client *client,
			   struct stage *stage)
{
	struct json_object *hunted;
	struct sequence least;
	int status;

	if (hunt(client, stage, &request->options, &hunted, &least)) {
		fprintf(stderr, "devtlb: %s\n", client_error(client));
		return EXIT_USAGE;
	}
	status = report_all(request, client, hunted, &least);
	json_object_put(hunted);
	return interrupted() && status == EXIT_NOTHING_FOUND ?
	       EXIT_INTERRUPTED : status;
}

static int parse(const struct command *command, int argc, char **argv,
		 struct request *request)
{
	struct hunt_options *hunt = &request->options;
	int status = parse_options(command, argc, argv, request);

	if (status)
		return status;
	if (request->replay_path)
		hunt->replay = &request->replay;
	if (!hunt->operations && !hunt->seconds)
		hunt->seconds = DEFAULT_DURATION_S;
	if (!request->seeded &&
	    getrandom(&hunt->seed, sizeof(hunt->seed), 0) != sizeof(hunt->seed))
		return usage_error("no random numbers: %s", strerror(errno));
	return 0;
}

static int fuzz(const struct command *command, int argc, char **argv)
{
	static struct request request = {
		.options.shrink_seconds = SHRINK_S,
	};
	struct client *client;
	struct stage *stage;
	int status = parse(command, argc, argv, &request);

	if (status)
		return status;
	if (request.list)
		return list();
	/* First: whatever is open now, actors would have open, too. */
	stage = stage_open(!request.wide);
	client = open_client_for_runs();
	if (!client)
		return EXIT_USAGE;
	interrupts_take();
	status = hunt_and_report(&request, client, stage);
	stage_close(stage);
	client_close(client);
	return status;
}

COMMAND(fuzz) = {
	.name = "fuzz",
	.arguments = "",
	.title = "performs random operations on memory, with an oracle after each",
	.help = "Processes perform random operations on their memory. Before each one the device holds all that they have; after it, what it still holds and should not is a finding, and the operations are made as few as show it.",
	.options = options,
	.option = take_option,
	.run = fuzz,
};
