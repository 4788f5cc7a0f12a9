/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers, as the user writes them. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdint.h>

struct parse_error;

/*
 * Decimal, from @lowest to @highest; @what says whose value it is. Returns 0, or
 * a negative errno and leaves a sentence.
 */
int parse_number64(const char *what, const char *text, uint64_t lowest,
		   uint64_t highest, uint64_t *value, struct parse_error *error);
int parse_number(const char *what, const char *text, uint32_t lowest,
		 uint32_t highest, uint32_t *value, struct parse_error *error);

#endif /* NUMBER_H */
