/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the tests in guests have in common: rows of TAP, one client, and a device
 * thread that runs a program to its end.
 */
#ifndef DEVTLB_GUEST_H
#define DEVTLB_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "client/client.h"

#define ARRAY_SIZE(a)	(sizeof(a) / sizeof((a)[0]))

/* What report() and those below ask; NULL until a test has set it. */
extern struct client *client;

/* A new connection; ends the test if the module does not answer. */
struct client *connect_or_bail_out(void);

/*
 * A row; one that failed says what follows, and what the module said last of
 * @client.
 */
void report(bool passed, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));
void report_number(bool passed, const char *name, unsigned long long got,
		   unsigned long long want);

uint64_t number(struct json_object *object, const char *key);
const char *string(struct json_object *object, const char *key);

/* A number of a PASID, and of the module: ~0 if it cannot be had. */
uint64_t count_of(uint32_t pasid, const char *key);
uint64_t info_number(const char *key);
/* A number of a watch: 0 if it cannot be had. */
uint64_t watch_number(uint32_t watch, const char *key);

/*
 * Runs a program to its end, each access checked. Returns the device thread's
 * object, or NULL.
 */
struct json_object *run_program(uint32_t pasid,
				const struct devtlb_insn *program,
				unsigned int nr);

#endif /* DEVTLB_GUEST_H */
