/* SPDX-License-Identifier: GPL-2.0-only */
/* Why this exists: the store counts the elements of an array. */
#ifndef UNIT_LINUX_KERNEL_H
#define UNIT_LINUX_KERNEL_H

#define ARRAY_SIZE(array)	(sizeof(array) / sizeof((array)[0]))

#endif /* UNIT_LINUX_KERNEL_H */
