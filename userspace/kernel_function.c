// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of kernel functions. Sites are told by the symbols in a call chain, and
 * a function that was inlined into its only caller has none: Debian's 6.12 has
 * no wp_page_copy, its 6.1 has. So that one name serves every kernel, the
 * callers are listed here.
 */
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "kernel_function.h"

/* Functions with one caller. */
static const struct {
	const char *name;
	const char *caller;
} inlined[] = {
	{ "wp_page_copy", "do_wp_page" },
	{ "dup_mmap", "dup_mm" },
	{ "dup_mm", "copy_process" },
	{ "do_wp_page", "handle_pte_fault" },
	{ "handle_pte_fault", "__handle_mm_fault" },
};

static bool has_symbol(const char *name)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	size_t length = strlen(name);
	bool found = false;
	char line[512];

	if (!file)
		return true;
	while (!found && fgets(line, sizeof(line), file)) {
		const char *symbol = strchr(line, ' ');

		symbol = symbol ? strchr(symbol + 1, ' ') : NULL;
		/* Compilers append to a name: "free_pages.part.0". */
		found = symbol && strncmp(symbol + 1, name, length) == 0 &&
			strchr(".\n\t ", symbol[1 + length]);
	}
	fclose(file);
	return found;
}

const char *kernel_function(const char *name)
{
	size_t i;

	if (has_symbol(name))
		return name;
	for (i = 0; i < sizeof(inlined) / sizeof(inlined[0]); i++) {
		if (strcmp(inlined[i].name, name) == 0)
			return kernel_function(inlined[i].caller);
	}
	return NULL;
}
