/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERNEL_FUNCTION_H
#define KERNEL_FUNCTION_H

#include <stdbool.h>

#include "devtlb.h"

/* Takes the first of "a|b|c" from it; false when there is none, or NULL. */
bool next_alternative(const char **alternatives, char name[DEVTLB_SYMBOL_MAX]);

/* Can this be a function's name? */
bool is_function_name(const char *name);

/*
 * The function in whose frame this kernel runs @name: itself, or the one that
 * the compiler inlined it into. NULL when this kernel has neither. Slow the
 * first time that it is asked for a name.
 */
const char *kernel_function(const char *name);

#endif /* KERNEL_FUNCTION_H */
