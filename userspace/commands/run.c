// SPDX-License-Identifier: GPL-2.0-only
/*
 * Any program under the device. To whoever started us we are that program, as
 * far as that goes; to the program we are not there.
 */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "cli/command.h"
#include "watching/launch.h"
#include "watching/relay.h"
#include "model/result.h"
#include "cli/watch_request.h"
#include "watching/watching.h"

/* As the shell has them. */
enum {
	EXIT_NOT_EXECUTABLE = 126,
	EXIT_NOT_THERE = 127,
};

static int execute_failed(const char *name, int err)
{
	const char *why = strerror(err);

	if (err == ENOENT && !strchr(name, '/'))
		why = "command not found";
	fprintf(stderr, "devtlb: %s: %s\n", name, why);
	return err == ENOENT ? EXIT_NOT_THERE : EXIT_NOT_EXECUTABLE;
}

static struct json_object *describe(char **command, const struct relay *relay)
{
	struct json_object *about = json_object_new_object();
	struct json_object *words = json_object_new_array();

	for (; *command; command++)
		json_object_array_add(words, json_object_new_string(*command));
	json_object_object_add(about, "command", words);
	set_number(about, "pid", relay->pid);
	set_number(about, "status", relay_exit_status(relay));
	if (WIFSIGNALED(relay->status))
		set_number(about, "signal", WTERMSIG(relay->status));
	return about;
}

/* Watches until the program has ended. */
static int follow(struct watching *watching, const struct launch *launch,
		  char **command)
{
	struct relay relay = { .pid = launch->pid };
	int own, status;

	for (;;) {
		relay_for(&relay, watching_rest(watching));
		if (relay.ended)
			break;
		watching_look(watching);
	}
	own = relay_exit_status(&relay);
	status = watching_end(watching, describe(command, &relay), own);
	return status == own ? relay_end_alike(&relay) : status;
}

static int run_command(const struct watch_request *request,
		       struct launch *launch, char **command)
{
	struct watching *watching = watching_start(request);
	int err;

	if (!watching || watching_add(watching, launch->pid, true)) {
		launch_cancel(launch);
		if (!watching)
			return EXIT_USAGE;
		fprintf(stderr, "devtlb: %s\n", watching_error(watching));
		watching_drop(watching);
		return EXIT_USAGE;
	}
	err = launch_go(launch);
	if (err) {
		watching_drop(watching);
		return execute_failed(command[0], err);
	}
	return follow(watching, launch, command);
}

static int run(const struct command *command, int argc, char **argv)
{
	struct watch_request request = { };
	struct launch launch;
	int first = parse_arguments(command, argc, argv, &request);
	int status;

	if (first < 0)
		return -first;
	status = complete_watch_request(&request);
	if (status)
		return status;
	if (first == argc)
		return usage_error("devtlb run wants a program; write devtlb run -- PROGRAM [ARGUMENT]...");
	status = launch_prepare(&launch, argv + first);
	if (status)
		return status;
	status = open_report(&request, STDERR_FILENO);
	if (status) {
		launch_cancel(&launch);
		return status;
	}
	return run_command(&request, &launch, argv + first);
}

COMMAND(run) = {
	.name = "run",
	.arguments = "-- PROGRAM [ARGUMENT]...",
	.title = "runs any program, and all that it starts, under the device",
	.help = "Their page tables are mirrored on the device. The report goes to stderr.",
	.options = watch_options,
	.more_options = watch_until_hidden,
	.option = take_watch_option,
	.foreign = true,
	.run = run,
};
