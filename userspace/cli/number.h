/* SPDX-License-Identifier: GPL-2.0-only */
/* Numbers on the command line. */
#ifndef NUMBER_H
#define NUMBER_H

#include <stdint.h>

/* Decimal, from @lowest to @highest; returns 0 or an exit status. */
int parse_number64(const char *option, const char *text, uint64_t lowest,
		   uint64_t highest, uint64_t *value);
int parse_number(const char *option, const char *text, uint32_t lowest,
		 uint32_t highest, uint32_t *value);

#endif /* NUMBER_H */
