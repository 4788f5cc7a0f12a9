// SPDX-License-Identifier: GPL-2.0-only
#include <stddef.h>

#include "model/callback.h"

const char * const callback_names[] = {
	[DEVTLB_CALLBACK_INVALIDATE_RANGE] = "invalidate_range",
	[DEVTLB_CALLBACK_ARCH_INVALIDATE] = "arch_invalidate_secondary_tlbs",
	NULL
};

const char *callback_name(enum devtlb_callback callback)
{
	return callback_names[callback];
}
