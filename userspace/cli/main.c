// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/command.h"

REGISTRY(commands, struct command);

static int by_name(const void *one, const void *other)
{
	const struct command * const *a = one, * const *b = other;

	return strcmp((*a)->name, (*b)->name);
}

static void print_commands(void)
{
	size_t i, nr = __stop_commands - __start_commands;
	const struct command **sorted = calloc(nr, sizeof(*sorted));

	if (!sorted)
		abort();
	memcpy(sorted, __start_commands, nr * sizeof(*sorted));
	qsort(sorted, nr, sizeof(*sorted), by_name);
	for (i = 0; i < nr; i++)
		printf("  %-9s %s\n", sorted[i]->name, sorted[i]->title);
	free(sorted);
}

static int help(void)
{
	printf("Proves whether this kernel tells a device that shares page tables (ATS/PASID,\n"
	       "SVA) in time that a translation has died. Needs root and the module devtlb.\n\n"
	       "Usage: devtlb COMMAND [OPTION]... [ARGUMENT]...\n\n");
	print_commands();
	printf("\n"
	       "\"devtlb help COMMAND\" explains a command and its options, \"man devtlb\" all.\n"
	       "Exit status: 0 nothing found, 1 findings, 2 usage or environment, 4 skipped,\n"
	       "130 interrupted.\n");
	return EXIT_NOTHING_FOUND;
}

/* "devtlb help [COMMAND]" */
static int help_on(int argc, char **argv)
{
	const struct command *command;

	if (argc == 0)
		return help();
	if (argc > 1)
		return usage_error("devtlb help wants one command, not \"%s\" too",
				   argv[1]);
	command = find_command(argv[0]);
	if (!command)
		return EXIT_USAGE;
	print_help_on(command);
	return EXIT_NOTHING_FOUND;
}

static bool is_help(const char *word)
{
	return strcmp(word, "--help") == 0 || strcmp(word, "-h") == 0;
}

static int main_command(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2)
		return usage_error("no command was given");
	if (is_help(argv[1]))
		return help();
	if (strcmp(argv[1], "help") == 0)
		return help_on(argc - 2, argv + 2);
	if (strcmp(argv[1], "--version") == 0 || strcmp(argv[1], "-V") == 0) {
		printf("devtlb %s\n", DEVTLB_VERSION);
		return EXIT_NOTHING_FOUND;
	}
	command = find_command(argv[1]);
	return command ? command->run(command, argc - 1, argv + 1) : EXIT_USAGE;
}

int main(int argc, char **argv)
{
	/* A line at a time: the last one is there even if the machine dies. */
	setvbuf(stdout, NULL, _IOLBF, 0);
	return flush_report(main_command(argc, argv));
}
