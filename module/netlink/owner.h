/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef DEVTLB_OWNER_H
#define DEVTLB_OWNER_H

#include <linux/types.h>

int devtlb_owners_init(void);
void devtlb_owners_exit(void);
u32 devtlb_owner_of_socket(u32 portid);
void devtlb_owner_end(u32 portid);

#endif /* DEVTLB_OWNER_H */
