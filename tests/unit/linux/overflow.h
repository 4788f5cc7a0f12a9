/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why this exists: a node of the store ends in a flexible array. The sizes are
 * constants here, so nothing can overflow.
 */
#ifndef UNIT_LINUX_OVERFLOW_H
#define UNIT_LINUX_OVERFLOW_H

#define struct_size(pointer, member, count) \
	(sizeof(*(pointer)) + sizeof((pointer)->member[0]) * (count))

#endif /* UNIT_LINUX_OVERFLOW_H */
