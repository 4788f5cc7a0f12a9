/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERNEL_FUNCTION_H
#define KERNEL_FUNCTION_H

#include <stdbool.h>

#include "devtlb.h"

/* Can this be a function's name? */
bool is_function_name(const char *name);

/*
 * The function in whose frame this kernel runs @name: itself, the one that the
 * compiler inlined it into, or what it is called there. NULL when this kernel has
 * none of them. Slow when it
 * is asked for a name that it was not told to expect.
 */
const char *kernel_function(const char *name);

/* This name will be asked for. */
void kernel_function_expect(const char *name);

#endif /* KERNEL_FUNCTION_H */
