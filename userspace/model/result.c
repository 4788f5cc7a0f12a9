// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "model/result.h"

static const char *string_of(struct json_object *value)
{
	return value ? json_object_get_string(value) : "";
}

const char *get_string(struct json_object *object, const char *key)
{
	return string_of(json_object_object_get(object, key));
}

unsigned long long get_number(struct json_object *object, const char *key)
{
	return json_object_get_uint64(json_object_object_get(object, key));
}

bool get_flag(struct json_object *object, const char *key)
{
	return json_object_get_boolean(json_object_object_get(object, key));
}

struct json_object *get_array(struct json_object *object, const char *key)
{
	struct json_object *array = json_object_object_get(object, key);

	return json_object_is_type(array, json_type_array) ? array : NULL;
}

size_t get_length(struct json_object *object, const char *key)
{
	struct json_object *array = get_array(object, key);

	return array ? json_object_array_length(array) : 0;
}

struct json_object *get_element(struct json_object *object, const char *key,
				size_t i)
{
	return json_object_array_get_idx(get_array(object, key), i);
}

bool is(struct json_object *object, const char *key, const char *value)
{
	return strcmp(get_string(object, key), value) == 0;
}

void set_string(struct json_object *object, const char *key,
		const char *value)
{
	json_object_object_add(object, key, json_object_new_string(value));
}

void set_number(struct json_object *object, const char *key,
		unsigned long long value)
{
	json_object_object_add(object, key, json_object_new_uint64(value));
}
