/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why this exists: the store clips ranges and swaps pointers. Operands of two
 * types are refused as the older kernels refuse them, so that what compiles
 * here compiles there.
 */
#ifndef UNIT_LINUX_MINMAX_H
#define UNIT_LINUX_MINMAX_H

#define unit_pick(a, b, compare) ({ \
	__typeof__(a) unit_a = (a); \
	__typeof__(b) unit_b = (b); \
	_Static_assert(__builtin_types_compatible_p(__typeof__(unit_a), \
						    __typeof__(unit_b)), \
		       "min() and max() want operands of one type"); \
	unit_a compare unit_b ? unit_a : unit_b; \
})

#define min(a, b)	unit_pick(a, b, <)
#define max(a, b)	unit_pick(a, b, >)

#define swap(a, b) \
	do { \
		__typeof__(a) unit_kept = (a); \
		(a) = (b); \
		(b) = unit_kept; \
	} while (0)

#endif /* UNIT_LINUX_MINMAX_H */
