/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef CALLBACK_H
#define CALLBACK_H

#include "devtlb.h"

const char *callback_name(enum devtlb_callback callback);

#endif /* CALLBACK_H */
