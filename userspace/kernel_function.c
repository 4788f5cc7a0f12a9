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

#define KNOWN_MAX	256

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

/* What was asked for before: the kernel takes long to print all its symbols. */
static struct {
	char name[DEVTLB_SYMBOL_MAX];
	bool there;
} known[KNOWN_MAX];
static unsigned int nr_known;

bool next_alternative(const char **alternatives, char name[DEVTLB_SYMBOL_MAX])
{
	size_t length;

	if (!*alternatives || !**alternatives)
		return false;
	length = strcspn(*alternatives, "|");
	snprintf(name, DEVTLB_SYMBOL_MAX, "%.*s", (int)length, *alternatives);
	*alternatives += length;
	*alternatives += **alternatives == '|';
	return true;
}

bool is_function_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < DEVTLB_SYMBOL_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
	       length;
}

static bool look_up_symbol(const char *name)
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

static bool has_symbol(const char *name)
{
	unsigned int i;
	bool there;

	for (i = 0; i < nr_known; i++) {
		if (strcmp(known[i].name, name) == 0)
			return known[i].there;
	}
	there = look_up_symbol(name);
	if (nr_known < KNOWN_MAX && is_function_name(name)) {
		strcpy(known[nr_known].name, name);
		known[nr_known++].there = there;
	}
	return there;
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
