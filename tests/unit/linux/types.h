/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why this exists: module/ uses the kernel's short type names, which the host's
 * <linux/types.h> does not have. That one is included too, because the host's
 * own headers come here for the __u64 family.
 */
#ifndef UNIT_LINUX_TYPES_H
#define UNIT_LINUX_TYPES_H

#include_next <linux/types.h>

#include <stdbool.h>
#include <stddef.h>

typedef __u8 u8;
typedef __u16 u16;
typedef __u32 u32;
typedef __u64 u64;

/* Only its size matters here: the store never touches the reverse map. */
struct hlist_node {
	struct hlist_node *next;
	struct hlist_node **pprev;
};

#endif /* UNIT_LINUX_TYPES_H */
