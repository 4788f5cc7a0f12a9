// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "cli/command.h"
#include "cli/number.h"

int parse_number64(const char *option, const char *text, uint64_t lowest,
		   uint64_t highest, uint64_t *value)
{
	uint64_t number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() takes blanks and signs. */
	if (text[0] < '0' || text[0] > '9' || *end || errno ||
	    number < lowest || number > highest)
		return usage_error("%s wants a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
				   option, lowest, highest, text);
	*value = number;
	return 0;
}

int parse_number(const char *option, const char *text, uint32_t lowest,
		 uint32_t highest, uint32_t *value)
{
	uint64_t number;
	int err = parse_number64(option, text, lowest, highest, &number);

	if (!err)
		*value = number;
	return err;
}
