/* SPDX-License-Identifier: GPL-2.0-only */
/* Chains of functions, short enough for people. */
#ifndef CHAIN_H
#define CHAIN_H

#include <stddef.h>

/* Of these functions of a chain, a person needs to see the first ones. */
#define CHAIN_SHOWN	3

/*
 * The first functions of @chain; and where it differs from a chain in @others,
 * the first function that does. A static buffer.
 */
const char *short_chain(const char *chain, const char * const *others,
			size_t nr_others);

#endif /* CHAIN_H */
