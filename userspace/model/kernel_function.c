// SPDX-License-Identifier: GPL-2.0-only
/*
 * Names of kernel functions, for whoever types them, and for descriptions. Sites
 * are told by the symbols in a call chain, and a function that was inlined into
 * its only caller has none: Debian's 6.12 has no wp_page_copy, its 6.1 has. Others
 * are called otherwise from some kernel on. So that one name serves every kernel,
 * the callers and the other names are listed here.
 */
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "model/kernel_function.h"

#define KNOWN_MAX	256

/* Where a kernel has no such function: what it has instead. */
static const struct {
	const char *name;
	const char *instead;
} aliases[] = {
	/* Functions with one caller. */
	{ "wp_page_copy", "do_wp_page" },
	{ "dup_mmap", "dup_mm" },
	{ "dup_mm", "copy_process" },
	{ "do_wp_page", "handle_pte_fault" },
	{ "handle_pte_fault", "__handle_mm_fault" },
	/* Linux 7.3. */
	{ "zap_page_range_single", "do_madvise" },
	{ "unmap_page_range", "__zap_vma_range" },
	{ "zap_pte_range", "__zap_vma_range" },
	{ "vms_clear_ptes", "unmap_region" },
	{ "__replace_page", "uprobe_write" },
	{ "move_pages_pte", "move_pages_ptes" },
	{ "rmap_walk_file", "__rmap_walk_file" },
	{ "begin_new_exec", "setup_new_exec" },
	{ "exec_mmap", "setup_new_exec" },
	{ "collapse_pte_mapped_thp", "try_collapse_pte_mapped_thp" },
};

/**
 * struct known - a name, and what the kernel says of it
 * @name: of a function
 * @asked: the kernel was asked
 * @there: it has it
 */
struct known {
	char name[DEVTLB_SYMBOL_MAX];
	bool asked;
	bool there;
};

/* By name. */
static struct known *known;
static size_t nr_known;

bool is_function_name(const char *name)
{
	size_t length = strlen(name);

	return length > 0 && length < DEVTLB_SYMBOL_MAX &&
	       strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") ==
	       length;
}

/* Where a name is, or belongs. */
static size_t find(const char *name)
{
	size_t low = 0, high = nr_known;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(known[middle].name, name) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

static bool is_known(const char *name, size_t at)
{
	return at < nr_known && strcmp(known[at].name, name) == 0;
}

static void add(const char *name)
{
	size_t at = find(name);

	if (is_known(name, at) || strlen(name) >= DEVTLB_SYMBOL_MAX)
		return;
	known = reallocarray(known, nr_known + 1, sizeof(*known));
	if (!known)
		abort();
	memmove(known + at + 1, known + at, (nr_known - at) * sizeof(*known));
	nr_known++;
	known[at] = (struct known) { .asked = false };
	strcpy(known[at].name, name);
}

static void mark(char *symbol)
{
	size_t at;

	/* Compilers append to a name: "free_pages.part.0". */
	symbol[strcspn(symbol, ".\n\t ")] = '\0';
	at = find(symbol);
	if (is_known(symbol, at))
		known[at].there = true;
}

/*
 * One reading serves all names that are wanted: the kernel takes long to print
 * its symbols.
 */
static void ask(void)
{
	FILE *file = fopen("/proc/kallsyms", "r");
	char line[512];
	size_t i;

	while (file && fgets(line, sizeof(line), file)) {
		char *symbol = strchr(line, ' ');

		symbol = symbol ? strchr(symbol + 1, ' ') : NULL;
		if (symbol)
			mark(symbol + 1);
	}
	for (i = 0; i < nr_known; i++) {
		known[i].asked = true;
		/* Of a kernel that does not say, believe it all. */
		known[i].there |= !file;
	}
	if (file)
		fclose(file);
}

static bool has_symbol(const char *name)
{
	size_t at;

	add(name);
	at = find(name);
	if (!is_known(name, at))
		return false;
	if (!known[at].asked)
		ask();
	return known[at].there;
}

void kernel_function_expect(const char *name)
{
	size_t i;

	add(name);
	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(aliases[i].name, name) == 0)
			kernel_function_expect(aliases[i].instead);
	}
}

const char *kernel_function(const char *name)
{
	size_t i;

	if (has_symbol(name))
		return name;
	for (i = 0; i < sizeof(aliases) / sizeof(aliases[0]); i++) {
		if (strcmp(aliases[i].name, name) == 0)
			return kernel_function(aliases[i].instead);
	}
	return NULL;
}
