/* SPDX-License-Identifier: GPL-2.0-only */
/* Accounts: what became of a mutant, by the account of the run that had it. */
#ifndef ACCOUNT_H
#define ACCOUNT_H

#include <json-c/json.h>

#include "devtlb.h"

/*
 * An outcome is an object: mutant, outcome, reason, survived, unaccounted, rules
 * and ops (rounds until then) of what was found, covered-by (chains). The
 * outcome is one of
 *   killed		caught
 *   covered		not caught: other sites' notifications removed what had
 *			lived on. It takes a run without those, too, to make
 *   redundant		of it: without those, too, it is caught
 *   explained		not caught, and each translation that lived on is accounted
 *			for: it was right, or the notification came after all
 *   idle		nothing lived on: the device held nothing there
 *   unexplained	not caught, and not all that lived on is accounted for
 *   unreached		its site did not notify this time
 *   inapplicable	it changes nothing there
 *   skipped		the scenario cannot run here
 */
struct json_object *new_outcome(const char *mutant, const char *outcome,
				const char *reason);

/* Of a run; the caller puts it. */
struct json_object *outcome_of(struct json_object *run,
			       enum devtlb_mutant kind);

/* What was explained is not: @reason. */
void set_unexplained(struct json_object *outcome, const char *reason);

#endif /* ACCOUNT_H */
