/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_EDGE_H
#define DEVTLB_EDGE_H

#include <linux/types.h>

#include "device/range.h"
#include "devtlb.h"

struct devtlb_translation;

bool devtlb_edge_piece(enum devtlb_mutant kind, struct devtlb_range range,
		       struct devtlb_range *piece);
bool devtlb_edge_is_of(enum devtlb_only only,
		       const struct devtlb_translation *translation);

#endif /* DEVTLB_EDGE_H */
