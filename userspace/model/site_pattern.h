/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Patterns of sites: functions that follow one another in a call chain, "x < y",
 * or alternatives to that, "x < y|z".
 */
#ifndef SITE_PATTERN_H
#define SITE_PATTERN_H

#include <stdbool.h>

#include "devtlb.h"

/*
 * @functions as this kernel runs them: those that were inlined into the same one
 * are one. False when it has not got all of them.
 */
bool site_resolve(const char *functions, char resolved[DEVTLB_CHAIN_MAX]);

/* The kernel will be asked for the functions of these alternatives; or NULL. */
void site_expect(const char *alternatives);

/* Are exactly these functions, "x < y", one after the other in a chain? */
bool chain_has(const char *chain, const char *functions);

/*
 * Is one of the alternatives in a chain? Where this kernel inlined a function
 * into its caller, that one stands for it.
 */
bool chain_has_any(const char *chain, const char *alternatives);

/* Does this kernel have all functions of one of the alternatives? */
bool kernel_has_any(const char *alternatives);

#endif /* SITE_PATTERN_H */
