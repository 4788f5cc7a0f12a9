// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "model/lost_store.h"
#include "model/result.h"

void lost_stores_add(struct lost_stores *stores,
		     const struct lost_store *store)
{
	if (stores->nr < LOST_STORES_KEPT)
		stores->first[stores->nr] = *store;
	stores->nr++;
}

static void describe(struct json_object *object, const struct lost_store *store)
{
	char at[sizeof("0x") + 16];

	snprintf(at, sizeof(at), "0x%" PRIx64, store->at);
	set_string(object, "at", at);
	set_number(object, "acknowledged", store->acknowledged);
	set_number(object, "has", store->has);
}

struct json_object *lost_stores_finding(const struct lost_stores *stores,
					uint32_t pasid, uint64_t seq,
					uint64_t suppressed)
{
	struct json_object *finding = json_object_new_object();
	struct json_object *first = json_object_new_array();
	uint64_t i;

	set_number(finding, "pasid", pasid);
	set_number(finding, "seq", seq);
	set_string(finding, "rule", "C");
	set_string(finding, "breach", "lost-store");
	set_number(finding, "count", stores->nr);
	set_number(finding, "suppressed", suppressed);
	describe(finding, &stores->first[0]);
	for (i = 0; i < stores->nr && i < LOST_STORES_KEPT; i++) {
		struct json_object *one = json_object_new_object();

		describe(one, &stores->first[i]);
		json_object_array_add(first, one);
	}
	json_object_object_add(finding, "first", first);
	return finding;
}
