/* SPDX-License-Identifier: GPL-2.0-only */
/* Why this exists: the store publishes its pointers by release stores. */
#ifndef UNIT_ASM_BARRIER_H
#define UNIT_ASM_BARRIER_H

#define smp_store_release(place, value) \
	__atomic_store_n((place), (value), __ATOMIC_RELEASE)

#endif /* UNIT_ASM_BARRIER_H */
