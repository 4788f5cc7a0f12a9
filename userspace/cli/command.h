/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef COMMAND_H
#define COMMAND_H

#include "model/registry.h"

/* Exit statuses. */
enum {
	EXIT_NOTHING_FOUND = 0,
	EXIT_FOUND = 1,
	EXIT_USAGE = 2,
	EXIT_SKIPPED = 4,
};

/**
 * struct command - a subcommand
 * @name: first argument
 * @arguments: the rest, for the usage
 * @title: what it does
 * @run: gets the subcommand's name as argv[0]; returns an exit status
 */
struct command {
	const char *name;
	const char *arguments;
	const char *title;
	int (*run)(int argc, char **argv);
};

#define COMMAND(id) REGISTER(commands, struct command, id)

/* Says what is wrong, and how to get help; returns EXIT_USAGE. */
int usage_error(const char *format, ...) __attribute__((format(printf, 1, 2)));

/*
 * The same for what getopt_long() answered with '?', for a command without
 * options of one letter.
 */
int unknown_option(char **argv);

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

#endif /* COMMAND_H */
