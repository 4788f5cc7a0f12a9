// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>

#include "lost_store.h"

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
	json_object_object_add(object, "at", json_object_new_string(at));
	json_object_object_add(object, "acknowledged",
			       json_object_new_uint64(store->acknowledged));
	json_object_object_add(object, "has",
			       json_object_new_uint64(store->has));
}

struct json_object *lost_stores_finding(const struct lost_stores *stores,
					uint32_t pasid, uint64_t seq)
{
	struct json_object *finding = json_object_new_object();
	struct json_object *first = json_object_new_array();
	uint64_t i;

	json_object_object_add(finding, "pasid", json_object_new_int64(pasid));
	json_object_object_add(finding, "seq", json_object_new_uint64(seq));
	json_object_object_add(finding, "rule", json_object_new_string("C"));
	json_object_object_add(finding, "breach",
			       json_object_new_string("lost-store"));
	json_object_object_add(finding, "count",
			       json_object_new_uint64(stores->nr));
	describe(finding, &stores->first[0]);
	for (i = 0; i < stores->nr && i < LOST_STORES_KEPT; i++) {
		struct json_object *one = json_object_new_object();

		describe(one, &stores->first[i]);
		json_object_array_add(first, one);
	}
	json_object_object_add(finding, "first", first);
	return finding;
}
