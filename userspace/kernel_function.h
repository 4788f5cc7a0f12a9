/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef KERNEL_FUNCTION_H
#define KERNEL_FUNCTION_H

/*
 * The function in whose frame this kernel runs @name: itself, or the one that
 * the compiler inlined it into. NULL when this kernel has neither.
 */
const char *kernel_function(const char *name);

#endif /* KERNEL_FUNCTION_H */
