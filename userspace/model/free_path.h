/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The way of a page back to its allocator, in a stack: it is the same whoever
 * lets go of the page, and says nothing of who owed a notification. Names: they
 * fold what is shown, and decide nothing.
 */
#ifndef FREE_PATH_H
#define FREE_PATH_H

#include <stddef.h>

#include <json-c/json.h>

/*
 * How many functions of a finding's stack, innermost first, are of that way: 0
 * unless it is of a page that was freed, and where it is all of the stack.
 */
size_t free_path_length(struct json_object *finding);

#endif /* FREE_PATH_H */
