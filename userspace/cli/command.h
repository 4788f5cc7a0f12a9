/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COMMAND_H
#define COMMAND_H

#include <argp.h>
#include <stdbool.h>

#include "model/parse_error.h"
#include "model/registry.h"

/* Exit statuses. */
enum {
	EXIT_NOTHING_FOUND = 0,
	EXIT_FOUND = 1,
	EXIT_USAGE = 2,
	EXIT_SKIPPED = 4,
	EXIT_INTERRUPTED = 130,		/* as the shell has it for SIGINT */
};

/**
 * struct command - a subcommand
 * @name: first argument
 * @arguments: what follows the options, as in "[SCENARIO]..."; "" for nothing
 * @title: what it does, in a few words
 * @help: what else there is to know, for its own --help; or NULL
 * @options: as argp has them, all of them explained, with keys from 256 on;
 *	--help is there anyway
 * @more_options: and these, where @options serve several commands; or NULL
 * @option: takes one option: its key, and its value or NULL. Returns 0, or a
 *	negative errno and leaves a sentence
 * @foreign: what follows its first argument is not for us
 * @run: parses, with parse_arguments(), and does it; returns an exit status
 */
struct command {
	const char *name;
	const char *arguments;
	const char *title;
	const char *help;
	const struct argp_option *options;
	const struct argp_option *more_options;
	int (*option)(void *request, int key, const char *value,
		      struct parse_error *error);
	bool foreign;
	int (*run)(const struct command *command, int argc, char **argv);
};

#define COMMAND(id) REGISTER(commands, struct command, id)

/*
 * Has @command take the options in argv, wherever they stand. What is left is
 * moved to the end; returns where it begins. Otherwise says what is wrong, and
 * returns the exit status, negated. Does not return from --help.
 */
int parse_arguments(const struct command *command, int argc, char **argv,
		    void *request);
/* For commands that take nothing but options; returns 0 or an exit status. */
int parse_options(const struct command *command, int argc, char **argv,
		  void *request);
/* For those that have --json and nothing else: @options, @option, and parsing. */
extern const struct argp_option json_only[];
int take_json_only(void *request, int key, const char *value,
		   struct parse_error *error);
int parse_json_only(const struct command *command, int argc, char **argv,
		    bool *json);

/* NULL when there is none of that name; says so. */
const struct command *find_command(const char *name);
void print_help_on(const struct command *command);

/* Says what is wrong, and how to get help; returns EXIT_USAGE. */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* A report that could not be written is none: then says so, for EXIT_USAGE. */
int flush_report(int status);

struct client;

/* A client that can be used; else says why not and returns NULL. */
struct client *open_client(void);

/*
 * The same for a command that makes runs. It binds nothing of interest, but for
 * as long as the client is open: the module's probes come and go with the first
 * and the last PASID, and each time kernel text is patched on all CPUs, which is
 * slow, and which some emulators get wrong.
 */
struct client *open_client_for_runs(void);

/* Says what went wrong, closes the client, returns EXIT_USAGE. */
int client_failed(struct client *client);

#endif /* COMMAND_H */
