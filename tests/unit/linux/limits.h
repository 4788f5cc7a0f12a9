/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Why this exists: the kernel's <linux/limits.h> has ULONG_MAX, the host's has
 * not. The host's one is included too, because glibc's <limits.h> comes here
 * for PATH_MAX and its like.
 */
#ifndef UNIT_LINUX_LIMITS_H
#define UNIT_LINUX_LIMITS_H

#include_next <linux/limits.h>

#ifndef ULONG_MAX
#define ULONG_MAX	(~0UL)
#endif

#endif /* UNIT_LINUX_LIMITS_H */
