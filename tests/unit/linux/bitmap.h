/* SPDX-License-Identifier: GPL-2.0-only */
/* Why this exists: the store's nodes declare a bitmap of used slots. */
#ifndef UNIT_LINUX_BITMAP_H
#define UNIT_LINUX_BITMAP_H

#include <linux/bitops.h>

#define DECLARE_BITMAP(name, bits) \
	unsigned long name[((bits) + BITS_PER_LONG - 1) / BITS_PER_LONG]

#endif /* UNIT_LINUX_BITMAP_H */
