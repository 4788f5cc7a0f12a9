/* SPDX-License-Identifier: GPL-2.0-only */
/* What lived on because a notification was withheld, and what became of it. */
#ifndef SURVIVORS_H
#define SURVIVORS_H

#include <json-c/json.h>

/**
 * struct survivors - translations that lived on because of mutants
 * @survived: how many
 * @right: the page table wanted them as they were
 * @covered: another site's notification removed them
 * @late: the notification removed them, when it was delivered
 * @again: another site's was withheld from them, too, and accounts for them
 */
struct survivors {
	unsigned long long survived;
	unsigned long long right;
	unsigned long long covered;
	unsigned long long late;
	unsigned long long again;
};

/* @sites: an array, or NULL. */
struct survivors survivors_of(struct json_object *sites);

#endif /* SURVIVORS_H */
