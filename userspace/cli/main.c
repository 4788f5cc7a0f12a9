// SPDX-License-Identifier: GPL-2.0-only
#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "client/client.h"
#include "cli/command.h"

REGISTRY(commands, struct command);

int usage_error(const char *format, ...)
{
	va_list args;

	fprintf(stderr, "devtlb: ");
	va_start(args, format);
	vfprintf(stderr, format, args);
	va_end(args);
	fprintf(stderr, "; see \"devtlb --help\"\n");
	return EXIT_USAGE;
}

int unknown_option(char **argv)
{
	/* Of "-xy", getopt is still at the "x". */
	const char letter[] = { '-', optopt, '\0' };

	return usage_error("devtlb %s does not know \"%s\", or it lacks its value",
			   argv[0], isprint(optopt) ? letter : argv[optind - 1]);
}

static struct client *give_up(struct client *client)
{
	fprintf(stderr, "devtlb: %s\n", client_error(client));
	client_close(client);
	return NULL;
}

struct client *open_client(void)
{
	struct client *client = client_open();

	return client_connected(client) ? client : give_up(client);
}

struct client *open_client_for_runs(void)
{
	struct client *client = open_client();
	uint32_t pasid;

	if (client && client_bind(client, 0, false, &pasid))
		return give_up(client);
	return client;
}

static int help(void)
{
	const struct command * const *command;

	printf("Proves whether this kernel tells a device that shares page tables (ATS/PASID, SVA)\n"
	       "in time that a translation has died. Needs root and the module devtlb.\n\n"
	       "usage:\n");
	for_each_registered(command, commands)
		printf("  devtlb %s %s\n      %s\n", (*command)->name,
		       (*command)->arguments, (*command)->title);
	printf("\n  --json on every command: the same as JSON.\n"
	       "exit status: 0 nothing found, 1 findings, 2 usage or environment, 4 skipped\n");
	return EXIT_NOTHING_FOUND;
}

/* A report that could not be written is none. */
static int flush_report(int status)
{
	if (!fflush(stdout) && !ferror(stdout))
		return status;
	fprintf(stderr, "devtlb: the report could not be written: %s\n",
		strerror(errno));
	return EXIT_USAGE;
}

int main(int argc, char **argv)
{
	const struct command * const *command;

	/* A line at a time: the last one is there even if the machine dies. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	if (argc < 2)
		return usage_error("no command was given");
	if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 ||
	    strcmp(argv[1], "help") == 0)
		return help();
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("devtlb %s\n", DEVTLB_VERSION);
		return EXIT_NOTHING_FOUND;
	}
	for_each_registered(command, commands) {
		if (strcmp((*command)->name, argv[1]) != 0)
			continue;
		if (argc > 2 && strcmp(argv[2], "--help") == 0)
			return help();
		return flush_report((*command)->run(argc - 1, argv + 1));
	}
	return usage_error("there is no command \"%s\"", argv[1]);
}
