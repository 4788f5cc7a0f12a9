/* SPDX-License-Identifier: GPL-2.0-only */
/* Results are JSON objects: how to read and to make them. */
#ifndef RESULT_H
#define RESULT_H

#include <stdbool.h>
#include <stddef.h>

#include <json-c/json.h>

/* What is not there is empty, 0 or false. */
const char *get_string(struct json_object *object, const char *key);
unsigned long long get_number(struct json_object *object, const char *key);
bool get_flag(struct json_object *object, const char *key);
struct json_object *get_array(struct json_object *object, const char *key);
/* Of the array with that key: its length, and an element below it. */
size_t get_length(struct json_object *object, const char *key);
struct json_object *get_element(struct json_object *object, const char *key,
				size_t i);

/* Is that string there? */
bool is(struct json_object *object, const char *key, const char *value);

/* Making them. */
void set_string(struct json_object *object, const char *key,
		const char *value);
void set_number(struct json_object *object, const char *key,
		unsigned long long value);

#endif /* RESULT_H */
