// SPDX-License-Identifier: GPL-2.0-only
#include <stdarg.h>
#include <stdio.h>
#include <unistd.h>

#include "report/progress.h"

/* Of a terminal that is as narrow as they come. */
#define WIDTH	79

static int shown;

void progress(const char *format, ...)
{
	char line[WIDTH + 1];
	va_list args;

	if (!isatty(STDERR_FILENO))
		return;
	va_start(args, format);
	vsnprintf(line, sizeof(line), format, args);
	va_end(args);
	fprintf(stderr, "\r%-*s", WIDTH, line);
	shown = 1;
}

void progress_end(void)
{
	if (shown)
		fprintf(stderr, "\r%-*s\r", WIDTH, "");
	shown = 0;
}
