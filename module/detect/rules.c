// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which rules this build has a detector for. A file of its own, so that a module
 * without some of them is one object and a link away.
 */
#include <linux/types.h>

#include "detect/finding.h"

const u32 devtlb_without_rules = DEVTLB_WITHOUT_RULES;
