// SPDX-License-Identifier: GPL-2.0-only
#include "model/callback.h"
#include "model/value_names.h"

const char *callback_name(enum devtlb_callback callback)
{
	return callback_names[callback];
}
