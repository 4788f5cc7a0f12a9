/* SPDX-License-Identifier: GPL-2.0-only */
/* Windows that the module holds open, as the user writes them. */
#ifndef WINDOW_H
#define WINDOW_H

#include <stdint.h>

#include "devtlb.h"

struct parse_error;

/**
 * struct window - what is held back; 0 or empty is not
 * @range_end: microseconds, at the end of each notifier range
 * @function: a kernel function
 * @function_delay: microseconds, at each call of it
 */
struct window {
	uint32_t range_end;
	char function[DEVTLB_SYMBOL_MAX];
	uint32_t function_delay;
};

/*
 * Adds "range-end=US" or "FUNCTION=US". Returns 0, or a negative errno and leaves
 * a sentence.
 */
int parse_window(struct window *window, const char *text,
		 struct parse_error *error);

#endif /* WINDOW_H */
