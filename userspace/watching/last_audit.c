// SPDX-License-Identifier: GPL-2.0-only
#include <errno.h>
#include <time.h>

#include "client/client.h"
#include "model/elapsed.h"
#include "model/result.h"
#include "watching/last_audit.h"

/* For all of them, and for one. Where nothing differs it is over at once. */
#define ALL_S	10
#define ONE_S	2

/* Milliseconds that the next one may take. */
static unsigned int patience(const struct timespec *start)
{
	double left = ALL_S - seconds_since(start);

	return left <= 0 ? 0 : (left < ONE_S ? left : ONE_S) * 1000;
}

/*
 * Each has a connection of its own: when we give up, its end is what ends the
 * audit.
 */
static void audit_one(uint32_t pasid, unsigned int timeout_ms,
		      struct last_audit *last)
{
	struct client *client = client_open();
	struct client_audit audit;
	int err = -ENODEV;

	if (client_connected(client)) {
		client_set_patience(client, timeout_ms);
		err = client_audit(client, pasid, &audit);
	}
	/* Gone meanwhile: it was audited at its exit. */
	if (err != -ENOENT) {
		last->compared += !err;
		last->undecided += !!err;
	}
	client_close(client);
}

struct last_audit audit_last(struct json_object *pasids)
{
	struct last_audit last = { };
	struct timespec start;
	size_t i;

	clock_gettime(CLOCK_MONOTONIC, &start);
	for (i = 0; i < json_object_array_length(pasids); i++) {
		struct json_object *pasid = json_object_array_get_idx(pasids, i);
		unsigned int timeout_ms = patience(&start);

		if (timeout_ms)
			audit_one(get_number(pasid, "id"), timeout_ms, &last);
		else
			last.undecided++;
	}
	return last;
}
