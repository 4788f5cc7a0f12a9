/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_FILL_H
#define DEVTLB_FILL_H

#include <linux/types.h>

struct devtlb_atc;
struct devtlb_atc_user;

int devtlb_atc_fill(struct devtlb_atc *atc, struct devtlb_atc_user *user,
		    unsigned long va, bool write);

#endif /* DEVTLB_FILL_H */
