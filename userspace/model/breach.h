/* SPDX-License-Identifier: GPL-2.0-only */
/* The ways in which rules are broken. */
#ifndef BREACH_H
#define BREACH_H

#include <stdbool.h>

#include <json-c/json.h>

/**
 * struct breach - how a rule was broken
 * @name: in JSON
 * @sentence: for people
 * @of: what a finding's count counts
 * @table: it is about a page-table page that the device remembers
 */
struct breach {
	const char *name;
	const char *sentence;
	const char *of;
	bool table;
};

/* Is there a finding whose "breach" has this name? */
bool is_breach(const char *name);
struct breach breach_of(struct json_object *finding);

#endif /* BREACH_H */
