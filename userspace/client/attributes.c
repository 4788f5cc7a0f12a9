// SPDX-License-Identifier: GPL-2.0-only
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "client/attributes.h"
#include "devtlb.h"

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
