// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "report/chain.h"
#include "devtlb.h"

#define SEPARATOR	" < "

/* Where the next function begins; NULL at the end. */
static const char *next_function(const char *chain)
{
	const char *end = strstr(chain, SEPARATOR);

	return end ? end + strlen(SEPARATOR) : NULL;
}

static int function_length(const char *chain)
{
	return strcspn(chain, " ");
}

/* How many functions two chains have in common, from the first on. */
static size_t common_functions(const char *one, const char *other)
{
	size_t common = 0;

	while (one && other) {
		if (function_length(one) != function_length(other) ||
		    strncmp(one, other, function_length(one)) != 0)
			break;
		common++;
		one = next_function(one);
		other = next_function(other);
	}
	return common;
}

static const char *function_at(const char *chain, size_t n)
{
	while (n-- && chain)
		chain = next_function(chain);
	return chain;
}

static const char *last_function(const char *chain)
{
	const char *next;

	while ((next = next_function(chain)))
		chain = next;
	return chain;
}

const char *short_chain(const char *chain, const char * const *others,
			size_t nr_others)
{
	static char text[DEVTLB_CHAIN_MAX + 16];
	const char *rest = function_at(chain, CHAIN_SHOWN);
	const char *different;
	size_t i, common = 0;
	int shown;

	if (!rest)
		return chain;
	for (i = 0; i < nr_others; i++) {
		if (strcmp(others[i], chain) != 0 &&
		    common_functions(others[i], chain) > common)
			common = common_functions(others[i], chain);
	}
	different = common >= CHAIN_SHOWN ? function_at(chain, common) : NULL;
	if (different == rest) {
		rest = next_function(rest);
		different = NULL;
	}
	if (!rest)
		return chain;
	shown = rest - strlen(SEPARATOR) - chain;
	snprintf(text, sizeof(text), "%.*s ...", shown, chain);
	if (different)
		snprintf(text, sizeof(text), "%.*s ... %.*s ...", shown, chain,
			 function_length(different), different);
	else if (common > CHAIN_SHOWN)
		/* All of another one's beginning: this is where it ends. */
		snprintf(text, sizeof(text), "%.*s ... %s", shown, chain,
			 last_function(chain));
	return text;
}
