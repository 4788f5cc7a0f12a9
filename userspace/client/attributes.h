/* SPDX-License-Identifier: GPL-2.0-only */
/* Netlink attributes as JSON: one table for each kind of object. */
#ifndef ATTRIBUTES_H
#define ATTRIBUTES_H

#include <json-c/json.h>
#include <netlink/attr.h>

/* What an attribute becomes. */
enum attribute_type {
	ATTRIBUTE_U32,
	ATTRIBUTE_U64,
	/* A number that people read in hexadecimal; a string in JSON. */
	ATTRIBUTE_HEX,
	ATTRIBUTE_STRING,
	/* Comes once for each element; an array of strings in JSON. */
	ATTRIBUTE_STRINGS,
	/* An array of 64-bit numbers. */
	ATTRIBUTE_U64S,
	ATTRIBUTE_FLAG,
	/* A number that stands for one of attribute.names; its name in JSON. */
	ATTRIBUTE_ENUM,
	ATTRIBUTE_RIGHTS,
};

/**
 * struct attribute - how one attribute is shown
 * @number: of the attribute
 * @key: its name in JSON: the one in uapi/devtlb.yaml
 * @type: what it becomes
 * @names: of an ATTRIBUTE_ENUM, by value; ends with NULL
 */
struct attribute {
	int number;
	const char *key;
	enum attribute_type type;
	const char * const *names;
};

/* attribute_tables.c: generated. They end with a NULL key. */
extern const struct attribute info_attributes[];
extern const struct attribute pasid_attributes[];
extern const struct attribute watch_attributes[];
extern const struct attribute thread_attributes[];
extern const struct attribute audit_attributes[];
extern const struct attribute prefetch_attributes[];
extern const struct attribute site_attributes[];
extern const struct attribute finding_attributes[];

struct json_object *attributes_to_json(const struct attribute *table,
				       struct nlattr *first, int length);

#endif /* ATTRIBUTES_H */
