// SPDX-License-Identifier: GPL-2.0-only
#include <stdio.h>
#include <string.h>

#include "devtlb.h"
#include "model/finding.h"
#include "model/result.h"

bool is_proof(struct json_object *finding)
{
	return !is(finding, "breach", "lost-store") ||
	       get_number(finding, "suppressed") == 0;
}

size_t count_proofs(struct json_object *findings)
{
	size_t i, nr = findings ? json_object_array_length(findings) : 0;
	size_t proofs = 0;

	for (i = 0; i < nr; i++)
		proofs += is_proof(json_object_array_get_idx(findings, i));
	return proofs;
}

const char *rules_in(struct json_object *findings)
{
	static char text[16];
	size_t i, used = 0;

	text[0] = '\0';
	for (i = 0; i < json_object_array_length(findings); i++) {
		struct json_object *finding = json_object_array_get_idx(findings, i);
		const char *rule = get_string(finding, "rule");

		if (!is_proof(finding))
			continue;
		if (!strstr(text, rule) && used < sizeof(text) - 3)
			used += snprintf(text + used, sizeof(text) - used, "%s%s",
					 used ? " " : "", rule);
	}
	return text;
}

const char *rules_found(struct json_object *run)
{
	struct json_object *findings = get_array(run, "findings");

	return findings ? rules_in(findings) : "";
}

const char *functions_in_stack(struct json_object *finding, size_t first,
			       size_t nr)
{
	static char chain[DEVTLB_CHAIN_MAX];
	size_t i, used = 0, end = get_length(finding, "stack");

	chain[0] = '\0';
	for (i = first; i < end && i - first < nr; i++) {
		const char *frame = json_object_get_string(
			get_element(finding, "stack", i));

		used += snprintf(chain + used, sizeof(chain) - used, "%s%.*s",
				 used ? " < " : "", (int)strcspn(frame, "+"),
				 frame);
		if (used >= sizeof(chain))
			break;
	}
	return chain;
}
