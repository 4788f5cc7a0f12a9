/* SPDX-License-Identifier: GPL-2.0-only */
/* Why this exists: the store's lookup reads what others write meanwhile. */
#ifndef UNIT_LINUX_COMPILER_H
#define UNIT_LINUX_COMPILER_H

#define READ_ONCE(place)	(*(const volatile __typeof__(place) *)&(place))

#define WRITE_ONCE(place, value) \
	do { \
		*(volatile __typeof__(place) *)&(place) = (value); \
	} while (0)

#endif /* UNIT_LINUX_COMPILER_H */
