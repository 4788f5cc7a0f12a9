// SPDX-License-Identifier: GPL-2.0-only
/*
 * Writes the program of each operation to a directory, DIRECTORY/OPERATION.c, as
 * if "devtlb fuzz" had found something by that operation alone.
 */
#include <stdio.h>
#include <stdlib.h>

#include "fuzz/program.h"
#include "operations/operation.h"

/* Any value is good that is allowed. */
static long least(const struct argument *argument)
{
	switch (argument->kind) {
	case ARGUMENT_PAGES:
		return 1;
	case ARGUMENT_WORD:
		return argument->words->value;
	default:
		return 0;
	}
}

static void fail(const char *path)
{
	perror(path);
	exit(1);
}

static void write_program_of(const char *directory, const struct operation *operation)
{
	struct json_object *report = json_object_new_object();
	struct oracle_options oracle = { 0 };
	struct sequence sequence = { .nr = 1 };
	char path[4096];
	FILE *file;
	int i;

	sequence.step[0].operation = operation;
	for (i = 0; operation->argument[i].name; i++)
		sequence.step[0].argument[i] = least(&operation->argument[i]);
	snprintf(path, sizeof(path), "%s/%s.c", directory, operation->name);
	file = fopen(path, "w");
	if (!file)
		fail(path);
	write_program(file, &sequence, report, &oracle, true);
	if (fclose(file))
		fail(path);
	json_object_put(report);
}

int main(int argc, char **argv)
{
	const struct operation * const *operation;

	if (argc != 2) {
		fprintf(stderr, "usage: %s DIRECTORY\n", argv[0]);
		return 2;
	}
	for_each_registered(operation, operations)
		write_program_of(argv[1], *operation);
	return 0;
}
