/* SPDX-License-Identifier: GPL-2.0-only */
/* Rows of unit tests, and their result as TAP on stdout. */
#ifndef UNIT_TAP_H
#define UNIT_TAP_H

#include <stddef.h>

/**
 * struct tap_row - one behaviour
 * @name: the behaviour, as the row's name says it
 * @run: checks it; the row fails at the first expectation that is not met
 */
struct tap_row {
	const char *name;
	void (*run)(void);
};

int tap_run(const struct tap_row *rows, size_t nr_rows);
void tap_fail(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4), noreturn));

/* Numbers: error codes, counts. */
#define expect_long(got, want) \
	do { \
		long tap_got = (got); \
		long tap_want = (want); \
		if (tap_got != tap_want) \
			tap_fail(__FILE__, __LINE__, \
				 "%s: expected %ld, got %ld", \
				 #got, tap_want, tap_got); \
	} while (0)

#define expect_at_most(got, limit) \
	do { \
		unsigned long tap_got = (got); \
		unsigned long tap_limit = (limit); \
		if (tap_got > tap_limit) \
			tap_fail(__FILE__, __LINE__, \
				 "%s: expected at most %lu, got %lu", \
				 #got, tap_limit, tap_got); \
	} while (0)

/* Addresses and frames. */
#define expect_hex(got, want) \
	do { \
		unsigned long tap_got = (got); \
		unsigned long tap_want = (want); \
		if (tap_got != tap_want) \
			tap_fail(__FILE__, __LINE__, \
				 "%s: expected %#lx, got %#lx", \
				 #got, tap_want, tap_got); \
	} while (0)

#define expect_true(condition) \
	do { \
		if (!(condition)) \
			tap_fail(__FILE__, __LINE__, \
				 "%s: expected true, got false", #condition); \
	} while (0)

#define expect_false(condition) \
	do { \
		if (condition) \
			tap_fail(__FILE__, __LINE__, \
				 "%s: expected false, got true", #condition); \
	} while (0)

#endif /* UNIT_TAP_H */
