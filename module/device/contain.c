// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cache.h>

#include "device/contain.h"

/* The module's parameter; main.c has it. */
bool devtlb_contain_stores __read_mostly = true;
