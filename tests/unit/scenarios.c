// SPDX-License-Identifier: GPL-2.0-only
/* The model finds scenarios in a registry, which wants one at least. */
#include <stddef.h>

#include "model/scenario.h"

SCENARIO(only) = {
	.name = "only",
	.title = "does nothing",
};
