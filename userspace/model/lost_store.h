/* SPDX-License-Identifier: GPL-2.0-only */
/* Lost stores: acknowledged by the device, and not in memory (rule C). */
#ifndef LOST_STORE_H
#define LOST_STORE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <json-c/json.h>

#define LOST_STORES_KEPT	16

/**
 * struct lost_store - one of them
 * @at: its address
 * @acknowledged: what the device stored there last
 * @has: what memory holds
 */
struct lost_store {
	uint64_t at;
	uint64_t acknowledged;
	uint64_t has;
};

/**
 * struct lost_stores - those of a run
 * @nr: how many
 * @first: of them
 */
struct lost_stores {
	uint64_t nr;
	struct lost_store first[LOST_STORES_KEPT];
};

void lost_stores_add(struct lost_stores *stores,
		     const struct lost_store *store);
/*
 * One finding that stands for all, as JSON; there must be a lost store. The
 * module suppressed @suppressed stores that would have landed where they do not
 * belong, or might have: these are lost, too.
 */
struct json_object *lost_stores_finding(const struct lost_stores *stores,
					uint32_t pasid, uint64_t seq,
					uint64_t suppressed);

#endif /* LOST_STORE_H */
