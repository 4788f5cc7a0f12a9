/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Known defects, docs/findings.md, by what their findings look like: a label for
 * people. That something is a finding was decided before, and not by its name.
 */
#ifndef SIGNATURE_H
#define SIGNATURE_H

#include <json-c/json.h>

#include "devtlb.h"

/*
 * The defect that a finding looks like, or NULL. @sites notified the same
 * process, or the same watch.
 */
const char *signature_of(struct json_object *finding,
			 enum devtlb_callback callback,
			 struct json_object *sites);

/* Adds "looks-like" to those findings that look like one. */
void add_signatures(struct json_object *findings, enum devtlb_callback callback,
		    struct json_object *sites);

#endif /* SIGNATURE_H */
