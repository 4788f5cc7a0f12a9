// SPDX-License-Identifier: GPL-2.0-only
/*
 * Each row runs in a child: it starts from the program's first state, and one
 * that crashes, hangs or trips a sanitizer is a failed row, not a lost plan.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "host.h"
#include "tap.h"

/* Sanitizers on a loaded machine: far above what any row takes. */
#define ROW_SECONDS	30
/* Not 1, which a sanitizer's report ends with. */
#define ROW_FAILED	3

void tap_fail(const char *file, int line, const char *format, ...)
{
	va_list arguments;

	printf("# %s:%d: ", file, line);
	va_start(arguments, format);
	vprintf(format, arguments);
	va_end(arguments);
	putchar('\n');
	fflush(stdout);
	/* No exit(): what a failed row leaves allocated says nothing. */
	_exit(ROW_FAILED);
}

static void run_in_child(const struct tap_row *row)
{
	alarm(ROW_SECONDS);
	row->run();
	/* The store's memory; exit() has the sanitizer look for the rest. */
	expect_long(host_live(), 0);
	exit(EXIT_SUCCESS);
}

static int run_row(const struct tap_row *row)
{
	int status;
	pid_t child;

	fflush(stdout);
	child = fork();
	if (child == 0)
		run_in_child(row);
	if (child < 0 || waitpid(child, &status, 0) != child) {
		puts("# expected a child process, got none");
		return -1;
	}
	if (WIFSIGNALED(status))
		printf("# expected the row to end, got a signal: %s\n",
		       strsignal(WTERMSIG(status)));
	else if (status && WEXITSTATUS(status) != ROW_FAILED)
		printf("# expected the row to end, got exit status %d: a sanitizer's report is on stderr\n",
		       WEXITSTATUS(status));
	return status ? -1 : 0;
}

/**
 * tap_run() - run the rows
 * @rows: the rows
 * @nr_rows: how many
 *
 * Return: the exit status for main().
 */
int tap_run(const struct tap_row *rows, size_t nr_rows)
{
	int status = EXIT_SUCCESS;
	size_t i;

	printf("1..%zu\n", nr_rows);
	for (i = 0; i < nr_rows; i++) {
		int failed = run_row(&rows[i]);

		printf("%s %zu - %s\n", failed ? "not ok" : "ok", i + 1,
		       rows[i].name);
		if (failed)
			status = EXIT_FAILURE;
	}
	return status;
}
