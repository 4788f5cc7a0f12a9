/* SPDX-License-Identifier: GPL-2.0-only */
/* Which kernel runs: only for what is known by its number, and not to be seen. */
#ifndef KERNEL_RELEASE_H
#define KERNEL_RELEASE_H

/**
 * struct kernel_series - as of "6.12"
 * @major: 6
 * @minor: 12
 */
struct kernel_series {
	unsigned int major;
	unsigned int minor;
};

/* As uname -r has it. */
const char *kernel_release(void);
/* 0.0 when the release does not begin with one. */
struct kernel_series kernel_series(const char *release);
/* Less than 0, 0, or more, as strcmp(). */
int series_compare(struct kernel_series one, struct kernel_series other);

#endif /* KERNEL_RELEASE_H */
