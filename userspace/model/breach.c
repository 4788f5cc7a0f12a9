// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/breach.h"
#include "model/result.h"

static const struct breach breaches[] = {
	{ "freed", "a page was freed while the device translated it",
	  "translations" },
	{ "switched",
	  "the page table shows another page, and the device was not told",
	  "translations" },
	{ "missing",
	  "the device translates what the page table no longer maps",
	  "translations" },
	{ "other-page",
	  "the device translates to a page that the page table replaced",
	  "translations" },
	{ "more-permissive",
	  "the device may write what the page table lets nobody write",
	  "translations" },
	{ "partly-covered",
	  "the device translates more than the page table still maps",
	  "translations" },
	{ "clean",
	  "the device may write a page that the page table calls clean: its stores go unnoticed",
	  "translations" },
	{ "table-freed",
	  "a page-table page was freed while the page-walk cache held it",
	  "tables" },
	{ "copied", "a page was copied while the device could write to it",
	  "translations" },
	{ "lost-store", "a store that the device made is not in memory",
	  "stores" },
};

static const struct breach *find_breach(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(breaches) / sizeof(breaches[0]); i++) {
		if (strcmp(breaches[i].name, name) == 0)
			return &breaches[i];
	}
	return NULL;
}

bool is_breach(const char *name)
{
	return find_breach(name);
}

struct breach breach_of(struct json_object *finding)
{
	const char *name = get_string(finding, "breach");
	const struct breach *breach = find_breach(name);

	/* A newer module knows more. */
	return breach ? *breach : (struct breach) { name, name, "times" };
}
