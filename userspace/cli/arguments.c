// SPDX-License-Identifier: GPL-2.0-only
/* The command line of one command, by argp of the C library. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"
#include "model/similar.h"

/* No letter: only --help has one. */
enum { HELP = 'h', JSON = 256 };

/* And --help. */
#define OPTIONS_MAX	32

/**
 * struct parsing - a command line that is being taken apart
 * @command: whose
 * @options: all that it has
 * @request: the command's own, which its options go to
 * @left: the arguments that are no options, in order
 * @nr_left: how many
 * @error: the first thing that is wrong
 */
struct parsing {
	const struct command *command;
	const struct argp_option *options;
	void *request;
	char **left;
	int nr_left;
	struct parse_error error;
};

const struct argp_option json_only[] = {
	{ "json", JSON, NULL, 0, "Print JSON instead of text", 0 },
	{ }
};

/* What is wrong with "--name", or "--name=value". */
static void refuse_long(struct parsing *parsing, const char *written)
{
	const struct argp_option *option = parsing->options;
	int length = strcspn(written, "=");
	const char *name = written + 2;
	struct similar similar = similar_to(name, length - 2);
	const char *command = parsing->command->name;

	for (; option->name; option++) {
		similar_try(&similar, option->name);
		if ((int)strlen(option->name) != length - 2 ||
		    strncmp(option->name, name, length - 2) != 0)
			continue;
		if (option->arg)
			parse_failed(&parsing->error, "devtlb %s: %.*s lacks its value; write %.*s=%s",
				     command, length, written, length, written,
				     option->arg);
		else
			parse_failed(&parsing->error, "devtlb %s: %.*s takes no value",
				     command, length, written);
		return;
	}
	parse_failed(&parsing->error, "devtlb %s does not know \"%s\"%s%s%s",
		     command, written, similar.name ? "; did you mean \"--" : "",
		     similar.name ? : "", similar.name ? "\"?" : "");
}

/*
 * What argp does not take: it is past a long option then, and past the last one
 * of "-xy", but not past others.
 */
static void refuse_option(struct parsing *parsing,
			  const struct argp_state *state)
{
	const char *before = state->argv[state->next - 1];
	const char *at = state->next < state->argc ? state->argv[state->next] :
						     before;

	if (strncmp(before, "--", 2) == 0)
		refuse_long(parsing, before);
	else
		parse_failed(&parsing->error, "devtlb %s does not know \"%.2s\"",
			     parsing->command->name,
			     before[0] == '-' ? before : at);
}

static void take_argument(struct parsing *parsing, struct argp_state *state,
			  char *argument)
{
	parsing->left[parsing->nr_left++] = argument;
	if (!parsing->command->foreign)
		return;
	while (state->next < state->argc)
		parsing->left[parsing->nr_left++] = state->argv[state->next++];
}

static error_t take(int key, char *value, struct argp_state *state)
{
	struct parsing *parsing = state->input;

	switch (key) {
	case ARGP_KEY_ARG:
		take_argument(parsing, state, value);
		return 0;
	case ARGP_KEY_ERROR:
		/* That of an option itself was left by whoever took it. */
		if (!parsing->error.text[0])
			refuse_option(parsing, state);
		return 0;
	case ARGP_KEY_INIT:
	case ARGP_KEY_FINI:
	case ARGP_KEY_SUCCESS:
	case ARGP_KEY_NO_ARGS:
	case ARGP_KEY_END:
	case ARGP_KEY_ARGS:
		return ARGP_ERR_UNKNOWN;
	case HELP:
		print_help_on(parsing->command);
		exit(flush_report(EXIT_NOTHING_FOUND));
	default:
		return -parsing->command->option(parsing->request, key, value,
						 &parsing->error);
	}
}

/**
 * struct interface - what argp wants to know about a command
 * @options: the command's, and --help
 * @doc: before the options and after them
 * @argp: all of it
 */
struct interface {
	struct argp_option options[OPTIONS_MAX];
	char *doc;
	struct argp argp;
};

static int add_options(struct interface *interface, int nr,
		       const struct argp_option *options)
{
	for (; options && options->name && nr < OPTIONS_MAX - 2; options++)
		interface->options[nr++] = *options;
	return nr;
}

static void describe(struct interface *interface, const struct command *command)
{
	static const struct argp_option help = {
		"help", HELP, NULL, 0, "Show this", -1
	};
	int nr = 0;

	nr = add_options(interface, nr, command->options);
	nr = add_options(interface, nr, command->more_options);
	interface->options[nr] = help;
	interface->options[nr + 1] = (struct argp_option) { };
	if (asprintf(&interface->doc, "%c%s.%s%s\n", toupper(command->title[0]),
		     command->title + 1, command->help ? "\v" : "",
		     command->help ? : "") < 0)
		abort();
	interface->argp = (struct argp) {
		.options = interface->options,
		.parser = take,
		.args_doc = command->arguments,
		.doc = interface->doc,
	};
}

int parse_arguments(const struct command *command, int argc, char **argv,
		    void *request)
{
	struct interface interface;
	struct parsing parsing = {
		.command = command,
		.options = interface.options,
		.request = request,
		.left = calloc(argc + 1, sizeof(*argv)),
	};
	int first;
	error_t err;

	if (!parsing.left)
		abort();
	describe(&interface, command);
	err = argp_parse(&interface.argp, argc, argv, ARGP_IN_ORDER |
			 ARGP_NO_ERRS | ARGP_NO_EXIT | ARGP_NO_HELP, NULL,
			 &parsing);
	if (err) {
		fprintf(stderr, "devtlb: %s; see \"devtlb help %s\"\n",
			parsing.error.text, command->name);
		first = -EXIT_USAGE;
	} else {
		first = argc - parsing.nr_left;
		memcpy(argv + first, parsing.left,
		       parsing.nr_left * sizeof(*argv));
	}
	free(interface.doc);
	free(parsing.left);
	return first;
}

int parse_options(const struct command *command, int argc, char **argv,
		  void *request)
{
	int first = parse_arguments(command, argc, argv, request);

	if (first < 0)
		return -first;
	if (first < argc)
		return usage_error("devtlb %s does not know \"%s\"",
				   command->name, argv[first]);
	return 0;
}

int parse_json_only(const struct command *command, int argc, char **argv,
		    bool *json)
{
	*json = false;
	return parse_options(command, argc, argv, json);
}

int take_json_only(void *request, int key, const char *value,
		   struct parse_error *error)
{
	*(bool *)request = true;
	return 0;
}

void print_help_on(const struct command *command)
{
	struct interface interface;
	char name[32];

	describe(&interface, command);
	snprintf(name, sizeof(name), "devtlb %s", command->name);
	argp_help(&interface.argp, stdout, ARGP_HELP_SHORT_USAGE |
		  ARGP_HELP_LONG | ARGP_HELP_DOC, name);
	free(interface.doc);
}
