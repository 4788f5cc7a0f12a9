// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/attributes.h"
#include "devtlb.h"
#include "model/callback.h"

static const char * const state_names[] = {
	[DEVTLB_THREAD_RUNNING] = "running",
	[DEVTLB_THREAD_FINISHED] = "finished",
	[DEVTLB_THREAD_STOPPED] = "stopped",
	[DEVTLB_THREAD_RELEASED] = "released",
	NULL
};

static const char * const rule_names[] = {
	[0] = "?",
	[DEVTLB_RULE_A] = "A",
	[DEVTLB_RULE_B] = "B",
	[DEVTLB_RULE_C] = "C",
	[DEVTLB_RULE_D] = "D",
	NULL
};

static const char * const breach_names[] = {
	[0] = "?",
	[DEVTLB_BREACH_FREED] = "freed",
	[DEVTLB_BREACH_SWITCHED] = "switched",
	[DEVTLB_BREACH_MISSING] = "missing",
	[DEVTLB_BREACH_OTHER_PAGE] = "other-page",
	[DEVTLB_BREACH_MORE_PERMISSIVE] = "more-permissive",
	[DEVTLB_BREACH_PARTLY_COVERED] = "partly-covered",
	[DEVTLB_BREACH_CLEAN] = "clean",
	[DEVTLB_BREACH_TABLE_FREED] = "table-freed",
	[DEVTLB_BREACH_COPIED] = "copied",
	NULL
};

const struct attribute info_attributes[] = {
	{ DEVTLB_A_INFO_VERSION, "version", ATTRIBUTE_STRING, NULL },
	{ DEVTLB_A_INFO_CALLBACK, "callback", ATTRIBUTE_ENUM, callback_names },
	{ DEVTLB_A_INFO_CONTAIN, "contain", ATTRIBUTE_FLAG, NULL },
	{ DEVTLB_A_INFO_PASIDS, "pasids", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_INFO_THREADS, "threads", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_INFO_TRANSLATIONS, "translations", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_INFO_PROBE, "probe", ATTRIBUTE_STRINGS, NULL },
	{ DEVTLB_A_INFO_PROBE_MISSING, "probe-missing", ATTRIBUTE_STRINGS, NULL },
	{ DEVTLB_A_INFO_PROBE_MISSES, "probe-misses", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_INFO_PROBE_SILENT, "probe-silent", ATTRIBUTE_STRINGS, NULL },
	{ 0, NULL, 0, NULL }
};

const struct attribute pasid_attributes[] = {
	{ DEVTLB_A_PASID_ID, "id", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_PASID_PID, "pid", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_PASID_FRACTURE, "fracture", ATTRIBUTE_FLAG, NULL },
	{ DEVTLB_A_PASID_RELEASED, "released", ATTRIBUTE_FLAG, NULL },
	{ DEVTLB_A_PASID_HELD, "held", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_FILLS, "fills", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_FILL_RETRIES, "fill-retries", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_PAGE_REQUESTS, "page-requests", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_INVALIDATIONS, "invalidations", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_EMPTY_INVALIDATIONS, "empty-invalidations",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_INVALIDATED, "invalidated", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_WITHHELD_INVALIDATIONS, "withheld-invalidations",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_STALE_READS, "stale-reads", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_SUPPRESSED_STORES, "suppressed-stores",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_ZAP_RACES, "zap-races", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_FINDINGS, "findings", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_FINDINGS_LOST, "findings-lost", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_THREADS, "threads", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_PASID_TABLES, "tables", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_LATE_INVALIDATIONS, "late-invalidations",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_PASID_WATCH, "watch", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_PASID_COMM, "comm", ATTRIBUTE_STRING, NULL },
	{ DEVTLB_A_PASID_THREADS_FORGOTTEN, "threads-forgotten", ATTRIBUTE_U64,
	  NULL },
	{ 0, NULL, 0, NULL }
};

const struct attribute watch_attributes[] = {
	{ DEVTLB_A_WATCH_ID, "id", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_WATCH_PROCESSES_MAX, "processes-max", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_WATCH_TRANSLATIONS_MAX, "translations-max",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_SHARE, "share", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_WATCH_WRITE, "write", ATTRIBUTE_FLAG, NULL },
	{ DEVTLB_A_WATCH_FRACTURE, "fracture", ATTRIBUTE_FLAG, NULL },
	{ DEVTLB_A_WATCH_PROCESSES, "processes", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_WATCH_PROCESSES_SEEN, "processes-seen",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_PROCESSES_UNWATCHED, "processes-unwatched",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_PROCESSES_MISSED, "processes-missed",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_PRESENT, "present", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_MIRRORED, "mirrored", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_NOT_MIRRORED, "not-mirrored", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_SWEEPS, "sweeps", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_TIME, "time", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_PREFETCHES, "prefetches", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_AUDITS, "audits", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_HELD, "held", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_FILLS, "fills", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_INVALIDATIONS, "invalidations", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_INVALIDATED, "invalidated", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_WITHHELD_INVALIDATIONS, "withheld-invalidations",
	  ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_ZAP_RACES, "zap-races", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_FINDINGS, "findings", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_FINDINGS_LOST, "findings-lost", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_WATCH_PROCESSES_ALIVE, "processes-alive",
	  ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_WATCH_UNRESOLVED, "unresolved", ATTRIBUTE_U64, NULL },
	{ 0, NULL, 0, NULL }
};

const struct attribute thread_attributes[] = {
	{ DEVTLB_A_THREAD_PASID, "pasid", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_THREAD_ID, "id", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_THREAD_CHECK_EVERY, "check-every", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_THREAD_STATE, "state", ATTRIBUTE_ENUM, state_names },
	{ DEVTLB_A_THREAD_ACCESSES, "accesses", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_THREAD_CHECKED, "checked", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_THREAD_FAULTS, "faults", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_THREAD_LOG, "log", ATTRIBUTE_U64S, NULL },
	{ DEVTLB_A_THREAD_LOG_LOST, "log-lost", ATTRIBUTE_U64, NULL },
	{ 0, NULL, 0, NULL }
};

const struct attribute site_attributes[] = {
	{ DEVTLB_A_SITE_ID, "id", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_SITE_CHAIN, "chain", ATTRIBUTE_STRING, NULL },
	{ DEVTLB_A_SITE_COUNT, "count", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_WITHHELD, "withheld", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_UNDER_LOCK, "under-lock", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_SMALLEST, "smallest", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_LARGEST, "largest", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_SURVIVED, "survived", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_RIGHT, "right", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_STALE, "stale", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_COVERED, "covered", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_LATE, "late", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_AGAIN, "again", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_SITE_COVERED_BY, "covered-by", ATTRIBUTE_STRING, NULL },
	{ 0, NULL, 0, NULL }
};

const struct attribute finding_attributes[] = {
	{ DEVTLB_A_FINDING_PASID, "pasid", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_FINDING_SEQ, "seq", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_FINDING_RULE, "rule", ATTRIBUTE_ENUM, rule_names },
	{ DEVTLB_A_FINDING_BREACH, "breach", ATTRIBUTE_ENUM, breach_names },
	{ DEVTLB_A_FINDING_COUNT, "count", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_FINDING_VA, "va", ATTRIBUTE_HEX, NULL },
	{ DEVTLB_A_FINDING_AT, "at", ATTRIBUTE_HEX, NULL },
	{ DEVTLB_A_FINDING_SIZE, "size", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_FINDING_PFN, "pfn", ATTRIBUTE_HEX, NULL },
	{ DEVTLB_A_FINDING_NEW_PFN, "new-pfn", ATTRIBUTE_HEX, NULL },
	{ DEVTLB_A_FINDING_RIGHTS, "rights", ATTRIBUTE_RIGHTS, NULL },
	{ DEVTLB_A_FINDING_TABLE_RIGHTS, "table-rights", ATTRIBUTE_RIGHTS, NULL },
	{ DEVTLB_A_FINDING_AGE, "age", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_FINDING_FILLER, "filler", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_FINDING_WITHHELD_SITE, "withheld-site", ATTRIBUTE_STRING, NULL },
	{ DEVTLB_A_FINDING_LAST_SITE, "last-site", ATTRIBUTE_STRING, NULL },
	{ DEVTLB_A_FINDING_FLUSH_PENDING, "flush-pending", ATTRIBUTE_FLAG, NULL },
	{ DEVTLB_A_FINDING_STALE_READS, "stale-reads", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_FINDING_STALE_READ_AT, "stale-read-at", ATTRIBUTE_HEX, NULL },
	{ DEVTLB_A_FINDING_STALE_READ_GOT, "stale-read-got", ATTRIBUTE_HEX, NULL },
	{ DEVTLB_A_FINDING_STALE_READ_HAS, "stale-read-has", ATTRIBUTE_HEX, NULL },
	{ DEVTLB_A_FINDING_STALE_READ_BY, "stale-read-by", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_FINDING_PID, "pid", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_FINDING_COMM, "comm", ATTRIBUTE_STRING, NULL },
	{ DEVTLB_A_FINDING_STACK, "stack", ATTRIBUTE_STRINGS, NULL },
	{ DEVTLB_A_FINDING_LOST_STORES, "lost-stores", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_FINDING_LOST, "lost", ATTRIBUTE_U64, NULL },
	{ DEVTLB_A_FINDING_WATCH, "watch", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_FINDING_OWNER_PID, "owner-pid", ATTRIBUTE_U32, NULL },
	{ DEVTLB_A_FINDING_OWNER_COMM, "owner-comm", ATTRIBUTE_STRING, NULL },
	{ DEVTLB_A_FINDING_NO_NEW_PFN, "no-new-pfn", ATTRIBUTE_FLAG, NULL },
	{ 0, NULL, 0, NULL }
};

static struct json_object *hex(uint64_t value)
{
	char text[sizeof("0x") + 16];

	snprintf(text, sizeof(text), "0x%" PRIx64, value);
	return json_object_new_string(text);
}

static struct json_object *rights(uint32_t bits)
{
	char text[] = "--";

	if (bits & DEVTLB_RIGHT_READ)
		text[0] = 'r';
	if (bits & DEVTLB_RIGHT_WRITE)
		text[1] = 'w';
	return json_object_new_string(text);
}

static struct json_object *name_of(const char * const *names, uint32_t value)
{
	uint32_t i;

	for (i = 0; names[i]; i++) {
		if (i == value)
			return json_object_new_string(names[i]);
	}
	/* A newer module may know more. */
	return json_object_new_int64(value);
}

static struct json_object *u64_array(struct nlattr *attr)
{
	struct json_object *array = json_object_new_array();
	int i;

	for (i = 0; i < nla_len(attr) / 8; i++) {
		uint64_t value;

		memcpy(&value, (const char *)nla_data(attr) + 8 * i, 8);
		json_object_array_add(array, json_object_new_uint64(value));
	}
	return array;
}

static void add_string(struct json_object *object, const char *key,
		       const char *string)
{
	struct json_object *array;

	if (!json_object_object_get_ex(object, key, &array)) {
		array = json_object_new_array();
		json_object_object_add(object, key, array);
	}
	json_object_array_add(array, json_object_new_string(string));
}

static void add_attribute(struct json_object *object,
			  const struct attribute *attribute,
			  struct nlattr *attr)
{
	struct json_object *value = NULL;

	switch (attribute->type) {
	case ATTRIBUTE_U32:
		value = json_object_new_int64(nla_get_u32(attr));
		break;
	case ATTRIBUTE_U64:
		value = json_object_new_uint64(nla_get_u64(attr));
		break;
	case ATTRIBUTE_HEX:
		value = hex(nla_get_u64(attr));
		break;
	case ATTRIBUTE_STRING:
		value = json_object_new_string(nla_get_string(attr));
		break;
	case ATTRIBUTE_STRINGS:
		add_string(object, attribute->key, nla_get_string(attr));
		return;
	case ATTRIBUTE_U64S:
		value = u64_array(attr);
		break;
	case ATTRIBUTE_FLAG:
		value = json_object_new_boolean(1);
		break;
	case ATTRIBUTE_ENUM:
		value = name_of(attribute->names, nla_get_u32(attr));
		break;
	case ATTRIBUTE_RIGHTS:
		value = rights(nla_get_u32(attr));
		break;
	}
	json_object_object_add(object, attribute->key, value);
}

/**
 * attributes_to_json() - turn the attributes of a message into an object
 * @table: what to expect; others are passed over
 * @first: the first attribute
 * @length: bytes of all
 *
 * Return: the object, with every flag of the table that is not there as false.
 */
struct json_object *attributes_to_json(const struct attribute *table,
				       struct nlattr *first, int length)
{
	struct json_object *object = json_object_new_object();
	const struct attribute *attribute;
	struct nlattr *attr;
	int rest;

	for (attribute = table; attribute->key; attribute++) {
		if (attribute->type == ATTRIBUTE_FLAG)
			json_object_object_add(object, attribute->key,
					       json_object_new_boolean(0));
	}
	nla_for_each_attr(attr, first, length, rest) {
		for (attribute = table; attribute->key; attribute++) {
			if (attribute->number == nla_type(attr))
				add_attribute(object, attribute, attr);
		}
	}
	return object;
}
