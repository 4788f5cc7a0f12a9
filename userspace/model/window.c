// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "model/kernel_function.h"
#include "model/number.h"
#include "model/parse_error.h"
#include "model/window.h"

static int parse_function(struct window *window, const char *name,
			  const char *delay, struct parse_error *error)
{
	const char *function;
	char option[DEVTLB_SYMBOL_MAX + 16];

	if (!is_function_name(name))
		return parse_failed(error, "\"%s\" names no kernel function; write --widen FUNCTION=US, as in --widen flush_tlb_mm_range=100",
				    name);
	if (window->function[0])
		return parse_failed(error, "--widen holds back one function only, and \"%s\" is one already",
				    window->function);
	function = kernel_function(name);
	if (!function)
		return parse_failed(error, "this kernel has no function \"%s\" (/proc/kallsyms); \"devtlb sites\" shows functions that notify",
				    name);
	if (strcmp(function, name) != 0)
		return parse_failed(error, "in this kernel, \"%s\" is part of \"%s\"; write --widen %s=US",
				    name, function, function);
	strcpy(window->function, name);
	snprintf(option, sizeof(option), "--widen %s=", name);
	return parse_number(option, delay, 1, DEVTLB_FUNCTION_DELAY_MAX,
			    &window->function_delay, error);
}

int parse_window(struct window *window, const char *text,
		 struct parse_error *error)
{
	const char *delay = strchr(text, '=');
	char name[DEVTLB_SYMBOL_MAX + 1];

	if (!delay)
		return parse_failed(error, "--widen wants range-end=US or FUNCTION=US (microseconds), not \"%s\"",
				    text);
	snprintf(name, sizeof(name), "%.*s", (int)(delay - text), text);
	delay++;
	if (strcmp(name, "range-end") == 0)
		return parse_number("--widen range-end=", delay, 1,
				    DEVTLB_RANGE_END_DELAY_MAX, &window->range_end, error);
	return parse_function(window, name, delay, error);
}
