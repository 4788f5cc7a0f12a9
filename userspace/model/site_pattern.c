// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "model/kernel_function.h"
#include "model/site_pattern.h"

static const char separator[] = " < ";

bool chain_has(const char *chain, const char *functions)
{
	size_t length = strlen(functions);
	const char *at = chain;

	while ((at = strstr(at, functions))) {
		bool begins = at == chain || at[-1] == ' ';
		bool ends = !at[length] || at[length] == ' ';

		if (begins && ends)
			return true;
		at++;
	}
	return false;
}

/* Takes the first of "x < y < z". */
static bool next_function(const char **functions, char name[DEVTLB_SYMBOL_MAX])
{
	size_t length = strcspn(*functions, " ");

	if (length == 0)
		return false;
	snprintf(name, DEVTLB_SYMBOL_MAX, "%.*s", (int)length, *functions);
	*functions += length;
	if (**functions)
		*functions += strlen(separator);
	return true;
}

bool site_resolve(const char *functions, char resolved[DEVTLB_CHAIN_MAX])
{
	char name[DEVTLB_SYMBOL_MAX], before[DEVTLB_SYMBOL_MAX] = "";
	size_t length = 0;

	while (next_function(&functions, name)) {
		const char *function = kernel_function(name);

		if (!function)
			return false;
		if (strcmp(function, before) != 0)
			length += snprintf(resolved + length,
					   DEVTLB_CHAIN_MAX - length, "%s%s",
					   length ? separator : "", function);
		if (length >= DEVTLB_CHAIN_MAX)
			return false;
		snprintf(before, sizeof(before), "%s", function);
	}
	return length > 0;
}

/* Takes the first of "x < y|z"; false when there is none. */
static bool next_functions(const char **alternatives,
			   char functions[DEVTLB_CHAIN_MAX])
{
	size_t length;

	if (!*alternatives || !**alternatives)
		return false;
	length = strcspn(*alternatives, "|");
	snprintf(functions, DEVTLB_CHAIN_MAX, "%.*s", (int)length,
		 *alternatives);
	*alternatives += length;
	*alternatives += **alternatives == '|';
	return true;
}

void site_expect(const char *alternatives)
{
	char functions[DEVTLB_CHAIN_MAX], name[DEVTLB_SYMBOL_MAX];

	while (next_functions(&alternatives, functions)) {
		const char *rest = functions;

		while (next_function(&rest, name))
			kernel_function_expect(name);
	}
}

bool chain_has_any(const char *chain, const char *alternatives)
{
	char functions[DEVTLB_CHAIN_MAX], resolved[DEVTLB_CHAIN_MAX];

	while (next_functions(&alternatives, functions)) {
		if (site_resolve(functions, resolved) && chain_has(chain, resolved))
			return true;
	}
	return false;
}

bool kernel_has_any(const char *alternatives)
{
	char functions[DEVTLB_CHAIN_MAX], resolved[DEVTLB_CHAIN_MAX];

	while (next_functions(&alternatives, functions)) {
		if (site_resolve(functions, resolved))
			return true;
	}
	return false;
}
