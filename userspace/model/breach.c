// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/breach.h"
#include "model/result.h"

static const struct breach breaches[] = {
	{ .name = "freed",
	  .sentence = "a page was freed while the device translated it",
	  .of = "translations" },
	{ .name = "switched",
	  .sentence = "the page table shows another page, and the device was not told",
	  .of = "translations" },
	{ .name = "missing",
	  .sentence = "the device translates what the page table no longer maps",
	  .of = "translations" },
	{ .name = "other-page",
	  .sentence = "the device translates to a page that the page table replaced",
	  .of = "translations" },
	{ .name = "more-permissive",
	  .sentence = "the device may write what the page table lets nobody write",
	  .of = "translations" },
	{ .name = "partly-covered",
	  .sentence = "the device translates more than the page table still maps",
	  .of = "translations" },
	{ .name = "clean",
	  .sentence = "the device may write a page that the page table calls clean: its stores go unnoticed",
	  .of = "translations" },
	{ .name = "table-freed",
	  .sentence = "a page-table page was freed while the page-walk cache held it",
	  .of = "tables", .table = true },
	{ .name = "table-detached",
	  .sentence = "the page-walk cache holds a page-table page that the page table no longer has there",
	  .of = "tables", .table = true },
	{ .name = "copied",
	  .sentence = "a page was copied while the device could write to it",
	  .of = "translations" },
	{ .name = "lost-store",
	  .sentence = "a store that the device made is not in memory",
	  .of = "stores" },
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
	return breach ? *breach : (struct breach) {
		.name = name,
		.sentence = name,
		.of = "times",
	};
}
