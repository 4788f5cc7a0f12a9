// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>

#include "model/number.h"
#include "model/parse_error.h"

int parse_number64(const char *what, const char *text, uint64_t lowest,
		   uint64_t highest, uint64_t *value, struct parse_error *error)
{
	uint64_t number;
	char *end;

	errno = 0;
	number = strtoull(text, &end, 10);
	/* strtoull() takes blanks and signs. */
	if (text[0] < '0' || text[0] > '9' || *end || errno ||
	    number < lowest || number > highest)
		return parse_failed(error, "%s wants a number from %" PRIu64 " to %" PRIu64 ", not \"%s\"",
				    what, lowest, highest, text);
	*value = number;
	return 0;
}

int parse_number(const char *what, const char *text, uint32_t lowest,
		 uint32_t highest, uint32_t *value, struct parse_error *error)
{
	uint64_t number;
	int err = parse_number64(what, text, lowest, highest, &number, error);

	if (!err)
		*value = number;
	return err;
}
