// SPDX-License-Identifier: GPL-2.0-only
#include <linux/cache.h>

#include "device/hooks.h"

/* Set by the module's init, before anything is bound. */
const struct devtlb_hooks *devtlb_hooks __ro_after_init;
