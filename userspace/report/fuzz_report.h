/* SPDX-License-Identifier: GPL-2.0-only */
#ifndef FUZZ_REPORT_H
#define FUZZ_REPORT_H

#include <json-c/json.h>

/* What "devtlb fuzz" has come to, for people. */
void print_hunt(struct json_object *report);

#endif /* FUZZ_REPORT_H */
